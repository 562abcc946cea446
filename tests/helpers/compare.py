"""The middleware seen through the spec's eyes: one request in, what came out and what reached the app."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

from model import respond
from spec.config import Config
from spec.http import Headers, Request, Response
from spec.policy import is_preflight
from spec.rules.record import Exchange
from tests.helpers.asgi import App, Recorder, call, http_scope
from tests.theorems.serving import protect, response_of


@dataclass(frozen=True)
class Observed:
    """What the middleware answered, how often it called the app, and whether it passed all on as it was."""

    response: Response
    app_calls: int
    passed_on: bool


class Driven:
    """One middleware instance in front of an app whose answer can be changed between requests.

    `wrap` puts the middleware around the app; ours unless another is given.
    """

    def __init__(self, config: Config, wrap: Callable[[App, Config], App] = protect) -> None:
        self.app = Recorder()
        self.middleware = wrap(self.app, config)

    def answer(self, request: Request, app_response: Response) -> Observed:
        """Send the request; the app, if it is asked, gives this response."""
        app = self.app
        app.status, app.headers, app.body = app_response.status, app_response.headers, app_response.body
        app.calls.clear()
        scope = http_scope(request.method, request.headers, request.path)
        before = {**scope, "headers": list(scope["headers"])}
        result = call(self.middleware, scope=scope)
        passed_on = scope == before and all(
            seen.scope is scope and seen.receive is result.receive for seen in app.calls
        )
        return Observed(response_of(result), len(app.calls), passed_on)


def modelled(config: Config, request: Request, app_response: Response) -> Exchange:
    """The model's answer, with all that there is to know about it."""
    calls = 0 if is_preflight(request) else 1
    return Exchange(config, request, respond(config, request, app_response), app_response, calls)


def disagreement(exchange: Exchange, observed: Observed) -> str:
    """How the middleware differs from the model's exchange, in words; empty when it does not.

    Header lines are compared as a multiset, names as they are: their order is free.
    """
    model, ours = exchange.response, observed.response
    problems = [
        f"{what}: the model has {expected!r}, the middleware {actual!r}"
        for what, expected, actual in (
            ("status", model.status, ours.status),
            ("header lines", sorted(model.headers), sorted(ours.headers)),
            ("body", model.body, ours.body),
            ("calls of the app", exchange.app_calls, observed.app_calls),
        )
        if expected != actual
    ]
    if not observed.passed_on:
        problems.append("the app did not get the scope and receive of the request")
    return "; ".join(problems)


def starlette(app: App, config: Config) -> App:
    """Starlette's middleware with the same configuration, around an app."""
    wrapped: App = StarletteMiddleware(app, **vars(config))
    return wrapped


def same_answers(one: Response, other: Response) -> bool:
    """Equal up to the order of the header lines and the letter case of their names."""
    return _comparable(one) == _comparable(other)


def _comparable(response: Response) -> tuple[int, bytes, Headers]:
    return (
        response.status,
        response.body,
        tuple(sorted((name.lower(), value) for name, value in response.headers)),
    )
