"""Configurations are equal when they mean the same."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import Any, get_type_hints

import pytest

from impl import Config, CORSMiddleware
from impl.config import Arguments


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a", re.compile("a"), True),
        ("(?i)a", re.compile("(?i)a"), True),
        ("a", re.compile("a", re.I), False),
        ("(?i)a", re.compile("a", re.I), False),
        ("a", "b", False),
        ("a", None, False),
        ("(", "(", True),
        ("(", "[", False),
        (re.compile("a", re.I), re.compile("a", re.I), True),
        (re.compile("a", re.I), re.compile("a"), False),
        (b"a", b"a", True),
        (b"a", "a", False),
    ],
)
def test_a_configuration_is_equal_whatever_the_form_of_its_regex(one: Any, other: Any, equal: bool) -> None:
    first, second = Config(allow_origin_regex=one), Config(allow_origin_regex=other)
    assert (first == second) is (second == first) is equal
    assert not equal or hash(first) == hash(second)
    assert len({first, second}) == 2 - equal


def test_a_configuration_is_equal_to_none_that_differs_elsewhere() -> None:
    config = Config(allow_origin_regex="a")
    assert config == replace(config)
    assert config != replace(config, max_age=5)
    assert hash(config) != hash(replace(config, max_age=5))
    assert Config(allow_origins="a") != Config(allow_origins=re.compile("a"))  # type: ignore[arg-type]  # as given
    assert config != "a"
    assert config.__eq__("a") is NotImplemented


def test_the_typed_arguments_are_those_of_the_middleware() -> None:
    parameters = [*inspect.signature(CORSMiddleware).parameters.values()][1:]
    assert not Arguments.__total__  # each may be left out
    assert get_type_hints(Arguments) == {
        name: hint
        for name, hint in get_type_hints(CORSMiddleware.__init__).items()
        if name in {parameter.name for parameter in parameters}
    }
