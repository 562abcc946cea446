"""The first hearing of mutants: tests are collected once, and each mutant is grafted into a fork.

`python -m tests.mutants.quick TEST…`, in a copy of the tree. Its first line says how the tests took it
that nothing was changed, `{"seconds", "said"}`; then each line of its input, `{"file", "source"}`, is
answered with `{"outcome", "by"}`. A mutant that lives here may yet die in a process that imports it anew.
"""

import gc
import json
import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, TextIO

import pytest

from tests.mutants.graft import graft, module_of
from tests.mutants.rooms import ROOT
from tests.mutants.verdict import SURVIVED
from tests.mutants.worker import LIMIT, OPTIONS, in_a_fork, outcome

REMEMBERED = 12
"""How many of the tests that killed the last mutants are asked first."""


class Host:
    """A pytest plugin that runs the collected tests again and again, each time in a fork of its own."""

    def __init__(self, orders: Iterator[str], answers: TextIO) -> None:
        self.orders = orders
        self.answers = answers
        self.failed = ""
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or a fixture of it has failed."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the tests as they are, then with each mutant that is ordered."""
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        clean = in_a_fork(partial(self.ask, session.items, None), 100 * LIMIT)
        self.answer(
            {"seconds": clean.get("seconds", {}), "said": str(clean.get("by", "")) or clean.get("said", "")}
        )
        seconds: dict[str, float] = clean.get("seconds", {})
        limit = max(LIMIT, 4 * sum(seconds.values()))
        by_speed = sorted(items, key=lambda name: (round(seconds.get(name, 0.0), 3), name))
        killers: list[str] = []
        harmless: dict[str, bool] = {}
        for line in self.orders:
            order = json.loads(line)
            file = order["file"]
            if file not in harmless:
                unchanged = {"file": file, "source": (ROOT / file).read_text()}
                harmless[file] = (
                    in_a_fork(partial(self.ask, session.items, unchanged), limit).get("code") == 0
                )
            if not harmless[file]:  # the tests would fail for the graft, not for what it changes
                self.answer({"outcome": SURVIVED, "by": ""})
                continue
            first = [*killers[:REMEMBERED], *(name for name in by_speed if name not in killers[:REMEMBERED])]
            answer = in_a_fork(partial(self.ask, [items[name] for name in first], order), limit)
            by = str(answer.get("by", ""))
            if by in items:
                killers = [by, *(name for name in killers if name != by)]
            self.answer({"outcome": outcome(answer), "by": by})
        return True

    def ask(self, items: Sequence[pytest.Item], order: dict[str, str] | None) -> dict[str, Any]:
        """Run these tests until one fails, with a mutant grafted in."""
        if order is not None:
            module = module_of(order["file"])
            if module is None:
                return {"code": 0}
            try:
                graft(module, order["source"])
            except Exception as problem:
                return {"code": 1, "by": f"import: {problem!r}"}
        for item in items:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed:
                return {"code": 1, "by": self.failed, "seconds": self.seconds}
        return {"code": 0, "seconds": self.seconds}

    def answer(self, answer: dict[str, Any]) -> None:
        """Print one line."""
        self.answers.write(json.dumps(answer) + "\n")
        self.answers.flush()


def main(tests: Sequence[str]) -> None:
    """Serve until the input ends."""
    # pytest takes the standard streams for itself.
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    host = Host(iter(orders.readline, ""), answers)
    code = pytest.main([*OPTIONS, *tests], plugins=[host])
    if not host.seconds and code not in (0, 5):
        host.answer({"seconds": {}, "said": f"pytest ended with {code!r} before any test"})


if __name__ == "__main__":
    main(sys.argv[1:])
