"""Hypothesis profiles, and the counts that `make verify` reports."""

import gc
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile("dev", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=25)  # for every save: `make test`
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=5_000, print_blob=True)
# Every mutant pays for every example: few, the same ones each time, and none spent on shrinking.
settings.register_profile(
    "mutation",
    deadline=None,
    max_examples=25,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=tuple(HealthCheck),
    report_multiple_bugs=False,
)

_default = "ci" if os.environ.get("CI") else "dev"
_mutating = "MUTANT_UNDER_TEST" in os.environ
if _mutating:  # to offer a patch for a failing example takes Hypothesis longer than the test
    sys.modules["hypothesis.extra._patching"] = None  # type: ignore[assignment]  # so that it is not found
settings.load_profile("mutation" if _mutating else os.environ.get("HYPOTHESIS_PROFILE", _default))

_examples: Counter[str] = Counter()


def pytest_collection_finish() -> None:
    """Thousands of tests are no garbage: to look through them again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Add up the examples that Hypothesis ran for this test."""
    for number in re.findall(r"(\d+) passing", getattr(item, "hypothesis_statistics", "")):
        _examples["examples"] += int(number)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands its count to the process that it works for."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["examples"] = _examples["examples"]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what the workers counted."""
    _examples["examples"] += getattr(node, "workeroutput", {}).get("examples", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave the counts of this run for tests/tools/verify.py, which names the file in VERIFY_FACTS."""
    target = os.environ.get("VERIFY_FACTS")
    if target:
        ran = {kind: len(terminalreporter.stats.get(kind, ())) for kind in ("passed", "skipped", "xfailed")}
        failed = sum(len(terminalreporter.stats.get(kind, ())) for kind in ("failed", "error"))
        facts = {"tests": ran.pop("passed"), "failed": failed, **ran, "examples": _examples["examples"]}
        Path(target).write_text(json.dumps({name: number for name, number in facts.items() if number}))
