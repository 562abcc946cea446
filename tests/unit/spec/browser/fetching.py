"""Fetches, responses and servers for the tests of the modelled browser."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from spec.browser import (
    STANDARD,
    Engine,
    Fetch,
    Hop,
    PreflightCache,
    preflight_request,
    trace,
)
from spec.http import Headers, Request, Response

HOME, AWAY, FAR = "https://page.example", "https://server.example", "https://far.example"
GET = Fetch(HOME, AWAY)
PUT = replace(GET, method="PUT")
MODES: tuple[Literal["omit", "same-origin", "include"], ...] = ("omit", "same-origin", "include")


def lines(text: str) -> Headers:
    """Header lines from `name: value` between bars."""
    pairs = (line.split(": ", 1) for line in text.split(" | ")) if text else ()
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)


def says(text: str, status: int = 200) -> Response:
    """A response with `acao: …`, `acam: …` and other lines; short names stand for the long ones."""
    short = {
        b"acao": b"Access-Control-Allow-Origin",
        b"acac": b"Access-Control-Allow-Credentials",
        b"acam": b"Access-Control-Allow-Methods",
        b"acah": b"Access-Control-Allow-Headers",
        b"aceh": b"Access-Control-Expose-Headers",
        b"age": b"Access-Control-Max-Age",
    }
    return Response(status, tuple((short.get(name, name), value) for name, value in lines(text)))


OK = says("acao: *")
GOOD = says(f"acao: {HOME} | acac: true")


def unsafe(*headers: tuple[str, str], engine: Engine = STANDARD) -> list[bytes]:
    """The header names for which a fetch that sets these is preflighted."""
    request = preflight_request(replace(GET, headers=headers), engine)
    return request.lines("access-control-request-headers")[0].split(b",") if request else []


TOKEN = replace(GET, headers=(("X-Token", "1"),))


KEY = replace(GET, headers=(("Authorization", "k"),))


WATCHED = replace(GET, method="POST", upload_listener=True)


def to(location: str, status: int = 302, text: str = "acao: *") -> Callable[[Request], Response]:
    """A server that answers preflights well, and leads everything else there."""

    def serve(request: Request) -> Response:
        if request.lines("access-control-request-method"):
            return says("acao: * | acam: * | acah: *, authorization")
        return says(f"{text} | location: {location}", status)

    return serve


def always(text: str, status: int = 200) -> Callable[[Request], Response]:
    return lambda request: says(text, status)


def hops(
    fetch: Fetch, serve: Callable[[Request], Response], engine: Engine = STANDARD, /, **more: Any
) -> list[Hop]:
    """What happens where the other servers share with everyone, and allow everything."""
    other = always("acao: * | acam: * | acah: *, authorization | x-a: 1")
    return trace(
        fetch, serve, elsewhere={HOME: other, FAR: other, "http://far.example": other, **more}, engine=engine
    )


class Script:
    """A page that fetches at given moments, and counts the preflights that it takes."""

    def __init__(self, engine: Engine = STANDARD) -> None:
        self.moment = 0.0
        self.engine = engine
        self.cache = PreflightCache(now=lambda: self.moment)

    def preflights(self, fetch: Fetch, text: str, *, moment: float | None = None, **more: Any) -> list[bool]:
        """Which hops of this fetch are preflighted, where the server says that."""
        self.moment = self.moment if moment is None else moment
        done = trace(fetch, always(text), cache=self.cache, engine=self.engine, **more)
        assert done[0].time == self.moment
        return [hop.preflight_request is not None for hop in done]
