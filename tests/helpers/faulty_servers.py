"""Servers that are right but for one fault: what each rule is there to find, as a whole server does it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from model import respond
from spec import Config, Request, Response
from spec.http import elements
from spec.policy import is_preflight, request_origin_is_allowed
from spec.rules.server.examples import CREDENTIALS, IMPOSSIBLE, LIST, REGEX, TWO, WILDCARD, A, B, lines

ACAO = "access-control-allow-origin"
ACAC = "access-control-allow-credentials"
ACAM = "access-control-allow-methods"
ACAH = "access-control-allow-headers"
ACEH = "access-control-expose-headers"
ACRH = "access-control-request-headers"
MAX_AGE = "access-control-max-age"

Fault = Callable[[Request, Response], Response]


def changed(response: Response, values: dict[str, str | None], status: int | None = None) -> Response:
    """The same with these headers replaced; None: without."""
    by_name = {name.encode(): value for name, value in values.items()}
    kept = [line for line in response.headers if line[0].lower() not in by_name]
    new = [(name, value.encode("latin-1")) for name, value in by_name.items() if value is not None]
    return Response(status or response.status, (*kept, *new), response.body)


def server(config: Config, fault: Fault) -> Any:
    """An ASGI application: the model before one that greets, except at /error, with a fault."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        query = "?" + scope["query_string"].decode() if scope["query_string"] else ""
        sent = tuple((name, value) for name, value in scope["headers"] if name != b"host")
        request = Request(scope["method"], sent, scope["path"] + query)
        body = b"" if request.method == "HEAD" else b"hello"
        status = 404 if request.path == "/error" else 200
        answer = fault(
            request, respond(config, request, Response(status, ((b"content-type", b"text/plain"),), body))
        )
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": answer.body})

    return app


def value(request: Request, name: str = "origin") -> str:
    """The first line of a name, empty without one."""
    return (request.lines(name) or [b""])[0].decode("latin-1")


def first(response: Response, name: str) -> str:
    """The first line of a name, empty without one."""
    return (response.lines(name) or [b""])[0].decode("latin-1")


def on(condition: Callable[[Request], bool], change: Callable[[Request, Response], Response]) -> Fault:
    """A fault that shows when a request is of this kind."""
    return lambda request, response: change(request, response) if condition(request) else response


def sets(name: str, value: str | None) -> Fault:
    """A fault that answers with this header; None: without it."""
    return lambda request, response: changed(response, {name: value})


def answers(status: int) -> Fault:
    """A fault that answers with this status."""
    return lambda request, response: changed(response, {}, status)


def instead(name: str, value: str) -> Fault:
    """A fault that says something else in a header, where it says something at all."""
    return lambda request, response: changed(response, {name: value}) if response.lines(name) else response


def is_actual(request: Request) -> bool:
    return not is_preflight(request)


def has_no_origin(request: Request) -> bool:
    return not request.lines("origin")


def is_options(request: Request) -> bool:
    return request.method == "OPTIONS" and is_actual(request)


def is_unlisted(config: Config) -> Callable[[Request], bool]:
    return lambda request: not has_no_origin(request) and not request_origin_is_allowed(config, request)


def origin_is(pattern: str) -> Callable[[Request], bool]:
    """Actual requests with one Origin that is like this."""
    return lambda request: (
        is_actual(request)
        and len(request.lines("origin")) == 1
        and re.fullmatch(pattern, value(request)) is not None
    )


def asks(condition: Callable[[list[str]], bool]) -> Callable[[Request], bool]:
    """Preflights whose lines of requested headers are like this."""
    return lambda request: (
        is_preflight(request) and condition([line.decode("latin-1") for line in request.lines(ACRH)])
    )


def is_unsorted(found: list[str]) -> bool:
    names = [name.decode("latin-1").lower() for name in elements(line.encode("latin-1") for line in found)]
    return names != sorted(names)


def has_capitals(found: list[str]) -> bool:
    return "".join(found) != "".join(found).lower()


def has_names(line: str) -> bool:
    return line.strip(", \t") != ""


def is_a_script(request: Request) -> bool:
    """What some libraries add to the requests of scripts; CORS knows nothing of it."""
    return bool(request.lines("x-requested-with"))


def has_blanks(found: list[str]) -> bool:
    return len(found) == 1 and any(part != part.strip(" \t") or not part for part in found[0].split(","))


def names_what_was_asked(request: Request, response: Response) -> Response:
    return changed(response, {ACAH: f"{first(response, ACAH)}, {value(request, ACRH)}"})


def reflects(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: value(request)})


def reflects_with_credentials(request: Request, response: Response) -> Response:
    usual = len(request.lines("origin")) == 1 and re.fullmatch("https?://[a-z.]{1,60}", value(request))
    return changed(reflects(request, response), {ACAC: "true"}) if usual else changed(response, {ACAC: None})


def grants_everyone_with_credentials(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: "*", ACAC: "true"})


def allows_credentials_twice(request: Request, response: Response) -> Response:
    return Response(
        response.status, (*response.headers, *lines(f"{ACAC}: true | {ACAC}: true")), response.body
    )


def is_not_modified(request: Request, response: Response) -> Response:
    return Response(304, changed(response, {"vary": "Accept"}).headers)


def allows_delete(request: Request, response: Response) -> Response:
    is_refused = not response.lines(ACAM)
    return response if is_refused else changed(response, {ACAM: "GET, PUT, DELETE"}, 200)


UNLISTED = r"https://evil\.example"

FAULTS: dict[str, tuple[Config, Fault]] = {
    "S-SYN-1": (WILDCARD, on(origin_is("[!-~]+ [!-~]+"), reflects)),
    "S-SYN-2": (CREDENTIALS, on(has_no_origin, sets(ACAC, "false"))),
    "S-SYN-3": (TWO, on(is_actual, sets(ACEH, "X Count"))),
    "S-SYN-4": (LIST, instead(MAX_AGE, "-1")),
    "S-SYN-5": (LIST, on(is_actual, sets("x-note", "one\r\ntwo"))),
    "S-SYN-6": (LIST, on(is_actual, sets(MAX_AGE, "600"))),
    "S-ORG-1": (TWO, on(has_no_origin, sets(ACAO, "https://c.example"))),
    "S-WRK-1": (TWO, on(lambda request: origin_is(B)(request) and request.path == "/", sets(ACAO, None))),
    "S-WRK-2": (LIST, instead(ACAM, "GET")),
    "S-PF-6": (LIST, instead(ACAM, "GET, PUT, put")),
    "S-PF-7": (LIST, on(asks(is_unsorted), answers(400))),
    "S-HTTP-2": (LIST, on(asks(has_capitals), answers(400))),
    "S-HTTP-3": (LIST, on(asks(has_blanks), answers(400))),
    "S-HTTP-4": (LIST, on(is_actual, sets("vary", "Origin, , Accept"))),
    "S-HTTP-5": (LIST, on(asks(lambda found: sum(map(has_names, found)) > 1), answers(400))),
    "S-HTTP-6": (CREDENTIALS, on(has_no_origin, allows_credentials_twice)),
    "S-HTTP-9": (LIST, on(lambda request: bool(request.lines("if-none-match")), is_not_modified)),
    "S-HTTP-10": (LIST, on(lambda request: request.method == "HEAD" and has_no_origin(request),
                           sets("vary", "Origin, Accept"))),
    "S-HTTP-12": (LIST, on(is_options, answers(405))),
    "S-HTTP-13": (LIST, on(lambda request: request.method == "GET" and has_no_origin(request), answers(204))),
    "S-VARY-1": (LIST, on(lambda request: request.method == "HEAD" and is_a_script(request),
                          sets("vary", None))),
    "S-VARY-2": (LIST, on(is_actual, sets("vary", None))),
    "S-VARY-5": (LIST, on(lambda request: origin_is(UNLISTED)(request) and is_a_script(request),
                          sets("vary", None))),
    "S-RSP-7": (LIST, on(lambda request: request.method == "HEAD", sets("vary", "Origin, Accept"))),
    "S-ORG-3": (LIST, on(origin_is("https://A.EXAMPLE"), sets(ACAO, "*"))),
    "S-ORG-4": (LIST, on(origin_is("null"), sets(ACAO, "*"))),
    "S-ORG-5": (CREDENTIALS, on(is_unlisted(CREDENTIALS), sets(ACAC, "true"))),
    "S-ORG-6": (TWO, on(lambda request: is_actual(request) and len(request.lines("origin")) > 1,
                         sets(ACAO, A))),
    "S-CRD-1": (CREDENTIALS, on(has_no_origin, grants_everyone_with_credentials)),
    "S-CRD-6": (IMPOSSIBLE, reflects_with_credentials),
    "S-PF-5": (LIST, on(is_preflight, allows_delete)),
    "S-PF-8": (LIST, on(asks(lambda found: found == ["X-Token x"]), names_what_was_asked)),
    "SEC-2": (LIST, on(origin_is(UNLISTED), reflects)),
    "SEC-3": (REGEX, on(origin_is(r"https://[a-z]+\.example\.evil\.example"), sets(ACAO, "*"))),
    "SEC-14": (WILDCARD, reflects_with_credentials),
    "SEC-15": (LIST, instead(ACEH, "X-Count, X-More")),
    "S-WRK-3": (LIST, sets(ACEH, None)),
    "S-WRK-4": (replace(LIST, max_age=60), instead(MAX_AGE, "86400")),
    "S-WRK-5": (LIST, on(lambda request: request.path == "/error", sets(ACAO, None))),
    "X-PNA-1": (LIST, on(is_preflight, sets("access-control-allow-private-network", "true"))),
}  # fmt: skip
"""By the rule that each breaks: the configuration that is meant, and what is wrong."""

NEEDS_THE_APP = frozenset({"S-RSP-4", "S-VARY-4"})
"""Rules that ask what the application behind had answered: from outside nobody sees that."""

NEEDS_NO_PARSER = frozenset({"S-HTTP-7"})
"""What it is about a parser strips before it reaches a server: others are not asked."""
