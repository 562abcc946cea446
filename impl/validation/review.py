"""What is wrong or risky in a configuration: all of it at once.

Rule ids (A-CFG-…) are explained in the messages and collected in the project's rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from impl.errors import Correction, Problem
from impl.validation import correction, names, origins

if TYPE_CHECKING:
    from impl.config import Config

_LONGEST_MAX_AGE = 86400

_ERRORS = frozenset(f"A-CFG-{number}" for number in (1, 2, 3, 5, 9, 12, 13, 14, 17, 19, 20, 21, 26))


def review(config: Config, overridden: bool = False) -> tuple[list[Problem], list[list[Problem]]]:
    """Judge a configuration: all problems that forbid it, and what is risky, one list for each rule.

    Where a class overrides `is_allowed_origin` (`overridden`), a configuration may allow nobody.
    """
    problems: list[Problem] = []
    advice: dict[str, list[Problem]] = {}
    arguments = [field.name for field in fields(config)]
    for problem in sorted(
        _judge(config, overridden), key=lambda found: (arguments.index(found.argument), found.index or 0)
    ):
        null_is_fatal = problem.rule == "A-CFG-7" and config.allow_credentials is True
        if problem.rule in _ERRORS or null_is_fatal:
            problems.append(problem)
        else:
            advice.setdefault(problem.rule, []).append(problem)
    return correction.settled(config, problems), list(advice.values())


def _judge(config: Config, overridden: bool) -> Iterator[Problem]:
    """Everything that there is to say."""
    nobody_is_listed = isinstance(config.allow_origins, tuple) and not config.allow_origins
    if nobody_is_listed and config.allow_origin_regex is None and not overridden:
        yield Problem(
            "allow_origins",
            None,
            (),
            "A-CFG-27",
            "No origin is allowed: the list is empty, and there is no regex.",
            "the origins that may read responses; is the variable set that they are read from? "
            "A subclass that decides itself defines is_allowed_origin, or sets it before super().__init__().",
        )
    yield from origins.judge_origins(config)
    yield from names.judge_methods(config.allow_methods)
    yield from names.judge_allow_headers(config.allow_headers)
    yield from _judge_switch(
        "allow_credentials", config.allow_credentials, origins.refuse_credentials(config)
    )
    yield from origins.judge_regex(config)
    yield from _judge_switch("allow_private_network", config.allow_private_network)
    yield from names.judge_expose_headers(config.expose_headers, config.allow_credentials is True)
    yield from _judge_max_age(config.max_age)


def _judge_switch(argument: str, value: Any, refuses_true: bool = False) -> Iterator[Problem]:
    if not isinstance(value, bool):
        meant = correction.flag(value)
        certain = meant is not None and not (meant and refuses_true)
        yield Problem(
            argument,
            None,
            value,
            "A-CFG-19",
            "This is not a bool.",
            'False: "*" and "null" in allow_origins go without credentials. For True, name the origins.'
            if meant
            else "True or False.",
            Correction(meant) if certain else None,
        )


def _judge_max_age(value: Any) -> Iterator[Problem]:
    argument, words = "max_age", "whole seconds, for instance 600; 0 for no caching."
    if isinstance(value, bool) or not isinstance(value, int):
        meant = correction.seconds(value)
        reason = "This is not an int."
        instead = None if meant is None else Correction(meant)
        yield Problem(argument, None, value, "A-CFG-17", reason, words, instead)
    elif value < 0:
        yield Problem(argument, None, value, "A-CFG-17", "This is negative.", words)
    elif not _can_be_written(value):
        yield Problem(argument, None, value, "A-CFG-17", "This has too many digits to be written.", words)
    elif value > _LONGEST_MAX_AGE:
        reason = "Browsers do not remember a preflight for longer than a day, Chromium only for two hours."
        yield Problem(argument, None, value, "A-CFG-18", reason, f"at most {_LONGEST_MAX_AGE}.")


def _can_be_written(number: int) -> bool:
    try:
        str(int(number))
    except ValueError:  # Python's limit for the digits of an int
        return False
    return True
