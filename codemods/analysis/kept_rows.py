# SPDX-License-Identifier: Apache-2.0
"""What lets the tree's compute nodes keep what virt drivers report, down to the column.

A row is passed to the conductor's dict API, so it does not depend on the fields
or the version of the object that another conductor has.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.declarations import class_of
from codemods.analysis.project import Class, Function
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run

#: The module that is added to the tree's objects.
MODULE = "compute_node_rows"

#: Its base class for compute nodes.
KEEPING = "KeptColumns"

#: The methods of a compute node that write its row, with the DB API functions they call.
WRITTEN = {"create": "compute_node_create", "save": "compute_node_update"}

#: The methods of the conductor that the module calls.
_ASKED = (*WRITTEN.values(), "service_get_all_by")


def keeps_rows(tree: Tree) -> bool:
    """Whether the compute node of the tree has that base already."""
    found = class_of(tree, tree.object("ComputeNode"))
    return found is not None and any(base.endswith(f".{KEEPING}") for base in found.bases)


def rows_barrier(tree: Tree) -> str:
    """What the added module needs and the tree lacks; "" if nothing.

    If the conductor's file is missing, its methods count as present.
    """
    rpcapi = f"{tree.package}/conductor/rpcapi.py"
    for name in _ASKED:
        if f"def {name}(".encode() not in tree.project.files.get(rpcapi, f"def {name}(".encode()):
            return f"{tree.package}.conductor.rpcapi.ConductorAPI.{name}()"
    return ""


def writers_barrier(tree: Tree) -> str:
    """What the compute node's own methods lack to pass their rows on; "" if nothing."""
    found = class_of(tree, tree.object("ComputeNode"))
    if found is None:
        return ""
    for name, function in WRITTEN.items():
        method = found.methods.get(name)
        if method is None:
            continue
        if decorator_of(method) is None:
            return f"ComputeNode.{name}() that is a remotable"
        if method.parameters[:1] != ["context"] or not any(calling(method, function)):
            return f"ComputeNode.{name}() that calls {function}() with a context"
        if not _asks_changes(found, method):
            # values that are not fields would never be asked for
            return f"ComputeNode.{name}() that asks obj_get_changes()"
    return ""


def _asks_changes(owner: Class, method: Function) -> bool:
    """Whether a method calls obj_get_changes(), or a method of its class that does."""
    called = [one for name, one in owner.methods.items() if any(calling(method, name))]
    return any(any(calling(one, "obj_get_changes")) for one in (method, *called))


def decorator_of(method: Function) -> ast.expr | None:
    """`base.remotable` among the decorators of a method; None if it is not there."""
    decorators = method.node.decorator_list if isinstance(method.node, ast.FunctionDef) else []
    for one in decorators:
        if isinstance(one, ast.Attribute) and one.attr == "remotable":
            return one
    return None


def calling(method: Function, function: str) -> Iterator[ast.stmt]:
    """The statements that call a function of that name, as in `db.compute_node_create(...)`."""
    for node in ast.walk(method.node):
        if isinstance(node, ast.Assign | ast.Expr | ast.Return):
            if any(_is_call(one, function) for one in ast.walk(node)):
                yield node


def _is_call(node: ast.AST, function: str) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
        return False
    return func.attr == function


@cached_for_run
def library(tree: Tree, name: str) -> str:
    """The import of `jsonutils` or `timeutils` as in the tree's compute node, else as in Juno."""
    found = tree.object("ComputeNode")
    module = tree.project.load(found.path) if found is not None else None
    dotted = module.imports.get(name, "") if module is not None else ""
    package = dotted.rpartition(".")[0] or f"{tree.package}.openstack.common"
    return f"from {package} import {name}"
