"""What a run sends is known before: what the rules need, the most telling first, and how much that is."""

from collections import Counter

import pytest

from spec import RULES, Config, Request
from spec.conformance import Report, Target, check_app
from spec.conformance.asking import is_for_everyone
from spec.conformance.cases import Group, actual, groups, preflight
from spec.conformance.plan import (
    RANDOM,
    TELLING,
    Plan,
    needed,
    planned,
    random_draws,
    random_group,
    telling_first,
)
from spec.conformance.run import selected
from spec.rules.server.examples import EVERYTHING, LIST, REGEX, A
from tests.helpers.faulty_servers import FAULTS, server
from tests.unit.spec.conformance.servers import asgi
from tests.unit.spec.conformance.test_run import right

FOR_EVERYONE = selected(("protocol", "security"))
CONTROL = actual((A.encode(),))
TARGET = Target("/", "/error", "/options")


def plan_of(config: Config = LIST, max_examples: int = 0, at_most: int | None = None, *rules: str) -> Plan:
    chosen = [RULES[rule] for rule in rules] or FOR_EVERYONE
    return planned(config, TARGET, chosen, max_examples, 0, is_for_everyone, CONTROL, at_most)


def test_everything_is_sent_in_the_order_of_the_groups_after_a_request_of_nobody() -> None:
    first, *rest = plan_of().groups
    assert first == Group("no Origin", (actual(),))
    assert rest == groups(LIST, TARGET)


def test_each_request_counts_once_unless_it_is_sent_afresh() -> None:
    plan = plan_of(max_examples=20)
    assert len(plan.sent) == len(plan.groups)
    assert list(plan.sent) == sorted(plan.sent)
    assert plan.sent[0] == 2  # the control came first
    assert plan.requests == plan.sent[-1] + 1  # it comes again in the end
    once = {request for group in plan.groups for request in group.requests if is_for_everyone(request)}
    again = Counter(
        request
        for group in plan.groups
        if group.afresh
        for request in group.requests
        if is_for_everyone(request)
    )
    assert len(once) < plan.requests - 1 <= len(once) + again.total()
    without = planned(LIST, TARGET, FOR_EVERYONE, 0, 0, is_for_everyone, None)
    assert without.sent[0] == 1
    assert without.requests == without.sent[-1] == plan_of().requests - 1


def test_what_cannot_be_sent_does_not_count() -> None:
    nothing = planned(LIST, TARGET, FOR_EVERYONE, 0, 0, lambda request: False, CONTROL)
    assert nothing.requests == 2
    assert set(nothing.sent) == {1}


@pytest.mark.parametrize(
    "config", [LIST, REGEX, EVERYTHING, Config(), Config(allow_origins=("https://*.a.example",))]
)
@pytest.mark.parametrize("at_most", [100, 40])
def test_a_quick_run_sends_some_of_each_telling_kind(config: Config, at_most: int) -> None:
    plan = plan_of(config, 50, at_most)
    assert plan.requests <= at_most
    assert plan.requests > min(at_most - 15, plan_of(config, 50).requests - 1)
    names = Counter(group.name for group in plan.groups)
    if config.allow_origins or config.allow_origin_regex:
        assert {"GET of each origin", "preflight of each origin", "near misses"} <= set(names)


def test_the_most_telling_groups_come_first_and_none_is_lost() -> None:
    every = groups(LIST, TARGET)
    found = telling_first(every)
    assert sorted(map(id, found)) == sorted(map(id, every))
    names = [group.name for group in found]
    assert names[:2] == ["GET of each origin", "preflight of each origin"]
    assert names[2:5] == ["a preflight and its request"] * 2 + ["near misses"]
    assert names[:40].count("near misses") == TELLING["near misses"]
    kinds = {name for name in TELLING if name in names}
    assert kinds == set(names[: names.index("GET and HEAD")])
    near = [group for group in found if group.name == "near misses"]
    assert near == [group for group in every if group.name == "near misses"]


def test_the_faults_of_the_usual_near_misses_are_found_quickly() -> None:
    for rule in ("SEC-2", "SEC-3", "S-WRK-1", "S-WRK-2", "S-PF-5", "S-ORG-4", "S-SYN-2", "S-VARY-2"):
        config, fault = FAULTS[rule]
        report = check_app(server(config, fault), config, at_most=100)
        assert rule in {violation.rule.id for violation in report.violations}
        assert report.requests < 200  # those that confirm and shrink what was found are more


# Only what the rules need


def checked(config: Config, rule: str) -> Report:
    return check_app(asgi(right(config)), config, target=TARGET, rules=(rule,), max_examples=0)


@pytest.mark.slow
def test_a_rule_applies_as_often_when_it_is_checked_alone() -> None:
    requests, applied = [], set()
    for config in (LIST, EVERYTHING):
        every = check_app(asgi(right(config)), config, target=TARGET, max_examples=0)
        for rule in FOR_EVERYONE:
            if rule.id in applied:
                continue
            alone = checked(config, rule.id)
            assert alone.applied[rule.id] == every.applied[rule.id], rule.id
            assert alone.verdicts == {rule.id: every.verdicts[rule.id]}
            requests.append(alone.requests / every.requests)
        applied |= {rule for rule, times in every.applied.items() if times}
    assert max(requests) <= 1
    assert sum(share < 0.5 for share in requests) > 10


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", FAULTS)
def test_a_fault_is_found_by_its_rule_alone(rule_id: str) -> None:
    config, fault = FAULTS[rule_id]
    report = check_app(
        server(config, fault),
        config,
        target=Target(error_path="/error", options_path="/options", unstated=frozenset()),
        rules=(rule_id,),
        max_examples=0,
    )
    assert report.verdicts == {RULES[rule_id].id: "fail"}


def test_of_a_group_only_what_is_judged_is_sent() -> None:
    group = Group("", (actual(), actual((A.encode(),)), actual((b"null",))))
    asked = preflight((A.encode(),), (b"PUT",))
    order = Group("", (actual((b"null",)), actual()), afresh=True)

    def kept(*rules: str) -> list[Group]:
        return list(needed([group, order, Group("", (asked,))], [RULES[rule] for rule in rules], LIST))

    assert kept("S-ORG-4") == [Group("", (actual((b"null",)),)), order]
    assert kept("S-ORG-4", "S-WRK-2") == [*kept("S-ORG-4"), Group("", (asked,))]
    assert kept("S-VARY-1") == [group, order]
    assert kept("S-SYN-2", "S-VARY-1") == [group, order, Group("", (asked,))]
    assert kept("S-VARY-4") == []  # it asks what the application had responded, which nobody sees


# What is drawn


def test_what_is_drawn_is_the_same_for_a_seed() -> None:
    assert random_draws(LIST, 0, 1) == ()
    one = random_draws(LIST, 20, 1)
    assert one == random_draws(LIST, 20, 1) != random_draws(LIST, 20, 2)
    assert len(set(one)) == len(one) > 10
    assert all(1 <= len(drawn) <= 3 for drawn in one)


def test_what_is_drawn_is_sent_beside_a_usual_request_and_changes_nothing() -> None:
    drawn = (Request("PUT", ((b"host", b"a"), (b"x", b"y"), (b"cookie", b"b")), "/c"), actual((b"null",)))
    usual = actual((A.encode(),), path="/a")
    expected = (usual, Request("GET", ((b"x", b"y"),), "/a"), actual((b"null",), path="/a"))
    assert random_group(LIST, Target("/a"), drawn) == Group(RANDOM, expected)
    assert random_group(Config(), Target("/a"), ()).requests == (actual(path="/a"),)
    plan = planned(LIST, Target("/a"), FOR_EVERYONE, 40, 0, is_for_everyone, CONTROL)
    sent = [request for group in plan.groups if group.name == RANDOM for request in group.requests]
    assert {request.method for request in sent} == {"GET", "HEAD", "OPTIONS"}
    assert {request.path for request in sent} == {"/a"}
    assert not any(request.lines(name) for request in sent for name in ("host", "cookie", "authorization"))
