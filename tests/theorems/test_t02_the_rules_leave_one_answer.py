"""T-2 tight rules: change the model's answer in any one way, or build one from parts: rules tell it apart.

The freedoms that are left: the order of header lines, and the letter case of names on actual responses.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import RULES, strategies
from spec.config import Config
from spec.http import Headers, Request, Response
from spec.policy import is_preflight
from spec.rules.judge import is_broken
from spec.rules.record import Exchange, Profile, Rule, Subject
from tests.helpers.compare import modelled, same_answers
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.scope import SMALL
from tests.theorems.serving import cases

# The rules of this implementation come first: they are the ones that say no soonest.
JUDGING = sorted(
    (rule for rule in RULES.values() if rule.holds and rule.subject is Subject.EXCHANGE and rule.binding),
    key=lambda rule: rule.profile is not Profile.IMPLEMENTATION,
)
OF_OTHERS = [rule for rule in JUDGING if rule.profile is not Profile.IMPLEMENTATION]

ADDED: Headers = (
    (b"access-control-allow-origin", b"https://evil.example"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"BREW"),
    (b"access-control-allow-headers", b"x-evil"),
    (b"access-control-expose-headers", b"x-evil"),
    (b"access-control-max-age", b"1"),
    (b"access-control-allow-private-network", b"true"),
    (b"vary", b"x-evil"),
)


def changed(response: Response) -> Iterator[Response]:
    """The response changed in one way, in every way there is."""
    for number, (name, value) in enumerate(response.headers):
        before, after = response.headers[:number], response.headers[number + 1 :]
        yield Response(response.status, before + after, response.body)
        yield Response(response.status, (*before, (name, value), (name, value), *after), response.body)
        for other in (value + b"x", value.swapcase(), b"*", b""):
            if other != value:
                yield Response(response.status, (*before, (name, other), *after), response.body)
    for line in ADDED:
        yield Response(response.status, (*response.headers, line), response.body)
    for status in (200, 204, 302, 400, 403, 500):
        if status != response.status:
            yield Response(status, response.headers, response.body)
    yield Response(response.status, response.headers, response.body + b"!")


def admitted(config: Config, request: Request, response: Response, app: Response, rules: list[Rule]) -> bool:
    """No rule that applies says no."""
    calls = 0 if is_preflight(request) else 1
    exchange = Exchange(config, request, response, app, calls)
    return not any(is_broken(rule, exchange) for rule in rules)


@pytest.mark.slow
@thresholds(preflight=0.2, actual=0.2)
@given(cases, st.data())
def test_no_single_change_to_the_models_answer_is_admitted(
    case: tuple[Config, Request, Response], data: st.DataObject
) -> None:
    config, request, app = case
    answer = modelled(config, request, app).response
    other = data.draw(st.sampled_from(list(changed(answer))))
    hit(preflight=is_preflight(request), actual=not is_preflight(request))
    assert not admitted(config, request, other, app, JUDGING) or same_answers(answer, other)


@pytest.mark.slow
def test_every_single_change_in_a_small_scope_is_told_apart() -> None:
    told_by_others: Counter[bool] = Counter()
    for config in list(SMALL.configs())[::71]:
        for request, app in SMALL.cases[::17]:
            answer = modelled(config, request, app).response
            for other in changed(answer):
                assert not admitted(config, request, other, app, JUDGING), (config, request, app, other)
                told_by_others[not admitted(config, request, other, app, OF_OTHERS)] += 1
    share = told_by_others[True] / told_by_others.total()
    print(f"T-2: {told_by_others.total()} changes told apart, {share:.0%} of them without our own rules")
    assert told_by_others.total() > 5_000
    assert share > 0.5


def candidates(config: Config, request: Request, app: Response) -> Iterator[Response]:
    """Answers built from parts: each part absent, right, wrong, or doubled."""
    answer = modelled(config, request, app).response
    right = {name: [value for n, value in answer.headers if n == name] for name, _ in answer.headers}
    parts: list[list[Headers]] = []
    for name, wrong in (
        (b"access-control-allow-origin", b"https://evil.example"),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-max-age", b"601"),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-expose-headers", b"*"),
        (b"vary", b"Origin"),
    ):
        ours = tuple((name, value) for value in right.get(name, ()))
        options: list[Headers] = [(), ours, ((name, wrong),), (*ours, *ours)]
        parts.append(list(dict.fromkeys(options)))
    fixed = tuple(
        line
        for line in answer.headers
        if line[0] not in {options[-1][0][0] for options in parts if options[-1]}
    )
    for status, chosen in product((answer.status, 200 if answer.status == 400 else 400), product(*parts)):
        yield Response(status, (*fixed, *(line for option in chosen for line in option)), answer.body)


@pytest.mark.slow
def test_of_all_candidates_the_rules_admit_one_answer_and_it_is_the_models() -> None:
    seen = judged = 0
    for config in list(SMALL.configs())[::97]:
        for request, app in SMALL.cases[::47]:
            answer = modelled(config, request, app).response
            passed = []
            for candidate in candidates(config, request, app):
                judged += 1
                if admitted(config, request, candidate, app, JUDGING):
                    passed.append(candidate)
            assert passed, (config, request, app)
            assert all(same_answers(answer, candidate) for candidate in passed), (config, request, passed)
            seen += 1
    print(f"completeness: {seen} cases, {judged} candidate answers, one admitted for each")
    assert seen > 50


@given(strategies.configs())
def test_order_of_lines_is_a_freedom(config: Config) -> None:
    for request in (SMALL.preflights()[40], SMALL.actual_requests()[1]):
        app = SMALL.app_responses()[2]
        answer = modelled(config, request, app).response
        backwards = Response(answer.status, answer.headers[::-1], answer.body)
        doubled = len({name for name, _ in answer.headers}) < len(answer.headers)
        assert doubled or admitted(config, request, backwards, app, JUDGING)
