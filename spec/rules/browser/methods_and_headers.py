"""Which methods and headers a script may use."""

from dataclasses import replace

from spec.browser import Hop
from spec.http import Request
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
    ACRM,
    LATIN_1,
    OVERRIDES,
    SET_IN_PREFLIGHTS,
    SET_IN_REQUESTS,
    asked_names,
    has_a_body_that_get_cannot_have,
    has_flag,
    has_forbidden_method,
    has_invalid_header,
    is_classified,
    is_forbidden,
    is_forbidden_override,
    is_quoted_override,
    lines,
    method,
    method_is_safelisted,
    octets,
    script_headers,
    sends_anything,
    sent_headers,
    unsafe_names,
)
from spec.rules.browser.hops import every_hop, every_new_hop, some_hop, some_new_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def method_is_normalized(hop: Hop) -> bool:
    return (hop.request is None or hop.request.method == method(hop)) and all(
        line == octets(method(hop)) for line in lines(hop.preflight_request, ACRM)
    )


RULES.append(
    Rule(
        id="C-MTH-1",
        title="Six methods are sent in upper case",
        sentence=(
            "DELETE, GET, HEAD, OPTIONS, POST and PUT are sent in upper case in requests and "
            "preflights, other methods exactly as the page wrote them"
        ),
        sources=(fetch("#concept-method-normalize"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(sends_anything),
        holds=every_hop(sends_anything, method_is_normalized),
        why=(
            "Servers compare methods exactly, so they reject a request or preflight whose method has "
            "the wrong letter case."
        ),
        repair=(
            "Convert only these six methods to upper case, in the request and in "
            "Access-Control-Request-Method, and leave others such as `patch` as they are."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT", fetch=replace(GET, method="put"), asked=asks("PUT")
        ),
    )
)


def sends_nothing(hop: Hop) -> bool:
    return not sends_anything(hop) and not hop.outcome.allowed


RULES.append(
    Rule(
        id="C-MTH-3",
        title="Forbidden and invalid methods are not sent",
        sentence=(
            "Nothing is sent when the method is CONNECT, TRACE or TRACK in any letter case, or is not a token"
        ),
        sources=(fetch("#forbidden-method"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_forbidden_method),
        holds=every_hop(has_forbidden_method, sends_nothing),
        why=(
            "A page can use TRACE to see headers that are hidden from it, or break the request line "
            "with an invalid method."
        ),
        repair="Throw a TypeError before anything is sent.",
        counterexample=sent_after(f"{MINE} | {METHODS}TRACE", fetch=replace(GET, method="TRACE")),
    )
)


def method_alone_decides(hop: Hop) -> bool:
    return is_classified(hop) and not has_flag(hop) and not unsafe_names(hop)


def preflight_is_for_unsafe_methods(hop: Hop) -> bool:
    return (hop.preflight_request is not None) != method_is_safelisted(hop)


RULES.append(
    Rule(
        id="C-MTH-4",
        title="Only GET, HEAD and POST skip preflights",
        sentence=(
            "If nothing else needs a preflight, a cross-origin request has one exactly when its "
            "method is not GET, HEAD or POST"
        ),
        sources=(fetch("#cors-safelisted-method"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(method_alone_decides),
        holds=every_new_hop(method_alone_decides, preflight_is_for_unsafe_methods),
        why=(
            "A page can change or delete data with PUT or DELETE before the server allowed it, or "
            "simple requests cost a preflight."
        ),
        repair=(
            "Send a preflight for every method other than GET, HEAD and POST, unless a cached result "
            "covers it."
        ),
        implies=("C-PF-1",),
        counterexample=(did(replace(GET, method="PATCH"), None, None, sends("PATCH"), says()),),
    )
)


RULES.append(
    Rule(
        id="C-MTH-5",
        title="No streamed body with GET or HEAD",
        sentence="A GET or HEAD request with a streamed body is never sent",
        sources=(fetch("#dom-request"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_a_body_that_get_cannot_have),
        holds=every_hop(has_a_body_that_get_cannot_have, sends_nothing),
        why=(
            "Servers and proxies disagree about bodies of GET and HEAD, so one may take the body for "
            "another request."
        ),
        repair="Throw a TypeError for GET or HEAD with a body before anything is sent.",
        counterexample=sent_after(MINE, fetch=replace(GET, stream_body=True)),
    )
)


def forbidden_headers(hop: Hop) -> list[tuple[bytes, bytes]]:
    """The headers that the script must not set, but for those whose quotes matter."""
    return [
        line for line in script_headers(hop) if is_forbidden(hop, *line) and not is_quoted_override(*line)
    ]


def sets_forbidden_headers(hop: Hop) -> bool:
    return sends_anything(hop) and bool(forbidden_headers(hop))


def carries(request: Request | None, own: frozenset[bytes], name: bytes, value: bytes) -> bool:
    """This header is there for the script: as a second line if it is one of the browser's own here."""
    found = lines(request, name.decode(LATIN_1))
    return len(found) > 1 if name in own else value in found


def forbidden_headers_are_dropped(hop: Hop) -> bool:
    return not any(
        carries(hop.preflight_request, SET_IN_PREFLIGHTS, name, value)
        or carries(hop.request, SET_IN_REQUESTS, name, value)
        or (name not in OVERRIDES and name in asked_names(hop))
        for name, value in forbidden_headers(hop)
    )


RULES.append(
    Rule(
        id="C-HDR-1",
        title="Pages cannot set forbidden headers",
        sentence=(
            "Forbidden request headers that a page sets are dropped: the request and its preflight "
            "are sent without them"
        ),
        sources=(fetch("#forbidden-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(sets_forbidden_headers),
        holds=every_hop(sets_forbidden_headers, forbidden_headers_are_dropped),
        why=(
            "A page can forge headers that servers trust to come from the browser, such as Origin, "
            "Host or Cookie."
        ),
        repair=(
            "Drop forbidden headers such as Host, Cookie and those starting with `Sec-` or `Proxy-`, "
            "and do not list them in Access-Control-Request-Headers."
        ),
        counterexample=(
            did(replace(GET, headers=(("Host", "a"),)), None, None, sends("GET", "host: a"), says()),
        ),
    )
)


RULES.append(
    Rule(
        id="C-HDR-3",
        title="Invalid header names and values are rejected",
        sentence=(
            "Nothing is sent when a header name is not a token, or a value has NUL, CR, LF or a "
            "character above U+00FF inside"
        ),
        sources=(fetch("#concept-headers-append"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_invalid_header),
        holds=every_hop(has_invalid_header, sends_nothing),
        why=("A page can inject further headers or a second request with a line break in a value."),
        repair="Throw a TypeError before anything is sent.",
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT | {HEADERS}x-a",
            fetch=script("X-A", "1\n2"),
            asked=asks("PUT", "x-a"),
            headers="x-a: 1\n2",
        ),
    )
)


def sends_script_headers(hop: Hop) -> bool:
    return hop.request is not None and bool(sent_headers(hop))


def values_arrive_normalized(hop: Hop) -> bool:
    headers = sent_headers(hop)
    return all(
        b", ".join(lines(hop.request, name.decode(LATIN_1))) == b", ".join(v for n, v in headers if n == name)
        for name, _ in headers
    )


RULES.append(
    Rule(
        id="P-1",
        title="Header values arrive as the page set them",
        sentence=(
            "A header value that a page sets is sent unchanged except for the white space and line "
            "breaks around it, which are removed"
        ),
        sources=(fetch("#concept-header-value-normalize"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(sends_script_headers),
        holds=every_hop(sends_script_headers, values_arrive_normalized),
        why=(
            "The server receives another value than the page set, so signatures, tokens and formats "
            "stop matching."
        ),
        repair=(
            "Strip spaces, tabs and line breaks from both ends of the value, and send the rest unchanged."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT | {HEADERS}x-a",
            fetch=script("X-A", " 1"),
            asked=asks("PUT", "x-a"),
            headers="x-a:  1",
        ),
    )
)


def quoted_overrides(hop: Hop) -> list[tuple[bytes, bytes]]:
    """The headers that the script set whose quotes matter to whether they are forbidden."""
    return [line for line in script_headers(hop) if is_quoted_override(*line)]


def has_quoted_override(hop: Hop) -> bool:
    splits = hop.engine.splits_inside_quotes
    return hop.request is not None and not splits and bool(quoted_overrides(hop))


def overrides_split_outside_quotes(hop: Hop) -> bool:
    return all(
        (value in lines(hop.request, name.decode())) != is_forbidden_override(hop, name, value)
        for name, value in quoted_overrides(hop)
    )


RULES.append(
    Rule(
        id="P-5",
        title="Quoted commas do not split override headers",
        sentence=(
            "A method override header with quotes is dropped if and only if it lists a forbidden "
            "method, where quoted commas do not split the list"
        ),
        sources=(fetch("#header-value-get-decode-and-split"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_quoted_override),
        holds=every_hop(has_quoted_override, overrides_split_outside_quotes),
        why=(
            "A page can make a server that honours X-HTTP-Method run TRACE, or a harmless header disappears."
        ),
        repair=(
            "Split X-HTTP-Method, X-HTTP-Method-Override and X-Method-Override at commas outside "
            "quotes, and drop the header if an element is CONNECT, TRACE or TRACK."
        ),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT",
            fetch=script("X-HTTP-Method", '"a",TRACE'),
            headers='x-http-method: "a",TRACE',
        ),
    )
)
