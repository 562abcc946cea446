"""What a browser keeps of a request that is redirected, and when it stops."""

from dataclasses import replace

from spec.browser import Hop
from spec.rules.browser.examples import (
    GET,
    HEADERS,
    KEY,
    MINE,
    NEXT,
    PAGE,
    SERVER,
    asks,
    did,
    redirected,
    says,
    sends,
)
from spec.rules.browser.facts import (
    ABOUT_THE_BODY,
    AUTHORIZATION,
    lines,
    method,
    sends_authorization,
    sent_headers,
    status,
)
from spec.rules.browser.hops import followed_redirects
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def authorization_is_redirected(*trace: Hop) -> bool:
    return any(sends_authorization(before) for before, _ in followed_redirects(trace))


def authorization_stays_with_its_origin(*trace: Hop) -> bool:
    return all(
        sends_authorization(after) == (before.fetch.url_origin == after.fetch.url_origin)
        and (after.request is None or bool(lines(after.request, AUTHORIZATION)) == sends_authorization(after))
        for before, after in followed_redirects(trace)
        if sends_authorization(before)
    )


RULES.append(
    Rule(
        id="C-RED-5",
        title="Authorization stays with its origin",
        sentence=(
            "A redirect to another origin drops the Authorization header that the page set, and a "
            "redirect within the origin keeps it"
        ),
        sources=(fetch("#concept-http-redirect-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=authorization_is_redirected,
        holds=authorization_stays_with_its_origin,
        why=(
            "The page's access token leaks to another server, or the request arrives without it on "
            "the same server."
        ),
        repair=(
            "Remove Authorization when the new URL has another origin than the one before it, and only then."
        ),
        counterexample=(
            did(
                replace(GET, url_origin=PAGE, headers=KEY),
                None,
                None,
                sends("GET", "authorization: k", origin=""),
                says(f"location: {SERVER}/next", 307),
            ),
            did(
                replace(NEXT, headers=KEY, redirected_from=(PAGE,)),
                asks("GET", "authorization", path="/next"),
                says(f"{MINE} | {HEADERS}authorization"),
                sends("GET", "authorization: k", path="/next"),
                says(),
            ),
        ),
    )
)


def is_redirected(*trace: Hop) -> bool:
    return any(True for _ in followed_redirects(trace))


def becomes_get(hop: Hop) -> bool:
    """The status of this redirect turns the method into GET."""
    if status(hop.response) == 303:
        return method(hop) not in ("GET", "HEAD")
    return status(hop.response) in (301, 302) and method(hop) == "POST"


def names_about_the_body(hop: Hop) -> frozenset[bytes]:
    """The names of headers that say what the body is."""
    return ABOUT_THE_BODY.intersection(name for name, _ in sent_headers(hop))


def redirect_keeps_or_drops_method_and_body(*trace: Hop) -> bool:
    return all(
        (method(after), names_about_the_body(after))
        == (("GET", frozenset()) if becomes_get(before) else (method(before), names_about_the_body(before)))
        for before, after in followed_redirects(trace)
    )


RULES.append(
    Rule(
        id="C-RED-6",
        title="How redirects change the method",
        sentence=(
            "POST after 301 or 302, and any method but GET and HEAD after 303, becomes GET without body "
            "headers; all else is kept"
        ),
        sources=(fetch("#concept-http-redirect-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=is_redirected,
        holds=redirect_keeps_or_drops_method_and_body,
        why=(
            "A form is submitted twice, or the new URL gets the wrong method or a content type "
            "without a body."
        ),
        repair=(
            "In these cases switch to GET and drop the body with Content-Encoding, -Language, "
            "-Location and -Type, otherwise keep all of it."
        ),
        counterexample=redirected(
            replace(GET, method="POST"), replace(NEXT, method="POST"), location="/next"
        ),
    )
)


def redirects_stay_within_limits(*trace: Hop) -> bool:
    return all(
        len(after.fetch.redirected_from) <= 20
        and after.fetch.url_origin.startswith(("http://", "https://"))
        and not (before.fetch.stream_body and status(before.response) != 303)
        for before, after in followed_redirects(trace)
    )


RULES.append(
    Rule(
        id="C-RED-7",
        title="Limits of redirects",
        sentence=(
            "The client follows at most 20 redirects, to http and https only, and with a streamed "
            "body only if the status is 303"
        ),
        sources=(fetch("#concept-http-redirect-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=is_redirected,
        holds=redirects_stay_within_limits,
        why=(
            "Requests loop without end, pages reach local or other unexpected schemes, or the server "
            "gets a truncated stream."
        ),
        repair=(
            "Fail with a network error after 20 redirects, for other schemes, and for a streamed body "
            "unless the status is 303."
        ),
        counterexample=redirected(replace(GET, redirected_from=(SERVER,) * 20), NEXT),
    )
)
