"""From the corrections of problems: the text that offers each, and the corrected configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from impl import repair
from impl.errors import Correction, Problem

if TYPE_CHECKING:
    from impl.config import Config


def problem(
    argument: str,
    index: int | None,
    value: object,
    rule: str,
    reason: str,
    words: str,
    correction: Correction | None,
) -> Problem:
    """A problem that offers its correction; where there is none, it says in words what to do."""
    text = words if correction is None else offered(argument, index, correction)
    return Problem(argument, index, value, rule, reason, text, correction)


def offered(argument: str, index: int | None, correction: Correction, regex: str | None = None) -> str:
    """What a message offers; `regex` is what allow_origin_regex becomes."""
    value = correction.value
    if index is not None:
        texts = [repr(each) for each in value]
        here = ("one string each: " if len(texts) > 1 else "") + ", ".join(texts) or "leave it out"
    elif value is None or (value == () and correction.regexes):
        here = "leave it out"
    else:
        here = f"{argument}={_literal(list(value) if isinstance(value, tuple) else value)}"
    if regex is not None:
        here += f", and write allow_origin_regex={_literal(regex)}"
    if correction.origins:
        here += f", and add to allow_origins: {', '.join(map(repr, correction.origins))}"
    return f"{here}." if here == "leave it out" else here


def _literal(value: object) -> str:
    """A value as people write it: a regex as a raw string where it can be one."""
    if isinstance(value, str) and "\\" in value and value.isprintable() and not re.search(r"'|\\$", value):
        return f"r'{value}'"
    return repr(value)


def settled(config: Config, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, where those that move something to allow_origin_regex offer the whole of it."""
    found = list(problems)
    whole = _whole_regex(config, found)
    return [_settled(each, whole) for each in found]


def _settled(found: Problem, regex: str | None) -> Problem:
    correction = found.correction
    if correction is None or not correction.regexes:
        return found
    if regex is None:
        return replace(found, repair="an allow_origin_regex that covers it, too.", correction=None)
    return replace(found, repair=offered(found.argument, found.index, correction, regex))


def _whole_regex(config: Config, problems: list[Problem]) -> str | None:
    """The regex with everything that belongs to it; None where that is not certain, or there is none."""
    value = config.allow_origin_regex
    for each in problems:
        if each.argument == "allow_origin_regex":
            if each.correction is None:
                return None
            value = each.correction.value
    text = repair.scoped(value) if isinstance(value, re.Pattern) else value
    if text is None and value is not None:
        return None
    added = [regex for each in problems if each.correction for regex in each.correction.regexes]
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
        values["allow_origin_regex"] = _whole_regex(config, found)
    for argument, value in values.items():
        if isinstance(value, (list, tuple)):
            values[argument] = tuple(dict.fromkeys(value))
    return replace(config, **values)


def flag(value: object) -> bool | None:
    """What a value means where a bool is expected; None when that is not certain."""
    if isinstance(value, (bool, int)) and value in (0, 1):
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
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value, re.ASCII):
        return int(value)
    if isinstance(value, float) and value.is_integer() and value >= 0:
        return int(value)
    return None
