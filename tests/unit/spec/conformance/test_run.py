"""A run: what is asked, when it means nothing, and what of a violation is kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any
from unittest import SkipTest

import pytest

from model import respond
from spec import RULES, Config, Exchange, Request, Response
from spec.conformance import Target, check_app
from spec.conformance.cases import Group, actual, groups
from spec.conformance.cases import preflight as preflight_of
from spec.conformance.report import Report
from spec.conformance.run import (
    JUDGED,
    LONGEST_ORIGIN,
    PATIENCE,
    Found,
    Run,
    conclude,
    harmless,
    is_for_everyone,
    is_refused_by_parser,
    planned,
    run,
    selected,
    silent,
    size,
)
from spec.conformance.transports import NoAnswer
from spec.http import Headers
from spec.rules.record import NETWORK_ERROR, Violation
from spec.rules.server.examples import CREDENTIALS, LIST, TWO, A
from tests.helpers.faulty_servers import ACAC, ACAO, changed, value
from tests.unit.spec.conformance.servers import Answer, asgi

PLAIN = Response(200, ((b"content-type", b"text/plain"),), b"hello")
ALLOWED = "the configuration allows"


class Way:
    """A way to a server that is a function; notes what is sent."""

    last_error = ""
    own_origin = ""

    def __init__(self, answer: Answer, carries: Callable[[Request], bool] = lambda request: True) -> None:
        self.answer, self.can_send = answer, carries
        self.sent: list[Request] = []
        self.is_closed = False

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        return self.answer(request)

    def close(self) -> None:
        self.is_closed = True


def right(config: Config) -> Answer:
    """A server that is right."""
    return lambda request: respond(config, request, PLAIN)


def refuses(request: Request) -> Response:
    raise NoAnswer("gone")


def until(number: int, answer: Answer, then: Answer = refuses) -> Answer:
    """So many answers, and then others."""
    left = iter(range(number))
    return lambda request: (then if next(left, None) is None else answer)(request)


def report_of(config: Config = LIST, *rules: str, profiles: tuple[str, ...] = ("protocol",)) -> Report:
    return Report("a", config, profiles, 0, tuple(RULES[rule] for rule in rules or ("S-SYN-2", "S-WRK-1")))


def doing(answer: Answer, config: Config = LIST, target: Target = Target(), **options: Any) -> Run:  # noqa: B008
    return Run(Way(answer), report_of(config, **options), target, config)


# Which rules


def test_all_rules_of_a_profile_that_judge_exchanges_are_selected() -> None:
    for profiles in (("protocol",), ("security", "implementation"), ("documented", "protocol", "protocol")):
        assert [rule.id for rule in selected(iter(profiles))] == [
            rule.id
            for rule in RULES.values()
            if rule.profile.value in profiles
            and rule.holds
            and rule.subject.value in ("exchange", "pair", "set")
            and rule.binding
        ]
    assert len(JUDGED) == 3


@pytest.mark.parametrize("patterns", [["SEC-*"], ["S-ORG-[34]", "SEC-2"], ["SEC-2"], ["*-2", "SEC-2"]])
def test_patterns_select_by_the_case_of_the_letters(patterns: list[str]) -> None:
    found = [rule.id for rule in selected(("protocol", "security"), patterns)]
    every = selected(("protocol", "security"))
    assert found == [
        rule.id for rule in every if any(fnmatch(id, pattern) for id in rule.ids for pattern in patterns)
    ]
    assert found


@pytest.mark.parametrize(
    ("profiles", "patterns", "problem"),
    [
        (["protocol", "a"], ["*"],
         "profiles: 'a' is not one of them; choose from protocol, security, documented, implementation"),
        ([], ["*"], "nothing selected: no rule of no profile is called *"),
        (["protocol", "implementation"], ["a", "sec-*"],
         "nothing selected: no rule of protocol, implementation is called a or sec-*"),
        (["security"], [], "nothing selected: no rule of security is called "),
    ],
)  # fmt: skip
def test_a_selection_of_nothing_is_refused(profiles: list[str], patterns: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        selected(profiles, patterns)
    assert str(caught.value) == problem


# The positive control

ERROR = Response(500, ())
OTHER_PATH = Target("/a")


def says(headers: Headers, status: int = 200) -> Answer:
    return lambda request: Response(status, headers)


GRANTED = ((b"access-control-allow-origin", A.encode()),)
WITH_CREDENTIALS = (*GRANTED, (b"access-control-allow-credentials", b"true"))


OTHER = ", not 2xx; set another path in [target]"


@pytest.mark.parametrize(
    ("config", "target", "answer", "control"),
    [
        (LIST, Target(), says(GRANTED), ""),
        (LIST, Target(), says(GRANTED, 299), ""),
        (LIST, Target(), says(GRANTED, 300), f"GET / responds with 300{OTHER}"),
        (LIST, OTHER_PATH, says(GRANTED, 199), f"GET /a responds with 199{OTHER}"),
        (LIST, Target(), refuses, "unreachable: gone"),
        (LIST, OTHER_PATH, says(()), f"GET /a from {A}, which {ALLOWED}, is not allowed: the response has "
         "no Access-Control-Allow-Origin"),
        (CREDENTIALS, Target(), says(GRANTED), f"GET / from {A}, which {ALLOWED} with credentials, "
         f"is not allowed: the response has access-control-allow-origin: {A}"),
        (CREDENTIALS, Target(), says(WITH_CREDENTIALS), ""),
        (Config(), Target(), says(()), ""),
        (Config(), Target(), refuses, "unreachable: gone"),
        (Config(), OTHER_PATH, says((), 400), f"GET /a responds with 400{OTHER}"),
    ],
)  # fmt: skip
def test_an_allowed_get_must_be_granted(config: Config, target: Target, answer: Answer, control: str) -> None:
    found = doing(answer, config, target)
    assert found.positive_control() == control
    origins = [A.encode()] if config.allow_origins else []
    assert found.transport.sent == [actual(tuple(origins), path=target.path)]  # type: ignore[attr-defined]
    assert found.report.requests == 0


@pytest.mark.parametrize("config", [LIST, Config()])
def test_without_the_control_nothing_else_is_sent_and_nothing_is_known(config: Config) -> None:
    way, report = Way(refuses), report_of(config)
    told: list[str] = []
    run(way, report, Target(), 5, lambda name, done, total: told.append(name))
    conclude(report, Target())
    assert told == []
    assert report.inconclusive == "unreachable: gone"
    assert len(way.sent) == 1
    assert report.requests == 0
    assert report.verdicts == {"S-SYN-2": "inconclusive", "S-WRK-1": "inconclusive"}
    assert report.reasons == dict.fromkeys(report.verdicts, "unreachable: gone")
    assert not report.conforms


def test_the_control_is_asked_again_in_the_end() -> None:
    way, report = Way(until(1 + 600, right(LIST), lambda request: ERROR)), report_of()
    run(way, report, Target(), 0)
    assert report.requests > 500
    assert report.inconclusive == (f"after {report.requests:,} requests: GET / responds with 500{OTHER}")
    assert len(way.sent) == report.requests + 2


def test_a_server_that_is_gone_is_asked_no_more() -> None:
    way, report = Way(until(1 + 20, right(LIST))), report_of()
    run(way, report, Target(), 5)
    assert report.inconclusive == "after 25 requests: unreachable: gone"
    assert report.requests == 25
    assert len(way.sent) == 1 + 20 + PATIENCE + 1
    assert report.trouble[0] == "GET / got no response: gone"
    assert len(report.trouble) == len(set(report.trouble))
    assert PATIENCE == 5


def test_a_server_that_only_drops_some_requests_is_asked_on() -> None:
    numbers = iter(range(10_000))

    def drops(request: Request) -> Response:
        if next(numbers) and request.method == "OPTIONS":
            raise NoAnswer("dropped")
        return respond(LIST, request, PLAIN)

    way, report = Way(drops), report_of()
    run(way, report, Target(), 0)
    assert report.inconclusive == ""
    assert report.requests > 500
    assert report.trouble == [
        "OPTIONS / got no response: dropped",
        "OPTIONS /?other=1 got no response: dropped",
    ]
    controls = len(way.sent) - report.requests
    assert 2 < controls <= 2 + report.requests / PATIENCE


def test_unanswered_requests_count_one_after_the_other() -> None:
    found = doing(lambda request: refuses(request) if request.lines("origin") else Response(200, ()))
    for _ in range(PATIENCE - 1):
        found.send(actual((b"a",)))
    found.send(actual())
    found.send(actual((b"b",)))
    assert (found.report.inconclusive, found.report.requests) == ("", PATIENCE + 1)
    for _ in range(PATIENCE - 1):
        found.send(actual((b"a",)))
    assert found.report.inconclusive == f"after {2 * PATIENCE} requests: unreachable: gone"
    assert found.send(actual((b"a",))) is None
    assert found.send(actual()) is not None  # that was answered before
    assert found.report.requests == 2 * PATIENCE


def test_a_server_that_fails_in_the_end_means_nothing() -> None:
    way, report = Way(until(16, right(Config()), lambda request: ERROR)), report_of(Config())
    run(way, report, Target(), 0)
    assert report.inconclusive == f"after 15 requests: GET / responds with 500{OTHER}"
    assert len(way.sent) == 17


def test_another_configuration_has_no_control() -> None:
    way, report = Way(until(15, says(()))), report_of(LIST)
    run(way, report, Target(), 0, config=Config())
    assert len(way.sent) == report.requests == 15
    assert report.inconclusive == ""


# Sending


def test_an_answer_is_asked_for_once_unless_it_is_to_be_fresh() -> None:
    numbers = iter(range(9))
    found = doing(lambda request: Response(200, (), b"%d" % next(numbers)))
    one, other = actual(), actual((b"a",))
    bodies = []
    for request, afresh in ((one, False), (one, False), (other, False), (one, True), (one, False)):
        exchange = found.send(request, afresh=afresh)
        assert exchange
        assert (exchange.config, exchange.request) == (LIST, request)
        bodies.append(exchange.response.body)
    assert bodies == [b"0", b"0", b"1", b"2", b"2"]
    assert found.report.requests == 3


def test_an_answer_is_not_asked_for_afresh_by_itself() -> None:
    found = doing(says(()))
    assert found.send(actual()) == found.send(actual())
    assert found.report.requests == 1


def test_what_cannot_be_sent_is_counted() -> None:
    found = doing(says(()))
    found.transport.can_send = lambda request: request.method == "GET"  # type: ignore[method-assign]
    assert found.send(actual(method="HEAD")) is None
    assert found.send(actual()) is not None
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
    assert (found.send(request) is not None) is is_sent
    assert found.report.skipped == (not is_sent)
    assert is_for_everyone(request) is (LONG not in origins)
    assert LONGEST_ORIGIN == 512


@pytest.mark.parametrize(
    ("answer", "method", "path", "trouble"),
    [
        (refuses, "HEAD", "/a", ["HEAD /a got no response: gone"]),
        (says((), 500), "GET", "/a", ["GET /a got status 500"]),
        (says((), 503), "OPTIONS", "/", ["OPTIONS / got status 503"]),
        (says((), 499), "GET", "/a", []),
        (says((), 500), "GET", "/error", []),
    ],
)
def test_trouble_is_noted_once(answer: Answer, method: str, path: str, trouble: list[str]) -> None:
    found = doing(answer, target=Target(error_path="/error"))
    for _ in range(2):
        exchange = found.send(actual(method=method, path=path))
        assert exchange and exchange.no_response == ("gone" if answer is refuses else "")
    assert found.report.trouble == trouble


def test_a_request_without_a_response_is_a_network_error_unless_a_parser_may_refuse_it() -> None:
    found = doing(refuses)
    exchange = found.send(actual((b"https://a.example",)))
    assert exchange == Exchange(LIST, actual((b"https://a.example",)), NETWORK_ERROR, no_response="gone")
    assert found.send(actual((b"a", b"b"))) is None
    assert (found.report.skipped, found.report.requests) == (0, 2)
    assert Response(0, ()) == NETWORK_ERROR


def test_a_network_error_shows_what_fails_and_never_that_something_holds() -> None:
    rules = ("S-WRK-2", "S-PF-5", "S-VARY-1", "S-VARY-2")
    found = Run(Way(refuses), report_of(LIST, *rules), Target(), LIST)
    needed = preflight_of((A.encode(),), (b"PUT",))
    refused = preflight_of((A.encode(),), (b"DELETE",))
    everyone = (actual((A.encode(),)), actual((b"https://evil.example",)), actual())
    violations = found.judge(Group("", (needed, refused, *everyone)))
    assert [(one.rule.id, one.exchanges[0].request) for one in violations] == [("S-WRK-2", needed)]
    assert found.report.applied == found.report.broken == {"S-WRK-2": 1}


def test_of_a_server_that_is_gone_no_missing_response_is_a_violation() -> None:
    left = iter(range(4))

    def stops(request: Request) -> Response:
        return refuses(request) if request.method == "OPTIONS" or next(left, None) is None else PLAIN

    for inconclusive, kept in (("", 1), ("gone", 0)):
        found = Run(Way(stops), report_of(LIST, "S-WRK-2"), Target(), LIST)
        for violation in found.judge(Group("", (preflight_of((A.encode(),), (b"PUT",)),))):
            found.keep(violation)
        found.report.inconclusive = inconclusive
        conclude(found.report, Target())
        assert len(found.report.violations) == kept
        assert found.report.verdicts == {"S-WRK-2": "inconclusive" if inconclusive else "fail"}


def test_no_random_request_without_a_response_is_a_violation() -> None:
    def cuts(request: Request) -> Response:
        return refuses(request) if request.method == "OPTIONS" else respond(LIST, request, PLAIN)

    found = Run(Way(cuts), report_of(LIST, "S-WRK-2"), Target(), LIST)
    found.random_phase(30, 0, silent)
    assert found.report.violations == []
    assert found.report.broken["S-WRK-2"] > 0  # it was drawn


# The paths that are named


def test_a_rule_of_a_path_judges_that_path_alone() -> None:
    answer = Response(404, ())
    requests = tuple(actual((A.encode(),), path=path) for path in ("/", "/error", "/other"))
    for target, paths in ((Target(), []), (Target(error_path="/error"), ["/error"])):
        found = Run(Way(lambda request: answer), report_of(LIST, "S-WRK-5"), target, LIST)
        assert [one.exchanges[0].request.path for one in found.judge(Group("", requests))] == paths
    assert {rule.id for rule in RULES.values() if rule.path} == {"S-WRK-5"}


@pytest.mark.parametrize(
    ("status", "rule", "trouble"),
    [
        (400, "S-WRK-5", ["options_path /options is named, and no selected rule judges it"]),
        (500, "S-SYN-2", []),
        (399, "S-SYN-2", ["error_path /error responds with 399, which is no error"]),
        (400, "S-PF-5", [
            "error_path /error is named, and no selected rule judges it",
            "options_path /options is named, and no selected rule judges it",
        ]),
    ],
)  # fmt: skip
def test_what_is_named_for_nothing_is_noted(status: int, rule: str, trouble: list[str]) -> None:
    def answer(request: Request) -> Response:
        return replace(respond(LIST, request, PLAIN), status=status if request.path == "/error" else 200)

    target = Target(error_path="/error", options_path="/options")
    report = report_of(LIST, rule)
    run(Way(answer), report, target, 0)
    assert report.trouble == trouble
    other = report_of(LIST, rule)
    run(Way(answer), other, target, 0, config=LIST)
    assert other.trouble == []


def test_the_servers_own_host_is_among_the_leftovers() -> None:
    way = Way(right(LIST))
    way.own_origin = "http://api.example"
    run(way, report_of(LIST), Target(), 0)
    assert actual((b"http://api.example",)) in way.sent
    other = Way(right(LIST))
    run(other, report_of(LIST), Target(), 0)
    assert len(other.sent) == len(way.sent) - 1


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
    assert (found.send(request_) is None) is says_so
    assert (found.report.skipped, found.report.requests) == (says_so, 1)


@pytest.mark.parametrize("value", [b" a", b"a\t", b"a\nb", b"\x00", b"\x7f"])
def test_what_no_parser_hands_on_is_asked_of_our_own_alone(value: bytes) -> None:
    request = actual(more=((b"x", value),))
    foreign, ours = doing(says(())), doing(says(()), profiles=("protocol", "implementation"))
    assert foreign.send(request) is None
    assert ours.send(request) is not None
    assert (foreign.report.skipped, ours.report.skipped) == (1, 0)


def test_what_everyone_is_told_is_no_answer_to_two_origins() -> None:
    two = Group("", (actual(), actual((b"https://a.example", b"https://evil.example"))))
    for told, expected in [((ACAO.encode(), b"https://a.example"), set()), ((b"x", b""), {"S-ORG-6"})]:

        def answer(request: Request, told: tuple[bytes, bytes] = told) -> Response:
            named = (ACAO.encode(), b"https://a.example")
            return Response(200, (told if not request.lines("origin") else named, (b"vary", b"Origin")))

        found = Run(Way(answer), report_of(TWO, "S-ORG-6"), Target(), TWO).judge(two)
        assert {violation.rule.id for violation in found} == expected


@pytest.mark.slow
def test_a_server_behind_a_strict_parser_conforms() -> None:
    def strict(request: Request) -> Response:
        if len(request.lines("origin")) > 1 or not all(line.isascii() for _, line in request.headers):
            return Response(400, (), b"bad request")
        return respond(TWO, request, PLAIN)

    report = check_app(asgi(strict), TWO, max_examples=0)
    assert report.conforms
    assert report.violations == []
    assert report.skipped > 20


# Judging


def test_a_group_is_judged_by_the_scope_of_each_rule() -> None:
    found = doing(says(((b"access-control-allow-credentials", b"yes"),)), config=LIST)
    group = groups(LIST, Target())[0]
    violations = found.judge(group)
    number = len(group.requests)
    assert number > 2
    assert [violation.rule.id for violation in violations] == ["S-SYN-2"] * number + ["S-WRK-1"]
    assert found.report.applied == {"S-SYN-2": number, "S-WRK-1": 1}
    assert found.report.broken == {"S-SYN-2": number, "S-WRK-1": 1}
    assert [violation.exchanges[0].request for violation in violations[:-1]] == list(group.requests)
    assert violations[0].explanation.startswith(f"S-SYN-2: {RULES['S-SYN-2'].sentence}\nGET / [")


def test_rules_that_ask_for_what_is_lacking_are_not_judged() -> None:
    report = report_of(LIST, "S-WRK-2", "S-SYN-2")
    found = Run(Way(says(())), report, Target(lacks=frozenset({"preflights"})), LIST)
    assert [rule.id for rule in found.rules] == ["S-SYN-2"]


def judged(
    count: int, *headers: tuple[bytes, bytes], origin: bytes = b"", rule: str = "S-SYN-2"
) -> Violation:
    """A violation by so many requests with these headers."""
    lines = (*(((b"origin", origin),) if origin else ()), *headers)
    exchange = Exchange(LIST, Request("GET", lines), Response(200, ()))
    return Violation(RULES[rule], (exchange,) * count, "")


SIZES = [
    (judged(1), (1, 0, 0, 0)),
    (judged(1, (b"ab", b"c")), (1, 0, 1, 3)),
    (judged(1, (b"a", b"b"), (b"c", b"d")), (1, 0, 2, 4)),
    (judged(1, origin=b"https://a.example"), (1, 0, 1, 23)),
    (judged(1, origin=b"https://evil.example"), (1, 0, 1, 26)),
    (judged(1, origin=b"https://b.example"), (1, 1, 1, 23)),
    (judged(1, origin=b"https://xa.example"), (1, 2, 1, 24)),
    (judged(1, origin=b"http://b.example"), (1, 3, 1, 22)),
    (judged(1, origin=b"null"), (1, 4, 1, 10)),
    (judged(1, origin=b"https://a.example/"), (1, 5, 1, 24)),
    (judged(2), (2, 0, 0, 0)),
    (judged(2, origin=b"A"), (2, 10, 2, 14)),
]


@pytest.mark.parametrize(("violation", "expected"), SIZES)
def test_the_size_of_a_violation_is_what_there_is_to_read(
    violation: Violation, expected: tuple[int, ...]
) -> None:
    assert size(violation) == expected


def test_the_smallest_violation_of_each_rule_is_kept() -> None:
    found = doing(says(()))
    big, small, same, other = judged(2), judged(1), judged(1), judged(3, rule="S-SYN-3")
    for violation, kept in (
        (other, [other]), (big, [other, big]), (small, [other, small]), (same, [other, small]),
        (big, [other, small]),
    ):  # fmt: skip
        found.keep(violation)
        assert len(found.report.violations) == len(kept)
        assert all(one is two for one, two in zip(found.report.violations, kept, strict=True))


@pytest.mark.parametrize(
    ("lacks", "origin", "rule", "is_broken"),
    [
        ("", A, "S-PF-5", True),
        ("max_age", A, "S-PF-5", True),
        ("allow_methods", A, "S-PF-5", False),
        ("allow_headers", A, "S-PF-5", False),
        ("allow_methods", "https://evil.example", "S-PF-5", True),
        ("allow_headers", A, "S-SYN-4", True),
    ],
)
def test_nobody_restricts_what_they_cannot_restrict(
    lacks: str, origin: str, rule: str, is_broken: bool
) -> None:
    yes = ("origin", "methods", "headers")
    values = dict(zip(yes, (origin, "DELETE", "x-evil"), strict=True))
    lines = tuple((f"access-control-allow-{name}".encode(), values[name].encode()) for name in yes)
    answer = says((*lines, (b"access-control-max-age", b"no")))
    report = report_of(LIST, rule)
    found = Run(Way(answer), report, Target(lacks=frozenset(lacks.split())), LIST)
    request = preflight_of((origin.encode(),), (b"DELETE",), (b"x-evil",))
    group = Group("a", (request,))
    assert [one.rule.id for one in found.judge(group)] == [rule] * is_broken
    assert report.applied[rule] == report.broken[rule] == is_broken


# Progress, and how much is asked


def test_progress_is_told_group_by_group_then_ten_by_ten() -> None:
    told: list[tuple[str, int, int]] = []
    run(Way(right(Config())), report_of(Config()), Target(), 25, lambda *what: told.append(what))
    assert told == [("nobody is allowed", 1, 1), ("random", 10, 25), ("random", 20, 25)]
    told.clear()
    run(Way(right(LIST)), report_of(LIST), Target(), 0, lambda *what: told.append(what))
    every = groups(LIST, Target())
    assert told == [(group.name, number, len(every)) for number, group in enumerate(every, 1)]
    silent("a", 1, 2)


@pytest.mark.parametrize("config", [LIST, Config()])
def test_as_much_is_asked_as_was_planned(config: Config) -> None:
    way, report = Way(right(config)), report_of(config)
    run(way, report, Target(), 0)
    assert planned(config, Target(), 0) == report.requests
    assert planned(config, Target(), 7) == planned(config, Target(), 0) + 14
    assert len(way.sent) == report.requests + 2


# The random phase


def reflects_to_referers(request: Request) -> Response:
    """Shown by no systematic request: the Referer is no page of a configured origin."""
    answer = respond(LIST, request, PLAIN)
    sent = value(request)
    if request.lines("referer") == [b"https://a/"] and re.fullmatch(r"https?://[!-~]+", sent):
        return changed(answer, {ACAO: sent, ACAC: "true"})
    return answer


@pytest.mark.slow
def test_what_only_random_requests_show_is_found_and_made_small() -> None:
    found = Run(Way(reflects_to_referers), report_of(LIST, "SEC-2", "S-ORG-5"), Target(), LIST)
    found.systematic(silent)
    assert found.report.violations == []
    told: list[int] = []
    found.random_phase(40, 3, lambda name, done, total: told.append(done))
    assert set(told) == {10, 20, 30, 40}
    assert sorted(violation.rule.id for violation in found.report.violations) == ["S-ORG-5", "SEC-2"]
    for violation in found.report.violations:
        (exchange,) = violation.exchanges
        assert sorted(name for name, _ in exchange.request.headers) == [b"origin", b"referer"]


class Counting(Run):
    """Counts how many groups are judged."""

    judged = 0

    def judge(self, group: Group) -> list[Violation]:
        self.judged += 1
        return super().judge(group)


def test_every_drawn_example_is_tried_once() -> None:
    found = Counting(Way(right(Config())), report_of(Config()), Target(), Config())
    told: list[tuple[int, int]] = []
    try:
        found.random_phase(20, 0, lambda name, done, total: told.append((done, found.judged)))
    except SkipTest:  # a run that draws nothing counts as no test
        pytest.fail("nothing was drawn")
    assert told == [(10, 9), (20, 19)]
    assert found.judged == 20


def test_systematic_requests_show_what_they_break() -> None:
    answer = says((*GRANTED, (b"access-control-allow-credentials", b"yes")))
    found = doing(answer)
    found.systematic(silent)
    assert [violation.rule.id for violation in found.report.violations] == ["S-SYN-2"]
    assert [exchange.request for exchange in found.report.violations[0].exchanges] == [actual()]


@pytest.mark.slow
def test_a_seed_asks_the_same_again_and_another_otherwise() -> None:
    ways = [Way(right(Config())) for _ in range(3)]
    for seed, way in zip((3, 3, 4), ways, strict=True):
        report = report_of(Config())
        report.seed = seed
        run(way, report, Target(), 20)
    assert ways[0].sent == ways[1].sent
    assert ways[0].sent != ways[2].sent


def test_the_random_phase_changes_nothing_on_the_server() -> None:
    way = Way(right(LIST))
    found = Run(way, report_of(LIST), Target("/a"), LIST)
    found.random_phase(30, 0, silent)
    assert {request.method for request in way.sent} <= {"GET", "HEAD", "OPTIONS"}
    assert {request.path for request in way.sent} == {"/a"}
    assert way.sent[0] == actual((A.encode(),), path="/a")
    assert found.report.violations == []
    assert not any(request.lines("host") for request in way.sent)


@pytest.mark.parametrize(
    ("method", "kept"),
    [("GET", "GET"), ("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("PUT", "GET"), ("get", "GET")],
)
def test_a_harmless_request_is_of_a_safe_method_and_for_this_host(method: str, kept: str) -> None:
    request = Request(method, ((b"a", b"b"), (b"Host", b"b"), (b"host", b"a"), (b"c", b"host")), "/b")
    assert harmless(request, "/a") == Request(kept, ((b"a", b"b"), (b"c", b"host")), "/a")


def test_where_nobody_is_allowed_the_random_phase_begins_with_a_request_of_nobody() -> None:
    way = Way(right(Config()))
    Run(way, report_of(Config()), Target(), Config()).random_phase(1, 0, silent)
    assert way.sent[0] == actual()


def test_what_was_broken_before_is_not_looked_for_again() -> None:
    answer = says((*GRANTED, (b"access-control-allow-credentials", b"yes")))
    way = Way(answer)
    found = Run(way, report_of(LIST), Target(), LIST)
    found.report.broken["S-SYN-2"] = 1
    found.random_phase(10, 0, silent)
    assert found.report.violations == []
    found.report.broken.clear()
    found.random_phase(10, 0, silent)
    assert [violation.rule.id for violation in found.report.violations] == ["S-SYN-2"]
    assert str(Found(found.report.violations[0])) == "S-SYN-2"


def test_a_path_that_takes_post_alone_is_sent_post_with_its_body() -> None:
    def only_post(request: Request) -> Response:
        if request.path == "/graphql" and request.method not in ("POST", "OPTIONS"):
            return Response(405, ())
        return respond(LIST, request, PLAIN)

    way, report = Way(only_post), report_of()
    run(way, report, Target("/graphql", method="POST", body=b"{}", content_type="application/json"), 5)
    assert report.inconclusive == "" and report.violations == []
    assert {request.method for request in way.sent} == {"POST", "OPTIONS"}
    actual_requests = [request for request in way.sent if request.method == "POST"]
    assert {request.body for request in actual_requests} == {b"{}"}
    assert all(request.headers[-1] == (b"content-type", b"application/json") for request in actual_requests)
    assert not any(request.body for request in way.sent if request.method == "OPTIONS")


def test_a_server_without_patterns_is_told_how_to_say_so() -> None:
    assert doing(says(()), Config(allow_origins=("https://*.a.example",))).positive_control() == (
        "GET / from https://app.a.example, which the configuration allows, is not allowed: the response has "
        "no Access-Control-Allow-Origin; if the implementation has no patterns, write "
        'lacks = ["origin_patterns"] in [target]'
    )
