"""The file that says what is meant: it takes what its schema takes, and tells all that is wrong at once."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from spec import Config
from spec.config import schema as config_schema
from spec.conformance.by_path import prefix_problem
from spec.conformance.expected_policy import PROFILES, ExpectedPolicy, schema
from spec.conformance.target import FEATURES, Target
from spec.rules.record import Profile
from spec.rules.server.examples import LIST
from tests import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FULL = """
allow_origins = ["https://a.example"]
allow_methods = ["GET", "PUT"]
allow_headers = ["X-Token"]
expose_headers = ["X-Count"]

[target]
path = "/a"
error_path = "/error"
options_path = "/options"
lacks = ["max_age", "preflights"]
profiles = ["security", "implementation"]
"""

SEVERAL = """
[[policy]]
path = "/"
allow_origins = ["https://a.example"]
target = { error_path = "/error" }

[[policy]]
path = "/a b"
max_age = 5
target = { lacks = [] }

[[policy]]
path = "/c"

[policy.target]
path = "/c/d"
method = "POST"
body = "e"

[target]
lacks = ["preflights"]
profiles = ["security"]
"""

MEANT = ExpectedPolicy(
    LIST,
    Target("/a", "/error", "/options", frozenset({"max_age", "preflights"})),
    ("security", "implementation"),
)

STATED = Target(unstated=frozenset())
RIGHT: list[tuple[Any, ExpectedPolicy]] = [
    ({}, ExpectedPolicy(Config(), Target(), ("protocol", "security"))),
    ({"target": {}}, ExpectedPolicy(Config())),
    (tomllib.loads(FULL), MEANT),
    (json.loads(json.dumps(tomllib.loads(FULL))), MEANT),
    ({"max_age": 5, "target": {"lacks": []}}, ExpectedPolicy(Config(max_age=5), STATED)),
    ({"max_age": 600}, ExpectedPolicy(Config(), STATED)),
    (
        {"max_age": 600, "target": {"path": "/a"}},
        ExpectedPolicy(Config(), replace(STATED, path="/a")),
    ),
    (
        {"target": {"method": "POST", "body": "\xfc", "content_type": "a/b; c=d"}},
        ExpectedPolicy(Config(), Target(method="POST", body=b"\xc3\xbc", content_type="a/b; c=d")),
    ),
    ({"target": {"path": "/b"}}, ExpectedPolicy(Config(), Target("/b"))),
    ({"target": {"profiles": ["documented"]}}, ExpectedPolicy(Config(), profiles=("documented",))),
    (
        tomllib.loads(SEVERAL),
        ExpectedPolicy(
            {"/": Config(allow_origins=("https://a.example",)), "/a b": Config(max_age=5), "/c": Config()},
            {
                "/": Target("/", "/error", lacks=frozenset({"preflights"})),
                "/a b": Target("/a%20b", lacks=frozenset(), unstated=frozenset()),
                "/c": Target("/c/d", lacks=frozenset({"preflights"}), method="POST", body=b"e"),
            },
            ("security",),
        ),
    ),
    ({"policy": [{"path": "/"}]}, ExpectedPolicy({"/": Config()}, {"/": Target("/")})),
]

KNOWN = (
    "(known: allow_origins, allow_methods, allow_headers, allow_credentials, allow_origin_regex, "
    "allow_private_network, expose_headers, max_age)"
)
KNOWN_FACTS = "(known: path, error_path, options_path, method, body, content_type, lacks, profiles)"
NO_PREFIX = "a prefix is whole segments of a path, each after a slash, decoded, such as '/' or '/public'"
KNOWN_OF_ONE = KNOWN_FACTS.replace(", profiles", "")
NOT_VALID = "the configuration is not valid:\n  "

A_FACT = "is a fact about the server; move it below "
A_PARAMETER = "is a parameter of the policy, not of the target; move it above "

WRONG: list[tuple[Any, str]] = [
    (3, "3 is not a mapping of parameters to values"),
    ([], "[] is not a mapping of parameters to values"),
    ({"a": 1}, f"{NOT_VALID}a: unknown parameter {KNOWN}"),
    ({"max_age": True}, f"{NOT_VALID}max_age: True is not a whole number of seconds, 0 or more"),
    ({"target": 3}, "target: 3 is not of type 'object'"),
    ({"target": None}, "target: None is not of type 'object'"),
    ({"target": {"content_type": "a\nb"}}, "target.content_type: 'a\\nb' does not match '^[!-~][ -~]*$'"),
    ({"target": {"path": 3}}, "target.path: 3 is not of type 'string'"),
    ({"target": {"profiles": []}}, "target.profiles: [] should be non-empty"),
    (
        {"target": {"lacks": ["max_age", "teapot"]}},
        f"target.lacks.1: 'teapot' is not one of {list(FEATURES)!r}",
    ),
    (
        {"allow_origins": "*", "target": {"path": "a", "way": "b", "options_path": "c", "by": 1}},
        f"{NOT_VALID}allow_origins: '*' is not a list of strings; write [\"*\"]\n"
        f"target.by: unknown key {KNOWN_FACTS}\n"
        f"target.way: unknown key {KNOWN_FACTS}\n"
        "target.path: 'a' does not begin with a slash; write '/a'\n"
        "target.options_path: 'c' does not begin with a slash; write '/c'",
    ),
    ({"target": {"error_path": ""}}, "target.error_path: '' does not begin with a slash; write '/'"),
    (
        {"path": "/a", "max_age": -1, "lacks": []},
        f"{NOT_VALID}max_age: -1 is not a whole number of seconds, 0 or more\n"
        f"path: {A_FACT}[target]\nlacks: {A_FACT}[target]",
    ),
    (
        {"path": "/a", "allow_origin_regex": "("},
        "allow_origin_regex: '(' is no regular expression: missing ), unterminated subpattern at position 0\n"
        f"path: {A_FACT}[target]",
    ),
    ({"method": "POST"}, f"method: {A_FACT}[target]"),
    (
        {"policy": [{"path": "/b", "method": "POST"}, {"path": "/c", "profiles": ["security"]}]},
        f"policy '/b': method: {A_FACT}[policy.target]\npolicy '/c': profiles: {A_FACT}[target]",
    ),
    ({"target": {"max_age": 5}}, f"target.max_age: {A_PARAMETER}[target]"),
    (
        {"policy": [{"path": "/b", "target": {"allow_origins": []}}]},
        f"policy '/b': target.allow_origins: {A_PARAMETER}[policy.target]",
    ),
    ({"policy": []}, "policy: [] is no list of tables, each with a path: [[policy]]"),
    ({"policy": 3}, "policy: 3 is no list of tables, each with a path: [[policy]]"),
    (
        {"policy": {"path": "/"}},
        "policy: is one table; write [[policy]], in two brackets, for each policy",
    ),
    (
        {"policy": [3, {}, {"path": "/a/", "a": 1}, {"path": "/b", "target": {"profiles": [], "path": 3}}]},
        "policy[0]: 3 is not a mapping of parameters to values\n"
        "policy[1]: path: missing; write the prefix of the paths that it is for, such as '/public'\n"
        f"policy '/a/': {NOT_VALID}a: unknown parameter {KNOWN}\n"
        "policy '/a/': path: a prefix is whole segments of a path, each after a slash, decoded; write '/a'\n"
        f"policy '/b': target.profiles: unknown key {KNOWN_OF_ONE}\n"
        "policy '/b': target.path: 3 is not of type 'string'",
    ),
    (
        {"policy": [{"path": "/b", "target": {"profiles": ["security"]}}]},
        f"policy '/b': target.profiles: unknown key {KNOWN_OF_ONE}",
    ),
    (
        {"policy": [{"path": "", "max_age": 5}]},
        "policy '': path: a prefix is whole segments of a path, each after a slash, decoded; write '/'",
    ),
    (
        {"policy": [{"path": ["/b"]}, {"path": ["/b"]}]},
        f"policy ['/b']: path: {NO_PREFIX}\npolicy ['/b']: path: {NO_PREFIX}",
    ),
    ({"policy": [{"path": "/b", "target": 3}]}, "policy '/b': target: 3 is not of type 'object'"),
    ({"policy": [{"path": "/"}], "target": {"path": 3}}, "target.path: 3 is not of type 'string'"),
]

NOT_IN_THE_SCHEMA: list[tuple[Any, str]] = [
    (
        {"max_age": 3, "policy": [{"path": "/"}]},
        "max_age: stands outside of the tables [[policy]]; move it into one of them",
    ),
    ({"policy": [{"path": "/a"}, {"path": "/a"}]}, "policy '/a': path: is that of two tables; merge them"),
    (
        {"policy": [{"path": "/a"}, {"path": "/a", "allow_origin_regex": "("}]},
        "policy '/a': allow_origin_regex: '(' is no regular expression: missing ), unterminated subpattern "
        "at position 0\n"
        "policy '/a': path: is that of two tables; merge them",
    ),
    (
        {"policy": [{"path": "/"}], "target": {"path": "/a", "error_path": "/b", "options_path": "/c"}},
        "target.path: a path is of one policy; move it to the target of that one, [policy.target]\n"
        "target.error_path: a path is of one policy; move it to the target of that one, [policy.target]\n"
        "target.options_path: a path is of one policy; move it to the target of that one, [policy.target]",
    ),
    (
        {"policy": [{"path": "/"}, {"path": "/a", "target": {"path": "/b"}}]},
        "policy '/a': target.path '/b' has the policy of '/'; name a path of this policy",
    ),
    (
        {"policy": [{"path": "/a", "target": {"method": "HEAD"}}]},
        "policy '/a': target.method: 'HEAD' cannot be checked; write for instance POST",
    ),
    ({"target": {"method": "post"}}, "target.method: browsers send 'post' in upper case; write 'POST'"),
]
"""Mistakes that a JSON Schema cannot express, and their messages."""


def test_a_pattern_that_is_none_is_told_with_the_rest() -> None:
    mapping = {"allow_origin_regex": "(", "target": {"path": 3}}
    with pytest.raises(ValueError, match=r".") as caught:
        ExpectedPolicy.from_mapping(mapping)
    assert str(caught.value) == (
        "allow_origin_regex: '(' is no regular expression: missing ), unterminated subpattern at position 0\n"
        "target.path: 3 is not of type 'string'"
    )
    assert ExpectedPolicy.from_mapping({"allow_origin_regex": "(a)"}).config == Config(
        allow_origin_regex="(a)"
    )


def takes(mapping: Any) -> bool:
    """Whether the schema does."""
    return jsonschema.Draft7Validator(schema()).is_valid(mapping)


@pytest.mark.parametrize(("mapping", "policy"), RIGHT)
def test_this_is_meant(mapping: Any, policy: ExpectedPolicy) -> None:
    assert ExpectedPolicy.from_mapping(mapping) == policy
    assert takes(mapping)


@pytest.mark.parametrize(("mapping", "problems"), WRONG)
def test_all_that_is_wrong_is_told_at_once(mapping: Any, problems: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        ExpectedPolicy.from_mapping(mapping)
    assert str(caught.value) == problems
    assert not takes(mapping)


@pytest.mark.parametrize(("mapping", "problems"), NOT_IN_THE_SCHEMA)
def test_so_is_what_a_schema_cannot_tell(mapping: Any, problems: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        ExpectedPolicy.from_mapping(mapping)
    assert str(caught.value) == problems
    assert takes(mapping)


@pytest.mark.parametrize(
    "path",
    "/ /a /a/b /.a /a. /a/... a /a/ // /. /a/.. /a/./b /a%2fb /a\\b /a?b /a#b /a* /{a}".split(),
)
def test_the_schema_knows_what_is_a_prefix(path: str) -> None:
    assert takes({"policy": [{"path": path}]}) is (prefix_problem(path) == "")


def test_an_expected_policy_has_parts() -> None:
    policy = ExpectedPolicy.from_mapping({"policy": [{"path": "/b"}, {"path": "/"}]})
    assert [part.prefix for part in policy.parts] == ["/", "/b"]


def test_the_schema_is_one_and_has_the_configurations() -> None:
    found = schema()
    jsonschema.Draft7Validator.check_schema(found)
    assert found["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert list(found["properties"]) == [*config_schema()["properties"], "policy", "target"]
    assert found["properties"]["max_age"] == config_schema()["properties"]["max_age"]
    assert found["additionalProperties"] is False


def test_the_schema_knows_every_feature_and_profile() -> None:
    facts = schema()["properties"]["target"]["properties"]
    assert facts["lacks"]["items"]["enum"] == list(FEATURES)
    assert facts["profiles"]["items"]["enum"] == [profile.value for profile in Profile]
    assert facts["profiles"]["default"] == list(PROFILES) == ["protocol", "security"]
    assert facts["path"]["default"] == Target().path


@pytest.mark.slow
@pytest.mark.mutation
def test_without_its_package_it_says_how_to_get_it() -> None:
    script = "import sys; sys.modules['jsonschema'] = None; import spec.conformance.expected_policy"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stderr.endswith("the extra 'check' installs it: pip install 'verified-cors[check]'\n")
    assert "The above exception" not in ran.stderr and "During handling" not in ran.stderr
