"""`verified-cors explain --har`: what it prints about an export."""

import json
from pathlib import Path

import pytest

from tests.unit.spec.cli.running import run, words

RECORDED = Path(__file__).parents[1] / "explain" / "recorded" / "firefox-153.har"
PAGE = "https://app.example"


def export(path: Path, *entries: object) -> str:
    """A file with these entries."""
    path.write_text(json.dumps({"log": {"creator": {"name": "Firefox"}, "entries": entries}}))
    return str(path)


def entry(*response: str, status: int = 200, method: str = "GET") -> object:
    lines = [dict(zip(("name", "value"), line.split(": "), strict=True)) for line in response]
    return {
        "request": {
            "method": method,
            "url": "https://api.example/items",
            "headers": [{"name": "Origin", "value": PAGE}],
        },
        "response": {"status": status, "headers": lines},
    }


def test_each_fetch_that_could_not_be_read_has_its_story(tmp_path: Path) -> None:
    result = run(
        "explain",
        "--har",
        export(tmp_path / "a.har", entry("Server: a"), entry(f"Access-Control-Allow-Origin: {PAGE}")),
    )
    assert result.exit_code == 1
    assert (
        result.stdout
        == """\
log.entries[0]
A page of https://app.example fetches https://api.example/items: GET, without
credentials.

1. The browser sends the request
   It needs no preflight: method and headers are safelisted (C-PF-1).
      GET /items
      origin: https://app.example

2. The server responds
      200 OK
      Server: a

BLOCKED: the script gets a TypeError and cannot read the response.
  C-CHK-1: A page cannot read a cross-origin response without
  Access-Control-Allow-Origin.
    https://fetch.spec.whatwg.org/#concept-cors-check
The server has got the request all the same, and may have acted on it
(C-CHK-10).

To allow it, the response to the request needs:
      access-control-allow-origin: https://app.example
          now: nothing (C-CHK-1)

A server that allows several origins also sends Vary: Origin (S-VARY-1).

--------------------------------------------------------------------------------
Cross-origin fetches in this export: 2, as Firefox does them. Readable: 1.
Blocked: 1. Not known, because there is no response: 0.
Readable only if the script has not included credentials, which exports do not
say: log.entries 1.
"""
    )


def test_what_is_not_known_has_a_story_and_an_exit_code_of_its_own(tmp_path: Path) -> None:
    result = run("explain", "--har", export(tmp_path / "a.har", entry(status=0)))
    assert result.exit_code == 3
    assert "\nNO ANSWER: The export has no response: its status is 0.\n" in result.stdout
    good = entry(f"Access-Control-Allow-Origin: {PAGE}", "Access-Control-Allow-Credentials: true")
    result = run("explain", "--har", export(tmp_path / "a.har", good))
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)
    assert words(result.stdout).endswith(
        "Readable: 1. Blocked: 0. Not known, because there is no response: 0."
    )


def test_an_entry_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = run("explain", "--har", export(tmp_path / "a.har", {}))
    assert result.stderr == "Left out log.entries[0]: there is no request.\n"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte."),
        (b"{}", "this is not a HAR file: it has no log.entries. Export one from the network tab."),
        (b"[" * 100_000, "maximum recursion depth exceeded"),
    ],
)
def test_what_is_no_export_is_refused(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(content)
    result = run("explain", "--har", str(path))
    assert result.exit_code == 2
    assert f"cannot be read: {problem}" in words(result.output)


def test_a_mark_of_the_order_of_bytes_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(b'\xef\xbb\xbf{"log": {"entries": []}}')
    assert run("explain", "--har", str(path)).exit_code == 0


def test_all_fetches_are_data() -> None:
    result = run("explain", "--har", str(RECORDED), "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["problems"], len(found["fetches"])) == (1, [], 43)
    first = found["fetches"][0]
    assert list(first)[:3] == ["entry", "notes", "engine"]
    assert (first["entry"], first["notes"], first["engine"], first["verdict"]) == (
        1,
        [],
        "firefox",
        "blocked",
    )


def test_a_long_export_fits_the_terminal() -> None:
    result = run("explain", "--har", str(RECORDED))
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stdout.count("BLOCKED") == 28
