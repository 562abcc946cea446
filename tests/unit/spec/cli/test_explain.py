"""`verified-cors explain`: what is asked, and what is refused."""

from pathlib import Path

import pytest

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT
from spec.cli.explain import engines, notes_of, read_curl, read_url, source
from spec.cli.terminal import UsageError, shown
from tests.unit.spec.cli.running import CONFIG, explain, run, words


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "cors.toml"
    path.write_text(CONFIG)
    return path


# Questions


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
        (("--config", "nowhere.toml"), "Invalid value for '--config': File 'nowhere.toml' does not exist."),
        (("--har", "nowhere.har"), "Invalid value for '--har': File 'nowhere.har' does not exist."),
        (("--config", "/"), "Invalid value for '--config': File '/' is a directory."),
        (("--har", "/"), "Invalid value for '--har': File '/' is a directory."),
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
    assert words(result.output).endswith("Error: Missing option '--origin'.")


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
        (
            ("https:a.example",),
            "https:a.example is not an http or https URL. One is https://api.example/items.",
        ),
        ((" http://a",), "http://a is not an http or https URL. One is https://api.example/items."),
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


QUESTION = {"origin", "method", "headers", "credentials", "engine", "as_json"}


@pytest.mark.parametrize(
    ("explained", "meant"),
    [
        ("config", QUESTION),
        ("app", QUESTION | {"url", "unsafe"}),
        ("har", {"as_json"}),
        ("console", {"as_json"}),
        ("curl", {"origin", "credentials", "engine", "unsafe", "as_json"}),
        ("url", QUESTION | {"unsafe"}),
    ],
)
def test_an_option_goes_with_what_it_means_something_for(explained: str, meant: set[str]) -> None:
    assert source([*meant, explained]) == explained
    for other in (QUESTION | {"unsafe"}) - meant:
        with pytest.raises(UsageError, match=r"would mean nothing\. Leave it out\.$"):
            source([explained, other])


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


def test_a_pattern_is_the_origin_of_no_page(config: Path) -> None:
    result = explain(config, "--origin", "https://*.example.com", columns=200)
    assert result.exit_code == 2
    assert result.output == (
        "Error: --origin https://*.example.com: no page has this origin: this is a pattern, and no origin. "
        "One is https://example.com.\n"
    )


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
