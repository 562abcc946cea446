"""Which request headers need no preflight."""

from collections.abc import Callable
from dataclasses import replace

from spec.browser import Hop
from spec.rules.browser.examples import LONG_ACCEPT, METHODS, MINE, PUT, asks, did, not_asked_for, says, sends
from spec.rules.browser.facts import (
    JUDGED_BY_VALUE,
    LANGUAGES,
    asked_names,
    is_classified,
    is_safelisted,
    safelisted_length,
    sent_headers,
    value_is_safe,
)
from spec.rules.browser.hops import every_new_hop, some_new_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


def overlong_names(hop: Hop) -> set[bytes]:
    """The names of headers with a value of more than 128 bytes."""
    return {name for name, value in sent_headers(hop) if len(value) > 128}


def has_an_overlong_value(hop: Hop) -> bool:
    return bool(overlong_names(hop)) and is_classified(hop)


def overlong_values_are_asked_for(hop: Hop) -> bool:
    return overlong_names(hop) <= asked_names(hop)


RULES.append(
    Rule(
        id="C-SAF-1",
        title="Long header values need a preflight",
        sentence=(
            "A cross-origin request with a header value of more than 128 bytes has a preflight that "
            "lists this header"
        ),
        sources=(fetch("#cors-safelisted-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_an_overlong_value),
        holds=every_new_hop(has_an_overlong_value, overlong_values_are_asked_for),
        why="A page can send oversized headers to servers that never agreed to CORS.",
        repair=(
            "Treat a header with a value of more than 128 bytes as unsafe, and list it in "
            "Access-Control-Request-Headers."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(LONG_ACCEPT),
    )
)


def judged_by_bytes(hop: Hop, judged: tuple[bytes, ...]) -> dict[bytes, bool]:
    """Of these headers those that their bytes alone decide about, and whether they are safelisted."""
    if safelisted_length(hop) > 1024:
        return {}
    named = {name: [v for n, v in sent_headers(hop) if n == name] for name in judged}
    return {
        name: all(value_is_safe(name, value) for value in values)
        for name, values in named.items()
        if values and all(len(value) <= 128 for value in values)
    }


def has_value_of(*judged: bytes) -> Callable[[Hop], bool]:
    def applies(hop: Hop) -> bool:
        return bool(judged_by_bytes(hop, judged)) and is_classified(hop)

    return applies


def safe_values_alone_are_free(*judged: bytes) -> Callable[[Hop], bool]:
    def holds(hop: Hop) -> bool:
        asked = asked_names(hop)
        return all((name in asked) != safe for name, safe in judged_by_bytes(hop, judged).items())

    return holds


RULES.append(
    Rule(
        id="C-SAF-2",
        title="Accept is safe without unsafe bytes",
        sentence=(
            "A preflight lists Accept if and only if its value has a control byte other than tab, or "
            'one of `"():<>?@[\\]{}`'
        ),
        sources=(fetch("#cors-safelisted-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_value_of(b"accept")),
        holds=every_new_hop(has_value_of(b"accept"), safe_values_alone_are_free(b"accept")),
        why=(
            "A page can send attack strings in Accept to servers that never agreed, or harmless "
            "requests cost a preflight."
        ),
        repair=(
            "List Accept in Access-Control-Request-Headers exactly when its value contains an unsafe "
            "byte (or is too long)."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(("Accept", "a:b")),
    )
)


RULES.append(
    Rule(
        id="C-SAF-3",
        title="Language headers allow few characters",
        sentence=(
            "A preflight lists Accept-Language or Content-Language exactly when it has bytes other "
            "than letters, digits and ` *,-.;=`"
        ),
        sources=(fetch("#cors-safelisted-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_value_of(*LANGUAGES)),
        holds=every_new_hop(has_value_of(*LANGUAGES), safe_values_alone_are_free(*LANGUAGES)),
        why=(
            "A page can send unexpected characters to servers that never agreed, or harmless requests "
            "cost a preflight."
        ),
        repair=(
            "Check every byte of the value against letters, digits, space and `*,-.;=`, and list the "
            "header when another byte occurs."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(("Content-Language", "a_b")),
    )
)


RULES.append(
    Rule(
        id="C-SAF-4",
        title="Only form content types skip preflights",
        sentence=(
            "A preflight lists Content-Type unless its value is one of the three form types, with any "
            "parameters, and has no unsafe byte"
        ),
        sources=(fetch("#cors-safelisted-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_value_of(b"content-type")),
        holds=every_new_hop(has_value_of(b"content-type"), safe_values_alone_are_free(b"content-type")),
        why=(
            "A page can send JSON with a visitor's cookies to servers that count on the preflight to stop it."
        ),
        repair=(
            "Skip the preflight only for `application/x-www-form-urlencoded`, `multipart/form-data` and "
            "`text/plain` without unsafe bytes, and list any other Content-Type."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(("Content-Type", "application/json")),
    )
)


RULES.append(
    Rule(
        id="C-SAF-5",
        title="Only simple ranges skip preflights",
        sentence=(
            "A preflight lists Range unless its value is one byte range with a start and, if there is "
            "an end, an end not before the start"
        ),
        sources=(fetch("#cors-safelisted-request-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_value_of(b"range")),
        holds=every_new_hop(has_value_of(b"range"), safe_values_alone_are_free(b"range")),
        why=(
            "A page can send unusual ranges to servers that never agreed, or media players pay for a "
            "preflight on each seek."
        ),
        repair=(
            "Skip the preflight only for values like `bytes=0-` or `bytes=0-99` without white space, "
            "and list Range for `bytes=-5` or several ranges."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(("Range", "bytes=-5")),
    )
)


def is_too_long_in_total(hop: Hop) -> bool:
    return safelisted_length(hop) > 1024 and is_classified(hop)


def all_safelisted_names_are_asked_for(hop: Hop) -> bool:
    return all(name in asked_names(hop) for name, value in sent_headers(hop) if is_safelisted(name, value))


RULES.append(
    Rule(
        id="C-SAF-6",
        title="Many safelisted headers need a preflight",
        sentence=(
            "If all safelisted header values together exceed 1024 bytes, the preflight lists every "
            "one of these headers"
        ),
        sources=(fetch("#cors-unsafe-request-header-names"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(is_too_long_in_total),
        holds=every_new_hop(is_too_long_in_total, all_safelisted_names_are_asked_for),
        why=("A page can send large amounts of header data to servers that never agreed to CORS."),
        repair=(
            "Add up the lengths of all safelisted values, and list all of their names when the sum is "
            "more than 1024 bytes."
        ),
        implies=("C-PF-4",),
        counterexample=(
            did(
                replace(PUT, headers=(("Accept", "a" * 128),) * 9),
                asks("PUT"),
                says(f"{MINE} | {METHODS}PUT"),
                sends("PUT", " | ".join(["accept: " + "a" * 128] * 9)),
                says(),
            ),
        ),
    )
)


def other_names(hop: Hop) -> set[bytes]:
    """The names that no value makes safelisted."""
    return {name for name, _ in sent_headers(hop)}.difference(JUDGED_BY_VALUE)


def has_other_headers(hop: Hop) -> bool:
    return bool(other_names(hop)) and is_classified(hop)


def other_names_are_asked_for(hop: Hop) -> bool:
    return other_names(hop) <= asked_names(hop)


RULES.append(
    Rule(
        id="C-SAF-7",
        title="Other headers always need a preflight",
        sentence=(
            "A preflight lists every header other than Accept, Accept-Language, Content-Language, "
            "Content-Type and Range, in any letter case"
        ),
        sources=(fetch("#cors-unsafe-request-header-names"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_new_hop(has_other_headers),
        holds=every_new_hop(has_other_headers, other_names_are_asked_for),
        why=(
            "A page can send Authorization, API keys or override headers to servers that never agreed "
            "to receive them."
        ),
        repair=(
            "Compare header names without regard to letter case, and list every name outside these "
            "five in Access-Control-Request-Headers."
        ),
        implies=("C-PF-4",),
        counterexample=not_asked_for(("X-A", "1")),
    )
)
