"""What is wrong or risky in policies by path is told at once, each place with its prefix."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import pytest

from impl import Config, CORSByPath, CORSConfigError, CORSConfigWarning
from impl.validation.policies import review_policies
from spec.paths import is_prefix
from tests.helpers.asgi import Recorder

GOOD: dict[str, Any] = {"allow_origins": ["https://app.example"]}
NO_PATTERN = "it has `*`, `{` or `}`, but it is no pattern"
NO_SLASH = "it does not start with a slash"
WHITE = "it begins or ends with white space"
MARK = "it has `%`, `?`, `#` or a backslash, which no path has once it is read"
EXAMPLES = "'/' for all paths, or for instance '/public' or '/api/v1'."


def refusal(policies: Any) -> CORSConfigError:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        with pytest.raises(CORSConfigError) as raised:
            CORSByPath(Recorder(), policies)
    return raised.value


def advice(policies: Any) -> list[CORSConfigWarning]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CORSByPath(Recorder(), policies)
    return [each.message for each in caught if isinstance(each.message, CORSConfigWarning)]


def test_the_problems_of_all_policies_come_together_each_with_its_prefix() -> None:
    error = refusal(
        {
            "/": {"allow_origins": ["https://App.example", "*"], "max_age": "5"},
            "/public/": GOOD,
            "/api": {"allow_origin": ["*"], "allow_credentials": "no"},
            "/fine": GOOD,
        }
    )
    assert [(each.prefix, each.argument, each.index, each.value, each.rule) for each in error.problems] == [
        ("/", "allow_origins", 0, "https://App.example", "A-CFG-5"),
        ("/", "max_age", None, "5", "A-CFG-17"),
        ("/public/", "prefix", None, "/public/", "A-CFG-30"),
        ("/api", "allow_origin", None, ["*"], "A-CFG-31"),
        ("/api", "allow_credentials", None, "no", "A-CFG-19"),
    ]
    assert error.corrected is None
    assert (
        str(error)
        == """\
5 problems in the arguments of CORSByPath

  policies['/']['allow_origins'][0] = 'https://App.example'
    A-CFG-5: No browser can ever send this as its origin: it has upper-case
    letters.
    Instead: 'https://app.example'

  policies['/']['max_age'] = '5'
    A-CFG-17: This is not an int.
    Instead: max_age=5

  prefix = '/public/'
    A-CFG-30: No path begins with these segments: it ends with a slash.
    Instead: '/public'

  policies['/api']['allow_origin'] = ['*']
    A-CFG-31: CORSMiddleware has no argument of this name.
    Instead: one of allow_origins, allow_methods, allow_headers,
    allow_credentials, allow_origin_regex, allow_private_network,
    expose_headers, max_age.

  policies['/api']['allow_credentials'] = 'no'
    A-CFG-19: This is not a bool.
    Instead: allow_credentials=False"""
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("prefix", "reason", "repair"),
    [
        ("", NO_SLASH, "'/'"),
        ("public", NO_SLASH, "'/public'"),
        ("public/", NO_SLASH, "'/public'"),
        ("/public/", "it ends with a slash", "'/public'"),
        ("//", "it ends with a slash; it has two slashes in a row", "'/'"),
        ("/public//items", "it has two slashes in a row", "'/public/items'"),
        ("/.", "it has a segment that is `.` or `..`", EXAMPLES),
        ("/public/../admin", "it has a segment that is `.` or `..`", EXAMPLES),
        ("/./public", "it has a segment that is `.` or `..`", EXAMPLES),
        ("/%70ublic", MARK, "'/public'"),
        ("/a%2Fb", MARK, "'/a/b'"),
        ("/100%", MARK, EXAMPLES),
        (
            "/public?a=1",
            MARK,
            "'/public'",
        ),
        ("/public#a", MARK, "'/public'"),
        ("/a\\b", MARK, EXAMPLES),
        ("/public/*", NO_PATTERN, "'/public'"),
        ("/public*", NO_PATTERN, "'/public'"),
        ("/*", NO_PATTERN, "'/'"),
        ("/a/b/**", NO_PATTERN, "'/a/b'"),
        ("/files/{path:path}", NO_PATTERN, "'/files'"),
        ("/users/{id}", NO_PATTERN, EXAMPLES),
        ("/users/{id}/x", NO_PATTERN, EXAMPLES),
        ("/users/{id}/*", NO_PATTERN, EXAMPLES),
        ("/{tenant}/public", NO_PATTERN, EXAMPLES),
        ("/*/public", NO_PATTERN, EXAMPLES),
        ("/x}", NO_PATTERN, EXAMPLES),
        (" /internal", f"{NO_SLASH}; {WHITE}", "'/internal'"),
        ("/internal ", WHITE, "'/internal'"),
        ("/internal\t\n", WHITE, "'/internal'"),
        ("/internal /", "it ends with a slash", "'/internal'"),
        ("^/internal", NO_SLASH, EXAMPLES),
        ("(?:/internal)", f"{NO_SLASH}; {MARK}", EXAMPLES),
        ("https://api.example/internal", f"{NO_SLASH}; it has two slashes in a row", "'/internal'"),
        ("Http://API/a", f"{NO_SLASH}; it has two slashes in a row", "'/a'"),
        ("https://api.example:8443", f"{NO_SLASH}; it has two slashes in a row", "'/'"),
        ("/a\n//.", "it has two slashes in a row; it has a segment that is `.` or `..`", EXAMPLES),
        ("/a\n/", "it ends with a slash", "'/a'"),
        ("\n/a", f"{NO_SLASH}; {WHITE}", "'/a'"),
    ],
)
def test_a_prefix_that_no_path_has_is_an_error(prefix: str, reason: str, repair: str) -> None:
    (problem,) = refusal({prefix: GOOD}).problems
    assert (problem.prefix, problem.argument, problem.index, problem.value) == (
        prefix,
        "prefix",
        None,
        prefix,
    )
    assert (problem.rule, problem.place) == ("A-CFG-30", "prefix")
    assert problem.reason == f"No path begins with these segments: {reason}."
    assert problem.repair == repair


def test_what_is_offered_is_not_given_already() -> None:
    (problem,) = refusal({"/public": GOOD, "/public/": GOOD}).problems
    assert problem.repair == EXAMPLES


@pytest.mark.parametrize("prefix", [None, 1, b"/public", ("/public",), ["/public"]])
def test_a_prefix_that_is_no_str_is_an_error(prefix: Any) -> None:
    (problem,) = refusal([(prefix, GOOD)]).problems
    assert (problem.rule, problem.argument, problem.value) == ("A-CFG-30", "prefix", prefix)
    assert (problem.reason, problem.repair) == ("This is not a str.", EXAMPLES)
    assert "problem in the arguments of CORSByPath" in str(refusal([(prefix, GOOD)]))


def test_a_prefix_that_is_given_twice_is_an_error() -> None:
    error = refusal([("/", GOOD), ("/public", GOOD), ("/public", GOOD), ("/a/", GOOD), ("/a/", GOOD)])
    assert {(each.rule, each.place) for each in error.problems} == {("A-CFG-30", "prefix")}
    assert [each.value for each in error.problems] == ["/public", "/a/", "/a/", "/a/"]
    assert [(each.prefix, each.reason, each.repair) for each in error.problems] == [
        ("/public", "This prefix is given twice.", "one policy for each prefix."),
        ("/a/", "No path begins with these segments: it ends with a slash.", "'/a'"),
        ("/a/", "No path begins with these segments: it ends with a slash.", "'/a'"),
        ("/a/", "This prefix is given twice.", "one policy for each prefix."),
    ]


@pytest.mark.parametrize("first", ["", "/", "public"])
def test_prefixes_are_refused_exactly_where_the_rules_refuse_them(first: str) -> None:
    refused = 0
    for second in (
        "",
        "/",
        "//",
        "/.",
        "/..",
        "/...",
        "/.a",
        "/%",
        "/?",
        "/#",
        "/\\",
        "/*",
        "/{",
        "/}",
        "/ä b",
        "/a ",
        "\n",
    ):
        for third in ("", "/", "/x", "/.", "/x/", "x"):
            prefix = first + second + third
            _, problems, _ = review_policies({prefix: GOOD})
            assert [each.rule for each in problems] == ([] if is_prefix(prefix) else ["A-CFG-30"]), prefix
            refused += len(problems)
    assert 50 < refused < 103


@pytest.mark.parametrize("policies", [None, 5, "/public", b"/public", ["/public"], [("/", GOOD, GOOD)], [5]])
def test_policies_that_are_no_mapping_are_an_error(policies: Any) -> None:
    (problem,) = refusal(policies).problems
    assert (problem.argument, problem.index, problem.value) == ("policies", None, policies)
    assert (problem.rule, problem.place, problem.prefix) == ("A-CFG-31", "policies", None)
    assert problem.reason == "This is not a mapping of prefixes to policies."
    assert problem.repair == "for instance {'/': {'allow_origins': ['https://app.example']}}."
    assert str(refusal(policies)).startswith("1 problem in the arguments of CORSByPath\n\n  policies = ")


@pytest.mark.parametrize("policy", [None, "*", ["https://app.example"], 5])
def test_a_policy_that_is_no_mapping_is_an_error(policy: Any) -> None:
    (problem,) = refusal({"/public": policy}).problems
    assert problem.argument == ""  # it is the whole
    assert (problem.prefix, problem.index, problem.value, problem.rule) == (
        "/public",
        None,
        policy,
        "A-CFG-31",
    )
    assert problem.place == "policies['/public']"
    assert problem.reason == "This is neither a mapping of the arguments of CORSMiddleware nor a Config."
    assert problem.repair == "for instance {'allow_origins': ['https://app.example']}."


def test_a_name_of_an_argument_that_is_no_str_is_an_error() -> None:
    (problem,) = refusal({"/": {**GOOD, 5: "x"}}).problems
    assert (problem.argument, problem.value, problem.rule) == ("5", "x", "A-CFG-31")


def test_a_configuration_is_judged_as_its_arguments() -> None:
    error = refusal({"/": Config(("https://A.example",)), "/b": Config("*", max_age=-1)})  # type: ignore[arg-type]
    assert [(each.prefix, each.rule) for each in error.problems] == [
        ("/", "A-CFG-5"),
        ("/b", "A-CFG-2"),
        ("/b", "A-CFG-17"),
    ]


def test_there_is_one_warning_for_each_rule_that_names_every_prefix() -> None:
    found = advice(
        {
            "/": {"allow_origins": ["null", "https://app.example"], "max_age": 100_000},
            "/public": {"allow_origins": ["https://app.example", "null"]},
        }
    )
    assert {each.rule: [problem.place for problem in each.problems] for each in found} == {
        "A-CFG-7": ["policies['/']['allow_origins'][0]", "policies['/public']['allow_origins'][1]"],
        "A-CFG-18": ["policies['/']['max_age']"],
    }
    assert [[problem.prefix for problem in each.problems] for each in found] == [["/", "/public"], ["/"]]
    assert str(found[1]).startswith(
        "A-CFG-18, risky configuration of CORSByPath\n\n  policies['/']['max_age']"
    )


def test_an_empty_policy_allows_nobody_on_purpose() -> None:
    assert advice({"/": GOOD, "/internal": {}}) == []
    (warning,) = advice({"/": GOOD, "/internal": {"allow_origins": []}})
    assert (warning.rule, warning.problems[0].prefix) == ("A-CFG-27", "/internal")
    (warning,) = advice({"/internal": Config()})
    assert warning.rule == "A-CFG-27"


@pytest.mark.parametrize("policies", [{}, []])
def test_no_policy_at_all_is_a_warning(policies: Any) -> None:
    (warning,) = advice(policies)
    (problem,) = warning.problems
    assert (problem.argument, problem.index, problem.value) == ("policies", None, policies)
    assert (problem.rule, problem.reason) == ("A-CFG-27", "No path has a policy.")
    assert problem.repair == "a policy for '/', or for each path that needs one."
    assert str(warning).startswith("A-CFG-27, risky configuration of CORSByPath\n\n  policies = ")


def test_an_error_is_raised_even_where_warnings_are_exceptions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", CORSConfigWarning)
        with pytest.raises(CORSConfigError):
            CORSByPath(Recorder(), {"/": {"allow_origins": ["null"]}, "/a/": GOOD})
        with pytest.raises(CORSConfigWarning):
            CORSByPath(Recorder(), {"/": {"allow_origins": ["null"]}})
