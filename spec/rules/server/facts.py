"""How rules read an exchange: the words that their predicates share."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from spec.browser import Fetch, preflight_request
from spec.browser.preflight import preflight_check
from spec.http import OWS, Headers, Message, Request, Response, elements, is_token, names
from spec.origin import Kind, canonical, is_origin_shaped, parse_pattern
from spec.policy import (
    any_origin_is_allowed,
    has_origin,
    requested_methods,
)
from spec.rules.record import Exchange, Expectation

ORIGIN = "origin"
VARY = "vary"
ACAO = "access-control-allow-origin"
ACAC = "access-control-allow-credentials"
ACAM = "access-control-allow-methods"
ACAH = "access-control-allow-headers"
ACEH = "access-control-expose-headers"
MAX_AGE = "access-control-max-age"
ACAPN = "access-control-allow-private-network"
CORS_HEADERS = (ACAO, ACAC, ACAM, ACAH, ACEH, MAX_AGE, ACAPN)

SERVER = "https://server.invalid"


# What kind of exchange it is


def preflight(exchange: Exchange) -> bool:
    """A preflight, by the documentation page's definition."""
    return exchange.is_preflight


def actual(exchange: Exchange) -> bool:
    """Any request that is not a preflight, with an Origin or without."""
    return not exchange.is_preflight


def origin(exchange: Exchange) -> bytes | None:
    """The Origin that was sent; None when there is none, or more than one."""
    values = exchange.request.lines(ORIGIN)
    return values[0] if len(values) == 1 else None


def allowed(exchange: Exchange) -> bool:
    """The configuration allows the origin that was sent."""
    return exchange.origin_is_allowed


def disallowed(exchange: Exchange) -> bool:
    """There is an Origin, and the configuration does not allow it."""
    return has_origin(exchange.request) and not allowed(exchange)


def origin_of_a_page(exchange: Exchange) -> bool:
    """There is one Origin, and some browser sends it for some page."""
    value = origin(exchange)
    return value is not None and is_sent_by_a_page(value)


def page_of_an_unlisted_origin(exchange: Exchange) -> bool:
    """There is one Origin, a browser sends it, and the configuration does not allow it."""
    return disallowed(exchange) and origin_of_a_page(exchange)


def preflight_of_an_allowed_origin(exchange: Exchange) -> bool:
    """A preflight, perhaps for a method or a header that is refused."""
    return preflight(exchange) and allowed(exchange)


# What the configuration says to everyone, not only to those who claim the documentation page

USUAL_METHODS = frozenset({b"DELETE", b"GET", b"HEAD", b"PATCH", b"POST", b"PUT"})
"""What "all methods" has in every reading; which others it has the page leaves open."""


def method_is_configured(exchange: Exchange, method: bytes) -> bool:
    """The configuration names this method; or it names all, and this is one in every reading."""
    named = exchange.config.allow_methods
    return text(method) in named or ("*" in named and method in USUAL_METHODS)


def header_is_configured(exchange: Exchange, name: bytes) -> bool:
    """The configuration names this request header, in any letter case; or it names all, and `*` covers it."""
    named = {configured.lower() for configured in exchange.config.allow_headers}
    return text(name).lower() in named or ("*" in named and name.lower() != b"authorization")


def method_could_be_allowed(exchange: Exchange, method: bytes) -> bool:
    """The configuration names this method, or all."""
    return text(method) in exchange.config.allow_methods or "*" in exchange.config.allow_methods


# What the application did


def app(exchange: Exchange) -> Response:
    """The application's answer, where it is known."""
    assert exchange.app_response is not None
    return exchange.app_response


def calls_are_known(exchange: Exchange) -> bool:
    """We saw whether the application was called."""
    return exchange.app_calls is not None


def app_is_called_once(exchange: Exchange) -> bool:
    """The request reached the application, and once."""
    return exchange.app_calls == 1


# What the server answers for


def left_to_the_app(exchange: Exchange) -> frozenset[str]:
    """The CORS headers of this answer that are the application's business, not the middleware's."""
    if preflight(exchange) or exchange.app_response is None:
        return frozenset()
    configured = {ACAO, ACAC} | ({ACEH} if exchange.config.expose_headers else set())
    return frozenset(CORS_HEADERS) - (configured if allowed(exchange) else set())


def answered(exchange: Exchange, name: str) -> list[bytes]:
    """The lines of this name that the server, or the middleware when we see behind it, answers for."""
    found = exchange.response.lines(name)
    if found and name in left_to_the_app(exchange):
        return list((Counter(found) - Counter(app(exchange).lines(name))).elements())
    return found


def names_the_only_origin(exchange: Exchange) -> bool:
    """The answer names the one origin that is configured, as Fetch lets a server do whoever asks.

    https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
    """
    config = exchange.config
    only = tuple(text(value) for value in answered(exchange, ACAO))
    is_alone = config.allow_origin_regex is None and len(only) == 1 and only == tuple(config.allow_origins)
    return is_alone and parse_pattern(only[0]) is None


def answered_lines(exchange: Exchange) -> dict[str, list[bytes]]:
    """All CORS header lines that the server answers for, by name."""
    return {name: found for name in CORS_HEADERS if (found := answered(exchange, name))}


def written(exchange: Exchange) -> Headers:
    """The header lines that did not come from the application as they are."""
    if preflight(exchange) or exchange.app_response is None:
        return exchange.response.headers
    return tuple((Counter(exchange.response.headers) - Counter(exchange.app_response.headers)).elements())


def other_lines(message: Message, but: Iterable[str]) -> Counter[tuple[bytes, bytes]]:
    """All header lines but those of these names (in lower case), names in lower case, in no order."""
    left_out = {name.encode() for name in but}
    lines = ((name.lower(), value) for name, value in message.headers)
    return Counter((name, value) for name, value in lines if name not in left_out)


def unchanged_but_for(exchange: Exchange, may_change: set[str]) -> bool:
    """Status, body and all header lines but these are the application's."""
    ours, apps = exchange.response, app(exchange)
    same_content = (ours.status, ours.body) == (apps.status, apps.body)
    return same_content and other_lines(ours, may_change) == other_lines(apps, may_change)


# What a browser makes of it


def granted(exchange: Exchange) -> bool:
    """Access-Control-Allow-Origin lets a page of the Origin that was sent read, without credentials."""
    return answered(exchange, ACAO) in ([b"*"], [origin(exchange)])


def granted_with_credentials(exchange: Exchange) -> bool:
    """A page of the Origin that was sent may read the answer to a request with credentials: never by `*`."""
    by_name = answered(exchange, ACAO) == [origin(exchange)] != [b"*"]
    return by_name and answered(exchange, ACAC) == [b"true"]


def it_is_not_granted(exchange: Exchange) -> bool:
    """A page of the Origin that was sent may not read, not even without credentials."""
    return not granted(exchange)


def it_is_not_granted_with_credentials(exchange: Exchange) -> bool:
    """A page of the Origin that was sent may not read the answer to a request with credentials."""
    return not granted_with_credentials(exchange)


def only_the_allowed_one_is_granted(a: Exchange, b: Exchange) -> bool:
    """Neither is granted that the configuration does not allow."""
    return all(allowed(exchange) or not granted(exchange) for exchange in (a, b))


def listed(exchange: Exchange, name: str, wanted: Iterable[bytes]) -> list[bytes]:
    """Those of these elements that this list names, in any letter case, or that a wildcard in it covers."""
    found = names(exchange.response.lines(name))
    wildcard = b"*" in found and not exchange.config.allow_credentials
    lower_case = ((element, element.lower()) for element in wanted)
    return [
        element for element, lower in lower_case if lower in found or (wildcard and lower != b"authorization")
    ]


def method_listed(exchange: Exchange, method: bytes) -> bool:
    """Access-Control-Allow-Methods names the method exactly, or holds a wildcard that counts."""
    found = elements(exchange.response.lines(ACAM))
    return method in found or (b"*" in found and not exchange.config.allow_credentials)


def varies_by(response: Response, name: bytes) -> bool:
    """Vary names this request header (in lower case), or holds `*`."""
    return not vary(response).isdisjoint({name, b"*"})


def header_names_asked_for(message: Message) -> list[bytes]:
    """The elements of Access-Control-Request-Headers, whatever they are."""
    return elements(message.lines("access-control-request-headers"))


def preflighted_fetch(exchange: Exchange) -> Fetch | None:
    """The fetch, without credentials, that makes a browser send this preflight; None when none sends it.

    Every header gets a value that is not safelisted, so that it must be asked for.
    """
    return _remembered_fetch(exchange.request)


def _preflighted_fetch(request: Request) -> Fetch | None:
    origins, methods = request.lines(ORIGIN), requested_methods(request)
    asked = header_names_asked_for(request)
    if len(origins) != 1:
        return None
    fetch = Fetch(text(origins[0]), SERVER, text(methods[0]), tuple((text(name), '"') for name in asked))
    sent = preflight_request(fetch)
    if sent is None or requested_methods(sent) != methods:
        return None
    return fetch if set(header_names_asked_for(sent)) == set(lower(asked)) else None


# Several rules ask it of each exchange, and a run asks the same requests again.
_remembered_fetch = lru_cache(maxsize=4096)(_preflighted_fetch)


def asked_fetch(exchange: Exchange, credentials: bool) -> Fetch | None:
    """The fetch that makes a browser send this preflight; None when no browser sends it."""
    fetch = preflighted_fetch(exchange)
    return replace(fetch, credentials="include") if fetch and credentials else fetch


def proceeds(exchange: Exchange, credentials: bool = False) -> bool:
    """A browser that sent this preflight goes on to the actual request."""
    fetch = asked_fetch(exchange, credentials)
    return fetch is not None and preflight_check(fetch, exchange.response).passed


# How two exchanges compare


def same_but_for(a: Exchange, b: Exchange, *ignored: str) -> bool:
    """The same configuration, and requests that differ at most in these request headers."""
    return (
        a.config == b.config
        and (a.request.method, a.request.path) == (b.request.method, b.request.path)
        and other_lines(a.request, ignored) == other_lines(b.request, ignored)
    )


def differ_in(a: Exchange, b: Exchange, name: str) -> bool:
    """The requests have different lines of this name."""
    return a.request.lines(name) != b.request.lines(name)


def same_app_behind(a: Exchange, b: Exchange) -> bool:
    """As far as we know the application answered both alike (bodies aside)."""
    if a.app_response is None or b.app_response is None:
        return a.app_response is b.app_response
    return Counter(a.app_response.headers) == Counter(b.app_response.headers)


def vary(response: Response) -> frozenset[bytes]:
    """What Vary nominates, in lower case."""
    return names(response.lines(VARY))


def text(value: bytes) -> str:
    """Bytes as strings of scripts and configurations hold them."""
    return value.decode("latin-1")


def lower(values: Iterable[bytes]) -> list[bytes]:
    """These names in lower case, in order."""
    return [value.lower() for value in values]


def combined_cors(exchange: Exchange) -> dict[str, bytes]:
    """The CORS headers that the server answers for, as a client combines them."""
    return {name: b", ".join(found) for name, found in answered_lines(exchange).items()}


def origin_is_judged_by_a_list(exchange: Exchange) -> bool:
    """The configuration has a list of origins, without `*` and without a regex."""
    config = exchange.config
    plain = not any_origin_is_allowed(config) and config.allow_origin_regex is None
    return plain and bool(config.allow_origins) and origin(exchange) is not None


def origin_is_judged_by_the_wildcard(exchange: Exchange) -> bool:
    """A request with an Origin, under `*`."""
    return any_origin_is_allowed(exchange.config) and origin(exchange) is not None


def granted_as_it_should(exchange: Exchange, should: bool) -> bool:
    """Granted if and only if it should be; a preflight that is refused for its method may say nothing."""
    if should and preflight(exchange) and exchange.refused:
        return True
    return granted(exchange) == should


def has_an_origin(exchange: Exchange) -> bool:
    """There is an Origin."""
    return has_origin(exchange.request)


def a_browser_sends_it(exchange: Exchange) -> bool:
    """A preflight that a browser sends for some fetch."""
    return asked_fetch(exchange, exchange.config.allow_credentials) is not None


def is_allowed_preflight(exchange: Exchange) -> bool:
    """A preflight that asks for nothing that is not configured."""
    return preflight(exchange) and not exchange.refused


ACRH = "access-control-request-headers"


def has_allow_origin(exchange: Exchange) -> bool:
    """There is an Access-Control-Allow-Origin that the server answers for."""
    return bool(answered(exchange, ACAO))


def allow_origin_is_one_origin(exchange: Exchange) -> bool:
    """Access-Control-Allow-Origin is `*`, `null` or one origin, once."""
    value, *more = answered(exchange, ACAO)
    one = value in (b"*", b"null") or is_origin_shaped(value) or is_configured(exchange, value)
    return one and not more


def is_configured(exchange: Exchange, value: bytes) -> bool:
    """Exactly one of the configured origins; patterns do not count."""
    written = text(value)
    return written in exchange.config.allow_origins and parse_pattern(written) is None


def allow_credentials_is_true_or_absent(exchange: Exchange) -> bool:
    """Access-Control-Allow-Credentials is absent, or `true`, once."""
    return answered(exchange, ACAC) in ([], [b"true"])


def lists_are_of_tokens(exchange: Exchange) -> bool:
    """Every line of the three lists is empty, or tokens between single commas."""
    values = [value for name in (ACAM, ACAH, ACEH) for value in answered(exchange, name)]
    return all(is_list_of_tokens(value) for value in values)


def is_list_of_tokens(value: bytes) -> bool:
    """Empty, or tokens between single commas."""
    return value == b"" or all(is_token(element.strip(OWS)) for element in value.split(b","))


def lists_that_are_sent(exchange: Exchange, *names: str) -> list[Expectation]:
    """What is expected of those of these lists that are in the response."""
    found = {name: exchange.response.lines(name) for name in names}
    return [
        Expectation(name, "tokens between single commas", all(map(is_list_of_tokens, values)))
        for name, values in found.items()
        if values
    ]


def answer_of_the_app(exchange: Exchange) -> Response | None:
    """What the application answered; None if it was not asked, or we do not see it."""
    return exchange.app_response if actual(exchange) else None


def method_of(exchange: Exchange) -> bytes:
    """The first method that a preflight asks for."""
    return requested_methods(exchange.request)[0]


def asked_headers(exchange: Exchange) -> list[bytes]:
    """The headers that a preflight asks for, as it spells them, on however many lines."""
    return elements(exchange.request.lines(ACRH))


def the_origin(exchange: Exchange) -> bytes:
    """The Origin, of a request that has one."""
    return exchange.request.lines("origin")[0]


def page_of_an_allowed_origin(exchange: Exchange) -> bool:
    """There is one Origin, a browser sends it, and it is allowed."""
    return allowed(exchange) and origin_of_a_page(exchange)


def is_sent_by_a_page(value: bytes) -> bool:
    """A browser sends this Origin for some page."""
    return _remembered_kind(value) is not Kind.NEVER


def _kind(value: bytes) -> Kind:
    return canonical(text(value)).kind


_remembered_kind = lru_cache(maxsize=4096)(_kind)  # there are few origins, and many questions


def uses_credentials(exchange: Exchange) -> bool:
    """Credentials are allowed, and could be: the wildcard does not go with them."""
    return exchange.config.allow_credentials and not any_origin_is_allowed(exchange.config)


def permission_is_sent(exchange: Exchange) -> bool:
    """The origin is allowed, with credentials exactly where these are configured."""
    expected = b"*" if any_origin_is_allowed(exchange.config) else origin(exchange)
    with_credentials = [b"true"] if exchange.config.allow_credentials else []
    return (exchange.response.lines(ACAO), exchange.response.lines(ACAC)) == ([expected], with_credentials)
