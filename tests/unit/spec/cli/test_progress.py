"""While a run goes on, its length is said once, and how far it is now and then."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from spec.cli.progress import EVERY, Shown, announced, duration

MORE = "More are sent only to confirm and to shrink what is found."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "about 1 second"),
        (1.0, "about 1 second"),
        (1.1, "about 2 seconds"),
        (120.0, "about 120 seconds"),
        (120.1, "about 3 minutes"),
        (180.0, "about 3 minutes"),
        (90_000.0, "about 1,500 minutes"),
    ],
)
def test_a_duration_is_in_whole_seconds_or_minutes(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("response_time", "rate", "said"),
    [
        (0.0, None, "about 4 seconds"),
        (1.0, None, "about 21 minutes"),
        (0.0, 1.0, "about 21 minutes"),
        (1.0, 100.0, "about 21 minutes"),
    ],
)
def test_the_time_follows_from_the_first_response_or_from_the_rate(
    response_time: float, rate: float | None, said: str
) -> None:
    assert announced("a:b, with GET", 1234, response_time, rate) == (
        f"1,234 requests to a:b, with GET: {said}. {MORE}"
    )


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_line_is_printed_every_few_seconds_where_nobody_watches_a_bar(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("spec.cli.progress.monotonic", lambda: now[0])
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=is_terminal, no_color=True)
    bar = Progress(console=console, disable=True)
    shown = Shown(console, bar, bar.add_task(""), "a:b, with GET", None)
    for seconds, name, done in ((0, "control", 0), (0.5, "control", 1), (EVERY, "near misses", 1200),
                                (EVERY - 1, "methods", 1300), (1, "methods", 1400)):  # fmt: skip
        now[0] += seconds
        shown(name, done, 2000)
    said = "2,000 requests to a:b, with GET: about 17 minutes. "
    assert " ".join(file.getvalue().split()) == said + MORE
    lines = ["1,200 of 2,000 requests: near misses", "1,400 of 2,000 requests: methods"]
    assert capsys.readouterr().err.splitlines() == ([] if is_terminal else lines)
