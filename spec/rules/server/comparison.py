"""How an origin is compared with the configuration: exactly, byte for byte."""

from spec.http import OWS, Response
from spec.origin import is_origin_shaped
from spec.policy import origin_is_allowed
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import A_ALONE, ALLOWED, LIST, LOCALHOST, REGEX, TWO, A, B, get, gives, seen
from spec.rules.server.facts import (
    ACAO,
    ORIGIN,
    allowed,
    answered,
    disallowed,
    it_is_not_granted,
    names_the_only_origin,
    only_the_allowed_one_is_granted,
    origin,
    page_of_an_unlisted_origin,
    the_origin,
)
from spec.rules.sources import MDN, WSTG, fetch, page, rfc9110

RULES: list[Rule] = []


def origins_alike_but_for_spelling(a: Exchange, b: Exchange) -> bool:
    """Two values that a lenient comparison takes for one origin, of which just one is allowed."""
    one, other = origin(a), origin(b)
    if a.config != b.config or one is None or other is None:
        return False
    return loosely(one) == loosely(other) and allowed(a) != allowed(b)


def loosely(value: bytes) -> bytes:
    """An origin to a comparison that ignores case, blanks, a final dot or slash, and default ports."""
    trimmed = value.strip().lower().removesuffix(b"/")
    if trimmed.startswith(b"https://"):
        trimmed = trimmed.removesuffix(b":443")
    if trimmed.startswith(b"http://"):
        trimmed = trimmed.removesuffix(b":80")
    return trimmed.removesuffix(b".")


RULES.append(
    Rule(
        id="S-ORG-3",
        title="Origins are compared exactly",
        sentence=(
            "An origin that differs from a configured one in case, default port, slash, final dot or "
            "outer white space is not allowed"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        subject=Subject.PAIR,
        applies=origins_alike_but_for_spelling,
        holds=only_the_allowed_one_is_granted,
        why=(
            "The server allows an origin that nobody configured. Where comparison is lenient in one "
            "way, attackers look for another."
        ),
        repair=(
            "Compare Origin byte for byte with the configured origins, without changing case, "
            "trimming it or removing ports, slashes or dots."
        ),
        implies=("D-01", "D-05", "S-ORG-2", "S-ORG-5", "SEC-2"),
        counterexample=(
            *seen(LIST, get(f"origin: {A}"), gives(ALLOWED)),
            *seen(LIST, get(f"origin: {A}."), gives(f"access-control-allow-origin: {A}. | vary: Origin")),
        ),
    )
)


def null_is_not_allowed(exchange: Exchange) -> bool:
    return origin(exchange) == b"null" and not allowed(exchange)


RULES.append(
    Rule(
        id="S-ORG-4",
        title="The origin `null` must be configured",
        sentence="The origin `null` is not allowed unless allow_origins contains `null` or `*`",
        sources=(MDN + "Access-Control-Allow-Origin#null",),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=null_is_not_allowed,
        holds=it_is_not_granted,
        why=(
            "Any website can send `Origin: null` from a sandboxed iframe, so every website can read "
            "the response."
        ),
        repair=(
            "Do not send Access-Control-Allow-Origin for `Origin: null` unless `null` or `*` is in "
            "allow_origins, whatever allow_origin_regex matches."
        ),
        implies=("D-05", "S-ORG-2", "S-ORG-5"),
        counterexample=seen(
            LIST, get("origin: null"), gives("access-control-allow-origin: * | vary: Origin")
        ),
    )
)


def origin_is_malformed(exchange: Exchange) -> bool:
    """Two Origin lines, or a value that is neither configured, nor null, nor shaped like an origin."""
    value = origin(exchange)
    return disallowed(exchange) and (value is None or (value != b"null" and not is_origin_shaped(value)))


def no_origin_of_the_request_is_granted(exchange: Exchange) -> bool:
    if names_the_only_origin(exchange):
        return True
    sent = exchange.request.lines(ORIGIN)
    return answered(exchange, ACAO) not in [[b"*"], *([value] for value in sent), [b", ".join(sent)]]


def everyone_gets_this_response(lacks: frozenset[str], unasked: Response | None, exchange: Exchange) -> bool:
    """It names whom it also names when nobody sends an Origin: it judged nothing."""
    return unasked is not None and exchange.response.lines(ACAO) == unasked.lines(ACAO) != []


RULES.append(
    Rule(
        id="S-ORG-6",
        title="Malformed or repeated Origin is not allowed",
        sentence=(
            "Unless `*` is configured, a response to several Origin field lines, or to a malformed "
            "Origin that is not listed, does not allow them"
        ),
        sources=(fetch("#origin-header"),),
        level=Level.SECURITY,
        severity=Severity.HYGIENE,
        profile=Profile.SECURITY,
        applies=origin_is_malformed,
        holds=no_origin_of_the_request_is_granted,
        excuses=everyone_gets_this_response,
        why=(
            "Browsers never send such values. A proxy or cache may take them for another origin than "
            "the server does and store what was allowed."
        ),
        repair=(
            "Unless `*` is configured, send no Access-Control-Allow-Origin if there are several "
            "Origin field lines or the value is neither `null` nor scheme, `://`, host and optional port."
        ),
        counterexample=seen(TWO, get(f"origin: {A} | origin: {B}"), gives(f"{A_ALONE} | vary: Origin")),
    )
)


def origin_is_not_reflected(exchange: Exchange) -> bool:
    return answered(exchange, ACAO) != [origin(exchange)]


RULES.append(
    Rule(
        id="SEC-2",
        title="Origin is not reflected without a check",
        sentence=(
            "Access-Control-Allow-Origin is not the Origin of the request unless the configuration "
            "allows that origin"
        ),
        sources=(WSTG,),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=page_of_an_unlisted_origin,
        holds=origin_is_not_reflected,
        why=(
            "Any website can read the response, and what its visitor sees when logged in if "
            "credentials are allowed too."
        ),
        repair=(
            "Compare Origin with the configuration first, and copy it to Access-Control-Allow-Origin "
            "only if it is allowed."
        ),
        implies=("D-05", "S-ORG-2", "S-ORG-5"),
        counterexample=seen(
            LIST, get(f"origin: {B}"), gives(f"access-control-allow-origin: {B} | vary: Origin")
        ),
    )
)


def regex_and_no_entry_could_allow_it(exchange: Exchange) -> bool:
    return exchange.config.allow_origin_regex is not None and page_of_an_unlisted_origin(exchange)


RULES.append(
    Rule(
        id="SEC-3",
        title="Regular expressions match the whole origin",
        sentence=(
            "With allow_origin_regex, only origins that it matches from end to end (never `null`) or "
            "that allow_origins allows are allowed"
        ),
        sources=(WSTG,),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=regex_and_no_entry_could_allow_it,
        holds=it_is_not_granted,
        needs=("allow_origin_regex",),
        why=(
            "A partial match allows origins such as `https://example.org.evil.example`, so an "
            "attacker's page can read the response."
        ),
        repair=(
            "Match the regular expression against the whole Origin value (`re.fullmatch` in Python, "
            "not `match` or `search`)."
        ),
        implies=("D-16", "S-ORG-2", "S-ORG-5"),
        counterexample=seen(
            REGEX,
            get("origin: https://a.example.evil.example"),
            gives("access-control-allow-origin: * | vary: Origin"),
        ),
    )
)


def origin_has_blanks_around_it(exchange: Exchange) -> bool:
    """The value, as the parser left it, would be allowed without the space or tab around it."""
    if origin(exchange) is None or allowed(exchange):
        return False
    return origin_is_allowed(exchange.config, middle(exchange))


def middle(exchange: Exchange) -> bytes:
    """The Origin that was sent, without space and tab around it."""
    return the_origin(exchange).strip(OWS)


def neither_it_nor_its_middle_is_granted(exchange: Exchange) -> bool:
    its_middle = answered(exchange, ACAO) == [middle(exchange)] and not names_the_only_origin(exchange)
    return it_is_not_granted(exchange) and not its_middle


def no_trimmed_origin_is_shown(exchange: Exchange) -> list[Expectation]:
    met = neither_it_nor_its_middle_is_granted(exchange)
    return [Expectation(ACAO, "absent, or the only configured origin", met)]


RULES.append(
    Rule(
        id="S-HTTP-7",
        title="No second trimming of Origin",
        sentence=(
            "An Origin that would be allowed only without the space or tab around it is not allowed, "
            "neither as received nor trimmed"
        ),
        sources=(rfc9110("5.5"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.PROTOCOL,
        applies=origin_has_blanks_around_it,
        holds=neither_it_nor_its_middle_is_granted,
        shows=no_trimmed_origin_is_shown,
        why=(
            "The HTTP parser has already removed the white space that it may remove. A further trim "
            "makes the server treat a malformed Origin as an allowed one."
        ),
        repair=(
            "Compare the Origin value exactly as the HTTP parser returns it, without calling `strip` "
            "or `trim` on it."
        ),
        counterexample=seen(TWO, get(f"origin: {A} "), gives(f"{A_ALONE} | vary: Origin")),
    )
)


def only_one_is_allowed(a: Exchange, b: Exchange) -> bool:
    """Each names one origin, and the configuration allows just one of the two."""
    return a.config == b.config and None not in (origin(a), origin(b)) and allowed(a) != allowed(b)


RULES.append(
    Rule(
        id="D-01",
        title="Scheme, host and port are all compared",
        sentence=(
            "An origin that differs from an allowed one in scheme, host or port is not allowed unless "
            "the configuration also allows it"
        ),
        sources=(page("#origin"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=only_one_is_allowed,
        holds=only_the_allowed_one_is_granted,
        why=(
            "A page of an origin that nobody allowed can read the response, for example over http or "
            "from another port of the same host."
        ),
        repair=(
            "Compare the whole Origin value (scheme, host and port) with the configured origins, and "
            "do not allow the origin when none matches."
        ),
        implies=("D-16", "S-ORG-2", "S-ORG-5", "SEC-3"),
        counterexample=(
            *seen(REGEX, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
            *seen(
                REGEX, get("origin: http://a.example"), gives("access-control-allow-origin: * | vary: Origin")
            ),
        ),
    )
)


LOCALHOSTS = frozenset({b"http://localhost", b"https://localhost", b"http://localhost:8080"})


def only_one_localhost_is_allowed(a: Exchange, b: Exchange) -> bool:
    return only_one_is_allowed(a, b) and LOCALHOSTS.issuperset((origin(a), origin(b)))


RULES.append(
    Rule(
        id="D-02",
        title="Each localhost origin is separate",
        sentence=(
            "Allowing one of `http://localhost`, `https://localhost` and `http://localhost:8080` does "
            "not allow another of them"
        ),
        sources=(page("#origin"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=only_one_localhost_is_allowed,
        holds=only_the_allowed_one_is_granted,
        why=(
            "Any other program that serves pages on the same machine, on another port or scheme, can "
            "read the response."
        ),
        repair=(
            "Compare scheme and port for localhost too, and write each localhost origin that should "
            "work into allow_origins."
        ),
        implies=("D-01", "D-05", "S-ORG-2", "S-ORG-5"),
        counterexample=(
            *seen(
                LOCALHOST,
                get("origin: http://localhost"),
                gives("access-control-allow-origin: http://localhost | vary: Origin"),
            ),
            *seen(
                LOCALHOST,
                get("origin: http://localhost:8080"),
                gives("access-control-allow-origin: * | vary: Origin"),
            ),
        ),
    )
)
