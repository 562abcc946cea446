"""A status that is not 2xx is named with the URL that was asked, and with what helps."""

import pytest

from spec.conformance.status import url, wrong_status
from spec.http import Headers, Request, Response

HERE = "http://127.0.0.1:8000/api"
ELSEWHERE = (
    "redirects are not followed: check the URL that it redirects to, or set its path by "
    "--probe 'GET /path' or in [target]"
)
SECRET = "send what it asks for, such as --header 'Authorization: Bearer TOKEN'"
OF_A_POLICY = (
    "under the [[policy]] of this path add a table [policy.target], and write there a path that responds "
    'with 2xx, such as path = "/items", or the method and the body that this one takes, method = "POST"'
)
PATH = "set another path, in the URL, by --probe 'GET /path' or in [target]"
PATH_OF_POST = PATH.replace("GET", "POST")
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
        ("GET", 404, (), PATH),
        ("POST", 404, (), PATH_OF_POST),
        ("GET", 405, (), "for an endpoint without GET write --probe 'POST /b' --body FILE"),
        ("GET", 429, (), "--rate 5 sends five requests a second at most"),
        ("GET", 499, (), PATH),
        ("GET", 500, (), PATH),
        ("POST", 399, (), PATH_OF_POST),
        ("POST", 400, (), BODY),
        ("POST", 499, (), BODY),
        ("POST", 500, (), PATH_OF_POST),
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


IN_A_TEST = 'give another path, such as path="/items"'
HEADERS = 'send what it asks for, such as headers={"Authorization": "Bearer TOKEN"}'
LIMIT = "lift its limit of requests for the test"
OF_ONE = (
    "give the policy of this path one that responds with 2xx, such as "
    'target={"/public": Target("/public/items")}'
)


@pytest.mark.parametrize(
    ("method", "status", "headers", "several", "advice"),
    [
        ("GET", 307, ((b"location", b"/a"),), False, f"redirects are not followed: {IN_A_TEST}"),
        ("GET", 307, (), False, IN_A_TEST),
        ("GET", 404, (), False, IN_A_TEST),
        ("GET", 404, (), True, OF_ONE),
        ("GET", 401, (), True, HEADERS),
        ("GET", 429, (), True, LIMIT),
        ("GET", 405, (), False, "for an endpoint without GET give its method and body, "
         'target=Target("/b", method="POST", body=b"...")'),
        ("PUT", 422, (), False, "give a body that it accepts, and its type, "
         'target=Target("/b", method="PUT", body=b"...", content_type="...")'),
        ("GET", 500, (), False, IN_A_TEST),
    ],
)  # fmt: skip
def test_in_a_test_the_advice_is_written_in_python(
    method: str, status: int, headers: Headers, several: bool, advice: str
) -> None:
    found = wrong_status(
        "shop:app", Request(method, (), "/b"), Response(status, headers), several=several, in_a_test=True
    )
    assert found.endswith(f"; {advice}")


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
