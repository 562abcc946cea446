"""Near misses hold what they promise: every family, each once, never what is allowed itself."""

import pytest

from spec.generate.near_miss_origins import FAMILIES, NearMiss, near_misses, sequences

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
