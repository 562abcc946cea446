"""`verified-cors check --init`: the file of a policy, from what a server is seen to allow."""

import json
import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

from rich.console import Console

from spec.cli.check_options import URLS, guarded, imported, options
from spec.cli.terminal import UsageError, say, shown
from spec.config import Config
from spec.conformance import NoAnswer, connected, in_process, takes_config
from spec.conformance.observed import Observed, observe
from spec.conformance.stated import mistakes, risks
from spec.conformance.target import Target
from spec.conformance.transports import Transport

ASKED = ("allow_origins", "allow_headers")
"""The parameters of the options that say what to try."""


def write_policy(
    console: Console, server: str, file: Path, target: Target, stated: dict[str, Any], way: dict[str, Any],
    factory: bool,
) -> None:  # fmt: skip
    """Ask the server, write the file, and say what it does not know. Raises UsageError.

    `stated` is what the options say: which origins and headers to try; `way` are options of the transport.
    """
    if file.exists():
        raise UsageError(f"{file} exists already; name another file with --config")
    if file.suffix.lower() != ".toml":
        raise UsageError(f"{file}: --init writes a .toml file")
    if others := {name: value for name, value in stated.items() if name not in ASKED}:
        raise UsageError(f"--init asks the server; leave out {options(others)}")
    if not is_text(target.body):
        raise UsageError("--body: the file that --init writes takes text alone; use --body without --init")
    origins = [origin for origin in stated.get("allow_origins", ()) if origin != "*"]
    if problems := mistakes(Config(allow_origins=origins)):
        raise UsageError("\n".join(["the origins of --allow-origin are not valid", *problems]))
    transport = opened(server, way, factory, Config(allow_origins=origins))
    try:
        seen = observe(transport.send, server, target, origins, stated.get("allow_headers", ()))
    except NoAnswer as problem:
        say(console, f"{server} is out of reach: {problem}", style="bold red")
        raise SystemExit(3) from None
    except ValueError as problem:
        say(console, f"Nothing was written: {problem}", style="bold red")
        raise SystemExit(3) from None
    finally:
        transport.close()
    try:
        file.write_text(written(server, seen, target), encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from None
    say(console, f"{file} says what {server} was seen to allow.")
    for name, why in seen.unsure.items():
        say(console, f"Could not tell {name}: {why}.", hang=4, style="yellow")
    found = Config.from_mapping(seen.parameters)
    judged = [] if "allow_origins" in seen.unsure else [*mistakes(found), *risks(found)]
    for risk in (*seen.risks, *judged):
        say(console, f"Too open? {risk}", hang=4, style="bold yellow")
    probe = "" if (target.method, target.path) == ("GET", "/") else "; --probe is in it"
    say(console, f"Correct the file where it is not what you mean{probe}. Then run:")
    say(console, f"verified-cors check {shlex.quote(server)} --config {shlex.quote(str(file))}", 2)


def is_text(body: bytes) -> bool:
    """Whether a body can be written in a TOML file."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def opened(server: str, way: dict[str, Any], factory: bool, config: Config) -> Transport:
    """The way to the server, or to the application. Raises UsageError."""
    try:
        if server.startswith(URLS):
            return connected(server, **way)
        subject = imported(server)
        if factory:
            make = guarded(subject, server)
            subject = make(config) if takes_config(make) else make()
        return in_process(subject, **way)
    except NoAnswer as problem:
        raise UsageError(f"{server} is out of reach: {problem}") from None
    except ValueError as problem:
        raise UsageError(str(problem)) from None


def written(server: str, seen: Observed, target: Target) -> str:
    """The file, as TOML."""
    lines = [f"# What {shown(server)} was seen to allow. Its mistakes are in it, too: correct them."]
    lines += [f"# Too open? {risk}" for risk in seen.risks]
    for each in fields(Config):
        if each.name in seen.unsure:
            lines += ["", f"# Could not be told: {shown(seen.unsure[each.name])}."]
        if each.name in seen.parameters:
            lines.append(f"{each.name} = {json.dumps(seen.parameters[each.name])}")
        elif each.name in seen.unsure:
            lines.append(f"# {each.name} = {json.dumps(each.default)}")
    lines += ["", "[target]", f"path = {json.dumps(target.path)}"]
    if target.method != "GET":
        lines.append(f"method = {json.dumps(target.method)}")
    if target.body:
        lines.append(f"body = {json.dumps(target.body.decode())}")
    if target.content_type:
        lines.append(f"content_type = {json.dumps(target.content_type)}")
    if seen.lacks:
        lines.append(f"lacks = {json.dumps(seen.lacks)}  # rules that need these are not judged")
    return "\n".join([*lines, ""])
