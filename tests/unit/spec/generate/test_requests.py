"""Requests are valid, and often enough of every kind."""

from hypothesis import given
from hypothesis import strategies as st

from spec.config import Config
from spec.generate.configurations import configs
from spec.generate.requests import any_requests, preflights, requests
from spec.http import Request, is_token
from tests.helpers.thresholds import hit, thresholds
from tests.unit.spec.generate.judging import VALUE, is_asgi_valid, is_member

configs_and_requests = configs().flatmap(lambda config: st.tuples(st.just(config), requests(config)))
configs_and_preflights = configs().flatmap(lambda config: st.tuples(st.just(config), preflights(config)))


@thresholds(
    preflight=0.1,
    actual=0.1,
    options_without_wish=0.005,
    wish_without_options=0.01,
    no_origin=0.02,
    allowed_origin=0.15,
    refused_origin=0.1,
    doubled_origin=0.005,
)
@given(configs_and_requests)
def test_requests_are_valid_and_of_every_kind(case: tuple[Config, Request]) -> None:
    config, request = case
    origins = request.lines("origin")
    wishes = request.lines("access-control-request-method")
    is_preflight = bool(request.method == "OPTIONS" and origins and wishes)
    allowed = len(origins) == 1 and is_member(config, origins[0])
    hit(
        preflight=is_preflight,
        actual=bool(origins) and not is_preflight,
        options_without_wish=request.method == "OPTIONS" and not wishes,
        wish_without_options=request.method != "OPTIONS" and bool(wishes),
        no_origin=not origins,
        allowed_origin=allowed,
        refused_origin=len(origins) == 1 and not allowed,
        doubled_origin=len(origins) > 1,
    )
    assert is_asgi_valid(request)


@thresholds(
    listed_method=0.2,
    other_method=0.1,
    doubled_method=0.01,
    no_header=0.1,
    tokens=0.15,
    no_tokens=0.01,
    split=0.01,
    private_network=0.05,
)
@given(configs_and_preflights)
def test_preflights_are_preflights_and_of_every_kind(case: tuple[Config, Request]) -> None:
    config, request = case
    (method, *more) = request.lines("access-control-request-method")
    wishes = request.lines("access-control-request-headers")
    joined = b",".join(wishes)
    names = [name.strip(b" \t") for name in joined.split(b",") if name.strip(b" \t")]
    tokens = all(is_token(name) for name in names)
    hit(
        listed_method=method.decode("latin-1") in config.allow_methods or "*" in config.allow_methods,
        other_method=method.decode("latin-1") not in config.allow_methods,
        doubled_method=bool(more),
        no_header=not names,
        tokens=bool(names) and tokens,
        no_tokens=not tokens,
        split=len(wishes) > 1,
        private_network=request.lines("access-control-request-private-network") == [b"true"],
    )
    assert request.method == "OPTIONS"
    assert request.lines("origin")
    assert is_asgi_valid(request)


@thresholds(preflight=0.01, origin=0.1, odd_bytes=0.1)
@given(any_requests())
def test_any_requests_are_valid_and_sometimes_preflights(request: Request) -> None:
    origins = request.lines("origin")
    wishes = request.lines("access-control-request-method")
    hit(
        preflight=bool(request.method == "OPTIONS" and origins and wishes),
        origin=bool(origins),
        odd_bytes=any(not VALUE.fullmatch(value) for _, value in request.headers),
    )
    assert is_asgi_valid(request)
