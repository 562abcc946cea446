"""Origins that a regex matches are found from its automaton: which hosts it names, which it leaves open."""

from __future__ import annotations

import re

import pytest

from impl.validation import search
from impl.validation.automaton import TooLarge, automaton
from impl.validation.origin_automaton import Origins
from impl.validation.regex import parse
from impl.validation.search import Hosts, Search, is_canonical, is_unrelated, site

WEB = Origins(schemes=frozenset({"http", "https"}))


def searched(regex: str, origins: Origins = WEB) -> Search:
    compiled = re.compile(regex)
    return Search(automaton(parse(compiled), compiled.flags), origins)


def matches(found: Search, text: str) -> bool:
    return None in found.read(found.starts, text)


def test_an_origin_is_matched_when_the_regex_and_the_grammar_have_it() -> None:
    found = searched(r"https?://(?:[a-z]+\.)?example\.com(?::\d+)?/?")
    for text in ("https://example.com", "http://a.example.com", "https://example.com:8443"):
        assert matches(found, text)
    for text in (
        "https://example.com/",
        "https://b.a.example.com",
        "https://example.com:443",
        "https://xexample.com",
        "",
        "https://",
    ):
        assert not matches(found, text)


@pytest.mark.parametrize(
    ("regex", "shortest"),
    [
        (r"https://(?:abc|de)\.example", 18),
        (r"https://a{3,9}\.example", 19),
        (r"https?://a\.example(?::\d+)?", 16),
        (r".*", 8),
        (r"https://a\.example/", None),
        (r"", None),
    ],
)
def test_how_far_it_is_from_the_end_of_an_origin_to_its_beginning(regex: str, shortest: int | None) -> None:
    found = searched(regex)
    assert min((found.nearest[start] for start in found.starts), default=None) == shortest


def test_the_shortest_text_completes_an_origin_and_a_spelled_one_before_others() -> None:
    found = searched(r"https://(?:app.a|api)\.example\.(?:com|[a-z]+)")
    (node,) = {node for node in found.read(found.starts, ".example.com") if node and found.nearest[node] > 11}
    assert found.complete(node) == (0, "https://app.a")
    assert found.complete(None) == (0, "")
    assert {found.complete(node).text for node in found.read(found.starts, ".example.com")} == {
        "https://app.a",
        "https://api",
    }


def test_a_shorter_beginning_goes_before_a_spelled_one() -> None:
    found = searched(r"https://(?:abcd|[a-z])e\.example")
    (node,) = found.read(found.starts, ".example")
    assert found.complete(node) == (1, "https://ae")


def test_nothing_stands_before_an_origin() -> None:
    found = searched(r"(?:x?)https://a\.example")
    assert matches(found, "https://a.example")
    assert not matches(found, "xhttps://a.example")
    assert not matches(found, "yhttps://a.example")


def named(regex: str) -> set[str]:
    return Hosts(searched(regex)).named


@pytest.mark.parametrize(
    ("regex", "names"),
    [
        (r"https://a\.example", {"a.example"}),
        (r"https://b\.a\.example", {"a.example"}),
        (r"https://[a-z.]+\.a\.example", {"a.example"}),
        (r"https://(?:a|b)\.(?:x|y)\.(?:com|co\.uk)", {"x.com", "y.com", "x.co.uk", "y.co.uk"}),
        (r"https://[ab]\.com", {"a.com", "b.com"}),
        (r"https://[a-b]\.com", set()),
        (r"https://localhost(?::\d+)?", {"localhost"}),
        (r"https://.*\.localhost", {"localhost"}),
        (r"https://1\.2\.3\.4:81", {"1.2.3.4"}),
        (r"https://intranet", {"intranet"}),
        (r"https://com", {"com"}),
        (r"https://a\.github\.io", {"a.github.io"}),
        (r"https://.*\.github\.io", set()),
        (r"https://.*\.amazonaws\.com", {"amazonaws.com"}),
        (r"https://a\.s3\.amazonaws\.com", {"a.s3.amazonaws.com", "amazonaws.com"}),
        (r"https://a.example", {"a.example"}),
        (r"https://(?:example\.com|.*)", {"example.com"}),
    ],
)
def test_a_site_is_named_when_it_is_spelled(regex: str, names: set[str]) -> None:
    assert named(regex) == names


def first(regex: str, number: int) -> list[str]:
    unrelated = Hosts(searched(regex)).unrelated()
    return [text for text, _ in zip(unrelated, range(number), strict=False)]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(
    ("regex", "unrelated"),
    [
        (r"https://.*", ["https://evil.example", "https://evil", "https://a.evil.example"]),
        (r"https://a\.example.*", ["https://a.example.evil.example", "https://a.examplevil.example"]),
        (r"https://.*a\.example", ["https://evila.example"]),
        (r"https://[a-c]\.example", ["https://a.example", "https://b.example", "https://c.example"]),
        (r"https://[0x-z]\.example", ["https://x.example", "https://z.example", "https://0.example"]),
        (r"https://a\.example", []),
    ],
)
def test_unrelated_origins_are_likely_ones_first(regex: str, unrelated: list[str]) -> None:
    assert first(regex, len(unrelated) or 1) == unrelated


@pytest.mark.slow
@pytest.mark.mutation
def test_what_belongs_to_others_below_a_name_is_tried() -> None:
    found = Hosts(searched(r"https://[a-z0-9.-]+\.amazonaws\.com"))
    assert "https://evil.s3.amazonaws.com" in {*found.unrelated()}


def test_origins_are_those_that_are_spelled_and_then_unrelated_ones() -> None:
    found = Hosts(searched(r"http://(?:localhost|a\.example|[a-z]+\.b\.example):8080"))
    texts = [*found.origins()]
    assert {"http://localhost:8080", "http://a.example:8080", "http://a.b.example:8080"} <= {*texts[:4]}
    assert all(text.endswith(":8080") for text in texts)


def test_each_end_of_a_host_is_found_once() -> None:
    assert [*Hosts(searched(r"https://a\.example")).origins()] == ["https://a.example"]
    assert [*Hosts(searched(r"https://b\.a\.example")).origins()] == ["https://b.a.example"]
    assert [*Hosts(searched(r"https://[a-b]\.example")).unrelated()] == [
        "https://a.example",
        "https://b.example",
    ]
    assert [*Hosts(searched(r"https://[a-b]\.example")).origins()] == [
        "https://a.example",
        "https://b.example",
    ]


def test_only_what_is_open_is_filled_in() -> None:
    unrelated = {*Hosts(searched(r"https://a.b\.example")).unrelated()}
    assert "https://axb.example" in unrelated
    assert "https://a.b.example" not in unrelated
    glued = {*Hosts(searched(r"https://[a-z0-9.-]+aamazonaws\.com")).unrelated()}
    assert not [text for text in glued if text.endswith(".amazonaws.comaamazonaws.com")]


def test_the_bounds_are_these(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (search.MOST_STEPS, search.MOST_TEXTS) == (50_000, 5_000)
    assert search.MOST_NAMES == 200
    assert (search.LONGEST_ORIGIN, search.LONGEST_LABEL, search._TELLING) == (512, 63, "-09az.x")
    # Each of the 17 characters is a node with one step.
    monkeypatch.setattr(search, "MOST_STEPS", 34)
    found = searched(r"https://a\.example")
    monkeypatch.setattr(search, "MOST_STEPS", 33)
    with pytest.raises(TooLarge):
        searched(r"https://a\.example")
    # The end, and nine characters of the host.
    monkeypatch.setattr(search, "MOST_TEXTS", 10)
    Hosts(found)
    monkeypatch.setattr(search, "MOST_TEXTS", 9)
    with pytest.raises(TooLarge):
        Hosts(found)


TWO_HUNDRED = r"https://a[0123456789]{2}[ab]\.com"
# Regexes, and the first origin with a host that they do not name.
STRANGERS: list[tuple[str, str | None]] = [
    (r"https://[abcdefghijklmnopqrstuvwxyz]+\.com", "https://evilz.com"),
    (r"https://[0123456789abcdef]+\.github\.io", "https://aaf.github.io"),
    (r"https://(?:a|b|c|d|e)*example\.com", "https://aeexample.com"),
    (r"https://(?:ab)+\.com", "https://ababab.com"),
    (r"https://a+\.com", "https://aaa.com"),
    (TWO_HUNDRED, None),
    (r"https://[abc]a[0123456789]{2}\.com", "https://aa99.com"),
    (r"https://shop[01]{0,2}\.com", None),
    (r"https://(?:foo\.)*com", None),
    (r"(https://a\.example|https://b\.example)+", None),
    (r"https://172\.1\d\.\d+\.\d+", "https://172.10.143.3"),
    (r"https://172\.(?:16|32)\.\d{1,3}\.\d{1,3}:81", "https://172.32.143.143:81"),
    (r"https://(?:172\.31|192\.168|172\.40)\.\d+\.\d+", "https://172.40.143.3"),
    (r"https://1(0|1)\.\d+\.\d+\.\d+", "https://11.143.143.3"),
    (r"https://(?:10|1[5-9])\.\d+\.\d+\.\d+", "https://18.8.8.9"),
    (r"https://172\.31\.\d+\.\d+", None),
]


@pytest.mark.parametrize(("regex", "first"), STRANGERS)
def test_many_names_and_open_addresses_name_nobody(regex: str, first: str | None) -> None:
    hosts = Hosts(searched(regex))
    assert next((text for text in hosts.unrelated() if is_unrelated(text, hosts.named)), None) == first
    for text in hosts.unrelated():
        assert re.fullmatch(regex, text)


def test_open_addresses_stand_last_and_once_each() -> None:
    *_, before, one, two, three, four = Hosts(searched(r"https://10\.\d\.0\.1")).unrelated()
    assert [one, two, three, four] == [f"https://10.{number}.0.1" for number in (3, 1, 0, 8)]
    assert before == "https://10.3.0.1"  # the last of those that are open


def test_names_are_those_that_are_spelled_without_an_end() -> None:
    assert len(Hosts(searched(TWO_HUNDRED)).named) == 200
    assert Hosts(searched(r"https://a+\.com")).named == {"a.com", "aa.com"}
    assert Hosts(searched(r"https://a*b\.com")).named == {"b.com", "ab.com"}
    assert Hosts(searched(r"https://172\.(?:16|32)\.\d+\.\d+")).named == set()


@pytest.mark.parametrize(
    ("regex", "texts"),
    [
        (r"https://\d+\.\d+\.\d+\.\d+", 156),
        (r"https://172\.(?:16|32)\.\d+\.\d+", 62),
        (r"https://(?:a|bc)+\.com", 33),
        (r"https://(?:b|ab?)+\.com", 59),  # before an a there may be what is read again, or not
        (r"https://[abc]a[0123456789]{2}\.com", 215),
    ],
)
def test_so_many_texts_are_looked_at(regex: str, texts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = searched(regex)
    monkeypatch.setattr(search, "MOST_TEXTS", texts)
    Hosts(found)
    monkeypatch.setattr(search, "MOST_TEXTS", texts - 1)
    with pytest.raises(TooLarge):
        Hosts(found)


@pytest.mark.parametrize(
    ("limit", "regex"), [("MOST_STEPS", r"https://.+"), ("MOST_TEXTS", r"https://(?:aa|b){9}\.com")]
)
def test_a_search_ends(limit: str, regex: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Hosts(searched(r"https://a\.example"))
    monkeypatch.setattr(search, limit, 100)
    with pytest.raises(TooLarge):
        Hosts(searched(regex))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.example.com", "example.com"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("intranet", "intranet"),
        ("a.localhost", "localhost"),
        ("1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_site_is_a_registrable_domain_or_a_whole_host(host: str, expected: str) -> None:
    assert site(host) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://evil.example", True),
        ("https://evil.example:8443", True),
        ("https://a.example", False),
        ("https://b.a.example", False),
        ("https://b.a.example:81", False),
        ("https://evil.example:443", False),
        ("https://Evil.example", False),
        ("https://10.1.2.3.evil.example", True),
        ("https://evil.10.1.example", True),
        ("https://8.8.8.8", True),
        ("https://10.1.2.3", False),
        ("https://10.example", True),
        ("https://100.1.2.3", True),
        ("https://127.0.0.1:81", False),
        ("https://192.168.1.1", False),
        ("https://192.169.1.1", True),
        ("https://169.254.1.1", False),
        ("https://172.15.0.1", True),
        ("https://172.16.0.1", False),
        ("https://172.20.0.1", False),
        ("https://172.31.0.1", False),
        ("https://172.32.0.1", True),
        (f"https://{'a' * 63}.com", True),
        (f"https://{'a' * 64}.com", False),
        (f"https://{'a.' * 249}bc.com", True),
        (f"https://{'a.' * 249}bcd.com", False),
        ("https://xn--zz.com", False),
    ],
)  # fmt: skip
def test_an_unrelated_origin_is_canonical_and_below_no_host_that_is_named(text: str, expected: bool) -> None:
    assert is_unrelated(text, {"a.example"}) is expected


def test_canonical_web_origins_and_all_others() -> None:
    assert is_canonical("https://a.example") and is_canonical("http://a.example:443")
    assert not is_canonical("https://a.example:443") and not is_canonical("http://A.example")
    assert is_canonical("capacitor://localhost")
