"""What HTTP requires of any server, where CORS touches it."""

from spec.http import is_ok_status
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import LIST, B, get, gives, seen
from spec.rules.server.facts import answer_of_the_app, preflight
from spec.rules.sources import rfc9110

RULES: list[Rule] = []


ALLOW = "allow"


def successful_preflight(exchange: Exchange) -> bool:
    return preflight(exchange) and is_ok_status(exchange.response.status)


def allow_is_sent(exchange: Exchange) -> bool:
    return bool(exchange.response.lines(ALLOW))


RULES.append(
    Rule(
        id="S-HTTP-11",
        title="Successful preflight responses have Allow",
        sentence="A preflight response with a 2xx status has an Allow header",
        sources=(rfc9110("9.3.7"),),
        level=Level.INFO,
        severity=Severity.HYGIENE,
        profile=Profile.PROTOCOL,
        applies=successful_preflight,
        holds=allow_is_sent,
        binding=False,
        why=(
            "Clients that use OPTIONS to find out what a resource supports do not learn its methods. "
            "Browsers ignore Allow, so CORS is not affected."
        ),
        repair=(
            "Add Allow with the methods of the resource to successful preflight responses, for "
            "example `Allow: GET, POST, OPTIONS`."
        ),
    )
)


def method_is_not_allowed(exchange: Exchange) -> bool:
    """405, and by the application if we see it."""
    app = answer_of_the_app(exchange)
    if app is not None:
        return app.status == 405 and bool(app.lines(ALLOW))
    return exchange.response.status == 405


def allow_is_the_apps(exchange: Exchange) -> bool:
    app = answer_of_the_app(exchange)
    if app is not None:
        return exchange.response.status == 405 and exchange.response.lines(ALLOW) == app.lines(ALLOW)
    return allow_is_sent(exchange)


def allow_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(ALLOW, "the methods that there are", bool(exchange.response.lines(ALLOW)))]


RULES.append(
    Rule(
        id="S-HTTP-12",
        title="405 responses have Allow",
        sentence=(
            "A 405 response of the server itself has Allow, and a 405 response of the application that "
            "has Allow keeps its status and Allow"
        ),
        sources=(rfc9110("15.5.6"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.PROTOCOL,
        applies=method_is_not_allowed,
        holds=allow_is_the_apps,
        shows=allow_is_shown,
        why="Clients and developers cannot see which methods they may use instead.",
        repair=(
            "Add Allow with the supported methods to every 405 response, and pass on the "
            "application's 405 with its Allow header unchanged."
        ),
        counterexample=seen(LIST, get(f"origin: {B}"), gives("vary: Origin", status=405)),
    )
)


def status_has_no_content(exchange: Exchange) -> bool:
    return exchange.response.status in (204, 304) and answer_of_the_app(exchange) is None


def body_is_empty(exchange: Exchange) -> bool:
    return exchange.response.body == b""


def content_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation("(body)", "empty", exchange.response.body == b"")]


RULES.append(
    Rule(
        id="S-HTTP-13",
        title="204 and 304 responses have no body",
        sentence=("A response with status 204 or 304 that the server itself creates has an empty body"),
        sources=(rfc9110("15.3.5"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=status_has_no_content,
        holds=body_is_empty,
        shows=content_is_shown,
        why=(
            "The client may read the unexpected body as the start of the next response on the same "
            "connection, so another request fails."
        ),
        repair=("Send no body with status 204 or 304, or use status 200 if there is something to send."),
        counterexample=seen(LIST, get(), gives("vary: Origin", status=204)),
    )
)
