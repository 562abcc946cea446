"""The configuration of a CORS middleware: the parameters of the documentation page, and its defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Config:
    """What a server is asked to permit.

    It holds whatever it is given, wrong values too: the configuration rules judge them
    (`spec.check_config`). Lists are tuples, the regular expression is a string, `max_age` is in seconds.
    Parameters and defaults: https://fastapi.tiangolo.com/tutorial/cors/#use-corsmiddleware
    """

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ("GET",)
    allow_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    allow_origin_regex: str | None = None
    allow_private_network: bool = False
    expose_headers: tuple[str, ...] = ()
    max_age: int = 600

    @staticmethod
    def from_mapping(mapping: Mapping[str, Any]) -> "Config":
        """A configuration from plain data, as a configuration file gives it.

        It accepts exactly what `config.schema.json` accepts. Raises ValueError that names every
        parameter that is unknown or of the wrong type, its value, and what is expected.
        """
        known = {field.name for field in fields(Config)}
        problems = [
            f"{name}: unknown parameter (known: {', '.join(sorted(known))})"
            for name in mapping
            if name not in known
        ]
        for name, value in mapping.items():
            if name in known and (expected := _expected(name, value)):
                problems.append(f"{name}: {value!r} is not {expected}")
        if problems:
            raise ValueError("the configuration is not valid:\n" + "\n".join(f"  {line}" for line in problems))
        return Config(**{name: tuple(value) if name in _LISTS else value for name, value in mapping.items()})


_LISTS = frozenset({"allow_origins", "allow_methods", "allow_headers", "expose_headers"})
_FLAGS = frozenset({"allow_credentials", "allow_private_network"})


def _expected(name: str, value: object) -> str:
    """What the schema asks of this parameter, empty when the value is that."""
    if name in _LISTS:
        fits = isinstance(value, (list, tuple)) and all(isinstance(element, str) for element in value)
        return "" if fits else "a list of strings"
    if name in _FLAGS:
        return "" if isinstance(value, bool) else "true or false"
    if name == "max_age":
        fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return "" if fits else "a whole number of seconds, 0 or more"
    return "" if value is None or isinstance(value, str) else "a string or null"
