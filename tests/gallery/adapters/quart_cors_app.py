"""quart-cors, for the whole of a Quart application."""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import uvicorn
from quart import Quart, Response
from quart_cors import cors

app = Quart(__name__)


@app.route("/", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def hello() -> Response:
    return Response("hello", mimetype="text/plain")


@app.route("/error")
async def error() -> Response:
    raise RuntimeError("an error of the application")


@app.route("/options", methods=["GET", "OPTIONS"])
async def options() -> Response:
    return Response("own", mimetype="text/plain", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    if config["allow_private_network"]:
        print("quart-cors has no option for allow_private_network")
        sys.exit(64)
    if config["allow_credentials"] and "*" in config["allow_origins"]:
        # its own message, with which it would fail on every request
        print("quart-cors: Cannot allow credentials with wildcard allowed origins")
        sys.exit(64)
    origins: list[str | re.Pattern[str]] = list(config["allow_origins"])
    if config["allow_origin_regex"] is not None:
        origins.append(re.compile(config["allow_origin_regex"]))
    with_cors = cors(
        app,
        allow_origin=origins,
        allow_credentials=config["allow_credentials"],
        allow_methods=config["allow_methods"],
        allow_headers=config["allow_headers"],
        expose_headers=config["expose_headers"],
        max_age=config["max_age"],
    )
    logging.disable()
    uvicorn.run(with_cors, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
