"""What the tests of this folder share."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest

from impl import Config, CORSConfigError, CORSConfigWarning, CORSMiddleware, Problem
from impl.config import gather, review
from tests.helpers.asgi import Recorder
from tests.helpers.offers import as_offered, offers

ORIGIN = b"https://app.example.com"
UNLISTED = b"https://app.example.net"


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
