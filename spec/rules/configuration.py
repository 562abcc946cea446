"""Rules that judge a configuration alone: which values can work, and which are unwise.

A rule that speaks of mistakes and of mere advice is two rules here: CFG-6 and CFG-6a.
The house rules (A-CFG) decide what our middleware refuses and what it warns of.
A Config may hold anything: no rule raises, and what one rule finds wrong in kind, no other judges.
"""

import re
import warnings as python_warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, Literal

from spec.config import Config
from spec.http import is_token
from spec.origin import DEFAULT_PORTS, Kind, is_loopback, judge_entry, parse_pattern, parts
from spec.regex import Judgement, is_glob, judge
from spec.rule import Level, Place, Profile, Rule, Scope, fetch, page, rfc9110, rfc9111

# The module that parses regular expressions has no public name; Python 3.11 renamed it.
_parser: Any = next(module for module in vars(re).values() if hasattr(module, "SubPattern"))

LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
FLAGS = ("allow_credentials", "allow_private_network")

LONGEST_MAX_AGE = 86400  # seconds; Firefox remembers no preflight for longer
LONGEST_COMMON_MAX_AGE = 7200  # seconds; nor does Chromium for longer than this

# https://fetch.spec.whatwg.org/#concept-method-normalize
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
# https://fetch.spec.whatwg.org/#forbidden-method
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
# https://www.iana.org/assignments/http-methods/
KNOWN_METHODS = frozenset(
    "ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE "
    "MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND "
    "PROPPATCH PUT QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE "
    "UPDATEREDIRECTREF VERSION-CONTROL".split()
)
# What somebody may write for all methods, who means `*`.
ALL_METHODS = frozenset({"ALL", "ANY"})
# https://fetch.spec.whatwg.org/#forbidden-request-header, those that are forbidden whatever they hold
FORBIDDEN_REQUEST_HEADERS = frozenset(
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
FORBIDDEN_REQUEST_HEADER_PREFIXES = ("proxy-", "sec-")
# https://fetch.spec.whatwg.org/#http-responses, and the one of Private Network Access
CORS_RESPONSE_HEADERS = frozenset(
    {
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-allow-private-network",
    }
)
# https://fetch.spec.whatwg.org/#forbidden-response-header-name
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)


# Reading a configuration that may hold anything


def _credentials(config: Config) -> bool:
    """Whether credentials are on: what is not a bool does not count."""
    return config.allow_credentials is True


def _is_text(value: object) -> bool:
    return isinstance(value, (str, bytes))


def _is_iterable(value: Any) -> bool:
    try:
        iter(value)
    except TypeError:
        return False
    return True


def _elements(config: Config, argument: str) -> list[tuple[Place, Any]]:
    """The elements of a list, each with its place; none where there is no list to speak of.

    An iterator is left alone: whoever read it would leave nothing for the next rule.
    """
    value: Any = getattr(config, argument)
    if _is_text(value) or not _is_iterable(value) or isinstance(value, Iterator):
        return []
    return [(Place(argument, index), element) for index, element in enumerate(value)]


def _texts(config: Config, argument: str) -> list[tuple[Place, str]]:
    """The elements of a list that are strings, each with its place."""
    return [(place, element) for place, element in _elements(config, argument) if isinstance(element, str)]


def _places(config: Config, argument: str, *wanted: str) -> list[Place]:
    """Where one of these stands in a list."""
    return [place for place, element in _texts(config, argument) if element in wanted]


def _entries(config: Config) -> list[tuple[Place, str]]:
    """The allowed origins but for the wildcard, which is none."""
    return [(place, entry) for place, entry in _texts(config, "allow_origins") if entry != "*"]


def _is_name(text: str) -> bool:
    """Whether this is a token, as methods and field names are."""
    return text.isascii() and is_token(text.encode())


def _names(config: Config, argument: str) -> list[tuple[Place, str]]:
    """The elements of a list that are tokens, in lower case, each with its place."""
    return [(place, text.lower()) for place, text in _texts(config, argument) if _is_name(text)]


def _not_names(config: Config, argument: str) -> list[Place]:
    return [place for place, text in _texts(config, argument) if not _is_name(text)]


def _wildcard_beside_others(config: Config, argument: str) -> list[Place]:
    """The first wildcard of a list that names something else too."""
    wildcards = _places(config, argument, "*")
    return wildcards[:1] if len(wildcards) < len(_texts(config, argument)) else []


# Reading a regular expression


_REGEX = Place("allow_origin_regex")


def _regex_text(config: Config) -> str | None:
    """The text of the regular expression; None when there is none, or none of strings."""
    value: Any = config.allow_origin_regex
    if isinstance(value, re.Pattern):
        value = value.pattern
    return value if isinstance(value, str) else None


def _is_glob(config: Config) -> bool:
    """Whether a glob is given in the place of a regular expression, which is then not judged as one."""
    text = _regex_text(config)
    return text is not None and is_glob(text)


def _regex(config: Config) -> "re.Pattern[str] | None":
    """The compiled regular expression; None when there is none that could match anything."""
    value: Any = config.allow_origin_regex
    if not _regex_text(config) or _is_glob(config):
        return None
    pattern = None
    with python_warnings.catch_warnings(), suppress(re.error, OverflowError, RecursionError):
        # What Python dislikes about a pattern that it takes is not our subject.
        python_warnings.simplefilter("ignore")
        pattern = re.compile(value)
    return pattern


def _judgements(config: Config) -> list[Judgement]:
    """What must be said of the regular expression; nothing when there is none that could match anything."""
    pattern = _regex(config)
    return [] if pattern is None else [judge(pattern)]


def _tree(config: Config) -> Any:
    """The parse tree of the regular expression: nodes of an operation and its argument, in order."""
    pattern = _regex(config)
    if pattern is None:
        return []
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        return _parser.parse(pattern.pattern, pattern.flags & re.VERBOSE)


def _bodies(argument: Any) -> list[Any]:
    """The sequences that stand in the argument of a node: the body of a group, the arms of a choice."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [body for part in argument for body in _bodies(part)]
    return []


def _sequences(tree: Any) -> list[tuple[Any, Any]]:
    """This sequence of nodes and all that stand inside, each with the node that it stands in (or None).

    It does not recurse: what Python can compile, however deep, can be read.
    """
    found = [(tree, None)]
    for sequence, _ in found:  # which grows meanwhile
        found += [(body, node) for node in sequence for body in _bodies(node[1])]
    return found


def _is_repetition(node: Any) -> bool:
    return node[0].name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def _is_unbounded(node: Any) -> bool:
    return _is_repetition(node) and node[1][1] == _parser.MAXREPEAT


def _is_dot(sequence: Any) -> bool:
    """Whether these nodes are one dot."""
    return [operation.name for operation, _ in sequence] == ["ANY"]


def _has_bare_dot(tree: Any) -> bool:
    """Whether a dot stands for one character: it is not escaped, and no quantifier follows it."""
    return any(
        any(operation.name == "ANY" for operation, _ in sequence)
        for sequence, outer in _sequences(tree)
        if not (outer is not None and _is_repetition(outer) and _is_dot(sequence))
    )


def _last(node: Any) -> Any:
    """The last node of a group, however deep; any other node is itself."""
    while node[0].name == "SUBPATTERN" and len(node[1][-1]):
        node = node[1][-1][-1]
    return node


def _neighbours(tree: Any) -> list[tuple[Any, str]]:
    """Each node that something without bound ends with, and the character behind it ("" if it is none)."""
    return [
        (_last(node), chr(argument) if operation.name == "LITERAL" else "")
        for sequence, _ in _sequences(tree)
        for node, (operation, argument) in pairwise(sequence)
        if _is_unbounded(_last(node))
    ]


def _leaves_a_label_open(tree: Any) -> bool:
    """Whether something without bound stands before a dot, as in `.*\\.example\\.org`."""
    return any(character == "." for _, character in _neighbours(tree))


def _is_open_ended(tree: Any) -> bool:
    """Whether dots without bound are glued to a name, as in `.*example\\.org`, or end the pattern."""
    glued = [node for node, character in _neighbours(tree) if character.isalnum()]
    final = [_last(tree[-1])] if len(tree) else []
    return any(_is_unbounded(node) and _is_dot(node[1][2]) for node in glued + final)


# Conditions


def credentials_are_on(config: Config) -> bool:
    return _credentials(config)


def a_regex_is_given(config: Config) -> bool:
    return config.allow_origin_regex is not None


def a_pattern_or_a_regex_is_given(config: Config) -> bool:
    return a_regex_is_given(config) or any(parse_pattern(entry) for _, entry in _entries(config))


# Origins


def wildcard_with_credentials(config: Config) -> list[Place]:
    return _places(config, "allow_origins", "*")[:1] if _credentials(config) else []


def any_origin_with_credentials(config: Config) -> list[Place]:
    if not _credentials(config):
        return []
    return wildcard_with_credentials(config) + regex_that_allows_strangers(config)


def wildcard_origin(config: Config) -> list[Place]:
    return _places(config, "allow_origins", "*")


def wildcard_beside_origins(config: Config) -> list[Place]:
    return _wildcard_beside_others(config, "allow_origins")


def null_origin(config: Config) -> list[Place]:
    return _places(config, "allow_origins", "null")


def origins_that_no_browser_sends(config: Config) -> list[Place]:
    return [place for place, entry in _entries(config) if judge_entry(entry).kind is Kind.NEVER]


def unusual_origins(config: Config) -> list[Place]:
    return [place for place, entry in _entries(config) if judge_entry(entry).kind is Kind.UNUSUAL]


def patterns_for_all_subdomains(config: Config) -> list[Place]:
    """Entries that allow all names below a host."""
    patterns = [(place, parse_pattern(entry)) for place, entry in _entries(config)]
    return [place for place, pattern in patterns if pattern is not None and pattern.below]


def nobody(config: Config) -> list[Place]:
    """An empty list of origins, and no regular expression. An iterator may have something left."""
    value: Any = config.allow_origins
    is_list = _is_iterable(value) and not _is_text(value) and not isinstance(value, Iterator)
    is_empty = is_list and not list(value)
    return [Place("allow_origins")] if is_empty and config.allow_origin_regex is None else []


def origins_with_a_default_port(config: Config) -> list[Place]:
    written = [(place, parts(entry)) for place, entry in _entries(config)]
    return [
        place
        for place, origin in written
        if origin is not None and origin.port is not None and origin.port == DEFAULT_PORTS.get(origin.scheme)
    ]


def plain_http_with_credentials(config: Config) -> list[Place]:
    if not _credentials(config):
        return []
    return plain_http_entries(config) + regex_that_matches_plain_http(config)


def plain_http_entries(config: Config) -> list[Place]:
    """Origins and patterns of plain http, but for those of the local machine."""
    # What no browser can send is wrong, and not unwise as well.
    return [
        place
        for place, entry in _entries(config)
        if entry.startswith("http://")
        and judge_entry(entry).kind is not Kind.NEVER
        and not is_loopback(entry)
    ]


def origins_that_are_no_list_of_strings(config: Config) -> list[Place]:
    found = bare_texts(config) + not_iterable(config) + elements_that_are_no_strings(config)
    return [place for place in found if place.argument == "allow_origins"]


# The regular expression


def regex_that_does_not_compile(config: Config) -> list[Place]:
    is_given = config.allow_origin_regex is not None and _regex_text(config) != "" and not _is_glob(config)
    return [_REGEX] if is_given and _regex(config) is None else []


def glob_instead_of_a_regex(config: Config) -> list[Place]:
    return [_REGEX] if _is_glob(config) else []


def empty_regex(config: Config) -> list[Place]:
    return [_REGEX] if _regex_text(config) == "" else []


def regex_that_allows_strangers(config: Config) -> list[Place]:
    """A regex that matches an origin whose site it does not name."""
    return [_REGEX for said in _judgements(config) if said.strangers]


def regex_that_matches_plain_http(config: Config) -> list[Place]:
    """A regex that matches an origin of plain http which is not the local machine."""
    return [_REGEX for said in _judgements(config) if said.plain_http]


def regex_that_matches_nothing(config: Config) -> list[Place]:
    """A regex that matches no origin that a browser sends, or has a branch that takes part in no match."""
    return [_REGEX for said in _judgements(config) if said.dead]


def regex_that_takes_long(config: Config) -> list[Place]:
    """A regex that some origin-shaped value keeps busy for long."""
    return [_REGEX for said in _judgements(config) if said.slow is not None]


def regex_with_bare_dots(config: Config) -> list[Place]:
    return [_REGEX] if _has_bare_dot(_tree(config)) else []


def regex_that_matches_null(config: Config) -> list[Place]:
    """A regex that the text `null` matches. None is asked that may take long over it."""
    pattern = _regex(config)
    return [_REGEX] if pattern and judge(pattern).slow is None and pattern.fullmatch("null") else []


def regex_that_says_more_than_meant(config: Config) -> list[Place]:
    found = (
        regex_that_does_not_compile(config)
        + glob_instead_of_a_regex(config)
        + regex_that_allows_strangers(config)
        + regex_with_bare_dots(config)
        + regex_that_matches_null(config)
    )
    return found[:1]


def regex_for_all_subdomains(config: Config) -> list[Place]:
    """A regex in which anything may stand before a dot."""
    return [_REGEX] if _leaves_a_label_open(_tree(config)) else []


def all_subdomains(config: Config) -> list[Place]:
    return patterns_for_all_subdomains(config) + regex_for_all_subdomains(config)


def regex_with_open_ends(config: Config) -> list[Place]:
    return [_REGEX] if _is_open_ended(_tree(config)) else []


# Methods and headers


def impossible_methods(config: Config) -> list[Place]:
    return [
        place
        for place, method in _texts(config, "allow_methods")
        if not _is_name(method) or method.upper() in FORBIDDEN_METHODS
    ]


def methods_that_browsers_upper_case(config: Config) -> list[Place]:
    return [
        place
        for place, method in _texts(config, "allow_methods")
        if method.upper() in NORMALIZED_METHODS and method not in NORMALIZED_METHODS
    ]


def _is_meant_otherwise(method: str) -> bool:
    """Whether this token is made of known methods, or of words for all of them, and is none itself."""
    parts = [part.upper() for part in re.split(r"[|+&'`^!#$%~.*]+", method) if part]
    is_known = all(part in KNOWN_METHODS or part in ALL_METHODS for part in parts)
    return method not in KNOWN_METHODS and bool(parts) and is_known


def methods_that_nobody_means(config: Config) -> list[Place]:
    wrong = methods_that_never_match(config)
    return [
        place
        for place, method in _texts(config, "allow_methods")
        if place not in wrong and _is_meant_otherwise(method)
    ]


def methods_that_never_match(config: Config) -> list[Place]:
    return impossible_methods(config) + methods_that_browsers_upper_case(config)


def request_headers_that_are_no_names(config: Config) -> list[Place]:
    return _not_names(config, "allow_headers")


def response_headers_that_are_no_names(config: Config) -> list[Place]:
    return _not_names(config, "expose_headers")


def headers_that_are_no_names(config: Config) -> list[Place]:
    return request_headers_that_are_no_names(config) + response_headers_that_are_no_names(config)


def _is_forbidden(name: str) -> bool:
    return name in FORBIDDEN_REQUEST_HEADERS or name.startswith(FORBIDDEN_REQUEST_HEADER_PREFIXES)


def request_headers_that_scripts_cannot_set(config: Config) -> list[Place]:
    return [place for place, name in _names(config, "allow_headers") if _is_forbidden(name)]


def request_headers_without_effect(config: Config) -> list[Place]:
    return [
        place
        for place, name in _names(config, "allow_headers")
        if _is_forbidden(name) or name in CORS_RESPONSE_HEADERS
    ]


def response_headers_without_effect(config: Config) -> list[Place]:
    useless = FORBIDDEN_RESPONSE_HEADERS | ({"*"} if _credentials(config) else set())
    return [place for place, name in _names(config, "expose_headers") if name in useless]


def response_headers_that_are_always_readable(config: Config) -> list[Place]:
    names = _names(config, "expose_headers")
    return [place for place, name in names if name in SAFELISTED_RESPONSE_HEADERS]


def wildcard_beside_headers(config: Config) -> list[Place]:
    return _wildcard_beside_others(config, "allow_headers")


# Numbers, flags and kinds


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def wrong_max_age(config: Config) -> list[Place]:
    right = _is_number(config.max_age) and config.max_age >= 0
    return [] if right else [Place("max_age")]


def max_age_beyond_all_browsers(config: Config) -> list[Place]:
    return [Place("max_age")] if _is_number(config.max_age) and config.max_age > LONGEST_MAX_AGE else []


def max_age_beyond_some_browser(config: Config) -> list[Place]:
    over = _is_number(config.max_age) and config.max_age > LONGEST_COMMON_MAX_AGE
    return [Place("max_age")] if over else []


def flags_that_are_no_bools(config: Config) -> list[Place]:
    return [Place(argument) for argument in FLAGS if not isinstance(getattr(config, argument), bool)]


def bare_texts(config: Config) -> list[Place]:
    return [Place(argument) for argument in LISTS if _is_text(getattr(config, argument))]


def not_iterable(config: Config) -> list[Place]:
    return [Place(argument) for argument in LISTS if not _is_iterable(getattr(config, argument))]


def elements_that_are_no_strings(config: Config) -> list[Place]:
    return [
        place
        for argument in LISTS
        for place, element in _elements(config, argument)
        if not isinstance(element, str)
    ]


# Advice


def wildcards(config: Config) -> list[Place]:
    return [place for argument in LISTS for place in _places(config, argument, "*")]


def unwise_with_credentials_or_null(config: Config) -> list[Place]:
    wildcards = _places(config, "allow_methods", "*") + _places(config, "allow_headers", "*")
    found = null_origin(config) + plain_http_with_credentials(config) + all_subdomains(config)
    # An entry may be both plain http and about all sub-domains.
    return list(dict.fromkeys(found + (wildcards if _credentials(config) else [])))


MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/"
WSTG = (
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/"
    "11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing"
)
ASVS = "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/"
CHEAT_SHEETS = "https://cheatsheetseries.owasp.org/cheatsheets/"
PORTSWIGGER = "https://portswigger.net/web-security/cors"
URL = "https://url.spec.whatwg.org/"
IANA = "https://www.iana.org/assignments/"
PYTHON_RE = "https://docs.python.org/3/library/re.html"
PARAMETERS = page("#use-corsmiddleware")

MUST, SECURITY, SHOULD, INFO = Level.MUST, Level.SECURITY, Level.SHOULD, Level.INFO
DOCUMENTED, SECURE, HOUSE = Profile.DOCUMENTED, Profile.SECURITY, Profile.HOUSE
CF = Scope.CONFIGURATION

# fmt: off
RULES: tuple[Rule, ...] = (
    # The documentation page
    Rule("D-03", "An origin without a port means the default port of its scheme, which is never written",
         source=page("#steps"), level=MUST, profile=DOCUMENTED, scope=CF,
         finds=origins_with_a_default_port, implies=("CFG-1", "A-CFG-5")),
    Rule("D-08", "Origins are listed rather than all allowed",
         source=page("#wildcards"), level=INFO, profile=DOCUMENTED, scope=CF,
         finds=wildcard_origin, implies=("SEC-12",)),
    Rule("D-09", "Allowed origins are a list of strings",
         source=PARAMETERS, level=MUST, profile=DOCUMENTED, scope=CF,
         finds=origins_that_are_no_list_of_strings, implies=("A-CFG-3",)),
    Rule("D-22", "Credentials are allowed to listed origins only, never to the wildcard",
         source=PARAMETERS, level=MUST, profile=DOCUMENTED, scope=CF,
         applies=credentials_are_on, finds=wildcard_with_credentials,
         same_as=("CFG-4", "A-CFG-1"), implies=("D-08", "SEC-1", "SEC-12")),
    Rule("D-29", "FastAPI's and Starlette's CORSMiddleware are the same",
         source=page("#technical-details"), level=MUST, profile=DOCUMENTED, scope=CF,
         not_executable="it speaks of other packages; theorem T-5 compares our middleware with theirs"),

    # What a configuration must be, for its permissions to mean anything
    Rule("CFG-1", "An allowed origin is the wildcard, `null`, an origin as browsers write it, or a pattern",
         source=URL + "#host-serializing", level=MUST, profile=DOCUMENTED, scope=CF,
         finds=origins_that_no_browser_sends, same_as=("A-CFG-5",)),
    Rule("CFG-2", "A list is a list, not a string, which would be read letter by letter",
         source=PARAMETERS, level=MUST, profile=DOCUMENTED, scope=CF,
         finds=bare_texts, same_as=("A-CFG-2",)),
    Rule("CFG-3", "The wildcard stands alone: beside it other origins mean nothing",
         source=page("#wildcards"), level=SHOULD, profile=DOCUMENTED, scope=CF,
         finds=wildcard_beside_origins, same_as=("A-CFG-6",), implies=("D-08", "SEC-12")),
    Rule("CFG-4", "The wildcard origin is not configured together with credentials",
         source=PARAMETERS, level=MUST, profile=DOCUMENTED, scope=CF,
         applies=credentials_are_on, finds=wildcard_with_credentials,
         same_as=("D-22", "A-CFG-1"), implies=("D-08", "SEC-1", "SEC-12")),
    Rule("CFG-5", "The regex compiles, escapes its dots, and matches neither `null` nor unrelated origins",
         source=WSTG, level=SECURITY, profile=SECURE, scope=CF,
         applies=a_regex_is_given, finds=regex_that_says_more_than_meant),
    Rule("CFG-5a", "The regex has no open end, to which somebody could glue a name of their own",
         source=CHEAT_SHEETS + "NPM_Security_Cheat_Sheet.html", level=INFO, profile=SECURE, scope=CF,
         applies=a_regex_is_given, finds=regex_with_open_ends),
    Rule("CFG-6", "Every allowed method is one that a browser can ask for, in the case in which it asks",
         source=fetch("#methods"), level=MUST, profile=DOCUMENTED, scope=CF,
         finds=methods_that_never_match, implies=("A-CFG-13",)),
    Rule("CFG-6a", "GET, HEAD and POST cannot be withheld by leaving them out of the allowed methods",
         source=fetch("#cors-safelisted-method"), level=INFO, profile=DOCUMENTED, scope=CF,
         not_executable="no configuration breaks it: it says what a configuration cannot do"),
    Rule("CFG-7", "Every allowed request header is a field name",
         source=rfc9110("5.1"), level=MUST, profile=DOCUMENTED, scope=CF,
         finds=request_headers_that_are_no_names, implies=("A-CFG-14",)),
    Rule("CFG-7a", "No request header is allowed that scripts can never set",
         source=fetch("#forbidden-request-header"), level=INFO, profile=DOCUMENTED, scope=CF,
         finds=request_headers_that_scripts_cannot_set, implies=("A-CFG-15",)),
    Rule("CFG-8", "Every exposed response header is a field name",
         source=rfc9110("5.1"), level=MUST, profile=DOCUMENTED, scope=CF,
         finds=response_headers_that_are_no_names, implies=("A-CFG-14",)),
    Rule("CFG-8a", "No response header is exposed in vain: no cookies, and no wildcard with credentials",
         source=fetch("#forbidden-response-header-name"), level=INFO, profile=DOCUMENTED, scope=CF,
         finds=response_headers_without_effect, same_as=("A-CFG-16",)),
    Rule("CFG-8b", "No response header is exposed that scripts may read anyway",
         source=fetch("#cors-safelisted-response-header-name"), level=INFO, profile=DOCUMENTED, scope=CF,
         finds=response_headers_that_are_always_readable),
    Rule("CFG-9", "The maximum age is a whole number of seconds, not negative",
         source=fetch("#http-access-control-max-age"), level=MUST, profile=DOCUMENTED, scope=CF,
         finds=wrong_max_age, same_as=("S-HTTP-15", "A-CFG-17")),
    Rule("CFG-9a", "The maximum age is none that some browser cuts short",
         source=MDN + "Access-Control-Max-Age", level=INFO, profile=DOCUMENTED, scope=CF,
         finds=max_age_beyond_some_browser),
    Rule("CFG-10", "No `null` and no pattern for all sub-domains; with credentials no wildcard or plain http",
         source=PORTSWIGGER, level=INFO, profile=SECURE, scope=CF,
         finds=unwise_with_credentials_or_null, implies=("SEC-12",)),
    Rule("S-HTTP-15", "The maximum age can be written as delta-seconds: digits alone",
         source=rfc9111("1.2.2"), level=MUST, profile=Profile.PROTOCOL, scope=CF,
         finds=wrong_max_age, same_as=("CFG-9", "A-CFG-17")),

    # Security guidance
    Rule("SEC-1", "Origins that may read answers to requests with credentials are known ones",
         source=ASVS + "0x12-V3-Web-Frontend-Security.md", level=SECURITY, profile=SECURE, scope=CF,
         applies=credentials_are_on, finds=any_origin_with_credentials, implies=("CFG-5", "A-CFG-10")),
    Rule("SEC-4", "`null`, which any page can get for its origin, is not allowed",
         source=MDN + "Access-Control-Allow-Origin#null", level=SECURITY, profile=SECURE, scope=CF,
         finds=null_origin, same_as=("A-CFG-7",), implies=("CFG-10",)),
    Rule("SEC-5", "No pattern or regex allows every sub-domain, of which one may fall into other hands",
         source=CHEAT_SHEETS + "Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html",
         level=INFO, profile=SECURE, scope=CF,
         applies=a_pattern_or_a_regex_is_given, finds=all_subdomains, implies=("CFG-10",)),
    Rule("SEC-6", "What is protected by its network alone is not open to every origin",
         source=fetch("#basic-safe-cors-protocol-setup"), level=SECURITY, profile=SECURE, scope=CF,
         not_executable="a configuration does not say where its server stands"),
    Rule("SEC-8", "CORS is no access control: authentication and a defence against forged requests stay",
         source=CHEAT_SHEETS + "HTML5_Security_Cheat_Sheet.html", level=SECURITY, profile=SECURE, scope=CF,
         not_executable="it is about the application behind"),
    Rule("SEC-9", "A defence against forgery that builds on preflights refuses requests that need none",
         source=ASVS + "0x12-V3-Web-Frontend-Security.md", level=SECURITY, profile=SECURE, scope=CF,
         not_executable="it is about the application behind"),
    Rule("SEC-10", "With credentials no origin is allowed that is reached without encryption",
         source=CHEAT_SHEETS + "HTML5_Security_Cheat_Sheet.html", level=INFO, profile=SECURE, scope=CF,
         applies=credentials_are_on, finds=plain_http_with_credentials,
         same_as=("A-CFG-8",), implies=("CFG-10",)),
    Rule("SEC-12", "Origins, methods and headers are named one by one rather than all allowed",
         source=CHEAT_SHEETS + "REST_Security_Cheat_Sheet.html", level=INFO, profile=SECURE, scope=CF,
         finds=wildcards),
    Rule("SEC-13", "A WebSocket handshake is not checked by CORS: the server checks its Origin itself",
         source=ASVS + "0x13-V4-API-and-Web-Service.md", level=SECURITY, profile=SECURE, scope=CF,
         not_executable="handshakes pass by this middleware; it is about the application behind"),

    # What our middleware refuses (MUST) and warns of (SHOULD)
    Rule("A-CFG-1", "The wildcard origin with credentials is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         applies=credentials_are_on, finds=wildcard_with_credentials,
         same_as=("D-22", "CFG-4"), implies=("D-08", "SEC-1", "SEC-12")),
    Rule("A-CFG-2", "A string where a list is expected is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         finds=bare_texts, same_as=("CFG-2",)),
    Rule("A-CFG-3", "An element of a list that is not a string is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         finds=elements_that_are_no_strings),
    Rule("A-CFG-4", "Any iterable of strings will do; it is read once, and changing it later changes nothing",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         not_executable="it is about construction: a Config is already made"),
    Rule("A-CFG-5", "An entry that is neither an origin that browsers send nor a pattern of such is refused",
         source=URL + "#host-serializing", level=MUST, profile=HOUSE, scope=CF,
         finds=origins_that_no_browser_sends, same_as=("CFG-1",)),
    Rule("A-CFG-6", "The wildcard beside other origins is warned of",
         source=page("#wildcards"), level=SHOULD, profile=HOUSE, scope=CF,
         finds=wildcard_beside_origins, same_as=("CFG-3",), implies=("D-08", "SEC-12")),
    Rule("A-CFG-7", "`null` is warned of, and refused with credentials",
         source=MDN + "Access-Control-Allow-Origin#null", level=SHOULD, profile=HOUSE, scope=CF,
         finds=null_origin, same_as=("SEC-4",), implies=("CFG-10",)),
    Rule("A-CFG-8", "Plain http with credentials is warned of, unless it is the browser's own machine",
         source=CHEAT_SHEETS + "HTML5_Security_Cheat_Sheet.html", level=SHOULD, profile=HOUSE, scope=CF,
         applies=credentials_are_on, finds=plain_http_with_credentials,
         same_as=("SEC-10",), implies=("CFG-10",)),
    Rule("A-CFG-9", "The regex must be a valid regular expression",
         source=PYTHON_RE, level=MUST, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=regex_that_does_not_compile, implies=("CFG-5",)),
    Rule("A-CFG-10", "Warns of a regex that matches an origin whose registrable domain it does not name",
         source=PORTSWIGGER, level=SHOULD, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=regex_that_allows_strangers, implies=("CFG-5",)),
    Rule("A-CFG-11", "Warns of a dot in a regex that is not escaped, and so stands for any character",
         source=PYTHON_RE, level=SHOULD, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=regex_with_bare_dots, implies=("CFG-5",)),
    Rule("A-CFG-12", "A method that no browser can ask for is refused",
         source=fetch("#forbidden-method"), level=MUST, profile=HOUSE, scope=CF,
         finds=impossible_methods, implies=("CFG-6",)),
    Rule("A-CFG-13", "A method that browsers write in upper case, and the configuration does not, is refused",
         source=fetch("#concept-method-normalize"), level=MUST, profile=HOUSE, scope=CF,
         finds=methods_that_browsers_upper_case, implies=("CFG-6",)),
    Rule("A-CFG-14", "A header that is not a field name is refused",
         source=rfc9110("5.1"), level=MUST, profile=HOUSE, scope=CF,
         finds=headers_that_are_no_names, implies=("CFG-8",)),
    Rule("A-CFG-15", "A request header that scripts cannot set, or that belongs to answers, is warned of",
         source=fetch("#forbidden-request-header"), level=SHOULD, profile=HOUSE, scope=CF,
         finds=request_headers_without_effect),
    Rule("A-CFG-16", "A response header that is exposed in vain is warned of",
         source=fetch("#forbidden-response-header-name"), level=SHOULD, profile=HOUSE, scope=CF,
         finds=response_headers_without_effect, same_as=("CFG-8a",)),
    Rule("A-CFG-17", "A maximum age that is not an int, or is negative, is refused",
         source=fetch("#http-access-control-max-age"), level=MUST, profile=HOUSE, scope=CF,
         finds=wrong_max_age, same_as=("CFG-9", "S-HTTP-15")),
    Rule("A-CFG-18", "A maximum age of more than a day is warned of",
         source=MDN + "Access-Control-Max-Age", level=SHOULD, profile=HOUSE, scope=CF,
         finds=max_age_beyond_all_browsers, implies=("CFG-9a",)),
    Rule("A-CFG-19", "A flag that is not a bool is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         finds=flags_that_are_no_bools),
    Rule("A-CFG-20", "What cannot be iterated over, where a list is expected, is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         finds=not_iterable),
    Rule("A-CFG-21", "The regex must not be empty",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=empty_regex),
    Rule("A-CFG-22", "An origin that the grammar refuses and some browser sends, or on port 0, is warned of",
         source=fetch("#origin-header"), level=SHOULD, profile=HOUSE, scope=CF,
         finds=unusual_origins),
    Rule("A-CFG-23", "The wildcard beside other request headers is warned of",
         source=PARAMETERS, level=SHOULD, profile=HOUSE, scope=CF,
         finds=wildcard_beside_headers, implies=("SEC-12",)),
    Rule("A-CFG-24", "Warns of a regex that some origin of at most 512 bytes keeps busy for long",
         source="https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS",
         level=SHOULD, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=regex_that_takes_long),
    Rule("A-CFG-25", "Warns of a regex, or a branch of one, that matches no origin that a browser sends",
         source=URL + "#host-serializing", level=SHOULD, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=regex_that_matches_nothing),
    Rule("A-CFG-26", "A glob where a regex is expected is refused: its place is allow_origins, as a pattern",
         source=PYTHON_RE, level=MUST, profile=HOUSE, scope=CF,
         applies=a_regex_is_given, finds=glob_instead_of_a_regex, implies=("CFG-5",)),
    Rule("A-CFG-27", "A configuration that allows nobody is warned of: no entry, no regex, and no override",
         source=PARAMETERS, level=SHOULD, profile=HOUSE, scope=CF,
         finds=nobody),
    Rule("A-CFG-28", "A method that nobody means is warned of: `patch` for PATCH, `GET|POST`, `ALL` for `*`",
         source=IANA + "http-methods/", level=SHOULD, profile=HOUSE, scope=CF,
         finds=methods_that_nobody_means),
    Rule("A-CFG-29", "An override of a method that is never called is refused",
         source=PARAMETERS, level=MUST, profile=HOUSE, scope=CF,
         not_executable="it is about a subclass: a Config has no methods to override"),
)
# fmt: on

_HOUSE_RULES = {rule.id: rule for rule in RULES if rule.profile is HOUSE}


def verdict(rule_id: str, config: Config) -> Literal["error", "warning"]:
    """What our middleware makes of a place that this house rule finds: it refuses, or it warns.

    Raises KeyError when there is no such house rule.
    """
    refused = _HOUSE_RULES[rule_id].level is MUST or (rule_id == "A-CFG-7" and _credentials(config))
    return "error" if refused else "warning"


def errors(config: Config) -> list[tuple[str, Place]]:
    """Why our middleware refuses this configuration: ids of house rules, with the places that break them."""
    return [(rule_id, place) for rule_id, place in _found(config) if verdict(rule_id, config) == "error"]


def warnings(config: Config) -> list[tuple[str, Place]]:
    """What our middleware warns of: ids of house rules, with the places that break them."""
    return [(rule_id, place) for rule_id, place in _found(config) if verdict(rule_id, config) == "warning"]


def _found(config: Config) -> list[tuple[str, Place]]:
    return [(rule.id, place) for rule in _HOUSE_RULES.values() if rule.finds for place in rule.finds(config)]
