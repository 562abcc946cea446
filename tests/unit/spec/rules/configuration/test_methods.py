"""The rules about what `allow_methods` may hold."""

import itertools

import pytest

from spec.rules import RULES as ALL_RULES
from spec.rules.configuration import methods as method_rules
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    METHODS,
    Case,
    Findings,
    Parameters,
    at,
    config_of,
    found_by,
    found_in,
    methods,
    told_apart,
)

MISTAKEN_METHODS = [
    *("patch", "Patch", "query", "Query", "propfind", "version-control", "ALL", "all", "Any", "ANY"),
    *(
        "GET|POST",
        "get|post",
        "GET+POST",
        "GET&PUT",
        "'GET'",
        "`GET`",
        "GET^",
        "!GET",
        "#get",
        "$PUT",
        "PUT%",
    ),
    *("GET~", "GET.PUT", "GET*", "*GET", "**all**", "GET|ALL", "CONNECT|TRACE", "GET|patch||'put'"),
]
UNUSUAL_METHODS = [
    *(
        "PATCH",
        "QUERY",
        "PURGE",
        "purge",
        "X",
        "x",
        "M-SEARCH",
        "mymethod",
        "TRACER",
        "a*",
        "GET_PUT",
        "GET-PUT",
    ),
    *("GET|X", "ALLOW", "ANYTHING", "*", "|", "'*'", "G.E.T", "patchy", "ALLALL"),
]

CASES: list[Case] = [
    # A-CFG-12 and 13
    *(
        (methods(name), [("A-CFG-12", at(METHODS, 0))])
        for name in ("", "A B", "GET ", "GET\n", "PÜT", "a,b", "G/T", "\ud800")
    ),
    *(
        (methods("GET", name), [("A-CFG-12", at(METHODS, 1))])
        for name in ("CONNECT", "trace", "Track", "connecT")
    ),
    *(
        (methods("*", name), [("A-CFG-13", at(METHODS, 1))])
        for name in ("delete", "get", "head", "options", "post", "put", "Get", "PUt")
    ),
    (
        methods("*", "GET", "DELETE", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "QUERY", "TRACER", "a*"),
        [],
    ),
    (methods("put", "trace", "get"), [("A-CFG-12", at(METHODS, 1)), ("A-CFG-13", at(METHODS, 0, 2))]),
    # A-CFG-28
    *((methods("GET", name), [("A-CFG-28", at(METHODS, 1))]) for name in MISTAKEN_METHODS),
    *((methods("GET", name), []) for name in UNUSUAL_METHODS),
    *((methods(name), []) for name in sorted(method_rules.KNOWN_METHODS - {"CONNECT", "TRACE"})),
    *(
        (methods(name.lower()), [("A-CFG-28", at(METHODS, 0))])
        for name in sorted(
            method_rules.KNOWN_METHODS
            - {"CONNECT", "TRACE", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
        )
    ),
    (
        methods("patch", "get", "trace", "all", "GET", "patch"),
        [
            ("A-CFG-12", at(METHODS, 2)),
            ("A-CFG-13", at(METHODS, 1)),
            ("A-CFG-28", at(METHODS, 0, 3, 5)),
        ],
    ),
]


@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(parameters: Parameters, expected: Findings) -> None:
    config = config_of(**parameters)
    assert found_in(config) == told_apart(config, expected)


# Rules that our middleware does not act on

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    ("CFG-6", methods("GET", "TRACE", "put", "a b"), at(METHODS, 1, 3, 2)),
    ("CFG-6", methods("*", "PUT"), []),
]


@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


def test_the_tables_of_methods_are_those_of_fetch() -> None:
    assert sorted(method_rules.NORMALIZED_METHODS) == ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
    assert sorted(method_rules.FORBIDDEN_METHODS) == ["CONNECT", "TRACE", "TRACK"]


METHODS_OF_IANA = """
    ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE MKACTIVITY
    MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI PROPFIND PROPPATCH PUT
    QUERY REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE UPDATEREDIRECTREF VERSION-CONTROL
"""


def test_the_known_methods_are_those_of_the_registry() -> None:
    assert sorted(method_rules.KNOWN_METHODS) == METHODS_OF_IANA.split()
    assert sorted(method_rules.ALL_METHODS) == ["ALL", "ANY"]
