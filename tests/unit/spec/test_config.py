"""The schema of a configuration, and `Config.from_mapping`, which accepts what the schema accepts."""

import json
from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema
from jsonschema import Draft7Validator

from spec.config import Config, schema
from spec.rules import RULES, judge
from spec.rules.record import Level
from tests.helpers.thresholds import hit, thresholds

SCHEMA = schema()
VALIDATOR = Draft7Validator(SCHEMA)
NAMES = [field.name for field in fields(Config)]
LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")

TEXTS = (
    st.sampled_from(["*", "null", "https://a", "http://A/", "GET", "put", "X-A", "Cookie", "a b", ""])
    | st.text()
)
FLAGS = ("allow_credentials", "allow_private_network")
GOOD = {
    **dict.fromkeys(LISTS, st.lists(TEXTS, max_size=3)),
    **dict.fromkeys(FLAGS, st.booleans()),
    "allow_origin_regex": st.none() | TEXTS,
    "max_age": st.integers(0) | st.sampled_from([600.0, 0.0, -0.0, 1e300]),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


GOOD_LISTS: list[Any] = [[], ["a"], ["a", "a", ""], ["\n"]]
BAD_LISTS: list[Any] = ["a", "", None, 1, True, {}, {"a": 1}, [1], ["a", None], [["a"]]]
BAD_FLAGS: list[Any] = [0, 1, 1.0, None, "true", "", []]
BAD_PATTERNS: list[Any] = [0, False, [], ["a"], {}]
BAD_AGES: list[Any] = [-1, -1.0, 600.5, 0.1, True, False, None, "600", "", [600]]
BAD_AGES += [float("nan"), float("inf"), float("-inf")]


GOOD_MAPPINGS = st.fixed_dictionaries({}, optional=GOOD)


@st.composite
def mappings(draw: st.DrawFn) -> dict[str, Any]:
    """Good configurations, of which about half are then spoiled in one or two places."""
    mapping = draw(GOOD_MAPPINGS)
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        mapping[draw(st.sampled_from([*NAMES, *NAMES, "allow_origin", "", "maxAge"]))] = draw(JSON)
    return mapping


def accepted(mapping: Any) -> bool:
    try:
        Config.from_mapping(mapping)
    except ValueError:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert SCHEMA["type"] == "object"
    assert SCHEMA["additionalProperties"] is False
    assert list(SCHEMA["properties"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_explained_and_has_its_default(name: str) -> None:
    explained = SCHEMA["properties"][name]
    assert explained["title"]
    assert explained["description"].endswith(".")
    default = getattr(Config(), name)
    assert json.dumps(explained["default"]) == json.dumps(default)


def test_the_defaults_are_those_of_the_page() -> None:
    assert Config.from_mapping({}) == Config()
    assert asdict(Config()) == {
        "allow_origins": (),
        "allow_methods": ("GET",),
        "allow_headers": (),
        "allow_credentials": False,
        "allow_origin_regex": None,
        "allow_private_network": False,
        "expose_headers": (),
        "max_age": 600,
    }


def test_object_schemas_can_be_drawn_from() -> None:
    """A canary: hypothesis-jsonschema 0.23.1 breaks on hypothesis 6.170.10 and newer, for objects alone."""
    flag = {"type": "boolean"}
    properties: dict[str, Any] = {
        "required": ["a"],
        "properties": {"a": flag, "b": flag},
        "additionalProperties": False,
    }
    drawn: list[Any] = []

    @given(from_schema({"type": "object", **properties}))
    def draw(mapping: Any) -> None:
        drawn.append(mapping)

    draw()
    assert {"a": True} in drawn
    assert any("b" in mapping for mapping in drawn)


@thresholds(refused=0.05, accepted=0.05)
@given(from_schema(SCHEMA))
def test_what_the_schema_admits_makes_a_configuration_that_the_rules_judge(mapping: Any) -> None:
    VALIDATOR.validate(mapping)
    config = Config.from_mapping(mapping)
    refused = judge.errors(config)
    broken = [
        rule.id
        for rule in RULES.values()
        if rule.level is Level.MUST and rule.finds and rule.applies(config) and rule.finds(config)
    ]
    hit(refused=bool(refused), accepted=not refused)
    assert bool(refused) or not broken
    # The schema leaves no wrong kinds over.
    assert not {"A-CFG-2", "A-CFG-3", "A-CFG-17", "A-CFG-19", "A-CFG-20"} & {rule.id for rule, _ in refused}


@thresholds(admitted=0.3, refused=0.2)
@given(mappings())
def test_a_mapping_is_accepted_exactly_when_the_schema_admits_it(mapping: dict[str, Any]) -> None:
    admitted = VALIDATOR.is_valid(mapping)
    hit(admitted=admitted, refused=not admitted)
    assert accepted(mapping) == admitted


@given(JSON)
def test_only_mappings_are_accepted(value: Any) -> None:
    assert accepted(value) == VALIDATOR.is_valid(value)


@pytest.mark.parametrize(
    ("name", "value", "admitted"),
    [
        *((name, value, True) for name in LISTS for value in GOOD_LISTS),
        *((name, value, False) for name in LISTS for value in BAD_LISTS),
        *((name, value, True) for name in FLAGS for value in (True, False)),
        *((name, value, False) for name in FLAGS for value in BAD_FLAGS),
        *(("allow_origin_regex", value, True) for value in (None, "", "(", "https://.*")),
        *(("allow_origin_regex", value, False) for value in BAD_PATTERNS),
        *(("max_age", value, True) for value in (0, 1, 600, 600.0, 0.0, -0.0, 10**30, 1e300)),
        *(("max_age", value, False) for value in BAD_AGES),
        *((name, None, False) for name in ("allow_origin", "Allow_Origins", "allow_origins ", "", "$schema")),
    ],
)
def test_each_kind_is_admitted_or_not(name: str, value: Any, admitted: bool) -> None:
    assert VALIDATOR.is_valid({name: value}) is admitted
    assert accepted({name: value}) is admitted


def test_lists_become_tuples_and_whole_floats_integers() -> None:
    mapping = {"allow_origins": ["https://a", "https://b"], "max_age": 60.0, "allow_credentials": True}
    config = Config.from_mapping(mapping)
    assert config == Config(allow_origins=("https://a", "https://b"), max_age=60, allow_credentials=True)
    assert type(config.max_age) is int
    mapping["allow_origins"] = []
    assert config.allow_origins == ("https://a", "https://b")


@given(GOOD_MAPPINGS)
def test_a_configuration_survives_being_written_and_read(mapping: dict[str, Any]) -> None:
    config = Config.from_mapping(mapping)
    assert Config.from_mapping(asdict(config)) == config
    assert Config.from_mapping(json.loads(json.dumps(asdict(config)))) == config


@pytest.mark.parametrize("name", LISTS)
def test_any_iterable_is_kept_as_a_tuple_and_a_text_as_it_is(name: str) -> None:
    def kept(value: Any) -> Any:
        return getattr(Config(**{name: value}), name)

    assert kept(["a", "b"]) == kept(iter(["a", "b"])) == kept({"a": 1, "b": 2}) == ("a", "b")
    assert kept([1, None]) == (1, None)
    assert kept("ab") == "ab"
    assert kept(b"ab") == b"ab"
    assert (kept(None), kept(7)) == (None, 7)
    assert kept(("a",)) == kept(["a"])


def test_all_that_is_wrong_is_said_at_once() -> None:
    mapping = {
        "allow_origins": "https://a",
        "allow_credentials": 1,
        "allow_origin_regex": 7,
        "origins": [],
        "max_age": -1,
        "expose_headers": [2],
    }
    with pytest.raises(ValueError, match="the configuration is not valid") as caught:
        Config.from_mapping(mapping)
    assert str(caught.value).splitlines() == [
        "the configuration is not valid:",
        "  allow_origins: 'https://a' is not a list of strings; write [\"https://a\"]",
        "  allow_credentials: 1 is not true or false",
        "  allow_origin_regex: 7 is not a string or null",
        f"  origins: unknown parameter (known: {', '.join(NAMES)})",
        "  max_age: -1 is not a whole number of seconds, 0 or more",
        "  expose_headers: [2] is not a list of strings",
    ]


def test_what_is_no_mapping_is_said_so() -> None:
    with pytest.raises(ValueError, match="the configuration is not valid") as caught:
        Config.from_mapping(["allow_origins"])  # type: ignore[arg-type]  # a wrong kind on purpose
    assert str(caught.value).splitlines() == [
        "the configuration is not valid:",
        "  ['allow_origins'] is not a mapping of parameters to values",
    ]


@pytest.mark.parametrize(
    ("value", "instead"),
    [("GET, PUT", '["GET", "PUT"]'), ("a b", '["a b"]'), ("", '[""]'), (' "', '["\\""]')],
)
def test_a_string_instead_of_a_list_is_told_with_the_list(value: str, instead: str) -> None:
    with pytest.raises(ValueError, match="the configuration is not valid") as caught:
        Config.from_mapping({"allow_methods": value})
    told = f"allow_methods: {value!r} is not a list of strings; write {instead}"
    assert str(caught.value).splitlines()[1:] == [f"  {told}"]
