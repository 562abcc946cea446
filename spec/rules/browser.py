"""What the Fetch standard asks of browsers, judged on what a browser did: parts P and C of the rules.

The predicates read accounts (`spec.browser.Account`) of a modelled browser or of a real one. They are written
from the standard's sentences, not from `spec.browser`, so that each is a check on the other. Every rule takes
all accounts of a sequence of fetches, hop by hop, in the order of time.

Where an engine is known to leave the standard (`spec.engine`) the rule that it leaves does not apply.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from spec.browser import Account
from spec.http import OWS, Request, Response, elements, tokens
from spec.rule import Level, Profile, Rule, Scope, always, fetch
from spec.rules.reading_accounts import (
    ABOUT_THE_BODY,
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACCEPT,
    ACEH,
    ACRH,
    ACRM,
    ALWAYS_READABLE,
    AUTHORIZATION,
    COOKIE,
    JUDGED_BY_VALUE,
    LANGUAGES,
    LATIN_1,
    LOCATION,
    MAX_AGE,
    NEVER_READABLE,
    ORIGIN,
    OVERRIDES,
    REDIRECT_STATUSES,
    SET_IN_PREFLIGHTS,
    SET_IN_REQUESTS,
    allowed_origin,
    answer_value,
    asked_names,
    authorization_is_judged,
    authorization_is_named,
    exposed_names,
    exposes_all,
    exposes_some,
    grants,
    has_a_body_that_get_cannot_have,
    has_flag,
    has_forbidden_method,
    has_invalid_header,
    is_answered,
    is_classified,
    is_final,
    is_forbidden,
    is_forbidden_override,
    is_foreign,
    is_judged,
    is_quoted_override,
    is_safelisted,
    is_tainted,
    lines,
    listed_methods,
    listed_names,
    lists_are_lists,
    method,
    method_is_covered,
    method_is_safelisted,
    names_are_covered,
    needs_preflight,
    octets,
    origin,
    preflight_is_unchecked,
    preflight_shares,
    present_names,
    proceeds,
    readable_by_list,
    redirects,
    safelisted_length,
    script_headers,
    sends_anything,
    sends_authorization,
    sent_headers,
    shares,
    status,
    unsafe_names,
    value_is_safe,
    wildcard_for_authorization,
    with_credentials,
)

# P: primitives


def sends_script_headers(account: Account) -> bool:
    return account.request is not None and bool(sent_headers(account))


def values_arrive_normalized(account: Account) -> bool:
    headers = sent_headers(account)
    return all(
        b", ".join(lines(account.request, name.decode(LATIN_1)))
        == b", ".join(v for n, v in headers if n == name)
        for name, _ in headers
    )


def repeats_a_single_header(account: Account) -> bool:
    return is_judged(account) and (
        len(lines(account.response, ACAO)) > 1
        or (with_credentials(account) and len(lines(account.response, ACAC)) > 1)
    )


def is_not_allowed(account: Account) -> bool:
    return not account.outcome.allowed


def is_spoilt(response: Response | None, name: str) -> bool:
    """A list on several lines, one of which is none."""
    found = lines(response, name)
    return len(found) > 1 and tokens(found) is None


def preflight_is_spoilt(account: Account) -> bool:
    """Methods or headers in the answer to the preflight are a spoilt list."""
    return any(is_spoilt(account.preflight_response, name) for name in (ACAM, ACAH))


def has_a_spoilt_list(account: Account) -> bool:
    return is_foreign(account) and (preflight_is_spoilt(account) or is_spoilt(account.response, ACEH))


def one_bad_line_spoils(account: Account) -> bool:
    return not (preflight_is_spoilt(account) and proceeds(account)) and (
        not is_spoilt(account.response, ACEH) or account.outcome.readable_headers <= ALWAYS_READABLE
    )


def preflight_lists(account: Account) -> list[bytes]:
    """The lines of the lists in the answer to the preflight."""
    return lines(account.preflight_response, ACAM) + lines(account.preflight_response, ACAH)


def grants_with_an_empty_list(account: Account) -> bool:
    return any(not line.strip(OWS + b",") for line in preflight_lists(account)) and grants(account)


def quoted_overrides(account: Account) -> list[tuple[bytes, bytes]]:
    """The headers that the script set whose quotes matter to whether they are forbidden."""
    return [line for line in script_headers(account) if is_quoted_override(*line)]


def has_quoted_override(account: Account) -> bool:
    splits = account.engine.splits_inside_quotes
    return account.request is not None and not splits and bool(quoted_overrides(account))


def overrides_split_outside_quotes(account: Account) -> bool:
    return all(
        (value in lines(account.request, name.decode())) != is_forbidden_override(account, name, value)
        for name, value in quoted_overrides(account)
    )


def hops(accounts: tuple[Account, ...]) -> Iterator[tuple[Account, Account]]:
    """Every redirect that was followed: the hop that was redirected, and the one after it."""
    for before, after in pairwise(accounts):
        if after.fetch.redirected_from == (*before.fetch.redirected_from, before.fetch.url_origin):
            yield before, after


def has_a_result(*accounts: Account) -> bool:
    return any(account.outcome.allowed for account in accounts)


def redirect_statuses_alone_are_followed(*accounts: Account) -> bool:
    followed = [before for before, _ in hops(accounts)]
    return all(redirects(account) for account in followed) and not any(
        redirects(account) and account.outcome.allowed and account not in followed for account in accounts
    )


# C-MTH, C-HDR: methods and headers


def method_is_normalized(account: Account) -> bool:
    return (account.request is None or account.request.method == method(account)) and all(
        line == octets(method(account)) for line in lines(account.preflight_request, ACRM)
    )


def another_case_of_the_method_is_listed(account: Account) -> bool:
    exact, listed = octets(method(account)), listed_methods(account)
    return (
        not method_is_safelisted(account)
        and exact not in listed
        and b"*" not in listed
        and exact.lower() in [name.lower() for name in listed]
    )


def does_not_proceed(account: Account) -> bool:
    return not proceeds(account)


def sends_nothing(account: Account) -> bool:
    return not sends_anything(account) and not account.outcome.allowed


def method_alone_decides(account: Account) -> bool:
    return is_classified(account) and not has_flag(account) and not unsafe_names(account)


def preflight_is_for_unsafe_methods(account: Account) -> bool:
    return (account.preflight_request is not None) != method_is_safelisted(account)


def forbidden_headers(account: Account) -> list[tuple[bytes, bytes]]:
    """The headers that the script must not set, but for those whose quotes matter."""
    return [
        line
        for line in script_headers(account)
        if is_forbidden(account, *line) and not is_quoted_override(*line)
    ]


def sets_forbidden_headers(account: Account) -> bool:
    return sends_anything(account) and bool(forbidden_headers(account))


def carries(request: Request | None, own: frozenset[bytes], name: bytes, value: bytes) -> bool:
    """This header is there for the script: as a second line if it is one of the browser's own here."""
    found = lines(request, name.decode(LATIN_1))
    return len(found) > 1 if name in own else value in found


def forbidden_headers_are_dropped(account: Account) -> bool:
    return not any(
        carries(account.preflight_request, SET_IN_PREFLIGHTS, name, value)
        or carries(account.request, SET_IN_REQUESTS, name, value)
        or (name not in OVERRIDES and name in asked_names(account))
        for name, value in forbidden_headers(account)
    )


def has_a_cookie_in_the_response(account: Account) -> bool:
    return not NEVER_READABLE.isdisjoint(present_names(account))


def cookies_are_not_readable(account: Account) -> bool:
    return NEVER_READABLE.isdisjoint(account.outcome.readable_headers)


# C-SAF: safelisted request headers


def overlong_names(account: Account) -> set[bytes]:
    """The names of headers with a value of more than 128 bytes."""
    return {name for name, value in sent_headers(account) if len(value) > 128}


def has_an_overlong_value(account: Account) -> bool:
    return bool(overlong_names(account)) and is_classified(account)


def overlong_values_are_asked_for(account: Account) -> bool:
    return overlong_names(account) <= asked_names(account)


def judged_by_bytes(account: Account, judged: tuple[bytes, ...]) -> dict[bytes, bool]:
    """Of these headers those that their bytes alone decide about, and whether they are safelisted."""
    if safelisted_length(account) > 1024:
        return {}
    named = {name: [v for n, v in sent_headers(account) if n == name] for name in judged}
    return {
        name: all(value_is_safe(name, value) for value in values)
        for name, values in named.items()
        if values and all(len(value) <= 128 for value in values)
    }


def has_value_of(*judged: bytes) -> Callable[[Account], bool]:
    def applies(account: Account) -> bool:
        return bool(judged_by_bytes(account, judged)) and is_classified(account)

    return applies


def safe_values_alone_are_free(*judged: bytes) -> Callable[[Account], bool]:
    def holds(account: Account) -> bool:
        asked = asked_names(account)
        return all((name in asked) != safe for name, safe in judged_by_bytes(account, judged).items())

    return holds


def is_too_long_in_total(account: Account) -> bool:
    return safelisted_length(account) > 1024 and is_classified(account)


def all_safelisted_names_are_asked_for(account: Account) -> bool:
    return all(
        name in asked_names(account) for name, value in sent_headers(account) if is_safelisted(name, value)
    )


def other_names(account: Account) -> set[bytes]:
    """The names that no value makes safelisted."""
    return {name for name, _ in sent_headers(account)}.difference(JUDGED_BY_VALUE)


def has_other_headers(account: Account) -> bool:
    return bool(other_names(account)) and is_classified(account)


def other_names_are_asked_for(account: Account) -> bool:
    return other_names(account) <= asked_names(account)


# C-ORG: the Origin header


def origin_lines(account: Account) -> list[list[bytes]]:
    """The Origin lines of the preflight and of the request, where there are any."""
    both = [lines(request, ORIGIN) for request in (account.preflight_request, account.request)]
    return [found for found in both if found]


def names_its_page(account: Account) -> bool:
    return account.fetch.page_origin != "null" and not is_tainted(account) and bool(origin_lines(account))


def origin_is_the_page(account: Account) -> bool:
    return all(found == [octets(account.fetch.page_origin)] for found in origin_lines(account))


def names_an_opaque_page(account: Account) -> bool:
    return account.fetch.page_origin == "null" and bool(origin_lines(account))


def origin_is_null(account: Account) -> bool:
    return all(found == [b"null"] for found in origin_lines(account))


def names_after_taint(account: Account) -> bool:
    return is_tainted(account) and bool(origin_lines(account))


def origin_is_null_where_the_engine_follows(account: Account) -> bool:
    if account.engine.preflights_keep_origin:
        return lines(account.request, ORIGIN) in ([], [b"null"])
    return origin_is_null(account)


def is_sent(account: Account) -> bool:
    return account.request is not None


def origin_is_sent_where_due(account: Account) -> bool:
    kept = account.engine.redirects_keep_origin_header and account.fetch.became_get
    due = is_foreign(account) or method(account) not in ("GET", "HEAD") or kept
    return bool(lines(account.request, ORIGIN)) == due


# C-PF, C-WLD, C-LST: preflights


def is_preflighted_if_and_only_if_needed(account: Account) -> bool:
    return (account.preflight_request is not None) == needs_preflight(account)


def is_preflighted(account: Account) -> bool:
    return account.preflight_request is not None


def preflight_has_its_form(account: Account) -> bool:
    request = account.preflight_request
    assert request is not None
    return (
        request.method == "OPTIONS"
        and request.path == account.fetch.path
        and request.lines(ACCEPT) == [b"*/*"]
        and len(request.lines(ORIGIN)) == 1
    )


def preflight_names_the_method(account: Account) -> bool:
    return lines(account.preflight_request, ACRM) == [octets(method(account))]


def is_classified_and_preflighted(account: Account) -> bool:
    return is_preflighted(account) and is_classified(account)


def preflight_names_the_unsafe_headers(account: Account) -> bool:
    unsafe = b",".join(sorted(unsafe_names(account)))
    return lines(account.preflight_request, ACRH) == ([unsafe] if unsafe else [])


def preflight_has_no_credentials(account: Account) -> bool:
    return not any(lines(account.preflight_request, name) for name in (COOKIE, AUTHORIZATION))


def preflight_passes_with_ok_status_only(account: Account) -> bool:
    return not proceeds(account) or 200 <= status(account.preflight_response) < 300


def is_answered_and_checked(account: Account) -> bool:
    return is_answered(account) and not preflight_is_unchecked(account)


def preflight_passes_if_shared_only(account: Account) -> bool:
    return not proceeds(account) or preflight_shares(account)


def preflight_passes_with_lists_only(account: Account) -> bool:
    return not proceeds(account) or lists_are_lists(account)


def is_answered_with_lists(account: Account) -> bool:
    return is_answered(account) and lists_are_lists(account)


def preflight_passes_with_its_method_only(account: Account) -> bool:
    return not proceeds(account) or method_is_covered(account)


def preflight_passes_with_authorization_named_only(account: Account) -> bool:
    return not proceeds(account) or authorization_is_named(account)


def preflight_passes_with_its_names_only(account: Account) -> bool:
    return not proceeds(account) or names_are_covered(account)


def preflight_is_redirected(account: Account) -> bool:
    return status(account.preflight_response) in REDIRECT_STATUSES


def grants_by_the_flag(account: Account) -> bool:
    return has_flag(account) and not lines(account.preflight_response, ACAM) and grants(account)


def has_a_wildcard_with_credentials(account: Account) -> bool:
    return (
        is_foreign(account)
        and with_credentials(account)
        and any(
            b"*" in elements(lines(response, name))
            for response in (account.preflight_response, account.response)
            for name in (ACAO, ACAM, ACAH, ACEH)
        )
    )


def proceeds_by_a_wildcard(account: Account) -> bool:
    """Nothing but a `*` in the answer to the preflight lets the request go."""
    return proceeds(account) and (
        (answer_value(account.preflight_response, ACAO) == b"*" and not preflight_is_unchecked(account))
        or (b"*" in listed_methods(account) and not method_is_covered(account))
        or (b"*" in listed_names(account.preflight_response, ACAH) and not names_are_covered(account))
    )


def reads_by_a_wildcard(account: Account) -> bool:
    """Nothing but a `*` in the response lets the script read it, or more of its headers."""
    literal = ALWAYS_READABLE | NEVER_READABLE | exposed_names(account)
    return account.outcome.allowed and (
        allowed_origin(account) == b"*"
        or ("*" in exposed_names(account) and not account.outcome.readable_headers <= literal)
    )


def wildcard_is_literal(account: Account) -> bool:
    return not proceeds_by_a_wildcard(account) and not reads_by_a_wildcard(account)


def is_undeclared_wildcard_for_authorization(account: Account) -> bool:
    return wildcard_for_authorization(account) and not account.engine.wildcard_covers_authorization


def grants_on_several_lines(account: Account) -> bool:
    return any(len(lines(account.preflight_response, name)) > 1 for name in (ACAM, ACAH)) and grants(account)


def grants_with_odd_spacing(account: Account) -> bool:
    return any(b", ".join(elements([line])) != line for line in preflight_lists(account)) and grants(account)


# C-CHK: the CORS check


def has_no_allowed_origin(account: Account) -> bool:
    return is_judged(account) and allowed_origin(account) is None


def has_blanks_around_a_good_origin(account: Account) -> bool:
    return (
        is_final(account)
        and lines(account.response, ACAO) != [allowed_origin(account)]
        and shares(account.response, origin(account), with_credentials(account))
    )


def is_allowed(account: Account) -> bool:
    return account.outcome.allowed


def has_wildcard_without_credentials(account: Account) -> bool:
    return is_final(account) and not with_credentials(account) and allowed_origin(account) == b"*"


def has_another_origin(account: Account) -> bool:
    return (
        is_judged(account)
        and allowed_origin(account) not in (None, origin(account))
        and (with_credentials(account) or allowed_origin(account) != b"*")
    )


def has_several_allowed_origins(account: Account) -> bool:
    return is_judged(account) and len(lines(account.response, ACAO)) > 1


def has_its_origin_with_credentials(account: Account) -> bool:
    return is_final(account) and with_credentials(account) and allowed_origin(account) == origin(account)


def is_allowed_if_credentials_are(account: Account) -> bool:
    return account.outcome.allowed == (answer_value(account.response, ACAC) == b"true")


def has_its_origin_without_credentials(account: Account) -> bool:
    return is_final(account) and not with_credentials(account) and allowed_origin(account) == origin(account)


def shares_with_another_status(account: Account) -> bool:
    return (
        is_final(account)
        and status(account.response) != 200
        and shares(account.response, origin(account), with_credentials(account))
    )


def nothing_is_readable(account: Account) -> bool:
    return not account.outcome.readable_headers


# C-EXP: which headers a script may read


def has_always_readable_headers(account: Account) -> bool:
    return readable_by_list(account) and not ALWAYS_READABLE.isdisjoint(present_names(account))


def they_are_readable(account: Account) -> bool:
    return ALWAYS_READABLE & present_names(account) <= account.outcome.readable_headers


def listed_headers_alone_are_added(account: Account) -> bool:
    beyond = ALWAYS_READABLE | NEVER_READABLE
    return (
        account.outcome.readable_headers - beyond
        == (exposed_names(account) & present_names(account)) - beyond
    )


def every_header_is_readable(account: Account) -> bool:
    return present_names(account) - NEVER_READABLE == account.outcome.readable_headers - NEVER_READABLE


# C-RED: redirects

USER_IN_URL = re.compile(rb"(?:https?:)?//([^/?#]*)@", re.IGNORECASE)


def is_redirected(*accounts: Account) -> bool:
    return any(True for _ in hops(accounts))


def is_redirected_under_cors(*accounts: Account) -> bool:
    return any(is_foreign(before) for before, _ in hops(accounts))


def redirects_pass_the_check(*accounts: Account) -> bool:
    return all(
        shares(before.response, origin(before), with_credentials(before))
        for before, _ in hops(accounts)
        if is_foreign(before)
    )


def has_come_home(account: Account) -> bool:
    """It is back at the page's own origin, by way of another."""
    return is_judged(account) and account.fetch.url_origin == account.fetch.page_origin


def home_is_checked_as_null(account: Account) -> bool:
    return not account.outcome.allowed or shares(account.response, b"null", with_credentials(account))


def is_classified_later_hop(account: Account) -> bool:
    return bool(account.fetch.redirected_from) and is_classified(account)


def names_a_user_in_location(account: Account) -> bool:
    """The response leads to a URL with user info that is not empty."""
    found = [USER_IN_URL.match(location) for location in lines(account.response, LOCATION)]
    return redirects(account) and any(user is not None and user[1] not in (b"", b":") for user in found)


def leads_to_a_user(*accounts: Account) -> bool:
    return any(names_a_user_in_location(account) for account in accounts)


def users_are_not_followed(*accounts: Account) -> bool:
    return not any(names_a_user_in_location(before) and is_foreign(after) for before, after in hops(accounts))


def authorization_is_redirected(*accounts: Account) -> bool:
    return any(sends_authorization(before) for before, _ in hops(accounts))


def authorization_stays_with_its_origin(*accounts: Account) -> bool:
    return all(
        sends_authorization(after) == (before.fetch.url_origin == after.fetch.url_origin)
        and (after.request is None or bool(lines(after.request, AUTHORIZATION)) == sends_authorization(after))
        for before, after in hops(accounts)
        if sends_authorization(before)
    )


def becomes_get(account: Account) -> bool:
    """The status of this redirect turns the method into GET."""
    if status(account.response) == 303:
        return method(account) not in ("GET", "HEAD")
    return status(account.response) in (301, 302) and method(account) == "POST"


def names_about_the_body(account: Account) -> frozenset[bytes]:
    """The names of headers that say what the body is."""
    return ABOUT_THE_BODY.intersection(name for name, _ in sent_headers(account))


def redirect_keeps_or_drops_method_and_body(*accounts: Account) -> bool:
    return all(
        (method(after), names_about_the_body(after))
        == (("GET", frozenset()) if becomes_get(before) else (method(before), names_about_the_body(before)))
        for before, after in hops(accounts)
    )


def redirects_stay_within_limits(*accounts: Account) -> bool:
    return all(
        len(after.fetch.redirected_from) <= 20
        and after.fetch.url_origin.startswith(("http://", "https://"))
        and not (before.fetch.stream_body and status(before.response) != 303)
        for before, after in hops(accounts)
    )


# C-CAC: what is remembered of preflights
#
# A request that goes without the preflight that it needs must be covered by what earlier answers listed. The
# rules are a sieve: each one leaves of these answers those that it admits, for every method and header that
# needs one, and is broken when none is left. So a rule applies only where the one before it holds.

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


def stated_seconds(account: Account) -> float | None:
    """What Max-Age in the answer to the preflight says; None when it is not one line of digits."""
    found = [line.strip(OWS) for line in lines(account.preflight_response, MAX_AGE)]
    return float(found[0]) if len(found) == 1 and found[0].isdigit() else None


def max_age(account: Account) -> float:
    """For how many seconds the answer to this preflight may be remembered at most."""
    stated = stated_seconds(account)
    return 5 if stated is None else min(stated, account.engine.max_age_limit)


def max_age_is_taken_as_it_is(account: Account) -> bool:
    """It is a number, and within the limit of the browser."""
    return stated_seconds(account) == max_age(account)


def is_fresh(one: Account, account: Account) -> bool:
    """The answer to this preflight may still be remembered."""
    return account.time < one.time + max_age(one)


def still_fresh(account: Account, item: Item, before: list[Account]) -> list[Account]:
    return [one for one in before if is_fresh(one, account)]


def not_kept_at_zero(account: Account, item: Item, before: list[Account]) -> list[Account]:
    return [one for one in before if max_age(one) > 0]


def not_beyond_the_default_or_the_limit(account: Account, item: Item, before: list[Account]) -> list[Account]:
    return [one for one in before if is_fresh(one, account) or max_age_is_taken_as_it_is(one)]


def clears(failed: Account, account: Account) -> bool:
    """This preflighted fetch ended in a network error, so that all that is known of its URL is forgotten."""
    return (
        not failed.outcome.allowed
        and sends_anything(failed)
        and (is_preflighted(failed) or needs_preflight(failed))
        and is_same_url(failed, account)
        and origin(failed) == origin(account)
        and (failed.response is None or failed.engine.cors_failure_clears_cache)
        and not failed.engine.remembers_refusals
    )


def sieved(account: Account, earlier: tuple[Account, ...], sieves: tuple[Sieve, ...]) -> bool:
    """Whether every item that needs it is left with an answer that passes these sieves."""
    for item in items(account):
        left = list(earlier)
        for sieve in sieves:
            left = sieve(account, item, left)
        if not left:
            return False
    return True


def since_the_last_failure(account: Account, earlier: tuple[Account, ...]) -> tuple[Account, ...]:
    """The earlier accounts that still count: those after the last one that cleared the memory."""
    cleared = [position for position, one in enumerate(earlier, 1) if clears(one, account)]
    return earlier[max([0, *cleared]) :]


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


def nothing_is_used_after_a_failure(*accounts: Account) -> bool:
    return all(
        sieved(account, since_the_last_failure(account, earlier), ENTITLED)
        for account, earlier in relies_on_memory(accounts)
        if is_classified(account) and sieved(account, earlier, ENTITLED)
    )


def living_memory(*sieves: Sieve) -> Callable[..., bool]:
    """Every request that relies on what was remembered since the last failure passes these sieves."""

    def holds(*accounts: Account) -> bool:
        return all(
            sieved(account, since, (*ENTITLED, *sieves))
            for account, earlier in relies_on_memory(accounts)
            if is_classified(account)
            and sieved(account, since := since_the_last_failure(account, earlier), ENTITLED)
        )

    return holds


# C-CRD: credentials


def sends_no_cookies(account: Account) -> bool:
    without = account.fetch.credentials == "omit" or (
        account.fetch.credentials == "same-origin" and is_foreign(account)
    )
    return without and sends_anything(account)


def no_cookie_is_sent(account: Account) -> bool:
    return not any(lines(request, COOKIE) for request in (account.preflight_request, account.request))


# The table

Judge = tuple[Callable[..., bool], Callable[..., bool]]  # when a rule applies, and whether it holds


def each(applies: Callable[[Account], bool], holds: Callable[[Account], bool]) -> Judge:
    """A rule about every hop on its own."""

    def some(*accounts: Account) -> bool:
        return any(map(applies, accounts))

    def every(*accounts: Account) -> bool:
        return all(map(holds, filter(applies, accounts)))

    return some, every


def each_anew(applies: Callable[[Account], bool], holds: Callable[[Account], bool]) -> Judge:
    """A rule about every hop that cannot rely on what is remembered of its URL."""

    def some(*accounts: Account) -> bool:
        return any(map(applies, anew(accounts)))

    def every(*accounts: Account) -> bool:
        return all(map(holds, filter(applies, anew(accounts))))

    return some, every


def anew(accounts: tuple[Account, ...]) -> list[Account]:
    """The hops that cannot rely on what is remembered."""
    relying = [account for account, _ in relies_on_memory(accounts)]
    return [account for account in accounts if not any(account is one for one in relying)]


def rule(
    id: str,
    sentence: str,
    anchor: str,
    judged: Judge | None = None,
    implies: str = "",
    same_as: tuple[str, ...] = (),
    not_executable: str = "",
) -> Rule:
    """A rule of the protocol that binds browsers."""
    return Rule(
        id,
        sentence,
        source=anchor if anchor.startswith("https:") else fetch(anchor),
        level=Level.MUST,
        profile=Profile.PROTOCOL,
        scope=Scope.FETCH,
        implies=tuple(implies.split()),
        same_as=same_as,
        not_executable=not_executable,
        applies=judged[0] if judged else always,
        holds=judged[1] if judged else None,
    )


HEADERS = "#cors-safelisted-request-header"
UNSAFE = "#cors-unsafe-request-header-names"
PREFLIGHT = "#cors-preflight-fetch"
CHECK = "#concept-cors-check"
FILTERED = "#concept-filtered-response-cors"
REDIRECT = "#concept-http-redirect-fetch"
CACHE = "#cors-preflight-cache"
LISTS = "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2"

RULES: tuple[Rule, ...] = (
    rule("P-1",
         "A value that a script sets is sent without the blanks and line ends around it, otherwise as it is",
         "#concept-header-value-normalize", each(sends_script_headers, values_arrive_normalized)),
    rule("P-2",
         "A repeated header that may stand once only is joined, so it no longer says what one line says",
         "#concept-header-list-get", each(repeats_a_single_header, is_not_allowed), implies="C-CHK-6"),
    rule("P-3", "A list may be on several lines; one of them that is no list of tokens spoils them all",
         "#extract-header-list-values", each(has_a_spoilt_list, one_bad_line_spoils), implies="C-EXP-2"),
    rule("P-4", "An empty list is a list of nothing, not a failure",
         LISTS, each(grants_with_an_empty_list, proceeds), implies="C-PF-15"),
    rule("P-5", "Where quotes count, a comma inside them does not separate",
         "#header-value-get-decode-and-split", each(has_quoted_override, overrides_split_outside_quotes)),
    rule("P-6", "301, 302, 303, 307 and 308 with a Location are followed, no other status is",
         "#redirect-status",
         (has_a_result, redirect_statuses_alone_are_followed)),

    rule("C-MTH-1",
         "DELETE, GET, HEAD, OPTIONS, POST and PUT are sent in upper case, other methods as they are",
         "#concept-method-normalize", each(sends_anything, method_is_normalized)),
    rule("C-MTH-2", "A method is allowed in exactly the letter case in which it is listed",
         "#methods", each(another_case_of_the_method_is_listed, does_not_proceed), implies="C-PF-9"),
    rule("C-MTH-3", "CONNECT, TRACE and TRACK, in any case, and what is no token are never sent",
         "#forbidden-method", each(has_forbidden_method, sends_nothing)),
    rule("C-MTH-4", "Of all methods GET, HEAD and POST alone take no preflight",
         "#cors-safelisted-method", each_anew(method_alone_decides, preflight_is_for_unsafe_methods),
         implies="C-PF-1"),
    rule("C-MTH-5", "GET and HEAD with a body are never sent",
         "#dom-request", each(has_a_body_that_get_cannot_have, sends_nothing)),
    rule("C-HDR-1",
         "A script cannot set the headers that belong to the browser: they are dropped without a word",
         "#forbidden-request-header", each(sets_forbidden_headers, forbidden_headers_are_dropped)),
    rule("C-HDR-2", "Set-Cookie and Set-Cookie2 are no business of scripts",
         "#forbidden-response-header-name", each(has_a_cookie_in_the_response, cookies_are_not_readable),
         same_as=("C-EXP-4",)),
    rule("C-HDR-3",
         "A name that is no token, or a value with NUL, CR, LF or a character above U+00FF, is never sent",
         "#concept-headers-append", each(has_invalid_header, sends_nothing)),

    rule("C-SAF-1", "A value of more than 128 bytes takes a preflight",
         HEADERS, each_anew(has_an_overlong_value, overlong_values_are_asked_for), implies="C-PF-4"),
    rule("C-SAF-2", "Accept takes a preflight if and only if it holds an unsafe byte",
         HEADERS, each_anew(has_value_of(b"accept"), safe_values_alone_are_free(b"accept")),
         implies="C-PF-4"),
    rule("C-SAF-3",
         "The two language headers take a preflight unless letters, digits and ` *,-.;=` are all they hold",
         HEADERS, each_anew(has_value_of(*LANGUAGES), safe_values_alone_are_free(*LANGUAGES)),
         implies="C-PF-4"),
    rule("C-SAF-4",
         "Content-Type takes a preflight unless its essence is one that a form sends, in safe bytes",
         HEADERS, each_anew(has_value_of(b"content-type"), safe_values_alone_are_free(b"content-type")),
         implies="C-PF-4"),
    rule("C-SAF-5", "Range takes a preflight unless it is one range of bytes with a start, in order",
         HEADERS, each_anew(has_value_of(b"range"), safe_values_alone_are_free(b"range")), implies="C-PF-4"),
    rule("C-SAF-6", "Safelisted values of more than 1024 bytes in total take a preflight, all of them",
         UNSAFE, each_anew(is_too_long_in_total, all_safelisted_names_are_asked_for), implies="C-PF-4"),
    rule("C-SAF-7", "Every other header takes a preflight, in whatever case its name is",
         UNSAFE, each_anew(has_other_headers, other_names_are_asked_for), implies="C-PF-4"),
    rule("C-SAF-8", "Reports of browsers themselves go without preflight, whatever their type",
         "#cors-protocol-exceptions", not_executable="no script sends them, and no account is kept of them"),

    rule("C-ORG-1", "Origin is the origin of the page, serialized",
         "#byte-serializing-a-request-origin", each(names_its_page, origin_is_the_page)),
    rule("C-ORG-2", "A page of an opaque origin sends `null`",
         "#serializing-a-request-origin", each(names_an_opaque_page, origin_is_null)),
    rule("C-ORG-3", "After a redirect from a foreign origin to another one, Origin is `null`",
         "#concept-request-tainted-origin", each(names_after_taint, origin_is_null_where_the_engine_follows)),
    rule("C-ORG-4", "Origin is sent under CORS, and with every method but GET and HEAD, nowhere else",
         "#append-a-request-origin-header", each(is_sent, origin_is_sent_where_due)),
    rule("C-ORG-5", "Outside mode cors the referrer policy can turn Origin into `null`",
         "#append-a-request-origin-header", not_executable="accounts are of mode cors only"),
    rule("C-ORG-6", "Origin proves nothing about where a request comes from, nor does its absence",
         "#http-requests", not_executable="it says what a server cannot conclude"),

    rule("C-PF-1", "Under CORS there is a preflight if and only if method, headers or body watching need one",
         "#concept-http-fetch", each_anew(is_classified, is_preflighted_if_and_only_if_needed)),
    rule("C-PF-2", "A preflight is OPTIONS to the same URL, accepting anything, with an Origin",
         PREFLIGHT, each(is_preflighted, preflight_has_its_form)),
    rule("C-PF-3", "A preflight names the method, once",
         PREFLIGHT, each(is_preflighted, preflight_names_the_method)),
    rule("C-PF-4", "A preflight names the unsafe headers in lower case, sorted, once each, with bare commas; "
         "or has no such line",
         PREFLIGHT, each(is_classified_and_preflighted, preflight_names_the_unsafe_headers)),
    rule("C-PF-5", "A preflight carries no credentials",
         PREFLIGHT, each(is_preflighted, preflight_has_no_credentials)),
    rule("C-PF-6", "A preflight passes with a status from 200 to 299 only",
         PREFLIGHT, each(is_preflighted, preflight_passes_with_ok_status_only)),
    rule("C-PF-7",
         "A preflight passes only if its answer is shared under the credentials mode of the request",
         PREFLIGHT, each(is_answered_and_checked, preflight_passes_if_shared_only)),
    rule("C-PF-8",
         "A preflight passes only if allowed methods and headers are lists of tokens, needed or not",
         PREFLIGHT, each(is_answered, preflight_passes_with_lists_only)),
    rule("C-PF-9", "A preflight passes only if the method is safelisted, listed, or under a wildcard",
         PREFLIGHT, each(is_answered_with_lists, preflight_passes_with_its_method_only)),
    rule("C-PF-10", "A preflight for Authorization passes only if that is listed by name",
         "#cors-non-wildcard-request-header-name",
         each(authorization_is_judged, preflight_passes_with_authorization_named_only), implies="C-PF-11"),
    rule("C-PF-11", "A preflight passes only if every unsafe header is listed, or under a wildcard",
         PREFLIGHT, each(is_answered_with_lists, preflight_passes_with_its_names_only)),
    rule("C-PF-12", "Max-Age says for how many seconds a preflight is remembered, five if it does not say",
         PREFLIGHT, (some_memory(*ENTITLED), living_memory(not_beyond_the_default_or_the_limit)),
         implies="C-CAC-2", same_as=("C-CAC-4",)),
    rule("C-PF-13", "A redirect in answer to a preflight is not followed, and does not pass",
         PREFLIGHT, each(preflight_is_redirected, does_not_proceed), implies="C-PF-6"),
    rule("C-PF-14",
         "Without allowed methods a preflight that the script's upload listener or stream asked for passes",
         PREFLIGHT, each(grants_by_the_flag, proceeds), implies="C-PF-15"),
    rule("C-PF-15", "A preflight whose answer permits everything is followed by the request",
         PREFLIGHT, each(grants, proceeds)),

    rule("C-WLD-1", "With credentials `*` is a name like any other, and no origin",
         "#http-new-header-syntax", each(has_a_wildcard_with_credentials, wildcard_is_literal),
         implies="C-PF-9"),
    rule("C-WLD-2", "No wildcard covers Authorization",
         "#cors-non-wildcard-request-header-name",
         each(is_undeclared_wildcard_for_authorization, does_not_proceed), implies="C-PF-10"),
    rule("C-LST-1", "Lists may be spread over several lines",
         "#extract-header-list-values", each(grants_on_several_lines, proceeds), implies="C-PF-15"),
    rule("C-LST-2", "Blanks around elements and empty elements do not matter",
         LISTS, each(grants_with_odd_spacing, proceeds), implies="C-PF-15"),

    rule("C-CHK-1", "Without Access-Control-Allow-Origin nothing is shared",
         CHECK, each(has_no_allowed_origin, is_not_allowed)),
    rule("C-CHK-2", "Spaces and tabs around a value do not count",
         "#concept-header-value-normalize", each(has_blanks_around_a_good_origin, is_allowed),
         implies="C-CHK-7"),
    rule("C-CHK-3", "`*` shares with everyone who sends no credentials",
         CHECK, each(has_wildcard_without_credentials, is_allowed)),
    rule("C-CHK-4", "Any other allowed origin must be the request's, byte for byte",
         CHECK, each(has_another_origin, is_not_allowed)),
    rule("C-CHK-5", "Several allowed origins share with nobody",
         CHECK, each(has_several_allowed_origins, is_not_allowed), implies="C-CHK-4 P-2"),
    rule("C-CHK-6", "With credentials, Access-Control-Allow-Credentials must be `true`, and that suffices",
         CHECK, each(has_its_origin_with_credentials, is_allowed_if_credentials_are)),
    rule("C-CHK-7", "Without credentials the request's own origin suffices",
         CHECK, each(has_its_origin_without_credentials, is_allowed)),
    rule("C-CHK-8", "The status of the response does not matter",
         CHECK, each(shares_with_another_status, is_allowed), implies="C-CHK-7"),
    rule("C-CHK-9", "A stored response is checked with the headers that a 304 gives it",
         "#concept-http-network-or-cache-fetch",
         not_executable="accounts show the exchange with the server, not what a cache makes of it"),
    rule("C-CHK-10", "Of a response that is not shared a script learns nothing",
         "#concept-network-error", each(is_not_allowed, nothing_is_readable)),

    rule("C-EXP-1", "Seven headers are readable always",
         "#cors-safelisted-response-header-name", each(has_always_readable_headers, they_are_readable)),
    rule("C-EXP-2",
         "Beyond these the exposed ones are readable, no other; a list that is none exposes nothing",
         FILTERED, each(exposes_some, listed_headers_alone_are_added)),
    rule("C-EXP-3", "Without credentials `*` exposes every header",
         FILTERED, each(exposes_all, every_header_is_readable)),
    rule("C-EXP-4", "Set-Cookie and Set-Cookie2 are never readable",
         FILTERED, each(has_a_cookie_in_the_response, cookies_are_not_readable), same_as=("C-HDR-2",)),

    rule("C-RED-1", "Under CORS every response on the way must be shared, redirects too",
         "#concept-http-fetch", (is_redirected_under_cors, redirects_pass_the_check)),
    rule("C-RED-2", "Back at the page's own origin, a redirected fetch is still checked, as `null`",
         "#concept-main-fetch", each(has_come_home, home_is_checked_as_null), implies="C-CHK-4"),
    rule("C-RED-3", "Every hop is judged anew whether it needs a preflight",
         "#concept-main-fetch", each_anew(is_classified_later_hop, is_preflighted_if_and_only_if_needed),
         implies="C-PF-1"),
    rule("C-RED-4", "A Location with a user name or password is not followed under CORS or to another origin",
         REDIRECT, (leads_to_a_user, users_are_not_followed)),
    rule("C-RED-5", "Authorization is dropped on the way to another origin, and only then",
         REDIRECT, (authorization_is_redirected, authorization_stays_with_its_origin)),
    rule("C-RED-6", "POST after 301 or 302, and all but GET and HEAD after 303, become GET without a body",
         REDIRECT, (is_redirected, redirect_keeps_or_drops_method_and_body)),
    rule("C-RED-7", "At most twenty redirects, to http or https only, and no stream is sent twice",
         REDIRECT, (is_redirected, redirects_stay_within_limits)),

    rule("C-CAC-1", "What is remembered is what an answer listed, for one origin and one URL",
         CACHE, (some_memory(), all_memory((), KEY))),
    rule("C-CAC-2", "What is remembered is forgotten when its seconds are over",
         CACHE, (some_memory(*ENTITLED), living_memory(still_fresh))),
    rule("C-CAC-3", "Nothing is remembered for zero seconds",
         CACHE, (some_memory(*ENTITLED), living_memory(not_kept_at_zero)), implies="C-CAC-2"),
    rule("C-CAC-4",
         "A Max-Age that is missing, repeated or no number counts as five seconds, a large one as the limit",
         PREFLIGHT, (some_memory(*ENTITLED), living_memory(not_beyond_the_default_or_the_limit)),
         implies="C-CAC-2", same_as=("C-PF-12",)),
    rule("C-CAC-5", "What was remembered without credentials serves no request with them",
         "#concept-cache-match", (some_memory(*LITERAL), all_memory(LITERAL, ENTITLED))),
    rule("C-CAC-6", "A remembered wildcard serves everything but Authorization",
         "#concept-cache-match-header", (some_memory(*KEY), all_memory(KEY, NAMED))),
    rule("C-CAC-7", "A wildcard that was remembered with credentials serves nothing but its own name",
         "#concept-cache-match", (some_memory(*NAMED), all_memory(NAMED, LITERAL))),
    rule("C-CAC-8",
         "A network error of a preflighted fetch makes the browser forget what it remembers of the URL",
         "#concept-cache-clear", (some_memory(*ENTITLED), nothing_is_used_after_a_failure)),

    rule("C-CRD-1", "No cookie is sent in mode omit, nor to another origin in mode same-origin",
         "#concept-http-network-or-cache-fetch", each(sends_no_cookies, no_cookie_is_sent)),
    rule("C-CRD-2", "A cookie that a response sets is stored even if the response is not shared",
         "#cors-protocol-examples", not_executable="accounts do not show what a browser stores"),
    rule("C-CRD-3", "A server cannot see the credentials mode unless there are credentials",
         "#cors-protocol-and-credentials", not_executable="it says what a server cannot know"),
    rule("C-MODE-1", "The other modes are not checked, or never leave the page's origin",
         "#concept-main-fetch", not_executable="accounts are of mode cors only"),
)  # fmt: skip
