"""The catalogue of rules is complete, and says of each rule what it must."""

import re
from pathlib import Path

import pytest

from spec import RULES
from spec.rule import Rule, Scope
from spec.rules import ADVICE, CHAPTERS, table
from tests import rules_md

ROOT = Path(__file__).resolve().parent.parent.parent

# How many rules there are at least of each kind; they are numbered from 1 on.
KNOWN = {
    "S-SYN": 6, "S-ORG": 7, "S-CRD": 6, "S-PF": 16, "S-RSP": 10, "S-VARY": 6, "S-HTTP": 15,
    "CFG": 10, "P": 6, "SEC": 13, "A-CFG": 29, "A-ORG": 1, "X-PNA": 1,
    "C-MTH": 4, "C-HDR": 2, "C-SAF": 8, "C-ORG": 6, "C-PF": 14, "C-WLD": 2, "C-LST": 2, "C-CHK": 10,
    "C-EXP": 4, "C-RED": 7, "C-CAC": 8, "C-CRD": 3, "C-MODE": 1,
}  # fmt: skip
DOCUMENTED = [f"D-{number:02}" for number in range(1, 31)]
THEOREMS = [f"T-{number}" for number in range(1, 18)]


@pytest.mark.parametrize("kind", KNOWN)
def test_every_rule_of_a_kind_is_there(kind: str) -> None:
    numbered = {f"{kind}-{number}" for number in range(1, KNOWN[kind] + 1)}
    assert numbered - {"A-CFG-25"} <= set(RULES)


def test_every_sentence_of_the_page_is_there() -> None:
    assert set(DOCUMENTED) <= set(RULES)


def test_every_theorem_has_one_module_that_states_it() -> None:
    modules = sorted((ROOT / "tests" / "theorems").glob("test_t*.py"))
    assert [rules_md.short(module.name) for module in modules] == THEOREMS
    for module, theorem in zip(modules, THEOREMS, strict=True):
        assert module.read_text().startswith(f'"""{theorem} ')
    assert [found[0] for found in rules_md.theorems()] == THEOREMS


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_it_must(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]+(-[A-Z]+)*-\d+[a-z]?", rule.id)
    assert re.fullmatch(r"https://[^\s|()]+", rule.source)
    assert not rule.sentence.endswith((".", " ")) and "  " not in rule.sentence and "\n" not in rule.sentence
    assert 20 < len(rule.sentence) <= 120
    judged_by_places = rule.scope is Scope.CONFIGURATION
    if rule.not_executable:
        assert rule.holds is None and rule.finds is None
        assert not rule.not_executable.endswith(".")
    else:
        assert (rule.finds is not None) == judged_by_places
        assert (rule.holds is not None) != judged_by_places
    assert rule.id not in (*rule.implies, *rule.same_as)
    assert not set(rule.implies) & set(rule.same_as)


def test_no_two_rules_have_one_id_or_one_sentence() -> None:
    rules = [rule for chapter in CHAPTERS for rule in chapter.RULES]
    assert len({rule.id for rule in rules}) == len({rule.sentence for rule in rules}) == len(rules)
    with pytest.raises(ValueError, match="two rules have the id D-01"):
        table(*(chapter.RULES for chapter in (*CHAPTERS, CHAPTERS[0])))


def test_advice_names_rules() -> None:
    assert set(RULES) >= ADVICE


# The generated catalogue


def test_every_rule_is_in_the_catalogue_once() -> None:
    lines = rules_md.catalogue({}).splitlines()
    ids = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    assert sorted(set(ids) - {"id", "---"}) == sorted([*RULES, *THEOREMS])
    assert all(ids.count(rule) == 1 for rule in RULES)


def test_every_executable_rule_is_exercised_and_counted() -> None:
    named = rules_md.naming(RULES, rules_md.test_modules())
    for rule in RULES.values():
        assert rule.not_executable or rule.id in ADVICE or rules_md.tests_of(rule, named)
    counted = rules_md.catalogue({"S-SYN-2": 1234567})
    assert re.search(r"^\| S-SYN-2 \|.*\| 1,234,567 \|$", counted, re.MULTILINE)
    assert re.search(r"^\| S-SYN-1 \|.*\| 0 \|$", counted, re.MULTILINE)
    assert re.search(r"^\| C-PF-1 \|.*\| - \|$", counted, re.MULTILINE)


def test_a_test_exercises_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    module = tmp_path / "test_sample.py"
    module.write_text('"""A-CFG-1 and CFG-5a."""  # D-010, C-PF-1x\nassert "S-PF-12"\n')
    named = rules_md.naming(RULES, [module])
    assert {rule for rule, modules in named.items() if modules} == {"A-CFG-1", "CFG-5a", "S-PF-12"}


def test_tests_that_take_all_rules_exist() -> None:
    names = {module.name for module in rules_md.test_modules()}
    assert {*rules_md.ALL_RULES, *(name for all_ in rules_md.BY_SCOPE.values() for name in all_)} <= names
    assert names >= rules_md.LISTS


@pytest.mark.mutation_skip  # a mutant is not documented
def test_the_catalogue_and_the_readme_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert rules_md.main([]) == 0, capsys.readouterr().err
    assert f"{len(RULES)} rules, " in capsys.readouterr().out


def test_a_stale_catalogue_is_told_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rules_md, "ROOT", tmp_path)
    monkeypatch.setattr(rules_md, "CATALOGUE", tmp_path / "RULES.md")
    monkeypatch.setattr(rules_md, "README", tmp_path / "README.md")
    places = [
        f"<!-- {name} -->\nOLD\n<!-- /{name} -->\n" for name in ("findings", "divergences", "deviations")
    ]
    (tmp_path / "README.md").write_text("a\n" + "b\n".join(places) + "c\n")
    assert rules_md.main([]) == 1
    told = capsys.readouterr().err
    assert "RULES.md is stale: run make rules" in told and "README.md is stale: run make rules" in told
    assert rules_md.main(["--write"]) == 0
    assert rules_md.main([]) == 0
    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("a\n<!-- findings -->\n\n| rule | finding") and "OLD" not in readme
    assert "|\n\n<!-- /findings -->\nb\n<!-- divergences -->\n\n|  | Starlette" in readme
    assert "|\n\n<!-- /divergences -->\nb\n<!-- deviations -->\n\n| what | in" in readme
    assert readme.endswith("|\n\n<!-- /deviations -->\nc\n")
    for text in ("no place\n", "<!-- findings -->\n", places[0]):
        (tmp_path / "README.md").write_text(text)
        with pytest.raises(ValueError, match="no place for a table: <!-- "):
            rules_md.main([])


def test_every_finding_about_a_configuration_is_in_the_readme_with_its_verdict() -> None:
    table = rules_md.findings()
    found = dict(re.findall(r"^\| (A-CFG-\d+) \|.*\| ([a-z; ]+) \|$", table, re.MULTILINE))
    warnings = {6, 8, 10, 11, 15, 16, 18, 22, 23, 24, 25, 27, 28}
    known = set(range(1, 29)) - {4}
    expected = {f"A-CFG-{n}": "warning" if n in warnings else "error" for n in known}
    assert found == {**expected, "A-CFG-7": "warning; with credentials error"}
