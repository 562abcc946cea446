"""The rules of the house: who may import whom, what must be explained, what is shipped."""

import ast
import io
import re
import subprocess
import sys
import tokenize
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

OURS = {"spec", "model", "impl", "tests"}
FILES = sorted(path for package in ("spec", "model", "impl") for path in (ROOT / package).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]

MAY_IMPORT = {"spec": {"spec"}, "model": {"spec", "model"}, "impl": {"impl"}}
WITH_EXTRAS = (
    "spec/generate/drawing.py",
    "spec/cli/",
    "spec/conformance/",
    "spec/launch/pytest_verified_cors.py",
)
"""The files and folders of spec that may import third-party packages; they belong to the extras."""

MARKS = {*map(chr, range(128)), *"✓✗–"}


def imports(tree: ast.AST) -> Iterator[str]:
    """The top-level packages that a module imports when it runs, anywhere in it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield from imports(other)
        else:
            yield from imports(node)


def test_there_is_a_house() -> None:
    assert {name.partition("/")[0] for name in NAMES} == {"spec", "model", "impl"}


@pytest.mark.parametrize("name", NAMES)
def test_imports_go_in_the_permitted_directions_only(name: str) -> None:
    ours = set(imports(ast.parse((ROOT / name).read_text()))) & OURS
    assert ours <= MAY_IMPORT[name.partition("/")[0]]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(WITH_EXTRAS)])
def test_only_the_parts_behind_extras_import_third_party_packages(name: str) -> None:
    others = set(imports(ast.parse((ROOT / name).read_text()))) - OURS
    assert others <= sys.stdlib_module_names


def test_the_middleware_alone_loads_nothing_of_others() -> None:
    script = "import sys, impl, model, spec; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(loaded) - {"__main__", "impl", "model", "spec"} <= sys.stdlib_module_names


def lines_of_code(source: str) -> int:
    """Lines that hold code: not blank, not only a comment, not part of a docstring."""
    nothing = (
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    )
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in nothing:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def test_lines_of_code_are_counted() -> None:
    assert (
        lines_of_code(
            '"""A\nB."""\n\nx = 1  # one\n# two\ndef f():\n    """C."""\n    return (\n        2\n    )\n'
        )
        == 5
    )


def test_the_model_is_small() -> None:
    assert lines_of_code((ROOT / "model/server.py").read_text()) < 100


@pytest.mark.parametrize("name", [name for name in NAMES if re.match("spec/rules/.*/", name)])
def test_rules_are_plain_functions(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [function.name for function in functions if function.decorator_list] == []


def public(
    body: list[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """The public functions, classes and methods of a module, with their names."""
    for node in body:
        if isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def tabled(tree: ast.Module) -> set[str]:
    """The names in the tables and records of a module: the sentence of its rule explains a predicate."""
    kinds = (ast.Assign, ast.AnnAssign, ast.Expr)
    tables = [node.value for node in tree.body if isinstance(node, kinds) and node.value]
    return {node.id for table in tables for node in ast.walk(table) if isinstance(node, ast.Name)}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_public_is_explained(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text())
    assert not tree.body or ast.get_docstring(tree), "the module has no docstring"
    explained = tabled(tree)
    bare = [where for where, node in public(tree.body) if not ast.get_docstring(node)]
    assert [where for where in bare if where not in explained] == []


@pytest.mark.parametrize("package", ["spec", "model", "impl"])
def test_a_package_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("name", [name for name in NAMES if re.match("spec/(cli|conformance|rules)/", name)])
def test_our_own_text_is_printed_as_it_is_written(name: str) -> None:
    """What the command line prints is escaped but for ASCII; marks alone are printed unescaped."""
    tree = ast.parse((ROOT / name).read_text())
    explained = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in explained
    ]
    assert [text for text in texts if isinstance(text, str) and set(text) - MARKS] == []


def tracked() -> list[str]:
    """The files of the repository; what lies in the folder, where it is not one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    skipped = {".venv", ".git", "mutants", "__pycache__", ".hypothesis"}
    return [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.parts)]


def test_every_file_can_be_checked_out_on_windows() -> None:
    reserved = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    names = tracked()
    parts = {part for name in names for part in name.split("/")}
    assert {part for part in parts if re.search(r'[<>:"\\|?*\x00-\x1f]|[ .]$', part)} == set()
    assert {part for part in parts if reserved.fullmatch(part)} == set()
    assert len({name.lower() for name in names}) == len(names)


def test_no_file_knows_the_machine_that_it_was_written_on() -> None:
    # Put together from parts, for this file is read as well.
    paths = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/", "." + "pyenv", "C:" + "\\Users"]
    found = [
        f"{name}: {path}"
        for name in tracked()
        for path in paths
        if path in (ROOT / name).read_bytes().decode("utf-8", "replace")
    ]
    assert found == []


@pytest.mark.slow
def test_a_wheel_holds_the_three_packages_and_needs_nothing(tmp_path: Path) -> None:
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(tmp_path),
            str(ROOT),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA"))
    packaged = {name for name in names if ".dist-info/" not in name}
    data = {f"{package}/py.typed" for package in ("spec", "model", "impl")} | {
        "spec/conformance/expected_policy.schema.json",
        "spec/conformance/report.html",
        "spec/conformance/report.schema.json",
        "spec/config.schema.json",
        "spec/explain/console.json",
        "spec/RULES.md",
        "spec/rules/guidance.md",
        *(f"{folder}/public_suffixes.txt" for folder in ("spec", "impl/validation")),
        *(f"{folder}/public_suffixes.LICENSE" for folder in ("spec", "impl/validation")),
    }
    installed = {name.removeprefix("spec/launch/") for name in NAMES}
    assert packaged == installed | data
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert [line for line in required if "extra ==" not in line] == []
    assert "Requires-Python: >=3.10" in metadata


def test_an_import_of_the_middleware_loads_only_what_requests_need() -> None:
    asked = "import sys, impl; print(*sorted(name for name in sys.modules if name.startswith('impl')))"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    of_requests = ["by_path", "config", "errors", "install", "middleware", "policy"]
    assert loaded == ["impl", *(f"impl.{name}" for name in of_requests)]
