"""That nobody reads what the configuration does not let them read (S-ORG, S-CRD, S-PF, SEC, X-PNA)."""

from spec.http import elements, is_token
from spec.origin import is_origin_shaped
from spec.policy import (
    any_origin_is_allowed,
    asks_for_private_network,
    headers_are_allowed,
    origin_is_listed,
    requested_methods,
)
from spec.rule import Exchange, Level, Profile, Rule, Scope, fetch
from spec.rules.reading import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACAPN,
    ORIGIN,
    allowed,
    answered,
    disallowed,
    granted,
    header_names_asked_for,
    it_is_not_granted,
    it_is_not_granted_with_credentials,
    method_could_be_allowed,
    names_the_only_origin,
    only_the_allowed_one_is_granted,
    origin,
    preflight,
    preflighted_fetch,
    proceeds,
)


def origins_alike_but_for_spelling(a: Exchange, b: Exchange) -> bool:
    """Two values that a lenient comparison takes for one origin, of which just one is allowed."""
    one, other = origin(a), origin(b)
    if a.config != b.config or one is None or other is None:
        return False
    return loosely(one) == loosely(other) and allowed(a) != allowed(b)


def loosely(value: bytes) -> bytes:
    """An origin to a comparison that ignores case, blanks, a final dot or slash, and default ports."""
    trimmed = value.strip().lower().removesuffix(b"/")
    if trimmed.startswith(b"https://"):
        trimmed = trimmed.removesuffix(b":443")
    if trimmed.startswith(b"http://"):
        trimmed = trimmed.removesuffix(b":80")
    return trimmed.removesuffix(b".")


def null_is_not_allowed(exchange: Exchange) -> bool:
    return origin(exchange) == b"null" and not allowed(exchange)


def nothing_permits_the_sender(exchange: Exchange) -> bool:
    credentials = answered(exchange, ACAC) and not names_the_only_origin(exchange)
    return not granted(exchange) and not credentials


def origin_is_malformed(exchange: Exchange) -> bool:
    """Two Origin lines, or a value that is neither configured, nor null, nor shaped like an origin."""
    value = origin(exchange)
    return disallowed(exchange) and (value is None or (value != b"null" and not is_origin_shaped(value)))


def no_origin_of_the_request_is_granted(exchange: Exchange) -> bool:
    if names_the_only_origin(exchange):
        return True
    sent = exchange.request.lines(ORIGIN)
    return answered(exchange, ACAO) not in [[b"*"], *([value] for value in sent), [b", ".join(sent)]]


def wildcard_never_meets_credentials(exchange: Exchange) -> bool:
    return not (b"*" in answered(exchange, ACAO) and b"true" in answered(exchange, ACAC))


def wildcard_is_configured_with_credentials(exchange: Exchange) -> bool:
    config, value = exchange.config, origin(exchange)
    by_name = value is not None and origin_is_listed(config, value)
    return any_origin_is_allowed(config) and config.allow_credentials and not by_name


def preflight_asks_for_what_is_not_allowed(exchange: Exchange) -> bool:
    """A preflight as a browser sends it, for an origin, a method or a header that is not configured.

    GET, HEAD and POST are out of it: no preflight answer can withhold them. So are methods that are not
    standard where all are allowed, for others may take "all" by its word.
    """
    if not preflight(exchange) or preflighted_fetch(exchange) is None:
        return False
    method = requested_methods(exchange.request)[0]
    method_passes = method in (b"GET", b"HEAD", b"POST") or method_could_be_allowed(exchange, method)
    headers_pass = headers_are_allowed(exchange.config, header_names_asked_for(exchange.request))
    return not (allowed(exchange) and method_passes and headers_pass)


def browser_stops(exchange: Exchange) -> bool:
    """Already without credentials, when it accepts all that it accepts with them."""
    return not proceeds(exchange)


def preflight_is_malformed(exchange: Exchange) -> bool:
    """What is asked for is no method, or no list of field names."""
    asked = requested_methods(exchange.request) + header_names_asked_for(exchange.request)
    return preflight(exchange) and not all(is_token(element) for element in asked)


def malformed_parts_are_not_reflected(exchange: Exchange) -> bool:
    listed = exchange.response.lines(ACAM) + exchange.response.lines(ACAH)
    return all(is_token(element) for element in elements(listed))


def origin_is_not_reflected(exchange: Exchange) -> bool:
    return answered(exchange, ACAO) != [origin(exchange)]


def regex_and_no_entry_could_allow_it(exchange: Exchange) -> bool:
    return exchange.config.allow_origin_regex is not None and disallowed(exchange)


def private_network_is_not_to_be_granted(exchange: Exchange) -> bool:
    """A preflight that did not ask for private network access, or a configuration that denies it."""
    granted_on_request = exchange.config.allow_private_network and asks_for_private_network(exchange.request)
    return preflight(exchange) and not granted_on_request


def private_network_is_not_granted(exchange: Exchange) -> bool:
    return b"true" not in exchange.response.lines(ACAPN)


SECURITY, PROFILE = Level.SECURITY, Profile.SECURITY

WSTG = (
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/"
    "11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing"
)

RULES = (
    Rule("S-ORG-3",
         "Origins compare byte for byte: another case, a default port, a slash or a blank makes another "
         "origin",
         source=fetch("#concept-cors-check"), level=SECURITY, profile=PROFILE, scope=Scope.PAIR,
         applies=origins_alike_but_for_spelling, holds=only_the_allowed_one_is_granted,
         implies=("D-01", "D-05", "S-ORG-2", "S-ORG-5")),
    Rule("S-ORG-4", "The origin `null`, which any page can get, is allowed only when it is configured",
         source="https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin#null",
         level=SECURITY, profile=PROFILE,
         applies=null_is_not_allowed, holds=it_is_not_granted, implies=("D-05", "S-ORG-2", "S-ORG-5")),
    Rule("S-ORG-5",
         "An origin that is not allowed is given neither its own name nor a permission for credentials",
         source=fetch("#http-responses"), level=SECURITY, profile=PROFILE,
         applies=disallowed, holds=nothing_permits_the_sender),
    Rule("S-ORG-6", "A malformed Origin, or more than one, is not allowed by anything but the wildcard",
         source=fetch("#origin-header"), level=SECURITY, profile=PROFILE,
         applies=origin_is_malformed, holds=no_origin_of_the_request_is_granted),
    Rule("S-CRD-1", "No answer allows both every origin and credentials",
         source=fetch("#cors-protocol-and-credentials"), level=Level.SHOULD, profile=PROFILE,
         holds=wildcard_never_meets_credentials, implies=("S-WRK-1",)),
    Rule("S-CRD-6",
         "A configured wildcard with credentials does not become every origin, reflected, with "
         "credentials",
         source=WSTG, level=SECURITY, profile=PROFILE,
         applies=wildcard_is_configured_with_credentials, holds=it_is_not_granted_with_credentials,
         same_as=("SEC-7",), implies=("D-07",)),
    Rule("S-PF-5",
         "The browser stops after a preflight for an origin, method or header that is not configured",
         source=fetch("#cors-preflight-fetch"), level=SECURITY, profile=PROFILE,
         applies=preflight_asks_for_what_is_not_allowed, holds=browser_stops,
         implies=("D-11", "D-27", "S-PF-3", "A-PF-6")),
    Rule("S-PF-8", "What is no token in a preflight is not repeated in the answer",
         source="https://www.rfc-editor.org/rfc/rfc9110#section-5.5", level=SECURITY, profile=PROFILE,
         applies=preflight_is_malformed, holds=malformed_parts_are_not_reflected,
         implies=("S-SYN-3", "A-PF-7")),
    Rule("SEC-2", "No origin is reflected unchecked, least of all with credentials",
         source=WSTG, level=SECURITY, profile=PROFILE,
         applies=disallowed, holds=origin_is_not_reflected, implies=("D-05", "S-ORG-2", "S-ORG-5")),
    Rule("SEC-3", "A regular expression allows nothing but what it matches from end to end",
         source=WSTG, level=SECURITY, profile=PROFILE,
         applies=regex_and_no_entry_could_allow_it, holds=it_is_not_granted,
         implies=("D-16", "S-ORG-2", "S-ORG-5")),
    Rule("SEC-7",
         "What browsers refuse, the wildcard with credentials, is not worked around by reflecting the "
         "origin",
         source=WSTG, level=SECURITY, profile=PROFILE,
         applies=wildcard_is_configured_with_credentials, holds=it_is_not_granted_with_credentials,
         same_as=("S-CRD-6",), implies=("D-07",)),
    Rule("X-PNA-1", "Private network access is granted only when it is configured and asked for",
         source="https://wicg.github.io/private-network-access/#http-headerdef-access-control-allow-private-network",
         level=SECURITY, profile=PROFILE,
         applies=private_network_is_not_to_be_granted, holds=private_network_is_not_granted,
         implies=("A-PF-9",)),
)  # fmt: skip
