"""Trials: cases put before a browser that has the page open, and what was seen of each.

A trial is one performance of a case, with a folder of its own in every URL.
"""

import asyncio
import json
import re
import secrets
import socket
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

import uvicorn

from spec.browser import Fetch
from spec.http import Request, Response
from tests.browsers.cases import APP_RESPONSE, FOLDER, GUARDED, HOME, NOTHING, ORIGINS, Case
from tests.browsers.seen import Got, Seen, sent
from tests.browsers.server import case_of, close, listen
from tests.theorems.serving import protect

LOOPBACK = "127.0.0.1"
BATCH = 200
PATIENCE = 60.0
"""Seconds without an outcome after which a browser counts as stuck."""

_PAGE = (files("tests.browsers") / "page.html").read_bytes()


@dataclass
class Trial:
    """A case on its way, from a page of this host; what reaches a server is kept as the case writes it."""

    id: str
    case: Case
    host: str
    done: asyncio.Future[Seen]
    received: list[tuple[str, Request]] = field(default_factory=list)

    def own(self, text: str) -> str:
        """With the folder of this trial, and the host by which the page knows us."""
        text = text.replace(FOLDER, f"/c/{self.id}/").replace(LOOPBACK, self.host)
        return text.replace(re.escape(LOOPBACK), re.escape(self.host))  # as regular expressions have it

    def common(self, text: str) -> str:
        """As the case writes it."""
        return text.replace(f"/c/{self.id}/", FOLDER).replace(self.host, LOOPBACK)

    def receive(self, origin: str, request: Request) -> None:
        """Keep a request that reached the server of an origin."""
        headers = tuple((name, _through(self.common, value)) for name, value in request.headers)
        self.received.append((origin, Request(request.method, headers, self.common(request.path))))

    def answer(self, origin: str, request: Request) -> Response:
        """Keep a request, and answer it as the case says."""
        self.receive(origin, request)
        found = self.case.serve(origin, self.received[-1][1])
        return replace(
            found, headers=tuple((name, _through(self.own, value)) for name, value in found.headers)
        )

    def message(self) -> dict[str, Any]:
        """What the page is told to do."""
        steps = [self._step(fetch) for fetch in self.case.fetches]
        return {"id": self.id, "frame": self.case.frame, "steps": steps, "pause": self.case.pause}

    def _step(self, fetch: Fetch) -> dict[str, Any]:
        return {
            "url": self.own(fetch.url_origin + fetch.path),
            "method": fetch.method,
            "headers": fetch.headers,
            "credentials": fetch.credentials,
            "stream": fetch.stream_body,
            "watched": fetch.upload_listener,
            "remembers": len(self.case.fetches) > 1,
            "cookie": self.own(f"c=1; path={FOLDER}") if self.case.theorem == "credentials" else "",
        }

    def finish(self, results: Sequence[dict[str, Any]]) -> None:
        """Note what the script got."""
        got = tuple(Got(result["allowed"], frozenset(result.get("headers", ()))) for result in results)
        if not self.done.done():
            self.done.set_result(Seen(sent(self.case, self.received), got))


def _through(change: Any, value: bytes) -> bytes:
    return bytes(change(value.decode("latin-1")).encode("latin-1"))


class Page:
    """The page in one browser: takes cases, gives what was seen of each, in their order."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(4)  # no URL may be one that the browser knows from another visit
        self.trials: dict[str, Trial] = {}
        self.agent = ""
        self.result: dict[str, Any] | None = None
        self.host = LOOPBACK
        self.state = "Waiting …"
        self.streams = False
        self.opened = asyncio.Event()
        self._waiting: deque[Trial] = deque()
        self._news = asyncio.Event()

    async def perform(self, cases: Sequence[Case], state: str) -> list[Seen]:
        """Have all these cases tried. Raises TimeoutError when the browser stops answering."""
        loop = asyncio.get_running_loop()
        trials = [
            Trial(f"{self.token}-{number}", case, self.host, loop.create_future())
            for number, case in enumerate(cases, len(self.trials))
        ]
        self.trials |= {trial.id: trial for trial in trials}
        self._waiting.extend(trials)
        self.state = state
        self._news.set()
        pending = {trial.done for trial in trials}
        while pending:
            done, pending = await asyncio.wait(pending, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise TimeoutError(f"{len(pending):,} of {len(trials):,} cases got no outcome")
        return [trial.done.result() for trial in trials]

    async def can_stream(self) -> bool:
        """Whether this browser takes a stream as a body. Raises TimeoutError when none opens the page."""
        try:
            await asyncio.wait_for(self.opened.wait(), PATIENCE)
        except asyncio.TimeoutError:  # not yet the built-in one in Python 3.10
            raise TimeoutError(f"has not opened the page in {PATIENCE:.0f} seconds") from None
        return self.streams

    def finish(self, result: dict[str, Any]) -> None:
        """End the page's work, and show what came of it."""
        self.result, self.state = result, "Done:"
        self._news.set()

    async def next(self, told: dict[str, Any]) -> dict[str, Any]:
        """What the page does next, after it has told its outcomes."""
        self.agent, self.streams = told["agent"], told["streams"]
        self.opened.set()
        for outcome in told["outcomes"]:
            self.trials[outcome["id"]].finish(outcome["results"])
        if not self._waiting and self.result is None:
            self._news.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), 5)
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        done = sum(trial.done.done() for trial in self.trials.values())
        return {
            "trials": [trial.message() for trial in batch],
            "progress": done / max(len(self.trials), 1),
            "state": f"{self.state} {done:,} of {len(self.trials):,} cases",
            "result": self.result,
        }

    async def handle(self, origin: str, request: Request, body: bytes) -> Response:
        """Answer whatever reaches a server of bare sockets."""
        trial = self.trials.get(case_of(request.path) or "")
        if trial is not None:
            return trial.answer(origin, request)
        path = request.path.partition("?")[0]
        if origin == HOME and (request.method, path) == ("POST", "/next"):
            self.host = request.lines("host")[0].decode().partition(":")[0]
            return _fresh("application/json", json.dumps(await self.next(json.loads(body))).encode())
        return _fresh("text/html; charset=utf-8", _PAGE) if path == "/" else NOTHING

    async def guarded(self, scope: Any, receive: Any, send: Any) -> None:
        """An ASGI app: our middleware, with the configuration of the trial, before a plain application."""
        trial = self.trials.get(case_of(scope["path"]) or "")
        config = trial.case.config if trial is not None else None
        if trial is None or config is None:
            await _plain_app(scope, receive, send)
            return
        trial.receive(GUARDED, Request(scope["method"], tuple(map(tuple, scope["headers"])), scope["path"]))
        own = replace(config, **{name: _as_given(trial, value) for name, value in vars(config).items()})
        await protect(_plain_app, own)(scope, receive, send)

    @asynccontextmanager
    async def served(self, listen_at: str = LOOPBACK) -> AsyncIterator[None]:
        """All servers of the page, for as long as this lasts. Raises OSError when a port is taken."""
        servers = await listen(ORIGINS, self.handle, listen_at)
        port = int(GUARDED.rpartition(":")[2])
        try:
            bound = socket.create_server((listen_at, port))  # uvicorn would exit where the port is taken
        except OSError:
            close(servers)
            raise
        # What uvicorn adds to an answer is no part of the case.
        guard = _Guard(uvicorn.Config(
            self.guarded, listen_at, port, interface="asgi3", log_level="critical", lifespan="off", ws="none",
            http="h11", server_header=False, date_header=False,
        ))  # fmt: skip
        serving = asyncio.create_task(guard.serve([bound]))
        try:
            yield
        finally:
            guard.should_exit = True
            close(servers)
            await serving


class _Guard(uvicorn.Server):
    """A server that leaves signals to those who run it, so that they can stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _as_given(trial: Trial, value: Any) -> Any:
    if isinstance(value, str):
        return trial.own(value)
    return tuple(map(trial.own, value)) if isinstance(value, tuple) else value


async def _plain_app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(APP_RESPONSE.headers)})
    body = b"" if scope["method"] == "HEAD" else APP_RESPONSE.body
    await send({"type": "http.response.body", "body": body})


def _fresh(kind: str, body: bytes) -> Response:
    length = b"%d" % len(body)
    headers = ((b"content-type", kind.encode()), (b"cache-control", b"no-store"), (b"content-length", length))
    return Response(200, headers, body)
