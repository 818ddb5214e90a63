# SPDX-License-Identifier: Apache-2.0
"""A libcst visitor of one's own that asks which object an expression holds.

    python examples/own_visitor.py TREE FILE [FILE ...]
"""

import pathlib
import sys

import libcst as cst
from libcst.metadata import FullRepoManager, PositionProvider

from codemods.metadata import HoldsProvider


class Subscripts(cst.CSTVisitor):
    """Prints each `row['key']` of a row that becomes an object."""

    METADATA_DEPENDENCIES = (HoldsProvider, PositionProvider)

    def visit_Subscript(self, node: cst.Subscript) -> None:
        held = self.get_metadata(HoldsProvider, node.value, None)
        if held is not None and held.object is not None:
            line = self.get_metadata(PositionProvider, node).start.line
            sure = "on every path" if held.object.sure else "on some path"
            print(f"{line}: {held.object.name} {sure}")


if __name__ == "__main__":
    root, paths = pathlib.Path(sys.argv[1]), sys.argv[2:]
    manager = FullRepoManager(root, paths, {HoldsProvider, PositionProvider})
    for path in paths:
        print(path)
        manager.get_metadata_wrapper_for_path(path).visit(Subscripts())
