"""What a person says of each finding of level MUST or SECURITY, by implementation and rule."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spec import RULES, Level
from tests.gallery import results
from tests.gallery.implementations import HERE, Implementation

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PATH = HERE / "judgements.toml"

VERDICTS = ("true", "arguable", "false")
"""It breaks a rule that binds it; there is something to be said for it; the checker is wrong."""


@dataclass(frozen=True)
class Judgement:
    """A verdict and a line of reason."""

    verdict: str
    reason: str


def judgements() -> dict[tuple[str, str], Judgement]:
    """All of `judgements.toml`. Raises ValueError for an unknown verdict, and for two of one finding."""
    data: dict[str, Any] = tomllib.loads(PATH.read_text())
    found: dict[tuple[str, str], Judgement] = {}
    for each in data["judgements"]:
        if each["verdict"] not in VERDICTS:
            raise ValueError(f"{each['rule']}: {each['verdict']!r} is none of {', '.join(VERDICTS)}")
        for name in each["of"]:
            if (name, each["rule"]) in found:
                raise ValueError(f"{name}, {each['rule']}: judged twice")
            found[name, each["rule"]] = Judgement(each["verdict"], each["reason"])
    return found


def to_judge(everything: Sequence[Implementation]) -> Iterator[tuple[str, str]]:
    """The findings of the current releases, under any configuration."""
    for implementation in everything:
        runs = (results.read(implementation) or {"runs": {}})["runs"].values()
        rules = {rule["id"] for run in runs for rule in run.get("rules", ()) if rule["verdict"] == "fail"}
        for rule in sorted(rules):
            if RULES[rule].level in (Level.MUST, Level.SECURITY):
                yield implementation.name, rule
