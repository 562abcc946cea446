"""The rooms that are mutated, and the tests that are run against each mutant."""

import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROOMS = ("impl", "model", "spec")

_THEOREM = "tests/theorems/test_t"
_REFUSALS = tuple(f"tests/impl/test_{name}.py" for name in ("errors", "warnings"))
_REPAIRS = tuple(f"tests/impl/test_{name}.py" for name in ("meaning", "repairs", "name_repairs"))
_RULES = (
    "tests/spec/test_server_rules.py",
    "tests/spec/test_documented_rules.py",
    "tests/spec/test_protocol_rules.py",
    "tests/spec/test_counterexamples.py",
    "tests/spec/test_catalogue.py",
    "tests/spec/test_expectations.py",
    "tests/spec/conformance/test_target.py",
)
_ANSWERS = (*_RULES, "tests/model", f"{_THEOREM}01")
_CONFIGURATION = (
    "tests/spec/test_origin.py",
    "tests/spec/test_origin_patterns.py",
    "tests/spec/test_configuration_rules.py",
    "tests/spec/test_config_schema.py",
    "tests/spec/test_counterexamples.py",
    "tests/spec/test_catalogue.py",
)
_BROWSER = ("tests/spec/test_browser.py", "tests/spec/test_preflight_cache.py")
_CHECKER = "tests/spec/conformance/test_"
_BROWSER_RULES = (
    "tests/spec/test_browser_rules_table.py",
    "tests/spec/test_browser_rules.py",
    "tests/spec/test_counterexamples.py",
    "tests/spec/test_catalogue.py",
)
_CONFIGURATION_RULES = (
    "tests/spec/test_configuration_rules.py",
    "tests/spec/test_expectations.py",
    "tests/spec/test_counterexamples.py",
    "tests/spec/test_catalogue.py",
)
TESTS = {
    "impl/config.py": ("tests/impl/test_config.py", *_REFUSALS, "tests/impl/test_name_repairs.py"),
    "impl/validation/correction.py": (*reversed(_REPAIRS), "tests/impl/test_errors.py"),
    "impl/errors.py": _REFUSALS,
    "impl/pattern.py": ("tests/impl/test_pattern.py",),
    **{
        f"impl/validation/{name}.py": (f"tests/impl/test_{name}.py",)
        for name in ("automaton", "backtracking", "origin_automaton", "regex", "search", "suffixes")
    },
    "impl/validation/names.py": ("tests/impl/test_name_repairs.py", *_REFUSALS),
    "impl/origin.py": (
        "tests/impl/test_origin.py",
        "tests/impl/test_errors.py",
        "tests/impl/test_meaning.py",
    ),
    "impl/validation/origins.py": (*_REFUSALS, *_REPAIRS[1:]),
    "impl/validation/repair.py": _REPAIRS,
    "impl/middleware.py": (
        *(
            f"tests/impl/test_{name}.py"
            for name in ("answers", "override", "transparency", "hardening", "pattern", "warnings")
        ),
        *(f"{_THEOREM}{number}" for number in ("03", "17")),
    ),
    "impl/policy.py": (
        *(f"tests/impl/test_{name}.py" for name in ("answers", "pattern", "override")),
        f"{_THEOREM}03",
    ),
    "impl": ("tests/impl", "tests/model", f"{_THEOREM}03", f"{_THEOREM}05", f"{_THEOREM}13"),
    "model": ("tests/model", f"{_THEOREM}01", f"{_THEOREM}03"),
    "spec/__init__.py": ("tests/spec/test_rule.py",),
    "spec/cli/": ("tests/spec/test_command_line.py",),
    "spec/cli/beside.py": ("tests/spec/test_script.py",),
    "spec/browser.py": _BROWSER,
    "spec/config.py": _CONFIGURATION,
    "spec/conformance/findings.py": (f"{_CHECKER}findings.py",),
    "spec/conformance/intent.py": (f"{_CHECKER}intent.py",),
    "spec/conformance/report.py": (f"{_CHECKER}report.py",),
    "spec/conformance/target.py": (f"{_CHECKER}target.py",),
    "spec/engine.py": _BROWSER,
    "spec/extras.py": ("tests/spec/test_extras.py",),
    "spec/http.py": ("tests/spec/test_policy.py",),
    "spec/launch/": ("tests/spec/test_script.py",),
    "spec/location.py": ("tests/spec/test_location.py",),
    "spec/origin.py": ("tests/spec/test_origin.py", "tests/spec/test_origin_patterns.py"),
    "spec/policy.py": ("tests/spec/test_policy.py",),
    "spec/preflight_cache.py": _BROWSER,
    "spec/regex.py": ("tests/spec/test_regex.py",),
    "spec/rules/": _RULES,
    "spec/rules/__init__.py": ("tests/spec/test_catalogue.py", "tests/spec/test_command_line.py"),
    "spec/rules/browser/": _BROWSER_RULES,
    "spec/rules/configuration/": _CONFIGURATION_RULES,
    "spec/rules/judge.py": ("tests/spec/test_judge.py", *_CONFIGURATION_RULES),
    "spec/rules/record.py": ("tests/spec/test_rule.py", *_RULES),
    "spec/suffixes.py": ("tests/spec/test_suffixes.py", "tests/test_public_suffixes.py"),
    "spec": _ANSWERS,
}
"""The tests that mutants of a file are run against: those of the longest beginning of its name."""

INPUTS = (
    *("spec/strategies.py", "spec/relatives.py", "spec/conformance/cases.py"),
    *(f"spec/rules/{subject}/examples.py" for subject in ("server", "browser", "configuration")),
)
"""What generates or lists inputs of tests decides nothing; floors hold it, and the rules that it breaks."""

SHOWN = (
    *(f"spec/conformance/{name}.py" for name in ("exchange", "render")),
    *(f"spec/cli/{name}.py" for name in ("__init__", "check", "rules")),
)
"""What only shows a report decides nothing either; tests hold its documents whole, by schemas and parsers."""

ASKING = tuple(f"spec/conformance/{name}.py" for name in ("__init__", "run", "transport"))
"""What asks servers: a mutant may wait for a time-out at each request, for hours in all. Applications,
sockets, faulty servers, right ones and all counterexamples hold it."""

UNPROVEN: tuple[str, ...] = ()
"""Files whose mutants are not all killed or proven yet; a file leaves this list for good."""

SETTLED = {"impl": ("spec", "model"), "model": ("spec",), "spec": ()}
"""The rooms that do not import this one: a worker imports them once, not for every mutant."""

MARKERS = "not slow and not mutation_skip"

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
    nearest = max((start for start in TESTS if file.startswith(start)), key=len)
    found = [
        str(path.relative_to(root))
        for start in TESTS[nearest]
        for path in ([root / start] if (root / start).exists() else sorted(root.glob(f"{start}*")))
    ]
    return tuple(found)


def sources(room: str, root: Path = ROOT) -> list[str]:
    """The Python files of a room that are mutated, relative to the root."""
    found = sorted(str(path.relative_to(root)) for path in (root / room).rglob("*.py"))
    return [file for file in found if file not in (*INPUTS, *SHOWN, *ASKING, *UNPROVEN)]


def copy_tree(target: Path, root: Path = ROOT, pieces: Sequence[str] = PIECES) -> None:
    """Copy what the tests need, so that mutants never touch the work tree."""
    for piece in pieces:
        if (root / piece).is_dir():
            shutil.copytree(root / piece, target / piece, ignore=_LEFT_OUT)
        elif (root / piece).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / piece, target / piece)
