"""Registrable domains: which part of a host name somebody has registered, by the Public Suffix List.

The table is read when it is first needed: for a configuration that has an origin pattern or a regex.
"""

from __future__ import annotations

from functools import cache


@cache
def rules() -> frozenset[str]:
    """The rules of the list (https://github.com/publicsuffix/list/wiki/Format): `com`, `*.ck`, `!www.ck`."""
    from importlib import resources  # importing it takes 5 ms, and most configurations need no table

    table = resources.files("impl.validation").joinpath("public_suffixes.txt").read_text("ascii")
    found = []
    for line in table.splitlines():
        if not line.startswith("#"):
            parent, *labels = line.split()
            below = "" if parent == "." else f".{parent}"
            found += [f"{label}{below}" for label in labels]
    return frozenset(found)


def registrable_domain(host: str) -> str | None:
    """The part of a canonical domain that somebody has registered: the public suffix and one label more.

    None for a host that is itself a public suffix. The last label of an unknown name is one.
    `localhost` counts as registrable.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return "localhost"
    known = rules()
    labels = host.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if f"!{name}" in known:  # the suffix is what follows the first label
            return name
        if name in known or ".".join(["*", *labels[start + 1 :]]) in known:
            return ".".join(labels[start - 1 :]) if start else None
    return ".".join(labels[-2:]) if len(labels) > 1 else None


@cache
def _below() -> dict[str, list[str]]:
    """For each name that public suffixes lie below: an example of each."""
    found: dict[str, list[str]] = {}
    for rule in sorted(sorted(rules()), key=len):
        if not rule.startswith("!"):
            suffix = rule.replace("*", "any")
            labels = suffix.split(".")
            for start in range(1, len(labels)):
                found.setdefault(".".join(labels[start:]), []).append(suffix)
    return found


def below(name: str) -> list[str]:
    """Public suffixes below a name, so that not all that ends in the name belongs to one owner."""
    return _below().get(name, [])
