"""`verified-cors explain --console`: what it prints about messages of a browser."""

import json

from spec.explain.console import LOOK, NOTHING
from tests.unit.spec.cli.running import coloured, run, words

WHERE = (
    "Access to fetch at 'https://api.example/a?b&c' from origin 'https://app.example' "
    "has been blocked by CORS policy: "
)
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
PREFLIGHT = "Response to preflight request doesn't pass access control check: "


def test_a_message_is_told_with_its_rules_and_what_to_look_at() -> None:
    text = WHERE + PREFLIGHT + MISSING
    result = run("explain", "--console", text)
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
Chromium: No 'Access-Control-Allow-Origin' header is present on the requested
resource.
  C-PF-7: The request is sent only if the preflight response allows the origin
  and, for a request with credentials, the credentials.
    https://fetch.spec.whatwg.org/#cors-preflight-fetch
  C-CHK-1: A page cannot read a cross-origin response without
  Access-Control-Allow-Origin.
    https://fetch.spec.whatwg.org/#concept-cors-check
  Look at the OPTIONS request in the network tab: its response must allow the
  origin, too.
  Is the page's origin among those that the server allows, with the same scheme,
  host and port? Does the response come from the application at all, and not
  from a proxy, or from an error before CORS is handled?
  Ask the server, with the method and the headers of the script:
    verified-cors explain 'https://api.example/a?b&c' --origin https://app.example
  (As Chromium 156.0.8078.108 writes it.)
"""
    )


def test_a_message_without_a_rule_says_so() -> None:
    result = run(
        "explain", "--console", "Fetch API cannot load https://a.example/ due to access control checks."
    )
    assert words(result.stdout) == (
        f"WebKit (Safari): due to access control checks. {NOTHING} (As WebKitGTK 2.50.6 writes it.)"
    )


def test_messages_are_told_apart() -> None:
    firefox = (
        "The Same Origin Policy disallows reading the remote resource at https://api.example/. (Reason: CORS "
        "preflight response did not succeed). Status code: 404."
    )
    told = run("explain", "--console", f"{MISSING} {firefox}").stdout
    assert "\n  (As Chromium 156.0.8078.108 writes it.)\n\nFirefox: (Reason: CORS preflight" in told
    assert "    verified-cors explain https://api.example/ --origin https://your-page.example\n" in told
    assert "\x1b[1mChromium: No" in coloured("explain", "--console", MISSING)


def test_messages_are_data_too() -> None:
    result = run("explain", "--json", "--console", MISSING)
    assert json.loads(result.stdout) == [
        {
            "engine": "chromium",
            "text": MISSING,
            "rules": ["C-CHK-1"],
            "look": [LOOK["C-CHK-1"]],
            "url": None,
            "origin": None,
        }
    ]


def test_another_text_is_refused() -> None:
    result = run("explain", "--console", "TypeError: Failed to fetch")
    assert result.exit_code == 2
    assert words(result.output) == (
        "Error: --console: no message about CORS of Chromium, Firefox or Safari is in this text. Copy the "
        "whole message from the console, in English."
    )
