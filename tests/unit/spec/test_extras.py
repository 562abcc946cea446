"""Whoever lacks a package of an extra is told the command that installs it, in libraries too."""

import re
import subprocess
import sys

import pytest

from spec.extras import EXTRAS, needed
from tests import ROOT

DRAWING = "app_responses bad_configurations configurations drawing fetches origin_lines requests".split()


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(
    ("package", "module", "extra"),
    [
        ("h11", "spec.conformance", "check"),
        ("jinja2", "spec.conformance.render", "check"),
        ("jsonschema", "spec.conformance.expected_policy", "check"),
        ("hypothesis", "spec.conformance", "strategies"),
        ("hypothesis", "spec.strategies", "strategies"),
        *(("hypothesis", f"spec.generate.{name}", "strategies") for name in DRAWING),
    ],
)
def test_an_import_without_a_package_names_the_extra_that_installs_it(
    package: str, module: str, extra: str
) -> None:
    script = f"import sys; sys.modules[{package!r}] = None; import {module}"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    last = ran.stderr.strip().splitlines()[-1]
    assert last == (
        f"ModuleNotFoundError: {package} is not installed; the extra '{extra}' installs it: "
        f"pip install 'verified-cors[{extra}]'"
    )


def test_near_misses_need_no_extra() -> None:
    names = [path.stem for path in (ROOT / "spec/generate").glob("near_miss_*.py")]
    script = f"import sys; sys.modules['hypothesis'] = None; from spec.generate import {', '.join(names)}"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_what_belongs_to_no_extra_is_left_as_it_is() -> None:
    problem = ModuleNotFoundError("No module named 'spec.nothing'", name="spec.nothing")
    assert needed(problem) is problem
    nameless = ModuleNotFoundError("nothing")
    assert needed(nameless) is nameless


def test_a_module_of_a_package_counts_as_the_package() -> None:
    problem = needed(ModuleNotFoundError("No module named 'rich.table'", name="rich.table"))
    assert str(problem).startswith("rich is not installed; ")
    assert problem.name == "rich.table"


def test_every_package_of_the_checker_is_known() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    packages = re.findall(
        r'^    "(\w+)>=', text[text.index("\ncheck = [") :].partition("]\n")[0], re.MULTILINE
    )
    assert len(packages) == 6
    assert {package for package, extra in EXTRAS.items() if extra == "check"} == set(packages)


@pytest.mark.parametrize(("package", "extra"), EXTRAS.items())
def test_the_extras_are_those_of_the_project(package: str, extra: str) -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert f'"{package}>=' in text[text.index(f"\n{extra} = [") :].partition("]\n")[0]
