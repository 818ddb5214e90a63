# SPDX-License-Identifier: Apache-2.0
"""Whole statements behind a simple one that stays, wherever that stands."""

from collections.abc import Iterable
from typing import Any, TypeVar

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.findings import Effects
from codemods.rewriting.nodes import line
from codemods.rewriting.rule import Rule

Small = TypeVar("Small", bound=cst.BaseSmallStatement)


class BehindRule(Rule):
    """A rule that lets statements follow one that stays.

    They come behind the whole line, but for a block behind a colon, which
    becomes one of several lines.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._behind: dict[cst.BaseSmallStatement, list[cst.BaseStatement]] = {}
        # the statements behind which another one stands on the line, or that have no lines
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
        """Say that new statements come behind a simple one, and hand that on.

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
        """The line, and what comes behind it."""
        new = [one for small in original.body for one in self._behind.pop(small, ())]
        return cst.FlattenSentinel([updated, *new]) if new else updated
