"""The script `verified-cors`: finds the `spec` that it belongs to, not another one that Python finds first.

A file of its own, at the top of what is installed, because nobody else has a module of its name; many have a
`spec`, in the folder that they work in or on PYTHONPATH.
"""

import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Run the command line."""
    here = Path(__file__).resolve().parent
    home = here / "spec" if (here / "spec").is_dir() else here.parent  # installed; in a work tree
    found = importlib.util.spec_from_file_location(
        "spec", home / "__init__.py", submodule_search_locations=[str(home)]
    )
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["spec"] = module
    found.loader.exec_module(module)
    from spec.cli.main import main as command

    command(prog_name="verified-cors")


if __name__ == "__main__":
    main()
