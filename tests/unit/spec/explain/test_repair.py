"""What a server would have to send: done as it is said, the browser allows the fetch."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import Response, strategies
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, outcome, preflight_request
from spec.explain.repair import NOTHING_YET, Change, changed, changes
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.browser.fetching import AWAY, FAR, GET, HOME, KEY, PUT, TOKEN, WATCHED, says

INCLUDE: Fetch = replace(GET, credentials="include")
PUT_INCLUDE: Fetch = replace(PUT, credentials="include", headers=(("X-Token", "1"), ("X-Other", "1")))
SHARED = says("acao: *")
ACAO, ACAC, ACAM, ACAH = (
    f"access-control-allow-{name}" for name in ("origin", "credentials", "methods", "headers")
)


def of_response(header: str, got: str | None, needed: str | None, rule: str) -> Change:
    return Change("response", header, got, needed, rule)


def of_preflight(header: str, got: str | None, needed: str | None, rule: str) -> Change:
    return Change("preflight", header, got, needed, rule)


@pytest.mark.parametrize(
    ("fetch", "response", "listed"),
    [
        (GET, SHARED, []),
        (GET, says(f"acao: {HOME}"), []),
        (GET, says("x-a: 1"), [of_response(ACAO, None, HOME, "C-CHK-1")]),
        (GET, None, [of_response(ACAO, None, HOME, "C-CHK-1")]),
        (GET, says(f"acao: {FAR}"), [of_response(ACAO, FAR, HOME, "C-CHK-4")]),
        (GET, says(f"acao: {HOME} | acao: *"), [of_response(ACAO, f"{HOME}, *", HOME, "C-CHK-5")]),
        (GET, says("acao: \xe9"), [of_response(ACAO, "\xe9", HOME, "C-CHK-4")]),
        (
            INCLUDE,
            SHARED,
            [of_response(ACAO, "*", HOME, "C-WLD-1"), of_response(ACAC, None, "true", "C-CHK-6")],
        ),
        (INCLUDE, says(f"acao: {HOME} | acac: True"), [of_response(ACAC, "True", "true", "C-CHK-6")]),
        (replace(GET, page_origin=AWAY), says(""), []),
        (replace(GET, page_origin="null"), says(""), [of_response(ACAO, None, "null", "C-CHK-1")]),
        (
            replace(GET, redirected_from=(FAR,)),
            says(f"acao: {HOME}"),
            [of_response(ACAO, HOME, "null", "C-CHK-4")],
        ),
    ],
)
def test_a_response_needs_what_the_cors_check_asks_for(
    fetch: Fetch, response: Response | None, listed: list[Change]
) -> None:
    assert changes(fetch, STANDARD, None, response) == listed


@pytest.mark.parametrize(
    ("fetch", "preflight", "listed"),
    [
        (PUT, says("acao: * | acam: PUT"), []),
        (PUT, says("acao: * | acam: *"), []),
        (PUT, says("acao: * | acam: put"), [of_preflight(ACAM, "put", "put, PUT", "C-PF-9")]),
        (PUT, says("acao: *"), [of_preflight(ACAM, None, "PUT", "C-PF-9")]),
        (PUT, says("acao: * | acam: PUT", 404), [of_preflight("status", "404", "204", "C-PF-6")]),
        (PUT, says("acao: * | acam: PUT", 301), [of_preflight("status", "301", "204", "C-PF-13")]),
        (
            PUT,
            None,
            [
                of_preflight(ACAO, None, HOME, "C-CHK-1"),
                of_preflight("status", None, "204", "C-PF-6"),
                of_preflight(ACAM, None, "PUT", "C-PF-9"),
            ],
        ),
        (
            PUT,
            says("acao: * | acam: GET | acam: [, PATCH"),
            [of_preflight(ACAM, "GET, [, PATCH", "GET, PATCH, PUT", "C-PF-8")],
        ),
        (TOKEN, says("acao: * | acam: ( | acah: *"), [of_preflight(ACAM, "(", None, "C-PF-8")]),
        (TOKEN, says("acao: * | acah: a b"), [of_preflight(ACAH, "a b", "x-token", "C-PF-8")]),
        (PUT, says("acao: * | acam: PUT | acah: A, a b"), [of_preflight(ACAH, "A, a b", "A", "C-PF-8")]),
        (
            TOKEN,
            says("acao: * | acah: X-A, X-B"),
            [of_preflight(ACAH, "X-A, X-B", "X-A, X-B, x-token", "C-PF-11")],
        ),
        (KEY, says("acao: * | acah: *"), [of_preflight(ACAH, "*", "*, authorization", "C-PF-10")]),
        (
            replace(KEY, headers=(*KEY.headers, *TOKEN.headers)),
            says("acao: * | acah: *"),
            [of_preflight(ACAH, "*", "*, authorization", "C-PF-10")],
        ),
        (
            replace(KEY, headers=(*KEY.headers, *TOKEN.headers)),
            says("acao: *"),
            [of_preflight(ACAH, None, "authorization, x-token", "C-PF-10")],
        ),
        (
            PUT_INCLUDE,
            says(f"acao: {HOME} | acac: true | acam: *, GET | acah: *, X-Token"),
            [
                of_preflight(ACAM, "*, GET", "GET, PUT", "C-WLD-1"),
                of_preflight(ACAH, "*, X-Token", "X-Token, x-other", "C-WLD-1"),
            ],
        ),
        (
            PUT_INCLUDE,
            says("acao: * | acam: PUT | acah: X-Token, X-Other"),
            [of_preflight(ACAO, "*", HOME, "C-WLD-1"), of_preflight(ACAC, None, "true", "C-CHK-6")],
        ),
        (WATCHED, says("acao: *"), []),
    ],
)
def test_a_preflight_needs_what_its_check_asks_for(
    fetch: Fetch, preflight: Response | None, listed: list[Change]
) -> None:
    good = says(f"acao: {HOME} | acac: true")
    assert changes(fetch, STANDARD, preflight, good) == listed


def test_a_preflight_that_nobody_sends_needs_nothing() -> None:
    assert changes(GET, STANDARD, Response(404, ()), SHARED) == []


def test_engines_are_asked_for_themselves() -> None:
    wildcard = says("acao: * | acah: *")
    assert changes(KEY, CHROMIUM, wildcard, SHARED) == []
    tainted = replace(PUT, redirected_from=(FAR,))
    needs_null = of_preflight(ACAO, HOME, "null", "C-CHK-4")
    preflight = says(f"acao: {HOME} | acam: PUT")
    assert changes(tainted, STANDARD, preflight, SHARED) == [needs_null]
    assert changes(tainted, FIREFOX, preflight, SHARED) == []
    needs_own = of_preflight(ACAO, "null", HOME, "C-CHK-4")
    assert changes(tainted, FIREFOX, says("acao: null | acam: PUT"), SHARED) == [needs_own]
    needs_method = of_preflight(ACAM, None, "PUT", "C-PF-9")
    assert changes(replace(WATCHED, method="PUT"), STANDARD, SHARED, SHARED) == []
    assert changes(replace(WATCHED, method="PUT"), CHROMIUM, SHARED, SHARED) == [needs_method]
    accepts = replace(PUT, headers=(("Accept", "\xe9"),))
    needs_accept = of_preflight(ACAH, None, "accept", "C-PF-11")
    assert changes(accepts, STANDARD, says("acao: * | acam: *"), SHARED) == []
    assert changes(accepts, FIREFOX, says("acao: * | acam: *"), SHARED) == [needs_accept]
    led_away = replace(GET, redirected_from=(HOME,))
    needs_credentials = [of_response(ACAO, "*", HOME, "C-WLD-1"), of_response(ACAC, None, "true", "C-CHK-6")]
    assert changes(led_away, STANDARD, None, replace(SHARED, status=302)) == []
    assert changes(led_away, WEBKIT, None, replace(SHARED, status=302)) == needs_credentials


def test_a_fetch_that_throws_cannot_be_helped() -> None:
    with pytest.raises(ValueError, match=r"^this fetch throws \(C-MTH-3\): Fetch\("):
        changes(replace(GET, method="TRACE"), STANDARD, None, None)


def test_what_is_changed_replaces_all_lines_of_that_name_and_leaves_the_rest() -> None:
    before = says("acao: a | x-a: 1 | acao: b", 404)
    listed = [
        of_preflight("status", "404", "204", ""),
        of_preflight(ACAO, "a, b", "c", ""),
        of_preflight("x-b", None, None, ""),
        of_response("x-a", None, "2", ""),
    ]
    assert changed("preflight", before, listed) == Response(
        204, ((b"x-a", b"1"), (b"access-control-allow-origin", b"c"))
    )
    assert changed("response", before, listed) == says("acao: a | acao: b | x-a: 2", 404)


def test_a_message_that_nobody_has_seen_is_an_empty_one() -> None:
    assert {"preflight": Response(0, ()), "response": Response(200, ())} == NOTHING_YET
    assert changed("response", None, []) == Response(200, ())
    assert changed("preflight", None, []) == Response(0, ())


# For random fetches and random responses

ENGINES = st.sampled_from([STANDARD, CHROMIUM, FIREFOX, WEBKIT])
ORIGINS = st.sampled_from(
    ["*", "https://app.example", "null", "https://a.example", "https://app.example, *", ""]
)
LISTS = st.lists(
    st.sampled_from(["*", "GET", "PUT", "put", "X-Token", "x-token", "Authorization", "a b", "(", ""]),
    max_size=4,
).map(", ".join)
LINES = st.one_of(
    st.tuples(st.just(ACAO), ORIGINS),
    st.tuples(st.just("Access-Control-Allow-Origin"), ORIGINS),
    st.tuples(st.just(ACAC), st.sampled_from(["true", "True", "false", ""])),
    st.tuples(st.just(ACAM), LISTS),
    st.tuples(st.just(ACAH), LISTS),
    st.tuples(st.just("Location"), st.just("/")),
)
RESPONSES = st.builds(
    lambda status, lines: Response(status, tuple((name.encode(), value.encode()) for name, value in lines)),
    st.sampled_from([200, 204, 299, 300, 301, 307, 304, 400, 404, 500]),
    st.lists(LINES, max_size=6),
)
FETCHES = (
    strategies.configs()
    .flatmap(strategies.fetches)
    .flatmap(
        lambda fetch: st.sampled_from(
            [
                fetch,
                replace(fetch, page_origin="https://app.example"),
                replace(fetch, redirected_from=("https://b.example",)),
                replace(fetch, redirected_from=(fetch.page_origin,), preflighted=True),
                replace(fetch, page_origin=fetch.url_origin),
            ]
        )
    )
)
CASES = st.tuples(FETCHES, ENGINES, st.none() | RESPONSES, st.none() | RESPONSES)


@thresholds(was_blocked=0.3, preflighted=0.3, several=0.1)
@given(CASES)
def test_what_a_server_is_told_to_send_is_enough_and_nothing_of_it_is_too_much(
    case: tuple[Fetch, Engine, Response | None, Response | None],
) -> None:
    fetch, engine, preflight, response = case
    listed = changes(fetch, engine, preflight, response)
    before = outcome(fetch, preflight, response or NOTHING_YET["response"], engine)
    hit(
        was_blocked=not before.allowed,
        preflighted=preflight_request(fetch, engine) is not None,
        several=len(listed) > 1,
    )
    assert bool(listed) == (not before.allowed)

    def after(kept: list[Change]) -> bool:
        messages = changed("preflight", preflight, kept), changed("response", response, kept)
        return outcome(fetch, *messages, engine).allowed

    assert after(listed)
    for change in listed:
        assert not after([other for other in listed if other is not change])
