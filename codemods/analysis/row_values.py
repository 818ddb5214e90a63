# SPDX-License-Identifier: Apache-2.0
"""Where the values of a new or changed row come from: the literal dict that a call is given."""

import ast
import dataclasses

from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.evaluation import is_same_later
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree


@dataclasses.dataclass(frozen=True)
class LiteralValues:
    """A dict with literal keys that is built in one block and used nowhere else.

    `pairs` are the keys with their values; `statements` is what creates the
    dict, to be replaced, empty if the dict is in the call itself; `stores` are
    the statements that add a key, each with the key and the value.
    """

    pairs: tuple[tuple[str, ast.expr], ...]
    statements: tuple[ast.stmt, ...]
    stores: tuple[tuple[ast.stmt, str, ast.expr], ...] = ()


def literal_values(
    module: Module, tree: Tree, node: ast.expr, object_name: str, copied: bool = False
) -> LiteralValues | None:
    """The literal dict that `node` is or names; None if it is anything else.

    Every key must be a field of the tree's object, and no value a dict that
    the object would change, unless it will be `copied`.
    """
    if isinstance(node, ast.Dict | ast.Call):
        pairs = _pairs(module, node)
        return checked(tree, object_name, LiteralValues(pairs, ()), copied) if pairs else None
    if not isinstance(node, ast.Name):
        return None
    function = module.function_around(node)
    if function is None or isinstance(function.node, ast.Lambda):
        return None
    uses = [n for n in ast.walk(function.node) if isinstance(n, ast.Name) and n.id == node.id]
    bound = [n for n in uses if isinstance(n.ctx, ast.Store)]
    if len(bound) != 1 or node.id in function.parameters:
        return None
    statement = module.source.statement(bound[0])
    call = module.source.statement(node)
    if not isinstance(statement, ast.Assign):
        return None
    block = module.source.block(call)
    if len(statement.targets) != 1 or not _runs_once_before(module, statement, call):
        return None
    stores = []
    for use in uses:
        if use is bound[0] or use is node:
            continue
        store = _store(module, use)
        if store is None or store[0] not in block or block.index(store[0]) > block.index(call):
            return None
        stores.append(store)
    stores.sort(key=lambda store: module.source.start(store[0]))
    pairs = _pairs(module, statement.value)
    if pairs is None or (stores and pairs):
        return None
    return checked(tree, object_name, LiteralValues(pairs, (statement,), tuple(stores)), copied)


def _runs_once_before(module: Module, statement: ast.stmt, call: ast.stmt) -> bool:
    """Whether `statement` runs once before each time that `call` may run."""
    block, current = module.source.block(statement), call
    while current not in block:
        parent = module.source.parent(current)
        if not isinstance(parent, ast.Try | ast.With | ast.If):
            return False
        current = parent
    return block.index(statement) < block.index(current)


def _pairs(module: Module, node: ast.expr) -> tuple[tuple[str, ast.expr], ...] | None:
    """The keys and values of `{...}` or `dict(key=...)`; None if a key is not literal."""
    found = []
    if is_made_dict(node, module):
        words = [(word.arg, word.value) for word in node.keywords if word.arg is not None]
        is_literal = not node.args and len(words) == len(node.keywords)
        return tuple(words) if is_literal else None
    if not isinstance(node, ast.Dict):
        return None
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found.append((key.value, value))
    return tuple(found)


def _store(module: Module, use: ast.Name) -> tuple[ast.stmt, str, ast.expr] | None:
    """The statement `use[key] = value`, with the key and the value."""
    subscript = module.source.parent(use)
    statement = module.source.statement(use)
    if not isinstance(subscript, ast.Subscript) or not isinstance(statement, ast.Assign):
        return None
    if statement.targets != [subscript] or not isinstance(subscript.slice, ast.Constant):
        return None
    return statement, str(subscript.slice.value), statement.value


def checked(
    tree: Tree, object_name: str, values: LiteralValues, copied: bool = False
) -> LiteralValues | None:
    """The values; None if a key is not a field, or a value is a dict that would be changed."""
    pairs = [*values.pairs, *((key, value) for _, key, value in values.stores)]
    for key, value in pairs:
        field = tree.field_type(object_name, key)
        if not field or (field.is_dict and not copied and not isinstance(value, ast.Dict)):
            return None
    return values


def is_unchanged(module: Module, values: LiteralValues, call: ast.stmt) -> bool:
    """Whether the values are the same at the call as where the dict was built."""
    if not values.statements:
        return True
    stores = [store for store, _, _ in values.stores]
    return all(
        _is_value_unchanged(module, value, statement, call, stores)
        for statement, value in (
            *((values.statements[0], value) for _, value in values.pairs),
            *((store, value) for store, _, value in values.stores),
        )
    )


def _is_value_unchanged(
    module: Module, value: ast.expr, statement: ast.stmt, call: ast.stmt, stores: list[ast.stmt]
) -> bool:
    block = module.source.block(call)
    if statement in block:
        between = block[block.index(statement) + 1 : block.index(call)]
        if all(one in stores for one in between):
            return True
    # the statements in between may change other objects and call functions
    start, end = module.source.start(statement), module.source.end(call)
    return is_same_later(module, value, start, end)
