# SPDX-License-Identifier: Apache-2.0
"""Where a file accesses a relation of a conductor row: `service['compute_node']`."""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.mappings import Relation, relations


@dataclasses.dataclass(frozen=True, eq=False)
class Access:
    """`owner['key']` or `owner.get('key')`, of what may be a row; read, written or deleted."""

    node: ast.Subscript | ast.Call
    owner: ast.expr
    relation: Relation

    @property
    def is_read(self) -> bool:
        """Whether the key is read."""
        return isinstance(self.node, ast.Call) or isinstance(self.node.ctx, ast.Load)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is lost if the default of get() is not evaluated."""
        if isinstance(self.node, ast.Subscript):
            return True
        default = self.node.args[1:]
        return not (
            self.node.keywords
            or default[1:]
            or any(isinstance(node, ast.Call) for one in default for node in ast.walk(one))
        )


def accesses(module: Module, inference: Inference) -> list[Access]:
    """The accesses to relations of conductor rows in a file, in source order."""
    if module.source.path not in inference.touched:
        # no expression in it holds a row
        return []
    text = module.source.text
    keys = {key for _, key in relations() if _is_quoted(key, text)}
    if not keys:
        return []
    found: list[Access] = []
    for node in module.all(ast.Subscript):
        found += _accesses(node, node.value, node.slice, keys, inference)
    for call in module.all(ast.Call):
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
            found += _accesses(call, func.value, call.args[0], keys, inference)
    return sorted(found, key=lambda one: module.source.start(one.node))


def _is_quoted(key: str, text: bytes) -> bool:
    return f"'{key}'".encode() in text or f'"{key}"'.encode() in text


def _accesses(
    node: ast.Subscript | ast.Call,
    owner: ast.expr,
    key: ast.expr,
    keys: set[str],
    inference: Inference,
) -> Iterator[Access]:
    if not isinstance(key, ast.Constant) or key.value not in keys:
        return
    for name in sorted({v.name for v in inference.values(owner) if v.kind == "row"}):
        if (name, key.value) in relations():
            yield Access(node, owner, relations()[name, key.value])
