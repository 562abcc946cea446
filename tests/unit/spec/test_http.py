"""The words of HTTP: lines, lists, tokens, statuses."""

import pytest

from spec import Request, Response
from spec.http import (
    combined,
    elements,
    has_no_content,
    is_ok_status,
    is_redirect_status,
    is_token,
    names,
    tokens,
)
from spec.http import lines as lines_of

TWO = (("X-A", "1"), ("x-a", "2"), ("x-b", ""))
TWO_LINES = tuple((name.encode(), value.encode()) for name, value in TWO)


@pytest.mark.parametrize(
    ("name", "values"), [("x-a", [b"1", b"2"]), ("X-A", [b"1", b"2"]), ("x-b", [b""]), ("x-c", [])]
)
def test_lines_are_found_by_name_in_any_case(name: str, values: list[bytes]) -> None:
    assert lines_of(TWO_LINES, name) == values
    for message in (Request("GET", TWO_LINES), Response(200, TWO_LINES)):
        assert message.lines(name) == values
        message.lines(name).append(b"not kept")
        assert message.lines(name) == values
    assert combined(TWO_LINES, name) == (b", ".join(values) if values else None)


def test_names_and_values_are_bytes_that_need_not_be_ascii() -> None:
    headers = ((b"\xe9", b"\xff"),)
    assert lines_of(headers, "\u00e9") == Response(200, headers).lines("\u00e9") == [b"\xff"]


def test_a_request_is_for_the_root_and_a_response_is_empty_unless_said() -> None:
    assert (Request("GET", ()).path, Request("GET", ()).body, Response(200, ()).body) == ("/", b"", b"")


@pytest.mark.parametrize("value", [b"a", b"!#$%&'*+-.^_`|~09AZaz"])
def test_a_token(value: bytes) -> None:
    assert is_token(value)


@pytest.mark.parametrize("value", [b"", b"a\n", b"\na", b"a b", b"a,b", b"(", b"\xe9", b"a/"])
def test_no_token(value: bytes) -> None:
    assert not is_token(value)


def test_a_list_has_elements_without_blanks_around_them_on_any_number_of_lines() -> None:
    values = [b" X-A\t,, x-a", b"", b"\x0bb\xa0"]
    assert elements(values) == [b"X-A", b"x-a", b"\x0bb\xa0"]
    assert names(values) == {b"x-a", b"\x0bb\xa0"}
    assert tokens(values) is None
    assert tokens(values[:2]) == [b"X-A", b"x-a"]
    assert tokens([b"a b, c"]) is None


def test_statuses() -> None:
    every = range(100, 600)
    assert [status for status in every if is_ok_status(status)] == list(range(200, 300))
    assert [status for status in every if is_redirect_status(status)] == [301, 302, 303, 307, 308]
    assert [status for status in every if has_no_content(status)] == [101, 103, 204, 205, 304]
