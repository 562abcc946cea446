"""Smaller cases that still show what a failing one shows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from spec.browser import Fetch
from spec.config import Config
from spec.http import Response
from tests.browsers.cases import HOME, Answers, Case

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


def _simpler_configs(config: Config) -> Iterator[Config]:
    defaults = vars(Config())
    for name, value in vars(config).items():
        if value != defaults[name]:
            shorter = _without_one(value) if isinstance(value, tuple) and len(value) > 1 else ()
            for simple in (defaults[name], *shorter):
                yield Config(**{**vars(config), name: simple})


def _without_a_hop(answers: Mapping[str, Answers]) -> Iterator[Mapping[str, Answers]]:
    """Where one URL leads to another, the answers of that one in its stead."""
    for url, both in answers.items():
        for location in both.response.lines("location"):
            target = location.decode("latin-1")
            if target in answers and target != url:
                left = {each: answers[each] for each in answers if each != target}
                yield {**left, url: answers[target]}


def simpler(case: Case) -> Iterator[Case]:
    """Cases with one thing less."""
    if case.frame != "page":
        fetches = tuple(replace(fetch, page_origin=HOME) for fetch in case.fetches)
        yield replace(case, frame="page", fetches=fetches)
    if case.pause:
        yield replace(case, pause=0)
    if case.config is not None:
        yield from (replace(case, config=config) for config in _simpler_configs(case.config))
    yield from (replace(case, answers=answers) for answers in _without_a_hop(case.answers))
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
