"""Put real browsers before the cases, and hold what they do against the modelled one.

`python -m tests.browsers` runs every browser that is here, and writes down what they did. With `--serve` the
page waits for the browser of whoever opens it.
"""

import argparse
import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, get_args

from rich.console import Console
from rich.table import Table

from spec.browser import CHROMIUM, FIREFOX, WEBKIT, Engine
from tests.browsers import confirmed, outcomes, random_cases, systematic
from tests.browsers.cases import HOME, Case, Frame, Theorem
from tests.browsers.deviations import reproduction
from tests.browsers.engines import BROWSERS, Browser, opened
from tests.browsers.seen import Seen, disagreements, exchanges, hidden_deviations
from tests.browsers.shrink import simpler
from tests.browsers.trial import LOOPBACK, Page

SINGLES, GUARDED = 400, 1_200
"""How many random cases are drawn: with single fetches, and of the middleware."""

SHOWN = 5
TRIED = 3 * SHOWN
"""How many disagreements of an engine are printed, and of how many at most, shrunk, these are chosen."""

FRAMES: dict[Frame, str] = {
    "page": "in a page of own",
    "sandbox": "in a sandboxed frame",
    "data": "in a frame of a data: URL",
    "far": "in a page of far",
}
"""Where the script of a case runs, in words."""


@dataclass(frozen=True)
class Failure:
    """A case on which an engine differs, in what, and the smallest case found that shows it."""

    case: Case
    problems: list[str]
    smallest: Case

    @property
    def script(self) -> str:
        """What to do to see it, in a line, and the name by which it can be tried again."""
        return f"case {outcomes.key(self.case)}, {FRAMES[self.smallest.frame]}: {reproduction(self.smallest)}"


@dataclass
class Result:
    """What one engine did."""

    engine: Engine
    version: str  # empty where it is not known
    seconds: float
    agent: str = ""
    """What a browser that somebody opens calls itself."""
    seen: dict[str, Seen] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[Case, list[str]]] = field(default_factory=list)
    shown: list[Failure] = field(default_factory=list)
    """Some of them, no two alike, shrunk."""
    hidden: list[str] = field(default_factory=list)
    """Deviations of the engine's table that no case shows."""
    outdated: str = ""
    """The version that the model was written from, where this one is older."""
    problem: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the modelled browser is the real one."""
        return not (self.failures or self.hidden or self.problem)


def all_cases(root: int) -> list[Case]:
    """The systematic cases, and random ones."""
    return [
        *systematic.cases(),
        *random_cases.examples(random_cases.singles(), SINGLES, root),
        *random_cases.examples(random_cases.guarded(), GUARDED, root),
    ]


def case_named(key: str, root: int | None) -> list[Case]:
    """The case of this key alone, of those that are written down or of those of a random run."""
    known = outcomes.known_cases().values() if root is None else all_cases(root)
    return [case for case in known if outcomes.key(case) == key][:1]


async def try_cases(page: Page, cases: Sequence[Case], engine: Engine, result: Result) -> None:
    """Have a page try all cases, and judge what was seen."""
    streams = await page.can_stream()
    cases = [case for case in cases if streams or not any(fetch.stream_body for fetch in case.fetches)]
    for case, seen in zip(cases, await page.perform(cases, f"{engine.name}:"), strict=True):
        result.seen[outcomes.key(case)] = seen
        result.tried[case.theorem] += 1
        problems = disagreements(case, seen, engine)
        if problems:
            result.failures.append((case, problems))
    for case, problems in by_kind(result.failures)[:TRIED]:
        failure = await shrunk(page, case, problems, engine)
        if len(result.shown) < SHOWN and failure.smallest not in [each.smallest for each in result.shown]:
            result.shown.append(failure)


def by_kind(failures: Sequence[tuple[Case, list[str]]]) -> list[tuple[Case, list[str]]]:
    """The first of each theorem and kind of problem before all second ones, and so on."""
    number: Counter[tuple[str, str]] = Counter()
    ranked = []
    for case, problems in failures:
        kind = (case.theorem, problems[0].split()[0])
        ranked.append((number[kind], case, problems))
        number[kind] += 1
    return [(case, problems) for _, case, problems in sorted(ranked, key=lambda each: each[0])]


async def shrunk(page: Page, case: Case, problems: list[str], engine: Engine) -> Failure:
    """The smallest case found on which the browser still differs, and in what."""
    first = case
    while True:
        candidates = list(islice(simpler(case), 100))
        seen = await page.perform(candidates, f"{engine.name}, looking for the smallest case:")
        smaller = (
            (each, found)
            for each, saw in zip(candidates, seen, strict=True)
            if (found := disagreements(each, saw, engine))
        )
        following = next(smaller, None)
        if following is None:
            (last,) = await page.perform([case], f"{engine.name}:")
            again = disagreements(case, last, engine)
            return Failure(first, again or [*problems, "this did not repeat"], case)
        case, problems = following


async def run(browser: Browser, cases: Sequence[Case]) -> Result:
    """One browser, from its start to its end."""
    started = time.monotonic()
    result = Result(browser.engine, browser.version(), 0.0)
    result.outdated = browser.modelled if browser.is_outdated() else ""
    page = Page()
    async with page.served():
        with opened(browser, HOME + "/"):
            await judge(page, cases, result)
    result.seconds = time.monotonic() - started
    return result


async def judge(page: Page, cases: Sequence[Case], result: Result) -> None:
    """Have a page try all cases, and note what it did, or that it does not answer."""
    try:
        await try_cases(page, cases, result.engine, result)
        tried = [(case, result.seen[key]) for case in cases if (key := outcomes.key(case)) in result.seen]
        if len(cases) > 1:  # a single one is not to show them all
            result.hidden = hidden_deviations(result.engine, tried)
    except TimeoutError as problem:
        result.problem = str(problem)


def absent(browser: Browser) -> Result:
    """That an engine is missing, which is no success."""
    return Result(
        browser.engine, "missing", 0.0, problem=f"missing; apt-get install {' '.join(browser.packages)}"
    )


def table(results: Sequence[Result]) -> Table:
    """Engines by theorems."""
    found = Table(title="Browsers and their models")
    found.add_column("theorem")
    for result in results:
        found.add_column(f"{result.engine.name}\n{result.version}".strip(), justify="right")
    for theorem in get_args(Theorem):
        row = []
        for result in results:
            failed = sum(case.theorem == theorem for case, _ in result.failures)
            tried = f"{result.tried[theorem]:,}" if result.tried[theorem] else "-"
            row.append(tried + (f", {failed:,} differ" if failed else ""))
        found.add_row(theorem, *row)
    found.add_row("seconds", *(f"{result.seconds:.0f}" for result in results))
    return found


def notes(result: Result) -> list[str]:
    """What is to be said of a run beside the cases that differ."""
    unshown = len(result.failures) - len(result.shown)
    return [
        *([f"… and {unshown} more cases"] if unshown > 0 else []),
        *(f"no case shows its deviation {deviation}; has it gone?" for deviation in result.hidden),
        *([f"the model is of version {result.outdated}; install that"] if result.outdated else []),
        *([result.problem] if result.problem else []),
    ]


def for_page(result: Result) -> dict[str, Any]:
    """The same as the report, for the page to show."""
    failed = Counter(case.theorem for case, _ in result.failures)
    name = result.engine.name
    return {
        "summary": f"This browser does what the model of {name} does."
        if result.agrees
        else f"This browser is not as the model of {name}.",
        "agent": result.agent,
        "rows": [
            ["theorem", "cases", "differ"],
            *([theorem, result.tried[theorem], failed[theorem]] for theorem in get_args(Theorem)),
        ],
        "notes": notes(result),
        "failures": [
            {
                "title": f"{name} differs ({each.case.theorem})",
                "problems": [each.script, *each.problems],
                "exchange": exchanges(each.smallest, result.engine),
            }
            for each in result.shown
        ],
    }


def report(results: Sequence[Result], console: Console) -> None:
    """The table, and what differs, each with its exchange."""
    for result in results:
        name = result.engine.name
        for each in result.shown:
            console.print(f"\n[bold]{name} differs[/] ({each.case.theorem}):", highlight=False)
            for line in (each.script, *each.problems):
                console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
            told = exchanges(each.smallest, result.engine)
            console.print(told, highlight=False, markup=False, soft_wrap=True)
        for note in notes(result):
            console.print(f"{name}: {note}", highlight=False, soft_wrap=True)
    console.print(table(results))
    for result in results:
        if result.agent:
            console.print(f"opened in {result.agent}", highlight=False, soft_wrap=True)


def install(browsers: Sequence[Browser]) -> list[Browser]:
    """Install what is missing or outdated, as root with apt-get; gives those that are still missing."""
    packages = [
        name
        for browser in browsers
        if browser.program() is None or browser.is_outdated()
        for name in browser.packages
    ]
    if packages and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {' '.join(packages)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        commands = [["update"], *(["install", "-y", "--no-install-recommends", name] for name in packages)]
        for command in commands:  # one package at a time: a missing one must not keep the others away
            subprocess.run(["apt-get", "-qq", *command], stdout=subprocess.DEVNULL, env=environment)
    return [browser for browser in browsers if browser.program() is None]


async def serve(listen_at: str, cases: Sequence[Case], console: Console) -> Result:
    """Wait for a browser that somebody opens, and show the result there."""
    page = Page()
    async with page.served(listen_at):
        console.print(
            f"open http://{LOOPBACK if listen_at == LOOPBACK else '<this machine>'}:7401/ in a browser"
        )
        await page.opened.wait()
        started = time.monotonic()
        engine = engine_of(page.agent)
        result = Result(engine, version_in(page.agent, engine), 0.0, page.agent)
        await judge(page, cases, result)
        result.seconds = time.monotonic() - started
        report([result], console)
        page.finish(for_page(result))
        await asyncio.sleep(10)  # until the page has fetched it
    return result


def engine_of(agent: str) -> Engine:
    """The engine that a browser names in `User-Agent`."""
    if "Firefox/" in agent:
        return FIREFOX
    return CHROMIUM if "Chrome/" in agent else WEBKIT


def version_in(agent: str, engine: Engine) -> str:
    """The version of a browser as it stands in `User-Agent`, empty where there is none."""
    names = {CHROMIUM: "Chrome", FIREFOX: "Firefox", WEBKIT: "Version"}
    found = re.search(names[engine] + r"/([\d.]+)", agent)
    return found[1] if found else ""


def main(arguments: Sequence[str]) -> int:
    """0 when every engine that was asked for is here, and does what its model does."""
    parser = argparse.ArgumentParser(prog="python -m tests.browsers", description=__doc__)
    names = [browser.engine.name for browser in BROWSERS]
    parser.add_argument("--engines", default=" ".join(names), metavar="NAMES", help=", ".join(names))
    parser.add_argument("--seed", type=int, metavar="N", help="other random cases, nothing written down")
    parser.add_argument("--case", metavar="KEY", help="one case alone, nothing written down")
    parser.add_argument("--serve", action="store_true", help="wait for a browser that you open")
    parser.add_argument(
        "--listen", default=LOOPBACK, metavar="ADDRESS", help="where, with --serve; 0.0.0.0: anywhere"
    )
    options = parser.parse_args(arguments)
    wanted = options.engines.replace(",", " ").split()
    unknown = set(wanted) - set(names)
    if unknown or not wanted:
        parser.error(f"--engines: {', '.join(sorted(unknown)) or 'none'}: choose from {', '.join(names)}")
    console = Console()
    browsers = [browser for browser in BROWSERS if browser.engine.name in wanted]
    missing = [] if options.serve else install(browsers)
    if not options.serve and len(missing) == len(browsers):
        report([absent(browser) for browser in browsers], console)
        return 1
    cases = all_cases(options.seed or 0) if options.case is None else case_named(options.case, options.seed)
    if not cases:
        console.print(f"no case is called {options.case}; those of a random run need its --seed")
        return 1
    console.print(f"{len(cases):,} cases, seed {options.seed or 0}", highlight=False)
    try:
        if options.serve:
            return 0 if asyncio.run(serve(options.listen, cases, console)).agrees else 1
        results = run_all(browsers, missing, cases, console)
    except OSError as problem:  # a port is taken, or a browser does not start
        console.print(f"cannot try browsers: {problem}", highlight=False, soft_wrap=True)
        return 1
    report(results, console)
    if not all(result.agrees for result in results):
        return 1
    if options.seed is None and options.case is None:
        outcomes.refresh(
            cases, {each.engine.name: outcomes.Browser(each.version, each.seen) for each in results}
        )
        confirmed.write(confirmed.confirmations(outcomes.read(), outcomes.known_cases()))
        console.print("written down; make rules shows it in spec/RULES.md", highlight=False)
    return 0


def run_all(
    browsers: Sequence[Browser], missing: Sequence[Browser], cases: Sequence[Case], console: Console
) -> list[Result]:
    """What each browser did, one after another, but for those that are missing."""
    results = []
    for browser in browsers:
        if browser in missing:
            results.append(absent(browser))
        else:
            console.print(f"{browser.engine.name} {browser.version()} …", highlight=False)
            results.append(asyncio.run(run(browser, cases)))
    return results


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the browser ends, too
    sys.exit(main(sys.argv[1:]))
