"""The configuration of a CORS middleware: the parameters of the documentation page, and its defaults."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import TYPE_CHECKING, Any

LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")


@dataclass(frozen=True)
class Config:
    """What a server is asked to permit.

    It holds whatever it is given, wrong values too: the configuration rules judge them
    (`spec.check_config`). Any iterable is kept as a tuple, but a str or bytes as it is; `max_age` is in
    seconds. An entry of `allow_origins` is an
    origin, a pattern (`https://*.example.com`, `http://localhost:*`: `spec.origin.parse_pattern`) or `*`;
    `allow_origin_regex` is a regular expression, as a string.
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

    if TYPE_CHECKING:

        def __init__(
            self,
            allow_origins: Iterable[str] = (),
            allow_methods: Iterable[str] = ("GET",),
            allow_headers: Iterable[str] = (),
            allow_credentials: bool = False,
            allow_origin_regex: str | None = None,
            allow_private_network: bool = False,
            expose_headers: Iterable[str] = (),
            max_age: int = 600,
        ) -> None: ...

    def __post_init__(self) -> None:
        for name in LISTS:
            object.__setattr__(self, name, _gathered(getattr(self, name)))

    @staticmethod
    def from_mapping(mapping: Mapping[str, Any]) -> "Config":
        """A configuration from plain data, as a configuration file gives it.

        It accepts exactly what `config.schema.json` accepts (and tuples for lists, so that it can read
        `dataclasses.asdict`). Raises one ValueError that names every parameter that is unknown or of the
        wrong type, its value, and what is expected. What the values say is not judged here.
        """
        if problems := _problems(mapping):
            listed = "".join(f"\n  {problem}" for problem in problems)
            raise ValueError(f"the configuration is not valid:{listed}")
        return Config(**{name: _plain(name, value) for name, value in mapping.items()})


def _gathered(value: Any) -> Any:
    """An iterable as a tuple, read once; a single text, and what no list can be made of, as it is."""
    if isinstance(value, (str, bytes)):
        return value
    try:
        elements = iter(value)
    except TypeError:
        return value
    return tuple(elements)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of a configuration: `config.schema.json`."""
    text = resources.files("spec").joinpath("config.schema.json").read_bytes()
    found: dict[str, Any] = json.loads(text)
    return found


_FLAGS = frozenset({"allow_credentials", "allow_private_network"})


def _problems(mapping: object) -> list[str]:
    """Everything that the schema has against this, each in one line."""
    if not isinstance(mapping, Mapping):
        return [f"{mapping!r} is not a mapping of parameters to values"]
    known = [field.name for field in fields(Config)]
    problems = []
    for name, value in mapping.items():
        if name not in known:
            problems.append(f"{name}: unknown parameter (known: {', '.join(known)})")
        elif expected := _expected(name, value):
            problems.append(f"{name}: {value!r} is not {expected}")
    return problems


def _expected(name: str, value: object) -> str:
    """What the schema asks of this parameter, empty when the value is that."""
    if name in LISTS:
        fits = isinstance(value, (list, tuple)) and all(isinstance(element, str) for element in value)
        return "" if fits else f"a list of strings{_as_list(value)}"
    if name in _FLAGS:
        return "" if isinstance(value, bool) else "true or false"
    if name == "max_age":
        return "" if _is_whole(value) else "a whole number of seconds, 0 or more"
    return "" if value is None or isinstance(value, str) else "a string or null"


def _as_list(value: object) -> str:
    """What to write instead of one string; no name or origin has a comma in it."""
    if not isinstance(value, str):
        return ""
    return f"; write {json.dumps([each.strip() for each in value.split(',')])}"


def _is_whole(value: object) -> bool:
    """Whether JSON Schema takes this for an integer, 0 or more: 600.0 is one, true is not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value >= 0 and (isinstance(value, int) or value.is_integer())


def _plain(name: str, value: Any) -> Any:
    """A value that the schema accepts, as a Config holds it."""
    return int(value) if name == "max_age" else value
