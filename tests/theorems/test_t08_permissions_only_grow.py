"""T-8 monotonicity: one more origin, method or header changes only the verdict on what uses it."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from spec import strategies
from spec.config import Config
from spec.http import Request, Response, names
from spec.rules.configuration import errors
from tests.floors import floors, hit
from tests.theorems.serving import answer, is_preflight, is_shared

NOTHING = Response(200, ())


def verdict(config: Config, request: Request) -> bool:
    """Whether a preflight is allowed, or an actual answer shared."""
    found = answer(config, request, NOTHING)
    return found.status == 200 if is_preflight(request) else is_shared(found)


cases = strategies.configs().flatmap(lambda config: st.tuples(st.just(config), strategies.requests(config)))


def wished(request: Request, name: str) -> list[str]:
    """The values that this request has for a header, as text."""
    return [value.decode("latin-1") for value in request.lines(name)]


def near(values: list[str], pool: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Often what the request itself asks for, so that the addition is used."""
    return st.one_of(st.sampled_from(values), pool) if values else pool


def judge(config: Config, more: Config, request: Request, uses_it: bool) -> None:
    """Compare the verdicts of a configuration and of one that allows one thing more."""
    assume(not errors(more))
    before, after = verdict(config, request), verdict(more, request)
    hit(uses_it=uses_it, unused=not uses_it, changes=before != after, allowed=before, refused=not after)
    assert after or not before
    if not uses_it:
        assert after == before


@floors(uses_it=0.05, unused=0.1, changes=0.02, allowed=0.02, refused=0.05)
@given(cases, st.data())
def test_another_origin_changes_only_the_verdict_on_its_own_requests(
    case: tuple[Config, Request], data: st.DataObject
) -> None:
    config, request = case
    sent = wished(request, "origin")
    pool = st.one_of(strategies.origins(), st.just("null"))
    origin = data.draw(near([value for value in sent if value != "*"], pool))
    more = replace(config, allow_origins=(*config.allow_origins, origin))
    judge(config, more, request, uses_it=origin in sent)


@floors(uses_it=0.05, unused=0.1, changes=0.02, allowed=0.02, refused=0.05)
@given(cases, st.data())
def test_another_method_changes_only_the_verdict_on_preflights_that_ask_for_it(
    case: tuple[Config, Request], data: st.DataObject
) -> None:
    config, request = case
    asked = wished(request, "access-control-request-method")
    pool = st.sampled_from(strategies.METHODS + strategies.ODD_METHODS)
    method = data.draw(near([value for value in asked if value != "*"], pool))
    more = replace(config, allow_methods=(*config.allow_methods, method))
    judge(config, more, request, uses_it=is_preflight(request) and method in asked)


@floors(uses_it=0.05, unused=0.1, changes=0.01, allowed=0.02, refused=0.05)
@given(cases, st.data())
def test_another_header_changes_only_the_verdict_on_preflights_that_ask_for_it(
    case: tuple[Config, Request], data: st.DataObject
) -> None:
    config, request = case
    asked = {name.decode("latin-1") for name in names(request.lines("access-control-request-headers"))}
    pool = st.sampled_from(strategies.REQUEST_HEADERS)
    header = data.draw(near([name for name in sorted(asked) if name != "*" and len(name) < 100], pool))
    more = replace(config, allow_headers=(*config.allow_headers, header))
    judge(config, more, request, uses_it=is_preflight(request) and header.lower() in asked)
