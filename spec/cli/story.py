"""Telling the story of one hop on a terminal: its steps, and what comes of it."""

from collections.abc import Collection, Iterable
from http import HTTPStatus

from rich.console import Console

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Hop
from spec.cli.terminal import say, shown
from spec.explain.story import Step, deciding_rules
from spec.http import Request, Response, is_ok_status
from spec.rules import RULES

ENGINES = {engine.name: engine for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)}
SHOWN_OF_BODY = 200  # bytes
NAMES = {
    "standard": "the Fetch standard",
    "chromium": "Chromium",
    "firefox": "Firefox",
    "webkit": "WebKit (Safari)",
}


def tell_steps(
    console: Console, told: Iterable[Step], first: int = 1, shows: Collection[str] | None = None
) -> int:
    """Steps, numbered from `first`; gives the number of the next one. `shows` as of `described`."""
    for headline, reasons, message in told:
        say(console)
        say(console, f"{first}. {headline}", style="bold")
        for reason in reasons:
            say(console, reason, indent=3)
        if message is not None:
            say(console, described(message, shows), indent=6, hang=4)
        first += 1
    return first


def described(message: Request | Response, shows: Collection[str] | None) -> str:
    """A message as it would stand on the wire, without what HTTP itself adds.

    `shows` names the headers of a response that are shown, in lower case; None shows all, and the body. With
    `shows` only the beginning of a body is shown, where the status is not one of success.
    """
    if isinstance(message, Request):
        lines = [f"{message.method} {shown(message.path)}"]
        return "\n".join(lines + [f"{shown(name)}: {shown(value)}" for name, value in message.headers])
    lines = [f"{message.status} {phrase(message.status)}".rstrip()]
    left = 0
    for name, value in message.headers:
        if shows is None or shown(name).lower() in shows:
            lines.append(f"{shown(name)}: {shown(value)}")
        else:
            left += 1
    if left:
        lines.append(f"(and {left} other header{'s' if left > 1 else ''})")
    if message.body and (shows is None or not is_ok_status(message.status)):
        is_long = shows is not None and len(message.body) > SHOWN_OF_BODY
        body = message.body[:SHOWN_OF_BODY] if is_long else message.body
        lines += ["", shown(body) + (" ..." if is_long else "")]
    return "\n".join(lines)


def phrase(status: int) -> str:
    """The usual words for a status; none where there are none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def tell_verdict(console: Console, done: Hop) -> None:
    """Whether the script may read the answer, and the rule that says so."""
    if done.outcome.allowed:
        readable = ", ".join(sorted(done.outcome.readable_headers))
        headers = f"and of its headers {shown(readable)}" if readable else "and none of its headers"
        say(console, f"ALLOWED: the script can read the response, {headers}.", style="bold green")
    else:
        say(console, "BLOCKED: the script gets a TypeError and cannot read the response.", style="bold red")
    if done.outcome.reason == "same-origin":
        say(console, "Page and URL have the same origin: CORS does not apply.", indent=2)
        return
    for rule_id in deciding_rules(done):
        say(console, f"{rule_id}: {RULES[rule_id].sentence}.", indent=2)
        for source in RULES[rule_id].sources:
            say(console, source, indent=4)
    if done.request is not None and not done.outcome.allowed:
        say(console, "The server has got the request all the same, and may have acted on it (C-CHK-10).")
