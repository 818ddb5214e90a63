# SPDX-License-Identifier: Apache-2.0
"""Restore the little that libcst loses of a text: lines at the end, some blanks."""

import itertools
import re

import libcst as cst
from libcst._nodes.internal import CodegenState

from codemods.rewriting.code import code_of
from codemods.rewriting.spans import placed

_BLANKS = re.compile(r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*")
_EMPTY_LINE = re.compile(r"([ \t\f]*)(#[^\r\n]*)?(\r\n|\r|\n)")


class Lost(Exception):
    """The tree does not print the text; `same` is the start that it does print."""

    def __init__(self, same: str) -> None:
        super().__init__(same)
        self.same = same


def mended(module: cst.Module, text: str) -> cst.Module:
    """The tree of `text`, changed so that it prints all of it; raises `Lost` if it cannot be."""
    for mend in (_unchanged, _with_blanks, _with_footer):
        module = mend(module, text)
        printed = placed(module).text
        if printed == text:
            return module
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(printed, text, strict=False))
    raise Lost("".join(character for character, _ in same))


def _unchanged(module: cst.Module, text: str) -> cst.Module:
    return module


class _Blanks(CodegenState):
    """Follows the text while printing, and records the blanks lost before an `except` colon."""

    def __init__(self, module: cst.Module, text: str) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.lost: dict[cst.CSTNode, str] = {}
        self._text = text
        self._position = 0
        self._nodes: list[cst.CSTNode] = []
        module._codegen(self)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._nodes.append(node)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self._nodes.pop()

    def add_indent_tokens(self) -> None:
        super().add_indent_tokens()
        self._position += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        super().add_token(value)
        if value == ":" and isinstance(self._nodes[-1], cst.ExceptHandler):
            match = _BLANKS.match(self._text, self._position)
            if match is not None and match.group():
                self.lost[self._nodes[-1]] = match.group()
                self._position = match.end()
        self._position += len(value)


class _WithBlanks(cst.CSTTransformer):
    def __init__(self, lost: dict[cst.CSTNode, str]) -> None:
        super().__init__()
        self._lost = lost

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        blanks = cst.SimpleWhitespace(self._lost.get(original_node, ""))
        if blanks.empty:
            return updated_node
        return updated_node.with_changes(whitespace_before_colon=blanks)


def _with_blanks(module: cst.Module, text: str) -> cst.Module:
    """Restore the blank of `except E :`, which libcst loses unless there is a name."""
    lost = _Blanks(module, text).lost
    return module.visit(_WithBlanks(lost)) if lost else module


def _with_footer(module: cst.Module, text: str) -> cst.Module:
    """Restore comments after an indented block, and a `\\r` at the very end."""
    ends_line = text[-1:] in ("\r", "\n")
    wanted = text if ends_line else text + module.default_newline
    position = len(code_of(module.with_changes(footer=(), has_trailing_newline=True)))
    footer = []
    while match := _EMPTY_LINE.match(wanted, position):
        blank, comment, newline = match.groups()
        position = match.end()
        line = cst.EmptyLine(
            indent=False,
            whitespace=cst.SimpleWhitespace(blank),
            comment=cst.Comment(comment) if comment else None,
            newline=cst.Newline(None if newline == module.default_newline else newline),
        )
        footer.append(line)
    return module.with_changes(footer=footer, has_trailing_newline=ends_line)
