"""How the rules about servers read an exchange."""

import pytest

from spec.rules.server.examples import LIST, A, asks, get, gives, permits, says, seen
from spec.rules.server.facts import app, asked_fetch, proceeds


def test_a_preflight_that_no_browser_sends_leads_to_no_request() -> None:
    (exchange,) = seen(LIST, asks(method="TRACE"), says(200, "OK", permits(methods="TRACE")))
    assert asked_fetch(exchange, credentials=False) is None
    assert not proceeds(exchange)


def test_no_browser_sends_a_preflight_with_two_origins() -> None:
    (exchange,) = seen(LIST, asks(more=f"origin: {A}"), says(200, "OK", permits()))
    assert asked_fetch(exchange, credentials=False) is None
    assert not proceeds(exchange)


def test_what_is_not_known_of_the_application_is_not_made_up() -> None:
    (exchange,) = seen(LIST, get(), gives())
    with pytest.raises(AssertionError):
        app(exchange)
