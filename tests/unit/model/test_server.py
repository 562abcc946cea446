"""Answers written down by hand, for the model and the middleware alike: what was decided, line by line.

Each case is a configuration, a request, what the application answers, and the whole answer expected. A case
that was once got wrong, or found at random, is added here.
"""

from dataclasses import dataclass

import pytest

from model import respond, respond_by_path
from spec import RULES, check
from spec.config import Config
from spec.http import Headers, Request, Response
from spec.rules.record import Exchange
from tests.helpers.compare import Driven, same_answers

A = "https://a.example"
LIST = Config(
    allow_origins=(A, "http://localhost:8080"), allow_methods=("PUT", "GET"), allow_headers=("X-Token",)
)
CREDENTIALS = Config(
    allow_origins=(A,), allow_credentials=True, expose_headers=("X-Count", "X-Total"), max_age=5
)
WILDCARD = Config(allow_origins=("*",), allow_methods=("*", "PURGE"), allow_headers=("*",))
PATTERNS = Config(allow_origins=("https://*.example.org", "http://localhost:*"))
REGEX = Config(allow_origins=("null",), allow_origin_regex=r"https://.*\.example\.org")
PRIVATE = Config(allow_origins=(A,), allow_private_network=True)


@dataclass(frozen=True)
class Case:
    """Header lines are written `name: value`, one to a line; a newline within a value as `\\n`."""

    name: str
    config: Config
    request: str
    answer: str
    app: str = "200\n\nhello"


def lines(text: list[str]) -> Headers:
    pairs = (line.split(": ", 1) for line in text)
    return tuple((name.encode(), value.replace("\\n", "\n").encode("latin-1")) for name, value in pairs)


def request(text: str) -> Request:
    method, *headers = text.split("\n")
    return Request(method, lines(headers))


def response(text: str) -> Response:
    head, body = text.split("\n\n")
    status, *headers = head.split("\n")
    return Response(int(status), lines([line for line in headers if line]), body.encode())


def preflight(*more: str, origin: str = A, method: str = "PUT") -> str:
    return "\n".join(["OPTIONS", f"origin: {origin}", f"access-control-request-method: {method}", *more])


def answer(status: int, body: str, *more: str) -> str:
    vary = "Origin, " + ", ".join(
        f"Access-Control-Request-{rest}" for rest in ("Method", "Headers", "Private-Network")
    )
    head = [
        str(status),
        "content-type: text/plain; charset=utf-8",
        f"content-length: {len(body)}",
        f"vary: {vary}",
    ]
    return "\n".join([*head, *more]) + "\n\n" + body


LIST_SAYS = (
    f"access-control-allow-origin: {A}",
    "access-control-allow-methods: PUT, GET",
    "access-control-max-age: 600",
    "access-control-allow-headers: Accept, Accept-Language, Content-Language, Content-Type, X-Token",
)
WILDCARD_SAYS = (
    "access-control-allow-origin: *",
    "access-control-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY, PURGE",
    "access-control-max-age: 600",
)
GET_SAYS = (
    f"access-control-allow-origin: {A}",
    "access-control-allow-methods: GET",
    "access-control-max-age: 600",
    "access-control-allow-headers: Accept, Accept-Language, Content-Language, Content-Type",
)
ASKED = "access-control-request-headers"
NETWORK = "access-control-request-private-network"

CASES = (
    Case("allowed", LIST, preflight(), answer(200, "OK", *LIST_SAYS)),
    Case("allowed with a header", LIST, preflight(f"{ASKED}: x-token"), answer(200, "OK", *LIST_SAYS)),
    Case(
        "an odd list of headers on several lines",
        LIST,
        preflight(f"{ASKED}: \t,X-TOKEN ,,", f"{ASKED}: ", f"{ASKED}: accept,accept"),
        answer(200, "OK", *LIST_SAYS),
    ),
    Case("no-break space is no white space", LIST, preflight(f"{ASKED}: x-token\xa0"),
         answer(400, "Disallowed CORS headers", *LIST_SAYS)),
    Case("another header", LIST, preflight(f"{ASKED}: x-token,x-other"),
         answer(400, "Disallowed CORS headers", *LIST_SAYS)),
    Case("another method", LIST, preflight(method="DELETE"),
         answer(400, "Disallowed CORS method", *LIST_SAYS)),
    Case("a method in lower case", LIST, preflight(method="put"),
         answer(400, "Disallowed CORS method", *LIST_SAYS)),
    Case("two methods", LIST, preflight("access-control-request-method: GET"),
         answer(400, "Disallowed CORS method", *LIST_SAYS)),
    Case("one method twice", LIST, preflight("access-control-request-method: PUT"),
         answer(200, "OK", *LIST_SAYS)),
    Case("another origin", LIST, preflight(origin="https://b.example"),
         answer(400, "Disallowed CORS origin")),
    Case("nothing right", LIST,
         preflight(f"{ASKED}: x y", f"{NETWORK}: true", origin="null", method="get"),
         answer(400, "Disallowed CORS origin, method, headers, private-network")),
    Case("two origins", LIST, preflight(f"origin: {A}"), answer(400, "Disallowed CORS origin")),
    Case("an origin with a newline", LIST, preflight(origin=f"{A}\\n"),
         answer(400, "Disallowed CORS origin")),
    Case("an origin in capitals", LIST, preflight(origin="https://A.example"),
         answer(400, "Disallowed CORS origin")),
    Case("16,384 bytes of headers", LIST, preflight(f"{ASKED}: {'x-token,' * 2048}"),
         answer(200, "OK", *LIST_SAYS)),
    Case("16,385 bytes of headers", LIST, preflight(f"{ASKED}: {'x-token,' * 2048}", f"{ASKED}:  "),
         answer(400, "Disallowed CORS headers", *LIST_SAYS)),
    Case("any header, as asked", WILDCARD, preflight(f"{ASKED}: X-B,, x-a\t,X-B", f"{ASKED}: authorization"),
         answer(200, "OK", *WILDCARD_SAYS, "access-control-allow-headers: X-B, x-a, X-B, authorization")),
    Case("any header, none asked", WILDCARD, preflight(f"{ASKED}: ,", method="PURGE"),
         answer(200, "OK", *WILDCARD_SAYS)),
    Case("any header, malformed", WILDCARD, preflight(f"{ASKED}: x-a, x b"),
         answer(400, "Disallowed CORS headers", *WILDCARD_SAYS)),
    Case("any origin, two of them", WILDCARD, preflight("origin: null"), answer(200, "OK", *WILDCARD_SAYS)),
    Case("with credentials", CREDENTIALS, preflight(method="GET"),
         answer(200, "OK", *GET_SAYS, "access-control-allow-credentials: true")
         .replace("age: 600", "age: 5")),
    Case("no methods", Config(allow_origins=(A,), allow_methods=(), max_age=0), preflight(),
         answer(400, "Disallowed CORS method", GET_SAYS[0], "access-control-max-age: 0", GET_SAYS[3])),
    Case("one spelling", Config(allow_origins=(A,), allow_headers=("x-b", "accept", "X-B")),
         preflight(method="GET"),
         answer(200, "OK", *GET_SAYS[:3], f"{GET_SAYS[3]}, x-b")),
    Case("private network", PRIVATE, preflight(f"{NETWORK}: true", method="GET"),
         answer(200, "OK", *GET_SAYS, "access-control-allow-private-network: true")),
    Case("private network, refused method", PRIVATE, preflight(f"{NETWORK}: true"),
         answer(400, "Disallowed CORS method", *GET_SAYS)),
    Case("private network not meant", PRIVATE, preflight(f"{NETWORK}: True", method="GET"),
         answer(200, "OK", *GET_SAYS)),
    Case("private network not configured", LIST, preflight(f"{NETWORK}: true"),
         answer(400, "Disallowed CORS private-network", *LIST_SAYS)),
    Case("no origin", LIST, "GET", "200\nvary: Origin\n\nhello"),
    Case("no origin, any allowed", WILDCARD, "GET", "200\nvary: Origin\n\nhello"),
    Case("a listed origin", LIST, f"GET\norigin: {A}",
         f"200\naccess-control-allow-origin: {A}\nvary: Origin\n\nhello"),
    Case("an origin that is not listed", LIST, "GET\norigin: http://localhost", "200\nvary: Origin\n\nhello"),
    Case("OPTIONS that is no preflight", LIST, f"OPTIONS\norigin: {A}",
         f"405\nallow: GET\naccess-control-allow-origin: {A}\nvary: Origin\n\nno",
         app="405\nallow: GET\n\nno"),
    Case("a preflight without an origin", LIST, "OPTIONS\naccess-control-request-method: PUT",
         "200\nvary: Origin\n\nhello"),
    Case("a regex from end to end", REGEX, "GET\norigin: https://a.example.org",
         "200\naccess-control-allow-origin: https://a.example.org\nvary: Origin\n\nhello"),
    Case("a regex and a longer origin", REGEX, "GET\norigin: https://a.example.org.evil.example",
         "200\nvary: Origin\n\nhello"),
    Case("a regex and a path", REGEX, "GET\norigin: https://evil.example/.example.org",
         "200\nvary: Origin\n\nhello"),
    Case("512 bytes of origin", REGEX, f"GET\norigin: https://{'a' * 492}.example.org",
         f"200\naccess-control-allow-origin: https://{'a' * 492}.example.org\nvary: Origin\n\nhello"),
    Case("513 bytes of origin", REGEX, f"GET\norigin: https://{'a' * 493}.example.org",
         "200\nvary: Origin\n\nhello"),
    Case("a pattern of names", PATTERNS, "GET\norigin: https://a.b.example.org",
         "200\naccess-control-allow-origin: https://a.b.example.org\nvary: Origin\n\nhello"),
    Case("a pattern of ports", PATTERNS, "GET\norigin: http://localhost:3000",
         "200\naccess-control-allow-origin: http://localhost:3000\nvary: Origin\n\nhello"),
    Case("a pattern and the bare host", PATTERNS, "GET\norigin: https://example.org",
         "200\nvary: Origin\n\nhello"),
    Case("a pattern and a longer origin", PATTERNS, "GET\norigin: https://a.example.org.evil.example",
         "200\nvary: Origin\n\nhello"),
    Case("a pattern and its own text", PATTERNS, "GET\norigin: https://*.example.org",
         "200\nvary: Origin\n\nhello"),
    Case("a preflight from below a pattern's host", PATTERNS,
         "OPTIONS\norigin: https://a.example.org\naccess-control-request-method: GET",
         answer(200, "OK", "access-control-allow-origin: https://a.example.org", *GET_SAYS[1:])),
    Case("a preflight from a pattern's bare host", PATTERNS,
         "OPTIONS\norigin: https://example.org\naccess-control-request-method: GET",
         answer(400, "Disallowed CORS origin")),
    Case("null when listed", REGEX, "GET\norigin: null",
         "200\naccess-control-allow-origin: null\nvary: Origin\n\nhello"),
    Case("null and a regex for all", Config(allow_origin_regex=".*"), "GET\norigin: null",
         "200\nvary: Origin\n\nhello"),
    Case("exposed headers and credentials, on an error", CREDENTIALS, f"POST\norigin: {A}",
         f"500\naccess-control-allow-origin: {A}\naccess-control-allow-credentials: true\n"
         "access-control-expose-headers: X-Count, X-Total\nvary: Origin\n\noh", app="500\n\noh"),
    Case("the application's CORS headers give way", LIST, f"GET\norigin: {A}",
         f"200\naccess-control-allow-origin: {A}\naccess-control-expose-headers: X-Own\nvary: Origin\n\n",
         app="200\nAccess-Control-Allow-Origin: *\naccess-control-allow-origin: null\n"
         "Access-Control-Allow-Credentials: true\naccess-control-expose-headers: X-Own\n\n"),
    Case("the application's exposed headers give way", CREDENTIALS, f"GET\norigin: {A}",
         f"200\naccess-control-allow-origin: {A}\naccess-control-allow-credentials: true\n"
         "access-control-expose-headers: X-Count, X-Total\nvary: Origin\n\n",
         app="200\naccess-control-expose-headers: X-Own\nAccess-Control-Expose-Headers: *\n\n"),
    Case("the application's CORS headers stay for others", CREDENTIALS, "GET\norigin: https://b.example",
         "200\naccess-control-allow-origin: https://b.example\nvary: Origin\n\n",
         app="200\naccess-control-allow-origin: https://b.example\n\n"),
    Case("Vary that names Origin", LIST, "GET", "200\nVary: Accept,ORIGIN\n\n",
         app="200\nVary: Accept,ORIGIN\n\n"),
    Case("Vary that does not name Origin", LIST, "GET", "200\nvary: Accept, Origin\n\n",
         app="200\nVary: Accept\n\n"),
    Case("Vary that holds a star", LIST, "GET", "200\nvary: Accept\nvary: Cookie, *\n\n",
         app="200\nvary: Accept\nvary: Cookie, *\n\n"),
    Case("Vary on several lines", LIST, "GET", "200\nvary: Accept, Cookie, origin\n\n",
         app="200\nVary: Accept,, \nvary: Cookie\nvary: \torigin\n\n"),
)  # fmt: skip


def written_in_capitals(found: Response, case: Case) -> list[bytes]:
    """Names in capitals that the application did not send: what is added has names in lower case."""
    sent = {name for name, _ in response(case.app).headers}
    return [name for name, _ in found.headers if name != name.lower() and name not in sent]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_model_answers_as_written(case: Case) -> None:
    found = respond(case.config, request(case.request), response(case.app))
    assert same_answers(found, response(case.answer))
    assert written_in_capitals(found, case) == []


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_middleware_answers_as_written(case: Case) -> None:
    found = Driven(case.config).answer(request(case.request), response(case.app))
    assert same_answers(found.response, response(case.answer))
    assert written_in_capitals(found.response, case) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_rule_holds_on_what_is_written(case: Case) -> None:
    rules = [rule for rule in RULES.values() if rule.binding]
    exchange = Exchange(case.config, request(case.request), response(case.answer), response(case.app))
    assert check(exchange, rules=rules) == []


def test_the_model_shows_two_functions() -> None:
    everything: dict[str, object] = {}
    exec("from model import *", everything)
    assert everything.keys() - {"__builtins__"} == {"respond", "respond_by_path"}


def test_each_prefix_of_the_path_has_a_policy_of_its_own() -> None:
    policies = {"/": Config((A,)), "/public": Config(("*",))}
    bare = Response(200, ((b"x-own", b"1"),), b"hello")
    sent = {
        path: Request("GET", ((b"origin", A.encode()),), path) for path in ("/", "/public/x", "/a/../public")
    }
    for path, config in (("/", policies["/"]), ("/public/x", policies["/public"])):
        assert respond_by_path(policies, sent[path], bare) == respond(config, sent[path], bare)
        assert respond_by_path(policies, sent[path], bare) != bare
    assert respond_by_path(policies, sent["/a/../public"], bare) == bare
    assert respond_by_path({"/public": policies["/public"]}, sent["/"], bare) == bare
