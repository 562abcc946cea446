"""The automaton of a regex matches what the regex does, in as many ways, and knows where it matches more."""

from __future__ import annotations

import re
import sys
from itertools import product

import pytest

from impl.validation import automaton as validation_automaton
from impl.validation.automaton import (
    BEGIN,
    END,
    MANY,
    MARK,
    MOST_COPIED_PLACES,
    MOST_PLACES,
    MOST_WAYS,
    PRINTABLE,
    READABLE,
    Automaton,
    TooLarge,
    automaton,
    characters,
    mask,
    readable,
    sample,
)
from impl.validation.regex import parse


def made(regex: str, flags: int = 0, *, marked: bool = False) -> Automaton:
    compiled = re.compile(regex, flags)
    tree = parse(compiled)
    return automaton(tree, compiled.flags, marked=True) if marked else automaton(tree, compiled.flags)


def ways(found: Automaton, text: str) -> int:
    """In how many ways it matches a text: edges may stand at both ends, marks anywhere."""
    here = {-1: 1}
    follow = dict(enumerate(found.follow)) | {-1: found.first}
    for character in [BEGIN, BEGIN, *text, END, END]:
        width = character not in (BEGIN, END)
        there: dict[int, int] = {} if width else dict(here)
        for place, number in here.items():
            for other, times in follow[place].items():
                if found.accepts[other] & mask(character):
                    there[other] = there.get(other, 0) + number * times
        here = there
    return sum(number * found.last.get(place, 0) for place, number in here.items())


TEXTS = ["".join(letters) for length in (1, 2, 3, 4) for letters in product("ab.", repeat=length)]

EXACT = (
    r"a", r"ab", r"a|b", r"a|ab|b", r"[ab]", r"[^a]", r"[^ab.]", r".", r"\.", r"a.b", r"a*", r"a+", r"a?b",
    r"(a)", r"(?:ab)*",
    r"a{2}", r"a{2,3}", r"a{0,2}b", r"a{2,}", r"(?:a|b){1,3}", r"(?:a?b)*", r"(?:a*)*b", r"[a-b]+\.",
    r"\w", r"\w+\W", r"\W\W",
    r"\D+", r"\d|a", r"\S*", r"\s|b", r"^a", r"a$", r"^a$", r"^(?:a|b$)", r"\Aab\Z", r"(?:^|b)a",
    r"a(?:$|b)", r"a^b", r"a$b",
    r"^^a$$", r"(?i)A", r"(?i:A)b", r"(?i)[A-B]+", r"(?i)[^A]", r"(?-i:a)", r"(?x) a  # a comment",
    r"(?s).b", r"(?P<n>a)b",
    r"(?:a|(?:b|\.))+", r"a*?b", r"a+?", r"a{1,2}?b", r"(?:)a", r"(?:|a)b", r"[a.]{3}", r"(?m)^a$",
    r"(?:a|b|)\.", r"(?:a{2}|b){2}",
)  # fmt: skip
LARGER = (
    r"(?=a).", r"(?!a).", r"a(?<=a)b", r"a(?<!b)b", r"a\b\.", r"\Ba", r"(a|b)\1", r"(a)?(?(1)b|\.)",
    r"(a)?(?(1)b)\.",
    *((r"a++b", r"(?>a|ab)b", r"(?:ab)?+a") if sys.version_info >= (3, 11) else ()),
)  # fmt: skip


@pytest.mark.parametrize("regex", EXACT)
def test_an_automaton_matches_what_its_regex_matches(regex: str) -> None:
    found = made(regex)
    assert (found.is_exact, found.is_regular) == (True, True)
    for text in TEXTS:
        assert bool(ways(found, text)) == bool(re.fullmatch(regex, text)), text


@pytest.mark.parametrize("regex", LARGER)
def test_what_no_automaton_can_say_is_matched_at_least(regex: str) -> None:
    found = made(regex)
    assert (found.is_exact, found.is_regular) == (False, False)
    assert all(ways(found, text) for text in TEXTS if re.fullmatch(regex, text))


WAYS = (
    (r"a*", "aaa", 1), (r"(?:a|a)b", "ab", 2), (r"(?:a|[a-b])b", "ab", 1), (r"(?:ab|a.)", "ab",
    2), (r"(?:ab|a.)b", "abb", 2),
    (r"a*a*", "aa", 3), (r"a*a*b", "aab", 3), (r"a?a?", "a", 2), (r"(?:a|a?)+", "a", 4), (r"(?:a*)*", "aa",
    2),
    (r"(?:a{1,2})+", "aaa", 3), (r"a{0,2}a{0,2}", "aa", 3), (r"(?:a|b)*b", "abb", 1), (r"(?:|a?)b", "b", 2),
    (r"(?:ab|a|b)+", "abab", 4), (r"(?:a|ab)(?:c|bcd)?", "ab", 1),
)  # fmt: skip


@pytest.mark.parametrize(("regex", "text", "number"), WAYS)
def test_ways_are_counted(regex: str, text: str, number: int) -> None:
    assert ways(made(regex), text) == number


def test_a_way_is_counted_no_more_often_than_twice_between_two_places() -> None:
    found = made(r"a(?:||||)b")
    assert [dict(each) for each in found.follow] == [{1: 2}, {}]
    assert [dict(each) for each in made(r"a((|)b)").follow] == [{1: 2}, {}]


SPELLED = (
    (r"a", "a"), (r"[ab]", "ab"), (r"[a-b]", ""), (r"[^a]", ""), (r".", "."), (r"\d", ""), (r"(?i)a",
    "Aa"), (r"(?i)[ab]", "ABab"),
    (r"(?:a|b)", "ab"), (r"[a\d]", ""), (r"\.", "."),
)  # fmt: skip


@pytest.mark.parametrize(("regex", "spelled"), SPELLED)
def test_a_place_spells_what_the_regex_names_one_by_one(regex: str, spelled: str) -> None:
    assert [mask(spelled)] == made(regex).spells


ACCEPTED = (
    (r"(?i)(?-i:a)", "a"),
    (r"a", "a"), (r"\d", "0123456789"), (r".", PRINTABLE), (r"[^a]", PRINTABLE.replace("a",
    "")), (r"(?i)k", "Kk"), (r"(?i)s", "Ss"),
    ("(?i)\u212a", "Kk"), ("(?i)\u017f", "Ss"), ("\u212a", ""), ("\u00e9", ""), (r"(?i)[^k]",
    re.sub("[kK]", "", PRINTABLE)),
    (r"\s", ""), (r"\S", PRINTABLE), (r"[\w]", re.sub(r"\W", "", PRINTABLE)), (r"\W", re.sub(r"\w", "",
    PRINTABLE)), (r"[!-#]", '!"#'),
    (r"[^\d]", re.sub(r"\d", "", PRINTABLE)), (r"\n", ""), (r"~", "~"), (r"!", "!"), (r" ", ""),
)  # fmt: skip


@pytest.mark.parametrize(("regex", "accepted"), ACCEPTED)
def test_a_place_accepts_the_printable_characters_that_the_regex_matches(regex: str, accepted: str) -> None:
    assert [mask(accepted)] == made(regex).accepts
    assert {c for c in PRINTABLE if re.fullmatch(regex, c)} == set(accepted)


def test_what_is_repeated_is_known_with_a_text() -> None:
    found = made(r"x(?:ab|c)+y?(?:d{2,3}e){0,2}")
    named = [
        ({chr(code) for each in entry for code in map(ord, characters(found.accepts[each]))}, text)
        for entry, text in found.repeated
    ]
    assert named == [({"a", "c"}, "c"), ({"y"}, "y"), ({"d"}, "d"), ({"d"}, "d"), ({"d"}, "dde")]


def test_marks_are_passed_by_what_takes_a_branch() -> None:
    found = made(r"a(?:bc|d|)(?:e|[fg]h)", marked=True)
    assert [*found.samples.values()] == ["bc", "d", "(nothing)", "e", "fh"]
    assert [len(places) for places in found.marks.values()] == [1] * 5
    assert {place for places in found.marks.values() for place in places} <= {
        each for ways in found.follow for each in ways
    }
    assert all(found.accepts[place] == mask(MARK) for places in found.marks.values() for place in places)
    assert not made(r"a(?:bc|d|)").marks
    assert [len(places) for places in made(r"(?:ab|cd){3}", marked=True).marks.values()] == [3, 3]
    assert not made(r"(a)?(?(1)b|cd)", marked=True).marks


@pytest.mark.parametrize("ahead", ["(?=ab|cd)", "(?!ab|cd)"])
def test_only_branches_that_are_looked_for_have_no_marks(ahead: str) -> None:
    assert not made(f"{ahead}e").marks
    assert [*made(f"{ahead}(?:ef|gh)", marked=True).samples.values()] == ["ef", "gh"]


SAMPLES = (
    (r"[AB]", "A"),
    *(((r"(?>ab)c", "abc"),) if sys.version_info >= (3, 11) else ()),
    (r"abc", "abc"), (r"a|bc", "a"), (r"(?:abc|de)f", "def"), (r"[x-z]", "x"), (r"[^a]", "b"), (r".",
    "a"), (r"\d", "8"), (r"a*b", "b"),
    (r"a+b{2}", "abb"), (r"(a(b))c", "abc"), (r"^a$", "a"), (r"(?=a)b", "b"), (r"a{50}", "a" * 40), (r"\s",
    ""), (r"(a)\1", "a"),
)  # fmt: skip


@pytest.mark.parametrize(("regex", "text"), SAMPLES)
def test_a_sample_is_a_short_text_of_the_regex(regex: str, text: str) -> None:
    assert sample(parse(re.compile(regex))) == text


def test_a_readable_character_is_a_letter_before_all_else() -> None:
    assert readable(mask("!a0")) == "a"
    assert readable(mask("!90")) == "9"
    assert readable(mask("!-")) == "-"
    assert readable(mask('!"')) == "!"
    assert readable(mask("[_")) == "["
    assert readable(0) == readable(mask(BEGIN)) == readable(mask(END)) == readable(mask(MARK)) == ""


def places(regex: str) -> int:
    return len(made(regex).accepts)


@pytest.mark.slow
@pytest.mark.mutation
def test_repetitions_are_copied_as_long_as_there_are_not_too_many() -> None:
    assert (places("a{3}"), places("a{3,}"), places("a{3,5}"), places("a*"), places("a+")) == (3, 4, 5, 1, 2)
    assert (places("a{600}"), places("a{0,600}"), made("a{600}").is_exact) == (600, 600, True)
    assert (places("a{601}"), places("a{0,601}"), places("a{601,}")) == (600, 1, 601)
    for clipped in ("a{601}", "a{0,601}", "a{601,}", "a{601,602}"):
        assert (made(clipped).is_exact, made(clipped).is_regular) == (False, True)
    assert made("a{600,}").is_exact
    # Too many places: what is repeated more than 100 times is endless, then more than 16 times, then all.
    assert places("(?:a{300}){9}") <= MOST_COPIED_PLACES
    assert places("(?:a{300}){9}") == 900
    assert places("(?:a{90}){90}") == 16 * 16
    assert places("(?:(?:a{16}){16}){16}") == 8
    assert ways(made("(?:a{0,400}){0,400}"), "aaaa")


def test_an_automaton_that_is_too_large_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_automaton, "MOST_PLACES", 10)
    assert places("a" * 10) == 10
    with pytest.raises(TooLarge):
        made("a" * 11)


def test_an_automaton_with_too_many_ways_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation_automaton, "MOST_WAYS", 8)
    made("(?:ab|cd)(?:ef|gh)")  # one in each branch, and four between them
    monkeypatch.setattr(validation_automaton, "MOST_WAYS", 7)
    with pytest.raises(TooLarge):
        made("(?:ab|cd)(?:ef|gh)")


def test_the_bounds_are_these() -> None:
    assert (MOST_PLACES, MOST_COPIED_PLACES, MANY) == (8_000, 1_000, (600, 100, 16, 2))
    assert MOST_WAYS == 100_000
    assert [*map(ord, PRINTABLE)] == [*range(0x21, 0x7F)]
    assert READABLE == "abcdefghijklmnopqrstuvwxyz8123456790-.:/[]_"
    # Behind so many places nothing is copied more than twice, and behind any number something is.
    assert made("a" * 1_000 + "b{3}").is_exact
    assert not made("a" * 1_001 + "b{3}").is_exact
    assert places("a" * 1_001 + "b{3}") == 1_003


@pytest.mark.parametrize("regex", [r"(?=ab)c", r"(?!ab)c"])
def test_looking_ahead_takes_steps_and_matches_nothing(regex: str) -> None:
    found = made(regex)
    assert [*found.accepts] == [mask("a"), mask("b"), mask("c")]
    assert (set(found.first), set(found.last)) == ({0, 2}, {2})
    assert [set(each) for each in found.follow] == [{1}, set(), set()]
    assert dict(made(f"x{regex}").follow[0]) == {1: 1, 3: 1}


def test_places_that_are_no_characters_spell_nothing_else() -> None:
    assert made(r"^a$").spells == [mask(BEGIN), mask("a"), mask(END)]
    assert made(r"(a)\1").spells == [mask("a"), 0]
    assert made(r"a|bc", marked=True).spells == [mask(each) for each in ("a", MARK, "b", "c", MARK)]


def test_what_was_lost_stays_lost() -> None:
    assert not made(r"(?=a)a+").is_regular
    assert not made(r"a{601}b{2}").is_exact
