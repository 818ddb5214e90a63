# SPDX-License-Identifier: Apache-2.0
"""The unit of evaluation."""

from typing import NamedTuple

from codemods.analysis.project import Function, Module


class Unit(NamedTuple):
    """What is evaluated at a time: a function, or a module's own statements.

    A tuple, because it is hashed all the time.
    """

    module: Module
    function: Function | None

    @property
    def name(self) -> str:
        """The dotted name of the function or module."""
        return self.function.dotted if self.function is not None else self.module.dotted

    def says(self, needle: bytes) -> bool:
        """Whether the source of the unit contains `needle`."""
        source = self.module.source
        if self.function is None:
            return needle in source.text
        node = self.function.node
        return source.text.find(needle, source.start(node), source.end(node)) >= 0

    def order(self) -> tuple[str, int]:
        """A sort key: by file, then by line."""
        return (
            self.module.source.path,
            self.function.node.lineno if self.function is not None else 0,
        )
