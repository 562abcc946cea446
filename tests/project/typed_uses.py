"""Right and wrong uses of what people import, for type checkers: nothing here is run.

Each wrong use is marked as an error that is expected. mypy (strict) and pyright complain of a mark where they
find no error, and of an error without a mark.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware

from impl import Config, CORSByPath, CORSConfigError, CORSMiddleware, install_cors
from spec.conformance import assert_conforms

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
    """The type of any ASGI app."""


class Tenants(CORSMiddleware):
    """An override that looks origins up."""

    async def is_allowed_origin(self, origin: str) -> bool:
        """Whether a tenant has this origin."""
        return origin.endswith(".tenants.example")


def right() -> None:
    """What the documents show, and what people write like it."""
    app = FastAPI()
    install_cors(app, allow_origins=["https://app.example"], allow_credentials=True, max_age=60)
    install_cors(Starlette(), middleware=Tenants, allow_origins=("https://app.example",))
    install_cors(Starlette(), policies={"/": {"allow_origins": ["*"]}, "/api": Config()})
    app.add_middleware(CORSMiddleware, allow_origins={"https://app.example"}, allow_methods=["*"])
    app.add_middleware(CORSByPath, policies={"/": {"allow_origins": ["*"]}})
    Starlette(middleware=[Middleware(CORSMiddleware, allow_origins=["*"])])
    served = CORSMiddleware(asgi, allow_origins=["*"], allow_origin_regex=re.compile("https://x"))
    CORSByPath(served, {"/": {}})
    origins: tuple[str, ...] = served.config.allow_origins
    explanation = served.explain("OPTIONS", {"Origin": "https://app.example"})
    rules: list[str] = [refusal.rule for refusal in explanation.refusals]
    assert explanation.is_preflight and origins and rules
    try:
        install_cors(app, allow_origins=["https://app.example/"])
    except CORSConfigError as error:
        repaired: Config | None = error.corrected
        assert repaired
    assert_conforms(app, allow_origins=["https://app.example"], headers={"Authorization": "Bearer x"})
    assert_conforms(served, Config(allow_origins=("*",)), path="/me")


def wrong() -> None:
    """What a type checker finds before the program runs."""
    app = FastAPI()
    install_cors(app, allow_origin=["*"])  # type: ignore[call-arg]
    install_cors(app, allow_origins=[1])  # type: ignore[list-item]
    install_cors(app, max_age="600")  # type: ignore[arg-type]
    install_cors(app, allow_credentials="yes")  # type: ignore[arg-type]
    install_cors(asgi, allow_origins=["*"])  # type: ignore[arg-type]
    install_cors(app, middleware=Starlette)  # type: ignore[arg-type]
    install_cors(app, policies=["/"])  # type: ignore[arg-type]
    app.add_middleware(CORSMiddleware, allow_origin=["*"])  # type: ignore[call-arg]
    CORSMiddleware(asgi, allow_methods=None)  # type: ignore[arg-type]
    CORSMiddleware(allow_origins=["*"])  # type: ignore[call-arg]
    CORSMiddleware(asgi).config.max_age = 1  # type: ignore[misc]
    CORSByPath(asgi)  # type: ignore[call-arg]
    assert_conforms(app, allow_origins="*", max_age="600")  # type: ignore[arg-type]
