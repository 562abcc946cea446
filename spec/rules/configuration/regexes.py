"""What `allow_origin_regex` may be, and what is risky in it."""

from typing import Any

from spec.config import Config
from spec.origin import judge_entry
from spec.regex import judge
from spec.rules.configuration.examples import example
from spec.rules.configuration.facts import (
    REGEX,
    a_regex_is_given,
    given_regex,
    is_repetition,
    is_shell_glob,
    is_unbounded,
    judgements,
    last_part,
    neighbours,
    regex_text,
    regex_that_allows_unrelated_origins,
    regex_tree,
    sequences,
)
from spec.rules.record import Level, Place, Profile, Rule, Severity, Subject
from spec.rules.sources import CHEAT_SHEETS, PARAMETERS, PORTSWIGGER, PYTHON_RE, URL, WSTG

RULES: list[Rule] = []


def regex_that_does_not_compile(config: Config) -> list[Place]:
    is_given = (
        config.allow_origin_regex is not None and regex_text(config) != "" and not is_shell_glob(config)
    )
    return [REGEX] if is_given and given_regex(config) is None else []


RULES.append(
    Rule(
        id="A-CFG-9",
        title="Regex is a valid regular expression",
        sentence=(
            "`allow_origin_regex` is a string that compiles as a Python regular expression, or such "
            "an expression compiled from a string"
        ),
        sources=(PYTHON_RE,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_that_does_not_compile,
        middleware="raises",
        why=(
            "A regex that cannot be compiled matches no origin, so the pages it was meant for cannot "
            "read responses."
        ),
        repair=(
            "Write a regular expression that Python's `re` module can compile, such as "
            "`https://(app|admin)\\.example\\.org`."
        ),
        implies=("CFG-5",),
        counterexample=example(allow_origin_regex="https://(example"),
    )
)


RULES.append(
    Rule(
        id="A-CFG-10",
        title="Regex stays within named domains",
        sentence=(
            "The regex matches only origins whose registrable domain, such as `example.org`, it spells out"
        ),
        sources=(PORTSWIGGER,),
        level=Level.SHOULD,
        severity=Severity.LETS_IN,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_that_allows_unrelated_origins,
        middleware="warns",
        why=(
            "Other people can register a domain that the regex matches, and pages of that domain can "
            "then read responses."
        ),
        repair=(
            "End the host of the regex with an escaped dot and a domain of yours, such as "
            "`https://(app|admin)\\.example\\.org`."
        ),
        implies=("CFG-5",),
        counterexample=example(allow_origin_regex=r"https://[a-z.]+"),
    )
)


def _is_dot(sequence: Any) -> bool:
    """Whether these nodes are one dot."""
    return [operation.name for operation, _ in sequence] == ["ANY"]


def _has_bare_dot(tree: Any) -> bool:
    """Whether a dot stands for one character: it is not escaped, and no quantifier follows it."""
    return any(
        any(operation.name == "ANY" for operation, _ in sequence)
        for sequence, outer in sequences(tree)
        if not (outer is not None and is_repetition(outer) and _is_dot(sequence))
    )


def regex_with_bare_dots(config: Config) -> list[Place]:
    return [REGEX] if _has_bare_dot(regex_tree(config)) else []


RULES.append(
    Rule(
        id="A-CFG-11",
        title="Dots in the regex are escaped",
        sentence=("Every dot in the regex is escaped, except a dot with a quantifier such as `.*`"),
        sources=(PYTHON_RE,),
        level=Level.SHOULD,
        severity=Severity.LETS_IN,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_with_bare_dots,
        middleware="warns",
        why=(
            "An unescaped dot matches any character: `app.example.org` also matches "
            "`app-example.org`, which may belong to somebody else."
        ),
        repair=("Write `\\.` wherever a literal dot is meant, such as `https://app\\.example\\.org`."),
        implies=("CFG-5",),
        counterexample=example(allow_origin_regex=r"https://a.b\.example\.com"),
    )
)


def empty_regex(config: Config) -> list[Place]:
    return [REGEX] if regex_text(config) == "" else []


RULES.append(
    Rule(
        id="A-CFG-21",
        title="Regex is not empty",
        sentence="`allow_origin_regex` is not an empty string or an empty compiled pattern",
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=empty_regex,
        middleware="raises",
        why=(
            "An empty regex matches no origin, so it allows no page to read responses. Often it comes "
            "from an environment variable that was not set."
        ),
        repair="Leave `allow_origin_regex` out, or write the regex that was meant.",
        counterexample=example(allow_origin_regex=""),
    )
)


def regex_that_takes_long(config: Config) -> list[Place]:
    """A regex that some origin-shaped value keeps busy for long."""
    return [REGEX for said in judgements(config) if said.slow is not None]


RULES.append(
    Rule(
        id="A-CFG-24",
        title="Regex matches quickly enough",
        sentence="Matching the regex takes little time for every origin of at most 512 bytes",
        sources=("https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS",),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_that_takes_long,
        middleware="warns",
        why=(
            "Anyone can send a request with an `Origin` that keeps the server busy, so that other "
            "users wait or get no response."
        ),
        repair=(
            "Do not nest repetitions or put them side by side: name the subdomains, or use a single "
            "repetition."
        ),
        counterexample=example(allow_origin_regex=r"https://([a-z]+)+x\.example\.com"),
    )
)


def regex_that_matches_nothing(config: Config) -> list[Place]:
    """A regex that matches no origin that a browser sends, or has a branch that takes part in no match."""
    return [REGEX for said in judgements(config) if said.dead]


RULES.append(
    Rule(
        id="A-CFG-25",
        title="Every regex branch can match",
        sentence=("The regex and each of its branches match at least one origin that browsers send"),
        sources=(URL + "#host-serializing",),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_that_matches_nothing,
        middleware="warns",
        why=(
            "A part with a slash at the end, upper case or a default port never matches, so the pages "
            "it was meant for cannot read responses."
        ),
        repair=(
            "Write origins as browsers send them: with scheme, in lower case, without a slash at the "
            "end or a default port."
        ),
        counterexample=example(allow_origin_regex=r"https://example\.com/"),
    )
)


def glob_instead_of_a_regex(config: Config) -> list[Place]:
    return [REGEX] if is_shell_glob(config) else []


def pattern_that_is_meant(value: str) -> str | None:
    meant = judge_entry(value).canonical
    return None if meant is None else f"{meant!r} in allow_origins"


RULES.append(
    Rule(
        id="A-CFG-26",
        title="Regex is not a glob",
        sentence=(
            "`allow_origin_regex` is a regular expression and not a glob such as `https://*.example.org`"
        ),
        sources=(PYTHON_RE,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=glob_instead_of_a_regex,
        middleware="raises",
        suggests=pattern_that_is_meant,
        why=(
            "In a regex, `*` repeats the character before it, so a glob does not match the origins it "
            "was meant for and their pages cannot read responses."
        ),
        repair=(
            "Move the pattern `https://*.example.org` to `allow_origins`, or write a regex such as "
            "`https://pr-[0-9]{1,6}\\.example\\.org`."
        ),
        implies=("CFG-5",),
        counterexample=example(allow_origin_regex="https://*.example.com"),
    )
)


def regex_that_matches_null(config: Config) -> list[Place]:
    """A regex that the text `null` matches. None is asked that may take long over it."""
    pattern = given_regex(config)
    return [REGEX] if pattern and judge(pattern).slow is None and pattern.fullmatch("null") else []


def regex_that_says_more_than_meant(config: Config) -> list[Place]:
    found = (
        regex_that_does_not_compile(config)
        + glob_instead_of_a_regex(config)
        + regex_that_allows_unrelated_origins(config)
        + regex_with_bare_dots(config)
        + regex_that_matches_null(config)
    )
    return found[:1]


RULES.append(
    Rule(
        id="CFG-5",
        title="Regex matches only intended origins",
        sentence=(
            "The regex compiles, is not a glob, has no unescaped dot without a quantifier, and matches "
            "only domains that it names, never `null`"
        ),
        sources=(WSTG,),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_that_says_more_than_meant,
        why=(
            "A regex that does not compile, or a glob, lets none of the intended pages read "
            "responses. A loose one lets websites of other people read them."
        ),
        repair=(
            "Write the whole origin, name your domain and escape dots, such as "
            "`https://(app|admin)\\.example\\.org`."
        ),
        counterexample=example(allow_origin_regex=r"(null)?(https://example\.com)?"),
    )
)


def _is_open_ended(tree: Any) -> bool:
    """Whether dots without bound are glued to a name, as in `.*example\\.org`, or end the pattern."""
    glued = [node for node, character in neighbours(tree) if character.isalnum()]
    final = [last_part(tree[-1])] if len(tree) else []
    return any(is_unbounded(node) and _is_dot(node[1][2]) for node in glued + final)


def regex_with_open_ends(config: Config) -> list[Place]:
    return [REGEX] if _is_open_ended(regex_tree(config)) else []


RULES.append(
    Rule(
        id="CFG-5a",
        title="Regex has no open ends",
        sentence=("The regex has no `.*` or `.+` directly before a letter or digit, and none at its end"),
        sources=(CHEAT_SHEETS + "NPM_Security_Cheat_Sheet.html",),
        level=Level.INFO,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.CONFIGURATION,
        applies=a_regex_is_given,
        finds=regex_with_open_ends,
        why=(
            "Anyone can register a domain that fits the open part: `.*example\\.org` also matches "
            "`evilexample.org`, whose pages can then read responses."
        ),
        repair=(
            "Put an escaped dot between the repetition and your domain, and end with the domain, such "
            "as `https://[a-z0-9-]{1,63}\\.example\\.org`."
        ),
        counterexample=example(allow_origin_regex=r"https://example\.com:.*"),
    )
)
