"""What the commands share: text on a terminal, files of settings, and saying what is wrong with them."""

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def shown(value: bytes | str) -> str:
    """A text as it can be printed anywhere: what is not printable ASCII is escaped."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text if text.isascii() and text.isprintable() else ascii(text)[1:-1]


def wrapped(text: str, width: int, indent: int = 0, hang: int = 0) -> str:
    """Paragraphs, one a line, broken between words, indented as they are; `hang` is for their later lines."""
    found = []
    for line in text.split("\n"):
        words = line.lstrip(" ")
        margin = " " * (indent + len(line) - len(words))
        found += textwrap.wrap(
            shown(words),
            width,
            initial_indent=margin,
            subsequent_indent=margin + " " * hang,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(found)


def say(console: Console, text: str = "", indent: int = 0, hang: int = 0, style: str | None = None) -> None:
    """Print paragraphs, as wide as the console."""
    console.print(Text(wrapped(text, console.width, indent, hang)), style=style)


class UsageError(click.ClickException):
    """A usage or configuration error: the command ends with exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        """What is wrong, as wide as the terminal."""
        return wrapped(self.message, Console().width - len("Error: "))


def json_loads(text: str) -> Any:
    """What a JSON text says. Raises ValueError for a name that an object has twice."""
    return json.loads(text, object_pairs_hook=_with_names_once)


def _with_names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} is given twice; keep one of them")
        found[name] = value
    return found


def loaded(path: Path) -> Any:
    """What is in a .toml or .json file. Raises UsageError, which names the file, when it cannot be read."""
    load: Any = {".toml": tomllib.loads, ".json": json_loads}.get(path.suffix.lower())
    if load is None:
        raise UsageError(f"{path}: this is neither .toml nor .json, and nothing else can be read")
    try:
        return load(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise UsageError(f"{path} cannot be read as {path.suffix[1:].upper()}: {problem}") from None
