"""One mistake is one finding, the worst one comes first, and its example is one that a reader believes."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.conformance import assert_conforms, check_app
from spec.conformance.evidence import is_reachable, oddness
from spec.conformance.findings import Finding, breaches, findings, follows, implied, rank, reach
from spec.conformance.report import Report
from spec.rules.record import Level, Severity, Subject, Violation

APP = "https://app.example"
CONFIG = Config(allow_origins=(APP,))
Headers = list[tuple[str, str]]


def server(respond: Callable[[str], Headers]) -> Any:
    """A WSGI application that adds these headers for an origin, and Vary."""

    def app(environ: dict[str, Any], start_response: Callable[..., None]) -> Iterable[bytes]:
        headers = [("content-type", "text/plain"), ("vary", "Origin")]
        origin = environ.get("HTTP_ORIGIN")
        start_response("200 OK", [*headers, *(respond(origin) if origin is not None else [])])
        return [b""]

    return app


def allow(origin: str) -> Headers:
    return [("access-control-allow-origin", origin)]


def found(respond: Callable[[str], Headers], config: Config = CONFIG) -> tuple[Report, list[Finding]]:
    report = check_app(server(respond), config, max_examples=0)
    return report, findings(report)


def ids(finding: Finding) -> list[str]:
    return [violation.rule.id for violation in finding.violations]


@pytest.mark.slow
@pytest.mark.mutation
def test_a_server_without_a_mistake_has_no_finding() -> None:
    report, none = found(lambda origin: allow(origin) if origin == APP else [])
    assert report.conforms and none == []


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(
    ("accepts", "said"),
    [
        (
            lambda origin: origin.startswith(APP),
            "each time for an origin that begins with https://app.example.",
        ),
        (
            lambda origin: origin.endswith("app.example"),
            "each time for an origin that ends with app.example.",
        ),
        (lambda origin: "app.example" in origin, "each time for an origin that contains app.example."),
    ],
)
def test_look_alikes_are_one_finding_that_says_what_they_have_in_common(
    accepts: Callable[[str], bool], said: str
) -> None:
    report, every = found(lambda origin: allow(origin) if accepts(origin) else [])
    finding, *others = every
    assert finding.lead.rule.id == "SEC-2"
    assert "S-ORG-5" in ids(finding)
    assert len(ids(finding)) > 2
    assert sum(len(ids(one)) for one in every) == len(report.violations)
    assert not any(is_reachable(one.lead) for one in others)
    assert reach(report, finding.lead).endswith(said)


@pytest.mark.slow
@pytest.mark.mutation
def test_a_server_that_reflects_everything_has_one_finding_with_an_ordinary_origin() -> None:
    report, [finding] = found(allow)
    assert {"SEC-2", "S-ORG-3", "S-ORG-4", "S-ORG-5", "S-ORG-6", "S-SYN-1"} <= set(ids(finding))
    assert finding.lead.rule.id == "SEC-2"
    broken, applied = report.broken["SEC-2"], report.applied["SEC-2"]
    assert broken == applied > 100
    assert (
        reach(report, finding.lead)
        == f"Violated by {broken} of {broken} responses: every unlisted origin is allowed."
    )
    [exchange] = finding.lead.exchanges
    assert oddness(exchange) == 0
    assert exchange.request.lines("origin") != [APP.encode()]


@pytest.mark.slow
@pytest.mark.mutation
def test_null_for_everyone_is_one_finding_that_shows_who_can_read() -> None:
    config = Config(allow_origins=(APP,), allow_credentials=True)
    credentials = ("access-control-allow-credentials", "true")
    _, [finding] = found(lambda origin: [*allow(APP if origin == APP else "null"), credentials], config)
    assert {"S-ORG-4", "S-ORG-5", "S-ORG-1", "SEC-2"} <= set(ids(finding))
    [exchange] = finding.lead.exchanges
    assert exchange.request.lines("origin") == [b"null"]


@pytest.mark.slow
@pytest.mark.mutation
def test_methods_in_lower_case_keep_pages_out_first_and_let_nobody_in() -> None:
    lists = [("access-control-allow-methods", "put"), ("access-control-max-age", "600")]
    config = Config(allow_origins=(APP,), allow_methods=("GET", "PUT"))
    _, every = found(lambda origin: [*allow(APP), *lists] if origin == APP else [], config)
    said = [(one.lead.rule.id, is_reachable(one.lead)) for one in every]
    assert (said[0], said[-1]) == (("S-WRK-2", True), ("S-PF-6", False))


@pytest.mark.slow
@pytest.mark.mutation
def test_two_mistakes_are_two_findings_the_worse_one_first() -> None:
    def both(origin: str) -> Headers:
        return [*allow(origin), ("access-control-expose-headers", "a b")]

    report, every = found(both)
    assert [finding.lead.rule.id for finding in every] == ["SEC-2", "S-SYN-3"]
    assert sum(len(ids(finding)) for finding in every) == len(report.violations)


@pytest.mark.slow
@pytest.mark.mutation
def test_a_test_suite_is_told_each_mistake_once() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_conforms(server(allow), CONFIG, max_examples=0)
    head, finding = str(failed.value).split("\n\n")
    assert head.endswith(" does not conform")
    assert finding.startswith(f"SEC-2 (SECURITY): {RULES['SEC-2'].sentence}.\nGET ")
    assert f"\nalso S-ORG-5: {RULES['S-ORG-5'].title}" in finding
    assert f"every unlisted origin is allowed.\nInstead: {RULES['SEC-2'].repair}\nalso " in finding


# The parts


def exchange(origin: str, *allowed: str, config: Config = CONFIG) -> Exchange:
    headers = tuple((b"access-control-allow-origin", each.encode()) for each in allowed)
    return Exchange(config, Request("GET", ((b"origin", origin.encode()),)), Response(200, headers))


def report(*violations: Violation, config: Config = CONFIG) -> Report:
    made = Report("a", config, ("protocol",), 0, tuple(one.rule for one in violations))
    made.violations = list(violations)
    return made


def violation(rule: str, *exchanges: Exchange) -> Violation:
    return Violation(RULES[rule], exchanges, rule)


EVIL, NULL = exchange("https://evil.example", "https://evil.example"), exchange("null", "null")


def test_the_order_is_by_severity_then_level_then_how_often_then_as_the_rules_are() -> None:
    made = report(*(violation(rule, EVIL) for rule in ("S-SYN-6", "S-SYN-1", "S-VARY-2", "S-ORG-5", "SEC-2")))
    order = [one.rule.id for one in sorted(made.violations, key=lambda one: rank(made, one))]
    severities = [list(type(RULES[rule].severity)).index(RULES[rule].severity) for rule in order]
    assert severities == sorted(severities) and len(set(severities)) > 2
    assert order.index("SEC-2") < order.index("S-ORG-5")
    made.breaches = {"S-ORG-5": [frozenset({(CONFIG, each.request)}) for each in (EVIL, NULL)]}
    assert ids(findings(made)[0])[0] == "S-ORG-5"


def test_what_another_response_shows_is_another_finding() -> None:
    made = report(violation("SEC-2", EVIL), violation("S-SYN-1", exchange(APP, "a b")))
    assert [ids(finding) for finding in findings(made)] == [["SEC-2"], ["S-SYN-1"]]


def test_what_one_breach_of_many_does_not_share_is_another_finding() -> None:
    made = report(violation("SEC-2", EVIL), violation("S-SYN-1", EVIL))
    assert [ids(finding) for finding in findings(made)] == [["SEC-2", "S-SYN-1"]]
    elsewhere = frozenset({(CONFIG, NULL.request)})
    made.breaches = {"S-SYN-1": [frozenset({(CONFIG, EVIL.request)}), elsewhere]}
    assert [ids(finding) for finding in findings(made)] == [["SEC-2"], ["S-SYN-1"]]


def test_random_requests_do_not_take_one_mistake_apart() -> None:
    made = report(violation("SEC-2", EVIL), violation("S-SYN-1", EVIL))
    shared, drawn = (frozenset({(CONFIG, each.request)}) for each in (EVIL, NULL))
    made.breaches = {"S-SYN-1": [shared, drawn]}
    assert len(findings(made)) == 2
    made.planned = {"S-SYN-1": {shared}}
    assert [ids(finding) for finding in findings(made)] == [["SEC-2", "S-SYN-1"]]
    made.breaches = {"S-SYN-1": [drawn]}
    assert len(findings(made)) == 2
    made.planned = {"S-SYN-1": {shared, drawn}}
    made.breaches = {"S-SYN-1": [shared, drawn]}
    assert len(findings(made)) == 2


@pytest.mark.slow
@pytest.mark.mutation
def test_a_missing_vary_is_one_finding_with_random_requests_too() -> None:
    def app(environ: dict[str, Any], start_response: Callable[..., None]) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN")
        start_response("200 OK", allow(APP) if origin == APP else [])
        return [b""]

    every = findings(check_app(app, CONFIG))
    assert [(ids(finding)[0], "S-VARY-5" in ids(finding)) for finding in every] == [("S-VARY-2", True)]


def test_the_same_request_under_another_configuration_is_another_one() -> None:
    other = exchange("https://evil.example", "https://evil.example", config=Config())
    made = report(violation("SEC-2", EVIL), violation("S-SYN-1", other))
    assert len(findings(made)) == 2


def test_what_a_rule_implies_is_all_that_follows() -> None:
    assert implied(RULES["S-VARY-1"]) == frozenset()
    deep = {rule.id for rule in RULES.values() if any(RULES[other].implies for other in rule.implies)}
    assert deep
    for id in deep:
        direct = set(RULES[id].implies)
        assert implied(RULES[id]) == direct | {more for other in direct for more in implied(RULES[other])}


A_SET = next(rule.id for rule in RULES.values() if rule.subject is Subject.SET)


@pytest.mark.parametrize(
    ("rule", "broken", "applied", "said"),
    [
        ("SEC-2", 1, 2, "Violated by 1 of 2 responses."),
        ("SEC-2", 1234, 1234, "Violated by 1,234 of 1,234 responses: every unlisted origin is allowed."),
        ("S-SYN-1", 5, 5, "Violated by 5 of 5 responses."),
        ("S-ORG-3", 5, 5, "Violated by 5 of 5 pairs of responses."),
        ("S-ORG-7", 5, 6, "Violated by 5 of 6 pairs of responses."),
        (A_SET, 5, 6, "Violated by 5 of 6 sets of responses."),
    ],
)
def test_how_often_a_rule_is_broken(rule: str, broken: int, applied: int, said: str) -> None:
    made = report(violation(rule, EVIL, EVIL))
    made.broken[rule], made.applied[rule] = broken, applied
    assert reach(made, made.violations[0]) == said


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        ("S-ORG-4", NULL),
        ("SEC-3", exchange("https://app.example.evil.example", "https://app.example.evil.example")),
        ("SEC-2", exchange("https://evil.example", "null")),
    ],
)
def test_what_is_said_of_every_origin_is_seen_in_one_that_is_like_no_other(
    rule: str, example: Exchange
) -> None:
    made = report(violation(rule, example), config=Config(allow_origins=("https://other.example",)))
    made.broken[rule] = made.applied[rule] = 5
    assert "every unlisted origin" not in reach(made, made.violations[0])


def test_an_entry_without_a_host_has_nothing_in_common_with_an_origin() -> None:
    config = Config(allow_origins=("null",))
    evil = exchange("https://evil.example", "https://evil.example", config=config)
    made = report(violation("SEC-2", evil), config=config)
    made.broken["SEC-2"], made.applied["SEC-2"] = 1, 2
    assert reach(made, made.violations[0]) == "Violated by 1 of 2 responses."


@pytest.mark.parametrize(
    ("configured", "origin"), [("https://App.example", "https://app.example1"), (APP, "HTTPS://APP.EXAMPLE1")]
)
def test_what_origins_have_in_common_is_seen_whatever_their_case(configured: str, origin: str) -> None:
    config = Config(allow_origins=(configured,))
    made = report(violation("SEC-2", exchange(origin, origin, config=config)), config=config)
    made.broken["SEC-2"], made.applied["SEC-2"] = 1, 2
    assert reach(made, made.violations[0]).endswith(f"each time for an origin that begins with {configured}.")


def test_of_two_that_are_equally_severe_the_more_binding_one_is_first() -> None:
    order = list(RULES.values())
    looser, stricter = next(
        (one, other)
        for one in order
        for other in order[order.index(one) :]
        if (one.level, other.level) == (Level.SHOULD, Level.MUST) and one.severity is other.severity
    )
    made = report(violation(looser.id, EVIL), violation(stricter.id, EVIL))
    made.breaches = {looser.id: [frozenset()] * 2}
    assert rank(made, made.violations[1]) < rank(made, made.violations[0])
    advice = next(rule.id for rule in order if rule.level is Level.INFO)
    assert rank(made, violation(advice, EVIL))[2] == 3


def test_what_a_rule_implies_follows_from_it_whatever_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["spec.conformance.findings"]
    monkeypatch.setattr(module, "headers_of", lambda violation: frozenset({violation.rule.id}))
    lead = violation("S-ORG-3", EVIL)
    made = report(lead)
    assert follows(made, lead, violation("S-ORG-5", EVIL))
    assert not follows(made, lead, violation("S-SYN-1", EVIL))


def test_a_violation_in_another_header_lets_no_origin_in() -> None:
    made = report(violation("SEC-2", exchange(APP, APP)))
    made.broken["SEC-2"] = made.applied["SEC-2"] = 5
    assert reach(made, made.violations[0]) == "Violated by 5 of 5 responses."


APART = exchange("https:///a", "https:///a")


def test_what_no_browser_brings_about_is_last_at_most_hygiene_and_apart() -> None:
    made = report(violation("S-SYN-1", APART), violation("S-SYN-6", EVIL), violation("S-ORG-6", APART))
    assert [ids(finding) for finding in findings(made)] == [["S-SYN-6"], ["S-ORG-6", "S-SYN-1"]]
    hygiene = len(Severity) - 1
    assert rank(made, made.violations[0])[:2] == (True, hygiene)
    assert rank(made, violation("S-SYN-1", EVIL))[:2] == (False, 1)
    lead, other = violation("SEC-2", EVIL), violation("S-SYN-1", APART)
    made = report(lead, other)
    made.apart = {"S-SYN-1": [frozenset({(CONFIG, EVIL.request)})]}
    assert not follows(made, lead, other)
    assert len(findings(made)) == 2


def test_breaches_are_those_that_are_as_reachable() -> None:
    lead, other = violation("SEC-2", EVIL), violation("S-SYN-1", EVIL)
    made = report(lead, other)
    made.apart = {"S-SYN-1": [frozenset({(CONFIG, APART.request)})]}
    assert [ids(finding) for finding in findings(made)] == [["SEC-2", "S-SYN-1"]]
    made.breaches = {"S-SYN-1": [frozenset({(CONFIG, NULL.request)})]}
    assert len(findings(made)) == 2
    assert breaches(made, other) == made.breaches["S-SYN-1"]
    assert breaches(made, violation("S-SYN-1", APART)) == made.apart["S-SYN-1"]


def test_the_policies_are_named_under_which_a_rule_is_broken() -> None:
    def breach(path: str) -> frozenset[tuple[Config, Request]]:
        return frozenset({(CONFIG, Request("GET", ((b"origin", b"https://evil.example"),), path))})

    made = report(violation("SEC-2", EVIL))
    made.broken["SEC-2"], made.applied["SEC-2"] = 3, 9
    made.policies = {"/b": CONFIG, "/a": CONFIG, "/c": CONFIG, "/d": CONFIG}
    for paths, said in (
        (["/d/x", "/b", "/a", "/c"], "the policy of '/a' and '/b' and '/c' and '/d'"),
        (["/"], "no policy"),
        (["/a", "/"], "the policy of '/a' and no policy"),
    ):
        made.breaches = {"SEC-2": [breach(path) for path in paths]}
        assert reach(made, made.violations[0]) == f"Violated by 3 of 9 responses, under {said}."
