"""What every way to a server can do."""

import re
from typing import Protocol

from spec.http import OWS, Headers, Request, Response

IDLE = 10.0
"""Seconds that a response may take, unless something else is given."""
CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class NoAnswer(Exception):
    """The server gave no answer, or none that is HTTP; says what happened instead."""


class Transport(Protocol):
    """A way to a server.

    `last_error`: what an application raised instead of its last response, if known. `headers` go with every
    request.
    """

    last_error: str
    headers: Headers

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
