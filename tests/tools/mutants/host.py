"""The first hearing of mutants: tests are collected once, and each mutant is patched into a fork.

`python -m tests.tools.mutants.host FOLDER TEST…`, in a copy of the tree. Its first line says how the tests
went without a mutant, and which of them enter which blocks of the folder's functions; then each line of its
input, `{"file", "where", "source", "statement", "last"}`, is answered with `{"outcome", "by"}`. Mutants meet
the tests of their file's selection that enter their block. One that lives here may yet die in a process that
imports it anew.
"""

import ast
import builtins
import gc
import json
import os
import re
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import accumulate
from pathlib import Path
from time import perf_counter
from types import CodeType, ModuleType
from typing import Any, TextIO

import pytest

from tests import ROOT
from tests.tools.mutants.blocks import DECORATORS, note_blocks, place_of
from tests.tools.mutants.hot_patch import hot_patch, module_of
from tests.tools.mutants.targets import PACKAGES, selection
from tests.tools.mutants.verdict import SURVIVED
from tests.tools.mutants.worker import CLEAN, NEAR, OPTIONS, PATIENCE, WAITING, among, in_a_fork, outcome

REMEMBERED = 12
"""How many of the tests that killed the last mutants of a file are asked first."""


KEPT = ("spec.generate.", "spec.suffixes", "impl.validation.suffixes")
"""What these keep stays: strategies are inputs, and to read a table of suffixes takes 20 ms each time."""


RAN: set[str] = set()
"""The blocks of the package that have been entered since this was last emptied."""


class Noting(SourceFileLoader):
    """Imports a module whose blocks note that they are entered."""

    def get_code(self, fullname: str) -> CodeType:
        """The code of the module, compiled from the source each time."""
        path = self.get_filename(fullname)
        tree = ast.parse(Path(path).read_text())
        note_blocks(tree, str(Path(path).relative_to(ROOT)))
        return compile(ast.fix_missing_locations(tree), path, "exec")


class Finder(MetaPathFinder):
    """Finds the modules of a package for `Noting`."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module of the package is; None for any other."""
        found = PathFinder.find_spec(fullname, path) if fullname.partition(".")[0] == self.package else None
        if found and found.origin:
            found.loader = Noting(fullname, found.origin)
        return found


def caches() -> list[Callable[[], None]]:
    """What empties the caches of the packages."""
    kept = (
        getattr(value, "cache_clear", None)
        for key, module in sys.modules.items()
        if key.partition(".")[0] in PACKAGES and not key.startswith(KEPT)
        for value in vars(module).values()
    )
    return [clear for clear in kept if callable(clear)]


PLAIN = {"hypothesis", "mutation", "parametrize", "slow"}
"""Marks of tests that are a call with parameters, and nothing more."""


def plain_call(item: pytest.Item) -> Callable[[], object] | None:
    """The call that a test is; None if it needs fixtures, or more of pytest, which takes 3 ms a test."""
    if (
        not isinstance(item, pytest.Function)
        or item.cls
        or {mark.name for mark in item.iter_markers()} - PLAIN
    ):
        return None
    values = item.callspec.params if hasattr(item, "callspec") else {}
    return None if set(item.fixturenames) - set(values) else partial(item.obj, **values)


GLANCE = 0.5
"""Seconds of tests that a mutant of what ran at import meets here when another hearing is to come."""

HOPELESS = 3
"""When so many mutants of a table have lived here and none has died, the others wait for that hearing."""


OF_IMPORT = "import"
"""Where the tests are remembered that have killed mutants of what ran at import, in any file."""


class Host:
    """A pytest plugin that runs the collected tests again and again, each time in a fork of its own."""

    def __init__(self, orders: Iterator[str], answers: TextIO) -> None:
        self.orders = orders
        self.answers = answers
        self.failed = ""
        self.seconds: dict[str, float] = {}
        self.killers: dict[str, list[str]] = {}
        self.trusted: dict[tuple[str, str], bool] = {}
        self.trees: dict[str, ast.Module] = {}
        self.lived: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has run, or a fixture of it has failed."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed and not self.failed:
            self.failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the tests as they are, then with each mutant that is ordered."""
        self.items = {item.nodeid: item for item in session.items}
        self.calls = {name: plain_call(item) for name, item in self.items.items()}
        self.caches = caches()
        gc.freeze()
        clean = in_a_fork(self.watch, CLEAN)
        self.seconds = clean.get("seconds", {})
        runs: dict[str, list[str]] = clean.get("runs", {})
        self.runs = {place: set(names) for place, names in runs.items()}
        self.early = set(clean.get("early", ()))
        self.answer({name: clean.get(name, "") for name in ("seconds", "modules", "by", "said")})
        self.chosen: dict[str, tuple[list[str], list[str]]] = {}
        for line in self.orders:
            self.answer(self.hear(json.loads(line)))
        return True

    def place(self, order: Mapping[str, Any]) -> str:
        """The block that a mutant is in."""
        file = order["file"]
        if file not in self.trees:
            # Printed as the mutant's statement is, so that nothing but the fault differs.
            self.trees[file] = ast.parse(ast.unparse(ast.parse((ROOT / file).read_text())))
        return place_of(self.trees[file], file, order["where"], order["statement"])

    def is_of_import(self, order: Mapping[str, Any], place: str) -> bool:
        """Whether a mutant is of what runs when its module is imported; it may run again later."""
        return (
            place in self.early
            or place.endswith(DECORATORS)
            or f"{order['file']}:{order['where']}" not in self.runs
        )

    def candidates(self, order: Mapping[str, Any], place: str) -> list[str]:
        """The tests that a mutant meets: what killed mutants near it first, then by speed."""
        file, function = order["file"], f"{order['file']}:{order['where']}"
        if file not in self.chosen:
            chosen, starts, stem = among(self.seconds, selection(file)), selection(file), Path(file).stem
            quick = sorted(chosen, key=lambda name: (round(chosen[name], 3), name))
            likely = sorted(
                quick,
                key=lambda name: (
                    stem not in name,
                    round(chosen[name], 2),
                    next(n for n, s in enumerate(starts) if name.startswith(s)),
                ),
            )
            self.chosen[file] = quick, likely
        quick, likely = self.chosen[file]
        if self.is_of_import(order, place):
            found = likely  # nothing tells which tests look at what ran at import
        else:
            found = [name for name in quick if name in self.runs.get(place, ())]
        known = set(found)
        near = [*self.killers.get(place, ()), *self.killers.get(function, ())]
        near += self.killers.get(file, ())[:REMEMBERED]
        if self.is_of_import(order, place):
            named = re.search(r"'([^']+)'", order["statement"])  # such as a rule's id: its own tests have it
            own = [name for name in found if named and f"[{named[1]}" in name]
            near = [*own, *near, *self.killers.get(OF_IMPORT, ())[:REMEMBERED]]
        first = dict.fromkeys(name for name in near if name in known)
        return [*first, *(name for name in found if name not in first)]

    def hear(self, order: dict[str, Any]) -> dict[str, str]:
        """What the tests say of a mutant. A test that fails for the patch alone has no say."""
        file, place = order["file"], self.place(order)
        names = self.candidates(order, place)
        if self.is_of_import(order, place) and not order["last"]:
            # What runs at import may live on in what was made there: a fresh import is what tells.
            spent = accumulate(self.seconds.get(name, 0.0) for name in names)
            glance = GLANCE if self.lived[place] < HOPELESS or self.killers.get(place) else 0.0
            names = [name for name, seconds in zip(names, spent, strict=True) if seconds < glance]
        while names:
            names = [name for name in names if self.trusted.get((file, name), True)]
            answer = in_a_fork(partial(self.ask, names, order), self.limit(names))
            by = str(answer.get("by", ""))
            if by in self.items:
                if not self.is_trusted(file, by):
                    continue
                # A slow test is asked last even if it is the one that kills: most mutants die of a quick one.
                near = dict.fromkeys((file, f"{file}:{order['where']}", place))
                if self.is_of_import(order, place):
                    near[OF_IMPORT] = None
                for where in near if self.seconds[by] < NEAR else ():
                    self.killers[where] = [by, *(n for n in self.killers.get(where, ()) if n != by)]
            self.lived[place] += outcome(answer) == SURVIVED
            return {"outcome": outcome(answer), "by": by}
        return {"outcome": SURVIVED, "by": ""}

    def is_trusted(self, file: str, name: str) -> bool:
        """Whether a test passes when a file is patched in as it is."""
        if (file, name) not in self.trusted:
            unchanged = {"file": file, "source": (ROOT / file).read_text(), "statement": ""}
            answer = in_a_fork(partial(self.ask, [name], unchanged), self.limit([name]))
            self.trusted[file, name] = answer.get("code") == 0
        return self.trusted[file, name]

    def watch(self) -> dict[str, Any]:
        """Run all tests as they are, noting which enter which blocks, but for those that run at import."""
        early = frozenset(RAN)
        runs: dict[str, list[str]] = {}
        for name in self.items:
            self.forget()  # or a test would seem not to need what an earlier one left in a cache
            RAN.clear()
            self.run(name)
            if self.failed:
                return {"code": 1, "by": self.failed}
            for place in RAN - early:
                if "suffixes.py:" not in place:
                    runs.setdefault(place, []).append(name)
        modules = [name for name, module in sys.modules.items() if getattr(module, "__spec__", None)]
        return {"code": 0, "seconds": self.seconds, "runs": runs, "early": [*early], "modules": modules}

    def ask(self, names: Sequence[str], order: dict[str, Any]) -> dict[str, Any]:
        """Run these tests until one fails, with a mutant patched in."""
        module = module_of(order["file"])
        if module is None:
            return {"code": 0}
        try:
            hot_patch(module, order["source"], order["statement"])
        except Exception:
            return {"code": 0}  # a fresh import tells whether the mutant does that, or the patch
        self.forget()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for name, following in zip(names, [*names[1:], None], strict=True):
            # A mutant that never ends is stopped by the first test that it keeps waiting, not by all of them.
            signal.setitimer(signal.ITIMER_PROF, self.limit([name]))
            signal.setitimer(signal.ITIMER_REAL, WAITING * self.limit([name]))
            self.run(name, following)
            if self.failed:
                return {"code": 1, "by": self.failed}
        return {"code": 0}

    def limit(self, names: Iterable[str]) -> float:
        """Seconds of the processor that these tests may take."""
        return PATIENCE + 4 * sum(self.seconds.get(name, 0.0) for name in names)

    def forget(self) -> None:
        """Empty the caches of the packages."""
        for clear in self.caches:
            clear()

    def run(self, name: str, following: str | None = None) -> None:
        """Run one test; what the following one needs as well stays set up."""
        call = self.calls[name]
        if call is None:
            item, then = self.items[name], following and not self.calls[following] and self.items[following]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=then or None)
            return
        start = perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # as pyproject.toml lets pytest do
                call()
        except pytest.skip.Exception:
            pass
        except BaseException:  # SystemExit, and what pytest.fail raises
            self.failed = name
        self.seconds[name] = perf_counter() - start

    def answer(self, answer: dict[str, Any]) -> None:
        """Print one line."""
        self.answers.write(json.dumps(answer) + "\n")
        self.answers.flush()


def main(package: str, tests: Sequence[str]) -> None:
    """Serve until the input ends."""
    # pytest takes the standard streams for itself.
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    vars(builtins)["__ran__"] = RAN.add
    sys.meta_path.insert(0, Finder(package))
    host = Host(iter(orders.readline, ""), answers)
    code = pytest.main([*OPTIONS, *tests], plugins=[host])
    if not host.seconds and code not in (0, 5):
        host.answer({"seconds": {}, "said": f"pytest ended with {code!r} before any test"})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
