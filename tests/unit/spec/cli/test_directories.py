"""The script `verified-cors` works where other people's files have the names of this project's packages."""

from pathlib import Path

import pytest

from tests.unit.spec.launch.test_verified_cors import run

SHADOW = "raise SystemExit('a file of somebody else was imported')\n"
CONFIG = 'allow_origins = ["https://app.example"]\n'
APP = """\
import impl
import model

assert model.MINE and impl.MINE


def app(environ, start_response):
    headers = [("content-type", "text/plain"), ("vary", "Origin")]
    if environ.get("HTTP_ORIGIN") == "https://app.example":
        headers.append(("access-control-allow-origin", "https://app.example"))
    start_response("200 OK", headers)
    return [b"fine"]
"""


@pytest.fixture(params=["modules", "packages"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A directory with a `spec`, a `model` and an `impl` of somebody else."""
    for name, text in (("spec", SHADOW), ("model", "MINE = True\n"), ("impl", "MINE = True\n")):
        if request.param == "packages":
            (tmp_path / name).mkdir()
        file = tmp_path / (f"{name}/__init__.py" if request.param == "packages" else f"{name}.py")
        file.write_text(text)
    (tmp_path / "shop.py").write_text(APP)
    (tmp_path / "cors.toml").write_text(CONFIG)
    return tmp_path


FEW = ("--rules", "SEC-2", "--max-examples", "0")  # what is imported does not depend on what is asked
CHECK = ("check", "shop:app", "--config", "cors.toml", *FEW)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "."])
def test_each_command_works_beside_files_of_these_names(place: Path, path: str) -> None:
    rules = run(place, "rules", "S-PF-5", PYTHONPATH=path)
    assert (rules.returncode, rules.stderr) == (0, "")
    assert rules.stdout.startswith("S-PF-5: ")
    question = ("--config", "cors.toml", "--origin", "https://app.example", "--method", "GET")
    explained = run(place, "explain", *question, PYTHONPATH=path)
    assert (explained.returncode, explained.stderr) == (0, "")
    assert "ALLOWED" in explained.stdout
    checked = run(place, *CHECK, PYTHONPATH=path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "shop:app conforms" in checked.stdout


@pytest.mark.slow
def test_an_application_imports_its_own_spec(place: Path) -> None:
    for file in (*place.glob("spec.py"), *place.glob("spec/__init__.py")):
        file.write_text("MINE = True\n")
    (place / "shop.py").write_text(f"import spec\nassert spec.MINE\n{APP}")
    checked = run(place, *CHECK)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "shop:app conforms" in checked.stdout


@pytest.mark.slow
def test_a_factory_gets_the_configuration_of_this_package(tmp_path: Path) -> None:
    (tmp_path / "cors.toml").write_text(CONFIG)
    app = APP[APP.index("def app") :].replace("\n", "\n    ")
    (tmp_path / "shop.py").write_text(
        "from spec import Config\n\n\ndef make(config):\n    assert type(config) is Config\n\n"
        f"    {app}\n    return app\n"
    )
    checked = run(tmp_path, "check", "shop:make", "--factory", "--config", "cors.toml", *FEW)
    assert checked.returncode in (0, 1), checked.stderr
    assert "shop:make" in checked.stdout
