"""How a message looks on a terminal (whole stories: test_configured.py and test_live.py)."""

from io import StringIO

import pytest
from rich.console import Console

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, trace
from spec.cli.story import ENGINES, NAMES, SHOWN_OF_BODY, described, phrase, tell_verdict
from spec.http import Request, Response
from spec.rules import RULES
from tests.unit.spec.browser.fetching import GET, says

BODY = b"a" * 200
LINES = ((b"A", b"1"), (b"B", b"\x1b"), (b"a", b"3"))


def test_every_engine_has_a_name() -> None:
    assert list(ENGINES.values()) == [STANDARD, CHROMIUM, FIREFOX, WEBKIT]
    assert [NAMES[name] for name in ENGINES] == [
        "the Fetch standard",
        "Chromium",
        "Firefox",
        "WebKit (Safari)",
    ]


def test_a_request_is_shown_whole_and_escaped() -> None:
    assert described(Request("GET", LINES, "/\xe9?q"), shows=()) == "GET /\\xe9?q\nA: 1\nB: \\x1b\na: 3"


@pytest.mark.parametrize(
    ("response", "shows", "text"),
    [
        (Response(200, LINES, BODY), None, f"200 OK\nA: 1\nB: \\x1b\na: 3\n\n{'a' * 200}"),
        (Response(200, LINES, b"b"), {"a"}, "200 OK\nA: 1\na: 3\n(and 1 other header)"),
        (Response(299, LINES, b"b"), {"b"}, "299\nB: \\x1b\n(and 2 other headers)"),
        (Response(404, (), BODY), (), f"404 Not Found\n\n{'a' * 200}"),
        (Response(404, (), BODY + b"b"), (), f"404 Not Found\n\n{'a' * 200} ..."),
        (Response(404, (), BODY + b"b"), None, f"404 Not Found\n\n{'a' * 200}b"),
        (Response(301, (), b"b\n"), (), "301 Moved Permanently\n\nb\\n"),
        (Response(999, ()), (), "999"),
    ],
)
def test_a_response_is_shown_as_far_as_it_matters(
    response: Response, shows: set[str] | None, text: str
) -> None:
    assert described(response, shows) == text


def test_a_response_may_be_read_without_any_of_its_headers() -> None:
    console = Console(file=StringIO(), width=200)
    with console.capture() as told:
        tell_verdict(console, trace(GET, lambda _: says("acao: *"))[-1])
    assert told.get() == (
        "ALLOWED: the script can read the response, and none of its headers.\n"
        f"  C-CHK-3: {RULES['C-CHK-3'].sentence}.\n    {RULES['C-CHK-3'].sources[0]}\n"
    )


def test_a_status_has_its_usual_words_or_none() -> None:
    assert (phrase(404), phrase(599), SHOWN_OF_BODY) == ("Not Found", "", 200)
