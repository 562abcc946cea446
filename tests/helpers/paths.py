"""Paths that applications read differently, and how they read them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import unquote

from tests.helpers.asgi import Lines, Scope, http_scope

# Segments as they are sent.
PLAIN = ("public", "admin", "publications")
TRICKY = (
    "", ".", "..", "%2F", "public%2Fadmin", "public%2f..%2fadmin", "%2e%2e", "%2E", "public%5Cadmin",
    "..%5cadmin", "%252e%252e", "public%252Fadmin", "%70ublic", "Public", "public;x", "%", "a?public",
)  # fmt: skip


def paths(words: tuple[str, ...], longest: int) -> Iterator[str]:
    """All paths of at most so many of these segments, with a slash at the start or without."""
    for length in range(longest + 1):
        for segments in product(words, repeat=length):
            path = "/".join(segments)
            yield path
            yield f"/{path}"


def sent_to(
    path: str,
    method: str = "GET",
    headers: Lines = (),
    *,
    root_path: str = "",
    mounted: str = "",
    **extra: Any,
) -> Scope:
    """The scope that a server makes of a path: decoded, and raw; `root_path` is in front of both.

    What the app is mounted at is part of the path, too, and of `root_path` after it.
    """
    raw = root_path + mounted + path.partition("?")[0]
    more = {"raw_path": raw.encode(), "root_path": root_path + mounted, **extra}
    return http_scope(method, headers, unquote(raw), **more)


def readings(path: str) -> Iterator[tuple[str, ...]]:
    """The segments of a path as applications may read it: each combination of what some do, and some do not.

    They read it decoded, raw segment by raw segment, or decode it twice; a backslash separates, or does not;
    empty segments stay or go, and `.` and `..` stay or are resolved, before or after that.
    """
    raw = path.partition("?")[0]
    once = unquote(raw)
    sources = [once.split("/"), unquote(once).split("/"), [unquote(each) for each in raw.split("/")]]
    sources += [unquote("/".join(source)).replace("\\", "/").split("/") for source in sources]
    sources += [once.replace("\\", "/").split("/")]
    for source in sources:
        segments = source[1:] if source[0] == "" else source
        yield tuple(segments)
        yield tuple(without_empty(segments))
        yield tuple(resolved(segments))
        yield tuple(resolved(without_empty(segments)))
        yield tuple(without_empty(resolved(segments)))


def without_empty(segments: list[str]) -> list[str]:
    """Slashes in a row as one."""
    return [segment for segment in segments if segment]


def resolved(segments: list[str]) -> list[str]:
    """Without `.` and `..`: https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4"""
    found: list[str] = []
    for segment in segments:
        if segment == "..":
            del found[-1:]
        elif segment != ".":
            found.append(segment)
    return found
