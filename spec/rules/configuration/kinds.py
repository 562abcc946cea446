"""What kind of value each parameter takes: lists of strings, flags, seconds."""

from typing import Any

from spec.config import LISTS, Config
from spec.rules.configuration.examples import SITE, example
from spec.rules.configuration.facts import elements_of, is_iterable, is_string
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import MDN, PARAMETERS, fetch, rfc9111

RULES: list[Rule] = []


def bare_texts(config: Config) -> list[Place]:
    return [Place(argument) for argument in LISTS if is_string(getattr(config, argument))]


RULES.append(
    Rule(
        id="A-CFG-2",
        aliases=("CFG-2",),
        title="Lists are not single strings",
        sentence=(
            "The settings for origins, methods, request headers and exposed headers are lists, not a "
            "single string or bytes"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=bare_texts,
        middleware="raises",
        why=(
            "A single string is read letter by letter or searched as text. `https://example.com` can "
            "then fail to match, or also allow `https://example.co`."
        ),
        repair=('Put the string in a list, even if it is the only one: `["https://example.com"]`.'),
        counterexample=example(allow_headers="X-Requested-With"),
    )
)


def elements_that_are_no_strings(config: Config) -> list[Place]:
    return [
        place
        for argument in LISTS
        for place, element in elements_of(config, argument)
        if not isinstance(element, str)
    ]


RULES.append(
    Rule(
        id="A-CFG-3",
        title="List elements are strings",
        sentence="Every element of a list of origins, methods or headers is a string",
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=elements_that_are_no_strings,
        middleware="raises",
        why=(
            "A value of another type, such as a URL object or bytes, does not compare equal to text "
            "from a request, so it allows nothing or causes an error."
        ),
        repair=(
            'Write each element as a string, such as `"https://example.com"`, and convert URL '
            "objects to their origin first."
        ),
        counterexample=example(allow_methods=("GET", b"PUT")),
    )
)


def not_iterable(config: Config) -> list[Place]:
    return [Place(argument) for argument in LISTS if not is_iterable(getattr(config, argument))]


RULES.append(
    Rule(
        id="A-CFG-20",
        title="List settings are iterable",
        sentence=(
            "The settings for origins, methods, request headers and exposed headers are lists or "
            "other iterables, not `None` or a number"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=not_iterable,
        middleware="raises",
        why=(
            "A value that is no list contains no entries to compare with, so nothing is allowed or "
            "the application fails."
        ),
        repair="Write a list of strings, or an empty list `[]` for no entries.",
        counterexample=example(expose_headers=None),
    )
)


def origins_that_are_no_list_of_strings(config: Config) -> list[Place]:
    found = bare_texts(config) + not_iterable(config) + elements_that_are_no_strings(config)
    return [place for place in found if place.argument == "allow_origins"]


RULES.append(
    Rule(
        id="D-09",
        title="Allowed origins are a list of strings",
        sentence=(
            "`allow_origins` is a list or other iterable of strings, not a single string and not a "
            "value of another type"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=origins_that_are_no_list_of_strings,
        why=(
            "A single string may be searched as text, so that `https://example.com` also allows "
            "`https://example.co`. Values of other types match nothing or fail."
        ),
        repair='Write a list of strings, even for one origin: `["https://example.com"]`.',
        implies=("A-CFG-3",),
        counterexample=example(allow_origins=(SITE, 443)),
    )
)


FLAGS = ("allow_credentials", "allow_private_network")


def flags_that_are_no_bools(config: Config) -> list[Place]:
    return [Place(argument) for argument in FLAGS if not isinstance(getattr(config, argument), bool)]


RULES.append(
    Rule(
        id="A-CFG-19",
        title="Flags are true or false",
        sentence=(
            "`allow_credentials` and `allow_private_network` are each `True` or `False`, not a "
            "string, a number or `None`"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=flags_that_are_no_bools,
        middleware="raises",
        why=(
            'A string such as `"false"` counts as true in Python, so credentials or private network '
            "access may be allowed by mistake."
        ),
        repair="Write `True` or `False`, and convert values of environment variables first.",
        counterexample=example(allow_credentials=1),
    )
)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def wrong_max_age(config: Config) -> list[Place]:
    right = _is_number(config.max_age) and config.max_age >= 0
    return [] if right else [Place("max_age")]


RULES.append(
    Rule(
        id="A-CFG-17",
        aliases=("CFG-9", "S-HTTP-15"),
        title="Maximum age is a non-negative integer",
        sentence=(
            "`max_age` is an integer number of seconds, 0 or more, and not a bool, a float or a string"
        ),
        sources=(fetch("#http-access-control-max-age"), rfc9111("1.2.2")),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.CONFIGURATION,
        finds=wrong_max_age,
        middleware="raises",
        why=(
            "Browsers can ignore an `Access-Control-Max-Age` that is not plain digits. They then keep "
            "preflight results for only 5 seconds or not at all."
        ),
        repair=("Write whole seconds as an integer, such as `600`, or `0` to turn the preflight cache off."),
        counterexample=example(max_age=-1),
    )
)


LONGEST_MAX_AGE = 86400  # seconds; Firefox remembers no preflight for longer


def max_age_beyond_all_browsers(config: Config) -> list[Place]:
    return [Place("max_age")] if _is_number(config.max_age) and config.max_age > LONGEST_MAX_AGE else []


RULES.append(
    Rule(
        id="A-CFG-18",
        title="Maximum age is at most one day",
        sentence="`max_age` is at most 86400 seconds (one day)",
        sources=(MDN + "Access-Control-Max-Age",),
        level=Level.SHOULD,
        severity=Severity.HYGIENE,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        finds=max_age_beyond_all_browsers,
        middleware="warns",
        why=(
            "Browsers keep a preflight result for one day at most, many for less. A larger value has "
            "no further effect."
        ),
        repair="Write `86400` or less. Chromium uses at most `7200`.",
        implies=("CFG-9a",),
        counterexample=example(max_age=86401),
    )
)


LONGEST_COMMON_MAX_AGE = 7200  # seconds; nor does Chromium for longer than this


def max_age_beyond_some_browser(config: Config) -> list[Place]:
    over = _is_number(config.max_age) and config.max_age > LONGEST_COMMON_MAX_AGE
    return [Place("max_age")] if over else []


RULES.append(
    Rule(
        id="CFG-9a",
        title="Maximum age within Chromium's limit",
        sentence=(
            "`max_age` is at most 7200 seconds, the longest time for which Chromium keeps a preflight result"
        ),
        sources=(MDN + "Access-Control-Max-Age",),
        level=Level.INFO,
        severity=Severity.HYGIENE,
        profile=Profile.DOCUMENTED,
        subject=Subject.CONFIGURATION,
        finds=max_age_beyond_some_browser,
        why=(
            "Browsers shorten a larger value to their own limit, so they send preflights more often "
            "than the configuration suggests."
        ),
        repair="Write `7200` or less.",
        counterexample=example(max_age=7201),
    )
)
