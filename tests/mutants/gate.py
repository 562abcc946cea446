"""Put mutmut's mutants before the tests, and judge what it found: `python -m tests.mutants.gate ROOM…`.

mutmut exits with 0 when mutants survive and believes old results, so it is run afresh in a copy of the tree,
and the verdict is computed here from what it wrote down. A mutant that survives there is heard a second time
in a process that imports the faulty file anew: mutmut switches its faults on when everything is imported
already, too late for code that runs at import.
"""

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutators import Mutant, change_between, key_of
from tests.mutants.pool import Meter, TestsFail, progress, run_all
from tests.mutants.rooms import (
    MARKERS,
    ROOMS,
    ROOT,
    by_tests,
    copy_tree,
    named,
    sources,
)
from tests.mutants.verdict import (
    DEAD,
    EQUIVALENTS,
    KILLED,
    NO_TESTS,
    NOT_RUN,
    SURVIVED,
    TIMEOUT,
    Equivalent,
    conclude,
    judge,
    read_equivalents,
)

# https://github.com/boxed/mutmut: pytest's exit codes, and signals for what ran too long or crashed.
_OUTCOMES = {1: KILLED, 3: KILLED, -11: KILLED, 0: SURVIVED, 5: NO_TESTS, 33: NO_TESTS, None: NOT_RUN}
_OUTCOMES |= dict.fromkeys((36, 24, -24, 152, 255, -9), TIMEOUT)


def configured(text: str, room: str, files: Sequence[str], tests: Sequence[str]) -> str:
    """The project file with mutmut set on files of a room, and their tests."""
    chosen = {
        "source_paths": [room],
        "pytest_add_cli_args_test_selection": [*tests, "-m", f"{MARKERS} and not counts_frames"],
        "only_mutate": list(files),
    }
    for name, value in chosen.items():
        line = f"{name} = {json.dumps(value)}"
        lines = [line if old.startswith(f"{name} = ") else old for old in text.splitlines()]
        if lines.count(line) != 1:
            raise ValueError(f"pyproject.toml: {name} is set {lines.count(line)} times, once is expected")
        text = "\n".join(lines) + "\n"
    return text


def outcomes_of(tree: Path, room: str) -> list[tuple[Mutant, str]]:
    """The mutants that mutmut made in a tree, and what became of each."""
    found = []
    for meta in sorted((tree / "mutants" / room).rglob("*.py.meta")):
        file = str(meta.relative_to(tree / "mutants").with_suffix(""))
        codes = json.loads(meta.read_text())["exit_code_by_key"]
        if codes:
            mutated = Mutated(file, (tree / file).read_text(), (tree / "mutants" / file).read_text())
            found += [(mutated.mutant(name), _OUTCOMES.get(code, SURVIVED)) for name, code in codes.items()]
    return found


class Mutated:
    """A file as it was, and the one that mutmut made of it, which holds all versions of each function."""

    def __init__(self, file: str, original: str, mutated: str) -> None:
        self.file = file
        self.original = original
        self.versions = {
            node.name: node
            for node in ast.walk(ast.parse(mutated))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and "__mutmut_" in node.name
        }

    def mutant(self, name: str) -> Mutant:
        """The mutant of this name, such as `impl.config.xǁConfigǁcheck__mutmut_3`."""
        mangled, _, number = name.rpartition(".")[2].partition("__mutmut_")
        path = mangled.split("ǁ")[1:] if "ǁ" in mangled else [mangled.removeprefix("x_")]
        before, after = (
            self._named(f"{mangled}__mutmut_{version}", path[-1]) for version in ("orig", number)
        )
        tree = ast.parse(self.original)
        function = _find(tree, path)
        function.body = after.body
        function.args = after.args
        change = change_between(ast.unparse(before), ast.unparse(after))
        where = ".".join(path)
        key = key_of(self.file, where, ast.unparse(before), change)
        return Mutant("mutmut", self.file, where, f"number {number}", key, change, ast.unparse(tree) + "\n")

    def _named(self, version: str, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
        function = self.versions[version]
        function.name = name
        return function


def _find(tree: ast.Module, path: Sequence[str]) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """The function, or the method of a class, of this name; the last one, as Python would have it."""
    body = tree.body
    for name in path[:-1]:
        body = next(
            node.body for node in reversed(body) if isinstance(node, ast.ClassDef) and node.name == name
        )
    functions = (node for node in reversed(body) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return next(function for function in functions if function.name == path[-1])


def run_mutmut(tree: Path, room: str, meter: Meter) -> str:
    """Run mutmut in a tree, showing how far it is; what it printed, when it failed."""
    log = tree / "mutmut.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 2)],
            cwd=tree,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while process.poll() is None:
                time.sleep(1)
                _show_progress(tree, room, meter)
        finally:
            process.kill()
            process.wait()
    _show_progress(tree, room, meter)
    said = log.read_text(errors="replace").replace("\r", "\n").splitlines()
    return "\n".join(said[-40:]) if process.returncode else ""


def _show_progress(tree: Path, room: str, meter: Meter) -> None:
    """Count the verdicts that mutmut has written down so far."""
    codes: list[int | None] = []
    for meta in (tree / "mutants" / room).rglob("*.py.meta"):
        try:
            codes += json.loads(meta.read_text())["exit_code_by_key"].values()
        except ValueError:
            return  # it is being written just now
    done = len(codes) - codes.count(None)
    meter.total = len(codes)
    meter.bar.update(meter.task, total=meter.total)
    if done:
        meter.advance_to(done)


def try_files(room: str, files: Sequence[str], tests: Sequence[str]) -> list[tuple[Mutant, str]]:
    """The mutants of files that share their tests. Raises TestsFail when mutmut could not do its work."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        project = tree / "pyproject.toml"
        project.write_text(configured(project.read_text(), room, files, tests))
        with progress(f"mutmut's mutants of {room}, {named(files)}", 0) as meter:
            failure = run_mutmut(tree, room, meter)
        if failure:
            raise TestsFail(failure)
        return outcomes_of(tree, room)


def try_room(room: str, equivalents: Sequence[Equivalent], only: str = "") -> list[tuple[Mutant, str]]:
    """All mutants of a room, or of some files of it, and their outcomes. Raises TestsFail as above."""
    files = [file for file in sources(room) if file.startswith(only) and has_functions(file)]
    outcomes = [
        outcome for tests, group in by_tests(files).items() for outcome in try_files(room, group, tests)
    ]
    listed = {entry.key for entry in equivalents if entry.by == "mutmut"}
    again = [m for m, outcome in outcomes if outcome not in (*DEAD, NOT_RUN) and m.key not in listed]
    second = {mutant.key: outcome for mutant, outcome in run_all(room, again, f"second hearing of {room}")}
    return [(mutant, _later(outcome, second.get(mutant.key))) for mutant, outcome in outcomes]


def has_functions(file: str) -> bool:
    """Whether there is anything in a file for mutmut, which mutates functions alone."""
    tree = ast.parse((ROOT / file).read_text())
    return any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in ast.walk(tree))


def _later(first: str, second: str | None) -> str:
    """A mutant that dies in the second hearing is dead; otherwise the first one said what there is to say."""
    return second if second in DEAD else first


def main(arguments: Sequence[str]) -> int:
    """Run, judge and report; 0 when every mutant is dead or proven equivalent."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.gate", description=__doc__)
    parser.add_argument("rooms", nargs="+", choices=ROOMS, metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--only", default="", metavar="FILE", help="only the mutants of this file or folder")
    options = parser.parse_args(arguments)
    equivalents = [
        entry for entry in read_equivalents(EQUIVALENTS.read_text()) if entry.file.startswith(options.only)
    ]
    outcomes: list[tuple[Mutant, str]] = []
    for room in options.rooms:
        try:
            outcomes += try_room(room, equivalents, options.only)
        except TestsFail as problem:
            print(f"mutmut could not try the mutants of {room}:\n{problem}")
            return 1
    return conclude(judge("mutmut", outcomes, equivalents, options.rooms))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
