"""HTTP as far as CORS needs it: requests, responses, field lines, tokens and lists.

Header lines are pairs of bytes in the order of the wire. Field names compare case-insensitively
(https://www.rfc-editor.org/rfc/rfc9110#section-5.1), values byte for byte.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

Headers = tuple[tuple[bytes, bytes], ...]

# `fullmatch` only: `$` would let a final newline through.
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

OWS = b" \t"


def lines(headers: Headers, name: str) -> list[bytes]:
    """The values of all lines with this name, in order; empty when there is none."""
    wanted = name.lower().encode("latin-1")
    return [value for field, value in headers if field.lower() == wanted]


def combined(headers: Headers, name: str) -> bytes | None:
    """All values of this name joined by comma and space, None when there is none.

    A repeated line therefore changes the value: https://fetch.spec.whatwg.org/#concept-header-list-get
    """
    values = lines(headers, name)
    return b", ".join(values) if values else None


class Message:
    """What requests and responses share: header lines, looked up by name."""

    headers: Headers

    @cached_property
    def _by_name(self) -> dict[str, list[bytes]]:
        # Rules look up lines by the million; the index is made once.
        found: dict[str, list[bytes]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower().decode("latin-1"), []).append(value)
        return found

    def lines(self, name: str) -> list[bytes]:
        """The values of all lines with this name, in any letter case, in order."""
        found = self._by_name.get(name.lower())
        return found.copy() if found else []


@dataclass(frozen=True)
class Request(Message):
    """A request as a server sees it: method, header lines in the order of the wire, path, body."""

    method: str
    headers: Headers
    path: str = "/"
    body: bytes = b""


@dataclass(frozen=True)
class Response(Message):
    """A response as a client sees it: status, header lines in the order of the wire, body."""

    status: int
    headers: Headers
    body: bytes = b""


def is_token(value: bytes) -> bool:
    """Whether this is one token: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2"""
    return TOKEN.fullmatch(value) is not None


def elements(values: Iterable[bytes]) -> list[bytes]:
    """The elements of a comma-separated list that may be spread over several lines.

    Space and tab around an element go, empty elements too, as a recipient must accept them:
    https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    """
    return [*_remembered_elements(tuple(values))]


def _elements(values: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(
        trimmed for value in values for element in value.split(b",") if (trimmed := element.strip(OWS))
    )


# Many rules read the same list, which may be of thousands of names.
_remembered_elements = lru_cache(_elements)


def tokens(values: Iterable[bytes]) -> list[bytes] | None:
    """The elements of a list of tokens; None when one of them is not a token."""
    found = elements(values)
    return found if all(is_token(element) for element in found) else None


def names(values: Iterable[bytes]) -> frozenset[bytes]:
    """The elements of a list of field names, in lower case."""
    return frozenset(element.lower() for element in elements(values))


def is_ok_status(status: int) -> bool:
    """Whether this is a successful status: https://fetch.spec.whatwg.org/#ok-status"""
    return 200 <= status <= 299


def is_redirect_status(status: int) -> bool:
    """Whether a browser follows this status: https://fetch.spec.whatwg.org/#redirect-status"""
    return status in (301, 302, 303, 307, 308)


def has_no_content(status: int) -> bool:
    """Whether a response with this status has no body: https://fetch.spec.whatwg.org/#null-body-status"""
    return status in (101, 103, 204, 205, 304)
