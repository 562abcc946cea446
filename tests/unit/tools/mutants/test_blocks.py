"""A mutant is in the block that its fault is in, and a test is noted for the blocks that it enters."""

import ast

import pytest

from tests.tools.mutants.blocks import note_blocks, place_of

SOURCE = '''
class Shop:
    def open(self, hour):
        """Whether it is open."""
        if hour < 0:
            raise ValueError(hour)
        elif hour > 20:
            return "late"
        total = 0
        for each in range(hour):
            try:
                total += 12 // (each - 2)
            except ZeroDivisionError:
                total += 100
                continue
            total += 1000
        return total
'''
NAME = "shop.py:Shop.open"


@pytest.mark.parametrize(
    ("fault", "repaired", "block"),
    [
        ("hour < 0", "hour <= 0", ""),
        ("ValueError(hour)", "ValueError(None)", "/1.body"),
        ("hour > 20", "hour > 21", "/1.orelse"),
        ('"late"', "None", "/1.orelse/0.body"),
        ("total = 0", "total = 1", "@2"),
        ("range(hour)", "range(hour + 1)", "@2"),
        ("12 //", "13 //", "/3.body/0.body"),
        ("total += 100\n", "total -= 100\n", "/3.body/0.handlers.0"),
        ("                continue\n", "", "/3.body/0.handlers.0"),
        ("total += 1000", "total += 1001", "/3.body@1"),
        ("        return total\n", "", "@4"),
        ("except ZeroDivisionError", "except ValueError", "/3.body"),
        ("self, hour", "self, hour=1", ""),
    ],
)
def test_a_mutant_is_in_the_innermost_block_that_holds_its_fault(
    fault: str, repaired: str, block: str
) -> None:
    assert SOURCE.count(fault) == 1
    place = place_of(ast.parse(SOURCE), "shop.py", "Shop.open", SOURCE.replace(fault, repaired).strip())
    assert place == NAME + block


def test_a_mutant_of_two_blocks_is_in_what_holds_both() -> None:
    changed = SOURCE.replace("12 //", "13 //").replace("+= 1000", "+= 1001").strip()
    assert place_of(ast.parse(SOURCE), "shop.py", "Shop.open", changed) == f"{NAME}/3.body"


def test_a_mutant_of_a_table_is_in_no_block() -> None:
    assert place_of(ast.parse("A = 1"), "shop.py", "A", "A = 2") == "shop.py:A"


def test_a_mutant_of_a_decorator_is_in_no_block_of_the_function() -> None:
    before, after = "@cache\ndef f():\n    return 1", "def f():\n    return 1"
    assert place_of(ast.parse(before), "shop.py", "f", after) == "shop.py:f@decorators"


@pytest.mark.parametrize(
    ("hour", "entered"),
    [
        (-1, ["", "/1.body"]),
        (21, ["", "/1.orelse", "/1.orelse/0.body"]),
        (0, ["", "/1.orelse", "@2", "@4"]),
        (1, ["", "/1.orelse", "@2", "/3.body", "/3.body/0.body", "/3.body@1", "@4"]),
        (
            3,
            ["", "/1.orelse", "@2", "/3.body", "/3.body/0.body", "/3.body@1", "/3.body/0.handlers.0", "@4"],
        ),
    ],
)
def test_the_blocks_that_are_entered_are_noted(hour: int, entered: list[str]) -> None:
    tree = ast.parse(SOURCE)
    note_blocks(tree, "shop.py")
    noted: dict[str, None] = {}
    space: dict[str, object] = {"__ran__": lambda name: noted.setdefault(name)}
    exec(compile(ast.fix_missing_locations(tree), "shop.py", "exec"), space)
    shop = space["Shop"]()  # type: ignore[operator]  # the class above
    try:
        shop.open(hour)
    except ValueError:
        assert hour < 0
    assert list(noted) == [f"{NAME}{block}" for block in entered]
    assert shop.open.__doc__ == "Whether it is open."
