# SPDX-License-Identifier: Apache-2.0
"""Find where a command that starts a service can register the objects: once options are read."""

import ast
import dataclasses
import itertools
from collections.abc import Iterator

from codemods.analysis.facts import Span
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.model import Item

_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try)
_FOLLOWED = (ast.Expr, ast.Assign, *_COMPOUND)


@dataclasses.dataclass(frozen=True)
class Registration:
    """A place after a statement; `opens_main` says that the statement comes first in main()."""

    opens_main: bool


@dataclasses.dataclass(frozen=True)
class Registrations:
    """The statements after which to register the objects, and the calls `left` without any.

    There are none in a command that registers the objects already, or that
    starts no service.
    """

    behind: dict[Span, Registration]
    left: dict[Span, bool]


def registrations(module: Module, tree: Tree, done: frozenset[Item]) -> Registrations:
    """Where a command registers the objects once the work items `done` are done."""
    found = Registrations({}, {})
    is_command = module.source.path.startswith(f"{tree.package}/cmd/")
    if not is_command or Item.SERVICE not in done or not (tree.is_own and tree.has_registry):
        return found
    calls = {call: module.dotted_name(call.func) for call in module.all(ast.Call)}
    starts = [c for c, name in calls.items() if name == f"{tree.package}.service.Service.create"]
    if not starts or any(name.endswith(".register_all") for name in calls.values()):
        return found
    parsing = [call for call, name in calls.items() if name == f"{tree.package}.config.parse_args"]
    for call in _chosen(module, parsing, starts):
        place = _place(module, call)
        if place is None or any(place in module.source.parents(start) for start in starts):
            found.left[module.source.span(call)] = True
        else:
            found.behind[module.source.span(place)] = Registration(_opens_main(module, place, call))
    return found


def _chosen(module: Module, parsing: list[ast.Call], starts: list[ast.Call]) -> Iterator[ast.Call]:
    """The last call that reads options in each function that starts a service; else in the file."""
    around = module.function_around
    starting = {around(call) for call in starts}
    found = {around(call): call for call in parsing if around(call) in starting}
    if found:
        yield from found.values()
    elif parsing:
        yield parsing[-1]


def _place(module: Module, call: ast.Call) -> ast.stmt | None:
    """The statement of the call, or the one whose line it shares; None if nothing can follow."""
    source, statement = module.source, module.source.statement(call)
    above = list(itertools.takewhile(lambda one: one is not statement, source.parents(call)))
    if not isinstance(statement, _FOLLOWED) or any(isinstance(one, ast.Lambda) for one in above):
        return None
    parent = source.parent(statement)
    if isinstance(parent, _COMPOUND) and _is_inline(module, statement):
        statement = parent
    while source.slice(*source.span(statement)).startswith("elif"):
        outer = source.parent(statement)
        assert isinstance(outer, ast.If)
        statement = outer
    return statement


def _opens_main(module: Module, place: ast.stmt, call: ast.Call) -> bool:
    """Whether a main() without parameters begins with a statement, `config.parse_args(...)`."""
    main = module.source.parent(place)
    if not isinstance(main, ast.FunctionDef) or main.name != "main" or main.decorator_list:
        return False
    if main not in module.source.tree.body or ast.unparse(main.args):
        return False
    first = main.body[1:] if ast.get_docstring(main) is not None else main.body
    is_plain = isinstance(place, ast.Expr) and place.value is call
    return is_plain and ast.unparse(call.func) == "config.parse_args" and first[:1] == [place]


def _is_inline(module: Module, statement: ast.stmt) -> bool:
    """Whether the block of a statement begins on the line of its header."""
    source = module.source
    first = source.start(source.block(statement)[0])
    return bool(source.slice(source.line_start(source.line_at(first)), first).strip())
