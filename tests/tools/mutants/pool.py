"""Two workers or more, each with its own copy of the tree, that run the tests against mutants."""

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.targets import copy_tree, selection
from tests.tools.mutants.verdict import DEAD, NOT_RUN


class TestsFail(Exception):
    """The tests fail, or are not there, before anything was mutated."""


@contextmanager
def progress(title: str, total: int) -> Iterator["Meter"]:
    """A bar on a terminal, a line now and then elsewhere."""
    meter = Meter(title, total)
    with meter.bar:
        yield meter
    if not meter.bar.console.is_terminal:
        meter.line()


class Meter:
    """Shows how many mutants are done."""

    def __init__(self, title: str, total: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(width=80)
        self.bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self.task = self.bar.add_task(title, total=total)
        self.title, self.total, self.done = title, total, 0
        self.started = self.spoken = monotonic()
        self.lock = Lock()

    def advance(self) -> None:
        """One more is done."""
        with self.lock:
            if not self.done:
                self.started = monotonic()  # the first had to wait for the workers to warm up
            self.done += 1
            self.bar.update(self.task, completed=self.done)
            if not self.bar.console.is_terminal and monotonic() - self.spoken > 15:
                self.line()

    def line(self) -> None:
        """One line about how far it is, and how fast it goes."""
        self.spoken = monotonic()
        rate = self.done / max(self.spoken - self.started, 0.001)
        print(f"  {self.title}: {self.done:,} of {self.total:,} ({rate:.1f}/s)", flush=True)


def run_all(
    package: str, mutants: Sequence[Mutant], believed: Container[str] = ()
) -> list[tuple[Mutant, str]]:
    """The outcome of each mutant of one package, in order. Raises TestsFail when the tests are not clean.

    They are heard first by a process that has imported everything, which is quick; those that live, but for
    the `believed`, are heard again in one that imports the changed file.
    """
    tests = sorted({test for mutant in mutants for test in selection(mutant.file)})
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "0"
        copy_tree(first)
        compileall.compile_dir(first, quiet=2)
        copies = [Path(folder) / str(number) for number in range(min(os.cpu_count() or 2, len(mutants)))]
        for copy in copies[1:]:
            shutil.copytree(first, copy)
        hosts = [Servant(copy, "host", package, *tests) for copy in copies]
        clean = [host.read() for host in hosts]
        for said in clean:
            if not said.get("seconds") or said.get("by"):
                for host in hosts:
                    host.stop()
                raise TestsFail(said.get("by") or said.get("said") or "there are no tests")
        outcomes = _hear(hosts, mutants, f"mutants of {package}", believed)
        doubtful = [
            index
            for index, mutant in enumerate(mutants)
            if outcomes[index] not in DEAD and mutant.key not in believed
        ]
        if doubtful:
            known = {name: clean[0][name] for name in ("seconds", "modules")}
            workers = [Servant(copy, "worker", package, preface=known) for copy in copies]
            again = _hear(
                workers, [mutants[index] for index in doubtful], f"mutants of {package}, imported anew"
            )
            for index, outcome in zip(doubtful, again, strict=True):
                outcomes[index] = outcome
    return list(zip(mutants, outcomes, strict=True))


class Servant:
    """A process in a copy of the tree that answers lines of JSON."""

    def __init__(self, copy: Path, kind: str, *arguments: str, preface: object = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.tools.mutants.{kind}", *arguments],
            cwd=copy,
            env={**os.environ, "MUTANT_UNDER_TEST": "own", "PYTHONHASHSEED": "0", "PYTHONPATH": str(copy)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if preface is not None:
            self.write(preface)

    def stop(self) -> None:
        """End it, before its copy of the tree is gone."""
        self.process.kill()
        self.process.communicate()

    def write(self, order: object) -> None:
        """Give it one line."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """Its next answer; nothing when it has died."""
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline() or "{}")
        return answer


def _hear(
    servants: Sequence[Servant], mutants: Sequence[Mutant], title: str, believed: Container[str] = ()
) -> list[str]:
    """The outcomes of mutants before processes that share them; when one dies, its mutant is not run."""
    waiting: SimpleQueue[tuple[int, Mutant]] = SimpleQueue()
    for item in enumerate(mutants):
        waiting.put(item)
    outcomes = [NOT_RUN] * len(mutants)
    with progress(title, len(mutants)) as meter:

        def serve(servant: Servant) -> None:
            with servant.process, suppress(Empty, BrokenPipeError):
                while True:
                    index, mutant = waiting.get_nowait()
                    names = ("file", "where", "source", "statement")
                    order = {name: getattr(mutant, name) for name in names}
                    servant.write({**order, "last": mutant.key in believed})
                    answer = servant.read()
                    if not answer:
                        break
                    outcomes[index] = answer["outcome"]
                    meter.advance()

        threads = [Thread(target=serve, args=(servant,)) for servant in servants]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return outcomes
