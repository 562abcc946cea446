"""A wrong configuration is corrected to what was meant, if that is certain, and the message says the same."""

from __future__ import annotations

import re
import sys
import warnings
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlsplit

import httpx
import pydantic
import pytest
from starlette.datastructures import URL

from impl import Config, CORSConfigError, CORSConfigWarning, CORSMiddleware
from impl.config import gather, review
from impl.validation import correction as correction_module
from impl.validation import regex, repair
from impl.validation.repair import Meaning
from tests.asgi import Recorder
from tests.impl.cases import refusal
from tests.offers import as_offered, offers

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = Path(__file__).parents[1] / "cases"
A, B, EVIL = "https://a.example", "https://b.example", "https://evil.example"


class Sites(Enum):
    """Origins of a program."""

    A = "https://A.example"
    OTHER = 7


class Verb(str, Enum):
    """Methods of a program, which are strings."""

    GET = "GET"


class Verbs(Enum):
    """Methods of a program, which are no strings."""

    PUT = "put"


class Bare:
    """An object that shows nothing."""


class Shown:
    """An object with a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


class Parsed:
    """An object with a URL of a kind of its own."""

    def __init__(self, url: object) -> None:
        self.url = url

    def geturl(self) -> object:
        """As the results of urllib.parse have it."""
        return self.url


class Broken:
    """An object whose methods raise."""

    def geturl(self) -> str:
        """As the results of urllib.parse have it."""
        raise ValueError


class Mute:
    """An object that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError


def correction(**arguments: Any) -> dict[str, Any] | None:
    """What the corrected configuration has in the place of what was given, of arguments that are refused."""
    error = refusal(**arguments)
    check(arguments, error)
    if error.corrected is None:
        return None
    given = replace(Config(), **{name: gather(value) for name, value in arguments.items()})
    before = {name: (type(value), value) for name, value in vars(given).items()}
    return {
        name: value for name, value in vars(error.corrected).items() if (type(value), value) != before[name]
    }


def check(arguments: dict[str, Any], error: CORSConfigError) -> None:
    """What holds of every error: the texts offer what is corrected, and the corrected one is accepted."""
    given = replace(Config(), **{name: gather(value) for name, value in arguments.items()})
    assert [offers(problem) for problem in error.problems] == [
        problem.correction is not None for problem in error.problems
    ]
    assert as_offered(given, error) == error.corrected
    if error.corrected is not None:
        assert review(error.corrected)[0] == []


def wrong() -> list[Any]:
    """The cases of the files."""
    return [
        pytest.param(case, id=f"{path.stem} {case['arguments']}")
        for path in (CASES / "repairs.toml", CASES / "repairs_more.toml")
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["wrong"]
    ]


@pytest.mark.parametrize("case", wrong())
def test_a_wrong_configuration_is_corrected_to_what_was_meant(case: dict[str, Any]) -> None:
    error = refusal(**case["arguments"])
    if not case.get("corrects", True):
        assert error.corrected is None
        assert len(error.problems) > 1 or not offers(error.problems[0])
        return
    assert error.corrected is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        corrected = CORSMiddleware(Recorder(), **vars(error.corrected))
    assert corrected.is_allowed_origin(case["meant"]) is True
    if "not_meant" in case:
        assert corrected.is_allowed_origin(case["not_meant"]) is False


@pytest.mark.parametrize("case", wrong())
def test_the_message_offers_what_is_corrected(case: dict[str, Any]) -> None:
    check(case["arguments"], refusal(**case["arguments"]))


def test_there_are_cases_of_both_kinds() -> None:
    certain = [case.values[0].get("corrects", True) for case in wrong()]
    assert certain.count(True) > 100
    assert certain.count(False) > 60


LABELS = r"https://[a-z]+\.a\.example"
OTHER_LABELS = r"https://[a-z]+\.b\.example"
BOTH = rf"(?:{LABELS})|(?:{OTHER_LABELS})"

# Values of Python for allow_origins, and the entries (or the regex) that they are corrected to.
ORIGINS: list[tuple[Any, Any]] = [
    (b"https://a.example", (A,)),
    (bytearray(b"https://a.example"), None),  # an iterable of numbers
    ([b"https://a.example/"], (A,)),
    ([bytearray(b"https://a.example")], (A,)),
    ([b"https://\xff.example"], None),
    ([pydantic.AnyHttpUrl(A)], (A,)),
    (pydantic.AnyHttpUrl(A), (A,)),
    ([URL("https://a.example:443/b")], (A,)),
    (URL(A), (A,)),
    ([httpx.URL(A)], (A,)),
    ([urlsplit("https://a.example/b")], (A,)),
    ([urlparse("https://a.example/b;c?d#e")], (A,)),
    ([urlsplit("a.example")], None),
    ([Parsed(A)], (A,)),
    ([Parsed(b"https://a.example")], None),
    ([Parsed(7)], None),
    ([Shown("https://a.example/b")], (A,)),
    ([Shown("https://a.example b")], None),
    ([Shown("https://<a>.example")], None),
    ([Shown("a.example")], None),
    ([Shown("<https://a.example>")], None),
    ([Shown("*")], None),
    ([Bare()], None),
    ([Mute()], None),
    (Bare(), None),
    (Mute(), None),
    ([7], None),
    (7, None),
    ([True], None),
    ([Sites.A], (A,)),
    ([Sites.OTHER], None),
    ([A, None], (A,)),
    ([None], None),
    (None, None),
    ([[A, B]], (A, B)),
    ([(A, B + "/")], (A, B)),
    ([{B, A}], (A, B)),
    ([frozenset({A})], (A,)),
    ([{A: B}], None),
    ([[A, 7]], None),
    ({A + "/"}, (A,)),
    ({A + "/": 1}, (A,)),
    ((entry for entry in [A + "/", B]), (A, B)),
    ([re.compile(r"https://a\.example")], (A,)),
    ([re.compile(r"^https://a\.example$")], (A,)),
    ([re.compile(rb"https://a\.example")], (A,)),
    ([re.compile(rb"https://a\.example", re.I)], None),
    ([re.compile(".*")], None),
]
MOVED: list[tuple[Any, Any, Any]] = [
    # allow_origins, allow_origin_regex, and what that is corrected to
    ([re.compile(LABELS)], None, LABELS),
    (re.compile(LABELS), None, LABELS),
    ([re.compile(LABELS, re.I)], None, f"(?i:{LABELS})"),
    ([re.compile(LABELS, re.S | re.M | re.I)], None, f"(?ims:{LABELS})"),
    ([re.compile(f"(?i){LABELS}")], None, f"(?i){LABELS}"),
    ([re.compile(f"(?i){LABELS}", re.S)], None, None),
    ([re.compile(LABELS, re.X)], None, None),
    ([re.compile(LABELS, re.A)], None, None),
    ([re.compile(LABELS, re.X | re.I)], None, None),
    ([re.compile(LABELS)], LABELS, LABELS),
    ([re.compile(OTHER_LABELS)], LABELS, BOTH),
    ([OTHER_LABELS], re.compile(LABELS), BOTH),
    ([OTHER_LABELS], re.compile(LABELS, re.I), rf"(?:(?i:{LABELS}))|(?:{OTHER_LABELS})"),
    ([OTHER_LABELS], re.compile(LABELS, re.X), None),
    ([OTHER_LABELS], f"(?i){LABELS}", None),
    ([OTHER_LABELS], r"https://(a)\1\.a\.example", None),
    ([OTHER_LABELS], r"https://(?P<a>a)\.a\.example", None),
    ([OTHER_LABELS], r"https://(a)?(?(1)b)\.a\.example", None),
    ([OTHER_LABELS], "https://(", None),
    ([OTHER_LABELS], 7, None),
    ([LABELS, OTHER_LABELS], None, BOTH),
    ([OTHER_LABELS], LABELS.encode(), BOTH),
    ([OTHER_LABELS], "", OTHER_LABELS),
    ([[OTHER_LABELS, A]], LABELS, BOTH),
    (OTHER_LABELS, LABELS, BOTH),
]
# Values for allow_origin_regex, and what both arguments are corrected to.
REGEXES: list[tuple[Any, Any, Any]] = [
    (LABELS.encode(), (), LABELS),
    (bytearray(LABELS.encode()), (), LABELS),
    (re.compile(LABELS.encode()), (), LABELS),
    (re.compile(LABELS.encode(), re.I), None, None),
    (b"https://*.a.example", ("https://*.a.example",), None),
    (["https://*.a.example", LABELS], ("https://*.a.example",), LABELS),
    (b".*", None, None),
    (b"(", None, None),
    ([LABELS], (), LABELS),
    ((LABELS, OTHER_LABELS), (), BOTH),
    ([LABELS, r"https://(a)\1\.b\.example"], None, None),
    ([A], (A,), None),
    ([], None, None),
    ([None], None, None),
    (pydantic.AnyHttpUrl(A), (A,), None),
    (7, None, None),
    (Bare(), None, None),
    ("*.a.example", ("https://*.a.example",), None),
    (re.compile("https://*.a.example"), ("https://*.a.example",), None),
    ("https://pr-*.a.example", (), r"https://pr-[a-z0-9-]+\.a\.example"),
    ("https://*.a.example,https://pr-*.a.example", ("https://*.a.example",), r"https://pr-[a-z0-9-]+\.a\.example"),
    (r"*.a\.example", ("https://*.a.example",), None),
    ("https://*", None, None),
    ("*.com", None, None),
    ("https://(", None, None),
    ("", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "entries"), ORIGINS)
def test_objects_with_a_known_meaning_are_corrected(value: Any, entries: Any) -> None:
    error = refusal(allow_origins=value)
    assert (error.corrected and error.corrected.allow_origins) == entries


@pytest.mark.parametrize(("origins", "given", "expected"), MOVED)
def test_a_regex_in_the_list_moves_to_its_argument(origins: Any, given: Any, expected: Any) -> None:
    error = refusal(allow_origins=origins, allow_origin_regex=given)
    check({"allow_origins": origins, "allow_origin_regex": given}, error)
    assert (error.corrected and error.corrected.allow_origin_regex) == expected
    if error.corrected:
        assert set(error.corrected.allow_origins) <= {A}


def test_what_cannot_be_read_has_no_correction() -> None:
    endless: list[Any] = []
    endless.append(endless)
    nested = "[" * 5000 + A + "]" * 5000
    cases: list[dict[str, Any]] = [
        {"allow_origins": [endless]},
        {"allow_methods": [endless]},
        {"allow_headers": [endless]},
        {"expose_headers": [endless]},
        {"allow_origin_regex": endless},
        {"allow_origins": [nested]},
        {"allow_origins": nested},
        {"allow_origins": [Parsed(Mute()), Broken()]},
        {"allow_origins": Broken()},
        {"allow_origin_regex": Broken()},
    ]
    for arguments in cases:
        assert refusal(**arguments).corrected is None


def test_a_regex_is_offered_only_beside_one_that_is_known() -> None:
    for given in ("https://(", 7, f"(?i){LABELS}"):
        problem, *_ = refusal(allow_origins=[OTHER_LABELS], allow_origin_regex=given).problems
        assert (problem.correction, problem.repair) == (None, "a regex as allow_origin_regex.")


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        ({"allow_origins": LABELS}, [f"leave it out, and write allow_origin_regex=r'{LABELS}'"]),
        (
            {"allow_origins": f"{A}, https://pr-*.a.example"},
            [rf"allow_origins=['{A}'], and write allow_origin_regex=r'https://pr-[a-z0-9-]+\.a\.example'"],
        ),
        (
            {"allow_origins": [f"{A}, https://pr-*.a.example"]},
            [rf"'{A}', and write allow_origin_regex=r'https://pr-[a-z0-9-]+\.a\.example'"],
        ),
        (
            {"allow_origins": [LABELS], "allow_origin_regex": OTHER_LABELS.encode()},
            [
                f"leave it out, and write allow_origin_regex=r'(?:{OTHER_LABELS})|(?:{LABELS})'",
                f"allow_origin_regex=r'(?:{OTHER_LABELS})|(?:{LABELS})'",
            ],
        ),
        (
            {"allow_origin_regex": "https://pr-*.a.example"},
            [r"allow_origin_regex=r'https://pr-[a-z0-9-]+\.a\.example'"],
        ),
        (
            {"allow_origin_regex": "https://*.a.example,https://pr-*.a.example,http://localhost:*"},
            [
                r"allow_origin_regex=r'https://pr-[a-z0-9-]+\.a\.example', and add to allow_origins: "
                "'https://*.a.example', 'http://localhost:*'"
            ],
        ),
        ({"allow_origins": [A], "allow_origin_regex": ""}, ["leave it out."]),
        (
            {"allow_origin_regex": "http://localhost:*"},
            ["leave it out, and add to allow_origins: 'http://localhost:*'"],
        ),
    ],
)
def test_the_whole_text_of_what_is_offered(arguments: dict[str, Any], texts: list[str]) -> None:
    assert [problem.repair for problem in refusal(**arguments).problems] == texts


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"a\.b", r"r'a\.b'"),
        ("a.b", "'a.b'"),
        ("a'\\b", '"a\'\\\\b"'),
        ("a\\", "'a\\\\'"),
        ("a\\b\n", "'a\\\\b\\n'"),
        (["a\\b"], "['a\\\\b']"),
        (7, "7"),
    ],
)
def test_a_text_with_backslashes_is_spelled_raw_where_it_can_be(value: object, expected: str) -> None:
    assert correction_module.spelled(value) == expected


@pytest.mark.parametrize(("value", "origins", "expected"), REGEXES)
def test_what_is_no_regex_becomes_one_or_moves_to_the_list(value: Any, origins: Any, expected: Any) -> None:
    arguments = {"allow_origins": [B], "allow_origin_regex": value}
    for given, before in (({"allow_origin_regex": value}, ()), (arguments, (B,))):
        error = refusal(**given)
        check(given, error)
        if origins is None and not (value == "" and before):
            assert error.corrected is None
        else:
            assert error.corrected is not None
            assert error.corrected.allow_origins == (*before, *(origins or ()))
            assert error.corrected.allow_origin_regex == expected


def test_several_corrections_are_made_at_once_and_the_order_is_kept() -> None:
    error = refusal(
        allow_origins=["https://B.example/", A, None, "https://a.example:443", "https://pr-*.a.example", B],
        allow_methods=["put", "GET, PUT", "TRACE", b"X"],
        allow_headers="X-B, X-A",
        allow_credentials="true",
        allow_origin_regex="https://*.c.example",
        allow_private_network=0,
        expose_headers=["X-C:", "X-D"],
        max_age="5",
    )
    assert error.corrected == Config(
        allow_origins=(B, A, "https://*.c.example"),
        allow_methods=("PUT", "GET", "X"),
        allow_headers=("X-B", "X-A"),
        allow_credentials=True,
        allow_origin_regex=r"https://pr-[a-z0-9-]+\.a\.example",
        allow_private_network=False,
        expose_headers=("X-C", "X-D"),
        max_age=5,
    )


def test_what_is_not_wrong_stays_as_it_is() -> None:
    error = refusal(allow_origins=[A, A], allow_methods=["get", "patch"], max_age=10**6)
    assert error.corrected == Config((A, A), ("GET", "patch"), max_age=10**6)


def test_one_problem_without_a_correction_leaves_none() -> None:
    error = refusal(allow_origins=[A + "/"], max_age=-1)
    assert [problem.repair for problem in error.problems] == [
        "'https://a.example'",
        "whole seconds, for instance 600; 0 for no caching.",
    ]
    assert error.corrected is None


def test_an_override_that_is_never_called_has_no_correction() -> None:
    class Dead(CORSMiddleware):
        def send(self) -> None:
            """Starlette's class calls it."""

    with pytest.raises(CORSConfigError) as raised:
        Dead(Recorder(), [A + "/"])
    assert raised.value.corrected is None


# Values for a list of methods, and what it is corrected to.
METHODS: list[tuple[Any, Any]] = [
    ("get", ("GET",)),
    ("GET, POST", ("GET", "POST")),
    ("GET POST", ("GET", "POST")),
    ("GET|POST", ("GET", "POST")),
    ("GET/POST;PUT\nPATCH", ("GET", "POST", "PUT", "PATCH")),
    ("patch, Query", ("PATCH", "QUERY")),
    ("PURGE,X", ("PURGE", "X")),
    ("PURGE, X", ("PURGE", "X")),
    ("GET; PURGE", ("GET", "PURGE")),
    ("PURGE X", None),
    ("GET PURGE", None),
    ("GET|PURGE", None),
    ("GET|", None),
    ("purge", ("purge",)),
    ("*", ("*",)),
    ("GET, *", ("GET", "*")),
    ("* GET", ("*", "GET")),
    ("all", None),
    ("Any", None),
    ("GET, all", None),
    ("GET, TRACE, connect, Track", ("GET",)),
    ("GET, GET", ("GET",)),
    ('["GET", "POST"]', ("GET", "POST")),
    ("('get',)", ("GET",)),
    ("{'get'}", ("GET",)),
    ("[GET", None),
    ("", ()),
    (" , ", ()),
    (b"GET", ("GET",)),
    ("é", None),
    (None, ("GET",)),
    (5, None),
    (Verbs.PUT, ("PUT",)),
    (["get", Verb.GET], ("GET",)),
    ([Verbs.PUT], ("PUT",)),
    ([Sites.OTHER], None),
    ([b"put"], ("PUT",)),
    ([bytearray(b"put")], ("PUT",)),
    ([["put"], ["head", [b"post"]]], ("PUT", "HEAD", "POST")),
    ([("put", "head")], None),
    ([["put", 7]], None),
    ([None, "GET"], ("GET",)),
    ([{"GET"}], None),
    ([""], ()),
    (["GET\n"], ("GET",)),
    (["GET:"], ("GET",)),
    ([" PURGE"], ("PURGE",)),
    (['"GET"'], ("GET",)),
    (["GET PURGE"], None),
    (["a b"], None),
    (["TRACE"], ()),
]
HEADERS: list[tuple[Any, Any]] = [
    ("X-A", ("X-A",)),
    ("X-A, x-b", ("X-A", "x-b")),
    ("X-A;X-B\nX-C", ("X-A", "X-B", "X-C")),
    ("X-A X-B", ("X-A", "X-B")),
    ("Authorization Content-Type", ("Authorization", "Content-Type")),
    ("content-type, authorization accept", ("content-type", "authorization", "accept")),
    ("X A", None),
    ("X-A B", None),
    ("X-A and X-B", None),
    ("Token", ("Token",)),
    ("*", ("*",)),
    ("all", None),
    ("ANY", None),
    ("", ()),
    (None, ()),
    (5, None),
    ('["X-A"]', ("X-A",)),
    (b"X-A", ("X-A",)),
    ([b"X-A"], ("X-A",)),
    ([b"X-\xe9"], None),
    ([["X-A", "X-B"]], ("X-A", "X-B")),
    ([None, "X-A"], ("X-A",)),
    ([("X-A", "1")], None),
    (["X-A:"], ("X-A",)),
    (["X-A: "], ("X-A",)),
    (["X-A: 1"], None),
    (["X-A\r\nX-B: 1"], None),
    (["X-A\r\n"], ("X-A",)),
    ([""], ()),
    (["X-A, X-A"], ("X-A",)),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), METHODS)
def test_methods_are_corrected(value: Any, expected: Any) -> None:
    arguments = {"allow_origins": [A], "allow_methods": value}
    error = refusal(**arguments)
    check(arguments, error)
    assert (error.corrected and error.corrected.allow_methods) == expected


@pytest.mark.parametrize("argument", ["allow_headers", "expose_headers"])
@pytest.mark.parametrize(("value", "expected"), HEADERS)
def test_header_names_are_corrected(argument: str, value: Any, expected: Any) -> None:
    arguments = {"allow_origins": [A], argument: value}
    error = refusal(**arguments)
    check(arguments, error)
    assert (error.corrected and getattr(error.corrected, argument)) == expected


@pytest.mark.parametrize("name", "accept authorization cookie date etag expires link location origin pragma "
                                 "range vary".split())  # fmt: skip
def test_names_of_one_word_may_stand_beside_others(name: str) -> None:
    error = refusal(allow_origins=[A], expose_headers=[f"X-A {name}"])
    assert error.corrected is not None
    assert error.corrected.expose_headers == ("X-A", name)


@pytest.mark.parametrize("argument", ["allow_credentials", "allow_private_network"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, True) for value in ("true", "TRUE", " True\n", "1", "yes", "On", 1)),
        *((value, False) for value in ("false", "False", "0", "no", "OFF", 0, None)),
        *((value, None) for value in ("", "maybe", "t", "null", 2, -1, 1.0, 0.0, [True], b"true")),
    ],
)
def test_flags_are_corrected(argument: str, value: Any, expected: bool | None) -> None:
    arguments = {"allow_origins": [A], argument: value}
    error = refusal(**arguments)
    check(arguments, error)
    assert (error.corrected and getattr(error.corrected, argument)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("600", 600),
        (" 60\n", 60),
        ("0", 0),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        ("10m", None),
        ("\u0661", None),
        (600.0, 600),
        (0.0, 0),
        (600.5, None),
        (-1.0, None),
        (float("nan"), None),
        (float("inf"), None),
        (timedelta(minutes=10), 600),
        (timedelta(0), 0),
        (timedelta(milliseconds=1), None),
        (timedelta(days=-1), None),
        (-1, None),
        (True, None),
        (None, None),
        (b"600", None),
        ([600], None),
    ],
)
def test_seconds_are_corrected(value: Any, expected: int | None) -> None:
    arguments = {"allow_origins": [A], "max_age": value}
    error = refusal(**arguments)
    check(arguments, error)
    assert (error.corrected and error.corrected.max_age) == expected


@pytest.mark.parametrize("entry", ["*", "null"])
@pytest.mark.parametrize("credentials", ["true", 1, "maybe", "", 2])
def test_credentials_are_never_corrected_beside_everybody(entry: str, credentials: Any) -> None:
    for origins in ([A, entry], entry, [f" {entry.upper()}"], [[entry]], entry.encode()):
        error = refusal(allow_origins=origins, allow_credentials=credentials)
        assert error.corrected is None
        check({"allow_origins": origins, "allow_credentials": credentials}, error)
    assert correction(allow_origins=[A, entry], allow_credentials="false") == {"allow_credentials": False}
    assert correction(allow_origins=[A, entry], allow_credentials=None) == {"allow_credentials": False}


# Texts and what they mean as an entry: entries, a regex in a tuple of its own, or None.
PLAIN: dict[str, tuple[str, ...] | None] = {
    "https://a.example": (A,),
    "  ": (),
    "https://a.example\nhttps://b.example": (A, B),
    "https://a.example\nb.example": None,
    "WS%3a%2f%2fa.example%2Fb": ("http://a.example",),
    "app%3A%2F%2Fa": None,
    r"https:\/\/a.example": (A,),
    r'[\"https://a.example\"]': (A,),
    "Htps://a.example": None,
    "TTP://a.example": None,
    "htpx://A/": ("htpx://a",),
    "file://": ("file://",),
    " app://. ": ("app://.",),
    "http:/intranet": ("http://intranet",),
    "http://http://intranet:3000": ("http://intranet:3000",),
    "http://http:intranet": None,
    "http://http:a.example": ("http://a.example",),
    "http://http/api": ("http://http",),
    "http://http//a.example": ("http://a.example",),
    "https://https;//a.example": (A,),
    "https://ws://a.example": None,
    "https://HTTPS://a.example": (A,),
    "https://https://https://a.example": (A,),
    "https:8080": None,
    "https:a": None,
    "http:localhost": ("http://localhost",),
    "https//a": ("https://a",),
    "*.localhost:3000": ("http://*.localhost:3000",),
    "https://*.example.com.": None,
    "https ://a.example": (A,),
    "https://": None,
    "https://.": None,
    "https://..": None,
    "https://*.%65xample.com": ("https://*.example.com",),
    "https://(a).example/": None,
    "HTTPS://A_B.example": ("https://a_b.example",),
    "https://-A.example": ("https://-a.example",),
    "[::1]": ("http://[::1]",),
    "[::1": None,
    "::1": ("http://[::1]",),
    "[2001:db8::1]": None,
    "2001:db8::1": None,
    "http://2001:db8::1/a": ("http://[2001:db8::1]",),
    "http://1:2:3:4:5:6:7:8": ("http://[1:2:3:4:5:6:7:8]",),
    "http://a:b:c": None,
    "localhost": ("http://localhost",),
    "LOCALHOST:3000/a": ("http://localhost:3000",),
    "my.internal": ("https://my.internal",),
    "my.home": ("https://my.home",),
    "my.unknownsuffix": None,
    "my.example": ("https://my.example",),
    "co.uk": None,
    "github.io": None,
    "a.github.io": ("https://a.github.io",),
    "*.github.io": None,
    "*.a.github.io": ("https://*.a.github.io",),
    "example.com,example.org": ("https://example.com", "https://example.org"),
    "example.com example.org": ("https://example.com", "https://example.org"),
    "example.com https://example.org": None,
    "example.com, https://example.org": ("https://example.com", "https://example.org"),
    "https://b.example,,a.example": (B, A),
    "http//localhost:3000": ("http://localhost:3000",),
    "https://a.example//": (A,),
    "https://a.example//b": None,
    "https://a.example/b//c": (A,),
    "https://a.example/b://c": None,
    "https://a.example?b://c": None,
    "https://a.example?b=://c": (A,),
    # A `?` of a glob or of a regex, and that of a query.
    "https://app?.a.example": None,
    "https://app-?.a.example": None,
    "https://www.?a.example": None,
    "https://a?.a.example/?b=c": None,
    "https://app?:80": None,
    "https://app??": None,
    "https://app?*": None,
    "https://app-?": None,
    "http://localhost:300?": None,
    "http://localhost:300?b=c": ("http://localhost:300",),
    "http://localhost?": ("http://localhost",),
    "https://a.example?": (A,),
    "https://a.example?b": (A,),
    "https://app?b=c": ("https://app",),
    "https://a.example?b=c.d": (A,),
    "https://a.example/?b.c": (A,),
    "https://a.example/??": (A,),
    # Several origins, or alternatives inside one.
    "https://a|b.a.example": None,
    "https://a.example|b.example": None,
    "a.example|b.example": None,
    "https://a.example | https://b.example": (A, B),
    # Blocks of addresses, and addresses that several people read in several ways.
    "http://10.0.0.0/8": None,
    "http://192.168.0.0/16/": None,
    "http://10.0.0.0:81/8": None,
    "http://[2001:db8::]/32": None,
    "http://2001:db8::/32": None,
    "http://10.0.0.1/8/a": ("http://10.0.0.1",),
    "http://10.0.0.1/a8": ("http://10.0.0.1",),
    "http://a.1a/8": ("http://a.1a",),
    "https://192.168.010.1": None,
    "https://010.0.0.1": None,
    "https://1.2.3.04": None,
    "https://1.2.3": None,
    "https://1.2.3/": None,
    "https://1.2.3.4/": ("https://1.2.3.4",),
    "https://0.0.0.0/": ("https://0.0.0.0",),
    "https://10.0.1/": None,
    "https://0x7f.0.1/": ("https://127.0.0.1",),
    "https://01.a.example/": ("https://01.a.example",),
    # Letters that look alike.
    "https://ex\u0430mple.com": None,
    "https://ex%D0%B0mple.com": None,
    "https://a.ex\u0430mple.com": None,
    "https://\u0430.example": ("https://xn--80a.example",),
    "https://\u0430-1.example": ("https://xn---1-6kc.example",),
    "https://b\u00fccher.a.example": ("https://xn--bcher-kva.a.example",),
    "https://a.example#b://c": (A,),
    "https://@a.example": (A,),
    "https://u@a.example": (A,),
    "https://u.v@a.example": None,
    "u@a.example": None,
    "//*.example.com": ("https://*.example.com",),
    "//localhost:3000": ("http://localhost:3000",),
    "ws://localhost:*": ("http://localhost:*",),
    "wss://a.example:80": ("https://a.example:80",),
    "about:blank": None,
    "https://a.example%00": None,
    "app://a/b": ("app://a",),
    "app://A:80/": ("app://a:80",),
    "app://": None,
    "app://u.v@a": None,
    "app:/a": None,
    "a.example:80": ("http://a.example",),
    "a.example:443": (A,),
    "a.example:8443": ("https://a.example:8443",),
    "localhost:443": ("https://localhost",),
    "localhost:80": ("http://localhost",),
    "a_b://a": None,
    "1x://a/": None,
    "http://[::1]x/": None,
    "https://a]b.example/": None,
    "[a.example]x": None,
    "{'https://a.example'}x": None,
    "https://a\uff61example": (A,),
    r"https:\\www.a.example": ("https://www.a.example",),
    r"https:\\dev.a.example\wide": ("https://dev.a.example",),
    "https://*.%ff.example": None,
    "https://*.a.example:0": ("https://*.a.example:0",),
    **{f"my.{name}": (f"https://my.{name}",) for name in ("corp", "home", "invalid", "lan", "local", "test")},
    "<https://a.example>, <https://b.example>": (A, B),
    "<a.example>": None,
    "{'https://a.example'}": (A,),
    "('https://a.example', 'https://b.example')": (A, B),
    "(https://a.example)": None,
    "[a.example]": (A,),
    "[[\"https://a.example\"]]": (A,),
    "[]": (),
    "export ORIGINS='https://a.example'": (A,),
    "cors.origins = https://a.example": (A,),
    "ORIGINS=a.example": None,
    "access-control-allow-origin: https://a.example": (A,),
    "Origin:  a.example": (A,),
    "referer: https://a.example": None,
    "https?://*.example.com": ("https://*.example.com", "http://*.example.com"),
    "http*://a.example": (A, "http://a.example"),
    "http(s)?://a.example": (A, "http://a.example"),
    "(http|https)://a.example": (A, "http://a.example"),
    "(?:https?)://a.example": (A, "http://a.example"),
    "*://localhost:3000/": ("https://localhost:3000", "http://localhost:3000"),
    "*://*": None,
    "*": ("*",),
    "NULL": ("null",),
    "**": None,
    "https://*.example.com:99999": None,
    "https://*.example.com:65536": None,
    "https://*.example.com:065535": ("https://*.example.com:65535",),
    "https://*.example.com:00": ("https://*.example.com:0",),
    "https://*.example.com:x": None,
    "https://*.127.0.0.1": None,
    "https://*.0.0.1": None,
    "https://*..example.com": None,
    "https://a$b.example": None,
    "https://a.example/$": (A,),
    "...": None,
    "%NAME%": None,
    "{}": None,
    "https://{}.Example.com": None,
    "https://a{1.Example.com": None,
    r"https:\\a.example": (A,),
    r"https:\\a.example\b": (A,),
    r"https:\\a.example\b.c": (A,),
    "https://a.example\\b": (A,),
    r"https://.*.example.com": ("https://*.example.com",),
    r"(.*).example.com": ("https://*.example.com",),
    r"https://(.*)\.example\.com": ("https://*.example.com",),
    r"https://(.+)\.example\.com": ("https://*.example.com",),
    r"^https?://.*\.example\.com$": ("https://*.example.com", "http://*.example.com"),
    r"\Ahttps://a\.example\Z": (A,),
    r"https://a\.example/?$": (A,),
    r"https://a\.example/$": (A,),
    r"https://a\.example:8080": ("https://a.example:8080",),
    r"https://a\-b\.example": ("https://a-b.example",),
    r"https://.*\.co\.uk": None,
    r"/https:\/\/a\.example/gi": (A,),
    r"/https:\/\/a\.example/x": None,
    "/a.example/": (A,),
    "/": None,
}  # fmt: skip
VARIED: dict[str, str | None] = {
    "https://pr-*.example.com": r"https://pr-[a-z0-9-]+\.example\.com",
    "https://*-a.example.com": r"https://[a-z0-9-]+-a\.example\.com",
    "https://A-*.Example.com": r"https://a-[a-z0-9-]+\.example\.com",
    "pr-*.example.com": r"https://pr-[a-z0-9-]+\.example\.com",
    "https://a.*.example.com:*": r"https://a\.[a-z0-9-]+\.example\.com(:[0-9]+)?",
    "https://a.*.example.com:443": r"https://a\.[a-z0-9-]+\.example\.com",
    "https://a.*.example.com:0444": r"https://a\.[a-z0-9-]+\.example\.com:444",
    "https://*.*.example.com": r"https://[a-z0-9-]+\.[a-z0-9-]+\.example\.com",
    "https://a-*.b.github.io": r"https://a-[a-z0-9-]+\.b\.github\.io",
    "https://a-*.github.io": None,
    "https://a-*.b_c.example": None,
    "app+x://a-*.example.com": r"app\+x://a-[a-z0-9-]+\.example\.com",
    "http://10.*.*.*": r"http://10\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
    "http://127.0.0.*:80": r"http://127\.0\.0\.[0-9]{1,3}",
    "http://169.254.*.1": r"http://169\.254\.[0-9]{1,3}\.1",
    "http://192.168.*.*": r"http://192\.168\.[0-9]{1,3}\.[0-9]{1,3}",
    "http://172.16.0.*": r"http://172\.16\.0\.[0-9]{1,3}",
    "http://172.29.0.*": r"http://172\.29\.0\.[0-9]{1,3}",
    "http://172.31.0.*": r"http://172\.31\.0\.[0-9]{1,3}",
    "http://172.15.0.*": None,
    "http://172.32.0.*": None,
    "http://192.168.*": None,
    "http://192.168.1.*.5": None,
    "http://192.169.1.*": None,
    "http://9.1.1.*": None,
    "http://*.1.1.1": None,
    r"https://(a|b)\.example\.com": r"https://(a|b)\.example\.com",
    r"^https://[a-z]+\.example\.com$": r"https://[a-z]+\.example\.com",
    r"https://[a-z]+\.example\.com/?": r"https://[a-z]+\.example\.com",
    r"(https://a\.example|https://b\.example)": r"(https://a\.example|https://b\.example)",
    r"https?://[a-z]+\.example\.com": r"https?://[a-z]+\.example\.com",
    r"https://[a-z+\.example\.com": None,
    r"(https://a\.example|https?://b\.example)": r"(https://a\.example|https?://b\.example)",
    r"https://(a|b).*\.example\.com": r"https://(a|b).*\.example\.com",
    r"https://a*\.example\.com": r"https://a*\.example\.com",
    r"https://.*example\.com": None,
    r"https://(a+)+\.example\.com": None,
}


@pytest.mark.parametrize(("text", "entries"), PLAIN.items())
def test_a_text_means_certain_entries(text: str, entries: tuple[str, ...] | None) -> None:
    assert repair.meaning(text, credentials=False) == (None if entries is None else Meaning(entries))


@pytest.mark.parametrize(("text", "expected"), VARIED.items())
def test_a_text_means_a_regex(text: str, expected: str | None) -> None:
    assert repair.meaning(text, credentials=False) == (expected and Meaning((), (expected,)))


AROUND = (
    *" \t\r\n\f\v\0'\"`,;", "\xa0", "\xad", "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u2060",
    "\ufeff", "\u2018", "\u2019", "\u201c", "\u201d",
)  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_what_is_around_an_entry_is_taken_off(around: str) -> None:
    assert repair.stripped(f"{around}a b{around}{around}") == "a b"
    assert repair.stripped(f" <{around}https://a{around}>{around}") == f"<{around}https://a{around}>"
    assert repair.stripped(f"{around}<https://a{around}>{around}") == "https://a"


@pytest.mark.parametrize("finding", ["stranger", "dead", "slow"])
def test_only_a_regex_that_deserves_no_warning_is_recommended(
    monkeypatch: pytest.MonkeyPatch, finding: str
) -> None:
    nothing = regex.Judgement(stranger=None, plain_http="http://a", dead=None, slow=None, bare_dot=True)
    monkeypatch.setattr(regex, "judge", lambda _: nothing)
    assert repair.is_safe(re.compile("a"))
    change: dict[str, Any] = {finding: ""}
    monkeypatch.setattr(regex, "judge", lambda _: nothing._replace(**change))
    assert not repair.is_safe(re.compile("a"))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a", re.compile("a"), True),
        ("(?i)a", re.compile("(?i)a"), True),
        ("a", re.compile("a", re.I), False),
        ("(?i)a", re.compile("a", re.I), False),
        ("a", "b", False),
        ("a", None, False),
        ("(", "(", True),
        ("(", "[", False),
        (re.compile("a", re.I), re.compile("a", re.I), True),
        (re.compile("a", re.I), re.compile("a"), False),
        (b"a", b"a", True),
        (b"a", "a", False),
    ],
)
def test_a_configuration_is_equal_whatever_the_form_of_its_regex(one: Any, other: Any, equal: bool) -> None:
    first, second = Config(allow_origin_regex=one), Config(allow_origin_regex=other)
    assert (first == second) is (second == first) is equal
    assert not equal or hash(first) == hash(second)
    assert len({first, second}) == 2 - equal


def test_a_configuration_is_equal_to_none_that_differs_elsewhere() -> None:
    config = Config(allow_origin_regex="a")
    assert config == replace(config)
    assert config != replace(config, max_age=5)
    assert config != "a"
    assert config.__eq__("a") is NotImplemented
