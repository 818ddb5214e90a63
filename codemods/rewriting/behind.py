# SPDX-License-Identifier: Apache-2.0
"""Add whole statements after a simple one that stays."""

from collections.abc import Iterable
from typing import Any, TypeVar

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.findings import Effects
from codemods.rewriting.nodes import line
from codemods.rewriting.rule import Rule

Small = TypeVar("Small", bound=cst.BaseSmallStatement)


class BehindRule(Rule):
    """A rule that adds statements after one that stays.

    They come after the whole line; a block on the line of its header gets lines of its own.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._behind: dict[cst.BaseSmallStatement, list[cst.BaseStatement]] = {}
        # the statements followed by another one on their line, and those on a header's line
        self._followed: set[cst.BaseSmallStatement] = set()
        self._inline: set[cst.BaseSmallStatement] = set()

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        self._followed.update(node.body[:-1])

    def visit_SimpleStatementSuite(self, node: cst.SimpleStatementSuite) -> None:
        self._inline.update(node.body)

    def followed_by(
        self,
        original: Small,
        updated: Small,
        new: Iterable[cst.BaseStatement],
        item: Item,
        evidence: Evidence = (),
        at_once: bool = False,
        effects: Effects = None,
    ) -> Small | cst.BaseSmallStatement | cst.RemovalSentinel:
        """Record that new statements come after a simple one, and return that one.

        `at_once` says that they have to come before what follows on its line.
        """
        lines = list(new)
        if original in self._inline or (at_once and original in self._followed):
            return self.replaced(original, [line(updated), *lines], item, evidence, effects)
        self._behind[original] = lines
        self.edited(original, cst.FlattenSentinel(lines), item, evidence, effects)
        return updated

    def leave_SimpleStatementLine(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        """Add the new statements after the line."""
        new = [one for small in original.body for one in self._behind.pop(small, ())]
        return cst.FlattenSentinel([updated, *new]) if new else updated
