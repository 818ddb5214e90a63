# SPDX-License-Identifier: Apache-2.0
"""Remove attributes that hold the conductor's API and that nothing uses any more.

An attribute is removed when no module that was read uses it on an instance of
the class; an __init__ that only set it is removed too.
"""

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import UnreadProvider
from codemods.rewriting.removing import RemovingRule
from codemods.rules.code.base import CodeRule

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.seen = 0

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
""",
        """\
from nova import objects


class Reader(object):
    def __init__(self):
        self.seen = 0

    def read(self, context, host):
        return objects.Service.get_by_compute_host(context, host)
""",
    ),
    LeftAlone(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)
""",
    ),
)


class RemoveConductorHandle(RemovingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (UnreadProvider,)
    TIDIES = True

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`self.conductor_api = conductor.API()`, which nothing reads any more."""
        target = original.targets[0].target
        if not self.is_unread(original) or not isinstance(target, cst.Attribute):
            return updated
        return self.removed_unread(original, Item.CONDUCTOR, self._evidence(original))

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef | cst.RemovalSentinel:
        """An __init__ that only set such attributes."""
        if not self.is_unread(original):
            return updated
        return self.removed(original, Item.CONDUCTOR, self._evidence(original))

    def _evidence(self, original: cst.CSTNode) -> Evidence:
        return (self.step(original, "nothing reads the attribute any more"),)
