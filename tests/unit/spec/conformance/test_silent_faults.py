"""Faults that no single header shows: what is wrong with them is what the configuration says."""

from dataclasses import replace
from typing import Any

import pytest

from spec import Config, Request, Response
from spec.conformance import Report, Target, check_app
from spec.policy import is_preflight
from spec.rules.server.examples import CREDENTIALS, IMPOSSIBLE, LIST, TWO, WILDCARD, A
from tests.helpers.faulty_servers import (
    ACAC,
    ACAO,
    ACEH,
    MAX_AGE,
    Fault,
    changed,
    instead,
    on,
    reflects,
    reflects_with_credentials,
    server,
    sets,
    value,
)

STATED = Target(unstated=frozenset())
LONG = replace(LIST, max_age=3600)


def checked(config: Config, fault: Fault, target: Target = Target(), **options: Any) -> Report:  # noqa: B008
    return check_app(server(config, fault), config, target=target, max_examples=0, **options)


def with_true(request: Request, response: Response) -> Response:
    return changed(response, {ACAC: "true"}) if response.lines(ACAO) else response


def without_a_list(request: Request, response: Response) -> Response:
    return changed(response, {ACEH: None}) if response.lines(ACAO) else response


FAULTS: dict[str, tuple[Config, Fault, Target, str]] = {
    "everyone has credentials": (WILDCARD, reflects_with_credentials, Target(), "SEC-14"),
    "everyone has them on preflights": (
        WILDCARD,
        on(is_preflight, reflects_with_credentials),
        Target(),
        "SEC-14",
    ),
    "a list has credentials": (TWO, with_true, Target(), "SEC-14"),
    "the only origin has them": (LIST, with_true, Target(), "SEC-14"),
    "a list has them on preflights": (TWO, on(is_preflight, with_true), Target(), "SEC-14"),
    "expose_headers is ignored": (LIST, without_a_list, Target(), "S-WRK-3"),
    "expose_headers is another": (LIST, instead(ACEH, "X-Other, X-Count"), Target(), "SEC-15"),
    "expose_headers is everything": (LIST, instead(ACEH, "*"), Target(), "SEC-15"),
    "max_age is ignored": (LONG, sets(MAX_AGE, None), Target(), "S-WRK-4"),
    "max_age is exceeded": (LONG, instead(MAX_AGE, "86400"), Target(), "S-WRK-4"),
    "a stated default is ignored": (LIST, sets(MAX_AGE, None), STATED, "S-WRK-4"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_more_or_less_than_is_configured_is_found(name: str) -> None:
    config, fault, target, rule = FAULTS[name]
    report = checked(config, fault, target)
    assert [one.rule.id for one in report.failures()] == [rule]
    assert not report.conforms


@pytest.mark.slow
def test_what_no_browser_acts_on_binds_only_who_claims_the_page() -> None:
    report = checked(WILDCARD, lambda request, response: changed(response, {ACAO: "*", ACAC: "true"}))
    assert report.conforms
    assert [one.rule.id for one in report.violations] == ["S-CRD-1"]  # SHOULD
    report = checked(
        WILDCARD,
        lambda request, response: changed(response, {ACAO: "*", ACAC: "true"}),
        profiles=("documented",),
    )
    assert [one.rule.id for one in report.failures()] == ["D-21"]


# No response


def silent(config: Config, is_silent: Any) -> Any:
    """The model, in a server that closes the connection where this holds."""
    right = server(config, lambda request, response: response)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_silent(scope):
            await right(scope, receive, send)

    return app


def is_options(scope: Any) -> bool:
    return bool(scope["method"] == "OPTIONS")


NEEDED = [
    (LIST, "a method and a header"),
    (Config(allow_origins=(A,), allow_methods=("DELETE",)), "a method"),
    (Config(allow_origins=(A,), allow_headers=("X-Token",)), "a header"),
]


@pytest.mark.slow
@pytest.mark.parametrize("config", [config for config, _ in NEEDED], ids=[name for _, name in NEEDED])
def test_a_server_that_leaves_preflights_unanswered_lets_no_page_work(config: Config) -> None:
    report = check_app(silent(config, is_options), config, max_examples=20)
    assert [one.rule.id for one in report.failures()] == ["S-WRK-2"]
    (violation,) = report.violations
    (exchange,) = violation.exchanges
    assert exchange.request.method == "OPTIONS"
    assert exchange.no_response == "the application ended without a response"
    assert exchange.response == Response(0, ())
    assert violation.explanation.endswith(" -> no response: the application ended without a response")
    assert report.verdicts["S-PF-5"] == "not applicable"  # nobody saw it hold
    assert report.reasons["S-PF-5"] == "not exercised"
    assert "OPTIONS / got no response: the application ended without a response" in report.trouble


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "lacks"),
    [(LIST, "preflights"), (Config(allow_origins=(A,)), "")],
    ids=["another component has them", "nothing needs one"],
)
def test_who_needs_no_preflight_may_leave_them_unanswered(config: Config, lacks: str) -> None:
    target = Target(lacks=frozenset(lacks.split()))
    report = check_app(silent(config, is_options), config, target=target, max_examples=0)
    assert report.conforms and report.violations == []


@pytest.mark.slow
def test_a_server_may_close_the_connection_on_what_no_browser_sends_and_on_unlisted_origins() -> None:
    def is_refused(scope: Any) -> bool:
        origins = [line for name, line in scope["headers"] if name == b"origin"]
        return bool(origins) and origins != [A.encode()]

    report = check_app(silent(LIST, is_refused), LIST, max_examples=20)
    assert report.conforms and report.violations == []
    assert report.trouble


# A gateway in front


def gated(config: Config) -> Any:
    """The model behind a gateway that lets nothing pass without its key, preflights neither."""

    def gate(request: Request, response: Response) -> Response:
        return response if request.lines("x-key") == [b"1"] else Response(401, ())

    return server(config, gate)


@pytest.mark.slow
def test_a_gateway_that_wants_its_key_on_preflights_is_found_unless_it_is_sent_there() -> None:
    key = ((b"x-key", b"1"),)
    report = check_app(gated(LIST), LIST, headers=key, max_examples=0)
    assert [one.rule.id for one in report.failures()] == ["S-WRK-2"]
    report = check_app(gated(LIST), LIST, headers=key, preflight_headers=key, max_examples=0)
    assert report.conforms and report.violations == []


# The path of an error


@pytest.mark.slow
def test_a_named_error_path_is_judged_without_another_profile() -> None:
    target = Target(error_path="/error")

    def fault(request: Request, response: Response) -> Response:
        return changed(response, {ACAO: None}) if request.path == "/error" else response

    report = checked(LIST, fault, target)
    assert [one.rule.id for one in report.failures()] == ["S-WRK-5"]
    assert report.trouble == []
    assert checked(LIST, fault).conforms  # nobody named it


@pytest.mark.slow
def test_a_path_that_is_named_for_nothing_is_told() -> None:
    target = Target(error_path="/no-error", options_path="/options")
    report = checked(LIST, lambda request, response: response, target, rules=("S-WRK-[25]",))
    assert report.conforms
    assert report.trouble == [
        "error_path /no-error responds with 200, which is no error",
        "error_path /no-error is named, and no selected rule judges it",
        "options_path /options is named, and no selected rule judges it",
    ]


# Leftovers


def also_allows(*origins: str) -> Fault:
    """The model, and it allows these: left in its list."""

    def fault(request: Request, response: Response) -> Response:
        left = len(request.lines("origin")) == 1 and value(request) in origins
        return reflects(request, response) if left and not is_preflight(request) else response

    return fault


LEFT = [
    "http://localhost:5173", "ionic://localhost", "capacitor://localhost", "https://a2.example",
    "https://a-staging.example", "https://a.com", "https://a.co.uk",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("origin", LEFT)
def test_an_origin_that_was_left_in_the_list_is_found(origin: str) -> None:
    report = checked(LIST, also_allows(origin))
    found = {one.rule.id: one for one in report.failures()}
    assert {"SEC-2", "S-ORG-5"} <= found.keys()
    assert found["SEC-2"].exchanges[0].request.lines("origin") == [origin.encode()]


def to_its_pages(name: str) -> Fault:
    """The model, and it allows whoever sends this header."""

    def fault(request: Request, response: Response) -> Response:
        one = len(request.lines("origin")) == 1 and value(request).isprintable()
        return reflects(request, response) if one and request.lines(name) else response

    return fault


@pytest.mark.slow
@pytest.mark.parametrize("name", ["referer", "x-requested-with", "x-token"])
def test_an_unlisted_origin_with_the_headers_of_a_page_of_the_site_is_found(name: str) -> None:
    report = checked(LIST, to_its_pages(name))
    found = {one.rule.id: one for one in report.failures()}
    request = found["SEC-2"].exchanges[0].request
    assert [line for line, _ in request.headers] == [b"origin", name.encode()]
    assert value(request) == "https://evil.example"


@pytest.mark.slow
@pytest.mark.parametrize(("config", "rule"), [(CREDENTIALS, "SEC-2"), (IMPOSSIBLE, "S-CRD-6")])
def test_an_origin_that_is_allowed_with_a_cookie_alone_is_found(config: Config, rule: str) -> None:
    report = checked(config, on(lambda request: bool(request.lines("cookie")), reflects_with_credentials))
    found = {one.rule.id: one for one in report.failures()}
    assert {rule, "SEC-14"} <= found.keys()
    assert found[rule].exchanges[0].request.headers == (
        (b"origin", b"https://evil.example"), (b"cookie", b"seen=1")
    )  # fmt: skip


@pytest.mark.slow
def test_where_anybody_passes_an_ordinary_origin_is_shown() -> None:
    report = checked(LIST, on(lambda request: value(request).startswith("http"), reflects))
    for one in report.failures():
        if one.rule.id in ("SEC-2", "S-ORG-5"):
            assert [value(exchange.request) for exchange in one.exchanges] == ["https://evil.example"]


# What the page documents


@pytest.mark.slow
def test_unlisted_origins_are_refused_by_nobody_who_claims_the_page() -> None:
    def refuses(request: Request, response: Response) -> Response:
        return Response(403, ((b"vary", b"Origin"),)) if unlisted(request) else response

    def unlisted(request: Request) -> bool:
        return value(request) not in ("", A) and not is_preflight(request)

    assert checked(LIST, refuses).conforms
    report = checked(LIST, refuses, profiles=("documented",))
    assert [one.rule.id for one in report.failures()] == ["S-RSP-11"]
