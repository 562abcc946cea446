"""Rules, what they judge and what they find: values that nobody changes, with names that are shown."""

from dataclasses import FrozenInstanceError

import pytest

import spec
from spec import RULES, Exchange, Level, Place, Profile, Response, Severity, Subject, Violation
from spec.rules.record import NETWORK_ERROR
from spec.rules.server.examples import LIST, get, gives

EXCHANGE = Exchange(LIST, get(), gives())


def test_levels_profiles_and_subjects_are_called_what_the_catalogue_says() -> None:
    assert [level.value for level in Level] == ["MUST", "SECURITY", "SHOULD", "INFO"]
    assert [profile.value for profile in Profile] == ["protocol", "security", "documented", "implementation"]
    assert [severity.value for severity in Severity] == ["lets in", "keeps out", "cache", "hygiene"]
    assert [subject.value for subject in Subject] == ["exchange", "pair", "set", "configuration", "fetch"]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (EXCHANGE, "response"),
        (RULES["D-01"], "holds"),
        (Place("max_age"), "index"),
        (Violation(RULES["D-01"], (EXCHANGE,), "why"), "place"),
    ],
)
def test_nobody_changes_it_and_equals_are_one_in_a_set(value: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, None)
    assert len({value, value}) == 1


def test_what_is_not_said_is_unknown() -> None:
    assert (EXCHANGE.app_response, EXCHANGE.app_calls, EXCHANGE.no_response) == (None, None, "")
    assert Response(0, ()) == NETWORK_ERROR
    assert Place("max_age").index is None
    assert Violation(RULES["D-01"], (EXCHANGE,), "why").place is None


def test_the_package_names_all_that_it_offers() -> None:
    origins = {name: getattr(value, "__module__", "") for name, value in vars(spec).items()}
    ours = {name for name, origin in origins.items() if origin.startswith("spec.")}
    assert {*ours, "RULES"} == set(spec.__all__) <= set(origins)
