# SPDX-License-Identifier: Apache-2.0
"""The header of a compound statement, without its blocks."""

from typing import Any, TypeVar

import libcst as cst

Node = TypeVar("Node", bound=cst.CSTNode)
_BELOW = ("body", "orelse", "handlers", "finalbody", "cases")


def bare(node: Node) -> Node:
    """`node` without the lines above it and without the blocks below its header.

    Its other clauses (`elif`, `except`) keep their headers, and what is on the same line as
    a header stays.
    """
    if isinstance(node, cst.IndentedBlock):
        return node.with_changes(body=[], footer=[])
    if isinstance(node, cst.SimpleStatementSuite):
        return node
    changes: dict[str, Any] = {"leading_lines": []} if hasattr(node, "leading_lines") else {}
    if not isinstance(node, cst.SimpleStatementLine):
        for name in _BELOW:
            value = getattr(node, name, None)
            if isinstance(value, cst.CSTNode):
                changes[name] = bare(value)
            elif value:
                changes[name] = [bare(clause) for clause in value]
    return node.with_changes(**changes)


def with_blocks(header: Node, whole: cst.CSTNode) -> Node:
    """`header`, made from `whole` by `bare` and then changed, with the blocks of `whole`."""
    if isinstance(whole, cst.IndentedBlock):
        return header.with_changes(body=whole.body, footer=whole.footer)
    if isinstance(whole, cst.SimpleStatementSuite):
        return header
    changes: dict[str, Any] = {}
    if hasattr(whole, "leading_lines"):
        changes["leading_lines"] = whole.leading_lines
    if not isinstance(whole, cst.SimpleStatementLine):
        for name in _BELOW:
            value, own = getattr(whole, name, None), getattr(header, name, None)
            if isinstance(value, cst.CSTNode):
                assert isinstance(own, cst.CSTNode)
                changes[name] = with_blocks(own, value)
            elif value:
                assert own is not None
                pairs = zip(own, value, strict=True)
                changes[name] = [with_blocks(clause, before) for clause, before in pairs]
    return header.with_changes(**changes)
