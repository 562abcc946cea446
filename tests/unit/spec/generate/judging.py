"""What the tests of the strategies share.

What a configuration allows is decided here by other means than the strategies use, so that a near miss that
is allowed after all does not go unnoticed.
"""

import re

from spec.config import Config
from spec.http import Request, is_token
from tests.unit.spec.test_origin_patterns import is_meant

VALUE = re.compile(rb"[^\x00-\x08\x0a-\x1f\x7f]*")


def is_member(config: Config, origin: bytes) -> bool:
    """Whether the configuration allows this origin, written down a second time."""
    text = origin.decode("latin-1")
    if "*" in config.allow_origins:
        return True
    if any(is_meant(entry, origin) if "*" in entry else text == entry for entry in config.allow_origins):
        return True
    if config.allow_origin_regex is None or len(text) > 512 or not text.isascii():
        return False
    scheme, separator, rest = text.partition("://")
    if not separator or not rest or not re.compile(r"\A[a-z][a-z0-9+.-]*\Z").match(scheme):
        return False
    if any(
        character in "/?#@\\," or character.isspace() or not character.isprintable() for character in rest
    ):
        return False
    return re.compile(rf"\A(?:{_flags_first(config.allow_origin_regex)})\Z").match(text) is not None


def _flags_first(pattern: str) -> str:
    """A pattern that can stand in a group: global flags become flags of a group."""
    found = re.match(r"\(\?([a-z]+)\)", pattern)
    return f"(?{found[1]}:{pattern[found.end() :]})" if found else pattern


def is_asgi_valid(request: Request) -> bool:
    """What ASGI promises of a request: lower-case header names that are tokens, and a method that is one."""
    names_are_lower = all(name == name.lower() and is_token(name) for name, _ in request.headers)
    return names_are_lower and bool(request.method) and request.path != ""
