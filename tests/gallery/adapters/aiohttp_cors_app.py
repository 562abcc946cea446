"""aiohttp-cors, with defaults for every resource of an aiohttp application."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import aiohttp_cors
from aiohttp import web

LACKS = {"allow_origin_regex": None, "allow_private_network": False}


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def error(request: web.Request) -> web.Response:
    raise RuntimeError("an error of the application")


async def options(request: web.Request) -> web.Response:
    return web.Response(text="own", headers={"Allow": "GET, OPTIONS"})


def main(config: dict[str, Any], port: int) -> None:
    for name, default in LACKS.items():
        if config[name] != default:
            print(f"aiohttp-cors has no option for {name}")
            sys.exit(64)
    resource_options = aiohttp_cors.ResourceOptions(
        allow_credentials=config["allow_credentials"],
        expose_headers="*" if "*" in config["expose_headers"] else config["expose_headers"],
        allow_headers="*" if "*" in config["allow_headers"] else config["allow_headers"],
        allow_methods="*" if "*" in config["allow_methods"] else config["allow_methods"],
        max_age=config["max_age"],
    )
    app = web.Application()
    cors = aiohttp_cors.setup(app, defaults=dict.fromkeys(config["allow_origins"], resource_options))
    root = cors.add(app.router.add_resource("/"))
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        root.add_route(method, hello)
    cors.add(app.router.add_resource("/error")).add_route("GET", error)
    # no handler for OPTIONS beside the library's own: it refuses to add the second one
    cors.add(app.router.add_resource("/options")).add_route("GET", options)
    logging.disable()
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
