"""Stories as data."""

from dataclasses import replace

from spec.browser import FIREFOX, STANDARD, Fetch
from spec.explain.asking import Asking, Story
from spec.explain.repair import Change
from spec.explain.report import needed, report
from spec.explain.story import Silence
from spec.http import Response
from tests.unit.spec.browser.fetching import FAR, GET, HOME, PUT, says

SHARED = says("acao: * | acam: * | x-a: \xe9 | pragma: a | content-type: a | expires: 0 | cache-control: a")
METHOD = Change("preflight", "access-control-allow-methods", None, "PUT", "C-PF-9")


def told(fetch: Fetch, answer: Response | Silence, *, sends_unsafe: bool = False) -> Story:
    return Asking(lambda _: lambda _: answer, sends_unsafe=sends_unsafe).story(fetch, STANDARD)


def test_a_story_is_an_object_with_all_that_was_sent_and_came() -> None:
    allowed = told(
        replace(GET, headers=(("X-A", "\xe9"),), path="/a?b", credentials="omit"), says("acao: * | acah: *")
    )
    assert report([allowed]) == [
        {
            "engine": "standard",
            "verdict": "allowed",
            "rules": ["C-CHK-3"],
            "readable_headers": [],
            "silence": None,
            "changes": [],
            "hops": [
                {
                    "url": "https://server.example/a?b",
                    "page_origin": "https://page.example",
                    "credentials": "omit",
                    "preflight": {
                        "method": "OPTIONS",
                        "headers": [
                            ["accept", "*/*"],
                            ["access-control-request-method", "GET"],
                            ["access-control-request-headers", "x-a"],
                            ["origin", "https://page.example"],
                            ["user-agent", "verified-cors"],
                            ["sec-fetch-dest", "empty"],
                            ["sec-fetch-mode", "cors"],
                            ["sec-fetch-site", "cross-site"],
                        ],
                        "response": {
                            "status": 200,
                            "headers": [
                                ["Access-Control-Allow-Origin", "*"],
                                ["Access-Control-Allow-Headers", "*"],
                            ],
                        },
                    },
                    "request": {
                        "method": "GET",
                        "headers": [
                            ["x-a", "\xe9"],
                            ["origin", "https://page.example"],
                            ["accept", "*/*"],
                            ["user-agent", "verified-cors"],
                            ["sec-fetch-dest", "empty"],
                            ["sec-fetch-mode", "cors"],
                            ["sec-fetch-site", "cross-site"],
                        ],
                        "response": {
                            "status": 200,
                            "headers": [
                                ["Access-Control-Allow-Origin", "*"],
                                ["Access-Control-Allow-Headers", "*"],
                            ],
                        },
                    },
                }
            ],
        }
    ]


def test_what_was_not_sent_is_null_and_what_has_no_response_has_null() -> None:
    (blocked,) = report([told(PUT, says("acao: *"))])
    assert (blocked["verdict"], blocked["rules"], blocked["silence"]) == ("blocked", ["C-PF-9"], None)
    assert blocked["hops"][0]["request"] is None
    assert blocked["changes"] == [
        {
            "message": "preflight",
            "header": "access-control-allow-methods",
            "got": None,
            "needed": "PUT",
            "rule": "C-PF-9",
        },
        {
            "message": "response",
            "header": "access-control-allow-origin",
            "got": None,
            "needed": "https://page.example",
            "rule": "C-CHK-1",
        },
    ]
    (unknown,) = report([told(GET, Silence("It is asleep."))])
    assert (unknown["verdict"], unknown["rules"], unknown["silence"]) == ("unknown", [], "It is asleep.")
    assert unknown["hops"][0]["preflight"] is None
    assert unknown["hops"][0]["request"]["response"] is None


def test_there_is_an_object_for_each_story_and_hop() -> None:
    story = told(GET, says(f"acao: * | location: {FAR}", 302))
    first, second = report([story, story._replace(engine=FIREFOX)])
    assert first == {**second, "engine": "standard"}
    assert [hop["url"] for hop in first["hops"]] == ["https://server.example/", *[f"{FAR}/"] * 20]
    assert report([told(GET, SHARED)])[0]["readable_headers"] == [
        "cache-control",
        "content-type",
        "expires",
        "pragma",
    ]


def test_something_is_needed_where_it_would_help_and_something_is_known() -> None:
    assert needed(told(GET, SHARED)) == []
    assert needed(told(replace(GET, method="TRACE"), SHARED)) == []
    allowed = told(PUT, SHARED, sends_unsafe=True)
    remembered = replace(allowed.hops[0], preflight_request=None, preflight_response=None)
    assert needed(allowed._replace(hops=[remembered])) == []
    assert needed(told(PUT, says("acao: *")))[0] == METHOD
    assert needed(told(GET, says("acao: * | location: ftp://a", 302))) == []
    assert needed(told(GET, Silence("It is asleep."))) == []
    withheld = told(PUT, says("acao: * | acam: *"))
    assert needed(withheld) == [Change("response", "access-control-allow-origin", None, HOME, "C-CHK-1")]
