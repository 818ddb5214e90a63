# SPDX-License-Identifier: Apache-2.0
"""What is evaluated at a time."""

import dataclasses
import functools

from codemods.analysis.project import Function, Module


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is evaluated at a time: a function, or a module's own statements."""

    module: Module
    function: Function | None

    @property
    def name(self) -> str:
        """The dotted name of the function or module."""
        tail = f".{self.function.name}" if self.function is not None else ""
        return self.module.dotted + tail

    @functools.cached_property
    def text(self) -> bytes:
        """The source of the unit."""
        source = self.module.source
        if self.function is None:
            return source.text
        node = self.function.node
        return source.text[source.start(node) : source.end(node)]

    @property
    def order(self) -> tuple[str, int]:
        """By file, then by line."""
        return (
            self.module.source.path,
            self.function.node.lineno if self.function is not None else 0,
        )

    def __lt__(self, other: "Unit") -> bool:
        return self.order < other.order
