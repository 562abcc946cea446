"""What the tables of rules about configurations are written with, and how they are held against the rules."""

from typing import Any

from spec.config import Config
from spec.rules import RULES as ALL_RULES
from spec.rules.judge import errors, warnings
from spec.rules.record import Place, Rule, Subject

Parameters = dict[str, Any]
Findings = list[tuple[str, list[Place]]]
Case = tuple[Parameters, Findings]

RULES = [rule for rule in ALL_RULES.values() if rule.subject is Subject.CONFIGURATION]
ERRORS = {rule.id for rule in RULES if rule.middleware == "raises"}
WARNINGS = {rule.id for rule in RULES if rule.middleware.startswith("warns")}


def config_of(**parameters: Any) -> Config:
    """Somebody is allowed, unless these parameters say otherwise."""
    return Config(**{"allow_origins": ("https://a.example",)} | parameters)


def found_by(rule: Rule, config: Config) -> list[Place]:
    places = rule.finds(config) if rule.finds else []
    assert rule.applies(config) or not places
    return places


def refused(config: Config) -> list[tuple[str, Place]]:
    return [(rule.id, place) for rule, place in errors(config)]


def warned_of(config: Config) -> list[tuple[str, Place]]:
    return [(rule.id, place) for rule, place in warnings(config)]


# Parameters, and what is found


def at(argument: str, *indexes: int) -> list[Place]:
    return [Place(argument, index) for index in indexes] or [Place(argument)]


def origins(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origins": entries, **more}


def with_credentials(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origins": entries, "allow_credentials": True, **more}


def methods(*entries: Any) -> dict[str, Any]:
    return {"allow_methods": entries}


def headers(*entries: Any) -> dict[str, Any]:
    return {"allow_headers": entries}


def exposed(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"expose_headers": entries, **more}


def regex(pattern: Any, **more: Any) -> dict[str, Any]:
    return {"allow_origin_regex": pattern, **more}


ORIGINS = "allow_origins"
METHODS = "allow_methods"
HEADERS = "allow_headers"
EXPOSE = "expose_headers"
REGEX = at("allow_origin_regex")
MAX_AGE = at("max_age")
LISTS = (ORIGINS, METHODS, HEADERS, EXPOSE)
A = "https://a.example"
B = "https://b.example"


def found_in(config: Config) -> tuple[list[tuple[str, Place]], list[tuple[str, Place]]]:
    """What our middleware refuses in a configuration, and what it warns of."""
    return sorted(refused(config), key=str), sorted(warned_of(config), key=str)


def told_apart(config: Config, findings: Findings) -> tuple[list[tuple[str, Place]], list[tuple[str, Place]]]:
    """Which of these findings our middleware is to refuse, and which it is to warn of."""
    pairs = [(rule_id, place) for rule_id, places in findings for place in places]
    is_refused = ERRORS | ({"A-CFG-7"} if config.allow_credentials is True else set())
    return (
        sorted((each for each in pairs if each[0] in is_refused), key=str),
        sorted((each for each in pairs if each[0] not in is_refused), key=str),
    )
