"""The commands together: help, version, and what is said where a package is missing."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests import ROOT
from tests.unit.spec.cli.running import run, words


def test_help_says_what_can_be_asked() -> None:
    for arguments in (("--help",), ("-h",), ("rules", "-h"), ("explain", "-h"), ("check", "-h")):
        assert "-h, --help Show this message and exit." in words(run(*arguments).stdout)
    assert "Usage: main [OPTIONS] COMMAND [ARGS]..." in run("-h").stdout


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"verified-cors {version('verified-cors')}\n"


def test_a_command_that_there_is_not_is_a_usage_error() -> None:
    ran = run("chek")
    assert ran.exit_code == 2
    assert "Error: No such command 'chek'." in ran.stderr


# As a process of its own


@pytest.mark.slow
@pytest.mark.mutation
def test_it_runs_as_a_module(tmp_path: Path) -> None:
    config = tmp_path / "cors.toml"
    config.write_text('allow_origins = ["https://app.example"]\n')

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "spec", "explain", "--method", "GET", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    blocked = ran("--config", str(config), "--origin", "https://evil.example")
    assert (blocked.returncode, blocked.stderr) == (1, "")
    assert "BLOCKED" in blocked.stdout and "\x1b" not in blocked.stdout
    wrong = ran("--config", str(config))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("Usage: python -m spec explain [OPTIONS] [URL]\n")


def without(package: str, minor: int) -> tuple[int, str]:
    """How `python -m spec --help` ends, and what it complains of, as if on a Python 3 without a package."""
    as_if = f"sys.version_info = (3, {minor}); sys.modules[{package!r}] = None; sys.argv[1:] = ['--help']"
    script = (
        f"import runpy, sys, h11, hypothesis, jinja2, jsonschema, spec, click, rich.table; {as_if}; "
        "runpy.run_module('spec', run_name='__main__')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stderr


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("package", "minor"), [("click", 11), ("rich", 11), ("tomli", 10)])
def test_without_its_packages_it_says_how_to_get_them(package: str, minor: int) -> None:
    said = f"verified-cors: {package} is not installed; the extra 'check' installs it: "
    assert without(package, minor) == (2, f"{said}pip install 'verified-cors[check]'\n")


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.skipif("sys.version_info < (3, 11)", reason="Python 3.10 has no reader of TOML")
def test_python_3_11_needs_nothing_to_read_toml() -> None:
    assert without("tomli", 11) == (0, "")
