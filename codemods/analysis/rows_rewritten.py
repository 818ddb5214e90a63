# SPDX-License-Identifier: Apache-2.0
"""Whether the code stores a row before it reads one of the same kind from within another row.

The conductor's row has what was there when it was read; an object queries the
row within it only when that is read.
"""

import ast
from collections.abc import Iterator, Set

from codemods.analysis.failing import LOOPS
from codemods.analysis.inference import Inference
from codemods.analysis.project import Function, Module
from codemods.analysis.stays import Place
from codemods.mappings import conductor_calls
from codemods.syntax.walk import walk

_WRITING = frozenset(("create", "update", "destroy"))
#: How many functions deep a call is followed.
_LONGEST_WAY = 3


def is_stored_before(
    module: Module, inference: Inference, read: ast.expr, name: str, given: Set[Place]
) -> bool:
    """Whether rows of the object `name` may be stored between the return of the row and `read`.

    `given` are the calls that returned the row.
    """
    function = module.function_around(read)
    if function is None:
        return False
    source = module.source
    around = _rounds(module, read)
    lines = [line for path, line in given if path == source.path and _has(function, line)]
    start = max(lines, default=0)
    for call in walk(function.node):
        if not isinstance(call, ast.Call) or call in source.parents(read):
            continue
        again = {loop for loop in _rounds(module, call) & around if not _has_any(loop, lines)}
        is_between = start < call.lineno and source.start(call) < source.start(read)
        if (is_between or again) and _stores(inference, call, name, _LONGEST_WAY):
            return True
    return False


def _stores(inference: Inference, call: ast.Call, name: str, way: int) -> bool:
    """Whether a call stores rows of the object, directly or not."""
    known = conductor_calls()
    for value in inference.targets.get(call, {}):
        stored = known.get(value.name) if value.kind == "method" else None
        if stored is not None and stored.object == name and stored.kind in _WRITING:
            return True
        function = inference.function(value.name) if value.kind == "function" else None
        if function is not None and way:
            inner = (one for one in walk(function.node) if isinstance(one, ast.Call))
            if any(_stores(inference, one, name, way - 1) for one in inner):
                return True
    return False


def _rounds(module: Module, node: ast.expr) -> set[ast.AST]:
    """The loops of the function that evaluate a node in each iteration."""
    return set(_around(module, node))


def _around(module: Module, node: ast.expr) -> Iterator[ast.AST]:
    inner: ast.AST = node
    for parent in module.source.parents(node):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if isinstance(parent, LOOPS) and inner is not getattr(parent, "iter", None):
            yield parent
        inner = parent


def _has(function: Function, line: int) -> bool:
    return function.node.lineno <= line <= (function.node.end_lineno or 0)


def _has_any(loop: ast.AST, lines: list[int]) -> bool:
    first, last = getattr(loop, "lineno", 0), getattr(loop, "end_lineno", 0)
    return any(first <= line <= last for line in lines)
