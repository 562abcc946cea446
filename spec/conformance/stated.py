"""A policy as it is stated: by any object with the parameters of a Config, or by some parameters alone."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Protocol

from spec.config import Config
from spec.conformance.transports.transport import ASKED
from spec.http import Headers, is_token
from spec.rules.judge import errors, name_place, warnings
from spec.rules.record import Place, Rule

PASSED_OVER = frozenset(
    {"allow_methods", "allow_headers", "expose_headers", "max_age", "allow_private_network"}
)
"""Parameters whose rules are not judged where only some parameters are stated, and these are not."""

FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x", re.ASCII: "a"}


class Policy(Protocol):
    """What has the parameters of a Config: `spec.Config`, and `impl.Config`, whose regex may be compiled."""

    @property
    def allow_origins(self) -> Iterable[str]:
        """Origins, patterns or `*`."""

    @property
    def allow_methods(self) -> Iterable[str]:
        """Methods or `*`."""

    @property
    def allow_headers(self) -> Iterable[str]:
        """Request headers or `*`."""

    @property
    def allow_credentials(self) -> bool:
        """Whether responses are shared with credentials."""

    @property
    def allow_origin_regex(self) -> str | re.Pattern[str] | None:
        """A regular expression of origins."""

    @property
    def allow_private_network(self) -> bool:
        """Whether preflights from public networks are allowed."""

    @property
    def expose_headers(self) -> Iterable[str]:
        """Response headers that scripts may read."""

    @property
    def max_age(self) -> int:
        """In seconds."""


def as_config(policy: Policy) -> Config:
    """The policy as a `spec.Config`. Raises ValueError for what does not have its parameters."""
    if isinstance(policy, Config):
        return policy
    names = [field.name for field in fields(Config)]
    missing = [name for name in names if not hasattr(policy, name)]
    if missing:
        raise ValueError(
            f"config: {policy!r} has no {missing[0]}; give a spec.Config or an impl.Config, or parameters "
            'such as allow_origins=["https://app.example"]'
        )
    found = {name: getattr(policy, name) for name in names}
    return Config(**{**found, "allow_origin_regex": written(found["allow_origin_regex"])})


def written(regex: "str | re.Pattern[str] | None") -> str | None:
    """A regular expression as a string; the flags that it was compiled with are in front of it."""
    if not isinstance(regex, re.Pattern):
        return regex
    flags = "".join(letter for flag, letter in FLAGS.items() if regex.flags & flag)
    return f"(?{flags}){regex.pattern}" if flags else regex.pattern


def unstated(stated: Collection[str]) -> frozenset[str]:
    """The parameters that are not judged when only these are stated."""
    return PASSED_OVER.difference(stated)


def as_headers(given: Mapping[str, str]) -> Headers:
    """Headers by name. Raises ValueError for what cannot be sent as one."""
    for name, value in given.items():
        if is_of_the_run(name):
            raise ValueError(f"headers: {name!r} is a header that the run itself sends; leave it out")
        if not is_header(name, value):
            raise ValueError(f"headers: {name!r}: {value!r} is no header; write for instance {{'X-A': 'b'}}")
    return tuple((name.encode(), value.strip(" \t").encode()) for name, value in given.items())


def is_header(name: str, value: str) -> bool:
    """Whether this is a header: https://www.rfc-editor.org/rfc/rfc9110#section-5.5"""
    return is_token(name.encode()) and not any(letter in value for letter in "\r\n\0")


def is_of_the_run(name: str) -> bool:
    """Whether a run sends this header itself, with the values that its rules are about."""
    return name.encode(errors="replace").lower() in (*ASKED, b"content-length")


def mistakes(config: Config) -> list[str]:
    """What is wrong with a configuration by the configuration rules, each with what to write instead."""
    return [told(config, rule, place) for rule, place in errors(config)]


def risks(config: Config) -> list[str]:
    """What the configuration rules warn of, each with what to write instead."""
    return [told(config, rule, place) for rule, place in warnings(config)]


def told(config: Config, rule: Rule, place: Place) -> str:
    """One of them, in a line."""
    value = getattr(config, place.argument)
    found = value if place.index is None else value[place.index]
    why = rule.details(found) or rule.why
    repair = f"Write {rule.suggests(found)}." if rule.suggests(found) else rule.repair
    return f"{name_place(config, place)} ({rule.id}). {why[0].upper()}{why[1:].removesuffix('.')}. {repair}"
