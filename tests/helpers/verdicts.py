"""Words for tables of what rules say of exchanges."""

from spec import RULES, Config, Exchange, Request, Response
from spec.browser import Hop

HOLDS, BROKEN, NOT = "holds", "broken", "not applicable"

Row = tuple[str, tuple[Exchange, ...], str]


def together(config: Config, *exchanges: tuple[Request, Response]) -> tuple[Exchange, ...]:
    """Requests and their answers, under one configuration, the application unknown."""
    return tuple(Exchange(config, request, response) for request, response in exchanges)


def either_way(
    rule: str, config: Config, one: tuple[Request, Response], other: tuple[Request, Response], says: str
) -> list[Row]:
    """What a rule says of a pair, whichever comes first."""
    return [(rule, together(config, one, other), says), (rule, together(config, other, one), says)]


def verdict(rule_id: str, subject: tuple[Exchange, ...] | tuple[Hop, ...]) -> str:
    """What a rule says of these exchanges, or of what a browser did."""
    rule = RULES[rule_id]
    assert rule.holds is not None
    if not rule.applies(*subject):
        return NOT
    return HOLDS if rule.holds(*subject) else BROKEN
