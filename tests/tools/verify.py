"""`make verify`: the whole proof, stage after stage, and one table of what was shown.

Every stage is a process of its own, whose output is seen as it comes. It may leave numbers in the file that
VERIFY_FACTS names (a flat JSON object, name to number or text); they are what the table shows. A stage fails
when a command of it fails, and also when a number that it must show is missing or too small: nothing
passes by checking nothing. A failing stage does not stop the others.
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
    """A part of the proof: its commands, and the least that each number must be for it to count."""

    name: str
    shows: str
    commands: tuple[Command, ...]
    least: Mapping[str, int]


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
    ),
    Stage(
        "lint",
        "ruff finds nothing to complain about",
        (
            Command(("-m", "ruff", "check", ".")),
            Command(("-m", "ruff", "check", "--show-files", "."), r"(?P<files>.+\.py)", echo=False),
        ),
        {"files": 20},
    ),
    Stage(
        "types",
        "mypy --strict finds nothing to complain about, and pyright finds the wrong uses",
        (
            Command(("-m", "mypy"), r"no issues found in (?P<files>\d+) source files"),
            Command(("-m", "pyright", "--pythonpath", sys.executable)),
        ),
        {"files": 20},
    ),
    Stage(
        "rules",
        "each record is right, and RULES.md says what the records say",
        (Command(("-m", "tests.tools.rules_md")),),
        {"rules": 1},
    ),
    Stage(
        "theorems",
        "model, middleware and browser obey the rules",
        (Command((*PYTEST, "-n", "auto", "--dist", "worksteal", "tests")),),
        {"tests": 100, "examples": 1_000},
    ),
    Stage(
        "exhaustive",
        "all cases of a small scope: rules, model and middleware agree",
        (Command(("-m", "tests.theorems.exhaust", "--scope", "small")),),
        {"cases": 250_000},
    ),
    Stage(
        "mutants",
        "no mutant lives in impl, model and spec (`make mutants` believes no ledger)",
        (Command(("-m", "tests.tools.mutants", "impl", "model", "spec", "--ledger")),),
        {"mutants": 20_000},
    ),
)


def run_stage(stage: Stage) -> Result:
    """Run the commands of a stage, and hold what they showed against what they must show."""
    result = Result(stage)
    started = time.monotonic()
    for command in stage.commands:
        code, facts = run_command(command)
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
    return result


def run_command(command: Command) -> tuple[int, dict[str, int | float | str]]:
    """The exit code of a command, and the facts that it left."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "facts.json"
        process = subprocess.Popen(
            [sys.executable, *command.arguments],
            cwd=ROOT,
            env={"HYPOTHESIS_PROFILE": "ci", **os.environ, "VERIFY_FACTS": str(target)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if command.pattern else None,
            text=True,
        )
        said, _ = process.communicate()
        if command.pattern:
            if command.echo:
                print(said, end="", flush=True)
            return process.returncode, _facts_of(re.finditer(command.pattern, said))
        return process.returncode, json.loads(target.read_text()) if target.exists() else {}


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
    results = []
    for stage in STAGES:
        if not wanted or stage.name in wanted:
            console.rule(f"{stage.name}: {stage.shows}", align="left")
            results.append(run_stage(stage))
            console.print(f"{results[-1].seconds:.0f} s", style="dim", highlight=False)
    console.print()
    console.print(table_of(results))
    total = sum(result.seconds for result in results)
    if total > BUDGET:
        console.print(f"This took {total:.0f} s; it should take {BUDGET} s at most on two cores.")
    passed = sum(result.passed for result in results)
    print(f"{passed} passed, {len(results) - passed} failed", flush=True)
    return 0 if results and passed == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
