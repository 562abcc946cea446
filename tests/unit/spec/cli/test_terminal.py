"""How texts are printed: escaped, and broken between words."""

from pathlib import Path

import pytest

from spec.cli.terminal import loaded, shown, wrapped


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("it's a text", "it's a text"),
        (b"it's a text", "it's a text"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\u00e9", r"\xe9"),
        (b"\xe9\n", r"\xe9\n"),
        ("\u20ac\u202e", r"\u20ac\u202e"),
    ],
)
def test_what_not_every_terminal_prints_is_escaped(value: str | bytes, expected: str) -> None:
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("text", "indent", "hang", "expected"),
    [
        ("", 0, 0, ""),
        ("a\n\nb", 0, 0, "a\n\nb"),
        ("one two three", 0, 0, "one two\nthree"),
        ("one two three", 2, 0, "  one two\n  three"),
        ("one two three", 0, 2, "one two\n  three"),
        ("  one two three", 1, 1, "   one two\n    three"),
        ("one\n two\n\tX", 1, 0, " one\n  two\n \\tX"),
        ("X two-six a ", 0, 0, "X two-six\na"),
        ("one two-six a", 0, 0, "one\ntwo-six a"),
    ],
)
def test_paragraphs_are_broken_between_words(text: str, indent: int, hang: int, expected: str) -> None:
    assert wrapped(text, 10, indent, hang) == expected
    assert indent or hang or wrapped(text, 10) == expected


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    for name, text in (("a.toml", b'a = "\xc3\xa9"'), ("a.json", b'{"a": "\xc3\xa9"}')):
        file = tmp_path / name
        file.write_bytes(mark + text)
        assert loaded(file) == {"a": "\xe9"}
