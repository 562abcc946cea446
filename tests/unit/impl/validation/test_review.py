"""A configuration is judged as a whole."""

from impl import Config
from impl.validation.review import review


def test_nobody_is_allowed_unless_a_class_decides() -> None:
    assert [[each.rule for each in found] for found in review(Config())[1]] == [["A-CFG-27"]]
    assert review(Config(), overridden=True) == ([], [])
