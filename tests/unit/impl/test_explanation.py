"""Why a request is refused, which configured entry comes closest, and that no value forges a line."""

from __future__ import annotations

import time
from typing import Any

import pytest

from impl.config import Config
from impl.explanation import (
    LONGEST_SHOWN,
    MOST_COMPARED,
    MOST_SHOWN,
    Explainer,
    Explanation,
    Refusal,
    header_lines,
    shown,
)
from impl.policy import compile_policy

APP, SHOP = "https://app.example.com", "https://*.shop.example.org"
SEVERAL = ("http://api.example.net", "https://api.example.net:8443", "null", "*")
NO_PAGE = "no browser sends this as an origin"
OPAQUE = "not configured; sandboxed frames, files and pages after some redirects send it"
TOO_LONG = "the list is longer than 100 bytes"
PORTS, ADDRESS = "http://localhost:*", "http://[::1]:3000"


def explainer(*origins: str, **arguments: Any) -> Explainer:
    config = Config(allow_origins=origins, **arguments)
    return Explainer(config, compile_policy(config))


@pytest.mark.parametrize(
    ("origin", "closest", "difference"),
    [
        (f"{APP}:8443", APP, "only by the port"),
        ("http://app.example.com", APP, "only by the scheme"),
        ("http://app.example.com:8443", APP, "only by the scheme and the port"),
        ("https://app.EXAMPLE.com", APP, "only by the letter case"),
        ("HTTPS://app.example.com", APP, "only by the letter case"),
        ("https://www.app.example.com", APP, "only by the subdomain"),
        ("https://a.b.c.d.e.f.g.app.example.com", APP, "only by the subdomain"),
        ("https://a.b.c.d.e.f.g.h.app.example.com", APP, "only by the subdomain"),
        ("https://example.com", APP, "only by the subdomain"),
        ("https://api.example.com", APP, "only by the subdomain"),
        ("http://api.example.com:1", APP, "only by the scheme and the subdomain and the port"),
        ("https://shop.example.org", SHOP, "only by the subdomain"),
        ("http://a.shop.example.org", SHOP, "only by the scheme"),
        ("http://a.b.shop.example.org", SHOP, "only by the scheme"),
        ("https://a.shop.example.org:1", SHOP, "only by the port"),
        ("https://localhost:3000", PORTS, "only by the scheme"),
        ("http://app.localhost", PORTS, "only by the subdomain"),
        ("http://[::1]", ADDRESS, "only by the port"),
        ("https://[::1]:3000", ADDRESS, "only by the scheme"),
        ("http://[::2]:3000", None, ""),
        ("https://api.example.net", "http://api.example.net", "only by the scheme"),
        ("http://api.example.net:8443", "http://api.example.net", "only by the port"),
        ("https://api.example.net:1", "https://api.example.net:8443", "only by the port"),
        ("https://evil.test", None, ""),
        ("https://other.com", None, ""),
        ("https://localhos", None, ""),
        ("https://app.example.com.evil.test", None, ""),
    ],
)
def test_the_closest_entry_is_named_and_how_it_differs(
    origin: str, closest: str | None, difference: str
) -> None:
    found = explainer(APP, SHOP, PORTS, ADDRESS, *SEVERAL).origin([origin.encode()], False)
    assert found == Refusal("origin", repr(origin), "not configured", "S-ORG-2", closest, difference)


@pytest.mark.parametrize(
    ("origin", "difference"),
    [
        ("https://A.example.com", "the letter case"),
        ("https://a_b.example.com", "a host name that no pattern allows"),
        ("https://-a.example.com", "a host name that no pattern allows"),
        ("https://a..example.com", "a host name that no pattern allows"),
        (f"https://{64 * 'a'}.example.com", "a host name that no pattern allows"),
        ("https://a_b.example.com:8443", "a host name that no pattern allows"),
        ("https://a.example.com:443", "a port that no browser writes so"),
        ("https://a.example.com:0080", "a port that no browser writes so"),
        ("https://a.example.com:65536", "a port that no browser writes so"),
    ],
)
def test_of_an_origin_that_all_parts_of_a_pattern_fit_the_odd_part_is_named(
    origin: str, difference: str
) -> None:
    found = explainer("https://*.example.com:*").origin([origin.encode()], False)
    assert (found.closest, found.difference) == ("https://*.example.com:*", f"only by {difference}")


def test_a_name_under_a_top_level_domain_is_no_neighbour() -> None:
    assert explainer("https://example.com").origin([b"https://other.com"], False).closest is None
    assert explainer("https://example.com").origin([b"https://a.other.com"], False).closest is None
    assert explainer("https://example.com").origin([b"https://com"], False).closest == "https://example.com"


@pytest.mark.parametrize(
    ("origins", "value", "reason", "rule"),
    [
        (["null"], "'null'", OPAQUE, "S-ORG-4"),
        (["a", "b", "c", "d"], "'a', 'b', 'c'", "there is more than one Origin field line", "S-ORG-6"),
        ([APP, APP], f"'{APP}', '{APP}'", "there is more than one Origin field line", "S-ORG-6"),
        ([f"{APP}/"], f"'{APP}/'", NO_PAGE, "S-ORG-6"),
        (["app.example.com"], "'app.example.com'", NO_PAGE, "S-ORG-6"),
        (["https://a\nb"], "'https://a\\nb'", NO_PAGE, "S-ORG-6"),
        (["https://b\xfccher.example"], "'https://b\\xfccher.example'", NO_PAGE, "S-ORG-6"),
        ([f"https://{'a' * 504}"], f"'https://{'a' * 112}'...", "not configured", "S-ORG-2"),
        ([f"https://{'a' * 505}"], f"'https://{'a' * 112}'...", NO_PAGE, "S-ORG-6"),
    ],
)  # fmt: skip
def test_an_origin_is_refused_for_a_reason(origins: list[str], value: str, reason: str, rule: str) -> None:
    found = explainer(APP).origin([origin.encode("latin-1") for origin in origins], False)
    assert found == Refusal("origin", value, reason, rule)


@pytest.mark.parametrize(
    ("far", "near", "asked"),
    [
        ("https://app.example.com:{}", "http://app.example.com:9", b"http://app.example.com"),
        ("https://app{}.example.com:1", "http://api.example.com", b"http://new.example.com"),
    ],
    ids=["of one host", "neighbours"],
)
def test_three_entries_are_compared(far: str, near: str, asked: bytes) -> None:
    for number, expected in ((0, near), (1, near), (2, near), (3, far.format(0))):
        entries = [*map(far.format, range(number)), near]
        assert explainer(*entries).origin([asked], False).closest == expected


def test_a_regex_and_an_override_are_named() -> None:
    with_regex = explainer(allow_origin_regex="https://a")
    reason = "not configured, and allow_origin_regex does not match the whole of it"
    assert with_regex.origin([b"https://b"], False) == Refusal("origin", "'https://b'", reason, "S-ORG-2")
    reason = "is_allowed_origin did not return True"
    assert with_regex.origin([b"https://b"], True) == Refusal("origin", "'https://b'", reason, "S-ORG-2")


@pytest.mark.parametrize(
    ("configured", "methods", "value", "reason", "closest"),
    [
        (["PATCH"], [b"patch"], "'patch'", "not in allow_methods", "PATCH"),
        (["*"], [b"Delete"], "'Delete'", "not in allow_methods", "DELETE"),
        (["patch", "PATCH"], [b"Patch"], "'Patch'", "not in allow_methods", "PATCH"),
        (["GET"], [b"PUT\r\n"], "'PUT\\r\\n'", "not in allow_methods", None),
        (["patch"], [b"PATCH"], "'PATCH'", "not in allow_methods", "patch"),
        (["A", "B"], [b"A", b"B"], "'A', 'B'", "there is more than one requested method", None),
        (["GET"], [b"A", b"B", b"C", b"D"], "'A', 'B', 'C'", "there is more than one requested method", None),
    ],
)
def test_a_method_is_refused_for_a_reason(
    configured: list[str], methods: list[bytes], value: str, reason: str, closest: str | None
) -> None:
    found = explainer(APP, allow_methods=tuple(configured)).method(methods)
    difference = "" if closest is None else "only by the letter case"
    assert found == Refusal("method", value, reason, "D-11", closest, difference)


@pytest.mark.parametrize(
    ("configured", "requested", "value", "reason", "rule", "closest"),
    [
        (["X-Api-Key"], [b"x_api_key"], "'x_api_key'", "not in allow_headers", "D-12", "X-Api-Key"),
        (["X-A"], [b"x-a, b, ACCEPT", b"c,b,d"], "'b', 'c', 'd'", "not in allow_headers", "D-12", None),
        (["X-A"], [b"b,c,d,e,f"], "'b', 'c', 'd' and 2 more", "not in allow_headers", "D-12", None),
        ([], [b"\xff\n"], "'\\xff\\n'", "not in allow_headers", "D-12", None),
        (["*"], [b"a b"], "'a b'", "one of them is no header name", "S-PF-8", None),
        (["*"], [b"a" * 50, b"b" * 51], f"'{'a' * 50},{'b' * 51}'", TOO_LONG, "D-12", None),
        ([], [b"a" * 50, b"b" * 50], f"'{'a' * 50}', '{'b' * 50}'", "not in allow_headers", "D-12", None),
        ([], [b" XaX\t"], "'XaX'", "not in allow_headers", "D-12", None),
    ],
)  # fmt: skip
def test_headers_are_refused_for_a_reason(
    configured: list[str], requested: list[bytes], value: str, reason: str, rule: str, closest: str | None
) -> None:
    found = explainer(APP, allow_headers=tuple(configured)).headers(requested, 100)
    difference = "" if closest is None else "only by _ and -"
    assert found == Refusal("headers", value, reason, rule, closest, difference)


def test_a_private_network_is_refused_for_a_reason() -> None:
    found = explainer(APP).private_network()
    assert found == Refusal("private-network", "'true'", "allow_private_network is not set", "X-PNA-1")


def test_values_are_escaped_and_cut() -> None:
    assert (LONGEST_SHOWN, MOST_SHOWN, MOST_COMPARED) == (120, 3, 3)
    assert shown("a\r\nb\x1b[0m\u2028\ud800'") == '"a\\r\\nb\\x1b[0m\\u2028\\ud800\'"'
    assert shown(b"\xff" * 120) == "'" + "\\xff" * 120 + "'"
    assert shown("a" * 121) == f"'{'a' * 120}'..."


def test_an_explanation_reads_as_a_sentence() -> None:
    near = Refusal("origin", "'a'", "not configured", "S-ORG-2", "b", "only by the port")
    far = Refusal("method", "'c'", "not in allow_methods", "D-11")
    assert str(near) == "origin 'a': not configured; 'b' is configured, it differs only by the port (S-ORG-2)"
    assert str(Explanation(True, False, (near, far))) == (
        f"preflight refused: {near}; method 'c': not in allow_methods (D-11)"
    )
    assert str(Explanation(False, False)) == "request refused: it has no Origin"
    assert str(Explanation(True, True)) == "preflight allowed"
    assert str(Explanation(False, True)) == "request allowed"


@pytest.mark.parametrize(
    "headers", [{"Origin": "\xfc\u20ac"}, [("ORIGIN", "\xfc\u20ac")], [(b"Origin", b"\xfc\\u20ac")]]
)
def test_headers_are_taken_as_people_write_them(headers: Any) -> None:
    assert header_lines(headers) == [(b"origin", b"\xfc\\u20ac")]


def test_the_closest_of_many_entries_is_found_in_a_moment() -> None:
    many = explainer(*(f"https://a{number}.example.com" for number in range(10_000)))
    same_host = explainer(*(f"https://a.example.com:{number}" for number in range(1, 10_001)))
    values = [b"https://" + b"a." * 251 + b"x", b"https://b.example.com", b"https://a.example.com:65000"]
    values += [b"https://" + b"a" * 2_000_000, b"\n" * 2_000_000]
    for each in (many, same_host):
        for value in values:
            started = time.process_time()
            each.origin([value], False)
            assert time.process_time() - started < 0.005


@pytest.mark.parametrize("value", [5, None, ["https://app.example"]])
def test_headers_of_another_type_are_an_error_that_shows_the_value(value: Any) -> None:
    with pytest.raises(TypeError) as raised:
        header_lines({"Origin": value})
    assert str(raised.value) == (
        f"explain takes headers as str or bytes, and this is {value!r}: write it as a str"
    )
