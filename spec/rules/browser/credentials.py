"""What a browser requires for requests with credentials, and when it sends none."""

from spec.browser import Hop
from spec.rules.browser.examples import CREDENTIALED, CREDENTIALS, GET, MINE, did, get, says, sends
from spec.rules.browser.facts import (
    ACAC,
    ACAO,
    COOKIE,
    allowed_origin,
    answer_value,
    is_final,
    is_foreign,
    is_judged,
    lines,
    origin,
    sends_anything,
    with_credentials,
)
from spec.rules.browser.hops import every_hop, is_allowed, is_not_allowed, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def repeats_a_single_header(hop: Hop) -> bool:
    return is_judged(hop) and (
        len(lines(hop.response, ACAO)) > 1 or (with_credentials(hop) and len(lines(hop.response, ACAC)) > 1)
    )


RULES.append(
    Rule(
        id="P-2",
        title="Repeated origin or credentials headers block",
        sentence=(
            "A page cannot read a cross-origin response that repeats Access-Control-Allow-Origin or, "
            "with credentials, Access-Control-Allow-Credentials"
        ),
        sources=(fetch("#concept-header-list-get"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(repeats_a_single_header),
        holds=every_hop(repeats_a_single_header, is_not_allowed),
        why=(
            "A client that picks one of several values can give a page a response that the standard blocks."
        ),
        repair=(
            "Join the values of repeated field lines with `, ` before comparing, so that the "
            "comparison fails."
        ),
        implies=("C-CHK-6",),
        counterexample=get(says(f"{MINE} | {CREDENTIALS} | {CREDENTIALS}"), fetch=CREDENTIALED),
    )
)


def has_its_origin_with_credentials(hop: Hop) -> bool:
    return is_final(hop) and with_credentials(hop) and allowed_origin(hop) == origin(hop)


def is_allowed_if_credentials_are(hop: Hop) -> bool:
    return hop.outcome.allowed == (answer_value(hop.response, ACAC) == b"true")


RULES.append(
    Rule(
        id="C-CHK-6",
        title="Credentials need the exact value true",
        sentence=(
            "With credentials and its exact origin allowed, a page can read a response if and only if "
            "Access-Control-Allow-Credentials is `true`"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_its_origin_with_credentials),
        holds=every_hop(has_its_origin_with_credentials, is_allowed_if_credentials_are),
        why=(
            "A page can read a visitor's private data that the server did not share, or logged-in "
            "pages cannot read what it did share."
        ),
        repair=(
            "Compare Access-Control-Allow-Credentials with `true` in lower case, and accept no other value."
        ),
        counterexample=get(says(f"{MINE} | access-control-allow-credentials: True"), fetch=CREDENTIALED),
    )
)


def has_its_origin_without_credentials(hop: Hop) -> bool:
    return is_final(hop) and not with_credentials(hop) and allowed_origin(hop) == origin(hop)


RULES.append(
    Rule(
        id="C-CHK-7",
        title="The exact origin suffices without credentials",
        sentence=(
            "Without credentials, a page can read a response whose Access-Control-Allow-Origin is its "
            "exact origin"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_its_origin_without_credentials),
        holds=every_hop(has_its_origin_without_credentials, is_allowed),
        why="Pages cannot read responses that the server allows for them.",
        repair=(
            "Pass the CORS check when Access-Control-Allow-Origin equals the Origin of the request, "
            "and look at no other header."
        ),
        counterexample=get(says(), allowed=False),
    )
)


def sends_no_cookies(hop: Hop) -> bool:
    without = hop.fetch.credentials == "omit" or (hop.fetch.credentials == "same-origin" and is_foreign(hop))
    return without and sends_anything(hop)


def no_cookie_is_sent(hop: Hop) -> bool:
    return not any(lines(request, COOKIE) for request in (hop.preflight_request, hop.request))


RULES.append(
    Rule(
        id="C-CRD-1",
        title="Cookies follow the credentials mode",
        sentence=(
            "No Cookie is sent with credentials mode `omit`, nor on cross-origin requests and their "
            "preflights with mode `same-origin`"
        ),
        sources=(fetch("#concept-http-network-or-cache-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(sends_no_cookies),
        holds=every_hop(sends_no_cookies, no_cookie_is_sent),
        why=(
            "A visitor's login is used, and can be tracked, on requests that the page wanted to make "
            "anonymously."
        ),
        repair=(
            "Leave out Cookie when the mode is `omit`, and when it is `same-origin` and any URL so "
            "far is of another origin than the page."
        ),
        counterexample=(did(GET, None, None, sends("GET", "cookie: a=1"), says()),),
    )
)
