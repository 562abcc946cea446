"""The GitHub Action and the pre-commit hook of this repository, as another repository uses them."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import ROOT

APP = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        headers = [(b"access-control-allow-origin", b"*")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
"""
ONE_RULE = "--rules\nS-ORG-5\n\n--max-examples\n0\n"
PATH = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return found


def run_step(
    step: dict[str, Any], folder: Path, path: str, **inputs: str
) -> "subprocess.CompletedProcess[str]":
    """A step as GitHub runs it: bash, with what its `env` makes of the inputs."""
    assert step["shell"] == "bash"
    known = {name: str(each.get("default", "")) for name, each in action()["inputs"].items()} | inputs
    given = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: known[found[1]], value)
        for name, value in step.get("env", {}).items()
    }
    assert "${{" not in step["run"]  # what a user writes is never part of a script
    github = {
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(folder),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **github, **given, "PATH": path}, capture_output=True,
        text=True, timeout=180, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "code", "summary"),
    [
        ('allow_origins = ["*"]', 0, "conforms"),
        ('allow_origins = ["https://a.example"]', 1, "does not conform"),
    ],
)
def test_the_action_checks_and_writes_a_summary(tmp_path: Path, policy: str, code: int, summary: str) -> None:
    (tmp_path / "shop.py").write_text(APP)
    (tmp_path / "cors policy.toml").write_text(policy)
    check = action()["runs"]["steps"][-1]
    ran = run_step(check, tmp_path, PATH, target="shop:app", config="cors policy.toml", options=ONE_RULE)
    assert ran.returncode == code, ran.stderr
    assert "shop:app" in ran.stdout
    first = (tmp_path / "summary.md").read_text().splitlines()[0]
    assert first.endswith(f": {summary}")


@pytest.mark.slow
def test_the_action_tells_what_is_wrong_with_its_inputs(tmp_path: Path) -> None:
    ran = run_step(action()["runs"]["steps"][-1], tmp_path, PATH, target="shop:app; echo broken")
    assert ran.returncode == 2
    assert "say which origins the server allows" in ran.stderr
    assert "broken" not in ran.stdout


@pytest.mark.slow
def test_the_action_installs_the_command(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    scripts = environment / "bin"
    # What it depends on is there already, pip too; this project is not.
    [library] = (environment / "lib").glob("python*/site-packages")
    (library / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    steps = action()["runs"]["steps"]
    assert len(steps) == 2
    ran = run_step(steps[0], tmp_path, f"{scripts}{os.pathsep}{os.environ['PATH']}")
    assert ran.returncode == 0, ran.stderr
    version = subprocess.run(
        [scripts / "verified-cors", "--version"], capture_output=True, text=True, check=True
    )
    assert version.stdout.startswith("verified-cors ")


@pytest.mark.slow
def test_the_hook_runs_under_pre_commit(tmp_path: Path) -> None:
    def git(folder: Path, *arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()

    hooks, used = tmp_path / "hooks", tmp_path / "used"
    for folder in (hooks, used):
        folder.mkdir()
        git(folder, "init", "--quiet")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "add", ".")
    git(hooks, "commit", "--quiet", "--message", "hooks")
    (used / "shop.py").write_text(APP)
    arguments = ["shop:app", "--rules", "S-ORG-5", "--max-examples", "0", "--allow-origin"]
    for origin, code in (("*", 0), ("https://a.example", 1)):
        hook = {"id": "verified-cors", "args": [*arguments, origin]}
        repository = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD"), "hooks": [hook]}
        (used / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repository]}))
        git(used, "add", ".")
        ran = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"], cwd=used, capture_output=True,
            env={**os.environ, "PATH": PATH, "PRE_COMMIT_HOME": str(tmp_path / "cache")}, text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == code, ran.stdout + ran.stderr
        assert ("S-ORG-5 (SECURITY)" in ran.stdout) is bool(code)
