# SPDX-License-Identifier: Apache-2.0
"""List calls that may reach the conductor, but not in a way that can be rewritten.

`self.virtapi.instance_update()` calls a method of the compute manager, and only
that method calls the conductor. Out-of-tree drivers call it too, so its
arguments and its result stay as they are. If a conductor method's name is looked
up on a value that may be the conductor, for example on a parameter for which no
caller was found, the place is listed for a person to decide.
"""

import libcst as cst

from codemods.rewriting.examples import LeftAlone
from codemods.rewriting.metadata import SuspectProvider
from codemods.rules.code.base import CodeRule

EXAMPLES = (
    LeftAlone(
        """\
from nova import conductor


class Driver(object):
    def __init__(self, virtapi):
        self.virtapi = virtapi
        self.conductor_api = conductor.API()

    def progress(self, context, uuid):
        service = self.conductor_api.wait_until_ready(context)
        self.virtapi.instance_update(context, uuid, {'progress': 50})
""",
        because="call.indirect",
        path="nova/virt/example.py",
    ),
    LeftAlone(
        """\
def read(conductor_api, context, host):
    return conductor_api.service_get_by_compute_host(context, host)
""",
        because="call.unknown-handle",
    ),
    LeftAlone(
        """\
class Driver(object):
    def __init__(self, virtapi):
        self.virtapi = virtapi

    def progress(self, context, uuid):
        self.virtapi.provider_fw_rule_get_all(context)
""",
        path="nova/virt/example.py",
    ),
)


class ConductorCallIndirect(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (SuspectProvider,)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`self.virtapi.instance_update(...)`, or a call on what may be the API."""
        self._listed(original)
        return updated

    def leave_Attribute(self, original: cst.Attribute, updated: cst.Attribute) -> cst.Attribute:
        """`api.service_update`, not called, of what may be the API."""
        self._listed(original)
        return updated

    def _listed(self, original: cst.CSTNode) -> None:
        found = self.get_metadata(SuspectProvider, original, None)
        if found is not None:
            evidence = (self.step(original, found.text),)
            self.declined(original, found.item, found.code, evidence)
