"""The automaton of a regex: which characters follow one another in what it matches, and in how many ways.

It is Glushkov's, made from the standard library's parse of the regex. Its states are the places of the
regex that match one character; what a place may be followed by is a number of ways, because a backtracking
matcher tries them all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

# Python 3.11 renamed it.
parser: Any = next(module for module in vars(re).values() if hasattr(module, "SubPattern"))

# Zero-width things are characters of their own: any number of the first two may stand at the beginning and
# the end of a text, and any number of the third between any two characters.
BEGIN, END, MARK = "\x02", "\x03", "\x04"
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))

READABLE = "abcdefghijklmnopqrstuvwxyz8123456790-.:/[]_"  # what examples are written with, if they can be

MOST_PLACES = 8_000
MOST_COPIED_PLACES = 1_000
MOST_WAYS = 100_000
# What is repeated more often than this is taken for repeated without end, the next of these where there are
# too many places otherwise.
MANY = (600, 100, 16, 2)

LONGEST_SAMPLE = 40  # characters

# What a letter of ASCII equals when case is ignored, beyond ASCII.
_LOOKALIKES = {"k": "\u212a", "s": "\u017f", "K": "\u212a", "S": "\u017f"}


class TooLarge(Exception):
    """The automaton of this regex, or a search in it, is too large to be judged in time."""


def mask(characters: str) -> int:
    """A set of ASCII characters, as bits."""
    return reduce(int.__or__, (1 << ord(character) for character in characters), 0)


def characters(bits: int) -> Iterator[str]:
    """The characters of a set."""
    return (chr(code) for code in range(128) if bits >> code & 1)


def readable(bits: int) -> str:
    """One of these characters, a telling one; nothing for what has no width."""
    if bits & mask(BEGIN + END + MARK):
        return ""
    return next((c for c in READABLE if bits >> ord(c) & 1), None) or next(characters(bits), "")


@dataclass
class Automaton:
    """A place is a number, higher than those before it in the regex.

    `accepts` has its characters, `spells` those that the regex names one by one.

    `follow` has the ways to get from a place to the next, `first` and `last` the ways to begin and to end;
    `repeated` has for each repetition the ways to begin it, and a text that it repeats. `is_regular` tells
    whether the regex has no part that does more than an automaton can, `is_exact` whether they match the
    same. An automaton that is made with marks has in `marks` the places that whatever takes a branch of the
    regex passes, and in `samples` a text for each branch.
    """

    accepts: list[int] = field(default_factory=list)
    spells: list[int] = field(default_factory=list)
    follow: list[Counter[int]] = field(default_factory=list)
    first: Counter[int] = field(default_factory=Counter)
    last: Counter[int] = field(default_factory=Counter)
    repeated: list[tuple[Counter[int], str]] = field(default_factory=list)
    marks: dict[int, list[int]] = field(default_factory=dict)
    samples: dict[int, str] = field(default_factory=dict)
    is_regular: bool = True
    is_exact: bool = True


@dataclass
class _Part:
    """What is known of a part of a regex: the ways to match nothing with it, to begin it and to end it."""

    empty: int
    first: Counter[int]
    last: Counter[int]


def automaton(tree: Any, flags: int, *, marked: bool = False) -> Automaton:
    """The automaton of a parsed regex. Raises TooLarge when it has too many places."""
    for most_copies in MANY:
        with suppress(TooLarge):
            return _Builder(marked, most_copies).build(tree, flags)
    raise TooLarge


class _Builder:
    """Builds an automaton from the parts of a regex."""

    def __init__(self, marked: bool, most_copies: int) -> None:
        self.made = Automaton()
        self.marked = marked
        self.most_copies = most_copies
        self.ways = 0

    def build(self, tree: Any, flags: int) -> Automaton:
        whole = self.sequence(tree, flags)
        self.made.first, self.made.last = whole.first, whole.last
        self.made.is_exact &= self.made.is_regular
        return self.made

    def sequence(self, items: Any, flags: int) -> _Part:
        return reduce(self.then, (self.item(item, flags) for item in items), _nothing())

    def then(self, before: _Part, after: _Part) -> _Part:
        self.connect(before.last, after.first)
        return _Part(
            before.empty * after.empty,
            _plus(before.first, after.first, before.empty),
            _plus(after.last, before.last, after.empty),
        )

    def connect(self, last: Mapping[int, int], first: Mapping[int, int]) -> None:
        self.ways += len(last) * len(first)
        if self.ways > MOST_WAYS:
            raise TooLarge
        for place, ways in last.items():
            follow = self.made.follow[place]
            for following, more in first.items():
                follow[following] = min(follow[following] + ways * more, 2)

    def place(self, accepted: int, spelled: int) -> _Part:
        number = len(self.made.accepts)
        if number >= MOST_PLACES:
            raise TooLarge
        self.made.accepts.append(accepted)
        self.made.spells.append(spelled)
        self.made.follow.append(Counter())
        return _Part(0, Counter({number: 1}), Counter({number: 1}))

    def item(self, item: Any, flags: int) -> _Part:
        operator, argument = str(item[0]), item[1]
        if operator in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            named = tuple(argument) if operator == "IN" else argument
            return self.place(*_class(operator, named, bool(flags & re.IGNORECASE)))
        if operator == "SUBPATTERN":
            _group, added, removed, body = argument
            return self.sequence(body, (flags | added) & ~removed)
        if operator == "BRANCH":
            return self.branch(argument[1], flags, self.marked)
        if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            self.made.is_regular &= operator != "POSSESSIVE_REPEAT"
            return self.repeat(least, most, body, flags)
        if operator == "AT" and "BOUNDARY" not in str(argument):
            edge = mask(BEGIN if "BEGINNING" in str(argument) else END)
            return self.place(edge, edge)
        self.made.is_regular = False
        if operator in ("ASSERT", "ASSERT_NOT"):
            # Looking ahead takes time, too; whatever is found, nothing is matched, and no branch is dead.
            return _Part(1, self.unmarked(argument[1], flags).first, Counter())
        if operator == "ATOMIC_GROUP":
            return self.sequence(argument, flags)
        if operator == "GROUPREF_EXISTS":
            _group, present, absent = argument
            return self.branch([present, absent or ()], flags, False)
        if operator == "GROUPREF":
            return self.endless(self.place(mask(PRINTABLE), 0))
        return _nothing()  # the edge of a word

    def unmarked(self, items: Any, flags: int) -> _Part:
        marked, self.marked = self.marked, False
        found = self.sequence(items, flags)
        self.marked = marked
        return found

    def branch(self, bodies: Sequence[Any], flags: int, marked: bool) -> _Part:
        found = _Part(0, Counter(), Counter())
        for body in bodies:
            part = self.sequence(body, flags)
            if marked:
                passed = self.place(mask(MARK), mask(MARK))
                self.made.marks.setdefault(id(body), []).extend(passed.first)
                self.made.samples[id(body)] = sample(body) or "(nothing)"
                part = self.then(passed, part)
            found.empty += part.empty
            found.first.update(part.first)
            found.last.update(part.last)
        return found

    def repeat(self, least: int, most: int, body: Any, flags: int) -> _Part:
        if len(self.made.accepts) > MOST_COPIED_PLACES and self.most_copies > min(MANY):
            raise TooLarge
        is_many = most - least > self.most_copies
        self.made.is_exact &= least <= self.most_copies and (most == parser.MAXREPEAT or not is_many)
        copies = min(least, self.most_copies)
        found = reduce(self.then, (self.sequence(body, flags) for _ in range(copies)), _nothing())
        if is_many:
            rest = self.endless(self.sequence(body, flags))
        else:
            rest = _nothing()
            optional = [self.sequence(body, flags) for _ in range(most - least)]
            for part in reversed(optional):  # x(x(x)?)?, in which there is one way for each number
                rest = self.then(part, rest)
                rest.empty = 1
        self.made.repeated.append((found.first + rest.first, sample(body)))
        return self.then(found, rest)

    def endless(self, body: _Part) -> _Part:
        self.connect(body.last, body.first)
        return _Part(1, body.first, body.last)


def _nothing() -> _Part:
    return _Part(1, Counter(), Counter())


def _plus(ways: Counter[int], more: Counter[int], times: int) -> Counter[int]:
    return ways + Counter({place: number * times for place, number in more.items()})


@cache
def _class(operator: str, argument: Any, ignores_case: bool) -> tuple[int, int]:
    """The characters that a place of the regex matches, and those of them that it names."""
    if operator == "ANY":
        return mask(PRINTABLE), mask(".")
    if operator != "IN":
        argument = [(operator.removeprefix("NOT_"), argument)]
    items = [(str(kind), value) for kind, value in argument if str(kind) != "NEGATE"]
    negated = operator == "NOT_LITERAL" or len(items) < len(argument)
    found = 0
    for character in PRINTABLE:
        forms = {character}
        if ignores_case:
            forms |= {character.lower(), character.upper(), _LOOKALIKES.get(character, character)}
        if any(_has(item, ord(form)) for item in items for form in forms) != negated:
            found |= mask(character)
    names = not negated and all(kind == "LITERAL" for kind, _ in items)
    return found, found if names else 0


def _has(item: tuple[str, Any], code: int) -> bool:
    """Whether one item of a class has a character."""
    kind, value = item
    if kind == "LITERAL":
        return bool(code == value)
    if kind == "RANGE":
        return bool(value[0] <= code <= value[1])
    return _in_category(str(value), chr(code))


def _in_category(category: str, character: str) -> bool:
    name = category.removeprefix("CATEGORY_")
    kind = name.removeprefix("NOT_")
    has = character.isspace()
    if kind == "DIGIT":
        has = character.isdigit()
    elif kind == "WORD":
        has = character.isalnum() or character == "_"
    return has != name.startswith("NOT_")


def classes(operator: str, argument: Any) -> tuple[int, int]:
    """The characters that a part of a regex matches that matches one, and those of them that it names."""
    return _class(operator, tuple(argument) if operator == "IN" else argument, False)


def sample(items: Any) -> str:
    """A short text that a part of a regex matches, to show which part it is."""
    return "".join(map(_sample, items))


def _sample(item: Any) -> str:
    operator, argument = str(item[0]), item[1]
    if operator == "LITERAL":
        return chr(argument)
    if operator in ("NOT_LITERAL", "ANY", "IN"):
        return readable(classes(operator, argument)[0])
    if operator == "SUBPATTERN":
        return sample(argument[3])
    if operator == "ATOMIC_GROUP":
        return sample(argument)
    if operator == "BRANCH":
        return min(map(sample, argument[1]), key=len)
    if operator.endswith("_REPEAT"):
        least: int = argument[0]
        return (sample(argument[2]) * least)[:LONGEST_SAMPLE]
    return ""
