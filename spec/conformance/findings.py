"""Findings: the violations of a run by cause, the worst first. One mistake in a server breaks many rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from spec.conformance.by_path import prefix_of
from spec.conformance.cases import UNLISTED
from spec.conformance.evidence import headers_of, is_reachable
from spec.conformance.report import Breach, Report
from spec.rules import RULES
from spec.rules.record import Exchange, Level, Rule, Severity, Subject, Violation
from spec.rules.server.facts import ACAO, granted, origin, text

SEVERITIES = list(Severity)
JUDGED = {
    Subject.EXCHANGE: "responses",
    Subject.PAIR: "pairs of responses",
    Subject.SET: "sets of responses",
}
LEVELS = (Level.SECURITY, Level.MUST, Level.SHOULD, Level.INFO)


@dataclass(frozen=True)
class Finding:
    """One mistake: the rule that says most of it, and the other rules that the same responses break."""

    lead: Violation
    follows: tuple[Violation, ...] = ()

    @property
    def violations(self) -> tuple[Violation, ...]:
        """All of it."""
        return (self.lead, *self.follows)


def findings(report: Report) -> list[Finding]:
    """What is wrong with a server, by severity, then by level; within these, what is broken most often first.

    What cannot be brought about from a browser comes last, apart from the others. A violation is folded into
    an earlier one when each of its planned breaches contains a request whose response breaks that one too,
    and in the same header or by a rule that it implies.
    """
    found: list[list[Violation]] = []
    for violation in sorted(report.violations, key=lambda one: rank(report, one)):
        for group in found:
            if follows(report, group[0], violation):
                group.append(violation)
                break
        else:
            found.append([violation])
    return [Finding(group[0], tuple(group[1:])) for group in found]


def rank(report: Report, violation: Violation) -> tuple[bool, int, int, int, int]:
    """The order of violations: the worst first. What is not reachable from a browser is at most hygiene."""
    rule, reachable = violation.rule, is_reachable(violation)
    often = len(breaches(report, violation))
    severity = SEVERITIES.index(rule.severity if reachable else Severity.HYGIENE)
    return not reachable, severity, LEVELS.index(rule.level), -often, list(RULES).index(rule.id)


def follows(report: Report, lead: Violation, other: Violation) -> bool:
    """Whether both show one mistake."""
    if is_reachable(lead) != is_reachable(other):
        return False
    wrong = frozenset().union(*breaches(report, lead))
    if not all(breach & wrong for breach in planned(report, other)):
        return False
    return other.rule.id in implied(lead.rule) or bool(headers_of(lead) & headers_of(other))


def breaches(report: Report, violation: Violation) -> list[Breach]:
    """The requests of each breach of a rule that is as reachable from a browser as this one.

    Those of the smallest one when no more is known.
    """
    smallest = frozenset((exchange.config, exchange.request) for exchange in violation.exchanges)
    counted = report.breaches if is_reachable(violation) else report.apart
    return counted.get(violation.rule.id) or [smallest]


def planned(report: Report, violation: Violation) -> list[Breach]:
    """The same without those by random requests, if others are left.

    A planned group has what a rule needs to apply; a drawn one has it by chance, perhaps for one of two rules
    that one mistake breaks.
    """
    found, of_a_plan = breaches(report, violation), report.planned.get(violation.rule.id, set())
    return [breach for breach in found if breach in of_a_plan] or found


def implied(rule: Rule) -> frozenset[str]:
    """The ids of the rules that its counterexample breaks as well, those that theirs break, and so on."""
    found: set[str] = set()
    waiting = list(rule.implies)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += RULES[id].implies
    return frozenset(found)


def reach(report: Report, violation: Violation) -> str:
    """How often a rule is broken; where origins are let in, what they have in common."""
    rule = violation.rule
    broken, applied = report.broken[rule.id], report.applied[rule.id]
    found = breaches(report, violation)
    often = f"Violated by {broken:,} of {applied:,} {JUDGED[rule.subject]}{under(report, found)}"
    lets_in = rule.severity is Severity.LETS_IN and rule.subject is Subject.EXCHANGE
    if not lets_in or ACAO not in headers_of(violation):
        return f"{often}."
    if broken == applied and allows_the_unlisted_origin(violation.exchanges[0]):
        return f"{often}: every unlisted origin is allowed."
    origins = origins_of(found)
    for configured in violation.exchanges[0].config.allow_origins:
        host = configured.partition("://")[2]
        for shared, word in ((configured, "begins with"), (host, "ends with"), (host, "contains")):
            if shared and all(MATCHES[word](origin.lower(), shared.lower()) for origin in origins):
                return f"{often}, each time for an origin that {word} {shared}."
    return f"{often}."


def allows_the_unlisted_origin(exchange: Exchange) -> bool:
    """Whether the origin that is like no other is allowed: then others are not allowed for what they are."""
    return origin(exchange) == UNLISTED.encode() and granted(exchange)


def under(report: Report, found: Iterable[Breach]) -> str:
    """Under which policies these breaches are, if there are several."""
    if not report.policies:
        return ""
    prefixes = {prefix_of(report.policies, request.path) for breach in found for _, request in breach}
    stated = " and ".join(repr(prefix) for prefix in sorted(filter(None, prefixes)))
    of = [f"the policy of {stated}"] * bool(stated) + ["no policy"] * (None in prefixes)
    return f", under {' and '.join(of)}"


MATCHES = {"begins with": str.startswith, "ends with": str.endswith, "contains": str.__contains__}


def origins_of(found: Iterable[Breach]) -> list[str]:
    """The origins of the requests of some breaches."""
    requests = [request for breach in found for _, request in breach]
    return [text(value) for request in requests for value in request.lines("origin")]
