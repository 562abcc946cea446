"""Reading what browsers export, and what is odd in it."""

from typing import Any

import pytest

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine
from spec.explain.har import Entry, origin_of, read
from spec.http import Response

REQUEST = {
    "method": "GET",
    "url": "https://a.example/x?y#f",
    "headers": [{"name": "Origin", "value": "null"}],
}
ENTRY: dict[str, Any] = {
    "startedDateTime": "2026-11-28T17:19:26.677Z",
    "request": REQUEST,
    "response": {
        "status": 200,
        "headers": [{"name": "A", "value": "1 \n2"}, {"name": "B\u20ac", "value": "\u20ac"}],
    },
}
WHOLE = Entry(
    number=0,
    time=1795886366.677,
    method="GET",
    origin="https://a.example",
    path="/x?y",
    headers=(("Origin", "null"),),
    has_cookies=False,
    kind="",
    page=None,
    response=Response(200, ((b"A", b"1 "), (b"A", b"2"), (b"B?", b"?"))),
    error="",
)


def entries(*listed: object, **log: object) -> list[Entry]:
    export = read({"log": {"entries": list(listed), **log}})
    assert export.problems == []
    return export.entries


def request(**changes: object) -> dict[str, Any]:
    return {**ENTRY, "request": {**REQUEST, **changes}}


def response(**changes: object) -> dict[str, Any]:
    return {**ENTRY, "response": {**ENTRY["response"], **changes}}


def test_an_entry_is_read() -> None:
    assert entries(ENTRY) == [WHOLE]


def test_what_browsers_add_to_the_format_is_read() -> None:
    (found,) = entries(
        {
            **response(status=0, headers=[], _error="net::ERR_FAILED"),
            "_resourceType": "fetch",
            "pageref": "page_1",
        },
        pages=[{"id": "page_1", "title": "https://app.example:8443/index.html"}],
    )
    assert (found.kind, found.page) == ("fetch", "https://app.example:8443")
    assert (found.response, found.error) == (None, "net::ERR_FAILED")


@pytest.mark.parametrize(
    ("pages", "reference"),
    [
        (None, "a"),
        ([1, {"id": ["a"], "title": "https://b.example"}, {"id": "a"}, {"id": "a", "title": "My page"}], "a"),
        ([{"id": "a", "title": "https://b.example"}], ["a"]),
        ([{"id": "a", "title": "https://b.example"}], "b"),
    ],
)
def test_a_page_without_a_url_is_not_known(pages: object, reference: object) -> None:
    (found,) = entries({**ENTRY, "pageref": reference}, pages=pages)
    assert found.page is None


def test_cookies_are_noticed_wherever_they_are() -> None:
    cookie = [{"name": "COOKIE", "value": "a=1"}]
    found = entries(
        request(headers=cookie), request(cookies=[{}]), request(cookies=[]), request(cookies=None)
    )
    assert [one.has_cookies for one in found] == [True, True, False, False]


def test_entries_are_in_the_order_of_time_and_keep_their_number() -> None:
    moments = [
        "2026-11-28T18:00:00+01:00",
        "2026-11-28T17:00:00.500",
        "2026-11-28T16:59:59Z",
        "2026-11-28Z",
        "yesterday",
        None,
    ]
    found = entries(*[{**ENTRY, "startedDateTime": moment} for moment in moments])
    assert [(one.number, one.time - 1795885200) for one in found] == [
        (4, -1795885200),
        (5, -1795885200),
        (3, -61200),
        (2, -1),
        (0, 0),
        (1, 0.5),
    ]


def test_only_http_is_read_and_the_pseudo_headers_of_http_2_are_not() -> None:
    assert entries(request(url="ws://a.example"), request(url="data:,a"), request(url="")) == []
    headers = [{"name": ":path", "value": "/"}, {"name": "a", "value": ":"}]
    assert entries(request(headers=headers))[0].headers == (("a", ":"),)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"log": []}, {"log": {}}, {"log": {"entries": {}}}, {"entries": []}, "log"]
)
def test_what_is_no_export_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"\w") as problem:
        read(data)
    expected = "this is not a HAR file: it has no log.entries. Export one from the network tab"
    assert str(problem.value) == expected


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (1, "this is not an object"),
        ({}, "there is no request"),
        ({"request": 1}, "there is no request"),
        (request(method=None), "the request has no method, or no url"),
        (request(url=1), "the request has no method, or no url"),
        (request(headers=None), "request.headers is not a list"),
        (request(headers=[1]), "request.headers has something that is not a name and a value"),
        (request(headers=[{"name": "a"}]), "request.headers has something that is not a name and a value"),
        (
            request(headers=[{"name": 1, "value": "a"}]),
            "request.headers has something that is not a name and a value",
        ),
        (
            request(headers=[{"name": "a b", "value": "1"}]),
            "request.headers has something that no header can be",
        ),
        (
            request(headers=[{"name": "a", "value": "\u20ac"}]),
            "request.headers has something that no header can be",
        ),
        ({"request": REQUEST}, "there is no response"),
        (response(status="200"), "response.status is '200', and not a number"),
        (response(status=True), "response.status is True, and not a number"),
        (response(headers={}), "response.headers is not a list"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_and_the_others_are_read(entry: object, problem: str) -> None:
    export = read({"log": {"entries": [entry, ENTRY]}})
    assert export.problems == [f"log.entries[0]: {problem}"]
    assert [one.number for one in export.entries] == [1]


def test_no_response_has_the_status_0_or_less() -> None:
    found = entries(
        response(status=0), response(status=-1), response(status=1, headers=[]), response(_error=None)
    )
    assert [one.response for one in found] == [None, None, Response(1, ()), WHOLE.response]
    assert [one.error for one in found] == [""] * 4


@pytest.mark.parametrize(
    ("log", "engine"),
    [
        ({"creator": {"name": "WebInspector"}}, CHROMIUM),
        ({"creator": {"name": "WebKit Web Inspector"}}, WEBKIT),
        ({"browser": {"name": "Safari"}, "creator": {"name": "Firefox"}}, WEBKIT),
        ({"creator": {"name": "Firefox"}}, FIREFOX),
        ({"creator": {"name": "Playwright"}, "browser": {"name": "chromium"}}, CHROMIUM),
        ({"creator": {"name": "Charles"}, "browser": {"name": "Microsoft Edge"}}, CHROMIUM),
        ({"creator": {"name": "mitmproxy"}}, STANDARD),
        ({"creator": "Firefox"}, STANDARD),
        ({"creator": {}}, STANDARD),
        ({}, STANDARD),
    ],
)
def test_the_engine_is_that_of_the_browser_that_has_written_it(log: dict[str, Any], engine: Engine) -> None:
    assert read({"log": {"entries": [], **log}}).engine is engine


# What an entry is


def made(method: str = "GET", kind: str = "", **headers: str) -> Entry:
    (found,) = entries(
        {
            **request(
                method=method,
                headers=[{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()],
            ),
            "_resourceType": kind,
        }
    )
    return found


def test_a_preflight_is_an_options_request_that_asks_for_a_method() -> None:
    assert made("OPTIONS", Access_Control_Request_Method="PUT").is_preflight
    assert not made("OPTIONS").is_preflight
    assert not made("GET", Access_Control_Request_Method="PUT").is_preflight


def test_a_fetch_has_mode_cors_or_is_called_so_or_has_an_origin() -> None:
    assert made(Sec_Fetch_Mode="cors").is_cors
    assert not made("POST", "fetch", Sec_Fetch_Mode="navigate", Origin="https://a.example").is_cors
    assert made(kind="fetch").is_cors and made(kind="xhr").is_cors and made(Origin="null").is_cors
    assert not made(kind="image").is_cors and not made().is_cors


def test_values_are_found_in_any_letter_case_and_in_order() -> None:
    found = WHOLE.__class__(**{**WHOLE.__dict__, "headers": (("A", "1"), ("b", "2"), ("a", "3"))})
    assert (found.values("a"), found.value("a"), found.value("c")) == (["1", "3"], "1", None)


def test_an_origin_is_that_of_an_http_url() -> None:
    assert origin_of("HTTPS://A.example:443/x") == "https://a.example"
    assert origin_of("about:blank") is None and origin_of("/x") is None
    assert origin_of("https://a.example/\ud800") == "https://a.example"
