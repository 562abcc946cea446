"""Litestar with its CORSConfig."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, MediaType, Response, get, head, route
from litestar.config.cors import CORSConfig


@route("/", http_method=["GET", "POST", "PUT", "PATCH", "DELETE"], media_type=MediaType.TEXT, status_code=200)
async def hello() -> str:
    return "hello"


@head("/", media_type=MediaType.TEXT)
async def hello_head() -> None:
    return None


@get("/error")
async def error() -> str:
    raise RuntimeError("an error of the application")


@route("/options", http_method=["GET", "OPTIONS"], status_code=200)
async def options() -> Response[str]:
    return Response("own", media_type=MediaType.TEXT, headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    if config.pop("allow_private_network"):
        print("litestar has no option for allow_private_network")
        sys.exit(64)
    app = Litestar([hello, hello_head, error, options], cors_config=CORSConfig(**config), openapi_config=None)
    logging.disable()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
