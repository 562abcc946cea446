"""Our middleware's work on a request without Origin, step by step: each class does one thing more.

None of them is a middleware to use: they only show what each part costs. They repeat each other, for a call
of a shared function would be measured, too.
"""

from __future__ import annotations

from collections.abc import Awaitable
from types import MethodType

from tests.helpers.asgi import App, Message, Receive, Scope, Send


def forward(send: Send, message: Message) -> Awaitable[None]:
    """Send the message as it is."""
    return send(message)


class Floor:
    """Forwards `send` through a plain function, and does nothing else."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, MethodType(forward, send))


class Classified(Floor):
    """Looks at the scope's type, method and headers, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            headers = scope["headers"]
        except KeyError:
            return
        if type(headers) is not list and not isinstance(headers, (list, tuple)):
            return
        if scope["method"] == "OPTIONS":
            return
        await self.app(scope, receive, MethodType(forward, send))


class Searched(Floor):
    """Searches for Origin, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            headers = scope["headers"]
        except KeyError:
            return
        if type(headers) is not list and not isinstance(headers, (list, tuple)):
            return
        if scope["method"] == "OPTIONS":
            return
        origins = []
        for name, value in headers:
            if name == b"origin":
                origins.append(value)
        if not origins:
            send = MethodType(forward, send)
        await self.app(scope, receive, send)


def copied(send: Send, message: Message) -> Awaitable[None]:
    """Send a copy of the message that starts the response, with a copy of its headers."""
    if message["type"] == "http.response.start":
        headers = [*(message.get("headers") or ())]
        message = {**message}
        message["headers"] = headers
    return send(message)


class Copied(Floor):
    """Copies the message that starts the response, and its headers, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            headers = scope["headers"]
        except KeyError:
            return
        if type(headers) is not list and not isinstance(headers, (list, tuple)):
            return
        if scope["method"] == "OPTIONS":
            return
        origins = []
        for name, value in headers:
            if name == b"origin":
                origins.append(value)
        if not origins:
            send = MethodType(copied, send)
        await self.app(scope, receive, send)


def varied(send: Send, message: Message) -> Awaitable[None]:
    """Send the copy with Vary."""
    if message["type"] == "http.response.start":
        headers = [*(message.get("headers") or ())]
        for name, _ in headers:
            if len(name) == 4 and name.lower() == b"vary":
                break
        else:
            headers.append((b"vary", b"Origin"))
        message = {**message}
        message["headers"] = headers
    return send(message)


class Varied(Floor):
    """Looks for Vary, and adds it, too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            headers = scope["headers"]
        except KeyError:
            return
        if type(headers) is not list and not isinstance(headers, (list, tuple)):
            return
        if scope["method"] == "OPTIONS":
            return
        origins = []
        for name, value in headers:
            if name == b"origin":
                origins.append(value)
        if not origins:
            send = MethodType(varied, send)
        await self.app(scope, receive, send)


STEPS: dict[str, type[Floor]] = {
    "floor": Floor,
    "classified": Classified,
    "searched": Searched,
    "copied": Copied,
    "varied": Varied,
}
"""In order: each does what the one before does, and one thing more. `ours` comes after the last."""
