"""flask-cors, for the whole of a Flask application, served by waitress."""

import json
import logging
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, Response
from flask_cors import CORS

app = Flask(__name__)
HAS_PRIVATE_NETWORK = version("flask-cors") not in ("4.0.0", "4.0.1")
ALL_METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]  # the library's own default


@app.route("/", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def hello() -> Response:
    return Response("hello", mimetype="text/plain")


@app.route("/error")
def error() -> Response:
    raise RuntimeError("an error of the application")


@app.route("/options", methods=["GET", "OPTIONS"])
def options() -> Response:
    return Response("own", mimetype="text/plain", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    origins: list[str | re.Pattern[str]] = list(config["allow_origins"])
    if config["allow_origin_regex"] is not None:
        origins.append(re.compile(config["allow_origin_regex"]))
    settings = {
        "origins": origins,
        "methods": ALL_METHODS if "*" in config["allow_methods"] else config["allow_methods"],
        "allow_headers": config["allow_headers"],
        "expose_headers": config["expose_headers"],
        "supports_credentials": config["allow_credentials"],
        "max_age": config["max_age"],
    }
    if HAS_PRIVATE_NETWORK:
        settings["allow_private_network"] = config["allow_private_network"]
    CORS(app, **settings)
    logging.disable()
    waitress.serve(app, host="127.0.0.1", port=port)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
