"""What the tests of this folder share."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest

from impl import Config, CORSConfigError, CORSConfigWarning, CORSMiddleware, Problem
from impl.config import gather
from impl.validation.review import review
from tests.helpers.asgi import Recorder
from tests.helpers.offers import as_offered, offers

ORIGIN = b"https://app.example.com"
UNLISTED = b"https://app.example.net"

# Regexes, and how two of them are put together.
LABELS = r"https://[a-z]+\.a\.example"
OTHER_LABELS = r"https://[a-z]+\.b\.example"
BOTH = rf"(?:{LABELS})|(?:{OTHER_LABELS})"

# What is said of a value that is no list.
NOT_A_LIST = "This is not a list of strings, nor anything else that can be iterated."
ONE_STRING = "One string is not a list of strings: it would be taken letter by letter."


def preflight(
    *lines: tuple[bytes, bytes], origin: bytes = ORIGIN, method: bytes = b"GET"
) -> list[tuple[bytes, bytes]]:
    """The header lines of a preflight; more lines may follow."""
    return [(b"origin", origin), (b"access-control-request-method", method), *lines]


def refusal(**arguments: Any) -> CORSConfigError:
    """The error of a configuration that must be refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(Recorder(), **arguments)
    return raised.value


def advice(**arguments: Any) -> list[CORSConfigWarning]:
    """The warnings of a configuration that must be accepted, and allows somebody unless it lists nobody."""
    arguments = {"allow_origins": ["https://somebody.example"], **arguments}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CORSMiddleware(Recorder(), **arguments)
    messages = [warning.message for warning in caught]
    assert all(isinstance(message, CORSConfigWarning) for message in messages)
    return [message for message in messages if isinstance(message, CORSConfigWarning)]


def given(problem: Problem, arguments: dict[str, Any]) -> Any:
    """What the arguments have at the place of a problem."""
    value = arguments[problem.argument]
    return value if problem.index is None else value[problem.index]


def findings(**arguments: Any) -> list[Problem]:
    """All that is said of a configuration, in errors and in warnings; it allows somebody, as for `advice`."""
    arguments = {"allow_origins": ["https://somebody.example"], **arguments}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            CORSMiddleware(Recorder(), **arguments)
        except CORSConfigError as error:
            fatal = list(error.problems)
        else:
            fatal = []
    risky = [each.message for each in caught if isinstance(each.message, CORSConfigWarning)]
    return [*fatal, *(problem for warning in risky for problem in warning.problems)]


def check(arguments: dict[str, Any], error: CORSConfigError) -> None:
    """What holds of every error: the texts offer what is corrected, and the corrected one is accepted."""
    given = replace(Config(), **{name: gather(value) for name, value in arguments.items()})
    assert [offers(problem) for problem in error.problems] == [
        problem.correction is not None for problem in error.problems
    ]
    assert as_offered(given, error) == error.corrected
    if error.corrected is not None:
        assert review(error.corrected)[0] == []


def check_error(rule: str, arguments: dict[str, Any], place: str, reason: str, repair: str) -> None:
    """A configuration has one problem, and the message names its place, its rule and its repair."""
    error = refusal(**arguments)
    (problem,) = error.problems
    assert (problem.rule, problem.value) == (rule, given(problem, arguments))
    assert place.startswith(problem.place)
    assert reason in problem.reason
    assert repair in problem.repair
    message = str(error)
    assert message.startswith("1 problem in the arguments of CORSMiddleware\n\n  ")
    assert f"  {place}" in message
    assert f"\n    {rule}: {problem.reason.split()[0]} " in message
    assert max(map(len, message.splitlines())) <= 80


def check_warnings(arguments: dict[str, Any], expected: dict[str, list[str]]) -> None:
    """A configuration has a warning for each of these rules, and the message names these places."""
    found = advice(**arguments)
    assert {warning.rule: [problem.place for problem in warning.problems] for warning in found} == expected
    assert len(found) == len(expected)
    for warning in found:
        assert [problem.value for problem in warning.problems] == [
            () if problem.rule == "A-CFG-27" else given(problem, arguments) for problem in warning.problems
        ]
        message = str(warning)
        assert message.startswith(f"{warning.rule}, risky configuration of CORSMiddleware\n\n  ")
        assert all(f"\n  {place} = " in message for place in expected[warning.rule])
        assert "\n    Instead: " in message
        assert max(map(len, message.splitlines())) <= 80
