"""The rooms that are mutated, and the tests that are run against each mutant."""

import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TESTS = {
    "impl": ("tests/impl", "tests/theorems"),
    "model": ("tests/model", "tests/theorems"),
    "spec": ("tests/spec", "tests/theorems"),
}
SETTLED = {"impl": ("spec", "model"), "model": ("spec",), "spec": ()}
"""The rooms that do not import this one: a worker imports them once, not for every mutant."""

MARKERS = "not slow and not mutation_skip"

PIECES = (
    "spec",
    "model",
    "impl",
    "tests",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    "LICENSE",
    "pyproject.toml",
)
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis")


def selection(room: str, root: Path = ROOT) -> list[str]:
    """The folders of tests that mutants of this room are run against, those that exist."""
    return [folder for folder in TESTS[room] if (root / folder).is_dir()]


def sources(room: str, root: Path = ROOT) -> list[str]:
    """The Python files of a room, relative to the root."""
    return sorted(str(path.relative_to(root)) for path in (root / room).rglob("*.py"))


def copy_tree(target: Path, root: Path = ROOT, pieces: Sequence[str] = PIECES) -> None:
    """Copy what the tests need, so that mutants never touch the work tree."""
    for piece in pieces:
        if (root / piece).is_dir():
            shutil.copytree(root / piece, target / piece, ignore=_LEFT_OUT)
        elif (root / piece).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / piece, target / piece)
