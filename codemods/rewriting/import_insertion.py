# SPDX-License-Identifier: Apache-2.0
"""Insert an import among the imports of a file, in nova's order."""

import re
from typing import Literal

import libcst as cst
import libcst.matchers as m

from codemods.rewriting.imported import first_import, rank
from codemods.rewriting.leading_lines import Lines, parted, without_last_gap

_DEFINITION = re.compile(rb"@|(?:class|def|async)\b")


class Insertion:
    """Inserts imports: one per line, in nova's order and with the file's line endings.

    The module is the start of a file; `follows` is the rest of it. `package` is the
    tree's own.
    """

    def __init__(self, package: str, newline: Literal["\n", "\r\n"], follows: bytes) -> None:
        self.package = package
        self.newline = cst.Newline(value=newline)
        self.follows = follows

    def into(self, module: cst.Module, line: str, dotted: str) -> cst.Module:
        """The module with an import `line`, which names `dotted`."""
        new = cst.ensure_type(cst.parse_statement(line), cst.SimpleStatementLine)
        new = new.with_changes(trailing_whitespace=cst.TrailingWhitespace(newline=self.newline))
        wanted = rank(dotted, self.package)
        places = [
            (number, rank(one.dotted, self.package))
            for number, statement in enumerate(module.body)
            if isinstance(statement, cst.SimpleStatementLine)
            and (one := first_import(statement)) is not None
        ]
        own = [(number, other) for number, other in places if other[0] == wanted[0]]
        before = [number for number, other in own if other < wanted]
        later = [number for number, other in places if other[0] > wanted[0]]
        if before:
            return _behind(module, before[-1], new)
        if own:
            return _above(module, own[0][0], new, [])
        if later:
            return _above(module, later[0], new, self._blank(1))
        if places:
            return _behind(module, places[-1][0], new.with_changes(leading_lines=self._blank(1)))
        return self._first(module, new)

    def _first(self, module: cst.Module, new: cst.SimpleStatementLine) -> cst.Module:
        """The module, which has at most a docstring, with its first import."""
        above: Lines
        below: Lines
        if module.body:
            above, below = self._blank(1), module.footer
            lacks_gap = not below or below[0].comment is not None
        else:
            above, below = parted([*module.header, *module.footer], is_top=True)
            # if in doubt, the comment that a file begins with stays on top
            if not self.follows or not above:
                above, below = [*above, *below], []
            if above := without_last_gap(above):
                above = [*above, *self._blank(1)]
            # an empty file gets a newline at its end
            ends = module.has_trailing_newline or not above
            lacks_gap, module = True, module.with_changes(header=[], has_trailing_newline=ends)
        if lacks_gap and (below or self.follows):
            below = [*self._blank(2 if _DEFINITION.match(self.follows) else 1), *below]
        new = new.with_changes(leading_lines=above)
        return module.with_changes(body=[*module.body, new], footer=below)

    def _blank(self, count: int) -> list[cst.EmptyLine]:
        return [cst.EmptyLine(indent=False, newline=self.newline) for _ in range(count)]


def _has_docstring(module: cst.Module) -> bool:
    """Whether the module has a docstring, which is one only as its first statement."""
    return m.matches(
        module.body[0],
        m.SimpleStatementLine([m.Expr(m.SimpleString() | m.ConcatenatedString()), m.ZeroOrMore()]),
    )


def _behind(module: cst.Module, at: int, new: cst.SimpleStatementLine) -> cst.Module:
    return module.with_changes(body=[*module.body[: at + 1], new, *module.body[at + 1 :]])


def _above(
    module: cst.Module, at: int, new: cst.SimpleStatementLine, gap: list[cst.EmptyLine]
) -> cst.Module:
    """The module with a statement above another, which keeps its comment."""
    old, is_top = module.body[at], at == 0
    if is_top and _has_docstring(module):
        return _behind(module, 0, new.with_changes(leading_lines=gap))
    # libcst puts what is above the first statement into the module's header
    lead = [*module.header, *old.leading_lines] if is_top else old.leading_lines
    above, own = parted(lead, is_top)
    if is_top and not above:
        # if in doubt, the comment that a file begins with stays on top
        above, own = own, []
    new = new.with_changes(leading_lines=above)
    old = old.with_changes(leading_lines=[*gap, *own])
    body = [*module.body[:at], new, old, *module.body[at + 1 :]]
    return module.with_changes(header=[] if is_top else module.header, body=body)
