"""T-5 drop-in: Starlette's middleware answers the same, but where a named divergence applies; there never.

On the exhaustive scope `exhaust.py` checks it; here every witness, the parameters, and generated cases.
"""

import inspect

import pytest
from hypothesis import given
from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

from impl import CORSMiddleware
from spec.config import Config
from spec.http import Request, Response
from spec.policy import is_preflight
from tests.helpers.compare import Driven, modelled, same_answers, starlette
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.divergences import DIVERGENCES, Divergence, applying, sent
from tests.theorems.divergences import app as app_response
from tests.theorems.serving import cases


@pytest.mark.parametrize("divergence", DIVERGENCES, ids=lambda divergence: divergence.name)
def test_a_witness_shows_its_divergence_alone(divergence: Divergence) -> None:
    config, request, app = divergence.witness
    assert differences(config, request, app) == [divergence.name]
    assert not same_answers(ours(config, request, app), theirs(config, request, app))


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("more", [[], ["https://b.example"]])
def test_two_origins_make_no_difference_where_the_application_names_theirs(more: list[str]) -> None:
    config = Config(allow_origin_regex=".*")
    request = sent(("origin", "https://a.example"), ("origin", "https://b.example"))
    response = app_response(*(("access-control-allow-origin", each) for each in ("https://a.example", *more)))
    assert differences(config, request, response) == (["two Origin lines"] if more else [])
    assert same_answers(ours(config, request, response), theirs(config, request, response)) != bool(more)


@pytest.mark.parametrize(
    ("origin", "named", "reasons"),
    [
        ("https://b.a.example", False, ["an origin pattern"]),
        ("https://b.a.example", True, []),
        ("https://*.a.example", False, ["an origin pattern"]),
        ("https://*.a.example", True, []),
        ("https://a.example", False, []),
        ("https://b.a.example.evil.example", False, []),
    ],
)
def test_a_pattern_makes_a_difference_to_whom_it_matches_and_to_its_own_text(
    origin: str, named: bool, reasons: list[str]
) -> None:
    config = Config(allow_origins=("https://*.a.example",))
    response = app_response(*([("access-control-allow-origin", origin)] if named else []))
    request = sent(("origin", origin))
    assert differences(config, request, response) == reasons
    assert same_answers(ours(config, request, response), theirs(config, request, response)) == (not reasons)


@thresholds(same=0.02, different=0.3, preflight=0.2)
@given(cases)
def test_answers_differ_exactly_where_a_divergence_applies(case: tuple[Config, Request, Response]) -> None:
    config, request, app = case
    reasons = differences(config, request, app)
    hit(same=not reasons, different=bool(reasons), preflight=is_preflight(request))
    assert same_answers(ours(config, request, app), theirs(config, request, app)) == (not reasons), reasons


def test_parameters_have_the_same_names_order_and_defaults() -> None:
    def parameters(middleware: type) -> list[tuple[str, object]]:
        return [(each.name, each.default) for each in inspect.signature(middleware).parameters.values()]

    assert parameters(CORSMiddleware) == parameters(StarletteMiddleware)


def differences(config: Config, request: Request, app: Response) -> list[str]:
    return applying(modelled(config, request, app))


def ours(config: Config, request: Request, app: Response) -> Response:
    return Driven(config).answer(request, app).response


def theirs(config: Config, request: Request, app: Response) -> Response:
    return Driven(config, starlette).answer(request, app).response
