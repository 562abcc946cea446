"""What works but is unwise gives one warning for each rule, at the line that asked for it."""

from __future__ import annotations

import _thread
import pickle
import re
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from impl import CORSConfigWarning, CORSMiddleware
from tests.asgi import Recorder
from tests.impl.cases import advice, given

ANY_HOST = r"https://[a-z.]+"

# Requests never carry these because a script asks for it: forbidden ones, and those of responses.
NEVER_REQUESTED = (
    "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method",
    "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
    "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
    "Proxy-", "Sec-", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers", "Access-Control-Max-Age",
)  # fmt: skip

# Arguments, and the rules and places of all their warnings.
UNWISE: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"allow_origins": ["https://a.example", "*"]}, {"A-CFG-6": ["allow_origins[1]"]}),
    (
        {"allow_origins": ["null", "https://a.example", "null"]},
        {"A-CFG-7": ["allow_origins[0]", "allow_origins[2]"]},
    ),
    (
        {"allow_origins": ["http://a.example", "https://a.example"], "allow_credentials": True},
        {"A-CFG-8": ["allow_origins[0]"]},
    ),
    (
        {"allow_origins": ["http://127.evil.example", "http://localhost.example"], "allow_credentials": True},
        {"A-CFG-8": ["allow_origins[0]", "allow_origins[1]"]},
    ),
    ({"allow_origin_regex": ANY_HOST}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": ANY_HOST, "allow_credentials": True}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": ".*"}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"http://www\.\w+\.invalid"}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://.*.example.org"}, {"A-CFG-11": ["allow_origin_regex"]}),
    ({"allow_origin_regex": re.compile("https://a.example", re.S)}, {"A-CFG-11": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://(a|b.)\.example"}, {"A-CFG-11": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://(?:.a)+\.example"}, {"A-CFG-11": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://(.)*\.example\.org"}, {"A-CFG-11": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://([a-z]+\.)+example\.org"}, {"A-CFG-24": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://([a-z]{1,10})+\.example"}, {"A-CFG-24": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://(a*?b{2,})*\.example"}, {"A-CFG-24": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://([a-z]+?\.)+?example"}, {"A-CFG-24": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://((x|(?=a+))y)*z\.example"}, {"A-CFG-24": ["allow_origin_regex"]}),
    ({"allow_origin_regex": r"https://(([a-z]+,){1,3};)+\.example"}, {"A-CFG-24": ["allow_origin_regex"]}),
    (
        {
            "allow_headers": [
                "Cookie",
                "sec-fetch-site",
                "Proxy-A",
                "X-A",
                "DNT",
                "Access-Control-Allow-Origin",
            ]
        },
        {"A-CFG-15": [f"allow_headers[{index}]" for index in (0, 1, 2, 4, 5)]},
    ),
    *(({"allow_headers": [name]}, {"A-CFG-15": ["allow_headers[0]"]}) for name in NEVER_REQUESTED),
    (
        {"expose_headers": ["X-A", "set-cookie", "Set-Cookie2"]},
        {"A-CFG-16": ["expose_headers[1]", "expose_headers[2]"]},
    ),
    ({"expose_headers": ["*"], "allow_credentials": True}, {"A-CFG-16": ["expose_headers[0]"]}),
    ({"max_age": 86_401}, {"A-CFG-18": ["max_age"]}),
    (
        {"allow_origins": ["http://a_b.example", "https://a.example:0", "app://.", "file://", "http://a.b."]},
        {"A-CFG-22": [f"allow_origins[{index}]" for index in range(5)]},
    ),
    (
        {"allow_origins": ["http://a_b.example"], "allow_credentials": True},
        {"A-CFG-22": ["allow_origins[0]"], "A-CFG-8": ["allow_origins[0]"]},
    ),
    ({"allow_headers": ["X-A", "*"]}, {"A-CFG-23": ["allow_headers[1]"]}),
    (
        {"allow_origins": ["*", "null"], "allow_origin_regex": "(.+)+", "max_age": 10**6},
        {
            "A-CFG-6": ["allow_origins[0]"],
            "A-CFG-7": ["allow_origins[1]"],
            "A-CFG-10": ["allow_origin_regex"],
            "A-CFG-24": ["allow_origin_regex"],
            "A-CFG-18": ["max_age"],
        },
    ),
]

WISE: list[dict[str, Any]] = [
    {},
    {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"], "expose_headers": ["*"]},
    {"allow_origins": ["*", "*"]},
    {"allow_origin_regex": r"https://.*\.example\.org", "allow_credentials": True},
    {"allow_origin_regex": r"https://[.a-z]{1,20}\.example\.org"},
    {"allow_origin_regex": r"https://(a{1,9}b)+\.example"},
    {"allow_origin_regex": r"https://([a-z]{12})+\.example"},
    {"allow_origin_regex": r"https://(a+b){1,3}\.example"},
    {"allow_origin_regex": r"https://a+b+\.example"},
    {"allow_origin_regex": r"https://[[a-z]+\.example"},  # Python warns that this may change
    {"allow_origin_regex": re.compile("https://a  # . is fine here", re.VERBOSE)},
    {
        "allow_origins": [
            "http://localhost",
            "http://a.localhost:1",
            "http://127.0.0.9",
            "http://[::1]",
        ],
        "allow_credentials": True,
    },
    {"allow_origins": ["http://a.example"]},
    {"allow_methods": ["*", "patch", "PURGE", "query"]},
    {"allow_headers": ["Authorization", "User-Agent", "X-HTTP-Method-Override", "Security"]},
    {"expose_headers": ["Content-Type", "Access-Control-Allow-Origin"]},
    {"max_age": 0},
    {"max_age": 86_400},
]


@pytest.mark.parametrize(("arguments", "expected"), UNWISE)
def test_one_warning_for_each_rule_names_every_place(
    arguments: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    found = advice(**arguments)
    assert {warning.rule: [problem.place for problem in warning.problems] for warning in found} == expected
    assert len(found) == len(expected)
    for warning in found:
        assert [problem.value for problem in warning.problems] == [
            given(problem, arguments) for problem in warning.problems
        ]
        message = str(warning)
        assert message.startswith(f"{warning.rule}, an unwise argument of CORSMiddleware\n\n  ")
        assert all(f"\n  {place} = " in message for place in expected[warning.rule])
        assert "\n    Instead: " in message
        assert max(map(len, message.splitlines())) <= 80


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["unrelatedcanary", r"www\.unrelatedcanary"])
@pytest.mark.parametrize("tld", ["com", "net", "org", "invalid"])
def test_a_regex_may_not_allow_any_of_the_unrelated_origins(scheme: str, host: str, tld: str) -> None:
    (warning,) = advice(allow_origin_regex=rf"{scheme}://{host}\.{tld}")
    assert warning.rule == "A-CFG-10"


@pytest.mark.parametrize("arguments", WISE)
def test_a_wise_configuration_is_accepted_in_silence(arguments: dict[str, Any]) -> None:
    assert advice(**arguments) == []


@pytest.mark.skipif("sys.version_info < (3, 11)", reason="Python 3.10 has no possessive or atomic forms")
@pytest.mark.parametrize("body", ["(a++b)+", "(?>a+)+", "((?>(b|a+))c)+", "(a+)++", "(b(?:a+)++c)+"])
def test_what_never_backtracks_is_no_nested_quantifier(body: str) -> None:
    assert advice(allow_origin_regex=rf"https://{body}\.example") == []


@pytest.mark.counts_frames
def test_a_warning_names_the_line_that_constructs() -> None:
    class Derived(CORSMiddleware):
        def __init__(self, app: Recorder) -> None:
            super().__init__(app, max_age=100_000)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CORSMiddleware(Recorder(), max_age=100_000)
        Derived(Recorder())
    lines = Path(__file__).read_text().splitlines()
    assert [warning.filename for warning in caught] == [__file__, __file__]
    assert [lines[warning.lineno - 1].strip() for warning in caught] == [
        "CORSMiddleware(Recorder(), max_age=100_000)",
        "Derived(Recorder())",
    ]


@pytest.mark.counts_frames
def test_a_warning_names_the_line_in_a_constructor_of_something_else() -> None:
    class Server:
        def __init__(self) -> None:
            self.app = CORSMiddleware(Recorder(), max_age=100_000)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Server()
    line = Path(__file__).read_text().splitlines()[caught[0].lineno - 1]
    assert line.strip() == "self.app = CORSMiddleware(Recorder(), max_age=100_000)"


def test_a_warning_is_given_where_no_line_constructs() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _thread.start_new_thread(CORSMiddleware, (Recorder(),), {"max_age": 100_000})
        deadline = time.monotonic() + 5
        while not caught and time.monotonic() < deadline:
            time.sleep(0.001)
    assert [str(warning.message).split(",")[0] for warning in caught] == ["A-CFG-18"]


def test_one_rule_can_be_silenced_by_the_standard_filters() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", r"A-CFG-1\b", CORSConfigWarning)
        warnings.filterwarnings("ignore", r"A-CFG-7\b", CORSConfigWarning)
        CORSMiddleware(Recorder(), allow_origins=["null"], max_age=100_000)
    assert [str(warning.message).split(",")[0] for warning in caught] == ["A-CFG-18"]


def test_a_warning_made_an_exception_stops_the_construction() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", CORSConfigWarning)
        with pytest.raises(CORSConfigWarning) as raised:
            CORSMiddleware(Recorder(), allow_origins=["null"])
    assert raised.value.rule == "A-CFG-7"
    assert isinstance(raised.value, UserWarning)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
    given_once = CORSConfigWarning(each for each in raised.value.problems)
    assert str(pickle.loads(pickle.dumps(given_once))) == str(raised.value)
