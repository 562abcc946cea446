"""Near misses of methods, and header lists in all their forms and beyond."""

import pytest

from spec.generate.near_miss_methods_and_headers import (
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
)
from spec.http import elements, is_token, names, tokens


def test_no_near_miss_of_a_method_is_the_method() -> None:
    for method in ("GET", "PUT", "PATCH", "QUERY", "*", "get"):
        forms = method_near_misses(method)
        assert len(forms) == len(set(forms)) > 30
        assert all(set(form) != {method.encode()} for form in forms)
    forms = method_near_misses("PUT")
    for expected in ((b"put",), (b"XPUT",), (b"PU",), (b"",), (b"PUT\n",), (b"PUT", b"GET"), (b"PUT,PUT",)):
        assert expected in forms


@pytest.mark.parametrize("wanted", [[], ["X-A"], ["X-B", "x-a", "Content-Type"]])
def test_forms_ask_for_the_same_names(wanted: list[str]) -> None:
    forms = header_list_forms(wanted)
    assert len(forms) == len(set(forms)) > 5
    for form in forms:
        assert names(form) == {name.lower().encode() for name in wanted}
        assert tokens(form) is not None


def test_the_first_form_is_what_a_browser_sends() -> None:
    assert header_list_forms(["X-B", "x-a", "X-b"])[0] == (b"x-a,x-b",)
    assert header_list_forms([])[0] == ()


def test_no_breaker_is_a_list_of_tokens() -> None:
    for wanted in ([], ["X-A"], ["x-a", "x-b"]):
        breakers = header_list_breakers(wanted)
        assert len(breakers) == len(set(breakers)) > 100
        for lines in breakers:
            assert not all(is_token(element) for element in elements(lines)), lines


def test_floods_have_the_size_that_they_promise() -> None:
    for wanted in ([], ["x-a", "X-B"]):
        floods = header_list_floods(wanted, sizes=(100, 8192))
        assert {sum(map(len, lines)) for lines in floods} == {100, 8192}
        assert max(len(lines) for lines in floods) > 1000
        assert any(names(lines) == {name.lower().encode() for name in wanted} for lines in floods)
