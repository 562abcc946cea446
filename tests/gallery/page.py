"""The results as one page: a matrix of rules by implementations, in which every cell opens an exchange."""

import json
from collections.abc import Sequence
from typing import Any

import jinja2

from spec import RULES, Severity
from tests.gallery import results
from tests.gallery.implementations import HERE, INSTALLED, Implementation, configurations
from tests.gallery.judgements import Judgement, judgements

PATH = INSTALLED / "index.html"
"""Where `make gallery` builds the page; `make docs` builds it, too."""

KINDS = {
    "in": ("✗", "lets in whom or what the configuration, or browsers, would keep out"),
    "out": ("⊘", "keeps out, or confuses browsers"),
    "cache": ("△", "may go wrong behind a cache"),
    "tidy": ("○", "a point of hygiene: no browser is misled by it"),
    "choice": ("◇", "a choice, documented or plain in the source"),
    "pass": ("✓", "holds"),
    "not applicable": ("–", "was not shown, or needs what is lacking"),
    "inconclusive": ("?", "inconclusive: an allowed GET is not granted"),
}
"""How bad it is: a mark, and what it means."""


def kind_of(rule: str, from_pages: bool = True) -> str:
    """How bad it is that a rule is broken; `from_pages`: when pages of the web ask."""
    severity = RULES[rule].severity
    if severity is Severity.CACHE:
        return "cache"
    kinds = {Severity.LETS_IN: "in", Severity.KEEPS_OUT: "out"}
    return kinds.get(severity, "tidy") if from_pages else "tidy"


def cell(
    implementation: Implementation, runs: dict[str, Any], rule: str, judgement: Judgement | None
) -> dict[str, Any]:
    """What is known of one rule and one implementation, over all configurations."""
    found = {name: each for name, run in runs.items() for each in run.get("rules", ()) if each["id"] == rule}
    verdicts = {name: each["verdict"] for name, each in found.items()}
    told: dict[str, Any] = {
        "verdicts": verdicts,
        "applied": sum(each.get("applied", 0) for each in found.values()),
    }
    failed = [name for name, verdict in verdicts.items() if verdict == "fail"]
    if failed:
        worst = next((name for name in failed if found[name]["violation"]["from_pages"]), failed[0])
        violation = found[worst]["violation"]
        choice = implementation.choices.get(rule)
        return told | {
            "kind": "choice" if choice else kind_of(rule, violation["from_pages"]),
            "choice": choice,
            "judgement": f"Judged {judgement.verdict}: {judgement.reason}" if judgement else None,
            "exchanges": violation["exchanges"],
            "with": worst,
            "broken": sum(each.get("broken", 0) for each in found.values()),
        }
    order = ("pass", "inconclusive", "not applicable")
    return told | {"kind": next((each for each in order if each in verdicts.values()), "not applicable")}


def described(implementation: Implementation) -> dict[str, Any] | None:
    """One column; None for what was never tried."""
    found = results.read(implementation)
    if found is None:
        return None
    runs = found["runs"]
    rules = list(dict.fromkeys(rule["id"] for run in runs.values() for rule in run.get("rules", ())))
    judged = judgements()
    cells = {
        rule: cell(implementation, runs, rule, judged.get((implementation.name, rule))) for rule in rules
    }
    return {
        "name": implementation.name,
        "language": implementation.language,
        "homepage": implementation.homepage,
        "version": found["version"],
        "notes": implementation.notes,
        "cannot": {name: run["cannot"] for name, run in runs.items() if "cannot" in run},
        "inconclusive": {name: run["inconclusive"] for name, run in runs.items() if run.get("inconclusive")},
        "requests": sum(run.get("requests", 0) for run in runs.values()),
        "cells": cells,
        "rediscovered": [_rediscovered(implementation, each) for each in found["rediscovered"]],
    }


def severity(rule: str, from_pages: bool = True) -> int:
    """For sorting: the worst first."""
    return list(KINDS).index(kind_of(rule, from_pages))


def _rediscovered(implementation: Implementation, found: dict[str, Any]) -> dict[str, Any]:
    version = next(each for each in implementation.versions if each.version == found["version"])
    broken = [rule for rule in found["run"].get("rules", ()) if rule["verdict"] == "fail"]
    fixed = {rule["id"]: rule["verdict"] for rule in (found["fixed_run"] or {}).get("rules", ())}
    # What found the defect: the worst of what the fixed release does not break.
    telling = [rule for rule in broken if fixed.get(rule["id"]) != "fail"] if fixed else broken
    severities = [severity(rule["id"], rule["violation"]["from_pages"]) for rule in telling]
    telling = [rule for rule, how in zip(telling, severities, strict=True) if how == min(severities)]
    return {
        "name": implementation.name,
        "version": version.version,
        "advisory": version.advisory,
        "url": version.advisory_url,
        "defect": version.defect,
        "rules": [rule["id"] for rule in telling],
        "exchange": telling[0]["violation"]["exchanges"][-1] if telling else None,
        "fixed": found["fixed_version"],
        "green": bool(telling) and all(fixed.get(rule["id"]) == "pass" for rule in telling[:1])
        if fixed
        else None,
    }


def write(everything: Sequence[Implementation]) -> None:
    """Build the page."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(made(everything))


def made(everything: Sequence[Implementation]) -> str:
    """The page of what is kept."""
    columns = [column for column in map(described, everything) if column]
    tried = list(dict.fromkeys(rule for column in columns for rule in column["cells"]))
    broken = {rule for column in columns for rule, found in column["cells"].items() if "exchanges" in found}
    data = {
        "rules": {rule: _rule(rule) for rule in tried},
        "columns": [{"name": column["name"], "cells": column["cells"]} for column in columns],
        "kinds": KINDS,
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html").render(
        columns=columns,
        rules={rule: _rule(rule) for rule in tried},
        rows=[(rule, _rule(rule)) for rule in sorted(broken, key=lambda rule: (severity(rule), rule))],
        held=[(rule, _rule(rule)) for rule in tried if rule not in broken],
        kinds=KINDS,
        configurations=configurations(),
        rediscovered=[each for column in columns for each in column["rediscovered"]],
        data=json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
    )


def _rule(rule: str) -> dict[str, str]:
    known = RULES[rule]
    return {
        "sentence": known.sentence,
        "level": known.level.value,
        "source": known.sources[0],
        "why": known.why,
        "kind": kind_of(rule),
    }
