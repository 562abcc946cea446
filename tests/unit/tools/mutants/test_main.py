"""`make mutants ONLY=…` judges the packages that have such a file, and no others."""

from __future__ import annotations

import pytest

from tests.tools.mutants import __main__ as mutants
from tests.tools.mutants import ledger

PACKAGES = ("impl", "model", "spec")


def test_one_file_of_one_package_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ledger, "holds", lambda entry, content: entry is not None)
    assert mutants.main([*PACKAGES, "--ledger", "--only", "impl/pattern.py"]) == 0
    assert "from the ledger" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main([*PACKAGES, "--only", "impl/patern.py"]) == 1
    assert capsys.readouterr().out == (
        "--only impl/patern.py: no source file of impl, model, spec begins so\n"
    )
