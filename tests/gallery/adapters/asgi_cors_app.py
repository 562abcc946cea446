"""asgi-cors around a Starlette application."""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from asgi_cors import asgi_cors
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

LACKS = {
    "allow_credentials": False,
    "allow_origin_regex": None,
    "allow_private_network": False,
    "expose_headers": [],
}
ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]  # a list is all that the library takes


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def error(request: Request) -> Response:
    raise RuntimeError("an error of the application")


async def options(request: Request) -> Response:
    return PlainTextResponse("own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    for name, default in LACKS.items():
        if config[name] != default:
            print(f"asgi-cors has no option for {name}")
            sys.exit(64)
    if "*" in config["allow_headers"]:
        print("asgi-cors has no way to allow every request header")
        sys.exit(64)
    routes = [
        Route("/", hello, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/error", error),
        Route("/options", options, methods=["GET", "OPTIONS"]),
    ]
    app = asgi_cors(
        Starlette(routes=routes),
        allow_all="*" in config["allow_origins"],
        hosts=[origin for origin in config["allow_origins"] if origin != "*"],
        methods=ALL_METHODS if "*" in config["allow_methods"] else config["allow_methods"],
        headers=config["allow_headers"],
        max_age=config["max_age"],
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
