"""T-15 diagnostics: explaining, checking or logging a decision never changes it, and tells what it is."""

import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from model import respond
from spec import RULES, Exchange, check, check_config, check_fetch, strategies
from spec.browser import Fetch, Hop, Outcome, perform, trace
from spec.cli.configured import APP_RESPONSE
from spec.cli.explain import SERVER
from spec.cli.main import main
from spec.cli.story import ENGINES
from spec.config import Config
from spec.http import Request, Response
from spec.origin import Kind, canonical
from spec.policy import has_origin, is_preflight, refusals, request_origin_is_allowed
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer, answering_app, comparable, protect

# What a mutant answers is compared in T-3, what it says of a fetch in the tests of the command line.
pytestmark = pytest.mark.mutation_skip

QUESTIONS = strategies.configs().flatmap(
    lambda config: st.tuples(
        st.just(config),
        strategies.fetches(config).map(as_the_command_line_can_ask),
        st.sampled_from(sorted(ENGINES)),
    )
)
CASES = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), strategies.requests(config), strategies.app_responses())
)


def as_the_command_line_can_ask(fetch: Fetch) -> Fetch:
    """The fetch from any page to the server, without what no option of `explain` says."""
    return replace(fetch, url_origin=SERVER, upload_listener=False, path="/")


def ask(config: Config, fetch: Fetch, engine: str) -> Result:
    """Run `verified-cors explain` about this fetch."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cors.json"
        path.write_text(json.dumps(asdict(config)))
        arguments = ["explain", f"--config={path}", f"--origin={fetch.page_origin}"]
        arguments += [f"--method={fetch.method}", f"--engine={engine}"]
        arguments += [f"--header={name}: {value}" for name, value in fetch.headers]
        arguments += ["--credentials"] if fetch.credentials == "include" else []
        return CliRunner().invoke(main, arguments, env={"COLUMNS": "1000"})


def story(config: Config, fetch: Fetch, engine: str) -> list[Hop]:
    """All that the browser does."""
    return trace(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=ENGINES[engine])


def decide(config: Config, fetch: Fetch, engine: str) -> Outcome:
    """What the browser makes of it, unexplained."""
    return perform(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=ENGINES[engine])


@contextmanager
def everything_logged() -> Iterator[None]:
    """Every logger of the process at work."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)


@pytest.mark.slow
@thresholds(allowed=0.2, blocked=0.2, preflighted=0.3)
@given(QUESTIONS)
def test_what_is_explained_is_what_happens(question: tuple[Config, Fetch, str]) -> None:
    config, fetch, engine = question
    before = decide(config, fetch, engine)
    told = ask(config, fetch, engine)
    assert decide(config, fetch, engine) == before
    no_page = canonical(fetch.page_origin).kind is Kind.NEVER
    hit(
        allowed=before.allowed,
        blocked=not before.allowed,
        preflighted="sends a preflight" in told.stdout,
        no_page=no_page,
    )
    if no_page:
        assert (told.exit_code, told.stdout) == (2, "")
        return
    assert told.exit_code == (0 if before.allowed else 1)
    verdict = told.stdout.partition("ALLOWED" if before.allowed else "BLOCKED")[2].splitlines()
    assert verdict[1] == f"  {before.reason}: {RULES[before.reason].sentence}."
    readable = ", ".join(sorted(before.readable_headers))
    end = f"of its headers {readable}." if before.allowed else "cannot read the response."
    assert verdict[0].endswith(end)


@pytest.mark.slow
@thresholds(preflight=0.3, shared=0.1)
@given(CASES)
def test_checking_and_logging_leave_the_answer_as_it_is(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    before = respond(config, request, app_response)
    ours = comparable(answer(config, request, app_response))
    exchange = Exchange(config, request, before, app_response)
    with everything_logged():
        found = check(exchange, exchange), check_config(config)
        assert comparable(answer(config, request, app_response)) == ours
    assert (check(exchange, exchange), check_config(config)) == found
    assert respond(config, request, app_response) == before
    assert comparable(answer(config, request, app_response)) == ours
    hit(preflight=request.method == "OPTIONS", shared=bool(before.lines("access-control-allow-origin")))


@pytest.mark.slow
@thresholds(preflight=0.3, allowed=0.1, refused=0.1)
@given(CASES)
def test_what_the_middleware_explains_the_model_decides(
    case: tuple[Config, Request, Response],
) -> None:
    config, request, app_response = case
    ours = comparable(answer(config, request, app_response))
    explained = protect(answering_app, config).explain(request.method, request.headers)
    assert comparable(answer(config, request, app_response)) == ours
    refused = tuple(refusal.part for refusal in explained.refusals)
    if is_preflight(request):
        assert refused == refusals(config, request)
    else:
        is_refused = has_origin(request) and not request_origin_is_allowed(config, request)
        assert refused == (("origin",) if is_refused else ())
    assert explained.is_preflight == is_preflight(request)
    assert explained.is_allowed == (has_origin(request) and not refused)
    hit(preflight=explained.is_preflight, allowed=explained.is_allowed, refused=bool(refused))


@thresholds(allowed=0.2, blocked=0.2)
@given(QUESTIONS)
def test_checking_a_trace_leaves_it_as_it_is(question: tuple[Config, Fetch, str]) -> None:
    config, fetch, engine = question
    before = story(config, fetch, engine)
    assert check_fetch(*before) == []
    assert story(config, fetch, engine) == before
    hit(allowed=before[-1].outcome.allowed, blocked=not before[-1].outcome.allowed)
