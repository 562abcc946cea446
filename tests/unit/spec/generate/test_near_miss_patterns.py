"""A pattern has examples, and near misses of its own beside those of an example."""

import pytest

from spec.generate.near_miss_origins import FAMILIES, OF_PATTERNS, near_misses
from spec.generate.near_miss_patterns import pattern_examples, pattern_misses

A = "https://app.example.com"
B = "http://localhost:3000"
BELOW, ANY_PORT = "https://*.example.com", "http://localhost:*"
BELOW_ON_A_PORT, BOTH = "https://*.b.example:8443", "http://*.localhost:*"


def long(start: str, length: int, host: str) -> str:
    """An origin of this length."""
    room = length - len(start) - len(host)
    return start + ("a." * (room // 2) if room % 2 == 0 else "aa." + "a." * (room // 2 - 1)) + host


def test_the_examples_of_a_pattern_are_these() -> None:
    assert pattern_examples(ANY_PORT) == [
        "http://localhost",
        *(f"http://localhost:{port}" for port in (8080, 3000, 65535, 1, 0)),
    ]
    assert pattern_examples("http://[::1]:*")[:2] == ["http://[::1]", "http://[::1]:8080"]
    assert pattern_examples(BELOW) == [
        *(
            f"https://{label}.example.com"
            for label in ("app", "a.b", "xn--bcher-kva", "1", "a-b.c", "a" * 63)
        ),
        long("https://", 512, "example.com"),
    ]
    assert pattern_examples(BELOW_ON_A_PORT) == [
        *(
            f"https://{label}.b.example:8443"
            for label in ("app", "a.b", "xn--bcher-kva", "1", "a-b.c", "a" * 63)
        ),
        long("https://", 512, "b.example:8443"),
    ]
    assert pattern_examples(BOTH) == [
        *(
            "http://app.localhost",
            "http://a.b.localhost",
            "http://app.localhost:8080",
            "http://a.b.localhost:8080",
        ),
        *(f"http://{label}.localhost" for label in ("xn--bcher-kva", "1", "a-b.c", "a" * 63)),
        *(f"http://app.localhost:{port}" for port in (3000, 65535, 1, 0)),
        long("http://", 512, "localhost"),
    ]
    assert {
        len(origin) for origin in map(str, (pattern_examples(BOTH)[-1], pattern_examples(BELOW)[-1]))
    } == {512}


@pytest.mark.parametrize("entry", [A, "null", "*", "https://*.com", "https://pr-*.example.com", ""])
def test_what_is_no_pattern_has_no_examples_and_no_near_misses(entry: str) -> None:
    assert pattern_examples(entry) == []
    assert pattern_misses(entry) == []
    assert {near_miss.family for near_miss in near_misses(entry)} <= set(FAMILIES)


MISSES = {
    BELOW: [
        BELOW, "https://example.com", "https://evilexample.com", "https://evil-example.com", "https://xexample.com",
        "https://.example.com", "https://..example.com", "https://app..example.com", "https://.app.example.com",
        "https://*.app.example.com", "https://app.example.com.evil.example", "https://app.example.comevil.example",
        "https://app.example.com.", "https://app.example.comx", "http://app.example.com", "ftp://app.example.com",
        "HTTPS://app.example.com", "httpss://app.example.com", "*://app.example.com", "https://app.example.com:443",
        "https://app.example.com:8080", "https://app.example.com:65536", "https://app.example.com:",
        "https://App.example.com", "https://a_b.example.com", "https://app-.example.com", "https://-app.example.com",
        "https://xn--.example.com", "https://xn--abc-.example.com", "https://\u00e4.example.com",
        "https://app.EXAMPLE.COM", f"https://{'a' * 63}.example.com", f"https://{'a' * 64}.example.com",
        f"https://app.{'a' * 63}.b.example.com", f"https://app.{'a' * 64}.b.example.com", "https://127.0.0.1",
        "https://127.0.0.1.example.com", "https://[::1].example.com", "https://evil.example/.example.com",
        "https://evil.example#.example.com", "https://evil.example:80.example.com", "https://app.example.com\n",
        "https://app.example.com/", *(long("https://", length, "example.com") for length in (512, 513)),
    ],
    ANY_PORT: [
        ANY_PORT, "http://evillocalhost", "http://.localhost", "http://localhost.evil.example", "http://localhost.",
        "https://localhost", "http://localhost:80", "http://localhost:8080", "http://localhost:65535",
        "http://localhost:65536", "http://localhost:99999", "http://localhost:100000", "http://localhost:00",
        "http://localhost:080", "http://localhost:08080", "http://localhost:0", "http://localhost:-1",
        "http://localhost:a", "http://localhost:", "http://localhost:8080:8080", "http://localhost:8080.evil.example",
        "http://localhost:8080@evil.example", "http://LOCALHOST", "http://[::1]", "http://app.localhost",
    ],
    BELOW_ON_A_PORT: [
        BELOW_ON_A_PORT, "https://b.example:8443", "https://app.b.example", "https://app.b.example:443",
        "https://app.b.example:08443", "https://app.b.example:8080", "https://app.b.example:8443.evil.example",
    ],
    BOTH: [BOTH, "http://localhost", "http://app.localhost:80", "http://app.localhost:65536", "http://localhost:*"],
}  # fmt: skip


@pytest.mark.parametrize("entry", MISSES)
def test_a_pattern_has_near_misses_of_every_kind(entry: str) -> None:
    misses = pattern_misses(entry)
    expected = {value.encode() for value in MISSES[entry]} - {b"http://app.localhost", b"http://localhost:*"}
    assert expected - set(misses) == set()
    assert len(misses) == len(set(misses)) > 80
    assert {len(value) for value in misses} >= ({512, 513} if entry == BELOW else set())


@pytest.mark.parametrize("entry", MISSES)
def test_near_misses_of_a_pattern_are_its_own_and_those_of_an_example(entry: str) -> None:
    found_all = near_misses(entry, [B])
    family = [near_miss.lines[0] for near_miss in found_all if near_miss.family == OF_PATTERNS]
    first = pattern_examples(entry)[0]
    assert family == [value for value in pattern_misses(entry) if value not in (first.encode(), B.encode())]
    families = {OF_PATTERNS, *FAMILIES} - (set() if "." in first else {"dots as letters"})
    assert {near_miss.family for near_miss in found_all} == families
    assert OF_PATTERNS == "near misses of a pattern"
    others = {near_miss.lines for near_miss in near_misses(first, [B])}
    assert {near_miss.lines for near_miss in found_all} == others | {(value,) for value in family}


def test_a_pattern_beside_an_origin_is_mixed_in_by_an_example() -> None:
    found = {near_miss.lines for near_miss in near_misses(A, [BELOW_ON_A_PORT])}
    assert (b"https://app.example.com:8443",) in found
    assert found.isdisjoint({(b"https://app.b.example:8443",), (A.encode(),)})
    assert not any(b"*.b.example" in line for lines in found for line in lines)


def test_the_attacker_of_a_pattern_is_chosen_too() -> None:
    assert b"https://app.example.com.attacker.test" in pattern_misses(BELOW, "attacker.test")
    assert not any(b"evil.example" in value for value in pattern_misses(BELOW, "attacker.test"))
    lines = {near_miss.lines for near_miss in near_misses(BELOW, attacker="attacker.test")}
    assert (b"https://app.example.com.attacker.test",) in lines
    assert not any(line.endswith(b"evil.example") for every in lines for line in every)
