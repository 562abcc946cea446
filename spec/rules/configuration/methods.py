"""What `allow_methods` may hold."""

import re

from spec.config import Config
from spec.rules.configuration.examples import example
from spec.rules.configuration.facts import is_field_name, strings_of
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import IANA, fetch

RULES: list[Rule] = []


# https://fetch.spec.whatwg.org/#forbidden-method
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})


def impossible_methods(config: Config) -> list[Place]:
    return [
        place
        for place, method in strings_of(config, "allow_methods")
        if not is_field_name(method) or method.upper() in FORBIDDEN_METHODS
    ]


RULES.append(
    Rule(
        id="A-CFG-12",
        title="Allowed methods are possible in browsers",
        sentence=(
            "Every allowed method is a single valid method name and not `CONNECT`, `TRACE` or `TRACK` "
            "in any letter case"
        ),
        sources=(fetch("#forbidden-method"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=impossible_methods,
        middleware="raises",
        why=(
            "Browsers never send such a method from a script, so the entry allows nothing. With two "
            "methods in one string, both of them fail."
        ),
        repair=(
            "Write one method per string, such as `GET` and `POST`, and leave out `CONNECT`, `TRACE` "
            "and `TRACK`."
        ),
        implies=("CFG-6",),
        counterexample=example(allow_methods=("TRACE",)),
    )
)


# https://fetch.spec.whatwg.org/#concept-method-normalize
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


def methods_that_browsers_upper_case(config: Config) -> list[Place]:
    return [
        place
        for place, method in strings_of(config, "allow_methods")
        if method.upper() in NORMALIZED_METHODS and method not in NORMALIZED_METHODS
    ]


def in_upper_case(value: str) -> str:
    return repr(value.upper())


RULES.append(
    Rule(
        id="A-CFG-13",
        title="Common methods are in upper case",
        sentence=(
            "The methods `DELETE`, `GET`, `HEAD`, `OPTIONS`, `POST` and `PUT` are written in upper case"
        ),
        sources=(fetch("#concept-method-normalize"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=methods_that_browsers_upper_case,
        middleware="raises",
        suggests=in_upper_case,
        why=(
            "Browsers convert these methods to upper case and methods are compared exactly, so an "
            "entry such as `put` never matches and those requests fail."
        ),
        repair="Write the method in upper case: `PUT`, not `put` or `Put`.",
        implies=("CFG-6",),
        counterexample=example(allow_methods=("put",)),
    )
)


# https://www.iana.org/assignments/http-methods/
KNOWN_METHODS = frozenset(
    "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE "
    "MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND "
    "PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE "
    "UPDATEREDIRECTREF VERSION-CONTROL".split()
)


# What somebody may write for all methods, who means `*`.
ALL_METHODS = frozenset({"ALL", "ANY"})


def _is_meant_otherwise(method: str) -> bool:
    """Whether this token is made of known methods, or of words for all of them, and is none itself."""
    parts = [part.upper() for part in re.split(r"[|+&'`^!#$%~.*]+", method) if part]
    is_known = all(part in KNOWN_METHODS or part in ALL_METHODS for part in parts)
    return method not in KNOWN_METHODS and bool(parts) and is_known


def methods_that_nobody_means(config: Config) -> list[Place]:
    wrong = methods_that_never_match(config)
    return [
        place
        for place, method in strings_of(config, "allow_methods")
        if place not in wrong and _is_meant_otherwise(method)
    ]


def methods_that_never_match(config: Config) -> list[Place]:
    return impossible_methods(config) + methods_that_browsers_upper_case(config)


def known_method(value: str) -> str | None:
    return repr(value.upper()) if value.upper() in KNOWN_METHODS else None


RULES.append(
    Rule(
        id="A-CFG-28",
        title="Method entries mean what they say",
        sentence=(
            "No method is a misspelling of known ones, such as `patch` for `PATCH`, `GET|POST` for "
            "two methods, or `ALL` for `*`"
        ),
        sources=(IANA + "http-methods/",),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=methods_that_nobody_means,
        middleware="warns",
        suggests=known_method,
        why=(
            "Methods are compared exactly, so the entry allows only a method that is literally named "
            "`patch`, `GET|POST` or `ALL`. The intended requests fail."
        ),
        repair=(
            "Write one method per string in upper case, such as `PATCH`, or `*` for all standard methods."
        ),
        counterexample=example(allow_methods=("GET", "patch")),
    )
)


RULES.append(
    Rule(
        id="CFG-6",
        title="Allowed methods match what browsers send",
        sentence=(
            "Every allowed method is a valid method name that browsers can send, in the letter case "
            "in which they send it"
        ),
        sources=(fetch("#methods"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=methods_that_never_match,
        why=(
            "An entry such as `post`, `GET, POST` or `TRACE` never matches a method that a browser "
            "sends, so it allows nothing and the intended requests may fail."
        ),
        repair=(
            "Write one method per string, such as `GET` and `POST` in upper case, and leave out "
            "`CONNECT`, `TRACE` and `TRACK`."
        ),
        implies=("A-CFG-13",),
        counterexample=example(allow_methods=("put",)),
    )
)
