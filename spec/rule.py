"""What a rule is, and how rules judge exchanges, configurations and the doings of browsers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from spec.config import Config
from spec.http import Request, Response


@dataclass(frozen=True)
class Exchange:
    """One request, the answer to it, and the configuration that the server was given.

    `app_response` is what the application behind the middleware answered, or would have answered;
    `app_calls` how often it was called. None means unknown (a server that we only see from outside):
    a rule that needs it does not apply.
    """

    config: Config
    request: Request
    response: Response
    app_response: Response | None = None
    app_calls: int | None = None


class Level(Enum):
    """How much a rule binds, and so how much a violation of it matters."""

    MUST = "MUST"
    SECURITY = "SECURITY"
    SHOULD = "SHOULD"
    INFO = "INFO"


class Profile(Enum):
    """Whom a rule binds."""

    PROTOCOL = "protocol"  # every CORS implementation, so that browsers and caches work
    SECURITY = "security"  # every CORS implementation, so that nobody reads what they must not
    DOCUMENTED = "documented"  # those that claim the behaviour of the documentation page
    HOUSE = "house"  # our middleware alone: decisions that no standard or page makes


class Scope(Enum):
    """What a rule judges: the arguments of its `applies` and `holds`."""

    EXCHANGE = "exchange"  # one Exchange
    PAIR = "pair"  # two Exchanges, in either order
    SET = "set"  # any number of Exchanges
    CONFIGURATION = "configuration"  # a Config
    FETCH = "fetch"  # a browser's account of a fetch: spec.browser.Account


@dataclass(frozen=True)
class Place:
    """A place in a configuration: a parameter, and a position in it when it is a list."""

    argument: str
    index: int | None = None


def always(*subjects: object) -> bool:
    """The condition of a rule that applies to everything of its scope."""
    return True


@dataclass(frozen=True)
class Rule:
    """A rule of CORS: what it says, who says so, whom it binds, and how to tell.

    A rule of scope configuration has `finds` (the places that break it) in the stead of `holds`.
    A rule that cannot be executed has neither, and says why in `not_executable`.
    `implies` names the rules that are broken whenever the saboteur of this one breaks it; `same_as` those
    that say the same from another source, and share its predicate.
    """

    id: str
    sentence: str
    source: str
    level: Level
    profile: Profile
    scope: Scope = Scope.EXCHANGE
    applies: Callable[..., bool] = always
    holds: Callable[..., bool] | None = None
    finds: Callable[[Config], list[Place]] | None = None
    implies: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    not_executable: str = ""


@dataclass(frozen=True)
class Violation:
    """A rule, what broke it, and how, in words.

    `exchanges` are the Exchanges (or the one account of a fetch) that were judged; it is empty for a
    configuration, where `place` says which parameter.
    """

    rule: Rule
    exchanges: tuple[Any, ...]
    explanation: str
    place: Place | None = None


def fetch(anchor: str) -> str:
    """A link into the Fetch standard."""
    return "https://fetch.spec.whatwg.org/" + anchor


def rfc9110(section: str) -> str:
    """A link to a section of HTTP Semantics."""
    return "https://www.rfc-editor.org/rfc/rfc9110#section-" + section


def rfc9111(section: str) -> str:
    """A link to a section of HTTP Caching."""
    return "https://www.rfc-editor.org/rfc/rfc9111#section-" + section


def page(anchor: str) -> str:
    """A link into the documentation page."""
    return "https://fastapi.tiangolo.com/tutorial/cors/" + anchor
