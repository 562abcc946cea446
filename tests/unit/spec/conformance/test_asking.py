"""Asking a server: the control, what is sent, who is busy, and when it is enough."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.conformance import Target
from spec.conformance.asking import (
    AT_ONCE,
    BUSY,
    LONGEST_ORIGIN,
    LONGEST_WAIT,
    LONGEST_WAITS,
    PATIENCE,
    WAITS,
    Asking,
    StillBusy,
    harmless,
    is_for_everyone,
    is_refused_by_parser,
    retry_after,
)
from spec.conformance.cases import actual, preflight
from spec.conformance.transports import Extra, NoAnswer
from spec.http import Headers
from spec.rules.server.examples import CREDENTIALS, LIST, A
from spec.rules.server.facts import ACAC, ACAO
from tests.unit.spec.conformance.servers import Answer
from tests.unit.spec.conformance.test_run import (
    ALLOWED,
    GRANTED,
    NOT_FOUND,
    OTHER,
    WITH_CREDENTIALS,
    Way,
    refuses,
    report_of,
    right,
    says,
)

ANY_TARGET = Target()


def doing(
    answer: Answer,
    config: Config = LIST,
    target: Target = ANY_TARGET,
    patience: int = PATIENCE,
    **options: Any,
) -> Asking:
    return Asking(Way(answer), report_of(config, **options), target, config, patience)


# The positive control

OTHER_PATH = Target("/a")
SEND_BOTH = (
    f"Send exactly `Access-Control-Allow-Origin: {A}` and `Access-Control-Allow-Credentials: true`, each in "
    "one field line"
)


@pytest.mark.parametrize(
    ("config", "target", "answer", "control"),
    [
        (LIST, Target(), says(GRANTED), ""),
        (LIST, Target(), says(GRANTED, 299), ""),
        (LIST, Target(), says(GRANTED, 300), f"GET / responds with 300{OTHER}"),
        (LIST, OTHER_PATH, says(GRANTED, 199), f"GET /a responds with 199{OTHER}"),
        (LIST, Target(), refuses, "unreachable: gone"),
        (LIST, OTHER_PATH, says(()), f"GET /a from {A}, which {ALLOWED}, is not allowed: the response has "
         f"no Access-Control-Allow-Origin. {RULES['C-CHK-1'].sentence} (C-CHK-1). Send exactly "
         f"`Access-Control-Allow-Origin: {A}` in one field line (S-WRK-1)."),
        (CREDENTIALS, Target(), says(GRANTED), f"GET / from {A}, which {ALLOWED} with credentials, "
         f"is not allowed: the response has access-control-allow-origin: {A}. {RULES['C-CHK-6'].sentence} "
         f"(C-CHK-6). {SEND_BOTH} (S-WRK-1)."),
        (CREDENTIALS, Target(), says(WITH_CREDENTIALS), ""),
        (Config(), Target(), says(()), ""),
        (Config(), Target(), refuses, "unreachable: gone"),
        (Config(), OTHER_PATH, says((), 404), f"GET /a responds with 404{NOT_FOUND}"),
    ],
)  # fmt: skip
def test_an_allowed_get_must_be_granted(config: Config, target: Target, answer: Answer, control: str) -> None:
    found = doing(answer, config, target)
    assert found.positive_control() == control
    origins = [A.encode()] if config.allow_origins else []
    assert found.transport.sent == [actual(tuple(origins), path=target.path)]  # type: ignore[attr-defined]
    assert found.report.requests == 1


@pytest.mark.parametrize(
    ("config", "origins", "credentials", "browser", "rule"),
    [
        (CREDENTIALS, ["*"], ["true"], "C-WLD-1", "S-CRD-1"),
        (CREDENTIALS, ["*"], [], "C-WLD-1", "S-WRK-1"),
        (CREDENTIALS, [A, A], ["true"], "C-CHK-5", "S-SYN-1"),
        (CREDENTIALS, [A], ["True"], "C-CHK-6", "S-SYN-2"),
        (CREDENTIALS, [A], ["true", "true"], "C-CHK-6", "S-SYN-2"),
        (CREDENTIALS, ["https://b.example"], ["true"], "C-CHK-4", "S-ORG-1"),
        (LIST, [f"{A}, https://b.example"], [], "C-CHK-4", "S-SYN-1"),
        (LIST, [A, A], [], "C-CHK-5", "S-SYN-1"),
        (LIST, [], [], "C-CHK-1", "S-WRK-1"),
    ],
)
def test_a_failed_control_says_why_a_browser_refuses_which_rule_that_breaks_and_what_to_send(
    config: Config, origins: list[str], credentials: list[str], browser: str, rule: str
) -> None:
    lines = [(ACAO, value) for value in origins] + [(ACAC, value) for value in credentials]
    headers = tuple((name.title().encode(), value.encode()) for name, value in lines)
    # What else is wrong with the response is no reason.
    answer = says((*headers, (b"Access-Control-Expose-Headers", b"a b"), (b"Access-Control-Max-Age", b"x")))
    told = doing(answer, config).positive_control()
    assert f". {RULES[browser].sentence} ({browser}). Send exactly " in told
    assert told.endswith(f" ({rule}).")
    assert not config.allow_credentials or f"{SEND_BOTH} (" in told


@pytest.mark.parametrize(
    ("in_a_test", "hint"),
    [
        (False, 'write lacks = ["origin_patterns"] in [target].'),
        (True, 'give target=Target(lacks={"origin_patterns"}).'),
    ],
)
def test_a_failed_control_of_a_pattern_may_mean_that_the_server_has_none(in_a_test: bool, hint: str) -> None:
    found = doing(says(()), Config(allow_origins=("https://*.a.example",)))
    found.report.in_a_test = in_a_test
    assert found.positive_control().endswith(f" (S-WRK-1). If the implementation has no patterns, {hint}")


# Sending


def test_an_answer_is_asked_for_once_unless_it_is_to_be_fresh() -> None:
    numbers = iter(range(9))
    found = doing(lambda request: Response(200, (), b"%d" % next(numbers)))
    one, other = actual(), actual((b"a",))
    bodies = []
    for request, afresh in ((one, False), (one, False), (other, False), (one, True), (one, False)):
        response = found.response(request, afresh=afresh)
        assert response
        bodies.append(response.body)
    assert bodies == [b"0", b"0", b"1", b"2", b"2"]
    assert found.report.requests == 3


def test_an_answer_is_not_asked_for_afresh_by_itself() -> None:
    found = doing(says(()))
    assert found.response(actual()) == found.response(actual())
    assert found.report.requests == 1


def test_what_cannot_be_sent_is_counted() -> None:
    found = doing(says(()))
    found.transport.can_send = lambda request: request.method == "GET"  # type: ignore[method-assign]
    assert found.response(actual(method="HEAD")) is None
    assert found.response(actual()) is not None
    assert (found.report.skipped, found.report.requests) == (1, 1)


LONG = b"x" * (LONGEST_ORIGIN + 1)


@pytest.mark.parametrize(
    ("origins", "profiles", "is_sent"),
    [
        ((LONG[1:],), ("protocol",), True),
        ((LONG,), ("protocol",), False),
        ((b"a", LONG), ("protocol",), False),
        ((LONG,), ("protocol", "implementation"), True),
    ],
)
def test_a_bound_of_our_own_binds_no_other(
    origins: tuple[bytes, ...], profiles: tuple[str, ...], is_sent: bool
) -> None:
    request = actual(origins)
    found = doing(says(()), profiles=profiles)
    assert (found.response(request) is not None) is is_sent
    assert found.report.skipped == (not is_sent)
    assert is_for_everyone(request) is (LONG not in origins)
    assert LONGEST_ORIGIN == 512


@pytest.mark.parametrize(
    ("answer", "method", "path", "trouble"),
    [
        (refuses, "HEAD", "/a", ["HEAD /a got no response: gone"]),
        (says((), 500), "GET", "/a", ["GET /a got status 500"]),
        (says((), 502), "OPTIONS", "/", ["OPTIONS / got status 502"]),
        (says((), 499), "GET", "/a", []),
        (says((), 500), "GET", "/error", []),
        (says((), 503), "GET", "/error", []),
    ],
)
def test_trouble_is_noted_once(answer: Answer, method: str, path: str, trouble: list[str]) -> None:
    found = doing(answer, target=Target(error_path="/error"))
    for _ in range(2):
        assert (found.response(actual(method=method, path=path)) is None) is (answer is refuses)
    assert found.report.trouble == trouble


BIG = 4096


@pytest.mark.parametrize(
    ("request_", "answer", "says_so"),
    [
        (actual((b"a", b"b")), Response(400, ()), True),
        (actual((b"a", b"b")), Response(599, ()), True),
        (actual((b"a", b"b")), Response(399, ()), False),
        (actual((b"a", b"b")), Response(600, ()), False),
        (actual((b"a", b"b")), Response(400, ((b"Vary", b"a"),)), False),
        (actual((b"a", b"b")), Response(400, ((b"X", b""), (b"Access-Control-Max-Age", b"1"))), False),
        (actual((b"a", b"b")), Response(400, ((b"x-access-control-", b""),)), True),
        (actual((b"https://a.example",)), Response(400, ()), False),
        (actual((b"https://a.example/",)), Response(400, ()), True),
        (actual(), Response(400, ()), False),
        (actual(more=((b"x", b"a" * BIG),)), Response(400, ()), False),
        (actual(more=((b"x", b"a" * BIG), (b"y", b"a"))), Response(431, ()), True),
        (actual(more=((b"x", b"a ~"),)), Response(400, ()), False),
        (actual(more=((b"x", b"a\ta"),)), Response(400, ()), True),
        (actual(more=((b"y", b"a"), (b"x", b"\xe9"))), Response(400, ()), True),
        (actual(more=((b"x", b""),)), Response(400, ()), True),
    ],
)
def test_a_parser_that_refuses_an_odd_request_says_nothing_about_cors(
    request_: Request, answer: Response, says_so: bool
) -> None:
    assert is_refused_by_parser(request_, answer) is says_so
    found = doing(lambda request: answer, config=Config())
    assert (found.response(request_) is None) is says_so
    assert (found.report.skipped, found.report.requests) == (says_so, 1)


@pytest.mark.parametrize("value", [b" a", b"a\t", b"a\nb", b"\x00", b"\x7f"])
def test_what_no_parser_hands_on_is_asked_of_our_own_alone(value: bytes) -> None:
    request = actual(more=((b"x", value),))
    foreign, ours = doing(says(())), doing(says(()), profiles=("protocol", "implementation"))
    assert foreign.response(request) is None
    assert ours.response(request) is not None
    assert (foreign.report.skipped, ours.report.skipped) == (1, 0)


# Who gives no response


def test_a_run_is_over_after_so_many_requests_without_a_response(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spec.conformance.asking.AT_ONCE", 0.0)

    def drops(request: Request) -> Response:
        if request.method == "OPTIONS":
            raise NoAnswer("dropped")
        return right(LIST)(request)

    found = doing(drops, patience=3)
    requests = [
        actual((b"a",)),
        *(actual(method="OPTIONS", path=f"/{number}") for number in range(9)),
        actual(),
    ]
    for request in requests[:2]:
        found.response(request)
    assert found.response(actual()) is not None  # one that gets a response in between changes nothing
    for request in requests[2:4]:
        assert found.report.inconclusive == ""
        found.response(request)
    assert found.report.requests == 6  # one is the control
    assert found.report.inconclusive == (
        "after 6 requests: 3 requests got no response, the last of them OPTIONS /2: dropped; "
        "--patience allows more"
    )
    assert [found.response(request) for request in requests[4:]] == [None] * 6 + [found.responses[actual()]]
    assert found.report.requests == 6
    assert PATIENCE == 5


def test_a_request_that_got_no_response_is_not_sent_again() -> None:
    found = doing(refuses)
    for _ in range(3):
        assert found.response(actual()) is None
    assert found.report.requests == found.closed == 1


def test_a_connection_that_is_closed_at_once_ends_no_run_while_the_server_is_there() -> None:
    def closes(request: Request) -> Response:
        if request.method == "OPTIONS" or is_gone:
            raise NoAnswer("closed")
        return right(LIST)(request)

    is_gone, found = False, doing(closes, patience=3)
    for number in range(7):
        assert found.response(actual(method="OPTIONS", path=f"/{number}")) is None
    assert (found.report.requests, found.report.inconclusive) == (9, "")  # two are controls
    assert found.silences == {actual(method="OPTIONS", path=f"/{number}"): "closed" for number in range(7)}
    is_gone = True
    for number in (7, 8):
        found.response(actual(method="OPTIONS", path=f"/{number}"))
    assert found.report.inconclusive == "after 12 requests: unreachable: closed"
    assert found.is_gone


def test_a_server_that_is_gone_is_out_of_reach() -> None:
    found = doing(refuses, patience=1)
    assert found.response(actual()) is None
    assert found.report.inconclusive == "after 2 requests: unreachable: gone"


@pytest.mark.parametrize(("seconds", "unanswered"), [(0.0, 0), (AT_ONCE - 0.1, 0), (AT_ONCE, 1)])
def test_a_connection_that_is_closed_at_once_on_an_odd_request_is_a_refusal(
    seconds: float, unanswered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    def closes(request: Request) -> Response:
        now[0] += seconds
        raise NoAnswer("closed")

    monkeypatch.setattr("spec.conformance.asking.monotonic", lambda: now[0])
    found = doing(closes)
    assert found.response(actual((b"a", b"b"))) is None
    assert (found.unanswered, found.report.skipped) == (unanswered, 1 - unanswered)
    assert found.report.trouble == ["GET / got no response: closed"] * unanswered
    assert found.response(actual()) is None
    assert found.unanswered + found.closed == unanswered + 1


# Who is busy


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, which nobody waits."""
    found: list[float] = []
    monkeypatch.setattr("spec.conformance.asking.sleep", found.append)
    return found


def busy(times: int, status: int = 429, *headers: tuple[bytes, bytes]) -> Answer:
    """Busy so many times, then right."""
    left = iter(range(times))
    return lambda request: Response(status, headers) if next(left, None) is not None else right(LIST)(request)


@pytest.mark.parametrize("status", BUSY)
@pytest.mark.parametrize(
    ("times", "headers", "waited"),
    [
        (0, (), []),
        (3, (), list(WAITS)),
        (2, ((b"Retry-After", b"7"),), [7.0, 7.0]),
        (1, ((b"Retry-After", b"0"),), [0.0]),
        (1, ((b"Retry-After", b"30"),), [LONGEST_WAIT]),
        (1, ((b"Retry-After", b"soon"),), [WAITS[0]]),
    ],
)
def test_a_busy_server_is_waited_for(
    status: int, times: int, headers: Headers, waited: list[float], waits: list[float]
) -> None:
    found = doing(busy(times, status, *headers))
    response = found.response(actual())
    assert response
    assert response.status == 200
    assert waits == waited
    assert found.report.requests == times + 1
    assert (found.report.inconclusive, found.report.trouble) == ("", [])
    assert found.waited == sum(waited)


@pytest.mark.parametrize(
    ("headers", "waited", "how_long"),
    [
        ((), list(WAITS), ""),
        (((b"Retry-After", b"31"),), [], " (Retry-After: 31)"),
        (((b"Retry-After", b"1"),), [1.0] * len(WAITS), " (Retry-After: 1)"),
    ],
)
def test_a_server_that_stays_busy_is_named_and_left_alone(
    headers: Headers, waited: list[float], how_long: str, waits: list[float]
) -> None:
    found = doing(busy(99, 429, *headers))
    assert found.response(actual()) is None
    assert waits == waited
    sent = len(waited) + 1
    assert found.report.inconclusive == (
        f"after {sent} requests: GET / got status 429{how_long}, which says nothing about CORS; "
        "send fewer requests per second (--rate), or fewer (--quick)"
    )
    assert found.response(actual((b"a",))) is None
    assert found.report.requests == sent


def test_there_is_an_end_to_waiting(waits: list[float]) -> None:
    numbers = iter(range(99))
    retry = ((b"retry-after", b"25"),)
    found = doing(lambda request: Response(429 if next(numbers) % 2 == 0 else 200, retry))
    for number in range(5):
        found.response(actual((b"%d" % number,)))
    assert waits == [25.0] * 4
    assert sum(waits) + 25 > LONGEST_WAITS
    assert found.report.inconclusive.startswith("after 9 requests: GET / got status 429")


def test_what_is_always_unavailable_while_the_control_is_served_is_no_sign_of_a_busy_server(
    waits: list[float],
) -> None:
    def answer(request: Request) -> Response:
        return Response(503, ()) if request.method == "OPTIONS" else right(LIST)(request)

    found = doing(answer)
    for number in range(3):
        response = found.response(actual(method="OPTIONS", path=f"/{number}"))
        assert response
        assert response.status == 503
    assert waits == list(WAITS)
    assert found.report.requests == len(WAITS) + 1 + 1 + 2
    assert found.report.inconclusive == ""
    assert found.report.trouble == [f"OPTIONS /{number} got status 503" for number in range(3)]


def test_a_busy_server_fails_the_control_by_name(waits: list[float]) -> None:
    assert (
        doing(busy(99)).positive_control().startswith("GET / got status 429, which says nothing about CORS")
    )
    with pytest.raises(StillBusy):
        doing(busy(99, 503))._when_not_busy(actual())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(b"0", 0.0), (b"120", 120.0), (b"-1", None), (b"1.5", None), (b"", None), (b"\xb2", None),
     (b"soon", None), (b"Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)  # fmt: skip
def test_how_long_to_wait_is_a_number_or_a_date(value: bytes, seconds: float | None) -> None:
    assert retry_after(Response(429, ((b"Retry-After", value),))) == seconds


def test_a_date_is_in_the_future() -> None:
    date = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=100), usegmt=True)
    found = retry_after(Response(429, ((b"Retry-After", date.encode()),)))
    assert found is not None
    assert 90 < found <= 100
    assert retry_after(Response(429, ())) is None


# What is special


@pytest.mark.parametrize(
    ("headers", "status", "is_special"),
    [
        ((), 404, False),
        (((b"x-requested-with", b"1"),), 404, True),
        (((b"X-Requested-With", b"1"), (b"Origin", b"https://a.example")), 404, True),
        (((b"x-requested-with", b"1"),), 200, False),
        (((b"If-None-Match", b"*"), (b"access-control-request-method", b"PUT")), 304, False),
    ],
)
def test_a_header_is_treated_specially_when_the_status_is_another_one_without_it(
    headers: Headers, status: int, is_special: bool
) -> None:
    request = Request("GET", headers)

    def answer(asked: Request) -> Response:
        return Response(status if asked == request else 200, ())

    found = doing(answer)
    exchange = Exchange(LIST, request, answer(request))
    assert found.is_treated_specially(exchange) is is_special


def test_headers_of_every_request_are_sent_once() -> None:
    way = Way(says(()))
    way.extra = Extra(((b"X-Token", b"1"),), ((b"X-Key", b"1"),))
    found = Asking(way, report_of(), Target(), LIST)
    assert not found.can_send(actual(more=((b"x-token", b"2"),)))
    assert found.can_send(actual(more=((b"x-tokens", b"2"),)))
    assert found.response(actual(more=((b"X-TOKEN", b"2"),))) is None
    assert (found.report.skipped, found.report.requests) == (1, 0)
    assert found.can_send(preflight((b"https://a.example",), more=((b"x-token", b"2"),)))
    assert not found.can_send(preflight((b"https://a.example",), more=((b"x-key", b"2"),)))


@pytest.mark.parametrize(
    ("method", "kept"),
    [("GET", "GET"), ("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("PUT", "GET"), ("get", "GET")],
)
def test_a_harmless_request_is_of_a_safe_method_and_for_this_host(method: str, kept: str) -> None:
    mine = ((b"Host", b"b"), (b"host", b"a"), (b"Cookie", b"a"), (b"authorization", b"b"))
    request = Request(method, ((b"a", b"b"), *mine, (b"c", b"host")), "/b")
    assert harmless(request, "/a") == Request(kept, ((b"a", b"b"), (b"c", b"host")), "/a")
