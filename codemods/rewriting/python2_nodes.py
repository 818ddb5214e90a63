# SPDX-License-Identifier: Apache-2.0
"""libcst nodes that print syntax that only Python 2 has.

Visitors and matchers treat a class with the name of its base class like the base class.
They do not know `Backquotes` and `TupleParameter`.
"""

import dataclasses
from typing import Any

import libcst as cst
from libcst import CSTVisitorT
from libcst._nodes.internal import (
    CodegenState,
    visit_optional,
    visit_required,
    visit_sequence,
)

from codemods.syntax.literals import number_value, strings_value


class Python2Node(cst.CSTNode):
    """A node that keeps its class when a visitor changes it.

    libcst's own classes would make a node of the base class.
    """

    def _visit_and_replace_children(self, visitor: CSTVisitorT) -> Any:
        visited = super()._visit_and_replace_children(visitor)  # type: ignore[safe-super]
        found = {field.name: getattr(visited, field.name) for field in dataclasses.fields(visited)}
        # a visitor does not change text, and the new node does not have our text fields
        changed = {name: value for name, value in found.items() if not isinstance(value, str)}
        return self.with_changes(**changed)


class _Literal(cst.BaseExpression):
    """A leaf with a text that its base class would refuse."""

    value: str

    def _validate(self) -> None:
        if len(self.lpar) != len(self.rpar):
            raise cst.CSTValidationError("Cannot have unbalanced parens.")

    def _visit_and_replace_children(self, visitor: CSTVisitorT) -> Any:
        return self.with_changes(
            lpar=visit_sequence(self, "lpar", self.lpar, visitor),
            rpar=visit_sequence(self, "rpar", self.rpar, visitor),
        )


@dataclasses.dataclass(frozen=True)
class Integer(_Literal, cst.Integer):
    """`10L` or `0777`."""

    @property
    def evaluated_value(self) -> int:
        """The number that it is in Python 2."""
        return number_value(self.value.encode())


@dataclasses.dataclass(frozen=True)
class SimpleString(_Literal, cst.SimpleString):
    r"""`ur''`, `'C:\users'`, or a `b''` next to a string without a `b`."""

    is_unicode: bool = False

    @property
    def prefix(self) -> str:
        """The prefix without a `b`: Python 2 joins `b''` and `''`, but libcst refuses to."""
        return super().prefix.replace("b", "")

    @property
    def quote(self) -> Any:
        """The quotes around it."""
        return cst.SimpleString(self.value[len(super().prefix) :]).quote

    @property
    def raw_value(self) -> str:
        """What is between the quotes."""
        width = len(self.quote)
        return self.value[len(super().prefix) + width : -width]

    @property
    def evaluated_value(self) -> str | bytes:
        """The value that it has in Python 2."""
        return strings_value([self.value.encode()], self.is_unicode)


@dataclasses.dataclass(frozen=True)
class TupleParameter(_Literal, cst.Name):
    """A tuple parameter such as `(a, b)`; `value` is all of it."""


@dataclasses.dataclass(frozen=True)
class Comma(Python2Node, cst.Comma):
    """A comma of a respelled `print` or `exec`, which prints nothing, `>>` or `in`."""

    spelled: str = ""

    def _get_token(self) -> str:
        return self.spelled


@dataclasses.dataclass(frozen=True)
class Unseen(cst.SimpleWhitespace):
    """White space that libcst wants but the text does not have, as in `lambda(a, b): a`."""

    value: str = " "

    def _codegen_impl(self, state: CodegenState) -> None:
        state.add_token("")


@dataclasses.dataclass(frozen=True)
class _OpeningBackquote(Python2Node, cst.LeftSquareBracket):
    def _codegen_impl(self, state: CodegenState) -> None:
        state.add_token("`")
        self.whitespace_after._codegen(state)


@dataclasses.dataclass(frozen=True)
class _ClosingBackquote(Python2Node, cst.RightSquareBracket):
    def _codegen_impl(self, state: CodegenState) -> None:
        self.whitespace_before._codegen(state)
        state.add_token("`")


@dataclasses.dataclass(frozen=True)
class Backquotes(Python2Node, cst.List):
    """An expression, or several with commas, in backquotes."""

    @classmethod
    def around(cls, node: cst.List) -> "Backquotes":
        """Backquotes with the elements of a list."""
        return cls(
            elements=node.elements,
            lbracket=_OpeningBackquote(node.lbracket.whitespace_after),
            rbracket=_ClosingBackquote(node.rbracket.whitespace_before),
            lpar=node.lpar,
            rpar=node.rpar,
        )


@dataclasses.dataclass(frozen=True)
class AsName(Python2Node, cst.AsName):
    """The `, e` of `except E, e`."""

    def _validate(self) -> None:
        # a comma needs no space on either side
        pass

    def _visit_and_replace_children(self, visitor: CSTVisitorT) -> cst.AsName:
        return self.with_changes(
            whitespace_before_as=visit_required(
                self, "whitespace_before_as", self.whitespace_before_as, visitor
            ),
            whitespace_after_as=visit_required(
                self, "whitespace_after_as", self.whitespace_after_as, visitor
            ),
            name=visit_required(self, "name", self.name, visitor),
        )

    def _codegen_impl(self, state: CodegenState) -> None:
        self.whitespace_before_as._codegen(state)
        state.add_token(",")
        self.whitespace_after_as._codegen(state)
        self.name._codegen(state)


@dataclasses.dataclass(frozen=True)
class ExceptHandler(cst.ExceptHandler):
    """A handler with such an `AsName`, or one that binds more than a name."""

    def _validate(self) -> None:
        # libcst would refuse what only Python 3 does not allow
        pass

    def _visit_and_replace_children(self, visitor: CSTVisitorT) -> cst.ExceptHandler:
        after, before = self.whitespace_after_except, self.whitespace_before_colon
        return self.with_changes(
            leading_lines=visit_sequence(self, "leading_lines", self.leading_lines, visitor),
            whitespace_after_except=visit_required(self, "whitespace_after_except", after, visitor),
            type=visit_optional(self, "type", self.type, visitor),
            name=visit_optional(self, "name", self.name, visitor),
            whitespace_before_colon=visit_required(
                self, "whitespace_before_colon", before, visitor
            ),
            body=visit_required(self, "body", self.body, visitor),
        )
