"""Run the tests against one mutant after another, each in a fresh fork of a process that is already warm.

A worker lives in its own copy of the tree. `python -m tests.mutants.worker plan ROOM FOLDER…` runs the tests
as they are, and prints which files of tests to run, in which order. `… serve ROOM` reads that plan as its
first line, then one line for each mutant, `{"file", "source"}`, which it answers with `{"outcome", "by"}`.
"""

import contextlib
import gc
import importlib
import json
import math
import os
import re
import resource
import signal
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.mutants.rooms import MARKERS, ROOT, SETTLED
from tests.mutants.verdict import KILLED, NO_TESTS, SURVIVED, TIMEOUT

MEMORY = 4 * 1024**3
"""Bytes that a mutant may use: one that doubles a list for ever must not take the machine with it."""

OPTIONS = (
    *("-x", "-q", "--tb=line", "--assert=plain", "-p", "no:cacheprovider", "-m", MARKERS),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

QUICK = 0.4
"""A file of tests that takes no more seconds is asked before the slow ones."""

PATIENCE = 50_000
"""Calls and returns of a test to look at for one into the room: looking at all of them takes minutes."""

LIMIT = 10.0
"""Seconds of the processor that a mutant gets; four times what the tests take when that is more."""


class Watcher:
    """Notes which test failed first, how long each took, and which ones called into the room."""

    def __init__(self, room: str = "") -> None:
        self.inside = str(ROOT / room) + os.sep if room else ""
        self.came_in = False
        self.failed = ""
        self.patience = 0
        self.seconds: dict[str, float] = {}
        self.touched: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or a fixture of it has failed."""
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of tests could not be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """See whether a test calls something in the room, in its own thread or another."""
        if self.inside:
            self.came_in = False
            self.patience = PATIENCE
            threading.setprofile(self._look)
            sys.setprofile(self._look)
        try:
            yield
        finally:
            if self.inside:
                sys.setprofile(None)
                threading.setprofile(None)
                if self.came_in:
                    self.touched.add(item.nodeid)

    def _look(self, frame: FrameType, event: str, argument: object) -> None:
        self.patience -= 1
        if frame.f_code.co_filename.startswith(self.inside):
            self.came_in = True
        if self.came_in or not self.patience:
            sys.setprofile(None)
            threading.setprofile(None)


def child(tests: Sequence[str], log: Path, room: str) -> dict[str, Any]:
    """Run these tests in a session of their own."""
    with open(log, "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    watcher = Watcher(room)
    code = int(pytest.main([*OPTIONS, *tests], plugins=[watcher]))
    answer: dict[str, Any] = {"code": code, "failed": watcher.failed}
    if room:
        answer["seconds"] = watcher.seconds
        answer["touched"] = sorted(watcher.touched)
        answer["modules"] = [
            name for name, module in sys.modules.items() if getattr(module, "__spec__", None)
        ]
    return answer


def run(tests: Sequence[str], limit: float, log: Path, room: str = "") -> dict[str, Any]:
    """The answer of a forked child that runs these tests. With a room, it says all about them."""
    return in_a_fork(lambda: child(tests, log, room), limit)


def in_a_fork(work: Callable[[], dict[str, Any]], limit: float) -> dict[str, Any]:
    """What the work returns in a child: nothing when it crashes, `{"code": "timeout"}` when it does not end.

    `limit` is in seconds of the processor: on a busy machine no mutant must die of its neighbours. One that
    only waits gets six times as long on the clock.
    """
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receive)
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), math.ceil(limit) + 1))
        try:
            answer = work()
            with os.fdopen(send, "w") as stream:
                json.dump(answer, stream)
        finally:
            os._exit(0)
    os.close(send)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    timed_out = []

    def stop(signum: int, frame: object) -> None:
        timed_out.append(True)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 6 * limit)
    with os.fdopen(receive) as stream:
        text = stream.read()
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what the tests of a dead mutant have left running
    exhausted = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    return {"code": "timeout"} if timed_out or exhausted else json.loads(text or "{}")


def tail(log: Path) -> str:
    """The end of what a run of tests printed."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:]) if log.exists() else ""


def settle(modules: list[str], room: str) -> None:
    """Import, once for all mutants, what the tests import and no mutant of this room can change."""
    settled = SETTLED[room]
    for name in modules:
        top = name.partition(".")[0]
        ours = top in ("spec", "model", "impl", "tests")
        if (not ours or (top in settled and not name.endswith("__main__"))) and top != "__main__":
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the tests themselves have seen them
                importlib.import_module(name)
    gc.freeze()


def groups_of(seconds: dict[str, float], touched: Sequence[str], room: str) -> list[list[str]]:
    """The files of tests in two groups, the quick ones first; without those that never come into the room."""
    spent: Counter[str] = Counter()
    for test, took in seconds.items():
        spent[test.partition("::")[0]] += math.ceil(took * 1000)
    mentions = re.compile(rf"^\s*(from|import) {room}\b", re.MULTILINE)
    near = {test.partition("::")[0] for test in touched}
    near |= {file for file in spent if mentions.search((ROOT / file).read_text())}
    files = sorted(near, key=lambda file: (spent[file], file))
    slow = [file for file in files if spent[file] > 1000 * QUICK]
    return [group for group in ([file for file in files if file not in slow], slow) if group]


def plan(room: str, folders: Sequence[str]) -> dict[str, Any]:
    """What a server must know about the tests; without groups when they fail, with what they said."""
    log = Path("plan.log").resolve()
    clean = run(folders, 100 * LIMIT, log, room)
    if clean.get("code") != 0:
        return {"groups": [], "said": tail(log)}
    quick = [test for test, took in clean["seconds"].items() if took < QUICK]
    groups = groups_of(clean["seconds"], clean["touched"], room)
    limit = max(LIMIT, 4 * sum(clean["seconds"].values()))
    return {"groups": groups, "quick": quick, "limit": limit, "modules": clean["modules"], "said": "no tests"}


def outcome(answer: dict[str, Any]) -> str:
    """What a run of tests says about a mutant: a crash is a death as well."""
    if answer.get("code") == "timeout":
        return TIMEOUT
    if answer.get("code") == 5:
        return NO_TESTS
    return SURVIVED if answer.get("code") == 0 else KILLED


def serve(room: str, orders: Iterator[str]) -> Iterator[dict[str, str]]:
    """Try the mutants that are ordered, one after the other."""
    log = Path(f"worker-{os.getpid()}.log").resolve()
    known = json.loads(next(orders))
    quick = set(known["quick"])
    settle(known["modules"], room)
    # The clean run has compiled everything; a compiled copy of a file that changes would be mistaken for it.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    killers: list[str] = []
    for line in orders:
        order = json.loads(line)
        path = ROOT / order["file"]
        original = path.read_bytes()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
        path.write_text(order["source"])
        try:
            # The tests that killed the last mutants are asked first: they often kill the next. (A usage error
            # means that one of them is not there for this mutant, which only changed how it is named.)
            answer = run(killers[:8], known["limit"], log) if killers else {"code": 0}
            for group in known["groups"]:
                if answer.get("code") in (0, pytest.ExitCode.USAGE_ERROR):
                    answer = run(group, known["limit"], log)
        finally:
            path.write_bytes(original)
        failed = str(answer.get("failed", ""))
        if failed in quick:
            killers = [failed, *(name for name in killers if name != failed)]
        yield {"outcome": outcome(answer), "by": failed}


def main(task: str, room: str, folders: Sequence[str]) -> None:
    """Plan, or serve until the input ends. Answers go to the standard output, one line each."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for answer in [plan(room, folders)] if task == "plan" else serve(room, iter(sys.stdin.readline, "")):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
