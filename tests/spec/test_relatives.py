"""The near relatives hold what they promise: every family, each once, never what is allowed itself."""

import re

import pytest

from spec.http import elements, is_token, names, tokens
from spec.relatives import (
    BYSTANDERS,
    FAMILIES,
    Relative,
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_relatives,
    near_relatives,
    sequences,
)

A = "https://app.example.com"
B = "http://localhost:3000"

# One witness for each kind of near relative, for A allowed beside B.
WITNESSES = {
    "nothing and everything": ["null", "*", "", f"{A} ", f"\t{A}"],
    "strangers": ["https://evil.example", "http://evil.example"],
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
    relatives = near_relatives(A, [B])
    found = {relative.lines for relative in relatives}
    assert {relative.family for relative in relatives} == set(FAMILIES) == set(WITNESSES)
    missing = {
        (family, value)
        for family, values in WITNESSES.items()
        for value in values
        if (value.encode(),) not in found
    }
    assert missing == set()


def test_two_origin_lines_come_in_either_order_and_no_line_at_all() -> None:
    found = [relative.lines for relative in near_relatives(A)]
    evil = b"https://evil.example"
    assert (A.encode(), evil) in found
    assert (evil, A.encode()) in found
    assert () in found


def test_an_origin_of_eight_thousand_bytes_begins_and_another_ends_like_the_allowed_one() -> None:
    long = [line for relative in near_relatives(A) for line in relative.lines if len(line) > 8000]
    assert any(line.startswith(A.encode()) for line in long)
    assert any(line.endswith(b".app.example.com") for line in long)


def test_the_order_is_fixed_and_nothing_comes_twice() -> None:
    relatives = near_relatives(A, [B])
    assert relatives == near_relatives(A, [B])
    lines = [relative.lines for relative in relatives]
    assert len(lines) == len(set(lines)) > 400


@pytest.mark.parametrize(
    "origin", [A, B, "http://[::1]:8080", "null", "capacitor://localhost", "file://", "app://.", "*", ""]
)
def test_what_is_allowed_is_no_relative_of_itself(origin: str) -> None:
    found = {relative.lines for relative in near_relatives(origin, [A, B])}
    assert found.isdisjoint({(entry.encode(),) for entry in (origin, A, B)})
    assert len(found) > 50


def test_ports_are_changed_dropped_and_lengthened() -> None:
    found = {relative.lines for relative in near_relatives(B)}
    expected = [
        "http://localhost",
        "http://localhost:30001",
        "http://localhost:3000.evil.example",
        "http://localhost:",
    ]
    assert {(value.encode(),) for value in expected} <= found


def test_an_international_name_is_also_sent_as_its_reader_sees_it() -> None:
    found = {relative.lines for relative in near_relatives("https://xn--bcher-kva.example")}
    assert ("https://b\u00fccher.example".encode(),) in found
    assert ("https://b\u00fccher.example".encode("latin-1"),) in found
    assert near_relatives("https://xn--\u00e9.example")  # no punycode: kept as it is


def test_the_attacker_is_chosen_by_the_caller() -> None:
    values = [line for relative in near_relatives(A, attacker="attacker.test") for line in relative.lines]
    assert b"https://attacker.test" in values
    assert not any(value.endswith(b"evil.example") for value in values)


def test_a_relative_says_whether_http_carries_it() -> None:
    assert Relative("any", (b"https://a.example",)).travels
    assert Relative("any", ()).travels
    for value in (b" a", b"a\t", b"a\nb", b"a\r", b"\0"):
        assert not Relative("any", (b"x", value)).travels


def test_sequences_repeat_and_interleave() -> None:
    yes, no = (A.encode(),), (b"https://evil.example",)
    orders = sequences(A)
    assert [yes] * 5 in orders
    assert [no, yes] in orders
    assert all(set(order) <= {yes, no, ()} for order in orders)


def test_no_relative_of_a_method_is_the_method() -> None:
    for method in ("GET", "PUT", "PATCH", "QUERY", "*", "get"):
        forms = method_relatives(method)
        assert len(forms) == len(set(forms)) > 30
        assert all(set(form) != {method.encode()} for form in forms)
    forms = method_relatives("PUT")
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


def test_bystanders_hold_every_response_header_of_cors() -> None:
    found = {name for name, _ in BYSTANDERS}
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
