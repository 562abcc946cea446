"""The script `verified-cors`: finds the `spec` that it belongs to, not another one that Python finds first.

A file of its own, at the top of what is installed, because nobody else has a module of its name; many have a
`spec`, in the folder that they work in or on PYTHONPATH.
"""

import sys
from pathlib import Path


def home() -> str:
    """Where the `spec` of this project is: beside this file when it is installed, or in a work tree."""
    here = Path(__file__).resolve().parent
    return str(here if (here / "spec").is_dir() else here.parents[1])


def main() -> None:
    """Run the command line."""
    sys.path.insert(0, home())
    from spec.cli.main import main as command

    sys.path.remove(home())  # an application under test may have a `model` of its own
    command(prog_name="verified-cors")


if __name__ == "__main__":
    main()
