"""What works but is risky gives one warning for each rule, at the line that asked for it."""

from __future__ import annotations

import _thread
import pickle
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware
from tests.helpers.asgi import Recorder
from tests.unit.impl.cases import advice, check_warnings

# What may stand between methods in a token.
GLUE = "|+&'`^!#$%~.*"

# Requests never carry these because a script asks for it: forbidden ones, and those of responses.
NEVER_REQUESTED = (
    "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers", "Access-Control-Request-Method",
    "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
    "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
    "Proxy-", "Sec-", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers", "Access-Control-Max-Age",
)  # fmt: skip

# The methods that are registered (https://www.iana.org/assignments/http-methods), but CONNECT and TRACE.
KNOWN_METHODS = (
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "DELETE", "GET", "HEAD", "LABEL",
    "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE",
    "MOVE", "OPTIONS", "ORDERPATCH", "PATCH", "POST", "PRI", "PROPFIND", "PROPPATCH", "PUT", "QUERY",
    "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE",
    "UPDATEREDIRECTREF", "VERSION-CONTROL",
)  # fmt: skip
NORMALIZED = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}

# Arguments, and the rules and places of all their warnings.
UNWISE: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
    ({"allow_origins": [], "allow_origin_regex": ".*"}, {"A-CFG-10": ["allow_origin_regex"]}),
    ({"allow_origins": []}, {"A-CFG-27": ["allow_origins"]}),
    ({"allow_origins": (), "max_age": 86_401}, {"A-CFG-27": ["allow_origins"], "A-CFG-18": ["max_age"]}),
    (
        {"allow_methods": ["GET", "patch", "Query", "GET|POST", "ALL", "any", "'GET'", "propfind"]},
        {"A-CFG-28": [f"allow_methods[{index}]" for index in range(1, 8)]},
    ),
    *(({"allow_methods": [f"GET{glue}PUT"]}, {"A-CFG-28": ["allow_methods[0]"]}) for glue in GLUE),
    *(
        ({"allow_methods": [name.lower()]}, {"A-CFG-28": ["allow_methods[0]"]})
        for name in KNOWN_METHODS
        if name not in NORMALIZED
    ),
    ({"allow_methods": ["|get"]}, {"A-CFG-28": ["allow_methods[0]"]}),
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
    ({"allow_headers": ["X-A", "*"]}, {"A-CFG-23": ["allow_headers[1]"]}),
    (
        {"allow_origins": ["*", "null"], "allow_origin_regex": ".+", "max_age": 10**6},
        {
            "A-CFG-6": ["allow_origins[0]"],
            "A-CFG-7": ["allow_origins[1]"],
            "A-CFG-10": ["allow_origin_regex"],
            "A-CFG-18": ["max_age"],
        },
    ),
]

WISE: list[dict[str, Any]] = [
    {},
    {"allow_origins": ["*"], "allow_methods": ["*"], "allow_headers": ["*"], "expose_headers": ["*"]},
    *(
        {"allow_methods": [name]}
        for name in (*KNOWN_METHODS, "*", "PURGE", "purge", "M-SEARCH", "X_GET", "GET-X")
    ),
    {"allow_methods": ["mymethod", "GET|purge", "GETT", "|", "GET_PUT"]},
    {"allow_headers": ["Authorization", "User-Agent", "X-HTTP-Method-Override", "Security"]},
    {"expose_headers": ["Content-Type", "Access-Control-Allow-Origin"]},
    {"expose_headers": ["Content-Type"], "allow_credentials": True},
    {"max_age": 0},
    {"max_age": 86_400},
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("arguments", "expected"), UNWISE)
def test_one_warning_for_each_rule_names_every_place(
    arguments: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    check_warnings(arguments, expected)


@pytest.mark.parametrize("arguments", WISE)
def test_a_wise_configuration_is_accepted_in_silence(arguments: dict[str, Any]) -> None:
    assert advice(**arguments) == []


def test_a_warning_names_the_line_that_constructs() -> None:
    class Derived(CORSMiddleware):
        def __init__(self, app: Recorder) -> None:
            super().__init__(app, ["*"], max_age=100_000)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CORSMiddleware(Recorder(), ["*"], max_age=100_000)
        Derived(Recorder())
    lines = Path(__file__).read_text().splitlines()
    assert [warning.filename for warning in caught] == [__file__, __file__]
    assert [lines[warning.lineno - 1].strip() for warning in caught] == [
        'CORSMiddleware(Recorder(), ["*"], max_age=100_000)',
        "Derived(Recorder())",
    ]


def test_a_warning_names_the_line_in_a_constructor_of_something_else() -> None:
    class Server:
        def __init__(self) -> None:
            self.app = CORSMiddleware(Recorder(), ["*"], max_age=100_000)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Server()
    line = Path(__file__).read_text().splitlines()[caught[0].lineno - 1]
    assert line.strip() == 'self.app = CORSMiddleware(Recorder(), ["*"], max_age=100_000)'


def test_a_warning_is_given_where_no_line_constructs() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _thread.start_new_thread(CORSMiddleware, (Recorder(),), {"allow_origins": ["*"], "max_age": 100_000})
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


def test_an_error_is_raised_even_where_warnings_are_exceptions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", CORSConfigWarning)
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(Recorder(), allow_origins=["null", "https://A.example"])
    assert [problem.rule for problem in raised.value.problems] == ["A-CFG-5"]


def test_a_warning_made_of_a_text_is_like_any_other() -> None:
    warning = CORSConfigWarning("look out")
    assert (str(warning), warning.args, warning.problems, warning.rule) == ("look out", ("look out",), (), "")
    copy = pickle.loads(pickle.dumps(warning))
    assert (type(copy), str(copy), copy.args) == (CORSConfigWarning, "look out", ("look out",))
    assert (str(CORSConfigWarning()), CORSConfigWarning().problems) == ("", ())
    with pytest.warns(CORSConfigWarning, match="^look out$"):
        warnings.warn("look out", CORSConfigWarning, stacklevel=1)


def test_a_class_that_decides_about_origins_needs_no_list() -> None:
    class Deciding(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> bool:
            return origin == "https://a.example"

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Deciding(Recorder())
