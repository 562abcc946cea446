"""Whole answers to typical requests, every header line asserted."""

from __future__ import annotations

from typing import Any

import pytest

from impl import CORSMiddleware
from tests.helpers.asgi import Recorder, call
from tests.unit.impl.cases import ORIGIN, UNLISTED, preflight

CONTENT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
VARY = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    b"Access-Control-Request-Private-Network",
)
ALLOW_ORIGIN = (b"access-control-allow-origin", ORIGIN)
ALLOW_METHODS = (b"access-control-allow-methods", b"GET")
MAX_AGE = (b"access-control-max-age", b"600")
SAFELISTED = b"Accept, Accept-Language, Content-Language, Content-Type"
ALLOW_HEADERS = (b"access-control-allow-headers", SAFELISTED)
CREDENTIALS = (b"access-control-allow-credentials", b"true")
PRIVATE_NETWORK = (b"access-control-allow-private-network", b"true")
REQUEST_HEADERS = b"access-control-request-headers"
REQUEST_PRIVATE_NETWORK = b"access-control-request-private-network"
DEFAULT = (ALLOW_ORIGIN, ALLOW_METHODS, MAX_AGE, ALLOW_HEADERS)


def check_preflight(
    arguments: dict[str, Any], request: list[tuple[bytes, bytes]], body: bytes, *expected: tuple[bytes, bytes]
) -> None:
    app = Recorder()
    answer = call(
        CORSMiddleware(app, **{"allow_origins": [ORIGIN.decode()], **arguments}), "OPTIONS", request
    )
    common = (CONTENT_TYPE, (b"content-length", b"%d" % len(body)), VARY)
    assert sorted(answer.headers) == sorted((*common, *expected))
    assert answer.body == body
    assert answer.status == (200 if body == b"OK" else 400)
    assert [message["type"] for message in answer.messages] == ["http.response.start", "http.response.body"]
    assert app.calls == []


def test_an_allowed_preflight() -> None:
    check_preflight({}, preflight(), b"OK", *DEFAULT)


def test_a_preflight_of_a_configuration_with_everything() -> None:
    check_preflight(
        {
            "allow_methods": ["PURGE", "*", "GET", "purge"],
            "allow_headers": ["x-b", "X-A", "X-B", "content-type"],
            "allow_credentials": True,
            "allow_private_network": True,
            "expose_headers": ["X-C"],
            "max_age": 5,
        },
        preflight((REQUEST_HEADERS, b"x-a,x-b"), (REQUEST_PRIVATE_NETWORK, b"true"), method=b"PURGE"),
        b"OK",
        ALLOW_ORIGIN,
        CREDENTIALS,
        (
            b"access-control-allow-methods",
            b"DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, PURGE, purge",
        ),
        (
            b"access-control-allow-headers",
            b"Accept, Accept-Language, Content-Language, Content-Type, X-A, x-b",
        ),
        (b"access-control-max-age", b"5"),
        PRIVATE_NETWORK,
    )


def test_a_refused_origin_is_told_nothing() -> None:
    arguments = {"allow_credentials": True, "allow_private_network": True}
    check_preflight(arguments, preflight(origin=UNLISTED), b"Disallowed CORS origin")


def test_everything_refused() -> None:
    request = preflight(
        (REQUEST_HEADERS, b"x-a"), (REQUEST_PRIVATE_NETWORK, b"true"), origin=UNLISTED, method=b"PUT"
    )
    check_preflight({}, request, b"Disallowed CORS origin, method, headers, private-network")


def test_an_allowed_origin_is_told_what_would_have_been_allowed() -> None:
    request = preflight((REQUEST_HEADERS, b"x-a"), (REQUEST_PRIVATE_NETWORK, b"true"), method=b"get")
    check_preflight({}, request, b"Disallowed CORS method, headers, private-network", *DEFAULT)


def test_a_private_network_is_granted_only_with_everything_else() -> None:
    request = preflight((REQUEST_PRIVATE_NETWORK, b"true"), method=b"PUT")
    check_preflight({"allow_private_network": True}, request, b"Disallowed CORS method", *DEFAULT)


def test_a_private_network_that_is_not_allowed_is_enough_to_refuse() -> None:
    request = preflight((REQUEST_PRIVATE_NETWORK, b"true"))
    check_preflight({}, request, b"Disallowed CORS private-network", *DEFAULT)


@pytest.mark.parametrize("values", [(b"True",), (b"1",), (b"",), (b"true", b"true")])
def test_only_a_single_true_asks_for_a_private_network(values: tuple[bytes, ...]) -> None:
    lines = [(REQUEST_PRIVATE_NETWORK, value) for value in values]
    for allowed in (True, False):
        check_preflight({"allow_private_network": allowed}, preflight(*lines), b"OK", *DEFAULT)


def test_a_wildcard_answers_whatever_the_origin_is() -> None:
    for origin in (UNLISTED, b"null", b"\xff\r\n", b""):
        check_preflight(
            {"allow_origins": ["*"]},
            preflight((b"origin", ORIGIN), origin=origin),
            b"OK",
            (b"access-control-allow-origin", b"*"),
            ALLOW_METHODS,
            MAX_AGE,
            ALLOW_HEADERS,
        )


def test_without_methods_there_is_no_line_of_them() -> None:
    check_preflight(
        {"allow_methods": []}, preflight(), b"Disallowed CORS method", ALLOW_ORIGIN, MAX_AGE, ALLOW_HEADERS
    )


@pytest.mark.parametrize(
    ("methods", "body"),
    [
        ([b"GET", b"GET"], b"OK"),
        ([b"GET", b"PUT"], b"Disallowed CORS method"),
        ([b"PUT", b"GET"], b"Disallowed CORS method"),
        ([b"GET", b"POST"], b"Disallowed CORS method"),
        ([b""], b"Disallowed CORS method"),
        ([b"GE"], b"Disallowed CORS method"),
        ([b"GET, PUT"], b"Disallowed CORS method"),
    ],
)
def test_the_requested_method_is_one_and_exact(methods: list[bytes], body: bytes) -> None:
    request = [(b"origin", ORIGIN), *((b"access-control-request-method", method) for method in methods)]
    allow_methods = (b"access-control-allow-methods", b"GET, PUT")
    check_preflight(
        {"allow_methods": ["GET", "PUT", "GET"]},
        request,
        body,
        ALLOW_ORIGIN,
        allow_methods,
        MAX_AGE,
        ALLOW_HEADERS,
    )


# The values of Access-Control-Request-Headers, whether a list with X-A allows them, and what "*" mirrors.
REQUESTED: list[tuple[list[bytes], bool, bytes | None]] = [
    ([], True, b""),
    ([b""], True, b""),
    ([b" ,\t,, "], True, b""),
    ([b"x-a"], True, b"x-a"),
    ([b"X-A,,\tx-a , content-TYPE"], True, b"X-A, x-a, content-TYPE"),
    ([b"x-a", b"accept"], True, b"x-a, accept"),
    ([b"x-a", b"", b"accept,"], True, b"x-a, accept"),
    ([b"x-b"], False, b"x-b"),
    ([b"x-a", b"x-b"], False, b"x-a, x-b"),
    ([b"authorization"], False, b"authorization"),
    ([b"x a"], False, None),
    ([b"x-a;"], False, None),
    ([b"x-a\r\nset-cookie: a"], False, None),
    ([b"\x0bx-a"], False, None),
    ([b"\x0bx-a, x-a"], False, None),
    ([b"x-a\t,X-A"], True, b"x-a, X-A"),
    ([b"x-a\x0c"], False, None),
    ([b"\xa0x-a"], False, None),
    ([b"\x00"], False, None),
    ([b"," * 16_384], True, b""),
    ([b"," * 16_385], False, None),
    ([b"x-a" + b" " * 8_190, b"x-a" + b"," * 8_188], True, b"x-a, x-a"),
    ([b"x-a" + b" " * 8_190, b"x-a" + b"," * 8_189], False, None),
]


@pytest.mark.parametrize(("values", "in_list", "mirrored"), REQUESTED)
def test_requested_headers(values: list[bytes], in_list: bool, mirrored: bytes | None) -> None:
    request = preflight(*((REQUEST_HEADERS, value) for value in values))
    refused = b"Disallowed CORS headers"
    named = (ALLOW_ORIGIN, ALLOW_METHODS, MAX_AGE)
    listed = (b"access-control-allow-headers", SAFELISTED + b", X-A")
    check_preflight({"allow_headers": ["X-A"]}, request, b"OK" if in_list else refused, *named, listed)
    mirror = [(b"access-control-allow-headers", mirrored)] if mirrored else []
    check_preflight(
        {"allow_headers": ["*"]}, request, refused if mirrored is None else b"OK", *named, *mirror
    )


def test_requested_headers_are_mirrored_when_something_else_is_refused() -> None:
    request = preflight((REQUEST_HEADERS, b"x-a,"), method=b"PUT")
    mirror = (b"access-control-allow-headers", b"x-a")
    body = b"Disallowed CORS method"
    check_preflight({"allow_headers": ["*"]}, request, body, ALLOW_ORIGIN, ALLOW_METHODS, MAX_AGE, mirror)


def test_what_is_not_quite_a_preflight_reaches_the_app() -> None:
    request = preflight()
    app = Recorder(headers=[(b"allow", b"GET")])
    middleware = CORSMiddleware(app, [ORIGIN.decode()])
    for method, headers in (
        ("OPTIONS", request[:1]),
        ("OPTIONS", request[1:]),
        ("options", request),
        ("GET", request),
    ):
        result = call(middleware, method, headers)
        assert result.values(b"allow") == [b"GET"]
        allowed = [ORIGIN] if headers != request[1:] else []
        assert result.values(b"access-control-allow-origin") == allowed
    assert len(app.calls) == 4


ALLOWED: dict[str, Any] = {
    "allow_origins": [ORIGIN.decode()],
    "allow_credentials": True,
    "expose_headers": ["X-A", "X-B", "X-A"],
}
EXPOSE = (b"access-control-expose-headers", b"X-A, X-B")


def test_an_actual_response_to_an_allowed_origin() -> None:
    app = Recorder(404, [(b"content-type", b"text/html")], b"lost")
    result = call(CORSMiddleware(app, **ALLOWED), "GET", [(b"origin", ORIGIN)])
    assert (result.status, result.body) == (404, b"lost")
    assert sorted(result.headers) == sorted(
        [(b"content-type", b"text/html"), (b"vary", b"Origin"), ALLOW_ORIGIN, CREDENTIALS, EXPOSE]
    )


@pytest.mark.parametrize(
    "headers",
    [[], [(b"origin", UNLISTED)], [(b"origin", ORIGIN), (b"origin", ORIGIN)], [(b"Origin", ORIGIN)]],
)
def test_an_actual_response_to_anybody_else_gains_vary_alone(headers: list[tuple[bytes, bytes]]) -> None:
    result = call(CORSMiddleware(Recorder(204, [(b"x-a", b"1")]), **ALLOWED), "GET", headers)
    assert result.headers == ((b"x-a", b"1"), (b"vary", b"Origin"))


APP_POLICY = (
    (b"Access-Control-Allow-Origin", b"https://its-own.example"),
    (b"access-control-allow-origin", b"*"),
    (b"ACCESS-CONTROL-ALLOW-CREDENTIALS", b"true"),
    (b"Access-control-expose-headers", b"X-Own"),
    (b"access-control-allow-methods", b"PUT"),
)


def test_the_configuration_is_the_only_authority_for_an_allowed_origin() -> None:
    request = [(b"origin", ORIGIN)]
    vary = (b"vary", b"Origin")
    result = call(CORSMiddleware(Recorder(200, APP_POLICY), **ALLOWED), "GET", request)
    assert sorted(result.headers) == sorted([APP_POLICY[4], vary, ALLOW_ORIGIN, CREDENTIALS, EXPOSE])
    result = call(CORSMiddleware(Recorder(200, APP_POLICY), [ORIGIN.decode()]), "GET", request)
    assert sorted(result.headers) == sorted([APP_POLICY[3], APP_POLICY[4], vary, ALLOW_ORIGIN])


def test_a_response_with_nothing_but_the_policy_of_the_app() -> None:
    app = Recorder(200, [(b"access-control-allow-origin", b"*")])
    result = call(CORSMiddleware(app, [ORIGIN.decode()]), "GET", [(b"origin", ORIGIN)])
    assert sorted(result.headers) == sorted([(b"vary", b"Origin"), ALLOW_ORIGIN])


def test_the_policy_of_the_app_passes_for_other_origins() -> None:
    for headers in ([], [(b"origin", UNLISTED)]):
        result = call(CORSMiddleware(Recorder(200, APP_POLICY), **ALLOWED), "GET", headers)
        assert result.headers == (*APP_POLICY, (b"vary", b"Origin"))


VARIES = [
    ([], [b"Origin"]),
    ([b""], [b"Origin"]),
    ([b"Accept"], [b"Accept, Origin"]),
    ([b"Accept,, \tX-Origin ,"], [b"Accept, X-Origin, Origin"]),
    ([b"Accept", b"Cookie"], [b"Accept, Cookie, Origin"]),
    ([b"Accept\t,Cookie"], [b"Accept, Cookie, Origin"]),
    ([b"ORIGIN ,Accept,"], [b"ORIGIN ,Accept,"]),
    ([b"origin", b"Accept"], [b"origin, Accept"]),
    ([b"origin", b"Origin"], [b"origin, Origin"]),
    ([b"*"], [b"*"]),
    ([b"Accept , *"], [b"Accept , *"]),
    ([b"Accept", b" *"], [b"Accept", b" *"]),
    ([b"**"], [b"**, Origin"]),
]


@pytest.mark.parametrize(("sent", "expected"), VARIES)
@pytest.mark.parametrize("name", [b"vary", b"Vary", b"VARY"])
@pytest.mark.parametrize("headers", [[], [(b"origin", ORIGIN)], [(b"origin", UNLISTED)]])
def test_vary_names_origin_once(
    sent: list[bytes], expected: list[bytes], name: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    app = Recorder(200, [(b"etag", b"1"), *((name, value) for value in sent)])
    assert call(CORSMiddleware(app, **ALLOWED), "GET", headers).values(b"vary") == expected


# A regex, an origin, and whether it is allowed.
BY_REGEX = [
    (r"https://.*\.example\.com", b"https://a.example.com", True),
    (r"https://.*\.example\.com", b"https://a.example.com\n", False),
    (r"https://.*\.example\.com", b"https://a.example.com.evil", False),
    (r"https://.*\.example\.com", b"https://evil/.example.com", False),
    (r"https://.*\.example\.com", b"https://evil?.example.com", False),
    (r"https://.*\.example\.com", b"https://evil#.example.com", False),
    (r"https://.*\.example\.com", b"https://u@a.example.com", False),
    (r"https://.*\.example\.com", b"https://evil\\.example.com", False),
    (r"https://.*\.example\.com", b"https://evil,.example.com", False),
    (r"https://.*\.example\.com", b"https://evil .example.com", False),
    (r"https://.*\.example\.com", b"https://evil\x00.example.com", False),
    (r"https://.*\.example\.com", b"https://evil\x7f.example.com", False),
    (r"https://.*\.example\.com", b"https://evil\xe9.example.com", False),
    (r"https://.*\.example\.com", b"https://evil!\"$%&'()*+;<=>[]^_`{|}~.example.com", True),
    (r"(?i)https://a\.example", b"HTTPS://a.example", False),
    (r"(?i)https://a\.example", b"https://A.example", True),
    (r"https://a{500,600}\.ex", b"https://" + b"a" * 501 + b".ex", True),
    (r"https://a{500,600}\.ex", b"https://" + b"a" * 502 + b".ex", False),
    (r"null|https://a\.example", b"null", False),
    (r"app:.{0,10}", b"app://", False),
    (r"app:.{0,10}", b"app://x", True),
    (r"app:.{0,10}", b"app:x", False),
    (r"[a-z]*1?://a", b"://a", False),
    (r"[a-z]*1?://a", b"1://a", False),
    (r"[a-z]*1?://a", b"a1://a", True),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "origin", "allowed"), BY_REGEX)
@pytest.mark.filterwarnings("ignore::impl.CORSConfigWarning")
def test_a_regex_allows_in_full_and_only_what_looks_like_an_origin(
    regex: str, origin: bytes, allowed: bool
) -> None:
    middleware = CORSMiddleware(Recorder(), [ORIGIN.decode()], allow_origin_regex=regex)
    for method, headers in (("GET", [(b"origin", origin)]), ("OPTIONS", preflight(origin=origin))):
        lines = call(middleware, method, headers).values(b"access-control-allow-origin")
        assert lines == ([origin] if allowed else [])
    assert middleware.is_allowed_origin(origin.decode("latin-1")) is allowed
    assert middleware.is_allowed_origin(ORIGIN.decode())


@pytest.mark.filterwarnings("ignore::impl.CORSConfigWarning")
def test_null_is_allowed_by_being_listed() -> None:
    result = call(CORSMiddleware(Recorder(), ["null"]), "GET", [(b"origin", b"null")])
    assert result.values(b"access-control-allow-origin") == [b"null"]
