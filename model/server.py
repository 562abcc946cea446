"""A reference implementation of a CORS server, written for clarity, not for speed."""

from collections.abc import Mapping

from spec.config import Config
from spec.http import Headers, Request, Response, elements, names
from spec.paths import policy_of
from spec.policy import (
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    any_origin_is_allowed,
    asks_for_private_network,
    exposed_headers,
    is_preflight,
    refusals,
    request_origin_is_allowed,
    requested_headers,
)

PREFLIGHT_VARY = (
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    b"Access-Control-Request-Private-Network"
)


def respond(config: Config, request: Request, app_response: Response) -> Response:
    """The answer to a request, given what the application answers when it is asked.

    A preflight is answered without the application; every other request reaches it, and only the
    CORS headers and Vary of its answer are edited.
    """
    if is_preflight(request):
        return preflight_response(config, request)
    if request_origin_is_allowed(config, request):
        return shared_response(config, request, app_response)
    return unshared_response(app_response)


def respond_by_path(policies: Mapping[str, Config], request: Request, app_response: Response) -> Response:
    """The same where each prefix of the path has a policy; without one, the application's response."""
    config = policy_of(policies, request.path)
    return app_response if config is None else respond(config, request, app_response)


def preflight_response(config: Config, request: Request) -> Response:
    """The answer to a preflight: 200 when all that it asks is allowed, otherwise 400 and what is not."""
    refused = refusals(config, request)
    body = b"Disallowed CORS " + ", ".join(refused).encode() if refused else b"OK"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"vary", PREFLIGHT_VARY),
    ]
    if "origin" not in refused:
        headers += origin_lines(config, request) + permission_lines(config, request)
    if not refused and asks_for_private_network(request):
        headers.append((b"access-control-allow-private-network", b"true"))
    return Response(400 if refused else 200, tuple(headers), body)


def permission_lines(config: Config, request: Request) -> list[tuple[bytes, bytes]]:
    """The header lines that list allowed methods and headers, and how long they may be cached."""
    methods = ", ".join(allowed_methods(config)).encode()
    if any_header_is_allowed(config):
        headers = b", ".join(requested_headers(request) or [])
    else:
        headers = ", ".join(allowed_headers(config)).encode()
    found = [(b"access-control-max-age", str(config.max_age).encode())]
    if methods:
        found.append((b"access-control-allow-methods", methods))
    if headers:
        found.append((b"access-control-allow-headers", headers))
    return found


def origin_lines(config: Config, request: Request) -> list[tuple[bytes, bytes]]:
    """Who may read the answer, and whether with credentials."""
    origin = b"*" if any_origin_is_allowed(config) else request.lines("origin")[0]
    found = [(b"access-control-allow-origin", origin)]
    if config.allow_credentials:
        found.append((b"access-control-allow-credentials", b"true"))
    return found


def shared_response(config: Config, request: Request, app_response: Response) -> Response:
    """The application's answer to an allowed origin: the configuration alone says who may read it."""
    ours = {b"access-control-allow-origin", b"access-control-allow-credentials"}
    added = origin_lines(config, request)
    if config.expose_headers:
        ours.add(b"access-control-expose-headers")
        added.append((b"access-control-expose-headers", ", ".join(exposed_headers(config)).encode()))
    kept = [(name, value) for name, value in app_response.headers if name.lower() not in ours]
    return Response(app_response.status, varying_by_origin((*kept, *added)), app_response.body)


def unshared_response(app_response: Response) -> Response:
    """The application's answer to anyone else: as it is, but that it varies by Origin."""
    return Response(app_response.status, varying_by_origin(app_response.headers), app_response.body)


def varying_by_origin(headers: Headers) -> Headers:
    """These lines with a Vary that names Origin; one that says so already stays as it is."""
    values = [value for name, value in headers if name.lower() == b"vary"]
    if b"*" in names(values) or (len(values) == 1 and b"origin" in names(values)):
        return headers
    nominated = elements(values) + ([] if b"origin" in names(values) else [b"Origin"])
    others = tuple((name, value) for name, value in headers if name.lower() != b"vary")
    return (*others, (b"vary", b", ".join(nominated)))
