"""`verified-cors explain`: every message, every exit code, at 80 columns."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from spec import RULES, Config
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT
from spec.cli.configured import finding, read_config
from spec.cli.explain import engines, notes_of, read_curl, read_url
from spec.cli.terminal import UsageError, shown, wrapped
from spec.rules.judge import errors, warnings
from tests.unit.spec.cli.running import coloured, run, words

CONFIG = """\
allow_origins = ["https://app.example", "http://localhost:8080"]
allow_methods = ["GET", "PUT", "PATCH"]
allow_headers = ["X-Token"]
allow_credentials = true
expose_headers = ["X-Total"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cors.toml"
    path.write_text(CONFIG)
    return path


def explain(path: Path, *arguments: str, columns: int = 80) -> Result:
    """Ask about a fetch; without other arguments a GET from an allowed page."""
    given = " ".join(arguments)
    origin = () if "--origin" in given else ("--origin", "https://app.example")
    method = () if "--method" in given else ("--method", "GET")
    return run("explain", "--config", str(path), *origin, *method, *arguments, columns=columns)


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


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (" X-Token \t:\t 7 ", "X-Token: 7"),
        ("X-Token: a:b", "X-Token: a:b"),
        ("X-Token: XtX", "X-Token: XtX"),
        ("X-Token: \u00a0", r"X-Token: \xa0"),
    ],
)
def test_blanks_around_a_name_or_a_value_do_not_count(config: Path, header: str, told: str) -> None:
    assert f"\nIt sets the header {told}\n" in explain(config, "--header", header).stdout


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


# Wrong questions

HOW_TO_WRITE_HEADERS = "Write 'X-Token', or 'Content-Type: application/json'."


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        (
            "--origin",
            "https://App.example",
            "no page has this origin: hosts are in lower case. Did you mean https://app.example?",
        ),
        (
            "--origin",
            "app.example",
            "no page has this origin: an origin begins with a scheme and `://`. One is https://example.com.",
        ),
        ("--origin", "NULL", "no page has this origin: `null` is written in lower case. Did you mean null?"),
        ("--header", "X Token: 1", f"'X Token' is not a header name. {HOW_TO_WRITE_HEADERS}"),
        ("--header", "", f"'' is not a header name. {HOW_TO_WRITE_HEADERS}"),
        ("--header", ": 1", f"'' is not a header name. {HOW_TO_WRITE_HEADERS}"),
        ("--header", "a=b/c", f"'a=b/c' is not a header name. {HOW_TO_WRITE_HEADERS}"),
        ("--header", "\u00e9: 1", rf"'\xe9' is not a header name. {HOW_TO_WRITE_HEADERS}"),
        ("--header", "\ud800", rf"'\ud800' is not a header name. {HOW_TO_WRITE_HEADERS}"),
    ],
)
def test_a_wrong_question_is_refused(config: Path, option: str, value: str, message: str) -> None:
    result = explain(config, option, value, columns=200)
    asked = shown(value) if option == "--origin" else f"'{shown(value)}'"
    assert result.output == f"Error: {option} {asked}: {message}\n"
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("origin", ["*", "", "https://b\u00fccher.example", "https://app.example/"])
def test_what_is_the_origin_of_no_page_is_refused(config: Path, origin: str) -> None:
    result = explain(config, "--origin", origin)
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: --origin {shown(origin)}: no page has this origin: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--engine", "opera"), "'opera' is not one of"),
        (("--frob",), "No such option"),
        (("https://a.example", "extra"), "unexpected extra argument"),
    ],
)
def test_what_is_no_question_at_all_is_refused(
    config: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = explain(config, *arguments)
    assert message in words(result.output)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_refusal_is_as_wide_as_the_terminal(config: Path) -> None:
    message = (
        "Error: --origin a b: no page has this origin: white space and control characters are in no origin."
    )
    message += " One is https://example.com."
    assert explain(config, "--origin", "a b", columns=len(message)).output == f"{message}\n"
    broken = explain(config, "--origin", "a b", columns=len(message) - 1).output
    assert broken == f"{message.removesuffix(' https://example.com.')}\nhttps://example.com.\n"


def test_an_origin_that_is_missing_is_named(config: Path) -> None:
    result = run("explain", "--config", str(config))
    assert result.exit_code == 2
    assert "Missing option '--origin'" in result.output


def test_a_method_that_is_missing_is_get(config: Path) -> None:
    result = run("explain", "--config", str(config), "--origin", "https://app.example")
    assert result.exit_code == 0
    assert "fetches from another origin: GET, without" in words(result.stdout)


# What is explained


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Explain what? Give a URL, or --config, --app, --har, --curl or --console."),
        (("--config", "{config}", "https://a.example"), "Give only one of --config and a URL."),
        (("--config", "{config}", "--app", "a:b"), "Give only one of --config and --app."),
        (
            ("--config", "{config}", "--unsafe"),
            "With --config, --unsafe would mean nothing. Leave it out.",
        ),
        (
            ("--har", "{config}", "--method", "GET", "--header", "A"),
            "With --har, --origin, --method and --header would mean nothing. Leave them out.",
        ),
        (
            ("localhost:8000",),
            "localhost:8000 is not an http or https URL. One is https://api.example/items.",
        ),
        (("http://[::1",), "http://[::1 is not an http or https URL. One is https://api.example/items."),
        (("ftp://a",), "ftp://a is not an http or https URL. One is https://api.example/items."),
        (
            ("https://u:p@a.example/",),
            "https://u:p@a.example/: a script cannot fetch a URL with a user name or a password.",
        ),
    ],
)
def test_one_thing_is_explained_and_no_option_is_ignored(
    config: Path, arguments: tuple[str, ...], message: str
) -> None:
    given = [argument.format(config=config) for argument in arguments]
    result = run("explain", "--origin", "https://app.example", *given)
    assert (result.exit_code, words(result.output)) == (2, f"Error: {message}")


@pytest.mark.parametrize(
    ("url", "served", "path"),
    [
        ("https://a.example", "https://a.example", "/"),
        ("HTTPS://A.example:443/x/../y?q=a b#f", "https://a.example", "/y?q=a%20b"),
        ("http://[::1]:8000?x", "http://[::1]:8000", "/?x"),
    ],
)
def test_a_url_is_read_as_a_browser_reads_it(url: str, served: str, path: str) -> None:
    assert read_url(url) == (served, path)


def test_a_command_says_what_is_not_sent_as_it_stands_there() -> None:
    text = "curl a -H 'Accept: */*' -H 'Origin: b' -H 'Cookie: c' -H 'User-Agent: \xe9' -k"
    assert notes_of(read_curl(text)) == [
        "Left out, because browsers set these by themselves: Accept, User-Agent.",
        "--insecure is left out: browsers check certificates.",
    ]
    assert notes_of(read_curl("curl a -H 'Origin: b' -H 'cookie: c'")) == []
    with pytest.raises(UsageError) as refused:
        read_curl("curl a -H '\xe9: 1'")
    assert refused.value.message == r"--curl: '\xe9: 1' is not a header."


def test_a_command_without_an_origin_needs_one(config: Path) -> None:
    result = run("explain", "--curl", "curl http://127.0.0.1:1")
    assert result.exit_code == 2
    assert "Missing option '--origin'" in result.output


def test_an_engine_has_the_names_of_its_browsers() -> None:
    assert engines(None) == [STANDARD]
    assert engines("chrome") == engines("edge") == engines("chromium") == [CHROMIUM]
    assert engines("safari") == [WEBKIT]
    assert engines("all") == [STANDARD, CHROMIUM, FIREFOX, WEBKIT]


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
            ": the configuration is not valid: allow_origins: '*' is not a list of strings "
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


def test_a_pattern_is_the_origin_of_no_page(config: Path) -> None:
    result = explain(config, "--origin", "https://*.example.com", columns=200)
    assert result.exit_code == 2
    assert result.output == (
        "Error: --origin https://*.example.com: no page has this origin: this is a pattern, and no origin. "
        "One is https://example.com.\n"
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
    assert ever | never == {rule_id for rule_id in RULES if rule_id.startswith("A-CFG")} | {
        "A-CFG-4",
        "A-CFG-29",
        "A-CFG-30",
        "A-CFG-31",
    }
    assert not ever & never


# Help


def test_help_says_what_can_be_asked_of_a_fetch() -> None:
    assert (
        "Options: "
        "--origin TEXT The origin of the page, for example https://example.com, or null. "
        "--method TEXT The method of the request. [default: GET] "
        "--header NAME[: VALUE] A header that the script sets; a name alone gets a harmless value. "
        "Any number of times. "
        "--credentials Send credentials ('include'). "
        "--engine [standard|chromium|firefox|webkit|chrome|edge|safari|all] The browser: the Fetch standard, "
        "an engine with its known deviations, or all of them. [default: standard] "
        "--unsafe Send requests with methods other than GET, HEAD and OPTIONS. "
        "--app MODULE:APP Ask an ASGI or WSGI application in this process. "
        "--config FILE Ask no server, but our reference server with this configuration: a .toml or .json "
        "file with the parameters of CORSMiddleware. "
        "--har FILE Explain what the network tab of a browser has exported (HAR): every cross-origin fetch "
        "that the page could not read. "
        "--curl COMMAND Ask the server what a command asks that was copied from a browser (Copy as cURL), in "
        "quotes. "
        "--console TEXT Say which rules stand behind messages of a browser's console, and what to look at. "
        "--json Print the story as JSON. "
        "-h, --help"
    ) in words(run("explain", "-h").stdout)
