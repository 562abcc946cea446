"""Cornice with a policy for each service of a Pyramid application, served by waitress."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import waitress
from cornice import Service
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

LACKS = {"allow_origin_regex": None, "allow_private_network": False}
USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def hello(request: Request) -> Response:
    return Response("hello", content_type="text/plain")


def error(request: Request) -> Response:
    raise RuntimeError("an error of the application")


def own(request: Request) -> Response:
    return Response("own", content_type="text/plain", headers={"Allow": "GET, OPTIONS"})


def server_error(problem: Exception, request: Request) -> Response:
    return Response("error", status=500, content_type="text/plain")


def main(config: dict[str, Any], port: int) -> None:
    for name, default in LACKS.items():
        if config[name] != default:
            print(f"cornice has no option for {name}")
            sys.exit(64)
    # One list is for the headers of requests and those that are exposed.
    policy = {
        "origins": config["allow_origins"],
        "headers": [name for name in config["allow_headers"] if name != "*"],
        "expose_all_headers": "*" in config["allow_headers"],
        "credentials": config["allow_credentials"],
        "max_age": config["max_age"],
    }
    # The methods that are allowed are those that the service has.
    root = Service("root", "/", cors_policy=policy)
    for method in USUAL if "*" in config["allow_methods"] else config["allow_methods"]:
        root.add_view(method, hello)
    failing = Service("error", "/error", cors_policy=policy)
    failing.add_view("GET", error)
    options = Service("options", "/options", cors_policy=policy)
    options.add_view("GET", own)
    options.add_view("OPTIONS", own)
    pyramid = Configurator()
    pyramid.include("cornice")
    for service in (root, failing, options):
        pyramid.add_cornice_service(service)
    pyramid.add_exception_view(server_error, context=RuntimeError)
    logging.disable()
    waitress.serve(pyramid.make_wsgi_app(), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
