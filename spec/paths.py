"""Which policy a path has, where a server has one for each prefix.

A prefix is `/`, or begins with a slash, ends without one, and is of whole segments of a decoded path.
"""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import TypeVar
from urllib.parse import unquote

Policy = TypeVar("Policy")
Segments = tuple[str, ...]

# What separates segments, or may: for some applications.
_SEPARATOR = re.compile(r"[/\\]")


def policy_of(policies: Mapping[str, Policy], path: str) -> Policy | None:
    """The policy of the longest prefix that fits a path as it was sent, or None.

    A path is read up to its first segment that applications read differently. If a longer prefix could
    follow there, no policy is certain, and None is the strictest.
    """
    by_segments = {segments_of(prefix): policy for prefix, policy in policies.items()}
    certain, is_all = certain_segments(path)
    if not is_all and any(prefix[: len(certain)] == certain != prefix for prefix in by_segments):
        return None
    fitting = [prefix for prefix in by_segments if prefix == certain[: len(prefix)]]
    # Of those that begin alike, the longest is the greatest.
    return by_segments[max(fitting)] if fitting else None


def segments_of(prefix: str) -> Segments:
    """The segments of a prefix: none of `/`."""
    return tuple(prefix.split("/")[1:]) if prefix != "/" else ()


def certain_segments(path: str) -> tuple[Segments, bool]:
    """The first segments of a path, decoded, as every application reads them, and whether these are all.

    There are none where `..` could climb over them, or the path begins without a slash.
    """
    first, *sent = path.partition("?")[0].split("/")
    if sent[-1:] == [""]:  # a slash at the end
        sent.pop()
    decoded = [unquote(segment) for segment in sent]
    if first or any(".." in _SEPARATOR.split(unquote(segment)) for segment in decoded):
        return (), False
    certain = tuple(takewhile(is_read_alike, decoded))
    return certain, certain == tuple(decoded)


def is_read_alike(segment: str) -> bool:
    """Whether no application takes a decoded segment for none, for several, or for encoded once more."""
    return segment not in ("", ".", "..") and not set(segment) & set("/\\%")


def is_prefix(text: str) -> bool:
    """Whether a text is a prefix that paths can have.

    `*`, `{` and `}` stand for themselves in no prefix, and no prefix is meant to end with white space.
    """
    return (
        text[:1] == "/"
        and text == text.rstrip()
        and all(is_read_alike(segment) and not set(segment) & set("?#*{}") for segment in segments_of(text))
    )
