"""The second hearing: the tests against one mutant after another, each in a fork that imports it anew.

A worker lives in its own copy of the tree. `python -m tests.tools.mutants.worker PACKAGE` reads what is known
of the tests as its first line, `{"seconds", "modules"}`, then one line for each mutant, `{"file", "source"}`,
which it answers with `{"outcome", "by"}`.
"""

import contextlib
import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.tools.mutants.hot_patch import name_of
from tests.tools.mutants.targets import MARKERS, SETTLED, selection
from tests.tools.mutants.verdict import KILLED, NO_TESTS, SURVIVED, TIMEOUT

MEMORY = 4 * 1024**3
"""Bytes that a mutant may use: one that doubles a list for ever must not take the machine with it."""

OPTIONS = (
    *("-x", "-q", "--tb=line", "--assert=plain", "-p", "no:cacheprovider", "-m", MARKERS),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

QUICK = 0.4
"""A file of tests that takes no more seconds is asked before the slow ones."""

NEAR = 0.1
"""A test that takes no more seconds is asked first about mutants near one that it has killed."""

PATIENCE = 1.0
"""Seconds of the processor that a mutant gets, beside four times what its tests take."""

WAITING = 6
"""So many times longer it gets on the clock: on a busy machine no mutant must die of its neighbours."""

CLEAN = 1000.0
"""Seconds of the processor that the tests may take without a mutant."""


class Watcher:
    """Notes which test failed first."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or a fixture of it has failed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of tests could not be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid


def child(tests: Sequence[str], log: Path, modules: Sequence[str]) -> dict[str, Any]:
    """Run these tests, which import these modules, in a session of their own."""
    with open(log, "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    for module in modules:
        try:
            importlib.import_module(module)  # a mutant that cannot be imported is dead before pytest starts
        except Exception:
            return {"code": 1, "failed": f"import of {module}"}
    watcher = Watcher()
    code = int(pytest.main([*OPTIONS, *tests], plugins=[watcher]))
    return {"code": code, "failed": watcher.failed}


def run(tests: Sequence[str], limit: float, log: Path, modules: Sequence[str]) -> dict[str, Any]:
    """The answer of a forked child that runs these tests."""
    return in_a_fork(lambda: child(tests, log, modules), limit)


def in_a_fork(work: Callable[[], dict[str, Any]], limit: float) -> dict[str, Any]:
    """What the work returns in a child: nothing when it crashes, `{"code": "timeout"}` when it does not end.

    `limit` is in seconds of the processor; one that only waits gets longer on the clock.
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
    signal.setitimer(signal.ITIMER_REAL, WAITING * limit)
    with os.fdopen(receive) as stream:
        text = stream.read()
    _, status = os.waitpid(pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what the tests of a dead mutant have left running
    exhausted = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (
        *(signal.SIGXCPU, signal.SIGPROF, signal.SIGALRM, signal.SIGKILL),
    )
    return {"code": "timeout"} if timed_out or exhausted else json.loads(text or "{}")


def settle(modules: list[str], package: str) -> None:
    """Import, once for all mutants, what the tests import and no mutant of this package can change."""
    settled = SETTLED[package]
    for name in modules:
        top = name.partition(".")[0]
        ours = top in ("spec", "model", "impl", "tests")
        if (not ours or (top in settled and not name.endswith("__main__"))) and top != "__main__":
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the tests themselves have seen them
                importlib.import_module(name)
    gc.freeze()


def among(seconds: Mapping[str, float], tests: Sequence[str]) -> dict[str, float]:
    """How long those tests take that are in these files and folders."""
    starts = tuple(f"{test}{end}" for test in tests for end in ("/", "::"))
    return {test: took for test, took in seconds.items() if test.startswith(starts)}


def groups_of(seconds: Mapping[str, float]) -> list[list[str]]:
    """The files of these tests in two groups, the quick ones first."""
    spent: Counter[str] = Counter()
    for test, took in seconds.items():
        spent[test.partition("::")[0]] += math.ceil(took * 1000)
    files = sorted(spent, key=lambda file: (spent[file], file))
    slow = [file for file in files if spent[file] > 1000 * QUICK]
    return [group for group in ([file for file in files if file not in slow], slow) if group]


def outcome(answer: dict[str, Any]) -> str:
    """What a run of tests says about a mutant: a crash is a death as well."""
    if answer.get("code") == "timeout":
        return TIMEOUT
    if answer.get("code") == 5:
        return NO_TESTS
    return SURVIVED if answer.get("code") == 0 else KILLED


def serve(package: str, orders: Iterator[str]) -> Iterator[dict[str, str]]:
    """Try the mutants that are ordered, one after the other."""
    log = Path(f"worker-{os.getpid()}.log").resolve()
    known = json.loads(next(orders))
    settle(known["modules"], package)
    # The clean run has compiled everything; a compiled copy of a file that changes would be mistaken for it.
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    killers: dict[tuple[str, ...], list[str]] = {}
    for line in orders:
        order = json.loads(line)
        path = ROOT / order["file"]
        tests = selection(order["file"])
        seconds = among(known["seconds"], tests)
        first = killers.setdefault(tests, [])
        limit = PATIENCE + 4 * sum(seconds.values())
        imported = [name for name in known["modules"] if name == name_of(order["file"])]
        original = path.read_bytes()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
        path.write_text(order["source"])
        try:
            # The tests that killed the last mutants are asked first: they often kill the next. (A usage error
            # means that one of them is not there for this mutant, which only changed how it is named.)
            answer = run(first[:8], limit, log, imported) if first else {"code": 0}
            for group in groups_of(seconds):
                if answer.get("code") in (0, pytest.ExitCode.USAGE_ERROR):
                    answer = run(group, limit, log, imported)
        finally:
            path.write_bytes(original)
        failed = str(answer.get("failed", ""))
        if seconds.get(failed, NEAR) < NEAR:
            killers[tests] = [failed, *(name for name in first if name != failed)]
        yield {"outcome": outcome(answer), "by": failed}


def main(package: str) -> None:
    """Serve until the input ends. Answers go to the standard output, one line each."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for answer in serve(package, iter(sys.stdin.readline, "")):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
