"""What a regex allows, by trying members of its language in a small scope, before it is ever run.

The regex becomes a chain of parts that are still to be matched; reading a character leaves another chain, as
in a derivative. The search begins with the whole chain and reads telling characters: one letter that the
regex does not contain, few digits, `-`, `.`, `:` and their like. It drops what begins no origin, and keeps
one text of those that look alike for all that may follow. Each character of a text is *spelled* or not: it is
when a literal or a listed character of the regex matched it.

It is a small scope, so it cannot see origins that need other characters than the telling ones, more than
`_MOST_TEXTS` texts, or pumps of more than three characters. Over-approximated are look-around and word
boundaries (as if absent), back-references (as any text; for slowness as if absent), atomic and possessive
parts (as plain ones), and repetitions that may go on for 64 times more (as endless, but not for slowness).
Where that could make a difference, an origin is shown only if the regex really matches it, and a regex with
other parts than plain ones is never called slow; if it looks slow it is not run either, and nothing is shown.
"""

import ipaddress
import re
import warnings
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from string import ascii_lowercase, digits
from typing import Any, NamedTuple

from spec.origin import LONGEST_ORIGIN, Kind, canonical, is_loopback, is_origin_shaped
from spec.suffixes import registrable_domain

# The modules that parse and compile regexes have no public name; Python 3.11 renamed them.
_parser: Any = next(module for module in vars(re).values() if hasattr(module, "SubPattern"))
_compiler: Any = next(module for module in vars(re).values() if hasattr(module, "_compile_info"))

_MANY = 64  # more repetitions than this are endless in the search for members
_MOST_TEXTS = 20_000  # of the search for members
_MOST_ALIKE = 200  # texts for one chain that differ in what the regex spells, and in nothing else
_SLOW = 100_000_000  # steps; about half a second
_MOST_STEPS = 600_000  # of the search for what is slow

_ALPHABET = "".join(char for char in map(chr, range(0x21, 0x7F)) if char not in "?#@\\,*")
_NAMES = ("http://", "https://", "ws://", "wss://", "ftp://")

_GLOB = re.compile(
    r"(?:https\?|http\(s\)\?|[A-Za-z][A-Za-z0-9+.\-]*|\*)?(?:://)?"
    r"(?:[A-Za-z0-9.\-_*:/, ]|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\])*"
)


# A class, or what is escaped; and `:*` behind a host where a branch ends, or `//*.`, in what is left.
_APART = re.compile(r"\\(.)|\[\^?\]?(?:\\.|[^\\\]])*\]", re.DOTALL)
_GLOB_WITHIN = re.compile(r"[A-Za-z0-9)\]]:\*(?=\$?(?:[|)]|\Z))|//\*\.(?![*+?{])")


def is_glob(text: str) -> bool:
    """Whether this is a pattern of shells, with a `*` for anything, where a regex is expected.

    Anchors around it do not matter. What is a regex otherwise, but has `:*` or `//*.` where a pattern has
    them, is meant as one as well: there is no origin with such a port, or such a label.
    """
    bare = text.removeprefix("^").removesuffix("$")
    if "*" in bare and ".*" not in bare and _GLOB.fullmatch(bare):
        return True
    plain = _APART.sub(_plain, text)
    return _GLOB_WITHIN.search(plain) is not None and _compiles(text)


def _plain(apart: re.Match[str]) -> str:
    """A class as its end, and slashes, colons and brackets without what escapes them."""
    if apart[1] is None:
        return "]"
    return apart[1] if apart[1] in "/:[]" else apart[0]


def _compiles(text: str) -> bool:
    with warnings.catch_warnings(), suppress(re.error, OverflowError, RecursionError):
        warnings.simplefilter("ignore")
        return bool(re.compile(text))
    return False


class Judgement(NamedTuple):
    """What must be said of a regex."""

    unrelated: tuple[str, ...]  # canonical origins that it matches, with sites that it does not name
    plain_http: tuple[str, ...]  # canonical origins of plain http that it matches, but for loopback
    dead: bool  # no sendable origin matches it, or one of its branches has no part in any match
    slow: str | None  # an origin-shaped text that keeps a backtracking matcher busy for long


# The parts of a regex, and chains of them


@dataclass(eq=False)
class _Part:
    """A part of a regex. Only one and the same part is equal."""


@dataclass(eq=False)
class _Letter(_Part):
    chars: frozenset[str]
    spells: bool


@dataclass(eq=False)
class _Sequence(_Part):
    items: list[_Part]


@dataclass(eq=False)
class _Choice(_Part):
    items: list[_Part]


@dataclass(eq=False)
class _Loop(_Part):
    body: _Part
    least: int
    most: int
    less: "_Loop | None" = None  # what is left of it after one round


_ANY = _Letter(frozenset(_ALPHABET), False)
_START, _STOP = _Part(), _Part()  # where nothing may stand before, or behind
_END = 0  # the number of the chain that has no part


_Branch = tuple[_Choice, int]  # and its index


class _Move(NamedTuple):
    letter: _Letter | None  # None: nothing is read
    chain: int
    branches: frozenset[_Branch] = frozenset()  # at most one
    rounds: frozenset[int] = frozenset()  # chains to which this must not lead without reading anything


class _Chains:
    """Chains of parts that are still to be matched: each has a number."""

    def __init__(self) -> None:
        self.parts: list[tuple[_Part, int]] = [(_STOP, _END)]  # the end: nothing is read there
        self._numbers: dict[tuple[_Part, int], int] = {}
        self._moves: dict[tuple[int, bool], list[_Move]] = {}

    def then(self, part: _Part, rest: int) -> int:
        number = self._numbers.setdefault((part, rest), len(self.parts))
        if number == len(self.parts):
            self.parts.append((part, rest))
        return number

    def moves(self, chain: int, begun: bool) -> list[_Move]:
        """What can be done next, in the order in which a matcher tries it; `begun`: something was read."""
        if (chain, begun) not in self._moves:
            self._moves[chain, begun] = [] if chain == _END else self._new_moves(chain, begun)
        return self._moves[chain, begun]

    def _new_moves(self, chain: int, begun: bool) -> list[_Move]:
        part, rest = self.parts[chain]
        if isinstance(part, _Letter):
            return [_Move(part, rest)]
        if isinstance(part, _Sequence):
            for item in reversed(part.items):
                rest = self.then(item, rest)
            return [_Move(None, rest)]
        if isinstance(part, _Choice):
            return [
                _Move(None, self.then(item, rest), frozenset([(part, index)]))
                for index, item in enumerate(part.items)
            ]
        if isinstance(part, _Loop):
            return self._rounds(part, rest)
        if part is _START:
            return [] if begun else [_Move(None, rest)]
        if rest == _END:
            return [_Move(None, _END)]
        quiet = [move for move in self.moves(rest, begun) if move.letter is None]
        return [move._replace(chain=self.then(_STOP, move.chain)) for move in quiet]

    def _rounds(self, loop: _Loop, rest: int) -> list[_Move]:
        leave = [_Move(None, rest)] if loop.least == 0 else []
        if loop.most == 0:
            return leave
        if loop.less is None:
            least = max(loop.least - 1, 0)
            most = loop.most if loop.most == _parser.MAXREPEAT else loop.most - 1
            is_same = (least, most) == (loop.least, loop.most)
            loop.less = loop if is_same else _Loop(loop.body, least, most)
        after = self.then(loop.less, rest)
        guard = frozenset([after] if loop.less.least == 0 else [])
        return [_Move(None, self.then(loop.body, after), rounds=guard), *leave]


class _Reader:
    """Makes parts of the parse tree of a regex."""

    def __init__(self, endless: int, reference: _Part) -> None:
        self.endless, self.reference = endless, reference
        self.branches: set[_Branch] = set()
        self.is_exact = True  # no part is taken for another

    def sequence(self, tree: Any, flags: int) -> _Part:
        items = [self._part(node, flags) for node in tree]
        return items[0] if len(items) == 1 else _Sequence(items)

    def _part(self, node: Any, flags: int) -> _Part:
        name, argument = node[0].name, node[1]
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            key = tuple(argument) if name == "IN" else argument
            is_list = name == "IN" and all(item[0].name == "LITERAL" for item in argument)
            return _Letter(_chars(node[0], key, flags), name == "LITERAL" or is_list)
        if name == "SUBPATTERN":
            _, added, removed, body = argument
            kinds = re.ASCII | re.UNICODE
            flags = (flags & ~kinds if added & kinds else flags) | added
            return self.sequence(body, flags & ~removed)
        if name == "BRANCH":
            choice = self._choice(argument[1], flags)
            self.branches |= {(choice, index) for index in range(len(choice.items))}
            return choice
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            self.is_exact &= name != "POSSESSIVE_REPEAT"
            part = self.sequence(body, flags)
            most = _parser.MAXREPEAT if most - least >= self.endless else most
            return _Loop(part, least, most)
        if name == "AT" and argument.name in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            return _START
        if name == "AT" and argument.name in ("AT_END", "AT_END_STRING"):
            return _STOP
        self.is_exact = False
        if name == "ATOMIC_GROUP":
            return self.sequence(argument, flags)
        if name == "GROUPREF_EXISTS":
            return self._choice([body or [] for body in argument[1:]], flags)
        return self.reference if name == "GROUPREF" else _Sequence([])

    def _choice(self, bodies: list[Any], flags: int) -> _Choice:
        return _Choice([self.sequence(body, flags) for body in bodies])


@lru_cache(maxsize=4096)
def _chars(operation: Any, argument: Any, flags: int) -> frozenset[str]:
    """The characters of the alphabet that this node, which matches one character, matches."""
    node = (operation, list(argument) if isinstance(argument, tuple) else argument)
    matcher = _compiler.compile(_parser.SubPattern(_parser.State(), [node]), flags)
    return frozenset(filter(matcher.fullmatch, _ALPHABET))


# The members of the language


class _Text(NamedTuple):
    """The beginning of a member of the language; `spelled` has a space for each character that is not."""

    text: str
    spelled: str


_BEGINNING = re.compile(r"[a-z][a-z0-9+.\-]*(|:|:/|://)(?:(?<=//)[^/]+)?")
_AUTHORITY = re.compile(r"(?:\[[0-9a-f:]*(?:\](?::[0-9]{0,5})?)?|[^A-Z%^|<>\[\]:/]+(?::[0-9]{0,5})?)?")
_PARTS = re.compile(r"([^:]*)://(\[[^\]]*\]?|[^:]*)(.*)")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)*(?:[a-z0-9][a-z0-9\-]*)?")
_PUNYCODE = re.compile(r"(?:.*\.)?(xn--[^.]*)\.")
_LABEL_START = re.compile(r"[^:]*://(?:[^:]*\.)?")
_NUMBERS = re.compile(r"[0-9.]*")
_NUMBER = re.compile(r"[0-9]+|0x?[0-9a-f]*")
_OCTET = re.compile(r"[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]")


def _phase(text: str) -> str | None:
    """How much of `://` an origin-shaped text has; None if no origin begins with it."""
    found = _BEGINNING.fullmatch(text)
    return found[1] if found else None


def _may_begin(text: str) -> bool:
    """Whether a sendable origin can begin with this; where it is not certain, it may."""
    if _phase(text) is None or text in ("ws://", "wss://", "ftp://"):
        return False
    scheme, _, authority = text.partition("://")
    if scheme not in ("http", "https"):
        return True
    ended = _PUNYCODE.fullmatch(authority)
    if ended and canonical(f"https://{ended[1]}").kind is Kind.NEVER:
        return False
    return _AUTHORITY.fullmatch(authority) is not None


def _telling(chars: frozenset[str], text: str, fresh: str) -> list[str]:
    """The characters of a class that are tried behind this text."""
    ordered = [char for char in _ALPHABET if char in chars]
    numbers = [char for char in ordered if char in digits]
    if "://" not in text:
        useful = [char for char in ordered if any(name.startswith(text + char) for name in _NAMES)]
        signs = [char for char in ":/+-." if char in chars]
    else:
        useful = [char for char in "-.:[]" if char in chars]
        signs = []
    found = [
        *useful,
        *[char for char in fresh if char in chars][:1],
        *(["1"] if "1" in numbers else numbers[:1]),
        *numbers[-1:],
        *[char for char in ordered if not char.isalnum() and char not in "-.:[]"][:1],
        *signs,
    ]
    return list(dict.fromkeys(found or ordered))


def _site(host: str) -> str:
    """What belongs to one owner: the registrable domain, or the whole host where there is none."""
    return host if host.rpartition(".")[2].isdigit() else registrable_domain(host) or host


_LOCAL = [
    *map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")),
    ipaddress.ip_network("169.254.0.0/16"),
]


def _is_local(host: str) -> bool:
    """Whether this is an address that means another machine in every network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _LOCAL)


def _view_of_label(host: str, is_spelled: bool) -> object:
    """What matters of the last label of a host, or of all its numbers."""
    label = host.rpartition(".")[2]
    if host.startswith("["):
        return host[:4], host.endswith("]")
    if _NUMBERS.fullmatch(host):
        return _view_of_numbers(host)
    if _NUMBER.fullmatch(label):
        return label[:2]
    if label.startswith("xn--") or "localhost".startswith(label) or "xn--".startswith(label):
        return label if is_spelled else label[:9]
    return label.endswith("-")


def _view_of_numbers(host: str) -> object:
    """What matters of a host of numbers: how many, whether they can be an address, whether a local one."""
    *octets, last = host.split(".")
    dots = host.count(".")
    if dots > 3 or len(last) > 3 or any(_OCTET.fullmatch(octet) is None for octet in octets):
        return last[:1]
    is_open = dots < 2 or _is_local(f"{octets[0]}.{octets[1]}.1.1")
    return dots, octets[0] if octets and is_open else None, last


def _view_of_port(port: str) -> object:
    """What matters of a port: how long it is, whether too large, a default one, or with a zero in front."""
    is_known = any(known.startswith(port) for known in (":443", ":80", ":65535"))
    return len(port), port > ":65535", port if is_known else port.startswith(":0")


_View = tuple[object, object]


def _view(member: _Text) -> _View:
    """What matters of the beginning of an origin for all that may follow: to what it is, and to its site."""
    found = _PARTS.fullmatch(member.text)
    if found is None:
        known = any(name.startswith(member.text) for name in _NAMES)
        return member.text if known else (_phase(member.text),), None
    scheme, host, port = found.groups()
    if scheme not in ("http", "https"):  # any authority will do, and it has no site
        return (member.text.endswith("://"),), None
    site = member.spelled[found.start(2) : found.end(2)].rpartition(" ")[2]
    before = host[: len(host) - len(site)]
    is_name = _NAME.fullmatch(host) is not None
    if port:
        origin = f"{scheme}://{host}"
        local = is_loopback(origin), _is_local(host)
        whole: tuple[object, ...] = (scheme, canonical(origin).kind, local, _view_of_port(port))
    else:
        whole = (scheme, is_name, _view_of_label(host, not before))
    # Only a name has a site. Seven labels that are spelled hold it, whatever stands before them.
    if not before or not is_name or site.count(".") > 6:
        return whole, None
    return whole, (before.endswith("."), site)


class _Search:
    """The members of a language: texts that may become origins, each with the chain that is left."""

    def __init__(self, chains: _Chains, root: int, fresh: str) -> None:
        self.chains, self.fresh = chains, fresh
        self.texts: list[tuple[int, _Text, _View]] = []
        self.from_: defaultdict[int, list[tuple[int, frozenset[_Branch]]]] = defaultdict(list)
        self.is_complete = True
        self._known: dict[tuple[int, _View], int] = {}
        self._alike: Counter[tuple[int, object]] = Counter()
        self._queue: deque[int] = deque()
        nothing = _Text("", "")
        self._reach(root, nothing, _view(nothing), 0, frozenset())
        while self._queue:
            self._go_on(self._queue.popleft())
        # The chains that are left where a label begins.
        self._starts = {chain for chain, member, _ in self.texts if _LABEL_START.fullmatch(member.text)}

    def _go_on(self, index: int) -> None:
        chain, member, view = self.texts[index]
        for move in self.chains.moves(chain, bool(member.text)):
            if move.letter is None:
                self._reach(move.chain, member, view, index, move.branches)
                continue
            for char in _telling(move.letter.chars, member.text, self.fresh):
                more = _Text(member.text + char, member.spelled + (char if move.letter.spells else " "))
                if _may_begin(more.text):
                    self._reach(move.chain, more, _view(more), index, move.branches)

    def _reach(
        self, chain: int, member: _Text, view: _View, source: int, branches: frozenset[_Branch]
    ) -> None:
        whole, naming = view
        if (chain, view) not in self._known and self._alike[chain, whole] == _MOST_ALIKE:
            naming = None
        key = (chain, (whole, naming))
        if key not in self._known:
            if len(self.texts) == _MOST_TEXTS:
                self.is_complete = False
                return
            self._known[key] = len(self.texts)
            self._alike[chain, whole] += naming is not None
            self.texts.append((chain, member, (whole, naming)))
            # What has read nothing more goes first, so that the first text of its kind is a shortest one.
            if member is self.texts[source][1]:
                self._queue.appendleft(self._known[key])
            else:
                self._queue.append(self._known[key])
        self.from_[self._known[key]].append((source, branches))

    def origins(self) -> dict[int, str]:
        """The members that a browser can send, by their index. No name has an empty label."""
        return {
            index: member.text
            for index, (chain, member, _) in enumerate(self.texts)
            if chain == _END
            and is_origin_shaped(member.text.encode())
            and canonical(member.text).kind is not Kind.NEVER
            and "://." not in member.text
            and ".." not in member.text
        }

    def live_branches(self) -> set[_Branch]:
        """The branches through which some member leads that a browser can send."""
        found: set[_Branch] = set()
        live = list(self.origins())
        seen = set(live)
        for index in live:  # which grows meanwhile
            for source, branches in self.from_[index]:
                found |= branches
                if source not in seen:
                    seen.add(source)
                    live.append(source)
        return found

    def is_unrelated(self, origin: str) -> bool:
        """Whether the site of this origin is none that the regex names."""
        scheme, host, _ = _PARTS.findall(origin)[0]
        if scheme not in ("http", "https") or host.startswith("[") or _is_local(host):
            return False
        return not self._names(_site(host))

    def _names(self, site: str) -> bool:
        """Whether there is a way to match this site in which each of its characters is spelled."""
        now = self._starts
        for char in site:
            letters = self._letters(self._behind(now))
            now = {rest for letter, rest in letters if letter.spells and char in letter.chars}
        ends = self._behind(now)
        return _END in ends or any(":" in letter.chars for letter, _ in self._letters(ends))

    def _letters(self, chains: list[int]) -> list[tuple[_Letter, int]]:
        """What can be read next, with the chain behind it."""
        found = [self.chains.parts[chain] for chain in chains]
        return [(part, rest) for part, rest in found if isinstance(part, _Letter)]

    def _behind(self, chains: Iterable[int]) -> list[int]:
        """These chains, and those to which they lead without reading anything."""
        found = list(chains)
        seen = set(found)
        for chain in found:  # which grows meanwhile
            for move in self.chains.moves(chain, True):
                if not move.letter and move.chain not in seen:
                    seen.add(move.chain)
                    found.append(move.chain)
        return found


# Slowness


Ways = Counter[int]  # in how many ways a matcher gets to each chain


class _Walked(NamedTuple):
    """How a matcher has come to the end of a text."""

    text: str
    ways: Ways
    total: int  # steps, one for each way to each of the characters


class _TooMuch(Exception):
    """The search for what is slow has taken too many steps."""


class _Walk:
    """Counts the ways in which a backtracking matcher walks a text, without walking them."""

    def __init__(self, chains: _Chains) -> None:
        self.chains = chains
        self.steps = 0
        self._walked: set[tuple[str, int]] = set()  # pumps, each with the chains that it has gone through
        self._reads: dict[tuple[int, bool, frozenset[int]], Counter[tuple[_Letter | None, int]]] = {}

    def reads(
        self, chain: int, begun: bool, rounds: frozenset[int] = frozenset()
    ) -> "Counter[tuple[_Letter | None, int]]":
        """What can be read next, with the number of ways to it; (None, the end): nothing more is needed.

        A round of a loop that has read nothing ends the loop: `rounds` are the chains behind such rounds.
        """
        here = (chain, begun, rounds)
        if here not in self._reads:
            found: Counter[tuple[_Letter | None, int]] = Counter([(None, _END)] if chain == _END else [])
            for move in self.chains.moves(chain, begun):
                if move.letter:
                    found[move.letter, move.chain] = 1
                elif move.chain not in rounds:
                    found.update(self.reads(move.chain, begun, rounds | move.rounds))
            self._pay(1 + len(found))
            self._reads[here] = found
        return self._reads[here]

    def _pay(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _MOST_STEPS:
            raise _TooMuch

    def read(self, ways: Ways, char: str, begun: bool = True) -> Ways:
        """The ways behind one character more."""
        after: Ways = Counter()
        for chain, count in ways.items():
            reads = self.reads(chain, begun)
            self._pay(len(reads))
            for (letter, rest), times in reads.items():
                if letter and char in letter.chars:
                    after[rest] += count * times
        return after

    def accepts(self, ways: Ways) -> bool:
        return any((None, _END) in self.reads(chain, True) for chain in ways)

    def prefixes(self, root: int, fresh: str) -> Iterator[tuple[int, _Walked]]:
        """Each chain to which an origin-shaped text leads, with a shortest one."""
        found = [(root, _Walked("", Counter({root: 1}), 0))]
        seen: set[tuple[int, str]] = set()
        for chain, walked in found:  # which grows meanwhile
            yield chain, walked
            for letter, rest in self.reads(chain, bool(walked.text)):
                for char in _telling(letter.chars, walked.text, fresh) if letter else ():
                    phase = _phase(walked.text + char)
                    if phase is not None and (rest, phase) not in seen:
                        seen.add((rest, phase))
                        found.append((rest, self._further(walked, char)))

    def _further(self, walked: _Walked, chars: str) -> _Walked:
        text, ways, total = walked
        for char in chars:
            ways = self.read(ways, char, bool(text))
            text += char
            total += ways.total()
        return _Walked(text, ways, total)

    def pump_chars(self, chain: int, fresh: str) -> list[str]:
        """Up to five characters that as many classes as can be share, of those that can be read soon."""
        now = {chain}
        classes: list[frozenset[str]] = []
        for _ in range(3):
            reads = [read for number in now for read in self.reads(number, True)]
            classes += [letter.chars - {"/"} for letter, _ in reads if letter]
            now = {rest for _, rest in reads}
        classes = list(dict.fromkeys(classes))[:20]
        shared = Counter(char for one in classes for char in one)
        in_order = dict.fromkeys(fresh + digits + _ALPHABET)
        chars = [
            max((char for char in in_order if char in one), key=lambda char: shared[char])
            for one in classes
            if one
        ]
        return list(dict.fromkeys(chars))[:5]

    def slow(self, root: int, fresh: str) -> str | None:
        """A text that takes long; None when none is found."""
        prefixes: Iterable[tuple[int, _Walked]] = self.prefixes(root, fresh)
        for length in (1, 2, 3):
            known = []
            for chain, prefix in prefixes:
                known.append((chain, prefix))
                for pump in map("".join, product(self.pump_chars(chain, fresh), repeat=length)):
                    is_new = (pump, chain) not in self._walked and (length == 1 or len(set(pump)) > 1)
                    is_shaped = _phase(prefix.text + pump) is not None
                    found = self._pumped(prefix, pump) if is_new and is_shaped else None
                    if found is not None:
                        return found
            prefixes = known
        return None

    def _pumped(self, walked: _Walked, pump: str) -> str | None:
        """This prefix and this pump again and again, and what then makes it fail, if that takes long."""
        least = len(walked.text) + 60
        while (
            walked.ways and len(walked.text) + len(pump) + 70 <= LONGEST_ORIGIN and walked.total < 100 * _SLOW
        ):
            self._walked.update((pump, chain) for chain in walked.ways)
            walked = self._further(walked, pump)
            if len(walked.text) > least and walked.total < 2 * len(walked.text) ** 2:
                break
        return self._failing(walked.ways, walked.text) if walked.total > _SLOW else None

    def _failing(self, ways: Ways, text: str) -> str | None:
        """The text with an end that does not match; None if every end does."""
        if "://" not in text:
            for char in "://!":
                ways, text = self.read(ways, char), text + char
        for char in "!~_.:-0aZ":
            end, rest = "", ways
            while self.accepts(rest) and len(end) < 60:
                end += char
                rest = self.read(rest, char)
            if not self.accepts(rest):
                return text + end
        return None


# The judgement


def judge(regex: "str | re.Pattern[str]") -> Judgement:
    """What must be said of a regex that compiles; the same text with the same flags is judged once."""
    with warnings.catch_warnings():
        # What Python dislikes about a regex that it takes is not our subject.
        warnings.simplefilter("ignore")
        compiled = re.compile(regex)
        return _judgement(compiled.pattern, compiled.flags & ~re.DEBUG)


@lru_cache(maxsize=1024)
def _judgement(text: str, flags: int) -> Judgement:
    try:
        tree = _parser.parse(text, flags & re.VERBOSE)
        return _judged(tree, text, flags)
    except RecursionError:  # nobody writes hundreds of groups in one another for origins
        return Judgement((), (), False, None)


def _judged(tree: Any, text: str, flags: int) -> Judgement:
    fresh = "".join(sorted(ascii_lowercase, key=lambda letter: letter in text))
    slow, is_quick = None, False
    chains = _Chains()
    with suppress(_TooMuch, RecursionError):  # too much, or too many empty parts in a row
        part = _Reader(LONGEST_ORIGIN, _Sequence([])).sequence(tree, flags)
        slow = _Walk(chains).slow(chains.then(part, _END), fresh)
        is_quick = slow is None
    reader = _Reader(_MANY, _Loop(_ANY, 0, _parser.MAXREPEAT))
    search = _Search(chains, chains.then(reader.sequence(tree, flags), _END), fresh)
    origins = search.origins()
    dead = search.is_complete and (not origins or not search.live_branches() >= reader.branches)
    usual = list(filter(_is_usual, origins.values()))
    unrelated: Iterable[str] = filter(search.is_unrelated, usual)
    plain_http: Iterable[str] = (
        origin for origin in usual if origin.startswith("http://") and not is_loopback(origin)
    )
    if is_quick:
        matches = re.compile(text, flags).fullmatch
        unrelated, plain_http = filter(matches, unrelated), filter(matches, plain_http)
    elif not reader.is_exact:
        unrelated, plain_http = [], []
    slow = slow if reader.is_exact else None
    return Judgement(tuple(islice(unrelated, 3)), tuple(islice(plain_http, 3)), dead, slow)


def _is_usual(origin: str) -> bool:
    host = _PARTS.findall(origin)[0][1]
    return canonical(origin).kind is Kind.CANONICAL and all(len(label) <= 63 for label in host.split("."))
