"""The rules about what `allow_origins` may hold, and what is risky in it."""

import itertools
import re
from typing import Any

import pytest

from spec.config import Config
from spec.rules import RULES as ALL_RULES
from spec.rules.judge import check_config, verdict
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    ORIGINS,
    REGEX,
    A,
    B,
    Case,
    Findings,
    Parameters,
    at,
    config_of,
    found_by,
    found_in,
    methods,
    origins,
    regex,
    told_apart,
    with_credentials,
)

NO_ORIGINS = [
    "",
    "https://A.example",
    "https://a.example/",
    "https://a.example:443",
    "https://u@a.example",
    "https://a.example:99999",
    "a.example",
    "https://*.example",
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.A.example",
    "https://*.a.example/",
    "https://*.a.example:443",
    "https://pr-*.a.example",
    "https://a.*.example",
    "*://a.example",
    "https://*",
    "https://*.1.2.3.4",
    "ws://a.example",
    "wss://a.example",
    "ftp://a.example",
    "ws://*.a.example",
    "http://127.1",
    "http://::1",
    "https://bücher.example",
    " https://a.example",
    "https://a.example\n",
    "Null",
    "**",
    "file:///",
    "CAPACITOR://localhost",
    "https://a|b",
    "https://a%62",
    "https://xn--",
    "https://xn--abc-.example",
]
ODD_ORIGINS = [
    "https://a_b.example",
    "https://a.example.",
    "https://-a.example",
    "https://a..example",
    "https://a.example:0",
    "https://a!b",
    "https://a,b",
    "app://.",
    "file://",
]
GOOD_PATTERNS = ["https://*.a.example", "http://localhost:*", "http://*.localhost:*", "app://*.a.example:81"]
GOOD_ORIGINS = [A, "http://localhost:8080", "http://[::1]", "capacitor://localhost", "http://127.0.0.1"]

CASES: list[Case] = [
    # A-CFG-1
    (with_credentials("*"), [("A-CFG-1", at(ORIGINS, 0))]),
    (with_credentials("*", "*"), [("A-CFG-1", at(ORIGINS, 0))]),
    (with_credentials(A, "*"), [("A-CFG-1", at(ORIGINS, 1)), ("A-CFG-6", at(ORIGINS, 1))]),
    (origins("*"), []),
    (origins("*", allow_credentials=1), [("A-CFG-19", at("allow_credentials"))]),
    (methods("*") | {"allow_credentials": True}, []),
    # A-CFG-5 and 22
    *((origins(entry), [("A-CFG-5", at(ORIGINS, 0))]) for entry in NO_ORIGINS),
    *((origins(A, entry), [("A-CFG-5", at(ORIGINS, 1))]) for entry in NO_ORIGINS),
    *((origins(entry), [("A-CFG-22", at(ORIGINS, 0))]) for entry in ODD_ORIGINS),
    *((origins(entry), []) for entry in GOOD_ORIGINS + GOOD_PATTERNS),
    (
        origins("a", A, "b", "file://", "app://."),
        [("A-CFG-5", at(ORIGINS, 0, 2)), ("A-CFG-22", at(ORIGINS, 3, 4))],
    ),
    # A-CFG-6
    (origins("*", A), [("A-CFG-6", at(ORIGINS, 0))]),
    (origins(A, "*", B, "*"), [("A-CFG-6", at(ORIGINS, 1))]),
    (origins("*", "*"), []),
    (origins("*", "null"), [("A-CFG-6", at(ORIGINS, 0)), ("A-CFG-7", at(ORIGINS, 1))]),
    # A-CFG-7
    (origins("null"), [("A-CFG-7", at(ORIGINS, 0))]),
    (origins("null", A, "null"), [("A-CFG-7", at(ORIGINS, 0, 2))]),
    (with_credentials("null", A, "null"), [("A-CFG-7", at(ORIGINS, 0, 2))]),
    # A-CFG-8
    (with_credentials("http://a.example"), [("A-CFG-8", at(ORIGINS, 0))]),
    (with_credentials(A, "http://a.example:8080", "http://128.0.0.1"), [("A-CFG-8", at(ORIGINS, 1, 2))]),
    (with_credentials("http://localhost.example"), [("A-CFG-8", at(ORIGINS, 0))]),
    (
        with_credentials("http://localhost", "http://a.localhost:3000", "http://127.9.9.9", "http://[::1]:1"),
        [],
    ),
    (with_credentials(A, "capacitor://a", "capacitor://a:*"), []),
    (with_credentials("https://*.a.example", "https://a.example:*"), []),
    (with_credentials("http://*.a.example", "http://a.example:*"), [("A-CFG-8", at(ORIGINS, 0, 1))]),
    (
        with_credentials("http://*.a.example:8080", "http://*.localhost.example", "http://128.0.0.1:*"),
        [("A-CFG-8", at(ORIGINS, 0, 1, 2))],
    ),
    (
        with_credentials(
            "http://localhost:*",
            "http://*.localhost",
            "http://*.a.localhost:*",
            "http://127.0.0.1:*",
            "http://[::1]:*",
        ),
        [],
    ),
    (with_credentials("http://*.example"), [("A-CFG-5", at(ORIGINS, 0))]),
    (origins("http://*.a.example"), []),
    (with_credentials("http://A.example"), [("A-CFG-5", at(ORIGINS, 0))]),
    (origins("http://a.example"), []),
    (origins("http://a.example", allow_credentials="yes"), [("A-CFG-19", at("allow_credentials"))]),
    (with_credentials(allow_origin_regex=r"https?://a\.example"), [("A-CFG-8", REGEX)]),
    (
        with_credentials("http://a.example", allow_origin_regex=r"http://b\.example"),
        [("A-CFG-8", [*at(ORIGINS, 0), *REGEX])],
    ),
    (with_credentials(allow_origin_regex=r"http://localhost|https://a\.example"), []),
    (origins(allow_origin_regex=r"http://a\.example"), []),
    # A-CFG-27
    *(({ORIGINS: make()}, [("A-CFG-27", at(ORIGINS))]) for make in (list, tuple, set, frozenset, dict)),
    *(
        ({ORIGINS: (), "allow_origin_regex": given}, [])
        for given in (r"https://a\.example", re.compile(r"https://a\.example"))
    ),
    ({ORIGINS: (), "allow_origin_regex": ""}, [("A-CFG-21", REGEX)]),
    ({ORIGINS: (), "allow_origin_regex": "https://*.a.example"}, [("A-CFG-26", REGEX)]),
    (with_credentials(), [("A-CFG-27", at(ORIGINS))]),
]


@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(parameters: Parameters, expected: Findings) -> None:
    config = config_of(**parameters)
    assert found_in(config) == told_apart(config, expected)


# Rules that our middleware does not act on

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    (
        "CFG-1",
        origins("*", "null", A, "https://*.a.example", "https://*.com", "ws://a.example"),
        at(ORIGINS, 4, 5),
    ),
    ("D-03", origins("http://a:80", "https://a:443", "ws://a:80"), at(ORIGINS, 0, 1, 2)),
    (
        "D-03",
        origins("https://*.a.example:443", "http://a:80:*", "http://a:*", "https://*.b.c"),
        at(ORIGINS, 0),
    ),
    ("D-03", origins("http://a:443", "https://a:80", A, "app://a:443", "http://a:8080"), []),
    ("D-03", origins("*", "null", "app://a", "a:80"), []),
]


@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


def test_null_is_an_error_with_credentials_alone() -> None:
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**with_credentials("null"))) == "error"
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**origins("null"))) == "warning"
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**origins("null", allow_credentials=1))) == "warning"
    assert verdict(ALL_RULES["A-CFG-1"], Config()) == "error"
    assert verdict(ALL_RULES["A-CFG-10"], config_of(**regex(".*", allow_credentials=True))) == "warning"


@pytest.mark.parametrize("value", [1, "yes", "false", None, 0])
def test_a_wildcard_is_not_blamed_for_credentials_that_are_no_bool(value: Any) -> None:
    config = Config(allow_origins=("*",), allow_credentials=value)
    found = {violation.rule.id for violation in check_config(config)}
    assert "A-CFG-19" in found and not found & {"A-CFG-1", "SEC-1"}
