# SPDX-License-Identifier: Apache-2.0
"""The base classes of rules for unit tests, which also see what the code has become."""

import libcst as cst

from codemods.analysis.uncarried import test_at, unreplaced
from codemods.mappings import ConductorCall
from codemods.model import Item
from codemods.rewriting.rule import FollowingRule


class TestRule(FollowingRule):
    """A rule for unit tests, which runs after the code under test has been rewritten."""

    #: otherwise pytest would collect a class of this name
    __test__ = False

    def test_around(self, original: cst.CSTNode) -> str:
        """The dotted name of the test, class or other top-level definition around a node."""
        start, _ = self._island.spans[original]
        return test_at(self.file.module, start)

    def left_to_person(self, original: cst.CSTNode, item: Item, reason: str) -> None:
        """Say that the test around a node will fail unless a person fixes it."""
        self.needs_person(original, self.test_around(original), item, reason)


class MockRule(TestRule):
    """A rule about mocks of the conductor's methods."""

    def is_replaced(self, call: ConductorCall) -> bool:
        """Whether objects have replaced the code's calls of one of the conductor's methods."""
        is_done = self.file.item_of(call.object) in self.file.done
        return is_done and not self.file.became.calls(call.name)

    def follows(self, original: cst.CSTNode, call: ConductorCall, is_known: bool) -> bool:
        """Whether the mock of a method at a place has to be replaced.

        Lists the test if the mock should be replaced but has no known counterpart, or if
        only part of the code has stopped calling the conductor. A mock of a method that
        all of the code still calls is right as it is.
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
        """What a mock of an object's method has to patch: the method, by the path of its class."""
        tree = self.file.tree
        found = tree.object(method.partition(".")[0])
        if tree.has_registry or found is None:
            return f"{tree.target}.objects.{method}"
        return f"{found.module}.{method}"
