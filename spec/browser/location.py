"""Where a redirect leads: as much of the URL standard as a Location needs.

https://url.spec.whatwg.org/#concept-basic-url-parser
"""

import re
from typing import NamedTuple

from spec.origin import canonical

C0_CONTROLS_AND_SPACE = "".join(map(chr, range(0x21)))
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
# Beside space and what is not printable ASCII: https://url.spec.whatwg.org/#path-percent-encode-set
ENCODED_IN_PATH = b'"<>^`{}'
# https://url.spec.whatwg.org/#special-query-percent-encode-set
ENCODED_IN_QUERY = b"\"'<>"


class Target(NamedTuple):
    """An http(s) URL without its fragment."""

    origin: str
    path: str  # with the query
    has_credentials: bool  # a user name or a password that is not empty


def location_url(url_origin: str, path: str, location: bytes) -> Target | None:
    """What this Location means in a response from that URL; None when it is no http(s) URL.

    https://fetch.spec.whatwg.org/#concept-response-location-url
    """
    text = _cleaned(location.decode("latin-1"))
    base_scheme = url_origin.split(":")[0]
    found = SCHEME.match(text)
    scheme, rest = (found[1].lower(), text[found.end() :]) if found else (base_scheme, text)
    if scheme not in ("http", "https"):
        return None
    if scheme == base_scheme and not rest.startswith("//"):
        return Target(url_origin, _path(path, rest), False)
    # Any number of slashes, none too, may follow a scheme that is not that of the base.
    rest = rest.lstrip("/")
    authority = re.split(r"[/?]", rest)[0]
    user_info, _, host = authority.rpartition("@")
    # The slash keeps white space in the host, where it is an error, from being taken for white space around.
    origin = canonical(scheme + "://" + host + "/").canonical
    if origin is None:
        return None
    return Target(origin, _path("/", rest.removeprefix(authority)), user_info not in ("", ":"))


def _cleaned(text: str) -> str:
    """Without what the URL parser drops, without fragment, backslashes turned."""
    text = re.sub(r"[\t\n\r]", "", text.strip(C0_CONTROLS_AND_SPACE)).partition("#")[0]
    before_query, mark, query = text.partition("?")
    return before_query.replace("\\", "/") + mark + query


def _path(base: str, relative: str) -> str:
    """Path and query of a reference resolved, percent-encoded where they must be."""
    if not relative:
        return base
    path, mark, query = relative.partition("?")
    if not path.startswith("/"):
        directory, _, file = base.partition("?")[0].rpartition("/")
        path = f"{directory}/{path or file}"
    return _encoded(_without_dots(path), ENCODED_IN_PATH) + mark + _encoded(query, ENCODED_IN_QUERY)


def _without_dots(path: str) -> str:
    """An absolute path without the segments `.` and `..`: https://url.spec.whatwg.org/#path-state"""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            kept = kept[:-1]
        elif dots != ".":
            kept.append(segment)
    if dots in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _encoded(text: str, also: bytes) -> str:
    """The text with its space, its controls, all beyond ASCII and these characters percent-encoded."""
    return "".join(
        chr(byte) if 0x20 < byte < 0x7F and byte not in also else f"%{byte:02X}" for byte in text.encode()
    )
