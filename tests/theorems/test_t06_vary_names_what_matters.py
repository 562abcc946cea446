"""T-6 vary: where one request header makes the CORS headers differ, Vary names it, or holds `*`."""

from hypothesis import given
from hypothesis import strategies as st

from spec import strategies
from spec.config import Config
from spec.http import Request, Response, lines, names
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer, cors_lines, is_preflight

HEADERS = (
    "origin",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "cookie",
    "authorization",
    "host",
)


def with_lines_of(request: Request, name: str, other: Request) -> Request:
    """This request, with the lines of one header as another request has them."""
    kept = tuple(line for line in request.headers if line[0] != name.encode())
    taken = tuple((name.encode(), value) for value in lines(other.headers, name))
    return Request(request.method, (*kept, *taken), request.path)


def nominates(response: Response, name: str) -> bool:
    """Whether Vary says that the answer depends on this header."""
    nominated = names(response.lines("vary"))
    return b"*" in nominated or name.encode() in nominated


pairs = strategies.configs().flatmap(
    lambda config: st.tuples(
        st.just(config), strategies.requests(config), strategies.requests(config), strategies.app_responses()
    )
)


@thresholds(differ=0.05, preflights=0.02, actual=0.02, origin=0.02)
@given(pairs, st.sampled_from(HEADERS))
def test_vary_names_the_header_that_makes_the_answers_differ(
    pair: tuple[Config, Request, Request, Response], name: str
) -> None:
    config, one, other, app_response = pair
    two = with_lines_of(one, name, other)
    answers = [answer(config, request, app_response) for request in (one, two)]
    differ = cors_lines(answers[0]) != cors_lines(answers[1]) and is_preflight(one) == is_preflight(two)
    hit(
        differ=differ,
        preflights=differ and is_preflight(one),
        actual=differ and not is_preflight(one),
        origin=differ and name == "origin",
    )
    if differ:
        assert all(nominates(response, name) for response in answers)


@thresholds(listed=0.1, refused=0.02)
@given(strategies.configs().flatmap(lambda config: st.tuples(st.just(config), strategies.requests(config))))
def test_every_answer_names_origin_whoever_asks(case: tuple[Config, Request]) -> None:
    """A cache may meet the request without Origin first: what it then stores must not serve the others."""
    config, request = case
    app_response = Response(200, ((b"content-type", b"text/plain"),))
    found = answer(config, request, app_response)
    hit(listed=bool(cors_lines(found)), refused=not cors_lines(found))
    assert nominates(found, "origin")
