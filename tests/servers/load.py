"""`make load`: servers under many connections at a time, with pages of thousands of origins; all is checked.

Each connection sends one request after the other. Prints, for each server, how many responses came and how
much memory the server took; 1 if a response is wrong or missing, or if the memory grows.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

from tests.servers.test_servers import SERVERS, serving

LOADED = ("uvicorn with httptools", "granian")
ORIGINS = 5_000
WARM = 0.25
"""The part of the time after which memory should grow no more."""
GROWTH = 1.10
"""What it may grow by from then on: an allocator returns nothing at once."""

PREFLIGHT = b"access-control-request-method: PUT\r\naccess-control-request-headers: x-token\r\n"


@dataclass(frozen=True)
class Asked:
    """A request, and what its response must begin with and name as the allowed origin."""

    request: bytes
    status: bytes
    allowed: bytes | None


def questions() -> Iterator[Asked]:
    """Allowed and refused, preflight and actual, from an origin of its own each."""
    for number in range(ORIGINS):
        for host, is_allowed in ((b"tenants.example", True), (b"strangers.example", False)):
            origin = b"https://shop-%d.%b" % (number, host)
            line = b" HTTP/1.1\r\nhost: server.example\r\norigin: %b\r\n" % origin
            allowed = origin if is_allowed else None
            yield Asked(b"GET /plain" + line + b"\r\n", b"HTTP/1.1 200 ", allowed)
            status = b"HTTP/1.1 200 " if is_allowed else b"HTTP/1.1 400 "
            yield Asked(b"OPTIONS /plain" + line + PREFLIGHT + b"\r\n", status, allowed)


@dataclass
class Outcome:
    """What was counted, and what was wrong (the first few)."""

    responses: int = 0
    wrong: list[str] = field(default_factory=list)


def names_origin(head: bytes) -> bytes | None:
    """The value of Access-Control-Allow-Origin in the head of a response."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"access-control-allow-origin":
            return value.strip()
    return None


def length_of(head: bytes) -> int:
    """The Content-Length."""
    [value] = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(value)


async def keep_asking(port: int, asked: Iterator[Asked], until: float, outcome: Outcome) -> None:
    """One connection, from request to request until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while monotonic() < until:
        one = next(asked)
        writer.write(one.request)
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
            await reader.readexactly(length_of(head))
        except (asyncio.IncompleteReadError, asyncio.TimeoutError, OSError) as problem:
            outcome.wrong.append(f"{one.request!r}: lost, {problem!r}")
            break
        outcome.responses += 1
        if not head.startswith(one.status) or names_origin(head) != one.allowed:
            outcome.wrong.append(f"{one.request!r}: {head!r}")
    writer.close()


def memory(pid: int) -> float:
    """MB that a process and its children hold."""
    status = Path(f"/proc/{pid}/status").read_text()
    [resident] = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return resident / 1024 + sum(memory(int(child)) for child in children)


async def load(port: int, pid: int, connections: int, seconds: float) -> tuple[Outcome, float, float]:
    """What came, and the memory of the server when it was warm and at the end."""
    outcome, until = Outcome(), monotonic() + seconds
    every = list(questions())
    asking = [
        asyncio.create_task(keep_asking(port, islice(cycle(every), number * 7, None), until, outcome))
        for number in range(connections)
    ]
    await asyncio.sleep(seconds * WARM)
    warm = memory(pid)
    while monotonic() < until - 1:
        await asyncio.sleep(0.5)
    end = memory(pid)
    await asyncio.gather(*asking)
    return outcome, warm, end


def main() -> int:
    """Load each server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    failed = False
    for name in LOADED:
        with serving(SERVERS[name]) as (port, pid):
            outcome, warm, end = asyncio.run(load(port, pid, options.connections, options.seconds))
        grows = end > warm * GROWTH
        print(
            f"{name}: {options.connections:,} connections, {options.seconds:g} s, {ORIGINS * 2:,} origins: "
            f"{outcome.responses:,} responses, {len(outcome.wrong)} wrong or lost; "
            f"{warm:.0f} MB when warm, {end:.0f} MB at the end",
            flush=True,
        )
        print(*outcome.wrong[:5], sep="\n", end="\n" if outcome.wrong else "", file=sys.stderr)
        failed = failed or bool(outcome.wrong) or grows or outcome.responses < options.connections
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
