# SPDX-License-Identifier: Apache-2.0
"""Uses of a list, dict or tuple that contains rows, or values of theirs."""

import ast
from collections.abc import Set

from codemods.analysis.stays import Reason
from codemods.analysis.use import ESCAPES, FOLLOWED, Use


class ContainerUse(Use):
    """A use of a list, dict or tuple that contains rows, or values of theirs."""

    only = ESCAPES

    @property
    def concerns(self) -> bool:
        return any(
            value.kind == "container" and self.inference.is_carrying(value) for value in self.values
        )

    @property
    def names(self) -> Set[str]:
        found = [row for value in self.values for row, _ in self.inference.rows_in(value)]
        return {row.name for row in found if row.kind != "column"}

    def _subscript(self, parent: ast.Subscript) -> Reason | None:
        return None if self.node is parent.value else self._only(parent)

    def _return(self, parent: ast.Return) -> Reason | None:
        found = (row for value in self.values for row, _ in self.inference.rows_in(value))
        has_columns = any(row.kind in ("column", "copied") for row in found)
        if has_columns and self._goes_out(parent):
            return self._escapes(parent)
        return super()._return(parent)

    def _attribute(self, parent: ast.Attribute) -> Reason | None:
        call = self.module.source.parent(parent)
        if not isinstance(call, ast.Call) or call.func is not parent:
            return self._only(parent)
        is_sorted = parent.attr == "sort" and self._is_iterating(call, "sorted")
        return None if is_sorted or parent.attr in FOLLOWED else self._only(call)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return self._is_iterating(call, name)

    def _binop(self, parent: ast.BinOp) -> Reason | None:
        is_list = isinstance(parent.op, ast.Add | ast.Mult)
        return None if is_list else super()._binop(parent)

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        """Whether it is the right side of an `in` that asks for a key or a constant, not a row."""
        values = self.inference.contained(self.module, other)
        is_asked = is_right and isinstance(order, ast.In | ast.NotIn)
        is_keyed = all(v.name in self.inference.keyed for v in self.values if v.kind == "container")
        is_key = is_keyed or isinstance(other, ast.Constant)
        return is_asked and is_key and not any(map(self.inference.is_carrying, values))
