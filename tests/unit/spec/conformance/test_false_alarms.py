"""Servers that are right, and were called wrong: each raised a false alarm once."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from model import respond
from spec import Config, Request, Response
from spec.conformance import Report, Target, check_app
from spec.http import Headers
from spec.policy import is_preflight
from spec.rules.server.examples import CREDENTIALS, LIST, REGEX, TWO
from tests.unit.spec.conformance.servers import Answer, asgi

HELLO = Response(200, ((b"content-type", b"text/plain"),), b"hello")
TARGET = Target(options_path="/options")


def right(request: Request, config: Config = LIST) -> Response:
    """A server that is right."""
    return respond(config, request, HELLO)


def checked(
    answer: Answer, config: Config = LIST, headers: Headers = (), examples: int = 30, **options: Any
) -> Report:
    """What the checker says of a server."""
    return check_app(asgi(answer), config, target=TARGET, headers=headers, max_examples=examples, **options)


def assert_silent(report: Report) -> None:
    assert report.inconclusive == ""
    assert [violation.explanation for violation in report.violations] == []
    assert report.conforms


def guarded(status: int, is_known: Callable[[Request], bool]) -> Answer:
    """Authentication before CORS: who is not known gets this status, and no header of CORS."""

    def answer(request: Request) -> Response:
        if not is_preflight(request) and not is_known(request):
            return Response(status, ((b"www-authenticate", b"Bearer"),), b"who are you?")
        return right(request)

    return answer


def has_the_token(request: Request) -> bool:
    return request.lines("authorization") == [b"Bearer secret"]


def has_the_session(request: Request) -> bool:
    return request.lines("cookie") == [b"session=secret"]


def has_no_wrong_token(request: Request) -> bool:
    return not request.lines("authorization") and not request.lines("cookie")


@pytest.mark.slow
@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize(
    ("is_known", "headers"),
    [
        (has_the_token, ((b"Authorization", b"Bearer secret"),)),
        (has_the_session, ((b"Cookie", b"session=secret"),)),
        (has_no_wrong_token, ()),
    ],
)
def test_authentication_is_no_caching_fault(
    status: int, is_known: Callable[[Request], bool], headers: Headers
) -> None:
    assert_silent(checked(guarded(status, is_known), headers=headers))


@pytest.mark.slow
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_cookie_that_the_server_does_not_know_is_no_fault(status: int) -> None:
    config = replace(TWO, allow_credentials=True)

    def answer(request: Request) -> Response:
        if not is_preflight(request) and request.lines("cookie"):
            return Response(status, ((b"content-type", b"text/plain"),), b"who are you?")
        return right(request, config)

    assert_silent(checked(answer, config))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["accept-language", "X-Requested-With", "access-control-max-age"])
def test_a_header_of_every_request_is_sent_once(name: str) -> None:
    def answer(request: Request) -> Response:
        if len(request.lines(name.lower())) != 1:
            return Response(400, ((b"content-type", b"text/plain"),), b"once, please")
        return right(request)

    mine = ((name.encode(), b"mine"),)
    assert_silent(checked(answer, headers=mine, preflight_headers=mine))


@pytest.mark.slow
@pytest.mark.parametrize("status", [404, 405, 501])
def test_options_that_is_not_served_is_no_caching_fault(status: int) -> None:
    def answer(request: Request) -> Response:
        if request.method == "OPTIONS" and not is_preflight(request):
            return Response(status, ((b"allow", b"GET, HEAD"),), b"")
        return right(request)

    assert_silent(checked(answer))


@pytest.mark.slow
@pytest.mark.parametrize("name", [b"access-control-allow-origin", b"vary", b"x-requested-with", b"referer"])
@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_header_that_the_server_treats_specially_is_no_caching_fault(name: bytes, status: int) -> None:
    def answer(request: Request) -> Response:
        if not is_preflight(request) and request.lines(name.decode()):
            return Response(status, ((b"content-type", b"text/plain"),), b"not with that")
        return right(request, TWO)

    assert_silent(checked(answer, TWO))


@pytest.mark.slow
@pytest.mark.parametrize("every", [3, 7, 10])
@pytest.mark.parametrize("config", [LIST, CREDENTIALS, REGEX], ids=["list", "credentials", "regex"])
def test_what_does_not_show_again_is_not_reported(every: int, config: Config) -> None:
    """One response in so many lacks its headers."""
    numbers = itertools.count()

    def answer(request: Request) -> Response:
        found = right(request, config)
        return Response(200, (), b"hello") if next(numbers) % every == every - 1 else found

    assert_silent(checked(answer, config))


@pytest.mark.slow
def test_origins_that_no_page_has_are_reported_apart() -> None:
    """A regex that is matched against the beginning alone, of what parsers of origins would refuse."""

    def answer(request: Request) -> Response:
        sent = request.lines("origin")
        odd = len(sent) == 1 and re.match(rb"https://(/|[a-z.]*/)", sent[0]) is not None
        found = right(request, REGEX)
        if not odd or is_preflight(request):
            return found
        return Response(200, ((b"access-control-allow-origin", sent[0]), (b"vary", b"Origin")), b"hello")

    report = checked(answer, REGEX)
    found = {violation.rule.id for violation in report.violations}
    assert "S-ORG-6" in found
    assert not found & {"SEC-2", "SEC-3", "S-PF-5"}
    assert report.conforms
    assert report.failures(strict=True)


@pytest.mark.slow
def test_two_origins_fail_a_strict_run_alone() -> None:
    """The first of two Origin lines is taken, as many servers do."""

    def answer(request: Request) -> Response:
        sent = request.lines("origin")
        rest = tuple(line for line in request.headers if line[0] != b"origin")
        first = tuple((b"origin", value) for value in sent[:1])
        return right(Request(request.method, first + rest, request.path), TWO)

    report = checked(answer, TWO)
    assert "S-ORG-6" in {violation.rule.id for violation in report.violations}
    assert report.conforms
    assert report.failures(strict=True)


@pytest.mark.slow
def test_credentials_without_an_origin_fail_a_strict_run_alone() -> None:
    def answer(request: Request) -> Response:
        found = right(request, CREDENTIALS)
        kept = tuple(line for line in found.headers if line[0] != b"access-control-allow-credentials")
        return Response(found.status, (*kept, (b"access-control-allow-credentials", b"true")), found.body)

    report = checked(answer, CREDENTIALS)
    assert {violation.rule.id for violation in report.violations} == {"S-ORG-5"}
    assert report.conforms
    assert report.failures(strict=True)


@pytest.mark.slow
def test_a_rate_limit_with_retry_after_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("spec.conformance.asking.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    window = {"since": 0.0, "seen": 0}

    def answer(request: Request) -> Response:
        if now[0] >= window["since"] + 1:
            window.update(since=now[0], seen=0)
        window["seen"] += 1
        if window["seen"] > 30:
            return Response(429, ((b"retry-after", b"1"),), b"slowly, please")
        return right(request)

    assert_silent(checked(answer))
    assert now[0] > 10


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("retry_after", [b"3600", b"1", b"", b"Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_server_that_stays_busy_is_named_after_a_few_responses(
    status: int, retry_after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("spec.conformance.asking.sleep", waits.append)
    numbers = itertools.count()

    def answer(request: Request) -> Response:
        if next(numbers) < 50:
            return right(request)
        return Response(status, ((b"retry-after", retry_after),) if retry_after else ())

    report = checked(answer)
    assert report.violations == []
    assert f"status {status}" in report.inconclusive
    assert next(numbers) < 60
    assert sum(waits) <= 30


@pytest.mark.slow
def test_a_server_that_never_responds_to_options_costs_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    right_app = asgi(right)

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await asyncio.sleep(60)
        await right_app(scope, receive, send)

    report = check_app(app, LIST, target=TARGET, timeout=0.05, patience=3, max_examples=0)
    assert [violation.rule.id for violation in report.violations] == ["S-WRK-2"]
    assert "3 requests got no response" in report.inconclusive
    assert report.requests < 60
