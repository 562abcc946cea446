"""Where a redirect leads, and what it changes in the request."""

from dataclasses import replace

from spec.browser.checks import get
from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch, Hop
from spec.browser.location import location_url
from spec.browser.methods_and_headers import normalize_method
from spec.browser.origins import is_cors, is_cross_origin
from spec.browser.preflight import needs_preflight, uses_cors_preflight
from spec.browser.safelists import unsafe_header_names
from spec.http import is_redirect_status

# https://fetch.spec.whatwg.org/#request-body-header-name
REQUEST_BODY_HEADERS = frozenset({
    "content-encoding", "content-language", "content-location", "content-type",
})  # fmt: skip


def leads_on(hop: Hop) -> bool:
    """Whether the response is a redirect that passed its checks. Without a Location it is a mere response."""
    response = hop.response
    if not hop.outcome.allowed or response is None or not is_redirect_status(response.status):
        return False
    location = get(response, "location")
    return location is not None and (location != b"" or hop.engine.empty_location != "none")


def redirect(hop: Hop, engine: Engine = STANDARD) -> Fetch | str:
    """The next hop, or the id of the rule that ends this fetch with a network error.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    fetch, response = hop.fetch, hop.response
    assert response is not None
    locations = response.lines("location")
    target = location_url(fetch.url_origin, fetch.path, locations[0]) if len(locations) == 1 else None
    is_invalid = engine.empty_location == "invalid" and get(response, "location") == b""
    if target is None or is_invalid or len(fetch.redirected_from) >= 20:
        return "C-RED-7"
    if target.has_credentials and (is_cross_origin(fetch, target.origin) or is_cors(fetch)):
        return "C-RED-4"
    if response.status != 303 and fetch.stream_body:
        return "C-RED-7"
    method = normalize_method(fetch.method)
    headers = fetch.headers
    if (response.status in (301, 302) and method == "POST") or (
        response.status == 303 and method not in ("GET", "HEAD")
    ):
        method = "GET"
        headers = tuple(line for line in headers if line[0].lower() not in REQUEST_BODY_HEADERS)
    if target.origin != fetch.url_origin:
        headers = tuple(line for line in headers if line[0].lower() != "authorization")
    return replace(
        fetch,
        url_origin=target.origin,
        path=target.path,
        method=method,
        headers=headers,
        stream_body=False,
        redirected_from=(*fetch.redirected_from, fetch.url_origin),
        preflighted=needs_preflight(fetch, engine) or unsafe_header_names(fetch, engine) != [],
        flagged=uses_cors_preflight(fetch, engine),
        became_get=fetch.became_get or method != normalize_method(fetch.method),
        dropped=fetch.dropped + tuple(line for line in fetch.headers if line not in headers),
    )
