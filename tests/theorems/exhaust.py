"""Every case of a scope: the model, the rules and the middleware, and Starlette's, compared on each.

And every path of a scope, where each prefix has a policy: the model and the middleware, compared on each.

`python -m tests.theorems.exhaust [--scope small|large] [--write]` prints what it counted, and what disagreed
first. `--write` keeps how often each rule applied in `applied.json`, for RULES.md.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from model.server import respond_by_path
from spec import RULES
from spec.config import Config
from spec.http import Response
from spec.paths import policy_of
from spec.policy import is_preflight
from spec.rules.record import Exchange, Subject
from tests.helpers.asgi import Recorder, call
from tests.helpers.compare import Driven, Observed, disagreement, modelled, same_answers, starlette
from tests.helpers.paths import sent_to
from tests.theorems.divergences import DIVERGENCES, applying
from tests.theorems.scope import LARGE, LARGE_PLACES, SMALL, SMALL_PLACES, Places, Vocabulary
from tests.theorems.serving import protect_by_path, response_of

PLAIN = Response(200, ((b"content-type", b"text/plain"), (b"vary", b"Accept")), b"hello")
APPLIED = Path(__file__).with_name("applied.json")
STALE = (
    f"{APPLIED.name} is stale: run `.venv/bin/python -m tests.theorems.exhaust --write`, then `make rules`"
)
SCOPES = {"small": (SMALL, SMALL_PLACES), "large": (LARGE, LARGE_PLACES)}


Question = Callable[..., bool]
# Rules that say the same share their predicates; each predicate is asked once: applies -> holds -> ids.
Book = dict[Question, dict[Question, tuple[str, ...]]]


def book(subject: Subject) -> Book:
    """The executable rules of this scope that our middleware follows."""
    found: Book = {}
    for rule in RULES.values():
        if rule.subject is subject and rule.holds and rule.binding:
            asked = found.setdefault(rule.applies, {})
            asked[rule.holds] = (*asked.get(rule.holds, ()), rule.id)
    return found


def ids_of(rules: Book) -> list[str]:
    """All rules of a book."""
    return [rule for holding in rules.values() for ids in holding.values() for rule in ids]


ONE, PAIR, SET = book(Subject.EXCHANGE), book(Subject.PAIR), book(Subject.SET)


@dataclass
class Tally:
    """What was counted: cases, judgements of rules that applied, and what went wrong (the first few).

    `placed` are cases where each prefix of the path has a policy.
    """

    cases: int = 0
    placed: int = 0
    preflights: int = 0
    judged: Counter[tuple[str, ...]] = field(default_factory=Counter)
    diverging: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.placed += other.placed
        self.preflights += other.preflights
        self.judged += other.judged
        self.diverging += other.diverging
        self.failures = (self.failures + other.failures)[:20]

    @property
    def applied(self) -> dict[str, int]:
        """How often each rule applied, by id."""
        counts = Counter({rule: 0 for rules in (ONE, PAIR, SET) for rule in ids_of(rules)})
        for ids, number in self.judged.items():
            counts.update(dict.fromkeys(ids, number))
        return dict(sorted(counts.items()))


def judge(tally: Tally, rules: Book, *subject: Exchange) -> None:
    """Count the rules that apply to this subject; keep those that do not hold."""
    for applies, holding in rules.items():
        if applies(*subject):
            for holds, ids in holding.items():
                tally.judged[ids] += 1
                if not holds(*subject):
                    tally.failures.append(f"{ids} do not hold for {subject}")


def examine(vocabulary: Vocabulary, config: Config) -> Tally:
    """All cases of one configuration; pairs are those that `Vocabulary.pairs` names, sets those with one app.

    Pairs and sets are judged in the small scope alone, and of the configurations that differ in
    `expose_headers` only, which few of these rules look at, in one: else they would double the time.
    """
    tally = Tally()
    ours, theirs = Driven(config), Driven(config, starlette)
    preflights: list[Exchange] = []
    actual: list[Exchange] = []
    for request, app_response in vocabulary.cases:
        exchange = modelled(config, request, app_response)
        (actual if exchange.app_calls else preflights).append(exchange)
        judge(tally, ONE, exchange)
        observed = ours.answer(request, app_response)
        if problem := disagreement(exchange, observed):
            tally.failures.append(f"{config} {request} {app_response}: {problem}")
        reasons = applying(exchange)
        tally.diverging.update(reasons)
        if bool(reasons) == same_answers(observed.response, theirs.answer(request, app_response).response):
            tally.failures.append(f"{config} {request} {app_response}: Starlette, and {reasons} apply")
    tally.cases = len(preflights) + len(actual)
    tally.preflights = len(preflights)
    if vocabulary is not SMALL or config.expose_headers != vocabulary.exposed[-1]:
        return tally
    for pair in vocabulary.pairs(preflights, actual):
        judge(tally, PAIR, *pair)
    apps = len(vocabulary.app_responses())
    for number in range(apps):
        judge(tally, SET, *actual[number::apps])
    return tally


def examine_places(places: Places, policies: Mapping[str, Config]) -> Tally:
    """All paths of a scope, each with every request, before a server with these policies."""
    tally = Tally()
    recorder = Recorder(PLAIN.status, PLAIN.headers, PLAIN.body)
    middleware = protect_by_path(recorder, policies)
    for path, root_path in places.sent():
        for request in places.requests():
            config = policy_of(policies, path)
            expected = respond_by_path(policies, replace(request, path=path), PLAIN)
            app_calls = 0 if config is not None and is_preflight(request) else 1
            recorder.calls.clear()
            result = call(
                middleware, scope=sent_to(path, request.method, request.headers, root_path=root_path)
            )
            observed = Observed(response_of(result), len(recorder.calls), passed_on=True)
            exchange = Exchange(config or Config(), request, expected, PLAIN, app_calls)
            if problem := disagreement(exchange, observed):
                tally.failures.append(f"{policies} {root_path!r} {path!r} {request}: {problem}")
            tally.placed += 1
    return tally


def examine_numbered(job: tuple[str, int]) -> Tally:
    """The configuration with this number, in a worker process; after these the sets of policies."""
    name, number = job
    vocabulary, places = SCOPES[name]
    configs = _configs(name)
    if number < len(configs):
        return examine(vocabulary, configs[number])
    return examine_places(places, [*places.policies()][number - len(configs)])


@cache
def _configs(name: str) -> list[Config]:
    return list(SCOPES[name][0].configs())


def tallies(name: str) -> Iterator[Tally]:
    """The tallies of all configurations and sets of policies, as they come from the worker processes."""
    jobs = [(name, number) for number in range(number_of_jobs(name))]
    with get_context("fork").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(examine_numbered, jobs, chunksize=4)


def number_of_jobs(name: str) -> int:
    """How many configurations and sets of policies a scope has."""
    return len(_configs(name)) + len(SCOPES[name][1].prefixes)


def run(name: str) -> Tally:
    """Enumerate a scope, with progress, and print what was counted."""
    began = time.monotonic()
    total = Tally()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("configurations", total=number_of_jobs(name))
        for tally in tallies(name):
            total.add(tally)
            progress.advance(task)
    seconds = time.monotonic() - began
    judgements = sum(total.applied.values())
    never = [rule for rule, number in total.applied.items() if not number]
    print(f"{len(_configs(name)):,} configurations, {total.cases:,} cases ({total.preflights:,} preflights)")
    print(f"{total.placed:,} cases of a path, with a policy for each prefix")
    print(f"{judgements:,} judgements by {len(total.applied) - len(never)} rules, {seconds:.0f} s")
    print(f"Starlette answers otherwise for {len(total.diverging)} named reasons of {len(DIVERGENCES)}")
    if never:
        print(f"rules that never applied in this scope: {', '.join(never)}")
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scope", choices=sorted(SCOPES), default="small")
    parser.add_argument("--write", action="store_true", help="keep how often each rule applied")
    arguments = parser.parse_args()
    total = run(arguments.scope)
    applied = json.dumps(total.applied, indent=1) + "\n"
    for failure in total.failures:
        print(failure, file=sys.stderr)
    stale = False
    if arguments.write:
        APPLIED.write_text(applied)
    elif arguments.scope == "small" and APPLIED.read_text() != applied:
        stale = True
        print(STALE, file=sys.stderr)
    if facts := os.environ.get("VERIFY_FACTS"):
        Path(facts).write_text(json.dumps({
            "cases": total.cases + total.placed,
            "divergences from Starlette": len(total.diverging),
            "judgements": sum(total.applied.values()),
            "rules applied": sum(map(bool, total.applied.values())),
        }))  # fmt: skip
    return 1 if total.failures or stale or not total.cases or not total.placed else 0


if __name__ == "__main__":
    sys.exit(main())
