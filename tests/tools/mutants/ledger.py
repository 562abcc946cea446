"""What was proven of the mutants of each file, a line each, so that a run need not prove it again.

An entry counts for exactly the content that it was written for: its seal is over the file, its tests with
all that they import from `tests`, the cases that they read, the tools of this folder (of the targets what
they say of this file), the version of mutmut, the proofs for the file, and the numbers of the entry itself.
It is not over other files of the packages: `make mutants` believes no entry, and finds one that a change
elsewhere has made wrong.
"""

import ast
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tests import ROOT
from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.targets import MARKERS, SETTLED, selection
from tests.tools.mutants.verdict import DEAD, Equivalent

LEDGER = Path(__file__).with_name("ledger.txt")

HEAD = """\
# What was proven of the mutants of each file. `make ledger` proves what has changed and writes this.
# file  seal  mutants  of these proven equivalent (all others are dead)
"""


@dataclass(frozen=True)
class Entry:
    """How many mutants a file has, how many of these are proven equivalent, and for which content."""

    file: str
    seal: str
    mutants: int
    equivalent: int


def read(text: str) -> dict[str, Entry]:
    """The entries of a ledger, by file. ValueError for a line that is no entry, and a file listed twice."""
    found: dict[str, Entry] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        parts = line.split()
        if len(parts) != 4 or not (parts[2] + parts[3]).isdecimal() or parts[0] in found:
            raise ValueError(f"line {number} of the ledger is no entry, or a second one of a file: {line!r}")
        found[parts[0]] = Entry(parts[0], parts[1], int(parts[2]), int(parts[3]))
    return found


def written(entries: Iterable[Entry]) -> str:
    """The ledger as text."""
    lines = [f"{e.file} {e.seal} {e.mutants} {e.equivalent}\n" for e in sorted(entries, key=lambda e: e.file)]
    return HEAD + "".join(lines)


def contents(file: str, proofs: Iterable[Equivalent], root: Path = ROOT) -> str:
    """A digest of what decides about the mutants of a file, but for other files of the packages."""
    digest = hashlib.sha256(
        f"mutmut {version('mutmut')} {MARKERS} {SETTLED} {selection(file, root)}".encode()
    )
    for proof in sorted((p.by, p.key, p.proof) for p in proofs if p.file == file):
        digest.update("\0".join(proof).encode())
    for path in [root / file, *evidence(file, root)]:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def entry(file: str, content: str, mutants: int, equivalent: int) -> Entry:
    """The entry of a file with these contents."""
    seal = hashlib.sha256(f"{content} {mutants} {equivalent}".encode()).hexdigest()
    return Entry(file, seal[:16], mutants, equivalent)


def holds(known: Entry | None, content: str) -> bool:
    """Whether an entry was written for these contents."""
    return known is not None and known == entry(known.file, content, known.mutants, known.equivalent)


def evidence(file: str, root: Path = ROOT) -> list[Path]:
    """What decides about the mutants of a file, beside the packages: tests, cases, tools."""
    waiting = [root / "tests/conftest.py", *sorted((root / "tests/tools/mutants").glob("[!t]*.py"))]
    for test in selection(file, root):
        waiting += [root / test] if test.endswith(".py") else sorted((root / test).rglob("*.py"))
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found and path != root / "tests/tools/mutants/targets.py":
            found.add(path)
            waiting += imported(path, root)
    return sorted(found) + sorted((root / "tests/cases").glob("*"))


def imported(path: Path, root: Path) -> list[Path]:
    """The files of `tests` that a file imports itself."""
    stems = [root / name.replace(".", "/") for name in _names_imported(path.read_text())]
    return [
        file for stem in stems for file in (stem.with_suffix(".py"), stem / "__init__.py") if file.is_file()
    ]


@cache  # a helper is evidence for a hundred files
def _names_imported(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.partition(".")[0] == "tests"}


def proven(
    outcomes: Iterable[tuple[Mutant, str]], proofs: Sequence[Equivalent], content: Mapping[str, str]
) -> dict[str, Entry]:
    """The entries of the files whose mutants, all of which are here, are dead or proven equivalent.

    `content` is what the files were when the mutants were made.
    """
    listed = {(proof.by, proof.key) for proof in proofs}
    by_file: dict[str, list[tuple[Mutant, str]]] = {}
    for mutant, outcome in outcomes:
        by_file.setdefault(mutant.file, []).append((mutant, outcome))
    found = {}
    for file, those in by_file.items():
        alive = [(mutant.engine, mutant.key) for mutant, outcome in those if outcome not in DEAD]
        stale = {(p.by, p.key) for p in proofs if p.file == file} - set(alive)
        if listed.issuperset(alive) and not stale:
            found[file] = entry(file, content[file], len(those), len(alive))
    return found


def differing(known: Mapping[str, Entry], now: Mapping[str, Entry]) -> list[str]:
    """The files whose entry is another than what was proven now; one without an entry was merely proven."""
    return sorted(file for file, found in now.items() if known.get(file, found) != found)
