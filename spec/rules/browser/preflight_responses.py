"""Which responses to a preflight let the browser send the request."""

from dataclasses import replace

from spec.browser import Hop
from spec.rules.browser.examples import (
    AUTHORIZED,
    GET,
    HEADERS,
    METHODS,
    MINE,
    PUT,
    asks,
    script,
    sent_after,
    stopped_after,
)
from spec.rules.browser.facts import (
    ACAM,
    REDIRECT_STATUSES,
    authorization_is_judged,
    authorization_is_named,
    grants,
    has_flag,
    is_answered,
    lines,
    listed_methods,
    lists_are_lists,
    method,
    method_is_covered,
    method_is_safelisted,
    names_are_covered,
    octets,
    preflight_is_unchecked,
    preflight_shares,
    proceeds,
    status,
)
from spec.rules.browser.hops import does_not_proceed, every_hop, is_preflighted, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def another_case_of_the_method_is_listed(hop: Hop) -> bool:
    exact, listed = octets(method(hop)), listed_methods(hop)
    return (
        not method_is_safelisted(hop)
        and exact not in listed
        and b"*" not in listed
        and exact.lower() in [name.lower() for name in listed]
    )


RULES.append(
    Rule(
        id="C-MTH-2",
        title="Methods match in exact letter case",
        sentence=("A method that the preflight response lists only in another letter case is not sent"),
        sources=(fetch("#methods"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(another_case_of_the_method_is_listed),
        holds=every_hop(another_case_of_the_method_is_listed, does_not_proceed),
        why=(
            "A page can send a method that the server did not allow, such as `patch` where only "
            "`PATCH` is listed."
        ),
        repair=(
            "Compare the method with Access-Control-Allow-Methods byte for byte, without changing "
            "letter case."
        ),
        implies=("C-PF-9",),
        counterexample=sent_after(f"{MINE} | {METHODS}PATCH", fetch=replace(GET, method="patch")),
    )
)


def preflight_passes_with_ok_status_only(hop: Hop) -> bool:
    return not proceeds(hop) or 200 <= status(hop.preflight_response) < 300


RULES.append(
    Rule(
        id="C-PF-6",
        title="Preflights pass with status 200-299 only",
        sentence=(
            "After a preflight the request is sent only if the preflight response has a status from "
            "200 to 299"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_preflighted),
        holds=every_hop(is_preflighted, preflight_passes_with_ok_status_only),
        why="A page can send requests that the server refused with an error status.",
        repair=(
            "Fail the request with a network error when the preflight response has any other status, "
            "or when there is none."
        ),
        counterexample=sent_after(f"{MINE} | {METHODS}PUT", status=400),
    )
)


def is_answered_and_checked(hop: Hop) -> bool:
    return is_answered(hop) and not preflight_is_unchecked(hop)


def preflight_passes_if_shared_only(hop: Hop) -> bool:
    return not proceeds(hop) or preflight_shares(hop)


RULES.append(
    Rule(
        id="C-PF-7",
        title="The preflight response must allow the origin",
        sentence=(
            "The request is sent only if the preflight response allows the origin and, for a request "
            "with credentials, the credentials"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_answered_and_checked),
        holds=every_hop(is_answered_and_checked, preflight_passes_if_shared_only),
        why=(
            "Any page can send unsafe requests with a visitor's cookies to servers that did not allow "
            "its origin."
        ),
        repair=(
            "Run the CORS check on the preflight response with the credentials mode of the request, "
            "and stop with a network error when it fails."
        ),
        counterexample=sent_after(f"{METHODS}PUT"),
    )
)


def preflight_passes_with_lists_only(hop: Hop) -> bool:
    return not proceeds(hop) or lists_are_lists(hop)


RULES.append(
    Rule(
        id="C-PF-8",
        title="Allowed methods and headers must parse",
        sentence=(
            "The request is sent only if Access-Control-Allow-Methods and "
            "Access-Control-Allow-Headers of the preflight response are lists of tokens"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_answered),
        holds=every_hop(is_answered, preflight_passes_with_lists_only),
        why="A request is sent because of a malformed response that clients may read in different ways.",
        repair=(
            "Parse both headers as lists of tokens, even if the request does not need them, and fail "
            "the preflight if one is invalid."
        ),
        counterexample=sent_after(f"{MINE} | {METHODS}PUT | {HEADERS}x a"),
    )
)


def is_answered_with_lists(hop: Hop) -> bool:
    return is_answered(hop) and lists_are_lists(hop)


def preflight_passes_with_its_method_only(hop: Hop) -> bool:
    return not proceeds(hop) or method_is_covered(hop)


RULES.append(
    Rule(
        id="C-PF-9",
        title="The preflight response must allow the method",
        sentence=(
            "A preflight passes only if the method is safelisted, listed, matched by `*` without "
            "credentials, or needs no list due to an upload listener or stream"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_answered_with_lists),
        holds=every_hop(is_answered_with_lists, preflight_passes_with_its_method_only),
        why="A page can send DELETE, PUT or other methods that the server did not allow.",
        repair=(
            "Return a network error unless the method is GET, HEAD or POST, is in the list, is matched "
            "by `*` without credentials, or a request with an upload listener or streamed body gets no "
            "list."
        ),
        counterexample=sent_after(f"{MINE} | {METHODS}DELETE"),
    )
)


def preflight_passes_with_authorization_named_only(hop: Hop) -> bool:
    return not proceeds(hop) or authorization_is_named(hop)


RULES.append(
    Rule(
        id="C-PF-10",
        title="Authorization must be listed by name",
        sentence=(
            "If a page sets Authorization, a preflight passes only if Access-Control-Allow-Headers "
            "lists Authorization by name"
        ),
        sources=(fetch("#cors-non-wildcard-request-header-name"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(authorization_is_judged),
        holds=every_hop(authorization_is_judged, preflight_passes_with_authorization_named_only),
        why=(
            "A page can send guessed or stolen credentials to servers that meant to allow only "
            "harmless headers."
        ),
        repair=(
            "Look for the name `authorization` in Access-Control-Allow-Headers, in any letter case, "
            "and do not accept `*` for it."
        ),
        implies=("C-PF-11",),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT",
            fetch=AUTHORIZED,
            asked=asks("PUT", "authorization"),
            headers="authorization: k",
        ),
    )
)


def preflight_passes_with_its_names_only(hop: Hop) -> bool:
    return not proceeds(hop) or names_are_covered(hop)


RULES.append(
    Rule(
        id="C-PF-11",
        title="The preflight response must allow all headers",
        sentence=(
            "A preflight passes only if all headers that it requests are listed, or matched by `*` "
            "without credentials"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_answered_with_lists),
        holds=every_hop(is_answered_with_lists, preflight_passes_with_its_names_only),
        why=("A page can send headers that the server did not allow, such as API keys or method overrides."),
        repair=(
            "Compare the requested names with Access-Control-Allow-Headers in any letter case, and "
            "stop if one is missing and no valid `*` is there."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT | {HEADERS}x-b",
            fetch=script("X-A", "1"),
            asked=asks("PUT", "x-a"),
            headers="x-a: 1",
        ),
    )
)


def preflight_is_redirected(hop: Hop) -> bool:
    return status(hop.preflight_response) in REDIRECT_STATUSES


RULES.append(
    Rule(
        id="C-PF-13",
        title="Redirected preflights fail",
        sentence=(
            "If the preflight response is a redirect (301, 302, 303, 307 or 308), the request is not sent"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(preflight_is_redirected),
        holds=every_hop(preflight_is_redirected, does_not_proceed),
        why="A request is sent although the server for its URL has not allowed it.",
        repair=(
            "Treat a redirect status of a preflight response as a failure, and do not follow the Location."
        ),
        implies=("C-PF-6",),
        counterexample=sent_after(f"{MINE} | {METHODS}PUT | location: /next", status=307),
    )
)


def grants_by_the_flag(hop: Hop) -> bool:
    return has_flag(hop) and not lines(hop.preflight_response, ACAM) and grants(hop)


RULES.append(
    Rule(
        id="C-PF-14",
        title="Upload listeners need no method list",
        sentence=(
            "With an upload listener or streamed body, a preflight without "
            "Access-Control-Allow-Methods passes if all else is allowed"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(grants_by_the_flag),
        holds=every_hop(grants_by_the_flag, proceeds),
        why="Uploads fail as soon as the page shows a progress bar or streams the body.",
        repair=(
            "If Access-Control-Allow-Methods is missing and the request has an upload listener or a "
            "streamed body, take its method as allowed."
        ),
        implies=("C-PF-15",),
        counterexample=stopped_after(MINE, fetch=replace(PUT, upload_listener=True)),
    )
)


RULES.append(
    Rule(
        id="C-PF-15",
        title="A permitted request is sent",
        sentence=(
            "If the preflight response allows the origin, credentials, method and headers, with a 2xx "
            "status and valid lists, the request is sent"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(grants),
        holds=every_hop(grants, proceeds),
        why=("Pages cannot use what the server allows, and the server operator finds nothing to fix."),
        repair=(
            "Send the request as soon as status, origin, credentials, method and headers of the "
            "preflight response pass."
        ),
        counterexample=stopped_after(f"{MINE} | {METHODS}PUT"),
    )
)
