"""T-11 idempotence: a middleware around another with the same configuration answers as one of them."""

from hypothesis import given

from spec.config import Config
from spec.http import Request, Response
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import (
    answering_app,
    cases,
    comparable,
    is_preflight,
    is_shared,
    protect,
    serve,
)


@thresholds(preflight=0.1, shared=0.1, unshared=0.05, own_headers=0.02)
@given(cases)
def test_wrapping_twice_answers_as_wrapping_once(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    once = serve(protect(answering_app, config), request, app_response)
    twice = serve(protect(protect(answering_app, config), config), request, app_response)
    preflight = is_preflight(request)
    hit(
        preflight=preflight,
        shared=not preflight and is_shared(once),
        unshared=not preflight and not is_shared(once),
        own_headers=not preflight and is_shared(app_response),
    )
    assert comparable(twice) == comparable(once)
