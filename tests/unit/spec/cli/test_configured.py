"""What `verified-cors explain --config` tells: every message, every exit code."""

import json
from pathlib import Path

import pytest

from spec import RULES, Config
from spec.cli.configured import finding, read_config
from spec.cli.terminal import UsageError, wrapped
from spec.rules import guidance
from spec.rules.judge import errors, warnings
from tests.unit.spec.cli.running import CONFIG, coloured, explain, words


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cors.toml"
    path.write_text(CONFIG)
    return path


# Stories


def test_a_terminal_shows_what_matters_in_bold_and_in_colour(config: Path) -> None:
    asked = ("explain", "--config", str(config), "--method", "GET", "--origin")
    allowed, blocked = coloured(*asked, "https://app.example"), coloured(*asked, "https://b.example")
    assert "\n\x1b[1m1. The browser sends the request\x1b[0m\n" in allowed
    assert "\n\x1b[1;32mALLOWED: the script can read the response" in allowed
    assert (
        "\n\x1b[1;31mBLOCKED: the script gets a TypeError and cannot read the response.\x1b[0m\n" in blocked
    )
    assert allowed.count("\x1b") == blocked.count("\x1b") == 6


def test_the_wildcard_stays_where_no_credentials_are_sent(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["*"]\n')
    result = explain(path, "--method", "PUT")
    assert "To allow it, configure:" in result.stdout
    assert "every origin must be listed" not in words(result.stdout)


def test_the_file_of_a_check_can_be_explained_too(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(f'{CONFIG}\n[target]\npath = "/shop"\n')
    assert explain(path).exit_code == 0
    path.write_text('[[policy]]\npath = "/"\n')
    several = f"{path}: has several policies; write the one to explain into a file of its own"
    assert explain(path, columns=300).stderr == f"Error: {several}\n"
    path.write_text(f"{CONFIG}\n[targets]\n")
    assert "targets: unknown parameter" in explain(path).stderr


def test_a_story_of_a_preflighted_fetch_is_told_in_order(config: Path) -> None:
    result = explain(config, "--method", "put", "--header", "X-Token: 7", "--credentials")
    assert result.exit_code == 0
    story = result.stdout.partition("\n\nALLOWED")[0]
    needed = wrapped(unsafe("x-token", "C-SAF-7"), 80, 3)
    assert (
        story
        == f"""\
A page of https://app.example fetches from another origin: put, with
credentials.
It sets the header X-Token: 7
The browser follows the Fetch standard. The application behind the server
responds with 200.

1. The browser sends a preflight first
   The method PUT is not one of GET, HEAD and POST (C-MTH-4).
{needed}
      OPTIONS /
      accept: */*
      access-control-request-method: PUT
      access-control-request-headers: x-token
      origin: https://app.example

2. The server responds without calling the application
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

4. The server responds
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
        "ALLOWED: the script can read the response, and of its headers content-type. "
        f"C-CHK-6: {sentence}. https://fetch.spec.whatwg.org/#concept-cors-check"
    )


def says(rule_id: str) -> str:
    return f"{rule_id}: {RULES[rule_id].sentence}."


def cites(rule_id: str) -> str:
    links = "".join(f"    {source}\n" for source in RULES[rule_id].sources)
    return f"  {says(rule_id)}\n{links}"


def unsafe(header: str, rule_id: str) -> str:
    return f"{header}: {RULES[rule_id].sentence} ({rule_id})."


STANDARD_BROWSER = (
    "The browser follows the Fetch standard. The application behind the server responds with 200.\n"
)
SIMPLE = """
1. The browser sends the request
   It needs no preflight: method and headers are safelisted (C-PF-1).
"""
BLOCKED = "\nBLOCKED: the script gets a TypeError and cannot read the response.\n"
SENT = "The server has got the request all the same, and may have acted on it (C-CHK-10).\n"
TO_ALLOW_IT = "\nTo allow it, configure:\n"
STORIES = [
    (
        "a simple fetch is allowed",
        ("--header", "Accept: a/b"),
        "A page of https://app.example fetches from another origin: GET, without credentials.\n"
        f"It sets the header Accept: a/b\n{STANDARD_BROWSER}{SIMPLE}"
        """\
      GET /
      accept: a/b
      origin: https://app.example

2. The server responds
      200 OK
      content-type: text/plain
      access-control-allow-origin: https://app.example
      access-control-allow-credentials: true
      access-control-expose-headers: X-Total
      vary: Origin

ALLOWED: the script can read the response, and of its headers content-type.
"""
        f"{cites('C-CHK-7')}",
    ),
    (
        "a preflight does not pass, and the script could mend it as well",
        ("--method", "patch", "--header", "X-Other: 1"),
        "A page of https://app.example fetches from another origin: patch, without credentials.\n"
        f"It sets the header X-Other: 1\n{STANDARD_BROWSER}"
        f"""
1. The browser sends a preflight first
   The method patch is not one of GET, HEAD and POST (C-MTH-4).
   {unsafe("x-other", "C-SAF-7")}
      OPTIONS /
      accept: */*
      access-control-request-method: patch
      access-control-request-headers: x-other
      origin: https://app.example

2. The server responds without calling the application
      400 Bad Request
      content-type: text/plain; charset=utf-8
      content-length: 31
      vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
Access-Control-Request-Private-Network
      access-control-allow-origin: https://app.example
      access-control-allow-credentials: true
      access-control-max-age: 600
      access-control-allow-methods: GET, PUT, PATCH
      access-control-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, X-Token

      Disallowed CORS method, headers

3. The browser does not send the request
"""
        f"{BLOCKED}{cites('C-PF-6')}{TO_ALLOW_IT}"
        f"""\
      allow_methods = ["GET", "PUT", "PATCH", "patch"]
      allow_headers = ["X-Token", "x-other"]
That is risky:
  allow_methods[3] is 'patch'
    {says("A-CFG-28")}
    Instead: 'PATCH'.
Or use PATCH in the script: methods are case-sensitive, and the browser does not change this one (C-MTH-1).
""",
    ),
    (
        "the answer to a preflight is not shared",
        ("--method", "PUT", "--origin", "https://b.example"),
        "A page of https://b.example fetches from another origin: PUT, without credentials.\n"
        f"{STANDARD_BROWSER}"
        """
1. The browser sends a preflight first
   The method PUT is not one of GET, HEAD and POST (C-MTH-4).
      OPTIONS /
      accept: */*
      access-control-request-method: PUT
      origin: https://b.example

2. The server responds without calling the application
      400 Bad Request
      content-type: text/plain; charset=utf-8
      content-length: 22
      vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
Access-Control-Request-Private-Network

      Disallowed CORS origin

3. The browser does not send the request
"""
        f"{BLOCKED}{cites('C-PF-7')}{cites('C-CHK-1')}{TO_ALLOW_IT}"
        """\
      allow_origins = ["https://app.example", "http://localhost:8080", "https://b.example"]
""",
    ),
    (
        "a request is sent, and to allow it would be risky",
        ("--origin", "http://app.example", "--header", "Cookie: a=1", "--engine", "webkit"),
        "A page of http://app.example fetches from another origin: GET, without credentials.\n"
        "It sets the header Cookie: a=1\n"
        f"The browser is WebKit. The application behind the server responds with 200.\n{SIMPLE}"
        """\
   It leaves out Cookie: a script cannot set this (C-HDR-1).
      GET /
      origin: http://app.example

2. The server responds
      200 OK
      content-type: text/plain
      vary: Origin
"""
        f"{BLOCKED}{cites('C-CHK-1')}{SENT}{TO_ALLOW_IT}"
        f"""\
      allow_origins = ["https://app.example", "http://localhost:8080", "http://app.example"]
That is risky:
  allow_origins[2] is 'http://app.example'
    {says("A-CFG-8")}
    Instead: {RULES["A-CFG-8"].repair}
""",
    ),
    (
        "no configuration can allow it, for it would be refused",
        ("--origin", "null", "--credentials"),
        "A page without an origin of its own fetches from another origin: GET, with credentials.\n"
        f"{STANDARD_BROWSER}{SIMPLE}"
        """\
      GET /
      origin: null

2. The server responds
      200 OK
      content-type: text/plain
      vary: Origin
"""
        f"{BLOCKED}{cites('C-CHK-1')}{SENT}"
        f"""
No configuration can allow it, because this would be an error:
  allow_origins[2] is 'null'
    {says("A-CFG-7")}
    Instead: {RULES["A-CFG-7"].repair}
""",
    ),
    (
        "no configuration can allow it, for the browser refuses",
        ("--method", "TRACE"),
        "A page of https://app.example fetches from another origin: TRACE, without credentials.\n"
        f"{STANDARD_BROWSER}"
        f"\n1. The browser sends nothing: fetch() throws a TypeError\n{BLOCKED}{cites('C-MTH-3')}"
        "\nNo configuration can allow it: the browser itself refuses.\n",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "story"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES]
)
def test_a_story_is_told_whole(config: Path, arguments: tuple[str, ...], story: str) -> None:
    result = explain(config, *arguments, columns=200)
    assert result.stdout == story
    assert result.exit_code == (0 if "ALLOWED" in story else 1)
    assert result.stderr == ""


def test_a_method_in_the_wrong_case_can_be_mended_in_the_script(config: Path) -> None:
    assert "Or use" in explain(config, "--method", "patch").stdout
    assert "Or use" not in explain(config, "--method", "purge").stdout
    assert "Or use" not in explain(config, "--method", "DELETE").stdout
    assert "Or use" not in explain(config, "--method", "PATCH", "--origin", "https://b.example").stdout
    assert "Or use" not in explain(config, "--method", "put", "--origin", "https://b.example").stdout


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("--method", "TRACE"), "C-MTH-3"),
        (("--method", "GET,POST"), "C-MTH-3"),
        (("--method", ""), "C-MTH-3"),
        (("--header", "X-Token: \u20ac"), "C-HDR-3"),
        (("--header", "X-Token: a\nb"), "C-HDR-3"),
    ],
)
def test_a_fetch_that_throws_is_blocked_by_the_browser(
    config: Path, arguments: tuple[str, ...], rule: str
) -> None:
    result = explain(config, *arguments)
    assert result.exit_code == 1
    told = words(result.stdout)
    assert "1. The browser sends nothing: fetch() throws a TypeError BLOCKED" in told
    assert says(rule) in told
    assert "No configuration can allow it: the browser itself refuses." in told
    assert "OPTIONS" not in told


def test_the_wildcard_gives_way_to_names_where_credentials_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "cors.JSON"
    path.write_text('{"allow_origins": ["*"]}')
    result = explain(path, "--credentials", columns=200)
    assert result.exit_code == 1
    assert result.stdout.endswith(f"""\
      access-control-allow-origin: *
      vary: Origin
{BLOCKED}{cites("C-WLD-1")}{SENT}{TO_ALLOW_IT}\
      "allow_origins": ["https://app.example"]
      "allow_credentials": true
With credentials every origin must be listed: the wildcard matches none (C-WLD-1).
""")
    told = explain(path, "--credentials", "--method", "PUT", columns=200).stdout
    assert f"{BLOCKED}{cites('C-PF-7')}{cites('C-WLD-1')}{TO_ALLOW_IT}" in told
    assert explain(path).exit_code == 0
    assert "stands for none" not in explain(path, "--method", "PUT").stdout


def test_null_gives_way_where_another_page_asks_for_credentials(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["null", "https://b.example"]\n')
    told = explain(path, "--credentials").stdout
    assert 'allow_origins = ["https://b.example", "https://app.example"]' in told
    assert "No configuration can allow it" in explain(path, "--origin", "null", "--credentials").stdout


def test_what_was_risky_before_is_not_told_again(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["null", "https://a_b.example"]\nmax_age = 86401\n')
    result = explain(path, columns=200)
    assert result.exit_code == 1
    assert "That is risky" not in result.stdout


def test_all_readable_headers_are_named(tmp_path: Path) -> None:
    names = ["access-control-allow-origin", "access-control-expose-headers", "content-type", "vary"]
    path = tmp_path / "cors.json"
    path.write_text('{"allow_origins": ["https://app.example"], "expose_headers": ["*"]}')
    assert f"ALLOWED: the script can read the response, and of its headers {', '.join(names)}.\n" in (
        explain(path, columns=200).stdout
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
    assert "The browser is WebKit." in told and "\n   user-agent: A preflight lists every header" in told


def test_what_an_engine_does_not_ask_for_need_not_be_allowed(config: Path) -> None:
    asked = ("--origin", "https://b.example", "--method", "POST", "--header", "User-Agent: a")
    told = explain(config, *asked).stdout
    assert "allow_origins = " in told and "allow_methods = " in told and "allow_headers = " in told
    told = explain(config, *asked, "--engine", "chromium").stdout
    assert "allow_origins = " in told and "allow_methods = " not in told and "allow_headers = " not in told
    told = explain(config, *asked, "--engine", "chromium", "--method", "DELETE").stdout
    assert "allow_methods = " in told and "allow_headers = " not in told


def test_odd_characters_are_escaped(config: Path) -> None:
    told = explain(config, "--header", "X-Token: \u00e9\x1b[31m\u202e").stdout
    assert r"X-Token: \xe9\x1b[31m\u202e" in told
    assert told.isascii() and "\x1b" not in told


def test_with_all_engines_a_configuration_has_a_story_for_each(config: Path) -> None:
    result = explain(config, "--engine", "all", "--method", "DELETE")
    assert result.exit_code == 1
    assert result.stdout.count("\n\nTo allow it, configure:\n") == 4
    assert "standard. The application" in result.stdout
    assert '"DELETE"]\n\nA page of' in result.stdout
    assert words(result.stdout).count("The browser is WebKit.") == 1
    assert explain(config, "--engine", "all").exit_code == 0


def test_a_story_of_a_configuration_can_be_json(config: Path) -> None:
    result = explain(config, "--json", "--engine", "safari", "--method", "PATCH", "--header", "X-Other")
    told = json.loads(result.stdout)
    assert result.stdout.startswith('{\n  "notes": [],\n  "stories": [\n    {\n      "engine": "webkit",\n')
    assert (result.exit_code, told["notes"]) == (1, [])
    (story,) = told["stories"]
    assert (story["engine"], story["verdict"], story["rules"]) == ("webkit", "blocked", ["C-PF-6"])
    assert explain(config, "--json").exit_code == 0


# Wrong configurations


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", b"allow_origins = [", " cannot be read as TOML: Invalid value"),
        ("a.json", b'{"allow_origins": [}', " cannot be read as JSON: Expecting value: line 1 column 20"),
        (
            "a.json",
            b'{"max_age": 1, "max_age": 1}',
            " cannot be read as JSON: 'max_age' is given twice; keep one of them",
        ),
        (
            "a.json",
            b'[{"a": {"b": 1, "c": 2, "b": 3}}]',
            " cannot be read as JSON: 'b' is given twice; keep one of them",
        ),
        ("a.json", b"", " cannot be read as JSON: Expecting value: line 1 column 1"),
        ("a.json", b"\xff", " cannot be read as JSON: 'utf-8' codec"),
        ("a.toml", b"a = \xff", " cannot be read as TOML: 'utf-8' codec"),
        ("a.json", b"[" * 100_000, " cannot be read as JSON:"),
        ("a.yaml", b"", ": this is neither .toml nor .json, and nothing else can be read"),
        ("a", b"{}", ": this is neither .toml nor .json, and nothing else can be read"),
        ("a.json", b"[]", ": the configuration is not valid: [] is not a mapping of parameters to values"),
        (
            "a.toml",
            b'allow_origins = "*"\nmax_age = -1\nallow_orgins = []\n',
            ": the configuration is not valid: allow_origins: '*' is not a list of strings; write [\"*\"] "
            "max_age: -1 is not a whole number of seconds, 0 or more "
            "allow_orgins: unknown parameter (known: allow_origins, allow_methods,",
        ),
        (
            "a.JSON",
            b'{"max_age": NaN}',
            ": the configuration is not valid: max_age: nan is not a whole number",
        ),
        (
            "a.TOML",
            b'max_age = "\xc3\xa9"',
            r": the configuration is not valid: max_age: '\xe9' is not a whole",
        ),
    ],
)
def test_a_file_that_holds_no_configuration_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = explain(path, columns=1000)
    assert f"{words(result.output)} ".startswith(f"Error: {path}{message} ")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_configuration_that_a_middleware_would_refuse_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cors.json"
    path.write_text('{"allow_origins": ["https://App.example/"], "allow_methods": ["get"]}')
    result = explain(path, columns=1000)
    assert (
        result.output
        == f"""\
Error: {path}: a middleware would refuse this configuration, 2 problems:

  allow_origins[0] is 'https://App.example/'
    {says("A-CFG-5")[:-1]} (an origin has no path, query, fragment or slash at the end; \
hosts are in lower case).
    Instead: 'https://app.example'.

  allow_methods[0] is 'get'
    {says("A-CFG-13")}
    Instead: 'GET'.
"""
    )
    assert (result.exit_code, result.stdout) == (2, "")
    path.write_text('{"allow_origin_regex": ""}')
    assert (
        explain(path, columns=1000).output
        == f"""\
Error: {path}: a middleware would refuse this configuration, 1 problem:

  allow_origin_regex is ''
    {says("A-CFG-21")}
    Instead: {RULES["A-CFG-21"].repair}
"""
    )


FINDINGS: list[tuple[Config, str, str, str | None]] = [
    (
        Config(allow_origins=("*",), allow_credentials=True),
        "A-CFG-1",
        "allow_origins[0] is '*'",
        None,
    ),
    (
        Config(allow_origins=("a",)),
        "A-CFG-5",
        "allow_origins[0] is 'a'",
        None,
    ),
    (
        Config(allow_origins=("https://a:443",)),
        "A-CFG-5",
        "allow_origins[0] is 'https://a:443'",
        "'https://a'",
    ),
    (
        Config(allow_origins=("https://a", "*")),
        "A-CFG-6",
        "allow_origins[1] is '*'",
        None,
    ),
    (
        Config(allow_origins=("null",)),
        "A-CFG-7",
        "allow_origins[0] is 'null'",
        None,
    ),
    (
        Config(allow_origins=("http://a",), allow_credentials=True),
        "A-CFG-8",
        "allow_origins[0] is 'http://a'",
        None,
    ),
    (
        Config(allow_origin_regex="("),
        "A-CFG-9",
        "allow_origin_regex is '('",
        None,
    ),
    (
        Config(allow_origin_regex=".*"),
        "A-CFG-10",
        "allow_origin_regex is '.*'",
        None,
    ),
    (
        Config(allow_origin_regex="https://a.b[.]example[.]org"),
        "A-CFG-11",
        "allow_origin_regex is 'https://a.b[.]example[.]org'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_methods=("trace",)),
        "A-CFG-12",
        "allow_methods[0] is 'trace'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_methods=("Get",)),
        "A-CFG-13",
        "allow_methods[0] is 'Get'",
        "'GET'",
    ),
    (
        Config(allow_origins=("https://a",), expose_headers=("a:",)),
        "A-CFG-14",
        "expose_headers[0] is 'a:'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_headers=("Cookie",)),
        "A-CFG-15",
        "allow_headers[0] is 'Cookie'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), expose_headers=("Set-Cookie",)),
        "A-CFG-16",
        "expose_headers[0] is 'Set-Cookie'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), max_age=86401),
        "A-CFG-18",
        "max_age is 86401",
        None,
    ),
    (Config(allow_origin_regex=""), "A-CFG-21", "allow_origin_regex is ''", None),
    (
        Config(allow_origins=("file://",)),
        "A-CFG-22",
        "allow_origins[0] is 'file://'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_headers=("*", "a")),
        "A-CFG-23",
        "allow_headers[0] is '*'",
        None,
    ),
    (
        Config(allow_origin_regex="https://(a+)+"),
        "A-CFG-24",
        "allow_origin_regex is 'https://(a+)+'",
        None,
    ),
    (
        Config(allow_origin_regex="https://a[.]example/"),
        "A-CFG-25",
        "allow_origin_regex is 'https://a[.]example/'",
        None,
    ),
    (
        Config(allow_origins=("https://*.Example.com:443",)),
        "A-CFG-5",
        "allow_origins[0] is 'https://*.Example.com:443'",
        "'https://*.example.com'",
    ),
    (Config(allow_origins=("wss://a",)), "A-CFG-5", "allow_origins[0] is 'wss://a'", "'https://a'"),
    (
        Config(allow_origins=("https://*.co.uk",)),
        "A-CFG-5",
        "allow_origins[0] is 'https://*.co.uk'",
        None,
    ),
    (
        Config(allow_origins=("http://*.example.com",), allow_credentials=True),
        "A-CFG-8",
        "allow_origins[0] is 'http://*.example.com'",
        None,
    ),
    (
        Config(allow_origin_regex="https://*.example.com"),
        "A-CFG-26",
        "allow_origin_regex is 'https://*.example.com'",
        "'https://*.example.com' in allow_origins",
    ),
    (
        Config(allow_origin_regex="http://LOCALHOST:*/"),
        "A-CFG-26",
        "allow_origin_regex is 'http://LOCALHOST:*/'",
        "'http://localhost:*' in allow_origins",
    ),
    (
        Config(allow_origin_regex="https://*.com"),
        "A-CFG-26",
        "allow_origin_regex is 'https://*.com'",
        None,
    ),
    (
        Config(),
        "A-CFG-27",
        "allow_origins is ()",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_methods=("GET|PUT",)),
        "A-CFG-28",
        "allow_methods[0] is 'GET|PUT'",
        None,
    ),
    (
        Config(allow_origins=("https://a",), allow_methods=("Patch",)),
        "A-CFG-28",
        "allow_methods[0] is 'Patch'",
        "'PATCH'",
    ),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize(("config", "rule_id", "what", "instead"), FINDINGS)
def test_a_finding_says_where_it_is_and_what_to_write_instead(
    config: Config, rule_id: str, what: str, instead: str | None
) -> None:
    ((rule, place),) = errors(config) + warnings(config)
    assert rule.id == rule_id
    first, second, third = finding(config, rule, place).split("\n")
    assert first == f"  {what}"
    assert second.startswith(f"    {rule_id}: {rule.sentence}")
    assert third == f"    Instead: {rule.repair if instead is None else f'{instead}.'}"


def test_a_configuration_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere.toml cannot be read as TOML: .* No such file"):
        read_config(tmp_path / "nowhere.toml")
    for path in (tmp_path / "nowhere.toml", tmp_path):
        result = explain(path)
        assert result.exit_code == 2
        assert "Invalid value for '--config'" in words(result.output)


PATTERNS = """\
allow_origins = ["https://*.app.example.com", "http://localhost:*"]
allow_methods = ["GET", "PUT"]
"""


@pytest.mark.parametrize(
    "origin", ["https://a.app.example.com", "https://a.b.app.example.com", "http://localhost:3000"]
)
def test_a_page_that_a_pattern_matches_is_allowed(tmp_path: Path, origin: str) -> None:
    path = tmp_path / "cors.toml"
    path.write_text(PATTERNS)
    result = explain(path, "--origin", origin, "--method", "PUT")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"A page of {origin} fetches from another origin: PUT")
    assert result.stdout.count(f"access-control-allow-origin: {origin}\n") == 2
    assert "ALLOWED" in result.stdout and "To allow it" not in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com",
        "https://evilapp.example.com",
        "http://a.app.example.com",
        "http://localhost.example.com",
    ],
)
def test_a_page_that_a_pattern_does_not_match_would_need_an_entry_of_its_own(
    tmp_path: Path, origin: str
) -> None:
    path = tmp_path / "cors.toml"
    path.write_text(PATTERNS)
    result = explain(path, "--origin", origin, columns=200)
    assert result.exit_code == 1
    assert "BLOCKED" in result.stdout
    assert result.stdout.endswith(
        f"{TO_ALLOW_IT}"
        f'      allow_origins = ["https://*.app.example.com", "http://localhost:*", "{origin}"]\n'
    )


def test_a_pattern_is_kept_where_credentials_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["*", "https://*.app.example.com", "null"]\n')
    result = explain(path, "--origin", "https://a.app.example.com", "--credentials", columns=200)
    assert result.exit_code == 1
    assert (
        '      allow_origins = ["https://*.app.example.com"]\n      allow_credentials = true\n'
        in result.stdout
    )


def test_a_pattern_of_a_public_suffix_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["https://*.github.io"]\n')
    result = explain(path, columns=200)
    assert result.exit_code == 2
    assert (
        f"A-CFG-5: {RULES['A-CFG-5'].sentence} "
        "(`github.io` is a public suffix: anybody can register a name below it)." in words(result.output)
    )


def test_nobody_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text("allow_origins = []\n")
    result = explain(path, columns=200)
    assert result.exit_code == 1
    assert f"allow_origins is ()\n    {says('A-CFG-27')}\n" in result.stderr


def test_a_risky_configuration_is_warned_of_and_used(tmp_path: Path) -> None:
    path = tmp_path / "cors.toml"
    path.write_text('allow_origins = ["http://app.example"]\nallow_credentials = true\nmax_age = 99999\n')
    result = explain(path, "--origin", "http://app.example", columns=1000)
    assert result.exit_code == 0
    assert (
        result.stderr
        == f"""\
Warning: {path}
  allow_origins[0] is 'http://app.example'
    {says("A-CFG-8")}
    Instead: {RULES["A-CFG-8"].repair}

Warning: {path}
  max_age is 99999
    {says("A-CFG-18")}
    Instead: {RULES["A-CFG-18"].repair}

"""
    )
    assert "ALLOWED" in result.stdout and "Warning" not in result.stdout


def test_every_finding_that_a_file_can_cause_is_told() -> None:
    # The others are about types that TOML and JSON have not, or that `Config.from_mapping` refuses.
    never = {f"A-CFG-{number}" for number in (2, 3, 4, 17, 19, 20, 29, 30, 31)}
    ever = {rule_id for _, rule_id, _, _ in FINDINGS}
    known = {id for id in (*RULES, *guidance()) if id.startswith("A-CFG-")}
    missing = known - ever - never
    assert not missing, "add files that cause these to FINDINGS; or, if no file can, the ids to `never`"
    assert ever | never == known
    assert not ever & never
