"""T-13 config: construction fails exactly for the rows of A.5 with the verdict error, and names all of them.

Each row with the verdict warning that applies gives exactly one warning. The rows are judged twice: by the
middleware, and by the rules of the spec, which know nothing of each other.
"""

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware
from spec import strategies
from spec.config import Config
from spec.rules import RULES, judge
from spec.rules.record import Rule
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answering_app, protect

Found = Counter[tuple[str, str, int | None]]


def constructed(config: Config) -> tuple[Found, Counter[str]]:
    """The problems and the rules of the warnings of a construction."""
    problems: Found = Counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            CORSMiddleware(answering_app, **vars(config))
        except CORSConfigError as error:
            problems = Counter((each.rule, each.argument, each.index) for each in error.problems)
    # The regular expression module has warnings of its own, for patterns that will change their meaning.
    ours = [each.message for each in caught if isinstance(each.message, CORSConfigWarning)]
    return problems, Counter(warning.rule for warning in ours)


def expected(config: Config) -> tuple[Found, Counter[str]]:
    """What the rules say."""
    problems = Counter((rule.id, place.argument, place.index) for rule, place in judge.errors(config))
    return problems, Counter({rule.id for rule, _ in judge.warnings(config)})


# Values that each row of the table knows, and near misses of them.
ORIGINS = (
    "https://a.example", "*", "null", "https://A.example", "https://a.example/", "https://a.example:443",
    "http://a.example", "http://localhost:3000", "http://127.0.0.1", "http://127.1", "http://[::1]",
    "http://[0:0::1]", "https://*.a.example", "a.example", " https://a.example", "https://a.example\n", "",
    "https://u@a.example", "https://b\u00fccher.example", "http://foo_bar.example", "http://a.example:0",
    "file://", "app://.", "capacitor://localhost", "Null", "https://a.example:99999", "https://a..example",
    "https://", "://", "http://1.2.3", "http://%65xample.com", "x://a/b",
    "chrome-extension://*", "https://%2A.a.example",
    "https://a.example,", "https://a.example;", "app://a,", "null,", ",",
    "https://*.a.example:8443", "http://*.a.example:*", "http://*.localhost:*", "http://localhost:*",
    "http://127.0.0.1:*", "http://[::1]:*", "http://a.example:*", "capacitor://localhost:*", "https://*.a.example:443",
    "https://*.A.example", "https://*.a.example/", "https://*.com", "https://*.co.uk", "https://*.github.io",
    "https://*.example", "https://github.io:*", "https://pr-*.a.example", "https://a.*.example.com", "*://a.example",
    "https://*", "https://*:*", "https://*.1.2.3.4", "https://*.[::1]", "https://*.a_b.example.com",
    "*.a.example",
    "https://*.xn--bcher-kva.example", "https://*.xn--.example", "http://a.example:*:80", "https://*.a.example:65536",
    "ws://a.example", "wss://a.example", "ftp://a.example", "ws://*.a.example", "file://localhost:*",
)  # fmt: skip
METHODS = (
    "GET",
    "*",
    "get",
    "patch",
    "PATCH",
    "CONNECT",
    "trace",
    "Track",
    "a b",
    "",
    "PURGE",
    "Put",
    "QUERY",
    "query",
    "GET|POST",
    "'GET'",
    "ALL",
    "any",
    "propfind",
    "purge",
    "M-SEARCH",
    "mymethod",
    "GET|X",
    "|",
    "get+patch",
)
NAMES = ("X-Token", "*", "cookie", "Sec-Fetch-Mode", "proxy-x", "x y", "", "Set-Cookie", "set-cookie2",
         "Access-Control-Allow-Origin", "Accept", "user-agent", "X-HTTP-Method", "a:b")  # fmt: skip
# Every name of C-HDR-1, and every header of an answer; each with a letter more is an ordinary name.
KNOWN = (
    "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
    "connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive",
    "origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via", "proxy-",
    "sec-",
    "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-methods",
    "access-control-allow-headers", "access-control-expose-headers", "access-control-max-age",
    "access-control-allow-private-network",
)  # fmt: skip
REGEXES = (
    None, "", "(", r"https://.*\.example\.org", r"https://.*.example.org", ".*", r"https://.*", r"(a+)+",
    r"https://(?:[a-z]+\.)+example\.org", r"https://[.]example", r"https://a\.example$", r"(?:ab{1,3})+",
    r"https://a.?\.example", r"https?://[a-z]+\.(?:com|org)", r"(?i)https://A\.example",
    r"https://(?:.a)+\.example\.org", r"https://(?:[a-z]+?-)+?\.example\.org", r"https://(?:[a-z]++-)+\.example\.org",
    r"https://(?:(?:[a-z]+-)++\.)+example\.org",
    "https://*.example.org", "*", "http://localhost:*", "https?://*.example.org", "https://example.org/*",
    "*+",
)  # fmt: skip
ODD: tuple[object, ...] = (
    None,
    1,
    "text",
    b"bytes",
    True,
    1.5,
    (),
    ("a", 1),
    (b"GET",),
    (None,),
    ["GET"],
    {"GET": 1},
)
AGES: tuple[object, ...] = (600, 0, -1, 86400, 86401, True, 1.0, "600", None, 10**30)
FLAGS: tuple[object, ...] = (True, False, 1, None, "true")


def lists(words: tuple[str, ...]) -> st.SearchStrategy[object]:
    near = st.lists(st.sampled_from(words), max_size=4).map(tuple)
    return st.one_of(near, near, near, near, st.sampled_from(ODD))


anything = st.builds(
    Config,
    allow_origins=lists(ORIGINS),
    allow_methods=lists(METHODS),
    allow_headers=lists(NAMES),
    allow_credentials=st.one_of(st.booleans(), st.sampled_from(FLAGS)),
    allow_origin_regex=st.one_of(st.sampled_from(REGEXES), st.sampled_from(ODD)),
    allow_private_network=st.one_of(st.booleans(), st.sampled_from(FLAGS)),
    expose_headers=lists(NAMES),
    max_age=st.sampled_from(AGES),
)


@thresholds(refused=0.3, several=0.2, warned=0.1)
@given(st.one_of(anything, strategies.bad_configs(), strategies.configs()))
def test_problems_and_warnings_are_those_of_the_house_rules(config: Config) -> None:
    problems, warned = expected(config)
    hit(refused=bool(problems), several=len(problems) > 1, warned=bool(warned))
    assert constructed(config) == (problems, warned)


ACTED_ON = [rule for rule in RULES.values() if rule.middleware]
VOCABULARY: dict[str, Iterable[Any]] = {
    "allow_origins": [*((each,) for each in ORIGINS), *product(ORIGINS[:6], repeat=2), *ODD],
    "allow_methods": [*((each,) for each in METHODS), *ODD],
    "allow_headers": [*((each,) for each in NAMES), ("*", "X-Token"), *ODD],
    "expose_headers": [*((each,) for each in NAMES), *ODD],
    "allow_origin_regex": [*REGEXES, *ODD],
    "max_age": AGES,
    "allow_credentials": FLAGS,
    "allow_private_network": FLAGS,
}


@pytest.mark.slow
@pytest.mark.mutation
def test_every_value_of_the_vocabulary_alone_and_with_credentials() -> None:
    tried = 0
    seen: Counter[str] = Counter()
    for name, values in VOCABULARY.items():
        for value, credentials in product(values, (False, True)):
            config = replace(Config(allow_credentials=credentials), **{name: value})
            problems, warned = expected(config)
            assert constructed(config) == (problems, warned), config
            seen.update(rule for rule, _, _ in problems)
            seen.update(warned)
            tried += 1
    assert tried > 300
    assert {rule.id for rule in ACTED_ON} - set(seen) == set(), "add what breaks these to VOCABULARY"


@pytest.mark.parametrize("rule", ACTED_ON, ids=lambda rule: rule.id)
def test_the_middleware_does_with_a_counterexample_what_its_rule_says(rule: Rule) -> None:
    config = rule.counterexample
    assert isinstance(config, Config)
    assert constructed(config) == expected(config), f"{rule.id}: implement it in impl/validation"


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_header_is_known_by_its_whole_name(name: str) -> None:
    for spelling, rules in ((name, {"A-CFG-15"}), (name.title(), {"A-CFG-15"}), (f"x{name}", set())):
        config = Config(allow_origins=ORIGINS[:1], allow_headers=(spelling,))
        assert set(constructed(config)[1]) == rules
        assert constructed(config) == expected(config)
    longer = Config(allow_origins=ORIGINS[:1], allow_headers=(f"{name}x",))
    assert constructed(longer) == expected(longer)
    assert bool(constructed(longer)[1]) == name.endswith("-")


def test_the_parameters_are_the_fields_of_the_configuration() -> None:
    built = protect(answering_app, Config())
    assert {field.name: getattr(built.config, field.name) for field in fields(Config)} == vars(Config())
