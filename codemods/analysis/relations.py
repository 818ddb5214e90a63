# SPDX-License-Identifier: Apache-2.0
"""Where a row is taken out of a row that becomes an object, and how to rewrite that.

Objects hold their relations in other ways than rows: a Service knows one of its
nodes where the row had a list of all; a Migration queries its Instance each
time and raises where the row had None. If an object cannot answer as the row
did, the calls that return the row have to stay.
"""

import ast
import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from codemods.analysis.additions import NODES_GETTER
from codemods.analysis.facts import Held, Holding, Span
from codemods.analysis.free_names import first_free
from codemods.analysis.loops import EarlierLoop
from codemods.analysis.open_calls import open_calls
from codemods.analysis.project import Module
from codemods.analysis.readings import Attribute, KeptInDict, Queried, Reading, Unreadable, Way
from codemods.analysis.relation_accesses import Access, accesses
from codemods.analysis.row_contexts import context_at
from codemods.analysis.rows_rewritten import is_stored_before
from codemods.analysis.stays import Place, Reason, Stays
from codemods.mappings import reasons
from codemods.model import Item

if TYPE_CHECKING:
    from codemods.analysis.survey import Survey

NODES = ("Service", "compute_node")
INSTANCE = ("Migration", "instance")
SERVICE = ("ComputeNode", "service")

_INSTANCE_GETTER = "Instance.get_by_uuid"
_INSTANCES = "instances_by_uuid"


def readings_of(module: Module, survey: "Survey", done: frozenset[Item]) -> dict[Span, Reading]:
    """The readings in a module of the code once the work items `done` are done."""
    if survey.inference.is_test(module):
        return {}
    found = accesses(module, survey.inference)
    return _Finder(module, survey, done).readings(found) if found else {}


def calls_that_stay(survey: "Survey", items: Sequence[Item]) -> Stays:
    """The calls whose rows are read where, at some stage, an object cannot answer.

    This includes the calls for which it is open what is called.
    """
    stays = open_calls(survey)
    for module in survey.code():
        found = accesses(module, survey.inference)
        for number in range(len(items) if found else 0):
            done = frozenset(items[: number + 1])
            stays |= _unreadable(module, _Finder(module, survey, done).readings(found))
    return stays


def _unreadable(module: Module, readings: dict[Span, Reading]) -> Stays:
    calls = {}
    for (start, _), reading in readings.items():
        if isinstance(reading.way, Unreadable):
            line = module.source.line_at(start)
            why = f"{module.source.path}:{line}: {reasons()[reading.way.code]}"
            why += f": {reading.way.detail}" if reading.way.detail else ""
            calls.update(dict.fromkeys(reading.calls, Reason("relation.unreadable", why)))
    return Stays(calls)


class _Finder:
    """Finds how to rewrite each reading of a module."""

    def __init__(self, module: Module, survey: "Survey", done: frozenset[Item]) -> None:
        self.module = module
        self.survey = survey
        self.done = done

    def readings(self, found: list[Access]) -> dict[Span, Reading]:
        """How to rewrite each of the accesses whose row is an object by then."""
        owners = {one: owner for one in found if (owner := self._owner(one)) is not None}
        ways: dict[Access, Way] = {}
        instances: dict[ast.AST, list[Access]] = {}
        for one, owner in owners.items():
            function = self.module.function_around(one.node)
            barred = self._barred(one, owner)
            if barred is not None:
                ways[one] = barred
            elif function is None:
                ways[one] = Unreadable("relation.context")
            elif one.relation.names == NODES:
                ways[one] = self._nodes(one)
            elif one.relation.names != INSTANCE:
                ways[one] = self._attribute(one)
            elif not self.survey.tree.is_own:
                # the shim's object queries the instance once, and has None for a deleted one
                ways[one] = Attribute()
            else:
                instances.setdefault(function.node, []).append(one)
        for group in instances.values():
            ways |= self._instances(group)
        return {
            self.module.source.span(one.node): Reading(
                one.relation, owners[one], ways[one], self._calls(one)
            )
            for one in owners
        }

    def _owner(self, access: Access) -> Holding | None:
        """The object that the row is by then; None if it is not one."""
        if access.relation.names == SERVICE and not access.is_read:
            # no object has such a key: writing or deleting it is like doing so with any other
            return None
        values = self.survey.inference.values(access.owner)
        becomes = any(
            value.kind == "row" and value.name == access.relation.owner and value.needs <= self.done
            for value in values
        )
        return Held(values, self.done).object if becomes else None

    def _calls(self, access: Access) -> frozenset[Place]:
        return frozenset(
            (step.path, step.line)
            for value, evidence in self.survey.inference.values(access.owner).items()
            if value.kind == "row"
            for step in evidence
            if step.call
        )

    def _barred(self, access: Access, owner: Holding) -> Unreadable | None:
        """Why the key cannot be read from an object, whatever the relation; None if it can."""
        values = self.survey.inference.values(access.owner)
        # what was an object before does not have the row's list under the key
        differs = access.relation.many and any(value.kind == "object" for value in values)
        if not owner.sure or differs:
            return Unreadable("value.mixed")
        if not access.is_read:
            return Unreadable("value.dict-only")
        if not self._is_joined(access):
            return Unreadable("relation.not-joined")
        if self._is_stored_before(access):
            return Unreadable("relation.stored")
        return None if access.is_plain else Unreadable("call.arguments")

    def _is_joined(self, access: Access) -> bool:
        """Whether every row that the owner may be has the key."""
        return all(
            access.relation.key in value.joined
            for value in self.survey.inference.values(access.owner)
            if value.kind == "row"
        )

    def _is_stored_before(self, access: Access) -> bool:
        """Whether the row has the other as it was when read, but the object would query it anew."""
        inference, name = self.survey.inference, access.relation.object
        return access.relation.names != SERVICE and is_stored_before(
            self.module, inference, access.node, name, self._calls(access)
        )

    def _nodes(self, access: Access) -> Way:
        context = self._context(access)
        if context is None:
            return Unreadable("relation.context")
        if not self.survey.tree.has(NODES_GETTER) and not self.survey.adds_nodes_getter(self.done):
            piece = self.survey.additions.lacks_for_getter
            to_add = f", and to add it {piece}" if piece else ""
            return Unreadable("call.no-object", f"{NODES_GETTER}{to_add}")
        return Queried(self._form(access.node), context)

    def _context(self, access: Access) -> str | None:
        """The context that the row was read with, if it is available here."""
        inference = self.survey.inference
        values = inference.values(access.owner)
        chains = [evidence for value, evidence in values.items() if value.kind == "row"]
        return context_at(self.module, inference, access.owner, chains)

    def _form(self, node: ast.expr) -> Literal["assigned", "returned", "expression"]:
        statement = self.module.source.statement(node)
        if isinstance(statement, ast.Assign) and statement.value is node:
            return "assigned"
        if isinstance(statement, ast.Return) and statement.value is node:
            return "returned"
        return "expression"

    def _attribute(self, access: Access) -> Way:
        owner, key = access.relation.names
        if isinstance(access.node, ast.Call):
            # an object's get() only knows fields
            return Unreadable("value.dict-only", f".get('{key}')")
        tree = self.survey.tree
        if tree.has(f"{owner}.{key}") or tree.field_type(owner, key).is_object:
            return Attribute()
        return Unreadable("key.no-such-field", key)

    def _instances(self, group: list[Access]) -> dict[Access, Way]:
        """How to rewrite the readings of one function so that they query each instance once."""
        first, *later = group
        way = self._instance(first)
        if isinstance(way, Unreadable) or not later:
            return {first: way, **dict.fromkeys(later, Unreadable("relation.order"))}
        if not self._are_seen_by_first(group):
            return {first: way, **dict.fromkeys(later, Unreadable("relation.order"))}
        kept_in = first_free(self.module, self.survey.tree, first.node, _INSTANCES)
        return {
            first: dataclasses.replace(way, kept_in=kept_in),
            **dict.fromkeys(later, KeptInDict(kept_in)),
        }

    def _instance(self, access: Access) -> Queried | Unreadable:
        statement = self.module.source.statement(access.node)
        if self._form(access.node) != "assigned" or not _has_one_name(statement):
            return Unreadable("relation.position")
        context = self._context(access)
        if context is None:
            return Unreadable("relation.context")
        if not self.survey.tree.has(_INSTANCE_GETTER):
            return Unreadable("call.no-object", _INSTANCE_GETTER)
        return Queried("assigned", context)

    def _are_seen_by_first(self, group: list[Access]) -> bool:
        """Whether a loop that begins with the first reading has seen the rows of the others."""
        statement = self.module.source.statement(group[0].node)
        loop = self.module.source.parent(statement)
        function = self.module.function_around(statement)
        if not isinstance(loop, ast.For) or loop.body[0] is not statement or function is None:
            return False
        earlier = EarlierLoop(self.module, function, loop)
        return all(earlier.has_seen(one.owner) for one in group)


def _has_one_name(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    )
