"""`verified-cors check`: every exit code, every message, at 80 columns."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from model import respond
from spec import RULES, Config, Request, Response
from spec.cli.main import main
from spec.cli.terminal import wrapped
from spec.conformance.run import selected
from spec.conformance.transports import Asgi
from spec.rules.server.examples import LIST, TWO
from tests.helpers.faulty_servers import ACAO, FAULTS, changed, server, value
from tests.unit.spec.conformance.servers import OK, asgi, raw

CONFIG = """\
allow_origins = ["https://a.example"]
allow_methods = ["GET", "PUT"]
allow_headers = ["X-Token"]
expose_headers = ["X-Count"]
"""

# Applications that are named on the command line

HERE = __name__
right = server(LIST, lambda request, response: response)
untidy = server(*FAULTS["S-SYN-6"])
leaky = server(*FAULTS["SEC-2"])
empty = asgi(lambda request: Response(200, ()))
troubled = asgi(lambda request: Response(500, ()) if request.lines("referer") else right_answer(request))
alive = iter(range(40))
dying = asgi(
    lambda request: Response(500 if next(alive, None) is None else 200, right_answer(request).headers)
)


gated = asgi(lambda request: right_answer(request) if request.lines("x-key") == [b"1"] else Response(401, ()))


async def cut(scope: Any, receive: Any, send: Any) -> None:
    """It ends without a response to OPTIONS."""
    if scope.get("method") != "OPTIONS":
        await right(scope, receive, send)


def right_answer(request: Request) -> Response:
    return respond(LIST, request, Response(200, (), b""))


def without_options(app: Any) -> Any:
    """It never responds to OPTIONS."""

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await asyncio.sleep(60)
        await app(scope, receive, send)

    return silent


deaf, mute = without_options(right), without_options(leaky)
doubling = server(
    LIST,
    lambda request, response: (
        changed(response, {ACAO: value(request)}) if len(request.lines("origin")) > 1 else response
    ),
)


def made(config: Config) -> Any:
    """Makes what is right."""
    return server(config, lambda request, response: response)


def picky(config: Config) -> Any:
    """Makes nothing."""
    raise ValueError("allow_origins: no")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cors.toml"
    path.write_text(CONFIG)
    return path


def check(config: Path, target: str, *options: str, columns: int = 80) -> Result:
    """Check, quickly unless something else is said, and hold what is printed to its width."""
    quick = () if "--max-examples" in options else ("--max-examples", "0")
    arguments = ["check", target, "--config", str(config), *quick, *options]
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code in (0, 1, 2, 3, 130), result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = result.output.splitlines()
    to_be_copied = re.compile(r"curl .*|  https://\S+")
    assert [line for line in lines if len(line) > columns and not to_be_copied.fullmatch(line)] == []
    return result


def words(result: Result) -> str:
    """What is printed, without line breaks."""
    return " ".join(result.output.split())


def without_the_announcement(output: str) -> str:
    """What is printed but how much is sent, of which the tests of the progress tell."""
    return re.sub(r"[\d,]+\s+requests\s+to.*?\s+is\s+found\.\s", "", output, count=1, flags=re.DOTALL)


def wrong(result: Result) -> str:
    """What is wrong with the question."""
    assert result.exit_code == 2
    return words(result).removeprefix("Error: ")


# What came of it


@pytest.mark.slow
@pytest.mark.parametrize(
    ("app", "options", "code", "last"),
    [
        ("right", ("--rules", "S-SYN-*"), 0, "conforms: 6 rules: 6 passed; {n} requests, seed 0"),
        ("right", ("--rules", "S-SYN-2", "--seed", "9"), 0,
         "conforms: 1 rule: 1 passed; {n} requests, seed 9"),
        ("right", ("--rules", "S-RSP-4", "--rules", "S-SYN-2"), 0,
         "conforms: 2 rules: 1 passed, 1 not applicable; {n} requests, seed 0"),
        ("leaky", ("--rules", "SEC-2"), 1,
         "does not conform: 1 finding; 1 rule: 1 failed; {n} requests, seed 0"),
        ("untidy", ("--rules", "S-SYN-6"), 0,
         "conforms: 1 finding; 1 rule: 1 violated \\(not binding\\); {n} requests, seed 0"),
        ("untidy", ("--rules", "S-SYN-6", "--strict"), 1,
         "does not conform: 1 finding; 1 rule: 1 failed; {n} requests, seed 0"),
    ],
)  # fmt: skip
def test_what_came_of_it_is_the_last_line_and_the_exit_code(
    config: Path, app: str, options: tuple[str, ...], code: int, last: str
) -> None:
    result = check(config, f"{HERE}:{app}", *options)
    assert result.exit_code == code
    told = words(result)
    expected = f"{HERE}:{app} {last}".replace("{n}", r"[\d,]+")
    assert re.search(expected + "$", told), told


def test_a_broken_rule_is_told_with_all_that_there_is_to_see(config: Path) -> None:
    result = check(config, f"{HERE}:leaky", "--rules", "SEC-2", "--rules", "S-SYN-2")
    assert result.exit_code == 1
    assert [
        line.rstrip()
        for line in re.sub(
            r"\d+ of \d+ responses", "n of m responses", without_the_announcement(result.output)
        ).splitlines()
    ][:-2] == [
        f"SEC-2 (SECURITY): {RULES['SEC-2'].title}",
        *wrapped(f"{RULES['SEC-2'].sentence}.", 80, 2).splitlines(),
        *wrapped(RULES["SEC-2"].why, 80, 2).splitlines(),
        *wrapped(f"Instead: {RULES['SEC-2'].repair}", 80, 2).splitlines(),
        f"  {RULES['SEC-2'].sources[0]}",
        "  Violated by n of m responses.",
        "  GET / (origin: https://evil.example): status 200",
        "header                            expected                got",
        "Access-Control-Allow-Origin       absent, or a            https://evil.example ✗",
        "                                  configured origin",
        "Access-Control-Allow-Credentials  absent                  absent",
        "Vary                              anything                Origin",
        "curl -i -X GET -H 'origin: https://evil.example' http://127.0.0.1:8000/",
        "",
        "The curl commands need the application at http://127.0.0.1:8000: serve it there",
        "to repeat them.",
        "",
        f"{HERE}:leaky",
        "├── protocol: 1 of 1 hold",
        f"│   └── ✓ S-SYN-2 {RULES['S-SYN-2'].title}",
        "└── security: 0 of 1 hold",
        f"    └── ✗ SEC-2 {RULES['SEC-2'].title}",
        "",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80])
def test_all_that_is_printed_fits(config: Path, columns: int) -> None:
    result = check(config, f"{HERE}:leaky", "--profile", "protocol", "--profile", "security", columns=columns)
    assert result.exit_code == 1
    for rule in selected(("protocol", "security")):
        assert rule.id in words(result)


def test_trouble_is_noted(config: Path) -> None:
    result = check(config, f"{HERE}:troubled", "--rules", "S-SYN-2")
    assert "Note: GET / got status 500 Note: " in words(result)


def test_a_server_out_of_reach_is_no_server(config: Path) -> None:
    with raw() as (port, _):
        pass
    result = check(config, f"http://127.0.0.1:{port}")
    assert result.exit_code == 3
    assert words(result).endswith(
        f"Nothing was checked: unreachable: 127.0.0.1 port {port}: [Errno 111] Connection refused"
    )


NOTHING_SENT = (
    f"no Access-Control-Allow-Origin. {RULES['C-CHK-1'].sentence} (C-CHK-1). Send exactly "
    "`Access-Control-Allow-Origin: https://a.example` in one field line (S-WRK-1)."
)


def test_a_control_that_fails_is_no_verdict(config: Path) -> None:
    result = check(config, f"{HERE}:empty")
    assert result.exit_code == 3
    assert words(result).endswith(
        "Nothing was checked: GET / from https://a.example, which the configuration allows, is not allowed: "
        f"the response has {NOTHING_SENT}"
    )


def test_a_server_that_dies_on_the_way_is_no_verdict(config: Path) -> None:
    result = check(config, f"{HERE}:dying", "--rules", "S-SYN-2")
    assert result.exit_code == 3
    told = words(result)
    assert f"{HERE}:dying ├── protocol: 0 of 1 hold │ └── ? S-SYN-2 " in told
    assert re.search(
        r"The run is inconclusive: after [\d,]+ requests: GET / responds with 500, not 2xx; "
        r"set another path, in the URL, by --probe 'GET /path' or in \[target\]$",
        told,
    )


def test_a_name_that_nobody_knows_is_out_of_reach(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*arguments: Any, **options: Any) -> None:
        raise OSError("unknown name")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    result = check(config, "http://a.example")
    assert result.exit_code == 3
    assert words(result).endswith("http://a.example is out of reach: a.example: unknown name")


# What is expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("app", "expected", "code", "told"),
    [
        ("leaky", ["SEC-2"], 0, "conforms: 1 finding; 1 rule: 1 expected to fail"),
        ("leaky", [], 1, "does not conform: 1 finding; 1 rule: 1 failed"),
        ("right", ["SEC-2"], 0, "SEC-2 was expected to fail, and holds: remove it from {file}"),
    ],
)
def test_what_is_known_to_be_broken_fails_no_run(
    config: Path, tmp_path: Path, app: str, expected: list[str], code: int, told: str
) -> None:
    file = tmp_path / "e.json"
    file.write_text(json.dumps({"expect": expected}))
    result = check(config, f"{HERE}:{app}", "--rules", "SEC-2", "--expect", str(file))
    assert result.exit_code == code
    assert told.replace("{file}", "").replace(" ", "") in words(result).replace(" ", "")
    assert ("was expected" in words(result)) is (app == "right")


@pytest.mark.parametrize("text", ["[]", "{}", '{"expect": "SEC-2"}', '{"expect": [1]}'])
def test_expectations_are_a_list_of_ids(config: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "e.json"
    file.write_text(text)
    assert wrong(check(config, f"{HERE}:right", "--expect", str(file), columns=400)) == (
        f'{file}: no list of rule ids; write for instance expect = ["S-SYN-6"]'
    )


# What is wrong with the question


@pytest.mark.parametrize(
    ("target", "options", "problem"),
    [
        ("right", ("--rules", "Z-*"), "nothing selected: no rule of protocol, security is called Z-*"),
        ("right", ("--list", "--rules", "Z-*"),
         "nothing selected: no rule of protocol, security is called Z-*"),
        ("right", ("--header", "a b: c"),
         "--header 'a b: c' is no header; write for instance 'Authorization: Bearer a'"),
        ("right", ("--header", "a"),
         "--header 'a' is no header; write for instance 'Authorization: Bearer a'"),
        ("right", ("--header", "a: b\nc"),
         r"--header 'a: b\nc' is no header; write for instance 'Authorization: Bearer a'"),
        ("right", ("--preflight-header", "a"),
         "--preflight-header 'a' is no header; write for instance 'Authorization: Bearer a'"),
        ("right", ("--json", "/nowhere/a.json"),
         "/nowhere/a.json cannot be written: No such file or directory"),
        ("CONFIG", (), "app: {!r} cannot be called; give an ASGI or WSGI application"),
        ("right", ("--json", "/dev/null/a.json"), "/dev/null/a.json cannot be written: Not a directory"),
        ("right", ("--rate", "5"),
         "--rate and --allow-remote are for URLs; an application runs in this process"),
        ("right", ("--allow-remote",),
         "--rate and --allow-remote are for URLs; an application runs in this process"),
        ("right", ("--timeout", "nan"), "--timeout nan: name a number of seconds"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused(
    config: Path, target: str, options: tuple[str, ...], problem: str
) -> None:
    result = check(config, f"{HERE}:{target}", *options, columns=400)
    assert wrong(result) == problem.replace("{!r}", repr(CONFIG))


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("nowhere:app", "No module named 'nowhere'"),
        (f"{HERE}:nothing", f"module '{HERE}' has no attribute 'nothing'"),
        (HERE, f"module '{HERE}' has no attribute ''"),
        (":app", "ValueError: Empty module name"),
        (".a:app", "TypeError: the 'package' argument is required to perform a relative import for '.a'"),
        ("ftp://a", "No module named 'ftp'"),
    ],
)
def test_what_is_not_there_cannot_be_checked(config: Path, target: str, problem: str) -> None:
    assert wrong(check(config, target, columns=400)) == (
        f"{target}: {problem}. Give a URL, or module:app for an application of this environment"
    )


@pytest.mark.parametrize("target", ["HTTP://a", "127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_what_was_meant_as_a_url_is_told_so(config: Path, target: str) -> None:
    told = f"{target}: a URL begins with http:// or https://, in lower case"
    assert wrong(check(config, target, columns=400)) == told


def test_importing_a_target_may_fail_in_any_way(config: Path, tmp_path: Path) -> None:
    for number, (line, told) in enumerate(
        [("raise SystemExit(0)", "SystemExit: 0"), ("1 / 0", "ZeroDivisionError: division by zero")]
    ):
        (tmp_path / f"broken{number}.py").write_text(line)
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(tmp_path)
            assert wrong(check(config, f"broken{number}:app", columns=400)).startswith(
                f"broken{number}:app: {told}. "
            )


@pytest.mark.slow
def test_what_cannot_be_called_with_a_configuration_is_no_factory(config: Path) -> None:
    told = wrong(check(config, f"{HERE}:right", "--factory", columns=400))
    assert told.startswith(f"{HERE}:right cannot be called with a Config: TypeError: ")
    assert wrong(check(config, "http://127.0.0.1:9", "--factory", columns=400)) == (
        "--factory is for module:function, not for a URL"
    )


def test_a_wrong_url_is_refused(config: Path) -> None:
    assert wrong(check(config, "http://[a", columns=400)).endswith(
        "url: 'http://[a' is not an http or https URL; write for instance http://127.0.0.1:8000"
    )


def test_a_server_elsewhere_is_refused_with_the_repair(config: Path) -> None:
    assert wrong(check(config, "http://192.0.2.1", columns=400)).endswith(
        "url: 'http://192.0.2.1' is not on this machine; pass allow_remote=True "
        "(--allow-remote) if you may test it"
    )
    result = check(config, "http://192.0.2.1:9", "--allow-remote", "--timeout", "0.05")
    assert result.exit_code == 3
    assert "Nothing was checked: unreachable: 192.0.2.1 port 9: " in words(result)


def test_all_that_is_wrong_with_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"max_age": -1, "target": {"path": "a"}}')
    assert wrong(check(path, f"{HERE}:right", columns=400)) == (
        f"{path}: the configuration is not valid: max_age: -1 is not a whole number of seconds, 0 or more "
        "target.path: 'a' does not begin with a slash; write '/a'"
    )


# What is asked


def test_the_rules_are_listed_and_nothing_is_asked(config: Path) -> None:
    result = check(config, "nowhere:app", "--list")
    assert result.exit_code == 0
    firsts = [line.split()[0] for line in result.output.splitlines() if not line.startswith(" ")]
    assert firsts == [rule.id for rule in selected(("protocol", "security"))]
    result = check(config, "nowhere:app", "--list", "--rules", "SEC-2", "--profile", "security", columns=200)
    (rule,) = selected(("security",), ("SEC-2",))
    assert result.output == f"SEC-2 (SECURITY): {rule.title}\n"


def test_the_profiles_are_those_of_the_file_unless_others_are_named(config: Path) -> None:
    config.write_text(CONFIG + '[target]\nprofiles = ["implementation"]\n')
    for options, profiles in (((), ("implementation",)), (("--profile", "security"), ("security",))):
        firsts = [
            line.split()[0]
            for line in check(config, "a:b", "--list", *options, columns=400).output.splitlines()
        ]
        assert firsts == [rule.id for rule in selected(profiles)]


def test_of_a_server_that_fails_the_control_nothing_more_is_asked(config: Path) -> None:
    with raw([b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"]) as (port, seen):
        url = f"http://127.0.0.1:{port}/api"
        result = check(config, url, "--max-examples", "7", "--header", "A:  b ", "--header", "c:")
    assert result.exit_code == 3
    assert words(result) == (
        f"Nothing was checked: GET {url} responds with 404, not 2xx; set another path, in the URL, by "
        "--probe 'GET /path' or in [target]"
    )
    assert seen == [
        (
            0,
            b"GET /api HTTP/1.1\r\nhost: 127.0.0.1:%d\r\norigin: https://a.example\r\nA: b\r\nc: \r\n\r\n"
            % port,
        )
    ]


def test_what_is_added_goes_with_its_kind_of_request(config: Path) -> None:
    asked = ("--rules", "S-WRK-2", "--max-examples", "0")
    key = ("--header", "x-key: 1")
    result = check(config, f"{HERE}:gated", *asked, *key)
    assert result.exit_code == 1
    [curl] = [line for line in result.output.splitlines() if line.startswith("curl ")]
    assert curl.startswith("curl -i -X OPTIONS ") and "x-key" not in curl
    result = check(config, f"{HERE}:gated", *asked, *key, "--preflight-header", "x-key: 1")
    assert result.exit_code == 0


def test_where_no_response_comes_the_reason_is_told(config: Path) -> None:
    result = check(config, f"{HERE}:cut", "--rules", "S-WRK-2", "--max-examples", "0")
    assert result.exit_code == 1
    told = words(result)
    assert re.search(r"OPTIONS / \([^)]*\): no response: the application ended without a response ", told)
    assert "(status) 200 to 299 absent ✗" in told
    assert "Note: OPTIONS / got no response: the application ended without a response" in told


def test_a_server_is_shown_below_its_own_url(tmp_path: Path) -> None:
    config = tmp_path / "none.toml"
    config.write_text("")
    bad = OK.replace(b"\r\n", b"\r\naccess-control-expose-headers: a b\r\n", 1)
    with raw(*[[bad] * 17] * 17) as (port, _):
        result = check(config, f"http://127.0.0.1:{port}/api", "--rules", "S-SYN-3", "--header", "a: b")
    assert result.exit_code == 1
    curl = [line for line in result.output.splitlines() if line.startswith("curl ")]
    assert curl == [f"curl -i -X GET -H 'a: b' http://127.0.0.1:{port}/api"]


def test_as_many_requests_are_sent_as_was_said(config: Path) -> None:
    for options, most in (((), 10_000), (("--quick",), 100), (("--rules", "S-ORG-4"), 60)):
        result = check(config, f"{HERE}:right", "--max-examples", "20", *options)
        assert result.exit_code == 0
        told = words(result)
        said = re.match(rf"([\d,]+) requests to {HERE}:right, with GET, HEAD and OPTIONS: about \d+ ", told)
        sent = re.search(r"; ([\d,]+) requests, seed 0$", told)
        assert said and sent
        assert said[1] == sent[1]
        assert int(said[1].replace(",", "")) <= most


# A run that ends early


def test_patience_ends_a_run_with_what_it_has(config: Path) -> None:
    result = check(config, f"{HERE}:deaf", "--patience", "2", "--timeout", "0.1", "--rules", "SEC-*")
    assert result.exit_code == 3
    assert re.search(
        r"The run is inconclusive: after \d+ requests: 2 requests got no response, the last of them "
        r"OPTIONS /: no response within 0.1 seconds; --patience allows more$",
        words(result),
    )


def test_a_violation_fails_a_run_that_ends_early(config: Path) -> None:
    result = check(config, f"{HERE}:mute", "--patience", "1", "--timeout", "0.1", "--rules", "SEC-2",
                   "--rules", "S-WRK-2")  # fmt: skip
    assert result.exit_code == 1
    assert "The run ended early: after" in words(result)
    assert f"{HERE}:mute does not conform: 2 findings; 2 rules: 2 failed;" in words(result)


@pytest.mark.parametrize(
    ("number", "told"), [(0, "Nothing was checked: "), (40, "The run is inconclusive: ")]
)
def test_an_interrupted_run_reports_what_was_done(
    config: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    left = iter(range(number))
    send = Asgi.send

    def interrupted(self: Asgi, request: Request) -> Response:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return send(self, request)

    monkeypatch.setattr(Asgi, "send", interrupted)
    result = check(config, f"{HERE}:right")
    assert result.exit_code == 130
    assert f"{told}interrupted after {number + 1} requests" in words(result)


def test_what_is_not_reachable_from_a_browser_is_told_apart_and_fails_a_strict_run(config: Path) -> None:
    title = f"S-ORG-6 (SECURITY): {RULES['S-ORG-6'].title} (not reachable from a browser"
    result = check(config, f"{HERE}:doubling", "--rules", "S-ORG-6")
    assert result.exit_code == 0
    assert f"{title}, fails no run)" in words(result)
    result = check(config, f"{HERE}:doubling", "--rules", "S-ORG-6", "--strict")
    assert result.exit_code == 1
    assert f"{title})" in words(result)


@pytest.mark.slow
def test_a_factory_is_checked(config: Path) -> None:
    result = check(config, f"{HERE}:made", "--factory", "--rules", "S-SYN-2")
    assert result.exit_code == 0
    assert f"{HERE}:made conforms: 1 rule: 1 passed; " in words(result)


def test_an_interface_can_be_named(config: Path) -> None:
    result = check(config, f"{HERE}:right", "--interface", "wsgi")
    assert result.exit_code == 2
    assert "seems to have the interface asgi; write that instead of wsgi" in words(result)
    assert check(config, f"{HERE}:right", "--interface", "asgi", "--rules", "SEC-2").exit_code == 0


# Reports


def test_all_reports_are_written(config: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "junit", "html", "markdown")}
    options = [text for kind, file in files.items() for text in (f"--{kind}", str(file))]
    assert check(config, f"{HERE}:leaky", "--rules", "SEC-2", *options).exit_code == 1
    texts = {kind: file.read_text(encoding="utf-8") for kind, file in files.items()}
    data = json.loads(texts["json"])
    assert data["target"] == f"{HERE}:leaky"
    assert [rule["verdict"] for rule in data["rules"]] == ["fail"]
    assert ElementTree.fromstring(texts["junit"].encode()).attrib["failures"] == "1"
    assert texts["html"].startswith("<!doctype html>\n")
    name = HERE.replace("_", "\\_")
    assert texts["markdown"].startswith(f"# CORS of {name}:leaky: does not conform\n")


def test_reports_are_written_when_the_control_fails(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    assert check(config, f"{HERE}:empty", "--json", str(file)).exit_code == 3
    data = json.loads(file.read_text())
    told = f"is not allowed: the response has {NOTHING_SENT}"
    assert data["inconclusive"] == f"GET / from https://a.example, which the configuration allows, {told}"
    assert {rule["verdict"] for rule in data["rules"]} == {"inconclusive"}


def test_another_configuration_is_another_server(tmp_path: Path) -> None:
    config = tmp_path / "two.json"
    config.write_text(json.dumps({"allow_origins": TWO.allow_origins, "target": {"path": "/a"}}))
    assert check(config, f"{HERE}:right", "--rules", "S-WRK-1").exit_code == 1
