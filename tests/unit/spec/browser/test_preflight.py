"""Which responses to a preflight let the request go."""

from dataclasses import replace

import pytest

from spec.browser import (
    Fetch,
    Outcome,
    outcome,
)
from spec.browser.checks import cors_check
from spec.browser.preflight import preflight_check
from tests.unit.spec.browser.fetching import AWAY, GET, GOOD, HOME, KEY, MODES, OK, PUT, TOKEN, WATCHED, says


@pytest.mark.parametrize("status", [199, 200, 201, 204, 206, 226, 299, 300, 304, 400, 404, 500, 101])
def test_a_preflight_passes_with_an_ok_status_only(status: int) -> None:
    got = outcome(PUT, says("acao: * | acam: PUT", status), OK)
    assert (got.allowed, got.reason) == ((True, "C-CHK-3") if 200 <= status <= 299 else (False, "C-PF-6"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_preflight_is_never_redirected(status: int) -> None:
    answer = says(f"acao: * | acam: PUT | location: {AWAY}/", status)
    assert outcome(PUT, answer, OK) == Outcome(False, frozenset(), "C-PF-13")


KEY_AND_TOKEN = replace(GET, headers=(("AUTHORIZATION", "k"), ("X-Token", "1")))
STAR = replace(GET, method="*", headers=(("*", "1"),))
STREAMED = replace(PUT, stream_body=True)


@pytest.mark.parametrize(
    ("fetch", "text", "without", "with_credentials"),
    [
        (PUT, "", "C-PF-9", "C-PF-9"),
        (PUT, "acam: PUT", "", ""),
        (PUT, "acam: put", "C-PF-9", "C-PF-9"),
        (replace(GET, method="put"), "acam: PUT", "", ""),
        (replace(GET, method="patch"), "acam: PATCH", "C-PF-9", "C-PF-9"),
        (replace(GET, method="patch"), "acam: patch", "", ""),
        (PUT, "acam: ", "C-PF-9", "C-PF-9"),
        (PUT, "acam: *", "", "C-WLD-1"),
        (PUT, "acam: *, PUT", "", ""),
        (PUT, "acam: , ,PUT\t,", "", ""),
        (PUT, "acam: GET | acam: PUT", "", ""),
        (PUT, "acam: PUT | acam: a b", "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT;", "C-PF-8", "C-PF-8"),
        (PUT, 'acam: "PUT"', "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT\x0b", "C-PF-8", "C-PF-8"),
        (PUT, "acam: PUT | acah: a b", "C-PF-8", "C-PF-8"),
        (TOKEN, "acam: ( | acah: x-token", "C-PF-8", "C-PF-8"),
        (TOKEN, "acah: x-token", "", ""),
        (TOKEN, "acah: X-TOKEN", "", ""),
        (TOKEN, "acah: x-a,,\tx-token , ", "", ""),
        (TOKEN, "acah: x-a | acah: x-token", "", ""),
        (TOKEN, "acah: x-a | acah: @ | acah: x-token", "C-PF-8", "C-PF-8"),
        (TOKEN, "acah: x-toke", "C-PF-11", "C-PF-11"),
        (TOKEN, "acah: ", "C-PF-11", "C-PF-11"),
        (TOKEN, "acam: x-token", "C-PF-11", "C-PF-11"),
        (TOKEN, "acah: *", "", "C-WLD-1"),
        (TOKEN, "acah: *, x-token", "", ""),
        (TOKEN, "acam: DELETE | acah: x-token", "", ""),
        (KEY, "acah: *", "C-PF-10", "C-PF-10"),
        (KEY, "acah: authorization", "", ""),
        (KEY, "acah: *, AUTHORIZATION", "", ""),
        (KEY, "acah: x-token", "C-PF-10", "C-PF-10"),
        (KEY_AND_TOKEN, "acah: *, authorization", "", "C-WLD-1"),
        (KEY_AND_TOKEN, "acah: authorization", "C-PF-11", "C-PF-11"),
        (STAR, "acam: * | acah: *", "", ""),
        (WATCHED, "", "", ""),
        (WATCHED, "acam: GET", "", ""),
        (STREAMED, "", "", ""),
        (STREAMED, "acam: ", "C-PF-9", "C-PF-9"),
        (STREAMED, "acam: GET", "C-PF-9", "C-PF-9"),
        (replace(TOKEN, method="PUT", upload_listener=True), "", "C-PF-11", "C-PF-11"),
    ],
)
def test_the_preflight_check(fetch: Fetch, text: str, without: str, with_credentials: str) -> None:
    answer = says(f"acao: {HOME} | acac: true" + (f" | {text}" if text else ""))
    for mode in MODES:
        refusal = with_credentials if mode == "include" else without
        got = outcome(replace(fetch, credentials=mode), answer, GOOD)
        passes = "C-CHK-6" if mode == "include" else "C-CHK-7"
        assert (got.allowed, got.reason) == (not refusal, refusal or passes)


def test_a_check_names_the_rule_that_passes() -> None:
    assert preflight_check(PUT, says("acao: * | acam: PUT")) == (True, "C-PF-15")
    assert cors_check(HOME.encode(), "omit", OK) == (True, "C-CHK-3")


def test_an_answer_to_a_preflight_that_was_not_needed_is_ignored() -> None:
    assert outcome(GET, says("", 500), OK).allowed


def test_both_answers_must_share() -> None:
    assert not outcome(PUT, says("acao: * | acam: PUT"), says("")).allowed
    assert not outcome(PUT, says("acam: PUT"), OK).allowed
