"""How requests reach a server: over a socket, or in this process over ASGI or WSGI."""

import inspect
from typing import Any

from spec.conformance.transports.address import Address
from spec.conformance.transports.asgi import Asgi
from spec.conformance.transports.http import Socket
from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer, Transport, travels
from spec.conformance.transports.wsgi import Wsgi

__all__ = [
    "NOTHING", "Address", "Asgi", "Extra", "NoAnswer", "Socket", "Transport", "Wsgi", "in_process", "name_of",
    "travels",
]  # fmt: skip


def in_process(
    app: Any, interface: str = "auto", *, extra: Extra = NOTHING, timeout: float = IDLE
) -> Transport:
    """The way to an application: "asgi", "wsgi", or "auto" to tell by itself; `extra` headers are added.

    Raises ValueError for another interface, and for what is no application, or one of the other interface.
    """
    if interface not in ("asgi", "wsgi", "auto"):
        raise ValueError(f"interface: {interface!r} is not one of them; choose from asgi, wsgi, auto")
    try:
        problem = why_not(app, interface)
        is_asgi = not problem and (looks_like_asgi(app) if interface == "auto" else interface == "asgi")
    except Exception as raised:  # what stands for another object, such as flask.request, may raise anything
        why = f"{type(raised).__name__}: {raised}".partition("\n")[0].removesuffix(".")
        problem = f"app: {name_of(app)} cannot be inspected ({why}); give an ASGI or WSGI application"
    if problem:
        raise ValueError(problem)
    kind: type[Asgi] | type[Wsgi] = Asgi if is_asgi else Wsgi
    return kind(app, extra=extra, timeout=timeout)


def name_of(app: Any) -> str:
    """How a report calls an application."""
    try:
        return f"{app.__module__}:{app.__qualname__}"
    except Exception:  # most objects have no such attributes, and some raise for any
        return f"{type(app).__module__}:{type(app).__qualname__}"


def why_not(app: Any, interface: str) -> str:
    """Why this is no application of the interface, and what to give; empty when it may be one."""
    if isinstance(app, str) and app.startswith(("http://", "https://", "unix:")):
        return f"app: {app!r} is a URL; call check_url with it, or give an ASGI or WSGI application"
    if not callable(app):
        return f"app: {app!r} cannot be called; give an ASGI or WSGI application"
    kinds = [kind for kind, number in (("asgi", 3), ("wsgi", 2)) if takes(app, number)]
    if kinds and interface not in (*kinds, "auto"):
        found = f"interface: {name_of(app)} seems to have the interface {kinds[0]}"
        return f"{found}; write that instead of {interface}"
    if kinds:
        return ""
    is_factory = takes(app, 0) or takes(app, 1)
    makes = "; if it makes one, give what it returns, or add --factory on the command line" * is_factory
    return f"app: {name_of(app)} is no application, which takes three arguments (ASGI) or two (WSGI){makes}"


def takes(app: Any, number: int) -> bool:
    """Whether it can be called with so many arguments, as far as it tells."""
    try:
        signature = inspect.signature(app, follow_wrapped=False)
    except (TypeError, ValueError):  # what is not written in Python may not tell
        return True
    try:
        signature.bind(*[None] * number)
    except TypeError:
        return False
    return True


def looks_like_asgi(app: Any) -> bool:
    """Calling it gives a coroutine, or takes the three arguments of ASGI; WSGI has two."""
    if any(map(inspect.iscoroutinefunction, (app, type(app).__call__))):
        return True
    try:
        return len(inspect.signature(app).parameters) == 3
    except (TypeError, ValueError):  # what is not written in Python may not tell
        return False
