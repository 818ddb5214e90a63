# SPDX-License-Identifier: Apache-2.0
"""What there is to know about one conductor call, above all about those that write rows."""

import ast

from codemods.analysis.call_order import CallOrder, Place, pairs_of
from codemods.analysis.facts import Held, Holding, RowValues, Site
from codemods.analysis.failing import seen_when_failed
from codemods.analysis.free_names import free_name, names_used
from codemods.analysis.project import Module
from codemods.analysis.row_values import LiteralValues, checked, is_unchanged, literal_values
from codemods.analysis.sites import bind, keeps_dict, passes_keywords_on
from codemods.analysis.stays import Reason
from codemods.analysis.survey import Survey
from codemods.analysis.written_rows import RowVariable
from codemods.mappings import ConductorCall
from codemods.model import Evidence, Item

#: The arguments of a call that are not columns.
_NO_COLUMNS = frozenset(("context", "uuid", "row", "values", "**", "prune_stats", "id"))


class Sites:
    """Finds what there is to know about the calls in one module."""

    def __init__(self, module: Module, survey: Survey, done: frozenset[Item]) -> None:
        self.module = module
        self.survey = survey
        self.done = done

    def site(
        self, node: ast.Call, call: ConductorCall, evidence: Evidence, left: Reason | None
    ) -> Site:
        """The call as a site; `left` is the reason to leave it, if one is already known."""
        arguments = bind(node, call.parameters)
        if left is None and call.kind in ("get", "list"):
            left = self._is_not_added(call)
        if left is not None or arguments is None or call.kind in ("get", "list"):
            return Site(call, evidence, left)
        found = _Written(self, node, call, evidence, arguments)
        if call.kind == "destroy":
            return found.destroy()
        if call.kind == "create":
            return found.create()
        return found.named_update() if call.named_values else found.update()

    def _is_not_added(self, call: ConductorCall) -> Reason | None:
        """Why the call stays if only a work item that is not done adds its object."""
        if self.survey.tree.is_added(call.object) and Item.OBJECT_FIELDS not in self.done:
            return Reason("call.no-object", f"{call.object}, which object-fields adds")
        return None

    def holding(self, node: ast.expr) -> Holding | None:
        """The object that an expression holds by now."""
        return Held(self.survey.inference.values(node), self.done).object


class _Written:
    """One call that creates, updates or destroys a row."""

    def __init__(
        self,
        sites: Sites,
        node: ast.Call,
        call: ConductorCall,
        evidence: Evidence,
        arguments: dict[str, ast.expr],
    ) -> None:
        self._sites = sites
        self._module, self._survey = sites.module, sites.survey
        self._tree = sites.survey.tree
        self._node, self._call, self._evidence = node, call, evidence
        self._arguments = arguments
        self._statement = sites.module.source.statement(node)
        self._order = CallOrder(sites.module, self._tree, node, arguments)
        found = self._tree.object(call.object)
        #: Whether save() etc. take the context, which is then evaluated after all else.
        self._takes_context = found is not None and found.takes_context

    def destroy(self) -> Site:
        """`service_destroy(context, id)`, `compute_node_delete(context, row)`."""
        row = self._arguments.get("row")
        is_object = row is not None and self._is_sure(row) and self._has_context_of(row)
        after: list[Place] = ["context", "row" if row is not None else "id"]
        if self._takes_context:
            after.reverse()
        return Site(
            self._call,
            self._evidence,
            variable=self._free_name(),
            row_is_object=is_object,
            early=self._order.early(None, after),
        )

    def create(self) -> Site:
        """`service_create(context, values)`."""
        literal = self._literal(self._arguments["values"])
        variable = self._free_name()
        target = self._target()
        if target is not None and self._may_hold_new(target, literal):
            variable = target.id
        places = self._order.places(literal)
        after = [*places, "context"] if self._takes_context else ["context", *places]
        return Site(
            self._call,
            self._evidence,
            variable=variable,
            values=self._spans(literal),
            early=self._order.early(literal, after),
            keeps_dict=keeps_dict(self._node, self._module.source),
        )

    def named_update(self) -> Site:
        """`instance_update(context, uuid, **values)`, or with keyword arguments."""
        given = {k: v for k, v in self._arguments.items() if k not in _NO_COLUMNS}
        if "**" not in self._arguments:
            found = LiteralValues(tuple(given.items()), ())
            literal = checked(self._tree, self._call.object, found, True)
        else:
            literal = None if given else self._literal(self._arguments["**"], True)
        if literal is None or literal.stores:
            is_open = passes_keywords_on(self._node, self._module.source)
            code = "call.open-values" if is_open else "call.arguments"
            return Site(self._call, self._evidence, Reason(code))
        return self._with_other_object(literal, "uuid")

    def update(self) -> Site:
        """`service_update(context, row, values)`; a migration's values are its status."""
        row = self._arguments["row"]
        if "status" in self._arguments:
            given = (("status", self._arguments["status"]),)
            literal: LiteralValues | None = LiteralValues(given, ())
        else:
            literal = self._literal(self._arguments["values"])
        if not self._is_written_itself(row):
            return self._with_other_object(literal, "row")
        after = [*self._order.places(literal), "context", *self._order.pruning()]
        if not self._takes_context:
            after.remove("context")
            after.insert(0, "context")
        return Site(
            self._call,
            self._evidence,
            variable=self._module.source.of(row),
            row_is_object=True,
            values=self._spans(literal),
            early=self._order.early(literal, after, self._order.reads_of_what_is_set(row, literal)),
        )

    def _with_other_object(self, literal: LiteralValues | None, key: str) -> Site:
        """The site of a call for which another object of the row is made, changed and saved."""
        after = self._after_row(literal, key)
        first = self._order.early(literal, after)
        if literal is not None and literal.stores and any(one.place is not None for one in first):
            # the dict must be filled before the argument that identifies the row is evaluated
            literal, first = None, self._order.early(None, self._after_row(None, key))
        return Site(
            self._call,
            self._evidence,
            variable=self._free_name(),
            values=self._spans(literal),
            early=first,
        )

    def _after_row(self, literal: LiteralValues | None, key: str) -> list[Place]:
        """The order of evaluation if an object that stands for the row is made and saved."""
        context: list[Place] = ["context"]
        first, last = ([], context) if self._takes_context else (context, [])
        return [*first, key, *self._order.places(literal), *last, *self._order.pruning()]

    # whose object it is

    def _is_written_itself(self, row: ast.expr) -> bool:
        """Whether the row is an object that may itself be saved, with all that was set on it."""
        if not _is_dotted(row) or not self._is_sure(row):
            return False
        # a row that is passed as its own values was written with all that was set on it
        values = self._arguments.get("values")
        given = self._sites.holding(values) if values is not None else None
        if values is not None and given is not None and given.name == self._call.object:
            return _is_dotted(values) and self._stays_as_written(row, values)
        if self._call.object in self._survey.pending_objects or not isinstance(row, ast.Name):
            return False
        variable = RowVariable(self._module, self._survey.inference, self._node, row)
        context = self._arguments["context"]
        return variable.may_be_written(None if self._takes_context else context)

    def _stays_as_written(self, row: ast.expr, values: ast.expr) -> bool:
        """Whether no code sees what saving does to a row that is passed as its own values."""
        if not isinstance(row, ast.Name):
            return True
        variable = RowVariable(self._module, self._survey.inference, self._node, row)
        return isinstance(values, ast.Name) and values.id == row.id and variable.hides_its_time()

    def _is_sure(self, row: ast.expr) -> bool:
        held = self._sites.holding(row)
        return held is not None and held.sure and held.name == self._call.object

    def _has_context_of(self, row: ast.expr) -> bool:
        """Whether destroying the row's object uses the context of the call."""
        if self._takes_context:
            return True
        if not isinstance(row, ast.Name):
            return False
        variable = RowVariable(self._module, self._survey.inference, self._node, row)
        return variable.was_read_with(self._arguments["context"])

    def _free_name(self) -> str:
        return free_name(self._module, self._tree, self._node, self._call.object)

    def _target(self) -> ast.Name | None:
        """The name that the result is assigned to, if it is one."""
        statement = self._statement
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        return target if isinstance(target, ast.Name) else None

    def _may_hold_new(self, target: ast.Name, literal: LiteralValues | None) -> bool:
        """Whether the name may hold the new object even before its fields are set."""
        statement = self._statement
        first = literal.statements[0] if literal is not None and literal.statements else statement
        if target.id in names_used(self._module, first, statement, target):
            return False
        loads = (node for node in self._module.names(target.id) if isinstance(node.ctx, ast.Load))
        return not any(seen_when_failed(self._module, statement, loads))

    # what is written

    def _literal(self, node: ast.expr, copied: bool = False) -> LiteralValues | None:
        found = literal_values(self._module, self._tree, node, self._call.object, copied)
        return found if found and is_unchanged(self._module, found, self._statement) else None

    def _spans(self, literal: LiteralValues | None) -> RowValues | None:
        if literal is None:
            return None
        span = self._module.source.span
        return RowValues(
            tuple(key for key, _ in pairs_of(literal)),
            span(literal.statements[0]) if literal.statements else None,
            tuple((span(store), key) for store, key, _ in literal.stores),
        )


def _is_dotted(node: ast.expr) -> bool:
    """Whether an expression is a name or a dotted name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
