"""What a regular expression for origins says."""

import re

# A scheme (perhaps `https?`, `http(s)?` or `*`), then what stands in hosts, ports, paths and lists of them.
_GLOB = re.compile(
    r"(?:https\?|http\(s\)\?|[A-Za-z][A-Za-z0-9+.\-]*|\*)?(?:://)?"
    r"(?:[A-Za-z0-9.\-_*:/, ]|\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\])*"
)


def is_glob(text: str) -> bool:
    """Whether this is a glob, in which `*` stands for anything, and no regex: `https://*.example.com`."""
    return "*" in text and ".*" not in text and _GLOB.fullmatch(text) is not None
