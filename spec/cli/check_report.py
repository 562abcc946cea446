"""What `verified-cors check` prints of a run: the mistakes, the verdicts, and the conclusion."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from spec.cli.terminal import say, shown
from spec.conformance.evidence import is_reachable
from spec.conformance.exchange import Line, curl_words, lines, outcome, printable
from spec.conformance.findings import Finding, reach
from spec.conformance.render import number_of
from spec.conformance.report import Report
from spec.conformance.transports import Extra

MARKS = {"pass": "[green]✓[/]", "fail": "[red]✗[/]", "not applicable": "–", "inconclusive": "[yellow]?[/]"}


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


def tell(console: Console, report: Report, finding: Finding, fails: bool, base: str, extra: Extra) -> None:
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
        say(console, f"{request} ({asked or 'no headers'}): {outcome(exchange)}", 2, 4)
        headers_of(console, lines(exchange, rule))
        console.print(folded(curl_words(exchange.request, base, extra), console.width), **whole)
    if finding.follows:
        others = ", ".join(one.rule.id for one in finding.follows)
        say(console, f"The same responses also violate {others}.", indent=2)
    say(console)


def headers_of(console: Console, found: Sequence[Line]) -> None:
    """What is expected of each header, and what came: a table, or a list when a value does not fit in it."""
    cells = [
        (line.name, line.expected or "anything", (line.actual or "absent") + ("" if line.fits else " ✗"))
        for line in found
    ]
    widest = [
        max((len(word) for row in cells for word in row[column].split()), default=0) for column in (1, 2)
    ]
    name = max((len(row[0]) for row in cells), default=0)
    if name + sum(widest) + 4 > console.width:
        for line in found:
            style = None if line.fits else "red"
            say(console, line.name, style=style)
            say(console, f"expected: {line.expected or 'anything'}", 2, 4, style)
            say(console, f"got: {line.actual or 'absent'}{'' if line.fits else ' (wrong)'}", 2, 4, style)
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("header", no_wrap=True)
    table.add_column("expected", min_width=widest[0], overflow="fold")
    table.add_column("got", min_width=widest[1], overflow="fold")
    for line, row in zip(found, cells, strict=True):
        table.add_row(*map(escape, row), style=None if line.fits else "red")
    console.print(table)


def folded(words: Sequence[str], width: int) -> str:
    """A command line for a shell, on several lines where it is wider; no word is broken."""
    found = [words[0]]
    for word in words[1:]:
        if len(found[-1]) + len(word) + len("  \\") > width:
            found[-1] += " \\"
            found.append(f"  {word}")
        else:
            found[-1] += f" {word}"
    return "\n".join(found)


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
