"""The request path: which requests are preflights, what they are answered, what actual responses gain.

In the order of the Fetch standard's CORS protocol (https://fetch.spec.whatwg.org/#http-cors-protocol): the
request is classified, its origin judged, a preflight answered or the app's response given its headers.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from itertools import product
from typing import Any

from impl.config import Config, Line, compile_policy, gather, review
from impl.errors import CORSConfigError, CORSConfigWarning

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_ORIGIN_LENGTH = 512
MAX_REQUESTED_HEADERS_LENGTH = 16_384

_ORIGIN_SHAPE = re.compile(r"[a-z][a-z0-9+.\-]*://[^\x00-\x20/?#@\\,\x7f-\U0010ffff]+")
_TOKEN_BYTES = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OWS = b" \t"

_VARY_ON_ORIGIN = (b"vary", b"Origin")
_CONTENT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
_PREFLIGHT_VARY = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    b"Access-Control-Request-Private-Network",
)
_VARY_ALONE = frozenset({b"vary"})
_REQUEST_HEADERS = frozenset(
    {
        b"origin",
        b"access-control-request-method",
        b"access-control-request-headers",
        b"access-control-request-private-network",
    }
)
_ALLOW_PRIVATE_NETWORK = (b"access-control-allow-private-network", b"true")


def _answer(parts: Iterable[bool]) -> tuple[int, tuple[Line, ...], bytes]:
    names = ("origin", "method", "headers", "private-network")
    refused = ", ".join(name for name, allowed in zip(names, parts, strict=True) if not allowed)
    body = f"Disallowed CORS {refused}".encode() if refused else b"OK"
    lines = (_CONTENT_TYPE, (b"content-length", b"%d" % len(body)), _PREFLIGHT_VARY)
    return 400 if refused else 200, lines, body


# Status, header lines and body of an answer, by what is allowed: (origin, method, headers, private network).
_ANSWERS = {parts: _answer(parts) for parts in product((True, False), repeat=4)}


class CORSMiddleware:
    """ASGI middleware that answers CORS preflights and adds CORS headers to responses.

    A drop-in for Starlette's and FastAPI's class: `app.add_middleware(CORSMiddleware, allow_origins=[...])`.

    To have CORS headers also on the 500 that Starlette and FastAPI make of an unhandled exception, wrap the
    finished app and serve that; a wrong configuration is then reported at once, too:

        app = CORSMiddleware(app, allow_origins=["https://example.com"])

    Args:
        app: the ASGI app to wrap.
        allow_origins: origins that may read responses, as browsers send them, or `["*"]` for all.
        allow_methods: methods that they may use, or `["*"]` for the standard ones.
        allow_headers: request headers that they may send, besides the four that are always allowed
            (Accept, Accept-Language, Content-Language, Content-Type), or `["*"]` for all.
        allow_credentials: whether requests may carry cookies and other credentials.
        allow_origin_regex: a regex, or a compiled one, that allows each origin that it matches in full.
        allow_private_network: whether pages of public networks may reach this server on a private one.
        expose_headers: response headers that scripts may read.
        max_age: for how many seconds browsers may remember a preflight.

    Lists may be any iterables of str; they are read once.

    Raises:
        CORSConfigError: with every problem of the configuration.

    Warns:
        CORSConfigWarning: once for each rule by which the configuration is unwise.
    """

    def __init__(
        self,
        app: ASGIApp,
        allow_origins: Iterable[str] = (),
        allow_methods: Iterable[str] = ("GET",),
        allow_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        allow_origin_regex: str | re.Pattern[str] | None = None,
        allow_private_network: bool = False,
        expose_headers: Iterable[str] = (),
        max_age: int = 600,
    ) -> None:
        config = Config(
            allow_origins=gather(allow_origins),
            allow_methods=gather(allow_methods),
            allow_headers=gather(allow_headers),
            allow_credentials=allow_credentials,
            allow_origin_regex=allow_origin_regex,
            allow_private_network=allow_private_network,
            expose_headers=gather(expose_headers),
            max_age=max_age,
        )
        problems, advice = review(config)
        try:
            for unwise in advice:
                warnings.warn(CORSConfigWarning(unwise), stacklevel=_stacklevel(self))
        except CORSConfigWarning:  # a filter makes warnings raise; an error is still the more important
            if not problems:
                raise
        if problems:
            raise CORSConfigError(problems)
        self.app = app
        self._config = config
        self._policy = compile_policy(config)
        self._overridden = type(self).is_allowed_origin is not CORSMiddleware.is_allowed_origin

    @property
    def config(self) -> Config:
        """The configuration, frozen."""
        return self._config

    def is_allowed_origin(self, origin: str) -> bool:
        """Whether the configuration allows an origin. A subclass may override this, to decide itself.

        It is asked once per request that has an Origin, for preflights and others alike, and only about a
        single value that is configured, `null`, or looks like an origin; everything else is refused unasked.
        """
        policy = self._policy
        if policy.any_origin or origin in policy.origins:
            return True
        regex = policy.origin_regex
        return regex is not None and _is_origin_shaped(origin) and regex.fullmatch(origin) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request if it is a preflight; else let the app answer, and add the CORS headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        asked: dict[bytes, list[bytes]] = {}
        for name, value in scope.get("headers") or ():
            if name in _REQUEST_HEADERS:
                asked.setdefault(name, []).append(value)

        lines: tuple[Line, ...] = ()
        replaced = _VARY_ALONE
        if b"origin" not in asked:
            pass
        elif b"access-control-request-method" in asked and scope["method"] == "OPTIONS":
            start, body = self._preflight_answer(asked)
            await send(start)
            await send(body)
            return
        elif self._allows(asked[b"origin"]):
            lines, replaced = self._actual_lines(asked[b"origin"]), self._policy.replaced
        else:
            lines, replaced = (), _VARY_ALONE

        def send_with_cors(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message = _edited(message, lines, replaced)
            return send(message)

        await self.app(scope, receive, send_with_cors)

    def _allows(self, origins: list[bytes]) -> bool:
        """Whether the values of the Origin lines are one origin that is allowed."""
        policy = self._policy
        if policy.any_origin and not self._overridden:
            return True
        if len(origins) != 1:
            return False
        origin = origins[0].decode("latin-1")
        if origin in policy.origins:
            return not self._overridden or self.is_allowed_origin(origin)
        if origin == "null" or _is_origin_shaped(origin):
            return self.is_allowed_origin(origin)
        return False

    def _allow_origin(self, origins: list[bytes]) -> Line:
        return (b"access-control-allow-origin", b"*" if self._policy.any_origin else origins[0])

    def _actual_lines(self, origins: list[bytes]) -> tuple[Line, ...]:
        return (self._allow_origin(origins), *self._policy.actual_lines)

    def _preflight_answer(self, asked: dict[bytes, list[bytes]]) -> tuple[Message, Message]:
        """The two messages that answer a preflight."""
        policy = self._policy
        methods = asked[b"access-control-request-method"]
        names = _requested_names(asked.get(b"access-control-request-headers"))
        private_network = asked.get(b"access-control-request-private-network") == [b"true"]

        origin_allowed = self._allows(asked[b"origin"])
        method_allowed = methods[0] in policy.methods and methods.count(methods[0]) == len(methods)
        if names is None:
            headers_allowed = False
        elif policy.any_header:
            headers_allowed = not b"".join(names).translate(None, _TOKEN_BYTES)
        else:
            headers_allowed = policy.headers.issuperset([name.lower() for name in names])
        network_allowed = policy.private_network or not private_network

        allowed = (origin_allowed, method_allowed, headers_allowed, network_allowed)
        status, common_lines, body = _ANSWERS[allowed]
        lines = [*common_lines]
        if origin_allowed:
            lines.append(self._allow_origin(asked[b"origin"]))
            lines += policy.preflight_lines
            if policy.any_header and headers_allowed and names:
                lines.append((b"access-control-allow-headers", b", ".join(names)))
            if private_network and status == 200:
                lines.append(_ALLOW_PRIVATE_NETWORK)
        return (
            {"type": "http.response.start", "status": status, "headers": lines},
            {"type": "http.response.body", "body": body},
        )


def _is_origin_shaped(text: str) -> bool:
    return len(text) <= MAX_ORIGIN_LENGTH and _ORIGIN_SHAPE.fullmatch(text) is not None


def _requested_names(values: list[bytes] | None) -> list[bytes] | None:
    """The elements of Access-Control-Request-Headers, empty ones dropped; None when it is too long."""
    if values is None:
        return []
    if sum(map(len, values)) > MAX_REQUESTED_HEADERS_LENGTH:
        return None
    return [name for element in b",".join(values).split(b",") if (name := element.strip(_OWS))]


def _edited(message: Message, lines: tuple[Line, ...], replaced: frozenset[bytes]) -> Message:
    """A copy of the app's message with our header lines instead of its own under the replaced names."""
    kept: list[Line] = []
    vary: list[Line] = []
    for line in message.get("headers") or ():
        name = line[0].lower()
        if name not in replaced:
            kept.append(line)
        elif name == b"vary":
            vary.append(line)
    kept += lines
    kept += _vary_on_origin(vary)
    return {**message, "headers": kept}


def _vary_on_origin(vary: list[Line]) -> list[Line]:
    """The Vary lines of a response that depends on Origin, from those that the app sent."""
    if not vary:
        return [_VARY_ON_ORIGIN]
    elements = [element.strip(_OWS) for line in vary for element in line[1].split(b",")]
    named = b"origin" in [element.lower() for element in elements]
    if b"*" in elements or (named and len(vary) == 1):
        return vary
    nominated = [element for element in elements if element]
    return [(b"vary", b", ".join(nominated if named else [*nominated, b"Origin"]))]


def _stacklevel(middleware: CORSMiddleware) -> int:
    """How far up the stack the line is that constructs a middleware, above the __init__ of subclasses."""
    level, frame = 2, sys._getframe(2)
    while (
        frame.f_back is not None
        and frame.f_code.co_name == "__init__"
        and frame.f_locals.get("self") is middleware
    ):
        level, frame = level + 1, frame.f_back
    return level
