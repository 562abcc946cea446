"""`make demo`: the documented example on a real server, real requests, and what a browser makes of it.

The example runs twice, behind the middleware and bare. Each request goes to both, and the answer must be
what `model.respond` makes of the bare answer. Exits 0 only if every one is.
"""

import json
import re
import sys
import textwrap
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from impl import CORSConfigError, CORSConfigWarning, CORSMiddleware
from model import respond
from spec import RULES
from spec.browser import Fetch, Hop, trace
from spec.browser.preflight import preflight_check
from spec.browser.redirects import leads_on
from spec.http import Request, Response
from tests.servers.example import BAD, CONFIG, example, protected
from tests.servers.running import running, send

# With fewer columns than this the long common prefix of the headers is abbreviated.
WIDE = 140
LONGEST_SHOWN = 160  # characters of a value

TELLING = (b"origin", b"vary", b"access-control-")

FRONT_END = "http://localhost:8080"
JSON = ("Content-Type", "application/json")
TOKEN = ("Authorization", "Bearer 1")


@dataclass(frozen=True)
class Scene:
    """Something that happens: a script's fetch, or a request that no browser would send like this.

    Of the latter `verdict` says what a browser has to do with it, `rule` which rule decides the answer.
    """

    title: str
    fetch: Fetch | None = None
    request: Request | None = None
    verdict: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Row:
    """One request over HTTP: what was sent, what came back, what the model says, what a browser decides."""

    title: str
    request: Request
    answer: Response
    bare: Response
    verdict: str
    rule: str

    @property
    def expected(self) -> Response:
        """The model's answer; to HEAD, without the body that HTTP leaves out."""
        found = respond(CONFIG, self.request, self.bare)
        return Response(found.status, found.headers, b"") if self.request.method == "HEAD" else found

    @property
    def agrees(self) -> bool:
        """Whether status, body and all header lines are the model's; the order of the lines is free."""
        ours, models = self.answer, self.expected
        same_content = (ours.status, ours.body) == (models.status, models.body)
        return same_content and Counter(ours.headers) == Counter(models.headers)


def script(title: str, page: str, method: str = "GET", path: str = "/", **more: Any) -> Scene:
    """A script of a page fetches, with credentials unless it says otherwise."""
    fetch = Fetch(page, "", method=method, path=path, **{"credentials": "include", **more})
    return Scene(title, fetch=fetch)


def raw(title: str, verdict: str, rule: str, method: str, *lines: tuple[str, str], path: str = "/") -> Scene:
    """A request that is written by hand."""
    headers = tuple((name.encode(), value.encode()) for name, value in lines)
    return Scene(title, request=Request(method, headers, path), verdict=verdict, rule=rule)


def preflight(title: str, rule: str, *lines: tuple[str, str], origin: str = FRONT_END) -> Scene:
    """A preflight as no browser writes it."""
    return raw(title, "never sends this", rule, "OPTIONS", ("Origin", origin), *lines, path="/items/1")


METHOD = "Access-Control-Request-Method"
HEADERS = "Access-Control-Request-Headers"
PRIVATE_NETWORK = "Access-Control-Request-Private-Network"

SCENES = (
    script("The front end reads", FRONT_END),
    script("The same, no credentials", FRONT_END, credentials="omit"),
    script("It writes JSON, with a token", FRONT_END, "PUT", "/items/1", headers=(JSON, TOKEN)),
    script("Another page deletes", "https://localhost.tiangolo.com", "DELETE", "/items/1"),
    script("A form could send this", "http://localhost", "POST", "/items/1"),
    script("But not watch its upload", "http://localhost", "POST", "/items/1", upload_listener=True),
    script("A method in lower case", FRONT_END, "patch", "/items/1"),
    script("A missing page", FRONT_END, path="/nowhere"),
    script("The application fails", FRONT_END, path="/broken"),
    script("The page has moved", FRONT_END, path="/moved"),
    script("HEAD, which is not routed", FRONT_END, "HEAD"),
    script("A stranger reads", "https://evil.example"),
    script("The stranger writes", "https://evil.example", "PUT", "/items/1"),
    script("Near miss: the scheme", "https://localhost:8080"),
    script("Near miss: the port", "http://localhost:8081"),
    script("Near miss: a longer name", "http://localhost.tiangolo.com.evil.example"),
    script("Near miss: a glued name", "http://evillocalhost.tiangolo.com"),
    script("Near miss: a sub-domain", "http://app.localhost"),
    script("A sandboxed page", "null"),
    raw("No Origin: not CORS", "has nothing to check", "S-RSP-1", "GET"),
    raw("OPTIONS, but no preflight", "never sends this", "S-PF-16", "OPTIONS", ("Origin", FRONT_END)),
    raw("Nor is it without an Origin", "never sends this", "S-PF-1", "OPTIONS", (METHOD, "PUT")),
    raw("Upper case", "never sends this", "S-ORG-6", "GET", ("Origin", "HTTP://LOCALHOST:8080")),
    raw("Two origins", "never sends this", "S-ORG-6", "GET", ("Origin", FRONT_END), ("Origin", "https://evil.example")),
    preflight("Odd lists are lists", "D-27", (METHOD, "PUT"), (HEADERS, "X-A ,,x-b"), (HEADERS, "X-C,")),
    preflight("No list of names", "S-PF-8", (METHOD, "PUT"), (HEADERS, "x-a, (x-b)")),
    preflight("17,000 bytes of names", "D-27", (METHOD, "PUT"), (HEADERS, ",".join(["x-name"] * 2429))),
    preflight("Two methods", "D-27", (METHOD, "PUT"), (METHOD, "DELETE")),
    preflight("A private network", "X-PNA-1", (METHOD, "PUT"), (PRIVATE_NETWORK, "true")),
)  # fmt: skip


def play(scenes: Sequence[Scene], app: Any) -> list[Row]:
    """Serve the example behind the middleware, and bare, and send every request of the scenes to both."""
    # A connection for each request: after an exception of the app uvicorn closes the one that it came by.
    one_each = httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_keepalive_connections=0))
    with running(app) as here, running(example()) as bare, one_each as client:

        def ask(request: Request) -> tuple[Request, Response, Response]:
            sent, answer = send(client, here, request)
            return sent, answer, send(client, bare, request)[1]

        return [row for scene in scenes for row in act(scene, here, ask)]


def act(scene: Scene, here: str, ask: Callable[[Request], tuple[Request, Response, Response]]) -> list[Row]:
    """The requests of one scene, and what a browser makes of each answer."""
    if scene.request is not None:
        return [Row(scene.title, *ask(scene.request), scene.verdict, scene.rule)]
    assert scene.fetch is not None
    asked: list[tuple[Request, Response, Response]] = []

    def serve(request: Request) -> Response:
        asked.append(ask(request))
        return asked[-1][1]

    fetch = Fetch(**{**vars(scene.fetch), "url_origin": here})
    decided = [decision for hop in trace(fetch, serve) for decision in decisions(hop)]
    titles = [scene.title] + [""] * len(asked)
    return [
        Row(title, *exchange, *decision)
        for title, exchange, decision in zip(titles, asked, decided, strict=False)
    ]


def decisions(hop: Hop) -> list[tuple[str, str]]:
    """What the browser decides after each answer of a hop, and by which rule."""
    found = []
    if hop.preflight_request is not None:
        passed, rule = preflight_check(hop.fetch, hop.preflight_response)
        found.append(("goes on" if passed else "BLOCKS it", rule))
    if hop.request is not None:
        allowed = "follows" if leads_on(hop) else "script reads"
        found.append((allowed if hop.outcome.allowed else "BLOCKS it", hop.outcome.reason))
    return found


# What is printed


def table_of(rows: Sequence[Row], wide: bool) -> Table:
    """All requests and answers, one row each."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=True, header_style="bold underline")
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column("what was sent", ratio=30, overflow="fold")
    table.add_column("what came back", ratio=30, overflow="fold")
    table.add_column("a browser", ratio=12, overflow="fold")
    for number, row in enumerate(rows, 1):
        table.add_row()
        verdict = Text(f"{row.verdict}\n{row.rule}", style="red" if "BLOCKS" in row.verdict else "")
        if not row.agrees:
            verdict.append("\nNOT THE MODEL'S", style="bold red reverse")
        sent = Text(f"{row.title}\n" if row.title else "", style="bold")
        sent.append(described(row.request, wide), style="not bold")
        table.add_row(str(number), sent, described(row.answer, wide), verdict)
    return table


def described(message: Request | Response, wide: bool) -> str:
    """The first line and the lines that matter to CORS."""
    if isinstance(message, Request):
        first = f"{message.method} {message.path}"
    else:
        first = f"{message.status} {HTTPStatus(message.status).phrase}"
    telling = [line for line in message.headers if line[0].startswith(TELLING)]
    lines = [f"{name.decode()}: {shortened(value.decode('latin-1'))}" for name, value in telling]
    text = "\n".join([first, *lines])
    return text if wide else re.sub(r"\b(a|A)ccess-(c|C)ontrol-", r"\1c-", text)


def hanging(text: str, width: int) -> str:
    """A line, indented, and more so where it goes on."""
    margin = "    "
    return textwrap.fill(
        text, width, initial_indent=margin, subsequent_indent=margin * 2, break_on_hyphens=False
    )


def shortened(value: str) -> str:
    """A value, its end left out when it is very long; then its length stands there."""
    return value if len(value) <= LONGEST_SHOWN else f"{value[:24]} ... ({len(value):,} bytes)"


def rules_of(rows: Sequence[Row]) -> Table:
    """The rules that decided, and what they say."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for rule_id in sorted({row.rule for row in rows}):
        table.add_row(rule_id, RULES[rule_id].sentence)
    return table


def disagreements(rows: Sequence[Row]) -> list[str]:
    """Where the middleware did not answer as the model does, in full."""
    return [
        f"request {number}: {row.request}\n  the model: {row.expected}\n  the middleware: {row.answer}"
        for number, row in enumerate(rows, 1)
        if not row.agrees
    ]


def refusal() -> tuple[list[str], str]:
    """What the bad variant gives, as Python shows it: warnings, and the error ("" without one)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CORSConfigWarning)
        try:
            CORSMiddleware(example(), **BAD)
        except CORSConfigError as raised:
            error = f"{named(raised)}: {raised}"
        else:
            error = ""
    return [f"{named(warning.message)}: {warning.message}" for warning in caught], error


def named(problem: Warning | Exception | str) -> str:
    """The name that Python shows for an exception or a warning."""
    return f"{type(problem).__module__}.{type(problem).__qualname__}"


def main() -> int:
    """Play, print, and tell whether every answer was the model's."""
    console = Console(markup=False, highlight=False, emoji=False)
    app, advice = protected()
    rows = play(SCENES, app)
    wide = console.width >= WIDE
    console.print("The documented example on a real server, behind impl.CORSMiddleware\n", style="bold")
    for name in ("allow_origins", "allow_credentials", "allow_methods", "allow_headers"):
        console.print(hanging(f"{name} = {json.dumps(getattr(CONFIG, name))}", console.width))
    if not wide:
        console.print(f"\nBelow, ac- stands for access-control- (spelt out from {WIDE} columns on).")
    console.print()
    console.print(table_of(rows, wide))
    console.print("\nThe rules that decided\n", style="bold")
    console.print(rules_of(rows))
    wrong = disagreements(rows)
    for text in wrong:
        console.print(f"\n{text}", style="red", soft_wrap=True)
    agreed = f"{len(rows)} requests, {len(rows) - len(wrong)} answered as the model answers"
    style = "bold red" if wrong else "bold"
    console.print(f"\n{agreed}: status, body, and every header line but Date and Server.", style=style)
    console.print("\nThe configuration works; of what is risky in it the middleware warns:", style="bold")
    for text in advice:
        console.print(f"\n{text}")
    console.print("\nA bad configuration does not get as far. This one\n", style="bold")
    for name, value in BAD.items():
        console.print(hanging(f"{name} = {value!r}", console.width))
    warned, error = refusal()
    console.print("\ngives", style="bold")
    for text in [*warned, error or "no error, but it should"]:
        console.print(f"\n{text}", soft_wrap=True)
    return 0 if rows and not wrong and error else 1


if __name__ == "__main__":
    sys.exit(main())
