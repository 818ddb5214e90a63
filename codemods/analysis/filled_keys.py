# SPDX-License-Identifier: Apache-2.0
"""Find where a file sets a key, in whatever dict."""

import ast

from codemods.syntax.source import Source, Unparsed
from codemods.syntax.walk import walk

_READING = frozenset(("get", "has_key", "pop", "obj_attr_is_set"))
_LOGGING = frozenset(
    ("audit", "critical", "debug", "error", "exception", "info", "log", "warn", "warning")
)


def line_that_fills(path: str, data: bytes, key: str) -> int | None:
    """The first line of a file that may set a key of a dict; None if there is none.

    Line 1 for a file that cannot be parsed.
    """
    try:
        source = Source(path, data)
    except Unparsed:
        return 1
    lines = [
        node.lineno
        for node in walk(source.tree)
        if isinstance(node, ast.Constant | ast.Call) and _fills(source, node, key)
    ]
    return min(lines, default=None)


def _fills(source: Source, node: ast.Constant | ast.Call, key: str) -> bool:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in ("dict", "update") and any(word.arg == key for word in node.keywords)
    if node.value != key:
        return False
    parent = source.parent(node)
    if isinstance(parent, ast.Subscript):
        return not isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Compare):
        return False
    if isinstance(parent, ast.Call):
        return getattr(parent.func, "attr", "") not in _READING
    return not (isinstance(parent, ast.Dict) and _is_shown(source, parent))


def _is_shown(source: Source, node: ast.Dict) -> bool:
    """Whether a dict only formats a string, or a log message."""
    parent = source.parent(node)
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.Mod) and parent.right is node
    return isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") in _LOGGING
