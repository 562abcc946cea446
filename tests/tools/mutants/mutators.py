"""The faults that mutmut cannot make: statements dropped and doubled, operands, tables, defaults, literals.

A fault is made in the syntax tree, printed, and taken back. Nothing here is random: the same source gives the
same mutants in the same order.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Mutant:
    """One faulty version of a file.

    `key` names the fault for the list of equivalent mutants: it changes when the function around it, or the
    fault itself, changes. `source` is the text of the whole faulty file, `statement` of what differs in it.
    """

    engine: str
    file: str
    where: str
    what: str
    key: str
    change: str
    source: str
    statement: str = ""


AT_IMPORT = "at import"
"""Where a mutant is of a call that a module makes when it is imported, such as the record of a rule."""


class Site(NamedTuple):
    """A node, the field of its parent that holds it, and the function or statement that it is part of."""

    parent: ast.AST
    field: str
    position: int | None
    node: Any
    scope: ast.stmt
    in_function: bool
    skipped_by_mutmut: bool


def change_between(before: str, after: str) -> str:
    """The lines in which two versions of a function differ, with their place in it."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def key_of(file: str, where: str, before: str, change: str) -> str:
    """The name of a fault: this change, in exactly this function."""
    return hashlib.sha256("\0".join((file, where, before, change)).encode()).hexdigest()[:12]


def mutants(file: str, source: str) -> list[Mutant]:
    """All the faulty versions of a source file, each once."""
    tree = ast.parse(source)
    pieces = [ast.unparse(statement) for statement in tree.body]
    seen = {"\n".join(pieces)}
    found = []
    for position, statement in enumerate(tree.body):
        for scope, where in _scopes(statement):
            before = ast.unparse(scope)
            for site in list(_sites(scope)):
                for what in _faults(site):
                    # Written anew from the top: dropping the only statement of a body leaves `pass` there.
                    piece = ast.unparse(statement)
                    text = "\n".join([*pieces[:position], piece, *pieces[position + 1 :]])
                    if text not in seen:
                        seen.add(text)
                        change = change_between(before, ast.unparse(scope))
                        key = key_of(file, where, before, change)
                        found.append(Mutant("own", file, where, what, key, change, text + "\n", piece))
    return found


def _scopes(statement: ast.stmt, prefix: str = "") -> Iterator[tuple[ast.stmt, str]]:
    """The functions, methods and single statements of a module, with their names."""
    if isinstance(statement, ast.ClassDef):
        yield statement, f"{prefix}{statement.name}"
        for member in statement.body:
            yield from _scopes(member, f"{prefix}{statement.name}.")
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield statement, prefix + statement.name
    elif not isinstance(statement, (ast.Import, ast.ImportFrom)) and not _is_unseen(statement):
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        kind = AT_IMPORT if isinstance(statement, ast.Expr) else type(statement).__name__.lower()
        name = targets[0].id if isinstance(targets[0], ast.Name) else kind
        yield statement, prefix + name


def _is_unseen(statement: ast.stmt) -> bool:
    """A docstring; `if TYPE_CHECKING:`, which never runs."""
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test).endswith("TYPE_CHECKING")
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


_NOT_RUN = {"annotation", "returns", "type_comment", "ctx", "type_params"}
"""Fields of a node that no test can notice."""


def _sites(scope: ast.stmt) -> Iterator[Site]:
    """Every place in a scope where a fault could be put."""
    function = isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef))
    skipped = function and _is_skipped_by_mutmut(scope)
    fields = ["decorator_list", "keywords"] if isinstance(scope, ast.ClassDef) else list(scope._fields)
    yield from _sites_below(scope, fields, scope, function, skipped)


def _is_skipped_by_mutmut(scope: Any) -> bool:
    """mutmut mutates no decorated function, other than plain static and class methods."""
    lone = len(scope.decorator_list) == 1 and isinstance(scope.decorator_list[0], ast.Name)
    plain = lone and scope.decorator_list[0].id in ("staticmethod", "classmethod")
    return bool(scope.decorator_list) and not plain


def _sites_below(
    parent: ast.AST, fields: Any, scope: ast.stmt, in_function: bool, skipped: bool
) -> Iterator[Site]:
    for field in fields:
        if field in _NOT_RUN:
            continue
        value = getattr(parent, field, None)
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, node in items:
            if isinstance(node, ast.AST) and not _is_unseen_node(node):
                # What stands in the head of a function (defaults, decorators) runs once, as a table does.
                inside = in_function and not (parent is scope and field in ("args", "decorator_list"))
                yield Site(parent, field, index, node, scope, inside, skipped)
                if not isinstance(node, (ast.Import, ast.ImportFrom)):
                    # Brackets in a constant hold the arguments of a type.
                    typed = isinstance(node, ast.Subscript) and not inside
                    below = ("value",) if typed else node._fields
                    yield from _sites_below(node, below, scope, inside, skipped)


def _is_unseen_node(node: ast.AST) -> bool:
    """What no test can notice: a docstring, the name that a type variable gives itself.

    Nor what is an input of tests, and decides nothing: the counterexample of a rule.
    """
    if isinstance(node, ast.keyword) and node.arg == "counterexample":
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in ("TypeVar", "ParamSpec", "NewType")
    return isinstance(node, ast.stmt) and _is_unseen(node)


def _put(site: Site, node: ast.AST | list[ast.AST]) -> Iterator[None]:
    """Put something else at a site (a list stands for several statements), and take it back."""
    if site.position is None:
        setattr(site.parent, site.field, node)
        yield
        setattr(site.parent, site.field, site.node)
        return
    siblings = getattr(site.parent, site.field)
    kept = list(siblings)
    siblings[site.position : site.position + 1] = node if isinstance(node, list) else [node]
    if not siblings and site.field == "body":
        siblings.append(ast.Pass())
    yield
    siblings[:] = kept


def _set(node: ast.AST, field: str, value: Any) -> Iterator[None]:
    """Give a field of a node another value, and take it back."""
    kept = getattr(node, field)
    setattr(node, field, value)
    yield
    setattr(node, field, kept)


def _named(what: str, edits: Iterator[None]) -> Iterator[str]:
    for _ in edits:
        yield what


def _faults(site: Site) -> Iterator[str]:
    """Make each fault at a site in turn, saying which; it stands until the next one is asked for."""
    yield from _statement_faults(site)
    yield from _condition_faults(site)
    yield from _comparison_faults(site)
    yield from _call_faults(site)
    yield from _element_faults(site)
    yield from _literal_faults(site)


_DROPPED = (
    ast.Expr,
    ast.Raise,
    ast.Return,
    ast.AugAssign,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Continue,
    ast.Break,
    ast.Delete,
    ast.With,
    ast.Assert,
)


def _statement_faults(site: Site) -> Iterator[str]:
    """Drop a statement, do it twice, let an exception through."""
    node = site.node
    if isinstance(node, _DROPPED) or (isinstance(node, ast.Assign) and _is_update(node, site.scope)):
        yield from _named("dropped statement", _put(site, []))
    if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and not _is_yield(node.value)):
        yield from _named("doubled statement", _put(site, [node, node]))
    if isinstance(node, ast.If) and node.orelse:
        yield from _named("dropped else", _set(node, "orelse", []))
    if isinstance(node, ast.ExceptHandler) and not isinstance(node.body[-1], ast.Raise):
        yield from _named("exception let through", _set(node, "body", [ast.Raise()]))
    if isinstance(node, ast.Try) and node.finalbody and node.handlers:
        yield from _named("dropped finally", _set(node, "finalbody", []))


def _is_update(node: ast.Assign, scope: ast.stmt) -> bool:
    """Whether dropping this assignment leaves something else: not merely a name that is never bound."""
    target = node.targets[0]
    if not isinstance(target, ast.Name):
        return not isinstance(target, ast.Tuple)
    stores = [n for n in ast.walk(scope) if isinstance(n, ast.Name) and n.id == target.id]
    arguments = [n for n in ast.walk(scope) if isinstance(n, ast.arg) and n.arg == target.id]
    return len([n for n in stores if isinstance(n.ctx, ast.Store)]) + len(arguments) > 1


def _is_yield(node: ast.expr) -> bool:
    return isinstance(node, (ast.Yield, ast.YieldFrom))


def _negated(node: Any) -> ast.expr:
    """The opposite of a condition."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    return ast.UnaryOp(op=ast.Not(), operand=node)


def _condition_faults(site: Site) -> Iterator[str]:
    """Negate a condition; drop or negate an operand of `and` and `or`."""
    node = site.node
    if site.field == "test" or (site.field == "ifs" and isinstance(site.parent, ast.comprehension)):
        yield from _named("negated condition", _put(site, _negated(node)))
    if site.field == "ifs":
        yield from _named("dropped condition", _put(site, []))
    if isinstance(node, ast.BoolOp):
        for index, operand in enumerate(list(node.values)):
            rest = [*node.values[:index], *node.values[index + 1 :]]
            yield from _named(
                "dropped operand", _put(site, rest[0]) if len(rest) == 1 else _set(node, "values", rest)
            )
            negated = [*node.values[:index], _negated(operand), *node.values[index + 1 :]]
            yield from _named("negated operand", _set(node, "values", negated))


_OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    # mutmut turns < into <=, and == into !=.
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.GtE,
    ast.NotEq: ast.Gt,
}


def _comparison_faults(site: Site) -> Iterator[str]:
    """Turn a comparison into another one."""
    node = site.node
    if not isinstance(node, ast.Compare):
        return
    for index, operator in enumerate(list(node.ops)):
        other = _OTHER_COMPARISON.get(type(operator))
        ordered = not isinstance(operator, (ast.Eq, ast.NotEq)) or _is_number(node.comparators[index])
        if other and ordered:
            ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield from _named("swapped comparison", _set(node, "ops", ops))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


_OTHER_FUNCTION = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
_OTHER_METHOD = {
    "fullmatch": ("match", "search"),
    "match": ("search", "fullmatch"),
    "search": ("match",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "append": ("extend",),
    "update": ("setdefault",),
}
_WITHOUT_ARGUMENT = {"strip", "lstrip", "rstrip", "split", "rsplit"}
_DROPPED_METHOD = {
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "casefold",
    "title",
    "items",
    "copy",
    "removeprefix",
}


def _call_faults(site: Site) -> Iterator[str]:
    """Call another function, or the same with less; leave a method call out; cut at another place."""
    node = site.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        other = _OTHER_FUNCTION.get(node.func.id)
        if other and not (other == "list" and node.keywords):
            yield from _named(f"{node.func.id} to {other}", _set(node.func, "id", other))
        if node.func.id == "len":
            yield from _named("length and one", _put(site, ast.BinOp(node, ast.Add(), ast.Constant(1))))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name = node.func.attr
        for method in _OTHER_METHOD.get(name, ()):
            yield from _named(f"{name} to {method}", _set(node.func, "attr", method))
        if name in _WITHOUT_ARGUMENT and node.args:
            yield from _named(f"{name} without argument", _set(node, "args", []))
        if name in _DROPPED_METHOD:
            yield from _named(f"dropped {name}", _put(site, node.func.value))
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(node, bound) is not None:
                yield from _named(f"dropped {bound} bound", _set(node, bound, None))


def _element_faults(site: Site) -> Iterator[str]:
    """Drop an element of a tuple, list, set or dict, or an alternative that is starred in."""
    node = site.node
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and not _is_target_or_type(site):
        for index in range(len(node.elts)):
            rest = [*node.elts[:index], *node.elts[index + 1 :]]
            empty = ast.Call(ast.Name("set", ast.Load()), [], [])
            edits = _put(site, empty) if isinstance(node, ast.Set) and not rest else _set(node, "elts", rest)
            yield from _named("dropped element", edits)
    if isinstance(node, ast.Dict):
        for index in range(len(node.keys)):
            keys, values = list(node.keys), list(node.values)
            del keys[index], values[index]
            for _ in _set(node, "keys", keys):
                yield from _named("dropped entry", _set(node, "values", values))


def _is_target_or_type(site: Site) -> bool:
    """A tuple on the left of an assignment or a loop, or inside the brackets of a type."""
    return isinstance(getattr(site.node, "ctx", None), ast.Store) or isinstance(site.parent, ast.Subscript)


_PROSE = {"Rule"}
"""Calls whose strings with spaces in them are sentences for people, not behaviour: RULES.md shows them."""


def _literal_faults(site: Site) -> Iterator[str]:
    """Change a literal where mutmut does not look: constants, tables, defaults, f-strings, decorated code."""
    node = site.node
    if not isinstance(node, ast.Constant):
        return
    part_of_text = isinstance(site.parent, ast.JoinedStr)
    if site.in_function and not site.skipped_by_mutmut and not part_of_text:
        return
    if isinstance(site.parent, ast.FormattedValue) or _is_prose(site):
        return
    for other in _other_values(node.value):
        yield from _named(f"{node.value!r} to {other!r}"[:70], _set(node, "value", other))


def _is_prose(site: Site) -> bool:
    if not isinstance(site.node.value, str) or " " not in site.node.value:
        return False
    calls = [call for call in ast.walk(site.scope) if isinstance(call, ast.Call)]
    rules = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in _PROSE]
    return any(site.node is part for call in rules for part in ast.walk(call))


def _other_values(value: object) -> list[object]:
    """What to put in the place of a literal; the case of a name is a value of its own."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1]
    if isinstance(value, str):
        return [value + "x", value.title()] if re.fullmatch(r"[a-z]+(-[a-z]+)+", value) else [value + "x"]
    if isinstance(value, bytes):
        return [value + b"x", value.title()] if re.fullmatch(rb"[a-z]+(-[a-z]+)*", value) else [value + b"x"]
    return [0] if value is None else []
