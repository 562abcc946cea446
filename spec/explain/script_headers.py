"""Which headers of a request a script has set, and which the browser has added."""

from collections.abc import Iterable

from spec.browser.methods_and_headers import is_forbidden_header

Pairs = tuple[tuple[str, str], ...]

ADDED = frozenset({
    "accept-language", "cache-control", "downlink", "dpr", "ect", "if-modified-since", "if-none-match",
    "pragma", "priority", "rtt", "save-data", "upgrade-insecure-requests", "user-agent", "viewport-width",
    "width",
})  # fmt: skip
"""What browsers add beside the headers that a script cannot set, in lower case: a script could set them, but
few do. (`no-cache` comes from developer tools that are open.)"""


def script_headers(headers: Iterable[tuple[str, str]]) -> Pairs:
    """The headers that the script has set, as far as that can be known."""
    return tuple((name, value) for name, value in headers if not is_added(name, value))


def is_added(name: str, value: str) -> bool:
    """Whether a browser adds this by itself."""
    lower = name.lower()
    if lower.startswith(":") or lower in ADDED or (lower == "accept" and value == "*/*"):
        return True
    return is_forbidden_header(lower.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
