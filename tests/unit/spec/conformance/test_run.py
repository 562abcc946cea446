"""A run: what is sent, when it means nothing, what is confirmed, and what of a violation is kept."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

import pytest

from model import respond
from spec import RULES, Config, Exchange, Request, Response
from spec.conformance import Target, check_app
from spec.conformance.asking import PATIENCE
from spec.conformance.cases import Group, actual, groups
from spec.conformance.cases import preflight as preflight_of
from spec.conformance.plan import RANDOM
from spec.conformance.report import Report
from spec.conformance.run import (
    DOUBTS,
    JUDGED,
    TIMES_SHOWN_AGAIN,
    Found,
    Interrupted,
    Run,
    conclude,
    run,
    selected,
    silent,
    smallest_part,
)
from spec.conformance.transports import NOTHING, NoAnswer
from spec.conformance.transports.transport import IDLE
from spec.http import Headers
from spec.rules.record import NETWORK_ERROR, Violation
from spec.rules.server.examples import CREDENTIALS, LIST, TWO, A, B
from tests.helpers.faulty_servers import ACAC, ACAO, changed, value
from tests.unit.spec.conformance.servers import Answer, asgi

PLAIN = Response(200, ((b"content-type", b"text/plain"),), b"hello")
ALLOWED = "the configuration allows"


class Way:
    """A way to a server that is a function; notes what is sent."""

    last_error = ""
    extra = NOTHING
    timeout = IDLE
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


ERROR = Response(500, ())
OTHER = NOT_FOUND = ", not 2xx; set another path, in the URL, by --probe 'GET /path' or in [target]"
GRANTED = ((b"access-control-allow-origin", A.encode()),)
WITH_CREDENTIALS = (*GRANTED, (b"access-control-allow-credentials", b"true"))


def says(headers: Headers, status: int = 200) -> Answer:
    return lambda request: Response(status, headers)


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


@pytest.mark.parametrize(
    "patterns", [["SEC-*"], ["S-ORG-[34]", "SEC-2"], ["SEC-2"], ["*-2", "SEC-2"], ["sec-*"]]
)
def test_patterns_select_in_any_letter_case(patterns: list[str]) -> None:
    found = [rule.id for rule in selected(("protocol", "security"), patterns)]
    every = selected(("protocol", "security"))
    assert found == [
        rule.id
        for rule in every
        if any(fnmatch(id, pattern.upper()) for id in rule.ids for pattern in patterns)
    ]
    assert found


@pytest.mark.parametrize(
    ("profiles", "patterns", "problem"),
    [
        (["protocol", "a"], ["*"],
         "profiles: 'a' is not one of them; choose from protocol, security, documented, implementation"),
        ([], ["*"], "nothing selected: no rule of no profile is called *"),
        (["protocol", "implementation"], ["a", "sec-z*"],
         "nothing selected: no rule of protocol, implementation is called a or sec-z*"),
        (["security"], [], "nothing selected: no rule of security is called "),
    ],
)  # fmt: skip
def test_a_selection_of_nothing_is_refused(profiles: list[str], patterns: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        selected(profiles, patterns)
    assert str(caught.value) == problem


# The control, and when a run ends


@pytest.mark.parametrize("config", [LIST, Config()])
def test_without_the_control_nothing_else_is_sent_and_nothing_is_known(config: Config) -> None:
    way, report = Way(refuses), report_of(config)
    told: list[tuple[str, int]] = []
    run(way, report, Target(), 5, lambda name, done, total: told.append((name, done)))
    conclude(report, Target())
    assert told == [("control", 0)]
    assert report.inconclusive == "unreachable: gone"
    assert len(way.sent) == report.requests == 1
    assert report.verdicts == {"S-SYN-2": "inconclusive", "S-WRK-1": "inconclusive"}
    assert report.reasons == dict.fromkeys(report.verdicts, "unreachable: gone")
    assert not report.conforms


def test_the_control_is_sent_again_in_the_end_and_a_failure_is_no_accident() -> None:
    way, report = Way(until(600, right(LIST), says((), 404))), report_of()
    run(way, report, Target(), 0)
    assert len(way.sent) == report.requests > 500
    assert report.inconclusive == f"after {report.requests:,} requests: GET / responds with 404{NOT_FOUND}"
    assert way.sent[-3:] == [actual((A.encode(),))] * 3


def test_a_control_that_fails_once_in_the_end_is_forgiven() -> None:
    numbers = itertools.count()
    way, report = Way(right(Config())), report_of(Config())
    run(way, report, Target(), 0)
    last = len(way.sent) - 1
    way, report = (
        Way(lambda request: ERROR if next(numbers) == last else right(Config())(request)),
        report_of(),
    )
    report.config = Config()
    run(way, report, Target(), 0)
    assert (report.inconclusive, len(way.sent)) == ("", last + 2)


def test_a_server_that_is_gone_is_sent_nothing_more() -> None:
    way, report = Way(until(20, right(LIST))), report_of()
    run(way, report, Target(), 5)
    assert report.inconclusive == "after 26 requests: unreachable: gone"
    assert len(way.sent) == report.requests == 20 + PATIENCE + 1
    assert report.trouble[0] == "GET / got no response: gone"
    assert len(report.trouble) == len(set(report.trouble))


def test_another_configuration_has_no_control() -> None:
    way, report = Way(until(15, says(()))), report_of(LIST)
    run(way, report, Target(), 0, config=Config(), control=False)
    assert len(way.sent) == report.requests == 15
    assert report.inconclusive == ""


def test_an_interrupted_run_reports_what_was_done() -> None:
    def interrupts(request: Request) -> Response:
        raise KeyboardInterrupt

    answer = says((*GRANTED, (b"access-control-allow-credentials", b"yes")))
    report = report_of()
    with pytest.raises(Interrupted) as caught:
        run(Way(until(60, answer, interrupts)), report, Target(), 0)
    assert caught.value.report is report
    assert report.inconclusive == "interrupted after 61 requests"
    assert report.verdicts == {"S-SYN-2": "fail", "S-WRK-1": "inconclusive"}
    assert report.reasons == {"S-WRK-1": report.inconclusive}


# Requests without a response


def test_a_network_error_shows_what_fails_and_never_that_something_holds() -> None:
    rules = ("S-WRK-2", "S-PF-5", "S-VARY-1", "S-VARY-2")
    found = Run(Way(refuses), report_of(LIST, *rules), Target(), LIST, patience=9)
    needed = preflight_of((A.encode(),), (b"PUT",))
    refused = preflight_of((A.encode(),), (b"DELETE",))
    everyone = (actual((A.encode(),)), actual((b"https://evil.example",)), actual())
    violations = found.judge(Group("", (needed, refused, *everyone)))
    assert [(one.rule.id, one.exchanges[0].request) for one in violations] == [("S-WRK-2", needed)]
    assert violations[0].exchanges[0] == Exchange(LIST, needed, NETWORK_ERROR, no_response="gone")
    assert found.report.applied == found.report.broken == {"S-WRK-2": 1}
    assert Response(0, ()) == NETWORK_ERROR


def test_a_parser_may_close_the_connection_of_an_odd_request() -> None:
    found = Run(Way(refuses), report_of(LIST, "S-WRK-2"), Target(), LIST)
    odd = preflight_of((A.encode(), A.encode()), (b"PUT",))
    assert found.exchanges(Group("", (odd,))) == ()
    assert found.report.skipped == 1


def test_of_a_server_that_is_gone_no_missing_response_is_a_violation() -> None:
    def cuts(request: Request) -> Response:
        return refuses(request) if request.method == "OPTIONS" else respond(LIST, request, PLAIN)

    def goes(request: Request) -> Response:
        return refuses(request) if "OPTIONS" in {each.method for each in way.sent} else cuts(request)

    for answer, verdict in ((cuts, "fail"), (goes, "inconclusive")):
        way, report = Way(answer), report_of(LIST, "S-WRK-2")
        run(way, report, Target(), 0)
        conclude(report, Target())
        assert report.verdicts == {"S-WRK-2": verdict}
        assert bool(report.inconclusive) == (verdict == "inconclusive")


def test_no_random_request_without_a_response_is_a_violation() -> None:
    found = Run(Way(refuses), report_of(LIST, "S-WRK-2"), Target(), LIST, patience=9)
    needed = preflight_of((A.encode(),), (b"PUT",))
    assert found.judge(Group("random", (needed,))) == []
    assert len(found.judge(Group("", (needed,)))) == 1


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
    run(Way(answer), other, target, 0, control=False)
    assert other.trouble == []


def test_the_servers_own_host_is_among_the_leftovers() -> None:
    way = Way(right(LIST))
    way.own_origin = "http://api.example"
    run(way, report_of(LIST), Target(), 0)
    assert actual((b"http://api.example",)) in way.sent
    other = Way(right(LIST))
    run(other, report_of(LIST), Target(), 0)
    assert len(other.sent) == len(way.sent) - 1


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


def judged(
    count: int, *headers: tuple[bytes, bytes], origin: bytes = b"", rule: str = "S-SYN-2"
) -> Violation:
    """A violation by so many requests with these headers."""
    lines = (*(((b"origin", origin),) if origin else ()), *headers)
    exchange = Exchange(LIST, Request("GET", lines), Response(200, ()))
    return Violation(RULES[rule], (exchange,) * count, "")


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


def test_the_smallest_violation_of_each_rule_is_kept() -> None:
    found = doing(says(()))
    found.shows_again = lambda rule, before: True  # type: ignore[method-assign]
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


# Confirming


def flawed(every: int, config: Config = LIST) -> Answer:
    """One response in so many allows nobody."""
    numbers = itertools.count()
    return lambda request: (says(()) if next(numbers) % every == every - 1 else right(config))(request)


def test_what_does_not_show_again_is_forgotten() -> None:
    way, report = Way(flawed(30)), report_of()
    run(way, report, Target(), 0)
    assert report.violations == []
    assert 0 < report.doubts["S-WRK-1"] < DOUBTS
    assert report.broken["S-WRK-1"] > 0
    conclude(report, Target())
    assert report.verdicts == {"S-SYN-2": "pass", "S-WRK-1": "pass"}
    assert (report.broken, report.breaches, report.apart) == ({}, {}, {})


def test_of_a_server_that_changes_its_mind_all_the_time_nothing_is_known() -> None:
    way, report = Way(flawed(2)), report_of()
    run(way, report, Target(), 0)
    conclude(report, Target())
    assert report.violations == []
    assert report.doubts == {"S-WRK-1": DOUBTS}
    assert report.verdicts == {"S-SYN-2": "pass", "S-WRK-1": "inconclusive"}
    assert report.reasons == {"S-WRK-1": "the same requests do not always get the same response"}
    assert report.conforms


def test_a_violation_must_show_again_twice_with_the_same_response() -> None:
    for number in range(4):
        wrong = [b"yes"] * (1 + number) + [b"true"] * 9
        values = iter(wrong)
        found = doing(lambda request, values=values: says(((ACAC.encode(), next(values)),))(request))  # type: ignore[misc]
        [violation] = found.judge(Group("", (actual(),)))
        assert found.keep(violation) is (number >= TIMES_SHOWN_AGAIN)
        assert found.report.doubts["S-SYN-2"] == (number < TIMES_SHOWN_AGAIN)
    others = iter([b"yes", b"no", b"no"])
    found = doing(lambda request: says(((ACAC.encode(), next(others)),))(request))
    [violation] = found.judge(Group("", (actual(),)))
    assert not found.keep(violation)
    assert next(others) == b"no"


def test_where_the_order_matters_all_of_it_is_sent_again() -> None:
    """Every second response to one origin is wrong, whatever comes between."""
    numbers = itertools.count()

    def forgets(request: Request) -> Response:
        if request.lines("origin") == [A.encode()] and next(numbers) % 2:
            return Response(200, ())
        return right(LIST)(request)

    way, report = Way(forgets), report_of(LIST, "S-WRK-1")
    found = Run(way, report, Target(), LIST)
    twice = Group("one after the other", (actual((A.encode(),)),) * 2, afresh=True)
    [violation] = found.judge(twice)
    assert found.keep(violation, found.judged_last)
    assert len(way.sent) == 2 * (1 + TIMES_SHOWN_AGAIN)
    assert not Run(Way(forgets), report_of(LIST, "S-WRK-1"), Target(), LIST).keep(violation)


def test_a_header_that_is_treated_specially_is_blamed_on_no_rule_about_several_responses() -> None:
    """There is nothing wrong with a 404 but that it says nothing of CORS; the header is the reason."""

    def answer(request: Request) -> Response:
        if request.lines("x-requested-with"):
            return Response(404, ((b"access-control-allow-credentials", b"yes"),))
        return right(TWO)(request)

    script = ((b"x-requested-with", b"1"),)
    group = Group("", (actual((A.encode(),)), actual((B.encode(),)), actual((b"https://evil.example",),
                                                                            more=script)))  # fmt: skip
    way = Way(answer)
    found = Run(way, report_of(TWO, "S-VARY-1", "S-VARY-5", "S-SYN-2", "S-VARY-2"), Target(), TWO).judge(
        group
    )
    assert [one.rule.id for one in found] == ["S-SYN-2"]


def test_of_a_set_as_little_is_shown_as_breaks_the_rule() -> None:
    def seen(origin: str, *headers: tuple[bytes, bytes]) -> Exchange:
        return Exchange(LIST, actual((origin.encode(),)), Response(200, headers))

    right_one = seen(A, *GRANTED, (b"vary", b"Origin"))
    wrong, odd, varies = seen(B), seen("https://a/b"), seen("https://c.example", (b"vary", b"Origin"))
    rule = RULES["S-VARY-1"]
    assert smallest_part(rule, (right_one, varies, wrong, odd)) == (right_one, wrong)
    assert smallest_part(rule, (right_one, odd, varies)) == (right_one, odd)
    assert smallest_part(RULES["S-SYN-2"], (wrong,)) == (wrong,)


# Progress, and how much is sent


def test_progress_counts_requests() -> None:
    told: list[tuple[str, int, int]] = []
    report = report_of(Config())
    run(Way(right(Config())), report, Target(), 3, lambda *what: told.append(what))
    assert told[:4] == [
        ("control", 0, report.requests),
        ("control", 1, report.requests),
        ("no Origin", 1, report.requests),
        ("nobody is allowed", 15, report.requests),
    ]
    assert [name for name, _, _ in told[4:]] == [RANDOM] * 3
    assert told[-1] == (RANDOM, report.requests - 1, report.requests)
    silent("a", 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("config", [LIST, Config(), CREDENTIALS])
@pytest.mark.parametrize(("max_examples", "at_most"), [(0, None), (50, None), (50, 100), (50, 30)])
def test_as_much_is_sent_as_was_planned(config: Config, max_examples: int, at_most: int | None) -> None:
    way, report = Way(right(config)), report_of(config)
    totals = set()
    run(way, report, Target("/a", "/error", "/options"), max_examples, lambda *what: totals.add(what[2]),
        at_most=at_most)  # fmt: skip
    assert totals == {report.requests}
    assert len(way.sent) == report.requests
    assert at_most is None or report.requests <= at_most


# The random phase


def reflects_to_who_accepts_all(request: Request) -> Response:
    """Shown by no systematic request: an Accept meets a page of the web."""
    answer = respond(LIST, request, PLAIN)
    sent = value(request)
    if request.lines("accept") and re.fullmatch(r"https?://[!-~]+", sent):
        return changed(answer, {ACAO: sent, ACAC: "true"})
    return answer


@pytest.mark.slow
def test_what_only_random_requests_show_is_found_and_made_small() -> None:
    report = report_of(LIST, "SEC-2", "S-ORG-5")
    run(Way(reflects_to_who_accepts_all), report, Target(), 0)
    assert report.violations == []
    report.seed = 3
    run(Way(reflects_to_who_accepts_all), report, Target(), 200)
    assert sorted(violation.rule.id for violation in report.violations) == ["S-ORG-5", "SEC-2"]
    for violation in report.violations:
        (exchange,) = violation.exchanges
        assert sorted(name for name, _ in exchange.request.headers) == [b"accept", b"origin"]
    assert str(Found(report.violations[0])) == report.violations[0].rule.id


def test_what_was_broken_before_is_not_shrunk_again() -> None:
    answer = says((*GRANTED, (b"access-control-allow-credentials", b"yes")))
    shrunk: list[str] = []
    for known in (False, True):
        found = doing(answer)
        found.shrink = lambda violation, *rest: shrunk.append(violation.rule.id)  # type: ignore[method-assign]
        plan = found.plan(5, 0)
        groups_sent = [group for group in plan.groups if known or group.name == RANDOM]
        for group in groups_sent:
            assert group.requests
        kept = type(plan)(tuple(groups_sent), tuple(range(len(groups_sent))), 0)
        found.send(kept, silent, 0, 5)
        assert [violation.rule.id for violation in found.report.violations] == ["S-SYN-2"]
    assert shrunk == ["S-SYN-2"]


@pytest.mark.slow
def test_a_seed_asks_the_same_again_and_another_otherwise() -> None:
    ways = [Way(right(Config())) for _ in range(3)]
    for seed, way in zip((3, 3, 4), ways, strict=True):
        report = report_of(Config())
        report.seed = seed
        run(way, report, Target(), 20)
    assert ways[0].sent == ways[1].sent
    assert ways[0].sent != ways[2].sent


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
