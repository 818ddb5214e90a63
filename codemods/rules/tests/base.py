# SPDX-License-Identifier: Apache-2.0
"""What the rules of unit tests see besides: what the code has become."""

import libcst as cst

from codemods.analysis.uncarried import test_at, unreplaced
from codemods.mappings import ConductorCall
from codemods.model import Item
from codemods.rewriting.rule import FollowingRule


class TestRule(FollowingRule):
    """A rule that looks at unit tests, after the code that they are for."""

    #: pytest takes a class of this name for tests otherwise
    __test__ = False

    def test_around(self, original: cst.CSTNode) -> str:
        """The dotted name of the test, or class, or what else at a file's top, around a node."""
        start, _ = self._island.spans[original]
        return test_at(self.file.module, start)

    def left_to_person(self, original: cst.CSTNode, item: Item, reason: str) -> None:
        """Say that a test which a node stands in will not hold unless somebody mends it."""
        self.needs_person(original, self.test_around(original), item, reason)


class MockRule(TestRule):
    """A rule about mocks of the conductor's methods."""

    def is_replaced(self, call: ConductorCall) -> bool:
        """Whether objects do by now what one of the conductor's methods did for the code."""
        is_done = self.file.item_of(call.object) in self.file.done
        return is_done and not self.file.became.calls(call.name)

    def follows(self, original: cst.CSTNode, call: ConductorCall, is_known: bool) -> bool:
        """Whether the mock of a method at a place is to be replaced.

        Names the test where it should be, but has no known counterpart, or where only
        a part of the code no longer calls the conductor. A mock of what all of
        the code goes on calling is right as it is.
        """
        item, became = self.file.item_of(call.object), self.file.became
        if item not in self.file.done:
            return False
        is_called, rewritten = became.calls(call.name), became.rewritten_in(call.name)
        is_lost = self.file.imports_one(rewritten) if is_called else rewritten and not is_known
        if is_lost:
            self.left_to_person(original, item, unreplaced(call.name, is_called))
        return is_known and not is_called

    def target(self, method: str) -> str:
        """What a mock of an object's method is to patch: where it finds the class."""
        tree = self.file.tree
        found = tree.object(method.partition(".")[0])
        if tree.has_registry or found is None:
            return f"{tree.target}.objects.{method}"
        return f"{found.module}.{method}"
