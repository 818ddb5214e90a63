# SPDX-License-Identifier: Apache-2.0
"""Make dicts of objects: the base of the rules that let code go on reading dicts."""

import libcst as cst

from codemods.analysis.facts import Holding
from codemods.model import Item
from codemods.rewriting.findings import Effects
from codemods.rewriting.nodes import passed_to
from codemods.rewriting.rule import RowRule


class PrimitiveRule(RowRule):
    """The base of the rules that make dicts of objects."""

    def primitive(
        self,
        original: cst.BaseExpression,
        updated: cst.BaseExpression,
        row: Holding,
        effects: Effects = None,
    ) -> cst.Call:
        """`obj_base.obj_to_primitive(value)`, which returns other values as they are."""
        self.wants_base(row)
        new = passed_to("obj_base.obj_to_primitive", updated)
        return self.edited(original, new, self.item(row), row.evidence, effects)

    def item(self, row: Holding) -> Item:
        """The work item of an object."""
        return self.file.item_of(row.name)

    def wants_base(self, row: Holding) -> None:
        """Record that the file needs the import of the objects' base."""
        self.wants_import(self.file.tree.base_import, self.item(row))

    def keeps_objects(self, row: Holding) -> bool:
        """Whether one of the row's values is an object that a dict of the row has to keep."""
        return row.name == "ComputeNode" and self.file.nodes_hold_devices
