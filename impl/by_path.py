"""A policy for each path: which one a request has, as the app behind reads its path."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from impl.config import Config
from impl.errors import announce
from impl.middleware import ASGIApp, CORSMiddleware, Receive, Scope, Send

# From the slash before it, a segment that apps read differently: an empty one that is not the last, `.`,
# `..`, and one that has a backslash, or a percent sign after decoding. So is what begins without a slash.
_READ_DIFFERENTLY = re.compile(r"\A[^/]|/(?:\.{0,2}(?=/)|\.{1,2}\Z|[^/]*[\\%])")
_UP_TO_AN_ENCODED_SLASH = re.compile(rb"[^?]*?%2[fF]")


class CORSByPath:
    """ASGI middleware with a CORS policy for each prefix of the path.

        app = CORSByPath(app, {
            "/": {"allow_origins": ["https://app.example"], "allow_credentials": True},
            "/public": {"allow_origins": ["*"]},
        })

    In Starlette and FastAPI: `install_cors(app, policies={...})`, or `app.add_middleware(CORSByPath,
    policies={...})`.

    A prefix is of whole segments: `/public` is for `/public` and `/public/items`, not for `/publications`.
    The longest that fits decides. Without one the request has no CORS: the app alone responds, to preflights,
    too. The path is the one that the app reads: decoded, in its letter case, without `root_path` and what the
    app is mounted at.

    Apps read some paths differently: those with empty segments (`//`), `.`, backslashes, encoded slashes
    (`%2F`), or a percent sign after decoding. Such a path is read up to the first of these segments, and a
    path with `..` not at all. If a longer prefix could follow, the request has no CORS.

    Args:
        app: the ASGI app to wrap.
        policies: for each prefix the arguments of CORSMiddleware, or a Config; `{}` allows nobody.

    Raises:
        CORSConfigError: with every problem of all policies, each with its prefix.

    Warns:
        CORSConfigWarning: once for each rule by which policies are risky.
    """

    def __init__(
        self,
        app: ASGIApp,
        policies: Mapping[str, Mapping[str, Any] | Config] | Iterable[tuple[str, Mapping[str, Any] | Config]],
    ) -> None:
        from impl.validation.policies import review_policies

        configs, problems, advice = review_policies(policies)
        announce(self, problems, advice, None)
        self.app = app
        self.__policies = MappingProxyType(configs)
        # With a slash after the last segment. Backwards, so that a prefix comes before its own beginnings.
        self.__layers = [
            (prefix if prefix == "/" else f"{prefix}/", _OfOnePrefix(self._pass_on, configs[prefix]))
            for prefix in sorted(configs, reverse=True)
        ]

    @property
    def policies(self) -> Mapping[str, Config]:
        """The configuration of each prefix, frozen."""
        return self.__policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the policy of the path answer, or add its headers; without one the app responds alone."""
        layer = self._layer(scope) if scope["type"] == "http" else None
        await (layer or self.app)(scope, receive, send)

    def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return self.app(scope, receive, send)  # the app of this moment: `install_cors` sets it later

    def _layer(self, scope: Scope) -> CORSMiddleware | None:
        """The middleware of the longest prefix that fits; None if there is none, or a longer one could."""
        path, is_all = _certain(scope)
        path += "/"
        if not is_all and any(prefix != path and prefix.startswith(path) for prefix, _ in self.__layers):
            return None
        return next((layer for prefix, layer in self.__layers if path.startswith(prefix)), None)


class _OfOnePrefix(CORSMiddleware):
    """The middleware of one prefix, whose configuration is judged already."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._adopt(app, config)


def _certain(scope: Scope) -> tuple[str, bool]:
    """The beginning of the path that every app reads alike, and whether that is all of it.

    `root_path` is taken off as Starlette takes it off: once, and where a slash follows, or nothing.
    """
    path, root = scope["path"], scope.get("root_path")
    rest = path
    if root and path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        rest = path[len(root) :]
    raw = scope.get("raw_path")
    odd = _READ_DIFFERENTLY.search(rest)
    encoded = None if raw is None else _UP_TO_AN_ENCODED_SLASH.match(raw)
    if odd is None and encoded is None:
        return rest, True
    if ".." in unquote(path).replace("\\", "/").split("/"):
        return "", False
    ends = (
        *([] if odd is None else [odd.start()]),
        *([] if encoded is None else [_start_of_segment(encoded, path) - (len(path) - len(rest))]),
    )
    return rest[: max(min(ends), 0)], False


def _start_of_segment(encoded: re.Match[bytes], path: str) -> int:
    """Where in the path the segment with the encoded slash starts; 0 if the raw path is not of this path.

    Some servers put `root_path` in front of both, some in front of the path alone.
    """
    decoded = unquote(encoded.string.partition(b"?")[0])
    if not path.endswith(decoded):
        return 0
    before = encoded[0].rpartition(b"/")[0]
    return len(path) - len(decoded) + len(unquote(before))
