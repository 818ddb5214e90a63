# SPDX-License-Identifier: Apache-2.0
"""Replace `nodes = service['compute_node']` with the list object of the service's nodes.

The conductor's row contains a list of all nodes of the service; the object's
`compute_node` is a single node, so if the host has several, the others would be
lost. `ComputeNodeList.get_by_service` reads them all. If it raises because the
service was deleted in the meantime, there are no nodes: they are deleted with it.
"""

from collections.abc import Iterable

import libcst as cst

from codemods.analysis.additions import NODES_GETTER
from codemods.analysis.readings import Queried, Reading
from codemods.analysis.relations import NODES
from codemods.model import Item
from codemods.rewriting.comments import noted
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.nodes import assignment, bare, call, caught, expression, line
from codemods.rewriting.relation import RelationRule, owner_of
from codemods.rules.code.base import CodeRule

DELETED = "the service was deleted after it was read"

New = cst.BaseSmallStatement | cst.RemovalSentinel

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def ids(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        nodes = service['compute_node']
        return [node['id'] for node in nodes]
""",
        """\
from nova import exception
from nova import objects


class Reader(object):

    def ids(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        try:
            nodes = objects.ComputeNodeList.get_by_service(context, service)
        except exception.ServiceNotFound:
            # the service was deleted after it was read
            nodes = []
        return [node.id for node in nodes]
""",
    ),
    LeftAlone(
        """\
def nodes(context, service):
    nodes = service['compute_node']
    return nodes
""",
    ),
)


class ServiceComputeNodeToList(RelationRule, CodeRule):
    """See the module."""

    RELATION = NODES
    EFFECT = Effect.READS_NODES

    def read(self, found: Reading, owner: cst.BaseExpression) -> cst.BaseExpression | None:
        """`service['compute_node'][0]`, and any other expression."""
        if not isinstance(found.way, Queried) or found.way.form != "expression":
            return None
        return self._as_wanted(self._nodes(found.way, owner))

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> New:
        """`nodes = service['compute_node']`."""
        query = self.queried(original.value, "assigned")
        if query is None:
            return updated
        found, way = query
        targets = [cst.AssignTarget(one.target) for one in updated.targets]
        nodes = self._nodes(way, owner_of(updated.value))
        if len(targets) == 1 and isinstance(targets[0].target, cst.Name):
            lines = [line(cst.Assign(targets, nodes))]
            if self._wants_dicts:
                name = targets[0].target
                lines.append(assignment(name, self._as_wanted(name)))
        else:
            lines = [line(cst.Assign(targets, self._as_wanted(nodes)))]
        without = line(cst.Assign(targets, cst.List([])))
        return self._replaced(original, found, lines, without)

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> New:
        """`return service['compute_node']`."""
        query = self.queried(original.value, "returned")
        if query is None or updated.value is None:
            return updated
        found, way = query
        nodes = self._as_wanted(self._nodes(way, owner_of(updated.value)))
        return self._replaced(
            original, found, [line(cst.Return(nodes))], line(cst.Return(cst.List([])))
        )

    @property
    def _wants_dicts(self) -> bool:
        """Whether the code that gets the nodes still needs dicts."""
        return Item.COMPUTE_NODE not in self.file.done

    def _nodes(self, way: Queried, owner: cst.BaseExpression) -> cst.BaseExpression:
        spelled, needed = self.file.tree.spelling("ComputeNodeList")
        self.wants_import(needed, self.item)
        return call(f"{spelled}.get_by_service", expression(way.context), bare(owner))

    def _as_wanted(self, nodes: cst.BaseExpression) -> cst.BaseExpression:
        if not self._wants_dicts:
            return nodes
        self.wants_import(self.file.tree.base_import, self.item)
        return call("obj_base.obj_to_primitive", nodes)

    def _replaced(
        self,
        original: cst.BaseSmallStatement,
        found: Reading,
        lines: Iterable[cst.BaseStatement],
        without: cst.BaseStatement,
    ) -> New:
        """The lines, and a handler for when the getter does not find the service any more."""
        effects: tuple[Effect, ...] = (self.EFFECT,)
        # a getter that codemods adds to the tree does not raise
        if self.file.tree.has(NODES_GETTER):
            self.wants_import(f"from {self.file.tree.package} import exception", self.item)
            lines = [caught(lines, "exception.ServiceNotFound", [noted(without, DELETED)])]
            effects += (Effect.CATCHES_NO_SERVICE,)
        return self.replaced(original, lines, self.item, found.owner.evidence, effects)
