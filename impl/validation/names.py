"""Methods and header names: what is wrong with a list of them, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from impl.errors import Correction, Problem
from impl.validation import correction, repair

# RFC 9110 section 5.6.2.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

# https://fetch.spec.whatwg.org/#concept-method-normalize and #forbidden-method
_NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
_FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
# https://www.iana.org/assignments/http-methods
KNOWN_METHODS = frozenset(
    "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE "
    "MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI "
    "PROPFIND PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE "
    "UPDATEREDIRECTREF VERSION-CONTROL".split()
)
_EVERY_METHOD = frozenset({"ALL", "ANY"})
# What a token may have beside letters, digits, - and _.
_GLUE = re.compile(r"[|+&'`^!#$%~.*]+")

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
# Names without a hyphen that people list: words that may stand beside each other in one string.
_WORDS = frozenset(
    "accept authorization cookie date etag expires link location origin pragma range vary".split()
)

Meant = Callable[[object], repair.Meaning | None]


def judge_list(
    argument: str, value: Any, meant: Meant, default: repair.Meaning | None = None
) -> Iterator[Problem]:
    """What is wrong with a list, whatever it lists.

    `meant` knows what a value means that is no list or no string; None instead of a list means the `default`
    where there is one.
    """
    if isinstance(value, (str, bytes)):
        reason = "One string is not a list of strings: it would be taken letter by letter."
        yield _wrong_list(argument, value, "A-CFG-2", reason, meant(value))
    elif not isinstance(value, tuple):
        reason = "This is not a list of strings, nor anything else that can be iterated."
        meaning = default if value is None and default is not None else meant(value)
        yield _wrong_list(argument, value, "A-CFG-20", reason, meaning)
    else:
        for index, element in enumerate(value):
            if not isinstance(element, str):
                yield Problem(
                    argument,
                    index,
                    element,
                    "A-CFG-3",
                    "This is not a str.",
                    "a str.",
                    instead(meant(element)),
                )


def _wrong_list(argument: str, value: Any, rule: str, reason: str, meaning: repair.Meaning | None) -> Problem:
    words = f"{argument}=[…], a list of strings."
    return Problem(argument, None, value, rule, reason, words, instead(meaning))


def instead(meaning: repair.Meaning | None) -> Correction | None:
    """The correction of something in a list to what it means."""
    return None if meaning is None else Correction(meaning.entries, regexes=meaning.regexes)


def strings(value: Any) -> list[tuple[int, str]]:
    """The elements of a list that are strings, with their positions."""
    elements = value if isinstance(value, tuple) else ()
    return [(index, element) for index, element in enumerate(elements) if isinstance(element, str)]


def _meaning(value: object, of_text: Callable[[str], list[str] | None]) -> repair.Meaning | None:
    try:
        found = _names(value, of_text)
    except RecursionError:  # a list that holds itself
        return None
    return None if found is None else repair.Meaning(tuple(dict.fromkeys(found)))


def _names(value: object, of_text: Callable[[str], list[str] | None]) -> list[str] | None:
    """The names that a value of any type means; None when that is not certain."""
    if isinstance(value, (bytes, bytearray)):
        return of_text(value.decode("latin-1"))
    if isinstance(value, str):
        return of_text(value)
    if isinstance(value, Enum):
        return _names(value.value, of_text)
    if not isinstance(value, list):  # a tuple may as well be a name and its value
        return [] if value is None else None
    found: list[str] = []
    for element in value:
        names = _names(element, of_text)
        if names is None:
            return None
        found += names
    return found


def _split(text: str, separators: str) -> list[str]:
    """The words of a text, without what is around them by mistake; a list that is written as text, too."""
    text = repair.stripped(text)
    inner = re.fullmatch(r"[\[({](.*)[\])}]", text, re.DOTALL)
    words = [
        repair.stripped(word).removesuffix(":") for word in re.split(separators, inner[1] if inner else text)
    ]
    return [word for word in words if word]


def methods_of(value: object) -> repair.Meaning | None:
    """The methods that a value means where a list of them is expected; None when that is not certain."""
    return _meaning(value, _methods_in)


def _methods_in(text: str) -> list[str] | None:
    found = []
    for part in _split(text, r"[,;]+"):
        words = re.split(r"[\s|/]+", part)
        for word in words:
            upper = word.upper()
            is_known = upper in KNOWN_METHODS or word == "*"
            # What is between commas may be any method, what is between other separators must be known.
            if not _TOKEN.fullmatch(word) or upper in _EVERY_METHOD or not (is_known or len(words) == 1):
                return None
            if upper not in _FORBIDDEN_METHODS:
                found.append(upper if is_known else word)
    return found


def headers_of(value: object) -> repair.Meaning | None:
    """The header names that a value means where a list of them is expected; None when that is not certain."""
    return _meaning(value, _headers_in)


def _headers_in(text: str) -> list[str] | None:
    found = []
    for part in _split(text, r"[,;\n]+"):
        words = part.split()
        if len(words) > 1 and not all("-" in word or word.lower() in _WORDS for word in words):
            return None
        found += words
    certain = all(_TOKEN.fullmatch(name) and name.upper() not in _EVERY_METHOD for name in found)
    return found if certain else None


def judge_methods(value: Any) -> Iterator[Problem]:
    """What is wrong or risky in `allow_methods`."""
    argument = "allow_methods"
    yield from judge_list(argument, value, methods_of, repair.Meaning(("GET",)))
    for index, method in strings(value):
        upper = method.upper()
        meant = instead(methods_of(method))
        if not _TOKEN.fullmatch(method):
            reason = "This is not a method: one or more letters, digits or !#$%&'*+-.^_`|~ and nothing else."
            words = "one method in each string."
            yield Problem(argument, index, method, "A-CFG-12", reason, words, meant)
        elif upper in _FORBIDDEN_METHODS:
            reason = "Browsers never let a script send this method."
            yield Problem(argument, index, method, "A-CFG-12", reason, "", Correction(()))
        elif upper in _NORMALIZED_METHODS and method != upper:
            reason = "Methods are case-sensitive, and browsers send this one in upper case only."
            yield Problem(argument, index, method, "A-CFG-13", reason, "", Correction((upper,)))
        elif method not in KNOWN_METHODS:
            yield from _judge_odd_method(index, method)


def _judge_odd_method(index: int, method: str) -> Iterator[Problem]:
    """Whether a method that no standard knows is one or several known ones in disguise."""
    names = [name.upper() for name in _GLUE.split(method) if name]
    if not names or not all(name in KNOWN_METHODS | _EVERY_METHOD for name in names):
        return
    reason = "Browsers send methods exactly as a script writes them, and nobody means a method of this name."
    if _EVERY_METHOD.isdisjoint(names):
        text = correction.offered("allow_methods", index, Correction(tuple(dict.fromkeys(names))), None)
    else:
        text = "the methods by name, or '*' for all standard ones."
    yield Problem("allow_methods", index, method, "A-CFG-28", reason, text)


def _judge_header_names(argument: str, value: Any) -> Iterator[Problem]:
    yield from judge_list(argument, value, headers_of)
    for index, name in strings(value):
        if not _TOKEN.fullmatch(name):
            reason = "This is not a header name: letters, digits or !#$%&'*+-.^_`|~ and nothing else."
            words = "one header name in each string."
            yield Problem(argument, index, name, "A-CFG-14", reason, words, instead(headers_of(name)))


def _header_names(value: Any) -> list[tuple[int, str]]:
    return [(index, name) for index, name in strings(value) if _TOKEN.fullmatch(name)]


def judge_allow_headers(value: Any) -> Iterator[Problem]:
    """What is wrong or risky in `allow_headers`."""
    argument = "allow_headers"
    yield from _judge_header_names(argument, value)
    wildcards = [index for index, name in strings(value) if name == "*"]
    if wildcards and len(wildcards) < len(strings(value)):
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


def judge_expose_headers(value: Any, credentials: bool) -> Iterator[Problem]:
    """What is wrong or risky in `expose_headers`."""
    argument = "expose_headers"
    yield from _judge_header_names(argument, value)
    for index, name in _header_names(value):
        if name.lower() in ("set-cookie", "set-cookie2"):
            reason = "Browsers never show this header to a script."
            yield Problem(argument, index, name, "A-CFG-16", reason, "leave it out.")
        elif name == "*" and credentials:
            reason = "When a request has credentials, browsers take this for a header that is named *."
            yield Problem(argument, index, name, "A-CFG-16", reason, "the names of the headers.")
