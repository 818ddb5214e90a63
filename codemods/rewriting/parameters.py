# SPDX-License-Identifier: Apache-2.0
"""Add parameters to a function."""

from collections.abc import Iterable

import libcst as cst

from codemods.rewriting.comments import WIDTH

_NOTHING = cst.SimpleWhitespace("")


def with_parameters(
    function: cst.FunctionDef, names: Iterable[str], indent: str
) -> cst.FunctionDef:
    """The function with more plain parameters at the end, in lines of 79 columns.

    `indent` is the white space before its `def`. A new line of parameters is aligned
    with the first one.
    """
    for name in names:
        close, below = _with_parameter(function, name, cst.SimpleWhitespace(" ")), None
        if len(_header(close, indent)[-1]) > WIDTH:
            below = _with_parameter(function, name, _line_break(function, indent))
        function = below or close
    return function


def _with_parameter(
    function: cst.FunctionDef, name: str, gap: cst.BaseParenthesizableWhitespace
) -> cst.FunctionDef:
    *others, last = function.params.params or (None,)
    before = []
    if last is not None:
        # only Python 3 may have a comma after the last parameter, and what follows it stays
        comma = last.comma if isinstance(last.comma, cst.Comma) else cst.Comma()
        before = [last.with_changes(comma=comma.with_changes(whitespace_after=gap))]
    new = cst.Param(cst.Name(name))
    params = function.params.with_changes(params=[*others, *before, new])
    return function.with_changes(params=params)


def _line_break(function: cst.FunctionDef, indent: str) -> cst.BaseParenthesizableWhitespace:
    """A line break that aligns the next parameter with the first one."""
    if not function.params.params:
        return _NOTHING
    gap = function.whitespace_before_params
    if isinstance(gap, cst.ParenthesizedWhitespace):
        return gap.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())
    first = function.with_changes(params=cst.Parameters())
    column = _header(first, "")[-1].rindex(")")
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(" " * column))


def _header(function: cst.FunctionDef, indent: str) -> list[str]:
    """The lines of the function's header, without its decorators."""
    bare = function.with_changes(leading_lines=(), decorators=(), lines_after_decorators=())
    alone = bare.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]))
    if not indent:
        text = cst.Module([alone]).code
    else:
        block = cst.IndentedBlock([alone], indent=indent)
        text = cst.Module([cst.If(cst.Name("x"), block)]).code.partition("\n")[2]
    return text.rpartition(" pass")[0].splitlines()
