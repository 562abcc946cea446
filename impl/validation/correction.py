"""From the corrections of problems: the text that offers each, and the corrected configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from impl.errors import Correction, Problem
from impl.validation import repair

if TYPE_CHECKING:
    from impl.config import Config

_REGEX = "allow_origin_regex"
_OUT = "leave it out"


def offered(argument: str, index: int | None, correction: Correction, regex: str | None) -> str:
    """What a message offers; `regex` is what allow_origin_regex becomes."""
    value = correction.value
    if index is not None:
        texts = [repr(each) for each in value]
        here = ("one string each: " if len(texts) > 1 else "") + ", ".join(texts) or _OUT
    elif argument == _REGEX:
        here = _OUT if regex is None else f"{_REGEX}={spelled(regex)}"
    elif not value and correction.regexes:
        here = _OUT
    else:
        here = f"{argument}={spelled(list(value) if isinstance(value, tuple) else value)}"
    if correction.regexes and argument != _REGEX:
        here += f", and write {_REGEX}={spelled(regex)}"
    if correction.origins:
        here += f", and add to allow_origins: {', '.join(map(repr, correction.origins))}"
    return f"{here}." if here == _OUT else here


def spelled(value: object) -> str:
    """A value as people write it: a text with backslashes as a raw string where it can be one."""
    if isinstance(value, str) and "\\" in value and value.isprintable() and not re.search(r"'|\\$", value):
        return f"r'{value}'"
    return repr(value)


def settled(config: Config, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each with a text that offers its correction; where there is none, the text stays."""
    found = list(problems)
    whole = _whole_regex(config, found)
    return [_settled(each, whole) for each in found]


def _settled(found: Problem, regex: str | None) -> Problem:
    correction = found.correction
    if correction is None or (correction.regexes and regex is None):
        return replace(found, correction=None)
    return replace(found, repair=offered(found.argument, found.index, correction, regex))


def _whole_regex(config: Config, problems: list[Problem]) -> str | None:
    """The regex with everything that belongs to it; None where that is not certain, or there is none."""
    value = config.allow_origin_regex
    for each in problems:
        if each.argument == _REGEX:
            if each.correction is None:
                return None
            value = None  # what it means is among what is added
    text = repair.scoped(value) if isinstance(value, re.Pattern) else value
    if text is None and value is not None:
        return None
    first = sorted(problems, key=lambda each: each.argument != _REGEX)
    added = [regex for each in first if each.correction for regex in each.correction.regexes]
    return repair.joined([*([] if text is None else [text]), *added])


def corrected(config: Config, problems: Iterable[Problem]) -> Config | None:
    """The configuration with every correction made; None when a problem has none."""
    found = list(problems)
    corrections = [(each, each.correction) for each in found if each.correction is not None]
    if len(corrections) < len(found):
        return None
    values: dict[str, Any] = {}
    elements: dict[tuple[str, int], tuple[str, ...]] = {}
    for each, correction in corrections:
        if each.index is None:
            values[each.argument] = correction.value
        else:
            elements[each.argument, each.index] = correction.value
    for argument in {argument for argument, _ in elements}:
        old = getattr(config, argument)
        values[argument] = [
            new for index, element in enumerate(old) for new in elements.get((argument, index), (element,))
        ]
    origins = [entry for _, correction in corrections for entry in correction.origins]
    if origins:
        values["allow_origins"] = [*values.get("allow_origins", config.allow_origins), *origins]
    if any(correction.regexes for _, correction in corrections):
        values[_REGEX] = _whole_regex(config, found)
    for argument, value in values.items():
        if isinstance(value, list):
            values[argument] = tuple(dict.fromkeys(value))
    return replace(config, **values)


def flag(value: object) -> bool | None:
    """What a value means where a bool is expected; None when that is not certain."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if value is None:
        return False
    words = {
        "true": True,
        "1": True,
        "yes": True,
        "on": True,
        "false": False,
        "0": False,
        "no": False,
        "off": False,
    }
    return words.get(value.strip().lower()) if isinstance(value, str) else None


def seconds(value: object) -> int | None:
    """What a value means where whole seconds are expected; None when that is not certain."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() and value >= 0 else None
