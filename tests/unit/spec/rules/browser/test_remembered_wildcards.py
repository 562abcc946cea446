"""The rules about what a browser remembers of wildcards and of credentials."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, WEBKIT
from spec.rules.browser.examples import CREDENTIALED_PUT, PUT, script
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    A_LINE,
    AUTHORIZED,
    CREDENTIALED_PATCH,
    NOT_REMEMBERED,
    PATCH,
    POST,
    TWO_LINES,
    Row,
    answered,
    by,
    judge,
    later,
    method,
    told,
)

STARRED = answered("*", replace(POST, headers=(("X-A", "1"),), credentials="include"), "x-a")
MEMORABLE = ("C-CAC-5", "C-CAC-6", "C-CAC-7")

ROWS: list[Row] = [
    *((rule, NOT, trace) for rule in MEMORABLE for trace in NOT_REMEMBERED),
    *((rule, HOLDS, (*answered("PUT"), *later(PUT))) for rule in MEMORABLE),
    # With and without credentials, wildcards, Authorization
    *(("C-CAC-5", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    ("C-CAC-5", NOT, (*answered("*", CREDENTIALED_PUT), *later(PATCH))),
    ("C-CAC-5", HOLDS, (*answered("*"), *later(PATCH))),
    ("C-CAC-5", HOLDS, (*answered("PUT", CREDENTIALED_PUT), *later(PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT", CREDENTIALED_PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT"), *answered("PUT", CREDENTIALED_PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", BROKEN, (*answered("PUT"), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", BROKEN, (*answered("*"), *later(CREDENTIALED_PATCH))),
    ("C-CAC-5", BROKEN, (*answered("PUT"), *later(PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT"), *later(PUT), *later(PATCH))),
    ("C-CAC-6", NOT, (*answered("PUT", headers="x-a"), *later(AUTHORIZED))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*"), *later(TWO_LINES))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*, Authorization"), *later(AUTHORIZED))),
    ("C-CAC-6", HOLDS, (*answered("*"), *later(method("authorization")))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*"), *later(AUTHORIZED, engine=CHROMIUM))),
    ("C-CAC-6", BROKEN, (*answered("PUT", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-6", BROKEN, (*answered("PUT, authorization", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-7", NOT, (*answered("PUT", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-7", HOLDS, (*answered("*"), *later(PATCH))),
    ("C-CAC-7", HOLDS, (*answered("*"), *later(CREDENTIALED_PATCH))),
    ("C-CAC-7", HOLDS, (*answered("*", CREDENTIALED_PUT), *later(method("*")))),
    ("C-CAC-7", HOLDS, (*answered("*, PUT", CREDENTIALED_PUT), *later(PUT))),
    ("C-CAC-7", HOLDS, (*answered("PUT", CREDENTIALED_PUT, "*"), *later(script("*", "1")))),
    ("C-CAC-7", BROKEN, (*answered("*", CREDENTIALED_PUT), *later(PATCH))),
    ("C-CAC-7", BROKEN, (*answered("*", CREDENTIALED_PUT), *later(CREDENTIALED_PATCH))),
    ("C-CAC-7", BROKEN, (*answered("PUT", CREDENTIALED_PUT, "*"), *later(A_LINE))),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-CAC-7", BROKEN, (*STARRED, *later(PATCH))),
    ("C-CAC-7", HOLDS, by(WEBKIT, (*STARRED, *later(PATCH)))),
    ("C-CAC-7", BROKEN, by(WEBKIT, (*STARRED, *later(CREDENTIALED_PATCH)))),
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
