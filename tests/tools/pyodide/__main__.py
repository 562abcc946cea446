"""Run the tests of `impl`, `model` and the core of `spec` in Pyodide, whose Python may be newer than ours.

Node and npm must be installed; what is needed of them and of PyPI goes to build/pyodide.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests import ROOT

FOLDER = ROOT / "build" / "pyodide"
RUNNER = Path(__file__).with_name("run.mjs")

PACKAGES = (
    "click>=8.1,<9",
    "httpx>=0.27,<1",
    "hypothesis<6.156",  # the newer ones are compiled
    "pytest>=8,<10",
    "rich>=13,<16",
    "starlette>=1.10,<1.11",
)
TESTS = (
    "tests/unit/impl",
    "tests/unit/model",
    "tests/unit/spec/browser",
    "tests/unit/spec/rules",
    "tests/unit/spec/test_origin.py",
    "tests/unit/spec/test_origin_patterns.py",
    "tests/unit/spec/test_policy.py",
    "tests/unit/spec/test_suffixes.py",
)
LEFT_OUT = (  # they import FastAPI, whose pydantic is compiled, or start a server or an event loop
    "tests/unit/impl/by_path/test_by_path.py",
    "tests/unit/impl/middleware/test_event_loops.py",
    "tests/unit/impl/middleware/test_frameworks.py",
    "tests/unit/impl/test_install.py",
    "tests/unit/impl/validation/test_correction.py",
    "tests/unit/impl/validation/test_origins.py",
)
NO_THREADS = "tests/unit/impl/test_warnings.py::test_a_warning_is_given_where_no_line_constructs"


def main() -> int:
    """Install, and run; 1 if a test fails, and 0 with a word where there is no Node."""
    if not shutil.which("npm"):
        print("3.14 in Pyodide: left out, for npm is not installed")
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(RUNNER, FOLDER)  # Node looks for packages beside what it runs
    (FOLDER / "package.json").write_text('{"private": true}\n')
    subprocess.run(["npm", "install", "--silent", "pyodide@latest"], cwd=FOLDER, check=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    pure = ["--implementation", "py", "--abi", "none", "--platform", "any", "--only-binary=:all:"]
    target = ["--python-version", "3.14", "--target", str(FOLDER / "packages")]
    subprocess.run([*pip, *pure, *target, *PACKAGES], check=True)
    node = ["node", "--stack-size=6000", RUNNER.name, str(ROOT), str(FOLDER / "packages"), "-m", "not slow"]
    left_out = [f"--ignore={name}" for name in LEFT_OUT] + [f"--deselect={NO_THREADS}"]
    return subprocess.run([*node, *left_out, *TESTS], cwd=FOLDER, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
