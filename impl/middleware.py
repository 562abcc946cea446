"""The request path: which requests are preflights, what they are answered, what actual responses gain.

In the order of the Fetch standard's CORS protocol (https://fetch.spec.whatwg.org/#http-cors-protocol): the
request is classified, its origin judged, a preflight answered or the app's response given its headers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, MutableMapping
from inspect import isawaitable
from types import MethodType
from typing import TYPE_CHECKING, Any

from impl.config import Config, gather
from impl.errors import Problem, announce
from impl.policy import Line, Policy, compile_policy

if TYPE_CHECKING:
    from impl.explanation import Explainer, Explanation, Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_ORIGIN_LENGTH = 512
MAX_REQUESTED_HEADERS_LENGTH = 16_384

_ORIGIN_SHAPE = re.compile(r"[a-z][a-z0-9+.\-]*://[^\x00-\x20/?#@\\,\x7f-\U0010ffff]+")
_TOKEN_BYTES_AND_COMMA = b"!#$%&'*+,-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OWS = b" \t"
_ALLOWED, _REFUSED = b"OK", b"Disallowed CORS "  # what the body of a preflight's response is, or begins with

_log = logging.getLogger("verified_cors")

# What a preflight is judged by.
_ASKED = frozenset(
    {
        b"origin",
        b"access-control-request-method",
        b"access-control-request-headers",
        b"access-control-request-private-network",
    }
)

# What Starlette's class calls and this one does not: an override of these would have no effect.
_NEVER_CALLED = ("preflight_response", "simple_response", "send", "allow_explicit_origin")

_VARY_ON_ORIGIN = (b"vary", b"Origin")
_VARY_ALONE = frozenset({b"vary"})
_ALLOW_PRIVATE_NETWORK = (b"access-control-allow-private-network", b"true")


class CORSMiddleware:
    """ASGI middleware that answers CORS preflights and adds CORS headers to responses.

    A drop-in for Starlette's and FastAPI's class: `app.add_middleware(CORSMiddleware, allow_origins=[...])`.

    Better is `install_cors(app, allow_origins=[...])`: it reports a wrong configuration at once, and also
    reaches the 500 that Starlette and FastAPI make of an unhandled exception.

    Any other ASGI app is wrapped, and the result served:

        served = CORSMiddleware(app, allow_origins=["https://example.com"])

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

    Lists may be any iterables of str; they are read once. A subclass may override `is_allowed_origin`.

    Raises:
        CORSConfigError: with every problem of the configuration, and every override that is never called.

    Warns:
        CORSConfigWarning: once for each rule by which the configuration is risky.
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
        # An override is asked about every origin; without one, the configuration has the answer.
        asked: Any = self.is_allowed_origin
        is_ours = (
            type(asked) is MethodType and asked.__self__ is self and asked.__func__ is _IS_ALLOWED_ORIGIN
        )
        # Loaded here: an import of the package is quick, and only who has a configuration needs them.
        from impl.validation.correction import corrected
        from impl.validation.review import review

        problems, advice = review(config, not is_ours)
        problems = [*_dead_overrides(type(self)), *problems]
        announce(self, problems, advice, corrected(config, problems))
        self._adopt(app, config, not is_ours)

    def _adopt(self, app: ASGIApp, config: Config, overridden: bool = False) -> None:
        """Take a configuration that has no problem."""
        self.app = app
        self.__is_overridden = overridden
        self.__config = config
        self.__policy = policy = compile_policy(config)
        # Names of these are mangled: a subclass has attributes of its own.
        self.__origins = frozenset(name.encode() for name in policy.origins)
        self.__matches = policy.origin_patterns is not None or policy.origin_regex is not None
        self.__explainer: Explainer | None = None  # made when something is explained

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; `is_allowed_origin` may be replaced in one middleware, too."""
        super().__setattr__(name, value)
        if name == "is_allowed_origin":
            self.__is_overridden = True

    @property
    def config(self) -> Config:
        """The configuration, frozen."""
        return self.__config

    def is_allowed_origin(self, origin: str) -> bool | Any:  # Any: of an override, an awaitable bool, too
        """Whether the configuration allows an origin. A subclass may override this, to decide itself.

        An override may be a plain or an `async` method. It is called as `is_allowed_origin(origin=…)`, once
        for each request that has an Origin, preflights included, before the app is called. It is asked only
        about a single value that is configured, `null`, or looks like an origin; others are refused without
        asking. The origin is allowed if the result, awaited if it is awaitable, is `True`; any other result
        refuses. What an override raises reaches the server, and nothing is sent.
        """
        policy = self.__policy
        return policy.any_origin or origin in policy.origins or self._is_matched(origin)

    def _is_matched(self, origin: str) -> bool:
        """Whether a pattern or the regex allows an origin."""
        patterns, regex = self.__policy.origin_patterns, self.__policy.origin_regex
        if not _is_origin_shaped(origin):
            return False
        if patterns is not None and patterns.match(origin):
            return True
        return regex is not None and regex.fullmatch(origin) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request if it is a preflight; else let the app answer, and add the CORS headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        try:
            headers = scope["headers"]
        except KeyError:
            headers = ()
        # What can be read once is kept: the app is to read it after us. Most servers give a list.
        if type(headers) is not list and not isinstance(headers, (list, tuple)):
            headers = [*(headers or ())]
            scope = {**scope, "headers": headers}
        if scope["method"] == "OPTIONS":
            origins, methods, requested_headers, private_network = _preflight_headers(headers)
            if origins and methods:
                if self.__is_overridden:
                    allow_origin = await self._ask_override(origins)
                else:
                    allow_origin = self._allow_origin(origins)
                start, body = self._preflight_answer(
                    allow_origin, methods, requested_headers, private_network
                )
                if body["body"] != _ALLOWED and _log.isEnabledFor(logging.DEBUG):
                    self._log_refusal(scope, self._refused(headers, body))
                await send(start)
                await send(body)
                return
        else:
            origins = []
            for name, value in headers:
                if name == b"origin":
                    origins.append(value)

        # What sends is a method of what it needs: it takes less to make, and to call, than a closure does.
        if not origins:
            send = MethodType(_send_with_vary, send)
        else:
            if self.__is_overridden:
                allow_origin = await self._ask_override(origins)
            else:
                allow_origin = self._allow_origin(origins)
            if allow_origin is None:
                if _log.isEnabledFor(logging.DEBUG):
                    self._log_refusal(scope, self._refused(headers))
                send = MethodType(_send_with_vary, send)
            else:
                send = MethodType(_send_with_cors, (send, allow_origin, self.__policy))
        await self.app(scope, receive, send)

    def explain(
        self, method: str, headers: Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]] = ()
    ) -> Explanation:
        """What this middleware makes of a request, and why: for tests and support pages.

        `method` is the one that is sent, in capitals: only `OPTIONS` can be a preflight. `headers` are those
        of the request, names in any letter case: `{"Origin": "https://app.example"}`, or pairs if a name is
        repeated. An override of `is_allowed_origin` is called.

        Raises:
            RuntimeError: if an override waits for something, which this cannot.
            TypeError: if a header is neither str nor bytes.
        """
        from impl.explanation import Explanation, header_lines

        lines = header_lines(headers)
        origins, methods, requested_headers, private_network = _preflight_headers(lines)
        if not origins:
            allow_origin = None
        elif self.__is_overridden:
            allow_origin = _without_waiting(self._ask_override(origins))
        else:
            allow_origin = self._allow_origin(origins)
        if method == "OPTIONS" and origins and methods:
            _, body = self._preflight_answer(allow_origin, methods, requested_headers, private_network)
            if body["body"] != _ALLOWED:
                return self._refused(lines, body)
            return Explanation(True, True)
        if allow_origin is None:
            return self._refused(lines)
        return Explanation(False, True)

    def _refused(self, headers: Iterable[Line], preflight_body: Message | None = None) -> Explanation:
        """The explanation of a request that was refused; what of a preflight, its response says."""
        from impl.explanation import Explainer, Explanation

        if self.__explainer is None:
            self.__explainer = Explainer(self.__config, self.__policy)
        origins, methods, requested_headers, _ = _preflight_headers(headers)
        if preflight_body is None:
            parts = ["origin"] if origins else []
        else:
            parts = preflight_body["body"].removeprefix(_REFUSED).decode().split(", ")
        because: dict[str, Callable[[Explainer], Refusal]] = {
            "origin": lambda of: of.origin(origins, self.__is_overridden),
            "method": lambda of: of.method(methods),
            "headers": lambda of: of.headers(requested_headers, MAX_REQUESTED_HEADERS_LENGTH),
            "private-network": lambda of: of.private_network(),
        }
        refusals = tuple(because[part](self.__explainer) for part in parts)
        return Explanation(preflight_body is not None, False, refusals)

    def _log_refusal(self, scope: Scope, explanation: Explanation) -> None:
        """One record, whose fields are in `extra` too, for formatters that write them apart."""
        from impl.explanation import shown

        refusals = explanation.refusals
        method, path = shown(scope["method"]), shown(scope["path"])
        fields = {
            "cors_method": method,
            "cors_path": path,
            "cors_preflight": explanation.is_preflight,
            "cors_refused": [refusal.part for refusal in refusals],
            "cors_values": [refusal.value for refusal in refusals],
            "cors_rules": [refusal.rule for refusal in refusals],
            "cors_closest": [refusal.closest for refusal in refusals],
            "cors_differences": [refusal.difference for refusal in refusals],
        }
        _log.debug("%s %s: CORS %s", method, path, explanation, extra=fields)

    def _allow_origin(self, origins: list[bytes]) -> bytes | None:
        """The value of Access-Control-Allow-Origin for these Origin lines; None if they are not allowed."""
        policy = self.__policy
        if policy.any_origin:
            return b"*"
        if len(origins) > 1:
            return None
        origin = origins[0]
        if origin in self.__origins or (self.__matches and self._is_matched(origin.decode("latin-1"))):
            return origin
        return None

    async def _ask_override(self, origins: list[bytes]) -> bytes | None:
        """The same, as an override of `is_allowed_origin` decides."""
        if len(origins) > 1:
            return None
        policy = self.__policy
        origin = origins[0].decode("latin-1")
        if origin != "null" and origin not in policy.origins and not _is_origin_shaped(origin):
            return None
        verdict = self.is_allowed_origin(origin=origin)
        if isawaitable(verdict):
            verdict = await verdict
        if (
            verdict is not True
        ):  # a coroutine, a row, a message: what merely counts as true must not open anything
            return None
        return b"*" if policy.any_origin else origins[0]

    def _preflight_answer(
        self,
        allow_origin: bytes | None,
        methods: list[bytes],
        requested_headers: list[bytes],
        private_network: list[bytes],
    ) -> tuple[Message, Message]:
        """The two messages that answer a preflight."""
        policy = self.__policy
        asks_private_network = len(private_network) == 1 and private_network[0] == b"true"

        method_allowed = methods[0] in policy.methods and methods.count(methods[0]) == len(methods)
        mirrored = b""
        asked = b",".join(requested_headers)
        if len(asked) > MAX_REQUESTED_HEADERS_LENGTH < sum(map(len, requested_headers)):
            headers_allowed = False
        elif policy.any_header:
            mirrored = asked.replace(b",", b", ")
            # No browser sends blanks or empty elements. To search from the right is the quickest by far.
            if b" " in asked or b"\t" in asked or (b", %b, " % mirrored).rfind(b", , ") >= 0:
                asked = b",".join(_elements(asked))
                mirrored = asked.replace(b",", b", ")
            headers_allowed = not asked.translate(None, _TOKEN_BYTES_AND_COMMA)
        else:
            # Browsers send names in lower case and without blanks.
            headers_allowed = policy.headers.issuperset(asked.split(b",")) or policy.headers.issuperset(
                name.strip(_OWS) for name in asked.lower().split(b",")
            )
        network_allowed = not asks_private_network or self.__config.allow_private_network

        if allow_origin is not None and method_allowed and headers_allowed and network_allowed:
            status, lines, body = policy.allowed_answer
        else:
            allowed = (allow_origin is not None, method_allowed, headers_allowed, network_allowed)
            status, lines, body = policy.answers[allowed]
        if allow_origin is None:
            headers = [*lines]
        else:
            headers = [*lines, (b"access-control-allow-origin", allow_origin)]
            if headers_allowed and mirrored:
                headers.append((b"access-control-allow-headers", mirrored))
            if asks_private_network and status == 200:
                headers.append(_ALLOW_PRIVATE_NETWORK)
        return (
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": body},
        )


# Whoever replaces it, in a subclass or here, overrides it.
_IS_ALLOWED_ORIGIN = CORSMiddleware.is_allowed_origin


def _dead_overrides(middleware: type[CORSMiddleware]) -> Iterator[Problem]:
    """The methods of a subclass that nothing calls."""
    own = middleware.__name__
    for other in middleware.__mro__[middleware.__mro__.index(CORSMiddleware) + 1 :]:
        if "is_allowed_origin" in vars(other):
            name = other.__name__
            reason = f"{own} inherits it from CORSMiddleware before {name}, whose method is never called."
            repair = f"class {own}({name}, CORSMiddleware), in this order."
            yield Problem("class", None, "is_allowed_origin", "A-CFG-29", reason, repair)
    for name in _NEVER_CALLED:
        if hasattr(middleware, name):
            yield Problem(
                "class",
                None,
                name,
                "A-CFG-29",
                f"{own} defines {name}. Starlette's class calls it, this one never does.",
                "override is_allowed_origin to decide about origins; to change responses, wrap the "
                "middleware in an ASGI app of your own.",
            )


def _without_waiting(coroutine: Coroutine[Any, Any, bytes | None]) -> bytes | None:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        found: bytes | None = done.value
        return found
    coroutine.close()
    raise RuntimeError(
        "is_allowed_origin waits for something, and explain cannot wait: send a request in a test instead"
    )


def _is_origin_shaped(text: str) -> bool:
    return len(text) <= MAX_ORIGIN_LENGTH and _ORIGIN_SHAPE.fullmatch(text) is not None


def _preflight_headers(headers: Iterable[Line]) -> tuple[list[bytes], list[bytes], list[bytes], list[bytes]]:
    """The values of the lines that a preflight is judged by."""
    origins: list[bytes] = []
    methods: list[bytes] = []
    requested_headers: list[bytes] = []
    private_network: list[bytes] = []
    for name, value in headers:
        if name in _ASKED:
            if name == b"origin":
                origins.append(value)
            elif name == b"access-control-request-method":
                methods.append(value)
            elif name == b"access-control-request-headers":
                requested_headers.append(value)
            else:
                private_network.append(value)
    return origins, methods, requested_headers, private_network


def _elements(value: bytes) -> list[bytes]:
    """The elements of a comma-separated list, without the empty ones."""
    elements = value.split(b",")
    if b" " in value or b"\t" in value:
        elements = [element.strip(_OWS) for element in elements]
    return [*filter(None, elements)]


def _send_with_vary(send: Send, message: Message) -> Awaitable[None]:
    """Send the app's message; Vary names Origin."""
    if message["type"] == "http.response.start":
        headers = [*(message.get("headers") or ())]
        for name, _ in headers:
            if len(name) == 4 and name.lower() == b"vary":
                headers = _replaced(headers, _VARY_ALONE)
                break
        else:
            headers.append(_VARY_ON_ORIGIN)
        message = {**message}
        message["headers"] = headers
    return send(message)


def _send_with_cors(allowed: tuple[Send, bytes, Policy], message: Message) -> Awaitable[None]:
    """Send the app's message, with the CORS headers of an allowed origin; Vary names Origin."""
    send, allow_origin, policy = allowed
    if message["type"] == "http.response.start":
        replaced, lengths = policy.replaced, policy.replaced_lengths
        headers = [*(message.get("headers") or ())]
        for name, _ in headers:
            if len(name) in lengths and name.lower() in replaced:
                headers = _replaced(headers, replaced)
                break
        else:
            headers.append(_VARY_ON_ORIGIN)
        headers.append((b"access-control-allow-origin", allow_origin))
        headers += policy.actual_lines
        message = {**message}
        message["headers"] = headers
    return send(message)


def _replaced(headers: list[Line], ours: frozenset[bytes]) -> list[Line]:
    """The lines whose names are not ours, and the right Vary."""
    vary = [line for line in headers if line[0].lower() == b"vary"]
    return [line for line in headers if line[0].lower() not in ours] + _vary_on_origin(vary)


def _vary_on_origin(vary: list[Line]) -> list[Line]:
    """The Vary lines of a response that depends on Origin, from those that the app sent."""
    elements = _elements(b",".join([value for _, value in vary]))
    named = b"origin" in [element.lower() for element in elements]
    if b"*" in elements or (named and len(vary) == 1):
        return vary
    return [(b"vary", b", ".join(elements if named else [*elements, b"Origin"]))]
