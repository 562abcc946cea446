"""Which origins meet in a fetch: whether CORS applies, and what Origin says."""

import itertools

from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch


def is_cross_origin(fetch: Fetch, url_origin: str) -> bool:
    """Whether the page and this URL have different origins; an opaque origin is the same as nothing."""
    return fetch.page_origin == "null" or fetch.page_origin != url_origin


def is_cors(fetch: Fetch) -> bool:
    """Whether the response tainting is "cors": once it is, it stays.

    https://fetch.spec.whatwg.org/#concept-request-response-tainting
    """
    return any(is_cross_origin(fetch, origin) for origin in (*fetch.redirected_from, fetch.url_origin))


def is_tainted(fetch: Fetch) -> bool:
    """Whether a redirect led from a foreign origin to yet another one.

    https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    """
    origins = (*fetch.redirected_from, fetch.url_origin)
    return any(
        before != after and is_cross_origin(fetch, before) for before, after in itertools.pairwise(origins)
    )


def serialized_origin(fetch: Fetch) -> bytes:
    """https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin"""
    return b"null" if is_tainted(fetch) else fetch.page_origin.encode()


def preflight_origin(fetch: Fetch, engine: Engine = STANDARD) -> bytes:
    """The origin that a preflight carries and is checked against."""
    return fetch.page_origin.encode() if engine.preflights_keep_origin else serialized_origin(fetch)
