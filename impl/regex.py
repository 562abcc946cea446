"""What is dangerous in an origin regex, read from the standard library's own parse of it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

from impl.suffixes import registrable_domain

# Python 3.11 renamed it.
_parser: Any = next(module for module in vars(re).values() if hasattr(module, "SubPattern"))

# Nobody has reason to allow these, so a regex that does allows nearly everything.
CANARIES = tuple(
    f"{scheme}://{www}unrelatedcanary.{tld}"
    for scheme in ("https", "http")
    for www in ("", "www.")
    for tld in ("com", "net", "org", "invalid")
)

# From how many repetitions on the ways to share out a name among two repetitions take too long to try.
_OFTEN = 10
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")
_ATOMIC = ("POSSESSIVE_REPEAT", "ATOMIC_GROUP")


# What compiling a regex may raise.
NOT_COMPILED = (re.error, ValueError, OverflowError, RecursionError)


def compiled(value: str | re.Pattern[str]) -> re.Pattern[str]:
    """The compiled regex. What later Pythons will read otherwise (a FutureWarning) is the regex of today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(value)


def parse(pattern: re.Pattern[str]) -> Any:
    """The parse tree of a compiled regex."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever there is to say, re.compile has said
        return _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def canary_allowed(pattern: re.Pattern[str]) -> str | None:
    """An unrelated origin that the regex allows, if there is one."""
    return next((canary for canary in CANARIES if pattern.fullmatch(canary)), None)


def has_bare_dot(tree: Any) -> bool:
    """Whether a `.` that is neither escaped, nor in a class, nor repeated stands anywhere in the regex."""
    waiting = [tree]
    while waiting:
        for operator, argument in waiting.pop():
            if str(operator) == "ANY":
                return True
            waiting += [body for body in _bodies(argument) if not _is_dot_alone(operator, body)]
    return False


def has_nested_quantifiers(tree: Any) -> bool:
    """Whether what may repeat often is repeated without an upper bound, as in `(a+)+` or `(a{1,20})+`.

    What repeats a fixed number of times, or a few, is not counted; nor is what is possessive or atomic, for
    it never backtracks.
    """
    waiting = [(tree, False)]
    while waiting:
        sequence, repeated = waiting.pop()
        for operator, argument in sequence:
            inside = repeated and str(operator) not in _ATOMIC
            if str(operator) in _REPEATS:
                least, most, _ = argument
                if repeated and most >= _OFTEN and least != most:
                    return True
                inside = repeated or most == _parser.MAXREPEAT
            waiting += [(body, inside) for body in _bodies(argument)]
    return False


def _is_dot_alone(operator: Any, body: Any) -> bool:
    return str(operator).endswith("_REPEAT") and len(body) == 1 and str(body[0][0]) == "ANY"


def _bodies(argument: Any) -> Iterator[Any]:
    """The sequences directly inside an operator's argument."""
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _bodies(part)


# --- a stand-in, until the automaton replaces this module -------------------------------------------------


class Judgement(NamedTuple):
    """What the language of a regex holds."""

    stranger: str | None
    plain_http: str | None
    dead: str | None
    slow: str | None
    bare_dot: bool


def judge(regex: re.Pattern[str]) -> Judgement:
    """Judge a regex by a few samples."""
    tree = parse(regex)
    fixed = re.sub(r"\\([.\-/:])", r"\1", regex.pattern)
    tails = re.findall(r"[a-z0-9.\-]+\.[a-z]+", fixed)
    strangers = [*CANARIES]
    for scheme in ("https", "http"):
        strangers += [f"{scheme}://evil{tail}" for tail in tails]
        strangers += [
            f"{scheme}://evil.{tail}" for tail in tails if registrable_domain(tail.strip(".")) is None
        ]
        strangers += [f"{scheme}://{tail}.evil.com" for tail in tails]
        strangers += [
            f"{scheme}://{tail[:at]}x{tail[at + 1 :]}"
            for tail in tails
            for at in range(1, len(tail))
            if tail[at] == "."
        ]
        strangers += [f"{scheme}://unrelatedcanary.dev"]
    for name in list(strangers):
        host = name.partition("://")[2]
        named = {registrable_domain(tail.strip(".-")) for tail in tails} - {None}
        if registrable_domain(host) in named:
            strangers.remove(name)
    samples = [f"http://{tail}" for tail in tails] + [f"http://x.{tail}" for tail in tails]
    has = regex.fullmatch
    slow = has_nested_quantifiers(tree)
    return Judgement(
        next((each for each in strangers if not slow and has(each)), None),
        next(
            (each for each in [*samples, *strangers] if each.startswith("http:") and not slow and has(each)),
            None,
        ),
        "" if regex.pattern in ("", "null") or regex.pattern.endswith("/") else None,
        f"https://{'a' * 100}" if slow else None,
        has_bare_dot(tree),
    )


_GLOB = re.compile(
    r"(?:https\?|http\(s\)\?|[A-Za-z][A-Za-z0-9+.\-]*|\*)?(?:://)?"
    r"(?:[A-Za-z0-9.\-_*:/, ]|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\])*"
)


def is_glob(text: str) -> bool:
    """Whether a text is a glob, where a regex is expected."""
    return "*" in text and ".*" not in text and _GLOB.fullmatch(text) is not None
