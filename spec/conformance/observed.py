"""What a server is seen to allow: a configuration, with what could not be told, and what looks too open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from spec.config import Config
from spec.conformance.cases import ACRH, ACRM, ACRPN, UNLISTED, actual
from spec.conformance.exchange import printable
from spec.conformance.status import wrong_status
from spec.conformance.target import Target
from spec.http import Request, Response, elements, is_ok_status, is_token
from spec.policy import allowed_headers
from spec.rules.server.facts import ACAC, ACAH, ACAM, ACAO, ACEH, MAX_AGE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UNUSUAL_METHOD, UNUSUAL_HEADER = "X-UNLISTED", "x-unlisted"
USUAL_HEADERS = ("authorization", "x-requested-with", "x-csrf-token")
SAFELISTED = frozenset(name.lower() for name in allowed_headers(Config()))


@dataclass
class Observed:
    """What was seen.

    `parameters` are those of a Config that could be told; `unsure` says of the others, by name, why not.
    `lacks` names features that the server does not show; `risks` says what looks too open.
    """

    parameters: dict[str, object] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)


class Observer:
    """Asks a server what it allows; `send` raises NoAnswer."""

    def __init__(self, send: Callable[[Request], Response], target: Target) -> None:
        self.send, self.target, self.seen = send, target, Observed()

    def get(self, *origins: str) -> Response:
        """The response to an actual request."""
        request = actual(tuple(origin.encode() for origin in origins), path=self.target.path)
        return self.send(self.target.asked(request) or request)

    def ask(self, origin: str, method: str = "GET", name: str = "", private: bool = False) -> Response:
        """The response to a preflight."""
        lines = [(b"origin", origin.encode()), (ACRM, method.encode())]
        lines += [(ACRH, name.encode())] if name else []
        lines += [(ACRPN, b"true")] if private else []
        return self.send(Request("OPTIONS", tuple(lines), self.target.path))

    def origins(self, origins: Iterable[str]) -> str | None:
        """Tell which origins are allowed; gives one of them, None when none was found."""
        found = [origin for origin in origins if grants(self.get(origin), origin)]
        anyone = self.get(UNLISTED)
        if anyone.lines(ACAO) == [b"*"]:
            self.seen.parameters["allow_origins"] = ["*"]
            self.seen.risks.append("Every origin is allowed: Access-Control-Allow-Origin is *.")
            return found[0] if found else UNLISTED
        if grants(anyone, UNLISTED):
            self.seen.unsure["allow_origins"] = (
                f"every origin is allowed, even {UNLISTED}; list those that are meant"
            )
            with_credentials = ", with credentials" if anyone.lines(ACAC) == [b"true"] else ""
            self.seen.risks.append(
                f"Origin is copied to Access-Control-Allow-Origin{with_credentials}: every website can read "
                "the responses."
            )
            self.seen.parameters["allow_origins"] = found
            return found[0] if found else UNLISTED
        if grants(self.get("null"), "null"):
            found.append("null")
            self.seen.risks.append("The origin null is allowed, which any website can obtain.")
        for origin in found[:1]:
            scheme, _, host = origin.partition("://")
            for near in (f"{origin}.evil.example", f"{scheme}://evil{host}"):
                if host and grants(self.get(near), near):
                    self.seen.risks.append(f"{near} is allowed, which is not {origin}.")
        refused = [origin for origin in origins if origin not in found]
        if refused or not found:
            named = f"not allowed: {', '.join(refused)}" if refused else "no origin was given"
            self.seen.unsure["allow_origins"] = f"{named}; try others with --allow-origin, or write them here"
        self.seen.parameters["allow_origins"] = found
        return found[0] if found else None

    def actual_response(self, origin: str) -> None:
        """Tell what an actual response says."""
        response = self.get(origin)
        self.seen.parameters["allow_credentials"] = response.lines(ACAC) == [b"true"]
        self.seen.parameters["expose_headers"] = tokens(response.lines(ACEH))

    def preflight_responses(self, origin: str, more: Iterable[str]) -> None:
        """Tell what preflight responses say."""
        plain = self.ask(origin)
        if not (is_ok_status(plain.status) and grants(plain, origin)):
            self.seen.lacks.append("preflights")
            why = f"a preflight for GET is not allowed: status {plain.status}"
            for name in ("allow_methods", "allow_headers", "max_age"):
                self.seen.unsure[name] = why
            return
        self.methods(origin)
        self.headers(origin, more, plain)
        ages = plain.lines(MAX_AGE)
        if len(ages) == 1 and ages[0].isdigit() and len(ages[0]) < 10:
            self.seen.parameters["max_age"] = int(ages[0])
        else:
            self.seen.lacks.append("max_age")
            came = ", ".join(map(printable, ages)) or "absent"
            self.seen.unsure["max_age"] = f"Access-Control-Max-Age is {came}"
        private = self.ask(origin, private=True).lines("access-control-allow-private-network")
        self.seen.parameters["allow_private_network"] = private == [b"true"]

    def methods(self, origin: str) -> None:
        """Tell which methods are allowed."""
        if self.is_named(ACAM, UNUSUAL_METHOD, self.ask(origin, UNUSUAL_METHOD)):
            self.seen.parameters["allow_methods"] = ["*"]
            return
        named = [tokens(self.ask(origin, method).lines(ACAM)) for method in METHODS]
        found = list(dict.fromkeys(name for names in named for name in names if name != "*"))
        if found:
            self.seen.parameters["allow_methods"] = found
        else:
            self.seen.unsure["allow_methods"] = "no preflight response has Access-Control-Allow-Methods"

    def headers(self, origin: str, more: Iterable[str], plain: Response) -> None:
        """Tell which request headers are allowed."""
        unusual = self.ask(origin, name=UNUSUAL_HEADER)
        if self.is_named(ACAH, UNUSUAL_HEADER, unusual):
            self.seen.parameters["allow_headers"] = ["*"]
            return
        tried = list(dict.fromkeys([*(name.lower() for name in more), *USUAL_HEADERS]))
        named = [tokens(self.ask(origin, name=name).lines(ACAH)) for name in tried]
        always = [tokens(response.lines(ACAH)) for response in (plain, unusual)]
        every = {name.lower(): name for names in (*named, *always) for name in names}
        self.seen.parameters["allow_headers"] = [
            name for lower, name in every.items() if lower not in SAFELISTED and name != "*"
        ]
        if not any(always):
            self.seen.unsure["allow_headers"] = (
                f"only headers that are requested are named; tried: {', '.join(tried)}; name others with "
                "--allow-header, or write them here"
            )

    def is_named(self, header: str, name: str, response: Response) -> bool:
        """Whether a response allows this, by its name or by a wildcard that counts."""
        found = [value.lower() for value in elements(response.lines(header))]
        has_wildcard = b"*" in found and not self.seen.parameters.get("allow_credentials")
        return is_ok_status(response.status) and (name.lower().encode() in found or has_wildcard)


def grants(response: Response, origin: str) -> bool:
    """Whether a page of this origin may read a response, as far as its origin goes."""
    return response.lines(ACAO) in ([b"*"], [origin.encode()])


def tokens(values: list[bytes]) -> list[str]:
    """The elements of a list that are tokens, each once."""
    return list(dict.fromkeys(value.decode() for value in elements(values) if is_token(value)))


def observe(
    send: Callable[[Request], Response],
    server: str,
    target: Target,
    origins: Iterable[str],
    names: Iterable[str],
) -> Observed:
    """What a server is seen to allow, asked for these origins and request headers.

    Raises NoAnswer, and ValueError for a status that is not 2xx.
    """
    observer = Observer(send, target)
    response = observer.get()
    if not is_ok_status(response.status):
        asked = actual(path=target.path)
        raise ValueError(wrong_status(server, target.asked(asked) or asked, response))
    origin = observer.origins(list(origins))
    if origin is None:
        why = "no origin is known that the server allows"
        observer.seen.unsure |= dict.fromkeys(
            ("allow_credentials", "expose_headers", "allow_methods", "allow_headers", "max_age"), why
        )
        return observer.seen
    observer.actual_response(origin)
    observer.preflight_responses(origin, names)
    return observer.seen
