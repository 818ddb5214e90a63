# SPDX-License-Identifier: Apache-2.0
"""Whether the tree's objects offer what a call of the conductor would be rewritten to."""

import ast

from codemods.analysis.additions import additions_of
from codemods.analysis.columns import columns_in
from codemods.analysis.declarations import class_of
from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Function
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.mappings import ConductorCall

#: The object method for each kind of call.
_METHODS = {"create": "create", "update": "save", "destroy": "destroy"}


@cached_for_run
def missing_piece(call: ConductorCall, tree: Tree) -> str:
    """What the tree's objects lack to replace a call; "" if they lack nothing."""
    found = tree.object(call.object)
    if found is None:
        barrier = additions_of(tree).lacks_for(call.object)
        return f"{call.object}, and to add it {barrier}" if barrier else call.object
    if unregistered := additions_of(tree).unregistrable(found.module):
        return unregistered
    if call.kind in ("get", "list"):
        return _missing_getter(call, tree)
    method = _METHODS[call.kind]
    if method not in found.methods:
        return f"{call.object}.{method}"
    if call.object == "ComputeNode" and call.kind in ("create", "update"):
        return columns_in(tree).barrier
    return ""


@cached_for_run
def differing_piece(call: ConductorCall, tree: Tree) -> str:
    """What of an object that the tree has does not do as the call does; "" if all does."""
    found = tree.object(call.object)
    if found is None:
        return ""
    if call.object == "ComputeNode" and call.kind in ("create", "update"):
        return columns_in(tree).difference
    if call.object == "Instance" and call.kind == "update":
        if not _tells(tree, found):
            return "Instance.save() does not notify of every update"
        if _tells_of_itself(tree, found):
            return (
                "Instance.save() notifies of the object, which is only partly set, instead of "
                "the whole row"
            )
    return ""


def _missing_getter(call: ConductorCall, tree: Tree) -> str:
    if call.call is None or not tree.has(call.call):
        return str(call.call)
    name, _, method = call.call.partition(".")
    found = tree.object(name)
    assert found is not None
    owner = class_of(tree, found)
    getter = owner.methods.get(method) if owner is not None else None
    if getter is not None and not _takes(getter, len(call.arguments)):
        return f"{call.call}({', '.join(call.arguments)})"
    return ""


def _takes(getter: Function, count: int) -> bool:
    """Whether a method can be called with `count` positional arguments."""
    args = getter.node.args
    most = len(args.posonlyargs) + len(args.args) - 1
    return most - len(args.defaults) <= count and (count <= most or args.vararg is not None)


def _tells(tree: Tree, found: ObjectClass) -> bool:
    """Whether save() sends a notification whatever has changed."""
    owner = class_of(tree, found)
    save = owner.methods.get("save") if owner is not None else None
    if save is None:
        return True
    for node in ast.walk(save.node):
        is_asked = isinstance(node, ast.If) and "vm_state" in ast.unparse(node.test)
        if is_asked and "send_update" in ast.unparse(node):
            return False
    return True


def _tells_of_itself(tree: Tree, found: ObjectClass) -> bool:
    """Whether save() notifies with a copy of its object, of which only some fields may be set."""
    owner = class_of(tree, found)
    save = owner.methods.get("save") if owner is not None else None
    if save is None:
        return False
    copies = {
        target.id
        for node in ast.walk(save.node)
        if isinstance(node, ast.Assign) and "obj_clone" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "send_update"
        and any(isinstance(one, ast.Name) and one.id in copies for one in node.args[2:])
        for node in ast.walk(save.node)
    )
