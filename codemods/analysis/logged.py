# SPDX-License-Identifier: Apache-2.0
"""Which expressions are used only in log messages."""

import ast
import re

from codemods.syntax.source import Source

_LOGGERS = frozenset(("LOG", "LOGGER", "log", "logger", "logging"))
_LEVELS = frozenset(("audit", "critical", "debug", "error", "exception", "info", "log", "warn"))
_LEVELS |= {"warning"}
#: The translation functions.
_TRANSLATING = frozenset(("_", "_LC", "_LE", "_LI", "_LW"))
_KEYS = re.compile(r"%\((\w+)\)")


def is_logger(func: ast.expr) -> bool:
    """Whether `func` is a method of a logger that logs a message."""
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    owner = func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return name in _LOGGERS


def is_logged(source: Source, node: ast.expr) -> bool:
    """Whether an expression is only used in the arguments of a logging call."""
    for parent in source.parents(node):
        if isinstance(parent, ast.Call):
            if is_logger(parent.func):
                return not _is_filled_from(parent, node)
            if getattr(parent.func, "id", "") not in _TRANSLATING:
                return False
        elif not isinstance(parent, ast.BinOp | ast.Dict | ast.Tuple | ast.keyword):
            return False
    return False


def _is_filled_from(call: ast.Call, node: ast.expr) -> bool:
    """Whether a logger may look up keys in the row: `LOG.info('%(host)s', row)`."""
    # the first argument of `log` is the level
    first = int(isinstance(call.func, ast.Attribute) and call.func.attr == "log")
    if len(call.args) != first + 2 or call.args[-1] is not node:
        return False
    text = call.args[first]
    if isinstance(text, ast.Call) and getattr(text.func, "id", "") in _TRANSLATING and text.args:
        text = text.args[0]
    return not isinstance(text, ast.Constant) or bool(_KEYS.search(str(text.value)))


def filled_keys(node: ast.BinOp) -> list[str]:
    """The keys that a literal format string looks up in a dict: `'%(host)s' % row`."""
    text = node.left.value if isinstance(node.left, ast.Constant) else None
    is_filled = isinstance(node.op, ast.Mod) and isinstance(text, str)
    return _KEYS.findall(str(text)) if is_filled else []
