"""mutmut's mutants. It makes them; the tests meet them as they meet our own (`pool`), for mutmut itself exits
with 0 when mutants survive, believes old results, and collects the tests anew for each mutant.
"""

import ast
from collections.abc import Sequence

from mutmut.mutation.file_mutation import mutate_file_contents

from tests.tools.mutants.mutators import Mutant, change_between, key_of


def mutants(file: str, source: str) -> list[Mutant]:
    """All the mutants that mutmut makes of a source file."""
    made = mutate_file_contents(file, source)
    mutated = Mutated(file, source, made.code)
    return [mutated.mutant(name) for name in made.mutant_names]


class Mutated:
    """A file as it was, and the one that mutmut made of it, which holds all versions of each function."""

    def __init__(self, file: str, original: str, mutated: str) -> None:
        self.file = file
        self.original = ast.parse(original)
        self.pieces = [ast.unparse(statement) for statement in self.original.body]
        self.versions = {
            node.name: node
            for node in ast.walk(ast.parse(mutated))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and "__mutmut_" in node.name
        }

    def mutant(self, name: str) -> Mutant:
        """The mutant of this name, such as `xǁConfigǁcheck__mutmut_3`."""
        mangled, _, number = name.partition("__mutmut_")
        path = mangled.split("ǁ")[1:] if "ǁ" in mangled else [mangled.removeprefix("x_")]
        before, after = (
            self._named(f"{mangled}__mutmut_{version}", path[-1]) for version in ("orig", number)
        )
        at, function = _find(self.original, path)
        kept = function.body, function.args
        function.body, function.args = after.body, after.args
        piece = ast.unparse(self.original.body[at])
        text = "\n".join([*self.pieces[:at], piece, *self.pieces[at + 1 :]]) + "\n"
        function.body, function.args = kept
        change = change_between(ast.unparse(before), ast.unparse(after))
        where = ".".join(path)
        key = key_of(self.file, where, ast.unparse(before), change)
        return Mutant("mutmut", self.file, where, f"number {number}", key, change, text, piece)

    def _named(self, version: str, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
        function = self.versions[version]
        function.name = name
        return function


def _find(tree: ast.Module, path: Sequence[str]) -> tuple[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The function or method of this name, the last one, and which statement of the module it is part of."""
    at, found = _last(tree.body, path[0])
    for name in path[1:]:
        assert isinstance(found, ast.ClassDef)
        _, found = _last(found.body, name)
    assert isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef))
    return at, found


def _last(body: Sequence[ast.stmt], name: str) -> tuple[int, ast.stmt]:
    """The last statement of a body that defines this name: it is the one that holds."""
    return max((at, node) for at, node in enumerate(body) if getattr(node, "name", None) == name)
