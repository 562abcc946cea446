"""A response that is not 2xx shows nothing about CORS: which URL was asked, and what to write instead."""

from spec.conformance.exchange import printable
from spec.conformance.transports import Address
from spec.http import Request, Response


def wrong_status(
    server: str, request: Request, response: Response, error: str = "", *, several: bool = False
) -> str:
    """What is wrong with a status that is not 2xx, and what to write.

    `server` is a URL, or the name of an application, which raised `error` if that is not empty. `several`:
    each prefix of the path has a policy.
    """
    raised = f" (the application raised {error})" if error else ""
    location = response.lines("location")
    where = f" and Location: {printable(location[0])}" if location else ""
    responds = f"{request.method} {url(server, request.path)} responds with {response.status}"
    return f"{responds}, not 2xx{raised}{where}; {advice(request, response, several)}"


def url(server: str, path: str) -> str:
    """The URL of a path of a server; of an application the path alone."""
    try:
        address = Address.parse(server)
    except ValueError:
        return path
    return address.origin + address.target(path)


def advice(request: Request, response: Response, several: bool) -> str:
    """What to write to get another response."""
    status = response.status
    if status in (401, 403, 407):
        return "send what it asks for, such as --header 'Authorization: Bearer TOKEN'"
    if status == 429:
        return "--rate 5 sends five requests a second at most"
    if several:
        return (
            "under the [[policy]] of this path add a table [policy.target], and write there a path that "
            'responds with 2xx, path = "/items", or the method and the body that this one takes, method = "POST"'
        )
    if 300 <= status <= 399 and response.lines("location"):
        return "redirects are not followed: check the URL that it redirects to, or set its path in [target]"
    if status == 404:
        return "set another path, in the URL, by --probe 'GET /path' or in [target]"
    if status == 405:
        return f"for an endpoint without {request.method} write --probe 'POST {request.path}' --body FILE"
    if request.method != "GET" and 400 <= status <= 499:
        return "give a body that it accepts by --body FILE, and its type by --header 'Content-Type: TYPE'"
    return "set another path in [target]"
