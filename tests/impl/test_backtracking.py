"""What takes Python's matcher long is counted, not run: which regexes, and on which origins."""

from __future__ import annotations

import re

import pytest

from impl.validation import backtracking
from impl.validation.automaton import TooLarge, automaton
from impl.validation.backtracking import slow_origin
from impl.validation.regex import parse


def slow(regex: str) -> str | None:
    compiled = re.compile(regex)
    return slow_origin(automaton(parse(compiled), compiled.flags))


SLOW = {
    r"https://(a|a?)+b": f"https://{'a' * 32}!",
    r"https://(?:[a-z]+)+\.com": f"https://{'a' * 34}!",
    r"https://(.*)*!": f"https://{'a' * 34}",
    r"https://(?:a+)+[!a-z]*": f"https://{'a' * 33}.",
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
    r"https://a*a*a*a*x": f"https://{'a' * 501}!",
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
}


@pytest.mark.parametrize(("regex", "origin"), SLOW.items())
def test_a_slow_regex_is_found_with_the_shortest_origin_that_shows_it(regex: str, origin: str | None) -> None:
    assert slow(regex) == origin


@pytest.mark.parametrize("origin", [*filter(None, SLOW.values())])
def test_the_origin_has_the_shape_of_one(origin: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9+.\-]*://[^\x00-\x20/?#@\\,\x7f-\U0010ffff]+", origin)
    assert len(origin) <= 512


def test_counting_ends_when_it_takes_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtracking, "_MOST_WORK", 100)
    with pytest.raises(TooLarge):
        slow(r"https://(?:[a-z]+\.)*x")
