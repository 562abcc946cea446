"""`make gallery`: the checker before real implementations; writes results, and the page that shows them."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from tests.gallery import page, results
from tests.gallery.implementations import Implementation, implementations


def main(arguments: Sequence[str]) -> int:
    """0 when all that was asked for was tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    everything = implementations()
    names = [each.name for each in everything]
    parser.add_argument("--only", action="append", metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--page", action="store_true", help="only write the page, from the results that are kept"
    )
    options = parser.parse_args(arguments)
    for name in options.only or ():
        if name not in names:
            parser.error(f"--only {name}: there is no such implementation; choose from {', '.join(names)}")
    console = Console(highlight=False)
    chosen = [each for each in everything if not options.only or each.name in options.only]
    failed = [] if options.page else [each.name for each in chosen if not refreshed(each, console)]
    page.write(everything)
    console.print(f"wrote {page.PATH.relative_to(page.PATH.parents[2])}")
    if failed:
        console.print(f"[bold red]not tried: {', '.join(failed)}")
    return 1 if failed else 0


def refreshed(implementation: Implementation, console: Console) -> bool:
    """Try one, keep the result, and say how it went."""
    started = time.monotonic()
    try:
        found = results.tried(implementation)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as problem:
        told = getattr(problem, "stderr", None) or str(problem)
        console.print(f"{implementation.name}: {told.strip()}", markup=False, soft_wrap=True)
        return False
    results.write(implementation, found)
    rules = [rule for run in found["runs"].values() for rule in run.get("rules", ())]
    broken = sorted({rule["id"] for rule in rules if rule["verdict"] == "fail"})
    seconds = time.monotonic() - started
    told = ", ".join(broken) or "nothing"
    console.print(
        f"{implementation.name} {found['version']}, {seconds:.0f} s: broken: {told}", soft_wrap=True
    )
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
