"""Which headers of a response a script may read."""

from spec.browser.fetch import Fetch
from spec.browser.origins import is_cors
from spec.http import Response, tokens

FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset({
    "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified",
    "pragma",
})  # fmt: skip


def readable_headers(fetch: Fetch, response: Response) -> frozenset[str]:
    """The names of the response's headers that a script may read, in lower case.

    https://fetch.spec.whatwg.org/#concept-filtered-response-cors
    """
    present = {name.decode("latin-1").lower() for name, _ in response.headers} - FORBIDDEN_RESPONSE_HEADERS
    if not is_cors(fetch):
        return frozenset(present)
    exposed = tokens(response.lines("access-control-expose-headers")) or []
    if b"*" in exposed and fetch.credentials != "include":
        return frozenset(present)
    listed = {name.decode().lower() for name in exposed}
    return frozenset(present & (SAFELISTED_RESPONSE_HEADERS | listed))
