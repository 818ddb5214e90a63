# SPDX-License-Identifier: Apache-2.0
"""How a versioned object declares its parts, so that more can be declared in the same way."""

import ast

from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Class, Function
from codemods.analysis.tree import Tree


def class_of(tree: Tree, found: ObjectClass | None) -> Class | None:
    """The class of an object in its file."""
    module = tree.project.load(found.path) if found is not None else None
    return module.classes.get(found.name) if module is not None and found is not None else None


def statement(found: Class, name: str) -> ast.Assign | None:
    """The only statement `name = ...` of a class; None if there is none, or more than one."""
    given = [
        node
        for node in found.node.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return given[0] if len(given) == 1 and len(given[0].targets) == 1 else None


def dict_statement(found: Class, name: str) -> ast.Assign | None:
    """`name = {...}`."""
    given = statement(found, name)
    return given if given is not None and isinstance(given.value, ast.Dict) else None


def constants(found: Class) -> frozenset[str]:
    """The strings in a class."""
    return frozenset(
        node.value
        for node in ast.walk(found.node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def copying_loop(method: Function | None) -> ast.For | None:
    """The loop in which `_from_db_object` copies every field of a row; None for any other way.

    That is `for key in node.fields: node[key] = row[key]`, with the names of the
    method's parameters.
    """
    if method is None or not method.is_static or len(method.parameters) != 3:
        return None
    loops = [node for node in ast.walk(method.node) if isinstance(node, ast.For)]
    _, node, row = method.parameters
    if len(loops) != 1 or len(loops[0].body) != 1 or not isinstance(loops[0].target, ast.Name):
        return None
    key = loops[0].target.id
    iterated, copied = f"{node}.fields", f"{node}[{key}] = {row}[{key}]"
    same = ast.unparse(loops[0].iter) == iterated and ast.unparse(loops[0].body[0]) == copied
    return loops[0] if same else None


def copies_fields(method: Function | None) -> bool:
    """Whether `_from_db_object` uses the declared fields, or calls a method of that name.

    True also without such a method: the base's is used.
    """
    if method is None:
        return True
    return any(
        isinstance(one, ast.Attribute)
        and (
            one.attr == "_from_db_object"
            or (one.attr == "fields" and ast.unparse(one.value) in _names(method))
        )
        for one in ast.walk(method.node)
    )


def _names(method: Function) -> list[str]:
    return [*method.parameters, method.receiver]
