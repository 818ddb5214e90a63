# SPDX-License-Identifier: Apache-2.0
"""The base of the rules for code that takes a row out of a row."""

from typing import ClassVar, TypeVar

import libcst as cst

from codemods.analysis.readings import Queried, Reading, Unreadable
from codemods.model import Item
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import RelationProvider
from codemods.rewriting.rule import RowRule

Access = TypeVar("Access", cst.Subscript, cst.Call)


class RelationRule(RowRule):
    """A rule for the readings of one relation: `RELATION` is its owner and its key."""

    METADATA_DEPENDENCIES = (RelationProvider,)

    RELATION: ClassVar[tuple[str, str]]
    #: The effect of the rule's edits.
    EFFECT: ClassVar[Effect]

    @property
    def item(self) -> Item:
        """The work item that turns the owner into an object."""
        return self.file.item_of(self.RELATION[0])

    def reading(self, node: cst.CSTNode) -> Reading | None:
        """The reading of the relation by an expression; None if it is not one."""
        found = super().reading(node)
        return found if found is not None and found.relation.names == self.RELATION else None

    def queried(self, node: cst.CSTNode | None, form: str) -> tuple[Reading, Queried] | None:
        """The reading by an expression if it becomes a query of that form; else None."""
        found = self.reading(node) if node is not None else None
        if found is None or not isinstance(found.way, Queried) or found.way.form != form:
            return None
        return found, found.way

    def leave_Subscript(
        self, original: cst.Subscript, updated: cst.Subscript
    ) -> cst.BaseExpression:
        """`row['key']`."""
        return self._left_or_read(original, updated)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        """`row.get('key')`."""
        return self._left_or_read(original, updated)

    def _left_or_read(self, original: Access, updated: Access) -> cst.BaseExpression:
        found = self.reading(original)
        if found is None:
            return updated
        if isinstance(found.way, Unreadable):
            code, detail = found.way.code, found.way.detail
            self.declined(original, self.item, code, found.owner.evidence, detail)
            return updated
        new = self.read(found, owner_of(updated))
        if new is None:
            return updated
        new = new.with_changes(lpar=updated.lpar, rpar=updated.rpar)
        return self.edited(original, new, self.item, found.owner.evidence, self.EFFECT)

    def read(self, found: Reading, owner: cst.BaseExpression) -> cst.BaseExpression | None:
        """The expression that replaces a reading; None if the whole statement changes instead."""
        raise NotImplementedError


def owner_of(reading: cst.BaseExpression) -> cst.BaseExpression:
    """The owner: `row` of `row['key']` and of `row.get('key')`."""
    if isinstance(reading, cst.Subscript):
        return reading.value
    assert isinstance(reading, cst.Call)
    assert isinstance(reading.func, cst.Attribute)
    return reading.func.value
