"""What `verified-cors explain` tells of real servers: each request before it is sent, and then the story."""

import json
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import click
from rich.console import Console

from spec.browser import Engine, Fetch, Hop
from spec.browser.methods_and_headers import throws
from spec.browser.origins import is_tainted
from spec.cli.story import NAMES, tell_steps, tell_verdict
from spec.cli.terminal import UsageError, say, shown
from spec.conformance.transports import Extra, NoAnswer, Socket, Transport, in_process
from spec.explain.asking import Answer, Asking, Story
from spec.explain.repair import Change
from spec.explain.report import needed, report
from spec.explain.story import Silence, steps
from spec.http import Request

SHOWS = frozenset({
    *(f"access-control-allow-{name}" for name in ("origin", "credentials", "methods", "headers")),
    *(f"access-control-{name}" for name in ("expose-headers", "max-age", "allow-private-network")),
    "allow", "content-type", "location", "server", "vary", "via",
})  # fmt: skip
"""The headers of responses that say something about CORS, or about who responds."""

REDIRECTS = {
    "C-RED-4": "Redirect to a URL without user name and password.",
    "C-RED-7": "Redirect at most 20 times, and to one valid http or https URL each time.",
}


# Asking


def over_sockets(opened: ExitStack) -> Callable[[str], Callable[[Request], Answer]]:
    """The servers of origins, each over a socket of its own that is closed with `opened`."""

    def connect(origin: str) -> Callable[[Request], Answer]:
        try:
            way = Socket(origin)
        except ValueError as problem:
            reason = f"{origin} cannot be asked: {problem}."
            return lambda request: Silence(reason)
        opened.callback(way.close)
        return lambda request: _sent(way, request, origin, lambda problem: silence(way, problem))

    return connect


def to_application(opened: ExitStack, app: Any, origin: str) -> Callable[[str], Callable[[Request], Answer]]:
    """An application in this process, which serves one origin; the others are not asked."""
    try:
        way = in_process(app, extra=Extra(((b"host", origin.partition("://")[2].encode()),)))
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    opened.callback(way.close)

    def connect(asked: str) -> Callable[[Request], Answer]:
        if asked != origin:
            reason = f"{asked} is another server: with --app only the application is asked."
            return lambda request: Silence(reason, is_sent=False)
        return lambda request: _sent(way, request, origin, lambda problem: f"The application: {problem}.")

    return connect


def _sent(way: Transport, request: Request, origin: str, told: Callable[[NoAnswer], str]) -> Answer:
    listed = ", ".join(f"{shown(name)}: {shown(value)}" for name, value in request.headers)
    say(Console(stderr=True), f"Sending {request.method} {origin}{shown(request.path)} ({listed})", hang=4)
    try:
        return way.send(request)
    except NoAnswer as problem:
        return Silence(told(problem))


def silence(way: Socket, problem: NoAnswer) -> str:
    """Why there is no response, in a sentence."""
    cause = problem.__cause__ or problem.__context__
    where = f"{shown(way.host)} port {way.port}"
    if isinstance(cause, socket.gaierror):
        return f"The name {shown(way.host)} does not resolve to an address. Is it spelled as it should be?"
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = shown(cause.verify_message)
        return f"The certificate of {where} is not trusted: {why}. A browser sends nothing either."
    if isinstance(cause, ssl.SSLError):
        return f"There is no TLS at {where}: {shown(str(cause.reason))}. Is the URL meant to be http?"
    if isinstance(cause, TimeoutError):
        return f"{where} did not send a whole response within {way.timeout:g} seconds."
    if isinstance(cause, ConnectionRefusedError):
        return f"Nothing listens at {where}: the connection was refused."
    if isinstance(cause, ConnectionError):
        return f"{where} closed the connection without a whole response."
    if isinstance(cause, OSError):
        return f"{where} cannot be reached: {shown(cause.strerror or str(cause))}."
    return f"What {where} sent is not HTTP/1.1: {shown(str(problem))}."


# Telling


def explain_live(
    asking: Asking, fetch: Fetch, engines: Sequence[Engine], as_json: bool, notes: Sequence[str] = ()
) -> int:
    """Ask, and tell what every engine does; gives the exit code."""
    stories = [asking.story(fetch, engine) for engine in engines]
    if as_json:
        click.echo(json.dumps({"notes": list(notes), "stories": report(stories)}, indent=2))
    else:
        console = Console()
        tell_fetch(console, fetch, notes)
        tell_stories(console, stories)
    return exit_code(stories)


def exit_code(stories: Iterable[Story]) -> int:
    """1 when an engine blocks, 3 when it is not known of one, 0 when all allow."""
    verdicts = {story.verdict for story in stories}
    return 1 if "blocked" in verdicts else 3 if "unknown" in verdicts else 0


def tell_fetch(console: Console, fetch: Fetch, notes: Sequence[str] = ()) -> None:
    """What a script does."""
    page = "without an origin of its own" if fetch.page_origin == "null" else f"of {shown(fetch.page_origin)}"
    with_them = "with credentials" if fetch.credentials == "include" else "without credentials"
    url = f"{fetch.url_origin}{shown(fetch.path)}"
    say(console, f"A page {page} fetches {url}: {shown(fetch.method)}, {with_them}.")
    for name, value in fetch.headers:
        say(console, f"It sets the header {shown(name)}: {shown(value)}")
    for note in notes:
        say(console, note)


def tell_stories(console: Console, stories: Sequence[Story]) -> None:
    """What each engine does; those that do the same are told of once."""
    groups: dict[Any, list[Story]] = {}
    for story in stories:
        key = (tuple((hop.preflight_request, hop.request, hop.outcome) for hop in story.hops), story.silence)
        groups.setdefault(key, []).append(story)
    for alike in groups.values():
        if len(stories) > 1:
            names = [NAMES[story.engine.name] for story in alike]
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            say(console)
            say(console, f"By {listed}:", style="bold")
        tell_story(console, alike[0])


def tell_story(console: Console, story: Story) -> None:
    """What one engine does."""
    number = 1
    seen: set[tuple[str, Request | None]] = set()
    for hop in story.hops:
        where = (hop.fetch.url_origin, hop.request)
        again = " again, with the same request" if where in seen else ""
        if hop is not story.hops[0]:
            say(console)
            say(console, f"The redirect leads to {hop.fetch.url_origin}{shown(hop.fetch.path)}{again}")
        if again and hop is not story.hops[-1]:
            continue
        seen.add(where)
        silence = story.silence if hop is story.hops[-1] else None
        number = tell_steps(console, steps(hop, silence), number, SHOWS)
    say(console)
    if story.silence is None:
        tell_verdict(console, story.hops[-1])
    else:
        tell_unknown(console, story.hops[-1], story.silence)
    tell_changes(console, story.hops[-1], needed(story))


def tell_unknown(console: Console, last: Hop, silence: Silence) -> None:
    """Why it is not known whether the script may read the response."""
    if silence.is_sent:
        say(console, f"NO ANSWER: {silence.reason}", style="bold yellow")
        return
    passed = "the preflight passes; " if last.preflight_request is not None else ""
    say(console, f"NOT KNOWN: {passed}the request was not sent. {silence.reason}", style="bold yellow")


def tell_changes(console: Console, last: Hop, listed: Sequence[Change]) -> None:
    """What the server would have to send, header by header."""
    if throws(last.fetch):
        say(console)
        say(console, "No server can allow it: the browser itself refuses.")
    elif last.outcome.reason in REDIRECTS:
        say(console)
        say(console, f"Instead: {REDIRECTS[last.outcome.reason]}")
    for message, where in (("preflight", "the preflight"), ("response", "the request")):
        of_it = [change for change in listed if change.message == message]
        if not of_it:
            continue
        say(console)
        wanted = "To be readable," if last.outcome.reason == "C-CHK-10" else "To allow it,"
        say(console, f"{wanted} the response to {where} needs:")
        for change in of_it:
            is_known = (last.preflight_response if message == "preflight" else last.response) is not None
            say(console, shown(needs(change)), indent=6, hang=4)
            if is_known:
                got = "nothing" if change.got is None else shown(change.got) or "an empty value"
                say(console, f"now: {got} ({change.rule})", indent=10, hang=4)
    named = {change.header: change.needed for change in listed}
    origin = named.get("access-control-allow-origin")
    if origin == "null":
        say(console)
        say(console, "But do not allow null: any site can make a page with this origin (CFG-10).")
        if is_tainted(last.fetch) and last.fetch.page_origin != "null":
            direct = f"{last.fetch.url_origin}{shown(last.fetch.path)}"
            say(
                console, f"Let the script fetch {direct} without a redirect: then Origin is that of the page."
            )
    elif origin is not None:
        say(console)
        say(console, "A server that allows several origins also sends Vary: Origin (S-VARY-1).")


def needs(change: Change) -> str:
    """One change, as a field line where it is one."""
    if change.header == "status":
        return f"status {change.needed}, or another from 200 to 299"
    return f"no {change.header}" if change.needed is None else f"{change.header}: {change.needed}"
