"""The servers that browsers talk to: HTTP/1.1 on bare sockets, exact bytes out, exact bytes in.

A framework would repair what must go out broken. The home server also serves the page, hands out cases and
takes outcomes; everything else under `/c/` belongs to cases.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

from spec.http import Headers, Request, Response, has_no_content

LONGEST_HEAD = 1 << 18
_CASE = re.compile(r"/c/([^/]+)/")

Handler = Callable[[str, Request, bytes], Awaitable[Response]]
"""Of an origin, a request to it and its body: the response."""


def wire(response: Response, method: str) -> bytes:
    """A response as it is written: nothing is added but the length, where a case does not say it."""
    lines = [b"%s: %s\r\n" % line for line in response.headers]
    has_body = method != "HEAD" and not has_no_content(response.status)
    if has_body and not response.lines("content-length"):
        lines.append(b"Content-Length: %d\r\n" % len(response.body))
    head = b"HTTP/1.1 %d Status\r\n%s\r\n" % (response.status, b"".join(lines))
    return head + (response.body if has_body else b"")


def parsed(head: bytes) -> Request:
    """The request of a head, its names in lower case, blanks around values gone."""
    first, *rest = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, path, _ = first.decode("latin-1").split(" ", 2)
    headers: Headers = tuple(
        (name.lower(), value.strip(b" \t")) for name, _, value in (line.partition(b":") for line in rest)
    )
    return Request(method, headers, path)


async def _body(reader: asyncio.StreamReader, request: Request) -> bytes:
    if request.lines("transfer-encoding"):
        found = b""
        while size := int((await reader.readline()).partition(b";")[0], 16):
            found += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return found
    return await reader.readexactly(int((request.lines("content-length") or [b"0"])[0]))


async def listen(origins: Sequence[str], handler: Handler, host: str = "127.0.0.1") -> list[asyncio.Server]:
    """Serve all these origins (their ports) with one handler. Raises OSError when a port is taken."""

    async def talk(origin: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = parsed(await reader.readuntil(b"\r\n\r\n"))
                body = await _body(reader, request)
                writer.write(wire(await handler(origin, request, body), request.method))
                await writer.drain()
        writer.close()

    def connected(origin: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        return lambda reader, writer: talk(origin, reader, writer)

    servers: list[asyncio.Server] = []
    for origin in origins:
        port = int(origin.rpartition(":")[2])
        try:
            servers.append(
                await asyncio.start_server(connected(origin), host, port, limit=LONGEST_HEAD, backlog=512)
            )
        except OSError:
            close(servers)
            raise
    return servers


def close(servers: Iterable[asyncio.Server]) -> None:
    """Give their ports back."""
    for server in servers:
        server.close()


def case_of(path: str) -> str | None:
    """The trial that a path belongs to."""
    found = _CASE.match(path)
    return found and found[1]
