# SPDX-License-Identifier: Apache-2.0
"""The copies of a variable that attributes keep, to compare it with the next time."""

import ast
from collections.abc import Collection

from codemods.analysis.copy_calls import is_copy
from codemods.analysis.kept_values import class_around, class_of_self
from codemods.analysis.named_attributes import SETTING, family, setting_by_made_name
from codemods.analysis.project import Module
from codemods.analysis.survey import Survey
from codemods.discovery import mentions


def is_made_of(module: Module, value: ast.expr, names: Collection[str]) -> bool:
    """Whether a value is one of the variables, or a copy of one."""
    if isinstance(value, ast.Call) and is_copy(module, value) and len(value.args) == 1:
        value = value.args[0]
    return isinstance(value, ast.Name) and value.id in names


def stores(
    survey: Survey, module: Module, read: ast.Attribute
) -> list[tuple[Module, ast.Attribute]] | None:
    """Where the code may set the attribute that is read; None if that is not known.

    An attribute of that name on the `self` of an unrelated class is another one. If the
    class is known, files that were not analyzed are only searched if they name it, a
    relative, or the module of one.
    """
    name, own = read.attr, class_of_self(read, module)
    inference, project = survey.inference, survey.inference.project.aside()
    if own is None:
        owners, paths = None, inference.holders.naming(f".{name}".encode(), (b"",))
    else:
        classes = family(project, inference.holders, own.dotted)
        owners = {one.dotted for one in classes}
        words = {word for one in owners for word in inference.holders.words(one)}
        paths = inference.holders.naming(f".{name}".encode(), words)
    looked_at = {one.source.path: one for one in survey.code()}
    for path in paths:
        if path not in looked_at:
            loaded = project.load(path)
            if loaded is None:
                return None
            looked_at[path] = loaded
    found: list[tuple[Module, ast.Attribute]] = []
    for other in looked_at.values():
        for node in other.attributes(name) if name.encode() in other.source.text else ():
            owner = class_of_self(node, other)
            is_others = owner is not None and owners is not None and owner.dotted not in owners
            if isinstance(node.ctx, ast.Store) and not is_others:
                found.append((other, node))
    return found


def may_be_set_by_name(survey: Survey, module: Module, node: ast.expr) -> bool:
    """Whether an attribute may be set by a name that is computed at run time."""
    if not isinstance(node, ast.Attribute):
        return False
    found = stores(survey, module, node)
    if found is None or mentions(module.source.text, SETTING):
        return True
    inference = survey.inference
    project = inference.project.aside()
    owners = (class_around(place, where) for where, place in [(module, node), *found])
    return any(
        setting_by_made_name(project, inference.holders, dotted, node.attr)
        for dotted in {owner[0].dotted for owner in owners if owner is not None}
    )


def is_set_in_sight(survey: Survey, module: Module, node: ast.expr) -> bool:
    """Whether everything that an attribute is set to is known; True for other expressions."""
    if not isinstance(node, ast.Attribute):
        return True
    found = stores(survey, module, node)
    return found is not None and all(
        isinstance(statement := where.source.parent(target), ast.Assign)
        and (
            isinstance(statement.value, ast.Constant)
            or _is_empty(statement.value)
            or bool(survey.inference.contained(where, statement.value))
        )
        for where, target in found
    )


def are_kept_and_new(survey: Survey, module: Module, one: ast.expr, other: ast.expr) -> bool:
    """Whether one of two values is a variable, and the other what its function kept of it.

    The attribute must hold nothing else but empty values, and the variable be bound once:
    then both are of the same kind, whatever that is.
    """
    name, kept = (one, other) if isinstance(one, ast.Name) else (other, one)
    if not isinstance(name, ast.Name) or not isinstance(kept, ast.Attribute):
        return False
    function, found = module.function_around(name), stores(survey, module, kept)
    if function is None or not survey.inference.reaching(function).is_given_once(name.id):
        return False
    if not found:
        return False
    return all(
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
