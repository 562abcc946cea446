"""A run: the positive control, the systematic groups, then what Hypothesis finds; every answer is judged."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from spec.config import Config
from spec.conformance.cases import SAFE_METHODS, UNLISTED, Group, actual, groups, known_origins
from spec.conformance.report import Report
from spec.conformance.status import wrong_status
from spec.conformance.target import Target
from spec.conformance.transports import NoAnswer, Transport, travels
from spec.generate.requests import requests
from spec.http import Request, Response
from spec.origin import Kind, canonical, parse_pattern
from spec.rules import RULES
from spec.rules.judge import explain, subjects
from spec.rules.record import NETWORK_ERROR, Exchange, Profile, Rule, Subject, Violation
from spec.rules.server.facts import ACAC, ACAO, text, uses_credentials
from spec.rules.server.origins import the_page_may_read

Progress = Callable[[str, int, int], None]
"""Told after every group: its name, how many are done, how many there are."""

JUDGED = (Subject.EXCHANGE, Subject.PAIR, Subject.SET)

LONGEST_ORIGIN = 512
"""In bytes; a decision for our own middleware, which binds no other."""

PATIENCE = 5
"""How many requests may go unanswered, one after the other, before the control is asked again."""


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
        and any(fnmatchcase(id, pattern) for id in rule.ids for pattern in patterns)
    )
    if not found:
        of, called = ", ".join(profiles) or "no profile", " or ".join(patterns)
        raise ValueError(f"nothing selected: no rule of {of} is called {called}")
    return found


class Run:
    """One server under one configuration."""

    def __init__(self, transport: Transport, report: Report, target: Target, config: Config) -> None:
        self.transport, self.report, self.target, self.config = transport, report, target, config
        self.rules = [rule for rule in report.rules if target.missing_feature(rule) is None]
        self.is_foreign = Profile.IMPLEMENTATION.value not in report.profiles
        self._answers: dict[Request, Response] = {}
        self.judged_paths: set[str] = set()
        self._unanswered = 0

    def send(self, request: Request, *, afresh: bool = False) -> Exchange | None:
        """What a server answers, or that it does not; None when that says nothing about CORS.

        Nothing more is sent to a server that has stopped answering: each request might take its whole time.
        """
        asked = self.target.asked(request)
        if asked is None:
            return None
        request = asked
        if not self.transport.can_send(request) or (self.is_foreign and not is_for_everyone(request)):
            self.report.skipped += 1
            return None
        if afresh or request not in self._answers:
            if self.report.inconclusive:
                return None
            self.report.requests += 1
            try:
                self._answers[request] = self.transport.send(request)
            except NoAnswer as problem:
                self._note(f"{request.method} {request.path} got no response: {problem}")
                self._unanswered += 1
                if self._unanswered % PATIENCE == 0:
                    self.control_again()
                if is_refused_by_parser(request, NETWORK_ERROR):
                    return None
                return Exchange(self.config, request, NETWORK_ERROR, no_response=str(problem))
            self._unanswered = 0
        response = self._answers[request]
        if is_refused_by_parser(request, response):
            self.report.skipped += 1
            return None
        if response.status >= 500 and request.path != self.target.error_path:
            error = self.transport.last_error
            raised = f": the application raised {error}" if error else ""
            self._note(f"{request.method} {request.path} got status {response.status}{raised}")
        return Exchange(self.config, request, response)

    def _note(self, trouble: str) -> None:
        if trouble not in self.report.trouble:
            self.report.trouble.append(trouble)

    def positive_control(self) -> str:
        """Why nothing would mean anything; empty when an allowed GET is granted.

        Where no origin is allowed a GET without one must be answered.
        """
        origins = known_origins(self.config)[:1]
        request = actual(tuple(origin.encode() for origin in origins), path=self.target.path)
        request = self.target.asked(request) or request
        try:
            exchange = Exchange(self.config, request, self.transport.send(request))
        except NoAnswer as problem:
            return f"unreachable: {problem}"
        if not 200 <= exchange.response.status <= 299:
            return wrong_status(self.report.target, request, exchange.response, self.transport.last_error)
        if not origins or the_page_may_read(exchange):
            return ""
        how = " with credentials" if uses_credentials(exchange) else ""
        asked = f"{request.method} {request.path} from {origins[0]}, which the configuration allows{how}"
        came = [f"{name}: {text(value)}" for name in (ACAO, ACAC) for value in exchange.response.lines(name)]
        has = " and ".join(came) or "no Access-Control-Allow-Origin"
        listed = self.config.allow_origins
        is_pattern = origins[0] not in listed and any(map(parse_pattern, listed))
        hint = '; if the implementation has no patterns, write lacks = ["origin_patterns"] in [target]'
        return f"{asked}, is not allowed: the response has {has}{hint if is_pattern else ''}"

    def control_again(self) -> None:
        """Note why nothing means anything any more."""
        if again := self.positive_control():
            self.report.inconclusive = f"after {self.report.requests:,} requests: {again}"

    def judge(self, group: Group) -> list[Violation]:
        """Send a group, and say what it breaks."""
        found = [self.send(request, afresh=group.afresh) for request in group.requests]
        exchanges = tuple(exchange for exchange in found if exchange is not None)
        violations = []
        plain = actual(path=self.target.path)
        lacks = self.target.lacks | self.target.unstated
        unasked = self._answers.get(self.target.asked(plain) or plain)
        for rule in self.rules:
            assert rule.holds is not None
            for subject in subjects(rule, self.judged_by(rule, exchanges)):
                if rule.applies(*subject) and not rule.excuses(lacks, unasked, *subject):
                    holds = rule.holds(*subject)
                    if holds and subject[0].no_response:  # nothing is seen to hold where nothing came
                        continue
                    self.report.applied[rule.id] += 1
                    self.judged_paths |= {exchange.request.path for exchange in subject}
                    if not holds:
                        self.report.broken[rule.id] += 1
                        breach = frozenset((exchange.config, exchange.request) for exchange in subject)
                        self.report.breaches.setdefault(rule.id, []).append(breach)
                        violations.append(Violation(rule, subject, explain(rule, subject)))
        return violations

    def judged_by(self, rule: Rule, exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
        """Those of these that a rule judges: at its path, and answered where responses are compared."""
        path = getattr(self.target, rule.path) if rule.path else ""
        return tuple(
            exchange
            for exchange in exchanges
            if (not rule.path or exchange.request.path == path)
            and (not exchange.no_response or rule.subject is Subject.EXCHANGE)
        )

    def note_useless_paths(self) -> None:
        """Say which paths of the target were named for nothing."""
        error_path = self.target.error_path
        for request, response in self._answers.items():
            if request.path == error_path and response.status < 400:
                self._note(f"error_path {error_path} responds with {response.status}, which is no error")
        for name in ("error_path", "options_path"):
            path = getattr(self.target, name)
            if path is not None and path not in self.judged_paths:
                self._note(f"{name} {path} is named, and no selected rule judges it")

    def systematic(self, progress: Progress) -> None:
        """All groups."""
        everything = groups(self.config, self.target, self.transport.own_origin)
        for number, group in enumerate(everything, 1):
            for violation in self.judge(group):
                self.keep(violation)
            progress(group.name, number, len(everything))

    def random_phase(self, max_examples: int, root: int, progress: Progress) -> None:
        """What Hypothesis draws near the configuration, each beside an allowed request; shrunk."""
        origins = known_origins(self.config)
        path = self.target.path
        usual = actual((origins[0].encode(),) if origins else (), path=path)
        known = set(self.report.broken)
        while True:
            done = 0

            @seed(root)
            @settings(
                max_examples=max_examples,
                database=None,
                deadline=None,  # a server may take its time; --timeout is what limits it
                report_multiple_bugs=False,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            )
            @given(st.lists(requests(self.config), min_size=1, max_size=3))
            def try_one(drawn: list[Request]) -> None:
                nonlocal done
                done += 1
                if done % 10 == 0 and done <= max_examples:
                    progress("random", done, max_examples)
                sent = tuple(harmless(request, path) for request in drawn)
                found = self.judge(Group("random", (usual, *sent)))
                new = [one for one in found if one.rule.id not in known and not got_no_response(one)]
                if new:
                    raise Found(new[0])

            try:
                try_one()
            except Found as found:
                self.keep(found.violation)
                known.add(found.violation.rule.id)
            else:
                return

    def keep(self, violation: Violation) -> None:
        """Keep the smaller of two violations of one rule."""
        for index, other in enumerate(self.report.violations):
            if other.rule.id == violation.rule.id:
                if size(violation) < size(other):
                    self.report.violations[index] = violation
                return
        self.report.violations.append(violation)


def got_no_response(violation: Violation) -> bool:
    """Whether it is about a request without a response. Another time it may get one."""
    return any(exchange.no_response for exchange in violation.exchanges)


def is_for_everyone(request: Request) -> bool:
    """What a parser hands on as it is, with an Origin that is not longer than our own middleware reads."""
    return travels(request) and all(len(value) <= LONGEST_ORIGIN for value in request.lines("origin"))


def is_refused_by_parser(request: Request, response: Response) -> bool:
    """Whether a request that no browser sends was refused before it reached what knows of CORS.

    A parser may refuse what is doubled, long, empty or not ASCII, or close the connection; that says
    nothing about CORS.
    """
    if response != NETWORK_ERROR and (not 400 <= response.status <= 599 or response.lines("vary")):
        return False
    if any(name.lower().startswith(b"access-control-") for name, _ in response.headers):
        return False
    values = [value for _, value in request.headers]
    origins = request.lines("origin")
    is_odd = len(origins) > 1 or any(canonical(text(value)).kind is Kind.NEVER for value in origins)
    return (
        is_odd or sum(map(len, values)) > 4096 or not all(re.fullmatch(rb"[ -~]+", value) for value in values)
    )


class Found(Exception):
    """Hypothesis is to shrink the example that broke a rule."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(violation.rule.id)
        self.violation = violation


def harmless(request: Request, path: str) -> Request:
    """The same to the path of the target and its own host, with a method that changes nothing there."""
    method = request.method if request.method in SAFE_METHODS else "GET"
    headers = tuple(line for line in request.headers if line[0].lower() != b"host")
    return Request(method, headers, path)


def size(violation: Violation) -> tuple[int, int, int, int]:
    """How hard a violation is to believe: exchanges, how odd the origins are, header lines, bytes."""
    odd = sum(oddness(exchange) for exchange in violation.exchanges)
    lines = [line for exchange in violation.exchanges for line in exchange.request.headers]
    return len(violation.exchanges), odd, len(lines), sum(len(name) + len(value) for name, value in lines)


def oddness(exchange: Exchange) -> int:
    """How far the origin is from an ordinary one: 0 a configured one, or the unlisted one that every server
    meets, 1 `https://` and a name unlike the configured ones, 2 one that is like them, 3 another origin of a
    page, 4 `null`, 5 what no page has."""
    values = [text(value) for value in exchange.request.lines("origin")]
    if len(values) != 1:
        return 5 * bool(values)
    [value] = values
    if value in (*exchange.config.allow_origins, UNLISTED):
        return 0
    if value == "null":
        return 4
    if canonical(value).kind is not Kind.CANONICAL:
        return 5
    if not re.fullmatch(r"https://[a-z0-9.-]+\.[a-z][a-z0-9]+", value):
        return 3
    hosts = [origin.partition("://")[2] for origin in exchange.config.allow_origins]
    return 1 + any(host in value or value.partition("://")[2] in host for host in hosts if host)


def run(
    transport: Transport,
    report: Report,
    target: Target,
    max_examples: int,
    progress: Progress = silent,
    config: Config | None = None,
) -> None:
    """Add to the report: control first, and nothing else when it fails.

    The control is asked again in the end: a server may have stopped answering on the way. With another
    `config`, for a factory that has passed, there is none: not to grant what that allows is a violation.
    """
    doing = Run(transport, report, target, target.attainable(config or report.config))
    report.inconclusive = "" if config else doing.positive_control()
    if report.inconclusive:
        return
    doing.systematic(progress)
    if max_examples:
        doing.random_phase(max_examples, report.seed, progress)
    if not config and not report.inconclusive:
        doing.control_again()
        doing.note_useless_paths()


def planned(config: Config, target: Target, max_examples: int) -> int:
    """About how many requests a run sends when nothing is broken."""
    systematic = groups(target.attainable(config), target)
    asked = [target.asked(request) for group in systematic for request in group.requests]
    once = {request for request in asked if request is not None and is_for_everyone(request)}
    return len(once) + sum(len(group.requests) for group in systematic if group.afresh) + 2 * max_examples


def conclude(report: Report, target: Target) -> None:
    """A verdict for each rule, and the violations in the order of the rules."""
    order = list(RULES)
    if report.inconclusive:  # a server that is gone responds to nothing
        report.violations = [one for one in report.violations if not got_no_response(one)]
    report.violations.sort(key=lambda violation: order.index(violation.rule.id))
    failed = Counter(violation.rule.id for violation in report.violations)
    for rule in report.rules:
        feature = target.missing_feature(rule)
        if feature:
            report.verdicts[rule.id] = "not applicable"
            is_lacking = feature in target.lacks
            why = f"the implementation lacks {feature}" if is_lacking else f"{feature} is not stated"
            report.reasons[rule.id] = why
        elif failed[rule.id]:
            report.verdicts[rule.id] = "fail"
        elif report.inconclusive:
            report.verdicts[rule.id] = "inconclusive"
            report.reasons[rule.id] = report.inconclusive
        elif report.applied[rule.id]:
            report.verdicts[rule.id] = "pass"
        else:
            report.verdicts[rule.id] = "not applicable"
            report.reasons[rule.id] = "not exercised"
