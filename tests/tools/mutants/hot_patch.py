"""Give modules that are imported already the behaviour of a changed source, wherever their parts are in use.

Functions keep their identity and get other code, so that tables and other modules that hold them see the
change; other values are replaced where they are known by the same name. What this misses, derived values
above all, a fresh import shows: a mutant that lives here is heard a second time.
"""

import __future__

import re
import sys
from dataclasses import is_dataclass
from pathlib import PurePosixPath
from types import FunctionType, ModuleType
from typing import Any

from click import Command, Group

OURS = ("impl", "model", "spec", "tests")
ALONE = re.compile(r"(@.*\n)*class |(async )?def ")
"""How a definition begins that can be run alone. What follows a decorated function in its module may act on
the object that it has become: a command gets its subcommands."""
_WRAPPED = {property: ("fget",), staticmethod: ("__func__",), classmethod: ("__func__",)}


def name_of(file: str) -> str:
    """The name of the module in this file, which is given relative to the root."""
    path = PurePosixPath(file).with_suffix("")
    return ".".join(path.parts[:-1] if path.name == "__init__" else path.parts)


def module_of(file: str) -> ModuleType | None:
    """The imported module of this file; None when nothing has imported it."""
    return sys.modules.get(name_of(file))


def hot_patch(module: ModuleType, source: str, statement: str = "") -> None:
    """Change an imported module into what this source says. Raises what the source raises when it runs.

    With the `statement` that is different, the definition of a plain function or a class, it alone is run.
    """
    if ALONE.match(statement):
        name = re.split(r"[(:]", re.sub(r"(?m)\A(@.*\n)*(async )?(def|class) ", "", statement), maxsplit=1)[0]
        old = vars(module)[name]
        # As in the module, annotations are not evaluated where it says so.
        lazily = vars(module).get("annotations") is __future__.annotations
        flags = __future__.annotations.compiler_flag if lazily else 0
        exec(compile(statement, str(module.__file__), "exec", flags, dont_inherit=True), vars(module))
        new = vars(module)[name]
        setattr(module, name, old)
        _put(module, name, new)
        return
    space = {name: value for name, value in vars(module).items() if name.startswith("__")}
    exec(compile(source, str(module.__file__), "exec"), space)
    for name, new in space.items():
        if not name.startswith("__") or name == "__all__":
            _put(module, name, new)
    for name in set(vars(module)) - set(space):
        if not isinstance(vars(module)[name], ModuleType):
            delattr(module, name)


def _put(module: ModuleType, name: str, new: Any) -> None:
    """Let one name of a module mean what it means now, in place if that can be."""
    old = vars(module).get(name)
    if old is None or not _changed_in_place(old, new, module.__name__):
        setattr(module, name, new)
        for other in [other for key, other in sys.modules.items() if key.split(".")[0] in OURS]:
            if old is not None and vars(other).get(name) is old:
                setattr(other, name, new)


def _changed_in_place(old: Any, new: Any, home: str) -> bool:
    """Whether the old object could be made to behave as the new one; True as well when it is the same."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    if getattr(old, "__module__", None) == home and isinstance(old, FunctionType):
        return _transplant(old, new)
    if getattr(old, "__module__", None) == home and isinstance(old, type):
        return _patch_class(old, new, home)
    if isinstance(old, dict):
        old.clear()
        old.update(new)
        return True
    # A group holds its commands one by one; what a group holds itself, later lines have added.
    if isinstance(old, Command) and not isinstance(old, Group):
        vars(old).update(vars(new))
        return True
    # Such as the rules of a chapter, which a catalogue holds one by one.
    if isinstance(old, (tuple, list)) and len(old) == len(new) and all(is_dataclass(part) for part in old):
        for before, after in zip(old, new, strict=True):
            vars(before).update(vars(after))
        return True
    return False


def _transplant(old: FunctionType, new: FunctionType) -> bool:
    """Give a function the code and the defaults of another; False when their closures do not fit."""
    if len(old.__code__.co_freevars) != len(new.__code__.co_freevars):
        return False
    old.__code__ = new.__code__
    old.__defaults__ = new.__defaults__
    old.__kwdefaults__ = new.__kwdefaults__
    return True


def _patch_class(old: type, new: type, home: str) -> bool:
    """Give a class the attributes of another, its methods in place."""
    if old.__bases__ != new.__bases__ and [b.__name__ for b in old.__bases__] != [
        b.__name__ for b in new.__bases__
    ]:
        return False
    for name, after in list(vars(new).items()):
        before = vars(old).get(name)
        for part in _WRAPPED.get(type(after), ()):
            inner, fresh = getattr(before, part, None), getattr(after, part)
            if isinstance(inner, FunctionType) and isinstance(fresh, FunctionType):
                _transplant(inner, fresh)
        if isinstance(before, FunctionType) and isinstance(after, FunctionType):
            if not _transplant(before, after):
                setattr(old, name, after)
        elif name not in ("__dict__", "__weakref__", "__module__", "__doc__") and type(after) not in _WRAPPED:
            try:
                setattr(old, name, after)
            except (AttributeError, TypeError):
                return False
    return True
