"""A run: the positive control, systematic groups, then what Hypothesis draws; every response is judged."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from spec.config import Config
from spec.conformance.asking import PATIENCE, Asking
from spec.conformance.by_path import OF_ANOTHER_PATH, Part
from spec.conformance.cases import Group, actual
from spec.conformance.evidence import comes_from_a_page, is_reachable, size
from spec.conformance.plan import RANDOM, Plan, planned, random_group, random_lists
from spec.conformance.report import Report
from spec.conformance.target import Target
from spec.conformance.transports import Transport
from spec.http import Request, Response
from spec.rules import RULES
from spec.rules.judge import explain, subjects
from spec.rules.record import NETWORK_ERROR, Exchange, Profile, Rule, Severity, Subject, Violation
from spec.rules.server.facts import CORS_HEADERS, VARY

Progress = Callable[[str, int, int], None]
"""Told before the control, after it and after every group: its name, how many requests of how many."""

Verdict = tuple[Rule, tuple[Exchange, ...], bool]
"""A rule that applies to a subject, and whether the subject breaks it."""

JUDGED = (Subject.EXCHANGE, Subject.PAIR, Subject.SET)

TIMES_SHOWN_AGAIN = 2
"""How often a violation must show again before it is reported."""

DOUBTS = 5
"""How many violations of a rule may not show again before no more is believed."""


class Interrupted(KeyboardInterrupt):
    """The run was interrupted; `report` has what was done until then."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def silent(name: str, done: int, total: int) -> None:
    """No progress is shown."""


def selected(profiles: Iterable[str], patterns: Sequence[str] = ("*",)) -> tuple[Rule, ...]:
    """The rules of these profiles with an id, or an alias, that matches a pattern, as file names do.

    Raises ValueError for a profile that does not exist, and when no rule is left: nothing would be checked.
    """
    profiles = tuple(profiles)
    known = [profile.value for profile in Profile]
    for name in profiles:
        if name not in known:
            raise ValueError(f"profiles: {name!r} is not one of them; choose from {', '.join(known)}")
    found = tuple(
        rule
        for rule in RULES.values()
        if rule.holds is not None
        and rule.subject in JUDGED
        and rule.binding
        and rule.profile.value in profiles
        and any(fnmatchcase(id.lower(), pattern.lower()) for id in rule.ids for pattern in patterns)
    )
    if not found:
        of, called = ", ".join(profiles) or "no profile", " or ".join(patterns)
        raise ValueError(f"nothing selected: no rule of {of} is called {called}")
    return found


class Run:
    """One server under one configuration."""

    def __init__(
        self, transport: Transport, report: Report, target: Target, config: Config, patience: int = PATIENCE,
        control_of: Asking | None = None,
    ) -> None:  # fmt: skip
        self.asking = Asking(transport, report, target, config, patience, control_of)
        self.report, self.target, self.config = report, target, config
        self.rules = [rule for rule in report.rules if target.missing_feature(rule) is None]
        self.of_another_path = [rule for rule in self.rules if rule.severity is Severity.LETS_IN]
        if control_of:  # a server may do there what it likes, but let nobody in
            self.rules = self.of_another_path
        self.known: dict[Request, Exchange] = {}
        self.verdicts: dict[Request, tuple[Exchange, Response | None, list[Verdict]]] = {}
        self.judged_last: tuple[Exchange, ...] = ()
        self.judged_paths: set[str] = set()

    def plan(
        self, max_examples: int, root: int, at_most: int | None = None, *, control: bool = True,
        more: Sequence[Group] = (),
    ) -> Plan:  # fmt: skip
        """All that is sent to a server that breaks no rule."""
        first = self.asking.control if control else None
        return planned(
            self.config, self.target, self.rules, max_examples, root, self.asking.can_send, first, at_most,
            self.asking.transport.own_origin, more,
        )  # fmt: skip

    def exchanges(self, group: Group) -> tuple[Exchange, ...]:
        """What came of a group: those requests that got a response, or that should have got one."""
        found = []
        for request in group.requests:
            response = self.asking.response(request, afresh=group.afresh)
            silence = self.asking.silences.get(request, "") if group.name != RANDOM else ""
            if response or silence:
                came, known = response or NETWORK_ERROR, self.known.get(request)
                if known is None or known.response is not came or known.no_response != silence:
                    known = self.known[request] = Exchange(self.config, request, came, no_response=silence)
                found.append(known)
        return tuple(found)

    def judge(self, group: Group) -> list[Violation]:
        """Send a group, and count and return what it breaks."""
        exchanges = self.judged_last = self.exchanges(group)
        rules = self.of_another_path if group.name == OF_ANOTHER_PATH else self.rules
        applied, violations = self.judged(exchanges, rules)
        together = [exchange for one in violations if len(one.exchanges) > 1 for exchange in one.exchanges]
        special = [one for one in dict.fromkeys(together) if self.asking.is_treated_specially(one)]
        if special:
            applied, violations = self.judged(exchanges, rules, but=special)
        self.report.applied.update(applied)
        for violation in violations:
            self.report.count(violation, is_reachable(violation), planned=group.name != RANDOM)
        return violations

    def judged(
        self, exchanges: tuple[Exchange, ...], rules: Sequence[Rule], but: Sequence[Exchange] = ()
    ) -> tuple[Counter[str], list[Violation]]:
        """How often each of these rules applies to these exchanges, and what breaks them, rule by rule.

        Those of `but` are judged alone, not together with others.
        """
        plain = actual(path=self.target.path)
        unasked = self.asking.responses.get(self.target.asked(plain) or plain)
        found = [one for exchange in exchanges for one in self.judged_alone(exchange, rules, unasked)]
        together = [exchange for exchange in exchanges if not exchange.no_response and exchange not in but]
        for rule in rules:
            if rule.subject is not Subject.EXCHANGE:
                for subject in subjects(rule, tuple(one for one in together if self.is_asked(rule, one))):
                    found += self.verdict(rule, unasked, *subject)
        self.judged_paths |= {exchange.request.path for _, subject, _ in found for exchange in subject}
        places = {rule.id: place for place, rule in enumerate(rules)}
        broken = sorted((one for one in found if one[2]), key=lambda one: places[one[0].id])
        return Counter(rule.id for rule, _, _ in found), [
            Violation(rule, least, explain(rule, least))
            for rule, subject, _ in broken
            for least in [smallest_part(rule, subject)]
        ]

    def judged_alone(
        self, exchange: Exchange, rules: Sequence[Rule], unasked: Response | None
    ) -> list[Verdict]:
        """What the rules about one exchange say of this one: found once, however many groups it is in."""
        known = self.verdicts.get(exchange.request) if rules is self.rules else None
        if known and known[0] is exchange and known[1] is unasked:
            return known[2]
        found = [
            verdict
            for rule in rules
            if rule.subject is Subject.EXCHANGE and self.is_asked(rule, exchange)
            for verdict in self.verdict(rule, unasked, exchange)
        ]
        if rules is self.rules:
            self.verdicts[exchange.request] = exchange, unasked, found
        return found

    def is_asked(self, rule: Rule, exchange: Exchange) -> bool:
        """Whether a rule is about the path of this exchange: about each, or about one of the target."""
        return not rule.path or exchange.request.path == getattr(self.target, rule.path)

    def verdict(self, rule: Rule, unasked: Response | None, *subject: Exchange) -> list[Verdict]:
        """What a rule says of a subject: nothing if it does not apply, or is excused."""
        if not rule.applies(*subject):
            return []
        if rule.excuses(self.target.lacks | self.target.unstated, unasked, *subject):
            return []
        is_broken = not holds(rule, *subject)
        # Nothing is seen to hold where nothing came.
        return [(rule, subject, is_broken)] if is_broken or not subject[0].no_response else []

    def note_useless_paths(self) -> None:
        """Say which paths of the target were named for nothing."""
        error_path = self.target.error_path
        for request, response in self.asking.responses.items():
            if request.path == error_path and response and response.status < 400:
                self.asking.note(
                    f"error_path {error_path} responds with {response.status}, which is no error"
                )
        for name in ("error_path", "options_path"):
            path = getattr(self.target, name)
            if path is not None and path not in self.judged_paths:
                self.asking.note(f"{name} {path} is named, and no selected rule judges it")

    def shows_again(self, rule: Rule, before: tuple[Exchange, ...]) -> bool:
        """Whether the same requests, sent afresh, get the same responses, which break the rule, each time."""
        group = Group("again", tuple(exchange.request for exchange in before), afresh=True)
        for _ in range(TIMES_SHOWN_AGAIN):
            exchanges = self.exchanges(group)
            if list(map(telling, exchanges)) != list(map(telling, before)):
                return False
            if not self.judged(exchanges, [rule])[1]:
                return False
        return True

    def keep(self, violation: Violation, before: tuple[Exchange, ...] = ()) -> bool:
        """Keep the smaller of two violations of one rule, if it shows again. Whether one is kept.

        `before`: what is sent again, if that is more than the violation shows.
        """
        rule, kept = violation.rule, self.report.violations
        index = next((number for number, other in enumerate(kept) if other.rule.id == rule.id), None)
        if index is not None and size(kept[index]) <= size(violation):
            return True
        if self.report.doubts[rule.id] >= DOUBTS:
            return index is not None
        # After so many requests without a response no more are needed to show that there is none.
        is_shown = got_no_response(violation) and self.report.inconclusive and not self.asking.is_gone
        if not is_shown and not self.shows_again(rule, before or violation.exchanges):
            self.report.doubts[rule.id] += 1
            return index is not None
        if index is None:
            kept.append(violation)
        else:
            kept[index] = violation
        return True

    def send(self, plan: Plan, progress: Progress, root: int, max_examples: int) -> None:
        """All groups of a plan."""
        for group, sent in zip(plan.groups, plan.sent, strict=True):
            if self.report.inconclusive:
                return
            for violation in self.judge(group):
                if group.name != RANDOM:
                    self.keep(violation, self.judged_last if group.afresh else ())
                elif self.is_news(violation) and self.keep(violation):
                    self.shrink(violation, max_examples, root)
            progress(group.name, sent, plan.requests)

    def forget_silences(self) -> None:
        """Keep no violation of this configuration that is about a request without a response."""
        self.report.violations = [
            one
            for one in self.report.violations
            if not got_no_response(one) or one.exchanges[0].config != self.config
        ]

    def is_news(self, violation: Violation) -> bool:
        """Whether no violation of the rule is kept, or one that a browser cannot bring about, unlike this."""
        kept = [other for other in self.report.violations if other.rule.id == violation.rule.id]
        return not kept or (is_reachable(violation) and not is_reachable(kept[0]))

    def shrink(self, violation: Violation, max_examples: int, root: int) -> None:
        """Draw the same again, and let Hypothesis make smaller what breaks the rule as this does."""
        rule, from_a_browser = violation.rule, is_reachable(violation)

        @seed(root)
        @settings(
            max_examples=max_examples,
            database=None,
            deadline=None,  # a server may take its time; --timeout is what limits it
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(random_lists(self.config))
        def try_one(drawn: tuple[Request, ...]) -> None:
            group = random_group(self.config, self.target, drawn)
            _, violations = self.judged(self.exchanges(group), [rule])
            alike = [one for one in violations if is_reachable(one) or not from_a_browser]
            if alike:
                raise Found(min(alike, key=size))

        try:
            try_one()
        except Found as found:
            self.keep(found.violation)
        except Flaky:  # what was found before stays
            pass


class Found(Exception):
    """Hypothesis is to shrink the example that broke a rule."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.rule.id)
        self.violation = violation


def holds(rule: Rule, *subject: Exchange) -> bool:
    """Whether a rule that judges exchanges holds for these."""
    assert rule.holds is not None
    return rule.holds(*subject)


def smallest_part(rule: Rule, subject: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """Of a set that breaks a rule as little as breaks it, too, without what no browser sends if possible."""
    if rule.subject is Subject.SET:
        subject = tuple(dict.fromkeys(subject))
        for exchange in sorted(subject, key=comes_from_a_page):
            part = tuple(other for other in subject if other is not exchange)
            if part and rule.applies(*part) and not holds(rule, *part):
                subject = part
    return subject


def got_no_response(violation: Violation) -> bool:
    """Whether it is about a request without a response."""
    return any(exchange.no_response for exchange in violation.exchanges)


def telling(exchange: Exchange) -> tuple[int, dict[str, list[bytes]]]:
    """What of a response rules judge: its status, the CORS headers and Vary."""
    return exchange.response.status, {name: exchange.response.lines(name) for name in (*CORS_HEADERS, VARY)}


def run(
    transport: Transport,
    report: Report,
    target: Target,
    max_examples: int,
    progress: Progress = silent,
    config: Config | None = None,
    patience: int = PATIENCE,
    at_most: int | None = None,
    *,
    control: bool = True,
) -> None:
    """Add to the report: control first, and nothing else when it fails.

    The control is asked again in the end: a server may have stopped answering on the way. A factory that has
    passed needs none with another `config`: not to grant what that allows is a violation. `at_most` so many
    requests are planned, `patience` is how many may get no response. Raises Interrupted.
    """
    doing = Run(transport, report, target, target.attainable(config or report.config), patience)
    plan = doing.plan(max_examples, report.seed, at_most, control=control)
    follow([(doing, plan)], max_examples, progress, control=control)


def run_parts(
    transport: Transport,
    report: Report,
    parts: Sequence[Part],
    max_examples: int,
    progress: Progress = silent,
    patience: int = PATIENCE,
    at_most: int | None = None,
) -> None:
    """The same for each policy of a server, `at_most` so many requests each; then the verdicts."""
    todo: list[tuple[Run, Plan]] = []
    for part in parts:
        control_of = None if part.is_stated else todo[0][0].asking
        config = part.target.attainable(part.config)
        doing = Run(transport, report, part.target, config, patience, control_of)
        drawn = max_examples if part.is_stated else 0
        plan = doing.plan(drawn, report.seed, at_most, control=part.is_stated, more=part.elsewhere)
        todo.append((doing, plan))
    follow(todo, max_examples, progress)
    conclude(report, *(part.target for part in parts))


def follow(
    todo: Sequence[tuple[Run, Plan]], max_examples: int, progress: Progress, *, control: bool = True
) -> None:
    """The controls of all plans first, then each plan, until a run is inconclusive. Raises Interrupted."""
    report, total = todo[0][0].report, sum(plan.requests for _, plan in todo)
    controlled = [doing for doing, _ in todo if control and not doing.asking.control_of]
    try:
        progress("control", 0, total)
        failed = [doing.asking.positive_control() for doing in controlled]
        report.inconclusive = "\n".join(dict.fromkeys(filter(None, failed)))
        if report.inconclusive:
            return
        done = len(controlled)
        progress("control", done, total)
        for doing, plan in todo:
            done -= doing in controlled  # a plan counts its own control
            doing.send(plan, partial(further, progress, done, total), report.seed, max_examples)
            done += plan.requests
            if doing in controlled and not report.inconclusive:
                doing.asking.control_again()
                doing.note_useless_paths()
            if doing.asking.is_gone:  # a server that is gone responds to nothing
                doing.forget_silences()
    except KeyboardInterrupt:
        report.inconclusive = f"interrupted after {report.requests:,} requests"
        conclude(report, *(doing.target for doing, _ in todo))
        raise Interrupted(report) from None


def further(progress: Progress, before: int, total: int, name: str, done: int, _: int) -> None:
    """Tell of the progress of one plan of several."""
    progress(name, before + done, total)


def conclude(report: Report, *targets: Target) -> None:
    """A verdict for each rule, and the violations in the order of the rules.

    A rule is left out if none of the targets has what it needs.
    """
    order = list(RULES)
    report.reasons.clear()
    report.violations.sort(key=lambda violation: order.index(violation.rule.id))
    failed = Counter(violation.rule.id for violation in report.violations)
    for rule in report.rules:
        missing = [(target, target.missing_feature(rule)) for target in targets]
        if all(feature for _, feature in missing):
            report.verdicts[rule.id] = "not applicable"
            target, feature = missing[0]
            is_lacking = feature in target.lacks
            why = f"the implementation lacks {feature}" if is_lacking else f"{feature} is not stated"
            report.reasons[rule.id] = why
        elif failed[rule.id]:
            report.verdicts[rule.id] = "fail"
        elif report.inconclusive:
            report.verdicts[rule.id] = "inconclusive"
            report.reasons[rule.id] = report.inconclusive
        elif report.doubts[rule.id] >= DOUBTS:
            report.verdicts[rule.id] = "inconclusive"
            report.reasons[rule.id] = "the same requests do not always get the same response"
        elif report.applied[rule.id]:
            report.verdicts[rule.id] = "pass"
        else:
            report.verdicts[rule.id] = "not applicable"
            report.reasons[rule.id] = "not exercised"
        if not failed[rule.id]:
            report.forget(rule)
