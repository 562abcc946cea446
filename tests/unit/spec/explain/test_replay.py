"""The fetches of an export, and what a page could read of them.

`recorded` has what Chromium 156.0.8078.108 and Firefox 153.8.0 exported from their network tabs for the same
43 fetches of a page at http://localhost:9000, without headers that do not matter here; `readable.json` which
of them the script could read, in the same order. It was the same in both.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch
from spec.browser.safelists import unsafe_header_names
from spec.explain.har import Entry, Export, read
from spec.explain.replay import (
    INFERRED,
    NO_PREFLIGHT,
    PERHAPS,
    UNKNOWN,
    Told,
    fetch_of,
    fetches,
    headers_of,
    page_origin,
    preflight_of,
)
from spec.explain.report import as_data
from spec.explain.story import Silence
from spec.http import Response
from tests.unit.spec.browser.fetching import AWAY, FAR, HOME, says

RECORDED = Path(__file__).with_name("recorded")
READABLE: list[bool] = json.loads((RECORDED / "readable.json").read_text())


def recorded(name: str) -> list[Told]:
    return list(fetches(read(json.loads((RECORDED / name).read_text()))))


@pytest.mark.parametrize(("name", "engine"), [("chromium-156.har", CHROMIUM), ("firefox-153.har", FIREFOX)])
def test_what_a_real_browser_has_exported_is_judged_as_it_has(name: str, engine: Engine) -> None:
    told = recorded(name)
    assert len(told) == len(READABLE) == 43
    assert {one.story.engine for one in told} == {engine}
    judged = [one.story.verdict for one in told]
    if (
        engine is CHROMIUM
    ):  # it has followed 20 redirects, and exports the last request as one without response
        assert (judged[24], READABLE[24]) == ("unknown", False)
        assert told[24].story.silence == Silence("The export has no response: net::ERR_TOO_MANY_REDIRECTS.")
        judged[24] = "blocked"
    assert judged == ["allowed" if readable else "blocked" for readable in READABLE]


def test_the_rule_that_blocks_is_the_same_in_both_exports_but_where_redirects_end() -> None:
    both = zip(recorded("chromium-156.har"), recorded("firefox-153.har"), strict=True)
    reasons = [tuple(one.story.hops[-1].outcome.reason for one in pair) for pair in both]
    assert [pair for pair in reasons if pair[0] != pair[1]] == [("C-CHK-10", "C-RED-7")]
    assert {
        "C-CHK-1",
        "C-CHK-4",
        "C-CHK-5",
        "C-CHK-6",
        "C-WLD-1",
        "C-PF-6",
        "C-PF-7",
        "C-PF-8",
        "C-PF-9",
    } <= {reason for _, reason in reasons}


def test_what_exports_do_not_say_is_noted() -> None:
    chromium, firefox = recorded("chromium-156.har"), recorded("firefox-153.har")
    assert [number for number, one in enumerate(chromium) if INFERRED in one.notes] == [19, 20, 21]
    assert [one.notes for one in firefox if INFERRED in one.notes] == []
    for told in (chromium, firefox):
        notes = {number: one.notes for number, one in enumerate(told) if PERHAPS in one.notes}
        assert list(notes) == [1, 16, 30, 31, 33, 36, 37, 38, 39, 40, 41]
        assert {tuple(found) for found in notes.values()} == {(PERHAPS,)}


# Made by hand


def entry(
    number: int = 0,
    method: str = "GET",
    url: str = AWAY,
    response: Response | None = None,
    *,
    time: float | None = None,
    error: str = "",
    page: str | None = None,
    has_cookies: bool = False,
    path: str = "/",
    **headers: str,
) -> Entry:
    """A request to a server."""
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    moment = float(number) if time is None else time
    return Entry(number, moment, method, url, path, lines, has_cookies, "fetch", page, response, error)


def asking(number: int, method: str, response: Response | None, **more: str) -> Entry:
    """A preflight."""
    made = entry(number, "OPTIONS", response=response, Origin=HOME, Access_Control_Request_Method=method)
    lines = tuple((name.replace("_", "-"), value) for name, value in more.items())
    return replace(made, headers=(*made.headers, *lines))


def told(*entries: Entry, engine: Engine = STANDARD) -> list[Told]:
    return list(fetches(Export(list(entries), [], engine)))


SHARED = says("acao: *")
ALLOWS = says("acao: * | acam: PUT | acah: x-token")


def test_a_simple_fetch_is_one_entry() -> None:
    (one,) = told(entry(7, response=says(""), Origin=HOME, Accept="*/*", Cookie="a=1"))
    (hop,) = one.story.hops
    assert (one.number, one.notes, one.story.verdict) == (7, [], "blocked")
    assert hop.fetch == Fetch(HOME, AWAY)
    assert hop.outcome.reason == "C-CHK-1"


def test_same_origin_fetches_are_left_out() -> None:
    own = entry(response=says(""), url=HOME, Origin=HOME)
    assert told(own) == []
    assert told(entry(response=says(""), url=HOME, Sec_Fetch_Site="same-origin")) == []


def test_a_fetch_of_the_own_server_that_leads_away_is_told() -> None:
    own = entry(0, url=HOME, response=says(f"location: {AWAY}/", 302), Sec_Fetch_Site="same-origin")
    (one,) = told(own, entry(1, response=says(""), Origin=HOME))
    assert [hop.fetch.url_origin for hop in one.story.hops] == [HOME, AWAY]
    assert (one.number, one.story.verdict) == (0, "blocked")


def test_the_same_request_twice_is_two_fetches_each_with_its_own_preflight() -> None:
    first, second = asking(1, "PUT", ALLOWS), asking(11, "PUT", says("acao: *"))
    (good, bad) = told(
        entry(0, "PUT", response=SHARED, Origin=HOME), first, entry(10, "PUT", Origin=HOME), second
    )
    assert [one.story.hops[0].preflight_response for one in (good, bad)] == [ALLOWS, says("acao: *")]
    assert [one.story.verdict for one in (good, bad)] == ["allowed", "blocked"]


def test_a_preflight_may_be_before_its_request_or_after_it() -> None:
    request = entry(5, "PUT", Origin=HOME)
    before, after, later = asking(4, "PUT", ALLOWS), asking(7, "PUT", ALLOWS), asking(8, "PUT", ALLOWS)
    assert preflight_of(request, [before, after, later]) is before
    assert preflight_of(request, [after, later]) is after
    assert preflight_of(request, [replace(before, time=1.0), after]) is after
    others = [asking(5, "PATCH", ALLOWS), entry(5, "OPTIONS", Origin=HOME)]
    others += [replace(after, path="/x"), replace(after, origin=FAR), replace(after, method="GET")]
    assert preflight_of(request, others) is None
    assert preflight_of(entry(5, "PUT", Origin=FAR), [after]) is None
    assert preflight_of(entry(5, "PUT"), [after]) is after
    assert preflight_of(entry(5, "put", Origin=HOME), [after]) is after


def test_the_page_is_where_the_export_says_it() -> None:
    preflight = asking(1, "PUT", None)
    assert page_origin(entry(Origin=FAR, Referer=HOME), preflight) == FAR
    assert page_origin(entry(Referer=FAR), preflight) == HOME
    assert page_origin(entry(Sec_Fetch_Site="same-origin", Referer=FAR), None) == AWAY
    assert page_origin(entry(Sec_Fetch_Site="same-site", Referer=f"{FAR}/x", page=HOME), None) == FAR
    assert page_origin(entry(Referer="about:client", page=HOME), None) == HOME
    assert page_origin(entry(page=HOME), None) == HOME
    assert page_origin(entry(), None) is None
    (one,) = told(entry(0, response=SHARED), entry(1, "PUT"), asking(2, "PUT", says("")))
    assert (one.number, one.story.hops[0].fetch.page_origin) == (1, HOME)


def test_headers_are_those_that_a_preflight_asks_for_and_those_that_need_none() -> None:
    preflight = asking(1, "PUT", None, Access_Control_Request_Headers="content-type, X-Token,x-other")
    request = entry(
        Origin=HOME, Content_Type="application/json", X_Token="7", User_Agent="a", X_Added="1",
        Content_Language="de", Accept="a",
    )  # fmt: skip
    assert headers_of(request, preflight) == (
        ("content-type", "application/json"),
        ("x-token", "7"),
        ("x-other", "(unknown)"),
        ("Content-Language", "de"),
        ("Accept", "a"),
    )
    assert headers_of(request, None) == (
        ("Content-Type", "application/json"),
        ("X-Token", "7"),
        ("X-Added", "1"),
        ("Content-Language", "de"),
        ("Accept", "a"),
    )


@pytest.mark.parametrize("engine", [STANDARD, CHROMIUM, FIREFOX, WEBKIT])
def test_an_unknown_value_is_one_that_takes_a_preflight(engine: Engine) -> None:
    for name in ("accept", "accept-language", "content-language", "content-type", "range", "dpr", "x-token"):
        fetch = Fetch(HOME, AWAY, headers=((name, UNKNOWN),))
        assert unsafe_header_names(fetch, engine) == [name.encode()]


def test_a_preflight_that_nothing_else_asks_for_is_that_of_an_upload_with_a_listener() -> None:
    request = entry(method="POST", Origin=HOME)
    preflight = asking(1, "POST", ALLOWS)
    assert fetch_of(request, preflight, HOME, STANDARD) == Fetch(HOME, AWAY, "POST", upload_listener=True)
    assert fetch_of(request, None, HOME, STANDARD) == Fetch(HOME, AWAY, "POST")
    accepts = entry(method="POST", Origin=HOME, Accept="\xe9")
    asked = asking(1, "POST", ALLOWS, Access_Control_Request_Headers="accept,x-token")
    headers = (("accept", "\xe9"), ("x-token", UNKNOWN))
    assert fetch_of(accepts, asked, HOME, STANDARD) == Fetch(HOME, AWAY, "POST", headers)
    asked = asking(1, "POST", ALLOWS, Access_Control_Request_Headers="accept")
    assert fetch_of(accepts, asked, HOME, FIREFOX) == Fetch(HOME, AWAY, "POST", headers[:1])
    put = replace(request, method="PUT")
    assert fetch_of(put, preflight, HOME, STANDARD) == Fetch(HOME, AWAY, "PUT")


def test_a_preflight_that_is_not_in_the_export_is_noted() -> None:
    good = says(f"acao: {HOME} | acac: true")
    (one,) = told(entry(0, "PUT", response=good, Origin=HOME, X_Token="1"))
    assert (one.notes, one.story.verdict) == ([NO_PREFLIGHT], "allowed")
    assert (one.story.hops[0].preflight_request, one.story.hops[0].time) == (None, 0.0)
    (one,) = told(entry(0, response=good, Origin=HOME, Accept="\xe9"), engine=FIREFOX)
    assert (one.notes, one.story.verdict) == ([NO_PREFLIGHT], "allowed")
    (one,) = told(entry(0, "PUT", response=says(""), Origin=HOME))
    assert (one.notes, one.story.verdict) == ([NO_PREFLIGHT], "blocked")
    (one,) = told(entry(0, "PUT", response=SHARED, Origin=HOME))
    assert (one.notes, one.story.verdict) == ([NO_PREFLIGHT, PERHAPS], "allowed")
    (one,) = told(entry(0, "PUT", Origin=HOME))
    assert (one.notes, one.story.verdict) == ([], "unknown")
    assert one.story.silence == Silence("The export does not have this preflight.")


def test_a_preflight_that_the_browser_remembers_serves_a_later_hop_as_it_does_in_its_engine() -> None:
    first = entry(0, "PUT", response=says(f"acao: {HOME} | acac: true | location: /", 303), Origin=HOME)
    (one,) = told(first, entry(1, response=says(f"acao: {HOME} | acac: true"), Origin=HOME), engine=FIREFOX)
    assert (one.notes, one.story.verdict) == ([NO_PREFLIGHT], "allowed")
    assert [hop.preflight_request for hop in one.story.hops] == [None, None]


def test_what_has_no_response_says_why() -> None:
    (one,) = told(entry(0, error="net::ERR_NAME_NOT_RESOLVED", Origin=HOME))
    assert one.story.silence == Silence("The export has no response: net::ERR_NAME_NOT_RESOLVED.")
    (one,) = told(entry(0, Origin=HOME))
    assert one.story.silence == Silence("The export has no response: its status is 0.")
    assert (one.story.verdict, one.notes) == ("unknown", [])
    (one,) = told(entry(0, "PUT", Origin=HOME), asking(1, "PUT", None))
    assert one.story.silence == Silence("The export has no response: its status is 0.")


def test_credentials_are_seen_or_inferred_or_not_known() -> None:
    (one,) = told(entry(0, response=SHARED, Origin=HOME))
    assert (one.story.verdict, one.notes) == ("allowed", [PERHAPS])
    (one,) = told(entry(0, response=SHARED, has_cookies=True, Origin=HOME))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-WLD-1", [])
    (one,) = told(entry(0, response=SHARED, Sec_Fetch_Storage_Access="none", Origin=HOME))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-WLD-1", [])
    (one,) = told(entry(0, response=SHARED, error="net::ERR_FAILED", Origin=HOME))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-WLD-1", [INFERRED])
    (one,) = told(entry(0, response=SHARED, error="net::ERR_ABORTED", Origin=HOME))
    assert (one.story.verdict, one.notes) == ("allowed", [PERHAPS])
    (one,) = told(entry(0, "PUT", response=SHARED, error="net::ERR_FAILED", Origin=HOME))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-WLD-1", [NO_PREFLIGHT, INFERRED])
    put = entry(0, "PUT", response=SHARED, error="net::ERR_FAILED", Origin=HOME)
    (one,) = told(put, asking(1, "PUT", ALLOWS))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-PF-7", [INFERRED])
    (one,) = told(put, asking(1, "PUT", ALLOWS, Sec_Fetch_Storage_Access="none"))
    assert (one.story.hops[0].outcome.reason, one.notes) == ("C-PF-7", [])
    assert one.story.hops[0].fetch.credentials == "include"


def test_what_is_not_known_is_said_in_full() -> None:
    assert (NO_PREFLIGHT, INFERRED, PERHAPS) == (
        "Its preflight is not in the export: the browser remembered an earlier one, or the export leaves it "
        "out.",
        "The export does not say whether credentials were included. They were: without them the browser "
        "would not have failed.",
        "The page could read this if the script has not included credentials. The export does not say: "
        "cookies are left out of exports, or there were none.",
    )


def test_redirects_are_followed_through_the_export() -> None:
    first = entry(0, response=says(f"acao: * | location: {FAR}/x", 302), Origin=HOME)
    other = entry(1, url=FAR, path="/y", response=says("acao: null"), Origin="null")
    last = entry(2, url=FAR, path="/x", response=says("acao: null"), Origin="null")
    one, two = told(first, other, last)
    assert [hop.response for hop in one.story.hops] == [first.response, last.response]
    assert (one.story.verdict, two.number) == ("allowed", 1)
    (one,) = told(first)
    assert one.story.silence == Silence("The export does not have this request.")


def test_what_no_script_has_sent_is_taken_only_for_a_hop_that_follows() -> None:
    image = replace(entry(0, response=says("")), kind="image")
    (one,) = told(image, entry(1, time=0.0, response=SHARED, Origin=HOME))
    assert one.story.hops[0].response == SHARED
    first = entry(1, response=says("acao: * | location: /x", 302), Origin=HOME)
    last = replace(entry(1, path="/x", response=SHARED), kind="")
    (one,) = told(replace(image, path="/x"), first, last)
    assert [hop.response for hop in one.story.hops] == [first.response, SHARED]


def test_a_preflight_is_no_response_to_a_request_with_the_method_options() -> None:
    first = entry(0, "OPTIONS", response=says("acao: * | location: /x", 307), Origin=HOME)
    allows = says("acao: * | acam: *")
    there = replace(asking(2, "OPTIONS", allows), path="/x")
    other = replace(asking(3, "PUT", says("")), path="/x")
    last = entry(4, "OPTIONS", path="/x", response=SHARED, Origin=HOME)
    (one,) = told(first, asking(1, "OPTIONS", allows), there, other, last)
    assert [hop.response for hop in one.story.hops] == [first.response, SHARED]


def test_a_hop_after_a_redirect_has_its_own_preflight() -> None:
    first = entry(0, "PUT", response=says("acao: * | location: /x", 307), Origin=HOME)
    second = entry(2, "PUT", path="/x", response=SHARED, Origin=HOME)
    before, after = asking(1, "PUT", ALLOWS), asking(3, "PUT", ALLOWS)
    stale = replace(after, number=9, time=-1.0, path="/x", response=says(""))
    (one,) = told(stale, first, before, second, replace(after, path="/x"))
    assert [hop.preflight_response for hop in one.story.hops] == [ALLOWS, ALLOWS]
    assert one.story.verdict == "allowed"
    at_once = [replace(one, time=0.0) for one in (first, second, replace(after, path="/x"))]
    others = [asking(0, "PATCH", says("")), asking(0, "PUT", says(""))]
    others = [replace(others[0], path="/x"), replace(others[1], path="/y")]
    (one,) = told(*others, before, *at_once)
    assert [hop.preflight_response for hop in one.story.hops] == [ALLOWS, ALLOWS]


def test_a_preflight_is_that_of_its_request_when_it_is_before_it_and_asks_for_what_the_export_lacks() -> None:
    (one,) = told(asking(0, "PUT", says("acao: *")), entry(1, "PUT", Origin=HOME))
    assert one.story.hops[0].outcome.reason == "C-PF-9"
    asked = asking(0, "PUT", ALLOWS, Access_Control_Request_Headers="x-other")
    (one,) = told(asked, entry(1, "PUT", Origin=HOME))
    assert one.story.hops[0].outcome.reason == "C-PF-11"


def test_a_preflight_after_a_redirect_that_stops_its_request_has_one_entry_of_that() -> None:
    first = entry(0, "put", response=says("acao: * | location: /x", 307), Origin=HOME)
    before, after = asking(1, "PUT", ALLOWS), replace(asking(3, "PUT", says("")), path="/x")
    second = entry(2, "put", path="/x", Origin=HOME)
    (one,) = told(first, before, second, after)
    assert (one.story.verdict, one.story.hops[-1].preflight_response) == ("blocked", says(""))
    one, two = told(first, before, second, after, entry(10, "put", path="/x", Origin=HOME))
    assert two.number == 10


def test_the_entry_of_a_redirect_that_was_not_followed_is_no_fetch() -> None:
    refused = entry(0, response=says(f"location: {FAR}/x", 302), Origin=HOME)
    target = entry(1, url=FAR, path="/x", Origin=HOME)
    (one,) = told(refused, target)
    assert one.story.hops[0].outcome.reason == "C-CHK-1"
    assert len(told(refused, replace(target, path="/y"))) == 2
    assert len(told(refused, replace(target, origin=AWAY))) == 2
    assert len(told(refused, replace(target, response=says("")))) == 2
    assert len(told(replace(target, time=-1.0), refused)) == 2
    assert len(told(refused, target, replace(target, number=2))) == 2
    assert len(told(refused, entry(1, "PUT", response=says(""), Origin=HOME), target)) == 2
    assert len(told(replace(refused, response=says(f"location: {FAR}/x")), target)) == 2
    assert len(told(refused, replace(target, time=0.0))) == 1
    assert len(told(replace(target, time=-1.0, kind="image", headers=()), refused, target)) == 1
    relative = replace(refused, path="/a/b", response=says("location: x", 302))
    assert len(told(relative, replace(target, origin=AWAY, path="/a/x"))) == 1
    bad = replace(refused, response=says("acao: * | location: http://[", 302))
    (one,) = told(bad)
    assert one.story.hops[0].outcome.reason == "C-RED-7"


def test_a_method_is_compared_as_it_is_sent() -> None:
    (one,) = told(entry(0, "get", response=says(""), Origin=HOME))
    assert (one.story.verdict, one.story.hops[0].response) == ("blocked", says(""))
    (one,) = told(entry(0, "put", Origin=HOME), asking(1, "PUT", says("acao: *")))
    assert one.story.hops[0].outcome.reason == "C-PF-9"


def test_what_could_not_be_sent_ends_the_story_and_no_more() -> None:
    one, two = told(entry(0, "TRACE", response=SHARED, Origin=HOME), entry(1, response=says(""), Origin=HOME))
    assert one.story.hops[0].outcome.reason == "C-MTH-3"
    assert two.story.verdict == "blocked"
    request, odd = (
        entry(0, "PUT", Origin=HOME),
        asking(1, "PUT", None, Access_Control_Request_Headers="a b,x-a"),
    )
    assert headers_of(request, odd) == (("x-a", UNKNOWN),)


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 200, "", "GET", "https://a.example/", "\u20ac", [], {}, [{}], True, 1e9]
)
ENTRIES = json.loads((RECORDED / "chromium-156.har").read_text())["log"]["entries"][:40]


def spoilt(draw: st.DrawFn, value: Any) -> Any:
    """The value with something in it, or all of it, replaced."""
    if not isinstance(value, (dict, list)) or not value or draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    places: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    place = draw(st.sampled_from(places))
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    copied[place] = spoilt(draw, value[place])
    return copied


@st.composite
def odd_exports(draw: st.DrawFn) -> Any:
    listed = draw(st.lists(st.sampled_from(ENTRIES), max_size=5))
    listed = [spoilt(draw, one) if draw(st.booleans()) else one for one in listed]
    log = {"creator": {"name": "WebInspector"}, "pages": [], "entries": listed}
    return {"log": spoilt(draw, log) if draw(st.integers(0, 5)) == 0 else log}


@given(odd_exports())
def test_an_odd_export_is_refused_or_told_of_as_far_as_it_goes(data: Any) -> None:
    try:
        export = read(data)
    except ValueError:
        event("refused")
        return
    found = list(fetches(export))
    assert len(found) <= len(export.entries)
    assert json.dumps([as_data(one.story) for one in found])


def test_what_is_no_fetch_is_left_out() -> None:
    navigation = entry(0, "POST", response=says(""), Origin=HOME, Sec_Fetch_Mode="navigate")
    assert told(navigation, asking(1, "PUT", says(""))) == []
