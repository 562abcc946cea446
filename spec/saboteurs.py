"""For each rule something that breaks it: answers of a server, a configuration, the doings of a browser.

A saboteur breaks its rule, the rules that say the same, those that it declares to imply, and no other. So no
rule is empty, and none is as broad as another. The configuration's saboteurs and the browser's are beside
their rules; those of the servers are here, written as on the wire: `name: value` lines between bars.
"""

from collections.abc import Mapping
from types import MappingProxyType

from spec.browser import Account
from spec.config import Config
from spec.http import Headers, Request, Response
from spec.rule import Exchange
from spec.rules import browser_saboteurs, configuration_saboteurs

A, B, NULL = "https://a.example", "https://b.example", "null"

LIST = Config(
    allow_origins=(A,), allow_methods=("GET", "PUT"), allow_headers=("X-Token",), expose_headers=("X-Count",)
)
TWO = Config(allow_origins=(A, B), allow_methods=("GET", "PUT"))
WILDCARD = Config(allow_origins=("*",), allow_methods=("GET", "PUT"))
REGEX = Config(allow_origin_regex=r"https://[a-z]+\.example")
PATTERN = Config(allow_origins=("https://*.a.example",))
BOTH = Config(allow_origins=(B,), allow_origin_regex=r"https://a\.example")
EVERYTHING = Config(allow_origins=(A,), allow_methods=("*",), allow_headers=("*",), allow_credentials=True)
ANY_HEADER = Config(allow_origins=(A,), allow_methods=("PUT",), allow_headers=("*",))
DEFAULT = Config()
CREDENTIALS = Config(allow_origins=(A,), allow_methods=("GET", "PUT"), allow_credentials=True)
LOCALHOST = Config(allow_origins=("http://localhost",))
IMPOSSIBLE = Config(allow_origins=("*",), allow_credentials=True)


def lines(text: str) -> Headers:
    """Header lines from `name: value` between bars; a value may be empty."""
    pairs = (line.split(": ", 1) for line in text.split(" | ")) if text else ()
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)


def get(headers: str = "", method: str = "GET", path: str = "/") -> Request:
    return Request(method, lines(headers), path)


def asks(origin: str = A, method: str = "PUT", more: str = "", path: str = "/") -> Request:
    """A preflight."""
    text = f"origin: {origin} | access-control-request-method: {method}" + (f" | {more}" if more else "")
    return Request("OPTIONS", lines(text), path)


VARY = (
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    "Access-Control-Request-Private-Network"
)
ALL_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"
TOKEN = "access-control-request-headers: x-token"
HEADERS = "Accept, Accept-Language, Content-Language, Content-Type"


def says(status: int, body: str, headers: str = "") -> Response:
    """The answer to a preflight: plain text, Vary, and these lines."""
    text = f"content-type: text/plain; charset=utf-8 | content-length: {len(body)} | {VARY}"
    return Response(status, lines(text + (f" | {headers}" if headers else "")), body.encode())


def permits(
    origin: str = A, methods: str = "GET, PUT", headers: str = f"{HEADERS}, X-Token", more: str = ""
) -> str:
    """The lines of a permission, as `LIST` gives it when nothing else is said."""
    text = f"access-control-allow-origin: {origin} | access-control-max-age: 600"
    text += f" | access-control-allow-methods: {methods}" if methods else ""
    text += f" | access-control-allow-headers: {headers}" if headers else ""
    return text + (f" | {more}" if more else "")


def gives(headers: str = "", status: int = 200, body: str = "hello") -> Response:
    """The answer to an actual request."""
    return Response(status, lines(headers), body.encode())


COUNT = "access-control-expose-headers: X-Count"
A_ALONE = f"access-control-allow-origin: {A}"
TRUE = "access-control-allow-credentials: true"
A_WITH_CREDENTIALS = f"{A_ALONE} | {TRUE}"
ALLOWED = f"{A_ALONE} | {COUNT} | vary: Origin"
PLAIN = gives()


def seen(
    config: Config,
    request: Request,
    response: Response,
    app: Response | None = None,
    calls: int | None = None,
) -> tuple[Exchange, ...]:
    """One exchange."""
    return (Exchange(config, request, response, app, calls),)


SERVERS: dict[str, tuple[Exchange, ...]] = {
    # The documentation page
    "D-01": (
        *seen(REGEX, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
        *seen(REGEX, get("origin: http://a.example"), gives("access-control-allow-origin: * | vary: Origin")),
    ),
    "D-02": (
        *seen(
            LOCALHOST,
            get("origin: http://localhost"),
            gives("access-control-allow-origin: http://localhost | vary: Origin"),
        ),
        *seen(
            LOCALHOST,
            get("origin: http://localhost:8080"),
            gives("access-control-allow-origin: * | vary: Origin"),
        ),
    ),
    "D-04": (
        *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
        *seen(LIST, get(f"origin: {A}", "PUT"), gives(COUNT)),
    ),
    "D-05": seen(LIST, get(f"origin: {A}"), gives(COUNT)),
    "D-06": seen(WILDCARD, get(f"origin: {A}"), gives()),
    "D-07": seen(WILDCARD, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
    "D-10": seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
    "D-11": seen(LIST, asks(), says(200, "OK", permits(methods="GET"))),
    "D-12": seen(
        LIST,
        asks(more=TOKEN),
        says(200, "OK", permits(headers=HEADERS)),
    ),
    "D-13": seen(
        EVERYTHING,
        asks(more=TOKEN),
        says(200, "OK", permits(methods=ALL_METHODS, headers="x-token")),
    ),
    "D-14": seen(DEFAULT, get(f"origin: {A}"), gives("access-control-allow-origin: * | vary: Origin")),
    "D-16": seen(REGEX, get(f"origin: {A}"), gives()),
    "D-17": seen(BOTH, get(f"origin: {A}"), gives()),
    "D-18": seen(
        Config(allow_origins=(A,)),
        asks(method="GET"),
        says(200, "OK", permits(methods="GET, PUT", headers=HEADERS)),
    ),
    "D-19": seen(ANY_HEADER, asks(more=TOKEN), says(200, "OK", permits(methods="PUT", headers=""))),
    "D-20": seen(
        LIST,
        asks(more="access-control-request-headers: content-type"),
        says(200, "OK", permits(headers="Accept, Accept-Language, Content-Language, X-Token")),
    ),
    "D-21": seen(
        LIST,
        get(),
        gives(f"{TRUE} | vary: Origin"),
    ),
    "D-23": seen(LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
    "D-24": seen(LIST, asks(), says(200, "OK", permits().replace("age: 600", "age: 60"))),
    "D-25": seen(LIST, get(), gives("x-extra: 1 | vary: Origin"), PLAIN, 1),
    "D-26": seen(LIST, get(f"origin: {A}"), gives(ALLOWED), calls=0),
    "D-27": seen(LIST, asks(more=TOKEN), says(201, "OK", permits())),
    "D-28": seen(LIST, get(f"origin: {A}"), gives(ALLOWED, body="other"), PLAIN, 1),
    # What is allowed works
    "S-WRK-1": seen(LIST, get(f"origin: {A}"), gives(COUNT)),
    "S-WRK-2": seen(LIST, asks(more=TOKEN), says(200, "OK", permits(methods="GET"))),
    # The decision about the origin
    "S-ORG-1": seen(LIST, get(), gives(f"access-control-allow-origin: {B} | vary: Origin")),
    "S-ORG-2": seen(WILDCARD, get(f"origin: {A} | origin: {B}"), gives()),
    "S-ORG-3": (
        *seen(LIST, get(f"origin: {A}"), gives(ALLOWED)),
        *seen(
            LIST,
            get("origin: https://A.example"),
            gives("access-control-allow-origin: * | vary: Origin"),
        ),
    ),
    "S-ORG-4": seen(LIST, get("origin: null"), gives("access-control-allow-origin: * | vary: Origin")),
    "S-ORG-5": seen(CREDENTIALS, get(f"origin: {B}"), gives(f"{TRUE} | vary: Origin")),
    "S-ORG-6": seen(TWO, get(f"origin: {A} | origin: {B}"), gives(f"{A_ALONE} | vary: Origin")),
    "S-ORG-7": (
        *seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
        *seen(CREDENTIALS, get(f"origin: {A}", "POST"), gives(f"{A_ALONE} | vary: Origin")),
    ),
    # Credentials
    "S-CRD-1": seen(
        CREDENTIALS, get(f"origin: {A}"), gives(f"access-control-allow-origin: * | {TRUE} | vary: Origin")
    ),
    "S-CRD-2": (
        *seen(CREDENTIALS, asks(), says(200, "OK", permits(headers=HEADERS))),
        *seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
    ),
    "S-CRD-3": seen(
        CREDENTIALS, asks(), says(200, "OK", permits(methods="GET, PUT, *", headers=HEADERS, more=TRUE))
    ),
    "S-CRD-5": seen(LIST, asks(more=TOKEN), says(401, "OK", permits())),
    "S-CRD-6": seen(
        IMPOSSIBLE,
        get(f"origin: {A}"),
        gives(f"{A_WITH_CREDENTIALS} | vary: Origin"),
    ),
    # Preflights
    "S-PF-2": seen(LIST, asks(), says(200, "OK", permits()), calls=1),
    "S-PF-5": seen(
        LIST,
        asks(method="DELETE"),
        says(200, "Disallowed CORS method", permits(methods="GET, PUT, DELETE")),
    ),
    "S-PF-6": (
        *seen(LIST, asks(), says(200, "OK", permits())),
        *seen(
            LIST, asks(method="put"), says(400, "Disallowed CORS method", permits(methods="GET, PUT, put"))
        ),
    ),
    "S-PF-7": (
        *seen(
            LIST,
            asks(more="access-control-request-headers: accept,x-token"),
            says(200, "OK", permits()),
        ),
        *seen(
            LIST,
            asks(more="access-control-request-headers: x-token,accept"),
            says(400, "OK", permits()),
        ),
    ),
    "S-PF-8": seen(
        LIST,
        asks(more="access-control-request-headers: x token"),
        says(400, "Disallowed CORS headers", permits(headers=f"{HEADERS}, X-Token, x token")),
    ),
    "S-PF-9": seen(LIST, asks(), says(400, "OK", permits())),
    "S-PF-11": seen(
        ANY_HEADER,
        asks(more="access-control-request-headers: authorization"),
        says(200, "OK", permits(methods="PUT", headers="*")),
    ),
    "S-PF-12": seen(EVERYTHING, asks(), says(200, "OK", permits(methods="PUT", headers="", more=TRUE))),
    "S-PF-14": seen(LIST, asks(more=TOKEN), says(307, "OK", permits())),
    "S-PF-15": (
        *seen(LIST, asks(), says(200, "OK", permits())),
        *seen(LIST, asks(path="/other"), says(200, "OK", permits(methods="PUT, GET"))),
    ),
    "S-PF-16": seen(LIST, get(f"origin: {A}", "OPTIONS"), gives(ALLOWED), calls=2),
    # Actual responses
    "S-RSP-3": seen(WILDCARD, get(f"origin: {A}"), gives(status=500)),
    "S-RSP-4": seen(
        LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | {COUNT}, | vary: Origin"), gives(f"{COUNT},")
    ),
    "S-RSP-7": (
        *seen(LIST, get(f"origin: {A}", path="/"), gives(ALLOWED)),
        *seen(LIST, get(f"origin: {A}", "HEAD"), gives(f"{ALLOWED}, Accept", body="")),
    ),
    "S-RSP-8": seen(LIST, get(f"origin: {B}", "POST"), gives("vary: Origin", status=403), PLAIN, 1),
    # Syntax
    "S-SYN-1": seen(WILDCARD, get("origin: a b"), gives("access-control-allow-origin: a b")),
    "S-SYN-2": seen(CREDENTIALS, get(), gives("access-control-allow-credentials: false | vary: Origin")),
    "S-SYN-3": seen(LIST, get(), gives("access-control-expose-headers: X Count | vary: Origin")),
    "S-SYN-4": seen(
        Config(allow_origins=(A,), max_age=-1),
        asks(method="GET"),
        says(200, "OK", permits(methods="GET", headers=HEADERS).replace("600", "-1")),
    ),
    "S-SYN-5": seen(LIST, get(), gives("x-note: one\r\ntwo | vary: Origin")),
    "S-SYN-6": seen(LIST, get(), gives("access-control-max-age: 600 | vary: Origin")),
    "S-HTTP-2": (
        *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
        *seen(
            LIST,
            asks(more="access-control-request-headers: X-TOKEN"),
            says(400, "OK", permits()),
        ),
    ),
    "S-HTTP-3": (
        *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
        *seen(
            LIST,
            asks(more="access-control-request-headers: x-token, "),
            says(400, "OK", permits()),
        ),
    ),
    "S-HTTP-4": seen(LIST, get(), gives("vary: Origin, , Accept")),
    "S-HTTP-5": (
        *seen(LIST, asks(more="access-control-request-headers: x-token,accept"), says(200, "OK", permits())),
        *seen(
            LIST,
            asks(more="access-control-request-headers: x-token | access-control-request-headers: accept"),
            says(400, "OK", permits()),
        ),
    ),
    "S-HTTP-6": seen(CREDENTIALS, get(), gives(f"{TRUE} | {TRUE} | vary: Origin")),
    "S-HTTP-7": seen(TWO, get(f"origin: {A} "), gives(f"{A_ALONE} | vary: Origin")),
    "S-HTTP-12": seen(LIST, get(f"origin: {B}"), gives("vary: Origin", status=405)),
    "S-HTTP-13": seen(LIST, get(), gives("vary: Origin", status=204)),
    # Caches
    "S-VARY-1": (
        *seen(LIST, get(f"origin: {A}", "POST"), gives(ALLOWED)),
        *seen(LIST, get(f"origin: {B}"), gives()),
    ),
    "S-VARY-2": (
        *seen(LIST, get(f"origin: {A}", "POST"), gives(ALLOWED)),
        *seen(LIST, get(f"origin: {B}", "POST"), gives()),
    ),
    "S-VARY-4": seen(LIST, get(f"origin: {B}"), gives("vary: Origin"), gives("vary: Accept")),
    "S-VARY-5": (
        *seen(LIST, get(f"origin: {A} | x-other: 1"), gives(ALLOWED)),
        *seen(LIST, get(f"origin: {B}"), gives("vary: Accept")),
    ),
    "S-HTTP-9": (
        *seen(LIST, get(), gives("vary: Origin")),
        *seen(LIST, get("if-none-match: 1"), gives("vary: Accept", 304, "")),
    ),
    "S-HTTP-10": (
        *seen(LIST, get("", "GET"), gives("vary: Origin")),
        *seen(LIST, get("", "HEAD"), gives("vary: Accept", body="")),
    ),
    # Security
    "SEC-2": seen(LIST, get(f"origin: {B}"), gives(f"access-control-allow-origin: {B} | vary: Origin")),
    "SEC-3": seen(
        REGEX,
        get("origin: https://a.example.evil.example"),
        gives("access-control-allow-origin: * | vary: Origin"),
    ),
    "X-PNA-1": seen(
        LIST,
        asks(more="access-control-request-private-network: true"),
        says(
            400, "Disallowed CORS private-network", permits(more="access-control-allow-private-network: true")
        ),
    ),
    # The house
    "A-ORG-1": seen(PATTERN, get("origin: https://b.a.example"), gives()),
    "A-PF-1": seen(LIST, asks(), says(200, "Okay", permits())),
    "A-PF-2": seen(LIST, asks(), Response(200, says(200, "not OK", permits()).headers, b"OK")),
    "A-PF-3": seen(
        LIST,
        asks(),
        Response(
            200, (*says(200, "OK", permits()).headers[:2], *lines(f"vary: Origin | {permits()}")), b"OK"
        ),
    ),
    "A-PF-4": seen(LIST, asks(B), says(400, "Disallowed CORS origin", "access-control-max-age: 600")),
    "A-PF-5": seen(
        LIST, asks(method="DELETE"), says(400, "Disallowed CORS method", permits().split(" | ", 1)[1])
    ),
    "A-PF-6": seen(LIST, asks(), says(200, "OK", permits(methods="PUT, GET"))),
    "A-PF-7": seen(LIST, asks(), says(200, "OK", permits(headers=f"X-Token, {HEADERS}"))),
    "A-PF-8": seen(
        EVERYTHING,
        asks(more="access-control-request-headers: x-b,x-a"),
        says(200, "OK", permits(methods=ALL_METHODS, headers="x-a, x-b", more=TRUE)),
    ),
    "A-PF-9": seen(
        Config(**(vars(LIST) | {"allow_private_network": True})),
        asks(more="access-control-request-private-network: true"),
        says(200, "OK", permits()),
    ),
    "A-PF-10": seen(LIST, asks(), says(200, "OK", permits(more="x-extra: 1"))),
    "A-ACT-1": seen(
        LIST,
        get(),
        gives("vary: Origin"),
        gives("access-control-allow-origin: *"),
    ),
    "A-ACT-2": seen(LIST, get(), gives("vary: Origin"), gives(COUNT)),
    "A-ACT-3": seen(LIST, get(), gives("vary: Accept, Origin"), gives("vary: Accept,Origin")),
    "A-ACT-4": seen(LIST, get(f"origin: {B}"), gives("vary: Origin", body="other"), PLAIN),
    "A-ACT-5": seen(LIST, get(), gives("vary: Origin"), calls=2),
}

SAME_AS_ANOTHER = {
    "D-15": "D-06", "S-PF-4": "D-04", "S-PF-10": "D-20", "S-CRD-4": "D-21", "S-RSP-5": "D-23",
    "S-PF-13": "D-24", "S-RSP-1": "D-25", "S-PF-1": "D-26", "S-PF-3": "D-27", "S-RSP-2": "D-28",
    "SEC-7": "S-CRD-6", "S-HTTP-1": "S-PF-6", "S-HTTP-8": "S-SYN-5", "SEC-11": "S-VARY-2",
    "S-RSP-6": "S-RSP-3",
}  # fmt: skip

SABOTEURS: Mapping[str, tuple[Exchange, ...] | tuple[Account, ...] | Config] = MappingProxyType(
    {
        **SERVERS,
        **{rule: SERVERS[twin] for rule, twin in SAME_AS_ANOTHER.items()},
        **browser_saboteurs.SABOTEURS,
        **configuration_saboteurs.SABOTEURS,
    }
)
