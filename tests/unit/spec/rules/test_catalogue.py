"""The catalogue of rules is complete, and says of each rule what it must."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from spec import RULES
from spec.rules import CHAPTERS, PREFIXES, guidance
from spec.rules.record import Level
from tests import ROOT
from tests.tools import rules_md
from tests.tools.records import problems, taken_ids

# How many rules there are at least of each kind; they are numbered from 1 on.
KNOWN = {
    "S-SYN": 6, "S-WRK": 5, "S-ORG": 7, "S-CRD": 6, "S-PF": 16, "S-RSP": 11, "S-VARY": 6, "S-HTTP": 15,
    "CFG": 10, "P": 6, "SEC": 15, "A-CFG": 31, "A-ORG": 1, "A-PATH": 1, "X-PNA": 1,
    "C-MTH": 4, "C-HDR": 2, "C-SAF": 8, "C-ORG": 6, "C-PF": 14, "C-WLD": 2, "C-LST": 2, "C-CHK": 10,
    "C-EXP": 4, "C-RED": 7, "C-CAC": 8, "C-CRD": 3, "C-MODE": 1,
}  # fmt: skip
DOCUMENTED = [f"D-{number:02}" for number in range(1, 31)]
THEOREMS = [f"T-{number}" for number in range(1, 18)]


@pytest.mark.parametrize("kind", KNOWN)
def test_every_rule_of_a_kind_is_there(kind: str) -> None:
    numbered = {f"{kind}-{number}" for number in range(1, KNOWN[kind] + 1)}
    assert numbered <= {id for rule in RULES.values() for id in rule.ids} | guidance().keys()


def test_every_sentence_of_the_page_is_there() -> None:
    assert set(DOCUMENTED) <= {id for rule in RULES.values() for id in rule.ids} | guidance().keys()


def test_what_cannot_be_executed_has_a_source_and_says_why_not() -> None:
    assert not {id for id in guidance() if id in RULES}
    for text in guidance().values():
        assert text == text.strip() and text.isascii()
        assert "](https://" in text and "\nNot executable: " in text


def test_every_theorem_has_one_module_that_states_it() -> None:
    modules = sorted((ROOT / "tests" / "theorems").glob("test_t*.py"))
    assert [rules_md.short(rules_md.below_tests(module)) for module in modules] == THEOREMS
    for module, theorem in zip(modules, THEOREMS, strict=True):
        assert module.read_text().startswith(f'"""{theorem} ')
    assert [found[0] for found in rules_md.theorems()] == THEOREMS


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(
    "chapter", CHAPTERS, ids=lambda chapter: chapter.__name__.removeprefix("spec.rules.")
)
def test_nothing_is_wrong_with_any_record_of_a_chapter(chapter: ModuleType) -> None:
    assert list(problems([chapter])) == []


@pytest.mark.slow
@pytest.mark.mutation
def test_nothing_is_wrong_with_any_record() -> None:
    assert list(problems()) == []


def test_no_two_rules_have_one_id_or_say_the_same() -> None:
    for name in ("id", "title", "sentence"):
        values = [repr(getattr(rule, name)) for rule in RULES.values() if rule.binding]
        assert [value for value in values if values.count(value) > 1] == []
    assert list(taken_ids(CHAPTERS)) == []


def test_an_alias_finds_its_rule() -> None:
    assert RULES["S-HTTP-8"] is RULES["S-SYN-5"]
    assert "S-HTTP-8" in RULES and "S-HTTP-8" not in [*RULES]
    assert len(RULES) == len([*RULES]) and "S-HTTP-999" not in RULES


def test_rules_that_are_not_binding_are_advice() -> None:
    assert {rule.level for rule in RULES.values() if not rule.binding} == {Level.INFO}


@pytest.mark.mutation_skip  # mutmut writes all mutants into one file
def test_a_chapter_is_short_enough_to_be_read() -> None:
    for chapter in CHAPTERS:
        assert chapter.__file__
        assert len(Path(chapter.__file__).read_text().splitlines()) < 400, chapter.__name__


# The generated catalogue


def test_the_catalogue_shows_what_each_rule_says_and_where_from() -> None:
    rows = rules_md.CATALOGUE.read_text(encoding="utf-8")
    for prefix, meaning in PREFIXES.items():
        assert f"- `{prefix}`: {meaning}\n" in rows
    for rule in RULES.values():
        kinds = (rule.level.value, rule.severity.value, rule.profile.value, rule.subject.value)
        assert (
            rules_md.row(" ".join(rule.ids), rules_md.told(rule), *kinds, " ".join(rule.implies))[:-2] in rows
        )


@pytest.mark.mutation_skip  # it reads all tests
def test_every_rule_is_in_the_catalogue_once() -> None:
    lines = rules_md.catalogue({}).splitlines()
    cells = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]
    ids = [id for cell in cells for id in cell.split() if id not in ("id", "---")]
    every_id = [id for rule in RULES.values() for id in rule.ids]
    assert sorted(ids) == sorted([*every_id, *guidance(), *THEOREMS])


@pytest.mark.mutation_skip  # it reads all tests
def test_every_executable_rule_is_exercised_and_counted() -> None:
    named = rules_md.naming([id for rule in RULES.values() for id in rule.ids], rules_md.test_modules())
    for rule in RULES.values():
        assert not rule.binding or rules_md.tests_of(rule, named)
    counted = rules_md.catalogue({"S-SYN-2": 1234567})
    assert re.search(r"^\| S-SYN-2 \|.*\| 1,234,567 \|$", counted, re.MULTILINE)
    assert re.search(r"^\| S-SYN-1 \|.*\| 0 \|$", counted, re.MULTILINE)
    assert re.search(r"^\| C-PF-1 \|.*\| - \|$", counted, re.MULTILINE)


def test_a_test_exercises_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    module = tmp_path / "tests" / "test_sample.py"
    module.parent.mkdir()
    module.write_text('"""A-CFG-1 and CFG-5a."""  # D-010, C-PF-1x\nassert "S-PF-12"\n')
    named = rules_md.naming([id for rule in RULES.values() for id in rule.ids], [module])
    assert {rule for rule, modules in named.items() if modules} == {"A-CFG-1", "CFG-5a", "S-PF-12"}


def test_tests_that_take_all_rules_exist() -> None:
    names = {rules_md.below_tests(module) for module in rules_md.test_modules()}
    assert {*rules_md.ALL_RULES, *(name for all_ in rules_md.BY_SUBJECT.values() for name in all_)} <= names
    assert {name.rpartition("/")[2] for name in names} >= rules_md.LISTS


@pytest.mark.slow
@pytest.mark.mutation_skip  # a mutant is not documented
def test_the_catalogue_and_the_documents_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert rules_md.main([]) == 0, capsys.readouterr().err
    assert f"{len(RULES)} rules, " in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.mutation_skip  # it reads all tests
def test_a_stale_catalogue_is_told_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rules_md, "ROOT", tmp_path)
    monkeypatch.setattr(rules_md, "CATALOGUE", tmp_path / "RULES.md")
    monkeypatch.setattr(rules_md, "DOCS", tmp_path)
    places = {
        name: f"a\n<!-- {mark} -->\nOLD\n<!-- /{mark} -->\nc\n" for name, (mark, _) in rules_md.TABLES.items()
    }
    for name, text in places.items():
        (tmp_path / name).write_text(text)
    assert rules_md.main([]) == 1
    told = capsys.readouterr().err
    assert all(f"{name} is stale: run make rules" in told for name in ("RULES.md", *places))
    assert rules_md.main(["--write"]) == 0
    assert rules_md.main([]) == 0
    heads = ("| rule | what must hold", "|  | Starlette", "| what | in")
    for (name, (mark, _)), head in zip(rules_md.TABLES.items(), heads, strict=True):
        document = (tmp_path / name).read_text()
        assert document.startswith(f"a\n<!-- {mark} -->\n\n{head}") and "OLD" not in document
        assert document.endswith(f"|\n\n<!-- /{mark} -->\nc\n")
    for text in ("no place\n", "<!-- findings -->\n"):
        (tmp_path / "configuration.md").write_text(text)
        with pytest.raises(ValueError, match="no place for a table: <!-- "):
            rules_md.main([])


def test_every_finding_about_a_configuration_is_documented_with_its_verdict() -> None:
    table = rules_md.findings()
    found = dict(re.findall(r"^\| (A-CFG-\d+) \|.*\| ([a-z; ]+) \|$", table, re.MULTILINE))
    words = {
        "raises": "error",
        "warns": "warning",
        "warns, raises with credentials": "warning; with credentials error",
    }
    assert found == {rule.id: words[rule.middleware] for rule in RULES.values() if rule.middleware}
    assert found["A-CFG-7"] == words["warns, raises with credentials"]
