"""What a record shows of a breach, beside what every report shows, and which implementations it excuses."""

from dataclasses import replace

import pytest

from spec import RULES, Exchange, Response
from spec.rules.record import Expectation, never, no_detail, no_suggestion, nothing_more
from spec.rules.server.examples import LIST, PLAIN, TOKEN, TWO, A, B, asks, get, gives, lines, says

ACAO, ACAC, MAX_AGE, VARY = (
    "access-control-allow-origin", "access-control-allow-credentials", "access-control-max-age", "vary",
)  # fmt: skip
ACAM, ACAH, ACEH = (
    "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
)  # fmt: skip
ONE_ORIGIN, TOKENS, ONCE = "*, null or one origin, once", "tokens between single commas", "one field line"
BOTH = [(name, "the same in both", True) for name in (ACAO, ACAC, ACEH, VARY)]
CONFIGURED = "*, the origin that was sent, or one that is configured"
NO_BREAK = "no CR, LF or NUL"

Shown = list[tuple[str, str, bool]]

# Rule, header lines of a response to a GET or (status 204) a preflight, and what is shown of it.
TABLE: list[tuple[str, str, Shown]] = [
    ("S-SYN-1", "", []),
    ("S-SYN-1", f"{ACAO}: *", [(ACAO, ONE_ORIGIN, True)]),
    ("S-SYN-1", f"{ACAO}: a b", [(ACAO, ONE_ORIGIN, False)]),
    ("S-ORG-1", "", []),
    ("S-ORG-1", f"{ACAO}: {A}", [(ACAO, CONFIGURED, True)]),
    ("S-ORG-1", f"{ACAO}: {B}", [(ACAO, CONFIGURED, False)]),
    ("S-SYN-2", f"{ACAC}: true", [(ACAC, "true, once, or absent", True)]),
    ("S-SYN-2", f"{ACAC}: True", [(ACAC, "true, once, or absent", False)]),
    ("S-SYN-3", f"{ACAM}: a | {ACAH}: b, c | {ACEH}: d e | {VARY}: f g",
     [(ACAM, TOKENS, True), (ACAH, TOKENS, True), (ACEH, TOKENS, False)]),
    ("S-SYN-3", f"{ACAM}: a | {ACAM}: b c", [(ACAM, TOKENS, False)]),
    ("S-HTTP-4", f"{ACAM}: a | {ACAH}: b,,c | {ACEH}: d | {VARY}: f,",
     [(ACAM, TOKENS, True), (ACAH, TOKENS, False), (ACEH, TOKENS, True), (VARY, TOKENS, False)]),
    ("S-SYN-4", f"{MAX_AGE}: 5", [(MAX_AGE, "digits, once", True)]),
    ("S-SYN-4", f"{MAX_AGE}: 5s", [(MAX_AGE, "digits, once", False)]),
    ("S-SYN-5", "X-B: a\rb | x-a: a\nb | x-c: c | x-b: a\0b",
     [("x-b", NO_BREAK, False), ("x-a", NO_BREAK, False)]),
    ("S-SYN-6", f"{MAX_AGE}: 5 | {ACEH}: a", [(MAX_AGE, "absent", False)]),
    ("S-SYN-6 204", f"{MAX_AGE}: 5 | {ACEH}: a", [(ACEH, "absent", False)]),
    ("S-HTTP-6", f"{ACAO}: * | {ACAC}: true | {ACAC}: true | {MAX_AGE}: 5",
     [(ACAO, ONCE, True), (ACAC, ONCE, False), (MAX_AGE, ONCE, True)]),
    ("S-HTTP-6", "", []),
    ("S-WRK-3", "", [(ACEH, "names X-Count", False)]),
    ("S-WRK-3", f"{ACEH}: x-count", [(ACEH, "names X-Count", True)]),
    ("SEC-15", f"{ACEH}: x-count, x-more", [(ACEH, "no other name than X-Count", False)]),
    ("SEC-15", f"{ACEH}: x-count, expires, set-cookie", [(ACEH, "no other name than X-Count", True)]),
    ("S-WRK-4 204", "", [(MAX_AGE, "600", False)]),
    ("S-WRK-4 204", f"{MAX_AGE}: 0600", [(MAX_AGE, "600", True)]),
    ("SEC-14", f"{ACAO}: {A} | {ACAC}: true", [(ACAC, "absent", False)]),
    ("SEC-14", f"{ACAO}: * | {ACAC}: true", [(ACAC, "absent", True)]),
    ("S-HTTP-7", f"{ACAO}: {A}", [(ACAO, "absent, or the only configured origin", False)]),
    ("S-HTTP-7", f"{ACAO}: {B}", [(ACAO, "absent, or the only configured origin", True)]),
    ("S-CRD-1", f"{ACAO}: *", [(ACAO, "anything but * beside true", True)]),
    ("S-CRD-1", f"{ACAO}: * | {ACAC}: true", [(ACAO, "anything but * beside true", False)]),
    ("S-PF-8 204", f"{ACAM}: a | {ACAH}: b c",
     [(ACAM, "tokens alone", False), (ACAH, "tokens alone", False)]),
    ("S-PF-8 204", f"{ACAM}: a", [(ACAM, "tokens alone", True)]),
    *((f"S-VARY-{number}", "vary: Accept", [(VARY, "names Origin", False)]) for number in (1, 2, 5)),
    ("S-VARY-1", "vary: origin", [(VARY, "names Origin", True)]),
    *((rule, "", BOTH) for rule in ("S-RSP-7", "S-HTTP-9", "S-HTTP-10")),
    ("S-HTTP-12", "", [("allow", "the methods that there are", False)]),
    ("S-HTTP-12", "allow: GET", [("allow", "the methods that there are", True)]),
    ("S-HTTP-13", "", [("(body)", "empty", False)]),
    ("S-HTTP-13 204", "", [("(body)", "empty", True)]),
    ("X-PNA-1", "access-control-allow-private-network: true",
     [("access-control-allow-private-network", "absent", False)]),
    ("X-PNA-1", "", [("access-control-allow-private-network", "absent", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "headers", "expected"), TABLE)
def test_what_is_shown_of_a_response(rule: str, headers: str, expected: Shown) -> None:
    id, _, status = rule.partition(" ")
    request = asks() if status else get(f"origin: {A} ")
    response = Response(204, lines(headers)) if status else gives(headers)
    request = get(f"origin: {A}") if id == "SEC-14" else request
    config = TWO if id == "S-HTTP-7" else LIST  # the only origin that is configured may always be named
    shown = list(RULES[id].shows(Exchange(config, request, response)))
    assert shown == [Expectation(*each) for each in expected]


def test_each_rule_that_shows_more_is_in_the_table() -> None:
    more = {rule.id for rule in RULES.values() if rule.shows is not nothing_more}
    listed = {RULES[rule.partition(" ")[0]].id for rule, _, _ in TABLE}
    assert more - listed == set(), "add rows for these to TABLE: rule and status, headers, what `shows` gives"
    assert listed - more == set(), "these have no `shows`: take their rows out of TABLE"
    assert nothing_more(Exchange(LIST, get(), gives())) == ()


GRANTED = gives(f"{ACAO}: {A}")
DELETES = Exchange(LIST, asks(method="DELETE"), says(200, "OK"))
PUTS_WITH_A_HEADER = Exchange(LIST, asks(method="PUT", more=TOKEN), says(200, "OK"))
FROM_UNLISTED = Exchange(LIST, asks(B), says(200, "OK"))
TWO_ORIGINS = Exchange(TWO, get(f"origin: {A} | origin: {B}"), GRANTED)


@pytest.mark.parametrize(
    ("rule", "lacks", "unasked", "exchange", "expected"),
    [
        ("S-PF-5", "", None, DELETES, False),
        ("S-PF-5", "max_age", None, DELETES, False),
        ("S-PF-5", "allow_methods", None, DELETES, True),
        ("S-PF-5", "allow_headers", None, DELETES, True),
        ("S-PF-5", "allow_headers", None, FROM_UNLISTED, False),
        ("S-ORG-6", "", None, TWO_ORIGINS, False),
        ("S-ORG-6", "", GRANTED, TWO_ORIGINS, True),
        ("S-ORG-6", "", gives(f"{ACAO}: {B}"), TWO_ORIGINS, False),
        ("S-ORG-6", "", PLAIN, replace(TWO_ORIGINS, response=PLAIN), False),
        ("SEC-2", "allow_methods", GRANTED, TWO_ORIGINS, False),
        ("S-WRK-2", "", None, PUTS_WITH_A_HEADER, False),
        ("S-WRK-2", "max_age", None, PUTS_WITH_A_HEADER, False),
        ("S-WRK-2", "allow_methods", None, PUTS_WITH_A_HEADER, True),
        ("S-WRK-2", "allow_headers", None, PUTS_WITH_A_HEADER, True),
        ("S-WRK-2", "allow_headers", None, DELETES, False),
        *(
            ("S-WRK-2", "allow_methods", None, Exchange(LIST, asks(method=method), PLAIN), False)
            for method in ("GET", "HEAD", "POST")
        ),
        ("S-WRK-4", "max_age", None, DELETES, True),
        ("S-WRK-4", "preflights", None, DELETES, False),
        ("S-WRK-4", "max_age", None, replace(DELETES, config=replace(LIST, max_age=601)), False),
    ],
)
def test_what_cannot_do_otherwise_is_excused(
    rule: str, lacks: str, unasked: Response | None, exchange: Exchange, expected: bool
) -> None:
    assert RULES[rule].excuses(frozenset(lacks.split()), unasked, exchange) is expected


def test_most_rules_excuse_nobody() -> None:
    excusing = {rule.id for rule in RULES.values() if rule.excuses is not never}
    known = {"S-PF-5", "S-ORG-6", "S-WRK-2", "S-WRK-4"}
    assert excusing == known, "add rows to the test above, and the ids here, of rules that have `excuses`"


@pytest.mark.parametrize(
    ("rule", "value", "suggested"),
    [
        ("A-CFG-5", "https://A.example", "'https://a.example'"),
        ("A-CFG-5", "a b", None),
        ("A-CFG-13", "get", "'GET'"),
        ("A-CFG-26", "https://*.A.example", "'https://*.a.example' in allow_origins"),
        ("A-CFG-26", "https://*.com", None),
        ("A-CFG-28", "patch", "'PATCH'"),
        ("A-CFG-28", "GET|PUT", None),
        ("A-CFG-18", "90000", None),
    ],
)
def test_what_is_suggested_instead_of_a_value(rule: str, value: str, suggested: str | None) -> None:
    assert bool(RULES[rule].details(value)) == (rule == "A-CFG-5")
    assert RULES[rule].suggests(value) == suggested
    assert no_detail(value) == "" and no_suggestion(value) is None
