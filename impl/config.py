"""The configuration, and how its arguments are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict


class Arguments(TypedDict, total=False):
    """The arguments of CORSMiddleware as they are given, for those who check types."""

    allow_origins: Iterable[str]
    allow_methods: Iterable[str]
    allow_headers: Iterable[str]
    allow_credentials: bool
    allow_origin_regex: str | re.Pattern[str] | None
    allow_private_network: bool
    expose_headers: Iterable[str]
    max_age: int


@dataclass(frozen=True)
class Config:
    """The arguments of CORSMiddleware as it keeps them: lists as tuples, the regex as it was given.

    The meaning of each is told at CORSMiddleware. A regex equals the same one compiled without flags.
    """

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ("GET",)
    allow_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    allow_origin_regex: str | re.Pattern[str] | None = None
    allow_private_network: bool = False
    expose_headers: tuple[str, ...] = ()
    max_age: int = 600

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Config) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return tuple(
            _compiled_if_possible(value) if name == "allow_origin_regex" else value
            for name, value in vars(self).items()
        )


def _compiled_if_possible(value: object) -> object:
    if not isinstance(value, str):
        return value
    from impl.validation.regex import NOT_COMPILED, compiled

    try:
        return compiled(value)
    except NOT_COMPILED:
        return value


def gather(argument: Any) -> Any:
    """An iterable as a tuple, read once; what no list can be made of, as it is, for `review` to refuse."""
    if isinstance(argument, (str, bytes)):
        return argument
    try:
        elements = iter(argument)
    except TypeError:
        return argument
    return tuple(elements)
