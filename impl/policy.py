"""A configuration in the form that the request path uses: bytes, sets, and header lines ready to send."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, product
from typing import TYPE_CHECKING

from impl.config import Config

if TYPE_CHECKING:
    from impl.pattern import Patterns

Line = tuple[bytes, bytes]

STANDARD_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
ALWAYS_ALLOWED_HEADERS = ("Accept", "Accept-Language", "Content-Language", "Content-Type")

# To a preflight: status, header lines and body. Answers are found by what is allowed of _PARTS.
Answer = tuple[int, tuple[Line, ...], bytes]
Answers = dict[tuple[bool, ...], Answer]
_PARTS = ("origin", "method", "headers", "private-network")
_CONTENT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
_PREFLIGHT_VARY = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    b"Access-Control-Request-Private-Network",
)


@dataclass(frozen=True)
class Policy:
    """What the request path asks of a configuration."""

    any_origin: bool
    origins: frozenset[str]
    origin_patterns: Patterns | None
    origin_regex: re.Pattern[str] | None
    methods: frozenset[bytes]
    any_header: bool
    headers: frozenset[bytes]  # in lower case, and the empty element that a list may hold
    replaced: frozenset[bytes]  # names, in lower case, whose lines on an actual response are ours alone
    replaced_lengths: frozenset[int]  # of these names: a name of another length is none of them
    actual_lines: tuple[Line, ...]  # of an actual response for an allowed origin, but for origin and Vary
    answers: Answers
    allowed_answer: Answer  # where all is allowed


def compile_policy(config: Config) -> Policy:
    """The policy of a configuration that `review` has found no problem in."""
    from impl import pattern
    from impl.validation import regex

    credentials = [(b"access-control-allow-credentials", b"true")] if config.allow_credentials else []
    exposed = _line(b"access-control-expose-headers", dict.fromkeys(config.expose_headers))
    methods = _allowed_methods(config.allow_methods)
    headers = _allowed_headers(config.allow_headers)
    any_header = "*" in config.allow_headers
    patterns = [*filter(None, map(pattern.parse, config.allow_origins))]
    names = {b"vary", b"access-control-allow-origin", b"access-control-allow-credentials"}
    replaced = frozenset(names | {name for name, _ in exposed})
    answers = _preflight_answers(
        *credentials,
        *_line(b"access-control-allow-methods", methods),
        (b"access-control-max-age", b"%d" % config.max_age),
        *([] if any_header else _line(b"access-control-allow-headers", headers)),
    )
    return Policy(
        any_origin="*" in config.allow_origins,
        origins=frozenset(config.allow_origins) - {"*", *map(str, patterns)},
        origin_patterns=pattern.Patterns(patterns) if patterns else None,
        origin_regex=None if config.allow_origin_regex is None else regex.compiled(config.allow_origin_regex),
        methods=frozenset(method.encode() for method in methods),
        any_header=any_header,
        headers=frozenset([b"", *(name.lower().encode() for name in headers)]),
        replaced=replaced,
        replaced_lengths=frozenset(map(len, replaced)),
        actual_lines=(*credentials, *exposed),
        answers=answers,
        allowed_answer=answers[(True,) * len(_PARTS)],
    )


def _preflight_answers(*lines_for_allowed_origin: Line) -> Answers:
    """Every answer that a preflight can get, but for the lines that repeat something of the request."""
    answers: Answers = {}
    for allowed in product((True, False), repeat=len(_PARTS)):
        refused = ", ".join(compress(_PARTS, (not ok for ok in allowed)))
        body = f"Disallowed CORS {refused}".encode() if refused else b"OK"
        lines = (_CONTENT_TYPE, (b"content-length", b"%d" % len(body)), _PREFLIGHT_VARY)
        answers[allowed] = (
            400 if refused else 200,
            (*lines, *lines_for_allowed_origin) if allowed[0] else lines,
            body,
        )
    return answers


def _allowed_methods(configured: tuple[str, ...]) -> list[str]:
    standard = STANDARD_METHODS if "*" in configured else ()
    return [method for method in dict.fromkeys((*standard, *configured)) if method != "*"]


def _allowed_headers(configured: tuple[str, ...]) -> list[str]:
    """One spelling of each name, the first; sorted as the documented middleware sorts them."""
    names = (*ALWAYS_ALLOWED_HEADERS, *configured)
    return sorted({name.lower(): name for name in reversed(names)}.values())


def _line(name: bytes, elements: Iterable[str]) -> list[Line]:
    """A header line that lists the elements; none at all when there are none."""
    value = ", ".join(elements).encode()
    return [(name, value)] if value else []
