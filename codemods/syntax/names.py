"""The names of a file: what it reads, and what it binds anywhere."""

import ast
import functools
from typing import NamedTuple

from codemods.syntax.source import Source
from codemods.syntax.walk import walk


class Names(NamedTuple):
    """What a file reads and binds; `has_star` says that it may bind anything by an import."""

    read: frozenset[str]
    bound: frozenset[str]
    has_star: bool


@functools.lru_cache(maxsize=64)
def names_of(source: Source) -> Names:
    """The names of a file, whatever function or class they belong to."""
    read: set[str] = set()
    bound: set[str] = set()
    has_star = False
    for node in walk(source.tree):
        if isinstance(node, ast.Name):
            (bound if isinstance(node.ctx, ast.Store) else read).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.split(".")[0])
            has_star = has_star or node.name == "*"
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return Names(frozenset(read), frozenset(bound), has_star)
