"""Judging: which rules are broken by exchanges, by a configuration, or by what a browser did."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Literal

from spec.browser import Hop
from spec.config import Config
from spec.rules import RULES
from spec.rules.record import Exchange, Place, Rule, Subject, Violation


def check(*exchanges: Exchange, rules: Iterable[Rule] = RULES.values()) -> list[Violation]:
    """The rules that these exchanges break, in the order of the rules.

    Rules about one exchange judge each, rules about a pair every two, rules about a set all together.
    Give exchanges with one server under one configuration. Rules that do not apply find nothing.
    """
    return [
        Violation(rule, subject, explain(rule, subject))
        for rule in rules
        for subject in subjects(rule, exchanges)
        if is_broken(rule, *subject)
    ]


def check_config(config: Config, rules: Iterable[Rule] = RULES.values()) -> list[Violation]:
    """The configuration rules that this configuration breaks, once for each place that breaks one."""
    return [
        Violation(rule, (), f"{rule.sentence}: {name_place(config, place)}", place)
        for rule in rules
        for place in places(rule, config)
    ]


def places(rule: Rule, config: Config) -> list[Place]:
    """The places of a configuration that break this rule; none if it does not apply."""
    return rule.finds(config) if rule.finds is not None and rule.applies(config) else []


def check_fetch(*trace: Hop, rules: Iterable[Rule] = RULES.values()) -> list[Violation]:
    """The browser rules that a browser broke, as seen in what it did, hop by hop, fetch by fetch."""
    return [
        Violation(rule, trace, f"{rule.sentence}: {trace[-1].outcome}")
        for rule in rules
        if rule.subject is Subject.FETCH and trace and is_broken(rule, *trace)
    ]


def subjects(rule: Rule, exchanges: tuple[Exchange, ...]) -> Iterator[tuple[Exchange, ...]]:
    """What of these exchanges a rule judges at once, according to its subject."""
    if rule.subject is Subject.EXCHANGE:
        yield from ((exchange,) for exchange in exchanges)
    elif rule.subject is Subject.PAIR:
        yield from combinations(exchanges, 2)
    elif rule.subject is Subject.SET and exchanges:
        yield exchanges


def is_broken(rule: Rule, *subject: Any) -> bool:
    """Whether the rule applies to this subject, and does not hold."""
    return rule.holds is not None and rule.applies(*subject) and not rule.holds(*subject)


def explain(rule: Rule, subject: tuple[Exchange, ...]) -> str:
    """What the rule says, and what was asked and answered, in a line for each exchange."""
    return "\n".join([f"{rule.id}: {rule.sentence}", *(describe(exchange) for exchange in subject)])


def describe(exchange: Exchange) -> str:
    """A request and its answer in one line: the header lines that matter to CORS."""
    request, response = exchange.request, exchange.response
    sent = _telling(request.headers, b"origin", b"access-control-request-")
    got = _telling(response.headers, b"vary", b"access-control-")
    came = f"no response: {exchange.no_response}" if exchange.no_response else f"{response.status} [{got}]"
    return f"{request.method} {request.path} [{sent}] -> {came}"


def _telling(headers: Iterable[tuple[bytes, bytes]], *prefixes: bytes) -> str:
    telling = [line for line in headers if line[0].lower().startswith(prefixes)]
    return "; ".join(f"{name.decode('latin-1')}: {value.decode('latin-1')!r}" for name, value in telling)


def name_place(config: Config, place: Place) -> str:
    """A parameter, or an element of it, and its value: `allow_origins[2] is 'null'`."""
    value = getattr(config, place.argument)
    if place.index is None:
        return f"{place.argument} is {value!r}"
    return f"{place.argument}[{place.index}] is {list(value)[place.index]!r}"


def verdict(rule: Rule, config: Config) -> Literal["", "warning", "error"]:
    """What our middleware makes of a place that this rule finds: nothing, or it warns, or it raises."""
    with_credentials = config.allow_credentials is True
    if rule.middleware == "raises" or (
        rule.middleware == "warns, raises with credentials" and with_credentials
    ):
        return "error"
    return "warning" if rule.middleware else ""


def errors(config: Config) -> list[tuple[Rule, Place]]:
    """Why our middleware refuses this configuration: rules, with the places that break them."""
    return _found(config, "error")


def warnings(config: Config) -> list[tuple[Rule, Place]]:
    """What our middleware warns of: rules, with the places that break them."""
    return _found(config, "warning")


def _found(config: Config, wanted: str) -> list[tuple[Rule, Place]]:
    return [
        (rule, place)
        for rule in RULES.values()
        if verdict(rule, config) == wanted
        for place in places(rule, config)
    ]
