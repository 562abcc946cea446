"""T-8 monotonicity: one more origin, method or header changes only the verdict on what uses it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spec import strategies
from spec.config import Config
from spec.http import Request, Response, names
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer, is_preflight, is_shared

NOTHING = Response(200, ())


def verdict(config: Config, request: Request) -> bool:
    """Whether a preflight is allowed, or an actual answer shared."""
    found = answer(config, request, NOTHING)
    return found.status == 200 if is_preflight(request) else is_shared(found)


def judge(config: Config, more: Config, request: Request, uses_it: bool) -> None:
    """Compare the verdicts of a configuration and of one that allows one thing more."""
    before, after = verdict(config, request), verdict(more, request)
    hit(uses_it=uses_it, unused=not uses_it, changes=before != after, allowed=before, refused=not after)
    assert after or not before
    if not uses_it:
        assert after == before


@st.composite
def additions(
    draw: st.DrawFn, parameter: str, pool: tuple[str, ...], header: bytes
) -> tuple[Config, Config, str, Request]:
    """A configuration, the same with one more value in a list, that value, and a request near both.

    Half of the requests have the value, and only it, in the header that asks for it.
    """
    config = draw(strategies.configs())
    value = draw(st.sampled_from(pool))
    before = getattr(config, parameter)
    at = draw(st.integers(0, len(before)))
    change: dict[str, Any] = {parameter: (*before[:at], value, *before[at:])}
    more = replace(config, **change)
    assume(not errors(more))
    request = draw(st.one_of(strategies.preflights(more), strategies.requests(more)))
    if draw(st.booleans()):
        others = tuple(line for line in request.headers if line[0] != header)
        request = replace(request, headers=(*others, (header, value.encode())))
    return config, more, value, request


# The first of each pool stands in no other pool, so that adding it makes a difference.
ORIGINS = ("https://added.example", "https://added.example:8443", "null", *strategies.ORIGINS)
METHODS = ("ADDED", "Added", *strategies.METHODS)
REQUEST_HEADERS = ("X-Added", "x-added-too", *strategies.REQUEST_HEADERS)


@pytest.mark.slow
@thresholds(uses_it=0.1, unused=0.1, changes=0.03, allowed=0.05, refused=0.05)
@given(additions("allow_origins", ORIGINS, b"origin"))
def test_another_origin_changes_only_the_verdict_on_its_own_requests(
    case: tuple[Config, Config, str, Request],
) -> None:
    config, more, origin, request = case
    judge(config, more, request, uses_it=origin.encode() in request.lines("origin"))


@pytest.mark.slow
@thresholds(uses_it=0.1, unused=0.1, changes=0.02, allowed=0.05, refused=0.05)
@given(additions("allow_methods", METHODS, b"access-control-request-method"))
def test_another_method_changes_only_the_verdict_on_preflights_that_ask_for_it(
    case: tuple[Config, Config, str, Request],
) -> None:
    config, more, method, request = case
    asked = request.lines("access-control-request-method")
    judge(config, more, request, uses_it=is_preflight(request) and method.encode() in asked)


@pytest.mark.slow
@thresholds(uses_it=0.1, unused=0.1, changes=0.01, allowed=0.05, refused=0.05)
@given(additions("allow_headers", REQUEST_HEADERS, b"access-control-request-headers"))
def test_another_header_changes_only_the_verdict_on_preflights_that_ask_for_it(
    case: tuple[Config, Config, str, Request],
) -> None:
    config, more, header, request = case
    asked = names(request.lines("access-control-request-headers"))
    judge(config, more, request, uses_it=is_preflight(request) and header.lower().encode() in asked)


def test_each_kind_of_addition_can_change_a_verdict() -> None:
    config = Config(("https://a.example",), ("GET",), ("X-Token",))
    lines = {"origin": b"https://b.example", "method": b"PUT", "headers": b"x-other"}
    request = Request(
        "OPTIONS",
        (
            (b"origin", lines["origin"]),
            (b"access-control-request-method", lines["method"]),
            (b"access-control-request-headers", lines["headers"]),
        ),
    )
    grown = [
        config,
        config := replace(config, allow_origins=(*config.allow_origins, "https://b.example")),
        config := replace(config, allow_methods=(*config.allow_methods, "PUT")),
        replace(config, allow_headers=(*config.allow_headers, "X-Other")),
    ]
    assert [verdict(each, request) for each in grown] == [False, False, False, True]
