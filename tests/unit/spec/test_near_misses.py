"""Near misses hold what they promise: every family, each once, never what is allowed itself."""

import re

import pytest

from spec.http import elements, is_token, names, tokens
from spec.near_misses import (
    FAMILIES,
    IRRELEVANT_HEADERS,
    OF_PATTERNS,
    NearMiss,
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
    near_misses,
    pattern_examples,
    pattern_misses,
    sequences,
)

A = "https://app.example.com"
B = "http://localhost:3000"

# One witness for each kind of near miss, for A allowed beside B.
WITNESSES = {
    "nothing and everything": ["null", "*", "", f"{A} ", f"\t{A}"],
    "unlisted origins": ["https://evil.example", "http://evil.example"],
    "glued domains": [
        f"{A}.evil.example",
        f"{A}evil.example",
        "https://evilapp.example.com",
        "https://xapp.example.com",
    ],
    "neighbouring domains": [
        "https://sub.app.example.com",
        "https://a.b.c.d.app.example.com",
        "https://example.com",
        "https://pp.example.com",
        "https://app.example.co",
    ],
    "dots as letters": ["https://appxexample.com", "https://app.examplexcom", "https://appxexamplexcom"],
    "schemes": [
        "http://app.example.com",
        "HTTPS://app.example.com",
        "//app.example.com",
        "https:/app.example.com",
    ],
    "ports": [f"{A}:443", f"{A}:80", f"{A}:0", f"{A}:65535", f"{A}:65536", f"{A}:", f"{A}:443.evil.example"],
    "spellings and tails": [
        "https://APP.EXAMPLE.COM",
        f"{A}/",
        f"{A}/path",
        f"{A}?q",
        f"{A}#f",
        f"{A};",
        f"{A}.",
    ],
    "disguises": [
        "https://app.example.com@evil.example",
        "https://user@app.example.com",
        f"https://evil.example/#{A}",
    ],
    "special characters": [
        f"{A}_.evil.example",
        f"{A}.!.evil.example",
        f"{A}%60.evil.example",
        f"{A}\n.evil.example",
    ],
    "loopback and private hosts": [
        "http://localhost",
        "http://127.1",
        "http://[::ffff:7f00:1]",
        "http://2130706433",
    ],
    "shared hosting": ["https://evil.github.io", "https://evil.pages.dev"],
    "international names": ["https://\u0430pp.example.com", "https://app\u3002example\u3002com"],
    "mixtures of allowed origins": [
        "http://app.example.com",
        "https://localhost:3000",
        "https://localhost",
        "https://app.example.com:3000",
        "https://localhostapp.example.com",
    ],
    "several values": [
        f"{A}, https://evil.example",
        f"{A} https://evil.example",
        f"https://evil.example, {A}",
    ],
    "bytes": [f"{A}\n", f"{A}\r\n", f"\n{A}", f"{A}\0"],
}


def test_every_family_has_a_witness_of_every_kind() -> None:
    found_all = near_misses(A, [B])
    found = {near_miss.lines for near_miss in found_all}
    assert {near_miss.family for near_miss in found_all} == set(FAMILIES) == set(WITNESSES)
    missing = {
        (family, value)
        for family, values in WITNESSES.items()
        for value in values
        if (value.encode(),) not in found
    }
    assert missing == set()


def test_two_origin_lines_come_in_either_order_and_no_line_at_all() -> None:
    found = [near_miss.lines for near_miss in near_misses(A)]
    evil = b"https://evil.example"
    assert (A.encode(), evil) in found
    assert (evil, A.encode()) in found
    assert () in found


def test_an_origin_of_eight_thousand_bytes_begins_and_another_ends_like_the_allowed_one() -> None:
    long = [line for near_miss in near_misses(A) for line in near_miss.lines if len(line) > 8000]
    assert any(line.startswith(A.encode()) for line in long)
    assert any(line.endswith(b".app.example.com") for line in long)


def test_the_order_is_fixed_and_nothing_comes_twice() -> None:
    found_all = near_misses(A, [B])
    assert found_all == near_misses(A, [B])
    lines = [near_miss.lines for near_miss in found_all]
    assert len(lines) == len(set(lines)) > 400


@pytest.mark.parametrize(
    "origin", [A, B, "http://[::1]:8080", "null", "capacitor://localhost", "file://", "app://.", "*", ""]
)
def test_what_is_allowed_is_no_near_miss_of_itself(origin: str) -> None:
    found = {near_miss.lines for near_miss in near_misses(origin, [A, B])}
    assert found.isdisjoint({(entry.encode(),) for entry in (origin, A, B)})
    assert len(found) > 50


def test_ports_are_changed_dropped_and_lengthened() -> None:
    found = {near_miss.lines for near_miss in near_misses(B)}
    expected = [
        "http://localhost",
        "http://localhost:30001",
        "http://localhost:3000.evil.example",
        "http://localhost:",
    ]
    assert {(value.encode(),) for value in expected} <= found


def test_an_international_name_is_also_sent_as_its_reader_sees_it() -> None:
    found = {near_miss.lines for near_miss in near_misses("https://xn--bcher-kva.example")}
    assert ("https://b\u00fccher.example".encode(),) in found
    assert ("https://b\u00fccher.example".encode("latin-1"),) in found
    assert near_misses("https://xn--\u00e9.example")  # no punycode: kept as it is


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


def test_the_attacker_is_chosen_by_the_caller() -> None:
    values = [line for near_miss in near_misses(A, attacker="attacker.test") for line in near_miss.lines]
    assert b"https://attacker.test" in values
    assert not any(value.endswith(b"evil.example") for value in values)


def test_a_near_miss_says_whether_http_can_send_it() -> None:
    assert NearMiss("any", (b"https://a.example",)).travels
    assert NearMiss("any", ()).travels
    for value in (b" a", b"a\t", b"a\nb", b"a\r", b"\0"):
        assert not NearMiss("any", (b"x", value)).travels


def test_sequences_repeat_and_interleave() -> None:
    yes, no = (A.encode(),), (b"https://evil.example",)
    orders = sequences(A)
    assert [yes] * 5 in orders
    assert [no, yes] in orders
    assert all(set(order) <= {yes, no, ()} for order in orders)


def test_no_near_miss_of_a_method_is_the_method() -> None:
    for method in ("GET", "PUT", "PATCH", "QUERY", "*", "get"):
        forms = method_near_misses(method)
        assert len(forms) == len(set(forms)) > 30
        assert all(set(form) != {method.encode()} for form in forms)
    forms = method_near_misses("PUT")
    for expected in ((b"put",), (b"XPUT",), (b"PU",), (b"",), (b"PUT\n",), (b"PUT", b"GET"), (b"PUT,PUT",)):
        assert expected in forms


@pytest.mark.parametrize("wanted", [[], ["X-A"], ["X-B", "x-a", "Content-Type"]])
def test_forms_ask_for_the_same_names(wanted: list[str]) -> None:
    forms = header_list_forms(wanted)
    assert len(forms) == len(set(forms)) > 5
    for form in forms:
        assert names(form) == {name.lower().encode() for name in wanted}
        assert tokens(form) is not None


def test_the_first_form_is_what_a_browser_sends() -> None:
    assert header_list_forms(["X-B", "x-a", "X-b"])[0] == (b"x-a,x-b",)
    assert header_list_forms([])[0] == ()


def test_no_breaker_is_a_list_of_tokens() -> None:
    for wanted in ([], ["X-A"], ["x-a", "x-b"]):
        breakers = header_list_breakers(wanted)
        assert len(breakers) == len(set(breakers)) > 100
        for lines in breakers:
            assert not all(is_token(element) for element in elements(lines)), lines


def test_floods_have_the_size_that_they_promise() -> None:
    for wanted in ([], ["x-a", "X-B"]):
        floods = header_list_floods(wanted, sizes=(100, 8192))
        assert {sum(map(len, lines)) for lines in floods} == {100, 8192}
        assert max(len(lines) for lines in floods) > 1000
        assert any(names(lines) == {name.lower().encode() for name in wanted} for lines in floods)


def test_irrelevant_headers_hold_every_response_header_of_cors() -> None:
    found = {name for name, _ in IRRELEVANT_HEADERS}
    for suffix in ("origin", "credentials", "methods", "headers", "private-network"):
        assert b"access-control-allow-" + suffix.encode() in found
    assert {
        b"access-control-expose-headers",
        b"access-control-max-age",
        b"cookie",
        b"authorization",
        b"vary",
    } <= found
    assert all(re.fullmatch(rb"[a-z-]+", name) for name in found)
