# SPDX-License-Identifier: Apache-2.0
"""Uses of values that have another type in a row than in the object."""

import ast
from collections.abc import Set

from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.json_texts import is_dumps
from codemods.analysis.logged import filled_keys
from codemods.analysis.relations import INSTANCE, NODES
from codemods.analysis.stays import Reason
from codemods.analysis.use import OF_DICTS, Use
from codemods.syntax.walk import walk

#: The functions that only read a dict.
_READERS = frozenset(("cmp", "copy.copy", "copy.deepcopy", "dict", "enumerate", "isinstance"))
_READERS |= {"iter", "len", "list", "reversed", "set", "sorted", "tuple", "zip"}


class ColumnUse(Use):
    """A use of a value that a row holds as text, or as rows, and an object as something else."""

    only = "value.other-type"

    @property
    def concerns(self) -> bool:
        return any(value.kind == "column" for value in self.values)

    @property
    def names(self) -> Set[str]:
        return frozenset()

    def left(self) -> Reason | None:
        """Why the use is not understood; None also if the code checks the value's type."""
        return None if self._is_looked_at() else super().left()

    def _return(self, parent: ast.Return) -> Reason | None:
        return self._escapes(parent) if self._goes_out(parent) else super()._return(parent)

    def _kept(self, target: ast.expr) -> Reason | None:
        if isinstance(target, ast.Attribute) and not target.attr.startswith("_"):
            if not self._is_read(target):
                # no code that we know reads it, so code outside the tree may
                return self._escapes(target)
        return super()._kept(target)

    def _is_read(self, target: ast.Attribute) -> bool:
        owners = self.inference.values(target.value)
        return any(
            self.inference.readers_of(owner.name, target.attr)
            for owner in owners
            if owner.kind == "instance"
        )

    def _compare(self, parent: ast.Compare) -> Reason | None:
        operands = [parent.left, *parent.comparators]
        is_one = any(isinstance(order, ast.Is | ast.IsNot) for order in parent.ops)
        if is_one and not any(isinstance(o, ast.Constant) and o.value is None for o in operands):
            return self._only(parent)
        return super()._compare(parent)

    def _attribute(self, parent: ast.Attribute) -> Reason | None:
        # str has no such method, so the code has put a dict there
        is_dict = self._is_json and parent.attr in OF_DICTS and parent.attr not in dir(str)
        return None if is_dict else self._only(parent)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        """Whether the call replaces the value with its JSON text, which a rule undoes."""
        statement = self.module.source.parent(call)
        return (
            self._is_json
            and is_dumps(name)
            and isinstance(statement, ast.Assign)
            and [self._text(target) for target in statement.targets] == [self._text(self.node)]
        )

    @property
    def _is_flag(self) -> bool:
        """Whether it is `deleted`, a number in the row and a bool in the object."""
        return all(v.name.endswith(".deleted") for v in self.values if v.kind == "column")

    @property
    def _is_json(self) -> bool:
        names = [value.name.partition(".") for value in self.values if value.kind == "column"]
        return all(self.tree.field_type(row, key).is_dict for row, _, key in names)

    def _is_looked_at(self) -> bool:
        """Whether the function checks its type, and handles more than one."""
        function, text = self.module.function_around(self.node), self._text(self.node)
        return function is not None and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "isinstance"
            and bool(node.args)
            and self._text(node.args[0]) == text
            and self._chooses(node)
            for node in walk(function.node)
        )

    def _chooses(self, asked: ast.Call) -> bool:
        """Whether the answer chooses between two branches, neither of which raises."""
        test: ast.AST = asked
        while isinstance(above := self.module.source.parent(test), ast.BoolOp | ast.UnaryOp):
            test = above
        if isinstance(above, ast.IfExp):
            return above.test is test
        return (
            isinstance(above, ast.If)
            and above.test is test
            and not any(isinstance(one, ast.Raise) for one in walk(above))
        )

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        """Whether times are compared, which a rule handles, or `deleted` with a false constant."""
        values = self.inference.contained(self.module, other)
        if self._is_flag:
            return isinstance(other, ast.Constant) and not other.value
        if not any(value.kind == "column" for value in values):
            return False
        times = {value for value in (*self.values, *values) if value.kind == "column"}
        is_time = all(value.name.endswith("_at") for value in times)
        if isinstance(order, ast.Eq | ast.NotEq):
            return is_time and all(v.kind in ("column", "unknown") for v in (*self.values, *values))
        return is_time and _row_of(self.node) is not None and _row_of(other) is not None


class CopiedUse(Use):
    """A use of a dict that was filled from a row, times included."""

    only = "value.other-type"

    @property
    def concerns(self) -> bool:
        return bool(self.names)

    @property
    def names(self) -> Set[str]:
        return {value.name for value in self.values if value.kind == "copied"}

    def _subscript(self, parent: ast.Subscript) -> Reason | None:
        return None if self.node is parent.value else self._only(parent)

    def _return(self, parent: ast.Return) -> Reason | None:
        return self._escapes(parent) if self._goes_out(parent) else super()._return(parent)

    def _attribute(self, parent: ast.Attribute) -> Reason | None:
        return None

    def _unpacked(self, call: ast.Call) -> Reason | None:
        is_known = self.inference.is_conductors(call) or is_made_dict(call, self.module)
        return None if is_known else self._escapes(call)

    def _augassign(self, parent: ast.AugAssign) -> Reason | None:
        return None

    def _argument(self, call: ast.Call) -> Reason | None:
        # a nested row is not a column, and the object's field for it does not take a dict
        is_nested = any(owner in self.names for owner, _ in (NODES, INSTANCE))
        if is_nested and self.inference.is_conductors(call):
            return self._only(call)
        return super()._argument(call)

    def _is_known(self, call: ast.Call, name: str) -> bool:
        return name in _READERS

    def _is_compared(self, order: ast.cmpop, other: ast.expr, is_right: bool) -> bool:
        return True

    def _binop(self, parent: ast.BinOp) -> Reason | None:
        keys = filled_keys(parent)
        is_known = keys and not any(self.tree.converts(n, key) for n in self.names for key in keys)
        return None if is_known else super()._binop(parent)


def _row_of(node: ast.expr) -> ast.expr | None:
    """The row that the expression itself reads a column from, if that involves no other call."""
    owner = None
    if isinstance(node, ast.Subscript):
        owner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value if node.func.attr == "get" else None
    is_named = owner is not None and not any(isinstance(one, ast.Call) for one in walk(owner))
    return owner if is_named else None
