# SPDX-License-Identifier: Apache-2.0
"""Find an `__init__` that does nothing but set handles, so that it can go with them."""

import ast
from collections.abc import Collection

from codemods.analysis.project import Class, Module


def whole_init(
    module: Module, node: ast.Assign, handles: Collection[ast.AST]
) -> ast.FunctionDef | None:
    """The __init__ around a statement, if it only sets handles and is not needed otherwise.

    Its class has no base but `object`; it has no parameters, decorators or comments.
    """
    function = module.function_around(node)
    if function is None or not function.name.endswith(".__init__"):
        return None
    if not isinstance(function.node, ast.FunctionDef) or function.owner is None:
        return None
    bases, source = function.owner.bases, module.source
    is_plain = not bases[1:] and all(base.endswith("object") for base in bases)
    is_all = all(one in handles or _is_docstring(one) for one in function.node.body)
    takes_more = function.parameters or function.node.args.vararg or function.node.args.kwarg
    if not is_plain or not is_all or takes_more or function.node.decorator_list:
        return None
    first, last = source.line_at(source.start(function.node)), function.node.end_lineno or 0
    above, below = source.line_text(first - 1), source.line_text(last + 1)
    is_told = above.lstrip().startswith("#") or _is_deeper(below, source.line_text(first))
    is_told = is_told or bool(source.comments(*source.span(function.node)))
    return None if is_told else function.node


def counts_on_init(heir: Class) -> bool:
    """Whether a subclass may call a base's __init__ by name, or would inherit another one."""
    return len(heir.node.bases) > 1 or b"__init__" in heir.module.source.text


def _is_deeper(line: str, other: str) -> bool:
    """Whether a line is a comment that is indented deeper than another line."""
    indents = [len(one) - len(one.lstrip()) for one in (line, other)]
    return line.lstrip().startswith("#") and indents[0] > indents[1]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
