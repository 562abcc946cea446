"""Two workers or more, each with its own copy of the tree, that run the tests against mutants."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.mutants.mutators import AT_IMPORT, Mutant
from tests.mutants.rooms import by_tests, copy_tree, named
from tests.mutants.verdict import DEAD, NOT_RUN, SURVIVED


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

    def advance_to(self, done: int) -> None:
        """So many are done now."""
        if not self.done:
            self.started = monotonic()  # the first had to wait for the workers to warm up
        self.done = done
        self.bar.update(self.task, completed=done)
        if not self.bar.console.is_terminal and monotonic() - self.spoken > 15:
            self.line()

    def line(self) -> None:
        """One line about how far it is, and how fast it goes."""
        self.spoken = monotonic()
        rate = self.done / max(self.spoken - self.started, 0.001)
        print(f"  {self.title}: {self.done:,} of {self.total:,} ({rate:.1f}/s)", flush=True)


def run_all(
    room: str, mutants: Sequence[Mutant], title: str, believed: Container[str] = ()
) -> list[tuple[Mutant, str]]:
    """The outcome of each mutant of one room. Raises TestsFail when the tests are not clean."""
    found = []
    for tests, files in by_tests(dict.fromkeys(mutant.file for mutant in mutants)).items():
        group = [mutant for mutant in mutants if mutant.file in files]
        found += _run(room, tests, group, f"{title}, {named(files)}", believed)
    return found


def _run(
    room: str, tests: Sequence[str], mutants: Sequence[Mutant], title: str, believed: Container[str]
) -> list[tuple[Mutant, str]]:
    """The outcome of each mutant, in order, before these tests.

    They are heard first by a process that has imported everything, which is quick; those that live, but for
    the `believed`, are heard again in one that imports the changed file. Mutants of statements that only run
    at import are heard there alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "0"
        copy_tree(first)
        copies = [Path(folder) / str(number) for number in range(min(os.cpu_count() or 2, len(mutants)))]
        for copy in copies[1:]:
            shutil.copytree(first, copy)
        outcomes = [SURVIVED] * len(mutants)
        early = [index for index, mutant in enumerate(mutants) if mutant.where != AT_IMPORT]
        if early:
            quick = _hear(
                copies, [mutants[i] for i in early], title, lambda copy: _start(copy, "quick", *tests), ""
            )
            for index, outcome in zip(early, quick, strict=True):
                outcomes[index] = outcome
        doubtful = [
            index
            for index, mutant in enumerate(mutants)
            if outcomes[index] not in DEAD and mutant.key not in believed
        ]
        if doubtful:
            said = _start(first, "worker", "plan", room, *tests).communicate()[0]
            plan = json.loads(said or '{"groups": [], "said": "the tests could not be started"}')
            if not plan["groups"]:
                raise TestsFail(plan["said"])
            again = _hear(
                copies,
                [mutants[index] for index in doubtful],
                f"{title}, once more",
                lambda copy: _start(copy, "worker", "serve", room),
                json.dumps(plan) + "\n",
            )
            for index, outcome in zip(doubtful, again, strict=True):
                outcomes[index] = outcome
    return list(zip(mutants, outcomes, strict=True))


def _hear(
    copies: Sequence[Path],
    mutants: Sequence[Mutant],
    title: str,
    start: Callable[[Path], "subprocess.Popen[str]"],
    preface: str,
) -> list[str]:
    """The outcomes of mutants before workers, one in each copy of the tree."""
    waiting: SimpleQueue[tuple[int, Mutant]] = SimpleQueue()
    for item in enumerate(mutants):
        waiting.put(item)
    outcomes = [NOT_RUN] * len(mutants)
    problems: list[str] = []
    with progress(title, len(mutants)) as meter:
        threads = [
            Thread(target=_serve, args=(start(copy), preface, waiting, outcomes, meter, problems))
            for copy in copies
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if problems:
        raise TestsFail(problems[0])
    return outcomes


def _start(copy: Path, kind: str, *arguments: str) -> subprocess.Popen[str]:
    """A worker in its copy of the tree."""
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.mutants.{kind}", *arguments],
        cwd=copy,
        env={**os.environ, "MUTANT_UNDER_TEST": "own", "PYTHONHASHSEED": "0", "PYTHONPATH": str(copy)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _serve(
    worker: "subprocess.Popen[str]",
    preface: str,
    waiting: "SimpleQueue[tuple[int, Mutant]]",
    outcomes: list[str],
    meter: Meter,
    problems: list[str],
) -> None:
    """Feed one worker until no mutant is waiting. A worker that dies leaves its mutant as not run.

    One that has no preface to be told says first how the tests took it that nothing was changed.
    """
    with worker:
        assert worker.stdin
        assert worker.stdout
        if preface:
            worker.stdin.write(preface)
        else:
            clean = json.loads(
                worker.stdout.readline() or '{"seconds": {}, "said": "pytest could not start"}'
            )
            if clean["said"] or not clean["seconds"]:
                problems.append(f"without a mutant: {clean['said'] or 'no tests'}")
        while not problems:
            try:
                index, mutant = waiting.get_nowait()
            except Empty:
                break
            worker.stdin.write(json.dumps({"file": mutant.file, "source": mutant.source}) + "\n")
            worker.stdin.flush()
            answer = worker.stdout.readline()
            if not answer:
                break
            outcomes[index] = json.loads(answer)["outcome"]
            meter.advance_to(len(outcomes) - outcomes.count(NOT_RUN))
        worker.stdin.close()
