"""Random cases: from the strategies of the specification, and from all classes of values together."""

from dataclasses import replace
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from spec import strategies
from spec.browser import Fetch
from spec.config import Config
from tests.browsers.cases import AWAY, FAR, FOLDER, GUARDED, HOME, Case, answer, frame_of, single
from tests.browsers.systematic import METHODS, MODES, MORE, PREFLIGHT, RESPONSE, SCRIPT_HEADERS

Value = TypeVar("Value")

_usual = {name: st.one_of(st.just(values[0]), st.sampled_from(values)) for name, values in PREFLIGHT.items()}
_answers = {name: st.one_of(st.just(values[0]), st.sampled_from(values)) for name, values in RESPONSE.items()}


@st.composite
def singles(draw: st.DrawFn) -> Case:
    """One fetch with several headers, and answers with any combination of values."""
    fetch = Fetch(
        draw(st.sampled_from((HOME, HOME, HOME, FAR, "null"))),
        AWAY,
        draw(st.sampled_from(("PUT", "X", *METHODS))),
        tuple(draw(st.lists(st.sampled_from((("X-A", "1"), *SCRIPT_HEADERS)), max_size=3))),
        draw(st.sampled_from(MODES)),
        path=FOLDER,
    )
    preflight = answer(**draw(st.fixed_dictionaries(_usual)))
    response = answer(**MORE | draw(st.fixed_dictionaries(_answers)))
    return single(fetch, preflight, response)


_ENTRIES = (
    HOME,
    FAR,
    "null",
    "*",
    "http://127.0.0.1:741",
    "https" + HOME[4:],
    "http://127.0.0.1",
    "https://a.example",
)
_PATTERNS = (None, None, r"http://127\.0\.0\.1:\d+", r"http://127\.0\.0\.1:740[12]", "http://127.0.0.1:7403")


@st.composite
def guarded(draw: st.DrawFn) -> Case:
    """A fetch of an application behind the middleware, with any configuration that can be constructed.

    Most of them allow the page.
    """
    config: Config = draw(strategies.configs())
    entries = draw(st.lists(st.sampled_from(_ENTRIES), max_size=3, unique=True))
    if config.allow_credentials:
        entries = [entry for entry in entries if entry not in ("*", "null")]
    page = draw(st.sampled_from((HOME, HOME, FAR, "null")))
    is_listed = draw(st.sampled_from((True, True, True, False)))
    if is_listed and page not in entries and not (config.allow_credentials and page == "null"):
        entries.append(page)
    config = replace(
        config, allow_origins=tuple(entries), allow_origin_regex=draw(st.sampled_from(_PATTERNS))
    )
    fetch: Fetch = draw(strategies.fetches(config))
    # What a script writes must be told from what the browser itself writes under the same name.
    headers = tuple((name, "x" if name.startswith("Sec-") else value) for name, value in fetch.headers)
    fetch = replace(fetch, page_origin=page, url_origin=GUARDED, headers=headers, path=FOLDER)
    return Case("end to end", (fetch,), {}, frame_of(page), config)


def examples(strategy: st.SearchStrategy[Value], number: int, root: int) -> list[Value]:
    """This many different examples, the same ones for the same root."""
    found: dict[str, Value] = {}

    # Nothing is tested here: the examples are collected, however long drawing them takes.
    @seed(root)
    @settings(
        max_examples=3 * number, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def collect(example: Value) -> None:
        if len(found) < number:
            found[repr(example)] = example

    collect()
    return list(found.values())
