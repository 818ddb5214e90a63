# SPDX-License-Identifier: Apache-2.0
"""Lay out the parameters of a definition."""

from collections.abc import Iterator

import libcst as cst

from codemods.rewriting.comments import WIDTH
from codemods.rewriting.lines.breaks import line_break
from codemods.rewriting.lines.draft import Draft
from codemods.rewriting.lines.regions import Gap


def lay_out_parameters(draft: Draft) -> None:
    """Start new lines within the parameters of a definition if a line is too long.

    They are aligned with the first parameter, or with the other lines of parameters.
    """
    while isinstance(draft.node, cst.FunctionDef):
        gap = _gap_to_break(draft, draft.node.params)
        if gap is None or not draft.respace({gap: _break(draft, gap)}, draft.excess - 1):
            return


def _gap_to_break(draft: Draft, params: cst.Parameters) -> Gap | None:
    """The last gap between parameters before the end of a line that is too long."""
    printed, found = draft.printed, None
    if params not in printed or not draft.is_touched(*printed.outer(params)):
        return None
    for gap in _gaps(params):
        start = printed.outer(gap)[0]
        if printed.line(start) in draft.long and printed.column(start) <= WIDTH:
            found = gap
    return found


def _break(draft: Draft, gap: Gap) -> Gap:
    printed = draft.printed
    assert isinstance(draft.node, cst.FunctionDef)
    first = printed.outer(draft.node.params)[0]
    line = printed.line(printed.outer(gap)[0])
    margin = printed.margin(line)
    if printed.line(first) == line:
        margin = draft.indent + " " * (printed.column(first) - len(draft.indent))
    return line_break(margin, draft.indent)


def _gaps(params: cst.Parameters) -> Iterator[Gap]:
    """The white space after the commas, in order."""
    for one in (
        *params.posonly_params,
        *params.params,
        params.star_arg,
        *params.kwonly_params,
    ):
        comma = getattr(one, "comma", None)
        if isinstance(comma, cst.Comma) and isinstance(comma.whitespace_after, Gap):
            yield comma.whitespace_after
