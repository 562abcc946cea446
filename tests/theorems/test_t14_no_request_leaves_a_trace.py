"""T-14 no memory: an answer does not depend on the requests before it or beside it.

One middleware serves a long history: requests alone, interleaved step by step, on several threads at once,
and answers that the app keeps and sends again. Each must be answered as the model answers it alone.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from impl import CORSMiddleware
from model.server import respond
from spec import strategies
from spec.config import Config
from spec.generate.near_miss_origins import sequences
from spec.http import Request, Response
from tests.helpers.asgi import Message, Receive, Scope, Send, call, exchange, http_scope, interleave
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import (
    answering_app,
    comparable,
    is_shared,
    protect,
    response_of,
    scope_of,
    serve,
)

Case = tuple[Request, Response]


def test_the_order_of_origins_changes_no_verdict() -> None:
    config = Config(("https://app.example.com",), ("PUT",), (), True, r"https://.*\.example\.org")
    app = protect(answering_app, config)
    for origin in ("https://app.example.com", "https://a.example.org"):
        for order in sequences(origin, "https://evil.example"):
            for lines in order:
                headers = tuple((b"origin", value) for value in lines)
                for method in ("GET", "OPTIONS"):
                    request = Request(method, (*headers, (b"access-control-request-method", b"PUT")))
                    expected = respond(config, request, Response(200, ()))
                    assert comparable(serve(app, request, Response(200, ()))) == comparable(expected)


class History(RuleBasedStateMachine):
    """The history of one middleware."""

    config: Config
    app: CORSMiddleware
    kept: list[Message]
    kept_response: Response
    kept_copy: str

    @initialize(config=strategies.configs(), kept=strategies.app_responses())
    def begin(self, config: Config, kept: Response) -> None:
        self.config = config
        self.app = protect(self.answer_or_repeat, config)
        self.kept_response = kept
        self.kept = [
            {"type": "http.response.start", "status": kept.status, "headers": list(kept.headers)},
            {"type": "http.response.body", "body": kept.body},
        ]
        self.kept_copy = repr(self.kept)

    async def answer_or_repeat(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what the scope says, or, to `/kept`, with the very messages that are kept."""
        if scope["path"] != "/kept":
            await answering_app(scope, receive, send)
            return
        for message in self.kept:
            await send(message)

    def draw_case(self, data: st.DataObject) -> Case:
        return data.draw(strategies.requests(self.config)), data.draw(strategies.app_responses())

    def check(self, how: str, case: Case, found: Response) -> None:
        request, app_response = case
        hit(**{how: True}, shared=is_shared(found))
        assert comparable(found) == comparable(respond(self.config, request, app_response))

    @rule(data=st.data())
    def alone(self, data: st.DataObject) -> None:
        request, app_response = self.draw_case(data)
        self.check("alone", (request, app_response), serve(self.app, request, app_response))

    @rule(data=st.data(), number=st.integers(2, 3))
    def interleaved(self, data: st.DataObject, number: int) -> None:
        cases = [self.draw_case(data) for _ in range(number)]
        found = interleave(exchange(self.app, scope_of(*case), pausing=True) for case in cases)
        for case, result in zip(cases, found, strict=True):
            self.check("interleaved", case, response_of(result))

    @rule(data=st.data())
    def beside_each_other_on_threads(self, data: st.DataObject) -> None:
        cases = [self.draw_case(data) for _ in range(2)] * 4
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda case: serve(self.app, *case), cases))
        for case, response in zip(cases, found, strict=True):
            self.check("threads", case, response)

    @rule(data=st.data())
    def sent_again(self, data: st.DataObject) -> None:
        request = data.draw(strategies.requests(self.config))
        result = call(self.app, scope=http_scope(request.method, request.headers, "/kept"))
        self.check("sent_again", (request, self.kept_response), response_of(result))

    @invariant()
    def what_the_app_keeps_stays_as_it_is(self) -> None:
        if hasattr(self, "kept"):
            assert repr(self.kept) == self.kept_copy


# Eight steps are enough to meet: a longer history finds no more, and takes as many times longer.
HISTORY = settings(stateful_step_count=8)


@pytest.mark.slow
# Steps with several requests at a time count several times: of those with one, few are a good share.
@thresholds(alone=0.03, interleaved=0.05, threads=0.05, sent_again=0.03, shared=0.1)
def test_a_long_history_changes_no_answer() -> None:
    run_state_machine_as_test(History, settings=HISTORY)
