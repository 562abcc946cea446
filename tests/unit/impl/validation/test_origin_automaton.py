"""The automaton of origins accepts what browsers send, read from the end, and nothing else."""

from __future__ import annotations

import re
from itertools import product

import pytest

from impl.origin import canonical
from impl.validation.automaton import BEGIN, END, MARK, PRINTABLE, mask
from impl.validation.origin_automaton import Origins, State

STRICT, LOOSE = Origins(), Origins(strict=False)


STEPS: dict[tuple[Origins, State], tuple[tuple[int, State], ...]] = {}


def steps(origins: Origins, state: State) -> tuple[tuple[int, State], ...]:
    key = (origins, state)
    if key not in STEPS:
        STEPS[key] = origins.steps(state)
    return STEPS[key]


def accepts(origins: Origins, text: str) -> bool:
    states = {State("end")}
    for character in reversed(text):
        states = {
            other for state in states for bits, other in steps(origins, state) if bits >> ord(character) & 1
        }
    return any(map(origins.is_final, states))


SCHEMES = ("http", "https", "ws", "wss", "ftp", "file", "capacitor", "a", "x-y", "h", "s", "p", "xhttp",
"httpx", "1http",
           "-a", "HTTP", "ahttps", "attp", "shttp", "fttp", "")  # fmt: skip
HOSTS = (
    "a", "ab", "a.b", "a.b.c", "a-b", "a--b.c", "0a", "a0", "0.a", "1.2.a", "0x1g", "xa", "x0", "fx", "0y",
    "f", "10x",
    "1.2.3.4", "255.255.255.255", "0.0.0.0", "10.20.30.40", "199.249.99.9", "200.205.250.255",
    "a1", "a.1b", "a.f0", "a.x", "a.0xg", "a.b0x", "xx", "0x.a", "0xf.a", "8.a", "a.0b", "a.00x1",
    "a.0x0x", "0x0x1",
)  # fmt: skip
NO_HOSTS = (
    "", ".", "a.", ".a", "a..b", "-a", "a-", "-", "a.-b", "a.b-", "a_b", "A", "a.B", "a b", "a/b", "a?b",
    "a#b", "a@b",
    "a%b", "a:b", "a\\b", "a,b", "a*b", "*", "a<b", "a>b", "a^b", "a|b", "a[b", "a]b",
    "1x2.3.4", "1-2.3.4", "1.2x3.4", "a.0xf1", "0xa1", "a.0x1a1",
    "1", "1.2", "1.2.3", "1.2.3.4.5", "1.2.3.256", "256.2.3.4", "1.260.3.4", "1.2.300.4", "01.2.3.4",
    "1.2.3.04", "1.00.3.4",
    "1.2.3.1234", "a.1", "a.12", "0x1", "a.0x1f", "0x", "a.0x", "a.0xff", "1.2.3.0x4", "a.2.3.4",
    "1.b.3.4", "1..3.4", ".2.3.4",
    "1.2.3.", "1.2.3.4.", "1.2.3.999", "1.2.3.261",
)  # fmt: skip
# Browsers keep these, though the grammar has them not.
ODD_HOSTS = ("a.", "-a", "a-", "-", "a.-b", "a.b-", "a_b", "a!b", "~", "a'b", '"', "a;b",
"a=b", "a{b}", "a.2.")  # fmt: skip
PORTS = ("", ":1", ":8", ":80", ":081", ":800", ":8080", ":180", ":4", ":43", ":443", ":4438", ":1443",
":44380", ":4380",
         ":0", ":00", ":01", ":65535", ":65536", ":65545", ":65635", ":66535", ":75535", ":59999",
         ":60000", ":65530", ":65529",
         ":655350", ":99999", ":", ":a", ":1a", ":-1", "::1")  # fmt: skip


def is_port(scheme: str, port: str) -> bool:
    """Written down apart from the automaton."""
    if not port:
        return True
    number = port[1:]
    if not re.fullmatch("0|[1-9][0-9]*", number) or int(number) > 65535:
        return False
    return {"http": "80", "https": "443"}.get(scheme) != number


def is_scheme(scheme: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9+.\-]*", scheme) is not None and scheme not in (
        "ws",
        "wss",
        "ftp",
        "file",
    )


def test_strict_origins_are_those_of_the_grammar_that_browsers_send() -> None:
    for scheme, host, port in (
        *product(SCHEMES, ("a", "1.2.3.4"), PORTS),
        *product(("http", "a"), HOSTS, ("", ":81")),
    ):
        text = f"{scheme}://{host}{port}"
        assert accepts(STRICT, text) == (is_scheme(scheme) and is_port(scheme, port)), text
    for host in NO_HOSTS:
        assert not accepts(STRICT, f"https://{host}"), host
        assert not accepts(STRICT, f"https://{host}:8080"), host


def test_what_is_accepted_is_canonical() -> None:
    for scheme, host in product(("http", "https"), (*HOSTS, *NO_HOSTS)):
        text = f"{scheme}://{host}"
        if accepts(STRICT, text):
            assert canonical(text) == text


def test_loose_origins_are_all_that_browsers_keep() -> None:
    for host in (*HOSTS, *ODD_HOSTS):
        assert accepts(LOOSE, f"https://{host}"), host
        assert accepts(LOOSE, f"http://{host}:443"), host
    for host in set(NO_HOSTS) - set(ODD_HOSTS) - {"1.2.3.", "1.2.3.4.", "a.2.3.4."}:
        assert not accepts(LOOSE, f"https://{host}"), host


@pytest.mark.parametrize("origins", [STRICT, LOOSE])
def test_the_brackets_of_an_ipv6_address_hold_digits_and_colons(origins: Origins) -> None:
    for host in ("[::1]", "[2001:db8::f]", "[::]"):
        assert accepts(origins, f"http://{host}")
        assert accepts(origins, f"http://{host}:81")
        assert not accepts(origins, f"http://{host}:80")
    for host in (
        "[]",
        "[g]",
        "[::1",
        "::1]",
        "a[::1]",
        "[::1]a",
        "[:.:]",
        "[[::1]]",
        "[A::]",
        "g::1]",
        "x::1]",
    ):
        assert not accepts(origins, f"http://{host}")


@pytest.mark.parametrize(
    "text",
    ["", "a", "null", "https:/a", "https:a", "https//a", "://a", "//a", "https:///a", "https://a/",
    "https://a/b", "https://https://a", "https:/x1.2.3.4", "https:/x[::1]"],
)  # fmt: skip
def test_what_has_no_scheme_or_a_path_is_no_origin(text: str) -> None:
    assert not accepts(STRICT, text)
    assert not accepts(LOOSE, text)


def test_only_the_schemes_that_are_asked_for() -> None:
    http = Origins(schemes=frozenset({"http"}))
    assert [scheme for scheme in SCHEMES if accepts(http, f"{scheme}://a")] == ["http"]
    assert not accepts(http, "http://a:80")
    assert accepts(http, "http://a:443")
    both = Origins(schemes=frozenset({"http", "https"}))
    assert [scheme for scheme in SCHEMES if accepts(both, f"{scheme}://a")] == ["http", "https"]


def test_edges_and_marks_have_no_width() -> None:
    for origins in (STRICT, LOOSE):
        assert accepts(origins, f"{BEGIN}https://a{END}")
        assert accepts(origins, f"{BEGIN}{BEGIN}https://a:81{END}{END}")
        assert accepts(origins, f"{MARK}ht{MARK}tps:{MARK}{MARK}//a{MARK}.b{MARK}")
        for text in (
            f"h{BEGIN}ttps://a",
            f"https://a{BEGIN}",
            f"https://{END}a",
            f"{END}https://a",
            f"https://a{END}:81",
        ):
            assert not accepts(origins, text)
        assert not accepts(origins, f"x{BEGIN}https://a")


def test_characters_of_a_kind_are_told_apart_where_it_matters() -> None:
    # Each printable character on its own, in each part of an origin.
    for character in PRINTABLE:
        for text in (
            f"{character}://a",
            f"https://{character}",
            f"https://a{character}",
            f"https://{character}.a",
            f"https://a:{character}",
        ):
            expected = canonical(text) == text if text.startswith("https:") else None
            if (
                expected is not None
                and "[" not in text
                and "*" not in text
                and "," not in text
                and "//." not in text
            ):
                assert accepts(LOOSE, text) == (expected and not text.endswith(":")), text
    assert all(bits & mask(PRINTABLE + BEGIN + END + MARK) == bits for bits, _ in STRICT.steps(State("end")))
