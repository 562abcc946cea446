"""T-1 sound model: every rule that applies holds on the model's answers, one, two or several at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import RULES, check, strategies
from spec.config import Config
from spec.http import Request, Response
from spec.rules.record import Exchange, Subject
from tests.helpers.compare import modelled
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.scope import SMALL

FOLLOWED = tuple(
    rule
    for rule in RULES.values()
    if rule.holds and rule.subject in (Subject.EXCHANGE, Subject.PAIR, Subject.SET) and rule.binding
)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Config, list[tuple[Request, Response]]]:
    """A configuration, and a few requests near it that meet one application or several."""
    config = draw(strategies.configs())
    apps = draw(st.lists(strategies.app_responses(), min_size=1, max_size=2))
    requests = draw(st.lists(strategies.requests(config), min_size=1, max_size=4))
    return config, [(request, draw(st.sampled_from(apps))) for request in requests]


@pytest.mark.slow
@pytest.mark.mutation
@thresholds(preflights=0.1, allowed=0.1, several=0.3)
@given(conversations())
def test_every_rule_that_applies_holds_on_the_models_answers(
    conversation: tuple[Config, list[tuple[Request, Response]]],
) -> None:
    config, requests = conversation
    exchanges = [modelled(config, request, app) for request, app in requests]
    hit(
        preflights=any(exchange.app_calls == 0 for exchange in exchanges),
        allowed=any(exchange.response.lines("access-control-allow-origin") for exchange in exchanges),
        several=len(exchanges) > 1,
    )
    assert check(*exchanges, rules=FOLLOWED) == []


@pytest.mark.slow
def test_every_rule_holds_on_what_is_seen_of_the_model_from_outside() -> None:
    """A foreign server's application is unknown; it is taken for one that sets no CORS headers."""
    plain = Response(200, ((b"content-type", b"text/plain"),), b"hello")
    for config in list(SMALL.configs())[::73]:
        seen = [modelled(config, request, plain) for request in SMALL.preflights() + SMALL.actual_requests()]
        foreign = [Exchange(exchange.config, exchange.request, exchange.response) for exchange in seen]
        assert [found for exchange in foreign for found in check(exchange, rules=FOLLOWED)] == []


def test_advice_is_advice() -> None:
    """What our middleware knowingly does not follow binds nobody."""
    assert {rule.level.value for rule in RULES.values() if not rule.binding} == {"INFO"}
