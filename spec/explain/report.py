"""Stories as data, for JSON."""

from collections.abc import Iterable
from typing import Any

from spec.browser import Hop
from spec.browser.methods_and_headers import throws
from spec.explain.asking import Story
from spec.explain.repair import Change, changes
from spec.explain.story import deciding_rules
from spec.http import Request, Response


def report(stories: Iterable[Story]) -> list[dict[str, Any]]:
    """One object for each engine: `engine`, `verdict`, `rules`, `silence`, `changes` and `hops`.

    Values of headers are decoded as Latin-1, as HTTP libraries do; bodies are left out.
    """
    return [as_data(story) for story in stories]


def as_data(story: Story) -> dict[str, Any]:
    """One story."""
    last = story.hops[-1]
    return {
        "engine": story.engine.name,
        "verdict": story.verdict,
        "rules": [] if story.silence else deciding_rules(last),
        "readable_headers": sorted(last.outcome.readable_headers),
        "silence": story.silence.reason if story.silence else None,
        "changes": [change._asdict() for change in needed(story)],
        "hops": [hop_as_data(hop) for hop in story.hops],
    }


def needed(story: Story) -> list[Change]:
    """What the server of the last hop would have to send instead.

    Nothing where it could not help, and where nobody knows whether it must.
    """
    last = story.hops[-1]
    is_known = story.silence is None or not story.silence.is_sent
    if last.outcome.allowed or throws(last.fetch) or not is_known:
        return []
    return changes(last.fetch, last.engine, last.preflight_response, last.response)


def hop_as_data(hop: Hop) -> dict[str, Any]:
    """One hop."""
    return {
        "url": hop.fetch.url_origin + hop.fetch.path,
        "page_origin": hop.fetch.page_origin,
        "credentials": hop.fetch.credentials,
        "preflight": exchange(hop.preflight_request, hop.preflight_response),
        "request": exchange(hop.request, hop.response),
    }


def exchange(request: Request | None, response: Response | None) -> dict[str, Any] | None:
    """What was sent and what came."""
    if request is None:
        return None
    return {
        "method": request.method,
        "headers": pairs(request),
        "response": None if response is None else {"status": response.status, "headers": pairs(response)},
    }


def pairs(message: Request | Response) -> list[list[str]]:
    """Field lines, in order."""
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in message.headers]
