"""Nothing is proven by mutants not made, not run or not killed, and no excuse outlives its mutant."""

import ast

import pytest

from tests import ROOT
from tests.tools.mutants import mutators, mutmuts
from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.targets import sources
from tests.tools.mutants.verdict import (
    EQUIVALENTS,
    KILLED,
    NO_TESTS,
    NOT_RUN,
    SURVIVED,
    TIMEOUT,
    Equivalent,
    judge,
    read_equivalents,
)


def mutant(key: str, file: str = "impl/config.py", engine: str = "own") -> Mutant:
    return Mutant(engine, file, "f", "dropped statement", key, "-g(x)", "")


def excuse(key: str, by: str = "own", file: str = "impl/config.py") -> Equivalent:
    return Equivalent(by, file, key, "g has no effect here at all")


def test_dead_mutants_are_good() -> None:
    verdict = judge([(mutant("1"), KILLED), (mutant("2"), TIMEOUT)], [], ["impl"])
    assert verdict.good
    assert (verdict.facts["killed"], verdict.facts["timed out"]) == (1, 1)
    assert verdict.report == "2 mutants, 1 killed, 1 timed out"


@pytest.mark.parametrize("outcome", [SURVIVED, NO_TESTS])
def test_a_survivor_fails_and_is_shown_with_the_entry_that_would_list_it(outcome: str) -> None:
    verdict = judge([(mutant("1"), KILLED), (mutant("2"), outcome)], [], ["impl"])
    assert not verdict.good
    assert verdict.facts[outcome] == 1
    assert verdict.facts["alive:"] == "impl/config.py: f: dropped statement"
    assert f"{outcome}: impl/config.py: f: dropped statement\n    -g(x)\n" in verdict.report
    assert 'key = "2"' in verdict.report


@pytest.mark.parametrize("outcome", [SURVIVED, NO_TESTS])
def test_a_survivor_that_is_proven_equivalent_is_good(outcome: str) -> None:
    verdict = judge([(mutant("1"), outcome)], [excuse("1")], ["impl"])
    assert verdict.good
    assert verdict.facts["proven equivalent"] == 1


def test_a_mutant_that_was_not_run_fails_even_if_listed() -> None:
    verdict = judge([(mutant("1"), NOT_RUN)], [excuse("1")], ["impl"])
    assert not verdict.good
    assert verdict.facts["not run"] == 1


@pytest.mark.parametrize("outcomes", [[(mutant("1"), KILLED)], [(mutant("2"), KILLED)]])
def test_a_proof_without_its_survivor_fails(outcomes: list[tuple[Mutant, str]]) -> None:
    verdict = judge(outcomes, [excuse("1")], ["impl"])
    assert not verdict.good
    assert "stale: 1 of impl/config.py" in verdict.report


def test_what_the_ledger_keeps_counts_and_is_not_asked_for_its_proofs() -> None:
    proofs = [excuse("1", file="impl/origin.py")]
    verdict = judge(
        [(mutant("4"), KILLED)], proofs, ["impl", "model"], {"impl/origin.py": 7, "model/a.py": 2}
    )
    assert verdict.good
    assert verdict.report == "10 mutants, 9 from the ledger, 1 killed"


def test_an_entry_of_the_ledger_that_does_not_hold_fails() -> None:
    verdict = judge([(mutant("1"), KILLED)], [], ["impl"], wrong=["impl/config.py"])
    assert not verdict.good
    assert "impl/config.py: its entry in the ledger is out of date or wrong\n" in verdict.report
    assert "`make ledger` writes the entries" in verdict.report


@pytest.mark.parametrize("outcomes", [[], [(mutant("1"), KILLED)]])
def test_a_room_without_mutants_fails(outcomes: list[tuple[Mutant, str]]) -> None:
    verdict = judge(outcomes, [], ["impl", "model"])
    assert not verdict.good
    assert "there are no mutants of model: nothing was checked" in verdict.report


def test_a_proof_must_say_something_and_be_said_once() -> None:
    entry = '[[mutant]]\nby = "own"\nfile = "impl/config.py"\nkey = "1"\nproof = "{}"\n'
    assert read_equivalents(entry.format("g has no effect")) == [
        Equivalent("own", "impl/config.py", "1", "g has no effect")
    ]
    with pytest.raises(ValueError, match="has no proof"):
        read_equivalents(entry.format(""))
    with pytest.raises(ValueError, match="listed twice"):
        read_equivalents(entry.format("g has no effect") * 2)


def test_the_list_in_the_repository_can_be_read() -> None:
    read_equivalents(EQUIVALENTS.read_text())


ORIGINAL = '''"""Sample."""


class A:
    def f(self, x: int) -> int:
        return x + 1


def g() -> int:
    return 1
'''


def test_what_mutmut_makes_is_read() -> None:
    found = mutmuts.mutants("impl/a.py", ORIGINAL)
    changes = {(m.where, line[1:].strip()) for m in found for line in m.change.splitlines() if line[0] == "+"}
    assert changes == {("A.f", "return x - 1"), ("A.f", "return x + 2"), ("g", "return 2")}
    assert len({m.key for m in found}) == len(found) == 3
    for each in found:
        assert each.source.count("+ 1") == (each.where == "g")
        assert each.source.count("return 2") == (each.where == "g")
        assert "def f(self, x: int) -> int:" in each.source


def test_mutants_are_valid_and_have_keys_of_their_own() -> None:
    """Of one package: the tool looks at those of the others before it tries them."""
    found = [
        mutant for file in sources("model") for mutant in mutators.mutants(file, (ROOT / file).read_text())
    ]
    for each in found[:: len(found) // 50]:
        ast.parse(each.source, each.file)
    assert found
    assert len({each.key for each in found}) == len(found)
