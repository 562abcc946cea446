"""How long Python's backtracking matcher takes on an origin, counted on the automaton of the regex.

A matcher that fails has tried every way through the regex. The ways are counted for origins that repeat
what the regex repeats, and that it does not match in the end.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import NamedTuple

from impl.validation.automaton import (
    BEGIN,
    END,
    PRINTABLE,
    READABLE,
    Automaton,
    TooLarge,
    mask,
    readable,
)

LONGEST_ORIGIN = 512
LONG = 1e8
"""Steps of the matcher, about half a second."""
_VERY_LONG = 1e10
_QUICK_LOOK = 24  # repetitions
_MOST_WORK = 500_000
_MOST_PAIRS = 5_000

_SCHEME = mask("abcdefghijklmnopqrstuvwxyz0123456789+-.")
_HOST = mask("".join(set(PRINTABLE) - set("/?#@\\,")))
_NOWHERE = -1
_START = {_NOWHERE: 1.0}
# Ends that an origin may have so that it is not matched.
_TAILS = ("!", "", *(each for each in READABLE + PRINTABLE if mask(each) & _HOST))

# An origin, read from its beginning: in each part the characters that may come next, and the part that
# follows.
_PARTS = {
    "start": ((_SCHEME, "scheme"),),
    "scheme": ((_SCHEME, "scheme"), (mask(":"), "colon")),
    "colon": ((mask("/"), "slash"),),
    "slash": ((mask("/"), "host"),),
    "host": ((_HOST, "host"),),
}


def slow_origin(regex: Automaton) -> str | None:
    """An origin that takes very long to refuse, or None. Raises TooLarge when counting takes too long."""
    return _Counting(regex).slow_origin()


def matches(regex: Automaton, text: str) -> bool:
    """Whether an automaton matches a text, without backtracking. Raises TooLarge when that takes too long."""
    return _Counting(regex).matches(text)


class _Attack(NamedTuple):
    """An origin that repeats something: what stands before that, what is repeated, what is needed behind."""

    before: str
    repeated: str
    after: str


class _Counting:
    """Counts the ways through an automaton, as long as that does not take too much work."""

    def __init__(self, regex: Automaton) -> None:
        self.regex = regex
        self.work = 0
        self._classes = sorted({*regex.accepts})
        self.follow: dict[int, Mapping[int, int]] = dict(enumerate(regex.follow))
        first = Counter(regex.first)
        for place in self._edges(regex.first, BEGIN):
            first.update(regex.follow[place])
        self.follow[_NOWHERE] = first

    def slow_origin(self) -> str | None:
        """The origin of the first attack that works."""
        return next(filter(None, map(self._origin, self._attacks())), None)

    def matches(self, text: str) -> bool:
        """Whether some way leads through the automaton with this text."""
        return self._is_end(self._read(_START, text)[0])

    def _origin(self, attack: _Attack) -> str | None:
        """An origin that repeats often enough to take very long, and no oftener; None when there is none."""
        room = LONGEST_ORIGIN - len(attack.before + attack.after) - max(map(len, _TAILS))
        ways, steps = self._read(_START, attack.before)
        for times in range(1, room // len(attack.repeated) + 1):
            ways, more = self._read(ways, attack.repeated)
            steps += more
            if times == _QUICK_LOOK and steps < _QUICK_LOOK**3 / 3:
                return None
            if steps > _VERY_LONG:
                break
        if steps < LONG:
            return None
        text = attack.before + attack.repeated * times + attack.after
        ways, _ = self._read(ways, attack.after)
        return next((text + tail for tail in _TAILS if not self._is_end(self._read(ways, tail)[0])), None)

    def _read(self, ways: Mapping[int, float], text: str) -> tuple[dict[int, float], float]:
        """The ways to have come to each place after this text, and how many steps they took."""
        accepts, steps = self.regex.accepts, 0.0
        for character in text:
            bit = 1 << ord(character)
            found: dict[int, float] = {}
            for place, number in ways.items():
                following = self.follow[place]
                self.work += len(following)
                for other, times in following.items():
                    if accepts[other] & bit:
                        found[other] = found.get(other, 0.0) + number * times
            if self.work > _MOST_WORK:
                raise TooLarge
            ways = found
            steps += sum(ways.values())
        return dict(ways), steps

    def _is_end(self, ways: Iterable[int]) -> bool:
        """Whether the regex matches what leads to these places."""
        return any(self.regex.last.keys() & {place, *self._edges(self.follow[place], END)} for place in ways)

    def _edges(self, places: Iterable[int], edge: str) -> set[int]:
        """Those of these places, and of those behind them, that match an edge of the text."""
        found: set[int] = set()
        waiting = [*places]
        while waiting:
            place = waiting.pop()
            if self.regex.accepts[place] == mask(edge) and place not in found:
                found.add(place)
                waiting += self.follow[place]
        return found

    def _attacks(self) -> Iterator[_Attack]:
        """Attacks on each repetition: with characters, what it repeats, and what leads back to it."""
        openings = self._openings()
        for texts in (self._telling, self._rounds):
            for entry, sample in self.regex.repeated:
                for part, allowed, after in (("host", _HOST, ""), ("scheme", _SCHEME, "://")):
                    before = min(
                        (openings[each, part] for each in entry if (each, part) in openings), default=None
                    )
                    if before is not None:
                        for repeated in texts(entry, sample, allowed):
                            yield _Attack(before, repeated, after)

    def _openings(self) -> dict[tuple[int, str], str]:
        """The shortest beginning of an origin before each place, in the scheme and in the host."""
        found: dict[tuple[int, str], str] = {}
        waiting = deque([(_NOWHERE, "start", "")])
        seen: set[tuple[int, str]] = set()
        while waiting:
            place, part, text = waiting.popleft()
            for other in self.follow[place]:
                found.setdefault((other, "scheme" if part == "start" else part), text)
                for allowed, following in _PARTS[part]:
                    shared = self.regex.accepts[other] & allowed
                    if shared and (other, following) not in seen:
                        seen.add((other, following))
                        waiting.append((other, following, text + readable(shared)))
        return found

    def _telling(self, entry: Iterable[int], sample: str, allowed: int) -> list[str]:
        """Characters that begin a repetition, one of each kind; and the sample."""
        begins = reduce(int.__or__, (self.regex.accepts[place] for place in entry)) & allowed
        found: dict[tuple[int, ...], str] = {}
        for character in READABLE + PRINTABLE:
            if begins >> ord(character) & 1:
                found.setdefault(tuple(each >> ord(character) & 1 for each in self._classes), character)
        return [*found.values(), *([sample] if sample and mask(sample) & ~allowed == 0 else ())]

    def _rounds(self, entry: Iterable[int], sample: str, allowed: int) -> Iterator[str]:
        """Texts that lead from the beginning of a repetition back to it, in one way and in two."""
        for place in entry:
            for start in ((place, place, True), (place, place, False)):
                text = self._round(start, place, allowed)
                if text is not None:
                    yield text

    def _round(self, start: tuple[int, int, bool], goal: int, allowed: int) -> str | None:
        """The shortest text that leads from a place back to it, in two ways unless `start` says otherwise."""
        accepts, follow = self.regex.accepts, self.follow
        waiting = deque([(start, "")])
        seen: set[tuple[int, int, bool]] = set()
        while waiting and len(seen) < _MOST_PAIRS:
            (one, other, differ), text = waiting.popleft()
            for here, times in follow[one].items():
                for there in follow[other]:
                    shared = accepts[here] & accepts[there] & allowed
                    state = (here, there, differ or here != there or times > 1)
                    if shared and (here, there) == (goal, goal) and state[2]:
                        return readable(shared) + text
                    if shared and state not in seen:
                        seen.add(state)
                        waiting.append((state, text + readable(shared)))
        return None
