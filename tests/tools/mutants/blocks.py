"""The blocks of a module's functions: which of them a test enters, and which one a mutant is in.

A block is a run of statements of which a test runs all or none, unless one raises: the body of a function, a
branch of an `if`, the body of a loop, and what follows a statement in these that may leave them. Its name
says where it begins: `file:Class.method`, in it `file:Class.method/2.orelse`, there `…/2.orelse@4`. A test
that never enters a block never runs a mutant of it.
"""

import ast
from collections.abc import Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef
DECORATORS = "@decorators"
"""Ends the place of a mutant of a function's decorators, which run when the module is imported."""
LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def note_blocks(tree: ast.Module, file: str) -> None:
    """Let each block of each function and method say first that it is entered; no frame is added."""
    for name, function in list(functions(tree.body, f"{file}:")):
        for place, body in list(bodies(function.body, name)):
            for start in reversed(starts(body)):
                note = ast.parse(f"__ran__({named(place, start)!r})").body[0]
                is_docstring = (
                    start == 0 and body is function.body and ast.get_docstring(function) is not None
                )
                body.insert(start + is_docstring, note)


def functions(body: Sequence[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Function]]:
    """The functions and methods of a module or class, with their names."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, Function):
            yield prefix + node.name, node


def bodies(body: list[ast.stmt], place: str) -> Iterator[tuple[str, list[ast.stmt]]]:
    """A list of statements and all in it, each with its place."""
    yield place, body
    for position, statement in enumerate(body):
        for field, inner in within(statement).items():
            yield from bodies(inner, f"{place}/{position}.{field}")


def within(statement: ast.AST) -> dict[str, list[ast.stmt]]:
    """The lists of statements that a statement holds, by field; those of its handlers and cases as well."""
    found = {}
    for field in ("body", "orelse", "finalbody") if not isinstance(statement, ast.ClassDef) else ():
        if isinstance(value := getattr(statement, field, None), list) and value:
            found[field] = value
    for field in ("handlers", "cases"):
        for number, part in enumerate(getattr(statement, field, ())):
            found[f"{field}.{number}"] = part.body
    return found


def starts(body: Sequence[ast.stmt]) -> list[int]:
    """Where the blocks of a list of statements begin: behind each that may leave it, a new one does."""
    leaving = [any(isinstance(node, LEAVES) for node in ast.walk(statement)) for statement in body[:-1]]
    return [0, *(position for position, leaves in enumerate(leaving, 1) if leaves)]


def named(place: str, start: int) -> str:
    """The name of the block that begins there."""
    return f"{place}@{start}" if start else place


def place_of(original: ast.Module, file: str, where: str, statement: str) -> str:
    """The name of the block that a mutant is in; of what it is in, where that is no function.

    `statement` is the text of what differs in the file, a definition, and `where` the function in it.
    """
    name = f"{file}:{where}"
    before = dict(functions(original.body, f"{file}:")).get(name)
    after = dict(functions(ast.parse(statement).body, f"{file}:")).get(name)
    if before and after and dumped(before.decorator_list) != dumped(after.decorator_list):
        return name + DECORATORS
    if before is None or after is None or ast.dump(before.args) != ast.dump(after.args):
        return name
    return block_of(before.body, after.body, name)


def block_of(before: list[ast.stmt], after: list[ast.stmt], place: str) -> str:
    """The innermost block in which two versions of a list of statements differ."""
    old, new = dumped(before), dumped(after)
    position = next((at for at, (b, a) in enumerate(zip(old, new, strict=False)) if b != a), len(before) - 1)
    if len(old) == len(new) and old[position + 1 :] == new[position + 1 :]:
        inner, other = within(before[position]), within(after[position])
        changed = [
            field for field in inner if field in other and dumped(inner[field]) != dumped(other[field])
        ]
        if len(changed) == 1:
            [field] = changed
            kept = list(other[field])
            other[field][:] = inner[field]
            nothing_else = dumped(before) == dumped(after)
            other[field][:] = kept
            if nothing_else:
                return block_of(inner[field], other[field], f"{place}/{position}.{field}")
    return named(place, max(start for start in starts(before) if start <= position))


def dumped(body: Sequence[ast.AST]) -> list[str]:
    """Statements or expressions, to be compared."""
    return [ast.dump(statement) for statement in body]
