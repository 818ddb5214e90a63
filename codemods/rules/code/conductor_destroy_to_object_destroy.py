# SPDX-License-Identifier: Apache-2.0
"""Replace a conductor call that destroys a row with the object's destroy().

Both end in the same function of the database API, with the same id, and raise
the same exception if the row is gone.
"""

from collections.abc import Iterator

import libcst as cst

from codemods.analysis.facts import Site
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import HoldsProvider, PartProvider, SiteProvider
from codemods.rewriting.nodes import (
    arg,
    assignment,
    bound,
    call,
    expression,
    line,
    method,
)
from codemods.rewriting.writing import WritingRule
from codemods.rules.code.base import CodeRule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def kill(self, context):
        self.conductor_api.service_destroy(context, self.service_id)
""",
        """\
from nova import objects


class Writer(object):

    def kill(self, context):
        objects.Service(id=self.service_id).destroy(context)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


def kill(context, instance):
    conductor.API().instance_destroy(context, instance)
""",
        because="call.constraint",
    ),
)


class ConductorDestroyToObjectDestroy(WritingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, SiteProvider, PartProvider)

    def leave_Expr(
        self, original: cst.Expr, updated: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`destroy(...)` as a statement; only such calls are rewritten."""
        site = self.site(original.value)
        if site is None or site.call.kind != "destroy" or site.left is not None:
            return updated
        assert isinstance(original.value, cst.Call)
        assert isinstance(updated.value, cst.Call)
        return self.replaced(
            original,
            self._destroyed(site, original.value, updated.value),
            self.item(site),
            site.evidence,
            Effect.DESTROYS_SERVICE if site.call.object == "Service" else None,
        )

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """List a call that stays, with the reason."""
        site = self.site(original)
        if site is not None and site.call.kind == "destroy" and site.left is not None:
            self.declined(
                original, self.item(site), site.left.code, site.evidence, site.left.detail
            )
        return updated

    def _destroyed(
        self, site: Site, original: cst.Call, updated: cst.Call
    ) -> Iterator[cst.BaseStatement]:
        name = site.call.object
        lines, given, _ = self.evaluated(site, updated)
        yield from lines
        context = self.context_arguments(name, given["context"])
        if site.row_is_object:
            yield line(method(given["row"], "destroy", *context))
            return
        self.wants_object(site)
        made = self.made(name, given["context"])
        value = given.get("id")
        if value is None:
            row = bound(original, site.call.parameters)["row"]
            value = self.id_of(given["row"], row, name)
        if self.file.tree.constructor_takes_fields:
            made = made.with_changes(args=[*made.args, arg(value, "id")])
            yield line(method(made, "destroy", *context))
            return
        yield assignment(site.variable, call(made.func))
        yield assignment(f"{site.variable}.id", value)
        yield line(method(expression(site.variable), "destroy", *context))
