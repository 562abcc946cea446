"""The rules about what kind of value each parameter takes: lists of strings, flags, seconds."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from spec.rules import RULES as ALL_RULES
from spec.rules.judge import errors, warnings
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    EXPOSE,
    HEADERS,
    LISTS,
    MAX_AGE,
    METHODS,
    ORIGINS,
    A,
    Case,
    Findings,
    Parameters,
    at,
    config_of,
    found_by,
    found_in,
    headers,
    methods,
    origins,
    told_apart,
)

SMALLER_THAN_A_LIST: list[Any] = ["", "*", A, b"", b"GET"]
NO_LIST: list[Any] = [None, 7, 1.5, True, object(), len]
WRONG_ELEMENTS: list[Any] = [None, 7, b"GET", ["GET"], True, re.compile("a")]

CASES: list[Case] = [
    ({}, []),
    # A-CFG-2, 3, 4 and 20
    *(({name: value}, [("A-CFG-2", at(name))]) for name in LISTS for value in SMALLER_THAN_A_LIST),
    *(({name: value}, [("A-CFG-20", at(name))]) for name in LISTS for value in NO_LIST),
    *(({name: (value,)}, [("A-CFG-3", at(name, 0))]) for name in LISTS for value in WRONG_ELEMENTS),
    *(({name: bytearray(b"ab")}, [("A-CFG-3", at(name, 0, 1))]) for name in LISTS),
    *(({name: make()}, []) for name in LISTS[1:] for make in (list, tuple, set, frozenset, dict)),
    (methods("GET", 1, "PUT", None), [("A-CFG-3", at(METHODS, 1, 3))]),
    (origins("*", 1), [("A-CFG-3", at(ORIGINS, 1))]),
    (headers("*", 1), [("A-CFG-3", at(HEADERS, 1))]),
    ({ORIGINS: [A, "a"]}, [("A-CFG-5", at(ORIGINS, 1))]),
    ({ORIGINS: {"a"}}, [("A-CFG-5", at(ORIGINS, 0))]),
    ({ORIGINS: {A: 1, "a": 2}}, [("A-CFG-5", at(ORIGINS, 1))]),
    (
        {ORIGINS: "*", METHODS: None, HEADERS: (1,), EXPOSE: b""},
        [
            ("A-CFG-2", [Place(ORIGINS), Place(EXPOSE)]),
            ("A-CFG-3", at(HEADERS, 0)),
            ("A-CFG-20", at(METHODS)),
        ],
    ),
    # A-CFG-17 and 18
    *(({"max_age": age}, [("A-CFG-17", MAX_AGE)]) for age in (-1, True, False, 600.0, "600", None, (), 1e9)),
    *(({"max_age": age}, [("A-CFG-18", MAX_AGE)]) for age in (86401, 10**30)),
    *(({"max_age": age}, []) for age in (0, 1, 86400)),
    # A-CFG-19
    *(
        ({name: flag}, [("A-CFG-19", at(name))])
        for name in ("allow_credentials", "allow_private_network")
        for flag in (0, 1, None, "true", "", (), 1.0)
    ),
    (
        {"allow_private_network": 1, "allow_credentials": 0},
        [("A-CFG-19", [Place("allow_credentials"), Place("allow_private_network")])],
    ),
    ({"allow_private_network": True, "allow_credentials": True}, []),
]


@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(parameters: Parameters, expected: Findings) -> None:
    config = config_of(**parameters)
    assert found_in(config) == told_apart(config, expected)


# Rules that our middleware does not act on

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    ("D-09", {ORIGINS: "*"}, at(ORIGINS)),
    ("D-09", {ORIGINS: None}, at(ORIGINS)),
    ("D-09", origins(A, 1, b""), at(ORIGINS, 1, 2)),
    ("D-09", {METHODS: "GET", HEADERS: None, EXPOSE: (1,)}, []),
    ("CFG-9a", {"max_age": 7200}, []),
    ("CFG-9a", {"max_age": 7201}, MAX_AGE),
    ("CFG-9a", {"max_age": 1e9}, []),
]


@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


def test_an_iterator_is_read_once() -> None:
    entries: Iterator[str] = iter(["https://A.example", "https://b.example"])
    config = config_of(allow_origins=entries)
    assert [place for _, place in errors(config)] == [Place("allow_origins", 0)]
    assert [rule.id for rule, _ in warnings(config_of(allow_origins=iter(())))] == ["A-CFG-27"]
