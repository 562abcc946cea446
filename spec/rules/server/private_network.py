"""When a response grants access to a private network."""

from spec.policy import asks_for_private_network
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import LIST, asks, permits, says, seen
from spec.rules.server.facts import ACAPN, preflight

RULES: list[Rule] = []


def private_network_is_not_to_be_granted(exchange: Exchange) -> bool:
    """A preflight that did not ask for private network access, or a configuration that denies it."""
    granted_on_request = exchange.config.allow_private_network and asks_for_private_network(exchange.request)
    return preflight(exchange) and not granted_on_request


def private_network_is_not_granted(exchange: Exchange) -> bool:
    return b"true" not in exchange.response.lines(ACAPN)


def private_network_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(ACAPN, "absent", not exchange.response.lines(ACAPN))]


RULES.append(
    Rule(
        id="X-PNA-1",
        title="Private network access only if configured",
        sentence=(
            "Preflight responses have `Access-Control-Allow-Private-Network: true` only if it is "
            "configured and the preflight requests it"
        ),
        sources=(
            "https://wicg.github.io/private-network-access/#http-headerdef-access-control-allow-private-network",
        ),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=private_network_is_not_to_be_granted,
        holds=private_network_is_not_granted,
        shows=private_network_is_shown,
        why=(
            "Public websites can send requests to a server on the visitor's private network, such as "
            "a router or an internal service."
        ),
        repair=(
            "Send Access-Control-Allow-Private-Network only if allow_private_network is on and the "
            "preflight has `Access-Control-Request-Private-Network: true`."
        ),
        implies=("A-PF-9",),
        counterexample=seen(
            LIST,
            asks(more="access-control-request-private-network: true"),
            says(
                400,
                "Disallowed CORS private-network",
                permits(more="access-control-allow-private-network: true"),
            ),
        ),
    )
)
