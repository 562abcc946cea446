"""The mutators make the faults that they are meant to make."""

import ast
import textwrap

import pytest

from tests.tools.mutants.mutators import mutants


def faults(source: str, what: str = "") -> set[str]:
    """The lines that the mutants of a source put in the place of others, or `-` and the line they drop."""
    found = set()
    for mutant in mutants("sample.py", textwrap.dedent(source)):
        if mutant.what.startswith(what):
            lines = mutant.change.splitlines()
            added = [line[1:].strip() for line in lines if line.startswith("+")]
            dropped = ["-" + line[1:].strip() for line in lines if line.startswith("-")]
            found.add("; ".join(added or dropped))
    return found


@pytest.mark.parametrize(
    ("source", "what", "expected"),
    [
        ("def f(x):\n g(x)\n raise E", "dropped statement", {"-g(x)", "-raise E"}),
        ("def f(x):\n raise E", "dropped statement", {"pass"}),
        ("def f(x):\n x.y = 1\n z = 2\n return z", "dropped statement", {"-x.y = 1", "-return z"}),
        ("def f(x):\n 'documentation'\n return x", "dropped statement", {"-return x"}),
        ("def f(x):\n x.append(1)\n return x", "doubled statement", {"x.append(1)"}),
        ("async def f(x):\n await x()", "doubled statement", {"await x()"}),
        ("def f(x):\n x += 1\n return x", "doubled statement", {"x += 1"}),
        ("def f(x):\n try:\n  g()\n except E:\n  return 1", "exception let through", {"raise"}),
        ("def f(a, b):\n return a and b", "dropped operand", {"return b", "return a"}),
        (
            "def f(a, b, c):\n return a or b or c",
            "dropped operand",
            {"return b or c", "return a or c", "return a or b"},
        ),
        (
            "def f(a, b):\n return a and (not b)",
            "negated operand",
            {"return not a and (not b)", "return a and b"},
        ),
        ("def f(a):\n if a:\n  return 1", "negated condition", {"if not a:"}),
        ("def f(a):\n return 1 if a else 2", "negated condition", {"return 1 if not a else 2"}),
        ("def f(a):\n return [x for x in a if x]", "negated condition", {"return [x for x in a if not x]"}),
        ("def f(a):\n return [x for x in a if x]", "dropped condition", {"return [x for x in a]"}),
        ("def f(a):\n return any(a)", "any to all", {"return all(a)"}),
        ("def f(a):\n return sorted(a)", "sorted", {"return list(a)"}),
        ("def f(a):\n return sorted(a, key=k)", "sorted", set()),
        ("def f(a):\n return a < 1", "swapped", {"return a >= 1"}),
        ("def f(a):\n return a == 1", "swapped", {"return a >= 1"}),
        ("def f(a):\n return a == b'x'", "swapped", set()),
        ("def f(a):\n return r.fullmatch(a)", "fullmatch", {"return r.match(a)", "return r.search(a)"}),
        ("def f(a):\n return a.strip(b' ')", "strip", {"return a.strip()"}),
        ("def f(a):\n return a.strip(b' ')", "dropped strip", {"return a"}),
        ("def f(a):\n return a.lower()", "dropped lower", {"return a"}),
        ("def f(a):\n return a.startswith('x')", "startswith", {"return a.endswith('x')"}),
        ("def f(a):\n return len(a) > 512", "length", {"return len(a) + 1 > 512"}),
        ("def f(a):\n return a[1:3]", "dropped lower", {"return a[:3]"}),
        ("def f(a):\n return a[1:3]", "dropped upper", {"return a[1:]"}),
        ("def f(a):\n return (a, 2)", "dropped element", {"return (2,)", "return (a,)"}),
        ("def f(a):\n x, y = a\n return {x: y}", "dropped", {"-return {x: y}", "return {}"}),
        ("N = {'a'}", "dropped element", {"N = set()"}),
        ("N = {'a': 1, 'b': 2}", "dropped entry", {"N = {'b': 2}", "N = {'a': 1}"}),
        ("N = b'vary'", "", {"N = b'varyx'", "N = b'Vary'"}),
        ("N = 'max-age'", "", {"N = 'max-agex'", "N = 'Max-Age'"}),
        ("N = 600", "", {"N = 601"}),
        ("N = re.compile('[a-z]+')", "", {"N = re.compile('[a-z]+x')"}),
        ("T = Callable[[int], Literal['a']]", "", set()),
        ("class A:\n x: int = 600\n y: 'A'", "", {"x: int = 601"}),
        ("@dataclass(frozen=True)\nclass A:\n pass", "", {"@dataclass(frozen=False)"}),
        ("def f(a):\n return f'not {a}'", "", {"return f'not x{a}'", "pass"}),
        ("def f(a):\n return 'left to mutmut'", "", {"pass"}),
        ("@property\ndef f(a):\n return 'b'", "", {"pass", "return 'bx'"}),
        ("@staticmethod\ndef f(a):\n return 'b'", "", {"pass"}),
        ("if TYPE_CHECKING:\n X = 1", "", set()),
        ("'''The module.'''\nimport a\nfrom b import c", "", set()),
        ("R = (Rule('D-1', 'a sentence'),)", "", {"R = ()", "R = (Rule('D-1x', 'a sentence'),)"}),
    ],
)
def test_the_faults_of_a_source(source: str, what: str, expected: set[str]) -> None:
    assert faults(source, what) == expected


def test_defaults_are_changed_each_in_turn() -> None:
    found = faults("def f(a=(), b=False, c=None, *, d=600, e='x'):\n return a")
    assert {line for line in found if line.startswith("def")} == {
        "def f(a=(), b=True, c=None, *, d=600, e='x'):",
        "def f(a=(), b=False, c=0, *, d=600, e='x'):",
        "def f(a=(), b=False, c=None, *, d=601, e='x'):",
        "def f(a=(), b=False, c=None, *, d=600, e='xx'):",
    }


def test_an_assignment_that_another_one_follows_can_be_dropped() -> None:
    found = mutants("sample.py", "def f(x):\n    z = 1\n    if x:\n        z = 2\n    return z\n")
    dropped = [mutant.source for mutant in found if mutant.what == "dropped statement"]
    assert "def f(x):\n    z = 1\n    if x:\n        pass\n    return z\n" in dropped


SAMPLE = """
N = ('a', 'b')
class A:
    x: int = 1
    def f(self, b):
        if b and self.x:
            g(b)
        return [*N]
"""


def test_every_mutant_is_valid_python_differs_from_the_rest_and_has_a_key_of_its_own() -> None:
    found = mutants("sample.py", SAMPLE)
    for mutant in found:
        compile(mutant.source, "sample.py", "exec")
    assert (
        len({mutant.source for mutant in found} | {ast.unparse(ast.parse(SAMPLE)) + "\n"}) == len(found) + 1
    )
    assert len({mutant.key for mutant in found}) == len(found)
    assert {mutant.where for mutant in found} == {"N", "A.x", "A.f"}


def test_the_same_source_gives_the_same_mutants() -> None:
    assert mutants("sample.py", SAMPLE) == mutants("sample.py", SAMPLE)


def test_a_key_changes_with_its_function_and_with_nothing_else() -> None:
    keys = {mutant.key for mutant in mutants("sample.py", SAMPLE) if mutant.where == "A.f"}
    elsewhere = SAMPLE.replace("('a', 'b')", "('a', 'c')") + "\n# a comment\n"
    assert keys == {mutant.key for mutant in mutants("sample.py", elsewhere) if mutant.where == "A.f"}
    inside = SAMPLE.replace("[*N]", "[*N, 1]")
    assert not keys & {mutant.key for mutant in mutants("sample.py", inside) if mutant.where == "A.f"}
