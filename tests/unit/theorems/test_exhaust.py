"""What the exhaustive stage says when its counts are not those that are kept."""

from pathlib import Path

import pytest

from tests.theorems import exhaust


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file of counts; the scope is not enumerated."""
    tally = exhaust.Tally(cases=1, placed=1)
    monkeypatch.setattr(exhaust, "run", lambda name: tally)
    monkeypatch.setattr(exhaust, "APPLIED", tmp_path / "applied.json")
    return tmp_path / "applied.json"


def test_stale_counts_are_told_with_the_commands_that_write_them(
    counted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted.write_text("{}\n")
    monkeypatch.setattr("sys.argv", ["exhaust"])
    assert exhaust.main() == 1
    assert capsys.readouterr().err == (
        "applied.json is stale: run `.venv/bin/python -m tests.theorems.exhaust --write`, then `make rules`\n"
    )
    monkeypatch.setattr("sys.argv", ["exhaust", "--write"])
    assert exhaust.main() == 0
    monkeypatch.setattr("sys.argv", ["exhaust"])
    assert exhaust.main() == 0
    assert capsys.readouterr().err == ""
