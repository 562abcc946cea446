"""Registrable domains by the table of public suffixes, and the public suffixes below a name."""

import pytest

from impl.validation.suffixes import below, registrable_domain, rules

REGISTRABLE = {
    # A suffix of one label, of two, of three
    "com": None,
    "example.com": "example.com",
    "a.b.example.com": "example.com",
    "co.uk": None,
    "example.co.uk": "example.co.uk",
    "a.example.co.uk": "example.co.uk",
    "github.io": None,
    "a.github.io": "a.github.io",
    "k12.ca.us": None,
    "a.k12.ca.us": "a.k12.ca.us",
    # A rule for any label, and its exceptions
    "any.ck": None,
    "a.any.ck": "a.any.ck",
    "b.a.any.ck": "a.any.ck",
    "www.ck": "www.ck",
    "a.www.ck": "www.ck",
    "city.kobe.jp": "city.kobe.jp",
    "a.city.kobe.jp": "city.kobe.jp",
    # Below a rule of more labels there is none but for `com`
    "compute.amazonaws.com": "amazonaws.com",
    # No rule: the last label is the suffix
    "internal": None,
    "a.unknown": "a.unknown",
    "b.a.unknown": "a.unknown",
    "com.unknown": "com.unknown",
    # The browser's own machine
    "localhost": "localhost",
    "a.localhost": "localhost",
    "b.a.localhost": "localhost",
    "notlocalhost": None,
    "a.notlocalhost": "a.notlocalhost",
}


@pytest.mark.parametrize(("host", "expected"), REGISTRABLE.items())
def test_a_registrable_domain_is_a_public_suffix_and_one_label_more(host: str, expected: str | None) -> None:
    assert registrable_domain(host) == expected


def test_the_rules_are_those_of_the_table() -> None:
    assert {"com", "uk", "co.uk", "k12.ca.us", "*.ck", "!www.ck"} <= rules()
    assert not any("#" in rule or "" in rule.split(".") for rule in rules())


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("uk", ["ac.uk", "co.uk", "me.uk", "gov.uk"]),  # the shortest first, then by the alphabet
        ("ck", ["any.ck"]),  # an exception is no suffix
        ("compute.amazonaws.com", ["any.compute.amazonaws.com"]),
        ("ca.us", ["cc.ca.us", "k12.ca.us", "lib.ca.us"]),
        ("example.com", []),
        ("www.ck", []),
    ],
)
def test_the_suffixes_below_a_name_are_examples_of_all_rules_there(name: str, first: list[str]) -> None:
    assert below(name)[:4] == first


def test_suffixes_are_below_each_name_that_they_end_in() -> None:
    assert "k12.ca.us" in below("us")
    assert "k12.ca.us" in below("ca.us")
    assert "k12.ca.us" not in below("k12.ca.us")
    assert "com" not in below("com")
