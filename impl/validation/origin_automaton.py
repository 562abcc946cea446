"""The origins that browsers send, as an automaton that reads them from the end: port, host, scheme.

From the end, because that is where it stands whose a host is. Numbers are compared digit by digit. What is
inside the brackets of an IPv6 address is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from impl.validation.automaton import BEGIN, END, MARK, PRINTABLE, mask

_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_SCHEME = frozenset(_LETTERS + _DIGITS + "+-.")
_GRAMMAR = frozenset(_LETTERS + _DIGITS + "-")
# https://url.spec.whatwg.org/#forbidden-domain-code-point, the comma, which no origin-shaped value has,
# and `*`.
_HOST = frozenset(PRINTABLE) - frozenset("#/:<>?@[\\]^|%,*") - frozenset(_LETTERS.upper())
# Characters of which all mean the same here; every other one is a kind of its own.
_ALIKE = ("abcd", "gjkmnoqruvyz", "79", _LETTERS.upper(), "!\"$&'();=_`{}~", "#<>?@\\^|%,*")
_KINDS = (
    *_ALIKE,
    *(character for character in PRINTABLE if character not in "".join(_ALIKE)),
    BEGIN,
    END,
    MARK,
)
_NEVER_SENT = frozenset({"", "file", "ftp", "ws", "wss"})
_KNOWN = _NEVER_SENT | {"http", "https"}
_DEFAULTS = {"80": "http", "443": "https"}
_HIGHEST_PORT, _HIGHEST_OCTET = "65535", "255"


@dataclass(frozen=True)
class Number:
    """The last digits of a number: how many they are, and whether they are at most those of a limit."""

    digits: str  # only where they matter: a zero in front, or the end of a default port; otherwise `?`
    length: int
    fits: bool

    def before(self, digit: str, limit: str) -> Number | None:
        """The number with one more digit in front; None when it gets too long."""
        if self.length == len(limit):
            return None
        other = limit[-1 - self.length]
        fits = digit < other or (digit == other and self.fits)
        digits = digit + self.digits
        if not any(default.endswith(digits) for default in _DEFAULTS):
            digits = "0?" if digit == "0" else "?"
        return Number(digits, self.length + 1, fits)

    def is_complete(self, limit: str) -> bool:
        """Whether it is a number of this kind: no zeros in front, and not too large."""
        if self.length == 0 or (self.digits[0] == "0" and self.length > 1):
            return False
        return self.length < len(limit) or self.fits


_NO_NUMBER = Number("", 0, True)


@dataclass(frozen=True)
class State:
    """How far an origin has been read, from its end.

    `part` is what is being read: end, port, host, octet, label, six, slash, slashes, colon, scheme, begin.
    `default` is the scheme that would not write the port.
    """

    part: str
    default: str = ""
    number: Number = _NO_NUMBER
    octets: int = 0
    numeric: str = (
        ""  # of the last label: d digits, h hexadecimal digits, x and z with 0x in front, - of any other
    )
    text: str = ""  # the first character of a label, or what matters of a scheme


@dataclass(frozen=True)
class Origins:
    """The origins of some schemes: if `strict` those of the Fetch grammar, else all that browsers keep.

    https://fetch.spec.whatwg.org/#origin-header and https://url.spec.whatwg.org/#concept-host-parser
    """

    schemes: frozenset[str] | None = None  # of http and https; None: all that browsers send
    strict: bool = True  # without it an empty label is not allowed either: no name has one

    def is_final(self, state: State) -> bool:
        """Whether all of an origin has been read."""
        if state.part == "begin":
            return True
        if state.part != "scheme" or state.text[:1] not in _LETTERS:
            return False
        if self.schemes is not None:
            return state.text in self.schemes and state.text != state.default
        return state.text not in _NEVER_SENT and state.text != state.default

    def before(self, state: State, character: str) -> Iterator[State]:
        """What may be read, when this character stands in front of what has been read."""
        if character == MARK or (character == END and state.part == "end"):
            yield state
        elif character == BEGIN:
            if self.is_final(state):
                yield State("begin")
        else:
            yield from getattr(self, f"_{state.part}")(state, character)

    def steps(self, state: State) -> tuple[tuple[int, State], ...]:
        """The characters that may stand in front of what has been read, by what has been read then."""
        found: dict[State, int] = {}
        for kind in _KINDS:
            for other in self.before(state, kind[0]):
                found[other] = found.get(other, 0) | mask(kind)
        return tuple((bits, other) for other, bits in found.items())

    def _end(self, state: State, character: str) -> Iterator[State]:
        yield from self._port(State("port"), character)
        yield from self._host(State("host"), character)

    def _port(self, state: State, character: str) -> Iterator[State]:
        if character in _DIGITS:
            number = state.number.before(character, _HIGHEST_PORT)
            if number is not None:
                yield State("port", number=number)
        elif character == ":" and state.number.is_complete(_HIGHEST_PORT):
            yield State("host", _DEFAULTS.get(state.number.digits, ""))

    def _host(self, state: State, character: str) -> Iterator[State]:
        if character == "]":
            yield State("six", state.default)
        elif character != "/":
            yield from self._octet(State("octet", state.default), character)
            yield from self._label(State("label", state.default, text="."), character)

    def _octet(self, state: State, character: str) -> Iterator[State]:
        if character in _DIGITS:
            number = state.number.before(character, _HIGHEST_OCTET)
            if number is not None:
                yield State("octet", state.default, number, state.octets)
        elif state.number.is_complete(_HIGHEST_OCTET):
            if character == "." and state.octets < 3:
                yield State("octet", state.default, octets=state.octets + 1)
            elif character == "/" and state.octets == 3:
                yield State("slash", state.default)

    def _label(self, state: State, character: str) -> Iterator[State]:
        if character in "./":
            is_whole = state.text not in ".-" if self.strict else state.text != "." or not state.numeric
            if is_whole and state.numeric not in ("d", "z"):
                part = "slash" if character == "/" else "label"
                yield State(part, state.default, numeric="-", text=".")
        elif self._may_stand_before(state.text, character):
            kind = _numeric(state.numeric, character)
            yield State("label", state.default, numeric=kind, text="-" if character == "-" else "a")

    def _may_stand_before(self, following: str, character: str) -> bool:
        """Whether a label may have this character before another one, or before its end (a dot)."""
        if not self.strict:
            return character in _HOST
        return character in _GRAMMAR and (character, following) != ("-", ".")

    def _six(self, state: State, character: str) -> Iterator[State]:
        if character in "0123456789abcdef:":
            yield State("six", state.default, text=":")
        elif character == "[" and state.text:
            yield State("open", state.default)

    def _open(self, state: State, character: str) -> Iterator[State]:
        if character == "/":
            yield State("slash", state.default)

    def _slash(self, state: State, character: str) -> Iterator[State]:
        if character == "/":
            yield State("slashes", state.default)

    def _slashes(self, state: State, character: str) -> Iterator[State]:
        if character == ":":
            yield State("scheme", state.default)

    def _scheme(self, state: State, character: str) -> Iterator[State]:
        if character in _SCHEME:
            text = character + state.text
            known = any(scheme.endswith(text) for scheme in _KNOWN)
            # Of another scheme only its first character matters; a second one keeps it apart from a known
            # one.
            yield State("scheme", state.default, text=text if known else f"{character}?")

    def _begin(self, state: State, character: str) -> Iterator[State]:
        yield from ()


def _numeric(kind: str, character: str) -> str:
    """The kind of the last label with one more character in front: whether browsers take it for a number.

    https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    if kind in ("", "d") and character in _DIGITS:
        return "d"
    if kind in ("", "d", "h") and character in "0123456789abcdef":
        return "h"
    if kind in ("", "d", "h") and character == "x":
        return "x"
    return "z" if kind == "x" and character == "0" else "n"
