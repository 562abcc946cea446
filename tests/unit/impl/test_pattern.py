"""Origin patterns: which entries are patterns, what they match, and what they cost."""

from __future__ import annotations

import time

import pytest

from impl import CORSMiddleware
from impl.pattern import Pattern, Patterns, parse
from tests.helpers.asgi import Recorder, call
from tests.unit.impl.cases import preflight

PATTERNS = {
    "https://*.example.com": Pattern("https", True, "example.com", ""),
    "https://*.a.b.example.com": Pattern("https", True, "a.b.example.com", ""),
    "http://localhost:*": Pattern("http", False, "localhost", "*"),
    "http://*.localhost:*": Pattern("http", True, "localhost", "*"),
    "https://*.localhost": Pattern("https", True, "localhost", ""),
    "https://*.example.com:8443": Pattern("https", True, "example.com", "8443"),
    "https://*.example.com:80": Pattern("https", True, "example.com", "80"),
    "https://*.example.com:65535": Pattern("https", True, "example.com", "65535"),
    "https://*.example.com:0": Pattern("https", True, "example.com", "0"),
    "https://*.example.co.uk": Pattern("https", True, "example.co.uk", ""),
    "https://*.me.github.io": Pattern("https", True, "me.github.io", ""),
    "https://*.xn--bcher-kva.example": Pattern("https", True, "xn--bcher-kva.example", ""),
    "http://127.0.0.1:*": Pattern("http", False, "127.0.0.1", "*"),
    "http://[::1]:*": Pattern("http", False, "[::1]", "*"),
    "https://github.io:*": Pattern("https", False, "github.io", "*"),
    "capacitor://localhost:*": Pattern("capacitor", False, "localhost", "*"),
    "app://*.example.com": Pattern("app", True, "example.com", ""),
    "app://*.example.com:80": Pattern("app", True, "example.com", "80"),
    f"https://*.{'a' * 63}.example": Pattern("https", True, f"{'a' * 63}.example", ""),
    f"https://*.{'a.' * 246}exampl.com": Pattern("https", True, f"{'a.' * 246}exampl.com", ""),
    f"https://*.{'a.' * 244}example.com:81": Pattern("https", True, f"{'a.' * 244}example.com", "81"),
    f"https://*.{'a.' * 243}example.com:8443": Pattern("https", True, f"{'a.' * 243}example.com", "8443"),
    f"https://*.{'a.' * 245}example.co:*": Pattern("https", True, f"{'a.' * 245}example.co", "*"),
}
NO_PATTERNS = (
    "https://example.com", "*", "null", "", "https://*", "https://*:*", "https://*.", "*://example.com",
    "*.example.com", "https://*example.com", "https://a*.example.com", "https://pr-*.example.com",
    "https://a.*.example.com", "https://*.*.example.com", "https://*.example.com.*", "https://*.example.*",
    "https://example.com:8*", "https://example.com:**", "https://*.com", "https://*.co.uk",
    "https://*.github.io",
    "https://*.internal", "https://*.ck", "https://*.any.ck", "https://*.1.2.3.4", "https://*.[::1]",
    "https://*.0x7f",
    "https://*.EXAMPLE.com", "HTTPS://*.example.com", "https://*.example.com/", "https://*.example.com/path",
    "https://*.example.com:443", "http://*.example.com:80", "http://localhost:*/",
    "https://*.example.com:08443",
    "https://*.example.com:65536", "https://*.example.com:100000", "https://*.example.com:",
    "https://*.example.com.",
    "https://*.-a.example", "https://*.a-.example", "https://*.a..example", "https://*.a_b.example",
    "https://*.xn--zz.example", "https://*.b\u00fccher.example", "wss://*.example.com", "ws://localhost:*",
    "ftp://*.example.com", "file://*.example.com", "http://[0:0::1]:*", "http://127.1:*",
    "http://LOCALHOST:*",
    "app://*.1.2.3.4", "app://127.1:*", "app://localhost:65536", "app://*.a.example:01", "app://[0:0::1]:*",
    f"https://*.{'a' * 64}.example", f"https://{'a' * 64}:*", "https://*.example.com:x", "ws://localhost:*",
    f"https://*.{'a.' * 246}example.com", f"https://*.{'a.' * 243}examples.com:8443",
    "https://user@*.example.com", " https://*.example.com", "https://*.example.com\n", "app://*.0.0.1",
    "app://-a:*", "app://*.com", "https://user@localhost:*",
)  # fmt: skip


@pytest.mark.parametrize(("entry", "pattern"), PATTERNS.items())
def test_a_pattern_is_read_and_written(entry: str, pattern: Pattern) -> None:
    assert parse(entry) == pattern
    assert str(pattern) == entry
    assert pattern.domain == (pattern.host if "*." in entry else None)


@pytest.mark.parametrize("entry", NO_PATTERNS)
def test_any_other_entry_is_none(entry: str) -> None:
    assert parse(entry) is None


def patterns(*entries: str) -> Patterns:
    return Patterns([found for found in map(parse, entries) if found])


LONG = "a" * 63
SUBDOMAINS = (
    "https://a.example.com", "https://a.b.example.com", "https://0.example.com", "https://a-b.example.com",
    "https://xn--bcher-kva.example.com", "https://a--b.example.com", f"https://{LONG}.example.com",
    f"https://{LONG}.{LONG}.example.com", "https://example.com.example.com", "https://1.2.3.4.example.com",
)  # fmt: skip
NO_SUBDOMAINS = (
    "https://example.com", "http://a.example.com", "ahttps://a.example.com", "https://aexample.com",
    "https://-example.com", "https://a.example.com.evil.example", "https://a.example.comevil.example",
    "https://.example.com", "https://a..example.com", "https://.a.example.com", "https://a.example.com.",
    "https://a.example.com:443", "https://a.example.com:8443", "https://a.example.com:",
    "https://A.example.com",
    "https://a.EXAMPLE.com", "https://-a.example.com", "https://a-.example.com", "https://a_b.example.com",
    "https://*.example.com", f"https://{LONG}a.example.com", f"https://a.{LONG}a.example.com",
    "https://xn--zz.example.com", "https://a.xn--zz.example.com", "https://[a].example.com",
    "https://a.example.co",
    "https://a.example.com:443.example.com", "https://a!.example.com", "https://evil.example:.example.com",
    "https://[::1]", "https://a.example", "https://a.xexample.com", "a.example.com", "https:a.example.com",
    "://",
)  # fmt: skip


def test_subdomains_of_any_depth_are_matched_and_nothing_else() -> None:
    matching = patterns("https://*.example.com")
    assert [origin for origin in SUBDOMAINS if not matching.match(origin)] == []
    assert [origin for origin in NO_SUBDOMAINS if matching.match(origin)] == []


def test_ports_are_matched_in_the_form_of_browsers() -> None:
    matching = patterns("http://localhost:*", "https://*.example.com:*", "https://*.example.org:8443")
    for port in ("", ":1", ":80", ":443", ":3000", ":65535", ":0"):
        assert matching.match(f"http://localhost{port}") == (port != ":80")
        assert matching.match(f"https://a.example.com{port}") == (port != ":443")
        assert not matching.match(f"https://localhost{port}")
        assert not matching.match(f"https://a.example.org{port}")
        assert not matching.match(f"http://a.localhost{port}")
    for port in (
        ":",
        ":65536",
        ":99999",
        ":100000",
        ":01",
        ":00",
        ":+1",
        ":-1",
        ":*",
        ":\u0661",
        ":8443x",
        ":1:1",
    ):
        assert not matching.match(f"http://localhost{port}")
        assert not matching.match(f"https://a.example.com{port}")
    assert matching.match("https://a.example.org:8443")
    assert not matching.match("https://a.example.org:84430")


def test_what_stands_around_an_address_is_no_match() -> None:
    matching = patterns("http://[::1]:*", "http://127.0.0.1:*", "http://localhost:*")
    for origin in ("http://[::1]", "http://[::1]:81", "http://127.0.0.1:81"):
        assert matching.match(origin)
    for origin in (
        "http://[::1]x",
        "http://[::1].localhost",
        "x:http://localhost",
        "x http://localhost",
        "http://[0::1]",
        "http://127.1",
    ):
        assert not matching.match(origin)


def test_patterns_of_one_host_are_a_union() -> None:
    matching = patterns(
        "https://*.example.com",
        "https://*.example.com:81",
        "https://*.b.example.com:82",
        "http://a.example:*",
    )
    assert [matching.match(f"https://a.b.example.com{port}") for port in ("", ":81", ":82", ":83")] == [
        True,
        True,
        True,
        False,
    ]
    assert [matching.match(f"https://a.example.com{port}") for port in ("", ":81", ":82")] == [
        True,
        True,
        False,
    ]
    assert not matching.match("http://b.a.example:81")


def test_the_middleware_allows_what_a_pattern_matches_by_its_name() -> None:
    middleware = CORSMiddleware(
        Recorder(), ["https://*.example.com", "https://b.example"], allow_credentials=True
    )
    for origin, allowed in (
        (b"https://a.example.com", 1),
        (b"https://b.example", 1),
        (b"https://example.com", 0),
        (b"https://*.example.com", 0),
    ):
        for method, headers in (("GET", [(b"origin", origin)]), ("OPTIONS", preflight(origin=origin))):
            result = call(middleware, method, headers)
            assert result.values(b"access-control-allow-origin") == [origin] * allowed
            assert result.values(b"access-control-allow-credentials") == [b"true"] * allowed
    assert middleware.is_allowed_origin("https://a.example.com") is True
    assert middleware.is_allowed_origin("https://a.example.com/") is False


def test_a_pattern_and_a_regex_are_a_union() -> None:
    middleware = CORSMiddleware(
        Recorder(), ["https://*.example.com"], allow_origin_regex=r"https://b\.example"
    )
    assert [
        middleware.is_allowed_origin(f"https://{host}")
        for host in ("a.example.com", "b.example", "c.example")
    ] == [True, True, False]


def seconds(middleware: CORSMiddleware, origins: list[str]) -> float:
    """The least time that judging these origins takes."""

    def once() -> float:
        started = time.perf_counter()
        for origin in origins:
            middleware.is_allowed_origin(origin)
        return time.perf_counter() - started

    return min(once() for _ in range(30))


@pytest.mark.slow
@pytest.mark.mutation_skip
def test_ten_thousand_patterns_cost_what_one_costs() -> None:
    one = CORSMiddleware(Recorder(), ["https://*.d1.example.com"])
    many = CORSMiddleware(Recorder(), [f"https://*.d{number}.example.com" for number in range(10_000)])
    origins = [f"https://a{number}.d1.example.com" for number in range(200)]
    assert seconds(many, origins) < 2 * seconds(one, origins)


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("filling", ["a.", "a", "-", ".", f"{LONG}.", "xn--bcher-kva."])
def test_an_origin_of_512_bytes_costs_at_most_ten_times_what_one_of_50_costs(filling: str) -> None:
    middleware = CORSMiddleware(
        Recorder(), ["https://*.example.com", "https://*.a.a.a.a.example.com", "http://localhost:*"]
    )

    def origins(length: int) -> list[str]:
        room = length - len("https://.example.com")
        return [f"https://{(filling * 512)[:room]}{end}" for end in (".example.com", ".example.net")] * 50

    assert seconds(middleware, origins(512)) < 10 * seconds(middleware, origins(50))
