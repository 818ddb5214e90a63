"""Where the values of a new or changed row come from; shared by the rules that write rows."""

import ast
import dataclasses

from codemods.rules.base import FileContext


@dataclasses.dataclass(frozen=True)
class LiteralValues:
    """A dict of literal keys that is built in one block and used nowhere else.

    `pairs` are the keys with the expressions; `statements` what built it, to
    be replaced; empty when the dict stands in the call itself.
    """

    pairs: tuple[tuple[str, ast.expr], ...]
    statements: tuple[ast.stmt, ...]
    stores: tuple[tuple[ast.stmt, str, ast.expr], ...] = ()


def literal_values(context: FileContext, node: ast.expr, object_name: str) -> LiteralValues | None:
    """The literal dict behind `node`; None where it is anything else.

    Every key must be a field that the tree's object has.
    """
    if isinstance(node, ast.Dict):
        pairs = _pairs(node)
        return _checked(context, object_name, LiteralValues(pairs, ())) if pairs else None
    if not isinstance(node, ast.Name):
        return None
    function = context.function(node)
    if function is None or isinstance(function.node, ast.Lambda):
        return None
    uses = [n for n in ast.walk(function.node) if isinstance(n, ast.Name) and n.id == node.id]
    bound = [n for n in uses if isinstance(n.ctx, ast.Store)]
    if len(bound) != 1 or node.id in function.parameters:
        return None
    statement = context.source.statement(bound[0])
    call = context.source.statement(node)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Dict):
        return None
    block = context.source.block(call)
    if len(statement.targets) != 1 or not _runs_once_before(context, statement, call):
        return None
    stores = []
    for use in uses:
        if use is bound[0] or use is node:
            continue
        store = _store(context, use)
        if store is None or store[0] not in block:
            return None
        stores.append(store)
    pairs = _pairs(statement.value)
    if pairs is None or (stores and pairs):
        return None
    return _checked(context, object_name, LiteralValues(pairs, (statement,), tuple(stores)))


def _runs_once_before(context: FileContext, statement: ast.stmt, call: ast.stmt) -> bool:
    """Whether `statement` runs once for each time that `call` may run."""
    block, current = context.source.block(statement), call
    while current not in block:
        parent = context.source.parent(current)
        if not isinstance(parent, ast.Try | ast.With | ast.If):
            return False
        current = parent
    return block.index(statement) < block.index(current)


def _pairs(node: ast.Dict) -> tuple[tuple[str, ast.expr], ...] | None:
    found = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found.append((key.value, value))
    return tuple(found)


def _store(context: FileContext, use: ast.Name) -> tuple[ast.stmt, str, ast.expr] | None:
    """`use[key] = value`, as the statement, the key and the value."""
    subscript = context.source.parent(use)
    statement = context.source.statement(use)
    if not isinstance(subscript, ast.Subscript) or not isinstance(statement, ast.Assign):
        return None
    if statement.targets != [subscript] or not isinstance(subscript.slice, ast.Constant):
        return None
    return statement, str(subscript.slice.value), statement.value


def _checked(context: FileContext, object_name: str, values: LiteralValues) -> LiteralValues | None:
    keys = [key for key, _ in values.pairs] + [key for _, key, _ in values.stores]
    if all(context.tree.field_kind(object_name, key) for key in keys):
        return values
    return None
