"""Origins that a regex matches, from its automaton and that of origins, walked together."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from impl.origin import canonical
from impl.validation import suffixes
from impl.validation.automaton import Automaton, TooLarge, characters, readable
from impl.validation.origin_automaton import Origins, State

MOST_STEPS = 50_000
MOST_TEXTS = 5_000
MOST_NAMES = 200  # that classes spell; more of them name nobody
LONGEST_ORIGIN, LONGEST_LABEL = 512, 63

# What a stranger could put where a regex leaves a host open: behind a name, for all of it, and before a name.
_AT_THE_END = (".evil.example", "evil.example", "evil")
_IN_FRONT = ("evil",)
_TELLING = "-09az.x"  # better examples come later
_LOCAL_ADDRESS = re.compile(r"(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2[0-9]|3[01]))\.[0-9.]+")

Node = tuple[int, int]
"""The next place of the regex, from the end, and the number of the state in which the origin is."""


class Step(NamedTuple):
    """The characters that lead on from a node, and where to; `to` is None where that completes an origin.

    `part` is the part of an origin that is being read then (see `State`).
    """

    characters: int
    to: Node | None
    part: str


class Beginning(NamedTuple):
    """The beginning of an origin, and how many of its characters stand for others that would do as well."""

    fillers: int
    text: str


class Search:
    """The nodes from which an origin can be completed. Raises TooLarge when there is too much to look at."""

    def __init__(self, regex: Automaton, origins: Origins) -> None:
        self.regex = regex
        self._origins = origins
        self._numbers: dict[State, int] = {}
        self._states: list[State] = []
        self._onward: list[list[tuple[int, int, str, bool]] | None] = []
        self._before: dict[int, list[int]] = defaultdict(list)
        for place, following in enumerate(regex.follow):
            for other in following:
                self._before[other].append(place)
        self.steps = self._explore()
        self.nearest = self._completions()

    @cached_property
    def starts(self) -> list[Node]:
        """Where an origin ends."""
        return [node for node in self._ends() if node in self.nearest]

    def part(self, node: Node) -> str:
        """The part of an origin that is being read at a node."""
        return self._states[node[1]].part

    def _ends(self) -> list[Node]:
        end = self._number(State("end"))
        return [(place, end) for place in self.regex.last]

    def _number(self, state: State) -> int:
        if state not in self._numbers:
            self._numbers[state] = len(self._states)
            self._states.append(state)
            self._onward.append(None)
        return self._numbers[state]

    def _steps(self, number: int) -> list[tuple[int, int, str, bool]]:
        """Characters, the state that they lead to, its part, and whether an origin is complete there."""
        found = self._onward[number]
        if found is None:
            found = self._onward[number] = [
                (bits, self._number(state), state.part, self._origins.is_final(state))
                for bits, state in self._origins.steps(self._states[number])
            ]
        return found

    def _explore(self) -> dict[Node, list[Step]]:
        """All nodes that can be reached from the end."""
        found: dict[Node, list[Step]] = {}
        accepts, first = self.regex.accepts, self.regex.first
        waiting = self._ends()
        work = 0
        while waiting:
            node = waiting.pop()
            if node in found:
                continue
            place = node[0]
            steps = found[node] = []
            for bits, number, part, is_final in self._steps(node[1]):
                shared = bits & accepts[place]
                if shared:
                    if is_final and place in first:
                        steps.append(Step(shared, None, part))
                    for other in self._before[place]:
                        steps.append(Step(shared, (other, number), part))
                        waiting.append((other, number))
            work += 1 + len(steps)
            if work > MOST_STEPS:
                raise TooLarge
        return found

    def _completions(self) -> dict[Node, int]:
        """How many characters complete an origin, for each node from which some do."""
        behind: dict[Node, list[Node]] = defaultdict(list)
        waiting: deque[Node] = deque()
        found: dict[Node, int] = {}
        for node, steps in self.steps.items():
            for step in steps:
                if step.to is None:
                    if node not in found:
                        found[node] = 1
                        waiting.append(node)
                else:
                    behind[step.to].append(node)
        while waiting:
            node = waiting.popleft()
            for other in behind[node]:
                if other not in found:
                    found[other] = found[node] + 1
                    waiting.append(other)
        return found

    def complete(self, node: Node | None) -> Beginning:
        """The shortest beginning of an origin from here on."""
        text, fillers = "", 0
        while node is not None:
            spells = self.regex.spells[node[0]]
            # The shortest way; of these one that the regex spells, so that it looks like what was meant.
            ways = [
                (step.to is not None and self.nearest[step.to], not step.characters & spells, number)
                for number, step in enumerate(self.steps[node])
                if step.to is None or step.to in self.nearest
            ]
            step = self.steps[node][min(ways)[-1]]
            text = readable(step.characters) + text
            fillers += not step.characters & spells
            node = step.to
        return Beginning(fillers, text)

    def read(self, nodes: Iterable[Node], text: str) -> set[Node | None]:
        """Where reading this text, from its end, leads to; None where it completes an origin."""
        found: set[Node | None] = {*nodes}
        for character in reversed(text):
            bit = 1 << ord(character)
            found = {
                step.to
                for node in found
                if node is not None
                for step in self.steps[node]
                if step.characters & bit and (step.to is None or step.to in self.nearest)
            }
        return found


class Found(NamedTuple):
    """The end of a host: the node before it, what is known of it, and what stands behind the host.

    `names` is how many ends the classes spell that this is one of. `is_again`: a repetition begins again
    before it, so that what the regex spells there has no end. `is_guess`: numbers of an address are not
    those that the regex spells.
    """

    node: Node
    known: str
    rest: str
    names: int = 1
    is_again: bool = False
    is_guess: bool = False


class Hosts:
    """The ends of hosts that a regex spells, and where it leaves the rest open.

    Not every origin that it matches: of the many that it leaves open, some for each way to do so.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self.named: set[str] = set()
        self._spelled: list[Found] = []
        self._open: list[tuple[Found, int]] = []
        self._guessed: list[Found] = []
        self._walk()

    def _walk(self) -> None:
        waiting = [Found(node, "", "") for node in self._search.starts]
        seen: set[tuple[Node, str | tuple[str, ...], bool]] = set()
        while waiting:
            found = waiting.pop()
            # The last two numbers of an address do not tell whether it is a local one.
            known = (*found.known.split(".")[:-2],) if found.is_guess else found.known
            key = (found.node, known, found.is_again)
            if key not in seen:
                seen.add(key)
                waiting += self._before(found)
            if len(seen) > MOST_TEXTS:
                raise TooLarge

    def _before(self, found: Found) -> Iterator[Found]:
        """What is known with one more character in front, where the regex spells it."""
        search = self._search
        if self._is_decided(found):
            return
        for step in search.steps[found.node]:
            if step.to is None or step.to not in search.nearest:
                continue
            if step.part == "slash" and found.is_guess:
                self._guessed.append(found)
            elif step.part == "slash":  # the host is complete
                if found.known:  # it is not for an IPv6 address
                    self.named.add(site(found.known))
                self._spelled.append(found)
            elif step.part not in ("label", "octet"):
                yield Found(step.to, found.known, readable(step.characters) + found.rest)
            else:
                yield from self._before_character(found, step, step.to)

    def _before_character(self, found: Found, step: Step, to: Node) -> Iterator[Found]:
        """What is known with each character that is spelled in front; of others in an address, one."""
        spelled = step.characters & self._search.regex.spells[found.node[0]]
        names = found.names * max(len([*characters(spelled)]), 1)
        if found.is_again or names > MOST_NAMES:
            spelled = 0
        is_again = to[0] >= found.node[0]
        for character in characters(spelled):
            yield Found(to, character + found.known, found.rest, names, is_again, found.is_guess)
        others = step.characters & ~spelled
        if others:
            self._open.append((found, others))
            if step.part == "octet" and found.known.count(".") < 3:  # the first is open at its end
                yield Found(to, readable(others) + found.known, found.rest, is_guess=True)

    def _is_decided(self, found: Found) -> bool:
        """Whether what is known has the registrable domain in it, whatever stands before."""
        if self._search.part(found.node) != "label" or not found.known.startswith("."):
            return False
        domain = suffixes.registrable_domain(found.known[1:])
        if domain is None:
            return False
        self.named.add(domain)
        self._spelled.append(found)
        return not suffixes.below(found.known[1:])

    def origins(self) -> Iterator[str]:
        """Origins that the regex matches: for each end of a host that it spells, and each way to go on."""
        for found in self._spelled:
            yield self._search.complete(found.node).text + found.known + found.rest
        yield from self.unrelated()

    def unrelated(self) -> Iterator[str]:
        """Origins with a host that the regex does not spell."""
        for found, _ in self._open:
            texts = _IN_FRONT if found.known else _AT_THE_END
            likely = [(before, text) for text in texts for before in self._before_text(found, text)]
            for before, text in sorted(likely, key=lambda each: each[0].fillers):
                yield before.text + text + found.known + found.rest
        for found, bits in self._open:
            below = suffixes.below(found.known[1:]) if found.known.startswith(".") else []
            for text in (
                *sorted(characters(bits), key=_TELLING.find, reverse=True),
                *(f"evil.{name.removesuffix(found.known)}" for name in below),
            ):
                for before in self._before_text(found, text):
                    yield before.text + text + found.known + found.rest

        for found in self._guessed:
            yield self._search.complete(found.node).text + found.known + found.rest

    def _before_text(self, found: Found, text: str) -> list[Beginning]:
        """What may stand before a text that is read in front of what is known."""
        return sorted({self._search.complete(node) for node in self._search.read([found.node], text)})


def is_unrelated(text: str, named: set[str]) -> bool:
    """Whether this is a canonical origin whose site is not one of these, and not only in a local network."""
    host = text.partition("://")[2].partition(":")[0]
    if _LOCAL_ADDRESS.fullmatch(host):
        return False
    labels = host.split(".")
    is_possible = len(text) <= LONGEST_ORIGIN and all(len(label) <= LONGEST_LABEL for label in labels)
    return is_possible and is_canonical(text) and site(host) not in named


def is_canonical(text: str) -> bool:
    """Whether browsers write an origin so."""
    return not text.startswith(("http:", "https:")) or canonical(text) == text


def site(host: str) -> str:
    """What belongs to somebody: the registrable domain, or the whole host where there is none.

    https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site
    """
    if host.rpartition(".")[2].isdigit():
        return host
    return suffixes.registrable_domain(host) or host
