"""Where redirects lead, and what they change."""

from dataclasses import replace

import pytest

from spec.browser import (
    Fetch,
    Outcome,
    outcome,
    perform,
    trace,
)
from spec.http import Request, Response
from tests.unit.spec.browser.fetching import AWAY, FAR, GET, HOME, PUT, always, hops, says, to


def test_a_redirect_leads_where_its_location_says() -> None:
    first, second, *_ = hops(replace(GET, path="/dir/file?query"), to("x y"))
    assert first.outcome.allowed
    assert (second.fetch.url_origin, second.fetch.path) == (AWAY, "/dir/x%20y")
    assert second.fetch.redirected_from == (AWAY,)


@pytest.mark.parametrize("location", ["ftp://far.example/", "https://", f"{FAR}/ | location: {FAR}/"])
def test_locations_that_lead_nowhere(location: str) -> None:
    done = hops(GET, to(location))
    assert [hop.outcome for hop in done] == [Outcome(False, frozenset(), "C-RED-7")]


def test_a_redirect_status_without_location_is_a_response() -> None:
    assert perform(GET, always("acao: * | content-type: a/b", 302)) == Outcome(
        True, frozenset({"content-type"}), "C-CHK-3"
    )


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 400])
def test_other_statuses_are_not_followed(status: int) -> None:
    assert len(hops(GET, to(FAR, status))) == 1


def test_every_response_on_the_way_must_share() -> None:
    assert hops(GET, to(FAR, text="x: 1"))[-1].outcome == Outcome(False, frozenset(), "C-CHK-1")
    assert hops(GET, to(FAR))[-1].outcome.allowed
    assert not hops(GET, to(FAR), **{FAR: always("")})[-1].outcome.allowed
    assert perform(GET, to("https://nobody.example")) == Outcome(False, frozenset(), "C-CHK-10")
    assert perform(PUT, to("https://nobody.example", 307)) == Outcome(False, frozenset(), "C-PF-6")


@pytest.mark.parametrize(
    ("page", "route", "origin"),
    [
        (HOME, (HOME, AWAY), HOME),
        (HOME, (AWAY, AWAY), HOME),
        (HOME, (AWAY, FAR), "null"),
        (HOME, (AWAY, HOME), "null"),
        (HOME, (HOME, AWAY, HOME), "null"),
        (HOME, (HOME, AWAY, AWAY), HOME),
        (HOME, (HOME, HOME, AWAY), HOME),
        (HOME, (AWAY, FAR, AWAY), "null"),
        (HOME, (HOME, HOME), None),
        ("null", (AWAY, AWAY), "null"),
        ("null", (AWAY, FAR), "null"),
    ],
)
def test_origin_after_redirects(page: str, route: tuple[str, ...], origin: str | None) -> None:
    def serve(request: Request) -> Response:
        position = int(request.path.strip("/") or "0")
        following = f" | location: {route[position + 1]}/{position + 1}" if position + 1 < len(route) else ""
        return says(f"acao: *{following}", 302 if following else 200)

    done = trace(Fetch(page, route[0]), serve, elsewhere=dict.fromkeys(route, serve))
    assert [hop.fetch.url_origin for hop in done] == list(route)
    assert done[-1].request is not None
    assert done[-1].request.lines("origin") == ([origin.encode()] if origin else [])
    assert done[-1].outcome.reason == ("C-CHK-3" if origin else "same-origin")
    if origin is not None:
        last = done[-1].fetch
        for named in (HOME, "null", AWAY):
            assert outcome(last, None, says(f"acao: {named}")).allowed == (named == origin)


def test_user_info_is_refused_across_origins() -> None:
    for location in ("https://user@server.example/", "https://:pw@far.example/", "https://u:p@page.example/"):
        assert hops(GET, to(location))[-1].outcome == Outcome(False, frozenset(), "C-RED-4")
    at_home = replace(GET, url_origin=HOME)
    assert hops(at_home, to("https://user@far.example/"))[-1].outcome.reason == "C-RED-4"
    done = hops(
        at_home,
        lambda request: says("") if request.path == "/x" else says("location: https://u@page.example/x", 302),
    )
    assert len(done) == 2
    assert done[-1].outcome.allowed


def test_authorization_stays_with_its_origin() -> None:
    fetch = replace(GET, headers=(("Authorization", "k"), ("X-A", "1")))
    for location, kept in (
        (AWAY + "/x", True),
        (FAR, False),
        (HOME, False),
        ("http://server.example", False),
    ):
        second = hops(fetch, to(location, 307), **{"http://server.example": always("")})[1]
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"authorization,x-a" if kept else b"x-a"]


@pytest.mark.parametrize(
    ("status", "method", "following"),
    [
        (301, "POST", "GET"), (302, "post", "GET"), (303, "POST", "GET"), (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"), (302, "DELETE", "DELETE"), (303, "put", "GET"), (307, "PUT", "PUT"),
        (303, "PATCH", "GET"), (301, "GET", "GET"), (303, "GET", "GET"), (303, "HEAD", "HEAD"),
        (302, "HEAD", "HEAD"),
    ],
)  # fmt: skip
def test_methods_after_redirects(status: int, method: str, following: str) -> None:
    names = ("Content-Encoding", "content-language", "Content-Location", "CONTENT-TYPE", "X-A", "Accept")
    headers = tuple((name, "x") for name in names)
    second = hops(replace(GET, url_origin=HOME, method=method, headers=headers), to("/next", status))[1]
    assert second.request is not None
    assert second.request.method == following
    sent = [name for name, _ in second.request.headers if name != b"origin"]
    body = [b"content-encoding", b"content-language", b"content-location", b"content-type"]
    rewritten = (following == "GET") and method != "GET"
    assert sent == ([] if rewritten else body) + [b"x-a", b"accept"]


def test_twenty_redirects_are_followed() -> None:
    done = hops(GET, to("/again"))
    assert len(done) == 21
    assert [hop.outcome.reason for hop in done] == ["C-CHK-3"] * 20 + ["C-RED-7"]

    def nineteen_more(request: Request) -> Response:
        number = int(request.path.strip("/") or "0")
        return says(f"acao: * | location: /{number + 1}", 302) if number < 20 else says("acao: *")

    assert len(hops(GET, nineteen_more)) == 21
    assert perform(GET, nineteen_more).allowed


def test_streams_are_sent_once() -> None:
    streamed = replace(GET, method="POST", stream_body=True)
    for status in (301, 302, 307, 308):
        assert hops(streamed, to(FAR, status))[-1].outcome.reason == "C-RED-7"
    second = hops(streamed, to(FAR, 303))[1]
    # The stream is dropped, but the flag that it set is not.
    assert second.fetch.method == "GET"
    assert not second.fetch.stream_body
    assert second.preflight_request is not None
    assert second.outcome.allowed


def test_every_hop_is_preflighted_anew() -> None:
    done = hops(PUT, to(FAR, 307))
    assert [hop.preflight_request is not None for hop in done] == [True, True]
    assert done[1].preflight_request is not None
    assert done[1].preflight_request.lines("origin") == [b"null"]
    done = hops(replace(PUT, url_origin=HOME), to(FAR, 307))
    assert [hop.preflight_request is not None for hop in done] == [False, True]
    done = hops(replace(GET, method="POST", headers=(("Content-Type", "a/b"),)), to(FAR))
    assert [hop.preflight_request is not None for hop in done] == [True, False]
