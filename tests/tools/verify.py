"""`make verify`: the whole proof, stage after stage, and one table of what was shown.

Every command of a stage is a process of its own. It may leave numbers in the file that VERIFY_FACTS names (a
flat JSON object, name to number or text); they are what the table shows. A stage fails when a command of it
fails, and also when a number that it must show is missing or too small: nothing passes by checking nothing.
A failing stage does not stop the others.

The theorems take most of the time, and often wait: for servers, for processes that start, for installations.
Other stages run beside them, one after another, with what they leave of the processors.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import ROOT

BUDGET = 300
"""Seconds that the whole proof may take on two cores."""


@dataclass(frozen=True)
class Command:
    """One command of a stage, as arguments of Python.

    `pattern` reads numbers from what it prints, for a command that leaves none: a group of the pattern is a
    fact, and counts as 1 where it is not a number. `echo`: whether to show what such a command prints.
    """

    arguments: tuple[str, ...]
    pattern: str = ""
    echo: bool = True


@dataclass(frozen=True)
class Stage:
    """A part of the proof: its commands, and the least that each number must be for it to count.

    `when`: "first" with all processors; "beside" it, with what it leaves of them, and then what it prints is
    shown when it ends; "last", alone.
    """

    name: str
    shows: str
    commands: tuple[Command, ...]
    least: Mapping[str, int]
    when: str


@dataclass
class Result:
    """What a stage has shown."""

    stage: Stage
    seconds: float = 0.0
    facts: dict[str, int | float | str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return not self.problems


PYTEST = ("-m", "pytest", "-q", "--tb=short", "--durations=5", "--durations-min=5")
STAGES = (
    Stage(
        "format",
        "every file is as ruff formats it",
        (Command(("-m", "ruff", "format", "--check", "."), r"(?P<files>\d+) files? already formatted"),),
        {"files": 20},
        when="beside",
    ),
    Stage(
        "lint",
        "ruff finds nothing to complain about",
        (
            Command(("-m", "ruff", "check", ".")),
            Command(("-m", "ruff", "check", "--show-files", "."), r"(?P<files>.+\.py)", echo=False),
        ),
        {"files": 20},
        when="beside",
    ),
    Stage(
        "types",
        "mypy --strict finds nothing to complain about, and pyright finds the wrong uses",
        (
            Command(("-m", "mypy"), r"no issues found in (?P<files>\d+) source files"),
            Command(("-m", "pyright", "--pythonpath", sys.executable)),
        ),
        {"files": 20},
        when="beside",
    ),
    Stage(
        "rules",
        "each record is right, and RULES.md says what the records say",
        (Command(("-m", "tests.tools.rules_md")),),
        {"rules": 1},
        when="beside",
    ),
    Stage(
        "theorems",
        "model, middleware and browser obey the rules",
        (Command((*PYTEST, "-n", "auto", "--dist", "worksteal", "tests")),),
        {"tests": 100, "examples": 1_000},
        when="first",
    ),
    Stage(
        "exhaustive",
        "all cases of a small scope: rules, model and middleware agree",
        (Command(("-m", "tests.theorems.exhaust", "--scope", "small")),),
        {"cases": 250_000},
        when="beside",
    ),
    Stage(
        "mutants",
        "no mutant lives in impl, model and spec (`make mutants` believes no ledger)",
        (Command(("-m", "tests.tools.mutants", "impl", "model", "spec", "--ledger")),),
        {"mutants": 20_000},
        when="last",  # mutants are judged by their time, too
    ),
)


def run_stage(stage: Stage, console: Console) -> Result:
    """Run the commands of a stage, and hold what they showed against what they must show."""
    result, beside, printed = Result(stage), stage.when == "beside", ""
    if not beside:
        console.rule(f"{stage.name}: {stage.shows}", align="left")
    started = time.monotonic()
    for command in stage.commands:
        code, said, facts = run_command(command, beside)
        printed += said if command.echo or code else ""
        for name, value in facts.items():
            earlier = result.facts.get(name, 0)
            both = isinstance(value, (int, float)) and isinstance(earlier, (int, float))
            result.facts[name] = earlier + value if both else value  # type: ignore[operator]  # both are numbers
        if code:
            result.problems.append(f"{' '.join(command.arguments)}: exit code {code}")
    result.seconds = time.monotonic() - started
    for name, least in stage.least.items():
        number = result.facts.get(name, 0)
        if not isinstance(number, (int, float)) or number < least:
            result.problems.append(f"{number} {name}, at least {least:,} are needed: too little was checked")
    if beside:
        console.print()  # the stage that came first may have begun a line
        console.rule(f"{stage.name}: {stage.shows}", align="left")
        console.out(printed, end="", highlight=False)
    console.print(f"{result.seconds:.0f} s", style="dim", highlight=False)
    return result


def run_command(command: Command, beside: bool) -> tuple[int, str, dict[str, int | float | str]]:
    """The exit code of a command, what it printed if that was not shown as it came, and the facts it left."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "facts.json"
        process = subprocess.run(
            [*(("nice",) if beside else ()), sys.executable, *command.arguments],
            cwd=ROOT,
            env={"HYPOTHESIS_PROFILE": "ci", **os.environ, "VERIFY_FACTS": str(target)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if beside else None,
            stderr=subprocess.STDOUT if beside else None,
            text=True,
            check=False,
        )
        facts = json.loads(target.read_text()) if target.exists() else {}
    said = process.stdout or ""
    return process.returncode, said, facts or _facts_of(re.finditer(command.pattern, said))


def _facts_of(found: Iterable[re.Match[str]]) -> dict[str, int | float | str]:
    """The numbers that a pattern read; where it read no number, how often it matched."""
    facts: dict[str, int | float | str] = {}
    for match in found:
        for name, text in match.groupdict().items():
            facts[name] = int(facts.get(name, 0)) + (int(text) if text.isdigit() else 1)
    return facts


def shown(result: Result) -> str:
    """The numbers of a stage, in words, and what is wrong."""
    facts = [
        f"{value:,} {name}" if not isinstance(value, str) else f"{name} {value}"
        for name, value in result.facts.items()
    ]
    return "\n".join([result.stage.shows, ", ".join(facts), *result.problems]).replace("\n\n", "\n")


def table_of(results: Sequence[Result]) -> Table:
    """What was shown, by stage."""
    table = Table(title="What was shown", width=80, show_lines=True)
    table.add_column("stage", no_wrap=True)
    table.add_column("what was shown")
    table.add_column("seconds", justify="right")
    table.add_column("verdict")
    for result in results:
        verdict = "[green]passed[/green]" if result.passed else "[bold red]FAILED[/bold red]"
        table.add_row(result.stage.name, shown(result), f"{result.seconds:.0f}", verdict)
    return table


def main(arguments: Sequence[str]) -> int:
    """Run the stages, or those named; 0 when all of them pass."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tools.verify", description="The whole proof, or parts of it."
    )
    names = [stage.name for stage in STAGES]
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(names))
    wanted = parser.parse_args(arguments).stages
    if unknown := set(wanted) - set(names):
        parser.error(f"no such stage: {', '.join(sorted(unknown))} (there are: {', '.join(names)})")
    console = Console(width=80)
    started = time.monotonic()
    stages = [stage for stage in STAGES if not wanted or stage.name in wanted]
    pool = ThreadPoolExecutor(1)
    try:
        beside = [pool.submit(run_stage, stage, console) for stage in stages if stage.when == "beside"]
        results = [run_stage(stage, console) for stage in stages if stage.when == "first"]
        results += [each.result() for each in beside]
        results += [run_stage(stage, console) for stage in stages if stage.when == "last"]
    finally:
        pool.shutdown(cancel_futures=True)
    console.print()
    console.print(table_of(sorted(results, key=lambda result: STAGES.index(result.stage))))
    total = time.monotonic() - started
    console.print(f"All in {total:.0f} s{f', {BUDGET} s at most on two cores' if total > BUDGET else ''}.")
    passed = sum(result.passed for result in results)
    print(f"{passed} passed, {len(results) - passed} failed", flush=True)
    return 0 if results and passed == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
