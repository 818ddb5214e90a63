# SPDX-License-Identifier: Apache-2.0
"""A libcst command that renames two of the conductor's methods, and does nothing else.

It is the least that a codemod of this kind can do with libcst: it parses a file,
visits its attributes, prints it again. `codemods_run.py` measures against it.
"""

import libcst
from libcst.codemod import VisitorBasedCodemodCommand

#: The conductor's method and the object's method, as `codemods_run.py` gives them to ast-grep too.
RENAMED = {"service_get_by_args": "get_by_args", "compute_node_update": "update"}


class RenameConductorCalls(VisitorBasedCodemodCommand):
    """Rename the methods of `RENAMED` where they are called."""

    DESCRIPTION = "Rename two of the conductor's methods where they are called."

    def leave_Call(self, original_node: libcst.Call, updated_node: libcst.Call) -> libcst.Call:
        """Return the call with its method renamed, or the call as it was."""
        called = updated_node.func
        if not isinstance(called, libcst.Attribute) or called.attr.value not in RENAMED:
            return updated_node
        name = libcst.Name(RENAMED[called.attr.value])
        return updated_node.with_changes(func=called.with_changes(attr=name))
