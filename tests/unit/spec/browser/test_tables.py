"""The tables of the standard, the public names, and which rule decides."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from spec.browser import (
    CHROMIUM,
    FIREFOX,
    STANDARD,
    WEBKIT,
    Engine,
    Fetch,
    PreflightCache,
    outcome,
    trace,
)
from spec.browser.checks import cors_check, get
from spec.browser.methods_and_headers import NORMALIZED_METHODS, normalize_method
from spec.browser.preflight import preflight_check
from spec.browser.preflight_cache import is_remembered
from spec.browser.safelists import is_simple_type
from spec.http import Response
from tests.unit.spec.browser.fetching import AWAY, GET, HOME, OK, PUT, always, says


@pytest.mark.parametrize(
    ("thing", "field"),
    [
        (STANDARD, "name"),
        (GET, "method"),
        (outcome(GET, None, OK), "allowed"),
        (trace(GET, always("acao: *"))[0], "time"),
    ],
)
def test_what_was_said_once_stays_so(thing: Any, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(thing, field, None)


def test_the_tables_of_the_standard() -> None:
    assert {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} == NORMALIZED_METHODS
    assert normalize_method("po\u017ft") == "po\u017ft"
    assert is_simple_type(b"\t\r\n text/plain \t\r\n")
    assert not is_simple_type(b"text/plain\x0b")
    assert Fetch(HOME, AWAY) == Fetch(
        HOME, AWAY, "GET", (), "same-origin", False, False, "/", (), False, False, False, ()
    )
    assert Engine("x") == replace(STANDARD, name="x")
    assert WEBKIT.max_age_limit == 600
    assert STANDARD.empty_location == "relative"


@pytest.mark.parametrize(
    ("credentials", "response", "rule"),
    [
        ("omit", says(""), "C-CHK-1"),
        ("include", says("acao: * | acac: true"), "C-WLD-1"),
        ("omit", says(f"acao: {AWAY}"), "C-CHK-4"),
        ("omit", says("acao: * | acao: *"), "C-CHK-5"),
        ("include", says(f"acao: {HOME} | acac: True"), "C-CHK-6"),
    ],
)
def test_the_cors_check_says_what_it_misses(credentials: str, response: Response, rule: str) -> None:
    assert cors_check(HOME.encode(), credentials, response) == (False, rule)


@pytest.mark.parametrize(
    ("fetch", "response", "rule"),
    [
        (PUT, None, "C-PF-6"),
        (PUT, says("acam: PUT"), "C-PF-7"),
        (PUT, replace(OK, status=302), "C-PF-13"),
        (PUT, replace(OK, status=404), "C-PF-6"),
        (PUT, says("acao: * | acam: P T"), "C-PF-8"),
        (PUT, OK, "C-PF-9"),
        (replace(PUT, credentials="include"), says(f"acao: {HOME} | acac: true | acam: *"), "C-WLD-1"),
        (replace(GET, headers=(("Authorization", "k"),)), OK, "C-PF-10"),
        (replace(GET, headers=(("X-A", "1"),)), OK, "C-PF-11"),
        (
            replace(GET, headers=(("X-A", "1"),), credentials="include"),
            says(f"acao: {HOME} | acac: true | acah: *"),
            "C-WLD-1",
        ),
    ],
)
def test_the_preflight_check_says_what_it_misses(fetch: Fetch, response: Response | None, rule: str) -> None:
    assert preflight_check(fetch, response) == (False, rule)


def test_the_lines_of_a_header_are_joined() -> None:
    assert get(says("x: 1 | X:  2\t"), "x") == b"1, 2"


def test_what_engines_ask_again_is_not_remembered() -> None:
    followed = replace(GET, preflighted=True)
    cache = PreflightCache()
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert is_remembered(followed, cache, engine) == (engine not in (FIREFOX, WEBKIT))


def test_a_hop_knows_when_a_fetch_threw() -> None:
    cache = PreflightCache(now=lambda: 7.0)
    (hop,) = trace(replace(GET, method="TRACE"), lambda request: OK, cache=cache)
    assert hop.time == 7.0


def test_the_module_shows_what_a_browser_does_and_the_engines() -> None:
    everything: dict[str, object] = {}
    exec("from spec.browser import *", everything)
    assert everything.keys() - {"__builtins__"} == {
        "CHROMIUM", "FIREFOX", "STANDARD", "WEBKIT", "Hop", "Engine", "Fetch", "Outcome", "trace",
        "PreflightCache", "actual_request", "outcome", "perform", "preflight_request",
    }  # fmt: skip
