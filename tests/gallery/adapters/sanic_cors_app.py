"""Sanic-CORS, for the whole of a Sanic application."""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text
from sanic_cors import CORS

app = Sanic("gallery", configure_logging=False)
ALL_METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]  # the library's own default


@app.route("/", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def hello(request: Request) -> HTTPResponse:
    return text("hello")


@app.route("/error", methods=["GET", "OPTIONS"])
async def error(request: Request) -> HTTPResponse:
    raise RuntimeError("an error of the application")


@app.route("/options", methods=["GET", "OPTIONS"])
async def options(request: Request) -> HTTPResponse:
    return text("own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    if config["allow_private_network"]:
        print("Sanic-CORS has no option for allow_private_network")
        sys.exit(64)
    origins: list[str | re.Pattern[str]] = list(config["allow_origins"])
    if config["allow_origin_regex"] is not None:
        origins.append(re.compile(config["allow_origin_regex"]))
    CORS(
        app,
        origins=origins,
        methods=ALL_METHODS if "*" in config["allow_methods"] else config["allow_methods"],
        allow_headers=config["allow_headers"],
        expose_headers=config["expose_headers"],
        supports_credentials=config["allow_credentials"],
        max_age=config["max_age"],
    )
    logging.disable()
    app.run(host="127.0.0.1", port=port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
