"""BlackSheep with its use_cors, as the default policy of the application."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import uvicorn
from blacksheep import Application, Response, Router, TextContent, text

LACKS = {"allow_origin_regex": None, "allow_private_network": False}
router = Router()


@router.get("/")
@router.head("/")
@router.post("/")
@router.put("/")
@router.patch("/")
@router.delete("/")
async def hello() -> Response:
    return text("hello")


@router.get("/error")
async def error() -> Response:
    raise RuntimeError("an error of the application")


@router.get("/options")
@router.options("/options")
async def options() -> Response:
    return Response(200, [(b"Allow", b"GET, OPTIONS")], TextContent("own"))


def main(config: dict[str, Any], port: int) -> None:
    for name, default in LACKS.items():
        if config.pop(name) != default:
            print(f"blacksheep has no option for {name}")
            sys.exit(64)
    app = Application(router=router)
    app.use_cors(**config)
    logging.disable()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", server_header=False)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))
