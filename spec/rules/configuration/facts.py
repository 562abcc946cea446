"""What rules read in a configuration that may hold anything."""

import re
import warnings as python_warnings
from contextlib import suppress
from itertools import pairwise
from typing import Any

from spec.config import LISTS, Config
from spec.http import is_token
from spec.origin import Kind, is_loopback, judge_entry
from spec.regex import Judgement, is_glob, judge
from spec.rules.record import Place

# The module that parses regular expressions has no public name; Python 3.11 renamed it.
sre_parser: Any = next(module for module in vars(re).values() if hasattr(module, "SubPattern"))


def credentials_are_true(config: Config) -> bool:
    """Whether credentials are on: what is not a bool does not count."""
    return config.allow_credentials is True


def is_string(value: object) -> bool:
    """A str or bytes."""
    return isinstance(value, (str, bytes))


def is_iterable(value: Any) -> bool:
    """Something that can be iterated over."""
    try:
        iter(value)
    except TypeError:
        return False
    return True


def elements_of(config: Config, argument: str) -> list[tuple[Place, Any]]:
    """The elements of a list, each with its place; none where there is no list to speak of."""
    value: Any = getattr(config, argument)
    if is_string(value) or not is_iterable(value):
        return []
    return [(Place(argument, index), element) for index, element in enumerate(value)]


def strings_of(config: Config, argument: str) -> list[tuple[Place, str]]:
    """The elements of a list that are strings, each with its place."""
    return [(place, element) for place, element in elements_of(config, argument) if isinstance(element, str)]


def places_of(config: Config, argument: str, *wanted: str) -> list[Place]:
    """Where one of these stands in a list."""
    return [place for place, element in strings_of(config, argument) if element in wanted]


def entries_of(config: Config) -> list[tuple[Place, str]]:
    """The allowed origins but for the wildcard, which is none."""
    return [(place, entry) for place, entry in strings_of(config, "allow_origins") if entry != "*"]


def is_field_name(text: str) -> bool:
    """Whether this is a token, as methods and field names are."""
    return text.isascii() and is_token(text.encode())


def wildcard_beside_others(config: Config, argument: str) -> list[Place]:
    """The first wildcard of a list that names something else too."""
    wildcards = places_of(config, argument, "*")
    return wildcards[:1] if len(wildcards) < len(strings_of(config, argument)) else []


REGEX = Place("allow_origin_regex")


def regex_text(config: Config) -> str | None:
    """The text of the regular expression; None when there is none, or none of strings."""
    value: Any = config.allow_origin_regex
    if isinstance(value, re.Pattern):
        value = value.pattern
    return value if isinstance(value, str) else None


def is_shell_glob(config: Config) -> bool:
    """Whether a glob is given in the place of a regular expression, which is then not judged as one."""
    text = regex_text(config)
    return text is not None and is_glob(text)


def given_regex(config: Config) -> "re.Pattern[str] | None":
    """The compiled regular expression; None when there is none that could match anything."""
    value: Any = config.allow_origin_regex
    if not regex_text(config) or is_shell_glob(config):
        return None
    pattern = None
    with python_warnings.catch_warnings(), suppress(re.error, OverflowError, RecursionError):
        # What Python dislikes about a pattern that it takes is not our subject.
        python_warnings.simplefilter("ignore")
        pattern = re.compile(value)
    return pattern


def judgements(config: Config) -> list[Judgement]:
    """What must be said of the regular expression; nothing when there is none that could match anything."""
    pattern = given_regex(config)
    return [] if pattern is None else [judge(pattern)]


def regex_tree(config: Config) -> Any:
    """The parse tree of the regular expression: nodes of an operation and its argument, in order."""
    pattern = given_regex(config)
    if pattern is None:
        return []
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        return sre_parser.parse(pattern.pattern, pattern.flags & re.VERBOSE)


def bodies(argument: Any) -> list[Any]:
    """The sequences that stand in the argument of a node: the body of a group, the arms of a choice."""
    if isinstance(argument, sre_parser.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [body for part in argument for body in bodies(part)]
    return []


def sequences(tree: Any) -> list[tuple[Any, Any]]:
    """This sequence of nodes and all that stand inside, each with the node that it stands in (or None).

    It does not recurse: what Python can compile, however deep, can be read.
    """
    found = [(tree, None)]
    for sequence, _ in found:  # which grows meanwhile
        found += [(body, node) for node in sequence for body in bodies(node[1])]
    return found


def is_repetition(node: Any) -> bool:
    """A part of a regex that repeats another part."""
    return node[0].name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def is_unbounded(node: Any) -> bool:
    """A repetition without an upper limit."""
    return is_repetition(node) and node[1][1] == sre_parser.MAXREPEAT


def last_part(node: Any) -> Any:
    """The last node of a group, however deep; any other node is itself."""
    while node[0].name == "SUBPATTERN" and len(node[1][-1]):
        node = node[1][-1][-1]
    return node


def neighbours(tree: Any) -> list[tuple[Any, str]]:
    """Each node that something without bound ends with, and the character behind it ("" if it is none)."""
    return [
        (last_part(node), chr(argument) if operation.name == "LITERAL" else "")
        for sequence, _ in sequences(tree)
        for node, (operation, argument) in pairwise(sequence)
        if is_unbounded(last_part(node))
    ]


def credentials_are_on(config: Config) -> bool:
    """Credentials are allowed."""
    return credentials_are_true(config)


def a_regex_is_given(config: Config) -> bool:
    """There is an `allow_origin_regex`."""
    return config.allow_origin_regex is not None


def wildcard_with_credentials(config: Config) -> list[Place]:
    """Where `*` is allowed together with credentials."""
    return places_of(config, "allow_origins", "*")[:1] if credentials_are_true(config) else []


def null_origin(config: Config) -> list[Place]:
    """Where `null` is allowed."""
    return places_of(config, "allow_origins", "null")


def plain_http_with_credentials(config: Config) -> list[Place]:
    """Where plain http is allowed together with credentials."""
    if not credentials_are_true(config):
        return []
    return plain_http_entries(config) + regex_that_matches_plain_http(config)


def plain_http_entries(config: Config) -> list[Place]:
    """Origins and patterns of plain http, but for those of the local machine."""
    # What no browser can send is wrong, and not risky as well.
    return [
        place
        for place, entry in entries_of(config)
        if entry.startswith("http://")
        and judge_entry(entry).kind is not Kind.NEVER
        and not is_loopback(entry)
    ]


def regex_that_allows_unrelated_origins(config: Config) -> list[Place]:
    """A regex that matches an origin whose site it does not name."""
    return [REGEX for said in judgements(config) if said.unrelated]


def regex_that_matches_plain_http(config: Config) -> list[Place]:
    """A regex that matches an origin of plain http which is not the local machine."""
    return [REGEX for said in judgements(config) if said.plain_http]


def wildcards(config: Config) -> list[Place]:
    """Where `*` is, in any list."""
    return [place for argument in LISTS for place in places_of(config, argument, "*")]
