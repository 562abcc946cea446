"""Wrong names of methods and headers, flags and numbers are corrected to what was evidently meant."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import Any

import pytest

from tests.unit.impl.cases import check, refusal

A = "https://a.example"


class Verb(str, Enum):
    """Methods of a program, which are strings."""

    GET = "GET"


class Verbs(Enum):
    """Methods of a program, which are no strings."""

    PUT = "put"
    OTHER = 7


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
    ("[GET,\nPUT]", ("GET", "PUT")),
    ("{'get'}", ("GET",)),
    ("[GET", None),
    ("[GET] PUT", None),
    ("PUT [GET]", None),
    (' ["GET"]\n', ("GET",)),
    ("GETé", None),
    ("", ()),
    (" , ", ()),
    (b"GET", ("GET",)),
    ("é", None),
    (None, ("GET",)),
    (5, None),
    (Verbs.PUT, ("PUT",)),
    (["get", Verb.GET], ("GET",)),
    ([Verbs.PUT], ("PUT",)),
    ([Verbs.OTHER], None),
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


@pytest.mark.parametrize("argument", ["allow_methods", "allow_headers", "expose_headers"])
def test_a_list_that_holds_itself_has_no_correction(argument: str) -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert refusal(**{"allow_origins": [A], argument: [endless]}).corrected is None
