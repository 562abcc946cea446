"""What is wrong with the records of rules: `make rules` and the tests ask this first.

Each problem names the file, the rule, the field, and what to write there.
"""

import re
import traceback
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

from spec import RULES, Config, Exchange, check, check_config, check_fetch
from spec.browser import Hop
from spec.conformance import FEATURES
from spec.rules import CHAPTERS, PREFIXES, guidance, judge
from spec.rules.judge import is_broken, places, subjects
from spec.rules.record import Level, Profile, Rule, Severity, Subject, always
from tests import ROOT

_ID = re.compile(r"[A-Z]+(-[A-Z]+)*-\d+[a-z]?")
_ENUMS = {"level": Level, "severity": Severity, "profile": Profile, "subject": Subject}
_FUNCTIONS = ("applies", "holds", "finds", "excuses", "shows", "details", "suggests")
_JUDGING = ("applies", "holds", "finds")
_OPTIONAL = ("holds", "finds")
_MIDDLEWARE = get_args(get_type_hints(Rule)["middleware"])
_OF_EXCHANGES = ("D-", "S-", "SEC-", "X-", "A-ORG-", "A-PF-", "A-ACT-", "A-PATH-")
_STARTS = {
    Subject.FETCH: ("C-", "P-"),
    Subject.CONFIGURATION: ("A-CFG-", "CFG-", "D-", "SEC-"),
    **dict.fromkeys((Subject.EXCHANGE, Subject.PAIR, Subject.SET), _OF_EXCHANGES),
}
"""What the id of a rule begins with, by what the rule judges. Aliases are free: they are names elsewhere."""
_LEVELS = {
    "raises": Level.MUST,
    "warns": Level.SHOULD,
    "warns, raises with credentials": Level.SECURITY,
}
"""The level of a rule by what our middleware does with a configuration that breaks it."""
_PATHS = get_args(get_type_hints(Rule)["path"])


MANY = 3
"""A rule that more counterexamples break than this, though they do not imply it, is itself too broad."""


def problems(chapters: Iterable[ModuleType] = CHAPTERS) -> Iterator[str]:
    """All that is wrong with the rules of these chapters, a line each; at first ids that two rules have."""
    chapters = [*chapters]
    if taken := [*taken_ids(chapters)]:
        yield from taken
        return
    judged = [rule for chapter in chapters for rule in chapter.RULES if _can_be_judged(rule)]
    broken, faults = judgements(judged, RULES.values())
    broad = too_broad(judged, broken)
    for chapter in chapters:
        for rule in chapter.RULES:
            for field, problem in of_rule(rule, broken.get(rule.id, set()), broad, faults.get(rule.id)):
                yield f"{file_of(chapter)}: {rule.id}: {field}: {problem}"


def file_of(chapter: ModuleType) -> Path:
    """The file of a chapter, as problems name it."""
    file = Path(chapter.__file__ or "")
    return file.relative_to(ROOT) if file.is_relative_to(ROOT) else file


def taken_ids(chapters: Iterable[ModuleType]) -> Iterator[str]:
    """The ids and aliases that a rule of these chapters has already, a line each."""
    known: dict[str, tuple[Rule, str, Path]] = {}
    for chapter in chapters:
        file = file_of(chapter)
        for rule in chapter.RULES:
            aliases = rule.aliases if isinstance(rule.aliases, tuple) else ()
            for field, id in (("id", rule.id), *(("aliases", alias) for alias in aliases)):
                if id not in known:
                    known[id] = (rule, field, file)
                    continue
                owner, kind, place = known[id]
                if owner is rule:
                    problem = (
                        "is the rule's own id; leave it out"
                        if kind == "id"
                        else "is there twice; leave one out"
                    )
                else:
                    whose = "the id of a rule" if kind == "id" else f"an alias of {owner.id}"
                    problem = f"is already {whose} in {place}; take another"
                yield f"{file}: {rule.id}: {field}: {id!r} {problem}"


def _can_be_judged(rule: Rule) -> bool:
    """Whether a rule has functions that can be called, and a counterexample that they can be given."""
    needed = rule.finds if rule.subject is Subject.CONFIGURATION else rule.holds
    return bool(needed and rule.binding) and not [*_kinds(rule)] and not _kind_of_counterexample(rule)


Fault = tuple[str, str]
"""A field whose function raised, and what it raised, where, and on which counterexample."""


def judgements(judged: Iterable[Rule], rules: Iterable[Rule]) -> tuple[dict[str, set[str]], dict[str, Fault]]:
    """The ids of these rules that each counterexample breaks, and the first fault of each rule.

    A rule that cannot be judged, or has a fault, counts as broken where it is implied: what it would say is
    not known.
    """
    rules = [*rules]
    sound = [rule for rule in rules if _can_be_judged(rule)]
    unknown = {rule.id for rule in rules if rule.binding} - {rule.id for rule in sound}
    faults = {rule.id: fault for rule in sound if (fault := _own_fault(rule))}
    broken = {}
    for one in judged:
        broken[one.id] = set[str]()
        for rule in sound:
            if rule.id not in faults:
                try:
                    broken[one.id] |= broken_by(one.counterexample, [rule])
                except Exception:
                    calls = _judging(rule, one.counterexample)
                    fault = _fault(calls, f"the counterexample of {one.id}")
                    if fault is None:
                        raise
                    faults[rule.id] = fault
    unknown |= faults.keys()
    found = {one.id: broken[one.id] - unknown | {*one.implies} & unknown for one in judged}
    return found, faults


def too_broad(rules: Iterable[Rule], broken: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """The rules that many counterexamples break which do not imply them, with the ids of theirs."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        for id in broken[rule.id] - {rule.id, *rule.implies}:
            found.setdefault(id, []).append(rule.id)
    return {id: others for id, others in found.items() if len(others) > MANY}


def of_rule(
    rule: Rule, broken: set[str], broad: Mapping[str, Sequence[str]], fault: Fault | None
) -> Iterator[tuple[str, str]]:
    """What is wrong with one record: the field, and the problem with its repair.

    `broken`: the ids of the rules that its counterexample breaks. `fault`: what one of its functions raises.
    """
    if rule.id in broad:
        others = f"{len(broad[rule.id])} other rules break it as well ({', '.join(broad[rule.id][:3])}, …)"
        if rule.finds:
            field, less = "finds", "let it find less"
        elif rule.applies is always:
            field, less = "holds", "let it be true of more, or write `applies`"
        else:
            field, less = "applies", "let it apply to less"
        yield field, f"the counterexamples of {others}: {less}, or let those imply it"
    found = [*_kinds(rule)]
    yield from found
    if not found:  # what is of a wrong kind cannot be judged
        yield from _words(rule)
        yield from _names(rule)
        yield from _functions(rule)
        if fault:
            yield fault
        else:
            yield from _counterexample(rule, broken, broad)


def _kinds(rule: Rule) -> Iterator[tuple[str, str]]:
    for field, enum in _ENUMS.items():
        if not isinstance(getattr(rule, field), enum):
            choices = ", ".join(f"{enum.__name__}.{each.name}" for each in enum)
            yield field, f"{getattr(rule, field)!r} is not one of {choices}"
    for field in ("aliases", "sources", "needs", "implies"):
        value: Any = getattr(rule, field)
        if not isinstance(value, tuple) or not all(isinstance(each, str) for each in value):
            written = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
            yield field, f"{value!r} is not a tuple of strings; write {written!r}"
    for field in ("id", "title", "sentence", "why", "repair"):
        if not isinstance(getattr(rule, field), str):
            yield field, f"{getattr(rule, field)!r} is not a string"
    for field in _FUNCTIONS:
        if not (callable(getattr(rule, field)) or (field in _OPTIONAL and getattr(rule, field) is None)):
            yield field, f"{getattr(rule, field)!r} is not a function; name one, and do not call it"
    binding: Any = rule.binding
    if not isinstance(binding, bool):
        yield "binding", f"{binding!r} is neither True nor False"


def _words(rule: Rule) -> Iterator[tuple[str, str]]:
    for field in ("title", "sentence", "why", "repair"):
        value = getattr(rule, field)
        if not value.isprintable() or " ".join(value.split()) != value:
            yield field, f"{value!r} has a line break, or more than one space in a row"
        if field in ("why", "repair") and not value.endswith("."):
            yield field, f"{value!r} is not a whole sentence: end it with a full stop"
        if field in ("title", "sentence") and value.endswith("."):
            yield field, f"{value!r} ends with a full stop; reports add their own"
    if not 3 <= len(rule.title.split()) <= 9:
        yield "title", f"{rule.title!r} has {len(rule.title.split())} words; write 3 to 9"
    for field, most in (("sentence", 150), ("why", 220), ("repair", 220)):
        if not 20 < len(getattr(rule, field)) <= most:
            yield field, f"it has {len(getattr(rule, field))} characters; write 21 to {most}"


def _names(rule: Rule) -> Iterator[tuple[str, str]]:
    for field, ids in (("id", (rule.id,)), ("aliases", rule.aliases)):
        for id in ids:
            if not _ID.fullmatch(id) or id.rpartition("-")[0] not in families():
                near = [family for family in families() if id.startswith(family.partition("-")[0] + "-")]
                choices = ", ".join(f"{family}-" for family in near or families())
                yield field, f"{id!r} is no id; write one such as S-ORG-99, beginning {choices}"
            elif field == "id" and not id.startswith(_STARTS[rule.subject]):
                choices = ", ".join(_STARTS[rule.subject])
                yield field, f"with {rule.subject} it begins {choices}, not as {id!r}; or change `subject`"
            elif id in guidance():
                yield field, f"{id!r} is already in spec/rules/guidance.md; take another"
    if not rule.sources:
        yield "sources", "there is none; link the section that says so"
    for source in rule.sources:
        if not re.fullmatch(r"https://[^\s|()]+", source):
            yield "sources", f"{source!r} is not an https link"
    for feature in rule.needs:
        if feature not in FEATURES:
            yield "needs", f"{feature!r} is no feature; choose from {', '.join(FEATURES)}"
    for id in rule.implies:
        if id not in [*RULES] or id == rule.id:
            yield "implies", f"{id!r} is not the id of another rule"
    if rule.path not in _PATHS:
        yield "path", f"{rule.path!r} is not one of {', '.join(map(repr, _PATHS))}"
    if rule.middleware not in _MIDDLEWARE:
        yield "middleware", f"{rule.middleware!r} is not one of {', '.join(map(repr, _MIDDLEWARE))}"


def families() -> list[str]:
    """What stands before the number of an id: S-ORG, SEC, …"""
    return [
        family
        for prefix, meaning in PREFIXES.items()
        for family in re.findall(rf"\b{prefix}[A-Z]+", meaning) or [prefix.rstrip("-")]
    ]


def _functions(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.subject is Subject.CONFIGURATION:
        if rule.finds is None:
            yield (
                "finds",
                "it is missing: name a function that finds the places of a Config that break the rule",
            )
        if rule.holds is not None:
            yield "holds", "a rule about configurations has `finds` instead"
        yield from _middleware(rule)
    else:
        if rule.holds is None:
            yield "holds", "it is missing: name the predicate"
        if rule.finds is not None:
            yield "finds", "it is for rules about configurations; this rule has `holds`"
        if rule.middleware:
            yield "middleware", "it is for rules about configurations"


def _middleware(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.middleware and not rule.id.startswith("A-CFG-"):
        yield "id", f"with `middleware` it begins A-CFG-, not as {rule.id!r}; or leave `middleware` out"
    if rule.id.startswith("A-CFG-") and not rule.middleware:
        yield "middleware", "it is missing: say what our middleware does, or take an id CFG-… or SEC-…"
    level = _LEVELS.get(rule.middleware)
    if level and rule.level is not level:
        yield "level", f"with middleware={rule.middleware!r} it is {level}, not {rule.level}"


def _counterexample(rule: Rule, broken: set[str], broad: Container[str]) -> Iterator[tuple[str, str]]:
    if problem := _kind_of_counterexample(rule):
        yield "counterexample", problem
        return
    if not rule.binding:
        return
    if rule.id not in broken:
        reason = "`holds` is true of it, or `applies` is not"
        yield (
            "counterexample",
            f"it does not break the rule: {'`finds` finds nothing' if rule.finds else reason}",
        )
    for id in sorted(id for id in broken - {rule.id, *rule.implies} if id not in broad):
        yield "implies", f"the counterexample breaks {id} as well; add {id!r}, or change the counterexample"
    for id in sorted(set(rule.implies) - broken):
        yield "implies", f"the counterexample does not break {id}; leave it out"


def _kind_of_counterexample(rule: Rule) -> str:
    """What is wrong with the kind of a counterexample, and what to write."""
    example: Any = rule.counterexample
    if not rule.binding:
        return "" if example is None else "a rule that does not bind has none"
    if rule.subject is Subject.CONFIGURATION:
        fits = isinstance(example, Config)
        wanted = "one Config, not in a tuple"
    else:
        kind = Hop if rule.subject is Subject.FETCH else Exchange
        fits = (
            isinstance(example, tuple) and bool(example) and all(isinstance(each, kind) for each in example)
        )
        wanted = f"a tuple of {kind.__name__} objects that break the rule"
        if fits and rule.subject is Subject.PAIR and len(example) < 2:
            fits, wanted = False, "two Exchange objects"
    return "" if fits else f"{rule.subject.value}: write {wanted}, or change `subject`"


Call = tuple[str, Callable[[], object]]
"""A field, and its function with the arguments for a counterexample."""


def _judging(rule: Rule, example: Any) -> Iterator[Call]:
    """What judges a counterexample, of this rule or of another."""
    if isinstance(example, Config):
        if rule.finds is not None:
            yield "applies", partial(rule.applies, example)
            yield "finds", partial(check_config, example, [rule])
        return
    for subject in _subjects(rule, example):
        yield "applies", partial(rule.applies, *subject)
        yield "holds", partial(is_broken, rule, *subject)


def _subjects(rule: Rule, example: tuple[Any, ...]) -> Iterable[tuple[Any, ...]]:
    if rule.subject is Subject.FETCH:
        return [example] if isinstance(example[0], Hop) else []
    return subjects(rule, example) if isinstance(example[0], Exchange) else []


def _showing(rule: Rule, example: Any) -> Iterator[Call]:
    """What is said of a violation: the functions of a rule that judge nothing."""
    if isinstance(example, Config):
        for place in places(rule, example):
            value = getattr(example, place.argument)
            given = value if place.index is None else [*value][place.index]
            yield from (
                ("details", partial(rule.details, given)),
                ("suggests", partial(rule.suggests, given)),
            )
    elif isinstance(example[0], Exchange):
        for subject in _subjects(rule, example):
            yield "excuses", partial(rule.excuses, frozenset(), None, *subject)
        yield from (("shows", lambda one=one: [*rule.shows(one)]) for one in example)


def _own_fault(rule: Rule) -> Fault | None:
    """What a function of a rule raises on the rule's own counterexample."""
    on = "the counterexample"
    example = rule.counterexample
    return _fault(_judging(rule, example), on) or _fault(_showing(rule, example), on)


def _fault(calls: Iterable[Call], on: str) -> Fault | None:
    """The first of these calls that raises: its field, and what it raises, where and on what."""
    for field, call in calls:
        try:
            call()
        except Exception as problem:
            last = traceback.extract_tb(problem.__traceback__)[-1]
            raised = f"raises {type(problem).__name__} on {on}: {problem}"
            if last.filename not in (__file__, judge.__file__):
                return field, f"{last.name} ({Path(last.filename).name}:{last.lineno}) {raised}"
            return field, f"it {raised}" + ("; or change `subject`" if field in _JUDGING else "")
    return None


def broken_by(counterexample: object, rules: Iterable[Rule]) -> set[str]:
    """The ids of those of these rules that a counterexample breaks."""
    if isinstance(counterexample, Config):
        found = check_config(counterexample, rules)
    elif isinstance(counterexample, tuple):
        judging = check if isinstance(counterexample[0], Exchange) else check_fetch
        found = judging(*counterexample, rules=rules)
    else:
        found = []
    return {violation.rule.id for violation in found}
