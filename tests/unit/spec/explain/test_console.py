"""What browsers write to their consoles is recognised.

`recorded/console-*.json` has what a page made Chromium 156.0.8078.108 and Firefox 153.8.0 write with the
fetches that `test_replay.py` judges, in the same order.
"""

import json
import re

import pytest

from spec.explain.console import DATA, LOOK, MESSAGES, NOTHING, VERSIONS, Message, Recognised, recognised
from spec.explain.har import read
from spec.explain.replay import fetches
from spec.explain.story import deciding_rules
from spec.rules import RULES
from tests import ROOT
from tests.unit.spec.explain.test_replay import RECORDED

URL, PAGE = "https://api.example/items", "https://app.example"
CHROMIUM = f"Access to fetch at '{URL}' from origin '{PAGE}' has been blocked by CORS policy: "
FIREFOX = (
    f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {URL}. "
)
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def rules(text: str) -> list[tuple[str, ...]]:
    return [one.message.rules for one in recognised(text)]


def written(engine: str) -> list[str]:
    """What a real browser has written."""
    found: list[str] = json.loads((RECORDED / f"console-{engine}.json").read_text())
    return found


def decided(engine: str) -> list[tuple[str, list[str]]]:
    """The URL of each fetch that the engine has blocked, and the rules that decided."""
    told = fetches(read(json.loads((RECORDED / f"{engine}.har").read_text())))
    lasts = [one.story.hops[-1] for one in told if one.story.verdict == "blocked"]
    return [(hop.fetch.url_origin + hop.fetch.path, deciding_rules(hop)) for hop in lasts]


def test_every_message_of_chromium_names_the_rules_that_block() -> None:
    messages = written("chromium-156")
    found = [recognised(message) for message in messages]
    assert {len(each) for each in found} == {1}
    assert {each[0].origin for each in found} == {"http://localhost:9000"}
    ours = [found_rules for _, found_rules in decided("chromium-156")]
    pairs = list(zip([list(each[0].message.rules) for each in found], ours, strict=True))
    # Chromium calls a line with a comma several values, and says of a wildcard what it says of any list.
    differ = [pair for pair in pairs if pair[0] != pair[1]]
    assert differ == [(["C-CHK-5"], ["C-CHK-4"]), (["C-PF-9"], ["C-WLD-1"])]
    assert recognised("\n".join(messages)) == [one for each in found for one in each]


def test_every_message_of_firefox_is_recognised_by_itself_and_among_others() -> None:
    messages = written("firefox-153")
    found = [recognised(message) for message in messages]
    assert {len(each) for each in found} == {1}
    assert all(each[0].url for each in found) and {each[0].origin for each in found} == {None}
    whole = recognised("\n".join(messages))
    silent = [one for one in whole if not one.message.rules]
    assert [re.sub(r".*act=", "", str(one.url)) for one in silent] == [
        "ACAO%3A+%2A%7CLocation%3A+http%3A%2F%2Fu%3Ap%40127.0.0.1%3A9001%2Fc&ps=200&s=302",
        "ACAO%3A+%2A%7CLocation%3A+ftp%3A%2F%2Fx%2F&ps=200&s=302",
        "http://127.0.0.1:9001/loop",
    ]
    blocked = dict(decided("firefox-153"))
    told = {one.url: one.message.rules for one in whole if one.message.rules and one.url in blocked}
    assert len(told) > 15
    pairs = {(told[url][-1], blocked[str(url)][-1]) for url in told}
    # Firefox says last of a redirected preflight that it did not succeed, and of a wildcard with credentials
    # what it says of any list.
    assert {pair for pair in pairs if pair[0] != pair[1]} == {("C-PF-6", "C-PF-13"), ("C-PF-9", "C-WLD-1")}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text[:40])
@pytest.mark.parametrize("between", ["x, y", "", "'"])
def test_every_text_is_recognised_whatever_stands_between(message: Message, between: str) -> None:
    given = message.text.replace("...", between)
    assert recognised(f"before {given} after") == [Recognised(message, None, None)]
    bare = re.sub("['\"`]", "", given)
    assert recognised(bare.replace(" ", "\n  ")) == [Recognised(message, None, None)]


def test_a_message_says_where_it_is_from() -> None:
    chromium = Message("chromium", MISSING, ("C-CHK-1",))
    assert recognised(CHROMIUM + MISSING) == [Recognised(chromium, URL, PAGE)]
    without_quotes = (CHROMIUM + MISSING).replace("'", "")
    assert recognised(without_quotes) == [Recognised(chromium, URL, PAGE)]
    redirected = CHROMIUM.replace("' from", f"' (redirected from '{URL}/first') from")
    assert recognised(redirected + MISSING) == [Recognised(chromium, f"{URL}/first", PAGE)]
    xhr = CHROMIUM.replace("Access to fetch", "Access to XMLHttpRequest")
    font = CHROMIUM.replace("Access to fetch", "Access to font face")
    assert recognised(xhr + MISSING) == recognised(font + MISSING) == [Recognised(chromium, URL, PAGE)]
    reason = "(Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 200."
    (found,) = recognised(FIREFOX + reason)
    assert (found.message.engine, found.url, found.origin) == ("firefox", URL, None)
    (found,) = recognised(FIREFOX.replace(f"{URL}. ", f"\u2018{URL}\u2019. ") + reason)
    assert found.url == URL


def test_a_message_of_chromium_may_be_about_the_preflight() -> None:
    prefix = "Response to preflight request doesn't pass access control check: "
    assert rules(CHROMIUM + prefix + MISSING) == [("C-PF-7", "C-CHK-1")]
    assert rules(prefix + MISSING) == [("C-PF-7", "C-CHK-1")]
    assert rules(prefix + "It does not have HTTP ok status.") == [("C-PF-6",)]
    assert rules(prefix + "Redirect is not allowed for a preflight request.") == [("C-PF-13",)]
    (found,) = recognised(CHROMIUM + prefix + MISSING)
    assert (found.url, found.origin) == (URL, PAGE)


def test_several_messages_are_in_their_order_and_each_once() -> None:
    other = CHROMIUM.replace(URL, "https://b.example/") + "It does not have HTTP ok status."
    text = f"{other}\n{CHROMIUM}{MISSING}\n{other}"
    assert [(one.url, one.message.rules) for one in recognised(text)] == [
        ("https://b.example/", ("C-PF-6",)),
        (URL, ("C-CHK-1",)),
    ]


def test_messages_may_touch() -> None:
    other = "It does not have HTTP ok status."
    assert rules(MISSING + other) == [("C-CHK-1",), ("C-PF-6",)]
    assert rules(other + MISSING) == [("C-PF-6",), ("C-CHK-1",)]


def test_what_says_only_that_it_failed_is_left_out_where_a_reason_is_known() -> None:
    failed = FIREFOX + "(Reason: CORS request did not succeed). Status code: (null)."
    method = FIREFOX + "(Reason: Did not find method in CORS header 'Access-Control-Allow-Methods')."
    assert rules(failed) == [()]
    assert rules(f"{method}\n{failed}") == [("C-PF-9",)]
    assert rules(method + failed.replace(URL, "https://b.example/")) == [("C-PF-9",), ()]


def test_a_text_ends_where_the_next_message_begins() -> None:
    cut = (
        "Method PUT "
        + CHROMIUM
        + "Method is not allowed by Access-Control-Allow-Methods in preflight response."
    )
    assert rules(cut) == [("C-PF-9",)]
    assert [one.url for one in recognised(cut)] == [URL]


def test_other_text_is_not_recognised() -> None:
    assert recognised("") == recognised("TypeError: Failed to fetch") == []


def test_there_is_something_to_look_at_for_each_rule_and_nothing_else() -> None:
    named = {rule for message in MESSAGES for rule in message.rules} | {"C-PF-7"}
    assert set(LOOK) == named <= set(RULES)
    assert set(VERSIONS) == {message.engine for message in MESSAGES} == {"chromium", "firefox", "webkit"}
    assert NOTHING and set(DATA) == {"versions", "messages", "look", "nothing"}
    assert len(MESSAGES) == 47


@pytest.mark.mutation_skip  # mutants have no documents
def test_the_messages_of_the_documents_are_recognised() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    listed = re.findall(r"^- (Chromium|Firefox|Safari): `(.*)`$", page, re.MULTILINE)
    assert len(listed) > 25
    for browser, text in listed:
        written = f"(Reason: {text})" if browser == "Firefox" else text
        found = recognised(written.replace("\u2026", "..."))
        assert [one.message.engine for one in found] == [
            {"Safari": "webkit"}.get(browser, browser.lower())
        ], text
