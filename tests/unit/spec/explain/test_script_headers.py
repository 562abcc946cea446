"""What a script has set, and what the browser has added."""

import pytest

from spec.explain.script_headers import ADDED, is_added, script_headers


@pytest.mark.parametrize(
    ("name", "value", "added"),
    [
        (":authority", "a", True),
        ("Accept", "*/*", True),
        ("Accept", "application/json", False),
        ("X-Accept", "*/*", False),
        ("Accept-Language", "en", True),
        ("Cache-Control", "no-cache", True),
        ("Cookie", "a=1", True),
        ("Sec-CH-UA", "a", True),
        ("sec-fetch-mode", "cors", True),
        ("Origin", "https://a.example", True),
        ("Content-Type", "application/json", False),
        ("Authorization", "Bearer a", False),
        ("X-Token", "1", False),
        ("X-Method-Override", "TRACE", True),
        ("X-Method-Override", "PUT", False),
        ("X-\u20ac", "\u20ac", False),
    ],
)
def test_a_browser_adds_what_a_script_cannot_or_seldom_sets(name: str, value: str, added: bool) -> None:
    assert is_added(name, value) == added
    assert script_headers([(name, value), ("X-A", "1")]) == (
        (("X-A", "1"),) if added else ((name, value), ("X-A", "1"))
    )


def test_what_few_scripts_set_is_listed() -> None:
    assert sorted(ADDED) == [
        "accept-language", "cache-control", "downlink", "dpr", "ect", "if-modified-since", "if-none-match",
        "pragma", "priority", "rtt", "save-data", "upgrade-insecure-requests", "user-agent", "viewport-width",
        "width",
    ]  # fmt: skip
