"""What is printed of a run fits the terminal, and no value is broken inside a word."""

import io
import subprocess

import pytest
from rich.console import Console

from spec.cli.check_report import folded, headers_of
from spec.conformance.exchange import Line

LONG = "https://app.example.preview-1234.eu-central-1.example.com"
CURL = ["curl -i -X GET", f"-H 'origin: {LONG}'", "-H 'a: b'", "http://127.0.0.1:8000/a/path?of=some-length"]


def printed(*lines: Line, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    headers_of(console, lines)
    file = console.file
    assert isinstance(file, io.StringIO)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_short_values_are_a_table() -> None:
    assert printed(Line("Vary", "", "Origin", True), Line("Access-Control-Allow-Origin", "*", "", False)) == [
        "header                       expected  got",
        "Vary                         anything  Origin",
        "Access-Control-Allow-Origin  *         absent ✗",
    ]


def test_a_value_that_does_not_fit_beside_another_is_a_line_of_its_own() -> None:
    assert printed(
        Line("Access-Control-Allow-Origin", "absent, or a configured origin", LONG, False),
        Line("Vary", "", "Origin", True),
    ) == [
        "Access-Control-Allow-Origin",
        "  expected: absent, or a configured origin",
        f"  got: {LONG} (wrong)",
        "Vary",
        "  expected: anything",
        "  got: Origin",
    ]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_words_that_fit_stay_whole(width: int) -> None:
    line = Line(
        "Access-Control-Allow-Headers", "names X-One, X-Two", "X-A-Long-Name, " * 6 + "X-The-Last", False
    )
    found = " ".join(printed(line, width=width))
    assert found.count("X-A-Long-Name,") == 6 and "X-The-Last" in found


def test_a_command_is_continued_between_its_words() -> None:
    assert folded(CURL, 80) == (
        f"curl -i -X GET \\\n  -H 'origin: {LONG}' \\\n"
        "  -H 'a: b' http://127.0.0.1:8000/a/path?of=some-length"
    )
    assert folded(CURL, 400) == " ".join(CURL)
    shown = subprocess.run(
        ["sh", "-c", folded(CURL, 20).replace("curl", "printf '%s,'")],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert shown == f"-i,-X,GET,-H,origin: {LONG},-H,a: b,http://127.0.0.1:8000/a/path?of=some-length,"
