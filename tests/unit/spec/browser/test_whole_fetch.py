"""A whole fetch, and what is remembered from one to the next (the cache alone: test_preflight_cache.py)."""

from dataclasses import replace
from typing import Any

from spec.browser import (
    CHROMIUM,
    FIREFOX,
    STANDARD,
    WEBKIT,
    Fetch,
    Hop,
    Outcome,
    PreflightCache,
    actual_request,
    perform,
    preflight_request,
    trace,
)
from spec.browser.redirects import redirect
from spec.browser.whole_fetch import Server
from spec.http import Request, Response
from tests.unit.spec.browser.fetching import AWAY, FAR, GET, HOME, KEY, PUT, WATCHED, Script, always, says, to

ALLOWS = "acao: * | acam: PUT, PATCH | acah: X-Token | age: 100"


def test_what_an_answer_lists_is_remembered() -> None:
    script = Script()
    assert script.preflights(PUT, ALLOWS) == [True]
    assert script.preflights(PUT, "acao: *", moment=99.0) == [False]
    assert script.preflights(replace(GET, method="PATCH"), "acao: *") == [False]
    assert script.preflights(replace(PUT, headers=(("x-TOKEN", "2"),)), "acao: *") == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS, moment=100.0) == [True]


def test_what_is_remembered_is_of_one_origin_and_url() -> None:
    for other in (
        replace(PUT, path="/x"), replace(PUT, url_origin=FAR), replace(PUT, page_origin="null"),
        replace(PUT, page_origin=FAR), replace(PUT, path="/?"),
    ):  # fmt: skip
        script = Script()
        script.preflights(PUT, ALLOWS)
        assert script.preflights(other, ALLOWS) == [True]
        assert script.preflights(PUT, ALLOWS) == [False]


def test_an_upload_with_a_listener_is_remembered_by_its_method() -> None:
    script = Script()
    assert script.preflights(WATCHED, "acao: *") == [True]
    assert script.preflights(WATCHED, "acao: *") == [False]
    other = Script()
    assert other.preflights(WATCHED, "acao: * | acam: GET") == [True]
    assert other.preflights(WATCHED, "acao: * | acam: GET") == [True]


def test_a_refused_preflight_is_not_remembered() -> None:
    script = Script()
    assert script.preflights(PUT, "acao: * | acam: PATCH") == [True]
    assert script.preflights(replace(GET, method="PATCH"), ALLOWS) == [True]


def test_a_network_error_clears_what_is_known_of_the_url() -> None:
    for failing, forgets in (
        (PUT, True), (replace(PUT, credentials="include"), True), (replace(GET, method="DELETE"), True),
        (GET, False), (replace(PUT, path="/x"), False), (replace(PUT, page_origin="null"), False),
        (replace(GET, method="TRACE"), False),
    ):  # fmt: skip
        script = Script()
        script.preflights(PUT, ALLOWS)
        script.preflights(failing, "")
        assert script.preflights(PUT, ALLOWS) == [forgets], failing
    script = Script()
    script.preflights(PUT, ALLOWS)
    trace(PUT, always("acao: *", 500), cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [False]


def test_only_a_failed_preflight_clears_the_cache_of_chromium() -> None:
    script = Script(CHROMIUM)
    script.preflights(PUT, ALLOWS)
    assert script.preflights(PUT, "") == [False]
    assert script.preflights(PUT, ALLOWS) == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS) == [True]
    for engine in (STANDARD, FIREFOX):
        script = Script(engine)
        script.preflights(PUT, ALLOWS)
        script.preflights(PUT, "")
        assert script.preflights(PUT, ALLOWS) == [True]


def test_nothing_clears_the_cache_of_webkit() -> None:
    script = Script(WEBKIT)
    script.preflights(PUT, ALLOWS)
    assert script.preflights(PUT, "") == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS) == [False]


def test_webkit_remembers_what_refused_a_preflight() -> None:
    patch = replace(GET, method="PATCH")
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        for fetch, answer, remembers in (
            (PUT, "acao: * | acam: PATCH", True),
            (replace(KEY, method="PATCH"), "acao: * | acam: PATCH", True),
            (replace(GET, method="PATCH", headers=(("X-A", "1"),)), "acao: * | acam: PATCH", True),
            (replace(PUT, credentials="include"), f"acao: {HOME} | acac: true | acam: PATCH, *", True),
            (PUT, "acam: PATCH", False),
            (PUT, "acao: * | acam: PATCH | acah: a b", False),
        ):
            script = Script(engine)
            assert script.preflights(fetch, answer) == [True]
            assert script.preflights(patch, answer) == [not (remembers and engine is WEBKIT)]
    script = Script(WEBKIT)
    script.preflights(replace(PUT, upload_listener=True), "acao: *")
    assert script.preflights(PUT, ALLOWS) == [True]


def test_browsers_remember_that_safelisted_methods_may_be_used() -> None:
    for method in ("GET", "HEAD", "POST"):
        flagged = replace(GET, method=method, flagged=True)
        for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
            script = Script(engine)
            script.preflights(PUT, ALLOWS)
            assert script.preflights(flagged, ALLOWS) == [engine is STANDARD]
            assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]


def test_what_is_remembered_with_credentials_serves_all_but_in_firefox() -> None:
    allows = f"acao: {HOME} | acac: true | acam: PUT | age: 100"
    with_them = replace(PUT, credentials="include")
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        script = Script(engine)
        assert script.preflights(PUT, allows) == [True]
        assert script.preflights(replace(PUT, credentials="omit"), allows) == [False]
        assert script.preflights(with_them, allows) == [True]
        script = Script(engine)
        assert script.preflights(with_them, allows) == [True]
        assert script.preflights(with_them, allows) == [False]
        assert script.preflights(PUT, allows) == [engine is FIREFOX]


def test_a_failed_redirect_of_a_preflighted_fetch_clears_where_it_ends() -> None:
    script = Script()
    opaque = replace(PUT, page_origin="null", url_origin=FAR)
    assert script.preflights(opaque, ALLOWS) == [True]
    broken = {FAR: always("")}
    trace(GET, to(FAR), elsewhere=broken, cache=script.cache)
    assert script.preflights(opaque, ALLOWS) == [False]
    trace(PUT, to(FAR, 303), elsewhere=broken, cache=script.cache)
    assert script.preflights(opaque, ALLOWS) == [True]


def test_a_failed_redirect_clears_the_url_where_it_failed() -> None:
    script = Script()
    script.preflights(PUT, ALLOWS)
    script.preflights(replace(PUT, url_origin=FAR), ALLOWS)
    broken = {FAR: always("")}
    trace(PUT, to(FAR, 307), elsewhere=broken, cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [False]
    trace(PUT, to("ftp://far.example", 307), cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [True]


def test_a_failed_fetch_clears_the_cache_where_its_engine_preflights_it() -> None:
    unusual = replace(GET, headers=(("Accept", "\x80"),))
    for engine in (STANDARD, FIREFOX, WEBKIT):
        script = Script(engine)
        script.preflights(PUT, ALLOWS)
        assert script.preflights(unusual, "") == [engine is FIREFOX]
        assert script.preflights(PUT, ALLOWS) == [engine is FIREFOX]


def test_each_engine_remembers_as_long_and_as_widely_as_it_does() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        script = Script(engine)
        assert script.preflights(PUT, "acao: * | acam: * | age: 601") == [True]
        assert script.preflights(PUT, "acao: * | acam: PUT | age: 601") == [engine is FIREFOX]
        assert script.preflights(PUT, "acao: *", moment=600.0) == [engine is WEBKIT]


def test_firefox_shortens_nothing_that_was_said_with_credentials() -> None:
    with_them = replace(PUT, credentials="include")
    script = Script(FIREFOX)
    assert script.preflights(with_them, f"acao: {HOME} | acac: true | acam: PUT | age: 100") == [True]
    assert script.preflights(PUT, "acao: * | acam: PUT | age: 0") == [True]
    assert script.preflights(with_them, f"acao: {HOME} | acac: true") == [False]


def test_seconds_count_from_the_moment_of_the_answer() -> None:
    moments = iter(range(100))
    cache = PreflightCache(now=lambda: next(moments))
    (hop,) = trace(PUT, always("acao: * | acam: PUT | age: 10"), cache=cache)
    assert hop.time == 0
    assert list(cache.expiry.values()) == [11]


def test_hops_are_remembered_under_the_origin_that_they_sent() -> None:
    script = Script()
    elsewhere = {FAR: always(ALLOWS)}
    assert [
        a.preflight_request is not None
        for a in trace(PUT, to(FAR, 307), elsewhere=elsewhere, cache=script.cache)
    ] == [True, True]
    script.moment = 1.0
    assert script.preflights(replace(PUT, url_origin=FAR), ALLOWS) == [True]
    assert script.preflights(replace(PUT, url_origin=FAR, page_origin="null"), ALLOWS) == [False]


def test_without_a_cache_nothing_is_remembered() -> None:
    for _ in range(2):
        (hop,) = trace(PUT, always(ALLOWS))
        assert hop.preflight_request is not None
        assert hop.time == 0.0


def test_the_trace_of_a_fetch_is_complete() -> None:
    answer, response = says("acao: * | acam: PUT"), says("acao: * | aceh: x-a | x-a: 1")

    def serve(request: Request) -> Response:
        return answer if request.method == "OPTIONS" else response

    assert trace(PUT, serve, engine=WEBKIT) == [
        Hop(
            PUT, WEBKIT, preflight_request(PUT), answer, actual_request(PUT), response,
            Outcome(True, frozenset({"x-a"}), "C-CHK-3"),
        )
    ]  # fmt: skip
    assert trace(GET, serve) == [
        Hop(
            GET, STANDARD, None, None, actual_request(GET), response,
            Outcome(True, frozenset({"x-a"}), "C-CHK-3"),
        )
    ]  # fmt: skip
    refusal = says("acao: *")
    assert trace(PUT, lambda request: refusal) == [
        Hop(
            PUT, STANDARD, preflight_request(PUT), refusal, None, None, Outcome(False, frozenset(), "C-PF-9")
        )
    ]  # fmt: skip


def test_the_next_hop_is_complete() -> None:
    fetch = Fetch(HOME, AWAY, "PUT", (("X-A", "1"), ("Content-Type", "a/b")), "include", stream_body=True)
    shares = f"acao: {HOME} | acac: true"

    def serve(request: Request) -> Response:
        if request.method == "OPTIONS":
            return says(f"{shares} | acam: PUT | acah: content-type, x-a")
        return says(shares if request.path == "/x?y" else f"{shares} | location: /x?y", 303)

    first, second = trace(fetch, serve)
    assert first.outcome.allowed
    assert second.fetch == Fetch(
        HOME, AWAY, "GET", (("X-A", "1"),), "include",
        path="/x?y", redirected_from=(AWAY,), preflighted=True, flagged=True, became_get=True,
        dropped=(("Content-Type", "a/b"),),
    )  # fmt: skip


def test_an_engine_says_for_itself_whether_a_hop_would_have_been_preflighted() -> None:
    """A fetch to the page's own server, with headers that are unsafe where they are joined."""
    ranges = Fetch(HOME, HOME, headers=(("Range", "bytes=0-1"), ("Range", "bytes=2-3")))
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        first = trace(ranges, always(f"location: {AWAY}", 307), engine=engine)[0]
        hop = redirect(first, engine)
        assert isinstance(hop, Fetch)
        assert hop.preflighted == (engine in (CHROMIUM, WEBKIT))


def test_the_first_server_answers_for_its_origin_on_the_way_too() -> None:
    seen = []

    def serve(request: Request) -> Response:
        seen.append(request.path)
        return says("acao: *") if request.path == "/2" else says(f"acao: * | location: {FAR}/1", 302)

    assert perform(GET, serve, elsewhere={FAR: to(AWAY + "/2"), AWAY: always("")}).allowed
    assert seen == ["/", "/2"]


def test_other_origins_are_looked_up_only_when_a_redirect_leads_there() -> None:
    looked_up: list[str] = []

    class Lookup(dict[str, Server]):
        def get(self, key: str, default: Any = None) -> Any:
            looked_up.append(key)
            return super().get(key, default)

    elsewhere = Lookup({FAR: always("acao: *"), AWAY: always("")})
    assert trace(GET, always("acao: *"), elsewhere=elsewhere)[-1].outcome.allowed
    assert looked_up == []
    assert trace(GET, to(FAR), elsewhere=elsewhere)[-1].outcome.allowed
    assert looked_up == [FAR]
    assert trace(GET, to("http://c.example"), elsewhere=elsewhere)[-1].response is None
    assert looked_up == [FAR, "http://c.example"]
