"""`verified-cors rules`: a table of rules, or all that is known of one."""

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import fields

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spec.browser import Hop
from spec.cli.terminal import UsageError, say, shown
from spec.config import Config
from spec.rules import PREFIXES, RULES, guidance
from spec.rules.judge import describe
from spec.rules.record import Exchange, Level, Rule

SEVERITIES = {
    "lets in": "lets in what should be kept out",
    "keeps out": "keeps out what should be let in",
    "cache": "makes caches go wrong",
    "hygiene": "is a point of hygiene",
}

SOURCE = re.compile(r"\[Source\]\((\S+)\)\.")
"""A link of guidance.md."""


@click.command()
@click.argument("glob", default="*")
def rules_command(glob: str) -> None:
    """List the rules whose ids match GLOB, such as 'C-PF-*': all without it, and one in full."""
    console = Console()
    found = [rule for rule in RULES.values() if any(matches(id, glob) for id in rule.ids)]
    guides = {id: text for id, text in guidance().items() if matches(id, glob)}
    if not found and not guides:
        kinds = ", ".join(f"{prefix}*" for prefix in PREFIXES)
        raise UsageError(f"no rule has an id like '{shown(glob)}'. There are: {kinds}")
    if len(found) + len(guides) == 1:
        for rule in found:
            tell_rule(console, rule)
        for text in guides.values():
            tell_guidance(console, text)
        return
    table = Table("id", "level", "severity", "profile", "title", box=box.SIMPLE_HEAD)
    for rule in found:
        ids = "\n".join(rule.ids)
        row = (ids, rule.level.value, rule.severity.value, rule.profile.value, rule.title)
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    for id, text in guides.items():
        title = text.partition("\n")[0].partition(": ")[2]
        table.add_row(id, "", "", "", Text(f"{title} (not executable)", overflow="fold"))
    console.print(table)
    say(console, f"{len(found) + len(guides)} of {len(RULES) + len(guidance())} rules")
    for prefix, meaning in PREFIXES.items():
        if any(id.startswith(prefix) for rule in found for id in rule.ids):
            say(console, f"{prefix}*: {meaning}", hang=4)


def matches(id: str, glob: str) -> bool:
    """Whether an id is one of those that a pattern as of file names means, in any letter case."""
    return fnmatch.fnmatchcase(id.lower(), glob.lower())


def tell_rule(console: Console, rule: Rule) -> None:
    """All that is known of one rule."""
    binds = f"{rule.level.value}, a breach {SEVERITIES[rule.severity.value]}; profile {rule.profile.value}"
    say(console, f"{rule.id}: {rule.title}", style="bold")
    if rule.aliases:
        say(console, f"also {', '.join(rule.aliases)}")
    say(console, f"{rule.sentence}.", indent=2)
    facts = {
        "binds": binds + consequence(rule),
        "why": rule.why,
        "repair": rule.repair,
        "middleware": rule.middleware and f"{rule.middleware} at construction",
        "needs": ", ".join(rule.needs),
        "path": rule.path and f"judges the {rule.path} of [target] alone",
        "its counterexample also breaks": ", ".join(rule.implies),
    }
    for name, fact in facts.items():
        if fact:
            say(console, f"\n{name}", style="bold")
            say(console, fact, indent=2)
    tell_sources(console, rule.sources)
    if rule.counterexample:
        say(console, "\ncounterexample", style="bold")
        say(console, shown_counterexample(rule), indent=2, hang=2)


def consequence(rule: Rule) -> str:
    """What is to be said of a rule that fails no check."""
    if not rule.binding:
        return "; no check judges by it"
    return "; advice: a violation never fails a check" if rule.level is Level.INFO else ""


def tell_guidance(console: Console, text: str) -> None:
    """A section of guidance.md, as a rule is told."""
    heading, _, body = text.partition("\n")
    sources = SOURCE.findall(body)
    sentence, _, why_not = " ".join(SOURCE.sub("", body).split()).partition(" Not executable: ")
    say(console, heading, style="bold")
    say(console, sentence, indent=2)
    say(console, "\nnot executable", style="bold")
    say(console, why_not[:1].upper() + why_not[1:], indent=2)
    tell_sources(console, sources)


def tell_sources(console: Console, sources: Sequence[str]) -> None:
    """The links of a rule, whole, to be copied."""
    say(console, "\nsources", style="bold")
    for source in sources:
        console.print(f"  {source}", markup=False, highlight=False, soft_wrap=True)


def shown_counterexample(rule: Rule) -> str:
    """What breaks a rule, in a line for each exchange."""
    if isinstance(rule.counterexample, Config):
        return "\n".join(settings(rule.counterexample))
    found = [f"configured: {line}" for line in settings(configuration_of(rule))]
    for each in rule.counterexample or ():
        found += [describe(each)] if isinstance(each, Exchange) else hop_lines(each)
    return "\n".join(found)


def configuration_of(rule: Rule) -> Config:
    """How the server of a counterexample is configured; the default where a browser is judged."""
    given = rule.counterexample if isinstance(rule.counterexample, tuple) else ()
    return next((each.config for each in given if isinstance(each, Exchange)), Config())


def settings(config: Config) -> list[str]:
    """The parameters that are not as by default, in a line each."""
    given = {each.name: getattr(config, each.name) for each in fields(Config)}
    return [f"{name} = {value!r}" for name, value in given.items() if value != getattr(Config(), name)]


def hop_lines(hop: Hop) -> list[str]:
    """What a browser did, in two lines at most: a preflight and a request, each with its response."""
    pairs = (
        (hop.preflight_request, hop.preflight_response),
        (hop.request, hop.response),
    )
    config = Config()
    return [
        describe(Exchange(config, request, response)) for request, response in pairs if request and response
    ]
