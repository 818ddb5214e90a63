# SPDX-License-Identifier: Apache-2.0
"""Decide where the lines of a folded expression end: 79 columns, in nova's style."""

import dataclasses
from collections.abc import Collection

import libcst as cst

from codemods.rewriting.comments import WIDTH
from codemods.rewriting.lines.printed import Printed
from codemods.rewriting.lines.regions import Gap, Region

#: How much hanging lines within brackets are indented from the line that opens them.
STEP = "    "


@dataclasses.dataclass(frozen=True)
class Place:
    """The place of an expression in its statement."""

    #: The column at which it starts.
    column: int
    #: The white space that its line starts with; hanging lines within it start `STEP` further in.
    margin: str
    #: How many columns the rest of its last line takes.
    tail: int
    #: The indentation of the statement.
    indent: str
    #: The column of the statement's body, where no other line should start; -1 if it has none.
    body: int = -1


@dataclasses.dataclass(frozen=True)
class Laid:
    """The gaps that become line breaks, each with the start of the next line; ends at `column`."""

    breaks: tuple[tuple[Gap, str], ...]
    column: int


class Layout:
    """The ways to lay out a folded expression."""

    def __init__(self, printed: Printed, split: Collection[Gap], place: Place) -> None:
        self.printed = printed
        self.text = printed.text
        self.place = place
        self._split = split
        self._splits = [printed.outer(gap)[0] for gap in split]
        self._known: dict[tuple[object, ...], Laid | None] = {}

    def whole(self, regions: list[Region]) -> Laid | None:
        """The whole text on as many lines as it needs; None if a line would be too long."""
        place = self.place
        return self._stretch(0, len(self.text), regions, place.column, place.margin, place.tail)

    def packed(self, region: Region, may_hang: bool) -> Laid | None:
        """The text on one line, or broken between the parts of one region only.

        The lines are aligned with the first part, or may hang if they `may_hang`.
        """
        place, stop = self.place, len(self.text)
        laid = self._on_a_line(0, stop, place.column, place.tail)
        column = self._end(0, region.start, place.column)
        if laid is not None or column is None:
            return laid
        tail = self._need(region.end, stop, place.tail)
        for first, following in self._sides(region, column, place.margin)[: 1 + may_hang]:
            laid = self._arranged(region, first, following, tail, packs=True, deep=False)
            laid = self._up_to_end(laid, region.end, stop, place.tail)
            if laid is not None:
                break
        return laid

    def one_each(self, region: Region) -> Laid | None:
        """Each part of a region on a line of its own, even if it is too long for one."""
        place, stop = self.place, len(self.text)
        if self._end(0, region.start, place.column) is None or region.opening is None:
            return None
        tail, following = self._need(region.end, stop, place.tail), place.margin + STEP
        return self._arranged(region, None, following, tail, packs=False, deep=True, strict=False)

    def _end(self, start: int, stop: int, column: int) -> int | None:
        """The column after a stretch on one line; None if the line is too long."""
        first, *rest = self.text[start:stop].split("\n")
        if column + len(first) > WIDTH or any(start <= at < stop for at in self._splits):
            return None
        # a string may span several lines
        return len(rest[-1]) if rest else column + len(first)

    def _need(self, start: int, stop: int, tail: int) -> int:
        """How many columns a stretch and what follows it take on the line it starts on."""
        first, *rest = self.text[start:stop].split("\n")
        return len(first) if rest else len(first) + tail

    def _on_a_line(self, start: int, stop: int, column: int, tail: int) -> Laid | None:
        end = self._end(start, stop, column)
        return None if end is None or end + tail > WIDTH else Laid((), end)

    def _up_to_end(self, laid: Laid | None, start: int, stop: int, tail: int) -> Laid | None:
        end = None if laid is None else self._end(start, stop, laid.column)
        if laid is None or end is None or end + tail > WIDTH:
            return None
        return Laid(laid.breaks, end)

    def _stretch(
        self, start: int, stop: int, regions: list[Region], column: int, margin: str, tail: int
    ) -> Laid | None:
        key = (start, stop, len(regions), column, margin, tail)
        if key not in self._known:
            self._known[key] = self._laid(start, stop, regions, column, margin, tail)
        return self._known[key]

    def _laid(
        self, start: int, stop: int, regions: list[Region], column: int, margin: str, tail: int
    ) -> Laid | None:
        laid = self._on_a_line(start, stop, column, tail)
        if laid is not None:
            return laid
        for region in reversed(regions):
            at = self._end(start, region.start, column)
            if at is None:
                continue
            need = self._need(region.end, stop, tail)
            laid = self._up_to_end(self._region(region, at, margin, need), region.end, stop, tail)
            if laid is not None:
                return laid
        if len(regions) > 1:
            return self._several(start, stop, regions, column, margin, tail)
        return None

    def _several(
        self, start: int, stop: int, regions: list[Region], column: int, margin: str, tail: int
    ) -> Laid | None:
        """Break every region that does not fit on its line."""
        laid = Laid((), column)
        for number, region in enumerate(regions):
            at = self._end(start, region.start, laid.column)
            if at is None:
                return None
            is_last = number == len(regions) - 1
            following = stop if is_last else regions[number + 1].start
            need = self._need(region.end, following, tail if is_last else 0)
            own = self._on_a_line(region.start, region.end, at, need)
            own = own or self._region(region, at, margin, need)
            if own is None:
                return None
            laid = Laid((*laid.breaks, *own.breaks), own.column)
            start = region.end
        return self._up_to_end(laid, start, stop, tail)

    def _region(self, region: Region, column: int, margin: str, tail: int) -> Laid | None:
        opened = _opened(region)
        laid = self._broken(region, column, margin, tail, deep=opened is None)
        if laid is None and opened is not None:
            laid = self._broken(opened, column, margin, tail, deep=True)
        return laid

    def _broken(
        self, region: Region, column: int, margin: str, tail: int, deep: bool
    ) -> Laid | None:
        """A region broken between its parts or, if necessary and `deep`, within them."""
        sides = self._sides(region, column, margin)
        ways = [(region, side, not region.is_listed, False) for side in sides]
        if deep and region.is_flowing:
            ways += [(region, side, True, True) for side in sides]
        if deep and region.ends_at_seam:
            at_seam = dataclasses.replace(region, inner=[region.inner[0].alone])
            ways += [(at_seam, side, True, True) for side in sides]
        if deep:
            # clauses look best aligned with the bracket, all else hanging if there is more room
            is_narrow = column > len(margin + STEP) and not region.is_clauses
            ways += [(region, side, False, True) for side in (sides[::-1] if is_narrow else sides)]
        for one, (first, following), packs, within in ways:
            laid = self._arranged(one, first, following, tail, packs=packs, deep=within)
            if laid is not None:
                return laid
        return None

    def _sides(self, region: Region, column: int, margin: str) -> list[tuple[int | None, str]]:
        """The column of the first part (None: on a line of its own), and how lines start."""
        indent = self.place.indent[:column]
        at = column + (len(STEP) if column == self.place.body else 0)
        aligned = (column, indent + " " * (at - len(indent)))
        return [aligned] if region.opening is None else [aligned, (None, margin + STEP)]

    def _parts(self, region: Region) -> list[tuple[Gap | None, int, int]]:
        """Each part of a region: the gap before it, where it starts and ends."""
        gaps = [self.printed.outer(gap) for gap in region.gaps]
        starts = [region.start, *(end for _, end in gaps)]
        ends = [*(start for start, _ in gaps), region.end]
        return list(zip((region.opening, *region.gaps), starts, ends, strict=True))

    def _arranged(
        self,
        region: Region,
        first: int | None,
        following: str,
        tail: int,
        *,
        packs: bool,
        deep: bool,
        strict: bool = True,
    ) -> Laid | None:
        """The parts on lines that start with `following`; the first at the column `first`.

        With `packs`, as many parts per line as fit, else one; with `deep`, a part may be
        broken in turn. None if a part is too long, unless not `strict`.
        """
        breaks: list[tuple[Gap, str]] = []
        column, before, margin = first, region.start, len(following)
        for gap, start, stop in self._parts(region):
            inner = [r for r in region.inner if start <= r.start and r.end <= stop] if deep else []
            need, laid = tail if stop == region.end else 0, None
            is_first = start == region.start and first is not None
            if column is not None and (is_first or (packs and gap not in self._split)):
                at = column + start - before
                regions = inner if is_first else []
                laid = self._stretch(start, stop, regions, at, following, need)
            if laid is None and not is_first and gap is not None:
                breaks.append((gap, following))
                laid = self._stretch(start, stop, inner, margin, following, need)
            if laid is None and strict:
                return None
            laid = laid or Laid((), margin + stop - start)
            breaks += laid.breaks
            column, before = laid.column, stop
        assert column is not None
        return Laid(tuple(breaks), column)


def line_break(margin: str, indent: str) -> cst.ParenthesizedWhitespace:
    """A line break, with the white space at the start of the next line."""
    follows = margin.startswith(indent)
    own = cst.SimpleWhitespace(margin[len(indent) :] if follows else margin)
    return cst.ParenthesizedWhitespace(indent=follows, last_line=own)


def _opened(region: Region) -> Region | None:
    """Brackets with a single unbracketed region in them, such as a sum, merged with it."""
    inner = region.inner[0] if len(region.inner) == 1 and not region.gaps else None
    if inner is None or inner.opening is not None:
        return None
    if (inner.start, inner.end) != (region.start, region.end):
        return None
    return dataclasses.replace(inner, opening=region.opening, is_clauses=False)
