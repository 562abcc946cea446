"""When a browser sends a preflight, and what is in it."""

from dataclasses import replace

from spec.browser import Hop
from spec.rules.browser.examples import (
    GET,
    HEADERS,
    METHODS,
    MINE,
    asks,
    did,
    says,
    script,
    sends,
    sent_after,
)
from spec.rules.browser.facts import (
    ACCEPT,
    ACRH,
    ACRM,
    AUTHORIZATION,
    COOKIE,
    ORIGIN,
    is_classified,
    lines,
    method,
    octets,
    unsafe_names,
)
from spec.rules.browser.hops import (
    every_hop,
    every_new_hop,
    is_preflighted,
    is_preflighted_if_and_only_if_needed,
    some_hop,
    some_new_hop,
)
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


RULES.append(
    Rule(
        id="C-PF-1",
        title="Preflights exactly when needed",
        sentence=(
            "A cross-origin request without a cached result has a preflight exactly if its method, "
            "headers, upload listener or stream needs one"
        ),
        sources=(fetch("#concept-http-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(is_classified),
        holds=every_new_hop(is_classified, is_preflighted_if_and_only_if_needed),
        why=(
            "Servers receive requests that they never agreed to, or simple requests pay for an extra "
            "round trip and may fail."
        ),
        repair=(
            "Send a preflight for unsafe methods, unsafe headers, upload listeners and streamed "
            "bodies, and for nothing else."
        ),
        counterexample=(did(replace(GET, upload_listener=True), None, None, sends(), says()),),
    )
)


def preflight_has_its_form(hop: Hop) -> bool:
    request = hop.preflight_request
    assert request is not None
    return (
        request.method == "OPTIONS"
        and request.path == hop.fetch.path
        and request.lines(ACCEPT) == [b"*/*"]
        and len(request.lines(ORIGIN)) == 1
    )


RULES.append(
    Rule(
        id="C-PF-2",
        title="The form of a preflight",
        sentence=(
            "A preflight is an OPTIONS request to the path and query of the request, with `Accept: "
            "*/*` and one Origin field line"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_preflighted),
        holds=every_hop(is_preflighted, preflight_has_its_form),
        why=(
            "Servers do not recognize the preflight, or answer for another resource, and the request fails."
        ),
        repair=(
            "Send OPTIONS to the URL of the request, with exactly one `Accept: */*` and exactly one Origin."
        ),
        counterexample=sent_after(f"{MINE} | {METHODS}PUT", asked=asks(path="/elsewhere")),
    )
)


def preflight_names_the_method(hop: Hop) -> bool:
    return lines(hop.preflight_request, ACRM) == [octets(method(hop))]


RULES.append(
    Rule(
        id="C-PF-3",
        title="A preflight states the method once",
        sentence=(
            "A preflight has exactly one Access-Control-Request-Method field line, with the method of "
            "the request"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_preflighted),
        holds=every_hop(is_preflighted, preflight_names_the_method),
        why=(
            "Servers do not recognize the preflight or judge the wrong method, so an allowed request fails."
        ),
        repair=(
            "Send Access-Control-Request-Method once, with the method as it will be sent in the request."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT", asked=asks(more="access-control-request-method: PUT")
        ),
    )
)


def is_classified_and_preflighted(hop: Hop) -> bool:
    return is_preflighted(hop) and is_classified(hop)


def preflight_names_the_unsafe_headers(hop: Hop) -> bool:
    unsafe = b",".join(sorted(unsafe_names(hop)))
    return lines(hop.preflight_request, ACRH) == ([unsafe] if unsafe else [])


RULES.append(
    Rule(
        id="C-PF-4",
        title="The format of requested headers",
        sentence=(
            "Access-Control-Request-Headers lists the unsafe header names once each, in lower case, "
            "sorted, joined by `,`, and is absent if there are none"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_classified_and_preflighted),
        holds=every_hop(is_classified_and_preflighted, preflight_names_the_unsafe_headers),
        why=(
            "Servers and firewalls that expect this form refuse the preflight, and a missing name "
            "escapes the server's decision."
        ),
        repair=(
            "Build Access-Control-Request-Headers from the unsafe names: lower case, sorted, unique, "
            "joined by `,` without spaces, and omit it when there are none."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT | {HEADERS}x-a, x-b",
            fetch=script("X-A", "1", ("X-B", "2")),
            asked=asks("PUT", "x-b,x-a"),
            headers="x-a: 1 | x-b: 2",
        ),
    )
)


def preflight_has_no_credentials(hop: Hop) -> bool:
    return not any(lines(hop.preflight_request, name) for name in (COOKIE, AUTHORIZATION))


RULES.append(
    Rule(
        id="C-PF-5",
        title="Preflights have no credentials",
        sentence="A preflight has neither Cookie nor Authorization",
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_preflighted),
        holds=every_hop(is_preflighted, preflight_has_no_credentials),
        why=("Credentials of the visitor reach a server before it has agreed to the request."),
        repair=(
            "Send preflights without Cookie and Authorization, whatever the credentials mode of the "
            "request is."
        ),
        counterexample=sent_after(f"{MINE} | {METHODS}PUT", asked=asks(more="authorization: k")),
    )
)
