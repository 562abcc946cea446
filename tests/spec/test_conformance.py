"""The checker: silent about what is right, and exact about what is wrong."""

from typing import Any

import pytest

from impl import CORSMiddleware
from spec import RULES, Config
from spec.conformance import Target, check_app
from spec.conformance.run import selected
from spec.saboteurs import ANY_HEADER, BOTH, CREDENTIALS, EVERYTHING, LIST, REGEX, WILDCARD
from tests.spec.sabotage import FAULTS, NEEDS_THE_APP, TWINS, server
from tests.spec.variants import VARIANTS

EVERY_PROFILE = ("protocol", "security", "documented", "house")
FOR_EVERYONE = [rule.id for rule in selected(("protocol", "security"))]
TARGET = Target(options_path="/options")

CONFIGS = [LIST, WILDCARD, REGEX, BOTH, EVERYTHING, ANY_HEADER, CREDENTIALS]


async def greeting(scope: Any, receive: Any, send: Any) -> None:
    """The smallest application."""
    if scope["type"] == "http":
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else b"hello"})


@pytest.mark.parametrize("config", CONFIGS, ids=range(len(CONFIGS)))
def test_nothing_is_said_of_the_middleware_and_of_the_model(config: Config) -> None:
    ours = CORSMiddleware(greeting, **vars(config))
    for app in (ours, server(config, lambda request, response: response)):
        report = check_app(app, config, target=TARGET, profiles=EVERY_PROFILE, max_examples=20)
        assert report.conforms
        assert report.violations == []
        assert report.trouble == []
        assert sum(verdict == "pass" for verdict in report.verdicts.values()) > 50


def test_every_rule_for_everyone_has_a_faulty_server() -> None:
    assert {*FAULTS, *TWINS, *NEEDS_THE_APP} == set(FOR_EVERYONE)


@pytest.mark.parametrize("rule_id", FAULTS)
def test_a_fault_is_found_and_nothing_else(rule_id: str) -> None:
    config, fault = FAULTS[rule_id]
    report = check_app(server(config, fault), config, target=TARGET, max_examples=0)
    assert report.control == ""
    found = {violation.rule.id for violation in report.violations}
    rule = RULES[rule_id]
    assert rule_id in found
    assert found <= {rule_id, *rule.same_as, *rule.implies}


@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_is_said_of_what_is_right_in_another_way(name: str) -> None:
    config, change = VARIANTS[name]
    report = check_app(server(config, change), config, target=TARGET, max_examples=50)
    assert report.control == ""
    assert report.violations == []
    assert report.conforms
