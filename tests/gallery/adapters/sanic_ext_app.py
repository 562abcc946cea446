"""Sanic with the CORS extension of sanic-ext."""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic, text
from sanic.exceptions import SanicException
from sanic_ext import Extend

app = Sanic("gallery", configure_logging=False)


@app.route("/", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def hello(request: Request) -> HTTPResponse:
    return text("hello")


@app.get("/error")
async def error(request: Request) -> HTTPResponse:
    raise RuntimeError("an error of the application")


@app.route("/options", methods=["GET", "OPTIONS"])
async def options(request: Request) -> HTTPResponse:
    return text("own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    if config["allow_private_network"]:
        print("sanic-ext has no option for allow_private_network")
        sys.exit(64)
    origins: list[str | re.Pattern[str]] = list(config["allow_origins"])
    if config["allow_origin_regex"] is not None:
        origins.append(re.compile(config["allow_origin_regex"]))
    app.config.CORS_ORIGINS = "*" if "*" in origins else origins
    app.config.CORS_METHODS = config["allow_methods"]
    app.config.CORS_ALLOW_HEADERS = config["allow_headers"]
    app.config.CORS_EXPOSE_HEADERS = config["expose_headers"]
    app.config.CORS_SUPPORTS_CREDENTIALS = config["allow_credentials"]
    app.config.CORS_MAX_AGE = config["max_age"]
    app.config.OAS = False
    try:
        Extend(app)
    except SanicException as refusal:
        print(f"sanic-ext: {refusal}")
        sys.exit(64)
    logging.disable()
    app.run(host="127.0.0.1", port=port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
