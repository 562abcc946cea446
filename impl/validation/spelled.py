"""Texts that a regex spells, and texts with a stranger's name where it leaves something open.

They are read off the parse tree: few of many, and some that the regex does not match. Whoever uses them
asks the regex, or needs only those that are certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import Any, NamedTuple

from impl.validation.automaton import TooLarge, characters, classes, mask, readable

LONGEST_TEXT = 100  # characters
MOST_TEXTS = 64
MOST_WORK = 40_000
_MOST_LISTED = 4  # characters of a class
_MOST_WAYS = 11_000
_ENOUGH = 14  # rounds with two ways each: 2**14 ways are too many


class Spelled(NamedTuple):
    """A text; `is_certain` unless the regex matches others in its place, or perhaps not this one."""

    text: str
    is_certain: bool


def texts(tree: Any, stranger: str | None = None) -> list[Spelled]:
    """Texts of a parsed regex; first those that have the stranger's name once, if one is given.

    Raises TooLarge when there is too much to put together.
    """
    return _Speller(stranger).texts(tree)


class _Speller:
    """Puts texts together from those of the parts, as long as that is not too much work."""

    def __init__(self, stranger: str | None) -> None:
        self.stranger = stranger
        self.work = 0

    def texts(self, tree: Any) -> list[Spelled]:
        found, literal = [Spelled("", True)], ""
        for item in tree:
            if str(item[0]) == "LITERAL":
                literal += chr(item[1])
                continue
            found = self.longer(found, [Spelled(literal, True)], self.options(item))
            literal = ""
        return self.longer(found, [Spelled(literal, True)])

    def longer(self, *parts: list[Spelled]) -> list[Spelled]:
        """One of the first, with one of each that follows behind it."""
        return self.few(
            Spelled("".join(each.text for each in chosen), all(each.is_certain for each in chosen))
            for chosen in product(*parts)
        )

    def few(self, found: Iterable[Spelled]) -> list[Spelled]:
        """Neither too many of these nor too long ones; where some are left out, none is certain."""
        several = list(dict.fromkeys(found))
        self.work += len(several) + 1
        if self.work > MOST_WORK:
            raise TooLarge
        few = [each for each in several if len(each.text) <= LONGEST_TEXT]
        stranger = self.stranger
        if stranger is not None:
            few.sort(key=lambda each: each.text.count(stranger) != 1)
        few = few[:MOST_TEXTS]
        return few if len(few) == len(several) else [Spelled(each.text, False) for each in few]

    def options(self, item: Any) -> list[Spelled]:
        """Texts of a part of a regex."""
        operator, argument = str(item[0]), item[1]
        if operator in ("NOT_LITERAL", "ANY", "IN"):
            return list(_of_class(*classes(operator, argument)))
        if operator == "SUBPATTERN":
            return self.texts(argument[3])
        if operator == "ATOMIC_GROUP":
            return self.texts(argument)
        if operator == "BRANCH":
            return self.few(each for body in argument[1] for each in self.texts(body))
        if operator.endswith("_REPEAT"):
            least, most, body = argument
            return self.few(self.of_repeat(least, most, body))
        if operator == "ASSERT":  # what it demands must be matched by something else
            return [Spelled(text, False) for text in ("", *(each.text for each in self.texts(argument[1])))]
        if operator == "GROUPREF_EXISTS":
            bodies = [argument[1], argument[2] or ()]
            return [Spelled(each.text, False) for body in bodies for each in self.texts(body)]
        return [Spelled("", operator == "AT" and "BOUNDARY" not in str(argument))]

    def of_repeat(self, least: int, most: int, body: Any) -> Iterator[Spelled]:
        """What is repeated, once if it may be missing; or the stranger's name, if it may stand here."""
        is_certain = most == 1
        if self.stranger is not None and len(body) == 1 and str(body[0][0]) in ("NOT_LITERAL", "ANY", "IN"):
            accepted, _ = classes(str(body[0][0]), body[0][1])
            for text in (f".{self.stranger}.example", f"{self.stranger}.example", self.stranger):
                if mask(text) & ~accepted == 0 and least <= len(text) <= most:
                    yield Spelled(text, False)
        for each in self.texts(body):
            times = min(max(least, 1), LONGEST_TEXT + 1)
            yield Spelled(each.text * times, each.is_certain and is_certain)
        if least == 0:
            yield Spelled("", is_certain)


def _of_class(accepted: int, spelled: int) -> Iterator[Spelled]:
    listed = list(characters(spelled))
    if accepted == spelled and len(listed) <= _MOST_LISTED:
        for character in listed:
            yield Spelled(character, True)
    else:
        yield Spelled(readable(accepted), False)


def is_evidently_quick(tree: Any) -> bool:
    """Whether there are so few ways through a regex that matching a text of this length is quick."""
    return _ways(tree) <= _MOST_WAYS


def _ways(tree: Any) -> int:
    """The most ways to match a text of this length; when there are too many, only one too many."""
    found = prod(_ways_of(str(operator), argument) for operator, argument in tree)
    return min(found, _MOST_WAYS + 1)


def _ways_of(operator: str, argument: Any) -> int:
    if operator == "BRANCH":
        return sum(map(_ways, argument[1]))
    if operator == "GROUPREF_EXISTS":
        return _ways(argument[1]) + _ways(argument[2] or ())
    if operator in ("ASSERT", "ASSERT_NOT"):
        return _ways(argument[1])
    if operator == "SUBPATTERN":
        return _ways(argument[3])
    if operator == "ATOMIC_GROUP":
        return _ways(argument)
    if not operator.endswith("_REPEAT"):
        return 1
    least, most, body = argument
    inside = _ways(body)
    every = range(min(least, LONGEST_TEXT), min(most, LONGEST_TEXT) + 1)
    return sum(inside ** min(times, _ENOUGH) for times in every)
