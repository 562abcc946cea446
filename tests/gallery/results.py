"""What the checker found, kept as one file for each implementation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spec import Config
from spec.conformance import Report, check_url, render
from spec.origin import Kind, canonical
from tests.gallery.implementations import (
    HERE,
    Implementation,
    Unable,
    Version,
    configurations,
    file_name,
    served,
)

RESULTS = HERE / "results"
EXAMPLES = 60
"""How many random requests are tried in each run."""


def path_of(implementation: Implementation) -> Path:
    """The file of an implementation."""
    return RESULTS / f"{file_name(implementation)}.jsonl"


def tried(implementation: Implementation) -> dict[str, Any]:
    """The current release under all configurations, the others under that which shows their defect."""
    current, *others = implementation.versions
    runs = {name: run(implementation, current, config) for name, (_, config) in configurations().items()}
    for version in others:
        if not version.configuration and not version.fixes:
            raise ValueError(f"{implementation.name} {version.version} has no configuration to show it under")
    return {
        "name": implementation.name,
        "version": current.version,
        "runs": runs,
        "rediscovered": [
            rediscovered(implementation, each) for each in implementation.versions if each.defect
        ],
    }


def rediscovered(implementation: Implementation, version: Version) -> dict[str, Any]:
    """A release with a published defect, and one without it, under the same configuration."""
    config = Config.from_mapping(version.configuration)
    without = next((each for each in implementation.versions if each.fixes == version.version), None)
    if without is None and version.fixed:
        without = implementation.versions[0]
    return {
        "version": version.version,
        "run": run(implementation, version, config),
        "fixed_version": without.version if without else None,
        "fixed_run": run(implementation, without, config) if without else None,
    }


def run(implementation: Implementation, version: Version, config: Config) -> dict[str, Any]:
    """One version under one configuration: verdicts, and the smallest exchange for each broken rule.

    Raises RuntimeError when the positive control fails: an adapter is wrong then, or the machine too busy.
    """
    try:
        with served(implementation, version, config) as url:
            report = check_url(url, config, target=implementation.target, max_examples=EXAMPLES)
    except Unable as reason:
        return {"cannot": str(reason)}
    if report.inconclusive:
        raise RuntimeError(f"{implementation.name} {version.version}: {report.inconclusive}")
    return told(report, url)


def told(report: Report, url: str) -> dict[str, Any]:
    """What is kept of a report: nothing that changes from run to run, such as the port."""
    found = render.described(report, "http://127.0.0.1:8000")
    kept = ("id", "verdict", "reason", "applied", "broken", "violation")
    for violation in (rule["violation"] for rule in found["rules"] if rule["violation"]):
        violation["from_pages"] = all(map(is_from_a_page, violation["exchanges"]))
        for exchange in violation["exchanges"]:
            exchange["status"] = exchange.pop("response")["status"]
            del exchange["request"]  # it is in the curl line
        del violation["configuration"]
    result = {
        "requests": found["requests"],
        "inconclusive": found["inconclusive"],
        "trouble": found["trouble"],
        "rules": [{name: rule[name] for name in kept if rule[name]} for rule in found["rules"]],
    }
    text = json.dumps(result).replace(url.removeprefix("http://"), "127.0.0.1:8000")
    kept_result: dict[str, Any] = json.loads(text)
    return kept_result


def is_from_a_page(exchange: dict[str, Any]) -> bool:
    """Whether there is one Origin, and one that pages of the web have."""
    origins = [value for name, value in exchange["request"]["headers"] if name == "origin"]
    if len(origins) != 1:
        return False
    is_web = origins[0].startswith(("http://", "https://")) and canonical(origins[0]).kind is Kind.CANONICAL
    return is_web or origins[0] == "null"


def write(implementation: Implementation, result: dict[str, Any]) -> None:
    """Keep a result: a line of JSON for each finding, so that it can be read, and compared line by line.

    A run is a line with its verdicts, then a line for each rule that it breaks.
    """
    RESULTS.mkdir(exist_ok=True)
    path_of(implementation).write_text("".join(json.dumps(line) + "\n" for line in lines_of(result)))


def lines_of(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A result as lines."""
    yield {"name": result["name"], "version": result["version"]}
    for name, run in result["runs"].items():
        yield from _run_lines({"run": name}, run)
    for found in result["rediscovered"]:
        head = {"defect": found["version"]}
        yield from _run_lines(head, found["run"])
        if found["fixed_run"]:
            yield from _run_lines({**head, "fixed": found["fixed_version"]}, found["fixed_run"])


def _run_lines(head: dict[str, Any], run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rules = run.get("rules", [])
    held = {
        rule["id"]: [rule["verdict"], rule.get("applied", 0)] for rule in rules if "violation" not in rule
    }
    why = {rule["id"]: rule["reason"] for rule in rules if "reason" in rule}
    facts = {name: value for name, value in run.items() if name != "rules"}
    yield {**head, **facts, **({"verdicts": held, "reason": why} if "rules" in run else {})}
    yield from ({**head, **rule} for rule in rules if "violation" in rule)


def read(implementation: Implementation) -> dict[str, Any] | None:
    """What was kept; None when it was never tried."""
    path = path_of(implementation)
    if not path.exists():
        return None
    first, *lines = map(json.loads, path.read_text().splitlines())
    result: dict[str, Any] = {**first, "runs": {}, "rediscovered": []}
    run: dict[str, Any] = {}
    for line in lines:
        name, defect, fixed = (line.pop(key, None) for key in ("run", "defect", "fixed"))
        if "id" in line:
            run["rules"].append(line)
            continue
        held, why = line.pop("verdicts", None), line.pop("reason", {})
        run = line
        if held is not None:
            run["rules"] = [
                _held(id, verdict, applied, why.get(id)) for id, (verdict, applied) in held.items()
            ]
        if name:
            result["runs"][name] = run
        elif fixed:
            result["rediscovered"][-1] |= {"fixed_version": fixed, "fixed_run": run}
        else:
            found = {"version": defect, "run": run, "fixed_version": None, "fixed_run": None}
            result["rediscovered"].append(found)
    return result


def _held(id: str, verdict: str, applied: int, reason: str | None) -> dict[str, Any]:
    """A rule that was not broken, as a report has it."""
    return {"id": id, "verdict": verdict, "applied": applied, **({"reason": reason} if reason else {})}
