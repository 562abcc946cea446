"""Public suffixes by a table: the longest rule decides, unless there is an exception."""

import pytest

from spec.suffixes import public_suffix, registrable_domain

SUFFIXES = {
    # One label, two, three
    "com": "com",
    "a.com": "com",
    "b.a.com": "com",
    "co.uk": "co.uk",
    "a.co.uk": "co.uk",
    "c.b.a.co.uk": "co.uk",
    "uk": "uk",
    "a.uk": "uk",
    "github.io": "github.io",
    "a.github.io": "github.io",
    "k12.ca.us": "k12.ca.us",
    "a.k12.ca.us": "k12.ca.us",
    # A rule for any label, and its exceptions
    "ck": "ck",
    "a.ck": "a.ck",
    "b.a.ck": "a.ck",
    "c.b.a.ck": "a.ck",
    "www.ck": "ck",
    "a.www.ck": "ck",
    "kobe.jp": "jp",
    "a.kobe.jp": "a.kobe.jp",
    "b.a.kobe.jp": "a.kobe.jp",
    "city.kobe.jp": "kobe.jp",
    "b.a.city.kobe.jp": "kobe.jp",
    # A longer rule below one that is skipped over: `compute.amazonaws.com` has none but by any label
    "compute.amazonaws.com": "com",
    "a.compute.amazonaws.com": "a.compute.amazonaws.com",
    # No rule
    "unknown": "unknown",
    "b.a.unknown": "unknown",
    "com.unknown": "unknown",
    "localhost": "localhost",
}

REGISTRABLE = {
    "com": None,
    "a.com": "a.com",
    "c.b.a.com": "a.com",
    "co.uk": None,
    "b.a.co.uk": "a.co.uk",
    "www.ck": "www.ck",
    "b.a.www.ck": "www.ck",
    "a.ck": None,
    "unknown": None,
    "b.a.unknown": "a.unknown",
    "localhost": "localhost",
    "a.localhost": "localhost",
    "notlocalhost": None,
    "a.notlocalhost": "a.notlocalhost",
}


@pytest.mark.parametrize(("host", "expected"), SUFFIXES.items())
def test_a_suffix_is_what_the_longest_rule_says(host: str, expected: str) -> None:
    assert public_suffix(host) == expected


@pytest.mark.parametrize(("host", "expected"), REGISTRABLE.items())
def test_a_registrable_domain_has_one_label_more(host: str, expected: str | None) -> None:
    assert registrable_domain(host) == expected
