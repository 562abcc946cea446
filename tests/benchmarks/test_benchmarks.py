"""What could be wrong with the benchmark without anybody noticing: its arithmetic, its requests, its page."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from tests.benchmarks import instructions, report
from tests.benchmarks.cases import (
    ARGUMENTS,
    HEADER_COUNTS,
    KINDS,
    LENGTHS,
    ORIGIN,
    built,
    compared,
    preflight,
    requested_headers,
    with_header_count,
)
from tests.benchmarks.measuring import added
from tests.benchmarks.report import Figures, Row
from tests.benchmarks.steps import STEPS
from tests.helpers.asgi import call

COUNTS = ("1", "10,000")
ROW = {"starlette": 8.0, "ours": 2.0, "floor": 0.5}
FIGURES = Figures(
    {
        "python": "3.99.1",
        "starlette": "1.99.2",
        "uvicorn": "0.99.3",
        "processor": "Babbage's",
        "processors": "7",
        "load": "0.25",
        "date": "2031-02-03",
    },
    {
        "kinds": [
            Row("no Origin", {**ROW, "ours": 1.25}, {"starlette": 40_000, "ours": 10_000, "floor": 4_000}),
            Row("allowed", ROW, {"starlette": 60_000, "ours": 15_500, "floor": 4_000}),
        ],
        **{f"origins {kind}": [Row(count, ROW) for count in COUNTS] for kind in ("allowed", "refused")},
        **{
            f"patterns {kind}": [Row(count, {"ours": 3.5, "floor": 0.5}) for count in COUNTS]
            for kind in ("allowed", "refused")
        },
        **{f"lengths {kind}": [Row(length, ROW) for length in LENGTHS] for kind in ("list", "any")},
        "header counts": [Row("30", {"starlette": 26_795.8, "ours": 3.5, "floor": 0.5})],
    },
    Row(
        "",
        {"floor": 0.5, "classified": 0.625, "searched": 1.0, "copied": 1.125, "varied": 1.375, "ours": 1.25},
        dict(zip(report.STEP_NAMES, (4_000, 5_000, 7_500, 8_000, 9_900, 10_000), strict=True)),
    ),
    [
        {"bare": 4_000.0, "ours": 3_800.0, "starlette": 3_000.0},
        {"bare": 1_000.0, "ours": 970.0, "starlette": 800.0},  # a busy moment
        {"bare": 4_400.0, "ours": 3_960.0, "starlette": 3_080.0},
    ],
)


def test_what_is_added_is_the_median_of_differences_within_a_round() -> None:
    rounds = [
        {"bare": 1e-6, "ours": 2e-6, "floor": 1.5e-6},
        {"bare": 9e-6, "ours": 12e-6, "floor": 9.5e-6},  # a busy moment
        {"bare": 2e-6, "ours": 4e-6, "floor": 2.5e-6},
    ]
    assert added(rounds) == pytest.approx({"ours": 2.0, "floor": 0.5})


@pytest.mark.parametrize(
    ("starlette", "ours", "shown"),
    [
        (8, 2, "0.25"),
        (2, 8, "4.00"),
        (160, 3.2, "0.02"),
        (26_000, 3.4, "0.0001"),
        (8, -1, "-0.12"),
        (0, 1, "–"),
    ],
)
def test_a_ratio_is_ours_over_starlettes(starlette: float, ours: float, shown: str) -> None:
    assert report.ratio({"starlette": starlette, "ours": ours}) == shown


def test_without_starlette_there_is_no_ratio() -> None:
    assert report.ratio({"ours": 1.0, "floor": 0.5}) == "–"


def test_steps_are_differences() -> None:
    assert report.increments({"a": 1.0, "b": 3.5, "c": 3.0}) == {"a": 1.0, "b": 2.5, "c": -0.5}


def test_instructions_of_start_up_do_not_count() -> None:
    few, many = 180_000_000 + 100 * 14_000, 180_000_000 + 400 * 14_000
    assert instructions.per_request(few, many) == 14_000


def test_the_count_is_read_from_what_callgrind_prints() -> None:
    assert instructions.collected("==1== Events    : Ir\n==1== Collected : 387502602\n") == 387_502_602
    with pytest.raises(RuntimeError, match="counted nothing: oh"):
        instructions.collected("oh")


@pytest.mark.parametrize("name", ["ours", "starlette"])
def test_each_kind_of_request_is_what_its_name_says(name: str) -> None:
    app = built(name)
    found = {kind: call(app, scope=dict(scope)) for kind, scope in KINDS.items()}
    allowed = {kind: result.values(b"access-control-allow-origin") for kind, result in found.items()}
    assert allowed == {"no Origin": [], "allowed": [ORIGIN], "refused": [], "preflight": [ORIGIN]}
    assert {kind: result.body for kind, result in found.items()} == {
        **dict.fromkeys(("no Origin", "allowed", "refused"), b"{}"), "preflight": b"OK"
    }  # fmt: skip


@pytest.mark.parametrize("headers", [ARGUMENTS["allow_headers"], ["*"]])
@pytest.mark.parametrize("length", LENGTHS)
def test_lists_of_requested_headers_are_allowed_up_to_the_bound(length: str, headers: list[str]) -> None:
    result = call(built("ours", allow_headers=headers), scope=preflight(LENGTHS[length]))
    assert result.status == (400 if length == "1 MB" else 200)


@pytest.mark.parametrize("length", [100, 16_000, 1_000_000])
def test_lists_of_requested_headers_have_the_length_that_is_said(length: int) -> None:
    value = requested_headers(length)
    assert length - 14 <= len(value) <= length
    assert set(value.split(b",")) == {b"authorization", b"x-request-id"}


@pytest.mark.parametrize("count", HEADER_COUNTS)
def test_requests_have_the_number_of_headers_that_is_said(count: int) -> None:
    headers = with_header_count(count)["headers"]
    assert len(headers) == count
    assert headers[-1] == (b"origin", ORIGIN)


def test_the_last_step_answers_a_request_without_origin_as_ours_does() -> None:
    ours = call(built("ours"), scope=dict(KINDS["no Origin"]))
    assert call(built([*STEPS][-1]), scope=dict(KINDS["no Origin"])).headers == ours.headers
    bare = call(built("bare"), scope=dict(KINDS["no Origin"]))
    assert {name: call(built(name)).headers for name in STEPS if name != "varied"} == {
        name: bare.headers for name in STEPS if name != "varied"
    }
    assert list(report.STEP_NAMES) == [*STEPS, "ours"]


def test_three_middlewares_are_compared_with_the_bare_app() -> None:
    assert set(compared()) == {"bare", *report.NAMES}


def test_the_page_has_the_figures() -> None:
    page = report.page(FIGURES)
    for text in ("3.99.1", "1.99.2", "0.99.3", "Babbage's", "7 processors", "was 0.25", "2031-02-03"):
        assert text in page
    for line in (
        "| no Origin | 8.00 | 1.25 | 0.50 | 0.16 |",
        "| allowed | 60,000 | 15,500 | 4,000 | 0.26 |",
        "| 10,000 | – | 3.50 | 0.50 | – |",
        "| 30 | 26,796 | 3.50 | 0.50 | 0.0001 |",
        f"| {report.STEP_NAMES['searched']} | 0.38 | 2,500 |",
        f"| {report.STEP_NAMES['ours']} | -0.12 | 100 |",
        "| **all** | 1.25 | 10,000 |",
        "| besides, for an allowed Origin: its lookup, and three CORS headers | 0.75 | 5,500 |",
        "| ours | 3,800 | 970 to 3,960 | 95% |",
        "| Starlette's | 3,000 | 800 to 3,080 | 75% |",
    ):
        assert line in page.splitlines()
    assert "valgrind was not installed" not in page


def test_the_page_says_that_instructions_were_not_counted() -> None:
    kinds = [replace(row, instructions={}) for row in FIGURES.tables["kinds"]]
    steps = replace(FIGURES.steps, instructions={})
    page = report.page(replace(FIGURES, tables={**FIGURES.tables, "kinds": kinds}, steps=steps))
    assert "valgrind was not installed" in page
    assert "| **all** | 1.25 | – |" in page


def test_a_logarithmic_axis_has_its_middle_at_the_geometric_mean() -> None:
    assert [report.position(value, 1, 10_000, 0, 200) for value in (1, 100, 10_000)] == [0, 100, 200]


@pytest.mark.parametrize(
    ("exponent", "shown"), [(-1, "0.1 µs"), (0, "1 µs"), (2, "100 µs"), (3, "1 ms"), (5, "100 ms")]
)
def test_ticks_are_durations(exponent: int, shown: str) -> None:
    assert report.duration(exponent) == shown


def test_bars_are_as_long_as_their_values() -> None:
    none, _ = report.groups(FIGURES.tables["kinds"])
    assert [(bar.name, bar.width, bar.text) for bar in none.bars] == [
        ("starlette", 320, "8.00"), ("ours", 50, "1.25"), ("floor", 20, "0.50")
    ]  # fmt: skip


def test_what_is_not_positive_has_no_place_in_a_panel() -> None:
    panel = report.panel("", "", {1: "1"}, [("ours", False, {1: 1.0, 10: -0.5, 100: 10.0})])
    assert [line.points for line in panel.lines] == [
        [(report.LEFT + 8, report.HEIGHT), (report.RIGHT - 8, 0)]
    ]
    assert panel.y_ticks == [("1 µs", report.HEIGHT), ("10 µs", 0)]


def test_the_plot_is_xml_with_all_lines() -> None:
    root = ElementTree.fromstring(report.plot(FIGURES))
    assert len(root.findall(".//{*}polyline")) == 7
    assert "2.00" in [text.text for text in root.findall(".//{*}text")]
