"""How the browser rules read an account: what was asked, where it goes, what was sent and answered.

It is written from the standard's sentences, not from `spec.browser`, so that each is a check on the other.
That is asked one thing only: whether an engine is known to preflight a fetch otherwise than the standard.
"""

import re
from itertools import pairwise

from spec.browser import STANDARD, Account, preflight_request
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


def method(account: Account) -> str:
    """The method as it must be sent."""
    asked = account.fetch.method
    return UPPER_CASE.get(asked.lower(), asked)


def method_is_safelisted(account: Account) -> bool:
    """GET, HEAD and POST never need a preflight."""
    return method(account) in ("GET", "HEAD", "POST")


def has_flag(account: Account) -> bool:
    """The script watches the upload, or streams it, which always takes a preflight.

    Engines that see no upload where there is no body are left out.
    """
    fetch = account.fetch
    uploads = account.engine.preflights_uploads_without_body or method(account) not in ("GET", "HEAD")
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


def is_forbidden_override(account: Account, name: bytes, value: bytes) -> bool:
    """A header that overrides the method with a forbidden one."""
    found = elements([value]) if account.engine.splits_inside_quotes else pieces(value)
    return name in OVERRIDES and any(piece.upper() in (b"CONNECT", b"TRACE", b"TRACK") for piece in found)


def is_forbidden(account: Account, name: bytes, value: bytes) -> bool:
    """A script may not set this header; it is dropped."""
    return (
        name in NOT_FOR_SCRIPTS
        or name in account.engine.further_forbidden_headers
        or name.startswith((b"proxy-", b"sec-"))
        or is_forbidden_override(account, name, value)
    )


def script_headers(account: Account) -> list[tuple[bytes, bytes]]:
    """What the script set: names in lower case, values without blanks and line ends around them.

    To watch an upload takes an XMLHttpRequest, and that joins the values of a name.
    """
    found = [(octets(name.lower()), octets(value.strip("\t\n\r "))) for name, value in account.fetch.headers]
    if not account.fetch.upload_listener:
        return found
    return [(name, b", ".join(v for n, v in found if n == name)) for name in dict(found)]


def sent_headers(account: Account) -> list[tuple[bytes, bytes]]:
    """What of it may be sent."""
    return [line for line in script_headers(account) if not is_forbidden(account, *line)]


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


def safelisted_length(account: Account) -> int:
    """How long the values of all safelisted headers are together."""
    return sum(len(value) for name, value in sent_headers(account) if is_safelisted(name, value))


def unsafe_names(account: Account) -> set[bytes]:
    """The names that take a preflight."""
    too_long = safelisted_length(account) > 1024
    return {name for name, value in sent_headers(account) if too_long or not is_safelisted(name, value)}


def throws(account: Account) -> bool:
    """The script gets a TypeError before anything is sent."""
    return (
        has_forbidden_method(account)
        or has_invalid_header(account)
        or has_a_body_that_get_cannot_have(account)
    )


def has_forbidden_method(account: Account) -> bool:
    """The script asked for a forbidden method, or for one that is not a token."""
    asked = account.fetch.method
    return asked.upper() in ("CONNECT", "TRACE", "TRACK") or not is_token(octets(asked))


def has_a_body_that_get_cannot_have(account: Account) -> bool:
    """A streamed body with GET or HEAD, which throws."""
    return account.fetch.stream_body and method(account) in ("GET", "HEAD")


def has_invalid_header(account: Account) -> bool:
    """The script set a name or a value that no header can have."""
    return any(
        not is_token(octets(name)) or NEVER_IN_VALUES.search(value.strip("\t\n\r ")) is not None
        for name, value in account.fetch.headers
    )


# Reading where it goes


def is_foreign(account: Account) -> bool:
    """The response is subject to CORS: this URL, or one on the way, is not of the page's origin.

    An opaque page has the origin `null`, which is that of no URL.
    """
    return {account.fetch.url_origin, *account.fetch.redirected_from} != {account.fetch.page_origin}


def is_tainted(account: Account) -> bool:
    """A redirect has led from an origin that is not the page's to another origin."""
    way = (*account.fetch.redirected_from, account.fetch.url_origin)
    return any(here not in (there, account.fetch.page_origin) for here, there in pairwise(way))


def origin(account: Account) -> bytes:
    """The Origin that the request must name, and that must be allowed."""
    return b"null" if is_tainted(account) else octets(account.fetch.page_origin)


def with_credentials(account: Account) -> bool:
    """The script asked for cookies and authentication."""
    return account.fetch.credentials == "include"


# Reading what was sent and answered


def sends_anything(account: Account) -> bool:
    """Something went over the network."""
    return account.preflight_request is not None or account.request is not None


def asked_names(account: Account) -> frozenset[bytes]:
    """The header names that the preflight asked for; none when there was no preflight."""
    return names(lines(account.preflight_request, ACRH))


def shares(response: Response | None, asker: bytes, credentials: bool) -> bool:
    """The response lets this origin read it."""
    allowed = answer_value(response, ACAO)
    if not credentials:
        return allowed in (b"*", asker)
    return allowed == asker and answer_value(response, ACAC) == b"true"


def listed_methods(account: Account) -> list[bytes]:
    """The methods that the answer to the preflight lists, or none when it lists no tokens."""
    found = lines(account.preflight_response, ACAM)
    if has_flag(account) and not found and account.engine.unlisted_method_of_upload_is_allowed:
        return [octets(method(account))]
    return tokens(found) or []


def listed_names(response: Response | None, name: str) -> frozenset[bytes]:
    """The header names in this list of names, in lower case, or none when they are no tokens."""
    return frozenset(element.lower() for element in tokens(lines(response, name)) or [])


def is_answered(account: Account) -> bool:
    """There was a preflight, and an answer to it."""
    return account.preflight_response is not None


def proceeds(account: Account) -> bool:
    """After the preflight, the request was sent."""
    return account.request is not None


def preflight_shares(account: Account) -> bool:
    """The answer to the preflight lets the origin that it named read it."""
    named = lines(account.preflight_request, ORIGIN) or [origin(account)]
    return shares(account.preflight_response, named[0], with_credentials(account))


def preflight_is_unchecked(account: Account) -> bool:
    """A redirect has led back to the page's own server, whose answer to a preflight passes any CORS check."""
    return account.engine.preflights_keep_origin and account.fetch.url_origin == account.fetch.page_origin


def lists_are_lists(account: Account) -> bool:
    """Methods and headers in the answer to the preflight are lists of tokens."""
    return all(tokens(lines(account.preflight_response, name)) is not None for name in (ACAM, ACAH))


def method_is_covered(account: Account) -> bool:
    """The preflight's answer lets the method through."""
    listed = listed_methods(account)
    return (
        method_is_safelisted(account)
        or octets(method(account)) in listed
        or (b"*" in listed and not with_credentials(account))
    )


def names_are_covered(account: Account) -> bool:
    """The preflight's answer lets all names through that must be asked for."""
    listed = listed_names(account.preflight_response, ACAH)
    return asked_names(account) <= listed or (b"*" in listed and not with_credentials(account))


def authorization_is_named(account: Account) -> bool:
    """The preflight's answer names Authorization itself."""
    return b"authorization" in listed_names(account.preflight_response, ACAH)


def sends_authorization(account: Account) -> bool:
    """The script set Authorization."""
    return any(name == b"authorization" for name, _ in sent_headers(account))


def wildcard_for_authorization(account: Account) -> bool:
    """A `*` that, but for its being Authorization, would cover it; engines that let it do so are left out."""
    return (
        sends_authorization(account)
        and not with_credentials(account)
        and not authorization_is_named(account)
        and b"*" in listed_names(account.preflight_response, ACAH)
    )


def authorization_is_judged(account: Account) -> bool:
    """Authorization must have been named, and the engine is not known to let a wildcard do."""
    if not is_answered(account) or not sends_authorization(account):
        return False
    return not (account.engine.wildcard_covers_authorization and wildcard_for_authorization(account))


def grants(account: Account) -> bool:
    """There was a preflight, and its answer permits the request in every respect."""
    return (
        200 <= status(account.preflight_response) < 300
        and preflight_shares(account)
        and lists_are_lists(account)
        and method_is_covered(account)
        and names_are_covered(account)
        and (not authorization_is_judged(account) or authorization_is_named(account))
    )


def is_judged(account: Account) -> bool:
    """There is a response that is subject to CORS."""
    return account.response is not None and is_foreign(account)


def redirects(account: Account) -> bool:
    """The response leads to another URL, so that more than CORS decides what becomes of it.

    Engines to which an empty Location is none are left out.
    """
    location = answer_value(account.response, LOCATION)
    leads = location is not None and (location != b"" or account.engine.empty_location != "none")
    return leads and status(account.response) in REDIRECT_STATUSES


def is_final(account: Account) -> bool:
    """The answer was judged, and it leads nowhere else."""
    return is_judged(account) and not redirects(account)


def allowed_origin(account: Account) -> bytes | None:
    """The combined value of Access-Control-Allow-Origin."""
    return answer_value(account.response, ACAO)


def readable_by_list(account: Account) -> bool:
    """A response that a script may read, of another origin."""
    return is_judged(account) and account.outcome.allowed


def exposed_names(account: Account) -> frozenset[str]:
    """What Access-Control-Expose-Headers lists, `*` included."""
    return frozenset(name.decode() for name in listed_names(account.response, ACEH))


def present_names(account: Account) -> frozenset[str]:
    """The names of all header lines of the answer, in lower case."""
    headers = account.response.headers if account.response else ()
    return frozenset(name.decode(LATIN_1).lower() for name, _ in headers)


def exposes_all(account: Account) -> bool:
    """A wildcard that counts exposes every header."""
    return readable_by_list(account) and "*" in exposed_names(account) and not with_credentials(account)


def exposes_some(account: Account) -> bool:
    """The answer names the headers that it exposes."""
    return readable_by_list(account) and not exposes_all(account)


# Declared deviations


def engine_differs(account: Account) -> bool:
    """The engine is known to preflight this fetch otherwise than the standard says."""
    asked, due = (preflight_request(account.fetch, engine) for engine in (account.engine, STANDARD))
    return (asked is None) != (due is None) or lines(asked, ACRH) != lines(due, ACRH)


def is_classified(account: Account) -> bool:
    """Whether a preflight is needed is for the standard alone to say."""
    return is_foreign(account) and not throws(account) and not engine_differs(account)


def needs_preflight(account: Account) -> bool:
    """The standard asks for a preflight, unless one is remembered."""
    return not method_is_safelisted(account) or has_flag(account) or bool(unsafe_names(account))
