"""Servers that do it otherwise than ours, and are right all the same: nothing may be said of them."""

from spec import Config, Request, Response
from spec.http import elements
from spec.policy import is_preflight
from spec.rules.server.examples import LIST, TWO, WILDCARD, A
from tests.helpers.faulty_servers import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    ACRH,
    MAX_AGE,
    Fault,
    changed,
    first,
    has_no_origin,
    is_unlisted,
    on,
    sets,
    value,
)
from tests.helpers.faulty_servers import (
    is_options as takes_options,
)

ANYTHING = Config(allow_origins=(A,), allow_methods=("*",), allow_headers=("*",))
ONE_WITH_CREDENTIALS = Config(allow_origins=(A,), allow_methods=("GET", "PUT"), allow_credentials=True)
ONE = Config(allow_origins=(A,), allow_methods=("GET", "PUT"), allow_headers=("X-Token",))


def names_its_one_origin_to_all(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: A, "vary": None})


def names_its_one_origin_and_credentials_to_all(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: A, ACAC: "true", "vary": None})


def permits_everyone_always(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: "*", "vary": None})


def permits_everyone_by_name(request: Request, response: Response) -> Response:
    """By the name that a browser sent; what is no name, by the wildcard."""
    sent = value(request)
    return changed(response, {ACAO: sent if sent in ("https://evil.example", "null") else "*"})


def is_refused(request: Request, response: Response) -> bool:
    return is_preflight(request) and response.status == 400


def without_content(request: Request, response: Response) -> Response:
    """Preflights are answered 204."""
    if not is_preflight(request) or is_refused(request, response):
        return response
    return changed(Response(204, response.headers), {"content-type": None, "content-length": None})


def refuses_with(status: int) -> Fault:
    """A refused preflight has this status, and no header."""
    return lambda request, response: Response(status, ()) if is_refused(request, response) else response


def lists_what_was_asked_for(request: Request, response: Response) -> Response:
    """An allowed preflight names the one method, and the headers as the model names them."""
    if not is_preflight(request) or is_refused(request, response):
        return response
    headers = first(response, ACAH) if elements(request.lines(ACRH)) else None
    return changed(response, {ACAM: value(request, "access-control-request-method"), ACAH: headers})


def lists_all_by_a_wildcard(request: Request, response: Response) -> Response:
    return changed(response, {ACAM: "*", ACAH: "*"}, 200) if response.lines(ACAM) else response


def writes_names_in_capitals(request: Request, response: Response) -> Response:
    lines = tuple((name.title(), value) for name, value in response.headers)
    return Response(response.status, lines, response.body)


def refuses_unlisted_origins(request: Request, response: Response) -> Response:
    return Response(403, ((b"vary", b"Origin"),), b"no")


def has_no_head(request: Request, response: Response) -> Response:
    return Response(405, ((b"allow", b"GET"), (b"vary", b"Origin")))


def withholds_head(request: Request, response: Response) -> Response:
    return changed(response, {ACAO: None, ACEH: None})


def answers_options_itself(request: Request, response: Response) -> Response:
    return response if is_preflight(request) else Response(204, ((b"vary", b"Origin"),))


def is_head(request: Request) -> bool:
    return request.method == "HEAD"


VARIANTS: dict[str, tuple[Config, Fault]] = {
    "one origin, named to all": (ONE, names_its_one_origin_to_all),
    "one origin, named to all with credentials":
        (ONE_WITH_CREDENTIALS, names_its_one_origin_and_credentials_to_all),
    "one origin, named where none is sent": (TWO, on(has_no_origin, sets(ACAO, A))),
    "everyone, always, without Vary": (WILDCARD, permits_everyone_always),
    "everyone, by name, with Vary": (WILDCARD, permits_everyone_by_name),
    "varies by everything": (LIST, sets("vary", "*")),
    "preflights are answered 204": (LIST, without_content),
    "preflights are refused with 403": (LIST, refuses_with(403)),
    "preflights are refused with 204 and no permission": (LIST, refuses_with(204)),
    "no Max-Age": (LIST, sets(MAX_AGE, None)),
    "the one method is named": (LIST, on(is_preflight, lists_what_was_asked_for)),
    "all is allowed by a wildcard": (ANYTHING, lists_all_by_a_wildcard),
    "names in capitals": (LIST, writes_names_in_capitals),
    "unlisted origins are refused": (LIST, on(is_unlisted(LIST), refuses_unlisted_origins)),
    "there is no HEAD": (LIST, on(is_head, has_no_head)),
    "HEAD is withheld": (LIST, on(is_head, withholds_head)),
    "OPTIONS never reaches the application": (LIST, on(takes_options, answers_options_itself)),
}  # fmt: skip
"""By what they do: the configuration that is meant, and how the model's answers are changed."""
