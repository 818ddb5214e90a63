# SPDX-License-Identifier: Apache-2.0
"""Replace `instance = migration['instance']` with a query for the instance.

The row contains the instance, or None if it is deleted. `Migration.instance`
queries the database on every access and raises InstanceNotFound. So the instance
is read once, with the system metadata that the row included, and None stands for
a deleted one. The row never contained deleted instances, whatever the context's
read_deleted said, and neither does the query return any. If a later loop of the
same function reads the instances of the same migrations again, the first loop
keeps what it found, and reads an instance that several migrations share only once.
"""

import itertools
from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.readings import Attribute, KeptInDict, Queried, Reading
from codemods.analysis.relations import INSTANCE
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import (
    arg,
    assignment,
    attribute,
    call,
    caught,
    element,
    expression,
    method,
    string,
)
from codemods.rewriting.relation import RelationRule, owner_of
from codemods.rewriting.statements import before_comment
from codemods.rules.code.base import CodeRule

KEY = "instance_uuid"

ELEVATED = m.Call(m.Attribute(attr=m.Name("elevated")), [])

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def uuids(self, context, host, node):
        capi = self.conductor_api
        migrations = capi.migration_get_in_progress_by_host_and_node(context,
                host, node)
        uuids = []
        for migration in migrations:
            instance = migration['instance']
            if not instance:
                continue
            uuids.append(instance['uuid'])
        return uuids
""",
        """\
from nova import exception
from nova import objects


class Reader(object):

    def uuids(self, context, host, node):
        migrations = objects.MigrationList.get_in_progress_by_host_and_node(
            context, host, node)
        uuids = []
        for migration in migrations:
            try:
                instance = objects.Instance.get_by_uuid(
                    context.elevated(read_deleted='no'),
                    migration.instance_uuid,
                    expected_attrs=['system_metadata'])
            except exception.InstanceNotFound:
                instance = None
            if not instance:
                continue
            uuids.append(instance.uuid)
        return uuids
""",
    ),
    LeftAlone(
        """\
def uuid(context, migration):
    instance = migration['instance']
    return instance['uuid']
""",
    ),
)


class MigrationInstanceToGetByUuid(RelationRule, CodeRule):
    """See the module."""

    RELATION = INSTANCE
    EFFECT = Effect.READS_INSTANCE

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._behind_assignment: set[cst.CSTNode] = set()

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> None:
        for before, statement in itertools.pairwise(node.body):
            if isinstance(before, cst.SimpleStatementLine):
                if isinstance(before.body[-1], cst.Assign):
                    self._behind_assignment.add(statement)

    def read(self, found: Reading, owner: cst.BaseExpression) -> cst.BaseExpression | None:
        """A read that is not a statement of its own, or that repeats that of an earlier loop."""
        if isinstance(found.way, Attribute):
            return attribute(owner, self.RELATION[1])
        if isinstance(found.way, KeptInDict):
            return element(expression(found.way.kept_in), attribute(owner, KEY))
        return None

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`instance = migration['instance']`."""
        query = self.queried(original.value, "assigned")
        if query is None:
            return updated
        found, way = query
        target, owner = updated.targets[0].target, owner_of(updated.value)
        lines: list[cst.BaseStatement] = [
            caught(
                [assignment(target, self._instance(way, owner))],
                "exception.InstanceNotFound",
                [assignment(target, cst.Name("None"))],
            )
        ]
        effects: tuple[Effect, ...] = (self.EFFECT, Effect.CATCHES_NO_INSTANCE)
        if way.kept_in is not None:
            effects += (Effect.READS_INSTANCE_ONCE,)
            kept, uuid = expression(way.kept_in), attribute(owner, KEY)
            place = element(kept, uuid)
            is_new = cst.Comparison(uuid, [cst.ComparisonTarget(cst.NotIn(), kept)])
            found_now = cst.IndentedBlock([*lines, assignment(place, target)])
            lines = [cst.If(is_new, found_now), assignment(target, place)]
        self.wants_import(f"from {self.file.tree.package} import exception", self.item)
        return self.replaced(original, lines, self.item, found.owner.evidence, effects)

    def _instance(self, way: Queried, owner: cst.BaseExpression) -> cst.Call:
        spelled, needed = self.file.tree.spelling("Instance")
        self.wants_import(needed, self.item)
        context = expression(way.context)
        live = context if m.matches(context, ELEVATED) else method(context, "elevated")
        live = cst.ensure_type(live, cst.Call)
        live = live.with_changes(args=[arg(string("no"), "read_deleted")])
        query = call(f"{spelled}.get_by_uuid", live, attribute(owner, KEY))
        joined = cst.List([cst.Element(string("system_metadata"))])
        return query.with_changes(args=[*query.args, arg(joined, "expected_attrs")])

    def leave_For(
        self, original: cst.For, updated: cst.For
    ) -> cst.For | cst.FlattenSentinel[cst.BaseStatement]:
        """The first of the loops, with a dict above it for what it finds."""
        query = self.queried(_first_value(original), "assigned")
        kept_in = query[1].kept_in if query is not None else None
        if query is None or kept_in is None:
            return updated
        made = assignment(kept_in, cst.Dict([]))
        if original not in self._behind_assignment:
            made, updated = before_comment(made, updated)
        both: list[cst.BaseStatement] = [made, updated]
        return self.edited(original, cst.FlattenSentinel(both), self.item, query[0].owner.evidence)


def _first_value(loop: cst.For) -> cst.BaseExpression | None:
    """The value that the first statement of a loop assigns."""
    first = loop.body.body[0]
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else first
    return small.value if isinstance(small, cst.Assign) else None
