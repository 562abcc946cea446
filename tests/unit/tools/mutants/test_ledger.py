"""An entry of the ledger holds for one content alone, and a run says of each other that it does not."""

import shutil
from pathlib import Path

import pytest

from tests import ROOT
from tests.tools.mutants import __main__ as command
from tests.tools.mutants import ledger
from tests.tools.mutants.ledger import Entry
from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.verdict import KILLED, SURVIVED, Equivalent

FILE = "impl/config.py"
PROOF = Equivalent("own", FILE, "1", "g has no effect here at all")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what an entry of this file is sealed over."""
    for path in [ROOT / FILE, *ledger.evidence(FILE)]:
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return tmp_path


def holds(known: Entry | None, proofs: list[Equivalent], root: Path) -> bool:
    return ledger.holds(known, ledger.contents(FILE, proofs, root))


def written(proofs: list[Equivalent], root: Path = ROOT, mutants: int = 9, equivalent: int = 1) -> Entry:
    return ledger.entry(FILE, ledger.contents(FILE, proofs, root), mutants, equivalent)


@pytest.mark.slow
def test_an_entry_holds_until_something_that_it_is_sealed_over_changes(tree: Path) -> None:
    assert holds(written([PROOF], tree), [PROOF], tree)
    assert not holds(None, [PROOF], tree)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        FILE,
        "tests/unit/impl/test_config.py",
        "tests/conftest.py",
        "tests/helpers/offers.py",
        "tests/unit/impl/cases.py",
        "tests/cases/repairs.toml",
        "tests/tools/mutants/mutators.py",
    ],
)
def test_an_entry_does_not_outlive_its_file_tests_helpers_cases_and_tools(tree: Path, changed: str) -> None:
    known = written([PROOF], tree)
    with (tree / changed).open("a") as file:
        file.write("# another line\n")
    assert not holds(known, [PROOF], tree)


@pytest.mark.slow
def test_an_entry_does_not_outlive_its_proofs_nor_a_change_of_its_numbers(tree: Path) -> None:
    known = written([PROOF], tree)
    assert not holds(known, [], tree)
    assert not holds(Entry(FILE, known.seal, 10, 1), [PROOF], tree)
    assert not holds(Entry(FILE, known.seal, 9, 0), [PROOF], tree)
    assert not holds(Entry(FILE, "0" * 16, 9, 1), [PROOF], tree)
    assert holds(known, [PROOF, Equivalent("own", "impl/other.py", "1", "of another file")], tree)


@pytest.mark.parametrize(
    ("name", "other"),
    [("selection", lambda file, root: ()), ("MARKERS", "not slow"), ("SETTLED", {"impl": ()})],
)
def test_an_entry_does_not_outlive_what_the_targets_say_of_its_file(
    name: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = written([])
    monkeypatch.setattr(ledger, name, other)
    assert not holds(known, [], ROOT)


def test_a_file_is_proven_when_its_mutants_are_dead_or_listed_and_no_proof_is_stale() -> None:
    def proven(outcomes: list[tuple[Mutant, str]], proofs: list[Equivalent]) -> dict[str, Entry]:
        return ledger.proven(outcomes, proofs, {FILE: "content"})

    dead, alive = (Mutant("own", FILE, "f", "", key, "", "") for key in ("2", "1"))
    assert proven([(dead, KILLED), (alive, SURVIVED)], [PROOF])[FILE].mutants == 2
    assert proven([(dead, KILLED), (alive, SURVIVED)], [PROOF])[FILE].equivalent == 1
    assert proven([(dead, KILLED), (alive, SURVIVED)], []) == {}
    assert proven([(dead, KILLED)], [PROOF]) == {}


def test_the_ledger_is_read_as_it_was_written() -> None:
    entries = {name: Entry(name, "abc", 3, 1) for name in ("b.py", "a.py")}
    assert ledger.read(ledger.written(entries.values())) == entries
    assert list(ledger.read(ledger.written(entries.values()))) == ["a.py", "b.py"]


@pytest.mark.parametrize("line", ["a.py abc 1", "a.py abc 1 x", "a.py abc 1 0\na.py abc 2 0"])
def test_a_line_that_is_no_entry_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="of the ledger is no entry, or a second one of a file"):
        ledger.read(line)


def one_mutant(file: str) -> list[Mutant]:
    """All mutants of a file, for a process of its own."""
    return [Mutant("own", file, "f", "", "2", "", "")]


@pytest.mark.slow
@pytest.mark.parametrize("forged", [False, True])
def test_a_run_that_believes_the_ledger_tries_what_it_cannot_believe_and_fails(
    forged: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = []

    def run_all(package: str, mutants: list[Mutant], believed: object) -> list[tuple[Mutant, str]]:
        tried.extend(mutants)
        return [(mutant, KILLED) for mutant in mutants]

    right = written([], mutants=1, equivalent=0)
    given = Entry(FILE, right.seal, 2, 0) if forged else right
    monkeypatch.setattr(command, "run_all", run_all)
    monkeypatch.setattr(command, "sources", lambda package: [FILE] if package == "impl" else [])
    monkeypatch.setattr(command, "of_file", one_mutant)
    monkeypatch.setattr(command, "read_equivalents", lambda text: [])
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.txt")
    ledger.LEDGER.write_text(ledger.written([given]))
    assert command.main(["impl", "--ledger"]) == forged
    assert len(tried) == forged
    assert (f"{FILE}: its entry in the ledger is out of date or wrong" in capsys.readouterr().out) == forged
    assert command.main(["impl"]) == forged
    assert command.main(["impl", "--write"]) == 0
    assert ledger.read(ledger.LEDGER.read_text()) == {FILE: right}


@pytest.mark.slow
def test_an_entry_of_a_file_that_is_gone_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "sources", lambda package: [FILE] if package == "impl" else [])
    monkeypatch.setattr(command, "read_equivalents", lambda text: [])
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.txt")
    gone = Entry("impl/gone.py", "abc", 2, 0)
    ledger.LEDGER.write_text(ledger.written([written([], mutants=1, equivalent=0), gone]))
    assert command.main(["impl", "--ledger"]) == 1


def test_an_entry_that_is_another_than_what_was_proven_differs_and_a_missing_one_does_not() -> None:
    one, other = Entry(FILE, "abc", 2, 0), Entry(FILE, "abc", 3, 0)
    assert ledger.differing({FILE: one}, {FILE: other}) == [FILE]
    assert ledger.differing({FILE: one}, {FILE: one}) == []
    assert ledger.differing({}, {FILE: one}) == []
