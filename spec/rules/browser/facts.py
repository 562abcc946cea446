"""How the browser rules read a hop: what was asked, where it goes, what was sent and answered.

It is written from the standard's sentences, not from `spec.browser`, so that each is a check on the other.
That is asked one thing only: whether an engine is known to preflight a fetch otherwise than the standard.
"""

import re
from functools import lru_cache
from itertools import pairwise

from spec.browser import STANDARD, Engine, Fetch, Hop, preflight_request
from spec.http import OWS, Request, Response, combined, elements, is_token, names, tokens

LATIN_1 = "latin-1"

ACAO = "access-control-allow-origin"
ACAC = "access-control-allow-credentials"
ACAM = "access-control-allow-methods"
ACAH = "access-control-allow-headers"
ACEH = "access-control-expose-headers"
ACRM = "access-control-request-method"
ACRH = "access-control-request-headers"
MAX_AGE = "access-control-max-age"
ACCEPT = "accept"
AUTHORIZATION = "authorization"
COOKIE = "cookie"
LOCATION = "location"
ORIGIN = "origin"

UPPER_CASE = {name.lower(): name for name in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")}

ALWAYS_READABLE = frozenset(
    "cache-control content-language content-length content-type expires last-modified pragma".split()
)
NEVER_READABLE = frozenset({"set-cookie", "set-cookie2"})
NOT_FOR_SCRIPTS = frozenset(
    b"accept-charset accept-encoding access-control-request-headers access-control-request-method connection "
    b"content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer "
    b"transfer-encoding upgrade via".split()
)
SET_IN_REQUESTS = frozenset({ORIGIN.encode()})
SET_IN_PREFLIGHTS = SET_IN_REQUESTS | {ACRM.encode(), ACRH.encode()}
OVERRIDES = frozenset({b"x-http-method", b"x-http-method-override", b"x-method-override"})
ABOUT_THE_BODY = frozenset({b"content-encoding", b"content-language", b"content-location", b"content-type"})

NEVER_IN_VALUES = re.compile(r"[\0\r\n\u0100-\U0010ffff]")
SAFE_ACCEPT = re.compile(rb"[\t !#-'*+,\-./0-9;=A-Z^_`a-z|~\x80-\xff]*")
SAFE_LANGUAGE = re.compile(rb"[0-9A-Za-z *,\-.;=]*")
FORM_TYPE = re.compile(
    rb"(application/x-www-form-urlencoded|multipart/form-data|text/plain)[\t ]*(;.*)?",
    re.IGNORECASE | re.DOTALL,
)
LANGUAGES = (b"accept-language", b"content-language")
ONE_RANGE = re.compile(rb"bytes=([0-9]+)-([0-9]*)")
JUDGED_BY_VALUE = (b"accept", *LANGUAGES, b"content-type", b"range")
REDIRECT_STATUSES = (301, 302, 303, 307, 308)


# Reading what may not be there


def lines(message: Request | Response | None, name: str) -> list[bytes]:
    """The values of all lines of this name; there are none where nothing was sent or answered."""
    return message.lines(name) if message else []


def status(response: Response | None) -> int:
    """The status of an answer; 0 where there was none."""
    return response.status if response else 0


def answer_value(response: Response | None, name: str) -> bytes | None:
    """The value of all lines of a name, blanks around each stripped; None when there is no line."""
    headers = response.headers if response else ()
    return combined(tuple((field, value.strip(OWS)) for field, value in headers), name)


def octets(text: str) -> bytes:
    """The bytes that a script means by a string, `?` for what is none."""
    return text.encode(LATIN_1, "replace")


# Reading what a script asked for


def method(hop: Hop) -> str:
    """The method as it must be sent."""
    asked = hop.fetch.method
    return UPPER_CASE.get(asked.lower(), asked)


def method_is_safelisted(hop: Hop) -> bool:
    """GET, HEAD and POST never need a preflight."""
    return method(hop) in ("GET", "HEAD", "POST")


def has_flag(hop: Hop) -> bool:
    """There is an upload listener or a streamed body, which always takes a preflight.

    Engines that see no upload where there is no body are left out.
    """
    fetch = hop.fetch
    uploads = hop.engine.preflights_uploads_without_body or method(hop) not in ("GET", "HEAD")
    return fetch.stream_body or fetch.flagged or (fetch.upload_listener and uploads)


def pieces(value: bytes) -> list[bytes]:
    """The elements of a list whose commas do not count inside quotes."""
    found, quoted, escaped = [b""], False, False
    for byte in value:
        char = bytes([byte])
        if char == b"," and not quoted:
            found.append(b"")
            continue
        if char == b'"' and not escaped:
            quoted = not quoted
        escaped = quoted and char == b"\\" and not escaped
        found[-1] += char
    return [piece.strip(OWS) for piece in found]


def is_quoted_override(name: bytes, value: bytes) -> bool:
    """A header that can override the method, with a quotation mark in its value."""
    return name in OVERRIDES and b'"' in value


def is_forbidden_override(hop: Hop, name: bytes, value: bytes) -> bool:
    """A header that overrides the method with a forbidden one."""
    found = elements([value]) if hop.engine.splits_inside_quotes else pieces(value)
    return name in OVERRIDES and any(piece.upper() in (b"CONNECT", b"TRACE", b"TRACK") for piece in found)


def is_forbidden(hop: Hop, name: bytes, value: bytes) -> bool:
    """A script may not set this header; it is dropped."""
    return (
        name in NOT_FOR_SCRIPTS
        or name in hop.engine.further_forbidden_headers
        or name.startswith((b"proxy-", b"sec-"))
        or is_forbidden_override(hop, name, value)
    )


def script_headers(hop: Hop) -> list[tuple[bytes, bytes]]:
    """What the script set: names in lower case, values without blanks and line ends around them.

    An upload listener takes an XMLHttpRequest, and that joins the values of a name.
    """
    found = [(octets(name.lower()), octets(value.strip("\t\n\r "))) for name, value in hop.fetch.headers]
    if not hop.fetch.upload_listener:
        return found
    return [(name, b", ".join(v for n, v in found if n == name)) for name in dict(found)]


def sent_headers(hop: Hop) -> list[tuple[bytes, bytes]]:
    """What of it may be sent."""
    return [line for line in script_headers(hop) if not is_forbidden(hop, *line)]


def value_is_safe(name: bytes, value: bytes) -> bool:
    """The value of one of the five headers whose value decides whether a preflight is needed."""
    if name == b"accept":
        return SAFE_ACCEPT.fullmatch(value) is not None
    if name in LANGUAGES:
        return SAFE_LANGUAGE.fullmatch(value) is not None
    if name == b"content-type":
        return SAFE_ACCEPT.fullmatch(value) is not None and FORM_TYPE.fullmatch(value) is not None
    span = ONE_RANGE.fullmatch(value)
    return span is not None and (not span[2] or int(span[1]) <= int(span[2]))


def is_safelisted(name: bytes, value: bytes) -> bool:
    """A header that needs no preflight."""
    return name in JUDGED_BY_VALUE and len(value) <= 128 and value_is_safe(name, value)


def safelisted_length(hop: Hop) -> int:
    """How long the values of all safelisted headers are together."""
    return sum(len(value) for name, value in sent_headers(hop) if is_safelisted(name, value))


def unsafe_names(hop: Hop) -> set[bytes]:
    """The names that take a preflight."""
    too_long = safelisted_length(hop) > 1024
    return {name for name, value in sent_headers(hop) if too_long or not is_safelisted(name, value)}


def throws(hop: Hop) -> bool:
    """The script gets a TypeError before anything is sent."""
    return has_forbidden_method(hop) or has_invalid_header(hop) or has_a_body_that_get_cannot_have(hop)


def has_forbidden_method(hop: Hop) -> bool:
    """The script asked for a forbidden method, or for one that is not a token."""
    asked = hop.fetch.method
    return asked.upper() in ("CONNECT", "TRACE", "TRACK") or not is_token(octets(asked))


def has_a_body_that_get_cannot_have(hop: Hop) -> bool:
    """A streamed body with GET or HEAD, which throws."""
    return hop.fetch.stream_body and method(hop) in ("GET", "HEAD")


def has_invalid_header(hop: Hop) -> bool:
    """The script set a name or a value that no header can have."""
    return any(
        not is_token(octets(name)) or NEVER_IN_VALUES.search(value.strip("\t\n\r ")) is not None
        for name, value in hop.fetch.headers
    )


# Reading where it goes


def is_foreign(hop: Hop) -> bool:
    """The response is subject to CORS: this URL, or one on the way, is not of the page's origin.

    An opaque page has the origin `null`, which is that of no URL.
    """
    return {hop.fetch.url_origin, *hop.fetch.redirected_from} != {hop.fetch.page_origin}


def is_tainted(hop: Hop) -> bool:
    """A redirect has led from an origin that is not the page's to another origin."""
    way = (*hop.fetch.redirected_from, hop.fetch.url_origin)
    return any(here not in (there, hop.fetch.page_origin) for here, there in pairwise(way))


def origin(hop: Hop) -> bytes:
    """The Origin that the request must name, and that must be allowed."""
    return b"null" if is_tainted(hop) else octets(hop.fetch.page_origin)


def with_credentials(hop: Hop) -> bool:
    """The script asked for cookies and authentication."""
    return hop.fetch.credentials == "include"


# Reading what was sent and answered


def sends_anything(hop: Hop) -> bool:
    """Something went over the network."""
    return hop.preflight_request is not None or hop.request is not None


def asked_names(hop: Hop) -> frozenset[bytes]:
    """The header names that the preflight asked for; none when there was no preflight."""
    return names(lines(hop.preflight_request, ACRH))


def shares(response: Response | None, asker: bytes, credentials: bool) -> bool:
    """The response lets this origin read it."""
    allowed = answer_value(response, ACAO)
    if not credentials:
        return allowed in (b"*", asker)
    return allowed == asker and answer_value(response, ACAC) == b"true"


def listed_methods(hop: Hop) -> list[bytes]:
    """The methods that the answer to the preflight lists, or none when it lists no tokens."""
    found = lines(hop.preflight_response, ACAM)
    if has_flag(hop) and not found and hop.engine.unlisted_method_of_upload_is_allowed:
        return [octets(method(hop))]
    return tokens(found) or []


def listed_names(response: Response | None, name: str) -> frozenset[bytes]:
    """The header names in this list of names, in lower case, or none when they are no tokens."""
    return frozenset(element.lower() for element in tokens(lines(response, name)) or [])


def is_answered(hop: Hop) -> bool:
    """There was a preflight, and an answer to it."""
    return hop.preflight_response is not None


def proceeds(hop: Hop) -> bool:
    """After the preflight, the request was sent."""
    return hop.request is not None


def preflight_shares(hop: Hop) -> bool:
    """The answer to the preflight lets the origin that it named read it."""
    named = lines(hop.preflight_request, ORIGIN) or [origin(hop)]
    return shares(hop.preflight_response, named[0], with_credentials(hop))


def preflight_is_unchecked(hop: Hop) -> bool:
    """A redirect has led back to the page's own server, whose answer to a preflight passes any CORS check."""
    return hop.engine.preflights_keep_origin and hop.fetch.url_origin == hop.fetch.page_origin


def lists_are_lists(hop: Hop) -> bool:
    """Methods and headers in the answer to the preflight are lists of tokens."""
    return all(tokens(lines(hop.preflight_response, name)) is not None for name in (ACAM, ACAH))


def method_is_covered(hop: Hop) -> bool:
    """The preflight's answer lets the method through."""
    listed = listed_methods(hop)
    return (
        method_is_safelisted(hop)
        or octets(method(hop)) in listed
        or (b"*" in listed and not with_credentials(hop))
    )


def names_are_covered(hop: Hop) -> bool:
    """The preflight's answer lets all names through that must be asked for."""
    listed = listed_names(hop.preflight_response, ACAH)
    return asked_names(hop) <= listed or (b"*" in listed and not with_credentials(hop))


def authorization_is_named(hop: Hop) -> bool:
    """The preflight's answer names Authorization itself."""
    return b"authorization" in listed_names(hop.preflight_response, ACAH)


def sends_authorization(hop: Hop) -> bool:
    """The script set Authorization."""
    return any(name == b"authorization" for name, _ in sent_headers(hop))


def wildcard_for_authorization(hop: Hop) -> bool:
    """A `*` that, but for its being Authorization, would cover it; engines that let it do so are left out."""
    return (
        sends_authorization(hop)
        and not with_credentials(hop)
        and not authorization_is_named(hop)
        and b"*" in listed_names(hop.preflight_response, ACAH)
    )


def authorization_is_judged(hop: Hop) -> bool:
    """Authorization must have been named, and the engine is not known to let a wildcard do."""
    if not is_answered(hop) or not sends_authorization(hop):
        return False
    return not (hop.engine.wildcard_covers_authorization and wildcard_for_authorization(hop))


def grants(hop: Hop) -> bool:
    """There was a preflight, and its answer permits the request in every respect."""
    return (
        200 <= status(hop.preflight_response) < 300
        and preflight_shares(hop)
        and lists_are_lists(hop)
        and method_is_covered(hop)
        and names_are_covered(hop)
        and (not authorization_is_judged(hop) or authorization_is_named(hop))
    )


def is_judged(hop: Hop) -> bool:
    """There is a response that is subject to CORS."""
    return hop.response is not None and is_foreign(hop)


def redirects(hop: Hop) -> bool:
    """The response leads to another URL, so that more than CORS decides what becomes of it.

    Engines to which an empty Location is none are left out.
    """
    location = answer_value(hop.response, LOCATION)
    leads = location is not None and (location != b"" or hop.engine.empty_location != "none")
    return leads and status(hop.response) in REDIRECT_STATUSES


def is_final(hop: Hop) -> bool:
    """The answer was judged, and it leads nowhere else."""
    return is_judged(hop) and not redirects(hop)


def allowed_origin(hop: Hop) -> bytes | None:
    """The combined value of Access-Control-Allow-Origin."""
    return answer_value(hop.response, ACAO)


def readable_by_list(hop: Hop) -> bool:
    """A response that a script may read, of another origin."""
    return is_judged(hop) and hop.outcome.allowed


def exposed_names(hop: Hop) -> frozenset[str]:
    """What Access-Control-Expose-Headers lists, `*` included."""
    return frozenset(name.decode() for name in listed_names(hop.response, ACEH))


def present_names(hop: Hop) -> frozenset[str]:
    """The names of all header lines of the answer, in lower case."""
    headers = hop.response.headers if hop.response else ()
    return frozenset(name.decode(LATIN_1).lower() for name, _ in headers)


def exposes_all(hop: Hop) -> bool:
    """A wildcard that counts exposes every header."""
    return readable_by_list(hop) and "*" in exposed_names(hop) and not with_credentials(hop)


def exposes_some(hop: Hop) -> bool:
    """The answer names the headers that it exposes."""
    return readable_by_list(hop) and not exposes_all(hop)


# Declared deviations


def engine_differs(hop: Hop) -> bool:
    """The engine is known to preflight this fetch otherwise than the standard says."""
    return _remembered_difference(hop.fetch, hop.engine)


def _differs(fetch: Fetch, engine: Engine) -> bool:
    asked, due = (preflight_request(fetch, each) for each in (engine, STANDARD))
    return (asked is None) != (due is None) or lines(asked, ACRH) != lines(due, ACRH)


_remembered_difference = lru_cache(maxsize=64)(_differs)  # many rules ask it of one hop


def is_classified(hop: Hop) -> bool:
    """Whether a preflight is needed is for the standard alone to say."""
    return is_foreign(hop) and not throws(hop) and not engine_differs(hop)


def needs_preflight(hop: Hop) -> bool:
    """The standard asks for a preflight, unless one is remembered."""
    return not method_is_safelisted(hop) or has_flag(hop) or bool(unsafe_names(hop))
