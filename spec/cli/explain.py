"""`verified-cors explain`: what browser and server do for one fetch, step by step.

Exit codes: 0 the script may read the response, 1 it is blocked, 2 usage or configuration error, 3 it is not
known, because there was no response, or because the request was not sent.
"""

import re
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from spec.browser import STANDARD, Engine, Fetch
from spec.cli.check_options import imported
from spec.cli.configured import answer_config
from spec.cli.console import explain_console
from spec.cli.har import explain_har
from spec.cli.live import explain_live, over_sockets, to_application
from spec.cli.story import ENGINES
from spec.cli.terminal import UsageError, shown
from spec.explain.asking import Asking
from spec.explain.curl import Command
from spec.explain.curl import read as read_command
from spec.explain.har import whole_url
from spec.http import is_token
from spec.origin import Kind, canonical

ALIASES = {"chrome": "chromium", "edge": "chromium", "safari": "webkit"}

# Not as browsers write an origin, so that no page is same-origin with it.
SERVER = "https://server:443"
APPLICATION = "https://application.test"

# What a header is given when only its name is asked about: safelisted where that is possible.
HARMLESS = {
    "accept": "*/*",
    "accept-language": "en",
    "content-language": "en",
    "content-type": "text/plain",
    "range": "bytes=0-",
}


# Reading what is asked


def read_origin(origin: str) -> str:
    """The origin of a page. Raises UsageError for what is the origin of no page in any browser."""
    verdict = canonical(origin)
    if verdict.kind is Kind.NEVER:
        repair = f"Did you mean {verdict.canonical}?" if verdict.canonical else "One is https://example.com."
        raise UsageError(f"--origin {shown(origin)}: no page has this origin: {verdict.reason}. {repair}")
    return origin


def read_header(text: str) -> tuple[str, str]:
    """A header that a script sets. Raises UsageError when the name cannot be one."""
    name, colon, value = text.partition(":")
    name = name.strip()
    if not is_token(name.encode(errors="replace")):
        raise UsageError(
            f"--header '{shown(text)}': '{shown(name)}' is not a header name. "
            "Write 'X-Token', or 'Content-Type: application/json'."
        )
    return name, value.strip(" \t") if colon else HARMLESS.get(name.lower(), "1")


# What is asked about

SOURCES = ("config", "app", "har", "curl", "console", "url")
"""The parameters that say what is explained; --app may have a URL beside it."""
_QUESTION = frozenset({"origin", "method", "headers", "credentials", "engine", "as_json"})
USES = {
    "config": _QUESTION,
    "app": _QUESTION | {"url", "unsafe"},
    "har": frozenset({"as_json"}),
    "console": frozenset({"as_json"}),
    "curl": frozenset({"origin", "credentials", "engine", "unsafe", "as_json"}),
    "url": _QUESTION | {"unsafe"},
}
"""The other parameters that have a meaning with each of them."""
WRITTEN = {"url": "a URL", "headers": "--header"}


def source(given: Collection[str]) -> str:
    """What is explained. Raises UsageError when that is nothing or too much, or if it ignores an option."""
    sources = [name for name in SOURCES if name in given and not (name == "url" and "app" in given)]
    if not sources:
        raise UsageError(f"Explain what? Give a URL, or {written(SOURCES[:-1])}.")
    if len(sources) > 1:
        raise UsageError(f"Give only one of {written(sources, 'and')}.")
    ignored = [name for name in given if name != sources[0] and name not in USES[sources[0]]]
    if ignored:
        raise UsageError(
            f"With {written(sources)}, {written(ignored, 'and')} would mean nothing. "
            f"Leave {'it' if len(ignored) == 1 else 'them'} out."
        )
    return sources[0]


def written(names: Sequence[str], word: str = "or") -> str:
    """Parameters as they are given on a command line, in a list."""
    listed = [WRITTEN.get(name, f"--{name}") for name in names]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {word} {listed[-1]}"


def engines(name: str | None) -> list[Engine]:
    """The engines of this name, which may be that of a browser."""
    if name == "all":
        return list(ENGINES.values())
    name = name or STANDARD.name
    return [ENGINES[ALIASES.get(name, name)]]


def read_url(url: str) -> tuple[str, str]:
    """The origin of a URL, and its path with the query. Raises UsageError for what a script cannot fetch."""
    found = whole_url(url) if re.match("(?i)https?://", url) else None
    if found is None:
        raise UsageError(f"{shown(url)} is not an http or https URL. One is https://api.example/items.")
    if found.has_credentials:
        raise UsageError(f"{shown(url)}: a script cannot fetch a URL with a user name or a password.")
    return found.origin, found.path


def read_curl(text: str) -> Command:
    """A command of curl. Raises UsageError for what is none."""
    try:
        return read_command(text)
    except ValueError as problem:
        raise UsageError(f"--curl: {shown(str(problem))}.") from None


def notes_of(command: Command) -> list[str]:
    """What of a command is not sent as it stands there."""
    added = ", ".join(name for name in command.added if name.lower() not in ("cookie", "origin"))
    by_browsers = [f"Left out, because browsers set these by themselves: {shown(added)}."] if added else []
    return by_browsers + command.notes


@click.command()
@click.argument("url", required=False)
@click.option("--origin", help="The origin of the page, for example https://example.com, or null.")
@click.option("--method", help="The method of the request.  [default: GET]")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="NAME[: VALUE]",
    help="A header that the script sets; a name alone gets a harmless value. Any number of times.",
)
@click.option("--credentials", is_flag=True, help="Send credentials ('include').")
@click.option(
    "--engine",
    type=click.Choice([*ENGINES, *ALIASES, "all"]),
    help="The browser: the Fetch standard, an engine with its known deviations, or all of them."
    "  [default: standard]",
)
@click.option("--unsafe", is_flag=True, help="Send requests with methods other than GET, HEAD and OPTIONS.")
@click.option("--app", metavar="MODULE:APP", help="Ask an ASGI or WSGI application in this process.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask no server, but our reference server with this configuration: a .toml or .json file with the "
    "parameters of CORSMiddleware.",
)
@click.option(
    "--har",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Explain what the network tab of a browser has exported (HAR): every cross-origin fetch that the "
    "page could not read.",
)
@click.option(
    "--curl",
    metavar="COMMAND",
    help="Ask the server what a command asks that was copied from a browser (Copy as cURL), in quotes.",
)
@click.option(
    "--console",
    metavar="TEXT",
    help="Say which rules stand behind messages of a browser's console, and what to look at.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the story as JSON.")
@click.pass_context
def explain_command(
    context: click.Context, url: str | None, origin: str | None, method: str | None, headers: Sequence[str],
    credentials: bool, engine: str | None, unsafe: bool, app: str | None, config: Path | None,
    har: Path | None, curl: str | None, console: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show what a browser sends for one fetch, what the server at URL responds, whether the script may read
    it, by which rule, and what the server would have to send instead.

    At most two requests are sent to URL, and to each URL that it redirects to: the preflight, and if that
    passes the request. Requests other than GET, HEAD and OPTIONS are sent with --unsafe only.

    Exits 0 if the script may read the response, 1 if it is blocked, 2 for a usage or configuration error, 3
    if that is not known: there was no response, or the request was not sent because --unsafe is missing.
    """
    source([name for name, value in context.params.items() if value not in (None, False, ())])
    if har is not None:
        raise SystemExit(explain_har(har, as_json))
    if console is not None:
        explain_console(console, as_json)
        return
    notes: list[str] = []
    cookie = ""
    if curl is not None:
        command = read_curl(curl)
        url, method, origin = command.url, command.method, origin or command.origin
        notes, cookie = notes_of(command), command.cookie
    if origin is None:
        raise click.MissingParameter(ctx=context, param_hint="'--origin'", param_type="option")
    fetch = Fetch(
        page_origin=read_origin(origin),
        url_origin=SERVER,
        method=method if method is not None else "GET",
        headers=tuple(read_header(header) for header in headers) if curl is None else command.headers,
        credentials="include" if credentials or cookie else "same-origin",
    )
    chosen = engines(engine)
    if config is not None:
        raise SystemExit(answer_config(config, fetch, chosen, as_json))
    if credentials and not cookie:
        notes.append("It is sent without cookies: explain has none.")
    with ExitStack() as opened:
        if app is not None:
            served, path = (APPLICATION, url or "/") if not url or url.startswith("/") else read_url(url)
            connect = to_application(opened, imported(app), served)
        else:
            served, path = read_url(cast("str", url))  # there is one, or `source` has refused
            connect = over_sockets(opened)
        fetch = replace(fetch, url_origin=served, path=path)
        asking = Asking(connect, sends_unsafe=unsafe, cookie=cookie)
        code = explain_live(asking, fetch, chosen, as_json, notes)
    raise SystemExit(code)
