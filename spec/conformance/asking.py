"""Asking a server: what can be sent to it, how long a busy one is waited for, and when that is enough."""

import re
from dataclasses import replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from time import monotonic, sleep

from spec.browser.checks import cors_check
from spec.config import Config
from spec.conformance.cases import SAFE_METHODS, actual, known_origins
from spec.conformance.report import Report
from spec.conformance.status import wrong_status
from spec.conformance.target import Target
from spec.conformance.transports import NoAnswer, Transport, travels
from spec.generate.vocabulary import CREDENTIALS_HEADERS
from spec.http import Request, Response
from spec.origin import Kind, canonical, parse_pattern
from spec.rules import RULES
from spec.rules.judge import check
from spec.rules.record import Exchange, Profile, Subject
from spec.rules.server.facts import ACAC, ACAO, text, uses_credentials
from spec.rules.server.origins import the_page_may_read

LONGEST_ORIGIN = 512
"""In bytes; a decision for our own middleware, which binds no other."""

PATIENCE = 5
"""How many requests may be waited for in vain, unless something else is given."""

AT_ONCE = 1.0
"""Seconds in which a server closes the connection of a request that it does not read."""

BUSY = (429, 503)
"""Too Many Requests, Service Unavailable: they say nothing about CORS."""

WAITS = (1.0, 2.0, 4.0)
"""Seconds before each next attempt with a busy server that does not say how long to wait."""

LONGEST_WAIT, LONGEST_WAITS = 30.0, 120.0
"""Seconds that a busy server is waited for: at once, and in all."""

FOR_EVERYONE = [
    rule
    for rule in RULES.values()
    if rule.profile in (Profile.PROTOCOL, Profile.SECURITY)
    and rule.subject is Subject.EXCHANGE
    and rule.binding
]
"""The rules that each response of any server obeys."""

READ_BY_RULES = re.compile(rb"origin|access-control-request-.*|content-type|if-none-match|if-modified-since")
"""The names of the headers by which a response may differ; all others are irrelevant."""


class StillBusy(Exception):
    """The server was waited for, and is busy still; says so."""


class Asking:
    """One server under one configuration. Equal requests are sent once, unless they are to be sent afresh.

    `control_of`: whose control tells whether the server is there still, if this one has none.
    """

    def __init__(
        self, transport: Transport, report: Report, target: Target, config: Config, patience: int = PATIENCE,
        control_of: "Asking | None" = None,
    ) -> None:  # fmt: skip
        self.control_of = control_of
        self.transport, self.report, self.target, self.config = transport, report, target, config
        self.patience, self.unanswered, self.closed, self.waited = patience, 0, 0, 0.0
        self.is_foreign = Profile.IMPLEMENTATION.value not in report.profiles
        self.may_be_busy = frozenset(BUSY)
        self.responses: dict[Request, Response | None] = {}
        self.silences: dict[Request, str] = {}
        self.is_gone = False

    def can_send(self, request: Request) -> bool:
        """Whether the server gets this request as it is, with no second line of a header that users add."""
        mine = {name.lower() for name, _ in request.headers}
        added = {name.lower() for name, _ in self.transport.extra.of(request)}
        if self.is_foreign and not is_for_everyone(request):
            return False
        return mine.isdisjoint(added) and self.transport.can_send(request)

    def response(self, request: Request, *, afresh: bool = False) -> Response | None:
        """What the server responds; None when the request cannot be sent, is refused unread, or gets nothing.

        `silences` has the requests that got nothing, each with the reason. Nothing more is sent when the run
        is over: each request might take its whole time.
        """
        if request in self.responses and not afresh:
            return self.responses[request]
        if not self.can_send(request):
            self.report.skipped += 1
            return None
        if self.report.inconclusive:
            return None
        self.silences.pop(request, None)
        self.responses[request] = self._ask(request)
        return self.responses[request]

    def _ask(self, request: Request) -> Response | None:
        began = monotonic()
        try:
            response = self._when_not_busy(request)
        except NoAnswer as problem:
            was_closed = monotonic() - began < min(AT_ONCE, self.transport.timeout)
            if is_odd(request) and was_closed:
                self.report.skipped += 1
                return None
            self.note(f"{request.method} {request.path} got no response: {problem}")
            if not is_odd(request):
                self.silences[request] = str(problem)
            self._count_silence(request, problem, was_closed)
            return None
        except StillBusy as problem:
            self.report.inconclusive = f"after {self.report.requests:,} requests: {problem}"
            return None
        if is_refused_by_parser(request, response):
            self.report.skipped += 1
            return None
        if response.status >= 500 and request.path != self.target.error_path:
            error = self.transport.last_error
            raised = f": the application raised {error}" if error else ""
            self.note(f"{request.method} {request.path} got status {response.status}{raised}")
        return response

    def _when_not_busy(self, request: Request) -> Response:
        """Send it, and again after as long as the server asks for. Raises NoAnswer and StillBusy."""
        for usual in (*WAITS, None):
            self.report.requests += 1
            response = self.transport.send(request)
            is_error = request.path == self.target.error_path
            if response.status not in self.may_be_busy or is_error or self.transport.last_error:
                return response
            asked = retry_after(response)
            wait = usual if asked is None else asked
            if usual is None or wait is None or wait > LONGEST_WAIT or self.waited + wait > LONGEST_WAITS:
                break
            sleep(wait)
            self.waited += wait
        if response.status == 503 and self._is_served():
            self.may_be_busy -= {503}  # to some requests it is the usual response
            return response
        asked_for = response.lines("retry-after")
        how_long = f" (Retry-After: {text(asked_for[0])})" if asked_for else ""
        raise StillBusy(
            f"{request.method} {request.path} got status {response.status}{how_long}, which says nothing "
            "about CORS; send fewer requests per second (--rate), or fewer (--quick)"
        )

    def _is_served(self) -> bool:
        """Whether the server has time for a request that it responded to before."""
        self.report.requests += 1
        return self.transport.send(self.control).status not in BUSY

    def note(self, trouble: str) -> None:
        """Note what went wrong, once."""
        if trouble not in self.report.trouble:
            self.report.trouble.append(trouble)

    def _count_silence(self, request: Request, problem: NoAnswer, was_closed: bool) -> None:
        """A connection that is closed at once costs no time: only if the server is gone the run is over."""
        if was_closed:
            self.closed += 1
            if self.closed % self.patience == 0:
                self.control_again()
        else:
            self.unanswered += 1
            if self.unanswered >= self.patience:
                self._give_up(request, problem)

    def _give_up(self, request: Request, problem: NoAnswer) -> None:
        self.control_again()
        self.report.inconclusive = self.report.inconclusive or (
            f"after {self.report.requests:,} requests: {self.unanswered} requests got no response, the last "
            f"of them {request.method} {request.path}: {problem}; --patience allows more"
        )

    @property
    def control(self) -> Request:
        """A GET that is allowed, or what the path takes instead; where no origin is allowed, one without."""
        if self.control_of:
            return self.control_of.control
        origins = known_origins(self.config)[:1]
        request = actual(tuple(origin.encode() for origin in origins), path=self.target.path)
        return self.target.asked(request) or request

    def positive_control(self) -> str:
        """Why nothing would mean anything; empty when an allowed GET is granted.

        Where no origin is allowed a GET without one must be answered.
        """
        if self.control_of:
            return self.control_of.positive_control()
        request = self.control
        try:
            response = self._when_not_busy(request)
        except NoAnswer as problem:
            return f"unreachable: {problem}"
        except StillBusy as problem:
            return str(problem)
        exchange = Exchange(self.config, request, response)
        if not 200 <= response.status <= 299:
            error, several = self.transport.last_error, bool(self.report.policies)
            return wrong_status(
                self.report.target, request, response, error, several=several, in_a_test=self.report.in_a_test
            )
        if not request.lines("origin") or the_page_may_read(exchange):
            self.responses[request] = response
            return ""
        how = " with credentials" if uses_credentials(exchange) else ""
        origin = text(request.lines("origin")[0])
        asked = f"{request.method} {request.path} from {origin}, which the configuration allows{how}"
        came = [f"{name}: {text(value)}" for name in (ACAO, ACAC) for value in response.lines(name)]
        has = " and ".join(came) or "no Access-Control-Allow-Origin"
        listed = self.config.allow_origins
        is_pattern = origin not in listed and any(map(parse_pattern, listed))
        lacks = (
            'give target=Target(lacks={"origin_patterns"})'
            if self.report.in_a_test
            else 'write lacks = ["origin_patterns"] in [target]'
        )
        hint = f" If the implementation has no patterns, {lacks}." if is_pattern else ""
        return f"{asked}, is not allowed: the response has {has}. {what_is_wrong(exchange)}{hint}"

    def control_again(self) -> None:
        """Note why nothing means anything any more: the control fails, and not once only."""
        again = self.positive_control()
        for _ in range(2):
            if again and not again.startswith("unreachable"):
                again = self.positive_control()
        if again:
            self.is_gone = True
            self.report.inconclusive = f"after {self.report.requests:,} requests: {again}"

    def is_treated_specially(self, exchange: Exchange) -> bool:
        """Whether the server responds with another status because of a header that is irrelevant to CORS."""
        request = exchange.request
        kept = tuple(line for line in request.headers if READ_BY_RULES.fullmatch(line[0].lower()))
        if kept == request.headers:
            return False
        plain = self.response(replace(request, headers=kept))
        return plain is not None and plain.status != exchange.response.status


def what_is_wrong(exchange: Exchange) -> str:
    """Why a browser keeps this response from the page of its request, and what allows the page to read it.

    It names the rule that says most: S-WRK-1, which any such response breaks, only if there is no other.
    """
    origin, with_them = exchange.request.lines("origin")[0], uses_credentials(exchange)
    verdict = cors_check(origin, "include" if with_them else "same-origin", exchange.response)
    needed = ((ACAO.encode(), origin), *([(ACAC.encode(), b"true")] if with_them else []))
    others = tuple(
        line for line in exchange.response.headers if line[0].decode("latin-1").lower() not in (ACAO, ACAC)
    )
    mended = replace(exchange, response=replace(exchange.response, headers=(*others, *needed)))
    still = {one.rule.id for one in check(mended, rules=FOR_EVERYONE)}
    broken = [one.rule.id for one in check(exchange, rules=FOR_EVERYONE) if one.rule.id not in still]
    rule_id = next((id for id in broken if id != "S-WRK-1"), "S-WRK-1")
    lines = " and ".join(f"`{name.decode().title()}: {text(value)}`" for name, value in needed)
    once = ", each in one field line" if with_them else " in one field line"
    sentence = f"{RULES[verdict.rule].sentence} ({verdict.rule})"
    return f"{sentence}. Send exactly {lines}{once} ({rule_id})."


def retry_after(response: Response) -> float | None:
    """Seconds that the server asks to wait: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3

    None when it does not say, or not in a way that can be read.
    """
    value = text(next(iter(response.lines("retry-after")), b""))
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.astimezone(timezone.utc) - datetime.now(timezone.utc)).total_seconds())


def is_for_everyone(request: Request) -> bool:
    """What a parser hands on as it is, with an Origin that is not longer than our own middleware reads."""
    return travels(request) and all(len(value) <= LONGEST_ORIGIN for value in request.lines("origin"))


def is_odd(request: Request) -> bool:
    """Whether no browser sends it, and a parser may refuse it: it is doubled, long, empty or not ASCII."""
    values = [value for _, value in request.headers]
    origins = request.lines("origin")
    is_strange = len(origins) > 1 or any(canonical(text(value)).kind is Kind.NEVER for value in origins)
    too_much = sum(map(len, values)) > 4096
    return is_strange or too_much or not all(re.fullmatch(rb"[ -~]+", value) for value in values)


def is_refused_by_parser(request: Request, response: Response) -> bool:
    """Whether a request that no browser sends was refused before it reached what knows of CORS.

    The response of a parser says nothing about CORS.
    """
    if not 400 <= response.status <= 599 or response.lines("vary"):
        return False
    if any(name.lower().startswith(b"access-control-") for name, _ in response.headers):
        return False
    return is_odd(request)


LEFT_OUT = frozenset({b"host", *(name for name, _ in CREDENTIALS_HEADERS)})


def harmless(request: Request, path: str) -> Request:
    """The same to the path of the target, its own host and nobody's account, with a method that is safe."""
    method = request.method if request.method in SAFE_METHODS else "GET"
    headers = tuple(line for line in request.headers if line[0].lower() not in LEFT_OUT)
    return Request(method, headers, path)
