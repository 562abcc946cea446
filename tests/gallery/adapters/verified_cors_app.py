"""Our own CORSMiddleware, around a Starlette application, so that its errors have CORS headers too."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def error(request: Request) -> Response:
    raise RuntimeError("an error of the application")


async def options(request: Request) -> Response:
    return PlainTextResponse("own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    routes = [
        Route("/", hello, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/error", error),
        Route("/options", options, methods=["GET", "OPTIONS"]),
    ]
    warnings.simplefilter("ignore", CORSConfigWarning)
    try:
        app = CORSMiddleware(Starlette(routes=routes), **config)
    except CORSConfigError as problem:
        print("refuses this configuration:", ", ".join(each.rule for each in problem.problems))
        sys.exit(64)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
