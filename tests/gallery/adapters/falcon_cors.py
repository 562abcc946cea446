"""Falcon's CORSMiddleware in an ASGI application of Falcon."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import falcon
import falcon.asgi
import uvicorn

# What the middleware decides by itself, and the values of the expected policy that it serves all the same.
LACKS: dict[str, tuple[Any, ...]] = {
    "allow_methods": (["GET"], ["*"]),
    "allow_headers": ([], ["*"]),
    "allow_origin_regex": (None,),
    "max_age": (600,),
}


class Hello:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = "hello"

    on_head = on_post = on_put = on_patch = on_delete = on_get


class Error:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        raise RuntimeError("an error of the application")


class Options:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.set_header("Allow", "GET, OPTIONS")
        response.text = "own"

    on_options = on_get


def main(config: dict[str, Any], port: int) -> None:
    for name, served in LACKS.items():
        if config[name] not in served:
            print(f"falcon has no option for {name}")
            sys.exit(64)
    middleware = falcon.CORSMiddleware(
        allow_origins="*" if "*" in config["allow_origins"] else config["allow_origins"],
        allow_credentials="*" if config["allow_credentials"] else None,
        expose_headers=config["expose_headers"],
        allow_private_network=config["allow_private_network"],
    )
    app = falcon.asgi.App(middleware=[middleware])
    app.add_route("/", Hello())
    app.add_route("/error", Error())
    app.add_route("/options", Options())
    logging.disable()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
