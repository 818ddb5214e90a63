"""What the rules of unit tests see besides: what the code has become."""

import libcst as cst

from codemods.mappings import ConductorCall
from codemods.model import Evidence
from codemods.rewriting.rule import FollowingRule


class TestRule(FollowingRule):
    """A rule that looks at unit tests, after the code that they are for."""

    #: pytest takes a class of this name for tests otherwise
    __test__ = False

    def test_around(self, original: cst.CSTNode) -> str:
        """The name of the function that a node stands in, with its class's; "" outside of all."""
        function = self.file.module.function_at(self._island.spans[original][0])
        return function.name if function is not None else ""


class MockRule(TestRule):
    """A rule about mocks of the conductor's methods."""

    def is_replaced(self, call: ConductorCall) -> bool:
        """Whether objects do by now what one of the conductor's methods did for the code."""
        is_done = self.file.item_of(call.object) in self.file.done
        return is_done and not self.file.became.calls(call.name)

    def follows(
        self, original: cst.CSTNode, call: ConductorCall, is_known: bool, evidence: Evidence
    ) -> bool:
        """Whether the mock of a method at a place is to be replaced.

        Says so where it should be, but has no known counterpart, or where only
        a part of the code no longer calls the conductor. A mock of what all of
        the code goes on calling is right as it is.
        """
        item, became = self.file.item_of(call.object), self.file.became
        if item not in self.file.done:
            return False
        is_called = became.calls(call.name)
        if became.has_rewritten(call.name) if is_called else not is_known:
            self.declined(original, item, "test.stub", evidence)
        return is_known and not is_called

    def target(self, method: str) -> str:
        """What a mock of an object's method is to patch: where it finds the class."""
        tree = self.file.tree
        found = tree.object(method.partition(".")[0])
        if tree.has_registry or found is None:
            return f"{tree.target}.objects.{method}"
        return f"{found.module}.{method}"
