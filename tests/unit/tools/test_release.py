"""A release is of a clean commit with a dated entry in the changelog, and PyPI would take what is built."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests import ROOT
from tests.tools.release import build, problems, version_of


def test_a_clean_commit_with_a_dated_entry_can_be_released() -> None:
    assert list(problems("1.2.0", "# Changelog\n\n## 1.2.0 (2026-11-29)\n\n## 1.1.0", "", "v1.1.0\n")) == []


@pytest.mark.parametrize(
    ("changelog", "changes", "tags", "expected"),
    [
        ("## 1.1.0 (2026-11-29)", "", "", "CHANGELOG.md has no heading for 1.2.0"),
        ("## 1.2.0 (unreleased)", "", "", "CHANGELOG.md says '## 1.2.0 (unreleased)'"),
        ("## 1.2.0", "", "", "CHANGELOG.md says '## 1.2.0'"),
        ("## 1.2.01 (2026-11-29)", "", "", "CHANGELOG.md has no heading"),
        ("## 1.2.0 (2026-11-29)", " M impl/config.py\n", "", "there are changes that are not committed"),
        ("## 1.2.0 (2026-11-29)", "", "v1.1.0\nv1.2.0\n", "v1.2.0 is tagged already"),
    ],
)
def test_anything_else_is_named(changelog: str, changes: str, tags: str, expected: str) -> None:
    [problem] = problems("1.2.0", changelog, changes, tags)
    assert problem.startswith(expected)


@pytest.mark.slow
def test_what_is_built_is_accepted_and_works_in_an_empty_environment(tmp_path: Path) -> None:
    wheel, source = sorted(build(tmp_path / "dist"), key=lambda path: path.suffix != ".whl")
    version = version_of((ROOT / "pyproject.toml").read_text())
    assert wheel.name == f"verified_cors-{version}-py3-none-any.whl"
    assert source.name == f"verified_cors-{version}.tar.gz"
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    python = tmp_path / "env/bin/python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install"]
    subprocess.run([*pip, "--quiet", "--no-deps", str(wheel)], check=True)
    program = "import impl; print(impl.install_cors.__name__, impl.__file__)"
    ran = subprocess.run(
        [str(python), "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(f"install_cors {tmp_path}")
