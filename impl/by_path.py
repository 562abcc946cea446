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
from impl.validation.policies import review_policies

# From the slash before it, a segment that apps read differently: an empty one that is not the last, `.`,
# `..`, and one that has a backslash, or a percent sign after decoding. So is what begins without a slash.
_READ_DIFFERENTLY = re.compile(r"\A[^/]|/(?:\.{0,2}(?=/)|\.{1,2}\Z|[^/]*[\\%])")
_ENCODED_SLASH = re.compile(rb"%2[fF]")


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
        configs, problems, advice = review_policies(policies)
        announce(self, problems, advice)
        self.app = app
        self.__policies = MappingProxyType(configs)
        self.__layers = {
            "" if prefix == "/" else prefix: _OfOnePrefix(self._pass_on, config)
            for prefix, config in configs.items()
        }
        self.__depth = max((prefix.count("/") for prefix in self.__layers), default=0)

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
        if not is_all and any(
            prefix != path and f"{prefix}/".startswith(f"{path}/") for prefix in self.__layers
        ):
            return None
        segments = path.split("/", self.__depth + 1)
        for end in range(self.__depth + 1, 0, -1):
            layer = self.__layers.get("/".join(segments[:end]))
            if layer is not None:
                return layer
        return None


class _OfOnePrefix(CORSMiddleware):
    """The middleware of one prefix, whose configuration is judged already."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._adopt(app, config, overridden=False)


def _certain(scope: Scope) -> tuple[str, bool]:
    """The beginning of the path that every app reads alike, and whether that is all of it.

    `root_path` is taken off as Starlette takes it off: once, and where a slash follows, or nothing.
    """
    path, root = scope["path"], scope.get("root_path") or ""
    rest = path
    if path.startswith(root) and path[len(root) : len(root) + 1] in ("", "/"):
        rest = path[len(root) :]
    raw = (scope.get("raw_path") or b"").partition(b"?")[0]
    odd, encoded = _READ_DIFFERENTLY.search(rest), _ENCODED_SLASH.search(raw)
    if odd is None and encoded is None:
        return rest, True
    if ".." in unquote(path).replace("\\", "/").split("/"):
        return "", False
    end = len(rest) if odd is None else odd.start()
    if encoded is not None:
        end = min(end, _start_of_segment(raw, encoded.start(), path) - (len(path) - len(rest)))
    return rest[: max(end, 0)], False


def _start_of_segment(raw: bytes, position: int, path: str) -> int:
    """Where the segment at a position of the raw path starts in the decoded one; 0 if they do not agree.

    Some servers put `root_path` in front of both, some in front of the decoded path alone.
    """
    decoded = unquote(raw)
    if not path.endswith(decoded):
        return 0
    before = raw[:position].rpartition(b"/")[0]
    return len(path) - len(decoded) + len(unquote(before))
