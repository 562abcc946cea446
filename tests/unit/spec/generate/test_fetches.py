"""Fetches are of every kind often enough."""

from hypothesis import given
from hypothesis import strategies as st

from spec.browser import Fetch, actual_request, preflight_request
from spec.config import Config
from spec.generate.configurations import configs
from spec.generate.fetches import fetches
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.generate.judging import is_asgi_valid, is_member


@thresholds(preflighted=0.1, simple=0.1, include=0.1, allowed_page=0.1, refused_page=0.05, own_header=0.1)
@given(configs().flatmap(lambda config: st.tuples(st.just(config), fetches(config))))
def test_fetches_go_to_another_origin_and_do_not_throw(case: tuple[Config, Fetch]) -> None:
    config, fetch = case
    request = actual_request(fetch)
    preflight = preflight_request(fetch)
    allowed = is_member(config, fetch.page_origin.encode())
    hit(
        preflighted=preflight is not None,
        simple=preflight is None,
        include=fetch.credentials == "include",
        allowed_page=allowed,
        refused_page=not allowed,
        own_header=bool(fetch.headers),
    )
    assert fetch.page_origin != fetch.url_origin
    assert request.lines("origin") == [fetch.page_origin.encode()]
    assert is_asgi_valid(request)
    assert preflight is None or is_asgi_valid(preflight)
