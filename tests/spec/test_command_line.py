"""`python -m spec`: every message, every exit code, at 80 columns."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import strategies as st

from model import respond
from spec import RULES, Config, strategies
from spec.__main__ import APP_RESPONSE, REPAIRS, main, permitting
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, outcome, perform
from spec.rules.configuration import errors
from tests.floors import floors, hit

ROOT = Path(__file__).resolve().parent.parent.parent

CONFIG = """\
allow_origins = ["https://app.example", "http://localhost:8080"]
allow_methods = ["GET", "PUT", "PATCH"]
allow_headers = ["X-Token"]
allow_credentials = true
expose_headers = ["X-Total"]
"""


def run(*arguments: str, columns: int = 80) -> Result:
    """Run the command line, and hold it to the width of the terminal."""
    result = CliRunner().invoke(main, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code in (0, 1, 2), result.exception
    return result


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cors.toml"
    path.write_text(CONFIG)
    return path


def explain(path: Path, *arguments: str) -> Result:
    """Ask about a fetch; without other arguments a GET from an allowed page."""
    given = " ".join(arguments)
    origin = () if "--origin" in given else ("--origin", "https://app.example")
    method = () if "--method" in given else ("--method", "GET")
    return run("explain", "--config", str(path), *origin, *method, *arguments)


def words(text: str) -> str:
    """A text without its line breaks, so that a sentence is found wherever it was broken."""
    return " ".join(text.split())


# rules


def test_all_rules_are_listed() -> None:
    result = run("rules")
    assert result.exit_code == 0
    words_first = [line.split()[0] for line in result.stdout.splitlines() if line.strip()]
    firsts = [word for word in words_first if word in RULES]
    assert firsts == list(RULES)
    assert f"{len(RULES)} of {len(RULES)} rules" in result.stdout


def test_a_rule_is_listed_with_all_that_there_is_to_know() -> None:
    result = run("rules", "S-SYN-2")
    rule = RULES["S-SYN-2"]
    row = " ".join(line.strip() for line in result.stdout.splitlines()[3:])
    for part in (rule.id, rule.level.value, rule.profile.value, rule.scope.value, "1 of"):
        assert part in row
    assert all(word in row for word in rule.sentence.split())
    assert "level" in result.stdout and "profile" in result.stdout and "scope" in result.stdout


def test_a_glob_selects_rules_in_any_letter_case() -> None:
    assert run("rules", "c-pf-1?").stdout == run("rules", "C-PF-1?").stdout
    assert "6 of" in run("rules", "C-PF-1?").stdout
    assert run("rules", "D-01").exit_code == 0


def test_what_cannot_be_executed_is_marked() -> None:
    assert "(not executable)" in words(run("rules", "D-29").stdout)
    assert "(not executable)" not in words(run("rules", "D-22").stdout)


def test_a_glob_that_matches_nothing_is_an_error() -> None:
    result = run("rules", "Z-*")
    assert result.exit_code == 2
    assert "no rule has an id like 'Z-*'" in words(result.output)
    assert "D-*" in result.output and "C-PF-*" in result.output and "CFG-*" in result.output
    assert result.stdout == ""


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_the_table_of_rules_fits_and_no_id_is_cut(columns: int) -> None:
    lines = run("rules", columns=columns).stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert set(RULES) <= {word for line in lines for word in line.split()}
    assert "…" not in "".join(lines)


# explain: stories


def test_a_story_of_a_preflighted_fetch_is_told_in_order(config: Path) -> None:
    result = explain(config, "--method", "put", "--header", "X-Token: 7", "--credentials")
    assert result.exit_code == 0
    story = result.stdout.partition("\n\nALLOWED")[0]
    assert (
        story
        == """\
A page of https://app.example fetches from another origin: put, with
credentials.
It sets the header X-Token: 7
The browser does what the Fetch standard says. The application behind the server
answers 200.

1. The browser sends a preflight first
   The method PUT is none of GET, HEAD and POST (C-MTH-4).
   The header x-token is not safelisted (C-SAF-7).
      OPTIONS /
      accept: */*
      access-control-request-method: PUT
      access-control-request-headers: x-token
      origin: https://app.example

2. The server answers it without asking the application
      200 OK
      content-type: text/plain; charset=utf-8
      content-length: 2
      vary: Origin, Access-Control-Request-Method,
          Access-Control-Request-Headers, Access-Control-Request-Private-Network
      access-control-allow-origin: https://app.example
      access-control-allow-credentials: true
      access-control-max-age: 600
      access-control-allow-methods: GET, PUT, PATCH
      access-control-allow-headers: Accept, Accept-Language, Content-Language,
          Content-Type, X-Token

      OK

3. The browser sends the request
      PUT /
      x-token: 7
      origin: https://app.example

4. The server answers
      200 OK
      content-type: text/plain
      access-control-allow-origin: https://app.example
      access-control-allow-credentials: true
      access-control-expose-headers: X-Total
      vary: Origin"""
    )
    verdict = result.stdout[len(story) :]
    sentence = RULES["C-CHK-6"].sentence
    assert words(verdict) == (
        "ALLOWED: the script may read the answer; of its headers content-type. "
        f"C-CHK-6: {sentence}. https://fetch.spec.whatwg.org/#concept-cors-check"
    )


def test_a_simple_fetch_needs_no_preflight(config: Path) -> None:
    result = explain(config, "--header", "Accept: a/b")
    assert result.exit_code == 0
    assert "It needs no preflight: method and headers are safelisted (C-PF-1)." in result.stdout
    assert "OPTIONS" not in result.stdout
    assert "C-CHK-7" in result.stdout


def test_a_blocked_preflight_ends_the_story(config: Path) -> None:
    result = explain(config, "--method", "DELETE", "--header", "X-Other")
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "Disallowed CORS method, headers" in told
    assert "3. The browser does not send the request BLOCKED: the script gets a TypeError" in told
    assert f"C-PF-6: {RULES['C-PF-6'].sentence}." in told
    assert RULES["C-PF-6"].source in told
    assert "DELETE /" not in told
    assert 'allow_methods = ["GET", "PUT", "PATCH", "DELETE"]' in told
    assert 'allow_headers = ["X-Token", "x-other"]' in told
    assert "allow_origins =" not in told
    assert "(C-CHK-10)" not in told


def test_a_preflight_that_is_not_shared_is_traced_to_its_cause(config: Path) -> None:
    result = explain(config, "--method", "PUT", "--origin", "https://app.example.evil.example")
    assert result.exit_code == 1
    told = words(result.stdout)
    assert told.index("C-PF-7: ") < told.index("C-CHK-1: ") < told.index("To allow it")
    assert (
        'allow_origins = ["https://app.example", "http://localhost:8080", "https://app.example.evil.example"]'
        in told
    )


def test_a_blocked_request_was_sent_all_the_same(config: Path) -> None:
    result = explain(config, "--origin", "http://app.example")
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "GET / origin: http://app.example 2. The server answers 200 OK" in told
    assert "C-CHK-1" in told
    assert "The server has got the request all the same, and may have acted on it (C-CHK-10)." in told
    assert "That is unwise: allow_origins[2] is 'http://app.example' A-CFG-8: " in told


def test_a_method_in_the_wrong_case_can_be_mended_in_the_script(config: Path) -> None:
    told = words(explain(config, "--method", "patch").stdout)
    assert '"patch"]' in told
    assert "Or let the script say PATCH: case matters, and the browser leaves it as it is (C-MTH-1)." in told
    assert "Or let" not in explain(config, "--method", "purge").stdout
    assert "Or let" not in explain(config, "--method", "DELETE").stdout


@pytest.mark.parametrize(
    ("arguments", "rule", "why"),
    [
        (("--method", "TRACE"), "C-MTH-3", "never sent"),
        (("--method", "GET,POST"), "C-MTH-3", "never sent"),
        (("--method", ""), "C-MTH-3", "never sent"),
        (("--header", "X-Token: \u20ac"), "C-HDR-3", "never sent"),
        (("--header", "X-Token: a\nb"), "C-HDR-3", "never sent"),
    ],
)
def test_a_fetch_that_throws_is_blocked_by_the_browser(
    config: Path, arguments: tuple[str, ...], rule: str, why: str
) -> None:
    result = explain(config, *arguments)
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "1. The browser sends nothing: fetch() throws a TypeError BLOCKED" in told
    assert f"{rule}: " in told and why in told
    assert "No configuration can allow it: the browser itself refuses." in told
    assert "OPTIONS" not in told


def test_a_page_of_an_opaque_origin_cannot_have_credentials(config: Path) -> None:
    result = explain(config, "--origin", "null", "--credentials")
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "A page without an origin of its own fetches" in told
    assert "No configuration can allow it, for none may say this: allow_origins[2] is 'null' A-CFG-7:" in told
    assert "To allow it" not in told


def test_the_wildcard_gives_way_to_names_where_credentials_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "cors.json"
    path.write_text('{"allow_origins": ["*"]}')
    result = explain(path, "--credentials")
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "C-WLD-1: With credentials `*` is" in told
    assert '"allow_origins": ["https://app.example"] "allow_credentials": true' in told
    assert "With credentials every origin must be named: the wildcard stands for none (C-WLD-1)." in told
    assert explain(path).exit_code == 0
    assert "stands for none" not in explain(path, "--method", "PUT").stdout


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("Accept: a(b", "C-SAF-2"),
        (f"Accept: {'a' * 129}", "C-SAF-1"),
        ("Accept-Language: e_n", "C-SAF-3"),
        ("Content-Language: e_n", "C-SAF-3"),
        ("Content-Type: application/json", "C-SAF-4"),
        ("Range: bytes=-5", "C-SAF-5"),
        ("Authorization: Bearer 1", "C-SAF-7"),
        (f"X-Long: {'a' * 129}", "C-SAF-7"),
    ],
)
def test_it_is_said_why_a_header_takes_a_preflight(config: Path, header: str, rule: str) -> None:
    told = words(explain(config, "--header", header).stdout)
    name = header.partition(":")[0].lower()
    (sentence,) = [part for part in told.split(". ") if part.endswith(f"({rule})")]
    assert f"The header {name} " in sentence


def test_all_safelisted_headers_together_can_be_too_long(config: Path) -> None:
    headers = [part for _ in range(9) for part in ("--header", f"Accept: {'a' * 128}")]
    told = explain(config, *headers).stdout
    assert "The header accept has, with the other safelisted headers, more than" in told
    assert "(C-SAF-6)" in told
    told = explain(config, *headers, "--engine", "chromium").stdout
    assert "The header accept has more than 128 bytes (C-SAF-1)." in told
    assert "(C-PF-1)" in explain(config, *headers, "--engine", "firefox").stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Token", "1"),
        ("content-type", "text/plain"),
        ("Accept", "*/*"),
        ("Accept-Language", "en"),
        ("Content-Language", "en"),
        ("Range", "bytes=0-"),
    ],
)
def test_a_header_without_a_value_gets_a_harmless_one_that_is_told(
    config: Path, name: str, value: str
) -> None:
    told = explain(config, "--header", name).stdout
    assert f"It sets the header {name}: {value}\n" in told
    assert ("OPTIONS" in told) == (name == "X-Token")
    assert (
        f"It sets the header {name}: \n".replace(" \n", "\n")
        in explain(config, "--header", f"{name}:").stdout
    )


def test_what_a_script_cannot_set_is_left_out(config: Path) -> None:
    told = words(explain(config, "--header", "Cookie: a=1", "--header", "Sec-X", "--header", "Range").stdout)
    assert "It leaves out Cookie: a script cannot set this (C-HDR-1). It leaves out Sec-X: a script" in told
    assert "cookie: a=1" not in told
    assert "It leaves out Range" not in told


def test_an_engine_can_be_chosen(config: Path) -> None:
    told = explain(config, "--header", "User-Agent: a", "--engine", "chromium").stdout
    assert "The browser is Chromium." in told and "It leaves out User-Agent" in words(told)
    told = explain(config, "--header", "User-Agent: a", "--engine", "webkit").stdout
    assert "The browser is WebKit." in told and "The header user-agent is not safelisted" in told


def test_odd_characters_are_escaped(config: Path) -> None:
    told = explain(config, "--header", "X-Token: \u00e9\x1b[31m\u202e").stdout
    assert r"X-Token: \xe9\x1b[31m\u202e" in told
    assert told.isascii() and "\x1b" not in told


# explain: wrong questions


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--origin", "https://App.example"), "hosts are in lower case. Did you mean https://app.example?"),
        (("--origin", "https://app.example/"), "slash at the end. Did you mean https://app.example?"),
        (("--origin", "https://app.example:443"), "the default port is left out. Did you mean"),
        (("--origin", "app.example"), "begins with a scheme and `://`. One is https://example.com."),
        (("--origin", "*"), "--origin *: no page has this origin"),
        (("--origin", ""), "no page has this origin"),
        (("--origin", "https://b\u00fccher.example"), r"--origin https://b\xfccher.example: no page has"),
        (("--origin", "NULL"), "Did you mean null?"),
        (("--header", "X Token: 1"), "'X Token' is not a header name. Write 'X-Token', or"),
        (("--header", ""), "'' is not a header name"),
        (("--header", ": 1"), "'' is not a header name"),
        (("--header", "a=b/c"), "'a=b/c' is not a header name"),
        (("--header", "\u00e9: 1"), r"'\xe9' is not a header name"),
        (("--engine", "opera"), "'opera' is not one of"),
        (("--frob",), "No such option"),
        (("extra",), "unexpected extra argument"),
    ],
)
def test_a_wrong_question_is_refused(config: Path, arguments: tuple[str, ...], message: str) -> None:
    result = explain(config, *arguments)
    assert result.exit_code == 2
    assert message in words(result.output)
    assert result.stdout == ""


@pytest.mark.parametrize("left_out", ["--config", "--origin", "--method"])
def test_what_is_missing_is_named(config: Path, left_out: str) -> None:
    given = {"--config": str(config), "--origin": "https://app.example", "--method": "GET"}
    del given[left_out]
    result = run("explain", *[part for pair in given.items() for part in pair])
    assert result.exit_code == 2
    assert f"Missing option '{left_out}'" in result.output


# explain: wrong configurations


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("a.toml", b"allow_origins = [", ["cannot be read as TOML", "Invalid value"]),
        ("a.json", b'{"allow_origins": [}', ["cannot be read as JSON", "line 1 column 20"]),
        ("a.json", b"", ["cannot be read as JSON", "Expecting value"]),
        ("a.json", b"\xff", ["cannot be read as JSON", "utf-8"]),
        ("a.toml", b"a = \xff", ["cannot be read as TOML", "utf-8"]),
        ("a.json", b"[" * 100_000, ["cannot be read as JSON"]),
        ("a.yaml", b"", ["neither .toml nor .json"]),
        ("a", b"{}", ["neither .toml nor .json"]),
        ("a.json", b"[]", ["[] is not a mapping of parameters to values"]),
        (
            "a.toml",
            b'allow_origins = "*"\nmax_age = -1\nallow_orgins = []\n',
            [
                "allow_origins: '*' is not a list of strings",
                "max_age: -1 is not a whole number of seconds, 0 or more",
                "allow_orgins: unknown parameter (known: allow_origins, allow_methods,",
            ],
        ),
        ("a.json", b'{"max_age": NaN}', ["max_age: nan is not a whole number"]),
        ("a.json", b'{"allow_credentials": "yes"}', ["allow_credentials: 'yes' is not true or false"]),
        ("a.json", b'{"allow_origin_regex": 1}', ["allow_origin_regex: 1 is not a string or null"]),
        (
            "a.json",
            json.dumps(
                {
                    "allow_origins": ["*", "https://App.example/", "null", "\ud800"],
                    "allow_methods": ["trace", "get"],
                    "allow_headers": ["X Token"],
                    "allow_origin_regex": "(",
                    "expose_headers": ["a:"],
                    "allow_credentials": True,
                }
            ).encode(),
            [
                "a middleware would refuse this configuration, 9 problems:",
                "allow_origins[0] is '*' A-CFG-1: The wildcard origin with credentials is refused. Instead:",
                "allow_origins[1] is 'https://App.example/' A-CFG-5: ",
                "slash at the end; hosts are in lower case). Instead: 'https://app.example'.",
                r"allow_origins[3] is '\ud800' A-CFG-5: ",
                "Instead: the origin as the browser sends it",
                "allow_origins[2] is 'null' A-CFG-7: ",
                "allow_methods[0] is 'trace' A-CFG-12: ",
                "allow_methods[1] is 'get' A-CFG-13: ",
                "Instead: 'GET'.",
                "allow_headers[0] is 'X Token' A-CFG-14: ",
                "expose_headers[0] is 'a:' A-CFG-14: ",
                "allow_origin_regex is '(' A-CFG-9: ",
            ],
        ),
        ("a.toml", b'allow_origin_regex = ""', [", 1 problem:", "allow_origin_regex is '' A-CFG-21: "]),
    ],
)
def test_a_wrong_configuration_is_refused(
    tmp_path: Path, name: str, content: bytes, messages: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = explain(path)
    assert result.exit_code == 2
    told = words(result.output)
    for message in messages:
        assert message in told
    assert name in "".join(result.output.split())
    assert result.stdout == ""


def test_a_configuration_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.toml", tmp_path):
        result = explain(path)
        assert result.exit_code == 2
        assert "Invalid value for '--config'" in words(result.output)


def test_an_unwise_configuration_is_warned_of_and_used(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text("""\
allow_origins = ["http://app.example", "https://a_b.example"]
allow_credentials = true
allow_origin_regex = '(.*.com)+'
max_age = 99999
allow_headers = ["*", "Cookie"]
expose_headers = ["*"]
""")
    result = explain(path, "--origin", "http://app.example")
    assert result.exit_code == 0
    told = words(result.stderr)
    for rule_id in ("A-CFG-8", "A-CFG-10", "A-CFG-11", "A-CFG-15", "A-CFG-16", "A-CFG-18", "A-CFG-22",
                    "A-CFG-23", "A-CFG-24"):  # fmt: skip
        assert f"{rule_id}: {RULES[rule_id].sentence}. Instead: {REPAIRS[rule_id]}." in told
    assert told.count("Warning: ") == 9
    assert "ALLOWED" in result.stdout and "Warning" not in result.stdout


def test_every_finding_that_a_file_can_cause_has_a_repair() -> None:
    # The others are about types that TOML and JSON have not, or that `Config.from_mapping` refuses.
    never = {f"A-CFG-{number}" for number in (2, 3, 4, 17, 19, 20)}
    assert set(REPAIRS) | never == {rule_id for rule_id in RULES if rule_id.startswith("A-CFG")}
    assert not set(REPAIRS) & never


# What would have to change

CASES = strategies.configs().flatmap(
    lambda config: st.tuples(
        st.just(config),
        strategies.fetches(config),
        st.sampled_from([STANDARD, CHROMIUM, FIREFOX, WEBKIT]),
    )
)


@floors(was_blocked=0.2, is_refused=0.01, preflighted=0.2)
@given(CASES)
def test_a_configuration_that_lacks_nothing_allows_the_fetch(case: tuple[Config, Fetch, Engine]) -> None:
    config, fetch, engine = case
    better = permitting(config, fetch, engine)
    refused = bool(errors(better))
    before = perform(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine)
    hit(
        was_blocked=not before.allowed,
        is_refused=refused,
        preflighted=not outcome(fetch, None, APP_RESPONSE, engine).reason.startswith("C-CHK"),
    )
    assume(not refused)
    after = perform(fetch, lambda request: respond(better, request, APP_RESPONSE), engine=engine)
    assert after.allowed


@given(CASES)
def test_nothing_is_added_that_is_not_lacking(case: tuple[Config, Fetch, Engine]) -> None:
    config, fetch, engine = case
    better = permitting(config, fetch, engine)
    if perform(fetch, lambda request: respond(config, request, APP_RESPONSE), engine=engine).allowed:
        assert better == config
    assert permitting(better, fetch, engine) == better


# As a process of its own


def test_it_runs_as_a_module(config: Path) -> None:
    command = [sys.executable, "-m", "spec", "explain", "--config", str(config), "--method", "GET"]
    blocked = subprocess.run(
        [*command, "--origin", "https://evil.example"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (blocked.returncode, blocked.stderr) == (1, "")
    assert "BLOCKED" in blocked.stdout and "\x1b" not in blocked.stdout


def test_without_its_packages_it_says_how_to_get_them() -> None:
    for package in ("click", "rich"):
        without = f"import runpy, sys; sys.modules[{package!r}] = None"
        script = f"{without}; runpy.run_module('spec', run_name='__main__')"
        ran = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 2
        assert ran.stderr.startswith(f"This needs {package}")
        assert ran.stderr.endswith(": pip install 'verified-cors[check]'\n")
        assert len(ran.stderr.splitlines()) == 1
