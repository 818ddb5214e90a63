# SPDX-License-Identifier: Apache-2.0
"""The names of a file: those that it reads, and those that it binds anywhere."""

import ast
from typing import NamedTuple

from codemods.caches import cached_while_alive
from codemods.syntax.source import Source
from codemods.syntax.walk import walk


class FileNames(NamedTuple):
    """What a file reads and binds; `has_star` says that it imports `*`.

    `rebound` are the names that it binds other than by a single import; `imports` are its
    imports, and `attributes` pairs of a name and an attribute of it.
    """

    read: frozenset[str]
    bound: frozenset[str]
    rebound: frozenset[str]
    has_star: bool
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    attributes: frozenset[tuple[str, str]]


@cached_while_alive
def names_of(source: Source) -> FileNames:
    """The names of a file, whatever function or class they belong to."""
    read: set[str] = set()
    rebound: set[str] = set()
    imported: set[str] = set()
    imports: list[ast.Import | ast.ImportFrom] = []
    attributes: set[tuple[str, str]] = set()
    for node in walk(source.tree):
        if isinstance(node, ast.Name):
            (rebound if isinstance(node.ctx, ast.Store) else read).add(node.id)
        elif isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name):
                attributes.add((node.value.id, node.attr))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
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
    imports.sort(key=lambda node: (node.lineno, node.col_offset))
    return FileNames(
        frozenset(read),
        bound,
        frozenset(rebound),
        "*" in imported,
        tuple(imports),
        frozenset(attributes),
    )
