"""Leftovers: what people forget in lists is there, each once, and nothing that is allowed."""

import pytest

from spec.generate.near_miss_leftovers import leftovers
from spec.origin import Kind, canonical

APP, OTHER = "https://app.example.com", "http://localhost:3000"

WITNESSES = {
    "front ends": ["http://localhost", "http://localhost:5173", "http://localhost:4200", "http://127.0.0.1:8080"],
    "apps": ["ionic://localhost", "capacitor://localhost", "https://localhost"],
    "extensions": [
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        "moz-extension://01234567-89ab-4cde-8f01-23456789abcd",
    ],
    "siblings": ["https://app1.example.com", "https://app2.example.com", "https://app-2.example.com"],
    "stages": ["https://dev.example.com", "https://app-staging.example.com", "https://www.example.com"],
    "suffixes": ["https://app.example.net", "https://app.example.co.uk"],
    "glued": [f"{APP}{OTHER}", f"{OTHER}{APP}", f"{APP}localhost:3000"],
}  # fmt: skip


@pytest.mark.parametrize("kind", WITNESSES)
def test_every_kind_of_leftover_is_there(kind: str) -> None:
    assert set(WITNESSES[kind]) <= set(leftovers([APP, OTHER]))


@pytest.mark.parametrize(
    ("origin", "found", "missing"),
    [
        ("https://app1.example.com:8443",
         ["https://app2.example.com:8443", "https://app.example.com:8443"], ["https://app11.example.com:8443"]),
        ("https://a.example", ["https://dev.a.example", "https://a.com"], ["https://dev.example"]),
        ("https://a.example.co.uk", ["https://a.example.com", "https://dev.example.co.uk"],
         ["https://a.example.co.com"]),
        ("https://7.example.com", ["https://8.example.com"], ["https://.example.com"]),
    ],
)  # fmt: skip
def test_a_sibling_has_another_number_or_name(origin: str, found: list[str], missing: list[str]) -> None:
    every = leftovers([origin])
    assert set(found) <= set(every)
    assert not set(missing) & set(every)


@pytest.mark.parametrize(
    "origin", ["null", "http://localhost", "http://127.0.0.1:80", "http://[::1]", "file://"]
)
def test_what_has_no_domain_has_no_siblings(origin: str) -> None:
    assert set(leftovers([origin])) == set(leftovers([])) - {origin}


def test_what_is_allowed_is_no_leftover_and_nothing_comes_twice() -> None:
    allowed = [APP, "https://app2.example.com", "http://localhost:5173"]
    every = leftovers(allowed)
    assert not set(allowed) & set(every)
    assert len(every) == len(set(every)) > 80


def test_pages_send_all_but_what_is_glued() -> None:
    never = [each for each in leftovers([APP, OTHER]) if canonical(each).kind is Kind.NEVER]
    assert set(never) == {f"{APP}{OTHER}", f"{OTHER}{APP}", f"{OTHER}app.example.com"}
