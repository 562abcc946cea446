"""Which headers need no preflight, byte by byte."""

from dataclasses import replace

import pytest

from spec.browser import (
    preflight_request,
)
from tests.unit.spec.browser.fetching import GET, HOME, unsafe

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
