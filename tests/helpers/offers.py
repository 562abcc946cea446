"""What the messages of an error offer, read from their text alone, and the configuration that it makes."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from typing import Any

from impl import Config, CORSConfigError, Problem

ENTRIES = ", and add to allow_origins: "
REGEX = ", and write allow_origin_regex="
SEVERAL = "one string each: "
OUT = "leave it out"


def offers(problem: Problem) -> bool:
    """Whether the text of a problem names a value, or says only to leave something out."""
    text = problem.repair
    return (
        text == f"{OUT}."
        or text.startswith((OUT + ENTRIES, OUT + REGEX, SEVERAL, "'", '"'))
        or _is_argument(text)
    )


def _is_argument(text: str) -> bool:
    return any(text.startswith(f"{each.name}=") for each in fields(Config)) and "=[…]" not in text


def as_offered(config: Config, error: CORSConfigError) -> Config | None:
    """The configuration that follows each message to the letter; None if one of them offers nothing."""
    if not all(map(offers, error.problems)):
        return None
    values: dict[str, Any] = {field.name: getattr(config, field.name) for field in fields(Config)}
    elements: dict[tuple[str, int], list[str]] = {}
    entries: list[str] = []
    changed: set[str] = set()
    for problem in error.problems:
        text, _, added = problem.repair.partition(ENTRIES)
        text, _, regex = text.partition(REGEX)
        changed.add(problem.argument)
        if added:
            entries += ast.literal_eval(f"[{added}]")
        if problem.index is not None:
            listed = "" if text.rstrip(".") == OUT else text.removeprefix(SEVERAL)
            elements[problem.argument, problem.index] = ast.literal_eval(f"[{listed}]")
        elif text.rstrip(".") == OUT:
            values[problem.argument] = None if problem.argument == "allow_origin_regex" else ()
        else:
            name, _, literal = text.partition("=")
            assert name == problem.argument
            values[name] = ast.literal_eval(literal)
        if regex:
            values["allow_origin_regex"] = ast.literal_eval(regex)
    for argument in {argument for argument, _ in elements}:
        values[argument] = [
            new
            for index, old in enumerate(values[argument])
            for new in elements.get((argument, index), [old])
        ]
    if entries:
        values["allow_origins"] = [*values["allow_origins"], *entries]
        changed.add("allow_origins")
    for name in changed:
        if isinstance(values[name], (list, tuple)):
            values[name] = tuple(dict.fromkeys(values[name]))
    return replace(config, **values)
