# SPDX-License-Identifier: Apache-2.0
"""Replace a conductor call that updates a row with assignments and save().

save() writes what was set since the object was read, so the same columns are
written. The conductor did not change the caller's row, so the caller's own
object is saved only if it is not used afterwards, except as the updated row.
Otherwise a new object with only the id set stands for the row: unsaved changes
of the caller's own object are not written, as before. An object that stands for
an instance has its metadata set as well, so that save() loads it and reports
the row to notifications and cells, as the call did (but without the name of the
service). The call stays if save() would report the object itself, which is only
partly set, or if the call is made with a timeout, which an object's method cannot
have. All values are evaluated before the first one is set, in the call's order.
"""

from collections.abc import Iterator
from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.facts import Part, Site
from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider
from codemods.rewriting.nodes import (
    arg,
    assignment,
    bare,
    bound,
    expression,
    is_same,
    line,
    method,
)
from codemods.rewriting.writing import Given, Pair, WritingRule
from codemods.rules.code.base import CodeRule

ELEVATED = m.Call(func=m.Attribute(attr=m.Name("elevated")))

New = cst.BaseSmallStatement | cst.RemovalSentinel


EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        values = {}
        values['report_count'] = service['report_count'] + 1
        service = self.conductor_api.service_update(context, service, values)
        return service
""",
        """\
from nova import objects


class Writer(object):

    def write(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        service.report_count = service.report_count + 1
        service.save(context)
        return service
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, node_id, values):
        self.conductor_api.compute_node_update(context, {'id': node_id}, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, node_id, values):
        compute_node = objects.ComputeNode(id=node_id)
        # Only identifies the row; save() writes the fields set below.
        compute_node.obj_reset_changes()
        compute_node.update(copy.deepcopy(values))
        compute_node.save(context)
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, service):
        values = {}
        try:
            values['report_count'] = 1
            self.conductor_api.service_update(context, service, values)
        except Exception:
            pass
""",
        """\
from nova import objects


class Writer(object):

    def write(self, context, service):
        try:
            service_obj = objects.Service(id=service['id'])
            # Only identifies the row; save() writes the fields set below.
            service_obj.obj_reset_changes()
            service_obj.report_count = 1
            service_obj.save(context)
        except Exception:
            pass
""",
    ),
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def switch(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        self.conductor_api.service_update(
            context, service,
            {'disabled': not service['disabled'],
             'disabled_reason': None if service['disabled'] else 'off'})
""",
        """\
from nova import objects


class Writer(object):

    def switch(self, context, host):
        service = objects.Service.get_by_compute_host(context, host)
        disabled_reason = None if service.disabled else 'off'
        service.disabled = not service.disabled
        service.disabled_reason = disabled_reason
        service.save(context)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def write(context, uuid, **values):
    conductor.API().instance_update(context, uuid, **values)
""",
        because="call.open-values",
    ),
)


class ConductorUpdateToObjectSave(WritingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, SiteProvider, PartProvider)

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> New:
        """`row = update(...)`, `values = {...}` and `values['key'] = value`."""
        part = self._part(original)
        if part is None:
            return updated
        if part.kind == "call":
            return self._saved(part, original, updated, updated.targets[0].target)
        return self.kept_for_call(part, original, updated)

    def leave_Expr(self, original: cst.Expr, updated: cst.Expr) -> New:
        """`update(...)`, with its result unused."""
        part = self._part(original)
        return updated if part is None else self._saved(part, original, updated, None)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """List a call that stays, with the reason."""
        site = self.site(original)
        if site is not None and site.call.kind == "update" and site.left is not None:
            self.declined(
                original, self.item(site), site.left.code, site.evidence, site.left.detail
            )
        return updated

    def _part(self, original: cst.CSTNode) -> Part | None:
        part = self.part(original)
        return part if part is not None and part.site.call.kind == "update" else None

    def _saved(
        self, part: Part, original: Any, updated: Any, target: cst.BaseExpression | None
    ) -> New:
        """The lines that replace the statement of the call."""
        site = part.site
        lines, given, pairs = self.evaluated(site, updated.value)
        context = given["context"]
        if site.call.elevated and not m.matches(context, ELEVATED):
            context = method(context, "elevated")
        variable = given["row"] if site.row_is_object else expression(site.variable)
        if not site.row_is_object:
            lines += self._object(site, original.value, given, context)
        filled = list(self._filled(site, original.value, variable, given, pairs))
        if filled:
            filled[0] = self.headed(site, filled[0])
        lines += filled
        save = method(variable, "save", *self.context_arguments(site.call.object, context))
        save = save.with_changes(args=[*save.args, *self._pruning(site, given)])
        lines.append(self.ended(site, line(save), lines))
        if target is not None and not is_same(target, variable):
            lines.append(assignment(target, variable))
        self.wants_object(site)
        item = self.item(site)
        effects: tuple[Effect, ...] = (
            Effect.SAVES_INSTANCE if item is Item.INSTANCE else Effect.SAVES_OBJECT,
        )
        if any(isinstance(one, cst.If) for one in filled):
            effects += (Effect.SAVES_WHAT_CHANGED,)
        return self.replaced(original, lines, item, site.evidence, effects)

    def _object(
        self, site: Site, original: cst.Call, given: Given, context: cst.BaseExpression
    ) -> Iterator[cst.BaseStatement]:
        """The lines that make an object for a row that is not an object itself."""
        if site.call.named_values:
            return self.standing_for(site, "uuid", given["uuid"], context)
        row = bound(original, site.call.parameters)["row"]
        value = self.id_of(given["row"], row, site.call.object)
        return self.standing_for(site, "id", value, context)

    def _filled(
        self,
        site: Site,
        original: cst.Call,
        variable: cst.BaseExpression,
        given: Given,
        pairs: list[Pair],
    ) -> Iterator[cst.BaseStatement]:
        """The lines that set what the call wrote."""
        if site.values is not None:
            yield from (self.set_field(site, pair) for pair in pairs)
            return
        values, update = given["values"], self.filled_from(site, given["values"])
        held = self.holding(bound(original, site.call.parameters)["values"])
        is_row = held is not None and held.name == site.call.object and site.row_is_object
        if not is_row or is_same(values, variable):
            yield update
            return
        # save() writes what was set on the object anyway; setting every field again would write
        # columns that did not change, possibly converted to another form
        test = cst.Comparison(bare(values), [cst.ComparisonTarget(cst.IsNot(), bare(variable))])
        yield cst.If(test, cst.IndentedBlock([update]))

    def _pruning(self, site: Site, given: Given) -> list[cst.Arg]:
        """What save() gets besides the context: whether to prune stats that are gone."""
        found = self.file.tree.object(site.call.object)
        value = given.get("prune_stats")
        if value is None or found is None or "prune_stats" not in found.methods.get("save", ()):
            return []
        return [arg(value, "prune_stats")]
