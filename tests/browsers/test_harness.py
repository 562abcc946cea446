"""What tries browsers is itself tried, without one: the cases, the files, the servers, the judgement."""

import asyncio
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch
from spec.config import Config
from spec.http import Request, Response
from spec.rules import RULES
from tests.browsers import __main__ as command
from tests.browsers import cases, confirmed, deviations, engines, outcomes, seen, systematic, trial
from tests.browsers.cases import AWAY, FOLDER, GUARDED, HOME, Case, answer, single
from tests.browsers.engines import BROWSERS, Browser
from tests.browsers.seen import (
    UNSHOWN,
    Got,
    Seen,
    Sent,
    disagreements,
    hidden_deviations,
    is_sequence,
    modelled,
)
from tests.browsers.server import case_of, parsed, wire
from tests.browsers.shrink import simpler
from tests.tools import rules_md

SYSTEMATIC = list(systematic.cases())
ASKED = systematic.open_to(Fetch(HOME, AWAY, "PUT", (("X-A", "1"),), path=FOLDER))
_CONFIG = Config(allow_origins=(HOME,), allow_methods=("PUT",), expose_headers=("X-Total",))
GUARDED_CASE = Case("end to end", (Fetch(HOME, GUARDED, "PUT", path=FOLDER),), config=_CONFIG)
LED = deviations.led(Fetch(HOME, AWAY), (AWAY, {}), (HOME, {}), (AWAY, {}))
OPAQUE = replace(GUARDED_CASE.fetches[0], page_origin="null")
WIDE = replace(_CONFIG, allow_methods=("PUT", "X"), allow_origin_regex=".*", allow_headers=("A", "B", "C"))
FRAMED = replace(GUARDED_CASE, frame="sandbox", pause=6, fetches=(OPAQUE, OPAQUE), config=WIDE)


# Cases


def size(case: Case) -> int:
    """How much there is in a case that can be taken away."""
    of_fetches = sum(
        1 + len(each.headers) + (each.method != "GET") + (each.credentials != "omit") + each.upload_listener
        for each in case.fetches
    )
    responses = [each for both in case.answers.values() for each in (both.preflight, both.response)]
    names = [name for each in responses for name, _ in each.headers if name != b"content-length"]
    odd = [each for each in responses if each.status not in (200, 301, 302, 303, 307, 308)]
    options = [] if case.config is None else vars(case.config).items() - vars(Config()).items()
    of_config = sum(2 + len(value) if isinstance(value, tuple) else 1 for _, value in options)
    of_case = (case.frame != "page") + (case.pause > 0) + of_config + len(case.answers)
    return of_fetches + len(names) + len(odd) + of_case


@pytest.mark.parametrize("case", [*SYSTEMATIC[::97], LED, FRAMED], ids=outcomes.key)
def test_shrinking_only_gives_smaller_cases_and_ends(case: Case) -> None:
    smallest = case
    while candidates := list(simpler(smallest)):
        assert all(size(each) < size(smallest) for each in candidates)
        smallest = candidates[-1]
    assert len(smallest.fetches) == 1 and smallest.fetches[0].headers == ()
    assert (smallest.frame, smallest.pause, smallest.config) in (("page", 0, None), ("page", 0, Config()))


@pytest.mark.slow
def test_every_systematic_case_is_what_is_read_of_it() -> None:
    for case in (*SYSTEMATIC, GUARDED_CASE):
        assert outcomes.case_from_json(outcomes.case_to_json(case)) == case


@pytest.mark.slow
def test_different_cases_have_different_keys() -> None:
    assert len({outcomes.key(case) for case in SYSTEMATIC}) == len({repr(case) for case in SYSTEMATIC})


# Files


def test_random_cases_are_read_as_they_were_written(tmp_path: Path) -> None:
    outcomes.write_cases([GUARDED_CASE, ASKED], tmp_path / "cases")
    assert outcomes.read_cases(tmp_path / "cases") == [GUARDED_CASE, ASKED]


ASKING = Sent("http://a.example/", True, "PUT", HOME, "x-a")
PUTTING = Sent("http://a.example/", False, "PUT", HOME, None, ("x-a",), "c=1")
READ, REFUSED = Seen((ASKING, PUTTING), (Got(True, frozenset({"b", "a"})),)), Seen((ASKING,), (Got(False),))
RECORDS = {
    "chromium": outcomes.Browser("1.0", {"k1": READ, "k2": REFUSED, "k3": READ}),
    "webkit": outcomes.Browser("2.0", {"k1": READ, "k2": READ}),
}


@pytest.mark.parametrize("names", [["chromium"], ["webkit"], ["chromium", "webkit"]])
def test_outcomes_are_read_as_they_were_written(names: list[str], tmp_path: Path) -> None:
    records = {name: RECORDS[name] for name in names}
    outcomes.write(records, tmp_path / "outcomes")
    assert outcomes.read(tmp_path / "outcomes") == records


def test_cases_that_all_browsers_saw_alike_share_a_line(tmp_path: Path) -> None:
    alike = {name: outcomes.Browser("1", {"k1": READ, "k2": READ}) for name in ("chromium", "webkit")}
    outcomes.write(alike, tmp_path / "outcomes")
    assert len((tmp_path / "outcomes").read_text().splitlines()) == 2
    assert outcomes.read(tmp_path / "outcomes") == alike


@pytest.mark.slow
def test_a_run_of_one_browser_keeps_what_others_did_with_the_same_cases(tmp_path: Path) -> None:
    asked, guarded = outcomes.key(ASKED), outcomes.key(GUARDED_CASE)
    both = outcomes.Browser("1", {asked: READ, guarded: READ})
    outcomes.refresh([ASKED, GUARDED_CASE], {"webkit": both, "chromium": both}, tmp_path)
    newer = outcomes.Browser("2", {guarded: REFUSED})
    outcomes.refresh([GUARDED_CASE], {"webkit": newer}, tmp_path)
    found = outcomes.read(tmp_path / "outcomes.jsonl")
    assert found == {"chromium": outcomes.Browser("1", {guarded: READ}), "webkit": newer}
    assert list(found) == ["chromium", "webkit"]
    assert outcomes.read_cases(tmp_path / "random.jsonl") == [GUARDED_CASE]


@pytest.mark.slow
def test_what_is_left_to_a_browser_does_not_change_the_record_of_its_version(tmp_path: Path) -> None:
    put = Fetch(HOME, AWAY, "PUT", path=FOLDER)
    lists = {"access_control_allow_origin": "*", "access_control_allow_methods": "PUT"}
    case = single(put, answer(**lists), answer(**lists), "memory", times=2)
    remembered = modelled(case, FIREFOX)
    asked_again = replace(remembered, sent=remembered.sent[:2] * 2)
    assert remembered != asked_again and not disagreements(case, asked_again, FIREFOX)

    def recorded(version: str, seen: Seen) -> Seen:
        browser = outcomes.Browser(version, {outcomes.key(case): seen})
        outcomes.refresh([case], {"firefox": browser}, tmp_path)
        found = outcomes.read(tmp_path / "outcomes.jsonl")["firefox"]
        assert found.version == version
        return found.seen[outcomes.key(case)]

    wrong = replace(asked_again, got=(Got(False),) * 2)
    assert recorded("1", wrong) == wrong
    assert recorded("1", asked_again) == asked_again
    assert recorded("1", remembered) == asked_again
    assert recorded("2", remembered) == remembered


def test_a_rule_is_confirmed_by_the_cases_to_which_it_applies_and_on_which_it_holds() -> None:
    cases = {outcomes.key(case): case for case in (ASKED, GUARDED_CASE)}
    browser = outcomes.Browser("1", dict.fromkeys(cases, READ))
    counts = confirmed.confirmations({"firefox": browser}, cases)
    assert counts["C-PF-1"] == {"firefox": 2}
    assert counts["P-1"] == {"firefox": 1}
    assert counts["C-MTH-5"] == {}
    rule = RULES["C-PF-1"]
    assert rules_md.confirmations(rule, {"C-PF-1": {"a": 1234, "b": 5}}) == "a 1,234, b 5"
    assert rules_md.confirmations(rule, {}) == rules_md.confirmations(RULES["P-1"], {}) == "none"
    assert rules_md.confirmations(RULES["D-01"], {}) == "-"


def rules_confirmed(case: Case, engine: Engine) -> set[str]:
    """The rules that a case confirms when an engine does as it is expected to."""
    browser = outcomes.Browser("1", {"k": modelled(case, engine)})
    counts = confirmed.confirmations({engine.name: browser}, {"k": case})
    return {rule for rule, each in counts.items() if each}


def puts(age: str | None = None, pause: int = 0, **lines: Any) -> Case:
    """Two equal fetches whose preflights may be remembered for so long."""
    put = Fetch(HOME, AWAY, "PUT", path=FOLDER)
    lists = {"access_control_allow_origin": HOME, "access_control_allow_methods": "PUT", **lines}
    found = answer(**lists, access_control_max_age=age)
    return replace(single(put, found, found, "memory", times=2), pause=pause)


MEMORY = {"C-PF-12", *(f"C-CAC-{number}" for number in range(1, 9))}


@pytest.mark.parametrize(
    ("case", "engine", "rules"),
    [
        (puts("600"), FIREFOX, {"C-CAC-1"}),
        (puts("0"), FIREFOX, {"C-CAC-3"}),
        (puts("1", 6), FIREFOX, {"C-CAC-2"}),
        (puts(None, 6), FIREFOX, {"C-CAC-2", "C-PF-12"}),
        (puts("600", access_control_allow_methods="*"), CHROMIUM, {"C-CAC-1", "C-CAC-6"}),
        (puts("600", access_control_allow_methods="*"), FIREFOX, set()),
        (puts("600", access_control_allow_methods="X"), FIREFOX, set()),
        (systematic.open_to(Fetch(HOME, AWAY, "PUT", path=FOLDER)), FIREFOX, set()),
    ],
)  # fmt: skip
def test_a_rule_about_memory_is_confirmed_where_memory_makes_the_difference(
    case: Case, engine: Engine, rules: set[str]
) -> None:
    assert rules_confirmed(case, engine) & MEMORY == rules


def test_a_memory_that_was_not_used_confirms_nothing() -> None:
    case = puts("600")
    used = modelled(case, FIREFOX)
    unused = replace(used, sent=used.sent[:2] * 2)
    assert not disagreements(case, unused, FIREFOX)
    counts = confirmed.confirmations({"firefox": outcomes.Browser("1", {"k": unused})}, {"k": case})
    assert counts["C-CAC-1"] == {}


def test_a_rule_about_credentials_is_confirmed_where_there_are_some() -> None:
    plain = systematic.open_to(Fetch(HOME, AWAY, "PUT", credentials="omit", path=FOLDER))
    key = systematic.open_to(Fetch(HOME, AWAY, "PUT", (("Authorization", "k"),), "omit", path=FOLDER))
    both = {"C-CRD-1", "C-PF-5"}
    assert rules_confirmed(plain, FIREFOX) & both == set()
    assert rules_confirmed(key, FIREFOX) & both == {"C-PF-5"}
    assert rules_confirmed(replace(key, theorem="credentials"), FIREFOX) & both == both


# Servers


@pytest.mark.parametrize(
    ("response", "method", "expected"),
    [
        (Response(200, ((b"a", b"\xff"), (b"a", b"")), b"hi"), "GET",
         b"HTTP/1.1 200 Status\r\na: \xff\r\na: \r\nContent-Length: 2\r\n\r\nhi"),
        (Response(404, ((b"content-length", b"2"),), b"hi"), "GET",
         b"HTTP/1.1 404 Status\r\ncontent-length: 2\r\n\r\nhi"),
        (Response(200, ((b"content-length", b"2"),), b"hi"), "HEAD",
         b"HTTP/1.1 200 Status\r\ncontent-length: 2\r\n\r\n"),
        (Response(204, ()), "GET", b"HTTP/1.1 204 Status\r\n\r\n"),
        (Response(304, ((b"vary", b"x"),)), "GET", b"HTTP/1.1 304 Status\r\nvary: x\r\n\r\n"),
        (Response(500, ()), "OPTIONS", b"HTTP/1.1 500 Status\r\nContent-Length: 0\r\n\r\n"),
    ],
)  # fmt: skip
def test_a_response_goes_out_byte_for_byte(response: Response, method: str, expected: bytes) -> None:
    assert wire(response, method) == expected


def test_a_request_comes_in_byte_for_byte() -> None:
    head = b"PUT /c/t1/a?b HTTP/1.1\r\nHost: h\r\nX-A:\t a:\xff \r\nx-a:\r\n\r\n"
    assert parsed(head) == Request("PUT", ((b"host", b"h"), (b"x-a", b"a:\xff"), (b"x-a", b"")), "/c/t1/a?b")
    assert parsed(b"GET / HTTP/1.1\r\n\r\n") == Request("GET", (), "/")
    assert [case_of(path) for path in ("/c/t1/a?b", "/c/t1/", "/c/t1", "/", "/d/c/t1/")] == [
        "t1",
        "t1",
        None,
        None,
        None,
    ]


def test_a_trial_has_urls_of_its_own_that_its_case_does_not_know() -> None:
    async def made() -> trial.Trial:
        return trial.Trial("t7", ASKED, "10.0.0.1", asyncio.get_running_loop().create_future())

    found = asyncio.run(made())
    assert found.own(HOME + FOLDER + "0") == "http://10.0.0.1:7401/c/t7/0"
    assert found.common(found.own(HOME + FOLDER + "0")) == HOME + FOLDER + "0"
    answer = found.answer(AWAY, Request("GET", ((b"origin", b"http://10.0.0.1:7401"),), "/c/t7/"))
    assert found.received == [(AWAY, Request("GET", ((b"origin", HOME.encode()),), FOLDER))]
    assert answer.lines("access-control-allow-origin") == [b"http://10.0.0.1:7401"]
    (step,) = found.message()["steps"]
    assert (step["url"], step["method"]) == ("http://10.0.0.1:7402/c/t7/", "PUT")
    assert (step["remembers"], step["cookie"]) == (False, "")


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:7401"])
def test_a_pattern_allows_the_page_by_whatever_host_it_knows_us(pattern: str) -> None:
    case = replace(GUARDED_CASE, config=replace(_CONFIG, allow_origins=(), allow_origin_regex=pattern))
    asked = {"type": "http", "method": "GET", "path": "/c/t0/", "headers": []}

    async def allowed(host: str) -> list[bytes]:
        page, sent = trial.Page(), []
        done = asyncio.get_running_loop().create_future()
        page.trials["t0"] = trial.Trial("t0", case, host, done)

        async def send(message: Any) -> None:
            sent.append(message)

        own = f"http://{host}:7401".encode()
        await page.guarded({**asked, "headers": [(b"origin", own)]}, None, send)
        return Response(200, tuple(sent[0]["headers"])).lines("access-control-allow-origin")

    for host in ("127.0.0.1", "localhost", "10.0.0.1", "my.host"):
        assert asyncio.run(allowed(host)) == [f"http://{host}:7401".encode()]


def test_no_visit_uses_the_urls_of_another() -> None:
    async def urls() -> set[str]:
        page = trial.Page()
        told = {"agent": "", "streams": False, "outcomes": []}
        working = asyncio.create_task(page.perform([ASKED, GUARDED_CASE], ""))
        await asyncio.sleep(0)
        found = {trial["steps"][0]["url"] for trial in (await page.next(told))["trials"]}
        working.cancel()
        return found

    first, second = asyncio.run(urls()), asyncio.run(urls())
    assert (len(first), len(second), first & second) == (2, 2, set())


# The judgement


def test_a_sequence_may_lack_what_need_not_be_sent_and_nothing_else() -> None:
    wanted = [(ASKING, False), (PUTTING, True)]
    assert is_sequence([ASKING, PUTTING], wanted)
    assert is_sequence([PUTTING], wanted)
    assert not is_sequence([ASKING], wanted)
    assert not is_sequence([], wanted)
    assert not is_sequence([PUTTING, ASKING], wanted)
    assert not is_sequence([ASKING, PUTTING, PUTTING], wanted)
    assert is_sequence([], [(ASKING, False)])
    assert is_sequence([], [])


@pytest.mark.parametrize("case", [ASKED, GUARDED_CASE, *SYSTEMATIC[::97]], ids=outcomes.key)
@pytest.mark.parametrize("engine", [CHROMIUM, FIREFOX, WEBKIT], ids=lambda engine: engine.name)
def test_a_faithful_browser_does_not_disagree(case: Case, engine: Engine) -> None:
    assert disagreements(case, modelled(case, engine), engine) == []


@pytest.mark.parametrize(
    "change",
    [
        {"names": "x-b"}, {"names": None}, {"method": "PATCH"}, {"origin": "null"}, {"origin": None},
        {"url": AWAY + "/"}, {"cookie": "c=1"}, {"is_preflight": False},
        {"headers": ("authorization",)},
    ],
)  # fmt: skip
def test_a_wrong_preflight_is_noticed(change: dict[str, Any]) -> None:
    right = modelled(ASKED, STANDARD)
    preflight, request = right.sent
    wrong = replace(right, sent=(replace(preflight, **change), request))
    (problem,) = disagreements(ASKED, wrong, STANDARD)
    told, due = problem.removeprefix("sent ").split(", not ")
    assert due == f"preflight for PUT {AWAY}/~/ from {HOME} with x-a; PUT {AWAY}/~/ from {HOME} with x-a"
    assert told != due


@pytest.mark.parametrize("name", ["authorization", "proxy-authorization", "cookie"])
def test_credentials_on_a_preflight_are_noticed(name: str) -> None:
    (hop,) = cases.predicted(ASKED, STANDARD)[0]
    assert hop.preflight_request is not None and hop.request is not None
    preflight = hop.preflight_request
    telling = replace(preflight, headers=(*preflight.headers, (name.encode(), b"k")))
    received = [(AWAY, telling), (AWAY, hop.request)]
    wrong = replace(modelled(ASKED, STANDARD), sent=seen.sent(ASKED, received))
    (problem,) = disagreements(ASKED, wrong, STANDARD)
    assert name in problem.lower()


def test_a_preflight_too_few_and_a_request_too_many_are_noticed() -> None:
    right = modelled(ASKED, STANDARD)
    for requests in (right.sent[1:], right.sent[:1], (*right.sent, right.sent[1]), ()):
        assert disagreements(ASKED, replace(right, sent=requests), STANDARD)
    assert disagreements(ASKED, replace(right, sent=()), STANDARD)[0].startswith(
        "sent nothing, not preflight"
    )


def test_a_request_without_a_header_of_the_script_is_noticed() -> None:
    right = modelled(ASKED, STANDARD)
    preflight, request = right.sent
    assert request.headers == ("x-a",)
    wrong = replace(right, sent=(preflight, replace(request, headers=())))
    assert disagreements(ASKED, wrong, STANDARD)


@pytest.mark.parametrize("names", [frozenset(), frozenset({"content-length", "x-other"})])
def test_a_wrong_readable_header_is_noticed(names: frozenset[str]) -> None:
    right = modelled(ASKED, STANDARD)
    assert right.got == (Got(True, frozenset({"content-length"})),)
    (problem,) = disagreements(ASKED, replace(right, got=(Got(True, names),)), STANDARD)
    assert problem == f"reads {sorted(names)}, not ['content-length']"


def test_a_wrong_verdict_is_noticed() -> None:
    right = modelled(ASKED, STANDARD)
    (problem,) = disagreements(ASKED, replace(right, got=(Got(False),)), STANDARD)
    assert problem == "blocked against C-CHK-7"


def test_what_the_configuration_does_not_mean_is_noticed() -> None:
    right = modelled(GUARDED_CASE, STANDARD)
    assert right.got[0].allowed and "x-total" in right.got[0].readable_headers
    assert seen.contradictions(GUARDED_CASE, right, STANDARD) == []
    for got in (Got(False), Got(True), Got(True, right.got[0].readable_headers | {"link"})):
        assert len(seen.contradictions(GUARDED_CASE, replace(right, got=(got,)), STANDARD)) == 1
    closed = replace(GUARDED_CASE, config=Config(allow_origins=(HOME,)))
    assert seen.contradictions(closed, right, STANDARD)


def test_the_meaning_is_not_asked_where_an_engine_asks_otherwise() -> None:
    fetch = Fetch(HOME, GUARDED, "GET", (("DPR", "1"),))
    assert not seen.means_the_same(fetch, CHROMIUM)
    assert seen.means_the_same(fetch, FIREFOX)


def test_a_deviation_is_shown_by_what_was_seen_not_by_what_may_be_seen() -> None:
    put = Fetch(HOME, AWAY, "PUT", path=FOLDER)
    found = answer(
        access_control_allow_origin="*", access_control_allow_methods="PUT", access_control_max_age="-1"
    )
    case = single(put, found, found, "memory", times=2)
    asking, remembering = modelled(case, CHROMIUM), modelled(case, STANDARD)
    assert (len(asking.sent), len(remembering.sent)) == (4, 3)
    assert disagreements(case, asking, STANDARD) == []
    assert disagreements(case, remembering, CHROMIUM) != []
    assert "negative_max_age" not in hidden_deviations(CHROMIUM, [(case, asking)])
    assert "negative_max_age" in hidden_deviations(CHROMIUM, [(case, remembering)])


@pytest.mark.parametrize("engine", [CHROMIUM, FIREFOX, WEBKIT], ids=lambda engine: engine.name)
def test_without_cases_every_deviation_is_hidden_but_those_that_no_case_can_show(engine: Engine) -> None:
    named = {each.name for each in fields(Engine)}
    deviating = {name for name in named if getattr(engine, name) != getattr(STANDARD, name)}
    assert set(hidden_deviations(engine, [])) == deviating - {"name", *UNSHOWN}
    assert set(UNSHOWN) <= named


# The command


NOBODY = Browser(
    replace(STANDARD, name="firefox"), "153", ("package-a", "package-b"), ("no-such-browser",), ()
)


def test_a_browser_that_nobody_may_install_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **more: ran.append(arguments))
    assert command.install([NOBODY]) == [NOBODY]
    assert ran == []


def test_a_browser_that_cannot_be_installed_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Sequence[str]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(subprocess, "run", lambda arguments, **more: ran.append(arguments))
    assert command.install([NOBODY]) == [NOBODY]
    assert [arguments[2] for arguments in ran] == ["update", "install", "install"]
    assert [arguments[-1] for arguments in ran[1:]] == ["package-a", "package-b"]
    assert capsys.readouterr().out == "installing package-a package-b\n"


@pytest.mark.parametrize(
    ("version", "is_outdated"),
    [("152.9.9", True), ("9.0", True), ("153.0", False), ("153.7.0", False), ("1000", False)],
)
def test_a_browser_older_than_its_model_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, version: str, is_outdated: bool
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(Browser, "program", lambda browser: "/usr/bin/firefox")
    monkeypatch.setattr(Browser, "version", lambda browser: version)
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(subprocess, "run", lambda arguments, **more: ran.append(arguments[-1]))
    assert command.install([NOBODY]) == []
    assert ran == (["update", "package-a", "package-b"] if is_outdated else [])
    assert NOBODY.is_outdated() == is_outdated


def test_a_report_says_that_a_browser_is_older_than_its_model() -> None:
    result = command.Result(FIREFOX, "152.1", 1.0, outdated="153")
    assert command.notes(result) == ["the model is of version 153; install that"]


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time for more, and nothing written down."""
    monkeypatch.setattr(command, "all_cases", lambda root: [ASKED])
    monkeypatch.setattr(outcomes, "refresh", lambda *arguments: pytest.fail("written down"))


def test_the_page_shows_what_came_of_a_run() -> None:
    result = command.Result(FIREFOX, "1", 1.0, "Agent/1")
    result.tried["single"] = 8
    shown = command.for_page(result)
    assert shown["summary"] == "This browser does what the model of firefox does."
    assert shown["rows"][:3] == [["theorem", "cases", "differ"], ["single", 8, 0], ["opaque", 0, 0]]
    assert shown["failures"] == shown["notes"] == []
    result.failures = [(ASKED, ["sent nothing"])] * 7
    result.shown = [command.Failure(ASKED, ["sent nothing"], ASKED)] * 5
    result.hidden = ["preflights_stick"]
    result.problem = "4 of 8 cases got no outcome"
    shown = command.for_page(result)
    assert shown["summary"] == "This browser is not as the model of firefox."
    assert shown["agent"] == "Agent/1"
    assert shown["rows"][1] == ["single", 8, 7]
    assert len(shown["failures"]) == 5
    assert shown["failures"][0] == {
        "title": "firefox differs (single)",
        "problems": [command.Failure(ASKED, [], ASKED).script, "sent nothing"],
        "exchange": seen.exchanges(ASKED, FIREFOX),
    }
    assert shown["notes"] == [
        "… and 2 more cases",
        "no case shows its deviation preflights_stick; has it gone?",
        "4 of 8 cases got no outcome",
    ]


def test_a_failure_says_how_to_see_it_again() -> None:
    assert command.Failure(FRAMED, [], GUARDED_CASE).script == (
        f"case {outcomes.key(FRAMED)}, in a page of own: "
        f'`fetch(guarded, {{method: "PUT"}})`; guarded: `{_CONFIG}`'
    )


def test_one_failure_of_each_kind_comes_first() -> None:
    failures = [(ASKED, ["sent a"]), (ASKED, ["sent b"]), (ASKED, ["reads c"]), (GUARDED_CASE, ["sent d"])]
    assert [problems for _, problems in command.by_kind(failures)] == [
        ["sent a"],
        ["reads c"],
        ["sent d"],
        ["sent b"],
    ]


class Pretender:
    """A page whose browser blocks whatever asks for PUT, so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def perform(self, cases: Sequence[Case], state: str) -> list[Seen]:
        found = [modelled(case, FIREFOX) for case in cases]
        for index, case in enumerate(cases):
            if self.times > 0 and case.fetches[0].method == "PUT":
                self.times -= 1
                found[index] = replace(found[index], got=(Got(False),))
        return found

    async def can_stream(self) -> bool:
        return True


def failing(times: int, *tried: Case) -> list[command.Failure]:
    """What is shown of a browser that differs so many times."""
    result = command.Result(FIREFOX, "1", 0.0)
    page: Any = Pretender(times)
    asyncio.run(command.try_cases(page, tried, FIREFOX, result))
    return result.shown


def test_failures_that_shrink_to_the_same_are_shown_once() -> None:
    closed = replace(ASKED, fetches=(replace(ASKED.fetches[0], credentials="include"),))
    (failure,) = failing(10_000, ASKED, closed)
    assert failure.case == ASKED
    assert (failure.smallest.fetches[0].method, failure.smallest.fetches[0].headers) == ("PUT", ())
    assert failure.problems == ["blocked against C-CHK-7"]


def test_a_failure_that_does_not_repeat_is_shown_all_the_same() -> None:
    (failure,) = failing(1, ASKED)
    assert failure.problems == ["blocked against C-CHK-7", "this did not repeat"]


@pytest.mark.slow
@pytest.mark.usefixtures("few_cases")
def test_one_case_is_found_by_its_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = SYSTEMATIC[5]
    assert command.case_named(outcomes.key(known), None) == [known]
    assert command.case_named(outcomes.key(ASKED), 3) == [ASKED]
    monkeypatch.setattr(command, "install", lambda browsers: [])
    assert command.main(["--case", "none", "--seed", "3"]) == 1
    assert capsys.readouterr().out.startswith("no case is called none")


@pytest.mark.usefixtures("few_cases")
def test_a_missing_browser_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "BROWSERS", (NOBODY,))
    monkeypatch.setattr(command, "install", list)
    monkeypatch.setattr(command, "all_cases", lambda root: pytest.fail("cases were drawn for nobody"))
    assert command.main(["--engines", "firefox"]) == 1
    told = capsys.readouterr().out
    assert "firefox: missing; apt-get install package-a package-b\n" in told
    assert all(theorem in told for theorem in ("single", "opaque", "memory", "end to end"))


@pytest.mark.parametrize("names", ["netscape", "", "firefox netscape"])
def test_an_unknown_browser_is_told_in_a_line(names: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        command.main(["--engines", names])
    assert exit_.value.code == 2
    assert "choose from chromium, firefox, webkit" in capsys.readouterr().err.splitlines()[-1]


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that never opens a page, nor needs to be installed, nor any of our ports."""
    sleeping = replace(NOBODY, programs=("sh",), command=("{program}", "-c", "sleep 60"))
    monkeypatch.setattr(Browser, "version", lambda self: "1.0")
    monkeypatch.setattr(command, "BROWSERS", (sleeping,))
    monkeypatch.setattr(trial, "PATIENCE", 0.2)
    monkeypatch.setattr(trial, "ORIGINS", ())
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(trial, "GUARDED", f"http://127.0.0.1:{port}")


@pytest.mark.slow
@pytest.mark.usefixtures("few_cases", "idle")
def test_a_page_that_never_opens_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--engines", "firefox"]) == 1
    assert "firefox: has not opened the page in 0 seconds\n" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.usefixtures("few_cases", "idle")
@pytest.mark.parametrize("of", ["ORIGINS", "GUARDED"])
def test_a_port_that_is_taken_is_told_in_a_line(
    of: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setattr(trial, of, (origin,) if of == "ORIGINS" else origin)
        assert command.main(["--engines", "firefox"]) == 1
    assert "in use" in capsys.readouterr().out.splitlines()[-1]


AGENTS = {
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36": (
        CHROMIUM,
        "156.0",
    ),
    "Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0": (FIREFOX, "153.0"),
    "Mozilla/5.0 AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15": (
        WEBKIT,
        "26.0",
    ),
    "curl/8": (WEBKIT, ""),
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_that_somebody_opens_names_its_engine_and_version(agent: str) -> None:
    engine, version = AGENTS[agent]
    assert command.engine_of(agent) is engine
    assert command.version_in(agent, engine) == version


def test_the_heading_of_a_browser_that_somebody_opens_is_short(
    capsys: pytest.CaptureFixture[str],
) -> None:
    agent = next(iter(AGENTS))
    command.report([command.Result(CHROMIUM, "156.0", 1.0, agent)], Console(width=80))
    told = capsys.readouterr().out
    assert f"opened in {agent}\n" in told
    assert max(map(len, told.partition("opened in")[0].splitlines())) < 40


def test_every_browser_says_how_it_is_opened() -> None:
    assert [browser.engine for browser in engines.BROWSERS] == [CHROMIUM, FIREFOX, WEBKIT]
    assert all("{program}" in browser.command for browser in BROWSERS)
