"""What a run sends, before it sends it: what the rules need, the most telling first, and how much that is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from hypothesis import strategies as st

from spec.config import Config
from spec.conformance.asking import harmless
from spec.conformance.cases import Group, actual, examples, groups, known_origins
from spec.conformance.target import Target
from spec.generate.requests import requests
from spec.http import Request, Response
from spec.policy import is_preflight
from spec.rules.judge import subjects
from spec.rules.record import Exchange, Rule, Subject, always
from spec.rules.server.facts import ACAC, ACAH, ACAM, CORS_HEADERS, MAX_AGE

RANDOM = "random"
"""The name of the groups that are drawn."""


@dataclass(frozen=True)
class Plan:
    """The groups in the order in which they are sent, after each how many requests were sent by then, and
    how many there are in all, with the control again in the end."""

    groups: tuple[Group, ...]
    sent: tuple[int, ...]
    requests: int


def planned(
    config: Config, target: Target, rules: Sequence[Rule], max_examples: int, root: int,
    can_send: Callable[[Request], bool], control: Request | None, at_most: int | None = None,
    own_origin: str = "", more: Sequence[Group] = (),
) -> Plan:  # fmt: skip
    """The plan of a run; with `at_most` the most telling groups that fit. A control is sent twice.

    `own_origin` is that of the transport, `more` are further groups.
    """
    everything = [as_asked(group, target) for group in (*groups(config, target, own_origin), *more)]
    if at_most is not None:
        everything = telling_first(everything)
    drawn = [random_group(config, target, each) for each in random_draws(config, max_examples, root)]
    # Some rules excuse a server by its response to nobody.
    nobody = as_asked(Group("no Origin", (actual(path=target.path),)), target)
    every = [nobody, *needed((*everything, *drawn), rules, config)]
    controls = 2 * (control is not None)
    once, count, chosen, counts = {control}, controls // 2, [], []
    for group in every:
        new = [
            request
            for request in (group.requests if group.afresh else dict.fromkeys(group.requests))
            if can_send(request) and (group.afresh or request not in once)
        ]
        if at_most is None or count + len(new) + controls // 2 <= at_most:
            once.update(new)
            count += len(new)
            chosen.append(group)
            counts.append(count)
    return Plan(tuple(chosen), tuple(counts), count + controls // 2)


def random_lists(config: Config) -> st.SearchStrategy[tuple[Request, ...]]:
    """What is drawn near the configuration."""
    return st.lists(requests(config), min_size=1, max_size=3).map(tuple)


@lru_cache(maxsize=64)  # a suite of tests checks under few configurations, and drawing takes half of a run
def random_draws(config: Config, max_examples: int, root: int) -> tuple[tuple[Request, ...], ...]:
    """Always the same for a root."""
    return tuple(examples(random_lists(config), max_examples, root)) if max_examples else ()


def random_group(config: Config, target: Target, drawn: Iterable[Request]) -> Group:
    """Requests that were drawn, beside one of an allowed origin, or of nobody where none is allowed."""
    origins = known_origins(config)[:1]
    usual = actual(tuple(origin.encode() for origin in origins), path=target.path)
    return as_asked(Group(RANDOM, (usual, *(harmless(each, target.path) for each in drawn))), target)


def as_asked(group: Group, target: Target) -> Group:
    """A group with the requests that the server takes; no preflights if another component has them."""
    lacks_preflights = "preflights" in target.lacks
    taken = (each for each in group.requests if not (lacks_preflights and is_preflight(each)))
    asked = (target.asked(request) for request in taken)
    return replace(group, requests=tuple(request for request in asked if request is not None))


# How many groups of a name come before the next name. What is not here comes last, one of each name after the
# other.
TELLING = {
    "nobody is allowed": 1,
    "GET of each origin": 1,
    "preflight of each origin": 1,
    "a preflight and its request": 2,
    "an origin of another path": 20,
    "near misses": 15,
    "methods": 1,
    "request headers": 1,
    "near misses of a pattern": 10,
    "one after the other": 2,
    "HEAD of each origin": 1,
    "GET and its 304": 2,
    "private network": 4,
}


def telling_first(every: Sequence[Group]) -> list[Group]:
    """The same groups: some of each kind before all of any."""
    order, seen = list(TELLING), dict[str, int]()
    keys = []
    for group in every:
        number = seen[group.name] = seen.get(group.name, -1) + 1
        share = TELLING.get(group.name, 0)
        keys.append((0, order.index(group.name)) if number < share else (1, number))
    found = sorted(zip(keys, range(len(every)), strict=True))
    return [every[index] for _, index in found]


def needed(every: Iterable[Group], rules: Sequence[Rule], config: Config) -> Iterator[Group]:
    """Of each group what one of these rules judges, whatever the responses are."""
    alone = [rule for rule in rules if rule.subject is Subject.EXCHANGE]
    needs_all = any(rule.applies is always for rule in alone)
    together = [rule for rule in rules if rule.subject is not Subject.EXCHANGE]
    for group in every:
        kept = tuple(
            request
            for request in group.requests
            if needs_all or any(_could_judge(rule, (request,), config) for rule in alone)
        )
        whole = kept == group.requests or (group.afresh and kept)
        if whole or any(_could_judge(rule, group.requests, config) for rule in together):
            yield group
        elif kept:
            yield replace(group, requests=kept)


def _could_judge(rule: Rule, asked: tuple[Request, ...], config: Config) -> bool:
    """Whether the rule applies to these requests with some responses: one kind first, another after it."""
    possible = [_possible(config, request) for request in asked]
    kinds = range(len(possible[0]))
    for first, others in product(kinds, kinds if len(asked) > 1 else range(1)):
        exchanges = tuple(each[others if number else first] for number, each in enumerate(possible))
        if any(rule.applies(*subject) for subject in subjects(rule, exchanges)):
            return True
    return False


@lru_cache(maxsize=4096)  # every rule asks for the same ones
def _possible(config: Config, request: Request) -> tuple[Exchange, ...]:
    """A request with one response of each kind: everything granted or nothing, with three statuses."""

    def first(name: str, otherwise: bytes) -> bytes:
        return next(iter(request.lines(name)), otherwise)

    origin = first("origin", b"*")
    right = {
        ACAC: b"true",
        ACAM: first("access-control-request-method", b"GET"),
        ACAH: first("access-control-request-headers", b"x"),
        MAX_AGE: b"600",
    }
    granting = tuple((name.encode(), right.get(name, origin)) for name in CORS_HEADERS)
    responses = [Response(status, headers) for status in (200, 304, 405) for headers in (granting, ())]
    return tuple(Exchange(config, request, response) for response in responses)
