"""The middleware as a function: a configuration, a request and what the app answers give an answer."""

import warnings
from collections import Counter
from collections.abc import Mapping

from hypothesis import strategies as st

from impl import CORSByPath, CORSConfigWarning, CORSMiddleware
from spec import strategies
from spec.config import Config
from spec.http import Request, Response
from tests.helpers.asgi import App, Receive, Result, Scope, Send, call, http_scope

CORS_HEADERS = frozenset(
    {
        b"access-control-allow-origin",
        b"access-control-allow-credentials",
        b"access-control-allow-methods",
        b"access-control-allow-headers",
        b"access-control-allow-private-network",
        b"access-control-expose-headers",
        b"access-control-max-age",
    }
)

# Where the answering app finds what it is to answer.
APP_RESPONSE = "tests.app_response"


def protect(app: App, config: Config) -> CORSMiddleware:
    """The middleware around an app; warnings about risky configurations are not what theorems are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        return CORSMiddleware(app, **vars(config))


def protect_by_path(app: App, policies: Mapping[str, Config]) -> CORSByPath:
    """The middleware with a policy for each prefix around an app."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        return CORSByPath(app, {prefix: vars(config) for prefix, config in policies.items()})


async def answering_app(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that answers each request with the response that its scope holds."""
    response: Response = scope[APP_RESPONSE]
    await receive()
    await send({"type": "http.response.start", "status": response.status, "headers": list(response.headers)})
    await send({"type": "http.response.body", "body": response.body})


def scope_of(request: Request, app_response: Response) -> Scope:
    """The scope of a request that `answering_app` answers so."""
    return http_scope(request.method, request.headers, request.path, **{APP_RESPONSE: app_response})


def response_of(result: Result) -> Response:
    """What came out of an exchange, as the rules see it."""
    return Response(result.status, result.headers, result.body)


def serve(app: App, request: Request, app_response: Response) -> Response:
    """The answer of a middleware (or several) around `answering_app`."""
    return response_of(call(app, scope=scope_of(request, app_response)))


def answer(config: Config, request: Request, app_response: Response) -> Response:
    """The answer of a new middleware with this configuration."""
    return serve(protect(answering_app, config), request, app_response)


def comparable(response: Response) -> tuple[int, Counter[tuple[bytes, bytes]], bytes]:
    """What two answers must have in common to be the same: header lines count, their order does not."""
    return response.status, Counter(response.headers), response.body


def cors_lines(response: Response) -> Counter[tuple[bytes, bytes]]:
    """The CORS header lines of an answer."""
    return Counter((name.lower(), value) for name, value in response.headers if name.lower() in CORS_HEADERS)


def is_preflight(request: Request) -> bool:
    """Whether this is a preflight (D-26), written down apart from the specification."""
    wanted = ("origin", "access-control-request-method")
    return request.method == "OPTIONS" and all(request.lines(name) for name in wanted)


def is_shared(response: Response) -> bool:
    """Whether an answer names anyone who may read it."""
    return bool(response.lines("access-control-allow-origin"))


# A configuration, a request near it, and what the app answers to it.
cases = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), strategies.requests(config), strategies.app_responses())
)
