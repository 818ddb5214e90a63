# SPDX-License-Identifier: Apache-2.0
"""Replace a conductor call that creates a row with an object that is filled and created.

The same columns are written. A literal dict becomes one assignment per key; any
other dict is passed to update(). Keys that are not fields are kept aside and
written as well if the compute node keeps its columns; otherwise they are not
saved. Fields that were missing are added by an earlier patch. create() reads the
new row back, which is what the call returned.
"""

from typing import Any

import libcst as cst

from codemods.analysis.facts import Part, Site
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider
from codemods.rewriting.nodes import (
    assignment,
    call,
    expression,
    is_same,
    line,
    method,
)
from codemods.rewriting.writing import WritingRule
from codemods.rules.code.base import CodeRule

New = cst.BaseSmallStatement | cst.RemovalSentinel


EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, host):
        values = {'host': host, 'binary': 'nova-compute', 'report_count': 0}
        service = self.conductor_api.service_create(context, values)
        return service['id']
""",
        """\
from nova import objects


class Writer(object):

    def write(self, context, host):
        service = objects.Service()
        service.host = host
        service.binary = 'nova-compute'
        service.report_count = 0
        service.create(context)
        return service.id
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, values):
        self.compute_node = self.conductor_api.compute_node_create(context,
                                                                   values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, values):
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
        self.compute_node = compute_node
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def write(context, **values):
    return str(conductor.API().service_create(context, values))
""",
        because="call.position",
    ),
)


class ConductorCreateToObjectCreate(WritingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, SiteProvider, PartProvider)

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> New:
        """`row = create(...)` and `values = {...}`."""
        part = self._part(original)
        if part is None:
            return updated
        if part.kind != "call":
            return self.kept_for_call(part, original, updated)
        return self._created(part, original, updated, updated.targets[0].target)

    def leave_Expr(self, original: cst.Expr, updated: cst.Expr) -> New:
        """`create(...)`, with its result unused."""
        part = self._part(original)
        return updated if part is None else self._created(part, original, updated, None)

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> New:
        """`return create(...)`."""
        part = self._part(original)
        return updated if part is None else self._created(part, original, updated, None)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """List a call that stays, with the reason."""
        site = self.site(original)
        if site is not None and site.call.kind == "create" and site.left is not None:
            self.declined(
                original, self.item(site), site.left.code, site.evidence, site.left.detail
            )
        return updated

    def _part(self, original: cst.CSTNode) -> Part | None:
        part = self.part(original)
        return part if part is not None and part.site.call.kind == "create" else None

    def _created(
        self, part: Part, original: Any, updated: Any, target: cst.BaseExpression | None
    ) -> New:
        """The lines that replace the statement of the call."""
        site = part.site
        lines, given, pairs = self.evaluated(site, updated.value)
        variable, name = expression(site.variable), site.call.object
        lines.append(assignment(site.variable, self.made(name, given["context"])))
        lines += [self.set_field(site, pair) for pair in pairs]
        if site.values is None:
            lines.append(self.filled_from(site, given["values"]))
        context = self.context_arguments(name, given["context"])
        lines[0] = self.headed(site, lines[0])
        lines.append(self.ended(site, line(method(variable, "create", *context)), lines))
        if isinstance(original, cst.Return):
            lines.append(line(cst.Return(variable)))
        elif target is not None and not is_same(target, variable):
            lines.append(assignment(target, self._kept(site, variable)))
        self.wants_object(site)
        item = self.item(site)
        return self.replaced(original, lines, item, site.evidence, Effect.CREATES_OBJECT)

    def _kept(self, site: Site, variable: cst.BaseExpression) -> cst.BaseExpression:
        """What the result's name gets: a dict if the class assigns dicts to it elsewhere."""
        if not site.keeps_dict:
            return variable
        self.wants_import(self.file.tree.base_import, self.item(site))
        return call("obj_base.obj_to_primitive", variable)
