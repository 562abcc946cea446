"""The modelled browser, case by case: what it sends and accepts, what a script may read, where it goes."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any, Literal

import pytest

from spec import browser
from spec.browser import (
    CHROMIUM,
    FIREFOX,
    STANDARD,
    WEBKIT,
    Engine,
    Fetch,
    Hop,
    Outcome,
    actual_request,
    outcome,
    perform,
    preflight_request,
    trace,
)
from spec.http import Headers, Request, Response
from spec.preflight_cache import PreflightCache

HOME, AWAY, FAR = "https://page.example", "https://server.example", "https://far.example"
GET = Fetch(HOME, AWAY)
PUT = replace(GET, method="PUT")
MODES: tuple[Literal["omit", "same-origin", "include"], ...] = ("omit", "same-origin", "include")


def lines(text: str) -> Headers:
    """Header lines from `name: value` between bars."""
    pairs = (line.split(": ", 1) for line in text.split(" | ")) if text else ()
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)


def says(text: str, status: int = 200) -> Response:
    """A response with `acao: …`, `acam: …` and other lines; short names stand for the long ones."""
    short = {
        b"acao": b"Access-Control-Allow-Origin",
        b"acac": b"Access-Control-Allow-Credentials",
        b"acam": b"Access-Control-Allow-Methods",
        b"acah": b"Access-Control-Allow-Headers",
        b"aceh": b"Access-Control-Expose-Headers",
        b"age": b"Access-Control-Max-Age",
    }
    return Response(status, tuple((short.get(name, name), value) for name, value in lines(text)))


OK = says("acao: *")
GOOD = says(f"acao: {HOME} | acac: true")


def unsafe(*headers: tuple[str, str], engine: Engine = STANDARD) -> list[bytes]:
    """The header names for which a fetch that sets these is preflighted."""
    request = preflight_request(replace(GET, headers=headers), engine)
    return request.lines("access-control-request-headers")[0].split(b",") if request else []


# What is sent


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        *((name, name.upper()) for name in ("get", "Head", "POST", "put", "dELETE", "options")),
        *((name, name) for name in ("patch", "PATCH", "Query", "link", "*", "getx")),
    ],
)
def test_six_methods_are_normalized(method: str, sent: str) -> None:
    assert actual_request(replace(GET, method=method)).method == sent
    asked = preflight_request(replace(GET, method=method))
    assert (asked is None) == (sent in ("GET", "HEAD", "POST"))
    assert asked is None or asked.lines("access-control-request-method") == [sent.encode()]


@pytest.mark.parametrize(
    ("fetch", "reason"),
    [
        *(
            (replace(GET, method=method), "C-MTH-3")
            for method in ("CONNECT", "trace", "tRACk", "", "a b", "GET\n", "PO\u017fT", "\xe9", "\ud800")
        ),
        *((replace(GET, method=method, stream_body=True), "C-MTH-5") for method in ("GET", "head")),
        *(
            (replace(GET, headers=(header,)), "C-HDR-3")
            for header in (
                ("", "1"), ("a b", "1"), ("a:", "1"), ("\xe9", "1"), ("\u0100", "1"), ("a", "1\n2"),
                ("a", "1\r2"),
                ("a", "\x00"), ("a", "\u0100"), ("Host", "\x00"),
            )
        ),
    ],
)  # fmt: skip
def test_a_fetch_that_throws_sends_nothing(fetch: Fetch, reason: str) -> None:
    assert preflight_request(fetch) is None
    with pytest.raises(ValueError, match="this fetch throws") as caught:
        actual_request(fetch)
    assert str(caught.value) == f"this fetch throws ({reason}): {fetch}"
    assert outcome(fetch, OK, OK) == Outcome(False, frozenset(), reason)

    def never(request: Request) -> Response:
        raise AssertionError("it was sent")

    assert trace(fetch, never) == [
        Hop(fetch, STANDARD, None, None, None, None, Outcome(False, frozenset(), reason))
    ]


def test_a_line_that_is_no_header_is_named() -> None:
    assert browser.throws(GET) == ""
    with pytest.raises(ValueError, match="not a header") as caught:
        browser.header_list(replace(GET, headers=(("X-A", "1"), ("a b", "1\n2"))))
    assert str(caught.value) == r"not a header: 'a b': '1\n2'"


def test_a_preflight_has_exactly_these_lines() -> None:
    fetch = replace(PUT, headers=(("X-B", "1"), ("accept", "a/b"), ("x-A", "2"), ("X-b", "3")), path="/a?b=c")
    assert preflight_request(fetch) == Request(
        "OPTIONS",
        lines(
            "accept: */* | access-control-request-method: PUT | "
            f"access-control-request-headers: x-a,x-b | origin: {HOME}"
        ),
        "/a?b=c",
    )
    assert preflight_request(PUT) == Request(
        "OPTIONS", lines(f"accept: */* | access-control-request-method: PUT | origin: {HOME}")
    )


def test_a_request_carries_what_the_script_set_and_an_origin() -> None:
    headers = (("X-B", "\t\r\n 1 \n"), ("Cookie", "a"), ("Authorization", "k"), ("x-b", "\x0b"))
    fetch = Fetch(HOME, AWAY, "POST", headers, "include", path="/a?b")
    assert actual_request(fetch) == Request(
        "POST", lines(f"x-b: 1 | authorization: k | x-b: \x0b | origin: {HOME}"), "/a?b"
    )


@pytest.mark.parametrize(
    ("page", "url", "method", "origin"),
    [
        (HOME, AWAY, "GET", HOME),
        (HOME, AWAY, "POST", HOME),
        (HOME, HOME, "GET", None),
        (HOME, HOME, "head", None),
        (HOME, HOME, "POST", HOME),
        (HOME, HOME, "PUT", HOME),
        ("null", AWAY, "GET", "null"),
        ("null", "null", "GET", "null"),
        (HOME, HOME + ":8443", "GET", HOME),
        (HOME, "http://page.example", "GET", HOME),
    ],
)
def test_origin_is_sent_across_origins_and_with_unsafe_methods(
    page: str, url: str, method: str, origin: str | None
) -> None:
    sent = actual_request(Fetch(page, url, method)).lines("origin")
    assert sent == ([] if origin is None else [origin.encode()])


@pytest.mark.parametrize(
    "name",
    [
        "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
        "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Proxy-",
        "proxy-Authorization", "SEC-", "sec-fetch-mode", "hOST",
    ],
)  # fmt: skip
def test_forbidden_request_headers_are_dropped(name: str) -> None:
    fetch = replace(GET, headers=((name, "evil"),))
    assert preflight_request(fetch) is None
    assert actual_request(fetch) == actual_request(GET)


@pytest.mark.parametrize(
    "name",
    ["User-Agent", "Proxy", "Sec", "secure", "X-Sec-A", "Access-Control-Request-Private-Network", "Hosts"],
)
def test_their_neighbours_are_not(name: str) -> None:
    assert unsafe((name, "1")) == [name.lower().encode()]


@pytest.mark.parametrize("name", ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"])
@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        ("GET", True), ("TRACE", False), ("connect", False), ("GET,\tTrack , PUT", False), ("TRACES", True),
        ("GET TRACE", True), ("", True), ('"TRACE"', True), ('"a,TRACE', True), ('"a",TRACE', False),
        ('"a\\",TRACE', True), ('"a\\\\",TRACE', False), ('x"a,b"y,TRACE', False), (",TRACE", False),
        ('"a\\', True), ('"a" ,TRACE', False), ("TRACE\x0b", True),
    ],
)  # fmt: skip
def test_method_overrides_are_dropped_for_forbidden_methods(name: str, value: str, is_kept: bool) -> None:
    assert unsafe((name, value)) == ([name.lower().encode()] if is_kept else [])
    assert unsafe(("X-Method", value)) == [b"x-method"]


# Safelisted request headers

UNSAFE_BYTES = {chr(byte) for byte in range(0x20) if byte != 9} | set('"():<>?@[\\]{}\x7f')
LANGUAGE = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ *,-.;=")


def test_bytes_of_safelisted_values() -> None:
    for byte in (chr(byte) for byte in range(256) if byte not in b"\0\r\n"):
        judge_byte(byte)


def judge_byte(byte: str) -> None:
    assert bool(unsafe(("Accept", f"a{byte}b"))) == (byte in UNSAFE_BYTES)
    assert bool(unsafe(("Accept-Language", f"a{byte}b"))) == (byte not in LANGUAGE)
    assert bool(unsafe(("CONTENT-LANGUAGE", f"a{byte}b"))) == (byte not in LANGUAGE)
    assert bool(unsafe(("Content-Type", f"text/plain;a{byte}b"))) == (byte in UNSAFE_BYTES)
    assert unsafe(("Content-Type", f"text/pl{byte}ain")) == [b"content-type"]
    assert bool(unsafe(("Range", f"bytes=0{byte}-"))) == (byte not in "0123456789")


@pytest.mark.parametrize(
    ("value", "is_safe"),
    [
        ("text/plain", True), ("TEXT/PLAIN", True), ("multipart/form-data", True),
        ("application/x-www-form-urlencoded", True), ("text/plain;charset=UTF-8", True),
        ("text/plain;", True),
        ("text/plain \t;x", True), ("  text/plain  ", True), ("text/plain;;=;application/json", True),
        ("multipart/form-data; boundary=----x", True), ("text/plain;a=b, application/json", True),
        ("application/json", False), ("text/plain, text/plain", False), ("text/plain,", False), ("", False),
        (";text/plain", False), ("text", False), ("text/", False), ("/plain", False), ("text /plain", False),
        ("text/ plain", False), ("text/plain/", False), ("text/plain+x", False), ("text/html", False),
        ("multipart/mixed", False), ('text/plain;charset="utf-8"', False), ("xtext/plain", False),
        ("*/*", False),
    ],
)  # fmt: skip
def test_content_types(value: str, is_safe: bool) -> None:
    assert unsafe(("content-TYPE", value)) == ([] if is_safe else [b"content-type"])


@pytest.mark.parametrize(
    ("value", "is_safe"),
    [
        ("bytes=0-", True), ("bytes=0-0", True), ("bytes=1-2", True), ("bytes=10-9", False),
        ("bytes=9-10", True),
        ("bytes=010-9", False), ("bytes=007-9", True), ("bytes=-500", False), ("bytes=-", False),
        ("bytes=", False),
        ("bytes", False), ("Bytes=0-", False), ("bytes=0-1,5-6", False), ("bytes=0-1 ", True),
        ("bytes= 0-1", False),
        ("bytes =0-1", False), ("bytes=0 -1", False), ("bytes=0-1x", False), ("items=0-1", False),
        ("", False),
        ("bytes=0--1", False), ("xbytes=0-", False), ("bytes=\xb2-", False),
    ],
)  # fmt: skip
def test_ranges(value: str, is_safe: bool) -> None:
    assert unsafe(("Range", value)) == ([] if is_safe else [b"range"])


@pytest.mark.parametrize(
    ("name", "prefix", "filling"),
    [
        ("Accept", "", "a"), ("Accept-Language", "", "a"), ("Content-Language", "", "a"),
        ("Content-Type", "text/plain;", "a"), ("Range", "bytes=0-", "1"),
    ],
)  # fmt: skip
def test_values_of_128_bytes_are_short_enough(name: str, prefix: str, filling: str) -> None:
    for length in (127, 128, 129):
        value = prefix + filling * (length - len(prefix))
        assert bool(unsafe((name, value))) == (length > 128)
        assert bool(unsafe((name, f" {value}\t"))) == (length > 128)


def test_safelisted_values_may_have_1024_bytes_in_total() -> None:
    seven = (("Accept", "a" * 128),) * 7
    for length in (127, 128, 129 - 128):
        assert unsafe(*seven, ("Accept-Language", "b" * length)) == []
    full = (*seven, ("Accept-Language", "b" * 128))
    assert unsafe(*full, ("Content-Language", "")) == []
    assert unsafe(*full, ("Content-Language", "c")) == [b"accept", b"accept-language", b"content-language"]
    # What is unsafe anyway does not count, and does not make the others unsafe.
    assert unsafe(*full, ("X-A", "c" * 500), ("accept", "a" * 129)) == [b"accept", b"x-a"]


def test_names_are_judged_in_any_case_each_line_on_its_own() -> None:
    assert unsafe(("ACCEPT", "a"), ("Accept", "b")) == []
    assert unsafe(("ACCEPT", "a"), ("Accept", ":")) == [b"accept"]
    assert unsafe(("X-A", ""), ("x-a", ""), ("b", "")) == [b"b", b"x-a"]
    assert unsafe(("accept_", "a")) == [b"accept_"]


def test_watching_or_streaming_the_body_takes_a_preflight() -> None:
    assert preflight_request(replace(GET, upload_listener=True)) is not None
    assert preflight_request(replace(GET, method="POST", stream_body=True)) is not None
    assert preflight_request(replace(GET, method="POST")) is None
    same = replace(GET, url_origin=HOME, method="PUT", headers=(("X-A", "1"),), upload_listener=True)
    assert preflight_request(same) is None


# What is accepted: the CORS check

OTHERS = (
    AWAY, HOME + "/", HOME.upper(), "https://Page.example", HOME + ":443", "http://page.example",
    HOME + ".evil.example",
    HOME[:-1], f"{HOME}, {HOME}", f"{HOME} {HOME}", "null", "", HOME + "\x0b", HOME + "\x0c",
    HOME + "\x00", "\xa0" + HOME,
    "*, *", "**",
)  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "without", "with_credentials"),
    [
        ("", "C-CHK-1", "C-CHK-1"),
        ("acac: true", "C-CHK-1", "C-CHK-1"),
        ("acao: *", "ok C-CHK-3", "C-WLD-1"),
        ("acao: * | acac: true", "ok C-CHK-3", "C-WLD-1"),
        ("acao: \t* ", "ok C-CHK-3", "C-WLD-1"),
        (f"acao: {HOME}", "ok C-CHK-7", "C-CHK-6"),
        (f"acao:  {HOME}\t", "ok C-CHK-7", "C-CHK-6"),
        (f"acao: {HOME} | acac: true", "ok C-CHK-7", "ok C-CHK-6"),
        (f"acao: {HOME} | acac:  true\t", "ok C-CHK-7", "ok C-CHK-6"),
        (f"acao: {HOME} | acac: ", "ok C-CHK-7", "C-CHK-6"),
        *(
            (f"acao: {HOME} | acac: {value}", "ok C-CHK-7", "C-CHK-6")
            for value in ("True", "TRUE", "false", "1", "true, true", "true\x0b", "true | acac: true")
        ),
        (f"acao: {HOME} | acao: {HOME} | acac: true", "C-CHK-5", "C-CHK-5"),
        ("acao: * | acao: * | acac: true", "C-CHK-5", "C-CHK-5"),
        (f"acao: * | acao: {HOME} | acac: true", "C-CHK-5", "C-CHK-5"),
        *((f"acao: {value} | acac: true", "C-CHK-4", "C-CHK-4") for value in OTHERS),
    ],
)
def test_the_cors_check(
    mode: Literal["omit", "same-origin", "include"], text: str, without: str, with_credentials: str
) -> None:
    expected = with_credentials if mode == "include" else without
    for status in (200, 204, 300, 304, 401, 404, 500, 101, 302):
        got = outcome(replace(GET, credentials=mode), None, says(text, status))
        assert (got.allowed, got.reason) == (expected.startswith("ok "), expected.removeprefix("ok "))
    # The same on the answer to a preflight, whose status does matter.
    answer = Response(200, says(text).headers + says("acam: PUT").headers)
    asked = outcome(replace(PUT, credentials=mode), answer, GOOD)
    assert (asked.allowed, asked.reason) == (
        (True, "C-CHK-6" if mode == "include" else "C-CHK-7")
        if expected.startswith("ok ")
        else (False, "C-PF-7")
    )


def test_opaque_pages_are_null() -> None:
    for url in (AWAY, HOME, "null"):
        fetch = Fetch("null", url)
        assert outcome(fetch, None, says("acao: null")).allowed
        assert outcome(fetch, None, OK).allowed
        assert not outcome(fetch, None, says(f"acao: {HOME}")).allowed
        assert not outcome(fetch, None, says("acao: NULL")).allowed


def test_the_own_origin_is_not_checked() -> None:
    fetch = replace(PUT, url_origin=HOME, credentials="include")
    got = outcome(fetch, None, says("x-a: 1 | set-cookie: b | SET-COOKIE2: c", 500))
    assert got == Outcome(True, frozenset({"x-a"}), "same-origin")


def test_no_response_is_a_network_error() -> None:
    assert outcome(GET, None, None) == Outcome(False, frozenset(), "C-CHK-10")
    assert outcome(replace(GET, url_origin=HOME), None, None) == Outcome(False, frozenset(), "C-CHK-10")
    assert outcome(PUT, None, GOOD) == Outcome(False, frozenset(), "C-PF-6")
    assert not outcome(PUT, says("acao: * | acam: PUT"), None).allowed


# What is accepted: preflights


@pytest.mark.parametrize("status", [199, 200, 201, 204, 206, 226, 299, 300, 304, 400, 404, 500, 101])
def test_a_preflight_passes_with_an_ok_status_only(status: int) -> None:
    got = outcome(PUT, says("acao: * | acam: PUT", status), OK)
    assert (got.allowed, got.reason) == ((True, "C-CHK-3") if 200 <= status <= 299 else (False, "C-PF-6"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_preflight_is_never_redirected(status: int) -> None:
    answer = says(f"acao: * | acam: PUT | location: {AWAY}/", status)
    assert outcome(PUT, answer, OK) == Outcome(False, frozenset(), "C-PF-13")


TOKEN = replace(GET, headers=(("X-Token", "1"),))
KEY = replace(GET, headers=(("Authorization", "k"),))
KEY_AND_TOKEN = replace(GET, headers=(("AUTHORIZATION", "k"), ("X-Token", "1")))
STAR = replace(GET, method="*", headers=(("*", "1"),))
WATCHED = replace(GET, method="POST", upload_listener=True)
STREAMED = replace(PUT, stream_body=True)


@pytest.mark.parametrize(
    ("fetch", "text", "without", "with_credentials"),
    [
        (PUT, "", "C-PF-9", "C-PF-9"),
        (PUT, "acam: PUT", "", ""),
        (PUT, "acam: put", "C-PF-9", "C-PF-9"),
        (replace(GET, method="put"), "acam: PUT", "", ""),
        (replace(GET, method="patch"), "acam: PATCH", "C-PF-9", "C-PF-9"),
        (replace(GET, method="patch"), "acam: patch", "", ""),
        (PUT, "acam: ", "C-PF-9", "C-PF-9"),
        (PUT, "acam: *", "", "C-WLD-1"),
        (PUT, "acam: *, PUT", "", ""),
        (PUT, "acam: , ,PUT\t,", "", ""),
        (PUT, "acam: GET | acam: PUT", "", ""),
        (PUT, "acam: PUT | acam: a b", "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT;", "C-PF-8", "C-PF-8"),
        (PUT, 'acam: "PUT"', "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT\x0b", "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT | acah: a b", "C-PF-8", "C-PF-8"),
        (TOKEN, "acam: ( | acah: x-token", "C-PF-8", "C-PF-8"),
        (TOKEN, "acah: x-token", "", ""),
        (TOKEN, "acah: X-TOKEN", "", ""),
        (TOKEN, "acah: x-a,,\tx-token , ", "", ""),
        (TOKEN, "acah: x-a | acah: x-token", "", ""),
        (TOKEN, "acah: x-a | acah: @ | acah: x-token", "C-PF-8", "C-PF-8"),
        (TOKEN, "acah: x-toke", "C-PF-11", "C-PF-11"),
        (TOKEN, "acah: ", "C-PF-11", "C-PF-11"),
        (TOKEN, "acam: x-token", "C-PF-11", "C-PF-11"),
        (TOKEN, "acah: *", "", "C-WLD-1"),
        (TOKEN, "acah: *, x-token", "", ""),
        (TOKEN, "acam: DELETE | acah: x-token", "", ""),
        (KEY, "acah: *", "C-PF-10", "C-PF-10"),
        (KEY, "acah: authorization", "", ""),
        (KEY, "acah: *, AUTHORIZATION", "", ""),
        (KEY, "acah: x-token", "C-PF-10", "C-PF-10"),
        (KEY_AND_TOKEN, "acah: *, authorization", "", "C-WLD-1"),
        (KEY_AND_TOKEN, "acah: authorization", "C-PF-11", "C-PF-11"),
        (STAR, "acam: * | acah: *", "", ""),
        (WATCHED, "", "", ""),
        (WATCHED, "acam: GET", "", ""),
        (STREAMED, "", "", ""),
        (STREAMED, "acam: ", "C-PF-9", "C-PF-9"),
        (STREAMED, "acam: GET", "C-PF-9", "C-PF-9"),
        (replace(TOKEN, method="PUT", upload_listener=True), "", "C-PF-11", "C-PF-11"),
    ],
)
def test_the_preflight_check(fetch: Fetch, text: str, without: str, with_credentials: str) -> None:
    answer = says(f"acao: {HOME} | acac: true" + (f" | {text}" if text else ""))
    for mode in MODES:
        refusal = with_credentials if mode == "include" else without
        got = outcome(replace(fetch, credentials=mode), answer, GOOD)
        passes = "C-CHK-6" if mode == "include" else "C-CHK-7"
        assert (got.allowed, got.reason) == (not refusal, refusal or passes)


def test_a_check_names_the_rule_that_passes() -> None:
    assert browser.preflight_check(PUT, says("acao: * | acam: PUT")) == (True, "C-PF-15")
    assert browser.cors_check(HOME.encode(), "omit", OK) == (True, "C-CHK-3")


def test_an_answer_to_a_preflight_that_was_not_needed_is_ignored() -> None:
    assert outcome(GET, says("", 500), OK).allowed


def test_both_answers_must_share() -> None:
    assert not outcome(PUT, says("acao: * | acam: PUT"), says("")).allowed
    assert not outcome(PUT, says("acam: PUT"), OK).allowed


# What a script may read

SAFELISTED = {
    "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified",
    "pragma",
}  # fmt: skip
ALL = (
    " | ".join(f"{name.title()}: 1" for name in sorted(SAFELISTED))
    + " | X-A: 1 | x-B: 2 | Set-Cookie: c | set-cookie2: d"
)


@pytest.mark.parametrize(
    ("text", "without", "with_credentials"),
    [
        ("", "", ""),
        ("aceh: ", "", ""),
        ("aceh: x-a", "x-a", "x-a"),
        ("aceh: X-A, x-b, x-c", "x-a x-b", "x-a x-b"),
        ("aceh: x-a | aceh: X-B", "x-a x-b", "x-a x-b"),
        ("aceh: ,, x-a\t,", "x-a", "x-a"),
        ("aceh: x-a | aceh: x b", "", ""),
        ("aceh: x-a;", "", ""),
        ('aceh: "*"', "", ""),
        ("aceh: *", "*", ""),
        ("aceh: *, x-a", "*", "x-a"),
        ("aceh: x-a | aceh: *", "*", "x-a"),
        ("aceh: * | aceh: @", "", ""),
        ("aceh: set-cookie, Set-Cookie2, x-a", "x-a", "x-a"),
        ("aceh: content-type", "", ""),
    ],
)
@pytest.mark.parametrize("status", [200, 404])
def test_readable_headers(text: str, without: str, with_credentials: str, status: int) -> None:
    response = says(f"acao: {HOME} | acac: true | {ALL}" + (f" | {text}" if text else ""), status)
    everything = {
        "x-a",
        "x-b",
        *(name.decode().lower() for name, _ in says(f"acao: 1 | acac: 1 | {text or 'x-a: '}").headers),
    }
    for mode in MODES:
        more = with_credentials if mode == "include" else without
        got = outcome(replace(GET, credentials=mode), None, response)
        assert got.allowed
        assert got.readable_headers == SAFELISTED | (everything if more == "*" else set(more.split()))


def test_only_headers_that_are_there_are_readable() -> None:
    assert outcome(GET, None, says("acao: * | aceh: x-a, *")).readable_headers == {
        "access-control-allow-origin",
        "access-control-expose-headers",
    }
    assert outcome(GET, None, says("acao: * | aceh: x-a")).readable_headers == frozenset()
    star = says(f"acao: {HOME} | acac: true | aceh: * | *: 1 | x-a: 1")
    assert outcome(replace(GET, credentials="include"), None, star).readable_headers == {"*"}


# Redirects


def to(location: str, status: int = 302, text: str = "acao: *") -> Callable[[Request], Response]:
    """A server that answers preflights well, and leads everything else there."""

    def serve(request: Request) -> Response:
        if request.lines("access-control-request-method"):
            return says("acao: * | acam: * | acah: *, authorization")
        return says(f"{text} | location: {location}", status)

    return serve


def always(text: str, status: int = 200) -> Callable[[Request], Response]:
    return lambda request: says(text, status)


def hops(
    fetch: Fetch, serve: Callable[[Request], Response], engine: Engine = STANDARD, /, **more: Any
) -> list[Hop]:
    """What happens where the other servers share with everyone, and allow everything."""
    other = always("acao: * | acam: * | acah: *, authorization | x-a: 1")
    return trace(
        fetch, serve, elsewhere={HOME: other, FAR: other, "http://far.example": other, **more}, engine=engine
    )


def test_a_redirect_leads_where_its_location_says() -> None:
    first, second, *_ = hops(replace(GET, path="/dir/file?query"), to("x y"))
    assert first.outcome.allowed
    assert (second.fetch.url_origin, second.fetch.path) == (AWAY, "/dir/x%20y")
    assert second.fetch.redirected_from == (AWAY,)


@pytest.mark.parametrize("location", ["ftp://far.example/", "https://", f"{FAR}/ | location: {FAR}/"])
def test_locations_that_lead_nowhere(location: str) -> None:
    done = hops(GET, to(location))
    assert [hop.outcome for hop in done] == [Outcome(False, frozenset(), "C-RED-7")]


def test_a_redirect_status_without_location_is_a_response() -> None:
    assert perform(GET, always("acao: * | content-type: a/b", 302)) == Outcome(
        True, frozenset({"content-type"}), "C-CHK-3"
    )


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 400])
def test_other_statuses_are_not_followed(status: int) -> None:
    assert len(hops(GET, to(FAR, status))) == 1


def test_every_response_on_the_way_must_share() -> None:
    assert hops(GET, to(FAR, text="x: 1"))[-1].outcome == Outcome(False, frozenset(), "C-CHK-1")
    assert hops(GET, to(FAR))[-1].outcome.allowed
    assert not hops(GET, to(FAR), **{FAR: always("")})[-1].outcome.allowed
    assert perform(GET, to("https://nobody.example")) == Outcome(False, frozenset(), "C-CHK-10")
    assert perform(PUT, to("https://nobody.example", 307)) == Outcome(False, frozenset(), "C-PF-6")


@pytest.mark.parametrize(
    ("page", "route", "origin"),
    [
        (HOME, (HOME, AWAY), HOME),
        (HOME, (AWAY, AWAY), HOME),
        (HOME, (AWAY, FAR), "null"),
        (HOME, (AWAY, HOME), "null"),
        (HOME, (HOME, AWAY, HOME), "null"),
        (HOME, (HOME, AWAY, AWAY), HOME),
        (HOME, (HOME, HOME, AWAY), HOME),
        (HOME, (AWAY, FAR, AWAY), "null"),
        (HOME, (HOME, HOME), None),
        ("null", (AWAY, AWAY), "null"),
        ("null", (AWAY, FAR), "null"),
    ],
)
def test_origin_after_redirects(page: str, route: tuple[str, ...], origin: str | None) -> None:
    def serve(request: Request) -> Response:
        position = int(request.path.strip("/") or "0")
        following = f" | location: {route[position + 1]}/{position + 1}" if position + 1 < len(route) else ""
        return says(f"acao: *{following}", 302 if following else 200)

    done = trace(Fetch(page, route[0]), serve, elsewhere=dict.fromkeys(route, serve))
    assert [hop.fetch.url_origin for hop in done] == list(route)
    assert done[-1].request is not None
    assert done[-1].request.lines("origin") == ([origin.encode()] if origin else [])
    assert done[-1].outcome.reason == ("C-CHK-3" if origin else "same-origin")
    if origin is not None:
        last = done[-1].fetch
        for named in (HOME, "null", AWAY):
            assert outcome(last, None, says(f"acao: {named}")).allowed == (named == origin)


def test_user_info_is_refused_across_origins() -> None:
    for location in ("https://user@server.example/", "https://:pw@far.example/", "https://u:p@page.example/"):
        assert hops(GET, to(location))[-1].outcome == Outcome(False, frozenset(), "C-RED-4")
    at_home = replace(GET, url_origin=HOME)
    assert hops(at_home, to("https://user@far.example/"))[-1].outcome.reason == "C-RED-4"
    done = hops(
        at_home,
        lambda request: says("") if request.path == "/x" else says("location: https://u@page.example/x", 302),
    )
    assert len(done) == 2
    assert done[-1].outcome.allowed


def test_authorization_stays_with_its_origin() -> None:
    fetch = replace(GET, headers=(("Authorization", "k"), ("X-A", "1")))
    for location, kept in (
        (AWAY + "/x", True),
        (FAR, False),
        (HOME, False),
        ("http://server.example", False),
    ):
        second = hops(fetch, to(location, 307), **{"http://server.example": always("")})[1]
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"authorization,x-a" if kept else b"x-a"]


@pytest.mark.parametrize(
    ("status", "method", "following"),
    [
        (301, "POST", "GET"), (302, "post", "GET"), (303, "POST", "GET"), (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"), (302, "DELETE", "DELETE"), (303, "put", "GET"), (307, "PUT", "PUT"),
        (303, "PATCH", "GET"), (301, "GET", "GET"), (303, "GET", "GET"), (303, "HEAD", "HEAD"),
        (302, "HEAD", "HEAD"),
    ],
)  # fmt: skip
def test_methods_after_redirects(status: int, method: str, following: str) -> None:
    names = ("Content-Encoding", "content-language", "Content-Location", "CONTENT-TYPE", "X-A", "Accept")
    headers = tuple((name, "x") for name in names)
    second = hops(replace(GET, url_origin=HOME, method=method, headers=headers), to("/next", status))[1]
    assert second.request is not None
    assert second.request.method == following
    sent = [name for name, _ in second.request.headers if name != b"origin"]
    body = [b"content-encoding", b"content-language", b"content-location", b"content-type"]
    rewritten = (following == "GET") and method != "GET"
    assert sent == ([] if rewritten else body) + [b"x-a", b"accept"]


def test_twenty_redirects_are_followed() -> None:
    done = hops(GET, to("/again"))
    assert len(done) == 21
    assert [hop.outcome.reason for hop in done] == ["C-CHK-3"] * 20 + ["C-RED-7"]

    def nineteen_more(request: Request) -> Response:
        number = int(request.path.strip("/") or "0")
        return says(f"acao: * | location: /{number + 1}", 302) if number < 20 else says("acao: *")

    assert len(hops(GET, nineteen_more)) == 21
    assert perform(GET, nineteen_more).allowed


def test_streams_are_sent_once() -> None:
    streamed = replace(GET, method="POST", stream_body=True)
    for status in (301, 302, 307, 308):
        assert hops(streamed, to(FAR, status))[-1].outcome.reason == "C-RED-7"
    second = hops(streamed, to(FAR, 303))[1]
    # The stream is dropped, but the flag that it set is not.
    assert second.fetch.method == "GET"
    assert not second.fetch.stream_body
    assert second.preflight_request is not None
    assert second.outcome.allowed


def test_every_hop_is_preflighted_anew() -> None:
    done = hops(PUT, to(FAR, 307))
    assert [hop.preflight_request is not None for hop in done] == [True, True]
    assert done[1].preflight_request is not None
    assert done[1].preflight_request.lines("origin") == [b"null"]
    done = hops(replace(PUT, url_origin=HOME), to(FAR, 307))
    assert [hop.preflight_request is not None for hop in done] == [False, True]
    done = hops(replace(GET, method="POST", headers=(("Content-Type", "a/b"),)), to(FAR))
    assert [hop.preflight_request is not None for hop in done] == [True, False]


# Where engines leave the standard


def test_a_wildcard_covers_authorization_in_every_engine_without_credentials() -> None:
    answer = says(f"acao: {HOME} | acac: true | acah: *")
    for engine in (CHROMIUM, FIREFOX, WEBKIT):
        assert outcome(KEY, answer, OK, engine).allowed
        assert outcome(replace(KEY, credentials="include"), answer, GOOD, engine).reason == "C-PF-10"
        assert outcome(KEY, says(f"acao: {HOME} | acah: x-a"), OK, engine).reason == "C-PF-10"
        cache = PreflightCache(now=lambda: 0.0)
        serve = always("acao: * | acah: *")
        assert perform(TOKEN, serve, cache=cache, engine=engine).allowed
        again = trace(KEY, serve, cache=cache, engine=engine)[0].preflight_request
        assert (again is None) == (engine is not FIREFOX)
        assert perform(KEY, serve, engine=engine).allowed
    assert not outcome(KEY, answer, OK).allowed
    assert not perform(KEY, always("acao: * | acah: *")).allowed


@pytest.mark.parametrize("engine", [CHROMIUM, WEBKIT])
def test_repeated_headers_are_judged_together(engine: Engine) -> None:
    halves = (("Accept", "a" * 64), ("accept", "b" * 63))
    assert [unsafe(*halves), unsafe(*halves, engine=FIREFOX)] == [[], []]
    assert unsafe(*halves, engine=engine) == [b"accept"]
    assert unsafe(("Accept", "a" * 64), ("accept", "b" * 62), engine=engine) == []
    ranges = (("Range", "bytes=0-1"), ("Range", "bytes=2-3"))
    assert [unsafe(*ranges), unsafe(*ranges, engine=engine)] == [[], [b"range"]]
    assert unsafe(("X-A", ""), ("Accept", ""), ("X-a", ""), engine=engine) == [b"x-a"]


def test_an_xmlhttprequest_joins_repeated_headers_itself() -> None:
    twice = replace(GET, headers=(("Range", "bytes=0-1"), ("X-A", "1"), ("range", "bytes=2-3"), ("x-a", "")))
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        watched = replace(twice, upload_listener=True)
        assert actual_request(watched, engine).headers == (
            (b"range", b"bytes=0-1, bytes=2-3"),
            (b"x-a", b"1, "),
            (b"origin", HOME.encode()),
        )
        asked = preflight_request(watched, engine)
        assert asked is not None
        assert asked.lines("access-control-request-headers") == [b"range,x-a"]
    assert len(actual_request(twice).headers) == 5


def test_firefox_asks_for_each_unsafe_line() -> None:
    headers = (("X-B", "1"), ("Accept", "("), ("x-a", "2"), ("X-b", "3"), ("accept", "a"))
    assert unsafe(*headers, engine=FIREFOX) == [b"accept", b"x-a", b"x-b", b"x-b"]
    assert unsafe(*headers) == [b"accept", b"x-a", b"x-b"]
    twice = replace(GET, headers=(("X-A", "1"), ("X-A", "2")))
    assert outcome(twice, says("acao: * | acah: x-a"), OK, FIREFOX).allowed


def test_the_hints_of_chromium_count_in_the_total() -> None:
    names = ["accept", "accept-language", "content-language", "dpr", "downlink", "rtt", "width"]
    seven = tuple((name, "1" * 128) for name in names)
    assert unsafe(*seven, ("viewport-width", "1" * 128), engine=CHROMIUM) == []
    nine = (*seven, ("viewport-width", "1" * 128), ("range", "bytes=0-"))
    assert unsafe(*nine, engine=CHROMIUM) == sorted(name.encode() for name, _ in nine)


def test_firefox_has_no_limit_in_total() -> None:
    nine = (("Accept", "a" * 128),) * 9
    assert [unsafe(*nine, engine=engine) for engine in (STANDARD, FIREFOX, WEBKIT)] == [
        [b"accept"],
        [],
        [b"accept"],
    ]


def test_firefox_asks_for_high_bytes_in_accept() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert unsafe(("Accept", "\x80"), engine=engine) == ([b"accept"] if engine is FIREFOX else [])
    assert unsafe(("Accept", "\x7e"), engine=FIREFOX) == []


@pytest.mark.parametrize("byte", ["\x80", "\xff", ","])
def test_firefox_asks_for_more_bytes_in_content_type(byte: str) -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        asked = unsafe(("Content-Type", f"text/plain;{byte}"), engine=engine)
        assert asked == ([b"content-type"] if engine is FIREFOX else [])
    assert unsafe(("Content-Type", "text/plain;\x7e+-"), ("Accept", ","), engine=FIREFOX) == []


@pytest.mark.parametrize(
    ("engine", "most"), [(CHROMIUM, 2**63 - 2), (FIREFOX, 2**64 - 1), (WEBKIT, 2**64 - 1)]
)
def test_the_numbers_of_a_range_have_an_end(engine: Engine, most: int) -> None:
    for value in (f"bytes={most}-", f"bytes=0-{most}", f"bytes={most}-{most}", "bytes=" + "0" * 30 + "-"):
        assert unsafe(("Range", value), engine=engine) == []
    for value in (f"bytes={most + 1}-", f"bytes=0-{most + 1}"):
        assert unsafe(("Range", value), engine=engine) == [b"range"]
        assert unsafe(("Range", value)) == []


@pytest.mark.parametrize(
    ("value", "is_safe"),
    [
        ("Bytes=0-", True), ("bytes=\x0b1-5", True), ("bytes=1\x0b\x0c-5", True), ("bytes=1-\x0b5", True),
        ("bytes=1-5\x0b", True), ("bytes=+1-+5", True), ("bytes=\x0b+1-\x0c+5", True), ("bytes=\x0c1-", True),
        ("bytes=1-\x0b", False), ("bytes=\x0b-5", False), ("bytes\x0b=1-5", False), ("bytes=5-+4", False),
        ("bytes=+\x0b1-5", False), ("bytes= 1-5", False), ("bytes=1-5 ,", False), ("bytes=++1-", False),
    ],
)  # fmt: skip
def test_webkit_reads_the_numbers_of_a_range_loosely(value: str, is_safe: bool) -> None:
    assert (unsafe(("Range", value), engine=WEBKIT) == []) == is_safe
    for engine in (STANDARD, CHROMIUM, FIREFOX):
        assert unsafe(("Range", value), engine=engine) == [b"range"]


@pytest.mark.parametrize("name", ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"])
def test_quotes_hide_no_method_from_firefox_and_webkit(name: str) -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        splits = engine in (FIREFOX, WEBKIT)
        asked = [name.lower().encode()]
        for value in ('"a,TRACE', '"a, trace ,b"', '"a\\",TRACE'):
            assert unsafe((name, value), engine=engine) == ([] if splits else asked)
        assert unsafe((name, '"a,TRACE"'), engine=engine) == unsafe((name, "TRACES"), engine=engine) == asked
        assert unsafe((name, "a,TRACE"), engine=engine) == []


def test_chromium_preflights_a_watched_upload_for_its_body_only() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        for method in ("get", "HEAD"):
            watched = replace(GET, method=method, upload_listener=True)
            assert (preflight_request(watched, engine) is None) == (engine is CHROMIUM)
        for flagged in (
            replace(GET, method="POST", upload_listener=True),
            replace(GET, method="POST", stream_body=True),
            replace(GET, flagged=True),
        ):
            assert preflight_request(flagged, engine) is not None


def test_the_flag_outlives_a_redirect() -> None:
    for field in ("upload_listener", "stream_body"):
        fetch = replace(GET, method="POST", **{field: True})  # type: ignore[arg-type]
        for engine in (STANDARD, CHROMIUM):
            done = hops(fetch, to(FAR, 303), engine)
            assert [hop.preflight_request is not None for hop in done] == [True, True]
            assert [hop.fetch.flagged for hop in done] == [False, True]
    assert not hops(GET, to(FAR, 303), STANDARD)[1].fetch.flagged
    for engine in (STANDARD, CHROMIUM):
        second = hops(replace(GET, upload_listener=True), to(FAR), engine)[1]
        assert second.fetch.flagged == (second.preflight_request is not None) == (engine is STANDARD)


def test_only_the_standard_takes_a_missing_list_for_the_method_of_an_upload() -> None:
    watched = replace(PUT, upload_listener=True)
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert outcome(watched, OK, OK, engine).allowed == (engine is STANDARD)
        assert outcome(watched, says("acao: * | acam: PUT"), OK, engine).allowed
    assert not outcome(watched, says("acao: * | acam: "), OK).allowed


@pytest.mark.parametrize("location", ["", " ", "\t"])
def test_engines_differ_in_what_an_empty_location_is(location: str) -> None:
    seen = {
        engine.name: [hop.outcome.allowed for hop in hops(GET, to(location), engine)]
        for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)
    }
    around = [True] * 20 + [False]
    assert seen == {"standard": around, "chromium": [True], "firefox": around, "webkit": [False]}


def test_webkit_asks_for_headers_that_it_has_dropped() -> None:
    for engine in (STANDARD, CHROMIUM, WEBKIT):
        route = {FAR: always("acao: * | acah: authorization"), "https://last.example": always("acao: *")}
        second = hops(KEY, to(FAR, 307), engine, **route)[1]
        assert (second.preflight_request is not None) == (engine is WEBKIT)
        assert second.request is not None
        assert second.request.lines("authorization") == []
        route |= {FAR: to("https://last.example", 307)}
        third = hops(KEY, to(FAR, 307), engine, **route)[-1]
        assert third.outcome.allowed == (engine is not WEBKIT)
        named = replace(KEY, headers=(*KEY.headers, ("X-A", "1"), ("X-Z", "1")))
        second = hops(named, to(FAR, 307), engine)[1]
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"authorization,x-a,x-z" if engine is WEBKIT else b"x-a,x-z"]
        # It stays with its own server.
        assert hops(KEY, to(AWAY + "/2", 307), engine)[1].request.lines("authorization") == [b"k"]  # type: ignore[union-attr]
    assert hops(GET, to(FAR, 307), WEBKIT)[1].fetch.dropped == ()
    posted = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"), ("X-A", "1"), ("Content-Language", "_")))
    for engine in (STANDARD, WEBKIT):
        second = hops(posted, to(FAR, 303), engine)[1]
        assert second.fetch.dropped == (("Content-Type", "a/b"), ("Content-Language", "_"))
        assert second.preflight_request is not None
        asked = second.preflight_request.lines("access-control-request-headers")
        assert asked == [b"content-language,content-type,x-a" if engine is WEBKIT else b"x-a"]

    # What one redirect has dropped is asked for after the next one, too.
    def between(request: Request) -> Response:
        listed = f"acao: {HOME} | acac: true | acah: content-type, authorization"
        if request.method == "OPTIONS":
            return says(listed)
        return says(f"{listed} | location: {FAR}", 307)

    both = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"), ("Authorization", "k")))
    third = hops(both, to(AWAY, 303), WEBKIT, **{AWAY: between, FAR: always("acao: *")})[2]
    assert set(third.fetch.dropped) == {("Content-Type", "a/b"), ("Authorization", "k")}


def test_webkit_keeps_the_origin_of_a_post_that_became_a_get() -> None:
    for engine in (STANDARD, WEBKIT):
        for method, status, expected in (
            ("POST", 303, True),
            ("PUT", 303, True),
            ("POST", 302, True),
            ("GET", 302, False),
        ):
            fetch = Fetch(HOME, HOME, method)
            last = hops(fetch, to(HOME + "/2", status), engine)[1]
            assert last.request is not None
            assert bool(last.request.lines("origin")) == (expected and engine is WEBKIT)
        for method in ("POST", "PUT"):
            last = hops(Fetch(HOME, HOME, method), to(HOME + "/2", 307), engine)[1]
            assert not last.fetch.became_get
    done = hops(Fetch(HOME, HOME, "POST"), to(HOME, 303), WEBKIT)
    assert all(hop.fetch.became_get for hop in done[1:])


@pytest.mark.parametrize("mode", MODES)
def test_webkit_checks_a_second_redirect_as_if_with_credentials(mode: Any) -> None:
    own = Fetch(HOME, HOME, credentials=mode)
    for engine in (STANDARD, WEBKIT):
        for says_this, passes in (
            ("acao: *", mode != "include" and (engine is STANDARD or mode == "omit")),
            (f"acao: {HOME}", mode != "include" and (engine is STANDARD or mode == "omit")),
            (f"acao: {HOME} | acac: true", True),
        ):

            def second(request: Request, says_this: str = says_this) -> Response:
                return (
                    says(f"{says_this} | location: {AWAY}/2", 302)
                    if request.path == "/1"
                    else says("acao: * | acac: true")
                )

            done = hops(own, to(AWAY + "/1"), engine, **{AWAY: second})
            assert (len(done) == 3) == passes
        # An answer that leads nowhere else is checked as it is.
        done = hops(own, to(AWAY + "/1"), engine, **{AWAY: always("acao: *")})
        assert done[-1].outcome.allowed == (mode != "include")
        # So is one on the way that did not begin at home.
        route = {FAR: to("https://last.example"), "https://last.example": always("acao: *")}
        done = hops(replace(GET, credentials=mode), to(FAR), engine, **route)
        assert len(done) == (1 if mode == "include" else 3)


def test_the_outcome_of_one_hop_is_that_of_its_engine() -> None:
    second = replace(GET, redirected_from=(HOME,))
    answers = says("acao: *", 302), says("acao: *")
    assert [outcome(second, None, each, WEBKIT).allowed for each in answers] == [False, True]
    assert [outcome(second, None, each).allowed for each in answers] == [True, True]


def test_firefox_checks_no_preflight_that_redirected_back() -> None:
    def home(request: Request) -> Response:
        return says("acam: PUT" if request.method == "OPTIONS" else "acao: null")

    for engine in (STANDARD, FIREFOX):
        last = hops(PUT, to(HOME, 307), engine, **{HOME: home})[-1]
        assert (last.request is not None) == last.outcome.allowed == (engine is FIREFOX)
        assert hops(PUT, to(HOME, 307), engine, **{HOME: always("acao: null")})[-1].request is None
        assert hops(PUT, to(FAR, 307), engine, **{FAR: home})[-1].request is None


def test_firefox_preflights_with_the_real_origin_after_redirects() -> None:
    def origins(engine: Engine, last: str) -> list[bytes]:
        hop = hops(PUT, to(FAR, 307), engine, **{FAR: always(f"acao: {last} | acam: PUT")})[1]
        return [
            line for sent in (hop.preflight_request, hop.request) if sent for line in sent.lines("origin")
        ]

    assert origins(STANDARD, "*") == origins(CHROMIUM, "*") == origins(WEBKIT, "*") == [b"null", b"null"]
    assert origins(FIREFOX, "*") == [HOME.encode(), b"null"]
    assert origins(STANDARD, "null") == [b"null", b"null"]
    assert origins(FIREFOX, "null") == [HOME.encode()]
    assert origins(FIREFOX, HOME) == [HOME.encode(), b"null"]


def test_firefox_and_webkit_preflight_hops_that_became_simple() -> None:
    posted = replace(GET, method="POST", headers=(("Content-Type", "a/b"),))
    for fetch, status in ((posted, 302), (KEY, 307)):
        for engine in (STANDARD, CHROMIUM, WEBKIT, FIREFOX):
            done = hops(fetch, to(FAR, status), engine)
            assert (done[1].preflight_request is not None) == (engine in (FIREFOX, WEBKIT))
    # It stays so, also by way of a hop to which nothing else applies.
    route = {FAR: to("https://last.example"), "https://last.example": always("acao: *")}
    done = hops(KEY, to(FAR, 307), FIREFOX, **route)
    assert [hop.preflight_request is not None for hop in done] == [True, True, True]
    assert hops(GET, to(FAR), FIREFOX)[1].preflight_request is None
    # It takes what is remembered of the method to go without.
    done = hops(KEY, to(FAR, 307), FIREFOX, cache=PreflightCache())
    assert [hop.preflight_request is not None for hop in done] == [True, True]
    # Headers count that would have taken one, also where the page's own server was asked; a method does not.
    own = Fetch(HOME, HOME, "POST", (("Content-Type", "a/b"),))
    assert hops(own, to(FAR, 303), FIREFOX)[1].preflight_request is not None
    assert hops(Fetch(HOME, HOME, "PUT"), to(FAR, 303), FIREFOX)[1].preflight_request is None
    # It does not stand in for a permission to use the method.
    assert not hops(PUT, to(FAR, 307), FIREFOX, **{FAR: always(f"acao: {HOME}")})[1].outcome.allowed


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        *((name, "0 1 1.5 0.10 10", "-1 +1 1. .5 1.5.2 1e3 inf 1,2 x1 1x")
          for name in ("DPR", "downlink", "Device-Memory")),
        *((name, "0 1 10", "-1 +1 1.5 1e3 x x1 1x") for name in ("Viewport-Width", "width", "RTT")),
        ("ECT", "slow-2g 2g 3g 4g", "3G 5g 1 slow-3g x2g 2gx"),
        ("Save-Data", "on ON oN", "off 1 onx xon"),
    ],
)  # fmt: skip
def test_chromium_safelists_hints(name: str, good: str, bad: str) -> None:
    asked = [name.lower().encode()]
    for value in good.split():
        assert unsafe((name, value), engine=CHROMIUM) == []
        for engine in (STANDARD, FIREFOX, WEBKIT):
            assert unsafe((name, value), engine=engine) == asked
    for value in ("", "1" * 129, *bad.split()):
        assert unsafe((name, value), engine=CHROMIUM) == asked


def test_chromium_keeps_its_user_agent() -> None:
    fetch = replace(GET, headers=(("User-Agent", "me"),))
    assert preflight_request(fetch, CHROMIUM) is None
    assert actual_request(fetch, CHROMIUM) == actual_request(GET)
    assert outcome(fetch, None, OK, CHROMIUM).allowed
    (hop,) = trace(fetch, always("acao: *"), engine=CHROMIUM)
    assert hop.request == actual_request(GET)
    with_token = replace(GET, headers=(("User-Agent", "me"), ("X-Token", "1")))
    script = Script(CHROMIUM)
    assert outcome(with_token, says("acao: * | acah: x-token"), OK, CHROMIUM).allowed
    assert script.preflights(with_token, "acao: * | acah: x-token") == [True]
    assert script.preflights(with_token, "acao: * | acah: x-token") == [False]
    for engine in (STANDARD, FIREFOX, WEBKIT):
        assert preflight_request(fetch, engine) is not None
        assert actual_request(fetch, engine).lines("user-agent") == [b"me"]


def test_engines_agree_on_what_they_declare_nothing_about() -> None:
    for engine in (CHROMIUM, FIREFOX, WEBKIT):
        for status in (200, 204, 299, 300, 404):
            assert outcome(PUT, says("acao: * | acam: PUT", status), OK, engine) == outcome(
                PUT, says("acao: * | acam: PUT", status), OK
            )
    assert [engine.name for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)] == [
        "standard",
        "chromium",
        "firefox",
        "webkit",
    ]


# What is remembered, as `perform` uses it (the cache on its own: test_preflight_cache.py)


class Script:
    """A page that fetches at given moments, and counts the preflights that it takes."""

    def __init__(self, engine: Engine = STANDARD) -> None:
        self.moment = 0.0
        self.engine = engine
        self.cache = PreflightCache(now=lambda: self.moment)

    def preflights(self, fetch: Fetch, text: str, *, moment: float | None = None, **more: Any) -> list[bool]:
        """Which hops of this fetch are preflighted, where the server says that."""
        self.moment = self.moment if moment is None else moment
        done = trace(fetch, always(text), cache=self.cache, engine=self.engine, **more)
        assert done[0].time == self.moment
        return [hop.preflight_request is not None for hop in done]


ALLOWS = "acao: * | acam: PUT, PATCH | acah: X-Token | age: 100"


def test_what_an_answer_lists_is_remembered() -> None:
    script = Script()
    assert script.preflights(PUT, ALLOWS) == [True]
    assert script.preflights(PUT, "acao: *", moment=99.0) == [False]
    assert script.preflights(replace(GET, method="PATCH"), "acao: *") == [False]
    assert script.preflights(replace(PUT, headers=(("x-TOKEN", "2"),)), "acao: *") == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS, moment=100.0) == [True]


def test_what_is_remembered_is_of_one_origin_and_url() -> None:
    for other in (
        replace(PUT, path="/x"), replace(PUT, url_origin=FAR), replace(PUT, page_origin="null"),
        replace(PUT, page_origin=FAR), replace(PUT, path="/?"),
    ):  # fmt: skip
        script = Script()
        script.preflights(PUT, ALLOWS)
        assert script.preflights(other, ALLOWS) == [True]
        assert script.preflights(PUT, ALLOWS) == [False]


def test_a_watched_upload_is_remembered_by_its_method() -> None:
    script = Script()
    assert script.preflights(WATCHED, "acao: *") == [True]
    assert script.preflights(WATCHED, "acao: *") == [False]
    other = Script()
    assert other.preflights(WATCHED, "acao: * | acam: GET") == [True]
    assert other.preflights(WATCHED, "acao: * | acam: GET") == [True]


def test_a_refused_preflight_is_not_remembered() -> None:
    script = Script()
    assert script.preflights(PUT, "acao: * | acam: PATCH") == [True]
    assert script.preflights(replace(GET, method="PATCH"), ALLOWS) == [True]


def test_a_network_error_clears_what_is_known_of_the_url() -> None:
    for failing, forgets in (
        (PUT, True), (replace(PUT, credentials="include"), True), (replace(GET, method="DELETE"), True),
        (GET, False), (replace(PUT, path="/x"), False), (replace(PUT, page_origin="null"), False),
        (replace(GET, method="TRACE"), False),
    ):  # fmt: skip
        script = Script()
        script.preflights(PUT, ALLOWS)
        script.preflights(failing, "")
        assert script.preflights(PUT, ALLOWS) == [forgets], failing
    script = Script()
    script.preflights(PUT, ALLOWS)
    trace(PUT, always("acao: *", 500), cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [False]


def test_only_a_failed_preflight_clears_the_cache_of_chromium() -> None:
    script = Script(CHROMIUM)
    script.preflights(PUT, ALLOWS)
    assert script.preflights(PUT, "") == [False]
    assert script.preflights(PUT, ALLOWS) == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS) == [True]
    for engine in (STANDARD, FIREFOX):
        script = Script(engine)
        script.preflights(PUT, ALLOWS)
        script.preflights(PUT, "")
        assert script.preflights(PUT, ALLOWS) == [True]


def test_nothing_clears_the_cache_of_webkit() -> None:
    script = Script(WEBKIT)
    script.preflights(PUT, ALLOWS)
    assert script.preflights(PUT, "") == [False]
    assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]
    assert script.preflights(PUT, ALLOWS) == [False]


def test_webkit_remembers_what_refused_a_preflight() -> None:
    patch = replace(GET, method="PATCH")
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        for fetch, answer, remembers in (
            (PUT, "acao: * | acam: PATCH", True),
            (replace(KEY, method="PATCH"), "acao: * | acam: PATCH", True),
            (replace(GET, method="PATCH", headers=(("X-A", "1"),)), "acao: * | acam: PATCH", True),
            (replace(PUT, credentials="include"), f"acao: {HOME} | acac: true | acam: PATCH, *", True),
            (PUT, "acam: PATCH", False),
            (PUT, "acao: * | acam: PATCH | acah: a b", False),
        ):
            script = Script(engine)
            assert script.preflights(fetch, answer) == [True]
            assert script.preflights(patch, answer) == [not (remembers and engine is WEBKIT)]
    script = Script(WEBKIT)
    script.preflights(replace(PUT, upload_listener=True), "acao: *")
    assert script.preflights(PUT, ALLOWS) == [True]


def test_browsers_remember_that_safelisted_methods_may_be_used() -> None:
    for method in ("GET", "HEAD", "POST"):
        flagged = replace(GET, method=method, flagged=True)
        for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
            script = Script(engine)
            script.preflights(PUT, ALLOWS)
            assert script.preflights(flagged, ALLOWS) == [engine is STANDARD]
            assert script.preflights(replace(GET, method="DELETE"), ALLOWS) == [True]


def test_what_is_remembered_with_credentials_serves_all_but_in_firefox() -> None:
    allows = f"acao: {HOME} | acac: true | acam: PUT | age: 100"
    with_them = replace(PUT, credentials="include")
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        script = Script(engine)
        assert script.preflights(PUT, allows) == [True]
        assert script.preflights(replace(PUT, credentials="omit"), allows) == [False]
        assert script.preflights(with_them, allows) == [True]
        script = Script(engine)
        assert script.preflights(with_them, allows) == [True]
        assert script.preflights(with_them, allows) == [False]
        assert script.preflights(PUT, allows) == [engine is FIREFOX]


def test_a_failed_redirect_of_a_preflighted_fetch_clears_where_it_ends() -> None:
    script = Script()
    opaque = replace(PUT, page_origin="null", url_origin=FAR)
    assert script.preflights(opaque, ALLOWS) == [True]
    broken = {FAR: always("")}
    trace(GET, to(FAR), elsewhere=broken, cache=script.cache)
    assert script.preflights(opaque, ALLOWS) == [False]
    trace(PUT, to(FAR, 303), elsewhere=broken, cache=script.cache)
    assert script.preflights(opaque, ALLOWS) == [True]


def test_a_failed_redirect_clears_the_url_where_it_failed() -> None:
    script = Script()
    script.preflights(PUT, ALLOWS)
    script.preflights(replace(PUT, url_origin=FAR), ALLOWS)
    broken = {FAR: always("")}
    trace(PUT, to(FAR, 307), elsewhere=broken, cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [False]
    trace(PUT, to("ftp://far.example", 307), cache=script.cache)
    assert script.preflights(PUT, ALLOWS) == [True]


def test_a_failed_fetch_clears_the_cache_where_its_engine_preflights_it() -> None:
    unusual = replace(GET, headers=(("Accept", "\x80"),))
    for engine in (STANDARD, FIREFOX, WEBKIT):
        script = Script(engine)
        script.preflights(PUT, ALLOWS)
        assert script.preflights(unusual, "") == [engine is FIREFOX]
        assert script.preflights(PUT, ALLOWS) == [engine is FIREFOX]


def test_each_engine_remembers_as_long_and_as_widely_as_it_does() -> None:
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        script = Script(engine)
        assert script.preflights(PUT, "acao: * | acam: * | age: 601") == [True]
        assert script.preflights(PUT, "acao: * | acam: PUT | age: 601") == [engine is FIREFOX]
        assert script.preflights(PUT, "acao: *", moment=600.0) == [engine is WEBKIT]


def test_firefox_shortens_nothing_that_was_said_with_credentials() -> None:
    with_them = replace(PUT, credentials="include")
    script = Script(FIREFOX)
    assert script.preflights(with_them, f"acao: {HOME} | acac: true | acam: PUT | age: 100") == [True]
    assert script.preflights(PUT, "acao: * | acam: PUT | age: 0") == [True]
    assert script.preflights(with_them, f"acao: {HOME} | acac: true") == [False]


def test_seconds_count_from_the_moment_of_the_answer() -> None:
    moments = iter(range(100))
    cache = PreflightCache(now=lambda: next(moments))
    (hop,) = trace(PUT, always("acao: * | acam: PUT | age: 10"), cache=cache)
    assert hop.time == 0
    assert list(cache.expiry.values()) == [11]


def test_hops_are_remembered_under_the_origin_that_they_sent() -> None:
    script = Script()
    elsewhere = {FAR: always(ALLOWS)}
    assert [
        a.preflight_request is not None
        for a in trace(PUT, to(FAR, 307), elsewhere=elsewhere, cache=script.cache)
    ] == [True, True]
    script.moment = 1.0
    assert script.preflights(replace(PUT, url_origin=FAR), ALLOWS) == [True]
    assert script.preflights(replace(PUT, url_origin=FAR, page_origin="null"), ALLOWS) == [False]


def test_without_a_cache_nothing_is_remembered() -> None:
    for _ in range(2):
        (hop,) = trace(PUT, always(ALLOWS))
        assert hop.preflight_request is not None
        assert hop.time == 0.0


def test_the_account_of_a_fetch_is_complete() -> None:
    answer, response = says("acao: * | acam: PUT"), says("acao: * | aceh: x-a | x-a: 1")

    def serve(request: Request) -> Response:
        return answer if request.method == "OPTIONS" else response

    assert trace(PUT, serve, engine=WEBKIT) == [
        Hop(
            PUT, WEBKIT, preflight_request(PUT), answer, actual_request(PUT), response,
            Outcome(True, frozenset({"x-a"}), "C-CHK-3"),
        )
    ]  # fmt: skip
    assert trace(GET, serve) == [
        Hop(
            GET, STANDARD, None, None, actual_request(GET), response,
            Outcome(True, frozenset({"x-a"}), "C-CHK-3"),
        )
    ]  # fmt: skip
    refusal = says("acao: *")
    assert trace(PUT, lambda request: refusal) == [
        Hop(
            PUT, STANDARD, preflight_request(PUT), refusal, None, None, Outcome(False, frozenset(), "C-PF-9")
        )
    ]  # fmt: skip


def test_the_next_hop_is_complete() -> None:
    fetch = Fetch(HOME, AWAY, "PUT", (("X-A", "1"), ("Content-Type", "a/b")), "include", stream_body=True)
    shares = f"acao: {HOME} | acac: true"

    def serve(request: Request) -> Response:
        if request.method == "OPTIONS":
            return says(f"{shares} | acam: PUT | acah: content-type, x-a")
        return says(shares if request.path == "/x?y" else f"{shares} | location: /x?y", 303)

    first, second = trace(fetch, serve)
    assert first.outcome.allowed
    assert second.fetch == Fetch(
        HOME, AWAY, "GET", (("X-A", "1"),), "include",
        path="/x?y", redirected_from=(AWAY,), preflighted=True, flagged=True, became_get=True,
        dropped=(("Content-Type", "a/b"),),
    )  # fmt: skip


def test_an_engine_says_for_itself_whether_a_hop_would_have_been_preflighted() -> None:
    """A fetch to the page's own server, with headers that are unsafe where they are joined."""
    ranges = Fetch(HOME, HOME, headers=(("Range", "bytes=0-1"), ("Range", "bytes=2-3")))
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        first = trace(ranges, always(f"location: {AWAY}", 307), engine=engine)[0]
        hop = browser.redirect(first, engine)
        assert isinstance(hop, Fetch)
        assert hop.preflighted == (engine in (CHROMIUM, WEBKIT))


def test_the_first_server_answers_for_its_origin_on_the_way_too() -> None:
    seen = []

    def serve(request: Request) -> Response:
        seen.append(request.path)
        return says("acao: *") if request.path == "/2" else says(f"acao: * | location: {FAR}/1", 302)

    assert perform(GET, serve, elsewhere={FAR: to(AWAY + "/2"), AWAY: always("")}).allowed
    assert seen == ["/", "/2"]


# The tables


@pytest.mark.parametrize(
    ("thing", "field"),
    [
        (STANDARD, "name"),
        (GET, "method"),
        (outcome(GET, None, OK), "allowed"),
        (trace(GET, always("acao: *"))[0], "time"),
    ],
)
def test_what_was_said_once_stays_so(thing: Any, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(thing, field, None)


def test_the_tables_of_the_standard() -> None:
    assert {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} == browser.NORMALIZED_METHODS
    assert browser.normalize_method("po\u017ft") == "po\u017ft"
    assert browser.is_simple_type(b"\t\r\n text/plain \t\r\n")
    assert not browser.is_simple_type(b"text/plain\x0b")
    assert Fetch(HOME, AWAY) == Fetch(
        HOME, AWAY, "GET", (), "same-origin", False, False, "/", (), False, False, False, ()
    )
    assert Engine("x") == replace(STANDARD, name="x")
    assert WEBKIT.max_age_limit == 600
    assert STANDARD.empty_location == "relative"


@pytest.mark.parametrize(
    ("credentials", "response", "rule"),
    [
        ("omit", says(""), "C-CHK-1"),
        ("include", says("acao: * | acac: true"), "C-WLD-1"),
        ("omit", says(f"acao: {AWAY}"), "C-CHK-4"),
        ("omit", says("acao: * | acao: *"), "C-CHK-5"),
        ("include", says(f"acao: {HOME} | acac: True"), "C-CHK-6"),
    ],
)
def test_the_cors_check_says_what_it_misses(credentials: str, response: Response, rule: str) -> None:
    assert browser.cors_check(HOME.encode(), credentials, response) == (False, rule)


@pytest.mark.parametrize(
    ("fetch", "response", "rule"),
    [
        (PUT, None, "C-PF-6"),
        (PUT, says("acam: PUT"), "C-PF-7"),
        (PUT, replace(OK, status=302), "C-PF-13"),
        (PUT, replace(OK, status=404), "C-PF-6"),
        (PUT, says("acao: * | acam: P T"), "C-PF-8"),
        (PUT, OK, "C-PF-9"),
        (replace(PUT, credentials="include"), says(f"acao: {HOME} | acac: true | acam: *"), "C-WLD-1"),
        (replace(GET, headers=(("Authorization", "k"),)), OK, "C-PF-10"),
        (replace(GET, headers=(("X-A", "1"),)), OK, "C-PF-11"),
        (
            replace(GET, headers=(("X-A", "1"),), credentials="include"),
            says(f"acao: {HOME} | acac: true | acah: *"),
            "C-WLD-1",
        ),
    ],
)
def test_the_preflight_check_says_what_it_misses(fetch: Fetch, response: Response | None, rule: str) -> None:
    assert browser.preflight_check(fetch, response) == (False, rule)


def test_the_lines_of_a_header_are_joined() -> None:
    assert browser.get(says("x: 1 | X:  2\t"), "x") == b"1, 2"


def test_what_engines_ask_again_is_not_remembered() -> None:
    followed = replace(GET, preflighted=True)
    cache = PreflightCache()
    for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT):
        assert browser.is_remembered(followed, cache, engine) == (engine not in (FIREFOX, WEBKIT))


def test_an_account_knows_when_a_fetch_threw() -> None:
    cache = PreflightCache(now=lambda: 7.0)
    (hop,) = trace(replace(GET, method="TRACE"), lambda request: OK, cache=cache)
    assert hop.time == 7.0


def test_the_module_shows_what_a_browser_does_and_the_engines() -> None:
    everything: dict[str, object] = {}
    exec("from spec.browser import *", everything)
    assert everything.keys() - {"__builtins__"} == {
        "CHROMIUM", "FIREFOX", "STANDARD", "WEBKIT", "Hop", "Engine", "Fetch", "Outcome", "trace",
        "actual_request", "outcome", "perform", "preflight_request",
    }  # fmt: skip
