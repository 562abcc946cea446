"""Starlette's CORSMiddleware, before a Starlette application."""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def error(request: Request) -> Response:
    raise RuntimeError("an error of the application")


async def options(request: Request) -> Response:
    return PlainTextResponse("own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    has_private_network = "allow_private_network" in inspect.signature(CORSMiddleware).parameters
    if not has_private_network and config.pop("allow_private_network"):
        print("this version of starlette has no option for allow_private_network")
        sys.exit(64)
    routes = [
        Route("/", hello, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/error", error),
        Route("/options", options, methods=["GET", "OPTIONS"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(CORSMiddleware, **config)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
