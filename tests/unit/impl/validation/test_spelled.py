"""Texts that a regex spells, and how many ways there are through it."""

from __future__ import annotations

import re
import sys
import time

import pytest

from impl.validation import spelled
from impl.validation.automaton import TooLarge
from impl.validation.regex import parse
from impl.validation.spelled import Spelled

LONG = "a" * 100
# Regexes, the texts that they spell, and whether they match nothing else.
SPELLED: dict[str, tuple[list[str], bool]] = {
    "": ([""], True),
    "abc": (["abc"], True),
    "^a$": (["a"], True),
    "[a]b": (["ab"], True),
    "[ab]c": (["ac", "bc"], True),
    "[abcd]": (["a", "b", "c", "d"], True),
    "[abcde]": (["a"], False),
    "[a-b]": (["a"], False),
    "[^a]": (["b"], False),
    ".": (["a"], False),
    "(a)(?:b)": (["ab"], True),
    "(a|b)(?:c|de)": (["ac", "ade", "bc", "bde"], True),
    "ab?": (["ab", "a"], True),
    "ab??": (["ab", "a"], True),
    "a(?:b|c)?": (["ab", "ac", "a"], True),
    "a?b{1}": (["ab", "b"], True),
    "ab*": (["ab", "a"], False),
    "ab+": (["ab"], False),
    "ab{3}": (["abbb"], False),
    "ab{2,4}": (["abb"], False),
    "ab{0,2}": (["ab", "a"], False),
    "a{200}": ([], True),
    LONG: ([LONG], True),
    f"{LONG}b": ([], True),
    f"{LONG}(?:cd|)": ([LONG], False),
    f"(?:cd|){LONG}": ([LONG], False),
    "(?=ab|c)d": (["d", "abd", "cd"], False),
    "(?<=ab)d": (["d", "abd"], False),
    "(?!ab)d": (["d"], False),
    r"\ba": (["a"], False),
    r"(a)\1": (["a"], False),
    "(a)?(?(1)b|c)": (["ab", "ac", "b", "c"], False),
    "(a)?(?(1)b)": (["ab", "a", "b", ""], False),
}


@pytest.mark.parametrize(("regex", "texts", "is_certain"), [(each, *SPELLED[each]) for each in SPELLED])
def test_a_regex_spells_texts(regex: str, texts: list[str], is_certain: bool) -> None:
    found = spelled.texts(parse(re.compile(regex)))
    assert found == [Spelled(text, is_certain) for text in texts]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="older Pythons have no such groups")
def test_an_atomic_group_spells_what_is_in_it() -> None:
    assert spelled.texts(parse(re.compile("(?>a|b)c"))) == [Spelled("ac", True), Spelled("bc", True)]
    assert [each.text for each in spelled.texts(parse(re.compile("a++b")))] == ["ab"]
    assert not spelled.is_evidently_quick(parse(re.compile("(?>a*b*)c*")))


STRANGE: dict[str, list[str]] = {
    ".*": [".evil.example", "evil.example", "evil", "a", ""],
    "[a-z]+": ["evil", "a"],
    "[a-z]{4}": ["evil", "aaaa"],
    "[a-z]{5}": ["aaaaa"],
    "[a-z]{1,3}": ["a"],
    "[a-z.]{4,12}": ["evil.example", "evil", "aaaa"],
    "[a-z.]{5,11}": ["aaaaa"],
    "[^.]*": ["evil", "a", ""],
    "[a-d]*": ["a", ""],
    r"[^\s]*b": [".evil.exampleb", "evil.exampleb", "evilb", "ab", "b"],
    "b|[a-z]*": ["evil", "b", "a", ""],
    "(?:ab)*": ["ab", ""],
    "(?:[a-z]b)*": ["ab", ""],
    "(?:ab|cd)*": ["ab", "cd", ""],
    "a*": ["a", ""],
}


@pytest.mark.parametrize(("regex", "texts"), STRANGE.items())
def test_a_stranger_stands_first_where_the_regex_leaves_something_open(regex: str, texts: list[str]) -> None:
    assert [each.text for each in spelled.texts(parse(re.compile(regex)), "evil")] == texts


def test_a_stranger_stands_once_rather_than_twice() -> None:
    found = [each.text for each in spelled.texts(parse(re.compile("[a-z]*-[a-z]*")), "evil")]
    assert found == ["evil-a", "evil-", "a-evil", "-evil", "evil-evil", "a-a", "a-", "-a", "-"]


def test_a_stranger_stands_behind_all_that_is_looked_for() -> None:
    found = [each.text for each in spelled.texts(parse(re.compile("(?=a|b|(?:c)?).*")), "evil")]
    assert found[:2] == [".evil.example", "evil.example"] and "bevil" in found and len(found) == len({*found})


def test_not_too_many_texts_are_looked_at_and_then_none_is_certain() -> None:
    few = "|".join(f"a{number:02}" for number in range(64))
    assert len(spelled.texts(parse(re.compile(few)))) == 64
    assert all(each.is_certain for each in spelled.texts(parse(re.compile(few))))
    found = spelled.texts(parse(re.compile(f"{few}|[a-z]*")), "evil")
    assert [each.text for each in found] == ["evil", *(f"a{number:02}" for number in range(63))]
    assert not any(each.is_certain for each in found)
    assert len(spelled.texts(parse(re.compile("(a|b)" * 12)))) == 64


def test_only_so_much_is_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spelled.MOST_WORK == 40_000
    # Two for the letter, three for each of two classes, and as many as there are texts behind them, and one.
    tree = parse(re.compile("a[bc]d[ef]g"))
    monkeypatch.setattr(spelled, "MOST_WORK", 13)
    assert len(spelled.texts(tree)) == 4
    monkeypatch.setattr(spelled, "MOST_WORK", 12)
    with pytest.raises(TooLarge):
        spelled.texts(tree)


def test_what_is_left_out_makes_the_rest_uncertain() -> None:
    for regex in (f"{LONG}(?:bc|)", "[a-z]", "(?=a)b", "(a)?(?(1)b|c)", "[a-z]*"):
        assert {each.is_certain for each in spelled.texts(parse(re.compile(regex)), "evil")} == {False}
    assert [each.is_certain for each in spelled.texts(parse(re.compile("(?:[a-z]){1}")))] == [False]
    assert {each.is_certain for each in spelled.texts(parse(re.compile("(?:[a-z])?b")))} == {False, True}


# Regexes of one part, and what the part spells.
PARTS: dict[str, list[tuple[str, bool]]] = {
    "(?=ab|c)": [("", False), ("ab", False), ("c", False)],
    "(?(1)b|c)": [("b", False), ("c", False)],
    "[a-z]{1,4}": [("evil", False), ("a", False)],
    "[a-z]": [("a", False)],
    "(?:a|b)?": [("a", True), ("b", True), ("", True)],
}


@pytest.mark.parametrize(("regex", "texts"), PARTS.items())
def test_a_part_of_a_regex_spells_texts(regex: str, texts: list[tuple[str, bool]]) -> None:
    item = parse(re.compile(f"(x){regex}"))[1]
    assert spelled._Speller("evil").options(item) == texts


def test_what_is_repeated_too_often_is_only_just_too_long() -> None:
    for regex, length in (("a{100}", 100), ("a{101}", 101), ("a{102}", 101), ("a{4000000000}", 101)):
        (_, (least, most, body)) = parse(re.compile(regex))[0]
        assert [*spelled._Speller(None).of_repeat(least, most, body)] == [("a" * length, False)]


WAYS = {
    "": 1, "a": 1, "a|bc": 2, "a|bc|def": 3, "a?": 2, "a?b?": 4, "a{3}": 1, "a{2,4}": 3, "a{200}": 1,
    "a*": 101, "a{2,}": 99, "a{0,200}": 101, "a{200,300}": 1, "(?:ab|c){3}": 8, "(?:ab|c){1,3}": 14,
    "a*b*": 10_201,
    "(?:ab|c){13}": 8_192, "(?:a{0,9}){4}": 10_000, "a{0,99}b{0,10}c{0,9}": 11_000,
    "a{0,99}b{0,10}c{0,9}|d": 11_001, "a*b*c*": 11_001, "(?:ab|c){14}": 11_001, "(?:(?:(?:a*)*)*)*": 11_001,
}  # fmt: skip


@pytest.mark.parametrize(("regex", "number"), WAYS.items())
def test_ways_are_counted_up_to_one_too_many(regex: str, number: int) -> None:
    assert spelled._ways(parse(re.compile(regex))) == number
    assert spelled.is_evidently_quick(parse(re.compile(regex))) is (number < 11_001)


QUICK = (
    "a", "a|b", "a*", "a*b*", "(?:aa|b){13}", "(?:a?){12}", "(?=a*)b*", "(?!a*)b*",
    "a{0,99}b{0,9}c{0,10}", "(?:aa)*", "(a)(?(1)b|c)", "(a)(?(1)b)", "(?:(?:aa|b){6}|c){2}", r"(a)\1",
    "(?:a{0,4}){5}", "a{200}",
)  # fmt: skip
LABOURED = (
    "a*b*c*", "(?:a*)*", "(?:aa|b){14}", "(?:aa|b)*", "(?=a*b*)c*", "(?!a*b*)c*",
    "a{0,99}b{0,9}c{0,10}|d", "(?:a*b*|c*)*", "(?:a?){14}", "(a)(?(1)b*c*d*|d)", "(a)(?(1)d|b*c*d*)",
    "(?:aa|b){200}", "(a*b*)c?",
)  # fmt: skip


def test_what_has_few_ways_is_evidently_quick() -> None:
    assert [each for each in QUICK if not spelled.is_evidently_quick(parse(re.compile(each)))] == []
    assert [each for each in LABOURED if spelled.is_evidently_quick(parse(re.compile(each)))] == []


def test_so_many_rounds_of_two_ways_are_too_many_and_one_less_is_not() -> None:
    assert spelled.is_evidently_quick(parse(re.compile("(?:a|bb){13}")))
    assert not spelled.is_evidently_quick(parse(re.compile("(?:a|bb){14}")))


def test_the_ways_of_thousands_of_loops_are_counted_quickly() -> None:
    before = time.process_time()
    assert not spelled.is_evidently_quick(parse(re.compile("(?:a*b*)*" * 3000)))
    assert time.process_time() - before < 1
