"""Run the tests against one mutant after another, each in a fresh fork of a process that is already warm.

A worker lives in its own copy of the tree. It reads one JSON line for each mutant, `{"file", "source"}`, and
answers with one, `{"outcome", "by"}`. Started with: a room, the time limit of a mutant in seconds of
the processor, and the folders of tests.
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
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.rooms import MARKERS, ROOT, SETTLED
from tests.mutants.verdict import KILLED, NO_TESTS, SURVIVED, TIMEOUT

MEMORY = 4 * 1024**3
"""Bytes that a mutant may use: one that doubles a list for ever must not take the machine with it."""

OPTIONS = (
    "-x",
    "-q",
    "--tb=line",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)


class Watcher:
    """Notes which test failed first, and which modules were loaded."""

    def __init__(self) -> None:
        self.failed = ""
        self.ran = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or a fixture of it has failed."""
        self.ran += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of tests could not be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid


def child(tests: list[str], pipe: int, log: Path) -> None:
    """Run these tests, and report through the pipe. Never returns."""
    with open(log, "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    watcher = Watcher()
    code = int(pytest.main([*OPTIONS, "-m", MARKERS, *tests], plugins=[watcher]))
    modules = [name for name, module in sys.modules.items() if getattr(module, "__spec__", None)]
    answer = {"code": code, "failed": watcher.failed, "ran": watcher.ran, "modules": modules}
    with os.fdopen(pipe, "w") as stream:
        json.dump(answer, stream)
    os._exit(0)


def run(tests: list[str], limit: float, log: Path) -> dict[str, Any]:
    """The answer of a forked child: without a `code` when it crashed, with "timeout" when it did not end.

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
            child(tests, send, log)
        finally:
            os._exit(1)
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
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.freeze()


def outcome(answer: dict[str, Any]) -> str:
    """What a run of tests says about a mutant: a crash is a death as well."""
    if answer.get("code") == "timeout":
        return TIMEOUT
    if answer.get("code") == 5:
        return NO_TESTS
    return SURVIVED if answer.get("code") == 0 else KILLED


def main(room: str, limit: float, folders: list[str]) -> None:
    """Warm up, then serve mutants until the input ends. The first answer is about the tests themselves."""
    log = Path(f"worker-{os.getpid()}.log").resolve()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(**answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    clean = run(folders, limit * 20, log)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = spent.ru_utime + spent.ru_stime
    good = clean.get("code") == 0 and clean["ran"] > 0
    reply(good=good, seconds=seconds, ran=clean.get("ran", 0), tail="" if good else tail(log))
    if not good:
        return
    settle(clean["modules"], room)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # The clean run has compiled everything; a compiled copy of a file that changes would be mistaken for it.
    recent: list[str] = []
    for line in sys.stdin:
        order = json.loads(line)
        path = ROOT / order["file"]
        original = path.read_bytes()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
        path.write_text(order["source"])
        allowed = max(limit, 4 * seconds)
        try:
            # The files that killed the last mutants are asked first, and alone: they often kill the next.
            answer = run(recent[:2], allowed, log) if recent else {"code": 0}
            if answer.get("code") == 0:
                answer = run(folders, allowed, log)
        finally:
            path.write_bytes(original)
        failed = str(answer.get("failed", "")).partition("::")[0]
        if failed.endswith(".py"):
            recent = [failed, *(name for name in recent if name != failed)]
        reply(outcome=outcome(answer), by=answer.get("failed", ""))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3:])
