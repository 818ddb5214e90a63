# SPDX-License-Identifier: Apache-2.0
"""Whether the object of a row may itself be changed and saved where the conductor updated it.

The conductor changes the row in the database and returns a fresh one; the
caller's own row stays as it was read. So an object may only be written itself
if no code sees the difference: only a local name holds it, and what reads that
name afterwards reads the fresh row. Anywhere else, another object for the same
row is saved.
"""

import ast
import functools

from codemods.analysis.evaluation import Kind, kind_of
from codemods.analysis.failing import loops, seen_when_failed
from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.sites import bind
from codemods.mappings import ConductorCall, conductor_calls, relations

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
#: The functions that look at their arguments but do not keep them.
_LOOKING = frozenset(("bool", "cmp", "isinstance", "len", "repr", "str", "unicode"))


class RowVariable:
    """A local name that passes a row to a conductor call."""

    def __init__(self, module: Module, inference: Inference, call: ast.Call, row: ast.Name) -> None:
        self._module = module
        self._source = module.source
        self._inference = inference
        self._call = call
        self._row = row
        self._statement = module.source.statement(call)
        self._function = module.function_around(call)

    def may_be_written(self, context: ast.expr | None) -> bool:
        """Whether no code sees it if the row itself is changed.

        `context` is the call's if the object is saved with the context that it
        was read with; else None.
        """
        if not self.was_read_with(context):
            return False
        if any(self._is_inside_other_scope(use) for use in self._uses):
            return False
        bound = [use for use in self._uses if isinstance(use.ctx, ast.Store)]
        loads = [n for n in self._uses if isinstance(n.ctx, ast.Load) and n is not self._row]
        return self._is_unseen(bound, loads)

    def hides_its_time(self) -> bool:
        """Whether nothing that is read from the row afterwards shows when it was written.

        For a row that is written with its own values: the other columns do not change.
        """
        end = self._source.end(self._statement)
        around = loops(self._module, self._statement)
        for use in self._uses:
            if not isinstance(use.ctx, ast.Load) or self._statement in self._source.parents(use):
                continue
            is_later = self._source.start(use) >= end or around & loops(
                self._module, self._source.statement(use)
            )
            if is_later and not (self._is_other_column(use) or self._asks_for_id(use)):
                return self._is_bound_anew()
        return True

    def _is_other_column(self, use: ast.Name) -> bool:
        """Whether the use reads a column other than the one that every write changes."""
        parent = self._source.parent(use)
        key = parent.slice if isinstance(parent, ast.Subscript) and parent.value is use else None
        return isinstance(key, ast.Constant) and key.value != "updated_at"

    def was_read_with(self, context: ast.expr | None) -> bool:
        """Whether the row was read in this function, with the context if one is given."""
        bound = [use for use in self._uses if isinstance(use.ctx, ast.Store)]
        return bool(bound) and all(self._is_fresh(use, context) for use in bound)

    @functools.cached_property
    def _uses(self) -> list[ast.Name]:
        """Where the function names the variable; empty if it is not a local one."""
        function, name = self._function, self._row.id
        if function is None or isinstance(function.node, ast.Lambda):
            return []
        if name not in function.local_names or name in function.all_parameters:
            return []
        return [n for n in ast.walk(function.node) if isinstance(n, ast.Name) and n.id == name]

    def _is_inside_other_scope(self, use: ast.Name) -> bool:
        for parent in self._source.parents(use):
            if self._function is not None and parent is self._function.node:
                return False
            if isinstance(parent, _INNER):
                return True
        return False

    # where the row comes from

    def _is_fresh(self, use: ast.Name, context: ast.expr | None) -> bool:
        """Whether the name is bound to a row that nothing else holds."""
        parent = self._source.parent(use)
        if isinstance(parent, ast.Assign) and parent.targets == [use]:
            value = parent.value
            if isinstance(value, ast.Constant) and value.value is None:
                return True
            given = self._given(value)
            return given is not None and self._is_read_with(given, context)
        if isinstance(parent, ast.For) and parent.target is use:
            return self._is_fresh_list(parent, parent.iter, context)
        return False

    def _given(self, value: ast.expr) -> ast.Call | None:
        """The value, if it is a conductor call that returns a row or rows; else None."""
        if not isinstance(value, ast.Call):
            return None
        calls = conductor_calls()
        held = self._inference.values(value.func)
        is_one = held and all(v.kind == "method" and v.name in calls for v in held)
        return value if is_one else None

    def _is_fresh_list(self, loop: ast.For, value: ast.expr, context: ast.expr | None) -> bool:
        given = self._given(value)
        if given is not None:
            return self._is_read_with(given, context)
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
            # such a list is queried each time
            return context is None and any(
                relation.many
                for held in self._inference.values(value.value)
                if held.kind == "row"
                and (relation := relations().get((held.name, str(value.slice.value))))
            )
        if not isinstance(value, ast.Name) or self._function is None:
            return False
        around = self._function.node
        uses = [n for n in ast.walk(around) if isinstance(n, ast.Name) and n.id == value.id]
        bound = [use for use in uses if use is not value]
        if len(bound) != 1 or not isinstance(bound[0].ctx, ast.Store):
            return False
        statement = self._source.parent(bound[0])
        if not isinstance(statement, ast.Assign) or statement.targets != [bound[0]]:
            return False
        if value.id in self._function.all_parameters or loops(self._module, loop) - loops(
            self._module, statement
        ):
            return False
        given = self._given(statement.value)
        return given is not None and self._is_read_with(given, context)

    def _is_read_with(self, given: ast.Call, context: ast.expr | None) -> bool:
        """Whether the row was read with `context`, if that is needed."""
        if context is None:
            return True
        known = conductor_calls()[next(iter(self._inference.values(given.func))).name]
        other = (bind(given, known.parameters) or {}).get("context")
        if other is None or known.elevated or kind_of(context, self._function) is not Kind.FIXED:
            return False
        names = {n.id for n in ast.walk(context) if isinstance(n, ast.Name)}
        assert self._function is not None
        bound = [
            n.id
            for n in ast.walk(self._function.node)
            if isinstance(n, ast.Name) and n.id in names and isinstance(n.ctx, ast.Store)
        ]
        handed = names & self._function.all_parameters
        of = self._source.of
        return of(other) == of(context) and len(bound) == len(set(bound)) and not handed & {*bound}

    # what reads it afterwards

    def _is_unseen(self, bound: list[ast.Name], loads: list[ast.Name]) -> bool:
        """Whether nothing reads the old row once the call has changed it."""
        end = self._source.end(self._statement)
        if any(self._source.start(n) < end and not self._is_reading(n) for n in loads):
            # other code may hold it
            return False
        if self._is_seen_by_handlers(loads):
            return False
        if self._is_bound_anew():
            return True
        if any(
            loops(self._module, self._statement)
            - loops(self._module, self._source.statement(one))
            - self._own_loop(one)
            for one in bound
        ):
            # the next iteration reads the old row
            return False
        return all(self._asks_for_id(n) for n in loads if self._source.start(n) >= end)

    def _own_loop(self, use: ast.Name) -> set[ast.AST]:
        """The loop whose variable is the name, bound anew in each iteration."""
        parent = self._source.parent(use)
        return {parent} if isinstance(parent, ast.For) and parent.target is use else set()

    def _is_bound_anew(self) -> bool:
        """Whether the name is bound to the fresh row that the call returns."""
        statement = self._statement
        return (
            isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and statement.targets[0].id == self._row.id
        )

    def _is_seen_by_handlers(self, loads: list[ast.Name]) -> bool:
        """Whether something may use the row after the call has failed."""
        seen = seen_when_failed(self._module, self._statement, loads)
        return any(not self._asks_for_id(use, is_caught=True) for use in seen)

    def _is_reading(self, use: ast.Name) -> bool:
        """Whether the use only reads the row, and does not pass it on."""
        parent = self._source.parent(use)
        if isinstance(parent, ast.Subscript) and parent.value is use:
            return isinstance(parent.ctx, ast.Load)
        if isinstance(parent, ast.Attribute):
            call = self._source.parent(parent)
            return parent.attr == "get" and isinstance(call, ast.Call) and call.func is parent
        if isinstance(parent, ast.Call):
            return getattr(parent.func, "id", "") in _LOOKING or self._asks_for_id(use)
        return isinstance(parent, ast.Compare) or self._asks_for_id(use)

    def _asks_for_id(self, use: ast.Name, is_caught: bool = False) -> bool:
        """Whether the use only asks for the row's id, or whether there is a row.

        A call that takes the row counts, too, unless the use `is_caught`: that is,
        after a failed call, whose changes are still pending.
        """
        parent = self._source.parent(use)
        if isinstance(parent, ast.Subscript) and parent.value is use:
            key = parent.slice.value if isinstance(parent.slice, ast.Constant) else None
            return isinstance(parent.ctx, ast.Load) and key == "id"
        if isinstance(parent, ast.Compare) and parent.left is use:
            return all(
                isinstance(one, ast.Constant) and one.value is None for one in parent.comparators
            )
        if isinstance(parent, ast.If | ast.While | ast.IfExp):
            return parent.test is use
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        return not is_caught and self._is_row_of_call(use, parent)

    def _is_row_of_call(self, use: ast.Name, parent: ast.AST) -> bool:
        call = self._source.parent(parent) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call):
            return False
        for held in self._inference.values(call.func):
            known: ConductorCall | None = conductor_calls().get(held.name)
            if held.kind == "method" and known is not None and known.declined is None:
                return (bind(call, known.parameters) or {}).get("row") is use
        return False
