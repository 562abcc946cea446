"""Smaller cases that still show what a failing one shows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from spec.browser import Fetch
from spec.http import Response
from tests.browsers.cases import Answers, Case

Line = TypeVar("Line")


def _without_one(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    for index in range(len(lines)):
        yield lines[:index] + lines[index + 1 :]


def _simpler_fetches(fetch: Fetch) -> Iterator[Fetch]:
    yield from (replace(fetch, headers=headers) for headers in _without_one(fetch.headers))
    simple = (
        replace(fetch, method="GET"),
        replace(fetch, credentials="omit"),
        replace(fetch, upload_listener=False),
    )
    yield from (each for each in simple if each != fetch)


def _simpler_responses(response: Response) -> Iterator[Response]:
    # The length stays: without it nobody knows where the response ends.
    for index, (name, _) in enumerate(response.headers):
        if name != b"content-length":
            yield replace(response, headers=response.headers[:index] + response.headers[index + 1 :])
    if response.status not in (200, 301, 302, 303, 307, 308):
        yield replace(response, status=200)


def simpler(case: Case) -> Iterator[Case]:
    """Cases with one thing less."""
    if len(case.fetches) > 1:
        yield from (replace(case, fetches=fetches) for fetches in _without_one(case.fetches))
    for index, fetch in enumerate(case.fetches):
        for simple in _simpler_fetches(fetch):
            yield replace(case, fetches=(*case.fetches[:index], simple, *case.fetches[index + 1 :]))
    for url, answers in case.answers.items():
        for preflight in _simpler_responses(answers.preflight):
            yield replace(case, answers={**case.answers, url: Answers(preflight, answers.response)})
        for response in _simpler_responses(answers.response):
            yield replace(case, answers={**case.answers, url: Answers(answers.preflight, response)})
