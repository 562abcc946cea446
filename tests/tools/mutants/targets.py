"""The packages that are mutated, and the tests that are run against each mutant."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests import ROOT

PACKAGES = ("impl", "model", "spec")

_THEOREM = "tests/theorems/test_t"
_IMPL = "tests/unit/impl/"
_ORIGINS = f"{_IMPL}validation/test_origins.py"
_REFUSALS = (*(f"{_IMPL}test_{name}.py" for name in ("errors", "warnings")), _ORIGINS)
_REPAIRS = tuple(f"{_IMPL}validation/test_{name}.py" for name in ("repair", "correction", "names"))
_SPEC = "tests/unit/spec/"
_CATALOGUE = tuple(f"{_SPEC}rules/test_{name}.py" for name in ("catalogue", "counterexamples"))
_RULES = (
    *_CATALOGUE,
    f"{_SPEC}rules/test_expectations.py",
    *(f"{_SPEC}rules/{kind}" for kind in ("server", "implementation")),
    f"{_SPEC}conformance/test_target.py",
)
_CONFIGURATIONS = (*_CATALOGUE, f"{_SPEC}rules/configuration", f"{_SPEC}rules/test_expectations.py")
ALSO: dict[str, tuple[str, ...]] = {
    "impl/config.py": _REFUSALS,
    "impl/errors.py": _REFUSALS,
    "impl/origin.py": (_ORIGINS, f"{_IMPL}validation/test_repair.py"),
    "impl/middleware.py": (
        *(f"{_IMPL}test_{name}.py" for name in ("pattern", "warnings")),
        *(f"{_THEOREM}{number}" for number in ("03", "17")),
    ),
    "impl/policy.py": (
        *(f"{_IMPL}middleware/test_{name}.py" for name in ("answers", "override")),
        f"{_IMPL}test_pattern.py",
        f"{_THEOREM}03",
    ),
    "impl/validation/correction.py": (*reversed(_REPAIRS), f"{_IMPL}test_errors.py", _ORIGINS),
    "impl/validation/names.py": _REFUSALS,
    "impl/validation/origins.py": (*_REFUSALS, *_REPAIRS[1:]),
    "impl/validation/review.py": (*_REFUSALS, f"{_IMPL}validation/test_names.py"),
    "impl/validation/repair.py": (*_REPAIRS, _ORIGINS),
    "spec/cli/terminal.py": tuple(f"{_SPEC}cli/test_{name}.py" for name in ("configured", "explain", "main")),
    "spec/config.py": (
        *(f"{_SPEC}test_{name}.py" for name in ("origin", "origin_patterns")),
        *_CATALOGUE,
        f"{_SPEC}rules/configuration",
    ),
    "spec/browser/": (f"{_SPEC}browser",),
    "spec/cli/explain.py": tuple(f"{_SPEC}cli/test_{name}.py" for name in ("console", "har", "live")),
    "spec/cli/story.py": tuple(f"{_SPEC}cli/test_{name}.py" for name in ("configured", "live")),
    "spec/explain/story.py": (f"{_SPEC}cli/test_configured.py",),
    "spec/http.py": (f"{_SPEC}test_policy.py",),
    "spec/origin.py": (f"{_SPEC}test_origin_patterns.py",),
    "spec/rules/browser/": (*_CATALOGUE, f"{_SPEC}rules/browser"),
    "spec/rules/configuration/": _CONFIGURATIONS,
    "spec/rules/implementation/": _RULES,
    "spec/rules/judge.py": _CONFIGURATIONS,
    "spec/rules/record.py": _RULES,
    "spec/rules/server/": _RULES,
    "spec/suffixes.py": ("tests/unit/tools/test_public_suffixes.py",),
}
"""The tests that mutants of a file, or folder, are run against, beside those at its own path."""

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "impl": (
        "tests/unit/impl",
        "tests/unit/model",
        *(f"{_THEOREM}{number}" for number in ("03", "05", "13")),
    ),
    "model": ("tests/unit/model", f"{_THEOREM}01", f"{_THEOREM}03"),
    "spec": (*_RULES, "tests/unit/model", f"{_THEOREM}01"),
    "spec/__init__.py": (f"{_SPEC}rules/test_record.py",),
    "spec/__main__.py": (f"{_SPEC}cli/test_main.py",),
    "spec/rules/": _RULES,
    "spec/rules/__init__.py": (f"{_SPEC}rules/test_catalogue.py", f"{_SPEC}cli/test_rules.py"),
}
"""The tests of files that have none at their own path: those of the longest beginning of the name."""

INPUTS = (
    *("spec/strategies.py", "spec/generate/", "spec/conformance/cases.py", "spec/conformance/plan.py"),
    *(f"spec/rules/{subject}/examples.py" for subject in ("server", "browser", "configuration")),
)
"""What generates or lists inputs of tests decides nothing; thresholds hold it, and the broken rules."""

SHOWN = (
    *(f"spec/conformance/{name}.py" for name in ("exchange", "render")),
    *(f"spec/cli/{name}.py" for name in ("__init__", "check", "check_options", "check_report")),
    *(f"spec/cli/{name}.py" for name in ("console", "har", "init", "progress", "rules")),
)
"""What only shows a report decides nothing either; tests hold its documents whole, by schemas and parsers."""

ASKING = (
    *(f"spec/conformance/{name}.py" for name in ("__init__", "asking", "run", "observed")),
    "spec/cli/live.py",
    *(f"spec/conformance/transports/{name}.py" for name in ("__init__", "transport", "http", "asgi", "wsgi")),
    "spec/launch/pytest_verified_cors.py",
)
"""What asks servers: a mutant may wait for a time-out at each request, for hours in all. Applications,
sockets, faulty servers, right ones and all counterexamples hold it."""

UNPROVEN: tuple[str, ...] = ()
"""Files whose mutants are not all killed or proven yet; a file leaves this list for good."""

SETTLED = {"impl": ("spec", "model"), "model": ("spec",), "spec": ()}
"""The packages that do not import this one: a worker imports them once, not for every mutant."""

MARKERS = "(not slow or mutation) and not mutation_skip"

PIECES = (
    "spec",
    "model",
    "impl",
    "tests",
    "README.md",
    "CHANGELOG.md",
    "Makefile",
    "LICENSE",
    "pyproject.toml",
)
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis")


def selection(file: str, root: Path = ROOT) -> tuple[str, ...]:
    """The tests that mutants of this file are run against, those that exist."""
    folder, _, name = file.removesuffix(".py").rpartition("/")
    own = [f"tests/unit/{folder}/test_{name}.py", f"tests/unit/{folder}/{name}"]
    also = [test for start, tests in ALSO.items() if file.startswith(start) for test in tests]
    tests = [test for test in own if (root / test).exists()] + also
    if not tests:
        tests = list(ELSEWHERE[max((start for start in ELSEWHERE if file.startswith(start)), key=len)])
    found = [
        str(path.relative_to(root))
        for start in tests
        for path in ([root / start] if (root / start).exists() else sorted(root.glob(f"{start}*")))
    ]
    return tuple(dict.fromkeys(found))


def sources(package: str, root: Path = ROOT) -> list[str]:
    """The Python files of a package that are mutated, relative to the root."""
    found = sorted(str(path.relative_to(root)) for path in (root / package).rglob("*.py"))
    return [file for file in found if not file.startswith((*INPUTS, *SHOWN, *ASKING, *UNPROVEN))]


def copy_tree(target: Path, root: Path = ROOT, pieces: Sequence[str] = PIECES) -> None:
    """Copy what the tests need, so that mutants never touch the work tree."""
    for piece in pieces:
        if (root / piece).is_dir():
            shutil.copytree(root / piece, target / piece, ignore=_LEFT_OUT)
        elif (root / piece).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / piece, target / piece)
