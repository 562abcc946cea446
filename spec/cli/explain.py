"""`verified-cors explain`: what browser and server do for one fetch, step by step.

Exit codes: 0 the script may read the response, 1 it is blocked, 2 usage or configuration error.
"""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from http import HTTPStatus
from pathlib import Path

import click
from rich.console import Console

from spec import RULES, Config, Place, Request, Response, Rule
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, Hop, trace
from spec.browser.methods_and_headers import normalize_method, throws
from spec.cli.beside import package_beside
from spec.cli.terminal import UsageError, loaded, say, shown
from spec.explain import deciding_rules, permitting, steps
from spec.http import is_token
from spec.origin import Kind, canonical
from spec.policy import allowed_methods, any_origin_is_allowed
from spec.rules.judge import errors, name_place, warnings

ENGINES = {engine.name: engine for engine in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)}

# Not as browsers write an origin, so that no page is same-origin with it.
SERVER = "https://server:443"
APP_RESPONSE = Response(200, ((b"content-type", b"text/plain"),))

# What a header is given when only its name is asked about: safelisted where that is possible.
HARMLESS = {
    "accept": "*/*",
    "accept-language": "en",
    "content-language": "en",
    "content-type": "text/plain",
    "range": "bytes=0-",
}


# Reading what is asked


def read_config(path: Path) -> Config:
    """The configuration in a file, which may be one for `check`. Raises UsageError with all that is wrong."""
    found = loaded(path)
    if isinstance(found, dict):
        found = {name: value for name, value in found.items() if name != "target"}  # that is for `check`
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


def read_origin(origin: str) -> str:
    """The origin of a page. Raises UsageError for what is the origin of no page in any browser."""
    verdict = canonical(origin)
    if verdict.kind is Kind.NEVER:
        repair = f"Did you mean {verdict.canonical}?" if verdict.canonical else "One is https://example.com."
        raise UsageError(f"--origin {shown(origin)}: no page has this origin: {verdict.reason}. {repair}")
    return origin


def read_header(text: str) -> tuple[str, str]:
    """A header that a script sets. Raises UsageError when the name cannot be one."""
    name, colon, value = text.partition(":")
    name = name.strip()
    if not is_token(name.encode(errors="replace")):
        raise UsageError(
            f"--header '{shown(text)}': '{shown(name)}' is not a header name. "
            "Write 'X-Token', or 'Content-Type: application/json'."
        )
    return name, value.strip(" \t") if colon else HARMLESS.get(name.lower(), "1")


# Telling the story


def explain(console: Console, config: Config, fetch: Fetch, engine: Engine) -> Hop:
    """Tell what browser and server do, step by step, and what comes of it."""
    respond = package_beside(
        "model"
    ).respond  # here alone: an application under test may have its own `model`
    done = trace(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine)[-1]
    tell_question(console, fetch, engine)
    for step, (headline, reasons, message) in enumerate(steps(done), 1):
        say(console)
        say(console, f"{step}. {headline}", style="bold")
        for reason in reasons:
            say(console, reason, indent=3)
        if message is not None:
            say(console, described(message), indent=6, hang=4)
    say(console)
    tell_verdict(console, done)
    return done


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


def described(message: Request | Response) -> str:
    """A message as it would stand on the wire, without what HTTP itself adds."""
    if isinstance(message, Request):
        first = f"{message.method} {message.path}"
    else:
        first = f"{message.status} {HTTPStatus(message.status).phrase}"
    listed = [f"{shown(name)}: {shown(value)}" for name, value in message.headers]
    body = ["", shown(message.body)] if isinstance(message, Response) and message.body else []
    return "\n".join([first, *listed, *body])


def tell_verdict(console: Console, done: Hop) -> None:
    """Whether the script may read the answer, and the rule that says so."""
    if done.outcome.allowed:
        readable = ", ".join(sorted(done.outcome.readable_headers))
        say(
            console,
            f"ALLOWED: the script can read the response, and of its headers {readable}.",
            style="bold green",
        )
    else:
        say(console, "BLOCKED: the script gets a TypeError and cannot read the response.", style="bold red")
    for rule_id in deciding_rules(done):
        say(console, f"{rule_id}: {RULES[rule_id].sentence}.", indent=2)
        for source in RULES[rule_id].sources:
            say(console, source, indent=4)
    if done.request is not None and not done.outcome.allowed:
        say(console, "The server has got the request all the same, and may have acted on it (C-CHK-10).")


# What would have to change


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


@click.command("explain")
@click.option(
    "--config",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The configuration of the server: a .toml or .json file with the parameters of CORSMiddleware.",
)
@click.option(
    "--origin", required=True, help="The origin of the page, for example https://example.com, or null."
)
@click.option("--method", required=True, help="The method of the request.")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME[: VALUE]",
    help="A header that the script sets; a name alone gets a harmless value. Any number of times.",
)
@click.option("--credentials", is_flag=True, help="Send credentials ('include').")
@click.option(
    "--engine",
    type=click.Choice(sorted(ENGINES)),
    default=STANDARD.name,
    show_default=True,
    help="The browser: the Fetch standard, or an engine with its known deviations.",
)
def explain_command(
    path: Path,
    origin: str,
    method: str,
    headers: Sequence[str],
    credentials: bool,
    engine: str,
) -> None:
    """Show what the browser sends and what the server responds for one fetch, step by step.

    Exits 0 if the script may read the response, 1 if it is blocked, 2 for a usage or configuration error.
    """
    config = read_config(path)
    fetch = Fetch(
        page_origin=read_origin(origin),
        url_origin=SERVER,
        method=method,
        headers=tuple(read_header(header) for header in headers),
    )
    if credentials:
        fetch = replace(fetch, credentials="include")
    for rule, place in warnings(config):
        say(Console(stderr=True), f"Warning: {path}\n{finding(config, rule, place)}\n")
    console = Console()
    done = explain(console, config, fetch, ENGINES[engine])
    if not done.outcome.allowed:
        tell_repair(console, config, done, path.suffix)
        raise SystemExit(1)
