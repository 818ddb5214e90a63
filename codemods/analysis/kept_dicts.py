# SPDX-License-Identifier: Apache-2.0
"""The dicts that unit tests put where the code under test now keeps an object."""

import ast
from collections.abc import Iterator, Mapping

from codemods.analysis.copy_calls import is_copy
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.values import becomes_object
from codemods.model import ITEM_OF_OBJECT, Item


def attributes_of_objects(inference: Inference, done: frozenset[Item]) -> dict[str, str]:
    """The attributes in which the code keeps an object, each with the object's name."""
    found = {}
    for (kind, owner, name), values in inference.slots.items():
        if kind != "attr" or inference.is_test_name(owner):
            continue
        for value in values:
            is_row = value.kind == "row" and value.name in ITEM_OF_OBJECT
            if is_row and becomes_object(value, done):
                found[name] = value.name
    return found


def kept_dicts(
    module: Module, attributes: Mapping[str, str]
) -> Iterator[tuple[ast.Attribute, str, ast.expr]]:
    """Where a file sets such an attribute to a dict.

    Each with the object's name, and with the expression that contains the dict.
    """
    for node in module.all(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in attributes:
                if (found := _dict_of(module, node.value)) is not None:
                    yield target, attributes[target.attr], found


def _dict_of(module: Module, value: ast.expr, depth: int = 0) -> ast.expr | None:
    """The expression a dict comes from: a literal, also by way of copies and constants."""
    if depth > 4:
        return None
    if isinstance(value, ast.Dict):
        return value
    if isinstance(value, ast.Call):
        if is_copy(module, value) and len(value.args) == 1:
            return _dict_of(module, value.args[0], depth + 1)
        return value if is_made_dict(value, module) else None
    if isinstance(value, ast.Subscript):
        kept = _kept(module, value.value)
        elements = kept.elts if isinstance(kept, ast.List | ast.Tuple) else []
        elements = kept.values if isinstance(kept, ast.Dict) else elements
        is_kept = bool(elements) and all(isinstance(one, ast.Dict) for one in elements)
        return kept if is_kept else None
    kept = _kept(module, value)
    return kept if isinstance(kept, ast.Dict) else None


def _kept(module: Module, node: ast.expr) -> ast.expr | None:
    """The value of a name that is bound at the file's top level."""
    if not isinstance(node, ast.Name):
        return None
    for statement in module.source.tree.body:
        if isinstance(statement, ast.Assign):
            names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
            if node.id in names:
                return statement.value
    return None
