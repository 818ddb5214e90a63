# SPDX-License-Identifier: Apache-2.0
"""The methods of the tree's own conductor, which we read but never follow rows into."""

import ast
from collections.abc import Mapping

from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.syntax.source import Source, Unparsed


@cached_for_run
def conductor_methods(tree: Tree, module: str, owner: str) -> Mapping[str, ast.FunctionDef]:
    """The methods of a class, by name; empty if the file is missing or cannot be parsed."""
    path = f"{tree.package}/conductor/{module}.py"
    try:
        source = Source(path, tree.project.files.get(path, b""))
    except Unparsed:
        return {}
    return {
        node.name: node
        for found in source.tree.body
        if isinstance(found, ast.ClassDef) and found.name == owner
        for node in found.body
        if isinstance(node, ast.FunctionDef)
    }
