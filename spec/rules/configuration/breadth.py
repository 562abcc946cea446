"""Which configurations open more than one origin, method or header at a time."""

from typing import Any

from spec.config import Config
from spec.origin import parse_pattern
from spec.rules.configuration.examples import SITE, example
from spec.rules.configuration.facts import (
    REGEX,
    a_regex_is_given,
    credentials_are_on,
    credentials_are_true,
    entries_of,
    neighbours,
    null_origin,
    places_of,
    plain_http_with_credentials,
    regex_that_allows_unrelated_origins,
    regex_tree,
    wildcard_with_credentials,
    wildcards,
)
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import ASVS, CHEAT_SHEETS, PORTSWIGGER, page

RULES: list[Rule] = []


def wildcard_origin(config: Config) -> list[Place]:
    return places_of(config, "allow_origins", "*")


RULES.append(
    Rule(
        id="D-08",
        title="Origins are listed, not wildcarded",
        sentence="`allow_origins` lists the origins that need access and does not contain `*`",
        sources=(page("#wildcards"),),
        level=Level.INFO,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=wildcard_origin,
        why=("With `*`, pages of every website can read the responses to requests without credentials."),
        repair=("List the origins that need access in `allow_origins`, such as `https://app.example.com`."),
        implies=("SEC-12",),
        counterexample=example(allow_origins=("*",)),
    )
)


def any_origin_with_credentials(config: Config) -> list[Place]:
    if not credentials_are_true(config):
        return []
    return wildcard_with_credentials(config) + regex_that_allows_unrelated_origins(config)


RULES.append(
    Rule(
        id="SEC-1",
        title="Only known origins with credentials",
        sentence=(
            "When `allow_credentials` is on, `allow_origins` has no `*` and the regex matches only "
            "domains that it names"
        ),
        sources=(ASVS + "0x12-V3-Web-Frontend-Security.md",),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        applies=credentials_are_on,
        finds=any_origin_with_credentials,
        why=(
            "Pages of websites that you do not know can send requests as a signed-in user and read "
            "the responses."
        ),
        repair=(
            "List the trusted origins, or name your own domain in the regex, such as "
            "`https://(app|admin)\\.example\\.org`."
        ),
        implies=("CFG-5", "A-CFG-10"),
        counterexample=example(allow_origin_regex=r"https://[a-z.]+", allow_credentials=True),
    )
)


def _leaves_a_label_open(tree: Any) -> bool:
    """Whether an unlimited repetition comes directly before a dot, as in `.*\\.example\\.org`."""
    return any(character == "." for _, character in neighbours(tree))


def a_pattern_or_a_regex_is_given(config: Config) -> bool:
    return a_regex_is_given(config) or any(parse_pattern(entry) for _, entry in entries_of(config))


def patterns_for_all_subdomains(config: Config) -> list[Place]:
    """Entries that allow all names below a host."""
    patterns = [(place, parse_pattern(entry)) for place, entry in entries_of(config)]
    return [place for place, pattern in patterns if pattern is not None and pattern.below]


def regex_for_all_subdomains(config: Config) -> list[Place]:
    """A regex with an unlimited repetition directly before a dot."""
    return [REGEX] if _leaves_a_label_open(regex_tree(config)) else []


def all_subdomains(config: Config) -> list[Place]:
    return patterns_for_all_subdomains(config) + regex_for_all_subdomains(config)


RULES.append(
    Rule(
        id="SEC-5",
        title="No patterns for all subdomains",
        sentence=(
            "`allow_origins` has no `*.` pattern, and the regex has no unlimited repetition, such as "
            "`.*` or `[a-z]+`, directly before a dot"
        ),
        sources=(
            CHEAT_SHEETS + "Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#custom-headers-and-cors",
        ),
        level=Level.INFO,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        applies=a_pattern_or_a_regex_is_given,
        finds=all_subdomains,
        why=(
            "Such a pattern allows every subdomain. If a single one is taken over or runs unsafe code, "
            "its pages can read the responses."
        ),
        repair=(
            "Name each subdomain, such as `https://app.example.org`, or in a regex "
            "`https://(app|admin)\\.example\\.org`."
        ),
        implies=("CFG-10",),
        counterexample=example(allow_origin_regex=r"https://[a-z]+\.example\.com"),
    )
)


RULES.append(
    Rule(
        id="SEC-12",
        title="No wildcards in any list",
        sentence=("Origins, methods, request headers and exposed headers are named one by one, without `*`"),
        sources=(CHEAT_SHEETS + "REST_Security_Cheat_Sheet.html",),
        level=Level.INFO,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        finds=wildcards,
        why=(
            "A wildcard allows more than the application needs, including origins, methods and "
            "headers that nobody has checked."
        ),
        repair=(
            "List the exact origins, methods and headers that are needed, such as `GET` and `Authorization`."
        ),
        counterexample=example(allow_headers=("*",)),
    )
)


def risky_with_credentials_or_null(config: Config) -> list[Place]:
    wildcards = places_of(config, "allow_methods", "*") + places_of(config, "allow_headers", "*")
    found = null_origin(config) + plain_http_with_credentials(config) + all_subdomains(config)
    # An entry may be both plain http and about all sub-domains.
    return list(dict.fromkeys(found + (wildcards if credentials_are_true(config) else [])))


RULES.append(
    Rule(
        id="CFG-10",
        title="No risky origins or credentialed wildcards",
        sentence=(
            "There is no `null`, no pattern for all subdomains and, with credentials, no plain http "
            "(except loopback) and no `*` for methods or headers"
        ),
        sources=(PORTSWIGGER,),
        level=Level.INFO,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        finds=risky_with_credentials_or_null,
        why=(
            "Each of these lets more pages read responses, or send more kinds of requests as a "
            "signed-in user, than the application needs."
        ),
        repair=("Name each https origin, and with credentials name each method and request header too."),
        implies=("SEC-12",),
        counterexample=example(allow_origins=(SITE,), allow_methods=("*",), allow_credentials=True),
    )
)
