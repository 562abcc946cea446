"""Where engines leave the standard, each case by case."""

from dataclasses import replace
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
    actual_request,
    outcome,
    perform,
    preflight_request,
    trace,
)
from spec.http import Request, Response
from tests.unit.spec.browser.fetching import (
    AWAY,
    FAR,
    GET,
    GOOD,
    HOME,
    KEY,
    MODES,
    OK,
    PUT,
    TOKEN,
    Script,
    always,
    hops,
    says,
    to,
    unsafe,
)


def test_a_wildcard_covers_authorization_in_every_engine_without_credentials() -> None:
    answer = says(f"acao: {HOME} | acac: true | acah: *")
    for engine in (CHROMIUM, FIREFOX, WEBKIT):
        assert outcome(KEY, answer, OK, engine).allowed
        assert outcome(replace(KEY, credentials="include"), answer, GOOD, engine).reason == "C-PF-10"
        assert outcome(KEY, says(f"acao: {HOME} | acah: x-a"), OK, engine).reason == "C-PF-10"
        cache = PreflightCache(now=lambda: 0.0)
        serve = always("acao: * | acah: *")
        assert perform(TOKEN, serve, cache=cache, engine=engine).allowed
        again = trace(KEY, serve, cache=cache, engine=engine)[0].preflight_request
        assert (again is None) == (engine is not FIREFOX)
        assert perform(KEY, serve, engine=engine).allowed
    assert not outcome(KEY, answer, OK).allowed
    assert not perform(KEY, always("acao: * | acah: *")).allowed


@pytest.mark.parametrize("engine", [CHROMIUM, WEBKIT])
def test_repeated_headers_are_judged_together(engine: Engine) -> None:
    halves = (("Accept", "a" * 64), ("accept", "b" * 63))
    assert [unsafe(*halves), unsafe(*halves, engine=FIREFOX)] == [[], []]
    assert unsafe(*halves, engine=engine) == [b"accept"]
    assert unsafe(("Accept", "a" * 64), ("accept", "b" * 62), engine=engine) == []
    ranges = (("Range", "bytes=0-1"), ("Range", "bytes=2-3"))
    assert [unsafe(*ranges), unsafe(*ranges, engine=engine)] == [[], [b"range"]]
    assert unsafe(("X-A", ""), ("Accept", ""), ("X-a", ""), engine=engine) == [b"x-a"]


def test_an_xmlhttprequest_joins_repeated_headers_itself() -> None:
    twice = replace(GET, headers=(("Range", "bytes=0-1"), ("X-A", "1"), ("range", "bytes=2-3"), ("x-a", "")))
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        watched = replace(twice, upload_listener=True)
        assert actual_request(watched, engine).headers == (
            (b"range", b"bytes=0-1, bytes=2-3"),
            (b"x-a", b"1, "),
            (b"origin", HOME.encode()),
        )
        asked = preflight_request(watched, engine)
        assert asked is not None
        assert asked.lines("access-control-request-headers") == [b"range,x-a"]
    assert len(actual_request(twice).headers) == 5


def test_firefox_asks_for_each_unsafe_line() -> None:
    headers = (("X-B", "1"), ("Accept", "("), ("x-a", "2"), ("X-b", "3"), ("accept", "a"))
    assert unsafe(*headers, engine=FIREFOX) == [b"accept", b"x-a", b"x-b", b"x-b"]
    assert unsafe(*headers) == [b"accept", b"x-a", b"x-b"]
    twice = replace(GET, headers=(("X-A", "1"), ("X-A", "2")))
    assert outcome(twice, says("acao: * | acah: x-a"), OK, FIREFOX).allowed


def test_the_hints_of_chromium_count_in_the_total() -> None:
    names = ["accept", "accept-language", "content-language", "dpr", "downlink", "rtt", "width"]
    seven = tuple((name, "1" * 128) for name in names)
    assert unsafe(*seven, ("viewport-width", "1" * 128), engine=CHROMIUM) == []
    nine = (*seven, ("viewport-width", "1" * 128), ("range", "bytes=0-"))
    assert unsafe(*nine, engine=CHROMIUM) == sorted(name.encode() for name, _ in nine)


def test_firefox_has_no_limit_in_total() -> None:
    nine = (("Accept", "a" * 128),) * 9
    assert [unsafe(*nine, engine=engine) for engine in (STANDARD, FIREFOX, WEBKIT)] == [
        [b"accept"],
        [],
        [b"accept"],
    ]


def test_firefox_asks_for_high_bytes_in_accept() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert unsafe(("Accept", "\x80"), engine=engine) == ([b"accept"] if engine is FIREFOX else [])
    assert unsafe(("Accept", "\x7e"), engine=FIREFOX) == []


@pytest.mark.parametrize("byte", ["\x80", "\xff", ","])
def test_firefox_asks_for_more_bytes_in_content_type(byte: str) -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        asked = unsafe(("Content-Type", f"text/plain;{byte}"), engine=engine)
        assert asked == ([b"content-type"] if engine is FIREFOX else [])
    assert unsafe(("Content-Type", "text/plain;\x7e+-"), ("Accept", ","), engine=FIREFOX) == []


@pytest.mark.parametrize(
    ("engine", "most"), [(CHROMIUM, 2**63 - 2), (FIREFOX, 2**64 - 1), (WEBKIT, 2**64 - 1)]
)
def test_the_numbers_of_a_range_have_an_end(engine: Engine, most: int) -> None:
    for value in (f"bytes={most}-", f"bytes=0-{most}", f"bytes={most}-{most}", "bytes=" + "0" * 30 + "-"):
        assert unsafe(("Range", value), engine=engine) == []
    for value in (f"bytes={most + 1}-", f"bytes=0-{most + 1}"):
        assert unsafe(("Range", value), engine=engine) == [b"range"]
        assert unsafe(("Range", value)) == []


@pytest.mark.parametrize(
    ("value", "is_safe"),
    [
        ("Bytes=0-", True), ("bytes=\x0b1-5", True), ("bytes=1\x0b\x0c-5", True), ("bytes=1-\x0b5", True),
        ("bytes=1-5\x0b", True), ("bytes=+1-+5", True), ("bytes=\x0b+1-\x0c+5", True), ("bytes=\x0c1-", True),
        ("bytes=1-\x0b", False), ("bytes=\x0b-5", False), ("bytes\x0b=1-5", False), ("bytes=5-+4", False),
        ("bytes=+\x0b1-5", False), ("bytes= 1-5", False), ("bytes=1-5 ,", False), ("bytes=++1-", False),
    ],
)  # fmt: skip
def test_webkit_reads_the_numbers_of_a_range_loosely(value: str, is_safe: bool) -> None:
    assert (unsafe(("Range", value), engine=WEBKIT) == []) == is_safe
    for engine in (STANDARD, CHROMIUM, FIREFOX):
        assert unsafe(("Range", value), engine=engine) == [b"range"]


@pytest.mark.parametrize("name", ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"])
def test_quotes_hide_no_method_from_firefox_and_webkit(name: str) -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        splits = engine in (FIREFOX, WEBKIT)
        asked = [name.lower().encode()]
        for value in ('"a,TRACE', '"a, trace ,b"', '"a\\",TRACE'):
            assert unsafe((name, value), engine=engine) == ([] if splits else asked)
        assert unsafe((name, '"a,TRACE"'), engine=engine) == unsafe((name, "TRACES"), engine=engine) == asked
        assert unsafe((name, "a,TRACE"), engine=engine) == []


def test_chromium_preflights_an_upload_with_a_listener_for_its_body_only() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        for method in ("get", "HEAD"):
            watched = replace(GET, method=method, upload_listener=True)
            assert (preflight_request(watched, engine) is None) == (engine is CHROMIUM)
        for flagged in (
            replace(GET, method="POST", upload_listener=True),
            replace(GET, method="POST", stream_body=True),
            replace(GET, flagged=True),
        ):
            assert preflight_request(flagged, engine) is not None


def test_the_flag_outlives_a_redirect() -> None:
    for field in ("upload_listener", "stream_body"):
        fetch = replace(GET, method="POST", **{field: True})  # type: ignore[arg-type]
        for engine in (STANDARD, CHROMIUM):
            done = hops(fetch, to(FAR, 303), engine)
            assert [hop.preflight_request is not None for hop in done] == [True, True]
            assert [hop.fetch.flagged for hop in done] == [False, True]
    assert not hops(GET, to(FAR, 303), STANDARD)[1].fetch.flagged
    for engine in (STANDARD, CHROMIUM):
        second = hops(replace(GET, upload_listener=True), to(FAR), engine)[1]
        assert second.fetch.flagged == (second.preflight_request is not None) == (engine is STANDARD)


def test_only_the_standard_takes_a_missing_list_for_the_method_of_an_upload() -> None:
    watched = replace(PUT, upload_listener=True)
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert outcome(watched, OK, OK, engine).allowed == (engine is STANDARD)
        assert outcome(watched, says("acao: * | acam: PUT"), OK, engine).allowed
    assert not outcome(watched, says("acao: * | acam: "), OK).allowed


@pytest.mark.parametrize("location", ["", " ", "\t"])
def test_engines_differ_in_what_an_empty_location_is(location: str) -> None:
    seen = {
        engine.name: [hop.outcome.allowed for hop in hops(GET, to(location), engine)]
        for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)
    }
    around = [True] * 20 + [False]
    assert seen == {"standard": around, "chromium": [True], "firefox": around, "webkit": [False]}


def test_webkit_asks_for_headers_that_it_has_dropped() -> None:
    for engine in (STANDARD, CHROMIUM, WEBKIT):
        route = {FAR: always("acao: * | acah: authorization"), "https://last.example": always("acao: *")}
        second = hops(KEY, to(FAR, 307), engine, **route)[1]
        assert (second.preflight_request is not None) == (engine is WEBKIT)
        assert second.request is not None
        assert second.request.lines("authorization") == []
        route |= {FAR: to("https://last.example", 307)}
        third = hops(KEY, to(FAR, 307), engine, **route)[-1]
        assert third.outcome.allowed == (engine is not WEBKIT)
        named = replace(KEY, headers=(*KEY.headers, ("X-A", "1"), ("X-Z", "1")))
        second = hops(named, to(FAR, 307), engine)[1]
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"authorization,x-a,x-z" if engine is WEBKIT else b"x-a,x-z"]
        # It stays with its own server.
        assert hops(KEY, to(AWAY + "/2", 307), engine)[1].request.lines("authorization") == [b"k"]  # type: ignore[union-attr]
    assert hops(GET, to(FAR, 307), WEBKIT)[1].fetch.dropped == ()
    posted = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"), ("X-A", "1"), ("Content-Language", "_")))
    for engine in (STANDARD, WEBKIT):
        second = hops(posted, to(FAR, 303), engine)[1]
        assert second.fetch.dropped == (("Content-Type", "a/b"), ("Content-Language", "_"))
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"content-language,content-type,x-a" if engine is WEBKIT else b"x-a"]

    # What one redirect has dropped is asked for after the next one, too.
    def between(request: Request) -> Response:
        listed = f"acao: {HOME} | acac: true | acah: content-type, authorization"
        if request.method == "OPTIONS":
            return says(listed)
        return says(f"{listed} | location: {FAR}", 307)

    both = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"), ("Authorization", "k")))
    third = hops(both, to(AWAY, 303), WEBKIT, **{AWAY: between, FAR: always("acao: *")})[2]
    assert set(third.fetch.dropped) == {("Content-Type", "a/b"), ("Authorization", "k")}


def test_webkit_keeps_the_origin_of_a_post_that_became_a_get() -> None:
    for engine in (STANDARD, WEBKIT):
        for method, status, expected in (
            ("POST", 303, True),
            ("PUT", 303, True),
            ("POST", 302, True),
            ("GET", 302, False),
        ):
            fetch = Fetch(HOME, HOME, method)
            last = hops(fetch, to(HOME + "/2", status), engine)[1]
            assert last.request is not None
            assert bool(last.request.lines("origin")) == (expected and engine is WEBKIT)
        for method in ("POST", "PUT"):
            last = hops(Fetch(HOME, HOME, method), to(HOME + "/2", 307), engine)[1]
            assert not last.fetch.became_get
    done = hops(Fetch(HOME, HOME, "POST"), to(HOME, 303), WEBKIT)
    assert all(hop.fetch.became_get for hop in done[1:])


@pytest.mark.parametrize("mode", MODES)
def test_webkit_checks_a_second_redirect_as_if_with_credentials(mode: Any) -> None:
    own = Fetch(HOME, HOME, credentials=mode)
    for engine in (STANDARD, WEBKIT):
        for says_this, passes in (
            ("acao: *", mode != "include" and (engine is STANDARD or mode == "omit")),
            (f"acao: {HOME}", mode != "include" and (engine is STANDARD or mode == "omit")),
            (f"acao: {HOME} | acac: true", True),
        ):

            def second(request: Request, says_this: str = says_this) -> Response:
                return (
                    says(f"{says_this} | location: {AWAY}/2", 302)
                    if request.path == "/1"
                    else says("acao: * | acac: true")
                )

            done = hops(own, to(AWAY + "/1"), engine, **{AWAY: second})
            assert (len(done) == 3) == passes
        # An answer that leads nowhere else is checked as it is.
        done = hops(own, to(AWAY + "/1"), engine, **{AWAY: always("acao: *")})
        assert done[-1].outcome.allowed == (mode != "include")
        # So is one on the way that did not begin at home.
        route = {FAR: to("https://last.example"), "https://last.example": always("acao: *")}
        done = hops(replace(GET, credentials=mode), to(FAR), engine, **route)
        assert len(done) == (1 if mode == "include" else 3)


def test_the_outcome_of_one_hop_is_that_of_its_engine() -> None:
    second = replace(GET, redirected_from=(HOME,))
    answers = says("acao: *", 302), says("acao: *")
    assert [outcome(second, None, each, WEBKIT).allowed for each in answers] == [False, True]
    assert [outcome(second, None, each).allowed for each in answers] == [True, True]


def test_firefox_checks_no_preflight_that_redirected_back() -> None:
    def home(request: Request) -> Response:
        return says("acam: PUT" if request.method == "OPTIONS" else "acao: null")

    for engine in (STANDARD, FIREFOX):
        last = hops(PUT, to(HOME, 307), engine, **{HOME: home})[-1]
        assert (last.request is not None) == last.outcome.allowed == (engine is FIREFOX)
        assert hops(PUT, to(HOME, 307), engine, **{HOME: always("acao: null")})[-1].request is None
        assert hops(PUT, to(FAR, 307), engine, **{FAR: home})[-1].request is None


def test_firefox_preflights_with_the_real_origin_after_redirects() -> None:
    def origins(engine: Engine, last: str) -> list[bytes]:
        hop = hops(PUT, to(FAR, 307), engine, **{FAR: always(f"acao: {last} | acam: PUT")})[1]
        return [
            line for sent in (hop.preflight_request, hop.request) if sent for line in sent.lines("origin")
        ]

    assert origins(STANDARD, "*") == origins(CHROMIUM, "*") == origins(WEBKIT, "*") == [b"null", b"null"]
    assert origins(FIREFOX, "*") == [HOME.encode(), b"null"]
    assert origins(STANDARD, "null") == [b"null", b"null"]
    assert origins(FIREFOX, "null") == [HOME.encode()]
    assert origins(FIREFOX, HOME) == [HOME.encode(), b"null"]


def test_firefox_and_webkit_preflight_hops_that_became_simple() -> None:
    posted = replace(GET, method="POST", headers=(("Content-Type", "a/b"),))
    for fetch, status in ((posted, 302), (KEY, 307)):
        for engine in (STANDARD, CHROMIUM, WEBKIT, FIREFOX):
            done = hops(fetch, to(FAR, status), engine)
            assert (done[1].preflight_request is not None) == (engine in (FIREFOX, WEBKIT))
    # It stays so, also by way of a hop to which nothing else applies.
    route = {FAR: to("https://last.example"), "https://last.example": always("acao: *")}
    done = hops(KEY, to(FAR, 307), FIREFOX, **route)
    assert [hop.preflight_request is not None for hop in done] == [True, True, True]
    assert hops(GET, to(FAR), FIREFOX)[1].preflight_request is None
    # It takes what is remembered of the method to go without.
    done = hops(KEY, to(FAR, 307), FIREFOX, cache=PreflightCache())
    assert [hop.preflight_request is not None for hop in done] == [True, True]
    # Headers count that would have taken one, also where the page's own server was asked; a method does not.
    own = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"),))
    assert hops(own, to(FAR, 303), FIREFOX)[1].preflight_request is not None
    assert hops(Fetch(HOME, HOME, "PUT"), to(FAR, 303), FIREFOX)[1].preflight_request is None
    # It does not stand in for a permission to use the method.
    assert not hops(PUT, to(FAR, 307), FIREFOX, **{FAR: always(f"acao: {HOME}")})[1].outcome.allowed


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        *((name, "0 1 1.5 0.10 10", "-1 +1 1. .5 1.5.2 1e3 inf 1,2 x1 1x")
          for name in ("DPR", "downlink", "Device-Memory")),
        *((name, "0 1 10", "-1 +1 1.5 1e3 x x1 1x") for name in ("Viewport-Width", "width", "RTT")),
        ("ECT", "slow-2g 2g 3g 4g", "3G 5g 1 slow-3g x2g 2gx"),
        ("Save-Data", "on ON oN", "off 1 onx xon"),
    ],
)  # fmt: skip
def test_chromium_safelists_hints(name: str, good: str, bad: str) -> None:
    asked = [name.lower().encode()]
    for value in good.split():
        assert unsafe((name, value), engine=CHROMIUM) == []
        for engine in (STANDARD, FIREFOX, WEBKIT):
            assert unsafe((name, value), engine=engine) == asked
    for value in ("", "1" * 129, *bad.split()):
        assert unsafe((name, value), engine=CHROMIUM) == asked


def test_chromium_keeps_its_user_agent() -> None:
    fetch = replace(GET, headers=(("User-Agent", "me"),))
    assert preflight_request(fetch, CHROMIUM) is None
    assert actual_request(fetch, CHROMIUM) == actual_request(GET)
    assert outcome(fetch, None, OK, CHROMIUM).allowed
    (hop,) = trace(fetch, always("acao: *"), engine=CHROMIUM)
    assert hop.request == actual_request(GET)
    with_token = replace(GET, headers=(("User-Agent", "me"), ("X-Token", "1")))
    script = Script(CHROMIUM)
    assert outcome(with_token, says("acao: * | acah: x-token"), OK, CHROMIUM).allowed
    assert script.preflights(with_token, "acao: * | acah: x-token") == [True]
    assert script.preflights(with_token, "acao: * | acah: x-token") == [False]
    for engine in (STANDARD, FIREFOX, WEBKIT):
        assert preflight_request(fetch, engine) is not None
        assert actual_request(fetch, engine).lines("user-agent") == [b"me"]


def test_engines_agree_on_what_they_declare_nothing_about() -> None:
    for engine in (CHROMIUM, FIREFOX, WEBKIT):
        for status in (200, 204, 299, 300, 404):
            assert outcome(PUT, says("acao: * | acam: PUT", status), OK, engine) == outcome(
                PUT, says("acao: * | acam: PUT", status), OK
            )
    assert [engine.name for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)] == [
        "standard",
        "chromium",
        "firefox",
        "webkit",
    ]
