"""All rules about configurations: what is in their records, and that none minds what it is given."""

from dataclasses import asdict
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.config import Config
from spec.rules import RULES as ALL_RULES
from spec.rules.configuration import CHAPTERS
from spec.rules.judge import errors, warnings
from spec.rules.record import Level, Place, Profile, Rule, always
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.rules.configuration.examples import (
    ERRORS,
    LISTS,
    RULES,
    WARNINGS,
    A,
    config_of,
    found_by,
    warned_of,
)

NOT_EXECUTABLE = {
    "D-29",
    "CFG-6a",
    "SEC-6",
    "SEC-8",
    "SEC-9",
    "SEC-13",
    "A-CFG-4",
    "A-CFG-29",
    "A-CFG-30",
    "A-CFG-31",
}


def test_the_table_is_complete() -> None:
    expected = {"D-03", "D-08", "D-09", "D-22", "D-29", "S-HTTP-15"}
    expected |= {f"CFG-{number}" for number in range(1, 11)}
    expected |= {"CFG-5a", "CFG-6a", "CFG-7a", "CFG-8a", "CFG-8b", "CFG-9a"}
    expected |= {f"SEC-{number}" for number in (1, 4, 5, 6, 8, 9, 10, 12, 13)}
    expected |= {f"A-CFG-{number}" for number in range(1, 32)}
    found = [id for rule in RULES for id in rule.ids]
    assert set(found) >= expected - NOT_EXECUTABLE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_well_formed(rule: Rule) -> None:
    assert rule.finds is not None and rule.holds is None
    assert bool(rule.middleware) == rule.id.startswith("A-CFG-")


def test_a_profile_is_the_widest_of_the_sources() -> None:
    profiles = {rule.id: rule.profile for rule in RULES}
    assert profiles["A-CFG-17"] is Profile.PROTOCOL  # also HTTP's
    assert profiles["A-CFG-7"] is profiles["A-CFG-8"] is Profile.SECURITY  # also security guides'
    assert profiles["A-CFG-1"] is profiles["A-CFG-5"] is Profile.DOCUMENTED  # also the page's
    assert profiles["A-CFG-3"] is Profile.IMPLEMENTATION


def test_every_rule_has_cases_with_those_of_its_chapter() -> None:
    for chapter in CHAPTERS:
        tests = import_module(f"{__package__}.test_{chapter.__name__.rpartition('.')[2]}")
        cases = {rule_id for _, expected in getattr(tests, "CASES", ()) for rule_id, _ in expected}
        missing = {rule.id for rule in chapter.RULES if rule.middleware} - cases
        assert not missing, f"add cases of these to CASES in {tests.__name__}"
        assert not cases - (ERRORS | WARNINGS), f"the middleware does nothing about these of {tests.__name__}"
        assert {ALL_RULES[rule_id] for rule_id, _, _ in tests.FOUND} <= set(chapter.RULES)


def broken(config: Config) -> set[str]:
    return {rule.id for rule in RULES if found_by(rule, config)}


def test_the_defaults_break_nothing_but_that_nobody_is_allowed() -> None:
    assert broken(Config()) == {"A-CFG-27"}
    assert broken(Config(allow_origins=(A,))) == set()


EXAMPLE_OF_THE_PAGE = Config(
    allow_origins=(
        "http://localhost.tiangolo.com",
        "https://localhost.tiangolo.com",
        "http://localhost",
        "http://localhost:8080",
    ),
    allow_credentials=True,
    allow_methods=("*",),
    allow_headers=("*",),
)


def test_the_example_of_the_page_breaks_nothing_that_binds() -> None:
    binding = {rule.id for rule in RULES if rule.level in (Level.MUST, Level.SECURITY)}
    assert not broken(EXAMPLE_OF_THE_PAGE) & binding
    assert errors(EXAMPLE_OF_THE_PAGE) == []
    assert warned_of(EXAMPLE_OF_THE_PAGE) == [("A-CFG-8", Place("allow_origins", 0))]
    assert broken(EXAMPLE_OF_THE_PAGE) == {"A-CFG-8", "SEC-12", "CFG-10"}


def test_rules_about_patterns_and_credentials_say_when_they_do_not_apply() -> None:
    def conditional(config: Config) -> set[str]:
        return {rule.id for rule in RULES if rule.applies(config)}

    nothing = conditional(Config())
    assert nothing == {rule.id for rule in RULES if rule.applies is always}
    assert conditional(Config(allow_origins=("https://*.a.example",))) - nothing >= {"SEC-5"}
    assert conditional(Config(allow_origins=("http://localhost:*",))) - nothing >= {"SEC-5"}
    assert conditional(Config(allow_origins=("*", A, "https://*.com"))) == nothing
    assert conditional(config_of(allow_origins=None)) == nothing
    assert conditional(Config(allow_credentials=True)) - nothing >= {*("SEC-1", "A-CFG-1", "A-CFG-8")}
    assert conditional(Config(allow_origin_regex="")) - nothing >= {
        *("CFG-5", "CFG-5a", "SEC-5", "A-CFG-9", "A-CFG-10", "A-CFG-11", "A-CFG-21"),
        *("A-CFG-24", "A-CFG-25", "A-CFG-26"),
    }
    assert conditional(config_of(allow_credentials=1)) == nothing


# Anything at all

TEXTS = (
    st.sampled_from(["*", "null", A, "http://a", "http://A:80/", "GET", "put", "X-A", "Cookie", "a b"])
    | st.text()
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary(max_size=3)
GARBAGE = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS, inner)
    ),
    max_leaves=5,
)
PATTERNS = st.text(r".*+?()[]{}|\^$:/a1,-<>=!#i", max_size=12)
REGEXES = PATTERNS | PATTERNS.map(lambda text: f"https://({text})+\\.a.") | GARBAGE
LISTS_OF_TEXTS = st.lists(TEXTS, max_size=3).map(tuple)


@pytest.mark.slow
@pytest.mark.mutation_skip
@thresholds(refused=0.3, warned=0.05)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(LISTS, LISTS_OF_TEXTS | GARBAGE),
            "allow_credentials": st.just(True) | GARBAGE,
            "allow_private_network": GARBAGE,
            "allow_origin_regex": REGEXES,
            "max_age": st.integers() | GARBAGE,
        },
    )
)
def test_no_rule_raises_and_what_must_be_is_what_is_refused(parameters: dict[str, Any]) -> None:
    config = config_of(**parameters)
    found = errors(config)
    hit(refused=bool(found), warned=bool(warnings(config)))
    must: list[Place] = []
    for rule in RULES:
        assert rule.finds is not None
        places = rule.finds(config)
        assert rule.applies(config) or not places
        assert len(set(places)) == len(places)
        for place in places:
            value = asdict(config)[place.argument]
            assert place.index is None or 0 <= place.index < len(value)
        must += places if rule.level is Level.MUST else []
    assert bool(must) == bool({rule.id for rule, _ in found} - {"A-CFG-7"})
