"""When a preflight is needed, what it asks, and whether its response lets the request go."""

from spec.browser.checks import Check, cors_check
from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch
from spec.browser.methods_and_headers import normalize_method, throws
from spec.browser.origins import is_cors, is_cross_origin, preflight_origin
from spec.browser.safelists import SAFELISTED_METHODS, unsafe_header_names, unsafe_lines
from spec.http import Request, Response, is_ok_status, is_redirect_status, tokens


def uses_cors_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """https://fetch.spec.whatwg.org/#use-cors-preflight-flag"""
    uploads = engine.preflights_uploads_without_body or normalize_method(fetch.method) not in ("GET", "HEAD")
    return fetch.stream_body or fetch.flagged or (fetch.upload_listener and uploads)


def method_needs_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """Whether the method, or a flag, asks for a preflight."""
    if uses_cors_preflight(fetch, engine) or (engine.preflights_stick and fetch.preflighted):
        return True
    return normalize_method(fetch.method) not in SAFELISTED_METHODS


def needs_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """Whether this is preflighted, unless it is remembered: https://fetch.spec.whatwg.org/#concept-main-fetch"""
    return is_cors(fetch) and (
        method_needs_preflight(fetch, engine) or len(unsafe_header_names(fetch, engine)) > 0
    )


def preflight_request(fetch: Fetch, engine: Engine = STANDARD) -> Request | None:
    """The preflight of this fetch; None when it has none, or throws.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    if throws(fetch) or not needs_preflight(fetch, engine):
        return None
    headers = [
        (b"accept", b"*/*"),
        (b"access-control-request-method", normalize_method(fetch.method).encode()),
    ]
    unsafe = unsafe_header_names(fetch, engine)
    if engine.repeats_unsafe_names:
        unsafe = sorted(unsafe_lines(fetch, engine))
    if unsafe:
        headers.append((b"access-control-request-headers", b",".join(unsafe)))
    headers.append((b"origin", preflight_origin(fetch, engine)))
    return Request("OPTIONS", tuple(headers), fetch.path)


def allowed_methods(fetch: Fetch, preflight: Response, engine: Engine = STANDARD) -> list[bytes] | None:
    """The methods that an answer lists, None when that is no list (C-PF-8, C-PF-14)."""
    lines = preflight.lines("access-control-allow-methods")
    if not lines and uses_cors_preflight(fetch) and engine.unlisted_method_of_upload_is_allowed:
        return [normalize_method(fetch.method).encode()]
    return tokens(lines)


def allowed_headers(preflight: Response) -> list[bytes] | None:
    """The header names that an answer lists, in lower case, None when that is no list (C-PF-8)."""
    found = tokens(preflight.lines("access-control-allow-headers"))
    return None if found is None else [name.lower() for name in found]


def preflight_check(fetch: Fetch, response: Response | None, engine: Engine = STANDARD) -> Check:
    """Whether this answer (None: there was none) lets the request go.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    if response is None:
        return Check(False, "C-PF-6")
    is_own = engine.preflights_keep_origin and not is_cross_origin(fetch, fetch.url_origin)
    if not is_own and not cors_check(preflight_origin(fetch, engine), fetch.credentials, response).passed:
        return Check(False, "C-PF-7")
    if is_redirect_status(response.status):
        return Check(False, "C-PF-13")
    if not is_ok_status(response.status):
        return Check(False, "C-PF-6")
    methods, names = allowed_methods(fetch, response, engine), allowed_headers(response)
    if methods is None or names is None:
        return Check(False, "C-PF-8")
    method = normalize_method(fetch.method)
    with_credentials = fetch.credentials == "include"
    any_method = method in SAFELISTED_METHODS or (b"*" in methods and not with_credentials)
    if method.encode() not in methods and not any_method:
        return Check(False, "C-WLD-1" if b"*" in methods else "C-PF-9")
    unsafe = unsafe_header_names(fetch, engine)
    any_name = b"*" in names and not with_credentials
    covered = b"authorization" in names or (any_name and engine.wildcard_covers_authorization)
    if b"authorization" in unsafe and not covered:
        return Check(False, "C-PF-10")
    for name in unsafe:
        if name not in names and not any_name:
            return Check(False, "C-WLD-1" if b"*" in names else "C-PF-11")
    return Check(True, "C-PF-15")
