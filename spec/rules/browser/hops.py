"""What hops of fetches have in common, what of them is remembered, and rules about each hop."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from spec.browser import Account
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


def is_not_allowed(account: Account) -> bool:
    """The page may not read the response."""
    return not account.outcome.allowed


def hops(accounts: tuple[Account, ...]) -> Iterator[tuple[Account, Account]]:
    """Every redirect that was followed: the hop that was redirected, and the one after it."""
    for before, after in pairwise(accounts):
        if after.fetch.redirected_from == (*before.fetch.redirected_from, before.fetch.url_origin):
            yield before, after


def does_not_proceed(account: Account) -> bool:
    """The browser does not send the request after its preflight."""
    return not proceeds(account)


def is_preflighted_if_and_only_if_needed(account: Account) -> bool:
    """There is a preflight where the standard requires one, and nowhere else."""
    return (account.preflight_request is not None) == needs_preflight(account)


def is_preflighted(account: Account) -> bool:
    """The browser sent a preflight."""
    return account.preflight_request is not None


def is_allowed(account: Account) -> bool:
    """The page may read the response."""
    return account.outcome.allowed


Item = tuple[str, bytes]  # "method" or "header", and its name


Sieve = Callable[[Account, Item, list[Account]], list[Account]]


def is_remembered(account: Account) -> bool:
    """The preflight was answered, and the browser went on, or is known to remember what refused it."""
    shares_at_least = account.engine.remembers_refusals and preflight_shares(account)
    return is_answered(account) and (proceeds(account) or shares_at_least)


def is_same_url(one: Account, other: Account) -> bool:
    """Both went to the same URL."""
    return (one.fetch.url_origin, one.fetch.path) == (other.fetch.url_origin, other.fetch.path)


def relies_on_memory(accounts: tuple[Account, ...]) -> Iterator[tuple[Account, tuple[Account, ...]]]:
    """Requests without preflight to a URL that answered one before, and all that went before."""
    for position, account in enumerate(accounts):
        earlier = accounts[:position]
        is_silent = account.preflight_request is None and account.request is not None
        if is_silent and any(is_remembered(one) and is_same_url(one, account) for one in earlier):
            yield account, earlier


def items(account: Account) -> list[Item]:
    """What of this request needs a preflight; a safelisted method does not where any preflight serves it."""
    names = [("header", name) for name in unsafe_names(account)]
    is_served = account.engine.remembers_safelisted_methods or not has_flag(account)
    if method_is_safelisted(account) and is_served:
        return names
    return [("method", octets(method(account))), *names]


def listed(account: Account, item: Item) -> frozenset[bytes]:
    """What the answer to this preflight lists of the kind of the item."""
    if item[0] == "method":
        return frozenset(listed_methods(account))
    return listed_names(account.preflight_response, ACAH)


def listing(account: Account, item: Item, before: list[Account]) -> list[Account]:
    """Answers for the same origin and URL that list the item or a wildcard."""
    return [
        one
        for one in before
        if is_remembered(one)
        and is_same_url(one, account)
        and origin(one) == origin(account)
        and not listed(one, item).isdisjoint({item[1], b"*"})
    ]


def naming_authorization(account: Account, item: Item, before: list[Account]) -> list[Account]:
    if item != ("header", b"authorization") or account.engine.wildcard_covers_authorization:
        return before
    return [one for one in before if item[1] in listed(one, item)]


def with_literal_wildcards(account: Account, item: Item, before: list[Account]) -> list[Account]:
    to_all = account.engine.remembers_credentialed_wildcards and not with_credentials(account)
    return [one for one in before if item[1] in listed(one, item) or to_all or not with_credentials(one)]


def with_its_credentials(account: Account, item: Item, before: list[Account]) -> list[Account]:
    return [one for one in before if with_credentials(one) or not with_credentials(account)]


def sieved(account: Account, earlier: tuple[Account, ...], sieves: tuple[Sieve, ...]) -> bool:
    """Whether every item that needs it is left with an answer that passes these sieves."""
    for item in items(account):
        left = list(earlier)
        for sieve in sieves:
            left = sieve(account, item, left)
        if not left:
            return False
    return True


KEY: tuple[Sieve, ...] = (listing,)


NAMED: tuple[Sieve, ...] = (*KEY, naming_authorization)


LITERAL: tuple[Sieve, ...] = (*NAMED, with_literal_wildcards)


ENTITLED: tuple[Sieve, ...] = (*LITERAL, with_its_credentials)


def some_memory(*before: Sieve) -> Callable[..., bool]:
    """Some request relies on memory, and passes these sieves."""

    def applies(*accounts: Account) -> bool:
        return any(
            is_classified(account) and sieved(account, earlier, before)
            for account, earlier in relies_on_memory(accounts)
        )

    return applies


def all_memory(before: tuple[Sieve, ...], sieves: tuple[Sieve, ...]) -> Callable[..., bool]:
    """Every request that relies on memory and passes the sieves before passes these, which are more."""

    def holds(*accounts: Account) -> bool:
        return all(
            sieved(account, earlier, sieves)
            for account, earlier in relies_on_memory(accounts)
            if is_classified(account) and sieved(account, earlier, before)
        )

    return holds


# Rules about hops


def some_hop(applies: Callable[[Account], bool]) -> Callable[..., bool]:
    """The condition of a rule about every hop on its own: it applies to one of them."""

    def some(*accounts: Account) -> bool:
        return any(map(applies, accounts))

    return some


def every_hop(applies: Callable[[Account], bool], holds: Callable[[Account], bool]) -> Callable[..., bool]:
    """Such a rule holds on every hop to which it applies."""

    def every(*accounts: Account) -> bool:
        return all(map(holds, filter(applies, accounts)))

    return every


def some_new_hop(applies: Callable[[Account], bool]) -> Callable[..., bool]:
    """The same for a rule about hops that cannot rely on what is remembered of their URLs."""

    def some(*accounts: Account) -> bool:
        return any(map(applies, new_hops(accounts)))

    return some


def every_new_hop(
    applies: Callable[[Account], bool], holds: Callable[[Account], bool]
) -> Callable[..., bool]:
    """Such a rule holds on every one of those hops to which it applies."""

    def every(*accounts: Account) -> bool:
        return all(map(holds, filter(applies, new_hops(accounts))))

    return every


def new_hops(accounts: tuple[Account, ...]) -> list[Account]:
    """The hops that cannot rely on what is remembered."""
    relying = [account for account, _ in relies_on_memory(accounts)]
    return [account for account in accounts if not any(account is one for one in relying)]
