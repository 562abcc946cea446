"""What browsers are tried with: fetches, and the answers that the servers give, byte for byte.

Every server is a port of the loopback interface. In a case's paths and Locations `/~/` stands for the folder
of one trial, so that every trial has URLs of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from model import respond
from spec.browser import Engine, Fetch, Hop, PreflightCache, trace
from spec.config import Config
from spec.http import Request, Response, has_no_content

# Ports that browsers do not block, below those that systems hand out.
HOME, AWAY, FAR, GUARDED = (f"http://127.0.0.1:{port}" for port in (7401, 7402, 7403, 7404))
ORIGINS = (HOME, AWAY, FAR)
"""The servers that answer as a case says. GUARDED is an application behind the middleware."""

FOLDER = "/~/"

# The names that answers are built from.
ACAO, ACAC = "access_control_allow_origin", "access_control_allow_credentials"
ACAM, ACAH = "access_control_allow_methods", "access_control_allow_headers"
ACEH, MAX_AGE = "access_control_expose_headers", "access_control_max_age"

Theorem = Literal["single", "opaque", "flags", "redirects", "memory", "credentials", "end to end"]
Frame = Literal["page", "sandbox", "data", "far"]
"""The document that makes the fetches: of the home server, in a frame with an opaque origin, or of FAR."""

NOTHING = Response(404, ((b"content-length", b"0"),))
APP_RESPONSE = Response(
    200,
    ((b"content-type", b"text/plain"), (b"content-length", b"5"), (b"x-total", b"2"), (b"link", b"<a>"),
     (b"cache-control", b"no-store")),
    b"hello",
)  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What a server answers at one URL: to preflights, and to all else."""

    preflight: Response
    response: Response

    def serve(self, request: Request) -> Response:
        """The answer to a request; no script can write a request that looks like a preflight (C-HDR-1)."""
        return self.preflight if request.lines("access-control-request-method") else self.response


@dataclass(frozen=True)
class Case:
    """Fetches, one after another with a pause of so many seconds between them, and what is answered.

    `answers` are by URL; at any other URL there is nothing. `config` is that of the middleware of GUARDED.
    """

    theorem: Theorem
    fetches: tuple[Fetch, ...]
    answers: Mapping[str, Answers] = field(default_factory=dict)
    frame: Frame = "page"
    config: Config | None = None
    pause: int = 0

    def serve(self, origin: str, request: Request) -> Response:
        """What the server of an origin answers."""
        if origin == GUARDED and self.config is not None:
            return respond(self.config, request, APP_RESPONSE)
        answers = self.answers.get(origin + request.path)
        return NOTHING if answers is None else answers.serve(request)


def answer(**fields: Any) -> Response:
    """A response with this `status`, these header lines, and a length where it has a body.

    Names have `_` for `-`. A value is one line, a tuple of several, or None for no line.
    """
    status = fields.pop("status", 200)
    lines: list[tuple[bytes, bytes]] = []
    for name, value in fields.items():
        values = (value,) if isinstance(value, str) else value or ()
        lines += ((name.replace("_", "-").encode(), each.encode("latin-1")) for each in values)
    if has_no_content(status):
        return Response(status, tuple(lines))
    return Response(status, (*lines, (b"content-length", b"5")), b"hello")


def frame_of(page_origin: str) -> Frame:
    """A document of that origin."""
    if page_origin == "null":
        return "sandbox"
    return "far" if page_origin == FAR else "page"


def single(
    fetch: Fetch, preflight: Response, response: Response, theorem: Theorem = "single", times: int = 1
) -> Case:
    """One fetch of one URL, or the same one again and again."""
    answers = {fetch.url_origin + fetch.path: Answers(preflight, response)}
    return Case(theorem, (fetch,) * times, answers, frame_of(fetch.page_origin))


def predicted(case: Case, engine: Engine) -> list[list[Hop]]:
    """What the modelled browser does with each fetch of a case, hop by hop."""
    now = 0
    cache = PreflightCache(lambda: now)
    servers = {origin: partial(case.serve, origin) for origin in (*ORIGINS, GUARDED)}
    found = []
    for fetch in case.fetches:
        found.append(trace(fetch, servers[fetch.url_origin], elsewhere=servers, cache=cache, engine=engine))
        now += case.pause
    return found
