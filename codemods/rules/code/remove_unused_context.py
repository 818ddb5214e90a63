# SPDX-License-Identifier: Apache-2.0
"""Remove an admin context that only a conductor call used.

If objects carry their own context, save() does not take one, so a local context
may lose its last use. Getting one has no effect that the code relies on: at most,
it becomes the thread's context for log messages, if there was none.
"""

import libcst as cst

from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import UnreadProvider
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import SERVICE_WITH_CONTEXT

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova import context


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, ctxt, host):
        self.service = self.conductor_api.service_get_by_compute_host(
            ctxt, host)

    def report(self):
        admin = context.get_admin_context()
        self.conductor_api.service_update(admin, self.service, self.service)
""",
        """\
import copy

from nova import objects


class Reader(object):

    def read(self, ctxt, host):
        self.service = objects.Service.get_by_compute_host(
            ctxt, host)

    def report(self):
        self.service.update(copy.deepcopy(self.service))
        self.service.save()
""",
        beside=(("nova/objects/service.py", SERVICE_WITH_CONTEXT),),
    ),
    LeftAlone(
        """\
from nova import conductor
from nova import context


def wait():
    ctxt = context.get_admin_context()
    conductor.API().wait_until_ready(ctxt)
""",
    ),
)


class RemoveUnusedContext(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (UnreadProvider,)
    TIDIES = True

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.Assign | cst.RemovalSentinel:
        """`ctxt = context.get_admin_context()`, if nothing reads `ctxt` any more."""
        target, value = original.targets[0].target, original.value
        if not self.is_unread(original) or not isinstance(value, cst.Call):
            return updated
        name = f"{self.file.tree.package}.context.get_admin_context"
        if self.file.dotted_name(value.func) != name or not isinstance(target, cst.Name):
            return updated
        evidence = (self.step(original, f"nothing uses `{target.value}` any more"),)
        return self.removed(original, self.file.last_item, evidence)
