"""A real server on a free port of the loopback interface, and a real client."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from spec.http import Request, Response

SECONDS_TO_START = 10.0

# What the server itself adds to every answer.
SERVER_LINES = frozenset({b"date", b"server"})


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an ASGI app with uvicorn in a thread; gives its origin, `http://127.0.0.1:…`."""
    # An exception of the app is part of what is shown: uvicorn need not print its traceback.
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server does not start")
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(SECONDS_TO_START)


def send(client: httpx.Client, origin: str, request: Request) -> tuple[Request, Response]:
    """Send a request over HTTP: the request with all lines that were sent, and what came back.

    Names are in lower case, as an ASGI server hands them on; the lines that the server adds are left out.
    """
    built = client.build_request(request.method, origin + request.path, headers=list(request.headers))
    sent = tuple((name.lower(), value) for name, value in built.headers.raw)
    answer = client.send(built)
    lines = tuple((name.lower(), value) for name, value in answer.headers.raw)
    kept = tuple(line for line in lines if line[0] not in SERVER_LINES)
    return Request(request.method, sent, request.path), Response(answer.status_code, kept, answer.content)
