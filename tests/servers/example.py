"""The documented example: a FastAPI app that greets, and the configuration around it.

https://fastapi.tiangolo.com/tutorial/cors/#use-corsmiddleware
"""

import warnings
from typing import Any

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from impl import CORSConfigWarning, CORSMiddleware
from spec.config import Config

GREETING = {"message": "Hello World"}

CONFIG = Config(
    allow_origins=(
        "http://localhost.tiangolo.com",
        "https://localhost.tiangolo.com",
        "http://localhost",
        "http://localhost:8080",
    ),
    allow_credentials=True,
    allow_methods=("*",),
    allow_headers=("*",),
)

# The same with what people get wrong in it.
BAD: dict[str, Any] = {
    "allow_origins": ["*", "http://localhost:8080/", "https://Localhost.tiangolo.com", "*.tiangolo.com"],
    "allow_credentials": True,
    "allow_methods": ["get", "POST"],
    "allow_headers": "X-Token",
    "max_age": "600",
}


def example() -> FastAPI:
    """The app, with a few more paths for what goes wrong or elsewhere."""
    app = FastAPI()

    @app.get("/")
    async def greet() -> dict[str, str]:
        return GREETING

    @app.put("/items/{item}")
    @app.patch("/items/{item}")
    @app.delete("/items/{item}")
    @app.post("/items/{item}")
    async def change(item: int) -> dict[str, int]:
        return {"item": item}

    @app.get("/moved")
    async def move() -> RedirectResponse:
        return RedirectResponse("/")

    @app.get("/broken")
    async def fail() -> None:
        raise RuntimeError("this is meant to go wrong")

    return app


def protected() -> tuple[CORSMiddleware, list[str]]:
    """The app behind our middleware, outermost so that the 500 has CORS headers; and what it is warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CORSConfigWarning)
        app = CORSMiddleware(
            example(),
            allow_origins=CONFIG.allow_origins,
            allow_credentials=CONFIG.allow_credentials,
            allow_methods=CONFIG.allow_methods,
            allow_headers=CONFIG.allow_headers,
        )
    return app, [f"impl.errors.CORSConfigWarning: {warning.message}" for warning in caught]
