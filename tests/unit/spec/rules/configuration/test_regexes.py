"""The rules about what `allow_origin_regex` may be, and what is risky in it."""

import itertools
import re
import sys
from typing import Any

import pytest

from spec.rules import RULES as ALL_RULES
from spec.rules.configuration import regexes
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    REGEX,
    Case,
    Findings,
    Parameters,
    config_of,
    found_by,
    found_in,
    regex,
    told_apart,
    warned_of,
)

BAD_REGEXES: list[Any] = ["(", "[", "**(", "(?P<a", "a{99999999999999999999}", b"a", 7, True, [], ["a"]]
BAD_REGEXES += [re.compile(b"a"), re.compile(b""), "(" * 10_000 + "a" + ")" * 10_000]
GLOBS = [
    "*",
    "**",
    "*.example.com",
    "https://*.example.com",
    "https://*",
    "*://*",
    "http://localhost:*",
    "https://pr-*.example.com",
    "https://example.com/*",
    "https?://*.example.com",
    "http(s)?://*.example.com",
    "http://[::1]:*",
    "capacitor://*",
    "https://*.example.com, https://*.example.org",
    "*_a-b",
    "^https://*.example.com$",
    r"^https?://(localhost|127\.0\.0\.1):*$",
    r"https://a\.example|http://localhost:*",
    r"https:\/\/*.example.com",
]

CASES: list[Case] = [
    # A-CFG-9 and 21
    *((regex(pattern), [("A-CFG-9", REGEX)]) for pattern in BAD_REGEXES),
    (regex(""), [("A-CFG-21", REGEX)]),
    (regex(re.compile("")), [("A-CFG-21", REGEX)]),
    (regex(None), []),
    (regex("(?i)https://a"), []),
    (regex(re.compile("https://a")), []),
    (regex("[[h]ttps://a"), []),
    (regex("(" * 90 + "https://a" + ")" * 90), []),
    # A-CFG-10
    (regex(".*"), [("A-CFG-10", REGEX)]),
    (regex(".*", allow_credentials=True), [("A-CFG-8", REGEX), ("A-CFG-10", REGEX)]),
    (regex(re.compile(r"HTTPS://[A-Z]+\.COM", re.IGNORECASE)), [("A-CFG-10", REGEX)]),
    (regex(re.compile(r"HTTPS://[A-Z]+\.COM")), [("A-CFG-25", REGEX)]),
    (regex(r"https://.*example\.com"), [("A-CFG-10", REGEX)]),
    (regex(r"https://.*\.example\.com"), []),
    # A-CFG-11
    (regex("https://a.example"), [("A-CFG-10", REGEX), ("A-CFG-11", REGEX)]),
    (regex(r"https://a.b\.example\.com"), [("A-CFG-11", REGEX)]),
    # A-CFG-24
    (regex(r"https://([a-z]+)+\.example\.com"), [("A-CFG-24", REGEX)]),
    (regex(r"https://(a+b)+\.example\.com"), []),
    (regex("https://(a+)+/"), [("A-CFG-24", REGEX), ("A-CFG-25", REGEX)]),
    (regex("https://(.*.)*!"), [("A-CFG-11", REGEX), ("A-CFG-24", REGEX)]),
    # A-CFG-25
    (regex(r"https://a\.example/"), [("A-CFG-25", REGEX)]),
    (regex("null"), [("A-CFG-25", REGEX)]),
    (regex(r"null|https://a\.example"), [("A-CFG-25", REGEX)]),
    (regex(r"null/|/|https://a\.example"), [("A-CFG-25", REGEX)]),
    (regex(r"https://b\.example|https://a\.example"), []),
    # A-CFG-26
    *((regex(glob), [("A-CFG-26", REGEX)]) for glob in GLOBS),
    *(
        (regex(re.compile(glob)), [("A-CFG-26", REGEX)])
        for glob in ("https://*.example.com", "http://localhost:*")
    ),
    *((regex(text), [("A-CFG-9", REGEX)]) for text in ("*+", "**\n", "*(", "*\u00e9", "?*", b"*", "*://a[b")),
    (regex(r"https://a\.example/*"), []),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(parameters: Parameters, expected: Findings) -> None:
    config = config_of(**parameters)
    assert found_in(config) == told_apart(config, expected)


# Rules that our middleware does not act on

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    ("CFG-5", regex("null"), REGEX),
    ("CFG-5", regex(r"https://a\.example|nul+"), REGEX),
    ("CFG-5", regex("nul"), []),
    ("CFG-5", regex("ull"), []),
    ("CFG-5", regex("("), REGEX),
    ("CFG-5", regex("https://*.example.org"), REGEX),
    ("CFG-5", regex(".*"), REGEX),
    ("CFG-5", regex("https://a.b"), REGEX),
    ("CFG-5", regex(r"https://.*\.example\.org"), []),
    ("CFG-5", regex(""), []),
    ("CFG-5a", regex(r"https://example\.org.*"), REGEX),
    ("CFG-5a", regex(r"https://example\.org(:.+)"), REGEX),
    ("CFG-5a", regex(r"https://(.*)example\.org"), REGEX),
    ("CFG-5a", regex(r"https://((.*))example\.org"), REGEX),
    ("CFG-5a", regex(r"https://(?:.*?1a|b)"), REGEX),
    ("CFG-5a", regex(r"https://.*\.example\.org"), []),
    ("CFG-5a", regex(r"https://.{0,9}example\.org"), []),
    ("CFG-5a", regex(r"https://[a-z]*example\.org"), []),
    ("CFG-5a", regex(r"https://.*[-.]example\.org"), []),
    ("CFG-5a", regex(r"https://example\.org()"), []),
    ("CFG-5a", regex(r"https://a:\d+"), []),
]


@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


BARE_DOTS = [
    "https://example.com",
    r"https://.*.example\.org",
    r"https://example\.org|https://a.b",
    r"https://(a.b)",
    r"https://(?:a.b)?c",
    r"https://(a|b.)",
    r"https://(a.)*",
    r"https://\\.",
    r"https://[.].",
    r"https://a(?=.)",
    r"https://a #.",
    r"(?s)https://a.b",
    r"(?x) https://a . b",
    re.compile("https://a . b", re.VERBOSE),
    r"https://a(.)*",
    r"https://.",
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("pattern", BARE_DOTS)
def test_a_dot_that_is_neither_escaped_nor_repeated_is_warned_of(pattern: Any) -> None:
    assert ("A-CFG-11", *REGEX) in warned_of(config_of(**regex(pattern)))


NO_BARE_DOTS = [
    r"https://example\.org",
    r"https://.*\.example\.org",
    r"https://.+\.example\.org",
    r"https://.?\.example\.org",
    r"https://.{3}\.example\.org",
    r"https://.{1,3}?\.example\.org",
    r"https://.*?\.example\.org",
    r"https://(.*)\.example\.org",
    r"https://[.]a",
    r"https://[^.]a",
    r"https://[]a.]b",
    r"https://a\x2eb",
    r"https://a(?#.)b",
    "(?x) https://a  # . ",
    re.compile("https://a  # . ", re.VERBOSE),
    *([r"https://.++"] if sys.version_info >= (3, 11) else []),  # no earlier Python has them
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("pattern", NO_BARE_DOTS)
def test_other_dots_are_not_warned_of(pattern: Any) -> None:
    assert ("A-CFG-11", *REGEX) not in warned_of(config_of(**regex(pattern)))


def test_whether_a_regex_matches_null_is_not_asked_when_that_may_take_long() -> None:
    assert regexes.regex_that_matches_null(config_of(**regex("(null)?"))) == REGEX
    assert regexes.regex_that_matches_null(config_of(**regex("(null)?(a+)+b|(null)?"))) == []
