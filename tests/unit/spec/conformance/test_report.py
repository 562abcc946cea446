"""Verdicts, and what makes a run fail."""

from typing import Any

import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.conformance.report import Report, Verdict
from spec.conformance.run import conclude
from spec.conformance.target import Target
from spec.rules.record import Violation

EXCHANGE = Exchange(Config(), Request("GET", ()), Response(200, ()))
MUST, SECURITY, SHOULD, INFO = "S-SYN-1", "SEC-2", "S-SYN-6", "S-HTTP-11"
FOUR = (SHOULD, SECURITY, MUST, INFO)


def violation(rule: str) -> Violation:
    return Violation(RULES[rule], (EXCHANGE,), rule)


def report(*broken: str, applied: str = "", inconclusive: str = "") -> Report:
    """Of four rules, one of each level."""
    found = Report("a", Config(), ("protocol",), 0, tuple(RULES[rule] for rule in FOUR))
    found.violations = [violation(rule) for rule in broken]
    found.applied.update(applied.split())
    found.inconclusive = inconclusive
    return found


def test_the_four_are_of_four_levels() -> None:
    assert [RULES[rule].level.value for rule in FOUR] == ["SHOULD", "SECURITY", "MUST", "INFO"]


def test_a_new_report_says_nothing() -> None:
    one, other = (Report("a", Config(), (), 0) for _ in range(2))
    assert one.rules == ()
    assert not one.in_a_test
    assert (one.verdicts, one.reasons, one.trouble, one.requests, one.skipped) == ({}, {}, [], 0, 0)
    one.applied["a"] += 1
    one.trouble.append("a")
    one.doubts["a"] += 1
    one.apart["a"], one.planned["a"] = [], set()
    assert (other.applied["a"], other.trouble, one.inconclusive) == (0, [], "")
    assert (other.doubts, other.apart, other.planned) == ({}, {}, {})


PASS, FAIL, NOT, OPEN = "pass", "fail", "not applicable", "inconclusive"
NOTHING = "not exercised"
LACKS = "the implementation lacks max_age"


@pytest.mark.parametrize(
    ("rule", "found", "lacks", "verdict", "reason"),
    [
        ("S-SYN-1", report(applied="S-SYN-1"), "", PASS, None),
        ("S-SYN-1", report(applied="SEC-2"), "", NOT, NOTHING),
        ("S-SYN-1", report("S-SYN-1", applied="S-SYN-1"), "", FAIL, None),
        ("S-SYN-1", report("SEC-2", applied="S-SYN-1"), "", PASS, None),
        ("S-SYN-1", report(applied="S-SYN-1", inconclusive="no"), "", OPEN, "no"),
        ("S-SYN-1", report(inconclusive="no"), "", OPEN, "no"),
        ("S-SYN-1", report("S-SYN-1", inconclusive="no"), "", FAIL, None),
        ("D-24", report(applied="D-24"), "max_age", NOT, LACKS),
        ("D-24", report(inconclusive="no"), "max_age", NOT, LACKS),
        ("D-24", report(applied="D-24"), "allow_methods", PASS, None),
    ],
)
def test_a_rule_gets_its_verdict(
    rule: str, found: Report, lacks: str, verdict: Verdict, reason: str | None
) -> None:
    found.rules = (RULES[rule],)
    conclude(found, Target(lacks=frozenset(lacks.split())))
    assert found.verdicts == {rule: verdict}
    assert found.reasons == ({} if reason is None else {rule: reason})


def test_every_rule_gets_one_and_violations_come_in_the_order_of_the_rules() -> None:
    found = report(MUST, INFO, SECURITY, SHOULD)
    conclude(found, Target())
    assert list(found.verdicts) == list(FOUR)
    assert [one.rule.id for one in found.violations] == [rule for rule in RULES if rule in FOUR]


@pytest.mark.parametrize(
    ("broken", "strict", "expected", "failures"),
    [
        ("", False, "", ""),
        ("S-SYN-6 S-HTTP-11", False, "", ""),
        ("S-SYN-6 S-HTTP-11", True, "", "S-SYN-6"),
        ("SEC-2 S-SYN-6 S-SYN-1 S-HTTP-11", False, "", "SEC-2 S-SYN-1"),
        ("SEC-2 S-SYN-6 S-SYN-1 S-HTTP-11", True, "S-SYN-1", "SEC-2 S-SYN-6"),
        ("SEC-2", False, "SEC-2 S-SYN-1", ""),
        ("SEC-2", False, "S-SYN-1", "SEC-2"),
    ],
)
def test_what_binds_fails_unless_it_is_expected(
    broken: str, strict: bool, expected: str, failures: str
) -> None:
    found = report(*broken.split()).failures(strict=strict, expected=frozenset(expected.split()))
    assert [one.rule.id for one in found] == failures.split()


@pytest.mark.parametrize(
    ("found", "conforms"),
    [
        (report(), True),
        (report("S-SYN-6", "S-HTTP-11"), True),
        (report("S-SYN-1"), False),
        (report("SEC-2"), False),
        (report(inconclusive="no"), False),
    ],
)
def test_it_conforms_when_nothing_that_binds_is_broken_and_the_control_was_passed(
    found: Report, conforms: bool
) -> None:
    assert found.conforms is conforms


def apart(rule: str) -> Violation:
    twice = Request("GET", ((b"origin", b"https://a.example"), (b"origin", b"https://b.example")))
    return Violation(RULES[rule], (Exchange(Config(), twice, Response(200, ())),), rule)


@pytest.mark.parametrize(
    ("strict", "expected", "failures"),
    [
        (False, "", [MUST]),
        (True, "", [SECURITY, MUST, SHOULD]),
        (True, SECURITY, [MUST, SHOULD]),
    ],
)
def test_what_is_not_reachable_from_a_browser_fails_a_strict_run_alone(
    strict: bool, expected: str, failures: list[str]
) -> None:
    found = report()
    found.violations = [apart(SECURITY), violation(MUST), apart(SHOULD), apart(INFO)]
    failed = found.failures(strict=strict, expected=frozenset([expected]))
    assert [one.rule.id for one in failed] == failures
    found.violations = [apart(MUST)]
    assert found.conforms


def test_violations_are_counted_by_whether_a_browser_can_bring_them_about() -> None:
    found = report()
    one, other = violation(MUST), apart(MUST)
    for each, reachable in ((one, True), (other, False), (one, True)):
        found.count(each, reachable, planned=not reachable)
    mine = frozenset({(Config(), EXCHANGE.request)})
    others = frozenset({(Config(), other.exchanges[0].request)})
    assert (found.broken, found.breaches, found.apart) == ({MUST: 3}, {MUST: [mine, mine]}, {MUST: [others]})
    assert found.planned == {MUST: {others}}
    found.count(one, True, planned=True)
    assert found.planned == {MUST: {mine, others}}
    found.count(apart(SECURITY), False, planned=False)
    found.forget(RULES[MUST])
    assert (found.broken, found.breaches, found.planned) == ({SECURITY: 1}, {}, {})
    assert list(found.apart) == [SECURITY]
    found.forget(RULES[INFO])
    assert found.broken == {SECURITY: 1}


def test_rules_that_hold_against_expectation_are_told_in_order() -> None:
    found = report("SEC-2")
    found.rules = tuple(rule for rule in RULES.values() if rule.holds)
    found.applied.update(rule.id for rule in found.rules[1:])
    conclude(found, Target())
    expected = frozenset(rule.id for rule in found.rules)
    passed = found.unexpected_passes(expected | {"X"})
    assert passed == sorted(expected - {"SEC-2", found.rules[0].id})
    assert found.unexpected_passes(frozenset()) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (2, 0, 2)),
        ({"strict": True}, (3, 0, 1)),
        ({"expected": frozenset({MUST, SHOULD})}, (1, 2, 1)),
        ({"strict": True, "expected": frozenset({SHOULD})}, (2, 1, 1)),
    ],
)
def test_each_rule_is_counted_once(options: dict[str, Any], expected: tuple[int, int, int]) -> None:
    found = report(*FOUR)
    found.verdicts = dict.fromkeys(FOUR, "fail")
    found.verdicts |= {"a": "pass", "b": "not applicable", "c": "inconclusive", "d": "pass", "e": "pass"}
    found.verdicts |= {"f": "not applicable"}
    failed, known, tolerated = expected
    assert found.counts(**options) == {
        "failed": failed,
        "expected to fail": known,
        "violated (not binding)": tolerated,
        "passed": 3,
        "not applicable": 2,
        "inconclusive": 1,
    }
