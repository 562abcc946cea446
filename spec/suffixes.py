"""Public suffixes: names under which anybody may register, or host, a domain of their own.

The list is that of https://publicsuffix.org/list/, in a table that is read when it is first needed.
"""

from functools import cache
from importlib import resources

Tree = dict[str, "Tree"]


@cache
def _tree() -> Tree:
    """The rules of the list as a tree of labels, read from the right; a node with the key `.` ends a rule."""
    table = resources.files("spec").joinpath("public_suffixes.txt").read_text("ascii")
    root: Tree = {}
    # Lines of comment grow branches that no host has. So does `.`: last labels are suffixes without a rule.
    for line in table.splitlines():
        parent, *labels = line.split()
        node = root
        for label in reversed(parent.split(".")):
            node = node.setdefault(label, {})
        for label in labels:
            node.setdefault(label, {})["."] = {}
    return root


def public_suffix(host: str) -> str:
    """The public suffix of a canonical domain: https://github.com/publicsuffix/list/wiki/Format#algorithm

    The longest rule decides, unless there is an exception. The suffix of a name that no rule matches is its
    last label.
    """
    labels = host.split(".")
    length = 1
    level = [_tree()]
    for count, label in enumerate(reversed(labels), start=1):
        if any(f"!{label}" in node for node in level):
            length = count - 1
            break
        level = [node[name] for node in level for name in (label, "*") if name in node]
        if any("." in node for node in level):
            length = count
    return ".".join(labels[-length:])


def registrable_domain(host: str) -> str | None:
    """The public suffix of a canonical domain and one label more; None for a host that is a public suffix.

    `localhost` counts as registrable: the list does not have it, and names below it are the machine itself.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return "localhost"
    suffix = public_suffix(host)
    if host == suffix:
        return None
    return ".".join(host.split(".")[-suffix.count(".") - 2 :])
