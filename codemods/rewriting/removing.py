# SPDX-License-Identifier: Apache-2.0
"""Remove what nothing reads any more, with a comment that can only be about that."""

from typing import Any

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.leading_lines import parted
from codemods.rewriting.rule import RowRule


class RemovingRule(RowRule):
    """The base of the rules that remove the statements that `is_unread` knows."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # the statements below a comment that is about nothing else
        self._described: set[cst.BaseSmallStatement] = set()

    def visit_IndentedBlock(self, node: cst.IndentedBlock) -> None:
        goes_on = False
        for statement in reversed(node.body):
            lines = getattr(statement, "leading_lines", ())
            if isinstance(statement, cst.SimpleStatementLine) and all(
                map(self.is_unread, statement.body)
            ):
                if not goes_on and parted(lines, is_top=False)[1]:
                    self._described.update(statement.body)
            else:
                goes_on = True
            # what is below a blank line or another comment does not go on from above it
            goes_on = goes_on and not lines

    def removed_unread(
        self, original: cst.Assign, item: Item, evidence: Evidence = ()
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """Record that a statement is removed, with the comment above it if no other follows."""
        if original in self._described:
            return self.removed_with_comments(original, item, evidence)
        return self.removed(original, item, evidence)
