"""Which response headers a script may read."""

from spec.browser import Hop
from spec.rules.browser.examples import COOKIE_READ, EXPOSED, MINE, get, says
from spec.rules.browser.facts import (
    ALWAYS_READABLE,
    NEVER_READABLE,
    exposed_names,
    exposes_all,
    exposes_some,
    present_names,
    readable_by_list,
)
from spec.rules.browser.hops import every_hop, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def has_always_readable_headers(hop: Hop) -> bool:
    return readable_by_list(hop) and not ALWAYS_READABLE.isdisjoint(present_names(hop))


def they_are_readable(hop: Hop) -> bool:
    return ALWAYS_READABLE & present_names(hop) <= hop.outcome.readable_headers


RULES.append(
    Rule(
        id="C-EXP-1",
        title="Seven headers are always readable",
        sentence=(
            "A page can read Cache-Control, Content-Language, Content-Length, Content-Type, Expires, "
            "Last-Modified and Pragma of a response it may read"
        ),
        sources=(fetch("#cors-safelisted-response-header-name"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_always_readable_headers),
        holds=every_hop(has_always_readable_headers, they_are_readable),
        why=(
            "Pages cannot tell the type, length or age of what they load, although no server needs to "
            "expose these headers."
        ),
        repair=("Always give the page these seven headers when the response passes the CORS check."),
        counterexample=get(says(f"{MINE} | expires: 0")),
    )
)


def listed_headers_alone_are_added(hop: Hop) -> bool:
    beyond = ALWAYS_READABLE | NEVER_READABLE
    return hop.outcome.readable_headers - beyond == (exposed_names(hop) & present_names(hop)) - beyond


RULES.append(
    Rule(
        id="C-EXP-2",
        title="Only exposed headers are readable",
        sentence=(
            "Beyond the seven safelisted headers a page can read exactly those in "
            "Access-Control-Expose-Headers, and none if that is invalid"
        ),
        sources=(fetch("#concept-filtered-response-cors"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(exposes_some),
        holds=every_hop(exposes_some, listed_headers_alone_are_added),
        why=(
            "Pages read headers that the server did not expose, such as tokens, or cannot read those "
            "that it did."
        ),
        repair=(
            "Parse Access-Control-Expose-Headers as a list of names in any letter case, add those to "
            "the safelisted ones, and hide all others."
        ),
        counterexample=get(says(f"{MINE} | {EXPOSED}x-a | x-a: 1")),
    )
)


def every_header_is_readable(hop: Hop) -> bool:
    return present_names(hop) - NEVER_READABLE == hop.outcome.readable_headers - NEVER_READABLE


RULES.append(
    Rule(
        id="C-EXP-3",
        title="The wildcard exposes all headers",
        sentence=(
            "Without credentials, `*` in Access-Control-Expose-Headers lets a page read every header "
            "except Set-Cookie and Set-Cookie2"
        ),
        sources=(fetch("#concept-filtered-response-cors"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(exposes_all),
        holds=every_hop(exposes_all, every_header_is_readable),
        why=("Pages cannot read headers, such as paging links or rate limits, that the server exposes."),
        repair=(
            "Give the page all response headers except Set-Cookie and Set-Cookie2 when the list "
            "contains `*` and the credentials mode is not `include`."
        ),
        counterexample=get(says(f"{MINE} | {EXPOSED}* | x-a: 1"), readable="access-control-allow-origin"),
    )
)


def has_a_cookie_in_the_response(hop: Hop) -> bool:
    return not NEVER_READABLE.isdisjoint(present_names(hop))


def cookies_are_not_readable(hop: Hop) -> bool:
    return NEVER_READABLE.isdisjoint(hop.outcome.readable_headers)


RULES.append(
    Rule(
        id="C-HDR-2",
        aliases=("C-EXP-4",),
        title="Pages cannot read Set-Cookie",
        sentence="A page can never read Set-Cookie or Set-Cookie2 of a response",
        sources=(fetch("#forbidden-response-header-name"), fetch("#concept-filtered-response-cors")),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_a_cookie_in_the_response),
        holds=every_hop(has_a_cookie_in_the_response, cookies_are_not_readable),
        why=("Any script on the page can steal session cookies, even those marked HttpOnly."),
        repair=(
            "Remove Set-Cookie and Set-Cookie2 from the headers given to the page, even if they are "
            "exposed by name or by `*`."
        ),
        counterexample=COOKIE_READ,
    )
)
