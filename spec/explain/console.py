"""What browsers write to their consoles when they block a response, and the rules that stand behind it.

The texts are in `console.json`, with the versions that they were read off. A page made Chromium and Firefox
write most of theirs; the others, and all of WebKit's, were read in the programs.
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

DATA: dict[str, Any] = json.loads(Path(__file__).with_name("console.json").read_text())

VERSIONS: dict[str, str] = DATA["versions"]
"""The versions that the texts of each engine are of."""

LOOK: dict[str, str] = DATA["look"]
"""What to look at when a rule stands behind a message."""

NOTHING: str = DATA["nothing"]
"""What to look at when no rule does."""


class Message(NamedTuple):
    """One text of an engine; `...` stands for what differs. Without a rule it says only that it failed."""

    engine: str
    text: str
    rules: tuple[str, ...]


class Recognised(NamedTuple):
    """A message that was found, with the URL and the origin of the page where the text has them."""

    message: Message
    url: str | None
    origin: str | None


MESSAGES = tuple(
    Message(engine, message["text"], tuple(message["rules"]))
    for engine, messages in DATA["messages"].items()
    for message in messages
)
"""All texts. Of two that both fit, the first is meant."""

_PREFLIGHT = "Response to preflight request doesn't pass access control check:"
_OWN_RULE = ("C-PF-6", "C-PF-13")
"""The rules of preflights that Chromium writes after this beginning; others are of the CORS check there."""

_QUOTES = str.maketrans(dict.fromkeys("'\"`\u2018\u2019\u201c\u201d"))
"""Left out wherever they are: a shell takes some of them away when a message is pasted into a command."""
_ANY = "(?:(?!has been blocked by|Cross-Origin Request).)*?"
"""Any text of the same message."""
_CHROMIUM_WHERE = re.compile(
    r"Access to \S+(?: \S+)? at (?P<url>\S*) (?:\(redirected from (?P<first>\S*)\) )?"
    r"from origin (?P<origin>\S*) has been blocked by CORS policy: \Z"
)
_FIREFOX_WHERE = re.compile(r"reading the remote resource at (?P<url>\S+?)(?:\.| soon\.) \Z")


def recognised(text: str) -> list[Recognised]:
    """The messages in what was copied from a console, in the order of the text, each once.

    Those that only say that something has failed are left out where another says why.
    """
    cleaned = _cleaned(text)
    found: dict[tuple[int, int], Message] = {}
    for message in MESSAGES:
        for match in _pattern(message).finditer(cleaned):
            if not any(start < match.end() and match.start() < end for start, end in found):
                found[match.span()] = message
    placed = [_with_place(found[span], cleaned[: span[0]]) for span in sorted(found)]
    explained = {one.url for one in placed if one.message.rules}
    return list(dict.fromkeys(one for one in placed if one.message.rules or one.url not in explained))


def _cleaned(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())


def _pattern(message: Message) -> re.Pattern[str]:
    """The text, in which `...` is any text, also an empty one without the space before it."""
    written = re.escape(_cleaned(message.text)).replace(re.escape("..."), _ANY)
    return re.compile(written.replace(rf"\ {_ANY}\ ", rf"(?:\ {_ANY})?\ "))


def _with_place(message: Message, before: str) -> Recognised:
    """The message with what stands before it: the URL, the origin, and that it is about a preflight."""
    if message.engine == "firefox":
        where = _FIREFOX_WHERE.search(before)
        return Recognised(message, where["url"] if where else None, None)
    about_preflight = _cleaned(_PREFLIGHT) + " "
    if before.endswith(about_preflight):
        before = before.removesuffix(about_preflight)
        if message.rules[0] not in _OWN_RULE:
            message = message._replace(rules=("C-PF-7", *message.rules))
    where = _CHROMIUM_WHERE.search(before)
    return (
        Recognised(message, where["first"] or where["url"], where["origin"])
        if where
        else Recognised(message, None, None)
    )
