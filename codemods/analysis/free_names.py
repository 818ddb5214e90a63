# SPDX-License-Identifier: Apache-2.0
"""Find local names for an object that a function does not use yet."""

import ast
import itertools

from codemods.analysis.project import Module
from codemods.analysis.tree import OBJECTS, Tree


def variable_for(name: str) -> str:
    """The usual name of a variable that holds an object: compute_node for ComputeNode."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def free_name(module: Module, tree: Tree, node: ast.AST, object_name: str) -> str:
    """A local name for the object that the function around `node` does not use yet."""
    taken = _taken(module, tree, node)
    name = variable_for(object_name)
    for candidate in (name, f"{name}_obj", f"db_{name}"):
        if candidate not in taken:
            return candidate
    return f"new_{name}"


def first_free(module: Module, tree: Tree, node: ast.AST, name: str) -> str:
    """The name, numbered if the function around `node` uses it already."""
    taken = _taken(module, tree, node)
    numbered = (f"{name}_{number}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _taken(module: Module, tree: Tree, node: ast.AST) -> set[str]:
    """The names that the function around `node` uses, and those of the imports."""
    function = module.function_around(node)
    taken = set(function.parameters) if function is not None else set()
    if function is not None:
        taken |= {n.id for n in ast.walk(function.node) if isinstance(n, ast.Name)}
    taken |= set(module.imports)
    # and the names under which objects will be imported
    return taken | {tree.spelling(one)[0].partition(".")[0] for one in OBJECTS}


def names_used(module: Module, first: ast.stmt, last: ast.stmt, target: ast.Name) -> set[str]:
    """The names that are read or bound from one statement to another, except for `target`."""
    start, end = module.source.start(first), module.source.end(last)
    return {
        node.id
        for node in module.all(ast.Name)
        if node is not target and start <= module.source.start(node) < end
    }
