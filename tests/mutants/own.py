"""Put our own mutants before the tests: `python -m tests.mutants.own ROOM… [--sample N]`."""

import argparse
import sys
from collections.abc import Sequence

from tests.mutants.mutators import Mutant, mutants
from tests.mutants.pool import TestsFail, run_all
from tests.mutants.rooms import ROOMS, ROOT, sources
from tests.mutants.verdict import EQUIVALENTS, conclude, judge, read_equivalents


def of_room(room: str) -> list[Mutant]:
    """All our mutants of a room."""
    return [mutant for file in sources(room) for mutant in mutants(file, (ROOT / file).read_text())]


def sampled(everything: Sequence[Mutant], number: int | None) -> list[Mutant]:
    """This many of them, evenly spread and the same ones each time; all of them without a number."""
    if number is None or number >= len(everything):
        return list(everything)
    return [everything[index * len(everything) // number] for index in range(number)]


def main(arguments: Sequence[str]) -> int:
    """Run, judge and report; 0 when every mutant is dead or proven equivalent."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.own", description=__doc__)
    parser.add_argument("rooms", nargs="+", choices=ROOMS, metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument(
        "--sample", type=int, metavar="N", help="at most N mutants of each room, evenly spread"
    )
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only mutants whose file or function has TEXT in it"
    )
    options = parser.parse_args(arguments)

    equivalents = read_equivalents(EQUIVALENTS.read_text())
    believed = {entry.key for entry in equivalents if entry.by == "own"}
    outcomes = []
    left_out = []
    for room in options.rooms:
        everything = of_room(room)
        wanted = [mutant for mutant in everything if options.only in f"{mutant.file}:{mutant.where}"]
        chosen = sampled(wanted, options.sample)
        keys = {mutant.key for mutant in chosen}
        left_out += [mutant for mutant in everything if mutant.key not in keys]
        try:
            outcomes += run_all(room, chosen, f"own mutants of {room}", believed)
        except TestsFail as problem:
            print(f"the tests of {room} fail before anything is mutated:\n{problem}")
            return 1
    return conclude(judge("own", outcomes, equivalents, options.rooms, left_out))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
