# SPDX-License-Identifier: Apache-2.0
"""Find what a function may still read after one of its statements has failed."""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.project import Module

LOOPS = (ast.For, ast.AsyncFor, ast.While)
#: Statements that may catch an exception raised inside them.
_CATCHING = (ast.Try, getattr(ast, "TryStar", ast.Try), ast.With, ast.AsyncWith)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def around(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    """The ancestors of a node within the same function, innermost first."""
    for parent in module.source.parents(node):
        if isinstance(parent, _FUNCTIONS):
            return
        yield parent


def loops(module: Module, node: ast.AST) -> set[ast.AST]:
    """The loops around a node within the same function."""
    return {parent for parent in around(module, node) if isinstance(parent, LOOPS)}


def seen_when_failed(
    module: Module, statement: ast.stmt, uses: Iterable[ast.Name]
) -> Iterator[ast.Name]:
    """The uses of a name that may still be reached after the statement has failed."""
    uses, current = list(uses), statement
    for parent in around(module, statement):
        if isinstance(parent, _CATCHING):
            behind = module.source.end(_last_tried(parent, current))
            again = loops(module, parent)
            for use in uses:
                if module.source.start(use) >= behind or again & loops(module, use):
                    yield use
        if isinstance(parent, ast.stmt):
            current = parent


def _last_tried(node: ast.AST, inside: ast.stmt) -> ast.stmt:
    """The last statement of the block of a node that another statement is in."""
    for field in ("body", "orelse", "finalbody"):
        block: list[ast.stmt] = getattr(node, field, [])
        if inside in block:
            return block[-1]
    return inside
