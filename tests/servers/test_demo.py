"""The demonstration, on a real server and a real event loop: every answer is the model's."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from impl import CORSMiddleware
from spec import RULES, Exchange, Subject, check
from spec.policy import is_preflight
from tests.helpers.asgi import Message, Receive, Send
from tests.servers import demo
from tests.servers.demo import SCENES, Row, disagreements, main, play, refusal
from tests.servers.example import BAD, CONFIG, GREETING, protected

pytestmark = pytest.mark.mutation_skip  # the theorems compare the same functions, without a network


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    with warnings.catch_warnings():
        # Whatever server and client have to say about each other.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield play(SCENES, protected()[0])


@pytest.mark.slow
def test_at_least_twenty_requests_are_answered_as_the_model_answers(rows: list[Row]) -> None:
    assert len(rows) >= 20
    assert disagreements(rows) == []


@pytest.mark.slow
def test_the_example_greets(rows: list[Row]) -> None:
    """D-30."""
    greetings = [row for row in rows if (row.request.method, row.request.path) == ("GET", "/")]
    assert greetings
    for row in greetings:
        assert row.answer.status == 200
        assert json.loads(row.answer.body) == GREETING == {"message": "Hello World"}


def test_no_answer_breaks_a_rule(rows: list[Row]) -> None:
    followed = [rule for rule in RULES.values() if rule.binding]
    for row in rows:
        assert check(Exchange(CONFIG, row.request, row.answer, row.bare), rules=followed) == []


def test_there_is_something_of_every_kind(rows: list[Row]) -> None:
    verdicts = {row.verdict for row in rows}
    assert {"goes on", "script reads", "follows", "BLOCKS it"} <= verdicts
    assert {row.answer.status for row in rows} >= {200, 307, 400, 404, 405, 500}
    refused = {row.answer.body for row in rows if row.answer.status == 400}
    assert refused == {
        b"Disallowed CORS origin",
        b"Disallowed CORS method",
        b"Disallowed CORS headers",
        b"Disallowed CORS private-network",
    }
    assert any(not row.request.lines("origin") for row in rows)
    assert any(len(row.request.lines("origin")) == 2 for row in rows)


def test_the_500_of_an_exception_is_shared(rows: list[Row]) -> None:
    (row,) = [row for row in rows if row.answer.status == 500]
    assert row.answer.lines("access-control-allow-origin") == [b"http://localhost:8080"]
    assert row.verdict == "script reads"


def test_unlisted_origins_are_blocked(rows: list[Row]) -> None:
    unlisted = [
        row
        for row in rows
        if len(row.request.lines("origin")) == 1
        and row.request.lines("origin")[0].decode() not in CONFIG.allow_origins
    ]
    assert len(unlisted) >= 6
    for row in unlisted:
        assert row.verdict in ("BLOCKS it", "never sends this")
        assert not row.answer.lines("access-control-allow-origin")


def test_the_rules_that_decide_exist_and_apply(rows: list[Row]) -> None:
    for row in rows:
        rule = RULES[row.rule]
        if rule.subject is Subject.EXCHANGE:
            calls = 0 if is_preflight(row.request) else 1
            assert rule.applies(Exchange(CONFIG, row.request, row.answer, row.bare, calls)), row.rule


def test_a_bad_configuration_is_refused_with_all_that_is_wrong() -> None:
    warned, error = refusal()
    assert error.startswith("impl.errors.CORSConfigError: 7 problems in the arguments of CORSMiddleware")
    for name in BAD:
        assert name in error
    assert [text.split()[1] for text in warned] == ["A-CFG-6,"]
    assert warned[0].startswith("impl.errors.CORSConfigWarning: A-CFG-6")


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 200])
def test_all_is_printed_in_the_width_of_the_terminal(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main() == 0
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert max(map(len, printed.splitlines())) <= columns
    assert "33 requests, 33 answered as the model answers" in printed
    assert ("ac-allow-origin" in printed) == (columns == 80)
    assert ("access-control-allow-credentials: true" in printed) == (columns == 200)
    words = " ".join(printed.split())
    for part in (
        "A-CFG-8: ",
        "impl.errors.CORSConfigError: 7 problems",
        "Instead: 'GET'",
        "'*.tiangolo.com'",
    ):
        assert part in words


class Leaky(CORSMiddleware):
    """A middleware that allows one origin too many."""

    def is_allowed_origin(self, origin: str) -> bool:
        return origin.endswith("localhost:8081") or super().is_allowed_origin(origin)


class Shouting:
    """A middleware that adds a line to every answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        async def louder(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-loud", b"1")]}
            await send(message)

        await self.app(scope, receive, louder)


@pytest.mark.slow
def test_an_answer_that_is_not_the_models_is_shown_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app, advice = protected()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        leaky = Leaky(app.app, **{name: getattr(CONFIG, name) for name in vars(CONFIG)})
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(demo, "protected", lambda: (leaky, advice))
    assert main() == 1
    printed = capsys.readouterr().out
    assert "33 requests, 32 answered as the model answers" in printed
    assert printed.count("NOT THE") == 1
    assert "request 19: " in printed and "  the model: Response(status=200" in printed


@pytest.mark.slow
def test_any_line_too_many_is_seen() -> None:
    shouting = Shouting(protected()[0])
    rows = play(SCENES[:2], shouting)
    assert len(disagreements(rows)) == len(rows) == 2
