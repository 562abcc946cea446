"""Which requests are preflights, and how they are answered: without the application."""

from spec.rules.record import Exchange, Level, Profile, Rule, Severity
from spec.rules.server.examples import ALLOWED, LIST, TOKEN, A, asks, get, gives, permits, says, seen
from spec.rules.server.facts import actual, app_is_called_once, calls_are_known, preflight
from spec.rules.sources import fetch, page

RULES: list[Rule] = []


def preflights_alone_are_intercepted(exchange: Exchange) -> bool:
    return (exchange.app_calls == 0) == exchange.is_preflight


RULES.append(
    Rule(
        id="D-26",
        aliases=("S-PF-1",),
        title="Exactly the preflights are intercepted",
        sentence=(
            "OPTIONS requests with Origin and Access-Control-Request-Method are intercepted, and all "
            "other requests reach the application"
        ),
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=calls_are_known,
        holds=preflights_alone_are_intercepted,
        why=(
            "Preflights run application code that does not expect them, or ordinary requests never "
            "reach the application."
        ),
        repair=(
            "Intercept a request only if its method is OPTIONS and both Origin and "
            "Access-Control-Request-Method are present, and pass on all others."
        ),
        implies=("A-ACT-5",),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(ALLOWED), calls=0),
    )
)


def status_says_whether_it_is_allowed(exchange: Exchange) -> bool:
    return exchange.response.status == (400 if exchange.refused else 200)


RULES.append(
    Rule(
        id="D-27",
        aliases=("S-PF-3",),
        title="Preflight status is 200 or 400",
        sentence=(
            "A preflight gets status 200 when its origin and all that it requests are allowed, and "
            "400 otherwise"
        ),
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=preflight,
        holds=status_says_whether_it_is_allowed,
        needs=("preflights",),
        why=(
            "With an error status browsers block allowed requests. With 200 for a refused preflight, "
            "logs and developers are misled."
        ),
        repair=(
            "Set the status to 200 if origin, method, headers and any private network access are all "
            "allowed, and to 400 if not."
        ),
        counterexample=seen(LIST, asks(more=TOKEN), says(201, "OK", permits())),
    )
)


def preflight_whose_calls_are_known(exchange: Exchange) -> bool:
    return preflight(exchange) and calls_are_known(exchange)


def app_is_not_called(exchange: Exchange) -> bool:
    return exchange.app_calls == 0


RULES.append(
    Rule(
        id="S-PF-2",
        title="Preflights do not reach the application",
        sentence="A preflight does not reach the application",
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=preflight_whose_calls_are_known,
        holds=app_is_not_called,
        why=(
            "Application code runs for a request that the page did not make, and its status may make "
            "the browser block the actual request."
        ),
        repair="Respond to preflights in the middleware, without calling the application.",
        implies=("D-26",),
        counterexample=seen(LIST, asks(), says(200, "OK", permits()), calls=1),
    )
)


def preflight_is_not_redirected(exchange: Exchange) -> bool:
    return not 300 <= exchange.response.status <= 399


RULES.append(
    Rule(
        id="S-PF-14",
        title="Preflights are not redirected",
        sentence="The response to a preflight never has a redirect status (3xx)",
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=preflight,
        holds=preflight_is_not_redirected,
        needs=("preflights",),
        why=("Browsers do not follow redirects of preflights, so the actual request is never sent."),
        repair=(
            "Handle preflights before redirects (to https, to a trailing slash, to a login page), and "
            "respond with 200 or 400."
        ),
        implies=("D-27", "S-WRK-2"),
        counterexample=seen(LIST, asks(more=TOKEN), says(307, "OK", permits())),
    )
)


def options_that_is_no_preflight(exchange: Exchange) -> bool:
    return exchange.request.method == "OPTIONS" and actual(exchange) and calls_are_known(exchange)


RULES.append(
    Rule(
        id="S-PF-16",
        title="Other OPTIONS requests reach the application",
        sentence=("An OPTIONS request that is not a preflight reaches the application exactly once"),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=options_that_is_no_preflight,
        holds=app_is_called_once,
        why=(
            "The application cannot respond to OPTIONS requests that clients send for other purposes "
            "than CORS."
        ),
        repair=(
            "Pass OPTIONS requests without Origin or without Access-Control-Request-Method on to the "
            "application."
        ),
        implies=("A-ACT-5",),
        counterexample=seen(LIST, get(f"origin: {A}", "OPTIONS"), gives(ALLOWED), calls=2),
    )
)
