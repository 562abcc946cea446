"""Packages of this project, whatever else has their names on the path that Python searches."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

HOME = Path(__file__).resolve().parents[2]
"""Where `spec`, `model` and `impl` are."""


def package_beside(name: str) -> ModuleType:
    """The package of this name that is beside `spec`; `sys.modules` and `sys.path` stay as they were."""
    theirs = named(name)
    for key in theirs:
        del sys.modules[key]
    sys.path.insert(0, str(HOME))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(HOME))
        for key in named(name):
            del sys.modules[key]
        sys.modules.update(theirs)


def named(name: str) -> dict[str, ModuleType]:
    """The modules that are imported as this name or below it."""
    return {key: module for key, module in sys.modules.items() if key.partition(".")[0] == name}
