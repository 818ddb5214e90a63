# SPDX-License-Identifier: Apache-2.0
"""Find where unit tests compare a compute node with a row, or loop over its fields."""

import ast

from codemods.analysis.facts import Span
from codemods.analysis.local_names import around, only_value
from codemods.analysis.project import Class, Function, Module, Project

_TESTED = "ComputeNode"


def node_comparisons(module: Module, project: Project) -> dict[Span, bool]:
    """The calls of compare_obj(), and the `node.fields` that are looped over.

    True if the call certainly takes `allow_missing`; for a loop, if it compares what
    certainly may be a compute node with a row. Loops over other objects are left out.
    """
    if b"fake_compute_node" not in module.source.text:
        return {}
    span = module.source.span
    found = {span(call): _takes(module, project, call) for call in module.calls_of("compare_obj")}
    for loop in module.all(ast.For):
        fields = loop.iter
        if isinstance(fields, ast.Attribute) and isinstance(fields.value, ast.Name):
            is_node = _is_node(module, fields.value)
            if fields.attr == "fields" and is_node is not False:
                found[span(fields)] = is_node is True and _compares(loop, fields.value.id)
    return found


def _takes(module: Module, project: Project, call: ast.Call) -> bool:
    """Whether a compare_obj() is that of nova's tests, as a method or as a function."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return False
    for function in around(module.function_around(call)):
        if owner.id == function.receiver and function.owner is not None:
            return _allows(project.method(function.owner, "compare_obj"))
        if owner.id in function.all_parameters:
            # a test that is handed on
            methods = (one.methods.get("compare_obj") for one in module.classes.values())
            return all(map(_allows, methods))
        if owner.id in function.local_names:
            return False
    compared = project.find(module.dotted_name(call.func))
    return owner.id in module.imports and (compared is None or _allows(compared))


def _allows(compared: Function | Class | Module | None) -> bool:
    """Whether a function takes `allow_missing`; True for one that the tree does not have."""
    if compared is None:
        return True
    return isinstance(compared, Function) and "allow_missing" in compared.all_parameters


def _is_node(module: Module, name: ast.Name) -> bool | None:
    """Whether a name may hold a compute node, judging by the class; None if that is not known."""
    function = module.function_around(name)
    value = only_value(function, name) if function is not None else name
    if isinstance(value, ast.Name):
        given = (one.all_parameters - {one.receiver} for one in around(function))
        return True if any(name.id in names for names in given) else None
    dotted = module.dotted_name(value.func) if isinstance(value, ast.Call) else ""
    classes = [part for part in dotted.split(".") if part[:1].isupper()]
    return _TESTED in classes if classes else None


def _compares(loop: ast.For, owner: str) -> bool:
    """Whether a loop looks up its key in anything but the object, which is called `owner`."""
    key = loop.target.id if isinstance(loop.target, ast.Name) else ""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Name)
        and node.slice.id == key
        and not (isinstance(node.value, ast.Name) and node.value.id == owner)
        for statement in loop.body
        for node in ast.walk(statement)
    )
