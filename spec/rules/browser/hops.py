"""What hops of fetches have in common, what of them is remembered, and rules about each hop."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from spec.browser import Hop
from spec.rules.browser.facts import (
    ACAH,
    has_flag,
    is_answered,
    is_classified,
    listed_methods,
    listed_names,
    method,
    method_is_safelisted,
    needs_preflight,
    octets,
    origin,
    preflight_shares,
    proceeds,
    unsafe_names,
    with_credentials,
)


def is_not_allowed(hop: Hop) -> bool:
    """The page may not read the response."""
    return not hop.outcome.allowed


def followed_redirects(trace: tuple[Hop, ...]) -> Iterator[tuple[Hop, Hop]]:
    """Every redirect that was followed: the hop that was redirected, and the one after it."""
    for before, after in pairwise(trace):
        if after.fetch.redirected_from == (*before.fetch.redirected_from, before.fetch.url_origin):
            yield before, after


def does_not_proceed(hop: Hop) -> bool:
    """The browser does not send the request after its preflight."""
    return not proceeds(hop)


def is_preflighted_if_and_only_if_needed(hop: Hop) -> bool:
    """There is a preflight where the standard requires one, and nowhere else."""
    return (hop.preflight_request is not None) == needs_preflight(hop)


def is_preflighted(hop: Hop) -> bool:
    """The browser sent a preflight."""
    return hop.preflight_request is not None


def is_allowed(hop: Hop) -> bool:
    """The page may read the response."""
    return hop.outcome.allowed


Item = tuple[str, bytes]  # "method" or "header", and its name


Sieve = Callable[[Hop, Item, list[Hop]], list[Hop]]


def is_remembered(hop: Hop) -> bool:
    """The preflight was answered, and the browser went on, or is known to remember what refused it."""
    shares_at_least = hop.engine.remembers_refusals and preflight_shares(hop)
    return is_answered(hop) and (proceeds(hop) or shares_at_least)


def is_same_url(one: Hop, other: Hop) -> bool:
    """Both went to the same URL."""
    return (one.fetch.url_origin, one.fetch.path) == (other.fetch.url_origin, other.fetch.path)


def relies_on_memory(trace: tuple[Hop, ...]) -> Iterator[tuple[Hop, tuple[Hop, ...]]]:
    """Requests without preflight to a URL that answered one before, and all that went before."""
    for position, hop in enumerate(trace):
        earlier = trace[:position]
        is_silent = hop.preflight_request is None and hop.request is not None
        if is_silent and any(is_remembered(one) and is_same_url(one, hop) for one in earlier):
            yield hop, earlier


def items(hop: Hop) -> list[Item]:
    """What of this request needs a preflight; a safelisted method does not where any preflight serves it."""
    names = [("header", name) for name in unsafe_names(hop)]
    is_served = hop.engine.remembers_safelisted_methods or not has_flag(hop)
    if method_is_safelisted(hop) and is_served:
        return names
    return [("method", octets(method(hop))), *names]


def listed(hop: Hop, item: Item) -> frozenset[bytes]:
    """What the answer to this preflight lists of the kind of the item."""
    if item[0] == "method":
        return frozenset(listed_methods(hop))
    return listed_names(hop.preflight_response, ACAH)


def listing(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    """Answers for the same origin and URL that list the item or a wildcard."""
    return [
        one
        for one in before
        if is_remembered(one)
        and is_same_url(one, hop)
        and origin(one) == origin(hop)
        and not listed(one, item).isdisjoint({item[1], b"*"})
    ]


def naming_authorization(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    if item != ("header", b"authorization") or hop.engine.wildcard_covers_authorization:
        return before
    return [one for one in before if item[1] in listed(one, item)]


def with_literal_wildcards(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    to_all = hop.engine.remembers_credentialed_wildcards and not with_credentials(hop)
    return [one for one in before if item[1] in listed(one, item) or to_all or not with_credentials(one)]


def with_its_credentials(hop: Hop, item: Item, before: list[Hop]) -> list[Hop]:
    return [one for one in before if with_credentials(one) or not with_credentials(hop)]


def sieved(hop: Hop, earlier: tuple[Hop, ...], sieves: tuple[Sieve, ...]) -> bool:
    """Whether every item that needs it is left with an answer that passes these sieves."""
    for item in items(hop):
        left = list(earlier)
        for sieve in sieves:
            left = sieve(hop, item, left)
        if not left:
            return False
    return True


KEY: tuple[Sieve, ...] = (listing,)


NAMED: tuple[Sieve, ...] = (*KEY, naming_authorization)


LITERAL: tuple[Sieve, ...] = (*NAMED, with_literal_wildcards)


ENTITLED: tuple[Sieve, ...] = (*LITERAL, with_its_credentials)


def some_memory(*before: Sieve) -> Callable[..., bool]:
    """Some request relies on memory, and passes these sieves."""

    def applies(*trace: Hop) -> bool:
        return any(
            is_classified(hop) and sieved(hop, earlier, before) for hop, earlier in relies_on_memory(trace)
        )

    return applies


def all_memory(before: tuple[Sieve, ...], sieves: tuple[Sieve, ...]) -> Callable[..., bool]:
    """Every request that relies on memory and passes the sieves before passes these, which are more."""

    def holds(*trace: Hop) -> bool:
        return all(
            sieved(hop, earlier, sieves)
            for hop, earlier in relies_on_memory(trace)
            if is_classified(hop) and sieved(hop, earlier, before)
        )

    return holds


# Rules about hops


def some_hop(applies: Callable[[Hop], bool]) -> Callable[..., bool]:
    """The condition of a rule about every hop on its own: it applies to one of them."""

    def some(*trace: Hop) -> bool:
        return any(map(applies, trace))

    return some


def every_hop(applies: Callable[[Hop], bool], holds: Callable[[Hop], bool]) -> Callable[..., bool]:
    """Such a rule holds on every hop to which it applies."""

    def every(*trace: Hop) -> bool:
        return all(map(holds, filter(applies, trace)))

    return every


def some_new_hop(applies: Callable[[Hop], bool]) -> Callable[..., bool]:
    """The same for a rule about hops that cannot rely on what is remembered of their URLs."""

    def some(*trace: Hop) -> bool:
        return any(map(applies, new_hops(trace)))

    return some


def every_new_hop(applies: Callable[[Hop], bool], holds: Callable[[Hop], bool]) -> Callable[..., bool]:
    """Such a rule holds on every one of those hops to which it applies."""

    def every(*trace: Hop) -> bool:
        return all(map(holds, filter(applies, new_hops(trace))))

    return every


def new_hops(trace: tuple[Hop, ...]) -> list[Hop]:
    """The hops that cannot rely on what is remembered."""
    relying = [hop for hop, _ in relies_on_memory(trace)]
    return [hop for hop in trace if not any(hop is one for one in relying)]
