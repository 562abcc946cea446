"""Which rules about browsers real browsers have confirmed, and with how many cases: a column of RULES.md.

A rule is confirmed by a case when it applies to, and holds on, what the modelled browser does there, and the
real one was seen to do the same, which the replay asserts. Where a rule applies to more than it decides, a
case counts only if it holds what the rule is about: a browser that broke the rule would have been caught.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from spec.browser import Hop
from spec.rules import RULES
from spec.rules.browser import facts, hops, memory
from spec.rules.record import Subject
from tests.browsers.cases import Case, predicted
from tests.browsers.engines import ENGINES
from tests.browsers.outcomes import Browser
from tests.browsers.seen import Seen, modelled
from tests.helpers.verdicts import BROKEN, HOLDS, verdict

CONFIRMED = Path(__file__).with_name("confirmed.json")
JUDGED = [rule.id for rule in RULES.values() if rule.subject is Subject.FETCH]

Counts = dict[str, dict[str, int]]
"""By the ids of rules: by the names of engines, the number of cases."""


Trace = tuple[Hop, ...]


def some(is_about: Callable[[Hop], bool]) -> Callable[[Trace], bool]:
    """A hop that holds what the rule is about."""
    return lambda trace: any(map(is_about, trace))


def answered(is_about: Callable[[Hop], bool]) -> Callable[[Trace], bool]:
    """A hop with an answered preflight that holds what the rule is about."""
    return some(lambda hop: hop.preflight_response is not None and is_about(hop))


def remembered(trace: Trace) -> list[tuple[Hop, Trace]]:
    """The requests that went without the preflight that they need, each with what went before."""
    return [pair for pair in hops.relies_on_memory(trace) if hops.items(pair[0])]


def asked_again(without: tuple[hops.Sieve, ...], sieve: hops.Sieve) -> Callable[[Trace], bool]:
    """A preflight that memory would have saved if it were not for this sieve of the rules."""

    def is_shown(trace: Trace) -> bool:
        for position, hop in enumerate(trace):
            if hop.preflight_request is not None:
                since = memory.since_the_last_failure(hop, trace[:position])
                if hops.sieved(hop, since, without) and not hops.sieved(hop, since, (*without, sieve)):
                    return True
        return False

    return is_shown


def asked_again_after_a_failure(trace: Trace) -> bool:
    """A preflight that memory would have saved if no fetch had failed meanwhile."""
    fresh = (*hops.ENTITLED, memory.still_fresh)
    return any(
        hop.preflight_request is not None
        and hops.sieved(hop, earlier := trace[:position], fresh)
        and not hops.sieved(hop, memory.since_the_last_failure(hop, earlier), fresh)
        for position, hop in enumerate(trace)
    )


def served_by_a_wildcard(trace: Trace) -> bool:
    """A request that went without the preflight that it needs for a remembered `*`."""
    return any(
        all(item[1] not in hops.listed(one, item) for one in earlier)
        for hop, earlier in remembered(trace)
        for item in hops.items(hop)
    )


wildcard_is_literal = asked_again((*hops.NAMED, memory.still_fresh), hops.with_literal_wildcards)
asks_with_authorization = answered(facts.sends_authorization)
AGE_COUNTS = asked_again(hops.ENTITLED, memory.not_beyond_the_default_or_the_limit)
ABOUT: dict[str, Callable[[Trace], bool]] = {
    "P-6": some(lambda hop: bool(facts.lines(hop.response, facts.LOCATION))),
    "C-PF-6": answered(lambda hop: not 200 <= facts.status(hop.preflight_response) < 300),
    "C-PF-7": answered(lambda hop: not facts.preflight_shares(hop)),
    "C-PF-8": answered(lambda hop: not facts.lists_are_lists(hop)),
    "C-PF-9": answered(lambda hop: not facts.method_is_covered(hop)),
    "C-PF-10": answered(lambda hop: not facts.authorization_is_named(hop)),
    "C-PF-11": answered(lambda hop: not facts.names_are_covered(hop)),
    "C-RED-6": some(lambda hop: facts.redirects(hop) and facts.method(hop) != "GET"),
    "C-RED-7": some(lambda hop: hop.outcome.reason == "C-RED-7"),
}
"""By the ids of rules that apply to more than they decide: whether a case holds what the rule is about."""

MEMORY: dict[str, Callable[[Trace], bool]] = {
    "C-CAC-1": lambda trace: bool(remembered(trace)),
    "C-CAC-2": asked_again((*hops.ENTITLED, memory.not_kept_at_zero), memory.still_fresh),
    "C-CAC-3": asked_again(hops.ENTITLED, memory.not_kept_at_zero),
    "C-CAC-5": asked_again((*hops.LITERAL, memory.still_fresh), hops.with_its_credentials),
    "C-CAC-6": served_by_a_wildcard,
    "C-CAC-7": lambda trace: trace[0].engine.remembers_wildcards and wildcard_is_literal(trace),
    "C-CAC-8": asked_again_after_a_failure,
    "C-PF-12": AGE_COUNTS,
}
"""The same of rules about memory: they apply where a preflight is left out, and most are shown elsewhere."""

LEAVE_OUT = ("C-CAC-1", "C-CAC-6")
"""Those that are shown by a preflight that is left out, though a browser may send it all the same."""


def confirms(rule: str, case: Case, seen: Seen, trace: Trace) -> bool:
    """Whether a case, of which this was seen, confirms a rule."""
    says = verdict(rule, trace)
    if rule in MEMORY:
        is_shown = says != BROKEN and MEMORY[rule](trace)
        return is_shown and (rule not in LEAVE_OUT or seen == modelled(case, trace[0].engine))
    if says != HOLDS:
        return False
    has_cookie = case.theorem == "credentials"
    if rule == "C-CRD-1":
        return has_cookie
    if rule == "C-PF-5":
        return has_cookie or asks_with_authorization(trace)
    return rule not in ABOUT or ABOUT[rule](trace)


def confirmations(browsers: Mapping[str, Browser], cases: Mapping[str, Case]) -> Counts:
    """How many of the cases, given by their keys, confirm each rule in each engine that has tried them."""
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in JUDGED}
    for name, browser in browsers.items():
        for key, seen in browser.seen.items():
            trace = tuple(hop for hops in predicted(cases[key], ENGINES[name]) for hop in hops)
            for rule in JUDGED:
                counts[rule][name] += confirms(rule, cases[key], seen, trace)
    return {rule: {name: number for name, number in each.items() if number} for rule, each in counts.items()}


def write(counts: Counts) -> None:
    """Keep the counts, a line for each rule."""
    lines = [f"{json.dumps(rule)}: {json.dumps(each)}" for rule, each in counts.items()]
    CONFIRMED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def read() -> Counts:
    """The counts of the last run."""
    found: Counts = json.loads(CONFIRMED.read_text())
    return found
