"""What takes Python's matcher long is counted, not run: which regexes, and on which origins."""

from __future__ import annotations

import re

import pytest

from impl.validation import backtracking
from impl.validation.automaton import PRINTABLE, TooLarge, automaton, characters, mask
from impl.validation.backtracking import matches, slow_origin
from impl.validation.regex import parse


def slow(regex: str) -> str | None:
    compiled = re.compile(regex)
    return slow_origin(automaton(parse(compiled), compiled.flags))


SLOW = {
    r"https://(a|a?)+b": f"https://{'a' * 32}!",
    r"https://(?:[a-z]+)+\.com": f"https://{'a' * 34}!",
    r"https://(.*)*!": f"https://{'a' * 34}",
    r"https://(?:a+)+[!a-z]*": f"https://{'a' * 33}8",
    r"https://(?:a+)+": f"https://{'a' * 34}!",
    r"(?:a+)+": f"{'a' * 34}://!",
    r"(?:a|b|ab)+://x": f"{'aab' * 31}://!",
    r"https://(?:ab|a|b)+\.com": f"https://{'ab' * 32}!",
    r"^https://(?:\d+\.?)+$": f"https://{'8' * 34}!",
    r"https://x(?:\.|\.\.)+y": f"https://x{'.' * 47}!",
    r"https://" + "[a-z]?" * 200 + "x": "https://aaaaaa!",
    r"https://(?:(?:a?b?)c?)+x": f"https://{'ab' * 31}!",
    r"https://([a-z]{1,20}){1,20}x": f"https://{'a' * 34}!",
    r"https://(?:a|a?)+.*": None,
    r"https://a*a*a*a*x": f"https://{'a' * 503}!",
    r"https://a*a*a*x": None,
    r"https://(a*b)*x": None,
    r"https://.*\..*\.x": None,
    r"https://(?:a{0,2}){0,9}x": None,
    r"https://(?:[a-z0-9-]+\.)*x": None,
    r"https://a": None,
    r"https://(?:/a*)*": None,
    r"x(?:a+)+": f"x{'a' * 34}://!",
    r"/(?:a+)+": None,
    r"https:/(?:a+)+": None,
    r"https://(?:a+)+.*$": None,
    r"https://(?:a+)+.*$$": None,
    r"https://(?:a+)+.*(?:$)*": None,
    r"https://(?:a+)+[^~]*": f"https://{'a' * 33}~",
    r"https://(?:a+)+\W*": f"https://{'a' * 34}b",
    r"https://(?:(?:a+)+.*|x(?:b+)+c)": f"https://x{'b' * 34}!",
    r"^(?:^)*https://(?:a+)+b": f"https://{'a' * 33}!",
}


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("regex", "origin"), SLOW.items())
def test_a_slow_regex_is_found_with_the_shortest_origin_that_shows_it(regex: str, origin: str | None) -> None:
    assert slow(regex) == origin


@pytest.mark.parametrize("origin", [*filter(None, SLOW.values())])
def test_the_origin_has_the_shape_of_one(origin: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9+.\-]*://[^\x00-\x20/?#@\\,\x7f-\U0010ffff]+", origin)
    assert len(origin) <= 512


@pytest.mark.parametrize("regex", [r"a*b", r"^a+b?$", r"(?:a|ab)*", r"(?:a+)+b", r"", r"[^a]b"])
def test_an_automaton_matches_a_text_without_backtracking(regex: str) -> None:
    compiled = re.compile(regex)
    made = automaton(parse(compiled), compiled.flags)
    for text in ("a", "b", "ab", "aab", "aba", "bb", "ba", "a" * 40 + "b"):
        assert matches(made, text) is bool(compiled.fullmatch(text))


def test_matching_ends_when_it_takes_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    made = automaton(parse(re.compile(r"a*")), 0)
    monkeypatch.setattr(backtracking, "_MOST_WORK", 4)
    assert matches(made, "aaaa")
    with pytest.raises(TooLarge):
        matches(made, "aaaaa")


def test_counting_ends_when_it_takes_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtracking, "_MOST_WORK", 100)
    with pytest.raises(TooLarge):
        slow(r"https://(?:[a-z]+\.)*x")


ATTACKS = {
    r"https://(?:ab|c)+x": ["a", "c", "c", "ab", "c"],
    r"https://(?:a|ab)+": ["a", "a", "a"],
    r"https://[ab]?(?:x+y)*": ["a", "a", "x", "x", "x", "xy", "xy", "x", "xy"],
    r"https://(?:[a-c.]|\d)*": ["a", "a", "a"],
    r"https://(?:[a-c]x|\d|\.)*": ["a", "8", ".", "8", "ax", "8", "."],
    r"https://(?:aa|a)*b": ["a", "a", "a", "aa"],
    r"https://a": [],
    r"https://(?:/a)*": [],
}


def counting(regex: str) -> backtracking._Counting:
    compiled = re.compile(regex)
    return backtracking._Counting(automaton(parse(compiled), compiled.flags))


@pytest.mark.parametrize(("regex", "repeated"), ATTACKS.items())
def test_attacks_repeat_characters_samples_and_rounds(regex: str, repeated: list[str]) -> None:
    attacks = [*counting(regex)._attacks()]
    assert [attack.repeated for attack in attacks] == repeated
    assert {(attack.before, attack.after) for attack in attacks} <= {("https://", "")}


def test_attacks_on_the_scheme_end_with_a_host() -> None:
    attacks = [*counting(r"x(?:[a-c]:?)*")._attacks()]
    assert attacks == [("x", "a", "://"), ("x", "a", "://"), ("x", "a", "://")]
    both = [*counting(r"x(?:[a-c]|[:/]x?)*")._attacks()]
    assert {(attack.before, attack.after) for attack in both} == {("x", "://"), ("x://", "")}


def test_rounds_end_after_so_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert counting(r"https://(?:abc)*")._round((8, 8, True), 8, backtracking._HOST) == "abc"
    monkeypatch.setattr(backtracking, "_MOST_PAIRS", 3)
    assert counting(r"https://(?:abc)*")._round((8, 8, True), 8, backtracking._HOST) == "abc"
    monkeypatch.setattr(backtracking, "_MOST_PAIRS", 2)
    assert counting(r"https://(?:abc)*")._round((8, 8, True), 8, backtracking._HOST) is None


def test_work_is_the_number_of_places_that_are_looked_at() -> None:
    found = counting(r"https?://(?:a|b|c)d")
    ways, steps = found._read(backtracking._START, "https://a")
    assert (ways, steps) == ({8: 1.0}, 9.0)
    assert found.work == 10


def test_an_origin_repeats_no_oftener_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtracking, "_VERY_LONG", 10)
    for long, origin in ((11, "https://aaa!"), (12, None)):
        monkeypatch.setattr(backtracking, "LONG", long)
        assert slow(r"https://a*b") == origin


def test_so_much_work_is_done_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtracking, "_MOST_WORK", 10)
    counting(r"https?://(?:a|b|c)d")._read(backtracking._START, "https://a")
    monkeypatch.setattr(backtracking, "_MOST_WORK", 9)
    with pytest.raises(TooLarge):
        counting(r"https?://(?:a|b|c)d")._read(backtracking._START, "https://a")


def test_the_tables_are_these() -> None:
    assert (backtracking.LONG, backtracking._VERY_LONG, backtracking.LONGEST_ORIGIN) == (1e8, 1e10, 512)
    assert (backtracking._QUICK_LOOK, backtracking._MOST_WORK, backtracking._MOST_PAIRS) == (
        24,
        500_000,
        5_000,
    )
    hosts = "".join(characters(backtracking._HOST))
    assert sorted(hosts) == sorted(set(PRINTABLE) - set("/?#@\\,"))
    schemes = "".join(characters(backtracking._SCHEME))
    assert sorted(schemes) == sorted("abcdefghijklmnopqrstuvwxyz0123456789+-.")
    assert backtracking._TAILS[:2] == ("!", "")
    assert {*backtracking._TAILS} == {"", *hosts}
    assert {
        "start": ((mask(schemes), "scheme"),),
        "scheme": ((mask(schemes), "scheme"), (mask(":"), "colon")),
        "colon": ((mask("/"), "slash"),),
        "slash": ((mask("/"), "host"),),
        "host": ((mask(hosts), "host"),),
    } == backtracking._PARTS
