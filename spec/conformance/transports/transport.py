"""What every way to a server can do."""

import re
from dataclasses import dataclass
from typing import Protocol

from spec.http import OWS, Headers, Request, Response
from spec.policy import is_preflight

IDLE = 10.0
"""Seconds that a response may take, unless something else is given."""
CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


ASKED = frozenset({
    b"origin", b"access-control-request-method", b"access-control-request-headers",
    b"access-control-request-private-network",
})  # fmt: skip
"""The request headers of CORS, in lower case."""


class NoAnswer(Exception):
    """The server gave no answer, or none that is HTTP; says what happened instead."""


@dataclass(frozen=True)
class Extra:
    """Header lines that a user adds: to requests that are no preflights, and to preflights.

    What a page adds to its requests a browser sends on no preflight. Host it sends on both.
    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """

    headers: Headers = ()
    preflight_headers: Headers = ()

    def of(self, request: Request) -> Headers:
        """Those that go with this request."""
        if not is_preflight(request):
            return self.headers
        return (*self.host(), *self.preflight_headers)

    def host(self) -> Headers:
        """The Host that is to be sent instead of the server's own; none when there is no such."""
        return tuple(line for line in self.headers if line[0].lower() == b"host")

    def own_origin(self, host: bytes = b"") -> str:
        """The origin over http of the Host that is sent, or else of this one; empty without any."""
        name = self.host()[-1][1] if self.host() else host
        return "http://" + re.sub(r":\d*$", "", name.decode("latin-1")).lower() if name else ""

    def around(self, request: Request, host: bytes) -> Headers:
        """All lines of this request, Host first: this host, unless there is another to be sent.

        What a user adds replaces what a run sends of that name (a Cookie, an Authorization), but for the
        headers that the run is about.
        """
        added = self.of(request)
        replaced = {name.lower() for name, _ in added}
        own = ((name, value) for name, value in request.headers if name.lower() not in replaced - ASKED)
        return (*(() if b"host" in replaced else ((b"host", host),)), *own, *added)


NOTHING = Extra()


class Transport(Protocol):
    """A way to a server.

    last_error: what an application raised instead of its last response, if known
    extra: the header lines that a user adds
    timeout: seconds that a response may take
    own_origin: the origin of the server's host over http, on the usual port; empty where that is the origin
        of the server itself, whose own pages may read what they like
    """

    last_error: str
    extra: Extra
    timeout: float
    own_origin: str

    def can_send(self, request: Request) -> bool:
        """Whether a server would get this request as it is."""

    def send(self, request: Request) -> Response:
        """The answer to a request that is carried. Raises NoAnswer."""

    def close(self) -> None:
        """Close what is open, if anything is."""


def travels(request: Request) -> bool:
    """Whether a parser hands on these lines as they are: https://www.rfc-editor.org/rfc/rfc9110#section-5.5

    It strips what is around a value, and may refuse control characters.
    """
    return all(value == value.strip(OWS) and not CONTROLS.search(value) for _, value in request.headers)
