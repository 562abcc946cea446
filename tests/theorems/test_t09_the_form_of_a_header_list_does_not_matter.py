"""T-9 form invariance: order, case, repetition, blanks, empty elements and line splits change no verdict."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spec import strategies
from spec.config import Config
from spec.generate.near_miss_methods_and_headers import header_list_forms
from spec.http import Request, Response, names
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer, answering_app, comparable, protect, serve

ACRH = b"access-control-request-headers"
NOTHING = Response(200, ())

cases = strategies.configs().flatmap(lambda config: st.tuples(st.just(config), strategies.preflights(config)))
pool = (*strategies.REQUEST_HEADERS, *strategies.RISKY_REQUEST_HEADERS, "Accept-Language", "*")


def asking(request: Request, lines: tuple[bytes, ...]) -> Request:
    """This preflight, with these lines of Access-Control-Request-Headers."""
    kept = tuple(line for line in request.headers if line[0] != ACRH)
    return replace(request, headers=(*kept, *((ACRH, value) for value in lines)))


def without_mirrored(response: Response) -> Response:
    """The answer without what it mirrors of the request under the wildcard."""
    kept = tuple(line for line in response.headers if line[0] != b"access-control-allow-headers")
    return replace(response, headers=kept)


@pytest.mark.slow
@thresholds(allowed=0.05, refused=0.1, mirrored=0.02, several=0.1, none=0.02)
@given(cases, st.data())
def test_every_form_of_a_header_list_gets_the_same_answer(
    case: tuple[Config, Request], data: st.DataObject
) -> None:
    config, preflight = case
    listed = [name for name in config.allow_headers if name != "*"]
    names_of = (
        st.sampled_from([*listed, *pool]) if data.draw(st.booleans()) else st.sampled_from(listed or pool)
    )
    wanted = [data.draw(names_of) for _ in range(data.draw(st.sampled_from([1, 2, 3, 4, 0])))]
    app = protect(answering_app, config)
    answers = [serve(app, asking(preflight, form), NOTHING) for form in header_list_forms(wanted)]
    mirrors = "*" in config.allow_headers
    hit(
        allowed=answers[0].status == 200,
        refused=answers[0].status == 400,
        mirrored=mirrors and bool(answers[0].lines("access-control-allow-headers")),
        several=len(wanted) > 1,
        none=not wanted,
    )
    if mirrors:
        found = {names(response.lines("access-control-allow-headers")) for response in answers}
        assert len(found) == 1
        answers = [without_mirrored(response) for response in answers]
    assert all(comparable(response) == comparable(answers[0]) for response in answers)


@pytest.mark.slow
@thresholds(long=0.2, allowed=0.02)
@given(cases, st.sampled_from([1, 2, 3, 100, 5000, 16380, 16383, 16384]))
def test_blanks_and_empty_elements_up_to_the_bound_change_nothing(
    case: tuple[Config, Request], size: int
) -> None:
    config, preflight = case
    plain = preflight.lines("access-control-request-headers")
    room = 16384 - sum(map(len, plain))
    assume(room >= 0)
    padding = (b", \t" * size)[: min(room, size)]
    hit(long=len(padding) > 1000, allowed=answer(config, preflight, NOTHING).status == 200)
    padded = answer(config, asking(preflight, (padding, *plain)), NOTHING)
    assert comparable(padded) == comparable(answer(config, asking(preflight, tuple(plain)), NOTHING))
