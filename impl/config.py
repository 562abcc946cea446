"""The configuration, and what is wrong or unwise in it.

`gather` takes the arguments as they come, `review` judges them all at once. Rule ids (A-CFG-…) are
explained in the messages and collected in the project's rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from impl import origin, regex
from impl.errors import Problem

# RFC 9110 section 5.6.2.
_SEPARATORS = re.compile(r"[,;\s]+")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

# https://fetch.spec.whatwg.org/#concept-method-normalize and #forbidden-method
_NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
_FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})

# https://fetch.spec.whatwg.org/#forbidden-request-header
_FORBIDDEN_REQUEST_HEADERS = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
_CORS_RESPONSE_HEADERS = frozenset(
    {
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-allow-private-network",
        "access-control-expose-headers",
        "access-control-max-age",
    }
)
_LONGEST_MAX_AGE = 86400

_ERRORS = frozenset(f"A-CFG-{number}" for number in (1, 2, 3, 5, 9, 12, 13, 14, 17, 19, 20, 21))


@dataclass(frozen=True)
class Config:
    """The arguments of CORSMiddleware as it keeps them: lists as tuples, the regex as it was given.

    The meaning of each is told at CORSMiddleware.
    """

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ("GET",)
    allow_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    allow_origin_regex: str | re.Pattern[str] | None = None
    allow_private_network: bool = False
    expose_headers: tuple[str, ...] = ()
    max_age: int = 600


def gather(argument: Any) -> Any:
    """An iterable as a tuple, read once; what no list can be made of, as it is, for `review` to refuse."""
    if isinstance(argument, (str, bytes)):
        return argument
    try:
        elements = iter(argument)
    except TypeError:
        return argument
    return tuple(elements)


def review(config: Config) -> tuple[list[Problem], list[list[Problem]]]:
    """Judge a configuration: all problems that forbid it, and what is unwise, one list for each rule."""
    problems: list[Problem] = []
    advice: dict[str, list[Problem]] = {}
    arguments = [field.name for field in fields(Config)]
    for problem in sorted(
        _judge(config), key=lambda found: (arguments.index(found.argument), found.index or 0)
    ):
        null_is_fatal = problem.rule == "A-CFG-7" and config.allow_credentials is True
        if problem.rule in _ERRORS or null_is_fatal:
            problems.append(problem)
        else:
            advice.setdefault(problem.rule, []).append(problem)
    return problems, list(advice.values())


def _judge(config: Config) -> Iterator[Problem]:
    """Everything that there is to say."""
    yield from _judge_origins(config.allow_origins, config.allow_credentials is True)
    yield from _judge_methods(config.allow_methods)
    yield from _judge_allow_headers(config.allow_headers)
    yield from _judge_switch("allow_credentials", config.allow_credentials)
    yield from _judge_regex(config.allow_origin_regex)
    yield from _judge_switch("allow_private_network", config.allow_private_network)
    yield from _judge_expose_headers(config.expose_headers, config.allow_credentials is True)
    yield from _judge_max_age(config.max_age)


def _judge_list(argument: str, value: Any) -> Iterator[Problem]:
    """What is wrong with a list whatever it lists."""
    if isinstance(value, (str, bytes)):
        reason = "One string is not a list of strings: it would be taken letter by letter."
        text = value if isinstance(value, str) else value.decode("latin-1")
        yield Problem(
            argument, None, value, "A-CFG-2", reason, f"{argument}={_SEPARATORS.sub(' ', text).split()!r}"
        )
    elif not isinstance(value, tuple):
        reason = "This is not a list of strings, nor anything else that can be iterated."
        yield Problem(argument, None, value, "A-CFG-20", reason, f"{argument}=[…], or leave it out.")
    else:
        for index, element in enumerate(value):
            if not isinstance(element, str):
                yield Problem(argument, index, element, "A-CFG-3", "This is not a str.", _as_strings(element))


def _as_strings(element: Any) -> str:
    """What to write for an element that is not a str."""
    if isinstance(element, bytes):
        return repr(element.decode("latin-1"))
    if isinstance(element, (list, tuple)):
        return "its elements, without a list around them."
    return "a str."


def _strings(value: Any) -> list[tuple[int, str]]:
    """The elements of a list that are strings, with their positions."""
    elements = value if isinstance(value, tuple) else ()
    return [(index, element) for index, element in enumerate(elements) if isinstance(element, str)]


def _judge_origins(value: Any, credentials: bool) -> Iterator[Problem]:
    argument = "allow_origins"
    yield from _judge_list(argument, value)
    wildcards = [index for index, entry in _strings(value) if entry == "*"]
    if wildcards and credentials:
        yield Problem(
            argument,
            wildcards[0],
            "*",
            "A-CFG-1",
            "Browsers refuse a wildcard answer when a request has credentials; and answering every origin by "
            "its name would let any site act as the logged-in user.",
            "the origins that may use credentials, each by name, or no allow_credentials.",
        )
    if wildcards and len(wildcards) < len(value):
        reason = "This allows every origin, so the other entries change nothing."
        yield Problem(
            argument, wildcards[0], "*", "A-CFG-6", reason, "either '*' alone, or the others alone."
        )
    for index, entry in _strings(value):
        if entry == "null":
            yield Problem(
                argument,
                index,
                entry,
                "A-CFG-7",
                "Any site can make a document whose origin is null (a sandboxed iframe), so this allows them "
                "all" + (", with the user's credentials." if credentials else "."),
                "leave it out, and serve the page that needs it from a real origin.",
            )
        elif entry != "*":
            yield from _judge_origin(index, entry, credentials)


def _judge_origin(index: int, entry: str, credentials: bool) -> Iterator[Problem]:
    argument = "allow_origins"
    finding = origin.judge(entry)
    if finding is not None:
        yield Problem(argument, index, entry, *finding)
        if finding.rule == "A-CFG-5":
            return
    if credentials and entry.startswith("http://") and not origin.is_loopback(entry):
        yield Problem(
            argument,
            index,
            entry,
            "A-CFG-8",
            "Whoever can alter traffic on the way can put a script into a page served without TLS, and that "
            "script may then use the user's credentials.",
            repr(origin.canonical(f"https{entry[4:]}")),
        )


def _judge_regex(value: Any) -> Iterator[Problem]:
    argument = "allow_origin_regex"
    if value is None:
        return
    text = value.pattern if isinstance(value, re.Pattern) else value
    if not isinstance(text, str):
        reason = "This is neither a str nor a compiled regex of str."
        yield Problem(
            argument, None, value, "A-CFG-9", reason, r"a str such as r'https://[a-z]+\.example\.org'."
        )
        return
    if not text:
        reason = "An empty regex matches no origin."
        yield Problem(argument, None, value, "A-CFG-21", reason, "leave it out, or None.")
    try:
        compiled = regex.compiled(value)
        tree = regex.parse(compiled)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        reason = f"This does not compile: {error}."
        repair = origin.regex_of_wildcard(text) or "a regex as Python's re module has them."
        yield Problem(argument, None, value, "A-CFG-9", reason, repair)
        return
    canary = regex.canary_allowed(compiled)
    if canary is not None:
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-10",
            f"This allows unrelated origins, {canary} for one: nearly everyone, with credentials if "
            "those are allowed.",
            "the fixed end of the host in full, as in r'https://[a-z0-9-]+\\.example\\.org'.",
        )
    if regex.has_bare_dot(tree):
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-11",
            "A dot without a backslash stands for any character, so hosts that merely look alike pass.",
            r"\. where a dot is meant.",
        )
    if regex.has_nested_quantifiers(tree):
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-24",
            "A repetition inside a repetition can take exponential time on an origin made for it.",
            "one repetition, as in [a-z0-9.-]+ for any number of labels.",
        )


def _judge_methods(value: Any) -> Iterator[Problem]:
    argument = "allow_methods"
    yield from _judge_list(argument, value)
    for index, method in _strings(value):
        upper = method.upper()
        if not _TOKEN.fullmatch(method):
            reason = "This is not a method: one or more letters, digits or !#$%&'*+-.^_`|~ and nothing else."
            repair = _separated(method) or "one method in each string."
            yield Problem(argument, index, method, "A-CFG-12", reason, repair)
        elif upper in _FORBIDDEN_METHODS:
            reason = "Browsers never let a script send this method."
            yield Problem(argument, index, method, "A-CFG-12", reason, "leave it out.")
        elif upper in _NORMALIZED_METHODS and method != upper:
            reason = "Methods are case-sensitive, and browsers send this one in upper case only."
            yield Problem(argument, index, method, "A-CFG-13", reason, repr(upper))


def _separated(text: str) -> str:
    """The tokens that a text stands for, a list with commas or one with something around it; "" if none."""
    parts = [part.strip().removesuffix(":") for part in text.split(",")]
    return ", ".join(map(repr, parts)) if all(_TOKEN.fullmatch(part) for part in parts) else ""


def _judge_header_names(argument: str, value: Any) -> Iterator[Problem]:
    yield from _judge_list(argument, value)
    for index, name in _strings(value):
        if not _TOKEN.fullmatch(name):
            reason = "This is not a header name: letters, digits or !#$%&'*+-.^_`|~ and nothing else."
            repair = _separated(name) or "one header name in each string."
            yield Problem(argument, index, name, "A-CFG-14", reason, repair)


def _header_names(value: Any) -> list[tuple[int, str]]:
    return [(index, name) for index, name in _strings(value) if _TOKEN.fullmatch(name)]


def _judge_allow_headers(value: Any) -> Iterator[Problem]:
    argument = "allow_headers"
    yield from _judge_header_names(argument, value)
    wildcards = [index for index, name in _strings(value) if name == "*"]
    if wildcards and len(wildcards) < len(_strings(value)):
        reason = "This allows every header, so the other names change nothing."
        yield Problem(
            argument, wildcards[0], "*", "A-CFG-23", reason, "either '*' alone, or the others alone."
        )
    for index, name in _header_names(value):
        lower = name.lower()
        if lower in _FORBIDDEN_REQUEST_HEADERS or lower.startswith(("proxy-", "sec-")):
            reason = "Scripts cannot set this header, so browsers never ask for it."
            if lower.startswith("cookie"):
                reason += " Cookies are allowed by allow_credentials=True."
            yield Problem(argument, index, name, "A-CFG-15", reason, "leave it out.")
        elif lower in _CORS_RESPONSE_HEADERS:
            reason = "This is a response header; allow_headers lists what requests may carry."
            yield Problem(argument, index, name, "A-CFG-15", reason, "leave it out.")


def _judge_expose_headers(value: Any, credentials: bool) -> Iterator[Problem]:
    argument = "expose_headers"
    yield from _judge_header_names(argument, value)
    for index, name in _header_names(value):
        if name.lower() in ("set-cookie", "set-cookie2"):
            reason = "Browsers never show this header to a script."
            yield Problem(argument, index, name, "A-CFG-16", reason, "leave it out.")
        elif name == "*" and credentials:
            reason = "When a request has credentials, browsers take this for a header that is named *."
            yield Problem(argument, index, name, "A-CFG-16", reason, "the names of the headers.")


def _judge_switch(argument: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(argument, None, value, "A-CFG-19", "This is not a bool.", "True or False.")


def _judge_max_age(value: Any) -> Iterator[Problem]:
    argument, repair = "max_age", "whole seconds, for instance 600; 0 for no caching."
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(argument, None, value, "A-CFG-17", "This is not an int.", repair)
    elif value < 0:
        yield Problem(argument, None, value, "A-CFG-17", "This is negative.", repair)
    elif not _can_be_written(value):
        reason = "This has too many digits to be written."
        yield Problem(argument, None, value, "A-CFG-17", reason, repair)
    elif value > _LONGEST_MAX_AGE:
        reason = "Browsers do not remember a preflight for longer than a day, Chromium only for two hours."
        yield Problem(argument, None, value, "A-CFG-18", reason, f"at most {_LONGEST_MAX_AGE}.")


def _can_be_written(number: int) -> bool:
    try:
        str(int(number))
    except ValueError:  # Python's limit for the digits of an int
        return False
    return True
