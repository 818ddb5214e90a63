# SPDX-License-Identifier: Apache-2.0
"""Which scope a name belongs to, as far as that is certain."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codemods.caches import cached_while_alive
from codemods.syntax.source import Source
from codemods.syntax.walk import children, walk

Function = ast.FunctionDef | ast.AsyncFunctionDef

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMED = (*_FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))
_WITHS = (ast.With, ast.AsyncWith)


class Binding(NamedTuple):
    """A node that binds a name in a scope.

    It `is_sure` if the scope runs it unless there is an exception, and `is_fallback` in an
    exception handler.
    """

    node: ast.AST
    is_sure: bool
    is_fallback: bool


def bindings(statements: Iterable[ast.AST], name: str) -> Iterator[Binding]:
    """The bindings of `name` in the scope of the statements, in no particular order.

    Targets of comprehensions are left out: Python 2 binds them, Python 3 does not. So is
    what a function binds with `global`.
    """
    waiting = [Binding(statement, True, False) for statement in statements]
    while waiting:
        found = waiting.pop()
        if _binds(found.node, name):
            yield found
        waiting += _below(found)


def _below(found: Binding) -> list[Binding]:
    """The child nodes that run in the same scope, and under which conditions."""
    node, is_sure, is_fallback = found
    if isinstance(node, _TRIES):
        tried = [*node.body, *node.orelse, *node.finalbody]
        caught = [Binding(below, False, True) for below in node.handlers]
        return [*(Binding(below, is_sure, is_fallback) for below in tried), *caught]
    if isinstance(node, _SCOPES):
        return [Binding(below, is_sure, is_fallback) for below in _around(node)]
    if isinstance(node, _COMPREHENSIONS):
        return [Binding(node.generators[0].iter, is_sure, is_fallback)]
    below = children(node)
    if any(isinstance(one, ast.stmt) for one in below) and not isinstance(node, _WITHS):
        is_sure = False
    return [Binding(one, is_sure, is_fallback) for one in below]


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    return name in _names_bound(node)


def _names_bound(node: ast.AST) -> Iterable[str]:
    """The names that a node itself binds."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [one.asname or one.name.partition(".")[0] for one in node.names]
    return (node.name,) if isinstance(node, _NAMED) and node.name else ()


def _around(node: Function | ast.ClassDef | ast.Lambda) -> list[ast.AST]:
    """The parts of a definition that are evaluated outside its own scope."""
    body = node.body if isinstance(node.body, list) else [node.body]
    own = {id(below) for below in body}
    outside = [below for below in children(node) if id(below) not in own]
    nested = (children(n) if isinstance(n, ast.arguments) else [n] for n in outside)
    return [below for nodes in nested for below in nodes]


def is_declared_global(source: Source, name: str) -> bool:
    """Whether the file declares `name` as global."""
    if re.search(rb"\bglobal\s[\w\s,\\]*\b%s\b" % name.encode(), source.text) is None:
        return False
    return any(isinstance(n, ast.Global) and name in n.names for n in walk(source.tree))


def is_read_in(source: Source, scope: ast.Module | Function, name: str) -> bool:
    """Whether something reads the `name` that the scope binds.

    If in doubt, it does: names that a class binds, that Python 2 binds in a
    comprehension, or that are declared global do not hide it.
    """
    word = name.encode()
    if word not in source.text:
        # the name was respelled for the parser
        return True
    waiting: list[ast.AST] = [*scope.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt) and not _mentions(source, node, word):
            continue
        if _reads(node, name):
            return True
        waiting += _visible(source, node, name)
    return False


def _mentions(source: Source, statement: ast.stmt, word: bytes) -> bool:
    start = source.line_start(source.line_at(source.start(statement)))
    end = source.line_start((statement.end_lineno or statement.lineno) + 1)
    return source.text.find(word, start, end) >= 0


def _reads(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Global | ast.Nonlocal):
        return name in node.names
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    return False


def _visible(source: Source, node: ast.AST, name: str) -> list[ast.AST]:
    """The children of `node` in which `name` does not certainly belong to another scope."""
    if isinstance(node, (*_FUNCTIONS, ast.Lambda)):
        return _around(node) if _is_local(source, node, name) else children(node)
    if isinstance(node, _COMPREHENSIONS):
        targets = (generator.target for generator in node.generators)
        if any(_binds(below, name) for target in targets for below in walk(target)):
            return [node.generators[0].iter]
    return children(node)


def _is_local(source: Source, function: Function | ast.Lambda, name: str) -> bool:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    if any(one.arg == name for one in every):
        return True
    if isinstance(function, ast.Lambda):
        return False
    bound = _bound(source)
    if function not in bound:
        bound[function] = frozenset(_bound_by(function))
    if name not in bound[function]:
        return False
    declared = (n for n in walk(function) if isinstance(n, ast.Global | ast.Nonlocal))
    return not any(name in node.names for node in declared)


@cached_while_alive
def _bound(source: Source) -> dict[Function, frozenset[str]]:
    """A cache of the names that functions of a file bind."""
    return {}


def _bound_by(function: Function) -> Iterator[str]:
    """The names that the body of a function binds in its scope."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield from _names_bound(node)
        if isinstance(node, _SCOPES):
            waiting += _around(node)
        elif isinstance(node, _COMPREHENSIONS):
            waiting.append(node.generators[0].iter)
        else:
            waiting += children(node)


def own_statements(scope: ast.Module | Function) -> Iterator[ast.stmt]:
    """The statements of a scope, including nested ones, but without those of other scopes."""
    waiting: list[ast.AST] = [*scope.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (*_SCOPES, ast.expr)):
            waiting += children(node)


def functions(source: Source) -> dict[tuple[str, int], Function]:
    """Every function of a file, by its dotted name and its number among those with that name."""
    found: dict[tuple[str, int], Function] = {}
    counts: dict[str, int] = {}
    waiting: list[tuple[str, ast.AST]] = [("", source.tree)]
    while waiting:
        prefix, node = waiting.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            name = prefix + node.name
            if not isinstance(node, ast.ClassDef):
                counts[name] = counts.get(name, 0) + 1
                found[name, counts[name]] = node
            prefix = f"{name}."
        below = [n for n in children(node) if not isinstance(n, ast.expr)]
        waiting += [(prefix, n) for n in reversed(below)]
    return found
