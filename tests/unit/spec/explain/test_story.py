"""The story of a fetch: its steps, the reasons for them, the rules that decide, and what would allow it."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model import respond
from spec import RULES, Config, Response, strategies
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, Hop, outcome, perform, trace
from spec.explain.story import (
    Silence,
    Step,
    deciding_rules,
    dropped_headers,
    permitting,
    reasons_for_preflight,
    steps,
    why_unsafe,
)
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds

CONFIG = Config(
    allow_origins=("https://app.example",), allow_methods=("GET", "PUT"), allow_headers=("X-Token",)
)
APP_RESPONSE = Response(200, ())
GET = Fetch("https://app.example", "https://server.example")
PUT = replace(GET, method="PUT")
ELSEWHERE = "https://b.example"
"""The origin of a page that is not allowed."""


def happened(fetch: Fetch, engine: Engine = STANDARD) -> Hop:
    """What browser and server do."""
    return trace(fetch, lambda request: respond(CONFIG, request, APP_RESPONSE), engine=engine)[-1]


def because(name: str, rule_id: str) -> str:
    """Why a header takes a preflight."""
    return f"{name}: {RULES[rule_id].sentence} ({rule_id})."


def left_out(name: str) -> str:
    """That a header is not sent."""
    return f"It leaves out {name}: a script cannot set this (C-HDR-1)."


# Steps

SIMPLE = "It needs no preflight: method and headers are safelisted (C-PF-1)."
UNSAFE_PUT = "The method PUT is not one of GET, HEAD and POST (C-MTH-4)."


def test_a_fetch_that_throws_has_one_step() -> None:
    (step,) = steps(happened(replace(GET, method="TRACE")))
    assert step == Step("The browser sends nothing: fetch() throws a TypeError", [], None)


def test_a_fetch_without_a_preflight_has_two_steps() -> None:
    done = happened(replace(GET, headers=(("Cookie", "a=1"),)))
    assert done.request and done.response
    assert [*steps(done, is_modelled=True)] == [
        Step("The browser sends the request", [SIMPLE, left_out("Cookie")], done.request),
        Step("The server responds", [], done.response),
    ]


def test_a_fetch_whose_preflight_passes_has_four_steps() -> None:
    done = happened(replace(PUT, headers=(("Cookie", "a=1"),)))
    assert done.preflight_request and done.preflight_response and done.request and done.response
    assert [*steps(done, is_modelled=True)] == [
        Step("The browser sends a preflight first", [UNSAFE_PUT], done.preflight_request),
        Step("The server responds without calling the application", [], done.preflight_response),
        Step("The browser sends the request", [left_out("Cookie")], done.request),
        Step("The server responds", [], done.response),
    ]


def test_a_fetch_whose_preflight_does_not_pass_ends_there() -> None:
    done = happened(replace(PUT, page_origin=ELSEWHERE))
    assert done.preflight_request and done.preflight_response
    assert [*steps(done, is_modelled=True)] == [
        Step("The browser sends a preflight first", [UNSAFE_PUT], done.preflight_request),
        Step("The server responds without calling the application", [], done.preflight_response),
        Step("The browser does not send the request", [], None),
    ]


# Steps before a real server


def before(response: Response | None, fetch: Fetch = PUT, engine: Engine = STANDARD) -> Hop:
    """What happens before a server that responds to preflights well, and then gives that."""
    allows = Response(200, ((b"access-control-allow-origin", b"*"), (b"access-control-allow-methods", b"*")))
    (done,) = trace(fetch, lambda request: allows if request.method == "OPTIONS" else response, engine=engine)
    return done


def test_of_a_real_server_it_is_not_known_whether_the_application_was_called() -> None:
    done = before(APP_RESPONSE)
    assert [step.headline for step in steps(done)] == [
        "The browser sends a preflight first",
        "The server responds",
        "The browser sends the request",
        "The server responds",
    ]


def test_a_preflight_without_a_response_ends_the_story() -> None:
    (done,) = trace(PUT, lambda _: None)
    silent = Step("There is no response", ["It is asleep."], None)
    assert [*steps(done, Silence("It is asleep."))][1:] == [
        silent,
        Step("The browser does not send the request", [], None),
    ]
    assert [*steps(done)][1] == Step("There is no response", [], None)


def test_a_request_without_a_response_was_sent_or_was_not() -> None:
    done = before(None)
    assert [*steps(done, Silence("It is asleep."))][2:] == [
        Step("The browser sends the request", [], done.request),
        Step("There is no response", ["It is asleep."], None),
    ]
    assert [*steps(done, Silence("It may change something.", is_sent=False))][2:] == [
        Step("The browser would send the request", [], done.request),
        Step("It is not sent here", ["It may change something."], None),
    ]
    assert [*steps(done)][2:] == [
        Step("The browser sends the request", [], done.request),
        Step("There is no response", [], None),
    ]


def test_it_is_said_why_origin_is_null() -> None:
    note = f"Its Origin is null: {RULES['C-ORG-3'].sentence} (C-ORG-3)."
    tainted = replace(PUT, redirected_from=(ELSEWHERE,))
    told = [*steps(before(APP_RESPONSE, tainted))]
    assert (told[0].reasons, told[2].reasons) == ([UNSAFE_PUT, note], [note])
    told = [*steps(before(APP_RESPONSE, tainted, FIREFOX))]
    assert (told[0].reasons, told[2].reasons) == ([UNSAFE_PUT], [note])
    told = [*steps(before(APP_RESPONSE, replace(tainted, page_origin="null")))]
    assert (told[0].reasons, told[2].reasons) == ([UNSAFE_PUT], [])
    told = [*steps(before(APP_RESPONSE, replace(tainted, method="GET", headers=(("Cookie", "a"),))))]
    assert told[0].reasons == [SIMPLE, note, left_out("Cookie")]


# Why there is a preflight


def test_reasons_for_a_preflight_are_the_method_and_then_each_header() -> None:
    fetch = replace(GET, method="put", headers=(("X-Token", "1"), ("Accept", "("), ("Cookie", "a=1")))
    assert reasons_for_preflight(happened(fetch)) == [
        UNSAFE_PUT,
        because("accept", "C-SAF-2"),
        because("x-token", "C-SAF-7"),
    ]


@pytest.mark.parametrize(
    ("method", "reasons"),
    [
        ("get", []),
        ("HEAD", []),
        ("post", []),
        ("delete", ["The method DELETE is not one of GET, HEAD and POST (C-MTH-4)."]),
        ("patch", ["The method patch is not one of GET, HEAD and POST (C-MTH-4)."]),
    ],
)
def test_a_method_that_is_not_safelisted_takes_a_preflight(method: str, reasons: list[str]) -> None:
    assert reasons_for_preflight(happened(replace(GET, method=method))) == reasons


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        (b"accept", b"a(b", "C-SAF-2"),
        (b"accept", b"a" * 129, "C-SAF-1"),
        (b"accept", b"(" + b"a" * 127, "C-SAF-2"),
        (b"accept-language", b"e_n", "C-SAF-3"),
        (b"content-language", b"e_n", "C-SAF-3"),
        (b"content-type", b"application/json", "C-SAF-4"),
        (b"range", b"bytes=-5", "C-SAF-5"),
        (b"authorization", b"Bearer 1", "C-SAF-7"),
        (b"x-long", b"a" * 129, "C-SAF-7"),
        (b"a|b", b"1", "C-SAF-7"),
    ],
)
def test_it_is_said_why_a_header_takes_a_preflight(name: bytes, value: bytes, reason: str) -> None:
    assert why_unsafe(((b"accept", b"*/*"), (name, value)), name, STANDARD) == reason
    fetch = replace(GET, headers=((name.decode(), value.decode()),))
    assert reasons_for_preflight(happened(fetch)) == [because(name.decode(), reason)]


def accepting(values: tuple[str, ...], engine: Engine) -> list[str]:
    """Why there is a preflight where a script sets Accept as often as this."""
    fetch = replace(GET, headers=tuple(("Accept", value) for value in values))
    return reasons_for_preflight(happened(fetch, engine))


def test_all_safelisted_headers_together_can_be_too_long() -> None:
    values = ("a" * 128,) * 9
    assert accepting(values, STANDARD) == [because("accept", "C-SAF-6")]
    assert accepting(values, CHROMIUM) == [because("accept", "C-SAF-1")]
    assert accepting(values, FIREFOX) == []


def test_of_several_values_one_is_enough_to_take_a_preflight() -> None:
    def reasons(*values: str, engine: Engine = STANDARD) -> list[str]:
        return accepting(values, engine)

    too_long, odd = [because("accept", "C-SAF-1")], [because("accept", "C-SAF-2")]
    assert reasons("a" * 129, "a") == too_long
    assert reasons("a", "(") == odd
    assert reasons("a" * 125, "(", engine=CHROMIUM) == odd
    assert reasons("a" * 126, "(", engine=CHROMIUM) == too_long
    assert reasons("a" * 126, "(") == odd
    assert reasons("a" * 100, "a" * 100, engine=CHROMIUM) == too_long
    assert reasons("a" * 100, "a" * 100) == []
    assert reasons("\u00e9", engine=FIREFOX) == odd
    assert reasons("\u00e9") == []


# What is not sent


def test_what_a_script_cannot_set_is_dropped() -> None:
    fetch = replace(GET, headers=(("Cookie", "a=1"), ("Range", "bytes=0-"), ("Sec-X", "1"), ("X-Token", "1")))
    assert dropped_headers(happened(fetch)) == [left_out("Cookie"), left_out("Sec-X")]


def test_an_engine_may_drop_more() -> None:
    fetch = replace(GET, headers=(("User-Agent", "a"),))
    assert dropped_headers(happened(fetch, CHROMIUM)) == [left_out("User-Agent")]
    assert dropped_headers(happened(fetch, WEBKIT)) == []


# The rules that decide


@pytest.mark.parametrize(
    ("fetch", "rules"),
    [
        (replace(GET, method="TRACE"), ["C-MTH-3"]),
        (GET, ["C-CHK-7"]),
        (replace(GET, page_origin=ELSEWHERE), ["C-CHK-1"]),
        (PUT, ["C-CHK-7"]),
        (replace(GET, method="DELETE"), ["C-PF-6"]),
        (replace(PUT, page_origin=ELSEWHERE), ["C-PF-7", "C-CHK-1"]),
        (replace(PUT, credentials="include"), ["C-PF-7", "C-CHK-6"]),
    ],
)
def test_where_a_preflight_is_not_shared_the_rule_that_says_so_is_named_too(
    fetch: Fetch, rules: list[str]
) -> None:
    assert deciding_rules(happened(fetch)) == rules


def test_a_preflight_is_shared_with_the_origin_that_it_carries() -> None:
    page = Response(200, ((b"access-control-allow-origin", GET.page_origin.encode()),))
    tainted = replace(PUT, redirected_from=(ELSEWHERE,))

    def rules(fetch: Fetch, engine: Engine, response: Response | None) -> list[str]:
        return deciding_rules(trace(fetch, lambda _: response, engine=engine)[-1])

    assert rules(tainted, STANDARD, page) == ["C-PF-7", "C-CHK-4"]
    assert rules(tainted, FIREFOX, page) == ["C-PF-9"]
    null = Response(200, ((b"access-control-allow-origin", b"null"),))
    assert rules(tainted, FIREFOX, null) == ["C-PF-7", "C-CHK-4"]
    assert rules(tainted, FIREFOX, None) == ["C-PF-6"]


# What would have to change

CASES = strategies.configs().flatmap(
    lambda config: st.tuples(
        st.just(config),
        strategies.fetches(config),
        st.sampled_from([STANDARD, CHROMIUM, FIREFOX, WEBKIT]),
    )
)


@thresholds(was_blocked=0.2, is_refused=0.01, preflighted=0.2)
@given(CASES)
def test_a_configuration_that_lacks_nothing_allows_the_fetch(case: tuple[Config, Fetch, Engine]) -> None:
    config, fetch, engine = case
    better = permitting(config, fetch, engine)
    refused = bool(errors(better))
    before = perform(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine)
    hit(
        was_blocked=not before.allowed,
        is_refused=refused,
        preflighted=not outcome(fetch, None, APP_RESPONSE, engine).reason.startswith("C-CHK"),
    )
    assume(not refused)
    after = perform(fetch, lambda request: respond(better, request, APP_RESPONSE), engine=engine)
    assert after.allowed


@given(CASES)
def test_nothing_is_added_that_is_not_lacking(case: tuple[Config, Fetch, Engine]) -> None:
    config, fetch, engine = case
    better = permitting(config, fetch, engine)
    if perform(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine).allowed:
        assert better == config
    assert permitting(better, fetch, engine) == better
