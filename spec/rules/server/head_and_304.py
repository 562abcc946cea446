"""What HEAD and 304 responses repeat, because caches update stored responses from them."""

from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import ALLOWED, LIST, A, get, gives, seen
from spec.rules.server.facts import (
    ACAC,
    ACAO,
    ACEH,
    VARY,
    actual,
    combined_cors,
    method_is_configured,
    same_app_behind,
    same_but_for,
    vary,
)
from spec.rules.sources import rfc9110

RULES: list[Rule] = []


def head_or_not_modified_beside_get(a: Exchange, b: Exchange) -> bool:
    return head_beside_get(a, b) or not_modified_beside_ok(a, b)


def head_beside_get(a: Exchange, b: Exchange) -> bool:
    """The same request once with HEAD and once with GET, answered with the same status: there is a HEAD."""
    same = (a.config, a.request.headers, a.request.path) == (b.config, b.request.headers, b.request.path)
    if a.response.status != b.response.status:
        return False
    return same and {a.request.method, b.request.method} == {"HEAD", "GET"} and same_app_behind(a, b)


def not_modified_beside_ok(a: Exchange, b: Exchange) -> bool:
    """The same request answered 200, and 304 when it was made conditional."""
    statuses = {a.response.status, b.response.status} == {200, 304}
    conditional = ("if-none-match", "if-modified-since")
    return statuses and actual(a) and same_but_for(a, b, *conditional) and same_app_behind(a, b)


def cors_headers_and_vary_are_the_same(a: Exchange, b: Exchange) -> bool:
    same_cors = combined_cors(a) == combined_cors(b) or head_is_withheld(a) or head_is_withheld(b)
    return same_cors and vary(a.response) == vary(b.response)


def head_is_withheld(exchange: Exchange) -> bool:
    """HEAD is not configured, and its answer allows nothing: a choice that reuses of GET do not notice."""
    configured = method_is_configured(exchange, b"HEAD")
    return exchange.request.method == "HEAD" and not configured and not combined_cors(exchange)


def headers_of_both_are_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(name, "the same in both", True) for name in (ACAO, ACAC, ACEH, VARY)]


RULES.append(
    Rule(
        id="S-RSP-7",
        title="HEAD and 304 repeat the CORS headers",
        sentence=(
            "HEAD and 304 responses have the Vary and CORS headers of the GET or 200 response (or no "
            "CORS headers if HEAD is not allowed)"
        ),
        sources=(rfc9110("9.3.2"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=head_or_not_modified_beside_get,
        holds=cors_headers_and_vary_are_the_same,
        shows=headers_of_both_are_shown,
        why=(
            "Caches update stored responses with the headers of HEAD and 304. Pages then get CORS "
            "headers that are missing or meant for another origin."
        ),
        repair=(
            "Set CORS headers and Vary in the same way for GET, HEAD, 200 and 304, before any code "
            "that shortens the response."
        ),
        implies=("S-HTTP-10",),
        counterexample=(
            *seen(LIST, get(f"origin: {A}", path="/"), gives(ALLOWED)),
            *seen(LIST, get(f"origin: {A}", "HEAD"), gives(f"{ALLOWED}, Accept", body="")),
        ),
    )
)


RULES.append(
    Rule(
        id="S-HTTP-9",
        title="304 repeats the headers of 200",
        sentence=(
            "A 304 response has the same CORS headers and Vary as the 200 response to the same request "
            "without conditions"
        ),
        sources=(rfc9110("15.4.5"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=not_modified_beside_ok,
        holds=cors_headers_and_vary_are_the_same,
        shows=headers_of_both_are_shown,
        why=(
            "Caches update the stored response with the headers of the 304, so wrong or missing CORS "
            "headers apply to the stored response from then on."
        ),
        repair=(
            "Add Access-Control-Allow-Origin, the other CORS headers and Vary to 304 responses "
            "exactly as to the 200 response."
        ),
        implies=("S-RSP-7",),
        counterexample=(
            *seen(LIST, get(), gives("vary: Origin")),
            *seen(LIST, get("if-none-match: 1"), gives("vary: Accept", 304, "")),
        ),
    )
)


RULES.append(
    Rule(
        id="S-HTTP-10",
        title="HEAD repeats the headers of GET",
        sentence=(
            "HEAD gets the same CORS headers and Vary as GET if the status is the same (or no CORS "
            "headers if HEAD is not allowed)"
        ),
        sources=(rfc9110("9.3.2"),),
        level=Level.SHOULD,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=head_beside_get,
        holds=cors_headers_and_vary_are_the_same,
        shows=headers_of_both_are_shown,
        why=(
            "Caches may update a stored GET response from a HEAD response, and then serve it with the "
            "wrong CORS headers or under the wrong Vary."
        ),
        repair="Run the same CORS code for HEAD as for GET, and drop only the body.",
        implies=("S-RSP-7",),
        counterexample=(
            *seen(LIST, get("", "GET"), gives("vary: Origin")),
            *seen(LIST, get("", "HEAD"), gives("vary: Accept", body="")),
        ),
    )
)
