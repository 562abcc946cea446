"""The checker: silent about what is right, and exact about what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from spec import RULES, Config
from spec.conformance import Report, Target, check_app, in_process
from spec.conformance.cases import Group
from spec.conformance.run import JUDGED, Run, selected
from spec.http import Response
from spec.rules.server.examples import (
    ANY_HEADER,
    BOTH,
    CREDENTIALS,
    EVERYTHING,
    LIST,
    REGEX,
    WILDCARD,
)
from tests.helpers.faulty_servers import FAULTS, NEEDS_NO_PARSER, NEEDS_THE_APP, server
from tests.helpers.variants import VARIANTS
from tests.theorems.serving import protect

EVERY_PROFILE = ("protocol", "security", "documented", "implementation")
FOR_EVERYONE = [rule.id for rule in selected(("protocol", "security"))]
TARGET = Target(error_path="/error", options_path="/options")

CONFIGS = [LIST, WILDCARD, REGEX, BOTH, EVERYTHING, ANY_HEADER, CREDENTIALS]


async def greeting(scope: Any, receive: Any, send: Any) -> None:
    """The smallest application, which has no /error."""
    if scope["type"] == "http":
        status = 404 if scope["path"] == "/error" else 200
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else b"hello"})


@pytest.mark.slow
@pytest.mark.parametrize("config", CONFIGS, ids=range(len(CONFIGS)))
def test_nothing_is_said_of_the_middleware_and_of_the_model(config: Config) -> None:
    ours = protect(greeting, config)
    for app in (ours, server(config, lambda request, response: response)):
        report = check_app(app, config, target=TARGET, profiles=EVERY_PROFILE, max_examples=20)
        assert report.conforms
        assert report.violations == []
        assert report.trouble == []
        assert sum(verdict == "pass" for verdict in report.verdicts.values()) > 45  # twins are one rule


def test_the_faulty_servers_are_of_rules_for_everyone() -> None:
    assert {*FAULTS, *NEEDS_THE_APP, *NEEDS_NO_PARSER} <= set(FOR_EVERYONE)
    assert len(FAULTS) >= 35


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", FAULTS)
def test_a_fault_is_found_and_nothing_else(rule_id: str) -> None:
    config, fault = FAULTS[rule_id]
    report = check_app(server(config, fault), config, target=TARGET, max_examples=0)
    assert report.inconclusive == ""
    found = {violation.rule.id for violation in report.violations}
    rule = RULES[rule_id]
    assert rule_id in found
    assert found <= {rule.id, *rule.implies}


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_is_said_of_what_is_right_in_another_way(name: str) -> None:
    config, change = VARIANTS[name]
    report = check_app(server(config, change), config, target=TARGET, max_examples=50)
    assert report.inconclusive == ""
    assert report.violations == []
    assert report.conforms


def replaying(*responses: Response) -> Any:
    """An ASGI application that gives these answers, one after the other."""
    left = iter(responses)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            answer = next(left)
            headers = list(answer.headers)
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await send({"type": "http.response.body", "body": answer.body})

    return app


SERVERS = [
    (rule.id, rule.counterexample)
    for rule in RULES.values()
    if rule.subject in JUDGED and isinstance(rule.counterexample, tuple)
]
SEEN_FROM_OUTSIDE = {
    rule_id: tuple(replace(exchange, app_response=None, app_calls=None) for exchange in exchanges)
    for rule_id, exchanges in SERVERS
}
"""The counterexamples, as a checker sees them: it does not know what the application behind did."""

NEEDS_MORE = set(
    "D-25 D-26 D-28 S-PF-2 S-PF-16 S-RSP-4 S-RSP-8 S-VARY-4 A-ACT-1 A-ACT-2 A-ACT-3 A-ACT-4 A-ACT-5".split()
)
"""The counterexamples that break what they imply only when one sees behind the server."""


@pytest.mark.parametrize("rule_id", SEEN_FROM_OUTSIDE)
def test_a_counterexample_breaks_its_rule_and_what_that_implies(rule_id: str) -> None:
    rule, exchanges = RULES[rule_id], SEEN_FROM_OUTSIDE[rule_id]
    config = exchanges[0].config
    report = Report("counterexample", config, EVERY_PROFILE, 0, selected(EVERY_PROFILE))
    transport = in_process(replaying(*(exchange.response for exchange in exchanges)))
    try:
        doing = Run(transport, report, Target(error_path="/", unstated=frozenset()), config)
        group = Group("", tuple(exchange.request for exchange in exchanges), afresh=True)
        _, broken = doing.judged(doing.exchanges(group), doing.rules)
    finally:
        transport.close()
    expected = {rule.id, *rule.implies}
    found = {violation.rule.id for violation in broken}
    if rule_id == "S-RSP-4":  # seen from outside, what the application wrote is the server's own
        expected = expected | {"S-HTTP-4"}
    assert found < expected if rule_id in NEEDS_MORE else found == expected
