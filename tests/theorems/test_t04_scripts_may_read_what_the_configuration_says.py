"""T-4 adequacy: what a script in a browser gets of the model's server is what the configuration means.

The meaning (`spec.policy.fetch_is_allowed`) is stated over fetches, the model over requests; the browser
(`spec.browser`) stands between them. For applications that set no CORS header themselves.
"""

from functools import partial
from itertools import product
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model import respond
from spec import strategies
from spec.browser import Fetch, perform, preflight_request
from spec.config import Config
from spec.http import Request, Response, is_redirect_status
from spec.policy import fetch_is_allowed, readable_headers
from tests.helpers.compare import Driven
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.scope import SMALL

Case = tuple[Config, Fetch]
cases: st.SearchStrategy[Case] = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), strategies.fetches(config))
)
APP_RESPONSE = Response(
    200, ((b"content-type", b"text/plain"), (b"x-count", b"1"), (b"x-other", b"2")), b"hello"
)


def without_cors(response: Response) -> Response:
    """The response without CORS headers of its own."""
    headers = [line for line in response.headers if not line[0].lower().startswith(b"access-control-")]
    return Response(response.status, tuple(headers), response.body)


@thresholds(allowed=0.1, refused=0.2, preflighted=0.2, simple=0.2, with_credentials=0.2)
@given(cases, strategies.app_responses().map(without_cors))
def test_a_script_may_read_the_models_answer_exactly_if_the_configuration_means_it(
    case: Case, app: Response
) -> None:
    config, fetch = case
    assume(not is_redirect_status(app.status))
    outcome = perform(fetch, lambda request: respond(config, request, app))
    meant = fetch_is_allowed(config, fetch)
    is_preflighted = preflight_request(fetch) is not None
    hit(
        allowed=meant,
        refused=not meant,
        preflighted=is_preflighted,
        simple=not is_preflighted,
        with_credentials=fetch.credentials == "include",
    )
    assert outcome.allowed == meant, outcome
    if meant:
        vary = Response(app.status, (*app.headers, (b"vary", b"Origin")))
        assert outcome.readable_headers - CORS == readable_headers(config, fetch, vary) - CORS


# Where all headers are exposed the CORS headers themselves are among them.
CORS = frozenset(f"access-control-{rest}" for rest in ("allow-origin", "allow-credentials", "expose-headers"))

PAGES = ("https://a.example", "https://b.example", "https://a.b.example", "https://evil.example", "null")
METHODS = ("GET", "POST", "put", "PURGE", "patch")
HEADERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (), (("X-Token", "1"),), (("Authorization", "Basic x"),), (("Accept", "text/html"),),
    (("Content-Type", "application/json"),),
)  # fmt: skip
MODES: tuple[Literal["omit", "same-origin", "include"], ...] = ("omit", "same-origin", "include")


def modelled_response(config: Config, request: Request) -> Response:
    return respond(config, request, APP_RESPONSE)


def driven_response(driven: Driven, request: Request) -> Response:
    return driven.answer(request, APP_RESPONSE).response


@pytest.mark.slow
def test_every_fetch_of_a_small_scope_gets_what_is_meant_of_model_and_middleware() -> None:
    fetches = [
        Fetch(page, "https://api.example", method, headers, mode)
        for page, method, headers, mode in product(PAGES, METHODS, HEADERS, MODES)
    ]
    tried = allowed = 0
    for config in list(SMALL.configs())[::11]:
        driven = Driven(config)
        for fetch in fetches:
            meant = fetch_is_allowed(config, fetch)
            by_model = perform(fetch, partial(modelled_response, config))
            by_middleware = perform(fetch, partial(driven_response, driven))
            assert by_model.allowed == meant, (config, fetch, by_model)
            assert by_middleware == by_model
            tried += 1
            allowed += meant
    assert tried > 10_000
    assert allowed > tried / 20
