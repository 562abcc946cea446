"""Where our middleware answers otherwise than Starlette 1.10's: each difference, its reason and a witness.

A divergence applies to a case exactly if it makes the answers differ; where none applies they are equal.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from spec.config import Config
from spec.http import Headers, Request, Response, elements, names
from spec.origin import is_origin_shaped
from spec.policy import (
    STANDARD_METHODS,
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    any_origin_is_allowed,
    asks_for_private_network,
    exposed_headers,
    has_origin,
    headers_are_allowed,
    method_is_allowed,
    origin_is_allowed,
    requested_headers,
    requested_methods,
)
from spec.rules.record import Exchange
from spec.rules.server.facts import app as app_of

Case = tuple[Config, Request, Response]

ACAO, ACAC, ACEH = (
    f"access-control-{rest}" for rest in ("allow-origin", "allow-credentials", "expose-headers")
)


@dataclass(frozen=True)
class Divergence:
    """A named difference: what Starlette does, what we do, why, when, and a case that shows it."""

    name: str
    theirs: str
    ours: str
    reason: str
    applies: Callable[[Exchange], bool]
    witness: Case


# What Starlette reads: the first line of a name


def first(request: Request, name: str) -> bytes | None:
    values = request.lines(name)
    return values[0] if values else None


def they_allow_the_origin(config: Config, request: Request) -> bool:
    value = first(request, "origin")
    if value is None:
        return False
    text = value.decode("latin-1")
    by_regex = config.allow_origin_regex is not None and re.fullmatch(config.allow_origin_regex, text)
    return any_origin_is_allowed(config) or bool(by_regex) or text in config.allow_origins


def trusted_preflight(exchange: Exchange) -> bool:
    """A preflight whose origin both allow: what else differs is seen here."""
    return exchange.is_preflight and exchange.origin_is_allowed


# Origins


def origin_is_doubled(exchange: Exchange) -> bool:
    doubled = len(exchange.request.lines("origin")) > 1 and not exchange.origin_is_allowed
    # Where the application itself names the origin that they would, nothing differs.
    named = not exchange.is_preflight and app_of(exchange).lines(ACAO) == [first(exchange.request, "origin")]
    return doubled and they_allow_the_origin(exchange.config, exchange.request) and not named


def regex_matches_what_is_no_origin(exchange: Exchange) -> bool:
    values = exchange.request.lines("origin")
    shapeless = len(values) == 1 and not is_origin_shaped(values[0])
    return (
        shapeless
        and they_allow_the_origin(exchange.config, exchange.request)
        and not origin_is_allowed(exchange.config, values[0])
    )


def pattern_is_read_as_an_origin(exchange: Exchange) -> bool:
    """They refuse what a pattern matches, and allow who sends the pattern as it is written."""
    values = exchange.request.lines("origin")
    if len(values) != 1 or not is_origin_shaped(values[0]):
        return False
    # Where the application itself names the origin, nothing differs.
    named = not exchange.is_preflight and app_of(exchange).lines(ACAO) == values
    otherwise = they_allow_the_origin(exchange.config, exchange.request) != exchange.origin_is_allowed
    return otherwise and not named


def refused_origin_is_told_the_policy(exchange: Exchange) -> bool:
    return exchange.is_preflight and not exchange.origin_is_allowed


def refused_origin_gets_permissions(exchange: Exchange) -> bool:
    """Credentials and exposed headers are configured, and would change the application's own lines."""
    if exchange.is_preflight or not has_origin(exchange.request) or exchange.origin_is_allowed:
        return False
    added = {ACAC: [b"true"]} if exchange.config.allow_credentials else {}
    if exchange.config.expose_headers:
        added[ACEH] = [", ".join(exchange.config.expose_headers).encode()]
    return any(app_of(exchange).lines(name) != value for name, value in added.items())


# Preflights


def methods_are_listed_otherwise(exchange: Exchange) -> bool:
    theirs = (
        STANDARD_METHODS if "*" in exchange.config.allow_methods else tuple(exchange.config.allow_methods)
    )
    return trusted_preflight(exchange) and (theirs != allowed_methods(exchange.config) or not theirs)


def method_is_asked_for_twice(exchange: Exchange) -> bool:
    asked = requested_methods(exchange.request)
    several = trusted_preflight(exchange) and len(set(asked)) > 1
    return several and method_is_allowed(exchange.config, asked[0])


def headers_are_listed_otherwise(exchange: Exchange) -> bool:
    if not trusted_preflight(exchange) or any_header_is_allowed(exchange.config):
        return False
    always = {"Accept", "Accept-Language", "Content-Language", "Content-Type"}
    return tuple(sorted(always | set(exchange.config.allow_headers))) != allowed_headers(exchange.config)


def any_header_is_mirrored_otherwise(exchange: Exchange) -> bool:
    if not trusted_preflight(exchange) or not any_header_is_allowed(exchange.config):
        return False
    asked = requested_headers(exchange.request)
    theirs = first(exchange.request, "access-control-request-headers")
    return asked is None or theirs != (b", ".join(asked) if asked else None)


def requested_headers_are_read_otherwise(exchange: Exchange) -> bool:
    if not trusted_preflight(exchange) or any_header_is_allowed(exchange.config):
        return False
    asked = requested_headers(exchange.request)
    we_allow = asked is not None and headers_are_allowed(exchange.config, asked)
    text = first(exchange.request, "access-control-request-headers")
    known = {name.lower() for name in allowed_headers(exchange.config)}
    they_allow = text is None or all(
        part.strip() in known for part in text.decode("latin-1").lower().split(",")
    )
    return we_allow != they_allow


def private_network_is_read_otherwise(exchange: Exchange) -> bool:
    they_see = bool(exchange.request.lines("access-control-request-private-network"))
    return trusted_preflight(exchange) and they_see != asks_for_private_network(exchange.request)


def private_network_is_granted_on_a_refusal(exchange: Exchange) -> bool:
    asked = trusted_preflight(exchange) and asks_for_private_network(exchange.request)
    return asked and exchange.config.allow_private_network and bool(exchange.refused)


# Actual responses


def vary_is_written_otherwise(exchange: Exchange) -> bool:
    """What they write, all values as they are and Origin, is not what we write."""
    if exchange.is_preflight:
        return False
    values = app_of(exchange).lines("vary")
    nominated = names(values)
    if b"*" in nominated or b"origin" in nominated:
        return True
    ours = b", ".join([*elements(values), b"Origin"])
    return b", ".join([*values, b"Origin"]) != ours


def apps_credentials_stay(exchange: Exchange) -> bool:
    shared = not exchange.is_preflight and exchange.origin_is_allowed
    return shared and not exchange.config.allow_credentials and bool(app_of(exchange).lines(ACAC))


def exposed_headers_are_repeated(exchange: Exchange) -> bool:
    shared = not exchange.is_preflight and exchange.origin_is_allowed
    return shared and len(exposed_headers(exchange.config)) != len(exchange.config.expose_headers)


def apps_upper_case_names_are_overlooked(exchange: Exchange) -> bool:
    """The application spells a name that is set, or Vary, with capitals: they add a second line."""
    if exchange.is_preflight:
        return False
    edited = {b"vary"}
    if has_origin(exchange.request):
        if they_allow_the_origin(exchange.config, exchange.request):
            edited.add(ACAO.encode())
        if exchange.config.allow_credentials:
            edited.add(ACAC.encode())
        if exchange.config.expose_headers:
            edited.add(ACEH.encode())
    return any(name != name.lower() and name.lower() in edited for name, _ in app_of(exchange).headers)


LISTED = Config(
    allow_origins=("https://a.example",), allow_methods=("GET", "PUT"), allow_headers=("X-Token",)
)
ANY_HEADER = Config(allow_origins=("https://a.example",), allow_headers=("*",))
BELOW_A = Config(allow_origins=("https://*.a.example",))
REGEX = Config(allow_origin_regex=r"https://.*\.example\.org")
PRIVATE = Config(allow_origins=("https://a.example",), allow_private_network=True)
CREDENTIALS = Config(allow_origins=("https://a.example",), allow_credentials=True)
EXPOSED = Config(allow_origins=("https://a.example",), expose_headers=("X-Count", "X-Count"))


def sent(*values: tuple[str, str], method: str = "GET") -> Request:
    return Request(method, tuple((name.encode(), value.encode()) for name, value in values))


def asked(*more: tuple[str, str], origin: str = "https://a.example", method: str = "GET") -> Request:
    first_lines = (("origin", origin), ("access-control-request-method", method))
    return sent(*first_lines, *more, method="OPTIONS")


def app(*values: tuple[str, str]) -> Response:
    headers: Headers = tuple((name.encode(), value.encode()) for name, value in values)
    return Response(200, headers, b"hello")


REQUEST_HEADERS = "access-control-request-headers"
PRIVATE_NETWORK = "access-control-request-private-network"
FROM_A = sent(("origin", "https://a.example"))

DIVERGENCES = (
    Divergence(
        "two Origin lines",
        theirs="reads the first",
        ours="allows neither, unless all origins are allowed",
        reason="no browser sends two, so somebody put one in; Fetch knows one value only",
        applies=origin_is_doubled,
        witness=(LISTED, sent(("origin", "https://a.example"), ("origin", "https://evil.example")), app()),
    ),
    Divergence(
        "an origin pattern",
        theirs="takes it for an origin, which no page has, so that it allows nobody",
        ours="allows the origins that it matches, and not its own text",
        reason="`https://*.example.com` says what most regexes are written for, and is harder to get wrong",
        applies=pattern_is_read_as_an_origin,
        witness=(BELOW_A, sent(("origin", "https://b.a.example")), app()),
    ),
    Divergence(
        "a regex and a value that is no origin",
        theirs="allows whatever the regex matches, `null` and values with a path included",
        ours="asks the regex only about values with the shape of an origin",
        reason=r"`https://.*\.example\.org` must not let `https://evil.example/.example.org` through",
        applies=regex_matches_what_is_no_origin,
        witness=(REGEX, sent(("origin", "https://evil.example/.example.org")), app()),
    ),
    Divergence(
        "a preflight from an origin that is not allowed",
        theirs="discloses the methods, the headers, Max-Age and whether credentials are allowed",
        ours="sends no CORS header",
        reason="a refusal tells unlisted origins nothing, and no cache or browser takes it for a permission",
        applies=refused_origin_is_told_the_policy,
        witness=(LISTED, asked(origin="https://evil.example"), app()),
    ),
    Divergence(
        "a response for an origin that is not allowed",
        theirs="adds Access-Control-Allow-Credentials and -Expose-Headers",
        ours="adds nothing but Vary",
        reason="permissions belong to allowed origins; the application's own CORS headers stay as they are",
        applies=refused_origin_gets_permissions,
        witness=(CREDENTIALS, sent(("origin", "https://evil.example")), app()),
    ),
    Divergence(
        "the list of allowed methods",
        theirs="drops what stands beside `*`, repeats what is configured twice, sends an empty line for none",
        ours="lists every configured method once, and sends no line when there are none",
        reason='`["*", "PURGE"]` asks for PURGE too',
        applies=methods_are_listed_otherwise,
        witness=(Config(allow_origins=("https://a.example",), allow_methods=("*", "PURGE")), asked(), app()),
    ),
    Divergence(
        "two different Access-Control-Request-Method lines",
        theirs="reads the first",
        ours="refuses the method",
        reason="it is not known which of them will be used",
        applies=method_is_asked_for_twice,
        witness=(LISTED, asked(("access-control-request-method", "DELETE")), app()),
    ),
    Divergence(
        "the list of allowed headers",
        theirs="lists every spelling of a name",
        ours="lists one spelling of each name",
        reason="field names are case-insensitive",
        applies=headers_are_listed_otherwise,
        witness=(Config(allow_origins=("https://a.example",), allow_headers=("accept",)), asked(), app()),
    ),
    Divergence(
        "`*` in allow_headers",
        theirs="repeats the bytes of the first Access-Control-Request-Headers line",
        ours="lists the names of all lines, refuses what is no list of names, or longer than 16 KiB",
        reason="nothing of a request is repeated unchecked, and nothing that it asks for is forgotten",
        applies=any_header_is_mirrored_otherwise,
        witness=(ANY_HEADER, asked((REQUEST_HEADERS, "x token")), app()),
    ),
    Divergence(
        "how requested headers are read",
        theirs="reads the first line, refuses empty elements, strips any Unicode white space",
        ours="reads all lines as one list, as HTTP says, of at most 16 KiB",
        reason="RFC 9110 sections 5.3 and 5.6.1.2; and 1 MB of names must not cost time",
        applies=requested_headers_are_read_otherwise,
        witness=(LISTED, asked((REQUEST_HEADERS, "x-token,")), app()),
    ),
    Divergence(
        "Access-Control-Request-Private-Network other than one `true`",
        theirs="takes any value for a question",
        ours="ignores it",
        reason="`true` is the only value that there is",
        applies=private_network_is_read_otherwise,
        witness=(PRIVATE, asked((PRIVATE_NETWORK, "false")), app()),
    ),
    Divergence(
        "private network access on a refused preflight",
        theirs="grants it all the same",
        ours="grants it on allowed preflights only",
        reason="a refusal grants nothing",
        applies=private_network_is_granted_on_a_refusal,
        witness=(PRIVATE, asked((PRIVATE_NETWORK, "true"), method="DELETE"), app()),
    ),
    Divergence(
        "Vary",
        theirs="appends Origin whatever is there",
        ours="leaves a Vary alone that names Origin or holds `*`, and drops empty elements",
        reason="one valid list, with each element once",
        applies=vary_is_written_otherwise,
        witness=(LISTED, FROM_A, app(("vary", "Origin"))),
    ),
    Divergence(
        "Access-Control-Allow-Credentials from the application",
        theirs="stays on responses for allowed origins",
        ours="is removed when allow_credentials is off",
        reason="for an allowed origin the configuration alone decides",
        applies=apps_credentials_stay,
        witness=(LISTED, FROM_A, app((ACAC, "true"))),
    ),
    Divergence(
        "a name given twice in expose_headers",
        theirs="is sent twice",
        ours="is sent once",
        reason="a list of names needs each once",
        applies=exposed_headers_are_repeated,
        witness=(EXPOSED, FROM_A, app()),
    ),
    Divergence(
        "header names in capitals from the application",
        theirs="are overlooked: a second line is added",
        ours="are replaced, or completed, like any other",
        reason="ASGI asks for lower case, not every application listens, and two lines break CORS",
        applies=apps_upper_case_names_are_overlooked,
        witness=(LISTED, FROM_A, app(("Access-Control-Allow-Origin", "*"))),
    ),
)


def applying(exchange: Exchange) -> list[str]:
    """The names of the divergences that apply to this exchange, whose application's answer is known."""
    return [each.name for each in DIVERGENCES if each.applies(exchange)]
