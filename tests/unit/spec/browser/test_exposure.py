"""Which headers of a response a script may read."""

from dataclasses import replace

import pytest

from spec.browser import (
    outcome,
)
from tests.unit.spec.browser.fetching import GET, HOME, MODES, says

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
