"""A wrong configuration is corrected to what was meant, if that is certain, and the message says the same."""

from __future__ import annotations

import re
import sys
import warnings
from enum import Enum
from inspect import isfunction
from typing import Any
from urllib.parse import urlparse, urlsplit

import httpx
import pydantic
import pytest
from starlette.datastructures import URL

from impl import Config, CORSConfigError, CORSConfigWarning, CORSMiddleware
from impl.validation import correction as correction_module
from tests import ROOT
from tests.helpers.asgi import Recorder
from tests.helpers.offers import offers
from tests.unit.impl.cases import BOTH, LABELS, OTHER_LABELS, check, refusal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = ROOT / "tests/cases"
A, B, EVIL = "https://a.example", "https://b.example", "https://evil.example"


class Sites(Enum):
    """Origins of a program."""

    A = "https://A.example"
    OTHER = 7


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


def wrong() -> list[Any]:
    """The cases of the files."""
    return [
        pytest.param(case, id=f"{path.stem} {case['arguments']}")
        for path in (CASES / "repairs.toml", CASES / "repairs_more.toml")
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["wrong"]
    ]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("case", wrong())
def test_a_wrong_configuration_is_corrected_to_what_was_meant(case: dict[str, Any]) -> None:
    error = refusal(**case["arguments"])
    check(case["arguments"], error)
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


def test_there_are_cases_of_both_kinds() -> None:
    certain = [case.values[0].get("corrects", True) for case in wrong()]
    assert certain.count(True) > 100
    assert certain.count(False) > 60


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
    (lambda: iter([A + "/", B]), (A, B)),  # read once, so made for each run
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


@pytest.mark.parametrize(("value", "entries"), ORIGINS)
def test_objects_with_a_known_meaning_are_corrected(value: Any, entries: Any) -> None:
    error = refusal(allow_origins=value() if isfunction(value) else value)
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
