"""What the tests of this folder share."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware, Problem
from tests.asgi import Recorder

ORIGIN = b"https://app.example.com"
STRANGER = b"https://app.example.net"


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
    unwise = [each.message for each in caught if isinstance(each.message, CORSConfigWarning)]
    return [*fatal, *(problem for warning in unwise for problem in warning.problems)]
