"""Check a rewritten file before anybody sees it."""

import ast
import builtins
import functools

from codemods.syntax.source import Source, Unparsed, reparsed
from codemods.syntax.walk import walk

_BUILTINS = frozenset(dir(builtins)) | {
    "basestring",
    "buffer",
    "cmp",
    "execfile",
    "file",
    "intern",
    "long",
    "raw_input",
    "reduce",
    "reload",
    "unichr",
    "unicode",
    "xrange",
    "__file__",
    "__name__",
    "__path__",
}


class Unsound(Exception):
    """The rewritten file is not what it should be; says why."""


def verify(before: Source, after: bytes) -> Source:
    """Return the rewritten file parsed; raises `Unsound`.

    It must parse, and read no name that it does not bind unless it did so
    before.
    """
    try:
        source = reparsed(after)
    except Unparsed as error:
        raise Unsound(f"the rewritten file does not parse: {error}") from None
    unbound = _unbound(source)
    unbound = unbound - _unbound(before) if unbound else unbound
    if unbound:
        raise Unsound(f"the rewritten file uses a name that nothing binds: {min(unbound)}")
    return source


@functools.lru_cache(maxsize=64)
def _unbound(source: Source) -> frozenset[str]:
    read: set[str] = set()
    bound: set[str] = set(_BUILTINS)
    for node in walk(source.tree):
        if isinstance(node, ast.Name):
            (bound if isinstance(node.ctx, ast.Store) else read).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.split(".")[0])
            if node.name == "*":
                return frozenset()
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return frozenset(read - bound)
