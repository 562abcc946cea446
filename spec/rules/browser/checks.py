"""Which responses a browser shares with a script: the CORS check."""

from spec.browser import Hop
from spec.rules.browser.examples import EVERYONE, MINE, get, says
from spec.rules.browser.facts import (
    ACAO,
    allowed_origin,
    is_final,
    is_judged,
    lines,
    origin,
    shares,
    status,
    with_credentials,
)
from spec.rules.browser.hops import every_hop, is_allowed, is_not_allowed, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def has_no_allowed_origin(hop: Hop) -> bool:
    return is_judged(hop) and allowed_origin(hop) is None


RULES.append(
    Rule(
        id="C-CHK-1",
        title="No allowed origin, no access",
        sentence=("A page cannot read a cross-origin response without Access-Control-Allow-Origin"),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_no_allowed_origin),
        holds=every_hop(has_no_allowed_origin, is_not_allowed),
        why=(
            "Every website can read what other servers show to its visitors, such as mail, private data "
            "and pages of internal networks."
        ),
        repair=(
            "Fail the request with a network error when the response has no Access-Control-Allow-Origin."
        ),
        counterexample=get(says("")),
    )
)


def has_blanks_around_a_good_origin(hop: Hop) -> bool:
    return (
        is_final(hop)
        and lines(hop.response, ACAO) != [allowed_origin(hop)]
        and shares(hop.response, origin(hop), with_credentials(hop))
    )


RULES.append(
    Rule(
        id="C-CHK-2",
        title="White space around the origin is ignored",
        sentence=(
            "Spaces and tabs around the value of Access-Control-Allow-Origin do not keep a page from "
            "reading the response"
        ),
        sources=(fetch("#concept-header-value-normalize"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_blanks_around_a_good_origin),
        holds=every_hop(has_blanks_around_a_good_origin, is_allowed),
        why="Pages cannot read responses that allow them because of an invisible space.",
        repair="Strip spaces and tabs from both ends of the value before comparing it.",
        implies=("C-CHK-7",),
        counterexample=get(says(f"{MINE} "), allowed=False),
    )
)


def has_wildcard_without_credentials(hop: Hop) -> bool:
    return is_final(hop) and not with_credentials(hop) and allowed_origin(hop) == b"*"


RULES.append(
    Rule(
        id="C-CHK-3",
        title="The wildcard allows every origin without credentials",
        sentence=(
            "Without credentials, a page of any origin can read a response with "
            "`Access-Control-Allow-Origin: *`"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_wildcard_without_credentials),
        holds=every_hop(has_wildcard_without_credentials, is_allowed),
        why=("Public resources such as fonts, maps and open APIs do not work on other sites."),
        repair=(
            "Accept the value `*` when the credentials mode is not `include`, whatever "
            "Access-Control-Allow-Credentials is."
        ),
        counterexample=get(says(EVERYONE), allowed=False),
    )
)


def has_another_origin(hop: Hop) -> bool:
    return (
        is_judged(hop)
        and allowed_origin(hop) not in (None, origin(hop))
        and (with_credentials(hop) or allowed_origin(hop) != b"*")
    )


RULES.append(
    Rule(
        id="C-CHK-4",
        title="The allowed origin must match exactly",
        sentence=(
            "A page can read a cross-origin response only if Access-Control-Allow-Origin is the "
            "request's Origin or, without credentials, `*`"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_another_origin),
        holds=every_hop(has_another_origin, is_not_allowed),
        why=("A page can read responses meant for another origin, such as one with a similar host name."),
        repair=(
            "Compare Access-Control-Allow-Origin with the Origin of the request byte for byte, "
            "scheme, letter case, port and slash included."
        ),
        counterexample=get(says(f"{MINE}.evil.example")),
    )
)


def has_several_allowed_origins(hop: Hop) -> bool:
    return is_judged(hop) and len(lines(hop.response, ACAO)) > 1


RULES.append(
    Rule(
        id="C-CHK-5",
        title="Repeated Access-Control-Allow-Origin blocks reading",
        sentence=(
            "A page cannot read a cross-origin response with more than one "
            "Access-Control-Allow-Origin field line"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_several_allowed_origins),
        holds=every_hop(has_several_allowed_origins, is_not_allowed),
        why=(
            "A client that picks one of the values may pick the wrong one, and misconfigured servers "
            "behave differently in each browser."
        ),
        repair=(
            "Fail the CORS check when Access-Control-Allow-Origin occurs more than once, even if all "
            "values are equal."
        ),
        implies=("C-CHK-4", "P-2"),
        counterexample=get(says(f"{MINE} | {MINE}")),
    )
)


def shares_with_another_status(hop: Hop) -> bool:
    return (
        is_final(hop)
        and status(hop.response) != 200
        and shares(hop.response, origin(hop), with_credentials(hop))
    )


RULES.append(
    Rule(
        id="C-CHK-8",
        title="Error responses are readable too",
        sentence=("A page can read a response that allows it whatever the status is, apart from redirects"),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(shares_with_another_status),
        holds=every_hop(shares_with_another_status, is_allowed),
        why=("Pages see a network error instead of the error message, so they cannot show or handle it."),
        repair="Run the CORS check without regard to the status of the response.",
        implies=("C-CHK-7",),
        counterexample=get(says(MINE, 500), allowed=False),
    )
)


def nothing_is_readable(hop: Hop) -> bool:
    return not hop.outcome.readable_headers


RULES.append(
    Rule(
        id="C-CHK-10",
        title="Blocked responses show no headers",
        sentence=("If a request fails for the page, the page can read none of the headers of the response"),
        sources=(fetch("#concept-network-error"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_not_allowed),
        holds=every_hop(is_not_allowed, nothing_is_readable),
        why=(
            "A page learns about a visitor's data on another site from headers of a response that it "
            "may not read."
        ),
        repair="Give the page a network error without any headers of the response.",
        counterexample=get(says("content-type: text/plain"), allowed=False, readable="content-type"),
    )
)
