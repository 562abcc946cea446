"""A status that is not 2xx is named with the URL that was asked, and with what helps."""

import pytest

from spec.conformance.status import url, wrong_status
from spec.http import Headers, Request, Response

HERE = "http://127.0.0.1:8000/api"
ELSEWHERE = "redirects are not followed: check the URL that it redirects to, or set its path in [target]"
SECRET = "send what it asks for, such as --header 'Authorization: Bearer TOKEN'"
OF_A_POLICY = (
    "under the [[policy]] of this path add a table [policy.target], and write there a path that responds "
    'with 2xx, path = "/items", or the method and the body that this one takes, method = "POST"'
)
PATH = "set another path in [target]"
BODY = "give a body that it accepts by --body FILE, and its type by --header 'Content-Type: TYPE'"


@pytest.mark.parametrize(
    ("method", "status", "headers", "advice"),
    [
        ("GET", 300, ((b"location", b"/a"),), ELSEWHERE),
        ("GET", 399, ((b"Location", b"/a"),), ELSEWHERE),
        ("GET", 299, ((b"location", b"/a"),), PATH),
        ("GET", 400, ((b"location", b"/a"),), PATH),
        ("GET", 304, (), PATH),
        ("GET", 401, (), SECRET),
        ("GET", 403, (), SECRET),
        ("POST", 407, (), SECRET),
        ("GET", 404, (), "set another path, in the URL, by --probe 'GET /path' or in [target]"),
        ("GET", 405, (), "for an endpoint without GET write --probe 'POST /b' --body FILE"),
        ("GET", 429, (), "--rate 5 sends five requests a second at most"),
        ("GET", 499, (), PATH),
        ("GET", 500, (), PATH),
        ("POST", 399, (), PATH),
        ("POST", 400, (), BODY),
        ("POST", 499, (), BODY),
        ("POST", 500, (), PATH),
    ],
)
def test_a_status_has_an_advice(method: str, status: int, headers: Headers, advice: str) -> None:
    location = " and Location: /a" if headers else ""
    assert wrong_status(HERE, Request(method, (), "/b"), Response(status, headers)) == (
        f"{method} {HERE}/b responds with {status}, not 2xx{location}; {advice}"
    )


@pytest.mark.parametrize(
    ("method", "status", "headers", "advice"),
    [
        ("GET", 307, ((b"location", b"/a"),), OF_A_POLICY),
        ("GET", 404, (), OF_A_POLICY),
        ("POST", 400, (), OF_A_POLICY),
        ("GET", 401, (), SECRET),
        ("GET", 429, (), "--rate 5 sends five requests a second at most"),
    ],
)
def test_with_several_policies_it_names_the_table_of_one(
    method: str, status: int, headers: Headers, advice: str
) -> None:
    found = wrong_status(HERE, Request(method, (), "/b"), Response(status, headers), several=True)
    assert found.startswith(f"{method} {HERE}/b responds with {status}, not 2xx")
    assert found.endswith(f"; {advice}")


def test_what_a_server_sends_is_escaped_and_what_an_application_raised_is_told() -> None:
    response = Response(307, ((b"location", b"/\x1b"), (b"location", b"/c")))
    assert wrong_status("shop:app", Request("GET", (), "/b"), response, "KeyError(1)") == (
        "GET /b responds with 307, not 2xx (the application raised KeyError(1)) and Location: /\\x1b; "
        + ELSEWHERE
    )


@pytest.mark.parametrize(
    ("server", "path", "asked"),
    [
        ("https://a.example:81/api?x=1", "/", "https://a.example:81/api?x=1"),
        ("unix:/run/a.sock", "/b c", "http://localhost/b%20c"),
        ("shop:app", "/b", "/b"),
    ],
)
def test_the_url_is_the_one_that_was_asked(server: str, path: str, asked: str) -> None:
    assert url(server, path) == asked
