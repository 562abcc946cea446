"""Every configuration that cannot work is refused, with all its problems in words that help."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from impl import CORSByPath, CORSConfigError, CORSConfigWarning, CORSMiddleware, Problem
from tests.helpers.asgi import Recorder
from tests.unit.impl.cases import NOT_A_LIST, ONE_STRING, check_error, findings, refusal

LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")

# Rule, arguments, the place as the message names it, the words on what is wrong, and on what to write.
ERRORS: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("A-CFG-2", {"allow_methods": b"GET"}, "allow_methods = b'GET'", "letter", "allow_methods=['GET']"),
    ("A-CFG-2", {"allow_headers": ""}, "allow_headers = ''", "letter", "allow_headers=[]"),
    ("A-CFG-2", {"expose_headers": "*"}, "expose_headers = '*'", "letter", "expose_headers=['*']"),
    ("A-CFG-3", {"allow_methods": [7]}, "allow_methods[0] = 7", "not a str", "a str."),
    ("A-CFG-3", {"allow_methods": [None]}, "allow_methods[0] = None", "not a str", "leave it out."),
    ("A-CFG-3", {"allow_headers": [b"X-A"]}, "allow_headers[0] = b'X-A'", "not a str", "'X-A'"),
    ("A-CFG-3", {"expose_headers": [["X-A"]]}, "expose_headers[0] = ['X-A']", "not a str", "'X-A'"),
    ("A-CFG-3", {"expose_headers": [("X-A",)]}, "expose_headers[0] = ('X-A',)", "not a str", "a str."),
    ("A-CFG-12", {"allow_methods": ["GET", "A B"]}, "allow_methods[1] = 'A B'", "not a method", "one method"),
    (
        "A-CFG-12",
        {"allow_methods": ["GET, B C"]},
        "allow_methods[0] = 'GET, B C'",
        "not a method",
        "one method in each string.",
    ),
    ("A-CFG-12", {"allow_methods": [""]}, "allow_methods[0] = ''", "not a method", "leave it out."),
    ("A-CFG-12", {"allow_methods": ["GET\n"]}, r"allow_methods[0] = 'GET\n'", "not a method", "'GET'"),
    (
        "A-CFG-12",
        {"allow_methods": ["TRACE"]},
        "allow_methods[0] = 'TRACE'",
        "never let a script",
        "leave it",
    ),
    (
        "A-CFG-12",
        {"allow_methods": ["Track"]},
        "allow_methods[0] = 'Track'",
        "never let a script",
        "leave it",
    ),
    ("A-CFG-12", {"allow_methods": ["connect"]}, "allow_methods[0] = 'connect'", "never let", "leave it out"),
    ("A-CFG-14", {"allow_headers": ["X-A:"]}, "allow_headers[0] = 'X-A:'", "not a header name", "'X-A'"),
    (
        "A-CFG-14",
        {"allow_headers": ["X-A, X-B"]},
        "allow_headers[0] = 'X-A, X-B'",
        "not a header name",
        "'X-A', 'X-B'",
    ),
    (
        "A-CFG-14",
        {"expose_headers": ["X-A", "X\r\nSet-Cookie: a=b"]},
        r"expose_headers[1] = 'X\r\nSet-Cookie: a=b'",
        "not a header name",
        "one header name in each string",
    ),
    ("A-CFG-17", {"max_age": True}, "max_age = True", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": 600.5}, "max_age = 600.5", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": "600"}, "max_age = '600'", "not an int", "max_age=600"),
    ("A-CFG-17", {"max_age": None}, "max_age = None", "not an int", "whole seconds"),
    ("A-CFG-17", {"max_age": -1}, "max_age = -1", "negative", "whole seconds"),
    ("A-CFG-17", {"max_age": 10**5000}, "max_age = ", "too many digits", "whole seconds"),
    ("A-CFG-19", {"allow_credentials": 1}, "allow_credentials = 1", "not a bool", "allow_credentials=True"),
    (
        "A-CFG-19",
        {"allow_credentials": "no"},
        "allow_credentials = 'no'",
        "not a bool",
        "allow_credentials=False",
    ),
    ("A-CFG-19", {"allow_private_network": None}, "allow_private_network = None", "not a bool", "=False"),
    *(("A-CFG-20", {name: None}, f"{name} = None", "not a list of strings", f"{name}=[") for name in LISTS),
    *(("A-CFG-20", {name: 5}, f"{name} = 5", "not a list of strings", f"{name}=[") for name in LISTS),
    *(
        (
            "A-CFG-13",
            {"allow_methods": ["PATCH", name]},
            f"allow_methods[1] = '{name}'",
            "in upper case only",
            f"'{name.upper()}'",
        )
        for name in ("delete", "Get", "head", "oPTIONS", "post", "puT")
    ),
]


NO_METHOD = "This is not a method: one or more letters, digits or !#$%&'*+-.^_`|~ and nothing else."
ODD_METHOD = "Browsers send methods exactly as a script writes them, and nobody means a method of this name."
EVERY_METHOD = "the methods by name, or '*' for all standard ones."
NO_HEADER = "This is not a header name: letters, digits or !#$%&'*+-.^_`|~ and nothing else."
SECONDS = "whole seconds, for instance 600; 0 for no caching."
NO_CREDENTIALS = 'False: "*" and "null" in allow_origins go without credentials. For True, name the origins.'
UNSETTABLE = "Scripts cannot set this header, so browsers never ask for it."

# Arguments, and the one finding: its rule, all that is said to be wrong, and all that is said to do instead.
WORDS: list[tuple[dict[str, Any], str, str, str]] = [
    *(({name: "a, é"}, "A-CFG-2", ONE_STRING, f"{name}=[…], a list of strings.") for name in LISTS),
    ({"allow_methods": "PUT,X"}, "A-CFG-2", ONE_STRING, "allow_methods=['PUT', 'X']"),
    ({"allow_headers": "X-A X-B"}, "A-CFG-2", ONE_STRING, "allow_headers=['X-A', 'X-B']"),
    ({"allow_methods": ["é"]}, "A-CFG-12", NO_METHOD, "one method in each string."),
    (
        {"allow_methods": ["TRACE"]},
        "A-CFG-12",
        "Browsers never let a script send this method.",
        "leave it out.",
    ),
    (
        {"allow_methods": ["get"]},
        "A-CFG-13",
        "Methods are case-sensitive, and browsers send this one in upper case only.",
        "'GET'",
    ),
    ({"allow_headers": [" X-A: "]}, "A-CFG-14", NO_HEADER, "'X-A'"),
    ({"expose_headers": ["X A"]}, "A-CFG-14", NO_HEADER, "one header name in each string."),
    ({"allow_headers": ["Proxy-A B"]}, "A-CFG-14", NO_HEADER, "one header name in each string."),
    ({"allow_headers": ["DNT"]}, "A-CFG-15", UNSETTABLE, "leave it out."),
    ({"allow_headers": ["Set-Cookie"]}, "A-CFG-15", UNSETTABLE, "leave it out."),
    (
        {"allow_headers": ["Cookie2"]},
        "A-CFG-15",
        f"{UNSETTABLE} Cookies are allowed by allow_credentials=True.",
        "leave it out.",
    ),
    (
        {"allow_headers": ["Cookie"]},
        "A-CFG-15",
        f"{UNSETTABLE} Cookies are allowed by allow_credentials=True.",
        "leave it out.",
    ),
    (
        {"allow_headers": ["Access-Control-Max-Age"]},
        "A-CFG-15",
        "This is a response header; allow_headers lists what requests may carry.",
        "leave it out.",
    ),
    (
        {"expose_headers": ["Set-Cookie"]},
        "A-CFG-16",
        "Browsers never show this header to a script.",
        "leave it out.",
    ),
    (
        {"expose_headers": ["*"], "allow_credentials": True},
        "A-CFG-16",
        "When a request has credentials, browsers take this for a header that is named *.",
        "the names of the headers.",
    ),
    ({"max_age": 1.5}, "A-CFG-17", "This is not an int.", SECONDS),
    ({"max_age": -1}, "A-CFG-17", "This is negative.", SECONDS),
    ({"max_age": 0.0}, "A-CFG-17", "This is not an int.", "max_age=0"),
    ({"max_age": 10**5000}, "A-CFG-17", "This has too many digits to be written.", SECONDS),
    (
        {"max_age": 86_401},
        "A-CFG-18",
        "Browsers do not remember a preflight for longer than a day, Chromium only for two hours.",
        "at most 86400.",
    ),
    ({"allow_credentials": 2}, "A-CFG-19", "This is not a bool.", "True or False."),
    ({"allow_credentials": "on", "allow_origins": ["*"]}, "A-CFG-19", "This is not a bool.", NO_CREDENTIALS),
    ({"allow_credentials": 2, "allow_origins": ["*"]}, "A-CFG-19", "This is not a bool.", "True or False."),
    ({"allow_credentials": "on"}, "A-CFG-19", "This is not a bool.", "allow_credentials=True"),
    *(({name: 5}, "A-CFG-20", NOT_A_LIST, f"{name}=[…], a list of strings.") for name in LISTS),
    ({"allow_methods": None}, "A-CFG-20", NOT_A_LIST, "allow_methods=['GET']"),
    ({"allow_headers": None}, "A-CFG-20", NOT_A_LIST, "allow_headers=[]"),
    (
        {"allow_origins": []},
        "A-CFG-27",
        "No origin is allowed: the list is empty, and there is no regex.",
        "the origins that may read responses; is the variable set that they are read from? "
        "A subclass that decides itself defines is_allowed_origin, or sets it before super().__init__().",
    ),
    ({"allow_methods": ["patch"]}, "A-CFG-28", ODD_METHOD, "'PATCH'"),
    ({"allow_methods": ["GET|POST|GET"]}, "A-CFG-28", ODD_METHOD, "one string each: 'GET', 'POST'"),
    ({"allow_methods": ["GET|ALL"]}, "A-CFG-28", ODD_METHOD, EVERY_METHOD),
    ({"allow_methods": ["any"]}, "A-CFG-28", ODD_METHOD, EVERY_METHOD),
    (
        {"allow_headers": ["*", "X-A"]},
        "A-CFG-23",
        "This allows every header, so the other names change nothing.",
        "either '*' alone, or the others alone.",
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "place", "reason", "repair"), ERRORS)
def test_an_error_names_the_place_the_rule_and_the_repair(
    rule: str, arguments: dict[str, Any], place: str, reason: str, repair: str
) -> None:
    check_error(rule, arguments, place, reason, repair)


@pytest.mark.parametrize(("arguments", "rule", "reason", "repair"), WORDS)
def test_what_is_said_is_said_in_full(arguments: dict[str, Any], rule: str, reason: str, repair: str) -> None:
    (problem,) = findings(**arguments)
    assert (problem.rule, problem.reason, problem.repair) == (rule, reason, repair)


def test_every_problem_is_told_at_once_in_the_order_of_the_arguments() -> None:
    error = refusal(
        allow_origins=["*", 3, "https://A.example", "null"],
        allow_methods=["get", "TRACE", "x y"],
        allow_headers="X-A",
        allow_credentials=True,
        allow_origin_regex="(",
        allow_private_network=0,
        expose_headers=["a:", None],
        max_age=-5,
    )
    assert [(problem.place, problem.rule) for problem in error.problems] == [
        ("allow_origins[0]", "A-CFG-1"),
        ("allow_origins[1]", "A-CFG-3"),
        ("allow_origins[2]", "A-CFG-5"),
        ("allow_origins[3]", "A-CFG-7"),
        ("allow_methods[0]", "A-CFG-13"),
        ("allow_methods[1]", "A-CFG-12"),
        ("allow_methods[2]", "A-CFG-12"),
        ("allow_headers", "A-CFG-2"),
        ("allow_origin_regex", "A-CFG-9"),
        ("allow_private_network", "A-CFG-19"),
        ("expose_headers[0]", "A-CFG-14"),
        ("expose_headers[1]", "A-CFG-3"),
        ("max_age", "A-CFG-17"),
    ]
    assert str(error).startswith("13 problems in the arguments of CORSMiddleware\n\n")
    assert all(problem.place in str(error) for problem in error.problems)


def test_the_whole_message_of_two_places_with_one_fault() -> None:
    assert str(refusal(allow_methods=["GET", 1, 2], max_age=-1)) == (
        "3 problems in the arguments of CORSMiddleware\n"
        "\n"
        "  allow_methods[1] = 1\n"
        "  allow_methods[2] = 2\n"
        "    A-CFG-3: This is not a str.\n"
        "    Instead: a str.\n"
        "\n"
        "  max_age = -1\n"
        "    A-CFG-17: This is negative.\n"
        "    Instead: whole seconds, for instance 600; 0 for no caching."
    )


def test_a_long_message_is_folded_between_words() -> None:
    assert str(refusal(allow_origins=["*", "null"], allow_credentials=True)) == (
        "2 problems in the arguments of CORSMiddleware\n"
        "\n"
        "  allow_origins[0] = '*'\n"
        "    A-CFG-1: Browsers refuse a wildcard answer when a request has credentials;\n"
        "    and answering every origin by its name would let any site act as the\n"
        "    logged-in user.\n"
        "    Instead: the origins that may use credentials, each by name, or no\n"
        "    allow_credentials.\n"
        "\n"
        "  allow_origins[1] = 'null'\n"
        "    A-CFG-7: Any site can make a document whose origin is null (a sandboxed\n"
        "    iframe), so this allows them all, with the user's credentials.\n"
        "    Instead: leave it out, and serve the page that needs it from a real\n"
        "    origin."
    )


def test_a_suggestion_is_never_folded() -> None:
    host = "a-" * 50 + "a.example"
    lines = str(refusal(allow_origins=[f"https://{host}/"])).splitlines()
    assert lines[-2:] == ["    Instead:", f"    'https://{host}'"]


def test_a_huge_value_is_shown_short() -> None:
    for length, shown in (
        (52, "a" * 52),
        (53, "a" * 24 + "..." + "a" * 25),
        (100_000, "a" * 24 + "..." + "a" * 25),
    ):
        message = str(refusal(max_age="a" * length))
        assert message.splitlines()[2] == f"  max_age = '{shown}'"


def test_a_value_that_cannot_be_shown_does_not_hide_the_problem() -> None:
    class Mute:
        def __repr__(self) -> str:
            raise RuntimeError

    assert "\n  max_age = <Mute object>\n" in str(refusal(max_age=Mute()))


def test_the_error_is_a_value_error_that_survives_pickling() -> None:
    error = refusal(max_age=-1)
    assert isinstance(error, ValueError)
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, CORSConfigError)
    assert copy.problems == error.problems
    assert str(copy) == str(error)
    assert str(pickle.loads(pickle.dumps(CORSConfigError(each for each in error.problems)))) == str(error)


def test_the_corrected_configuration_survives_pickling() -> None:
    error = refusal(
        allow_origins=["https://A.example"], allow_origin_regex=re.compile(r"https://b\.example", re.I)
    )
    copy = pickle.loads(pickle.dumps(error))
    assert copy.corrected == error.corrected
    assert copy.corrected is not None
    assert copy.problems == error.problems


def test_an_error_made_of_a_text_is_like_any_other() -> None:
    error = CORSConfigError("no")
    assert (str(error), error.args, error.problems, error.corrected) == ("no", ("no",), (), None)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.args) == (CORSConfigError, "no", ("no",))
    assert (str(CORSConfigError()), CORSConfigError().problems) == ("", ())


def test_a_problem_is_frozen() -> None:
    (problem,) = refusal(max_age=-1).problems
    assert isinstance(problem, Problem)
    with pytest.raises(FrozenInstanceError):
        problem.rule = "A-CFG-0"  # type: ignore[misc]  # the very assignment that must fail


def test_errors_win_over_warnings_that_raise() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(Recorder(), allow_origins=["null", "*", "x"], max_age=100_000)
    assert [problem.rule for problem in raised.value.problems] == ["A-CFG-5"]


def test_warnings_are_given_beside_errors() -> None:
    with pytest.warns(CORSConfigWarning, match="A-CFG-18"), pytest.raises(CORSConfigError):
        CORSMiddleware(Recorder(), ["https://a.example"], allow_methods=["get"], max_age=100_000)


def test_an_iterable_that_raises_is_heard() -> None:
    def origins() -> Iterator[str]:
        yield "https://a.example"
        raise TypeError("broken source")

    with pytest.raises(TypeError, match="broken source"):
        CORSMiddleware(Recorder(), allow_origins=origins())


@pytest.mark.parametrize(
    ("policies", "place"),
    [
        ({"/a": {"allow_origins": ["a"]}, "/": {"max_age": -1}}, "policies['/a']['allow_origins'][0] = 'a'"),
        ({"/a": {"max_age": -1}}, "policies['/a']['max_age'] = -1"),
        ({"/a": 5}, "policies['/a'] = 5"),
        ({"/a/": {"max_age": 1}}, "prefix = '/a/'"),
        ([(5, {"max_age": 1})], "prefix = 5"),
        (5, "policies = 5"),
    ],
)
def test_a_problem_of_a_policy_by_path_is_named_with_its_prefix(policies: Any, place: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        with pytest.raises(CORSConfigError) as raised:
            CORSByPath(Recorder(), policies)
    number = "2 problems" if "allow_origins" in place else "1 problem"
    assert str(raised.value).startswith(f"{number} in the arguments of CORSByPath\n\n  {place}\n")
