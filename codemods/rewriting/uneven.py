# SPDX-License-Identifier: Apache-2.0
"""Nodes on lines with another indentation than libcst would print.

Each node knows the indentation around it when it was parsed, and that of its own line.
If it is printed elsewhere, it gets the indentation of that place.
"""

import dataclasses
import functools
from typing import Any, TypeVar

import libcst as cst
from libcst._nodes.internal import CodegenState

from codemods.rewriting.python2_nodes import Python2Node

Node = TypeVar("Node", bound=cst.CSTNode)


class _Indents(list[str]):
    """Indents that replace the first one to be added with another."""

    def __init__(self, first: str) -> None:
        super().__init__()
        self._first = first

    def append(self, value: str) -> None:
        """Add an indent."""
        super().append(value if self else self._first)


class _Uneven(Python2Node):
    within: str
    spelled: str

    def _codegen_impl(self, state: CodegenState, **kwargs: Any) -> None:
        indents = state.indent_tokens
        if "".join(indents) == self.within:
            is_block = isinstance(self, cst.IndentedBlock)
            state.indent_tokens = _Indents(self.spelled) if is_block else [self.spelled]
        super()._codegen_impl(state, **kwargs)  # type: ignore[safe-super]
        state.indent_tokens = indents


@functools.cache
def _uneven(kind: type[cst.CSTNode]) -> type[cst.CSTNode]:
    # it has the same name because visitors and matchers dispatch on that
    fields = [("within", str, ""), ("spelled", str, "")]
    return dataclasses.make_dataclass(kind.__name__, fields, bases=(_Uneven, kind), frozen=True)


def indented_as(node: Node, within: str, spelled: str) -> Node:
    """A statement or clause whose line is indented by `spelled` in a block indented by `within`.

    For a block, `spelled` is the indentation of its lines.
    """
    fields = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    made: Any = _uneven(type(node))
    uneven: Node = made(**fields, within=within, spelled=spelled)
    return uneven
