"""Which redirects a browser follows, and how it checks them."""

import re
from dataclasses import replace

from spec.browser import Hop, Outcome
from spec.rules.browser.examples import GET, NEXT, PAGE, SERVER, redirected, says
from spec.rules.browser.facts import (
    LOCATION,
    is_classified,
    is_foreign,
    is_judged,
    lines,
    origin,
    redirects,
    shares,
    with_credentials,
)
from spec.rules.browser.hops import (
    every_hop,
    every_new_hop,
    followed_redirects,
    is_preflighted_if_and_only_if_needed,
    some_hop,
    some_new_hop,
)
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def has_a_result(*trace: Hop) -> bool:
    return any(hop.outcome.allowed for hop in trace)


def redirect_statuses_alone_are_followed(*trace: Hop) -> bool:
    led = [before for before, _ in followed_redirects(trace)]
    return all(redirects(hop) for hop in led) and not any(
        redirects(hop) and hop.outcome.allowed and hop not in led for hop in trace
    )


RULES.append(
    Rule(
        id="P-6",
        title="Only five statuses are followed",
        sentence=(
            "The client follows exactly the responses that pass its checks and have a Location header "
            "and status 301, 302, 303, 307 or 308"
        ),
        sources=(fetch("#redirect-status"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=has_a_result,
        holds=redirect_statuses_alone_are_followed,
        why=(
            "A page gets the redirect instead of its target, or a request goes to a URL that the "
            "server only mentioned."
        ),
        repair=(
            "Follow a redirect exactly when the status is 301, 302, 303, 307 or 308 and the response "
            "has a Location header."
        ),
        counterexample=redirected(GET, NEXT, status=300),
    )
)


def is_redirected_under_cors(*trace: Hop) -> bool:
    return any(is_foreign(before) for before, _ in followed_redirects(trace))


def redirects_pass_the_check(*trace: Hop) -> bool:
    return all(
        shares(before.response, origin(before), with_credentials(before))
        for before, _ in followed_redirects(trace)
        if is_foreign(before)
    )


RULES.append(
    Rule(
        id="C-RED-1",
        title="Cross-origin redirects must allow the origin",
        sentence=(
            "The client follows the redirect of a cross-origin request only if the redirect response "
            "passes the CORS check"
        ),
        sources=(fetch("#concept-http-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=is_redirected_under_cors,
        holds=redirects_pass_the_check,
        why=(
            "A page learns where another site redirects its visitor, for example whether the visitor "
            "is logged in."
        ),
        repair=(
            "Run the CORS check on every redirect response of a cross-origin request, and fail with a "
            "network error when it does not pass."
        ),
        counterexample=(
            replace(
                redirected(GET, NEXT)[0],
                response=says("location: /next", 302),
                outcome=Outcome(False, frozenset(), "as observed"),
            ),
            redirected(GET, NEXT)[1],
        ),
    )
)


def redirected_back(hop: Hop) -> bool:
    """It is back at the page's own origin, by way of another."""
    return is_judged(hop) and hop.fetch.url_origin == hop.fetch.page_origin


def home_is_checked_as_null(hop: Hop) -> bool:
    return not hop.outcome.allowed or shares(hop.response, b"null", with_credentials(hop))


RULES.append(
    Rule(
        id="C-RED-2",
        title="Redirects back must allow the origin null",
        sentence=(
            "After a redirect from another origin back to the page's own, a page can read the "
            "response only if it passes the CORS check for `null`"
        ),
        sources=(fetch("#concept-main-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(redirected_back),
        holds=every_hop(redirected_back, home_is_checked_as_null),
        why=(
            "Another server can steer a page to any URL of its own site and have it read the response "
            "as if it had come from that server."
        ),
        repair=(
            "Keep treating the request as cross-origin after the first cross-origin URL, and check the "
            "response against the origin `null`."
        ),
        implies=("C-CHK-4",),
        counterexample=(
            redirected(GET, replace(NEXT, url_origin=PAGE))[0],
            replace(redirected(GET, replace(NEXT, url_origin=PAGE))[1], response=says()),
        ),
    )
)


def is_classified_later_hop(hop: Hop) -> bool:
    return bool(hop.fetch.redirected_from) and is_classified(hop)


RULES.append(
    Rule(
        id="C-RED-3",
        title="Each redirect may need a preflight",
        sentence=(
            "After a redirect, a request in CORS mode that no cached preflight covers has a "
            "preflight if and only if the new request needs one"
        ),
        sources=(fetch("#concept-main-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(is_classified_later_hop),
        holds=every_new_hop(is_classified_later_hop, is_preflighted_if_and_only_if_needed),
        why=(
            "A redirect brings an unsafe request to a server that never agreed to it, or adds "
            "preflights that servers do not expect."
        ),
        repair=(
            "Decide again after every redirect, by method, headers, upload listener and stream, "
            "whether to send a preflight."
        ),
        implies=("C-PF-1",),
        counterexample=redirected(
            replace(GET, url_origin=PAGE, upload_listener=True),
            replace(NEXT, upload_listener=True),
            location=f"{SERVER}/next",
            home=True,
        ),
    )
)


USER_IN_URL = re.compile(rb"(?:https?:)?//([^/?#]*)@", re.IGNORECASE)


def names_a_user_in_location(hop: Hop) -> bool:
    """The response leads to a URL with user info that is not empty."""
    found = [USER_IN_URL.match(location) for location in lines(hop.response, LOCATION)]
    return redirects(hop) and any(user is not None and user[1] not in (b"", b":") for user in found)


def leads_to_a_user(*trace: Hop) -> bool:
    return any(names_a_user_in_location(hop) for hop in trace)


def users_are_not_followed(*trace: Hop) -> bool:
    return not any(
        names_a_user_in_location(before) and is_foreign(after) for before, after in followed_redirects(trace)
    )


RULES.append(
    Rule(
        id="C-RED-4",
        title="No redirects with user names in URLs",
        sentence=(
            "A redirect whose Location has a user name or password is not followed to another origin "
            "or in a cross-origin request"
        ),
        sources=(fetch("#concept-http-redirect-fetch"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=leads_to_a_user,
        holds=users_are_not_followed,
        why=(
            "A server can make the visitor's browser log in elsewhere with credentials that neither "
            "page nor visitor chose."
        ),
        repair=(
            "Fail with a network error when the new URL has a user name or password and the request "
            "is or becomes cross-origin."
        ),
        counterexample=redirected(GET, NEXT, location="https://user@server.example/next"),
    )
)
