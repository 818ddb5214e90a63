# SPDX-License-Identifier: Apache-2.0
"""Remove a local alias of the conductor when its last use is gone.

The alias is only a name: the assignment has no effect once nothing uses it.
"""

import libcst as cst

from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import HoldsProvider, UnreadProvider
from codemods.rewriting.removing import RemovingRule
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import OBJECT_READER

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        capi = self.conductor_api
        return capi.service_get_by_compute_host(context, host)
""",
        OBJECT_READER,
    ),
    LeftAlone(
        """\
from nova import conductor


def wait(context):
    capi = conductor.API()
    capi.wait_until_ready(context)
""",
    ),
)


class RemoveConductorAlias(RemovingRule, CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, UnreadProvider)
    TIDIES = True

    def leave_Assign(
        self, original: cst.Assign, updated: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """`capi = self.conductor_api`, if every call through `capi` has been rewritten."""
        if not self.is_unread(original) or self.held(original.value) is None:
            return updated
        if not isinstance(original.targets[0].target, cst.Name):
            return updated
        return self.removed_unread(original, self.file.last_item)
