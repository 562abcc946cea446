"""Two workers or more, each with its own copy of the tree, that run the tests against mutants."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.mutants.mutators import Mutant
from tests.mutants.rooms import copy_tree, selection
from tests.mutants.verdict import NOT_RUN

LIMIT = 10.0
"""Seconds of the processor that a mutant gets; four times what the tests take when that is more."""


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


def run_all(room: str, mutants: Sequence[Mutant], title: str, workers: int = 0) -> list[tuple[Mutant, str]]:
    """The outcome of each mutant of one room, in order. Raises TestsFail when the tests are not clean."""
    if not mutants:
        return []
    waiting: SimpleQueue[tuple[int, Mutant]] = SimpleQueue()
    for item in enumerate(mutants):
        waiting.put(item)
    outcomes = [NOT_RUN] * len(mutants)
    problems: list[str] = []
    lock = Lock()

    with tempfile.TemporaryDirectory() as folder, progress(title, len(mutants)) as meter:

        def serve(copy: Path) -> None:
            copy_tree(copy)
            with subprocess.Popen(
                [sys.executable, "-m", "tests.mutants.worker", room, str(LIMIT), *selection(room)],
                cwd=copy,
                env={
                    **os.environ,
                    "MUTANT_UNDER_TEST": "own",
                    "PYTHONHASHSEED": "0",
                    "PYTHONPATH": str(copy),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            ) as worker:
                assert worker.stdin
                assert worker.stdout
                ready = json.loads(worker.stdout.readline() or '{"good": false, "tail": "the worker died"}')
                if not ready["good"]:
                    problems.append(ready["tail"] or "no tests")
                    return
                while True:
                    try:
                        index, mutant = waiting.get_nowait()
                    except Empty:
                        break
                    worker.stdin.write(json.dumps({"file": mutant.file, "source": mutant.source}) + "\n")
                    worker.stdin.flush()
                    answer = worker.stdout.readline()
                    if not answer:
                        problems.append(f"the worker died on {mutant.file}: {mutant.where}: {mutant.what}")
                        return
                    with lock:
                        outcomes[index] = json.loads(answer)["outcome"]
                        meter.advance_to(meter.done + 1)

        threads = [
            Thread(target=serve, args=(Path(folder) / f"copy{number}",))
            for number in range(workers or min(os.cpu_count() or 2, len(mutants)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if problems and all(outcome == NOT_RUN for outcome in outcomes):
        raise TestsFail(problems[0])
    return list(zip(mutants, outcomes, strict=True))
