"""A response that is not 2xx shows nothing about CORS: which URL was asked, and what to write instead."""

from spec.conformance.exchange import printable
from spec.conformance.transports import Address
from spec.http import Request, Response

LOCKED = (401, 403, 407)
"""Without the right Authorization, or another right, these are the response."""


def wrong_status(
    server: str, request: Request, response: Response, error: str = "", *, several: bool = False,
    in_a_test: bool = False,
) -> str:  # fmt: skip
    """What is wrong with a status that is not 2xx, and what to write.

    `server` is a URL, or the name of an application, which raised `error` if that is not empty. `several`:
    each prefix of the path has a policy. `in_a_test`: `assert_conforms` asks, not the command line.
    """
    raised = f" (the application raised {error})" if error else ""
    location = response.lines("location")
    where = f" and Location: {printable(location[0])}" if location else ""
    advised = advice_in_a_test if in_a_test else advice
    responds = f"{request.method} {url(server, request.path)} responds with {response.status}"
    return f"{responds}, not 2xx{raised}{where}; {advised(request, response, several)}"


def url(server: str, path: str) -> str:
    """The URL of a path of a server; of an application the path alone."""
    try:
        address = Address.parse(server)
    except ValueError:
        return path
    return address.origin + address.target(path)


def advice(request: Request, response: Response, several: bool) -> str:
    """What to write on the command line, or in the file, to get another response."""
    status = response.status
    if status in LOCKED:
        return "send what it asks for, such as --header 'Authorization: Bearer TOKEN'"
    if status == 429:
        return "--rate 5 sends five requests a second at most"
    if several:
        return (
            "under the [[policy]] of this path add a table [policy.target], and write there a path that "
            'responds with 2xx, such as path = "/items", or the method and the body that this one takes, '
            'method = "POST"'
        )
    if is_redirect(response):
        return (
            "redirects are not followed: check the URL that it redirects to, or set its path by "
            "--probe 'GET /path' or in [target]"
        )
    if status == 405:
        return f"for an endpoint without {request.method} write --probe 'POST {request.path}' --body FILE"
    if refuses_the_body(request, response):
        return "give a body that it accepts by --body FILE, and its type by --header 'Content-Type: TYPE'"
    return f"set another path, in the URL, by --probe '{request.method} /path' or in [target]"


def advice_in_a_test(request: Request, response: Response, several: bool) -> str:
    """The same as arguments of `assert_conforms`."""
    status = response.status
    if status in LOCKED:
        return 'send what it asks for, such as headers={"Authorization": "Bearer TOKEN"}'
    if status == 429:
        return "lift its limit of requests for the test"
    if several:
        return (
            "give the policy of this path one that responds with 2xx, such as "
            'target={"/public": Target("/public/items")}'
        )
    if is_redirect(response):
        return 'redirects are not followed: give another path, such as path="/items"'
    if status == 405:
        return (
            f"for an endpoint without {request.method} give its method and body, "
            f'target=Target("{request.path}", method="POST", body=b"...")'
        )
    if refuses_the_body(request, response):
        return (
            "give a body that it accepts, and its type, "
            f'target=Target("{request.path}", method="{request.method}", body=b"...", content_type="...")'
        )
    return 'give another path, such as path="/items"'


def is_redirect(response: Response) -> bool:
    """Whether it names another URL to ask."""
    return 300 <= response.status <= 399 and bool(response.lines("location"))


def refuses_the_body(request: Request, response: Response) -> bool:
    """Whether it may be the body that the server does not accept."""
    return request.method != "GET" and 400 <= response.status <= 499 and response.status != 404
