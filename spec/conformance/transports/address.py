"""Where a server is: an http or https URL, or `unix:FILE`, and the request targets below it."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LEFT_ALONE = "%/:@!$&'()*+,;=~?"
"""What stands in a path or a query as it is: https://www.rfc-editor.org/rfc/rfc3986#section-3.3"""


@dataclass(frozen=True)
class Address:
    """A server, and the path and the query that its URL has. `socket_file` is that of a Unix socket."""

    is_secure: bool
    host: str
    port: int
    authority: str
    path: str = ""
    query: str = ""
    socket_file: str | None = None

    @staticmethod
    def parse(url: str) -> "Address":
        """The address that a URL is. Raises ValueError for what is no URL, and for what would not be sent."""
        if url.startswith("unix:"):
            file = url.removeprefix("unix:").removeprefix("//")
            if not file:
                raise ValueError(f"url: {url!r} names no file; write for instance unix:/run/app.sock")
            return Address(False, "localhost", 80, "localhost", socket_file=file)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            authority = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
        except ValueError:  # brackets without an address in them, a port that is no number, an odd name
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise ValueError(
                f"url: {url!r} is not an http or https URL; write for instance http://127.0.0.1:8000"
            )
        if "@" in authority:
            raise ValueError(
                f"url: the URL of {host} has a user name or a password. Leave them out, and write "
                "--header \"Authorization: Basic $(printf %s 'user:password' | base64)\""
            )
        if parts.fragment:
            raise ValueError(f"url: {url!r} has a fragment, which is never sent; leave out #{parts.fragment}")
        is_secure = parts.scheme == "https"
        return Address(
            is_secure, host, port or (443 if is_secure else 80), authority, parts.path, parts.query
        )

    @property
    def origin(self) -> str:
        """Scheme and authority, as curl takes them."""
        return f"{'https' if self.is_secure else 'http'}://{self.authority}"

    def target(self, path: str) -> str:
        """The request target of a path: for `/` the path of the URL as it is written, others are below it.

        A query of the URL is sent with each.
        """
        path, _, query = path.partition("?")
        whole = (self.path or "/") if path == "/" else self.path.rstrip("/") + path
        queries = "&".join(filter(None, (self.query, query)))
        return encoded(f"{whole}?{queries}" if queries else whole)


def encoded(path: str) -> str:
    """A path and query as HTTP sends it: percent-encoded where it has to be; what is encoded stays so."""
    return quote(_NO_ESCAPE.sub("%25", path), safe=_LEFT_ALONE)
