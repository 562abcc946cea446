"""What a browser remembers of preflight responses, and for how long: the preflight cache."""

from collections.abc import Callable
from dataclasses import replace

from spec.browser import Hop
from spec.http import OWS
from spec.rules.browser.examples import FORGETFUL, HOUR, METHODS, MINE, PUT, asks, did, says, twice
from spec.rules.browser.facts import MAX_AGE, is_classified, lines, needs_preflight, origin, sends_anything
from spec.rules.browser.hops import (
    ENTITLED,
    KEY,
    Item,
    Sieve,
    all_memory,
    is_preflighted,
    is_same_url,
    relies_on_memory,
    sieved,
    some_memory,
)
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


RULES.append(
    Rule(
        id="C-CAC-1",
        title="Cached preflights cover only what was listed",
        sentence=(
            "A preflight is skipped only if cached results for the same origin and URL list, by name or "
            "`*`, the method and headers that need a preflight"
        ),
        sources=(fetch("#cors-preflight-cache"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(),
        holds=all_memory((), KEY),
        why=("A page can send methods or headers that the server did not allow for this origin or URL."),
        repair=(
            "Store an entry for each listed method and header with origin, URL, credentials and max "
            "age. Send a preflight if one that the request needs is missing."
        ),
        counterexample=twice(f"{MINE} | {METHODS}PUT | {HOUR}", second=replace(PUT, method="PATCH")),
    )
)


def stated_seconds(hop: Hop) -> float | None:
    """What Max-Age in the answer to the preflight says; None when it is not one line of digits."""
    found = [line.strip(OWS) for line in lines(hop.preflight_response, MAX_AGE)]
    return float(found[0]) if len(found) == 1 and found[0].isdigit() else None


def max_age(hop: Hop) -> float:
    """For how many seconds the answer to this preflight may be remembered at most."""
    stated = stated_seconds(hop)
    return 5 if stated is None else min(stated, hop.engine.max_age_limit)


def is_fresh(one: Hop, hop: Hop) -> bool:
    """The answer to this preflight may still be remembered."""
    return hop.time < one.time + max_age(one)


def still_fresh(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    return [one for one in before if is_fresh(one, hop)]


def clears(failed: Hop, hop: Hop) -> bool:
    """This preflighted fetch ended in a network error, so that all that is known of its URL is forgotten."""
    return (
        not failed.outcome.allowed
        and sends_anything(failed)
        and (is_preflighted(failed) or needs_preflight(failed))
        and is_same_url(failed, hop)
        and origin(failed) == origin(hop)
        and (failed.response is None or failed.engine.cors_failure_clears_cache)
        and not failed.engine.remembers_refusals
    )


def since_the_last_failure(hop: Hop, earlier: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The earlier trace that still count: those after the last one that cleared the memory."""
    cleared = [position for position, one in enumerate(earlier, 1) if clears(one, hop)]
    return earlier[max([0, *cleared]) :]


def uses_cached_preflight(*sieves: Sieve) -> Callable[..., bool]:
    """Every request that relies on what was remembered since the last failure passes these sieves."""

    def holds(*trace: Hop) -> bool:
        return all(
            sieved(hop, since, (*ENTITLED, *sieves))
            for hop, earlier in relies_on_memory(trace)
            if is_classified(hop) and sieved(hop, since := since_the_last_failure(hop, earlier), ENTITLED)
        )

    return holds


RULES.append(
    Rule(
        id="C-CAC-2",
        title="Cached preflights expire",
        sentence=(
            "A cached preflight result is not used after its lifetime: Max-Age in seconds, or the "
            "default or limit that replaces it"
        ),
        sources=(fetch("#cors-preflight-cache"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*ENTITLED),
        holds=uses_cached_preflight(still_fresh),
        why="A page keeps sending requests after the server has withdrawn its permission.",
        repair=(
            "Store the expiry time with each cached method and header, and send a new preflight from "
            "that time on."
        ),
        counterexample=twice(f"{MINE} | {METHODS}PUT | {HOUR}", at=3600.0),
    )
)


def not_kept_at_zero(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    return [one for one in before if max_age(one) > 0]


RULES.append(
    Rule(
        id="C-CAC-3",
        title="Zero seconds means not cached",
        sentence=("A preflight result with `Access-Control-Max-Age: 0` is never used for a later request"),
        sources=(fetch("#cors-preflight-cache"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*ENTITLED),
        holds=uses_cached_preflight(not_kept_at_zero),
        why=(
            "Servers that switch off the preflight cache, for example to change rules at once, cannot "
            "rely on it."
        ),
        repair="Do not store the result of a preflight when Access-Control-Max-Age is `0`.",
        implies=("C-CAC-2",),
        counterexample=twice(f"{MINE} | {METHODS}PUT | access-control-max-age: 0"),
    )
)


def max_age_is_taken_as_it_is(hop: Hop) -> bool:
    """It is a number, and within the limit of the browser."""
    return stated_seconds(hop) == max_age(hop)


def not_beyond_the_default_or_the_limit(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    return [one for one in before if is_fresh(one, hop) or max_age_is_taken_as_it_is(one)]


RULES.append(
    Rule(
        id="C-PF-12",
        aliases=("C-CAC-4",),
        title="Default and limit of Access-Control-Max-Age",
        sentence=(
            "A preflight result expires after 5 seconds if Max-Age is missing, repeated or not a "
            "number, and after the client's limit if it is larger"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*ENTITLED),
        holds=uses_cached_preflight(not_beyond_the_default_or_the_limit),
        why="A stale permission stays in use long after the server has changed its rules.",
        repair=(
            "Use 5 seconds unless Access-Control-Max-Age is one field line of digits, and cut larger "
            "values to the limit."
        ),
        implies=("C-CAC-2",),
        counterexample=FORGETFUL,
    )
)


def nothing_is_used_after_a_failure(*trace: Hop) -> bool:
    return all(
        sieved(hop, since_the_last_failure(hop, earlier), ENTITLED)
        for hop, earlier in relies_on_memory(trace)
        if is_classified(hop) and sieved(hop, earlier, ENTITLED)
    )


RULES.append(
    Rule(
        id="C-CAC-8",
        title="Network errors clear cached preflights",
        sentence=(
            "After a request that needs a preflight ends in a network error, cached results for its "
            "origin and URL are no longer used"
        ),
        sources=(fetch("#concept-cache-clear"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*ENTITLED),
        holds=nothing_is_used_after_a_failure,
        why=(
            "Pages keep failing on an outdated permission until it expires, and the server cannot correct it."
        ),
        repair=(
            "Delete all cached results for this origin and URL, with and without credentials, when "
            "such a request ends in a network error."
        ),
        counterexample=twice(
            f"{MINE} | {METHODS}PUT | {HOUR}",
            between=(did(PUT, asks("PUT"), says(""), allowed=False, time=0.5),),
        ),
    )
)
