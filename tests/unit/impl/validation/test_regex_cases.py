"""Regexes that users have written: what the middleware says of each when it is constructed."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from impl import CORSMiddleware
from impl.origin import canonical
from impl.validation.regex import Judgement, judge
from tests import ROOT
from tests.helpers.asgi import Recorder
from tests.helpers.timing import takes_long
from tests.unit.impl.cases import advice, refusal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = ROOT / "tests/cases"
Row = dict[str, Any]


def rows(kind: str) -> list[Row]:
    """The cases of a kind in both files."""
    files = (CASES / "regexes.toml", CASES / "regexes_more.toml")
    found: list[Row] = [row for file in files for row in tomllib.loads(file.read_text()).get(kind, [])]
    assert len(found) > 10
    return found


def judged(row: Row) -> tuple[set[str], Judgement]:
    """The rules of the warnings of a regex, and what they are made of."""
    regex = row["regex"]
    rules = {warning.rule for warning in advice(allow_origin_regex=regex)}
    return rules, judge(re.compile(regex))


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("row", rows("broad"), ids=lambda row: row["regex"])
def test_a_broad_regex_is_shown_an_unrelated_origin_that_it_allows(row: Row) -> None:
    rules, found = judged(row)
    assert "A-CFG-10" in rules
    assert found.unrelated is not None
    assert re.fullmatch(row["regex"], found.unrelated)
    assert canonical(found.unrelated) == found.unrelated


@pytest.mark.parametrize("row", rows("dead"), ids=lambda row: row["regex"])
def test_a_dead_regex_or_branch_is_found(row: Row) -> None:
    assert "A-CFG-25" in judged(row)[0]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("row", rows("slow"), ids=lambda row: row["regex"])
def test_a_slow_regex_is_found(row: Row) -> None:
    rules, found = judged(row)
    assert "A-CFG-24" in rules
    assert found.slow is not None and len(found.slow) <= 512


@pytest.mark.slow
@pytest.mark.parametrize("row", rows("slow"), ids=lambda row: row["regex"])
def test_the_origin_that_is_shown_takes_long(row: Row) -> None:
    found = judge(re.compile(row["regex"])).slow
    assert found is not None and takes_long(row["regex"], found)


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("row", rows("fine"), ids=lambda row: row["regex"])
def test_nothing_is_said_of_a_fine_regex(row: Row) -> None:
    assert judged(row)[0] == set()


@pytest.mark.filterwarnings("ignore::impl.CORSConfigWarning")
@pytest.mark.parametrize("row", rows("glob"), ids=lambda row: row["regex"])
def test_a_glob_is_refused_and_corrected_to_what_it_means(row: Row) -> None:
    error = refusal(allow_origin_regex=row["regex"])
    assert [problem.rule for problem in error.problems] == ["A-CFG-26"]
    if row["regex"] == "chrome-extension://*":  # every extension: nothing certain is meant
        assert error.corrected is None
    else:
        assert error.corrected is not None
        assert CORSMiddleware(Recorder(), **vars(error.corrected)).is_allowed_origin(row["meant"])
