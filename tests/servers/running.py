"""A real server on a free port of the loopback interface, and a real client."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from spec.http import Request, Response
from tests import ROOT

SECONDS_TO_START = 10.0
SECONDS_TO_IMPORT = 60.0  # on a busy machine, a whole framework

# What the server itself adds to every answer.
SERVER_LINES = frozenset({b"date", b"server"})


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an ASGI app with uvicorn in a thread; gives its origin, `http://127.0.0.1:…`."""
    # An exception of the app is part of what is shown: uvicorn need not print its traceback.
    # Its own choice of a parser depends on which packages are installed.
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http="h11", log_level="critical", lifespan="off", ws="none"
    )
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


@contextmanager
def running_in_a_process(
    folder: Path, app: str, *, lifespan: str = "on", environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve `module:name` of a folder with uvicorn in a process of its own; gives its origin."""
    # Without the lines that the server itself adds, all that comes is of the app and its middleware.
    bare = ["--no-date-header", "--no-server-header", "--no-access-log"]
    command = [sys.executable, "-m", "uvicorn", app, "--port", "0", "--lifespan", lifespan, *bare]
    log = folder / "server.log"  # a file never fills up, as a pipe does that nobody reads
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + SECONDS_TO_IMPORT
        # It writes this when the lifespan has started and the socket listens.
        while not (found := re.search(r"running on (http://127\.0\.0\.1:\d+)", log.read_text())):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server does not start:\n{log.read_text()}")
            time.sleep(0.02)
        yield found[1]
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
