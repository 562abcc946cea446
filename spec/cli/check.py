"""`verified-cors check`: what is asked, what is shown while it runs, and what is said in the end.

Exit codes: 0 it conforms, 1 it does not, 2 the question is wrong or nothing was selected, 3 the target is out
of reach, the positive control failed or the run ended early, 130 it was interrupted.
"""

import importlib
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.tree import Tree

from spec.cli.beside import named
from spec.cli.progress import Shown
from spec.cli.terminal import UsageError, loaded, say, shown
from spec.config import Config
from spec.conformance import DRAWN, Interrupted, check_app, check_factory, check_url, render
from spec.conformance.asking import PATIENCE
from spec.conformance.evidence import is_reachable
from spec.conformance.exchange import curl, lines, printable
from spec.conformance.expected_policy import ExpectedPolicy
from spec.conformance.findings import Finding, findings, reach
from spec.conformance.render import number_of
from spec.conformance.report import Report
from spec.conformance.run import selected
from spec.conformance.transports import NoAnswer
from spec.http import Headers, is_token
from spec.rules import RULES
from spec.rules.record import Profile

MARKS = {"pass": "[green]✓[/]", "fail": "[red]✗[/]", "not applicable": "–", "inconclusive": "[yellow]?[/]"}
LOCAL = "http://127.0.0.1:8000"
QUICK = 100
"""How many requests `--quick` sends at most."""


def read_expected_policy(path: Path) -> ExpectedPolicy:
    """The expected policy in a file. Raises UsageError, which names the file and every mistake."""
    try:
        return ExpectedPolicy.from_mapping(loaded(path))
    except ValueError as problem:
        raise UsageError(f"{path}: {problem}") from None


def read_headers(given: Sequence[str]) -> Headers:
    """Headers for every request. Raises UsageError for what is none."""
    found = []
    for text in given:
        name, colon, value = text.partition(":")
        if not colon or not is_token(name.encode()) or any(letter in value for letter in "\r\n\0"):
            raise UsageError(
                f"--header '{shown(text)}' is no header; write for instance 'Authorization: Bearer a'"
            )
        found.append((name.encode(), value.strip(" \t").encode()))
    return tuple(found)


def read_expected(path: Path | None) -> frozenset[str]:
    """The rules that are known to be broken: `expect = ["S-SYN-6", …]`. Raises UsageError."""
    if path is None:
        return frozenset()
    found = loaded(path)
    names = found.get("expect") if isinstance(found, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError(f'{path}: no list of rule ids; write for instance expect = ["S-SYN-6"]')
    if unknown := sorted(set(names) - set(RULES)):
        raise UsageError(f"{path}: there is no rule {', '.join(unknown)}; verified-cors rules lists them")
    return frozenset(RULES[name].id for name in names)


def imported(target: str) -> Any:
    """What `module:name` is called. Raises UsageError when there is no such thing, or importing it fails."""
    if re.match(r"(?i)https?:|localhost\b|[\d.]+:\d|\[", target):
        raise UsageError(f"{shown(target)}: a URL begins with http:// or https://, in lower case")
    module, _, name = target.partition(":")
    try:
        with names_of_the_application():
            found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as problem:  # importing runs the module, which may raise anything
        give = "Give a URL, or module:app for an application of this environment"
        raise UsageError(f"{shown(target)}: {told(problem)}. {give}") from None
    return found


@contextmanager
def names_of_the_application() -> Iterator[None]:
    """Import as Python does in this directory, whose own `spec`, if there is one, is not this package."""
    ours = named("spec")
    has_its_own = Path("spec.py").exists() or Path("spec").is_dir()
    apart = has_its_own and Path(ours["spec"].__path__[0]).resolve() != Path("spec").resolve()
    for name in ours if apart else ():
        del sys.modules[name]
    sys.path.insert(0, "")
    try:
        yield
    finally:
        sys.path.remove("")
        for name in named("spec") if apart else ():
            del sys.modules[name]
        sys.modules.update(ours)


def told(problem: BaseException) -> str:
    """What went wrong; with its kind, unless that says nothing more."""
    return (
        f"{problem}"
        if isinstance(problem, (ImportError, AttributeError))
        else f"{type(problem).__name__}: {problem}"
    )


def writable(file: Path) -> None:
    """Make sure that a report can be written, before the run. Raises UsageError."""
    try:
        with file.open("a"):
            pass
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from None


def write(file: Path, text: str) -> None:
    """Write a report. Raises UsageError when that fails all the same, on a disk that is full for instance."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{file} cannot be written: {problem.strerror}") from None


def guarded(factory: Any, target: str) -> Callable[[Config], Any]:
    """The factory, whose failures are told: but for a ValueError, by which it refuses a configuration."""

    def make(config: Config) -> Any:
        try:
            return factory(config)
        except ValueError:
            raise
        except Exception as problem:
            raise UsageError(f"{shown(target)} cannot be called with a Config: {told(problem)}") from None

    return make


def tree(report: Report) -> Tree:
    """All verdicts, profile by profile."""
    root = Tree(f"[bold]{escape(shown(report.target))}[/]")
    for profile in report.profiles:
        rules = [rule for rule in report.rules if rule.profile.value == profile]
        passed = sum(report.verdicts[rule.id] == "pass" for rule in rules)
        branch = root.add(f"{profile}: {passed} of {len(rules)} hold")
        for rule in rules:
            verdict = report.verdicts[rule.id]
            note = f" [dim]({escape(report.reasons[rule.id])})[/]" if verdict == "not applicable" else ""
            branch.add(f"{MARKS[verdict]} {rule.id} {escape(rule.title)}{note}")
    return root


def tell(
    console: Console, report: Report, finding: Finding, fails: bool, base: str, headers: Headers
) -> None:
    """One mistake: the rule that says most of it, why it matters, and the smallest exchanges that show it."""
    violation = finding.lead
    rule = violation.rule
    notes = ["not reachable from a browser"] * (not is_reachable(violation)) + ["fails no run"] * (not fails)
    tail = f" ({', '.join(notes)})" if notes else ""
    style = "bold red" if fails else "bold yellow"
    say(console, f"{rule.id} ({rule.level.value}): {rule.title}{tail}", style=style)
    say(console, f"{rule.sentence}.", indent=2)
    say(console, rule.why, indent=2)
    say(console, f"Instead: {rule.repair}", indent=2)
    whole: dict[str, Any] = {"markup": False, "highlight": False, "soft_wrap": True}  # to be copied
    for source in rule.sources:
        console.print(f"  {source}", **whole)
    say(console, reach(report, violation), indent=2)
    for exchange in violation.exchanges:
        asked = ", ".join(f"{name.decode()}: {printable(value)}" for name, value in exchange.request.headers)
        request = f"{exchange.request.method} {exchange.request.path}"
        say(console, f"{request} ({asked or 'no headers'}): status {exchange.response.status}", 2, 4)
        table = Table(box=None, pad_edge=False)
        table.add_column("header", no_wrap=True)
        table.add_column("expected", overflow="fold")
        table.add_column("got", overflow="fold")
        for line in lines(exchange, rule):
            mark = "" if line.fits else " ✗"
            cells = (line.name, line.expected or "anything", (line.actual or "absent") + mark)
            table.add_row(*map(escape, cells), style=None if line.fits else "red")
        console.print(table)
        console.print(curl(exchange.request, base, headers), **whole)
    if finding.follows:
        others = ", ".join(one.rule.id for one in finding.follows)
        say(console, f"The same responses also violate {others}.", indent=2)
    say(console)


def conclusion(report: Report, found: Sequence[Finding], strict: bool, expected: frozenset[str]) -> str:
    """What came of it, in a line."""
    kinds = report.counts(strict=strict, expected=expected)
    counts = ", ".join(f"{number} {kind}" for kind, number in kinds.items() if number)
    word = "does not conform" if kinds["failed"] else "conforms"
    mistakes = f"{number_of(len(found), 'finding')}; " if found else ""
    return (
        f"{report.target} {word}: {mistakes}{number_of(len(report.rules), 'rule')}: {counts}; "
        f"{report.requests:,} requests, seed {report.seed}"
    )


@click.command("check")
@click.argument("target")
@click.option(
    "--config",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the server is meant to do: a .toml or .json file with the parameters of CORSMiddleware, and "
    "[target] for facts about the server.",
)
@click.option(
    "--factory",
    is_flag=True,
    help="TARGET is module:function; call it with a spec.Config to get the application.",
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
@click.option("--quick", is_flag=True, help=f"Send at most {QUICK} requests, the most telling ones.")
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
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Sent with every request.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds to wait for a response.",
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Requests per second, at most.")
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
    target: str, path: Path, factory: bool, interface: str, profiles: Sequence[str], globs: Sequence[str],
    list_only: bool, seed: int, max_examples: int, quick: bool, patience: int, strict: bool,
    expect: Path | None, headers: Sequence[str], timeout: float, rate: float | None, allow_remote: bool,
    as_json: Path | None, junit: Path | None, html: Path | None, markdown: Path | None,
) -> None:  # fmt: skip
    """Check a running implementation of CORS.

    TARGET is a URL, or module:app for an ASGI or WSGI application. Sends only safe methods: GET, HEAD and
    OPTIONS. Does not follow redirects.

    Exits 0 if it conforms, 1 if it does not, 2 for a usage or configuration error or if no rule is selected,
    3 if the target cannot be reached, a GET from a configured origin is not allowed or the run ended early
    without a violation, 130 if it was interrupted, after the report of what was done.
    """
    policy, expected, sent = read_expected_policy(path), read_expected(expect), read_headers(headers)
    for file in (as_json, junit, html, markdown):
        if file is not None:
            writable(file)
    console = Console()
    is_url = target.startswith(("http://", "https://"))
    if factory and is_url:
        raise UsageError("--factory is for module:function, not for a URL")
    if not is_url and (rate is not None or allow_remote):
        raise UsageError("--rate and --allow-remote are for URLs; an application runs in this process")
    if not math.isfinite(timeout):
        raise UsageError(f"--timeout {timeout}: name a number of seconds")
    common: dict[str, Any] = {
        "target": policy.target, "profiles": profiles or policy.profiles, "rules": globs or ("*",),
        "seed": seed, "max_examples": max_examples, "timeout": timeout, "headers": sent,
        "patience": patience, "at_most": QUICK if quick else None,
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
            common |= {"rate": rate, "allow_remote": allow_remote}
            subject: Any = target
        else:
            check = check_factory if factory else check_app
            common["interface"] = interface
            subject = imported(target)
            subject = guarded(subject, target) if factory else subject
        more = f", and as many to what it makes of up to {DRAWN} other configurations" if factory else ""
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as bar:
            task = bar.add_task("control", total=None)
            shown_progress = Shown(console, bar, task, shown(target) + more, rate)
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
    data = render.described(report, base, sent, strict=strict, expected=expected)
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
        tell(console, report, finding, fails, base, sent)
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
