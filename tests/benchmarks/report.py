"""The page and the plot, from figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import jinja2

from tests.benchmarks.cases import LENGTHS
from tests.benchmarks.measuring import FEWEST_ROUNDS, ROUNDS
from tests.benchmarks.serving import CONNECTIONS, SECONDS_PER_TURN, TURNS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """What `floor`, `ours` and `starlette` add to a request over the bare app; a name may be missing."""

    name: str
    microseconds: dict[str, float]
    instructions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """All that is measured."""

    about: dict[str, str]
    tables: dict[str, list[Row]]
    """Rows by the name of the table, as `cases` gives them."""
    steps: Row
    """What each step adds to a request without Origin, with all steps before it."""
    served: list[dict[str, float]]
    """Requests per second, by the name of the app; round by round."""


NAMES = ("starlette", "ours", "floor")

STEP_NAMES = {
    "floor": "the floor: a coroutine for the request, a plain function for each message",
    "classified": "the scope's type, method and headers",
    "searched": "the search for Origin in 11 request headers",
    "copied": "a copy of the message and of its three headers",
    "varied": "the search for Vary, and its addition",
    "ours": "the rest: attributes of a class that can be configured and overridden",
}


def ratio(values: Mapping[str, float]) -> str:
    """Ours / Starlette's, with two digits after the point, or one digit that says something."""
    if values.get("starlette", 0) <= 0 or "ours" not in values:
        return "–"
    found = values["ours"] / values["starlette"]
    digits = 2 if found >= 0.1 or found <= 0 else -math.floor(math.log10(found))
    return f"{found:.{digits}f}"


def number(value: float | None) -> str:
    """Microseconds, or a dash where there are none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.2f}"


def count(value: int | None) -> str:
    """Instructions, or a dash where they were not counted."""
    return "–" if value is None else f"{value:,}"


def increments(values: Mapping[str, float]) -> dict[str, float]:
    """What each step adds to the one before it; the first adds all that it has."""
    found, before = {}, 0.0
    for name, value in values.items():
        found[name] = value - before
        before = value
    return found


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; all columns but the first are aligned to the right."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def times(first: str, rows: Sequence[Row]) -> str:
    """The table of times added, in microseconds."""
    found = [_line(row.name, row.microseconds, number) for row in rows]
    return markdown([first, "Starlette, µs", "ours, µs", "floor, µs", "ratio"], found)


def counts(first: str, rows: Sequence[Row]) -> str:
    """The table of instructions added."""
    found = [_line(row.name, row.instructions, count) for row in rows]
    return markdown([first, "Starlette, instructions", "ours", "floor", "ratio"], found)


Amount = TypeVar("Amount", int, float)


def _line(name: str, values: Mapping[str, Amount], shown: Callable[[Amount | None], str]) -> list[str]:
    return [name, *(shown(values.get(each)) for each in NAMES), ratio(values)]


def steps(figures: Figures) -> str:
    """The table of what each step of ours costs, and of what an allowed Origin adds to their sum."""
    time, instructions = increments(figures.steps.microseconds), increments(figures.steps.instructions)

    def instructions_of(value: float | None) -> str:
        return count(None if value is None else round(value))

    rows = [
        [text, number(time[name]), instructions_of(instructions.get(name))]
        for name, text in STEP_NAMES.items()
    ]
    total = figures.steps.microseconds["ours"], figures.steps.instructions.get("ours")
    rows.append(["**all**", number(total[0]), count(total[1])])
    kinds = {row.name: row for row in figures.tables["kinds"]}
    allowed, none = kinds["allowed"], kinds["no Origin"]
    more = allowed.microseconds["ours"] - none.microseconds["ours"]
    counted = bool(allowed.instructions and none.instructions)
    more_counted = allowed.instructions["ours"] - none.instructions["ours"] if counted else None
    text = "besides, for an allowed Origin: its lookup, and three CORS headers"
    rows.append([text, number(more), count(more_counted)])
    return markdown(["part", "µs", "instructions"], rows)


def served(figures: Figures) -> str:
    """The table of requests per second; shares are of the bare app in the same round."""
    names = {"bare": "the bare app", "ours": "ours", "starlette": "Starlette's"}
    rows = []
    for name, text in names.items():
        rates = [each[name] for each in figures.served]
        share = median(each[name] / each["bare"] for each in figures.served)
        spread = f"{min(rates):,.0f} to {max(rates):,.0f}"
        rows.append([text, f"{median(rates):,.0f}", spread, f"{share:.0%}"])
    return markdown(["app", "requests per second", "slowest and fastest turn", "of the bare app"], rows)


def templates() -> jinja2.Environment:
    """The templates beside this module."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=jinja2.select_autoescape(["svg.jinja"]),
    )


def page(figures: Figures) -> str:
    """docs/benchmark.md."""
    return (
        templates()
        .get_template("page.md.jinja")
        .render(
            about=figures.about,
            tables=figures.tables,
            times=times,
            counts=counts,
            counted=any(row.instructions for row in figures.tables["kinds"]),
            steps=steps(figures),
            served=served(figures),
            rounds=(FEWEST_ROUNDS, ROUNDS),
            client=(CONNECTIONS, TURNS, SECONDS_PER_TURN),
        )
    )


# The plot: one drawing of 480 pixels, one panel below the other, so that it reads on a phone, too.
LEFT, RIGHT, HEIGHT = 66, 462, 190
BARS_LEFT, BARS_RIGHT = 90, 410


class Bar(NamedTuple):
    """A bar of the first panel, with its value beside it."""

    name: str
    y: int
    width: float
    text: str


class Group(NamedTuple):
    """The bars of one kind of request."""

    label: str
    y: int
    bars: list[Bar]


class Line(NamedTuple):
    """A line of a panel; `points` are pixels."""

    name: str
    dashed: bool
    points: list[tuple[float, float]]


class Panel(NamedTuple):
    """A panel with two logarithmic axes; ticks are labels and pixels."""

    title: str
    subtitle: str
    lines: list[Line]
    x_ticks: list[tuple[str, float]]
    y_ticks: list[tuple[str, float]]


def duration(exponent: int) -> str:
    """10 ** exponent microseconds, as text."""
    power, unit = (exponent, "µs") if exponent < 3 else (exponent - 3, "ms")
    return f"{10**power:g} {unit}"


def position(value: float, low: float, high: float, start: float, end: float) -> float:
    """Where a value is on a logarithmic axis from `low` at `start` to `high` at `end`."""
    share = math.log(value / low) / math.log(high / low)
    return round(start + share * (end - start), 1)


def groups(rows: Sequence[Row]) -> list[Group]:
    """The bars of the first panel."""
    longest = max(max(row.microseconds.values()) for row in rows)
    found = []
    for number_of_row, row in enumerate(rows):
        top = number_of_row * 58
        bars = []
        for place, name in enumerate(NAMES):
            value = row.microseconds[name]
            width = round(max(value, 0) / longest * (BARS_RIGHT - BARS_LEFT), 1)
            bars.append(Bar(name, top + place * 16, width, number(value)))
        found.append(Group(row.name, top, bars))
    return found


def panel(
    title: str,
    subtitle: str,
    x_labels: Mapping[float, str],
    series: Sequence[tuple[str, bool, Mapping[float, float]]],
) -> Panel:
    """A panel of lines: (name, dashed, microseconds by x). What is not positive has no place on the axis."""
    points = [(x, y) for _, _, line in series for x, y in line.items() if y > 0]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    lowest = math.floor(math.log10(min(y for _, y in points)))
    highest = math.ceil(math.log10(max(y for _, y in points)))

    def x_of(value: float) -> float:
        return position(value, low_x, high_x, LEFT + 8, RIGHT - 8)

    def y_of(value: float) -> float:
        return position(value, 10**lowest, 10**highest, HEIGHT, 0)

    lines = [
        Line(name, dashed, [(x_of(x), y_of(y)) for x, y in line.items() if y > 0])
        for name, dashed, line in series
    ]
    y_ticks = [(duration(exponent), y_of(10**exponent)) for exponent in range(lowest, highest + 1)]
    return Panel(title, subtitle, lines, [(label, x_of(x)) for x, label in x_labels.items()], y_ticks)


def plot(figures: Figures) -> str:
    """docs/benchmark.svg."""

    def by_count(table: str, name: str) -> dict[float, float]:
        return {int(row.name.replace(",", "")): row.microseconds[name] for row in figures.tables[table]}

    def by_length(table: str, name: str) -> dict[float, float]:
        return {len(LENGTHS[row.name]): row.microseconds[name] for row in figures.tables[table]}

    panels = [
        panel(
            "By number of configured origins",
            "allowed requests; dashed: origin patterns",
            {1: "1", 10: "10", 100: "100", 1_000: "1,000", 10_000: "10,000"},
            [
                ("starlette", False, by_count("origins allowed", "starlette")),
                ("ours", False, by_count("origins allowed", "ours")),
                ("ours", True, by_count("patterns allowed", "ours")),
            ],
        ),
        panel(
            "By length of Access-Control-Request-Headers",
            'dashed: allow_headers is ["*"]; ours refuses above 16 kB',
            {20: "20 B", 1_000: "1 kB", 16_000: "16 kB", 1_000_000: "1 MB"},
            [
                (name, table == "lengths any", by_length(table, name))
                for table in ("lengths list", "lengths any")
                for name in ("starlette", "ours")
            ],
        ),
    ]
    return (
        templates()
        .get_template("plot.svg.jinja")
        .render(
            groups=groups(figures.tables["kinds"]),
            bars_left=BARS_LEFT,
            panels=panels,
            left=LEFT,
            right=RIGHT,
            height=HEIGHT,
        )
    )
