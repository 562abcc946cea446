"""What `verified-cors explain --console` tells: the rules behind the messages of browsers."""

import json
import shlex

import click
from rich.console import Console

from spec.cli.story import NAMES
from spec.cli.terminal import UsageError, say, shown
from spec.explain.console import LOOK, NOTHING, VERSIONS, Recognised, recognised
from spec.rules import RULES


def explain_console(text: str, as_json: bool) -> None:
    """Tell what stands behind each message. Raises UsageError when no message is known."""
    found = recognised(text)
    if not found:
        raise UsageError(
            "--console: no message about CORS of Chromium, Firefox or Safari is in this text. Copy the whole "
            "message from the console, in English."
        )
    if as_json:
        click.echo(json.dumps([as_data(one) for one in found], indent=2))
        return
    console = Console()
    for number, one in enumerate(found):
        if number:
            say(console)
        tell_message(console, one)


def as_data(one: Recognised) -> dict[str, object]:
    """One message."""
    return {
        "engine": one.message.engine,
        "text": one.message.text,
        "rules": one.message.rules,
        "look": look(one),
        "url": one.url,
        "origin": one.origin,
    }


def look(one: Recognised) -> list[str]:
    """What to look at."""
    return [LOOK[rule] for rule in one.message.rules] or [NOTHING]


def tell_message(console: Console, one: Recognised) -> None:
    """The message, its rules, what to look at, and how to ask the server."""
    engine = one.message.engine
    say(console, f"{NAMES[engine]}: {shown(one.message.text)}", style="bold")
    for rule_id in one.message.rules:
        say(console, f"{rule_id}: {RULES[rule_id].sentence}.", indent=2)
        for source in RULES[rule_id].sources:
            say(console, source, indent=4)
    for advice in look(one):
        say(console, advice, indent=2)
    if one.url is not None:
        origin = shlex.quote(one.origin or "https://your-page.example")
        command = f"verified-cors explain {shlex.quote(shown(one.url))} --origin {shown(origin)}"
        say(console, "Ask the server, with the method and the headers of the script:", indent=2)
        console.print(f"    {command}", markup=False, highlight=False, soft_wrap=True)
    say(console, f"(As {VERSIONS[engine]} writes it.)", indent=2)
