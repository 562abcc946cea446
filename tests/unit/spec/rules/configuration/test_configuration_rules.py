"""The rules that judge a configuration: each finds what it should, where it is, and nothing else."""

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.config import Config
from spec.rules import RULES as ALL_RULES
from spec.rules.configuration import headers as header_rules
from spec.rules.configuration import methods as method_rules
from spec.rules.configuration import regexes
from spec.rules.judge import check_config, errors, verdict, warnings
from spec.rules.record import Level, Place, Profile, Rule, Subject, always
from tests.helpers.thresholds import hit, thresholds

RULES = [rule for rule in ALL_RULES.values() if rule.subject is Subject.CONFIGURATION]
NOT_EXECUTABLE = {"D-29", "CFG-6a", "SEC-6", "SEC-8", "SEC-9", "SEC-13", "A-CFG-4", "A-CFG-29"}

ERRORS = {f"A-CFG-{number}" for number in (1, 2, 3, 5, 9, 12, 13, 14, 17, 19, 20, 21, 26)}
WARNINGS = {f"A-CFG-{number}" for number in (6, 7, 8, 10, 11, 15, 16, 18, 22, 23, 24, 25, 27, 28)}

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


def config_of(**parameters: Any) -> Config:
    """Somebody is allowed, unless these parameters say otherwise."""
    return Config(**{"allow_origins": ("https://a.example",)} | parameters)


def found_by(rule: Rule, config: Config) -> list[Place]:
    places = rule.finds(config) if rule.finds else []
    assert rule.applies(config) or not places
    return places


def broken(config: Config) -> set[str]:
    return {rule.id for rule in RULES if found_by(rule, config)}


def refused(config: Config) -> list[tuple[str, Place]]:
    return [(rule.id, place) for rule, place in errors(config)]


def warned_of(config: Config) -> list[tuple[str, Place]]:
    return [(rule.id, place) for rule, place in warnings(config)]


# The table


def test_the_table_is_complete() -> None:
    expected = {"D-03", "D-08", "D-09", "D-22", "D-29", "S-HTTP-15"}
    expected |= {f"CFG-{number}" for number in range(1, 11)}
    expected |= {"CFG-5a", "CFG-6a", "CFG-7a", "CFG-8a", "CFG-8b", "CFG-9a"}
    expected |= {f"SEC-{number}" for number in (1, 4, 5, 6, 8, 9, 10, 12, 13)}
    expected |= {f"A-CFG-{number}" for number in range(1, 30)}
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


def test_what_the_middleware_makes_of_it_is_in_the_record() -> None:
    assert {rule.id for rule in RULES if rule.middleware == "raises"} == ERRORS
    assert {rule.id for rule in RULES if rule.middleware.startswith("warns")} == WARNINGS
    assert {rule.level for rule in RULES if rule.id in ERRORS} == {Level.MUST}
    assert {rule.level for rule in RULES if rule.id in WARNINGS - {"A-CFG-7"}} == {Level.SHOULD}
    assert ALL_RULES["A-CFG-7"].level is Level.SECURITY


def test_the_defaults_break_nothing_but_that_nobody_is_allowed() -> None:
    assert broken(Config()) == {"A-CFG-27"}
    assert broken(Config(allow_origins=(A,))) == set()


def test_the_example_of_the_page_breaks_nothing_that_binds() -> None:
    binding = {rule.id for rule in RULES if rule.level in (Level.MUST, Level.SECURITY)}
    assert not broken(EXAMPLE_OF_THE_PAGE) & binding
    assert errors(EXAMPLE_OF_THE_PAGE) == []
    assert warned_of(EXAMPLE_OF_THE_PAGE) == [("A-CFG-8", Place("allow_origins", 0))]
    assert broken(EXAMPLE_OF_THE_PAGE) == {"A-CFG-8", "SEC-12", "CFG-10"}


# What our middleware refuses and warns of: parameters, and all that is found


def _place(argument: str, *indexes: int) -> list[Place]:
    return [Place(argument, index) for index in indexes] or [Place(argument)]


def origins(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origins": entries, **more}


def with_credentials(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origins": entries, "allow_credentials": True, **more}


def methods(*entries: Any) -> dict[str, Any]:
    return {"allow_methods": entries}


def headers(*entries: Any) -> dict[str, Any]:
    return {"allow_headers": entries}


def exposed(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"expose_headers": entries, **more}


def regex(pattern: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origin_regex": pattern, **more}


ORIGINS, METHODS, HEADERS, EXPOSE = "allow_origins", "allow_methods", "allow_headers", "expose_headers"
REGEX = _place("allow_origin_regex")
MAX_AGE = _place("max_age")
LISTS = (ORIGINS, METHODS, HEADERS, EXPOSE)
A, B = "https://a.example", "https://b.example"

SMALLER_THAN_A_LIST: list[Any] = ["", "*", A, b"", b"GET"]
NO_LIST: list[Any] = [None, 7, 1.5, True, object(), len]
WRONG_ELEMENTS: list[Any] = [None, 7, b"GET", ["GET"], True, re.compile("a")]
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

BAD_REGEXES: list[Any] = ["(", "[", "**(", "(?P<a", "a{99999999999999999999}", b"a", 7, True, [], ["a"]]
BAD_REGEXES += [re.compile(b"a"), re.compile(b""), "(" * 10_000 + "a" + ")" * 10_000]
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
]
MISTAKEN_METHODS = [
    *("patch", "Patch", "query", "Query", "propfind", "version-control", "ALL", "all", "Any", "ANY"),
    *(
        "GET|POST",
        "get|post",
        "GET+POST",
        "GET&PUT",
        "'GET'",
        "`GET`",
        "GET^",
        "!GET",
        "#get",
        "$PUT",
        "PUT%",
    ),
    *("GET~", "GET.PUT", "GET*", "*GET", "**all**", "GET|ALL", "CONNECT|TRACE", "GET|patch||'put'"),
]
UNUSUAL_METHODS = [
    *(
        "PATCH",
        "QUERY",
        "PURGE",
        "purge",
        "X",
        "x",
        "M-SEARCH",
        "mymethod",
        "TRACER",
        "a*",
        "GET_PUT",
        "GET-PUT",
    ),
    *("GET|X", "ALLOW", "ANYTHING", "*", "|", "'*'", "G.E.T", "patchy", "ALLALL"),
]

CASES: list[tuple[dict[str, Any], list[tuple[str, list[Place]]]]] = [
    ({}, []),
    # A-CFG-1
    (with_credentials("*"), [("A-CFG-1", _place(ORIGINS, 0))]),
    (with_credentials("*", "*"), [("A-CFG-1", _place(ORIGINS, 0))]),
    (with_credentials(A, "*"), [("A-CFG-1", _place(ORIGINS, 1)), ("A-CFG-6", _place(ORIGINS, 1))]),
    (origins("*"), []),
    (origins("*", allow_credentials=1), [("A-CFG-19", _place("allow_credentials"))]),
    (methods("*") | {"allow_credentials": True}, []),
    # A-CFG-2, 3, 4 and 20
    *(({name: value}, [("A-CFG-2", _place(name))]) for name in LISTS for value in SMALLER_THAN_A_LIST),
    *(({name: value}, [("A-CFG-20", _place(name))]) for name in LISTS for value in NO_LIST),
    *(({name: (value,)}, [("A-CFG-3", _place(name, 0))]) for name in LISTS for value in WRONG_ELEMENTS),
    *(({name: bytearray(b"ab")}, [("A-CFG-3", _place(name, 0, 1))]) for name in LISTS),
    *(({name: make()}, []) for name in LISTS[1:] for make in (list, tuple, set, frozenset, dict)),
    (methods("GET", 1, "PUT", None), [("A-CFG-3", _place(METHODS, 1, 3))]),
    (origins("*", 1), [("A-CFG-3", _place(ORIGINS, 1))]),
    (headers("*", 1), [("A-CFG-3", _place(HEADERS, 1))]),
    ({ORIGINS: [A, "a"]}, [("A-CFG-5", _place(ORIGINS, 1))]),
    ({ORIGINS: {"a"}}, [("A-CFG-5", _place(ORIGINS, 0))]),
    ({ORIGINS: {A: 1, "a": 2}}, [("A-CFG-5", _place(ORIGINS, 1))]),
    (
        {ORIGINS: "*", METHODS: None, HEADERS: (1,), EXPOSE: b""},
        [
            ("A-CFG-2", [Place(ORIGINS), Place(EXPOSE)]),
            ("A-CFG-3", _place(HEADERS, 0)),
            ("A-CFG-20", _place(METHODS)),
        ],
    ),
    # A-CFG-5 and 22
    *((origins(entry), [("A-CFG-5", _place(ORIGINS, 0))]) for entry in NO_ORIGINS),
    *((origins(A, entry), [("A-CFG-5", _place(ORIGINS, 1))]) for entry in NO_ORIGINS),
    *((origins(entry), [("A-CFG-22", _place(ORIGINS, 0))]) for entry in ODD_ORIGINS),
    *((origins(entry), []) for entry in GOOD_ORIGINS + GOOD_PATTERNS),
    (
        origins("a", A, "b", "file://", "app://."),
        [("A-CFG-5", _place(ORIGINS, 0, 2)), ("A-CFG-22", _place(ORIGINS, 3, 4))],
    ),
    # A-CFG-6
    (origins("*", A), [("A-CFG-6", _place(ORIGINS, 0))]),
    (origins(A, "*", B, "*"), [("A-CFG-6", _place(ORIGINS, 1))]),
    (origins("*", "*"), []),
    (origins("*", "null"), [("A-CFG-6", _place(ORIGINS, 0)), ("A-CFG-7", _place(ORIGINS, 1))]),
    # A-CFG-7
    (origins("null"), [("A-CFG-7", _place(ORIGINS, 0))]),
    (origins("null", A, "null"), [("A-CFG-7", _place(ORIGINS, 0, 2))]),
    (with_credentials("null", A, "null"), [("A-CFG-7", _place(ORIGINS, 0, 2))]),
    # A-CFG-8
    (with_credentials("http://a.example"), [("A-CFG-8", _place(ORIGINS, 0))]),
    (with_credentials(A, "http://a.example:8080", "http://128.0.0.1"), [("A-CFG-8", _place(ORIGINS, 1, 2))]),
    (with_credentials("http://localhost.example"), [("A-CFG-8", _place(ORIGINS, 0))]),
    (
        with_credentials("http://localhost", "http://a.localhost:3000", "http://127.9.9.9", "http://[::1]:1"),
        [],
    ),
    (with_credentials(A, "capacitor://a", "capacitor://a:*"), []),
    (with_credentials("https://*.a.example", "https://a.example:*"), []),
    (with_credentials("http://*.a.example", "http://a.example:*"), [("A-CFG-8", _place(ORIGINS, 0, 1))]),
    (
        with_credentials("http://*.a.example:8080", "http://*.localhost.example", "http://128.0.0.1:*"),
        [("A-CFG-8", _place(ORIGINS, 0, 1, 2))],
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
    (with_credentials("http://*.example"), [("A-CFG-5", _place(ORIGINS, 0))]),
    (origins("http://*.a.example"), []),
    (with_credentials("http://A.example"), [("A-CFG-5", _place(ORIGINS, 0))]),
    (origins("http://a.example"), []),
    (origins("http://a.example", allow_credentials="yes"), [("A-CFG-19", _place("allow_credentials"))]),
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
    # A-CFG-8
    (with_credentials(allow_origin_regex=r"https?://a\.example"), [("A-CFG-8", REGEX)]),
    (
        with_credentials("http://a.example", allow_origin_regex=r"http://b\.example"),
        [("A-CFG-8", [*_place(ORIGINS, 0), *REGEX])],
    ),
    (with_credentials(allow_origin_regex=r"http://localhost|https://a\.example"), []),
    (origins(allow_origin_regex=r"http://a\.example"), []),
    # A-CFG-11
    (regex("https://a.example"), [("A-CFG-10", REGEX), ("A-CFG-11", REGEX)]),
    (regex(r"https://a.b\.example\.com"), [("A-CFG-11", REGEX)]),
    # A-CFG-12 and 13
    *(
        (methods(name), [("A-CFG-12", _place(METHODS, 0))])
        for name in ("", "A B", "GET ", "GET\n", "PÜT", "a,b", "G/T", "\ud800")
    ),
    *(
        (methods("GET", name), [("A-CFG-12", _place(METHODS, 1))])
        for name in ("CONNECT", "trace", "Track", "connecT")
    ),
    *(
        (methods("*", name), [("A-CFG-13", _place(METHODS, 1))])
        for name in ("delete", "get", "head", "options", "post", "put", "Get", "PUt")
    ),
    (
        methods("*", "GET", "DELETE", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "QUERY", "TRACER", "a*"),
        [],
    ),
    (methods("put", "trace", "get"), [("A-CFG-12", _place(METHODS, 1)), ("A-CFG-13", _place(METHODS, 0, 2))]),
    # A-CFG-14
    *(
        ({argument: ("X-A", name)}, [("A-CFG-14", _place(argument, 1))])
        for argument in (HEADERS, EXPOSE)
        for name in (
            "",
            "X A",
            "X-A:",
            "X-A\n",
            "X-A\r\nSet-Cookie",
            "É",
            "\ud800",
            "Cookie ",
            "Sec-A B",
            "Set-Cookie,X",
        )
    ),
    (headers("", "X-A", "()") | exposed(" "), [("A-CFG-14", [*_place(HEADERS, 0, 2), *_place(EXPOSE, 0)])]),
    # A-CFG-15
    *(
        (headers(name), [("A-CFG-15", _place(HEADERS, 0))])
        for name in sorted(header_rules.FORBIDDEN_REQUEST_HEADERS)
    ),
    *(
        (headers("X-A", name), [("A-CFG-15", _place(HEADERS, 1))])
        for name in sorted(header_rules.CORS_RESPONSE_HEADERS)
    ),
    *(
        (headers(name), [("A-CFG-15", _place(HEADERS, 0))])
        for name in ("Cookie", "HOST", "Sec-Fetch-Mode", "proxy-", "SEC-")
    ),
    (
        headers(
            "Authorization",
            "User-Agent",
            "X-HTTP-Method-Override",
            "Range",
            "Secure",
            "Access-Control-Foo",
            "*a",
        ),
        [],
    ),
    (headers("Access-Control-Request-Private-Network"), []),
    # A-CFG-16
    *(
        (exposed("X-A", name), [("A-CFG-16", _place(EXPOSE, 1))])
        for name in ("Set-Cookie", "set-cookie2", "SET-COOKIE")
    ),
    (exposed("*", "X-A", "*", allow_credentials=True), [("A-CFG-16", _place(EXPOSE, 0, 2))]),
    (exposed("*", "X-A"), []),
    (exposed("Cookie", "Content-Type", "Date"), []),
    # A-CFG-17 and 18
    *(({"max_age": age}, [("A-CFG-17", MAX_AGE)]) for age in (-1, True, False, 600.0, "600", None, (), 1e9)),
    *(({"max_age": age}, [("A-CFG-18", MAX_AGE)]) for age in (86401, 10**30)),
    *(({"max_age": age}, []) for age in (0, 1, 86400)),
    # A-CFG-19
    *(
        ({name: flag}, [("A-CFG-19", _place(name))])
        for name in ("allow_credentials", "allow_private_network")
        for flag in (0, 1, None, "true", "", (), 1.0)
    ),
    (
        {"allow_private_network": 1, "allow_credentials": 0},
        [("A-CFG-19", [Place("allow_credentials"), Place("allow_private_network")])],
    ),
    ({"allow_private_network": True, "allow_credentials": True}, []),
    # A-CFG-23
    (headers("*", "X-A"), [("A-CFG-23", _place(HEADERS, 0))]),
    (headers("X-A", "*", "*"), [("A-CFG-23", _place(HEADERS, 1))]),
    (headers("*", "*"), []),
    (headers("*"), []),
    (methods("*", "PUT"), []),
    # A-CFG-24
    (regex(r"https://([a-z]+)+\.example\.com"), [("A-CFG-24", REGEX)]),
    (regex(r"https://(a+b)+\.example\.com"), []),
    (regex("https://(a+)+/"), [("A-CFG-24", REGEX), ("A-CFG-25", REGEX)]),
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
    # A-CFG-27
    *(({ORIGINS: make()}, [("A-CFG-27", _place(ORIGINS))]) for make in (list, tuple, set, frozenset, dict)),
    *(
        ({ORIGINS: (), "allow_origin_regex": given}, [])
        for given in (r"https://a\.example", re.compile(r"https://a\.example"))
    ),
    ({ORIGINS: (), "allow_origin_regex": ""}, [("A-CFG-21", REGEX)]),
    ({ORIGINS: (), "allow_origin_regex": "https://*.a.example"}, [("A-CFG-26", REGEX)]),
    (with_credentials(), [("A-CFG-27", _place(ORIGINS))]),
    # A-CFG-28
    *((methods("GET", name), [("A-CFG-28", _place(METHODS, 1))]) for name in MISTAKEN_METHODS),
    *((methods("GET", name), []) for name in UNUSUAL_METHODS),
    *((methods(name), []) for name in sorted(method_rules.KNOWN_METHODS - {"CONNECT", "TRACE"})),
    *(
        (methods(name.lower()), [("A-CFG-28", _place(METHODS, 0))])
        for name in sorted(
            method_rules.KNOWN_METHODS
            - {"CONNECT", "TRACE", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
        )
    ),
    (
        methods("patch", "get", "trace", "all", "GET", "patch"),
        [
            ("A-CFG-12", _place(METHODS, 2)),
            ("A-CFG-13", _place(METHODS, 1)),
            ("A-CFG-28", _place(METHODS, 0, 3, 5)),
        ],
    ),
    (regex("https://(.*.)*!"), [("A-CFG-11", REGEX), ("A-CFG-24", REGEX)]),
]


@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(
    parameters: dict[str, Any], expected: list[tuple[str, list[Place]]]
) -> None:
    config = config_of(**parameters)
    pairs = [(rule_id, place) for rule_id, places in expected for place in places]
    is_refused = ERRORS | ({"A-CFG-7"} if config.allow_credentials is True else set())
    assert sorted(refused(config), key=str) == sorted(
        (each for each in pairs if each[0] in is_refused), key=str
    )
    assert sorted(warned_of(config), key=str) == sorted(
        (each for each in pairs if each[0] not in is_refused), key=str
    )


def test_every_row_has_cases() -> None:
    assert {rule_id for _, expected in CASES for rule_id, _ in expected} == ERRORS | WARNINGS


def test_null_is_an_error_with_credentials_alone() -> None:
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**with_credentials("null"))) == "error"
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**origins("null"))) == "warning"
    assert verdict(ALL_RULES["A-CFG-7"], config_of(**origins("null", allow_credentials=1))) == "warning"
    assert verdict(ALL_RULES["A-CFG-1"], Config()) == "error"
    assert verdict(ALL_RULES["A-CFG-10"], config_of(**regex(".*", allow_credentials=True))) == "warning"


def test_an_iterator_is_left_alone() -> None:
    entries: Iterator[str] = iter(["a", "b"])
    config = config_of(allow_origins=entries)
    assert errors(config) == warnings(config) == []
    assert list(entries) == ["a", "b"]
    assert warnings(config_of(allow_origins=iter(()))) == []  # it may have had something


@pytest.mark.parametrize("pattern", BARE_DOTS)
def test_a_dot_that_is_neither_escaped_nor_repeated_is_warned_of(pattern: Any) -> None:
    assert ("A-CFG-11", *REGEX) in warned_of(config_of(**regex(pattern)))


@pytest.mark.parametrize("pattern", NO_BARE_DOTS)
def test_other_dots_are_not_warned_of(pattern: Any) -> None:
    assert ("A-CFG-11", *REGEX) not in warned_of(config_of(**regex(pattern)))


def test_whether_a_regex_matches_null_is_not_asked_when_that_may_take_long() -> None:
    assert regexes.regex_that_matches_null(config_of(**regex("(null)?"))) == REGEX
    assert regexes.regex_that_matches_null(config_of(**regex("(null)?(a+)+b|(null)?"))) == []


# Rules that our middleware does not act on


@pytest.mark.parametrize(
    ("rule_id", "parameters", "expected"),
    [
        ("D-03", origins("http://a:80", "https://a:443", "ws://a:80"), _place(ORIGINS, 0, 1, 2)),
        (
            "D-03",
            origins("https://*.a.example:443", "http://a:80:*", "http://a:*", "https://*.b.c"),
            _place(ORIGINS, 0),
        ),
        ("D-03", origins("http://a:443", "https://a:80", A, "app://a:443", "http://a:8080"), []),
        ("D-03", origins("*", "null", "app://a", "a:80"), []),
        ("D-08", origins(A, "*", "*"), _place(ORIGINS, 1, 2)),
        ("D-08", methods("*") | headers("*"), []),
        ("D-09", {ORIGINS: "*"}, _place(ORIGINS)),
        ("D-09", {ORIGINS: None}, _place(ORIGINS)),
        ("D-09", origins(A, 1, b""), _place(ORIGINS, 1, 2)),
        ("D-09", {METHODS: "GET", HEADERS: None, EXPOSE: (1,)}, []),
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
        ("CFG-6", methods("GET", "TRACE", "put", "a b"), _place(METHODS, 1, 3, 2)),
        ("CFG-6", methods("*", "PUT"), []),
        ("CFG-7", headers("X A") | exposed("X A"), _place(HEADERS, 0)),
        (
            "CFG-7a",
            headers("Cookie", "Sec-A", "Access-Control-Allow-Origin", "proxy-a"),
            _place(HEADERS, 0, 1, 3),
        ),
        ("CFG-8", headers("X A") | exposed("X-A", "X A"), _place(EXPOSE, 1)),
        (
            "CFG-8b",
            exposed(
                *("Cache-Control", "content-language", "Content-Length", "Content-Type", "Expires"),
                *("Last-Modified", "Pragma", "ETag", "Set-Cookie"),
            ),
            _place(EXPOSE, 0, 1, 2, 3, 4, 5, 6),
        ),
        ("CFG-9a", {"max_age": 7200}, []),
        ("CFG-9a", {"max_age": 7201}, MAX_AGE),
        ("CFG-9a", {"max_age": 1e9}, []),
        ("CFG-10", origins("null"), _place(ORIGINS, 0)),
        ("CFG-10", with_credentials("http://a"), _place(ORIGINS, 0)),
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
            [*_place(ORIGINS, 2), *_place(ORIGINS, 0, 3), *REGEX],
        ),
        (
            "CFG-10",
            with_credentials("http://*.a.example", "http://a.example:*", "https://*.a.example"),
            _place(ORIGINS, 0, 1, 2),
        ),
        (
            "CFG-10",
            {METHODS: ("PUT", "*"), HEADERS: ("*",), EXPOSE: ("*",), "allow_credentials": True},
            [*_place(METHODS, 1), *_place(HEADERS, 0)],
        ),
        ("CFG-10", {METHODS: ("*",), HEADERS: ("*",)}, []),
        (
            "CFG-1",
            origins("*", "null", A, "https://*.a.example", "https://*.com", "ws://a.example"),
            _place(ORIGINS, 4, 5),
        ),
        ("SEC-1", with_credentials(A, "*"), _place(ORIGINS, 1)),
        ("SEC-1", with_credentials("*", allow_origin_regex=".*"), [*_place(ORIGINS, 0), *REGEX]),
        ("SEC-1", regex(r".*\.a\.example", allow_credentials=True), []),
        ("SEC-1", origins("*", allow_origin_regex=".*"), []),
        ("SEC-5", regex(r"https://.*\.example\.org"), REGEX),
        (
            "SEC-5",
            origins("https://*.a.example", "http://localhost:*", "http://*.localhost:*", A, "https://*.com"),
            _place(ORIGINS, 0, 2),
        ),
        ("SEC-5", origins("https://*.a.example", allow_origin_regex=r".*\.a"), [*_place(ORIGINS, 0), *REGEX]),
        ("SEC-5", regex(r"https://[a-z0-9-]+\.example\.org"), REGEX),
        ("SEC-5", regex(r"https://(.+\.)?example\.org"), REGEX),
        ("SEC-5", regex(r"https://(\w+)[.]example\.org"), REGEX),
        ("SEC-5", regex(r"https://(?:a|b)\.example\.org(:\d+)?"), []),
        ("SEC-5", regex(r"https?://a\.example\.org"), []),
        ("SEC-5", regex(r"https://a\.example\.org:\d+"), []),
        (
            "SEC-12",
            origins("*") | methods("GET", "*") | headers("*") | exposed("*"),
            [*_place(ORIGINS, 0), *_place(METHODS, 1), *_place(HEADERS, 0), *_place(EXPOSE, 0)],
        ),
    ],
)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: dict[str, Any], expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


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


FORBIDDEN = """
    accept-charset accept-encoding access-control-request-headers access-control-request-method connection
    content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer
    transfer-encoding upgrade via
"""
CORS_HEADERS = """
    access-control-allow-credentials access-control-allow-headers access-control-allow-methods
    access-control-allow-origin access-control-allow-private-network access-control-expose-headers
    access-control-max-age
"""


def test_the_tables_are_those_of_fetch() -> None:
    assert sorted(method_rules.NORMALIZED_METHODS) == ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
    assert sorted(method_rules.FORBIDDEN_METHODS) == ["CONNECT", "TRACE", "TRACK"]
    assert sorted(header_rules.FORBIDDEN_REQUEST_HEADERS) == FORBIDDEN.split()
    assert sorted(header_rules.CORS_RESPONSE_HEADERS) == CORS_HEADERS.split()


METHODS_OF_IANA = """
    ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY
    MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT
    QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL
"""


def test_the_known_methods_are_those_of_the_registry() -> None:
    assert sorted(method_rules.KNOWN_METHODS) == METHODS_OF_IANA.split()
    assert sorted(method_rules.ALL_METHODS) == ["ALL", "ANY"]


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


@pytest.mark.parametrize("value", [1, "yes", "false", None, 0])
def test_a_wildcard_is_not_blamed_for_credentials_that_are_no_bool(value: Any) -> None:
    config = Config(allow_origins=("*",), allow_credentials=value)
    found = {violation.rule.id for violation in check_config(config)}
    assert "A-CFG-19" in found and not found & {"A-CFG-1", "SEC-1"}
