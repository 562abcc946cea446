"""Requests per second of uvicorn, in a process of its own, from a client that keeps connections busy."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter

from tests import ROOT
from tests.benchmarks.cases import BODY, KINDS, built

CONNECTIONS = 16
TURNS = 15
SECONDS_PER_TURN = 0.3

SERVED = ("bare", "ours", "starlette")

REQUEST = b"GET / HTTP/1.1\r\n%b\r\n" % b"".join(
    b"%b: %b\r\n" % (name, value) for name, value in KINDS["allowed"]["headers"]
)


@contextmanager
def serving(name: str) -> Iterator[int]:
    """uvicorn with an app, in one process; gives its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)  # connections wait in the backlog until the server has started
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "tests.benchmarks.serving", name, str(listener.fileno())]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[listener.fileno()])
    # The socket is closed here: if the server does not start, connections fail instead of waiting.
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


async def keep_busy(port: int, seconds: float) -> int:
    """Send requests over one connection, each when the last is answered; how many were answered in time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    try:
        end = perf_counter() + seconds
        while perf_counter() < end:
            writer.write(REQUEST)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200 ") or await reader.readexactly(len(BODY)) != BODY:
                raise RuntimeError(f"not the response of the app: {head!r}")
            answered += 1
    finally:
        writer.close()
    return answered


async def per_second(port: int, seconds: float = SECONDS_PER_TURN) -> float:
    """Requests per second, over all connections."""
    start = perf_counter()
    answered = await asyncio.gather(*(keep_busy(port, seconds) for _ in range(CONNECTIONS)))
    return sum(answered) / (perf_counter() - start)


def served() -> list[dict[str, float]]:
    """Requests per second of each app, round by round: the servers take turns; a first turn warms them up."""
    with ExitStack() as stack:
        ports = {name: stack.enter_context(serving(name)) for name in SERVED}
        for port in ports.values():
            asyncio.run(per_second(port))
        return [{name: asyncio.run(per_second(port)) for name, port in ports.items()} for _ in range(TURNS)]


def main() -> None:
    """Serve an app on a socket that listens."""
    import uvicorn

    name, descriptor = sys.argv[1:]
    # Not `uvicorn --fd`: it takes the socket for one of Unix, and leaves Nagle's algorithm on.
    config = uvicorn.Config(
        built(name), http="h11", loop="asyncio", lifespan="off", log_level="critical", access_log=False
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main()
