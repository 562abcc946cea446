"""CORS around a Starlette or FastAPI app, its own error handling included, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from impl.by_path import CORSByPath
from impl.middleware import CORSMiddleware

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.applications import Starlette
    from typing_extensions import Unpack

    from impl.config import Arguments, Config
    from impl.middleware import ASGIApp

# The attribute of an app that says that it has CORS.
_INSTALLED = "_has_installed_cors"


def install_cors(
    app: Starlette,
    *,
    middleware: type[CORSMiddleware] = CORSMiddleware,
    policies: Mapping[str, Mapping[str, Any] | Config] | None = None,
    **policy: Unpack[Arguments],
) -> None:
    """Make CORS the outermost layer of a Starlette or FastAPI app, around the framework's own error handling.

        app = FastAPI()
        install_cors(app, allow_origins=["https://app.example"])

    Every response has CORS headers then, the 500 of an unhandled exception included, and no other middleware
    comes before a preflight. `app` stays the same object: routes, middleware and exception handlers can be
    added afterwards, and every command and test client that takes the app works as before.

    Args:
        app: the app, before it has started.
        middleware: CORSMiddleware, or a subclass that decides about origins itself.
        policies: those of CORSByPath, a policy for each prefix, instead of one policy.
        policy: the arguments of CORSMiddleware.

    Raises:
        CORSConfigError: with every problem of the configuration; the app is as it was.
        RuntimeError: if the app has CORS installed already, or has built its middleware.
        TypeError: if this is not a Starlette or FastAPI app, or an argument is unknown.

    Warns:
        CORSConfigWarning: once for each rule by which the configuration is risky.
    """
    build = getattr(app, "build_middleware_stack", None)
    if build is None or not hasattr(app, "middleware_stack"):
        raise TypeError(
            f"install_cors takes a Starlette or FastAPI app, and this is {_described(app)}. "
            "Wrap any other ASGI app, and serve the result: served = CORSMiddleware(app, …). "
            "Convert a WSGI app, such as one of Flask, first: a2wsgi.WSGIMiddleware(app)"
        )
    if hasattr(app, _INSTALLED):
        raise RuntimeError(
            "install_cors was already called for this app. Call it once, with the whole policy."
        )
    if app.middleware_stack is not None:
        raise RuntimeError(
            "install_cors was called too late: the app has started, and built its middleware. "
            "Call it where the app is made, before its first request and its lifespan."
        )
    if not (isinstance(middleware, type) and issubclass(middleware, CORSMiddleware)):
        raise TypeError(
            f"install_cors takes as middleware impl.CORSMiddleware or a subclass of it, and this is "
            f"{_described(middleware)}. Leave it out, or let your class inherit from impl.CORSMiddleware."
        )
    if policies is None:
        cors: CORSMiddleware | CORSByPath = middleware(app, **policy)
    elif middleware is not CORSMiddleware:
        raise TypeError(
            "install_cors takes a middleware of your own with one policy, not with policies. "
            f"Mount an app for each prefix, and install {middleware.__name__} in those where it decides."
        )
    elif policy:
        raise TypeError(
            "install_cors takes the arguments of one policy, or policies. "
            "For both write the one policy as policies={'/': {…}, …}"
        )
    else:
        cors = CORSByPath(app, policies)

    def build_with_cors_outermost() -> ASGIApp:
        cors.app = stack = build()
        return _of_the_same_class(cors, stack)

    vars(app)["build_middleware_stack"] = build_with_cors_outermost
    vars(app)[_INSTALLED] = True


def _of_the_same_class(cors: ASGIApp, stack: ASGIApp) -> ASGIApp:
    """`cors`, as an object of the class that the framework's own outermost layer has.

    OpenTelemetry expects a ServerErrorMiddleware there, and builds another around its `app`. The handler of
    exceptions stays inside, or it would be called twice.
    """
    kind = type(stack)
    if kind.__name__ != "ServerErrorMiddleware":
        return cors
    has = {"__call__": staticmethod(cors), "app": cors, "handler": None, "debug": False}
    outermost: ASGIApp = object.__new__(type(kind.__name__, (kind,), has))
    return outermost


def _described(thing: object) -> str:
    """What it is that is given in place of an app or of a middleware."""
    if isinstance(thing, type):
        return f"the class {thing.__module__}.{thing.__qualname__}"
    return f"an object of {type(thing).__name__}"
