"""`verified-cors check`: its options, and what is shown while it runs.

Exit codes: 0 it conforms, 1 it does not, 2 usage or configuration error, or nothing was selected, 3 the
target cannot be reached, the positive control failed or the run ended early, 130 it was interrupted.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from spec.cli.check_options import (
    URLS,
    address_of,
    asked,
    guarded,
    imported,
    judge,
    probed,
    read_context,
    read_expected,
    read_headers,
    read_policy,
    writable,
    write,
)
from spec.cli.check_report import conclusion, tell, tree
from spec.cli.init import write_policy
from spec.cli.progress import Shown
from spec.cli.terminal import UsageError, say, shown
from spec.conformance import DRAWN, Interrupted, check_app, check_factory, check_url, render, takes_config
from spec.conformance.asking import PATIENCE
from spec.conformance.by_path import of_prefix
from spec.conformance.findings import findings
from spec.conformance.report import Report
from spec.conformance.run import selected
from spec.conformance.stated import risks
from spec.conformance.target import Target
from spec.conformance.transports import Extra, NoAnswer
from spec.rules.record import Profile

LOCAL = "http://127.0.0.1:8000"
QUICK = 100
"""How many requests `--quick` sends at most for each policy."""


@click.command()
@click.argument("target")
@click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What the server is meant to do: a .toml or .json file with the parameters of CORSMiddleware, or "
    "tables [[policy]] with a path each, and [target] for facts about the server.",
)
@click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    metavar="ORIGIN",
    help="Instead of a file: an origin, a pattern or '*' that the server allows. Repeatable.",
)
@click.option("--allow-origin-regex", metavar="REGEX", help="A regular expression of allowed origins.")
@click.option("--allow-credentials", is_flag=True, help="The server shares responses with credentials.")
@click.option("--allow-method", "allow_methods", multiple=True, metavar="METHOD", help="Repeatable.")
@click.option("--allow-header", "allow_headers", multiple=True, metavar="NAME", help="Repeatable.")
@click.option("--expose-header", "expose_headers", multiple=True, metavar="NAME", help="Repeatable.")
@click.option("--max-age", type=int, metavar="SECONDS", help="What is not stated is not judged.")
@click.option(
    "--init",
    is_flag=True,
    help="Write the file of --config (cors.toml) from what the server is seen to allow, and stop.",
)
@click.option(
    "--probe",
    metavar="'METHOD PATH'",
    help="What is requested, instead of GET of the URL: 'POST /graphql'. It is really sent, many times.",
)
@click.option(
    "--body", type=click.Path(dir_okay=False, path_type=Path), help="A file with the body of --probe."
)
@click.option(
    "--factory",
    is_flag=True,
    help="TARGET is module:function, which makes the application; it is called with a spec.Config, or "
    "without arguments if it needs none.",
)
@click.option(
    "--interface",
    type=click.Choice(["auto", "asgi", "wsgi"]),
    default="auto",
    show_default=True,
    help="How the application is called.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice([profile.value for profile in Profile]),
    help="Check this profile instead of those in the file. Repeatable.",
)
@click.option(
    "--rules",
    "globs",
    multiple=True,
    metavar="GLOB",
    help="Check only these rules, such as 'SEC-*'. Repeatable.",
)
@click.option("--list", "list_only", is_flag=True, help="List the rules that would be checked, and stop.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random requests.")
@click.option(
    "--max-examples",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="How many random requests are tried.",
)
@click.option(
    "--quick", is_flag=True, help=f"Send at most {QUICK} requests for each policy, the most telling ones."
)
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=PATIENCE,
    show_default=True,
    help="End the run after so many requests without a response.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Rules of level SHOULD fail the run, too, and what is not reachable from a browser.",
)
@click.option(
    "--expect",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the rules that the server is known to violate.",
)
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Sent with every request but preflights, to which browsers add nothing. Host replaces the server's "
    "own, on preflights too. Repeatable.",
)
@click.option(
    "--preflight-header",
    "preflight_headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Sent with preflights, as for a gateway that no browser could pass. Repeatable.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds to wait for a response.",
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Requests per second, at most.")
@click.option(
    "--cacert",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the certificates to trust, as PEM.",
)
@click.option("--insecure", is_flag=True, help="Trust any certificate.")
@click.option("--allow-remote", is_flag=True, help="The server may be on another machine.")
@click.option(
    "--json", "as_json", type=click.Path(dir_okay=False, path_type=Path), help="Write a JSON report."
)
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit XML report.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a report as a web page.")
@click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), help="Write a report as Markdown."
)
def check_command(
    target: str, path: Path | None, init: bool, probe: str | None, body: Path | None, factory: bool,
    interface: str, profiles: Sequence[str], globs: Sequence[str], list_only: bool, seed: int,
    max_examples: int, quick: bool, patience: int, strict: bool, expect: Path | None,
    headers: Sequence[str], preflight_headers: Sequence[str], timeout: float, rate: float | None,
    cacert: Path | None, insecure: bool, allow_remote: bool, as_json: Path | None, junit: Path | None,
    html: Path | None, markdown: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Check a running implementation of CORS.

    TARGET is a URL, unix:FILE for a Unix socket, or module:app for an ASGI or WSGI application. Say with
    --config or --allow-origin what it allows. Sends only safe methods, GET, HEAD and OPTIONS, unless --probe
    names another. Does not follow redirects.

    Exits 0 if it conforms, 1 if it does not, 2 for a usage or configuration error or if no rule is selected,
    3 if the target cannot be reached, a GET from a configured origin is not allowed or the run ended early
    without a violation, 130 if it was interrupted, after the report of what was done.
    """
    stated = {name: value for name, value in options.items() if value is not None and value is not False}
    stated = {name: value for name, value in stated.items() if value != ()}
    console = Console()
    is_url = target.startswith(URLS)
    if factory and is_url:
        raise UsageError("--factory is for module:function, not for a URL")
    if not is_url and (rate is not None or allow_remote):
        raise UsageError("--rate and --allow-remote are for URLs; an application runs in this process")
    if not math.isfinite(timeout):
        raise UsageError(f"--timeout {timeout}: name a number of seconds")
    extra = Extra(read_headers(headers), read_headers(preflight_headers, "--preflight-header"))
    context = read_context(target, cacert, insecure)
    way: dict[str, Any] = {"timeout": timeout}
    if is_url:
        address_of(target)
        way |= {"rate": rate, "allow_remote": allow_remote, "context": context}
    else:
        way["interface"] = interface
    if init:
        facts = probed(Target(), probe, body, extra.headers)
        way["extra"] = extra
        write_policy(console, target, path or Path("cors.toml"), facts, stated, way, factory)
        return
    policy, expected = read_policy(path, stated, probe), read_expected(expect)
    policy = asked(policy, probe, body, extra.headers)
    judge(policy, str(path or "the options"))
    for file in (as_json, junit, html, markdown):
        if file is not None:
            writable(file)
    common: dict[str, Any] = {
        "target": policy.target, "profiles": profiles or policy.profiles, "rules": globs or ("*",),
        "seed": seed, "max_examples": max_examples, "headers": extra.headers,
        "preflight_headers": extra.preflight_headers, "patience": patience,
        "at_most": QUICK if quick else None, **way,
    }  # fmt: skip
    was_interrupted = False
    try:
        rules = selected(common["profiles"], common["rules"])
        if list_only:
            for rule in rules:
                say(console, f"{rule.id} ({rule.level.value}): {rule.title}", hang=4)
            return
        if is_url:
            check: Callable[..., Report] = check_url
            subject: Any = target
        else:
            check = check_factory if factory else check_app
            subject = imported(target)
            subject = guarded(subject, target) if factory else subject
        every = policy.parts
        for part in every:
            for risk in risks(part.config):
                say(console, f"Warning: {of_prefix(part.prefix, risk)}", hang=4, style="yellow")
        methods = ", ".join(dict.fromkeys(part.target.method for part in every if part.is_stated))
        methods = "GET, HEAD and OPTIONS" if methods == "GET" else f"{methods} and OPTIONS"
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as bar:
            task = bar.add_task("control", total=None)
            shown_progress = Shown(
                console, bar, task, f"{shown(target)}{more(subject, factory)}, with {methods}", rate
            )
            report = check(subject, policy.config, progress=shown_progress, **common)
    except Interrupted as interrupted:
        report, was_interrupted = interrupted.report, True
    except NoAnswer as problem:
        say(console, f"{target} is out of reach: {problem}", style="bold red")
        raise SystemExit(3) from None
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    report.target = target
    base = target if is_url else LOCAL
    data = render.described(report, base, extra, strict=strict, expected=expected)
    failing = frozenset(one.rule.id for one in report.failures(strict=strict, expected=expected))
    found = findings(report)
    written: dict[Path | None, Callable[[], str]] = {
        as_json: lambda: render.to_json(data),
        junit: lambda: render.to_junit(data),
        html: lambda: render.to_html(data),
        markdown: lambda: render.to_markdown(data),
    }
    for file, made in written.items():
        if file is not None:
            write(file, made())
    if report.inconclusive and not report.applied:
        say(console, f"Nothing was checked: {report.inconclusive}", style="bold red")
        raise SystemExit(130 if was_interrupted else 3)
    for finding in found:
        fails = any(violation.rule.id in failing for violation in finding.violations)
        tell(console, report, finding, fails, base, extra)
    if found and not is_url:
        say(console, f"The curl commands need the application at {LOCAL}: serve it there to repeat them.")
        say(console)
    console.print(tree(report))
    say(console)
    for trouble in report.trouble[:5]:
        say(console, f"Note: {trouble}", hang=4)
    for rule_id in report.unexpected_passes(expected):
        say(
            console,
            f"{rule_id} was expected to fail, and holds: remove it from {expect}",
            style="yellow",
        )
    if report.inconclusive:
        ended = "ended early" if failing else "is inconclusive"
        say(console, f"The run {ended}: {report.inconclusive}", style="bold red")
    if failing or not report.inconclusive:
        say(
            console,
            conclusion(report, found, strict, expected),
            style="bold red" if failing else "bold green",
        )
    if was_interrupted:
        raise SystemExit(130)
    raise SystemExit(1 if failing else 3 if report.inconclusive else 0)


def more(subject: Any, factory: bool) -> str:
    """What is sent beside the requests that are counted."""
    is_varied = factory and takes_config(subject)
    return f", and as many to what it makes of up to {DRAWN} other configurations" if is_varied else ""
