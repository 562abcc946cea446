"""What the Origin header says."""

from dataclasses import replace

from spec.browser import Hop
from spec.rules.browser.examples import GET, NEXT, OTHER, PAGE, did, redirected, says, sends
from spec.rules.browser.facts import ORIGIN, is_foreign, is_tainted, lines, method, octets
from spec.rules.browser.hops import every_hop, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def origin_lines(hop: Hop) -> list[list[bytes]]:
    """The Origin lines of the preflight and of the request, where there are any."""
    both = [lines(request, ORIGIN) for request in (hop.preflight_request, hop.request)]
    return [found for found in both if found]


def names_its_page(hop: Hop) -> bool:
    return hop.fetch.page_origin != "null" and not is_tainted(hop) and bool(origin_lines(hop))


def origin_is_the_page(hop: Hop) -> bool:
    return all(found == [octets(hop.fetch.page_origin)] for found in origin_lines(hop))


RULES.append(
    Rule(
        id="C-ORG-1",
        title="Origin is the page's origin",
        sentence=(
            "Without tainting redirects, the Origin of a request or preflight is exactly the page's "
            "origin, in one field line"
        ),
        sources=(fetch("#byte-serializing-a-request-origin"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(names_its_page),
        holds=every_hop(names_its_page, origin_is_the_page),
        why=(
            "Servers decide by Origin. With a wrong value they refuse pages they allow, or allow a "
            "page they do not trust."
        ),
        repair=(
            "Send Origin once, as scheme, host and port of the page without default port, path or "
            "trailing slash."
        ),
        counterexample=(did(GET, None, None, sends(origin=PAGE + "/"), says()),),
    )
)


def names_an_opaque_page(hop: Hop) -> bool:
    return hop.fetch.page_origin == "null" and bool(origin_lines(hop))


def origin_is_null(hop: Hop) -> bool:
    return all(found == [b"null"] for found in origin_lines(hop))


RULES.append(
    Rule(
        id="C-ORG-2",
        title="Opaque origins are sent as null",
        sentence=(
            "Pages with an opaque origin, such as sandboxed frames, send `Origin: null` wherever they "
            "send Origin"
        ),
        sources=(fetch("#serializing-a-request-origin"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(names_an_opaque_page),
        holds=every_hop(names_an_opaque_page, origin_is_null),
        why=("A sandboxed page, often untrusted content, gets the access of the site that embeds it."),
        repair=("Send `Origin: null` on requests and preflights of pages with an opaque origin."),
        counterexample=(
            did(
                replace(GET, page_origin="null"),
                None,
                None,
                sends(),
                says("access-control-allow-origin: null"),
            ),
        ),
    )
)


def names_after_taint(hop: Hop) -> bool:
    return is_tainted(hop) and bool(origin_lines(hop))


def origin_is_null_where_the_engine_follows(hop: Hop) -> bool:
    if hop.engine.preflights_keep_origin:
        return lines(hop.request, ORIGIN) in ([], [b"null"])
    return origin_is_null(hop)


RULES.append(
    Rule(
        id="C-ORG-3",
        title="Origin is null after tainting redirects",
        sentence=(
            "Once a redirect leads from an origin other than the page's to a different origin, Origin "
            "is `null`"
        ),
        sources=(fetch("#concept-request-tainted-origin"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(names_after_taint),
        holds=every_hop(names_after_taint, origin_is_null_where_the_engine_follows),
        why=(
            "A server that redirects can make requests to another server look as if the page itself "
            "had chosen them."
        ),
        repair=(
            "Send `Origin: null` on requests and preflights from that redirect on, even when it leads "
            "back to the page's own origin."
        ),
        counterexample=(
            redirected(GET, replace(NEXT, url_origin=OTHER))[0],
            replace(redirected(GET, replace(NEXT, url_origin=OTHER))[1], request=sends(path="/next")),
        ),
    )
)


def is_sent(hop: Hop) -> bool:
    return hop.request is not None


def origin_is_sent_where_due(hop: Hop) -> bool:
    kept = hop.engine.redirects_keep_origin_header and hop.fetch.became_get
    due = is_foreign(hop) or method(hop) not in ("GET", "HEAD") or kept
    return bool(lines(hop.request, ORIGIN)) == due


RULES.append(
    Rule(
        id="C-ORG-4",
        title="Which requests have an Origin header",
        sentence=(
            "Cross-origin requests and requests with a method other than GET and HEAD have Origin, "
            "other requests do not"
        ),
        sources=(fetch("#append-a-request-origin-header"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_sent),
        holds=every_hop(is_sent, origin_is_sent_where_due),
        why=(
            "Without Origin a server cannot allow the page or detect forged requests. Where it is not "
            "due, it confuses servers and caches."
        ),
        repair=(
            "Add Origin to every cross-origin request and every request with a method other than GET "
            "and HEAD, and to no other."
        ),
        counterexample=(did(GET, None, None, sends(origin=""), says()),),
    )
)
