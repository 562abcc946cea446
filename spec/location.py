"""Where a redirect leads: as much of the URL standard as a Location needs.

https://url.spec.whatwg.org/#concept-basic-url-parser
"""

import re
from typing import NamedTuple
from urllib.parse import quote, urljoin

from spec.origin import canonical

C0_CONTROLS_AND_SPACE = "".join(map(chr, range(0x21)))
# Beside letters, digits and `_.-~`: https://url.spec.whatwg.org/#path-percent-encode-set and the query's.
SAFE_IN_PATH = "%/!$&'()*+,;=:@[]|\\^"
SAFE_IN_QUERY = "%/?!$&()*+,;=:@[]|\\^`{}"
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
ABSOLUTE = re.compile(r"(https?)://(?:([^/?]*)@)?([^/?@]*)(.*)", re.DOTALL)


class Target(NamedTuple):
    """An http(s) URL without its fragment."""

    origin: str
    path: str  # with the query
    has_credentials: bool  # a user name or a password that is not empty


def location_url(url_origin: str, path: str, location: bytes) -> Target | None:
    """What this Location means in a response from that URL; None when it is no http(s) URL.

    https://fetch.spec.whatwg.org/#concept-response-location-url
    """
    text = _absolute(url_origin.partition("://")[0], _cleaned(location.decode("latin-1")))
    if text is None:
        return None
    found = ABSOLUTE.fullmatch(text)
    if found is None:
        # What looks like a scheme here is none any more: `https:a:b` is the relative `a:b`.
        relative = text if text[:1] in ("", "/", "?") else "./" + text
        return Target(url_origin, _path(path, relative), False)
    scheme, user_info, host, rest = found.groups()
    origin = canonical(f"{scheme}://{host}").canonical
    if origin is None or re.search(r"\s", host):
        return None
    return Target(origin, _path("/", "." + rest), user_info not in (None, "", ":"))


def _path(base: str, relative: str) -> str:
    """A relative reference resolved, and percent-encoded where it must be."""
    resolved = urljoin("http://host" + base, relative).removeprefix("http://host")
    before_query, mark, query = resolved.partition("?")
    return quote(before_query, safe=SAFE_IN_PATH) + mark + quote(query, safe=SAFE_IN_QUERY)


def _cleaned(text: str) -> str:
    """Without what the URL parser drops, without fragment, backslashes turned."""
    text = re.sub(r"[\t\n\r]", "", text.strip(C0_CONTROLS_AND_SPACE)).partition("#")[0]
    before_query, mark, query = text.partition("?")
    return before_query.replace("\\", "/") + mark + query


def _absolute(base_scheme: str, text: str) -> str | None:
    """With a scheme and two slashes, or relative to the base; None for another scheme than http and https.

    Any number of slashes, none too, may follow a scheme that is not that of the base.
    """
    found = SCHEME.fullmatch(text)
    if found is None:
        return f"{base_scheme}://{text.lstrip('/')}" if text.startswith("//") else text
    scheme, rest = found[1].lower(), found[2]
    if scheme not in ("http", "https"):
        return None
    return f"{scheme}://{rest.lstrip('/')}" if scheme != base_scheme or rest.startswith("//") else rest
