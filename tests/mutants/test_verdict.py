"""Nothing is proven by mutants not made, not run or not killed, and no excuse outlives its mutant."""

import ast
import json
from pathlib import Path

import pytest

from tests.mutants.gate import configured, outcomes_of
from tests.mutants.mutators import Mutant
from tests.mutants.own import of_room, sampled
from tests.mutants.rooms import ROOT
from tests.mutants.verdict import (
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
    verdict = judge("own", [(mutant("1"), KILLED), (mutant("2"), TIMEOUT)], [], ["impl"])
    assert verdict.good
    assert (verdict.facts["killed"], verdict.facts["timed out"]) == (1, 1)
    assert verdict.report == "own: 2 mutants, 1 killed, 1 timed out"


@pytest.mark.parametrize("outcome", [SURVIVED, NO_TESTS])
def test_a_survivor_fails_and_is_shown_with_the_entry_that_would_list_it(outcome: str) -> None:
    verdict = judge("own", [(mutant("1"), KILLED), (mutant("2"), outcome)], [], ["impl"])
    assert not verdict.good
    assert verdict.facts[outcome] == 1
    assert f"{outcome}: impl/config.py: f: dropped statement\n    -g(x)\n" in verdict.report
    assert 'key = "2"' in verdict.report


@pytest.mark.parametrize("outcome", [SURVIVED, NO_TESTS])
def test_a_survivor_that_is_proven_equivalent_is_good(outcome: str) -> None:
    verdict = judge("own", [(mutant("1"), outcome)], [excuse("1")], ["impl"])
    assert verdict.good
    assert verdict.facts["proven equivalent"] == 1


def test_a_mutant_that_was_not_run_fails_even_if_listed() -> None:
    verdict = judge("own", [(mutant("1"), NOT_RUN)], [excuse("1")], ["impl"])
    assert not verdict.good
    assert verdict.facts["not run"] == 1


@pytest.mark.parametrize("outcomes", [[(mutant("1"), KILLED)], [(mutant("2"), KILLED)]])
def test_a_proof_without_its_survivor_fails(outcomes: list[tuple[Mutant, str]]) -> None:
    verdict = judge("own", outcomes, [excuse("1")], ["impl"])
    assert not verdict.good
    assert "stale: 1 of impl/config.py" in verdict.report


def test_proofs_for_other_rooms_engines_and_untried_mutants_are_left_alone() -> None:
    proofs = [excuse("1", file="model/server.py"), excuse("2", by="mutmut"), excuse("3")]
    verdict = judge("own", [(mutant("4"), KILLED)], proofs, ["impl"], left_out=[mutant("3")])
    assert verdict.good
    assert verdict.facts["left out"] == 1


@pytest.mark.parametrize("outcomes", [[], [(mutant("1"), KILLED)]])
def test_a_room_without_mutants_fails(outcomes: list[tuple[Mutant, str]]) -> None:
    verdict = judge("own", outcomes, [], ["impl", "model"])
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
MUTATED = """
class A:
    def f(self, x):
        return x + 1
    def xǁAǁf__mutmut_orig(self, x):
        return x + 1
    def xǁAǁf__mutmut_1(self, x):
        return x - 1
    def xǁAǁf__mutmut_2(self, x):
        return x + 2
def x_g__mutmut_orig():
    return 1
def x_g__mutmut_1():
    return 2
"""


def test_what_mutmut_wrote_is_read(tmp_path: Path) -> None:
    codes = {"impl.a.xǁAǁf__mutmut_1": 1, "impl.a.xǁAǁf__mutmut_2": None, "impl.a.x_g__mutmut_1": 0}
    (tmp_path / "impl").mkdir()
    (tmp_path / "impl/a.py").write_text(ORIGINAL)
    (tmp_path / "mutants/impl").mkdir(parents=True)
    (tmp_path / "mutants/impl/a.py").write_text(MUTATED)
    (tmp_path / "mutants/impl/a.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    found = outcomes_of(tmp_path, "impl")
    assert [(m.where, outcome) for m, outcome in found] == [
        ("A.f", KILLED),
        ("A.f", NOT_RUN),
        ("g", SURVIVED),
    ]
    assert found[0][0].change == "@@ -2 +2 @@\n-    return x + 1\n+    return x - 1"
    assert "return x - 1" in found[0][0].source
    assert "return x + 1" not in found[0][0].source
    assert "def g() -> int:\n    return 2" in found[2][0].source
    assert len({m.key for m, _ in found}) == 3
    assert not judge("mutmut", found, [], ["impl"]).good


def test_nothing_from_mutmut_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "mutants/impl").mkdir(parents=True)
    (tmp_path / "mutants/impl/a.py.meta").write_text(json.dumps({"exit_code_by_key": {}}))
    assert outcomes_of(tmp_path, "impl") == []
    assert not judge("mutmut", [], [], ["impl"]).good


def test_mutmut_is_set_on_files_of_one_room() -> None:
    text = configured((ROOT / "pyproject.toml").read_text(), "model", ["model/server.py"], ["tests/model"])
    assert 'source_paths = ["model"]' in text
    assert 'only_mutate = ["model/server.py"]' in text
    assert '"tests/model", "-m", "not slow and not mutation_skip and not counts_frames"]' in text
    with pytest.raises(ValueError, match="set 0 times"):
        configured("", "model", [], [])


def test_a_sample_is_spread_evenly_and_always_the_same() -> None:
    everything = [mutant(str(number)) for number in range(10)]
    assert [m.key for m in sampled(everything, 4)] == ["0", "2", "5", "7"]
    assert sampled(everything, None) == sampled(everything, 99) == everything


@pytest.mark.parametrize("room", ["impl", "model", pytest.param("spec", marks=pytest.mark.slow)])
def test_the_mutants_of_a_room_are_valid_and_have_keys_of_their_own(room: str) -> None:
    found = of_room(room)
    for each in sampled(found, 50):
        ast.parse(each.source, each.file)
    assert found
    assert len({each.key for each in found}) == len(found)
