"""Reports as documents: each is held to its schema or its parser, and read back."""

import json
import re
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.conformance.render import (
    VERDICTS,
    code,
    described,
    plain,
    schema,
    to_html,
    to_json,
    to_junit,
    to_markdown,
)
from spec.conformance.report import Report
from spec.conformance.run import conclude
from spec.conformance.target import Target
from spec.conformance.transports import Extra
from spec.rules.record import NETWORK_ERROR, Violation
from spec.rules.server.examples import LIST, A

SCRIPT = b"https://'&`a`.example"
"""An origin that some page has, of what has a meaning in every format."""
EXCHANGE = Exchange(
    LIST,
    Request("GET", ((b"origin", SCRIPT),), "/?a&b"),
    Response(
        200,
        ((b"access-control-allow-origin", SCRIPT), (b"x", b"\xe9\r\n"), (b"vary", b"<b>|")),
        b"<script>\x00",
    ),
)
RULES_SHOWN = ("SEC-2", "S-SYN-6", "S-SYN-1", "D-24", "S-WRK-1")
HERE = "http://127.0.0.1:8000"


def violation(rule: str, *exchanges: Exchange) -> Violation:
    return Violation(RULES[rule], exchanges or (EXCHANGE,), rule)


def passed() -> Report:
    """Nothing is broken, one rule holds, one is not applicable."""
    found = Report("a:b", LIST, ("protocol", "documented"), 3, tuple(RULES[rule] for rule in RULES_SHOWN))
    found.applied.update({"S-SYN-1": 1234, "SEC-2": 3, "S-SYN-6": 5})
    found.requests, found.skipped = 2345, 2
    conclude(found, Target(lacks=frozenset({"max_age"})))
    return found


def broken() -> Report:
    """A rule that binds is broken, and one that does not."""
    found = passed()
    found.verdicts.clear()
    found.reasons.clear()
    found.trouble = ["GET / got status 500 <b>"]
    found.broken.update({"SEC-2": 2, "S-SYN-6": 1})
    found.violations = [violation("SEC-2", EXCHANGE, EXCHANGE), violation("S-SYN-6")]
    conclude(found, Target(lacks=frozenset({"max_age"})))
    return found


def meaningless() -> Report:
    """The control failed."""
    found = Report("http://a/<b>", Config(), ("security",), 0, (RULES["SEC-2"], RULES["SEC-3"]))
    found.inconclusive = "GET / responds with 404 & <not> 2xx"
    conclude(found, Target())
    return found


REPORTS = [passed(), broken(), meaningless()]
VERSION = version("verified-cors")


@pytest.mark.parametrize("report", REPORTS)
def test_json_is_as_its_schema_says(report: Report) -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    data = described(report)
    jsonschema.Draft7Validator(schema()).validate(json.loads(to_json(data)))
    assert json.loads(to_json(data)) == json.loads(json.dumps(data))
    assert to_json(data).isascii()
    assert Config.from_mapping(data["configuration"]) == report.config


def test_a_report_is_plain_data() -> None:
    data = described(broken(), f"{HERE}/api", Extra(((b"a", b"b"),)))
    rules = {rule.pop("id"): rule for rule in data.pop("rules")}
    del data["configuration"]
    assert datetime.fromisoformat(data.pop("date")).utcoffset() == timedelta(0)
    assert data == {
        "target": "a:b", "verdict": "does not conform", "version": VERSION,
        "counts": {"failed": 1, "expected to fail": 0, "violated (not binding)": 1, "passed": 1,
                   "not applicable": 2, "inconclusive": 0},
        "findings": [
            {"rule": "SEC-2", "follows": ["S-SYN-6"], "fails": True, "reachable": True,
             "reach": "Violated by 2 of 3 responses."},
        ],
        "policies": {}, "profiles": ["protocol", "documented"], "seed": 3, "requests": 2345, "not_sent": 2,
        "inconclusive": None, "trouble": ["GET / got status 500 <b>"],
    }  # fmt: skip
    assert list(rules) == list(RULES_SHOWN)
    assert rules["D-24"] == {
        "aliases": ["S-PF-13"], "title": RULES["D-24"].title, "sentence": RULES["D-24"].sentence,
        "sources": [*RULES["D-24"].sources], "level": "MUST", "severity": RULES["D-24"].severity.value,
        "profile": "documented", "verdict": "not applicable", "fails": False,
        "reason": "the implementation lacks max_age", "applied": 0, "broken": 0, "why": RULES["D-24"].why,
        "repair": RULES["D-24"].repair,
        "violation": None,
    }  # fmt: skip
    assert [rule["verdict"] for rule in rules.values()] == ["fail", "fail", "pass", *["not applicable"] * 2]
    found = rules["SEC-2"]
    assert (found["applied"], found["broken"], found["reason"]) == (3, 2, None)
    one, other = found["violation"]["exchanges"]
    assert one == other
    curl = one.pop("curl")
    assert curl.startswith("""curl -i -X GET -H 'origin: https://'"'"'&`a`.example' -H """)
    assert curl.endswith(f" -H 'a: b' '{HERE}/api?a&b'")
    text = SCRIPT.decode()
    assert one == {
        "request": {"method": "GET", "path": "/?a&b", "headers": [["origin", text]]},
        "response": {
            "status": 200,
            "headers": [["access-control-allow-origin", text], ["x", "\xe9\r\n"], ["vary", "<b>|"]],
            "body": r"<script>\x00",
            "no_response": None,
        },
        "lines": [
            {"name": "Access-Control-Allow-Origin", "expected": "absent, or a configured origin",
             "actual": text, "fits": False},
            {"name": "Access-Control-Allow-Credentials", "expected": "absent", "actual": "", "fits": True},
            {"name": "Vary", "expected": "", "actual": "<b>|", "fits": True},
        ],
    }  # fmt: skip


def test_without_a_server_command_lines_name_this_machine() -> None:
    (exchange,) = described(broken())["rules"][1]["violation"]["exchanges"]
    assert exchange["curl"].endswith(f" '{HERE}/?a&b'")


# JUnit


@pytest.mark.parametrize(
    ("report", "failing", "counts", "kinds"),
    [
        (passed(), "", (5, 0, 2, 0), ["", "", "", "skipped", "skipped"]),
        (broken(), "SEC-2", (5, 1, 3, 0), ["failure", "skipped", "", "skipped", "skipped"]),
        (broken(), "SEC-2 S-SYN-6", (5, 2, 2, 0), ["failure", "failure", "", "skipped", "skipped"]),
        (meaningless(), "", (2, 0, 0, 2), ["error", "error"]),
    ],
)
def test_junit_has_a_case_for_each_rule(
    report: Report, failing: str, counts: tuple[int, ...], kinds: list[str]
) -> None:
    data = described(report, strict="S-SYN-6" in failing)
    text = to_junit(data)
    assert text.startswith("<?xml version='1.0' encoding='utf-8'?>\n")
    suite = ElementTree.fromstring(text.encode())
    assert suite.attrib == {
        "name": f"CORS of {report.target}",
        "timestamp": data["date"],
        **dict(zip(("tests", "failures", "skipped", "errors"), map(str, counts), strict=True)),
    }
    properties, *cases = suite
    assert {kind.attrib["name"]: int(kind.attrib["value"]) for kind in properties} == {
        **data["counts"],
        "findings": len(data["findings"]),
    }
    assert [case.attrib for case in cases] == [
        {"classname": f"cors.{rule.profile.value}", "name": f"{rule.id}: {rule.sentence}"}
        for rule in report.rules
    ]
    assert ["".join(child.tag for child in case) for case in cases] == kinds
    assert (data["counts"]["failed"], data["counts"]["inconclusive"]) == (counts[1], counts[3])


def test_junit_tells_what_failed_and_why_it_was_skipped() -> None:
    report = broken()
    suite = ElementTree.fromstring(to_junit(described(report)))
    failure, skipped, lacking = (suite[index][0] for index in (1, 2, 4))
    assert failure.attrib == {"message": RULES["SEC-2"].why, "type": "SECURITY"}
    told = (
        described(report)["rules"][0]["violation"]["exchanges"][0]["curl"]
        + "\n  HTTP/1.1 200\n  Access-Control-Allow-Origin: expected absent, or a configured origin, got "
        + SCRIPT.decode()
    )
    assert failure.text == f"{told}\n\n{told}"
    assert skipped.attrib == {"message": "violated, fails no run"}
    assert lacking.attrib == {"message": "the implementation lacks max_age"}
    found = meaningless()
    errors = ElementTree.fromstring(to_junit(described(found)))
    assert errors[1][0].attrib == {"message": found.inconclusive}


# Several policies


def test_several_policies_are_shown_with_their_prefixes() -> None:
    report = broken()
    report.policies = {"/": LIST, "/a`b": Config()}
    data = described(report)
    jsonschema.validate(json.loads(to_json(data)), schema())
    assert data["configuration"] is None
    assert data["policies"] == {"/": asdict(LIST), "/a`b": asdict(Config())}
    told = to_markdown(data).splitlines()[-2:]
    assert told[0].startswith('- Configuration of `/`: `{"allow_origins": ["https://a.example"]')
    assert told[1].startswith('- Configuration of ``/a`b``: `{"allow_origins": []')
    page = to_html(data)
    assert "&#34;/a`b&#34;" in page or '"/a`b"' in page


# Markdown


def test_markdown_is_for_an_issue() -> None:
    rule = RULES["SEC-2"]
    report = broken()
    report.violations = [violation("SEC-2")]
    report.verdicts["S-SYN-6"] = "pass"
    data = described(report)
    lines = to_markdown(data).splitlines()
    assert json.loads(lines.pop().removeprefix("Configuration: `").removesuffix("`")) == json.loads(
        json.dumps(data["configuration"])
    )
    assert lines == [
        "# CORS of a:b: does not conform",
        "",
        "1 finding; 5 rules (protocol, documented):",
        "1 failed, 2 passed, 2 not applicable.",
        "2,345 requests, seed 3.",
        f"{data['date']}, verified-cors {VERSION}.",
        "",
        f"## SEC-2 (SECURITY): {rule.title}",
        "",
        f"{rule.sentence}. {rule.why} {rule.repair} [Source]({rule.sources[0]})",
        "",
        "Violated by 2 of 3 responses.",
        "",
        "```console",
        f"$ {data['rules'][0]['violation']['exchanges'][0]['curl']}",
        "HTTP/1.1 200",
        "```",
        "",
        "| header | expected | got |",
        "| --- | --- | --- |",
        "| Access-Control-Allow-Origin | absent, or a configured origin | ``https://'&`a`.example`` ✗ |",
        "| Access-Control-Allow-Credentials | absent | - |",
        r"| Vary | - | `<b>\|` |",
        "",
    ]


def test_each_format_shows_what_is_folded() -> None:
    data = described(broken())
    assert [finding["follows"] for finding in data["findings"]] == [["S-SYN-6"]]
    told = f"The same responses also violate S-SYN-6 ({RULES['S-SYN-6'].title})."
    assert told in to_markdown(data)
    assert told in " ".join("".join(Page(to_html(data)).text).split())


def test_every_row_of_a_table_has_its_three_cells() -> None:
    rows = [line for line in to_markdown(described(broken())).splitlines() if line.startswith("|")]
    assert len(rows) > 7
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


def test_markdown_tells_that_the_control_failed() -> None:
    lines = to_markdown(described(meaningless())).splitlines()
    assert lines[0] == r"# CORS of http://a/\<b\>: inconclusive"
    assert lines[2:5] == [
        "0 findings; 2 rules (security):",
        "2 inconclusive.",
        "0 requests, seed 0.",
    ]
    assert "The run is inconclusive: `GET / responds with 404 & <not> 2xx`" in lines


def test_a_run_that_ended_early_says_so_beside_what_it_found() -> None:
    report = broken()
    report.inconclusive = "after 3 requests: gone"
    data = described(report)
    assert data["verdict"] == "does not conform"
    assert "The run ended early: `after 3 requests: gone`" in to_markdown(data).splitlines()
    assert "The run ended early: after 3 requests: gone" in " ".join(
        "".join(Page(to_html(data)).text).split()
    )


def test_what_is_not_reachable_from_a_browser_says_so() -> None:
    twice = replace(EXCHANGE, request=Request("GET", ((b"origin", SCRIPT), (b"origin", SCRIPT))))
    report = broken()
    report.violations = [violation("SEC-2", twice)]
    data = described(report)
    [finding] = data["findings"]
    assert (finding["fails"], finding["reachable"]) == (False, False)
    assert described(report, strict=True)["findings"][0]["fails"]
    title = f"SEC-2 (SECURITY): {RULES['SEC-2'].title} (not reachable from a browser)"
    assert f"## {title}" in to_markdown(data).splitlines()
    assert "not reachable from a browser" in "".join(Page(to_html(data)).text)
    assert "not reachable" not in to_html(described(broken())) + to_markdown(described(broken()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "``"),
        ("@user [a](https://b) *c*", "`@user [a](https://b) *c*`"),
        ("a``b`", "``` a``b` ```"),
        ("`a", "`` `a ``"),
        ("a|b", "`a|b`"),
    ],
)
def test_what_a_server_sends_is_code(text: str, shown: str) -> None:
    assert code(text) == shown


def test_other_texts_are_escaped() -> None:
    assert plain("a <b> [c](d) *e* _f_ `g` # | ~ & \\ https://h.example:80/?i") == (
        r"a \<b\> \[c\](d) \*e\* \_f\_ \`g\` \# \| \~ \& \\ https://h.example:80/?i"
    )


def test_a_command_does_not_end_its_block() -> None:
    exchange = Exchange(LIST, Request("GET", ((b"a", b"````"),)), Response(200, ()))
    report = broken()
    report.violations = [violation("SEC-2", exchange)]
    report.verdicts["S-SYN-6"] = "pass"
    lines = to_markdown(described(report)).splitlines()
    assert lines.count("`" * 5) == lines.count("`" * 5 + "console") == 1


# HTML


class Page(HTMLParser):
    """What is in a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("report", REPORTS)
def test_a_page_needs_nothing_else(report: Report) -> None:
    text = to_html(described(report))
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "embed", "base", "form", "b", "not"})
    loads = [
        value
        for _, given in page.elements
        for name, value in given.items()
        if name != "href" and "//" in (value or "")
    ]
    assert loads == []
    assert {tag for tag, given in page.elements if "href" in given} == {"a"}
    assert not re.search(r"@import|url\(", text)
    assert page.elements[:4] == [
        ("html", {"lang": "en"}),
        ("meta", {"charset": "utf-8"}),
        ("meta", {"name": "viewport", "content": "width=device-width"}),
        ("title", {}),
    ]
    sections = [given for tag, given in page.elements if tag == "details" and given]
    assert [given["class"] for given in sections] == [
        verdict
        for shown in VERDICTS
        for verdict in (report.verdicts[rule.id] for rule in report.rules)
        if verdict == shown
    ]
    headings = [given for tag, given in page.elements if tag == "section"]
    assert headings == [{"class": "finding"}] * len(described(report)["findings"])


def test_where_no_response_came_the_reason_stands_in_its_place() -> None:
    found = passed()
    exchange = Exchange(LIST, Request("OPTIONS", ()), NETWORK_ERROR, no_response="gone <b>")
    found.violations = [violation("SEC-2", exchange)]
    conclude(found, Target())
    data = json.loads(to_json(described(found)))
    jsonschema.Draft7Validator(schema()).validate(data)
    [rule] = [each for each in data["rules"] if each["violation"]]
    [shown] = rule["violation"]["exchanges"]
    assert shown["response"] == {"status": 0, "headers": [], "body": "", "no_response": "gone <b>"}
    assert (
        "```console\n$ curl -i -X OPTIONS http://127.0.0.1:8000/\nno response: gone <b>\n```"
        in to_markdown(data)
    )
    [failure] = ElementTree.fromstring(to_junit(data).encode()).iter("failure")
    assert failure.text and "\n  no response: gone <b>" in failure.text
    assert "\nno response: gone &lt;b&gt;\n" in to_html(data)


def test_what_a_server_sent_is_shown_as_text() -> None:
    data = described(broken())
    page = Page(to_html(data))
    text = "".join(page.text)
    assert f"access-control-allow-origin: {SCRIPT.decode()}" in text
    assert "GET / got status 500 <b>" in text
    assert "Checked 3 times, violated 2 times." in text
    assert "Checked 1,234 times." in text
    said = " ".join(text.split())
    assert "a:b does not conform: 1 finding." in said
    assert (
        "5 rules (protocol, documented): 1 failed, 1 violated (not binding), 1 passed, 2 not applicable. "
        f"2,345 requests, seed 3. {data['date']}, verified-cors {VERSION}."
    ) in said
    assert A in text
    wrong = [given for tag, given in page.elements if tag == "tr" and given]
    assert wrong == [{"class": "wrong"}] * 5
    meant = " ".join("".join(Page(to_html(described(meaningless()))).text).split())
    assert "is inconclusive." in meant
    assert "The run is inconclusive: GET / responds with 404 & <not> 2xx" in meant
    assert "a:b conforms." in " ".join("".join(Page(to_html(described(passed()))).text).split())
