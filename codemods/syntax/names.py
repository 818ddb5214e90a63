# SPDX-License-Identifier: Apache-2.0
"""The names of a file: what it reads, and what it binds anywhere."""

import ast
from typing import NamedTuple

from codemods.caches import cached_for_run
from codemods.syntax.source import Source
from codemods.syntax.walk import walk


class Names(NamedTuple):
    """What a file reads and binds; `has_star` says that it may bind anything by an import.

    `rebound` is what it binds by anything else than one import.
    """

    read: frozenset[str]
    bound: frozenset[str]
    rebound: frozenset[str]
    has_star: bool


@cached_for_run
def names_of(source: Source) -> Names:
    """The names of a file, whatever function or class they belong to."""
    read: set[str] = set()
    rebound: set[str] = set()
    imported: set[str] = set()
    for node in walk(source.tree):
        if isinstance(node, ast.Name):
            (rebound if isinstance(node.ctx, ast.Store) else read).add(node.id)
        elif isinstance(node, ast.arg):
            rebound.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            rebound.add(node.name)
        elif isinstance(node, ast.alias):
            name = node.asname or node.name.split(".")[0]
            (rebound if name in imported else imported).add(name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            rebound.add(node.name)
    bound = frozenset(rebound | imported)
    return Names(frozenset(read), bound, frozenset(rebound), "*" in imported)
