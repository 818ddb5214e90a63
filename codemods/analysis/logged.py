# SPDX-License-Identifier: Apache-2.0
"""What no more than a line of the log is made of."""

import ast

_LOGGERS = frozenset(("LOG", "LOGGER", "log", "logger", "logging"))
_LEVELS = frozenset(("audit", "critical", "debug", "error", "exception", "info", "log", "warn"))
_LEVELS |= {"warning"}
#: What translates a text.
TRANSLATING = frozenset(("_", "_LC", "_LE", "_LI", "_LW"))


def is_logger(func: ast.expr) -> bool:
    """Whether a logger is called, which makes no more than a line of text."""
    if not isinstance(func, ast.Attribute) or func.attr not in _LEVELS:
        return False
    owner = func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return name in _LOGGERS
