"""What `verified-cors explain --config` tells: the story before our reference server, and what to change."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import click
from rich.console import Console

from spec import Config, Place, Response, Rule
from spec.browser import STANDARD, Engine, Fetch, Hop, trace
from spec.browser.methods_and_headers import normalize_method, throws
from spec.cli.beside import package_beside
from spec.cli.live import exit_code
from spec.cli.story import tell_steps, tell_verdict
from spec.cli.terminal import UsageError, loaded, say
from spec.explain.asking import Story
from spec.explain.report import report
from spec.explain.story import permitting, steps
from spec.policy import allowed_methods, any_origin_is_allowed
from spec.rules.judge import errors, name_place, warnings

APP_RESPONSE = Response(200, ((b"content-type", b"text/plain"),))


def read_config(path: Path) -> Config:
    """The configuration in a file, which may be one for `check`. Raises UsageError with all that is wrong."""
    found = loaded(path)
    if isinstance(found, dict):
        found = {name: value for name, value in found.items() if name != "target"}  # that is for `check`
        if "policy" in found:
            raise UsageError(f"{path}: has several policies; write the one to explain into a file of its own")
    try:
        config = Config.from_mapping(found)
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}") from None
    refused = errors(config)
    if refused:
        listed = "".join(f"\n\n{finding(config, *found)}" for found in refused)
        count = "1 problem" if len(refused) == 1 else f"{len(refused)} problems"
        raise UsageError(f"{path}: a middleware would refuse this configuration, {count}:{listed}")
    return config


def finding(config: Config, rule: Rule, place: Place) -> str:
    """What a configuration rule has found in a place, and what to write there instead."""
    value = getattr(config, place.argument)
    if place.index is not None:
        value = value[place.index]
    details = rule.details(value)
    where = f"{name_place(config, place)}\n    {rule.id}: {rule.sentence}{details and f' ({details})'}."
    suggested = rule.suggests(value)
    return f"  {where}\n    Instead: {rule.repair if suggested is None else f'{suggested}.'}"


def answer_config(path: Path, fetch: Fetch, chosen: Sequence[Engine], as_json: bool) -> int:
    """Tell what happens before a server with this configuration; gives the exit code."""
    config = read_config(path)
    for rule, place in warnings(config):
        say(Console(stderr=True), f"Warning: {path}\n{finding(config, rule, place)}\n")
    stories = [Story(engine, modelled(config, fetch, engine)) for engine in chosen]
    if as_json:
        click.echo(json.dumps({"notes": [], "stories": report(stories)}, indent=2))
        return exit_code(stories)
    console = Console()
    for number, story in enumerate(stories):
        if number:
            say(console)
        tell(console, config, story.hops[-1], path.suffix)
    return exit_code(stories)


def modelled(config: Config, fetch: Fetch, engine: Engine) -> list[Hop]:
    """What happens before the reference server."""
    respond = package_beside("model").respond  # here alone: an application may have its own `model`
    return trace(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine)


def tell(console: Console, config: Config, done: Hop, suffix: str) -> None:
    """Tell what browser and server do, step by step, what comes of it, and what would allow it."""
    tell_question(console, done.fetch, done.engine)
    tell_steps(console, steps(done, is_modelled=True))
    say(console)
    tell_verdict(console, done)
    if not done.outcome.allowed:
        tell_repair(console, config, done, suffix)


def tell_question(console: Console, fetch: Fetch, engine: Engine) -> None:
    """What is asked: which page, which method and headers, which browser."""
    page = "without an origin of its own" if fetch.page_origin == "null" else f"of {fetch.page_origin}"
    credentials = "with credentials" if fetch.credentials == "include" else "without credentials"
    say(console, f"A page {page} fetches from another origin: {fetch.method}, {credentials}.")
    for name, value in fetch.headers:
        say(console, f"It sets the header {name}: {value}")
    browser = (
        "follows the Fetch standard"
        if engine is STANDARD
        else "is " + {"webkit": "WebKit"}.get(engine.name, engine.name.capitalize())
    )
    say(
        console,
        f"The browser {browser}. The application behind the server responds with {APP_RESPONSE.status}.",
    )


def tell_repair(console: Console, config: Config, done: Hop, suffix: str) -> None:
    """What the configuration would have to say for this fetch to be allowed, if that is possible and wise."""
    fetch, engine = done.fetch, done.engine
    say(console)
    if throws(fetch):
        say(console, "No configuration can allow it: the browser itself refuses.")
        return
    better = permitting(config, fetch, engine)
    refused = errors(better)
    if refused:
        say(console, "No configuration can allow it, because this would be an error:")
        for found in refused:
            say(console, finding(better, *found))
        return
    say(console, "To allow it, configure:")
    for field in fields(Config):
        value = getattr(better, field.name)
        if value != getattr(config, field.name):
            say(console, assignment(field.name, value, suffix), indent=6)
    if any_origin_is_allowed(config) and not any_origin_is_allowed(better):
        say(console, "With credentials every origin must be listed: the wildcard matches none (C-WLD-1).")
    for rule, place in warnings(better):
        if (rule, place) not in warnings(config):
            say(console, f"That is risky:\n{finding(better, rule, place)}")
    upper = normalize_method(fetch.method).upper()
    if upper != normalize_method(fetch.method) and upper in allowed_methods(config):
        say(
            console,
            f"Or use {upper} in the script: methods are case-sensitive, and the browser does not change "
            "this one (C-MTH-1).",
        )


def assignment(name: str, value: object, suffix: str) -> str:
    """A parameter as the configuration file would give it."""
    written = json.dumps(value)
    return f'"{name}": {written}' if suffix.lower() == ".json" else f"{name} = {written}"
