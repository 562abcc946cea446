"""`verified-cors explain URL` and `--app`: right servers, faulty ones, and none at all."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from spec.cli import live
from spec.conformance.transports import NoAnswer, Socket
from spec.http import Request, Response
from tests.unit.spec.cli.running import coloured, run, words
from tests.unit.spec.conformance.servers import asgi, raw, wsgi

PAGE = "https://app.example"


def http(*lines: str, status: str = "200 OK", body: str = "") -> bytes:
    """A response on the wire."""
    head = [f"HTTP/1.1 {status}", *lines, f"content-length: {len(body)}"]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


SHARED = http(f"Access-Control-Allow-Origin: {PAGE}", "Access-Control-Allow-Methods: PUT", "Date: today")


def explained(port: int, *arguments: str, path: str = "/items", code: int) -> tuple[str, str]:
    """What is printed about a server on this port, on standard output and on the other."""
    result = run("explain", f"http://127.0.0.1:{port}{path}", "--origin", PAGE, *arguments)
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


# Right servers


def test_a_story_of_a_real_server_has_what_was_sent_and_what_came() -> None:
    with raw([SHARED, SHARED]) as (port, seen):
        told, before = explained(port, "--method", "PUT", "--unsafe", code=0)
    assert (
        told
        == f"""\
A page of https://app.example fetches http://127.0.0.1:{port}/items: PUT, without
credentials.

1. The browser sends a preflight first
   The method PUT is not one of GET, HEAD and POST (C-MTH-4).
      OPTIONS /items
      accept: */*
      access-control-request-method: PUT
      origin: https://app.example
      user-agent: verified-cors
      sec-fetch-dest: empty
      sec-fetch-mode: cors
      sec-fetch-site: cross-site

2. The server responds
      200 OK
      access-control-allow-origin: https://app.example
      access-control-allow-methods: PUT
      (and 2 other headers)

3. The browser sends the request
      PUT /items
      origin: https://app.example
      accept: */*
      user-agent: verified-cors
      content-length: 0
      sec-fetch-dest: empty
      sec-fetch-mode: cors
      sec-fetch-site: cross-site

4. The server responds
      200 OK
      access-control-allow-origin: https://app.example
      access-control-allow-methods: PUT
      (and 2 other headers)

ALLOWED: the script can read the response, and of its headers content-length.
  C-CHK-7: Without credentials, a page can read a response whose
  Access-Control-Allow-Origin is its exact origin.
    https://fetch.spec.whatwg.org/#concept-cors-check
"""
    )
    assert [request.split(b" ")[0] for _, request in seen] == [b"OPTIONS", b"PUT"]
    assert f"host: 127.0.0.1:{port}\r\n".encode() in seen[0][1]
    assert words(before) == (
        f"Sending OPTIONS http://127.0.0.1:{port}/items (accept: */*, access-control-request-method: PUT, "
        "origin: https://app.example, user-agent: verified-cors, sec-fetch-dest: empty, "
        f"sec-fetch-mode: cors, sec-fetch-site: cross-site) Sending PUT http://127.0.0.1:{port}/items "
        "(origin: https://app.example, accept: */*, user-agent: verified-cors, content-length: 0, "
        "sec-fetch-dest: empty, sec-fetch-mode: cors, sec-fetch-site: cross-site)"
    )


def test_what_a_server_would_have_to_send_is_told_header_by_header() -> None:
    refused = http(
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Headers: a b",
        status="403 Forbidden",
        body="n\x1bo",
    )
    with raw([refused]) as (port, _):
        told, _ = explained(port, "--credentials", "--header", "X-Token", code=1)
    assert "      (and 1 other header)\n\n      n\\x1bo\n\n3. The browser does not send the request\n" in told
    assert "\nIt sets the header X-Token: 1\nIt is sent without cookies: explain has none.\n\n1. " in told
    assert (
        told.partition("\n\nTo allow it")[2]
        == """\
, the response to the preflight needs:
      access-control-allow-origin: https://app.example
          now: * (C-WLD-1)
      access-control-allow-credentials: true
          now: nothing (C-CHK-6)
      status 204, or another from 200 to 299
          now: 403 (C-PF-6)
      access-control-allow-headers: x-token
          now: a b (C-PF-8)

To allow it, the response to the request needs:
      access-control-allow-origin: https://app.example
      access-control-allow-credentials: true

A server that allows several origins also sends Vary: Origin (S-VARY-1).
"""
    )


def test_a_header_that_must_not_be_there_is_named() -> None:
    with raw([http(f"Access-Control-Allow-Origin: {PAGE}", "Access-Control-Allow-Methods: (")]) as (port, _):
        told, _ = explained(port, "--header", "X-Token", "--engine", "edge", code=1)
    assert "      no access-control-allow-methods\n          now: ( (C-PF-8)\n" in told
    with raw([http("Access-Control-Allow-Origin:")]) as (port, _):
        told, _ = explained(port, code=1)
    assert "          now: an empty value (C-CHK-4)\n" in told


def test_without_unsafe_only_the_preflight_is_sent() -> None:
    with raw([SHARED]) as (port, seen):
        told, _ = explained(port, "--method", "PUT", code=3)
    assert len(seen) == 1
    assert "3. The browser would send the request\n" in told
    assert (
        "NOT KNOWN: the preflight passes; the request was not sent. PUT may change something: pass --unsafe "
        "to send it. To be readable, the response to the request needs: access-control-allow-origin: "
        "https://app.example"
    ) in words(told)
    with raw([]) as (port, seen):
        told, before = explained(port, "--method", "POST", code=3)
    assert (seen, before) == ([], "")
    assert "\nNOT KNOWN: the request was not sent. POST may" in told


def test_engines_that_do_the_same_are_told_of_together() -> None:
    wildcard = http("Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *")
    with raw([wildcard, wildcard]) as (port, seen):
        told, _ = explained(port, "--header", "Authorization", "--engine", "all", code=1)
    assert len(seen) == 2
    assert [line for line in told.splitlines() if line.startswith("By ")] == [
        "By the Fetch standard:",
        "By Chromium, Firefox and WebKit (Safari):",
    ]
    assert told.count("BLOCKED") == told.count("ALLOWED") == 1
    with raw([SHARED]) as (port, seen):
        told, _ = explained(port, "--engine", "all", code=0)
    assert len(seen) == 1
    assert "\n\nBy the Fetch standard, Chromium, Firefox and WebKit (Safari):\n\n1. The" in told


def test_redirects_are_followed_each_to_its_own_server() -> None:
    with raw([http()]) as (far, there):
        away = http(
            f"Access-Control-Allow-Origin: {PAGE}", f"Location: http://127.0.0.1:{far}/x", status="307 X"
        )
        with raw([away]) as (port, _):
            told, _ = explained(port, code=1)
    assert there[0][1].startswith(b"GET /x HTTP/1.1\r\n") and b"origin: null\r\n" in there[0][1]
    assert f"\n\nThe redirect leads to http://127.0.0.1:{far}/x\n\n3. The browser sends the request\n" in told
    assert (
        "But do not allow null: any site can make a page with this origin (CFG-10). Let the script fetch "
        f"http://127.0.0.1:{far}/x without a redirect: then Origin is that of the page."
    ) in words(told)


def test_a_loop_of_redirects_is_told_of_once() -> None:
    loop = http(f"Access-Control-Allow-Origin: {PAGE}", "Location: /items", status="302 Found")
    with raw([loop] * 21) as (port, seen):
        told, _ = explained(port, code=1)
    assert len(seen) == 21
    again = f"\nThe redirect leads to http://127.0.0.1:{port}/items again, with the same request\n"
    assert told.count(again) == 20
    assert "\n4. The server responds\n" in told and "\n5." not in told
    assert words(told).endswith(
        "Instead: Redirect at most 20 times, and to one valid http or https URL each time."
    )


def test_a_page_reads_its_own_server() -> None:
    with raw([http()]) as (port, _):
        result = run("explain", f"http://127.0.0.1:{port}", "--origin", f"http://127.0.0.1:{port}")
    assert result.exit_code == 0
    assert result.stdout.endswith(
        "\n\nALLOWED: the script can read the response, and of its headers content-length.\n"
        "  Page and URL have the same origin: CORS does not apply.\n"
    )
    assert "      sec-fetch-site: same-origin\n" in result.stdout


def test_a_fetch_that_throws_sends_nothing() -> None:
    with raw([]) as (port, seen):
        told, before = explained(port, "--method", "TRACE", code=1)
    assert (seen, before) == ([], "")
    assert told.endswith("\n\nNo server can allow it: the browser itself refuses.\n")


def test_all_is_data_too() -> None:
    with raw([SHARED]) as (port, _):
        told, _ = explained(port, "--json", "--engine", "chrome", code=0)
    found = json.loads(told)
    assert (found["notes"], [story["engine"] for story in found["stories"]]) == ([], ["chromium"])
    assert found["stories"][0]["hops"][0]["url"] == f"http://127.0.0.1:{port}/items"


def test_a_terminal_shows_in_colour_what_is_not_known() -> None:
    with raw([]) as (port, _):
        told = coloured("explain", f"http://127.0.0.1:{port}", "--origin", PAGE, "--method", "POST")
    assert "\x1b[1;33mNOT KNOWN: the request was not sent." in told


# Copied commands


def test_a_copied_command_is_asked_as_a_browser_would() -> None:
    good = http(
        f"Access-Control-Allow-Origin: {PAGE}",
        "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Headers: x-token",
    )
    with raw([good, good]) as (port, seen):
        command = (
            f"curl http://127.0.0.1:{port}/a -H 'Origin: {PAGE}' -H 'accept: */*' -H 'X-Token: 7' -b 'a=1'"
        )
        result = run("explain", "--curl", command)
    assert result.exit_code == 0, result.output
    (_, preflight), (_, request) = seen
    assert b"cookie" not in preflight and b"access-control-request-headers: x-token\r\n" in preflight
    assert b"cookie: a=1\r\n" in request and b"x-token: 7\r\n" in request
    told = words(result.stdout)
    assert f"A page of {PAGE} fetches http://127.0.0.1:{port}/a: GET, with credentials." in told
    assert "It sets the header X-Token: 7 Left out, because browsers set these by themselves: accept." in told


def test_another_origin_may_be_given_for_a_command_and_its_body_is_named() -> None:
    with raw([]) as (port, _):
        command = f"curl http://127.0.0.1:{port}/a -H 'Origin: {PAGE}' -d a"
        result = run("explain", "--curl", command, "--origin", "https://b.example", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert found["notes"] == ["Its body is left out: a server is sent none."]
    (hop,) = found["stories"][0]["hops"]
    assert (hop["page_origin"], hop["credentials"]) == ("https://b.example", "same-origin")


def test_a_command_that_has_cookies_is_not_sent_without() -> None:
    with raw([]) as (port, _):
        command = f"curl http://127.0.0.1:{port}/a -H 'Origin: {PAGE}' -X POST -b a=1"
        result = run("explain", "--curl", command, "--credentials", "--json")
    assert (result.exit_code, json.loads(result.stdout)["notes"]) == (3, [])


# Faulty servers, and none


def test_a_port_that_refuses_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told, _ = explained(port, code=3)
    assert f"\n\n2. There is no response\n   Nothing listens at 127.0.0.1 port {port}: the connection" in told
    assert words(told).endswith(
        f"NO ANSWER: Nothing listens at 127.0.0.1 port {port}: the connection was refused."
    )


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "closed the connection without a whole response."),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", None),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", None),
    ],
)
def test_what_is_no_response_is_a_sentence(sent: bytes, reason: str | None) -> None:
    with raw([sent], [sent]) as (port, _):
        told, _ = explained(port, code=3)
    start = (
        f"NO ANSWER: 127.0.0.1 port {port} "
        if reason
        else f"NO ANSWER: What 127.0.0.1 port {port} sent is not"
    )
    assert f"{start}{reason or ''}" in words(told)


def test_a_name_that_does_not_resolve_is_a_sentence() -> None:
    result = run("explain", "http://nowhere.invalid", "--origin", PAGE)
    assert result.exit_code == 3
    assert words(result.stdout).endswith(
        "NO ANSWER: The name nowhere.invalid does not resolve to an address. Is it spelled as it should be?"
    )


@pytest.mark.parametrize(
    "answers", [[None], [b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + b"a" * 9]]
)
def test_a_server_that_does_not_end_is_not_waited_for(
    answers: Sequence[bytes | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hasty(Socket):
        def __init__(self, url: str) -> None:
            super().__init__(url, timeout=0.1)

    monkeypatch.setattr(live, "Socket", Hasty)
    with raw([*answers, None]) as (port, _):
        told, _ = explained(port, code=3)
    assert f"NO ANSWER: 127.0.0.1 port {port} did not send a whole response within 0.1 seconds." in words(
        told
    )


@contextmanager
def shaking_hands(certificate: Path | None) -> Iterator[int]:
    """A port that accepts one connection, and speaks TLS with this certificate, or says something else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        opened, _ = listener.accept()
        with opened, suppress(OSError):  # the client hangs up
            if certificate is None:
                opened.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            else:
                context.wrap_socket(opened, server_side=True)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize(
    ("certificate", "start", "end"),
    [
        (None, "There is no TLS at {}: ", ". Is the URL meant to be http?"),
        (
            Path(__file__).with_name("untrusted.pem"),
            "The certificate of {} is not trusted: self",
            "signed certificate. A browser sends nothing either.",
        ),
    ],
)
def test_a_connection_that_is_not_safe_is_a_sentence(certificate: Path | None, start: str, end: str) -> None:
    with shaking_hands(certificate) as port:
        result = run("explain", f"https://127.0.0.1:{port}", "--origin", PAGE)
    assert result.exit_code == 3
    told = words(result.stdout).partition("NO ANSWER: ")[2]
    assert told.startswith(start.format(f"127.0.0.1 port {port}")) and told.endswith(end)


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (OSError(113, "No route to host"), "a.example port 80 cannot be reached: No route to host."),
        (OSError("odd"), "a.example port 80 cannot be reached: odd."),
        (ConnectionResetError(), "a.example port 80 closed the connection without a whole response."),
    ],
)
def test_other_causes_are_told(cause: Exception, sentence: str) -> None:
    problem = NoAnswer("?")
    problem.__cause__ = cause
    assert live.silence(Socket("http://a.example"), problem) == sentence


# Applications in this process


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application `app` of a module `shop_of_test`, in the current directory."""
    (tmp_path / "shop_of_test.py").write_text(
        "from tests.unit.spec.cli.test_live import APP as app, WSGI as old\nnone = 1\n"
    )
    monkeypatch.chdir(tmp_path)


def _served(request: Request) -> Response:
    if request.path == "/raise":
        raise RuntimeError("it fell over")
    status = 307 if request.path == "/away" else 200
    host = request.lines("host")
    assert host == [], "the helper leaves it out"
    return Response(
        status, ((b"access-control-allow-origin", PAGE.encode()), (b"location", b"https://b.example/x"))
    )


APP = asgi(_served)
WSGI = wsgi("200 OK", ((b"Access-Control-Allow-Origin", b"*"),))


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("arguments", "url"),
    [
        ((), "https://application.test/"),
        (("/items?a",), "https://application.test/items?a"),
        (("http://shop.example/items",), "http://shop.example/items"),
    ],
)
def test_an_application_is_asked_in_this_process(arguments: tuple[str, ...], url: str) -> None:
    for name in ("app", "old"):
        result = run("explain", "--app", f"shop_of_test:{name}", "--origin", PAGE, *arguments)
        assert result.exit_code == 0, result.output
        assert f" fetches {url}: GET, without credentials." in words(result.stdout)


@pytest.mark.usefixtures("shop")
def test_another_server_than_the_application_is_not_asked() -> None:
    result = run("explain", "/away", "--app", "shop_of_test:app", "--origin", PAGE)
    assert result.exit_code == 3
    reason = "https://b.example is another server: with --app only the application is asked."
    assert f"NOT KNOWN: the request was not sent. {reason}" in words(result.stdout)


@pytest.mark.usefixtures("shop")
def test_an_application_that_fails_is_a_sentence() -> None:
    result = run("explain", "/raise", "--app", "shop_of_test:app", "--origin", PAGE)
    assert result.exit_code == 1
    assert "\n      500 Internal Server Error\n" in result.stdout


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shop_of_test:none", "app: 1 cannot be called; give an ASGI or WSGI application"),
        ("shop_of_test:nobody", "shop_of_test:nobody: module 'shop_of_test' has no attribute 'nobody'."),
    ],
)
def test_what_is_no_application_is_refused(name: str, message: str) -> None:
    result = run("explain", "--app", name, "--origin", PAGE)
    assert result.exit_code == 2
    assert message in words(result.output)
