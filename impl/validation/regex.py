"""What `allow_origin_regex` allows that nobody meant, what of it is dead, and what takes it long.

The language of the regex is judged, not its text: see `impl.validation.automaton`. Look-around,
back-references, possessive and atomic parts are taken for more than they match; what is said about such a
regex is checked with the regex itself, and left unsaid where that does not confirm it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from impl.origin import is_loopback
from impl.validation import backtracking, spelled
from impl.validation.automaton import Automaton, TooLarge, automaton, parser
from impl.validation.origin_automaton import Origins
from impl.validation.search import LONGEST_ORIGIN, Hosts, Search, is_canonical, is_unrelated, site

# What compiling a regex may raise.
NOT_COMPILED = (re.error, ValueError, OverflowError, RecursionError)

_MOST_EXAMPLES = 2_000
_ADDRESSES = ("http://[2001:db8::1]", "http://[fd00::1]", "http://[fe80::1]")
_STRANGERS = ("evil", "fake", "spam")  # of one length

_GLOB = re.compile(
    r"(?:https\?|http\(s\)\?|[A-Za-z][A-Za-z0-9+.\-]*|\*)?(?:://)?"
    r"(?:[A-Za-z0-9.\-_*:/, ]|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\])*"
)
# Where a regex has the `*` of a glob: in `//*.`, and in a port at the end of a branch.
_SLASHES = re.compile(r"/\\?/")
_ANY_HOST = re.compile(r"/\\?/\*\.")
_ANY_PORT = re.compile(r"[\w)\]+}]:\*(?=\$?(?:[|)]|$))", re.ASCII)


class Judgement(NamedTuple):
    """What there is to say about a regex. Origins are examples; None: there is none, or it is not certain.

    `unrelated` is an origin that it matches, and whose registrable domain it does not name; `plain_http` one
    of scheme http that is not the local machine's; `slow` one that takes it very long. `dead` is a text of
    the branch that matches no origin, "" when that is the whole regex. `bare_dot`: whether there is a dot
    without a backslash.
    """

    unrelated: str | None = None
    plain_http: str | None = None
    dead: str | None = None
    slow: str | None = None
    bare_dot: bool = False


def compiled(value: str | re.Pattern[str]) -> re.Pattern[str]:
    """The compiled regex. What later Pythons will read otherwise (a FutureWarning) is the regex of today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(value)


def parse(regex: re.Pattern[str]) -> Any:
    """The parse tree of a compiled regex."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever there is to say, re.compile has said
        return parser.parse(regex.pattern, regex.flags & ~re.DEBUG)


def is_glob(text: str) -> bool:
    """Whether this is a glob, or a regex that has the `*` of one, which means something else there."""
    ports = [found.start() for found in _ANY_PORT.finditer(text)]
    return (
        is_plain_glob(text.removeprefix("^").removesuffix("$"))
        or _ANY_HOST.search(text) is not None
        or bool(ports and _SLASHES.search(text, 0, ports[-1]))
    )


def is_plain_glob(text: str) -> bool:
    """Whether this is a shell's pattern, and nothing in it is of a regex: `https://*.example.com`."""
    return "*" in text and ".*" not in text and _GLOB.fullmatch(text) is not None


def judge(regex: re.Pattern[str]) -> Judgement:
    """Judge a regex, without running it before it is known to be quick. Takes less than a second.

    The last 64 are remembered: a test suite builds its app, and the middleware with it, again and again.
    """
    return _remembered(regex)


def _judge(regex: re.Pattern[str]) -> Judgement:
    tree = parse(regex)
    bare_dot = has_bare_dot(tree)
    unrelated = plain_http = dead = slow = None
    is_decided = False
    confirm: Callable[[str], bool] | None = None
    with suppress(TooLarge, RecursionError):
        made = automaton(tree, regex.flags)
        is_quick = False
        with suppress(TooLarge):
            found = backtracking.slow_origin(made)
            is_quick = found is None
            slow = found if made.is_regular else None
        confirm = _confirmation(regex, made, is_quick)
        with suppress(TooLarge):
            dead = _dead(tree, regex.flags)
        if dead != "":
            with suppress(TooLarge):
                unrelated = _unrelated(made, confirm)
                is_decided = made.is_exact
            with suppress(TooLarge):
                plain_http = _plain_http(made, confirm)
    if dead != "" and unrelated is None and not is_decided:
        with suppress(TooLarge, RecursionError):
            confirm = confirm or _confirmation(regex, None, spelled.is_evidently_quick(tree))
            unrelated = _stranger(regex.pattern, tree, confirm)
    return Judgement(unrelated, plain_http, dead, slow, bare_dot)


_remembered = lru_cache(maxsize=64)(_judge)


def _confirmation(regex: re.Pattern[str], made: Automaton | None, is_quick: bool) -> Callable[[str], bool]:
    """How to make sure that the regex matches a text, without running it for long."""

    def confirm(text: str) -> bool:
        if is_quick:
            return regex.fullmatch(text) is not None
        return made is not None and made.is_exact and backtracking.matches(made, text)

    return confirm


def _first(found: Iterator[str], is_meant: Callable[[str], bool]) -> str | None:
    return next(filter(is_meant, islice(found, _MOST_EXAMPLES)), None)


def _unrelated(made: Automaton, confirm: Callable[[str], bool]) -> str | None:
    """An origin with a site that the regex does not name; with https, as readers expect, if it can be."""
    search = Search(made, Origins(schemes=frozenset({"http", "https"})))
    hosts = Hosts(search)

    def is_meant(text: str) -> bool:
        return is_unrelated(text, hosts.named) and confirm(text)

    found = _first(hosts.unrelated(), is_meant)
    if found is None:
        return None
    secure = found.replace("http:", "https:")
    return secure if is_meant(secure) else found


def _stranger(pattern: str, tree: Any, confirm: Callable[[str], bool]) -> str | None:
    """An origin with a stranger's name in its site, in which another stranger's name would do as well."""
    strangers = [each for each in _STRANGERS if each not in pattern.lower()]
    if len(strangers) < 2:
        return None
    one, other = strangers[:2]

    def is_meant(text: str) -> bool:
        host = text.partition("://")[2].partition(":")[0]
        is_strange = one in site(host) and is_unrelated(text, set()) and all(host.split("."))
        return is_strange and confirm(text) and confirm(text.replace(one, other))

    return _first((each.text.lower() for each in spelled.texts(tree, one)), is_meant)


def _plain_http(made: Automaton, confirm: Callable[[str], bool]) -> str | None:
    """An origin of scheme http that is not the local machine's."""
    search = Search(made, Origins(schemes=frozenset({"http"})))
    found = chain(Hosts(search).origins(), _ADDRESSES)
    return _first(found, lambda text: is_canonical(text) and not is_loopback(text) and confirm(text))


def _dead(tree: Any, flags: int) -> str | None:
    """A text of a branch that matches no origin; "" for the whole regex, None when there is none."""
    made = automaton(tree, flags, marked=True)
    found = Search(made, Origins(strict=False))
    if not any(found.nearest[start] <= LONGEST_ORIGIN for start in found.starts):
        return ""
    if _is_never_written(tree):
        return ""
    alive = {place for place, _ in found.nearest}
    return next((made.samples[name] for name, places in made.marks.items() if not alive & set(places)), None)


def _is_never_written(tree: Any) -> bool:
    """Whether the regex spells each text that it matches, and browsers write none of these so."""
    found: list[spelled.Spelled] = []
    with suppress(TooLarge):
        found = spelled.texts(tree)
    return found != [] and all(each.is_certain and not is_canonical(each.text.lower()) for each in found)


def has_bare_dot(tree: Any) -> bool:
    """Whether a `.` that is neither escaped, nor in a class, nor repeated stands anywhere in the regex."""
    waiting = [tree]
    while waiting:
        for operator, argument in waiting.pop():
            if str(operator) == "ANY":
                return True
            waiting += [body for body in _bodies(argument) if not _is_dot_alone(operator, body)]
    return False


def _is_dot_alone(operator: Any, body: Any) -> bool:
    return str(operator).endswith("_REPEAT") and len(body) == 1 and str(body[0][0]) == "ANY"


def _bodies(argument: Any) -> Iterator[Any]:
    """The sequences directly inside an operator's argument."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _bodies(part)
