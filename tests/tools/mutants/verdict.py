"""What became of the mutants, and whether that is good enough."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.targets import UNPROVEN

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EQUIVALENTS = Path(__file__).with_name("equivalent.toml")

KILLED = "killed"
TIMEOUT = "timeout"  # a mutant that never ends is a dead one
SURVIVED = "survived"
NO_TESTS = "no tests"  # no test of the selection comes near it
NOT_RUN = "not run"

DEAD = (KILLED, TIMEOUT)


@dataclass(frozen=True)
class Equivalent:
    """A mutant that no test can kill, and why: it behaves as the original does."""

    by: str
    file: str
    key: str
    proof: str


@dataclass(frozen=True)
class Verdict:
    """Whether a run of mutants is good enough, and what is to be said about it."""

    good: bool
    report: str
    facts: Mapping[str, int | str]


def read_equivalents(text: str) -> list[Equivalent]:
    """The list of equivalent mutants; ValueError for an entry without a proof, or listed twice."""
    entries = [
        Equivalent(e["by"], e["file"], e["key"], e["proof"]) for e in tomllib.loads(text).get("mutant", [])
    ]
    for entry in entries:
        if len(entry.proof.split()) < 4:
            raise ValueError(f"equivalent mutant {entry.key} ({entry.file}) has no proof")
    twice = [key for key, number in Counter((e.by, e.key) for e in entries).items() if number > 1]
    if twice:
        raise ValueError(f"equivalent mutants listed twice: {twice}")
    return entries


def judge(
    outcomes: Sequence[tuple[Mutant, str]],
    proofs: Iterable[Equivalent],
    packages: Sequence[str],
    kept: Mapping[str, int] | None = None,
    wrong: Iterable[str] = (),
) -> Verdict:
    """Good when each package has mutants, all ran, each is dead or proven equivalent, and no proof is stale.

    `kept`: the files that were not tried, for the ledger is believed, with how many mutants each has.
    `wrong`: the files whose entry in it does not hold.
    """
    kept = kept or {}
    listed = {(proof.by, proof.key): proof for proof in proofs if proof.file not in (*kept, *UNPROVEN)}
    living = [(m, o) for m, o in outcomes if o not in DEAD]
    alive = {(m.engine, m.key) for m, o in living if o != NOT_RUN}
    unlisted = [(m, o) for m, o in living if o == NOT_RUN or (m.engine, m.key) not in listed]
    stale = [proof for key, proof in listed.items() if key not in alive]
    files = [*kept, *(mutant.file for mutant, _ in outcomes)]
    empty = [package for package in packages if not any(file.split("/")[0] == package for file in files)]
    wrong = list(wrong)

    counts = Counter(outcome for _, outcome in outcomes)
    facts: dict[str, int | str] = {
        "mutants": len(outcomes) + sum(kept.values()),
        "from the ledger": sum(kept.values()),
        "killed": counts[KILLED],
        "timed out": counts[TIMEOUT],
        "proven equivalent": len(alive & set(listed)),
        "survived": len([m for m, o in unlisted if o == SURVIVED]),
        "no tests": len([m for m, o in unlisted if o == NO_TESTS]),
        "not run": counts[NOT_RUN],
        "stale proofs": len(stale),
        "alive:": "; ".join(f"{m.file}: {m.where}: {m.what}" for m, o in unlisted if o != NOT_RUN),
    }
    lines = [*(_survivor(m, o) for m, o in unlisted if o != NOT_RUN)]
    lines += [f"not run: {m.file}: {m.where}: {m.what}" for m, o in unlisted if o == NOT_RUN][:10]
    lines += [
        f"stale: {e.key} of {e.file} is listed as equivalent, but no such mutant survives" for e in stale
    ]
    lines += [f"there are no mutants of {package}: nothing was checked" for package in empty]
    lines += [f"{file}: its entry in the ledger is out of date or wrong" for file in wrong]
    lines += ["when all mutants of these are dead, `make ledger` writes the entries"] if wrong else []
    lines.append(", ".join(f"{n:,} {name}" for name, n in facts.items() if n and isinstance(n, int)))
    return Verdict(not (unlisted or stale or empty or wrong), "\n".join(lines), facts)


def _survivor(mutant: Mutant, outcome: str) -> str:
    """A mutant that lives, and the entry that would list it as equivalent."""
    change = "\n".join("    " + line for line in mutant.change.splitlines())
    entry = [f'by = "{mutant.engine}"', f'file = "{mutant.file}"', f'key = "{mutant.key}"']
    entry += [f"where = {mutant.where!r}", 'proof = ""']
    return (
        f"\n{outcome}: {mutant.file}: {mutant.where}: {mutant.what}\n{change}\n"
        f"  kill it with a better test, or list it in {EQUIVALENTS.name} with a proof:\n"
        + "\n".join("    " + line for line in ("[[mutant]]", *entry))
    )


def conclude(verdict: Verdict) -> int:
    """Print a verdict, leave its numbers for tests/tools/verify.py, and give the exit code."""
    print(verdict.report, flush=True)
    target = os.environ.get("VERIFY_FACTS")
    if target:
        Path(target).write_text(
            json.dumps({name: number for name, number in verdict.facts.items() if number})
        )
    return 0 if verdict.good else 1
