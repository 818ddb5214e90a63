# SPDX-License-Identifier: Apache-2.0
"""What attributes keep of a variable, to compare it with the next time."""

import ast
from collections.abc import Collection, Iterator

from codemods.analysis.copy_calls import is_copy
from codemods.analysis.kept_values import class_around
from codemods.analysis.named_attributes import SETTING, setting_by_made_name
from codemods.analysis.project import Module
from codemods.analysis.survey import Survey
from codemods.discovery import mentions


def is_made_of(module: Module, value: ast.expr, names: Collection[str]) -> bool:
    """Whether a value is one of the variables, or a copy of it."""
    if isinstance(value, ast.Call) and is_copy(module, value) and len(value.args) == 1:
        value = value.args[0]
    return isinstance(value, ast.Name) and value.id in names


def stores(survey: Survey, name: str) -> Iterator[tuple[Module, ast.Attribute]]:
    """Where the code sets an attribute of that name."""
    for module in survey.code():
        if name.encode() in module.source.text:
            for node in module.attributes(name):
                if isinstance(node.ctx, ast.Store):
                    yield module, node


def may_be_set_by_name(survey: Survey, module: Module, node: ast.expr) -> bool:
    """Whether an attribute may get its value by a name that is made at run time."""
    if not isinstance(node, ast.Attribute):
        return False
    if mentions(module.source.text, SETTING):
        return True
    inference, places = survey.inference, [(module, node), *stores(survey, node.attr)]
    project = inference.project.aside()
    owners = (class_around(place, where) for where, place in places)
    return any(
        setting_by_made_name(project, inference.holders, dotted, node.attr)
        for dotted in {owner[0].dotted for owner in owners if owner is not None}
    )


def are_kept_and_new(survey: Survey, module: Module, one: ast.expr, other: ast.expr) -> bool:
    """Whether one of two values is a variable, and the other what its function kept of it.

    The attribute has nothing else but what is empty, and the variable one value: they are of
    one kind, whatever that is.
    """
    name, kept = (one, other) if isinstance(one, ast.Name) else (other, one)
    if not isinstance(name, ast.Name) or not isinstance(kept, ast.Attribute):
        return False
    function, found = module.function_around(name), [*stores(survey, kept.attr)]
    if function is None or not survey.inference.reaching(function).is_given_once(name.id):
        return False
    return bool(found) and all(
        isinstance(statement := where.source.parent(target), ast.Assign)
        and (
            _is_empty(statement.value)
            or (
                where is module
                and module.function_around(statement) is function
                and is_made_of(module, statement.value, (name.id,))
            )
        )
        for where, target in found
    )


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return not node.keys
    return isinstance(node, ast.Constant) and node.value is None
