"""The script `verified-cors` works where other people's files have the names of this project's packages."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

SCRIPT = ROOT / "spec/launch/verified_cors.py"


def run(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a directory."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        cwd=place,
        env={"COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.mutation
def test_it_imports_the_spec_that_it_belongs_to(tmp_path: Path) -> None:
    (tmp_path / "spec.py").write_text("raise SystemExit('a file of somebody else was imported')\n")
    ran = run(tmp_path, "rules", "S-PF-5", PYTHONPATH=".")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("S-PF-5: ")


@pytest.mark.slow
@pytest.mark.mutation
def test_an_application_imports_its_own_packages_while_it_runs(tmp_path: Path) -> None:
    (tmp_path / "impl.py").write_text("VARY = 'Origin'\n")
    (tmp_path / "cors.toml").write_text("allow_methods = []\n")
    (tmp_path / "shop.py").write_text(
        "def app(environ, start_response):\n    import impl\n\n"
        "    start_response('200 OK', [('vary', impl.VARY)])\n    return [b'']\n"
    )
    quick = ("--max-examples", "0", "--rules", "S-SYN-2")
    ran = run(tmp_path, "check", "shop:app", "--config", "cors.toml", *quick, PYTHONPATH=".")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.mutation
def test_it_works_where_it_is_installed_beside_the_packages(tmp_path: Path) -> None:
    installed, place = tmp_path / "installed", tmp_path / "place"
    installed.mkdir()
    place.mkdir()
    (installed / "spec").symlink_to(ROOT / "spec")
    (installed / "verified_cors.py").write_text(SCRIPT.read_text())
    (place / "spec.py").write_text("raise SystemExit('a file of somebody else was imported')\n")
    ran = subprocess.run(
        [sys.executable, "-m", "verified_cors", "explain", "--help"],
        cwd=place,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Usage: verified-cors explain [OPTIONS] [URL]\n")


@pytest.mark.slow
@pytest.mark.mutation
def test_it_says_its_version(tmp_path: Path) -> None:
    ran = run(tmp_path, "--version")
    assert (ran.returncode, ran.stdout) == (0, "verified-cors 0.1.0\n")
    assert 'version = "0.1.0"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.slow
@pytest.mark.mutation
def test_it_completes_commands_in_a_shell(tmp_path: Path) -> None:
    asked = {"_VERIFIED_CORS_COMPLETE": "bash_complete", "COMP_WORDS": "verified-cors e", "COMP_CWORD": "1"}
    assert run(tmp_path, **asked).stdout == "plain,explain\n"
