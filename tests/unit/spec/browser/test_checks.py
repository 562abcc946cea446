"""The CORS check of a response, case by case."""

from dataclasses import replace
from typing import Literal

import pytest

from spec.browser import (
    Fetch,
    Outcome,
    outcome,
)
from spec.http import Response
from tests.unit.spec.browser.fetching import AWAY, GET, GOOD, HOME, MODES, OK, PUT, says

OTHERS = (
    AWAY, HOME + "/", HOME.upper(), "https://Page.example", HOME + ":443", "http://page.example",
    HOME + ".evil.example",
    HOME[:-1], f"{HOME}, {HOME}", f"{HOME} {HOME}", "null", "", HOME + "\x0b", HOME + "\x0c",
    HOME + "\x00", "\xa0" + HOME,
    "*, *", "**",
)  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "without", "with_credentials"),
    [
        ("", "C-CHK-1", "C-CHK-1"),
        ("acac: true", "C-CHK-1", "C-CHK-1"),
        ("acao: *", "ok C-CHK-3", "C-WLD-1"),
        ("acao: * | acac: true", "ok C-CHK-3", "C-WLD-1"),
        ("acao: \t* ", "ok C-CHK-3", "C-WLD-1"),
        (f"acao: {HOME}", "ok C-CHK-7", "C-CHK-6"),
        (f"acao:  {HOME}\t", "ok C-CHK-7", "C-CHK-6"),
        (f"acao: {HOME} | acac: true", "ok C-CHK-7", "ok C-CHK-6"),
        (f"acao: {HOME} | acac:  true\t", "ok C-CHK-7", "ok C-CHK-6"),
        (f"acao: {HOME} | acac: ", "ok C-CHK-7", "C-CHK-6"),
        *(
            (f"acao: {HOME} | acac: {value}", "ok C-CHK-7", "C-CHK-6")
            for value in ("True", "TRUE", "false", "1", "true, true", "true\x0b", "true | acac: true")
        ),
        (f"acao: {HOME} | acao: {HOME} | acac: true", "C-CHK-5", "C-CHK-5"),
        ("acao: * | acao: * | acac: true", "C-CHK-5", "C-CHK-5"),
        (f"acao: * | acao: {HOME} | acac: true", "C-CHK-5", "C-CHK-5"),
        *((f"acao: {value} | acac: true", "C-CHK-4", "C-CHK-4") for value in OTHERS),
    ],
)
def test_the_cors_check(
    mode: Literal["omit", "same-origin", "include"], text: str, without: str, with_credentials: str
) -> None:
    expected = with_credentials if mode == "include" else without
    for status in (200, 204, 300, 304, 401, 404, 500, 101, 302):
        got = outcome(replace(GET, credentials=mode), None, says(text, status))
        assert (got.allowed, got.reason) == (expected.startswith("ok "), expected.removeprefix("ok "))
    # The same on the answer to a preflight, whose status does matter.
    answer = Response(200, says(text).headers + says("acam: PUT").headers)
    asked = outcome(replace(PUT, credentials=mode), answer, GOOD)
    assert (asked.allowed, asked.reason) == (
        (True, "C-CHK-6" if mode == "include" else "C-CHK-7")
        if expected.startswith("ok ")
        else (False, "C-PF-7")
    )


def test_opaque_pages_are_null() -> None:
    for url in (AWAY, HOME, "null"):
        fetch = Fetch("null", url)
        assert outcome(fetch, None, says("acao: null")).allowed
        assert outcome(fetch, None, OK).allowed
        assert not outcome(fetch, None, says(f"acao: {HOME}")).allowed
        assert not outcome(fetch, None, says("acao: NULL")).allowed


def test_the_own_origin_is_not_checked() -> None:
    fetch = replace(PUT, url_origin=HOME, credentials="include")
    got = outcome(fetch, None, says("x-a: 1 | set-cookie: b | SET-COOKIE2: c", 500))
    assert got == Outcome(True, frozenset({"x-a"}), "same-origin")


def test_no_response_is_a_network_error() -> None:
    assert outcome(GET, None, None) == Outcome(False, frozenset(), "C-CHK-10")
    assert outcome(replace(GET, url_origin=HOME), None, None) == Outcome(False, frozenset(), "C-CHK-10")
    assert outcome(PUT, None, GOOD) == Outcome(False, frozenset(), "C-PF-6")
    assert not outcome(PUT, says("acao: * | acam: PUT"), None).allowed
