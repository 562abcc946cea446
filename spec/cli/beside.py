"""Packages of this project, whatever else has their names on the path that Python searches."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

HOME = Path(__file__).resolve().parents[2]
"""Where `spec`, `model` and `impl` are."""


def package_beside(name: str) -> ModuleType:
    """The package of this name that is beside `spec`; `sys.modules` is as it was."""
    known = sys.modules.get(name)
    place = HOME / name / "__init__.py"
    if known is not None and known.__file__ is not None and Path(known.__file__).resolve() == place:
        return known
    theirs = {key: sys.modules.pop(key) for key in list(sys.modules) if key.partition(".")[0] == name}
    found = importlib.util.spec_from_file_location(
        name, place, submodule_search_locations=[str(place.parent)]
    )
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    finally:
        for key in [key for key in sys.modules if key.partition(".")[0] == name]:
            del sys.modules[key]
        sys.modules.update(theirs)
    return module
