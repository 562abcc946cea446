"""The rules about configurations that open more than one origin, method or header at a time."""

import pytest

from spec.rules import RULES as ALL_RULES
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    EXPOSE,
    HEADERS,
    METHODS,
    ORIGINS,
    REGEX,
    A,
    Parameters,
    at,
    config_of,
    exposed,
    found_by,
    headers,
    methods,
    origins,
    regex,
    with_credentials,
)

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    ("D-08", origins(A, "*", "*"), at(ORIGINS, 1, 2)),
    ("D-08", methods("*") | headers("*"), []),
    ("SEC-1", with_credentials(A, "*"), at(ORIGINS, 1)),
    ("SEC-1", with_credentials("*", allow_origin_regex=".*"), [*at(ORIGINS, 0), *REGEX]),
    ("SEC-1", regex(r".*\.a\.example", allow_credentials=True), []),
    ("SEC-1", origins("*", allow_origin_regex=".*"), []),
    ("SEC-5", regex(r"https://.*\.example\.org"), REGEX),
    (
        "SEC-5",
        origins("https://*.a.example", "http://localhost:*", "http://*.localhost:*", A, "https://*.com"),
        at(ORIGINS, 0, 2),
    ),
    ("SEC-5", origins("https://*.a.example", allow_origin_regex=r".*\.a"), [*at(ORIGINS, 0), *REGEX]),
    ("SEC-5", regex(r"https://[a-z0-9-]+\.example\.org"), REGEX),
    ("SEC-5", regex(r"https://(.+\.)?example\.org"), REGEX),
    ("SEC-5", regex(r"https://(\w+)[.]example\.org"), REGEX),
    ("SEC-5", regex(r"https://(?:a|b)\.example\.org(:\d+)?"), []),
    ("SEC-5", regex(r"https?://a\.example\.org"), []),
    ("SEC-5", regex(r"https://a\.example\.org:\d+"), []),
    (
        "SEC-12",
        origins("*") | methods("GET", "*") | headers("*") | exposed("*"),
        [*at(ORIGINS, 0), *at(METHODS, 1), *at(HEADERS, 0), *at(EXPOSE, 0)],
    ),
    ("CFG-10", origins("null"), at(ORIGINS, 0)),
    ("CFG-10", with_credentials("http://a"), at(ORIGINS, 0)),
    ("CFG-10", regex(r".*\.a"), REGEX),
    (
        "CFG-10",
        origins(
            "http://*.a.example",
            "http://a.example:*",
            "null",
            "https://*.a.example:*",
            allow_origin_regex=r".*\.a",
        ),
        [*at(ORIGINS, 2), *at(ORIGINS, 0, 3), *REGEX],
    ),
    (
        "CFG-10",
        with_credentials("http://*.a.example", "http://a.example:*", "https://*.a.example"),
        at(ORIGINS, 0, 1, 2),
    ),
    (
        "CFG-10",
        {METHODS: ("PUT", "*"), HEADERS: ("*",), EXPOSE: ("*",), "allow_credentials": True},
        [*at(METHODS, 1), *at(HEADERS, 0)],
    ),
    ("CFG-10", {METHODS: ("*",), HEADERS: ("*",)}, []),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected
