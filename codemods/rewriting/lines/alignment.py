# SPDX-License-Identifier: Apache-2.0
"""Realign lines that were aligned with a bracket that has moved."""

import dataclasses
from collections.abc import Iterator, Mapping

import libcst as cst

from codemods.rewriting.lines.breaks import STEP, line_break
from codemods.rewriting.lines.draft import Draft
from codemods.rewriting.lines.printed import Printed
from codemods.rewriting.lines.regions import DOTS, Gap, Region, regions

#: The distances from the margin at which a line hangs rather than being aligned.
_HANGING = (0, len(STEP), 2 * len(STEP))
_ROUNDS = 50


def is_misaligned(printed: Printed, call: cst.Call) -> bool:
    """Whether the arguments start right after the parenthesis, but go on at another column."""
    opening = printed.outer(call.whitespace_before_args)[0]
    line, column = printed.line(opening), printed.column(opening)
    starts = [printed.span(arg)[0] for arg in call.args]
    if printed.line(starts[0]) != line:
        return False
    for start in starts:
        own = printed.line(start)
        if own != line and printed.column(start) == len(printed.margin(own)) != column:
            return True
    return False


def realign(draft: Draft) -> list[Region]:
    """Move lines by as much as what they were aligned with has moved.

    Returns the regions in which lines would become too long.
    """
    stuck: list[Region] = []
    for _ in range(_ROUNDS):
        stuck = []
        for lines in _moved(draft):
            gaps = lines.moved()
            if gaps and draft.respace(gaps, excess=draft.excess):
                break
            if gaps:
                stuck.append(lines.region)
        else:
            break
    return stuck


def hang(draft: Draft, region: Region, margin: str, excess: int) -> bool:
    """Break the line after the bracket, and move the lines of the region along.

    Returns False and changes nothing if that would leave more than `excess`.
    """
    if region.opening is None or _is_break(region.opening):
        return False
    by = len(margin + STEP) - draft.printed.column(region.start)
    gaps: dict[Gap, Gap] = {region.opening: line_break(margin + STEP, draft.indent)}
    for gap in _breaks(draft.printed, region):
        moved = _moved_break(gap, by)
        if moved is None:
            return False
        gaps[gap] = moved
    return draft.respace(gaps, excess)


def _moved(draft: Draft) -> Iterator["_Lines"]:
    """The outermost regions with something touched before them on their line."""
    if draft.printed.line(len(draft.printed.text) - 1) == 0:
        return
    waiting: list[tuple[tuple[int, ...], Region]] = []
    waiting += [((), region) for region in regions(draft.printed, False, DOTS)]
    while waiting:
        outer, region = waiting.pop()
        if _has_moved(draft, region):
            yield _Lines(draft.printed, region, outer)
        else:
            outer = (*outer, draft.printed.column(region.start))
            waiting += [(outer, inner) for inner in region.inner]


def _has_moved(draft: Draft, region: Region) -> bool:
    line = draft.printed.line(region.start)
    return any(
        start < region.start and line == draft.printed.line(start if end > region.start else end)
        for start, end in draft.spans
    )


@dataclasses.dataclass
class _Lines:
    """The lines that start within a region, other than its first.

    `outer` are the columns of the regions around it, which have not moved.
    """

    printed: Printed
    region: Region
    outer: tuple[int, ...]

    def moved(self) -> Mapping[Gap, Gap]:
        """The line breaks before the lines that have to move; none if they are fine."""
        by = self._offset()
        offsets = {self._line(self.region): by}
        gaps: dict[Gap, Gap] = {}
        for gap in _breaks(self.printed, self.region) if by else ():
            around = self._around(gap)
            own = 0 if self._stands(gap, around) else offsets[self._line(around[-1])]
            offsets[self.printed.line(self.printed.outer(gap)[1])] = own
            moved = _moved_break(gap, own) if own else gap
            if moved is None:
                return {}
            gaps[gap] = moved
        return gaps

    def _offset(self) -> int:
        """How far what the lines were aligned with has moved; 0 if that is unclear."""
        found: list[int] | None = None
        for gap in _breaks(self.printed, self.region):
            wanted = self._wanted(gap)
            if wanted:
                found = wanted if found is None else [by for by in found if by in wanted]
        return found[0] if found else 0

    def _wanted(self, gap: Gap) -> list[int]:
        """How far a line may have to move, the likeliest first; none if it is fine."""
        around = self._around(gap)
        end = self.printed.outer(gap)[1]
        if self._line(around[-1]) != self._line(self.region) or self._stands(gap, around):
            return []
        if end == around[-1].end or any(gap is inner.opening for inner in around[-1].inner):
            # a closing bracket, or a break after an opening one, is not aligned with anything
            return []
        column = self.printed.column(end)
        return [self.printed.column(region.start) - column for region in reversed(around)]

    def _stands(self, gap: Gap, around: list[Region]) -> bool:
        """Whether a line that continues the first one is aligned already, or just hangs."""
        if self._line(around[-1]) != self._line(self.region):
            return False
        column = self.printed.column(self.printed.outer(gap)[1])
        margin = len(self.printed.margin(self._line(self.region)))
        starts = [self.printed.column(region.start) for region in around]
        return column in starts or column in self.outer or column - margin in _HANGING

    def _line(self, region: Region) -> int:
        return self.printed.line(region.start)

    def _around(self, gap: Gap) -> list[Region]:
        """The regions around a gap, from the outside in."""
        offset = self.printed.outer(gap)[0]
        found, waiting = [], [self.region]
        while waiting:
            region = waiting.pop()
            if region.start <= offset < region.end or region is self.region:
                found.append(region)
                waiting = list(region.inner)
        return found


def _breaks(printed: Printed, region: Region) -> Iterator[cst.ParenthesizedWhitespace]:
    for node in printed.nodes:
        if isinstance(node, cst.ParenthesizedWhitespace):
            start, end = printed.outer(node)
            if region.start <= start and end <= region.end:
                yield node


def _is_break(gap: Gap) -> bool:
    return isinstance(gap, cst.ParenthesizedWhitespace)


def _moved_break(gap: cst.ParenthesizedWhitespace, by: int) -> cst.ParenthesizedWhitespace | None:
    """A line break with its comments and the line after it moved; None if there is no room."""
    last = _moved_space(gap.last_line, by)
    lines = [
        line.with_changes(whitespace=_moved_space(line.whitespace, by) or line.whitespace)
        if line.comment is not None
        else line
        for line in gap.empty_lines
    ]
    return None if last is None else gap.with_changes(last_line=last, empty_lines=lines)


def _moved_space(space: cst.SimpleWhitespace, by: int) -> cst.SimpleWhitespace | None:
    if by >= 0:
        return cst.SimpleWhitespace(space.value + " " * by)
    return cst.SimpleWhitespace(space.value[:by]) if space.value.endswith(" " * -by) else None
