"""How a browser reads lists in responses, wildcards included."""

from spec.browser import Hop
from spec.http import OWS, Response, elements, tokens
from spec.rules.browser.examples import (
    AUTHORIZED,
    CREDENTIALED_PUT,
    CREDENTIALS,
    EXPOSED,
    HEADERS,
    METHODS,
    MINE,
    asks,
    get,
    says,
    sent_after,
    stopped_after,
)
from spec.rules.browser.facts import (
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    ALWAYS_READABLE,
    NEVER_READABLE,
    allowed_origin,
    answer_value,
    exposed_names,
    grants,
    is_foreign,
    lines,
    listed_methods,
    listed_names,
    method_is_covered,
    names_are_covered,
    preflight_is_unchecked,
    proceeds,
    wildcard_for_authorization,
    with_credentials,
)
from spec.rules.browser.hops import does_not_proceed, every_hop, some_hop
from spec.rules.record import Level, Profile, Rule, Severity, Subject
from spec.rules.sources import fetch, rfc9110

RULES: list[Rule] = []


def has_invalid_line(response: Response | None, name: str) -> bool:
    """A list on several lines, one of which is none."""
    found = lines(response, name)
    return len(found) > 1 and tokens(found) is None


def preflight_has_invalid_line(hop: Hop) -> bool:
    """Methods or headers in the answer to the preflight are a bad list."""
    return any(has_invalid_line(hop.preflight_response, name) for name in (ACAM, ACAH))


def has_a_list_with_an_invalid_line(hop: Hop) -> bool:
    return is_foreign(hop) and (preflight_has_invalid_line(hop) or has_invalid_line(hop.response, ACEH))


def one_bad_line_spoils(hop: Hop) -> bool:
    return not (preflight_has_invalid_line(hop) and proceeds(hop)) and (
        not has_invalid_line(hop.response, ACEH) or hop.outcome.readable_headers <= ALWAYS_READABLE
    )


RULES.append(
    Rule(
        id="P-3",
        title="One invalid field line invalidates the list",
        sentence=(
            "If one of several field lines of a list is not a list of tokens, the preflight fails or "
            "the response exposes no further headers"
        ),
        sources=(fetch("#extract-header-list-values"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_a_list_with_an_invalid_line),
        holds=every_hop(has_a_list_with_an_invalid_line, one_bad_line_spoils),
        why=("A request is sent, or headers become readable, because of a list that is broken."),
        repair=(
            "Parse every field line of the list, and treat the whole list as invalid when one of them is."
        ),
        implies=("C-EXP-2",),
        counterexample=get(says(f"{MINE} | {EXPOSED}x-a | {EXPOSED}x b | x-a: 1"), readable="x-a"),
    )
)


def preflight_lists(hop: Hop) -> list[bytes]:
    """The lines of the lists in the answer to the preflight."""
    return lines(hop.preflight_response, ACAM) + lines(hop.preflight_response, ACAH)


def grants_with_an_empty_list(hop: Hop) -> bool:
    return any(not line.strip(OWS + b",") for line in preflight_lists(hop)) and grants(hop)


RULES.append(
    Rule(
        id="P-4",
        title="An empty list is valid",
        sentence=(
            "A preflight passes with an empty field line in Access-Control-Allow-Methods or "
            "Access-Control-Allow-Headers if all else is allowed"
        ),
        sources=(rfc9110("5.6.1.2"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(grants_with_an_empty_list),
        holds=every_hop(grants_with_an_empty_list, proceeds),
        why=("Requests that need nothing from the empty list fail although the server allows them."),
        repair=(
            "Parse an empty value, or one of commas and white space only, as a list without elements "
            "instead of an error."
        ),
        implies=("C-PF-15",),
        counterexample=stopped_after(f"{MINE} | {METHODS}PUT | {HEADERS}"),
    )
)


def has_a_wildcard_with_credentials(hop: Hop) -> bool:
    return (
        is_foreign(hop)
        and with_credentials(hop)
        and any(
            b"*" in elements(lines(response, name))
            for response in (hop.preflight_response, hop.response)
            for name in (ACAO, ACAM, ACAH, ACEH)
        )
    )


def proceeds_by_a_wildcard(hop: Hop) -> bool:
    """Nothing but a `*` in the answer to the preflight lets the request go."""
    return proceeds(hop) and (
        (answer_value(hop.preflight_response, ACAO) == b"*" and not preflight_is_unchecked(hop))
        or (b"*" in listed_methods(hop) and not method_is_covered(hop))
        or (b"*" in listed_names(hop.preflight_response, ACAH) and not names_are_covered(hop))
    )


def reads_by_a_wildcard(hop: Hop) -> bool:
    """Nothing but a `*` in the response lets the script read it, or more of its headers."""
    literal = ALWAYS_READABLE | NEVER_READABLE | exposed_names(hop)
    return hop.outcome.allowed and (
        allowed_origin(hop) == b"*"
        or ("*" in exposed_names(hop) and not hop.outcome.readable_headers <= literal)
    )


def wildcard_is_literal(hop: Hop) -> bool:
    return not proceeds_by_a_wildcard(hop) and not reads_by_a_wildcard(hop)


RULES.append(
    Rule(
        id="C-WLD-1",
        title="No wildcard with credentials",
        sentence=(
            "With credentials, `*` allows no origin, and no method or header except one literally named `*`"
        ),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(has_a_wildcard_with_credentials),
        holds=every_hop(has_a_wildcard_with_credentials, wildcard_is_literal),
        why=(
            "Any website can send requests with a visitor's cookies to servers that meant only public "
            "access, and read the responses."
        ),
        repair=("Treat `*` as a literal name in all four headers when the credentials mode is `include`."),
        implies=("C-PF-9",),
        counterexample=sent_after(f"{MINE} | {CREDENTIALS} | {METHODS}*", fetch=CREDENTIALED_PUT),
    )
)


def is_undeclared_wildcard_for_authorization(hop: Hop) -> bool:
    return wildcard_for_authorization(hop) and not hop.engine.wildcard_covers_authorization


RULES.append(
    Rule(
        id="C-WLD-2",
        title="The wildcard does not cover Authorization",
        sentence=(
            "Even without credentials, `*` in Access-Control-Allow-Headers does not let a page send "
            "Authorization"
        ),
        sources=(fetch("#cors-non-wildcard-request-header-name"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(is_undeclared_wildcard_for_authorization),
        holds=every_hop(is_undeclared_wildcard_for_authorization, does_not_proceed),
        why=(
            "A page can send guessed or stolen credentials to servers that meant to allow only "
            "harmless headers."
        ),
        repair=(
            "Fail the preflight when a page sets Authorization and Access-Control-Allow-Headers has "
            "`*` but not `authorization`."
        ),
        implies=("C-PF-10",),
        counterexample=sent_after(
            f"{MINE} | {METHODS}PUT | {HEADERS}*",
            fetch=AUTHORIZED,
            asked=asks("PUT", "authorization"),
            headers="authorization: k",
        ),
    )
)


def grants_on_several_lines(hop: Hop) -> bool:
    return any(len(lines(hop.preflight_response, name)) > 1 for name in (ACAM, ACAH)) and grants(hop)


RULES.append(
    Rule(
        id="C-LST-1",
        title="Lists may span several field lines",
        sentence=(
            "A preflight also passes if the allowed methods or headers are spread over several field lines"
        ),
        sources=(fetch("#extract-header-list-values"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(grants_on_several_lines),
        holds=every_hop(grants_on_several_lines, proceeds),
        why=("Requests fail behind servers and proxies that send one field line for each method or header."),
        repair=(
            "Join the elements of all field lines of Access-Control-Allow-Methods, and likewise of "
            "Access-Control-Allow-Headers, into one list."
        ),
        implies=("C-PF-15",),
        counterexample=stopped_after(f"{MINE} | {METHODS}PATCH | {METHODS}PUT"),
    )
)


def grants_with_odd_spacing(hop: Hop) -> bool:
    return any(b", ".join(elements([line])) != line for line in preflight_lists(hop)) and grants(hop)


RULES.append(
    Rule(
        id="C-LST-2",
        title="White space and empty elements are ignored",
        sentence=(
            "A preflight also passes if the allowed methods or headers have unusual white space "
            "around elements, or empty elements"
        ),
        sources=(rfc9110("5.6.1.2"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.FETCH,
        applies=some_hop(grants_with_odd_spacing),
        holds=every_hop(grants_with_odd_spacing, proceeds),
        why=("Requests fail because of a missing space or a trailing comma in a header that allows them."),
        repair=(
            "Split the value at commas, strip spaces and tabs from each element, and drop empty elements."
        ),
        implies=("C-PF-15",),
        counterexample=stopped_after(f"{MINE} | {METHODS}PATCH ,,PUT"),
    )
)
