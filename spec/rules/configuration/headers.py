"""What `allow_headers` and `expose_headers` may hold."""

from spec.config import Config
from spec.rules.configuration.examples import example
from spec.rules.configuration.facts import (
    credentials_are_true,
    is_field_name,
    strings_of,
    wildcard_beside_others,
)
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import PARAMETERS, fetch, rfc9110

RULES: list[Rule] = []


def _not_names(config: Config, argument: str) -> list[Place]:
    return [place for place, text in strings_of(config, argument) if not is_field_name(text)]


def request_headers_that_are_no_names(config: Config) -> list[Place]:
    return _not_names(config, "allow_headers")


def response_headers_that_are_no_names(config: Config) -> list[Place]:
    return _not_names(config, "expose_headers")


def headers_that_are_no_names(config: Config) -> list[Place]:
    return request_headers_that_are_no_names(config) + response_headers_that_are_no_names(config)


RULES.append(
    Rule(
        id="A-CFG-14",
        title="Header entries are valid names",
        sentence=("Every entry of `allow_headers` and `expose_headers` is a single valid header name or `*`"),
        sources=(rfc9110("5.1"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=headers_that_are_no_names,
        middleware="raises",
        why=(
            "An invalid name matches no header, so the intended one is neither allowed nor exposed. A "
            "line break in it can add headers to the response or break it."
        ),
        repair=(
            "Write one header name per string, such as `X-Request-ID`, without colon, comma or white space."
        ),
        implies=("CFG-8",),
        counterexample=example(expose_headers=("X-A\r\nX-B",)),
    )
)


# https://fetch.spec.whatwg.org/#forbidden-request-header, those that are forbidden whatever they hold
FORBIDDEN_REQUEST_HEADERS = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)


FORBIDDEN_REQUEST_HEADER_PREFIXES = ("proxy-", "sec-")


# https://fetch.spec.whatwg.org/#http-responses, and the one of Private Network Access
CORS_RESPONSE_HEADERS = frozenset(
    {
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-allow-private-network",
    }
)


def _names(config: Config, argument: str) -> list[tuple[Place, str]]:
    """The elements of a list that are tokens, in lower case, each with its place."""
    return [(place, text.lower()) for place, text in strings_of(config, argument) if is_field_name(text)]


def _is_forbidden(name: str) -> bool:
    return name in FORBIDDEN_REQUEST_HEADERS or name.startswith(FORBIDDEN_REQUEST_HEADER_PREFIXES)


def request_headers_without_effect(config: Config) -> list[Place]:
    return [
        place
        for place, name in _names(config, "allow_headers")
        if _is_forbidden(name) or name in CORS_RESPONSE_HEADERS
    ]


RULES.append(
    Rule(
        id="A-CFG-15",
        title="Allowed request headers can take effect",
        sentence=(
            "`allow_headers` contains no forbidden request header, such as `Cookie`, and no CORS "
            "response header"
        ),
        sources=(fetch("#forbidden-request-header"),),
        level=Level.SHOULD,
        severity=Severity.HYGIENE,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=request_headers_without_effect,
        middleware="warns",
        why=(
            "Browsers forbid scripts to set the former, and only responses need the latter. The entry "
            "has no useful effect and hides a misunderstanding."
        ),
        repair=("Remove the entry from `allow_headers`. To allow cookies, use `allow_credentials`."),
        counterexample=example(allow_headers=("Access-Control-Allow-Origin",)),
    )
)


# https://fetch.spec.whatwg.org/#forbidden-response-header-name
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})


def response_headers_without_effect(config: Config) -> list[Place]:
    useless = FORBIDDEN_RESPONSE_HEADERS | ({"*"} if credentials_are_true(config) else set())
    return [place for place, name in _names(config, "expose_headers") if name in useless]


RULES.append(
    Rule(
        id="A-CFG-16",
        aliases=("CFG-8a",),
        title="Exposed headers can take effect",
        sentence=(
            "`expose_headers` contains neither `Set-Cookie` nor `Set-Cookie2`, and no `*` when "
            "credentials are allowed"
        ),
        sources=(fetch("#forbidden-response-header-name"),),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=response_headers_without_effect,
        middleware="warns",
        why=(
            "Scripts can never read `Set-Cookie`, and for requests with credentials `*` does not "
            "expose all headers. Scripts do not see what you meant to expose."
        ),
        repair=(
            "Remove `Set-Cookie` and `Set-Cookie2`, and replace `*` by the names of the headers that "
            "scripts need."
        ),
        counterexample=example(expose_headers=("Set-Cookie",)),
    )
)


def wildcard_beside_headers(config: Config) -> list[Place]:
    return wildcard_beside_others(config, "allow_headers")


RULES.append(
    Rule(
        id="A-CFG-23",
        title="Wildcard header is the only entry",
        sentence="When `allow_headers` contains `*`, it contains no other entry",
        sources=(PARAMETERS,),
        level=Level.SHOULD,
        severity=Severity.LETS_IN,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=wildcard_beside_headers,
        middleware="warns",
        why=(
            "The `*` already allows every request header, so the other names have no effect. The list "
            "looks restrictive, but is not."
        ),
        repair=("Write `*` alone to allow every request header, or remove `*` and keep the names."),
        implies=("SEC-12",),
        counterexample=example(allow_headers=("*", "X-A")),
    )
)


RULES.append(
    Rule(
        id="CFG-7",
        title="Allowed request headers are valid names",
        sentence="Every entry of `allow_headers` is a single valid header name or `*`",
        sources=(rfc9110("5.1"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=request_headers_that_are_no_names,
        why=(
            "An invalid name matches no request header, so preflights for the intended header fail. A "
            "line break in it can add headers to the response or break it."
        ),
        repair=(
            "Write one header name per string, such as `X-Request-ID`, without colon, comma or white space."
        ),
        implies=("A-CFG-14",),
        counterexample=example(allow_headers=("X A",)),
    )
)


def request_headers_that_scripts_cannot_set(config: Config) -> list[Place]:
    return [place for place, name in _names(config, "allow_headers") if _is_forbidden(name)]


RULES.append(
    Rule(
        id="CFG-7a",
        title="No forbidden request headers are allowed",
        sentence=(
            "`allow_headers` contains no header that browsers forbid scripts to set, such as "
            "`Cookie`, `Host` or `Sec-*`"
        ),
        sources=(fetch("#forbidden-request-header"),),
        level=Level.INFO,
        severity=Severity.HYGIENE,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=request_headers_that_scripts_cannot_set,
        why=(
            "A preflight never names these headers, so the entry has no effect. It only suggests that "
            "the configuration controls them."
        ),
        repair=("Remove the entry from `allow_headers`. To allow cookies, use `allow_credentials`."),
        implies=("A-CFG-15",),
        counterexample=example(allow_headers=("Cookie",)),
    )
)


RULES.append(
    Rule(
        id="CFG-8",
        title="Exposed response headers are valid names",
        sentence="Every entry of `expose_headers` is a single valid header name or `*`",
        sources=(rfc9110("5.1"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=response_headers_that_are_no_names,
        why=(
            "An invalid name exposes no header, so scripts cannot read the intended one. A line break "
            "in it can add headers to the response or break it."
        ),
        repair=(
            "Write one header name per string, such as `X-Request-ID`, without colon, comma or white space."
        ),
        implies=("A-CFG-14",),
        counterexample=example(expose_headers=("X-A\r\nX-B",)),
    )
)


# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)


def response_headers_that_are_always_readable(config: Config) -> list[Place]:
    names = _names(config, "expose_headers")
    return [place for place, name in names if name in SAFELISTED_RESPONSE_HEADERS]


RULES.append(
    Rule(
        id="CFG-8b",
        title="No safelisted response headers are exposed",
        sentence=(
            "`expose_headers` contains no header that scripts can always read, such as `Content-Type` "
            "or `Cache-Control`"
        ),
        sources=(fetch("#cors-safelisted-response-header-name"),),
        level=Level.INFO,
        severity=Severity.HYGIENE,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=response_headers_that_are_always_readable,
        why=(
            "Scripts can read safelisted response headers without this, so the entry only makes every "
            "response longer."
        ),
        repair=("Remove the entry from `expose_headers` and keep only headers that are not safelisted."),
        counterexample=example(expose_headers=("Content-Length",)),
    )
)
