# SPDX-License-Identifier: Apache-2.0
"""Remove imports from a module or a function, with as little else as possible."""

import itertools
from collections.abc import Collection, Sequence

import libcst as cst

from codemods.rewriting.imported import Imported, imported
from codemods.rewriting.leading_lines import (
    Lines,
    joined,
    parted,
    without_first_gap,
    without_last_gap,
)

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement

_NO_SPACE = cst.SimpleWhitespace("")


def without_imports(
    module: cst.Module, lost: Collection[Imported], is_top: bool, is_end: bool
) -> cst.Module:
    """The module, which may be the top or the end of a file, without the `lost` imports.

    Imports in blocks stay. So does an import with a comment of its own: only a person
    can tell what should become of it.
    """
    first, *others = module.body
    # libcst puts what is above the first statement into the module's header
    above, own = parted(module.header, is_top)
    header = without_last_gap(above)
    lead = [*above[len(header) :], *own]
    body = [first.with_changes(leading_lines=lead), *others]
    kept, footer = _without(body, module.footer, lost, is_top and not header, is_end)
    below = kept[0].leading_lines if kept else footer
    if header and below and below[0].comment is not None:
        # keep the comment of the next statement apart from that of the file
        header = [*header, cst.EmptyLine(indent=False)]
    # libcst ends even an empty module with a newline
    ends = module.has_trailing_newline and bool(header or kept or footer)
    return module.with_changes(header=header, body=kept, footer=footer, has_trailing_newline=ends)


def without_own_imports(module: cst.Module, lost: Collection[Imported]) -> cst.Module:
    """The module without the `lost` imports of its one function; those in a `try` stay."""
    return cst.ensure_type(module.visit(_OwnImports(lost)), cst.Module)


class _OwnImports(cst.CSTTransformer):
    """Goes into the blocks of the outermost function, except for `try` statements."""

    def __init__(self, lost: Collection[Imported]) -> None:
        super().__init__()
        self.lost = lost
        self.depth = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self.depth += 1
        return self.depth == 1

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self.depth -= 1
        return updated_node

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        return self.depth == 0

    def visit_Try(self, node: cst.Try) -> bool:
        return self.depth == 0

    def visit_TryStar(self, node: cst.TryStar) -> bool:
        return self.depth == 0

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        if self.depth == 0:
            return updated_node
        body = [s for s in updated_node.body if isinstance(s, Statement)]
        kept, footer = _without(body, updated_node.footer, self.lost, is_top=True, is_end=True)
        # a block needs a statement
        return updated_node.with_changes(body=kept, footer=footer) if kept else updated_node


def _without(
    body: Sequence[Statement], footer: Lines, lost: Collection[Imported], is_top: bool, is_end: bool
) -> tuple[Sequence[Statement], Lines]:
    """The statements without the imports, and the lines after the last one."""
    kept: list[Statement] = []
    over: Lines | None = None
    for statement in body:
        left, lines = _statement_without(statement, lost), statement.leading_lines
        if over is not None:
            lines = joined(over, lines)
            lines = without_first_gap(lines) if is_top and not kept else lines
        if left is not None:
            kept.append(left.with_changes(leading_lines=lines) if over is not None else left)
        over = lines if left is None else None
    if over is not None:
        footer = joined(over, footer) if footer or not is_end else without_last_gap(over)
        footer = without_first_gap(footer) if is_top and not kept else footer
    return kept, footer


def _statement_without(statement: Statement, lost: Collection[Imported]) -> Statement | None:
    """What is left of a line of statements; None if nothing is."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return statement
    small = [_small_without(one, lost) for one in statement.body]
    left = [one for one in small if one is not None]
    if not left:
        _, own = parted(statement.leading_lines, is_top=False)
        return statement if own or statement.trailing_whitespace.comment else None
    if small[-1] is None:
        left[-1] = left[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    return statement.with_changes(body=left)


def _small_without(
    statement: cst.BaseSmallStatement, lost: Collection[Imported]
) -> cst.BaseSmallStatement | None:
    """What is left of a statement; a name that has a comment stays."""
    if not isinstance(statement, cst.Import | cst.ImportFrom):
        return statement
    names = statement.names
    if isinstance(names, cst.ImportStar):
        return statement
    is_lost = [imported(statement, alias) in lost for alias in names]
    if all(is_lost) and not _has_comment(statement):
        return None
    spaces = _spaces(statement, names)
    kept = [
        number
        for number, alias in enumerate(names)
        if not is_lost[number]
        or _has_comment(alias.with_changes(comma=cst.MaybeSentinel.DEFAULT))
        or _comments(spaces[number])[1]
        or _comments(spaces[number + 1])[0]
    ]
    return _with_names(statement, names, kept, spaces) if kept else statement


def _with_names(
    statement: cst.Import | cst.ImportFrom,
    names: Sequence[cst.ImportAlias],
    kept: Sequence[int],
    spaces: Sequence[cst.BaseParenthesizableWhitespace],
) -> cst.Import | cst.ImportFrom:
    """The statement with only the names at the `kept` indices, and the space around them."""
    first, last, end = kept[0], kept[-1], len(names)
    opening, closing = spaces[0], spaces[end]
    if first != 0 and _comments(spaces[first])[1]:
        opening = _merged(opening, spaces[first])
    if last != end - 1 and _comments(spaces[last + 1])[0]:
        closing = _merged(spaces[last + 1], closing)
    left = []
    for number, following in itertools.pairwise(kept):
        space = spaces[following]
        if following != number + 1:
            space = _merged(spaces[number + 1], space)
        left.append(_before_comma(names[number], names[number].comma, space))
    left.append(_before_comma(names[last], names[-1].comma, closing))
    if isinstance(statement, cst.Import) or statement.lpar is None or statement.rpar is None:
        return statement.with_changes(names=left)
    rpar = statement.rpar
    if not isinstance(names[-1].comma, cst.Comma):
        rpar = rpar.with_changes(whitespace_before=closing)
    lpar = statement.lpar.with_changes(whitespace_after=opening)
    return statement.with_changes(names=left, lpar=lpar, rpar=rpar)


def _before_comma(
    alias: cst.ImportAlias,
    comma: cst.Comma | cst.MaybeSentinel,
    space: cst.BaseParenthesizableWhitespace,
) -> cst.ImportAlias:
    if isinstance(comma, cst.Comma):
        comma = comma.with_changes(whitespace_after=space)
    return alias.with_changes(comma=comma)


def _spaces(
    statement: cst.Import | cst.ImportFrom, names: Sequence[cst.ImportAlias]
) -> list[cst.BaseParenthesizableWhitespace]:
    """The space before the first name, and after the comma of each or after the last name."""
    opening: cst.BaseParenthesizableWhitespace = _NO_SPACE
    closing: cst.BaseParenthesizableWhitespace = _NO_SPACE
    if isinstance(statement, cst.ImportFrom):
        opening = statement.lpar.whitespace_after if statement.lpar else opening
        closing = statement.rpar.whitespace_before if statement.rpar else closing
    commas = [alias.comma for alias in names]
    return [opening] + [c.whitespace_after if isinstance(c, cst.Comma) else closing for c in commas]


def _comments(space: cst.BaseParenthesizableWhitespace) -> tuple[bool, bool]:
    """Whether a space has a comment on the line before it, and one above what follows it."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return False, False
    return space.first_line.comment is not None, any(line.comment for line in space.empty_lines)


def _merged(
    behind: cst.BaseParenthesizableWhitespace, above: cst.BaseParenthesizableWhitespace
) -> cst.BaseParenthesizableWhitespace:
    """Merge two spaces into one that has the comments of both and makes no line longer."""
    if not isinstance(behind, cst.ParenthesizedWhitespace):
        is_broken = isinstance(behind, cst.SimpleWhitespace) and "\n" in behind.value
        return behind if is_broken and not isinstance(above, cst.ParenthesizedWhitespace) else above
    if not isinstance(above, cst.ParenthesizedWhitespace):
        return behind
    return behind.with_changes(empty_lines=above.empty_lines, last_line=above.last_line)


def _has_comment(node: cst.CSTNode) -> bool:
    # an import has no string that could contain a `#`
    return "#" in cst.Module([]).code_for_node(node)
