"""What a rule is: one record that holds all that is known of it, and what a rule judges."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Literal, NamedTuple

from spec.config import Config
from spec.http import Request, Response
from spec.policy import is_preflight, refusals, request_origin_is_allowed


@dataclass(frozen=True)
class Exchange:
    """One request, the response to it, and the configuration that the server was given.

    `app_response` is what the application behind the middleware responded, or would have responded;
    `app_calls` how often it was called. None means unknown (a server that we only see from outside):
    a rule that needs it does not apply. `no_response` says why there was no response; `response` is then a
    network error, without status and headers: https://fetch.spec.whatwg.org/#concept-network-error
    """

    config: Config
    request: Request
    response: Response
    app_response: Response | None = None
    app_calls: int | None = None
    no_response: str = ""

    # Most rules ask these of the same exchange, by the million.

    @cached_property
    def is_preflight(self) -> bool:
        """Whether the request is a preflight."""
        return is_preflight(self.request)

    @cached_property
    def origin_is_allowed(self) -> bool:
        """Whether the configuration allows the sender of the request."""
        return request_origin_is_allowed(self.config, self.request)

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """What of this preflight the configuration refuses: see `spec.policy.refusals`."""
        return refusals(self.config, self.request)


NETWORK_ERROR = Response(0, ())
"""The response of a request that got none."""


class Level(Enum):
    """How much a rule binds."""

    MUST = "MUST"
    SECURITY = "SECURITY"
    SHOULD = "SHOULD"
    INFO = "INFO"


class Severity(Enum):
    """What a breach of a rule does, the worst first."""

    LETS_IN = "lets in"  # something can be read or sent that should not be
    KEEPS_OUT = "keeps out"  # something that is allowed does not work, or not as it is configured
    CACHE = "cache"  # a cache may serve the wrong response, or caching is lost
    HYGIENE = "hygiene"  # nobody notices today: waste, noise, fragile syntax


class Profile(Enum):
    """Whom a rule binds."""

    PROTOCOL = "protocol"  # every CORS implementation, so that browsers and caches work
    SECURITY = "security"  # every CORS implementation, so that nobody reads what they must not
    DOCUMENTED = "documented"  # those that claim the behaviour of the documentation page
    IMPLEMENTATION = "implementation"  # our middleware alone: decisions that no standard or page makes


class Subject(Enum):
    """What a rule judges: the arguments of its `applies` and `holds`."""

    EXCHANGE = "exchange"  # one Exchange
    PAIR = "pair"  # two Exchanges, in either order
    SET = "set"  # any number of Exchanges
    CONFIGURATION = "configuration"  # a Config
    FETCH = "fetch"  # what a browser did in a sequence of fetches, hop by hop: spec.browser.Hop


@dataclass(frozen=True)
class Place:
    """A place in a configuration: a parameter, and a position in it when it is a list."""

    argument: str
    index: int | None = None


class Expectation(NamedTuple):
    """A header of a response, what is expected there, and whether the response meets it.

    `header` is a lower-case field name, or `(body)`.
    """

    header: str
    expected: str
    met: bool


def always(*subjects: object) -> bool:
    """The condition of a rule that applies to everything that it judges."""
    return True


def nothing_more(exchange: Exchange) -> Iterable[Expectation]:
    """Most rules need no header beside those that every report shows."""
    return ()


def never(lacks: frozenset[str], unasked: Response | None, *subject: Exchange) -> bool:
    """Most rules excuse no implementation."""
    return False


def no_detail(value: Any) -> str:
    """Of most findings the sentence says what is wrong."""
    return ""


def no_suggestion(value: Any) -> str | None:
    """For most findings there is no value that is certainly meant."""
    return None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule of CORS. The documents, reports, tests and the gallery read this record, and nothing else.

    id, aliases: the name of the rule, and other names under which its sources list it
    title: 3 to 9 words; sentence: what must hold, in 150 characters at most, without a full stop
    sources: links to the sections that say so
    level: how much it binds; severity: what a breach does; profile: whom it binds
    subject: what `applies` (whether the rule speaks of it) and `holds` are given; a pair in either order.
        A rule about configurations has `finds` instead of `holds`: the places that break it
    needs: the features of an implementation without which the rule does not apply (spec.conformance.Target)
    path: the fact of a target (`error_path`) that names the path whose responses alone a run judges by this
        rule; empty: the responses of every path
    excuses: whether a foreign server cannot do otherwise, by the features that it lacks (or that nobody
        stated), and by its response to a request without Origin (None: not known)
    shows: the headers that show a breach, beside those that every report shows
    binding: whether runs and tests judge by it; our own middleware knowingly does not follow the others
    middleware: what our middleware does with such a configuration
    details: what exactly is wrong with a value that is found in a configuration
    suggests: the value that is certainly meant instead of one that is found in a configuration
    why: why a breach matters; repair: how to mend it: whole sentences, in 220 characters at most
    counterexample: what breaks this rule, those in `implies`, and no other binding rule: a tuple of
        Exchanges, a tuple of Hops, or one Config. Rules that do not bind have none
    implies: the ids of all other binding rules that this very counterexample breaks as well, no more and
        no fewer. It is no logical implication: another breach of this rule may break none of them
    """

    id: str
    aliases: tuple[str, ...] = ()
    title: str
    sentence: str
    sources: tuple[str, ...]
    level: Level
    severity: Severity
    profile: Profile
    subject: Subject = Subject.EXCHANGE
    applies: Callable[..., bool] = always
    holds: Callable[..., bool] | None = None
    finds: Callable[[Config], list[Place]] | None = None
    needs: tuple[str, ...] = ()
    path: Literal["", "error_path"] = ""
    excuses: Callable[..., bool] = never
    shows: Callable[[Exchange], Iterable[Expectation]] = nothing_more
    binding: bool = True
    middleware: Literal["", "warns", "raises", "warns, raises with credentials"] = ""
    details: Callable[[Any], str] = no_detail
    suggests: Callable[[Any], str | None] = no_suggestion
    why: str
    repair: str
    implies: tuple[str, ...] = ()
    counterexample: tuple[Any, ...] | Config | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """All names of this rule."""
        return (self.id, *self.aliases)


@dataclass(frozen=True)
class Violation:
    """A rule, what broke it, and how, in words.

    `exchanges` are the Exchanges (or the one trace of a fetch) that were judged; it is empty for a
    configuration, where `place` says which parameter.
    """

    rule: Rule
    exchanges: tuple[Any, ...]
    explanation: str
    place: Place | None = None
