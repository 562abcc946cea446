"""What `verified-cors explain --har` tells: the fetches of an export that a page could not read."""

import json
from pathlib import Path

import click
from rich.console import Console

from spec.cli.live import exit_code, tell_fetch, tell_story
from spec.cli.story import NAMES
from spec.cli.terminal import UsageError, say, shown
from spec.explain.har import Export, read
from spec.explain.replay import PERHAPS, Told, fetches
from spec.explain.report import as_data


def loaded_export(path: Path) -> Export:
    """The export in a file. Raises UsageError when it cannot be read as one."""
    try:
        return read(json.loads(path.read_bytes().decode("utf-8-sig")))
    except (OSError, ValueError, RecursionError) as problem:
        raise UsageError(f"{path} cannot be read: {problem}.") from None


def explain_har(path: Path, as_json: bool) -> int:
    """Tell of every fetch that the page could not read; gives the exit code."""
    export = loaded_export(path)
    told = list(fetches(export))
    if as_json:
        found = [{"entry": one.number, "notes": one.notes, **as_data(one.story)} for one in told]
        click.echo(json.dumps({"problems": export.problems, "fetches": found}, indent=2))
    else:
        tell_export(Console(), export, told)
    return exit_code(one.story for one in told)


def tell_export(console: Console, export: Export, told: list[Told]) -> None:
    """The stories, and how many fetches have none."""
    for problem in export.problems:
        say(Console(stderr=True), f"Left out {shown(problem)}.")
    for one in told:
        if one.story.verdict == "allowed":
            continue
        say(console, f"log.entries[{one.number}]", style="bold")
        tell_fetch(console, one.story.hops[0].fetch, one.notes)
        tell_story(console, one.story)
        say(console)
        say(console, "-" * min(console.width, 80))
    counts = dict.fromkeys(("allowed", "blocked", "unknown"), 0)
    for one in told:
        counts[one.story.verdict] += 1
    say(
        console,
        f"Cross-origin fetches in this export: {len(told)}, as {NAMES[export.engine.name]} does them. "
        f"Readable: {counts['allowed']}. Blocked: {counts['blocked']}. Not known, because there is no "
        f"response: {counts['unknown']}.",
    )
    perhaps = [one.number for one in told if PERHAPS in one.notes]
    if perhaps:
        listed = ", ".join(map(str, perhaps))
        say(
            console,
            f"Readable only if the script has not included credentials, which exports do not say: "
            f"log.entries {listed}.",
        )
