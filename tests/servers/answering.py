"""An app behind the middleware whose response depends on the path alone, for servers to serve."""

from typing import Any

from spec.config import Config
from spec.http import Response
from tests.helpers.asgi import Receive, Scope, Send
from tests.theorems.serving import protect

CONFIG = Config(
    allow_origins=("https://app.example", "https://*.tenants.example"),
    allow_credentials=True,
    allow_methods=("GET", "PUT", "PURGE"),
    allow_headers=("X-Token",),
    allow_private_network=True,
    expose_headers=("X-Total",),
)

TEXT = (b"content-type", b"text/plain")
RESPONSES = {
    "/plain": Response(200, (TEXT, (b"content-length", b"5")), b"hello"),
    "/streamed": Response(200, (TEXT,), b"one two three " * 3),
    "/nothing": Response(204, ((b"x-total", b"0"),)),
    "/unchanged": Response(304, ((b"etag", b'"1"'), (b"vary", b"Accept-Encoding"))),
    "/broken": Response(500, (TEXT, (b"content-length", b"6")), b"sorry\n"),
    "/own": Response(
        200,
        (
            TEXT,
            (b"content-length", b"2"),
            (b"access-control-allow-origin", b"*"),
            (b"access-control-expose-headers", b"X-Own"),
            (b"vary", b"Cookie"),
            (b"vary", b"Accept"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
        ),
        b"ok",
    ),
}
"""By path. A body without a length is sent in three parts."""


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Send the response of the path; the lifespan is over at once."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    response = RESPONSES[scope["path"]]
    await send({"type": "http.response.start", "status": response.status, "headers": [*response.headers]})
    has_length = any(name == b"content-length" for name, _ in response.headers)
    body = b"" if scope["method"] == "HEAD" else response.body  # Daphne would send it
    size = len(body) if has_length or not body else len(body) // 3
    parts = [body[start : start + size] for start in range(0, len(body), size or 1)]
    for number, part in enumerate(parts or [b""], 1):
        await send({"type": "http.response.body", "body": part, "more_body": number < len(parts)})


async def lifespan(receive: Receive, send: Send) -> None:
    """Start and stop when the server says so."""
    while True:
        message: Any = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


served = protect(answering, CONFIG)
