"""What a browser remembers of wildcards and of credentials."""

from dataclasses import replace

from spec.rules.browser.examples import (
    AUTHORIZED,
    CREDENTIALED_PUT,
    CREDENTIALS,
    HEADERS,
    HOUR,
    METHODS,
    MINE,
    PUT,
    twice,
)
from spec.rules.browser.hops import ENTITLED, KEY, LITERAL, NAMED, all_memory, some_memory
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch

RULES: list[Rule] = []


RULES.append(
    Rule(
        id="C-CAC-5",
        title="Credentials need a result obtained with credentials",
        sentence=(
            "A preflight result obtained without credentials does not let a request with credentials "
            "skip its preflight"
        ),
        sources=(fetch("#concept-cache-match"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*LITERAL),
        holds=all_memory(LITERAL, ENTITLED),
        why=(
            "A page can send unsafe requests with a visitor's cookies although the server allowed them "
            "only without credentials."
        ),
        repair=(
            "Store with each cached result whether its request had credentials, and use only results "
            "with credentials for requests with credentials."
        ),
        counterexample=twice(f"{MINE} | {CREDENTIALS} | {METHODS}PUT | {HOUR}", second=CREDENTIALED_PUT),
    )
)


RULES.append(
    Rule(
        id="C-CAC-6",
        title="Cached wildcards do not cover Authorization",
        sentence=("A cached `*` for headers does not let a request with Authorization skip its preflight"),
        sources=(fetch("#concept-cache-match-header"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*KEY),
        holds=all_memory(KEY, NAMED),
        why=(
            "A page can send credentials in Authorization to a server that did not allow this header by name."
        ),
        repair=(
            "Look in the cache for an entry named `authorization`, and send a preflight when only `*` "
            "is cached."
        ),
        counterexample=twice(
            f"{MINE} | {METHODS}PUT | {HEADERS}* | {HOUR}", second=AUTHORIZED, headers="authorization: k"
        ),
    )
)


RULES.append(
    Rule(
        id="C-CAC-7",
        title="Cached wildcards with credentials are literal",
        sentence=(
            "A `*` cached from a preflight with credentials lets no method or header skip its "
            "preflight except one named `*`"
        ),
        sources=(fetch("#concept-cache-match"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_memory(*NAMED),
        holds=all_memory(NAMED, LITERAL),
        why=(
            "A page can send methods or headers that the server never allowed, because `*` was only a "
            "literal name in that response."
        ),
        repair=("Treat `*` from the preflight of a request with credentials as a plain name in the cache."),
        counterexample=twice(
            f"{MINE} | {CREDENTIALS} | {METHODS}PUT, * | {HOUR}",
            first=CREDENTIALED_PUT,
            second=replace(PUT, method="PATCH"),
        ),
    )
)
