"""A package of this project is found whatever else is imported under its name."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from spec.cli import beside
from spec.cli.beside import named, package_beside
from tests import ROOT

import_module("model")  # what it needs of others is loaded, too, before anything is compared


def test_ours_is_found_beside_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("model", "model.parts"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.syspath_prepend(ROOT / "tests")
    before, path = dict(sys.modules), list(sys.path)
    found = package_beside("model")
    assert found.__file__ == str(ROOT / "model/__init__.py")
    assert found.respond.__module__ == "model.server"
    assert (dict(sys.modules), sys.path) == (before, path)


def test_it_is_found_where_nothing_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in named("model"):
        monkeypatch.delitem(sys.modules, name)
    before = dict(sys.modules)
    assert package_beside("model").respond
    assert dict(sys.modules) == before


def test_what_was_imported_comes_back_after_a_package_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/__init__.py").write_text("raise OSError(__name__)\n")
    monkeypatch.setattr(beside, "HOME", tmp_path)
    before, path = dict(sys.modules), list(sys.path)
    with pytest.raises(OSError, match=r"^model$"):
        package_beside("model")
    assert (dict(sys.modules), sys.path) == (before, path)


def test_the_modules_of_a_name_are_it_and_those_below(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {name: ModuleType(name) for name in ("models", "model", "model.a", "a.model")}
    for name, module in made.items():
        monkeypatch.setitem(sys.modules, name, module)
    assert {"model", "model.a"} <= set(named("model"))
    assert not {"models", "a.model"} & set(named("model"))
    assert named("model")["model.a"] is made["model.a"]
    assert named("nothing.of.this") == {}
