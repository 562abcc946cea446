"""What counterexamples of rules about servers are written with: configurations, requests and responses.

Header lines are `name: value`, with bars between them. A counterexample breaks its rule, the rules that this
one implies, and no other: so no rule is empty, and none is as broad as another.
"""

from spec.config import Config
from spec.http import Headers, Request, Response
from spec.rules.record import Exchange

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
    """A request that is not a preflight."""
    return Request(method, lines(headers), path)


def asks(origin: str = A, method: str = "PUT", more: str = "", path: str = "/") -> Request:
    """A preflight."""
    text = f"origin: {origin} | access-control-request-method: {method}" + (f" | {more}" if more else "")
    return Request("OPTIONS", lines(text), path)


FULL_VARY = (
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    "Access-Control-Request-Private-Network"
)
ALL_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"
TOKEN = "access-control-request-headers: x-token"
HEADERS = "Accept, Accept-Language, Content-Language, Content-Type"


def says(status: int, body: str, headers: str = "") -> Response:
    """The answer to a preflight: plain text, Vary, and these lines."""
    text = f"content-type: text/plain; charset=utf-8 | content-length: {len(body)} | {FULL_VARY}"
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
