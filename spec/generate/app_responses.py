"""A Hypothesis strategy for what applications answer."""

from collections.abc import Callable, Mapping

from spec.generate.drawing import pick, picks, st
from spec.http import Response, has_no_content

_STATUSES = (200, 201, 204, 206, 301, 304, 307, 400, 401, 403, 404, 405, 418, 500, 503)

_VARY_VALUES = (
    b"Origin",
    b"origin",
    b"Accept-Encoding",
    b"Accept-Encoding, Origin",
    b"ORIGIN,Cookie",
    b"*",
    b"Accept, *",
    b"",
    b",",
    b" , Accept-Encoding ,,\tCookie ",
    b"X-Origin",
    b"Origin-Agent-Cluster",
    b"Origin, origin",
    b"Accept-Encoding, Accept-Encoding",
)

_APP_VALUES: Mapping[bytes, tuple[bytes, ...]] = {
    b"Content-Type": (b"text/plain", b"application/json"),
    b"Set-Cookie": (b"a=1", b"b=2; Path=/"),
    b"X-Total": (b"1", b"\xe9"),
    b"ETag": (b'"1"',),
    b"Location": (b"https://example.org/",),
    b"Cache-Control": (b"max-age=60", b"no-store"),
    b"Access-Control-Allow-Origin": (b"*", b"https://example.com", b"https://app.internal", b"null", b""),
    b"Access-Control-Allow-Credentials": (b"true", b"false", b"True"),
    b"Access-Control-Expose-Headers": (b"X-App", b"*", b"X-Total,,"),
    b"Access-Control-Allow-Methods": (b"GET, X-APP",),
    b"Access-Control-Allow-Headers": (b"X-App",),
    b"Access-Control-Max-Age": (b"1",),
    b"Access-Control-Allow-Private-Network": (b"true",),
}

_CASES: tuple[Callable[[bytes], bytes], ...] = (bytes.lower, bytes.title, bytes.upper)


@st.composite
def app_responses(draw: st.DrawFn) -> Response:
    """What applications answer: any status, CORS headers of their own, Vary in many forms, doubled lines.

    Names come in any case (apps break ASGI's promise of lower case); every line is a valid field line.
    """
    lines = list(picks(draw, _APP_LINES, 5))
    is_doubled = pick(draw, (False, False, False, True))
    if lines and is_doubled:
        lines.append(pick(draw, lines))
    case = pick(draw, (*_CASES, None))
    headers = tuple(((case or pick(draw, _CASES))(name), value) for name, value in lines)
    status = pick(draw, _STATUSES)
    body = b"" if has_no_content(status) else pick(draw, (b"", b"hello", b'{"message": "Hello World"}'))
    return Response(status, headers, body)


_PLAIN_LINES = tuple((name, value) for name, values in _APP_VALUES.items() for value in values)
_APP_LINES = (*_PLAIN_LINES, *((b"Vary", value) for value in _VARY_VALUES))
