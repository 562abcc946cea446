"""How requests reach a server: over a socket, or in this process over ASGI or WSGI."""

import inspect
from typing import Any

from spec.conformance.transports.address import Address
from spec.conformance.transports.asgi import Asgi
from spec.conformance.transports.http import Socket
from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer, Transport, travels
from spec.conformance.transports.wsgi import Wsgi

__all__ = [
    "NOTHING", "Address", "Asgi", "Extra", "NoAnswer", "Socket", "Transport", "Wsgi", "in_process", "travels",
]  # fmt: skip


def in_process(
    app: Any, interface: str = "auto", *, extra: Extra = NOTHING, timeout: float = IDLE
) -> Transport:
    """The way to an application: "asgi", "wsgi", or "auto" to tell by itself; `extra` headers are added.

    Raises ValueError for another interface, and for something that cannot be called.
    """
    if interface not in ("asgi", "wsgi", "auto"):
        raise ValueError(f"interface: {interface!r} is not one of them; choose from asgi, wsgi, auto")
    if not callable(app):
        raise ValueError(f"app: {app!r} cannot be called; give an ASGI or WSGI application")
    is_asgi = looks_like_asgi(app) if interface == "auto" else interface == "asgi"
    kind: type[Asgi] | type[Wsgi] = Asgi if is_asgi else Wsgi
    return kind(app, extra=extra, timeout=timeout)


def looks_like_asgi(app: Any) -> bool:
    """Calling it gives a coroutine, or takes the three arguments of ASGI; WSGI has two."""
    if any(map(inspect.iscoroutinefunction, (app, type(app).__call__))):
        return True
    try:
        return len(inspect.signature(app).parameters) == 3
    except (TypeError, ValueError):  # what is not written in Python may not tell
        return False
