"""A mistake in a record of a rule is told with its file, its field, and what to write instead."""

import re
from dataclasses import fields, replace
from types import ModuleType
from typing import Any, cast

import pytest

from spec import RULES, Config, Rule, Subject
from spec.rules import configuration, server
from spec.rules.record import Exchange, Level, Place, always
from spec.rules.server.examples import LIST, A, get, gives, seen
from tests import ROOT
from tests.tools.records import problems, taken_ids

ORIGINS = RULES["S-ORG-4"]
METHODS = RULES["A-CFG-13"]
FETCHES = RULES["C-PF-6"]
FINE = seen(LIST, get(f"origin: {A}"), gives())


def pairs(first: Exchange, second: Exchange) -> bool:
    return False


MISTAKES: list[tuple[Rule, dict[str, Any], str, str]] = [
    (ORIGINS, {"id": "S_ORG_4"}, "id", "is no id; write one such as S-ORG-99"),
    (ORIGINS, {"id": "Q-1"}, "id", "is no id; write one such as S-ORG-99, beginning D-, S-ORG-, S-CRD-, "),
    (ORIGINS, {"id": "S-FOO-1"}, "id", "'S-FOO-1' is no id; write one such as S-ORG-99, beginning S-ORG-, "),
    (ORIGINS, {"id": "S-17"}, "id", "'S-17' is no id; write one such as S-ORG-99, beginning S-ORG-, S-CRD-"),
    (ORIGINS, {"id": "C-PF-17"}, "id", "with Subject.EXCHANGE it begins D-, S-, SEC-, X-, A-ORG-, "),
    (ORIGINS, {"id": "CFG-99"}, "id", ", not as 'CFG-99'; or change `subject`"),
    (METHODS, {"id": "S-ORG-99"}, "id", "with Subject.CONFIGURATION it begins A-CFG-, CFG-, D-, SEC-, not "),
    (FETCHES, {"id": "S-ORG-99"}, "id", "with Subject.FETCH it begins C-, P-, not as 'S-ORG-99'; or cha"),
    (ORIGINS, {"id": "S-RSP-9"}, "id", "'S-RSP-9' is already in spec/rules/guidance.md; take another"),
    (ORIGINS, {"aliases": ("D-29",)}, "aliases", "'D-29' is already in spec/rules/guidance.md; take anot"),
    (ORIGINS, {"aliases": ("C-XYZ-1",)}, "aliases", "'C-XYZ-1' is no id; write one such as S-ORG-99, beg"),
    (ORIGINS, {"aliases": "SEC-99"}, "aliases", "'SEC-99' is not a tuple of strings; write ('SEC-99',)"),
    (ORIGINS, {"aliases": ("Sec-99",)}, "aliases", "'Sec-99' is no id"),
    (ORIGINS, {"title": "Null"}, "title", "'Null' has 1 words; write 3 to 9"),
    (ORIGINS, {"title": "The origin is right."}, "title", "ends with a full stop"),
    (ORIGINS, {"sentence": "It is  so, whatever anybody says"}, "sentence", "more than one space in a row"),
    (ORIGINS, {"sentence": "a" * 151}, "sentence", "it has 151 characters; write 21 to 150"),
    (ORIGINS, {"sentence": None}, "sentence", "None is not a string"),
    (ORIGINS, {"sources": "https://a.example"}, "sources", "is not a tuple of strings; write ('https://a"),
    (ORIGINS, {"sources": ()}, "sources", "there is none; link the section that says so"),
    (ORIGINS, {"sources": ("RFC 9110",)}, "sources", "'RFC 9110' is not an https link"),
    (ORIGINS, {"level": "MUST"}, "level", "'MUST' is not one of Level.MUST, Level.SECURITY"),
    (ORIGINS, {"severity": "cache"}, "severity", "'cache' is not one of Severity.LETS_IN"),
    (ORIGINS, {"profile": None}, "profile", "None is not one of Profile.PROTOCOL"),
    (ORIGINS, {"subject": "pair"}, "subject", "'pair' is not one of Subject.EXCHANGE"),
    (ORIGINS, {"applies": True}, "applies", "True is not a function; name one, and do not call it"),
    (ORIGINS, {"subject": Subject.SET, "holds": pairs}, "holds", "'second'; or change `subject`"),
    (ORIGINS, {"subject": Subject.PAIR}, "counterexample", "write two Exchange objects, or change `subject`"),
    (ORIGINS, {"subject": Subject.FETCH}, "counterexample", "that break the rule, or change `subject`"),
    (METHODS, {"subject": Subject.SET}, "counterexample", "that break the rule, or change `subject`"),
    (ORIGINS, {"subject": Subject.CONFIGURATION}, "counterexample", "in a tuple, or change `subject`"),
    (RULES["S-ORG-3"], {"subject": Subject.EXCHANGE}, "applies", "; or change `subject`"),
    (ORIGINS, {"subject": "pair", "counterexample": None}, "subject", "is not one of Subject.EXCHANGE"),
    (ORIGINS, {"applies": lambda one: one.nothing}, "applies", ") raises AttributeError on the counterex"),
    (ORIGINS, {"applies": lambda one: False}, "counterexample", "true of it, or `applies` is not"),
    (ORIGINS, {"holds": None}, "holds", "it is missing: name the predicate"),
    (ORIGINS, {"holds": False}, "holds", "False is not a function"),
    (ORIGINS, {"holds": lambda one: True}, "counterexample", "break the rule: `holds` is true of it"),
    (ORIGINS, {"holds": lambda one: one.nothing}, "holds", "<lambda> (test_records.py:"),
    (ORIGINS, {"holds": lambda one: one.nothing}, "holds", ") raises AttributeError on the counterexample: "),
    (METHODS, {"finds": lambda config: config.nothing}, "finds", ") raises AttributeError on the"),
    (ORIGINS, {"finds": METHODS.finds}, "finds", "it is for rules about configurations; this rule"),
    (METHODS, {"finds": None}, "finds", "it is missing: name a function that finds the places"),
    (METHODS, {"finds": lambda config: []}, "counterexample", "not break the rule: `finds` finds nothing"),
    (METHODS, {"holds": ORIGINS.holds}, "holds", "a rule about configurations has `finds` instead"),
    (ORIGINS, {"needs": ("teapots",)}, "needs", "'teapots' is no feature; choose from allow_methods, "),
    (ORIGINS, {"excuses": None}, "excuses", "None is not a function"),
    (ORIGINS, {"excuses": lambda one: False}, "excuses", "it raises TypeError on the counterexample: "),
    (ORIGINS, {"shows": ()}, "shows", "() is not a function"),
    (ORIGINS, {"shows": lambda one: 1 / 0}, "shows", ") raises ZeroDivisionError on the counterexample"),
    (ORIGINS, {"binding": "no"}, "binding", "'no' is neither True nor False"),
    (ORIGINS, {"binding": False}, "counterexample", "a rule that does not bind has none"),
    (ORIGINS, {"path": "/error"}, "path", "'/error' is not one of '', 'error_path'"),
    (METHODS, {"middleware": "shouts"}, "middleware", "'shouts' is not one of '', 'warns', 'raises', "),
    (ORIGINS, {"middleware": "warns"}, "middleware", "it is for rules about configurations"),
    (RULES["CFG-9a"], {"middleware": "warns"}, "id", "with `middleware` it begins A-CFG-, not as 'CFG-9a'"),
    (METHODS, {"middleware": ""}, "middleware", "it is missing: say what our middleware does, or take an id"),
    (METHODS, {"level": Level.SHOULD}, "level", "with middleware='raises' it is Level.MUST, not Level.SHOUL"),
    (RULES["A-CFG-18"], {"level": Level.INFO}, "level", "with middleware='warns' it is Level.SHOULD, not L"),
    (METHODS, {"details": ""}, "details", "'' is not a function"),
    (METHODS, {"suggests": "GET"}, "suggests", "'GET' is not a function"),
    (METHODS, {"details": lambda value: value.nothing}, "details", ") raises AttributeError on the count"),
    (METHODS, {"suggests": lambda value: value.nothing}, "suggests", ") raises AttributeError on the cou"),
    (METHODS, {"finds": lambda config: True}, "finds", "it raises TypeError on the counterexample: "),
    (ORIGINS, {"why": "Anybody could read it, and"}, "why", "is not a whole sentence: end it"),
    (ORIGINS, {"why": "It is so."}, "why", "it has 9 characters; write 21 to 220"),
    (ORIGINS, {"repair": "Leave this value\nout of it."}, "repair", "has a line break"),
    (ORIGINS, {"implies": ("D-99",)}, "implies", "'D-99' is not the id of another rule"),
    (ORIGINS, {"implies": ("S-ORG-4",)}, "implies", "'S-ORG-4' is not the id of another rule"),
    (ORIGINS, {"implies": ()}, "implies", "the counterexample breaks D-05 as well; add 'D-05', or"),
    (ORIGINS, {"implies": (*ORIGINS.implies, "D-01")}, "implies", "does not break D-01; leave it out"),
    (ORIGINS, {"counterexample": None}, "counterexample", "exchange: write a tuple of Exchange objects"),
    (ORIGINS, {"counterexample": Config()}, "counterexample", "exchange: write a tuple of Exchange"),
    (ORIGINS, {"counterexample": FINE[0]}, "counterexample", "exchange: write a tuple of Exchange objects"),
    (RULES["S-ORG-3"], {"counterexample": FINE}, "counterexample", "pair: write two Exchange objects"),
    (ORIGINS, {"implies": ["D-05"]}, "implies", "['D-05'] is not a tuple of strings; write ('D-05',)"),
    (METHODS, {"counterexample": FINE}, "counterexample", "configuration: write one Config, not in a tuple"),
    (FETCHES, {"counterexample": FINE}, "counterexample", "fetch: write a tuple of Hop objects"),
    (ORIGINS, {"counterexample": FINE}, "counterexample", "it does not break the rule: `holds` is true"),
]  # fmt: skip


def chapter_of(file: str, *rules: Rule) -> ModuleType:
    """A chapter in this file of spec/rules, with these rules."""
    chapter = ModuleType("chapter")
    chapter.__file__ = str(ROOT / "spec" / "rules" / file)
    chapter.RULES = list(rules)  # type: ignore[attr-defined]
    return chapter


def told(rule: Rule, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said of a rule with these changes, in a chapter of its own and in the catalogue."""
    changed = replace(rule, **changes)
    chapter = chapter_of("chapter.py", changed)
    known = {**RULES, rule.id: changed}
    monkeypatch.setattr("tests.tools.records.RULES", known)
    return list(problems([chapter]))


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "changes", "field", "problem"), MISTAKES)
def test_a_mistake_is_told(
    rule: Rule, changes: dict[str, Any], field: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = told(rule, changes, monkeypatch)
    start = f"spec/rules/chapter.py: {changes.get('id', rule.id)}: {field}: "
    assert [line for line in found if line.startswith(start) and problem in line], found


def of_others(changed: Rule, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said of a rule, which is judged with others."""
    others = [rule for rule in server.origins.RULES if rule.id != changed.id]
    chapter = chapter_of("server/origins.py", changed, *others)
    monkeypatch.setattr("tests.tools.records.RULES", {**RULES, changed.id: changed})
    return list(problems([chapter]))


def test_what_raises_on_the_counterexample_of_another_rule_alone_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def holds(exchange: Exchange) -> bool:
        own = cast(Any, ORIGINS.counterexample)[0]
        return 1 / int(exchange == own) < 0

    [found] = of_others(replace(ORIGINS, applies=always, holds=holds), monkeypatch)
    assert re.fullmatch(
        r"spec/rules/server/origins\.py: S-ORG-4: holds: holds \(test_records\.py:\d+\) raises "
        r"ZeroDivisionError on the counterexample of S-ORG-\d: division by zero",
        found,
    )


@pytest.mark.parametrize(
    "changes", [{"subject": Subject.PAIR}, {"holds": None}, {"holds": lambda one: 1 / 0}]
)
def test_a_mistake_in_one_rule_is_not_told_of_those_that_imply_it(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "D-05" in ORIGINS.implies
    found = of_others(replace(RULES["D-05"], **changes), monkeypatch)
    assert {line.split(": ")[1] for line in found} == {"D-05"}


@pytest.mark.parametrize(
    ("changes", "field", "repair"),
    [
        ({"applies": lambda one: True}, "applies", "let it apply to less, or let those imply it"),
        ({"applies": always}, "holds", "let it be true of more, or write `applies`, or let those imply it"),
    ],
)
def test_a_rule_that_many_counterexamples_break_is_told_once(
    changes: dict[str, Any], field: str, repair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    implies = ("S-ORG-4", *ORIGINS.implies)
    broad = replace(ORIGINS, id="S-ORG-98", holds=lambda one: False, implies=implies, **changes)
    http = chapter_of("server/http.py", *server.http.RULES, *server.origins.RULES, broad)
    monkeypatch.setattr("tests.tools.records.RULES", {**RULES, broad.id: broad})
    assert list(problems([http])) == [
        f"spec/rules/server/http.py: S-ORG-98: {field}: the counterexamples of 10 other rules break it as "
        f"well (S-HTTP-12, S-HTTP-13, S-ORG-2, …): {repair}"
    ]


def test_a_rule_that_finds_too_much_is_told_of_what_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    broad = replace(RULES["A-CFG-18"], id="A-CFG-98", finds=lambda config: [Place("max_age")])
    monkeypatch.setattr("tests.tools.records.RULES", {**RULES, broad.id: broad})
    found = list(problems([*configuration.CHAPTERS, chapter_of("more.py", broad)]))
    [told] = [line for line in found if ": finds: " in line]
    assert told.startswith("spec/rules/more.py: A-CFG-98: finds: the counterexamples of "), told
    assert told.endswith(": let it find less, or let those imply it")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "S-ORG-4: id: 'S-ORG-4' is already the id of a rule in spec/rules/first.py; take another"),
        ({"id": "S-97"}, ""),
        (
            {"id": "S-98"},
            "S-98: id: 'S-98' is already an alias of S-ORG-4 in spec/rules/first.py; take another",
        ),
        (
            {"id": "S-97", "aliases": ("S-ORG-4",)},
            "S-97: aliases: 'S-ORG-4' is already the id of a rule in spec/rules/first.py; take another",
        ),
        (
            {"id": "S-97", "aliases": ("S-98",)},
            "S-97: aliases: 'S-98' is already an alias of S-ORG-4 in spec/rules/first.py; take another",
        ),
        ({"id": "S-97", "aliases": ("S-97",)}, "S-97: aliases: 'S-97' is the rule's own id; leave it out"),
        ({"id": "S-97", "aliases": ("S-9", "S-9")}, "S-97: aliases: 'S-9' is there twice; leave one out"),
        ({"id": "S-97", "aliases": "S-ORG-4"}, ""),
    ],
)
def test_an_id_that_a_rule_has_already_is_told_with_its_owner(changes: dict[str, Any], told: str) -> None:
    first = chapter_of("first.py", replace(ORIGINS, aliases=("S-98",)))
    second = chapter_of("second.py", replace(ORIGINS, **changes))
    assert list(taken_ids([first, second])) == [f"spec/rules/second.py: {told}"] * bool(told)


def test_where_an_id_is_taken_nothing_else_is_told() -> None:
    broken = replace(ORIGINS, title="")
    found = list(problems([chapter_of("one.py", ORIGINS), chapter_of("two.py", broken)]))
    assert len(found) == 1 and ": id: 'S-ORG-4' is already " in found[0]


def test_each_field_has_a_mistake() -> None:
    changed = {field for _, changes, _, _ in MISTAKES for field in changes}
    assert changed == {field.name for field in fields(Rule)}


@pytest.mark.parametrize("rule", [ORIGINS, METHODS, FETCHES])
def test_without_a_mistake_nothing_is_told(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(rule, {}, monkeypatch) == []


def test_there_is_a_rule_of_each_subject() -> None:
    assert {rule.subject for rule in RULES.values()} == set(Subject)
