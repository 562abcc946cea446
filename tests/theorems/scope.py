"""The small scope: a vocabulary, and every combination of its words; and the same of paths.

`SMALL` is enumerated whole in `make verify`, `LARGE` in `make exhaust`. The words are chosen so that each
decision of the middleware is taken both ways, and next to each right word stands a near miss.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from spec.config import Config
from spec.http import Headers, Request, Response
from spec.rules.record import Exchange
from tests.helpers.paths import PLAIN, TRICKY, paths

A, B = "https://a.example", "https://b.example"
BELOW_B, LOCALHOST = "https://*.b.example", "http://localhost:*"
REGEX = r"https://.*\.b\.example"


@dataclass(frozen=True)
class Vocabulary:
    """The words of a scope: for each parameter and each part of a message the values that it takes."""

    origins: tuple[tuple[str, ...], ...]
    regexes: tuple[str | None, ...]
    methods: tuple[tuple[str, ...], ...]
    headers: tuple[tuple[str, ...], ...]
    exposed: tuple[tuple[str, ...], ...]
    max_ages: tuple[int, ...]
    sent_origins: tuple[tuple[bytes, ...], ...]
    actual_methods: tuple[str, ...]
    asked_methods: tuple[tuple[bytes, ...], ...]
    asked_headers: tuple[tuple[bytes, ...], ...]
    asked_networks: tuple[tuple[bytes, ...], ...]
    statuses: tuple[int, ...]
    app_headers: tuple[Headers, ...]

    def configs(self) -> Iterator[Config]:
        """All configurations of these words that may be: the wildcard and `null` have no credentials."""
        flags = (False, True)
        for origins, regex, credentials, methods, headers, private, exposed, max_age in product(
            self.origins, self.regexes, flags, self.methods, self.headers, flags, self.exposed, self.max_ages
        ):
            if not (credentials and {"*", "null"} & set(origins)):
                yield Config(origins, methods, headers, credentials, regex, private, exposed, max_age)

    def preflights(self) -> tuple[Request, ...]:
        """All preflights of these words, and OPTIONS requests that fall short of one."""
        return tuple(
            Request(
                "OPTIONS",
                (
                    *((b"origin", value) for value in origins),
                    *((b"access-control-request-method", value) for value in methods),
                    *((b"access-control-request-headers", value) for value in headers),
                    *((b"access-control-request-private-network", value) for value in networks),
                ),
            )
            for origins, methods, headers, networks in product(
                self.sent_origins, self.asked_methods, self.asked_headers, self.asked_networks
            )
            if origins and methods
        )

    def actual_requests(self) -> tuple[Request, ...]:
        """All actual requests of these words; some of them carry what only a preflight should."""
        asked = ((), ((b"access-control-request-method", b"PUT"),))
        return tuple(
            Request(method, (*((b"origin", value) for value in origins), *more))
            for method, more, origins in product(self.actual_methods, asked, self.sent_origins)
            if not (method == "OPTIONS" and origins and more)
        )

    def app_responses(self) -> tuple[Response, ...]:
        """All answers of the application of these words."""
        return tuple(
            Response(status, headers, b"" if status in (204, 304) else b"hello")
            for status, headers in product(self.statuses, self.app_headers)
        )

    @cached_property
    def cases(self) -> tuple[tuple[Request, Response], ...]:
        """All cases of a configuration. A preflight meets one application: it must not reach it."""
        responses = self.app_responses()
        preflights = ((request, responses[0]) for request in self.preflights())
        return (*preflights, *product(self.actual_requests(), responses))

    def pairs(
        self, preflights: list[Exchange], actual: list[Exchange]
    ) -> Iterator[tuple[Exchange, Exchange]]:
        """Pairs of the exchanges of `cases`: neighbours in each dimension, preflights with their requests."""
        asking = preflights[:: len(self.asked_networks)]
        headers = len(self.asked_headers)
        for step in (1, headers, headers * len(self.asked_methods)):
            yield from zip(asking, asking[step:], strict=False)
        responses = len(self.app_responses())
        for step in (1, responses, 2 * responses * len(self.sent_origins)):
            yield from zip(actual, actual[step:], strict=False)
        for preflight, other in product(asking, actual[::responses]):
            if preflight.request.lines("origin") == other.request.lines("origin"):
                yield preflight, other


@dataclass(frozen=True)
class Places:
    """The words of paths, and sets of prefixes that have a policy each."""

    prefixes: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    longest: int
    root_paths: tuple[str, ...]

    def policies(self) -> Iterator[dict[str, Config]]:
        """For each set of prefixes policies of which no two respond alike to `requests`."""
        every = (
            Config((A,), allow_credentials=True),
            Config(("*",)),
            Config((B,), ("PUT",), expose_headers=("X-Count",)),
        )
        for prefixes in self.prefixes:
            yield dict(zip(prefixes, every, strict=False))

    def sent(self) -> Iterator[tuple[str, str]]:
        """All paths of these words, each with each `root_path` that it may have."""
        for path, root_path in product(paths(self.words, self.longest), self.root_paths):
            if path.startswith("/") or not root_path:
                yield path, root_path

    def requests(self) -> tuple[Request, ...]:
        """Requests that every policy responds to in its own way; their paths are others."""
        asked = ((b"origin", A.encode()), (b"access-control-request-method", b"PUT"))
        return (
            Request("GET", ((b"origin", A.encode()),)),
            Request("GET", ((b"origin", B.encode()),)),
            Request("OPTIONS", asked),
        )


def app(*lines: tuple[str, str]) -> Headers:
    return tuple((name.encode(), value.encode()) for name, value in lines)


ACAO, ACAC, ACEH = (
    f"access-control-{rest}" for rest in ("allow-origin", "allow-credentials", "expose-headers")
)

SMALL = Vocabulary(
    origins=((), (A, BELOW_B), ("*",), ("null", A)),
    regexes=(None, REGEX),
    methods=(("GET",), ("*", "PURGE"), ()),
    headers=((), ("X-Token", "x-token", "accept"), ("*",)),
    exposed=((), ("X-Count", "X-Total", "X-Count")),
    max_ages=(600,),
    sent_origins=(
        (), (A.encode(),), (b"https://a.b.example\n",), (b"https://a.b.example",), (b"https://evil.example/.b.example",),
        (b"null",), (A.encode(), A.encode()),
    ),
    actual_methods=("GET", "HEAD", "OPTIONS"),
    asked_methods=((b"GET",), (b"get",), (b"PURGE",), (b"GET", b"PUT")),
    asked_headers=(
        (), (b"X-Token,Accept",), (b"x-token,accept",), (b"\tx-token ,,accept, ",), (b"x-token", b"accept"),
        (b"authorization",), (b"Content-Type",), (b"x token",),
    ),
    asked_networks=((), (b"true",)),
    statuses=(200, 500),
    app_headers=(
        app(("content-type", "text/plain")),
        app((ACAO, B), (ACAC, "true"), (ACEH.title(), "X-Own"), ("vary", "Accept, origin")),
        app((ACAC, "true"), ("Vary", "Accept-Encoding"), ("vary", "Cookie,, Accept")),
        app((ACAO, "*"), (ACAO, A), ("vary", "*"), ("vary", "Origin")),
    ),
)  # fmt: skip

LARGE = Vocabulary(
    origins=((), (A, B), ("*", A), ("null", LOCALHOST, BELOW_B + ":8443", BELOW_B)),
    regexes=(None, REGEX, r".*"),
    methods=(("GET",), ("PURGE", "*"), (), ("PUT", "GET", "PUT", "patch")),
    headers=((), ("X-Token", "x-token", "accept"), ("x-a", "*")),
    exposed=((), ("X-Count", "X-Total", "X-Count")),
    max_ages=(600, 0),
    sent_origins=(
        (), (A.encode(),), (A.encode() + b"\n",), (b"https://a.b.example",), (b"https://a.b.example.evil.example",),
        (b"null",), (A.encode(), A.encode()), (b"",), (BELOW_B.encode(),), (b"https://A.b.example",),
        (b"https://evil.example/.b.example",), (b"\xff\x00",), (b"http://localhost:8080",), (b"http://localhost:65536",),
        (b"https://b.example",), (b"https://c.a.b.example:8443",), (b"https://a.b.example:443",),
        (b"https://" + b"a" * 64 + b".b.example",),
    ),
    actual_methods=("GET", "OPTIONS", "HEAD"),
    asked_methods=(
        (b"GET",), (b"PURGE",), (b"get",), (b"GET", b"PUT"), (b"",), (b"patch", b"patch"),
        (b"QUERY",),
    ),
    asked_headers=(
        (), (b"",), (b"x-token",), (b" ,X-TOKEN\t,", b"Accept"), (b"authorization",), (b"x token",),
        (b"content-type,x-a,x-a",), (b"x-\xe9",), (b"\x0bx-token",), (b"*",),
    ),
    asked_networks=((), (b"true",), (b"TRUE",), (b"true", b"true")),
    statuses=(200, 204, 304, 404, 500),
    app_headers=(
        *SMALL.app_headers,
        app(),
        app(("vary", "")),
        app(("VARY", "ORIGIN")),
        app(("access-control-allow-methods", "PUT"), ("access-control-max-age", "5"), (ACAO, A)),
        app((ACEH, "X-Own"), (ACEH, "X-Other"), ("vary", "Origin"), ("vary", "Origin")),
    ),
)  # fmt: skip

PREFIXES = (
    ("/",),
    ("/public",),
    ("/", "/public"),
    ("/admin", "/public"),
    ("/", "/public", "/public/admin"),
    ("/public/admin", "/admin/public/admin", "/publications"),
)
SMALL_PLACES = Places(PREFIXES, (*PLAIN[:2], *TRICKY), 2, ("", "/api"))
LARGE_PLACES = Places(PREFIXES, (*PLAIN, *TRICKY), 3, ("", "/api", "/public"))
