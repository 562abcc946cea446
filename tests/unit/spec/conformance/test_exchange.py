"""How an exchange is shown: a line for a shell that means what it says, and the header at fault."""

import shutil
import subprocess
from functools import cache

import pytest

from model import respond
from spec import RULES, Config, Exchange, Request, Response
from spec.conformance import Target
from spec.conformance.exchange import Line, curl, lines, outcome, printable, quoted, short
from spec.conformance.run import run
from spec.conformance.transports import Extra
from spec.rules.record import NETWORK_ERROR, Violation
from spec.rules.server.examples import ANY_HEADER, COUNT, CREDENTIALS, LIST, TWO, A, asks, get, gives
from tests.helpers.faulty_servers import FAULTS
from tests.unit.spec.conformance.test_run import PLAIN, Way, report_of

HERE = "http://127.0.0.1:8000"

# Command lines


@pytest.mark.parametrize(
    ("request_", "base", "headers", "line"),
    [
        (Request("GET", ()), HERE, (), f"curl -i -X GET {HERE}/"),
        (Request("HEAD", ((b"a", b"b"),), "/c"), f"{HERE}/", (), f"curl -I -H 'a: b' {HERE}/c"),
        (
            Request("OPTIONS", ((b"Origin", b"https://a.example"), (b"origin", b""), (b"x", b"it's"))),
            f"{HERE}/api",
            ((b"Authorization", b"Bearer 1"),),
            "curl -i -X OPTIONS -H 'Origin: https://a.example' -H 'origin;' -H 'x: it'\"'\"'s' "
            f"-H 'Authorization: Bearer 1' {HERE}/api",
        ),
        (Request("POST", ((b"content-type", b"a/b"),), "/c d", b"{'x'}"), f"{HERE}/b?e=1", (),
         "curl -i -X POST -H 'content-type: a/b' --data-binary '{'\"'\"'x'\"'\"'}' "
         f"'{HERE}/b/c%20d?e=1'"),
        (Request("GET", (), "/a"), "unix:/run/a b.sock", (),
         "curl -i -X GET --unix-socket '/run/a b.sock' http://localhost/a"),
        (asks(), HERE, ((b"Authorization", b"Bearer 1"), (b"Host", b"a")),
         "curl -i -X OPTIONS -H 'origin: https://a.example' -H 'access-control-request-method: PUT' "
         f"-H 'Host: a' -H 'x: y' {HERE}/"),
        (Request("GET", ((b"x", b"a\xff\n'\\b"),), "/?a=1&b"), HERE, (),
         rf"curl -i -X GET -H $'x: a\xff\x0a\x27\x5cb' '{HERE}/?a=1&b'"),
        (Request("M-SEARCH!", ()), HERE, (), f"curl -i -X 'M-SEARCH!' {HERE}/"),
    ],
)  # fmt: skip
def test_a_request_is_a_command_line(
    request_: Request, base: str, headers: tuple[tuple[bytes, bytes], ...], line: str
) -> None:
    assert curl(request_, base, Extra(headers, ((b"x", b"y"),))) == line


WORDS = [b"", b"a", b"a b", b"'", b'"', b"$HOME", b"`id`", b"\\", b"a\\'b", b"!", b"*", b"~", b"#", b";&|<>"]
ODD = [b"\t", b"a\nb", b"\x01\x1f\x7f", b"\x80\xff", "é".encode(), b"it's\n\\x41", b"\xffa1", b"%s\\n\r"]


@pytest.mark.parametrize(("shell", "words"), [("sh", WORDS), ("bash", WORDS + ODD)])
def test_a_shell_reads_the_words_as_they_were(shell: str, words: list[bytes]) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"there is no {shell}")
    script = "printf '%s\\0' " + " ".join(map(quoted, words))
    said = subprocess.run([found, "-c", script], capture_output=True, check=True, timeout=5).stdout
    assert said.split(b"\0")[:-1] == words


@pytest.mark.parametrize("value", WORDS + ODD)
def test_what_cannot_be_printed_is_escaped_in_words(value: bytes) -> None:
    word = quoted(value)
    assert word.isascii()
    assert word.isprintable()
    assert word.startswith("$'") is (value in ODD)


def test_a_response_has_a_status_or_there_is_none() -> None:
    assert outcome(Exchange(LIST, get(), gives(status=204))) == "status 204"
    none = Exchange(LIST, asks(), NETWORK_ERROR, no_response="gone")
    assert outcome(none) == "no response: gone"
    assert lines(none)[0] == Line("(status)", "200 to 299", "", False)


# Header by header

ACAO, ACAC = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
ACAM, ACAH = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
UNLISTED = get("origin: https://evil.example")
FROM_A = get(f"origin: {A}")
NONE = "absent, or a configured origin"
TOKEN = "access-control-request-headers: x-token"


@pytest.mark.parametrize(
    ("config", "request_", "response", "expected"),
    [
        (LIST, get(), gives(), [Line(ACAO, "anything that is the same for all", "", True)]),
        (
            LIST,
            FROM_A,
            Response(200, (*gives(f"vary: Origin | {COUNT}").headers, (b"vary", b""))),
            [
                Line(ACAO, f"{A} or *", "", False),
                Line(ACAC, "absent", "", True),
                Line("Access-Control-Expose-Headers", "", "X-Count", True),
                Line("Vary", "", "Origin | (empty)", True),
            ],
        ),
        (
            CREDENTIALS,
            FROM_A,
            gives("access-control-allow-origin: *"),
            [Line(ACAO, A, "*", True), Line(ACAC, "true", "", False)],
        ),
        (
            LIST,
            UNLISTED,
            gives("access-control-allow-origin: * | access-control-allow-credentials: true"),
            [Line(ACAO, NONE, "*", False), Line(ACAC, "absent", "true", False)],
        ),
        (
            LIST,
            asks(more=TOKEN),
            gives(status=404),
            [
                Line("(status)", "200 to 299", "404", False),
                Line(ACAO, f"{A} or *", "", False),
                Line(ACAC, "absent", "", True),
                Line(ACAM, "names PUT", "", False),
                Line(ACAH, "names x-token", "", False),
            ],
        ),
        (
            LIST,
            asks(method="DELETE", more="access-control-request-headers: x-evil,x-token"),
            gives("access-control-allow-methods: DELETE | access-control-allow-headers: X-Evil, X-Token"),
            [
                Line(ACAO, f"{A} or *", "", False),
                Line(ACAC, "absent", "", True),
                Line(ACAM, "does not name DELETE", "DELETE", False),
                Line(ACAH, "does not name x-evil", "X-Evil, X-Token", False),
            ],
        ),
        (
            ANY_HEADER,
            asks("https://evil.example", more=TOKEN),
            gives("access-control-allow-methods: PUT | access-control-max-age: 5", 400),
            [
                Line(ACAO, NONE, "", True),
                Line(ACAC, "absent", "", True),
                Line(ACAM, "does not name PUT", "PUT", True),
                Line(ACAH, "does not name x-token", "", True),
                Line("Access-Control-Max-Age", "", "5", True),
            ],
        ),
    ],
)  # fmt: skip
def test_the_headers_that_decide_are_shown(
    config: Config, request_: Request, response: Response, expected: list[Line]
) -> None:
    shown = lines(Exchange(config, request_, response))
    assert shown == expected


@pytest.mark.parametrize(
    ("config", "values", "fits"),
    [
        (TWO, [], True),
        (TWO, [A], True),
        (TWO, [A, A], False),
        (TWO, ["null"], False),
        (TWO, ["false"], False),
        (TWO, [""], False),
        (TWO, ["*"], False),
        (TWO, ["https://evil.example"], False),
        (Config(allow_origins=(A, "null")), ["null"], True),
    ],
)
def test_an_unlisted_origin_gets_no_value_or_one_that_is_configured(
    config: Config, values: list[str], fits: bool
) -> None:
    headers = tuple((b"access-control-allow-origin", value.encode()) for value in values)
    came = " | ".join(value or "(empty)" for value in values)
    shown = lines(Exchange(config, UNLISTED, Response(200, headers)))
    assert shown[0] == Line(ACAO, NONE, came, fits)


def test_two_origins_are_not_answered_with_one_of_them() -> None:
    twice = get(f"origin: {A} | origin: https://evil.example")
    assert not lines(Exchange(TWO, twice, gives(f"access-control-allow-origin: {A}")))[0].fits


BETWEEN_TWO = {"S-RSP-7", "S-HTTP-9", "S-HTTP-10"}
"""Rules about a difference of two answers: neither is wrong by itself."""


@cache
def smallest(rule_id: str) -> Violation:
    """What a whole run keeps of a server with this fault."""
    config, fault = FAULTS[rule_id]

    def answer(request: Request) -> Response:
        body = b"" if request.method == "HEAD" else PLAIN.body
        status = 404 if request.path == "/error" else 200
        return fault(request, respond(config, request, Response(status, PLAIN.headers, body)))

    report = report_of(config, rule_id)
    run(Way(answer), report, Target(error_path="/error", options_path="/options", unstated=frozenset()), 0)
    (violation,) = report.violations
    return violation


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", FAULTS)
def test_the_header_at_fault_is_marked(rule_id: str) -> None:
    shown = [lines(exchange, RULES[rule_id]) for exchange in smallest(rule_id).exchanges]
    marked = [line for found in shown for line in found if not line.fits]
    if rule_id in BETWEEN_TWO:
        assert marked == []
        differing = [
            {(line.name, line.actual) for line in found if "same in both" in line.expected} for found in shown
        ]
        assert differing[0] != differing[1]
    else:
        assert marked
        assert all(line.expected for line in marked)


@pytest.mark.parametrize("rule_id", ["S-SYN-1", "S-ORG-1", "S-SYN-4", "S-HTTP-6", "S-SYN-3", "S-HTTP-4"])
def test_of_a_header_that_is_not_there_nothing_is_said(rule_id: str) -> None:
    exchange = Exchange(LIST, get(), gives())
    assert [line for line in lines(exchange, RULES[rule_id]) if line.actual] == []


# Values


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"", ""),
        (b"it's a ~", "it's a ~"),
        (b"a\r\n\x00\xe9", r"a\r\n\x00\xe9"),
        (b"a\\b", "a\\b"),
        (b"a" * 200, "a" * 200),
        (b"a" * 1201, "a" * 200 + "... (1,201 bytes)"),
    ],
)
def test_a_value_stands_in_a_line(value: bytes, shown: str) -> None:
    assert printable(value) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([b"a"], "a"),
        ([b"a", b"b", b"c", b"\n"], r"a, b, c, \n"),
        ([b"a", b"b", b"c", b"d", b"e", b"f"], "a, b, c, d and 2 more"),
    ],
)
def test_many_names_are_counted(names: list[bytes], shown: str) -> None:
    assert short(names) == shown
