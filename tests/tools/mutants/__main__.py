"""Put mutants before the tests. The ledger counts with --ledger alone."""

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests import ROOT
from tests.tools.mutants import ledger, mutators, mutmuts
from tests.tools.mutants.mutators import Mutant
from tests.tools.mutants.pool import TestsFail, run_all
from tests.tools.mutants.targets import PACKAGES, sources
from tests.tools.mutants.verdict import EQUIVALENTS, conclude, judge, read_equivalents

SAMPLED = 25
"""Of so many mutants one is looked at before they are tried."""

ENGINES = {"mutmut": mutmuts.mutants, "own": mutators.mutants}


def of_file(file: str) -> list[Mutant]:
    """All mutants of a file."""
    source = (ROOT / file).read_text()
    found = [mutant for make in ENGINES.values() for mutant in make(file, source)]
    for mutant in found[::SAMPLED]:
        ast.parse(mutant.source, file)  # one that is no Python would seem to be dead
    return found


def main(arguments: Sequence[str]) -> int:
    """Run, judge and report; 0 when every mutant is dead or proven equivalent."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.mutants", description=__doc__)
    parser.add_argument("packages", nargs="+", choices=PACKAGES, metavar="PACKAGE", help=", ".join(PACKAGES))
    parser.add_argument("--only", default="", metavar="FILE", help="only mutants of this file or folder")
    parser.add_argument(
        "--ledger", action="store_true", help="try again only files whose entry in the ledger does not hold"
    )
    parser.add_argument("--write", action="store_true", help="as --ledger, and write what was proven into it")
    options = parser.parse_args(arguments)

    equivalents = read_equivalents(EQUIVALENTS.read_text())
    believed = {proof.key for proof in equivalents}
    known = ledger.read(ledger.LEDGER.read_text())
    every = [file for package in PACKAGES for file in sources(package)]
    files = [
        file for file in every if file.split("/")[0] in options.packages and file.startswith(options.only)
    ]
    packages = [package for package in options.packages if any(f.startswith(f"{package}/") for f in files)]
    if not packages:
        print(f"--only {options.only}: no source file of {', '.join(options.packages)} begins so")
        return 1
    content = {file: ledger.contents(file, equivalents) for file in files}
    believing = options.ledger or options.write
    kept = [known[file] for file in files if believing and ledger.holds(known.get(file), content[file])]
    tried = [file for file in files if file not in {entry.file for entry in kept}]
    outcomes: list[tuple[Mutant, str]] = []
    with ProcessPoolExecutor() as makers:
        made = dict(zip(tried, makers.map(of_file, tried), strict=True))
    keys = Counter(mutant.key for found in made.values() for mutant in found if mutant.engine == "own")
    if twice := [key for key, number in keys.items() if number > 1]:
        print(f"a proof of one mutant would be believed of another, too: keys given twice: {twice}")
        return 1
    for package in packages:
        mutants = [mutant for file in tried if file.split("/")[0] == package for mutant in made[file]]
        try:
            outcomes += run_all(package, mutants, believed) if mutants else []
        except TestsFail as problem:
            print(f"the tests of {package} fail before anything is mutated:\n{problem}")
            return 1
        if options.write:
            known = {file: entry for file, entry in known.items() if file in every}
            known |= ledger.proven(outcomes, equivalents, content)
            ledger.LEDGER.write_text(ledger.written(known.values()))
    wrong = ledger.differing(known, ledger.proven(outcomes, equivalents, content))
    gone = sorted(set(known) - set(every))
    within = [p for p in equivalents if p.file.split("/")[0] in packages and p.file.startswith(options.only)]
    sizes = {entry.file: entry.mutants for entry in kept}
    return conclude(judge(outcomes, within, packages, sizes, wrong + gone))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
