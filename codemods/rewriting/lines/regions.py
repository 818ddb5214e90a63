# SPDX-License-Identifier: Apache-2.0
"""Where a line may be broken: the regions of an expression, and the gaps in them."""

import dataclasses
from collections.abc import Iterator, Sequence

import libcst as cst

from codemods.rewriting.children import Kinds
from codemods.rewriting.lines.printed import Printed

#: White space between two tokens that may become a line break.
Gap = cst.BaseParenthesizableWhitespace

_PRECEDENCE: tuple[tuple[type[cst.BaseBinaryOp], ...], ...] = (
    (cst.Add, cst.Subtract),
    (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.MatrixMultiply),
)
Item = cst.Arg | cst.BaseElement | cst.BaseDictElement | cst.SubscriptElement
_Chain = cst.Attribute | cst.Call | cst.Subscript
_HAS_GAPS = Kinds(cst.BaseExpression, cst.CompFor, cst.DictElement)


@dataclasses.dataclass
class Region:
    """A stretch of text from `start` to `end` that consists of parts with gaps between them.

    If it has brackets, it is what is between them, and `opening` is the gap after the
    opening one.
    """

    start: int
    end: int
    opening: Gap | None
    gaps: tuple[Gap, ...]
    #: Whether each part gets a line of its own if they do not all fit on one.
    is_listed: bool = False
    #: Whether its parts are the clauses of a comprehension.
    is_clauses: bool = False
    #: Whether a part may follow on the last line of a part that spans several lines.
    is_flowing: bool = False
    #: How much worse it is to break here than elsewhere: `SEAMS` (after the colon of a lambda,
    #: for example) or, worse, `DOTS`.
    resort: int = 0
    inner: list["Region"] = dataclasses.field(default_factory=list)

    @property
    def alone(self) -> "Region":
        """The region without inner ones, so that nothing within its parts is broken."""
        return dataclasses.replace(self, inner=[])

    @property
    def ends_at_seam(self) -> bool:
        """Whether the last of several parts ends with a seam, and no other one can be broken."""
        if len(self.inner) != 1 or not self.gaps or self.is_listed or self.is_clauses:
            return False
        return self.inner[0].resort == SEAMS and self.inner[0].end == self.end


#: Places where lines should not end unless there is no other way.
SEAMS, DOTS = 1, 2


def regions(printed: Printed, inside: bool, resort: int) -> list[Region]:
    """The outermost regions of what is printed, in order, with the others in `inner`.

    The parts of an expression without brackets can only be on separate lines if there are
    brackets around it: in what is printed or, if it is `inside` some, outside of it.
    """
    found = [r for node in printed.nodes for r in _regions_of(node, printed)]
    found = [r for r in found if r.resort <= resort]
    found.sort(key=lambda region: (region.start, -region.end))
    top: list[Region] = []
    around: list[Region] = []
    for region in found:
        while around and around[-1].end < region.end:
            around.pop()
        if region.opening is None and not inside and not any(r.opening for r in around):
            continue
        (around[-1].inner if around else top).append(region)
        around.append(region)
    return top


def _regions_of(node: cst.CSTNode, printed: Printed) -> Iterator[Region]:
    if not _HAS_GAPS[node.__class__]:
        return
    start, end = printed.span(node)
    seam = _seam(node)
    if seam is not None:
        before, gap, last = seam
        first = start if before is None else printed.outer(before)[1]
        yield Region(first, printed.outer(last)[1], None, (gap,), resort=SEAMS)
    if not isinstance(node, cst.BaseExpression):
        return
    is_taken_in = _is_taken_in(node, printed.parents.get(node))
    parts = () if is_taken_in else _parts(node)
    own: Region | None = None
    if node.lpar:
        closing = printed.outer(node.rpar[0])[0]
        own = _bracketed(printed, node.lpar[-1].whitespace_after, parts, closing)
    elif parts and not isinstance(node, cst.Tuple):
        own = Region(start, end, None, parts)
    if own is not None:
        own.is_listed = isinstance(node, cst.ConcatenatedString)
        own.is_clauses = isinstance(node, cst.GeneratorExp)
        own.is_flowing = isinstance(node, cst.BinaryOperation)
        yield own
    brackets = _brackets(node, printed)
    if brackets is not None:
        yield brackets
    dots = tuple(_dots(node)) if isinstance(node, _Chain) and not is_taken_in else ()
    if dots:
        yield Region(start, end, None, dots, is_flowing=True, resort=DOTS)


def _brackets(node: cst.BaseExpression, printed: Printed) -> Region | None:
    """The region between the brackets of a call, a subscript or a display."""
    if isinstance(node, cst.Call) and node.args:
        end = printed.span(node)[1] - 1
        return _bracketed(printed, node.whitespace_before_args, _commas(node.args), end)
    if isinstance(node, cst.Subscript):
        end = printed.outer(node.rbracket)[0]
        opening = node.lbracket.whitespace_after
        region = _bracketed(printed, opening, _commas(node.slice), end)
        region.resort = DOTS
        return region
    if isinstance(node, cst.BaseList) and type(node.lbracket) is cst.LeftSquareBracket:
        # Python 2's backquotes are a subclass of list, and cannot hold a line break
        end = printed.outer(node.rbracket)[0]
        region = _bracketed(printed, node.lbracket.whitespace_after, _items(node), end)
        region.is_clauses = isinstance(node, cst.ListComp)
        return region
    if isinstance(node, cst.BaseSet | cst.BaseDict):
        end = printed.outer(node.rbrace)[0]
        region = _bracketed(printed, node.lbrace.whitespace_after, _items(node), end)
        region.is_listed = isinstance(node, cst.Dict)
        region.is_clauses = isinstance(node, cst.BaseComp)
        return region
    return None


def _seam(node: cst.CSTNode) -> tuple[Gap | None, Gap, cst.BaseExpression] | None:
    """A gap at which lines are seldom broken, with the gap before and the expression after it."""
    if isinstance(node, cst.CompFor):
        return node.whitespace_before, node.whitespace_after_in, node.iter
    if isinstance(node, cst.DictElement):
        return None, node.whitespace_after_colon, node.value
    if isinstance(node, cst.Lambda):
        return None, node.colon.whitespace_after, node.body
    return None


def _bracketed(printed: Printed, opening: Gap, gaps: tuple[Gap, ...], end: int) -> Region:
    return Region(printed.outer(opening)[1], end, opening, gaps)


def _is_taken_in(node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
    """Whether the parts of `node` are parts of the expression around it."""
    if isinstance(node, _Chain):
        return isinstance(parent, _Chain) and node in (
            getattr(parent, "value", None),
            getattr(parent, "func", None),
        )
    if isinstance(node, cst.ConcatenatedString):
        return isinstance(parent, cst.ConcatenatedString) and parent.right is node
    if isinstance(node, cst.BooleanOperation | cst.BinaryOperation) and not node.lpar:
        return parent is not None and _alike(node, parent)
    return False


def _alike(one: cst.CSTNode, around: cst.CSTNode) -> bool:
    """Whether the parts of one operation read like parts of the one `around` it."""
    if isinstance(one, cst.BooleanOperation) and isinstance(around, cst.BooleanOperation):
        return True
    if isinstance(one, cst.BinaryOperation) and isinstance(around, cst.BinaryOperation):
        kinds = {type(one.operator), type(around.operator)}
        return one is around.left and any(kinds <= set(row) for row in _PRECEDENCE)
    return False


def _parts(node: cst.BaseExpression) -> tuple[Gap, ...]:
    """The gaps between the parts of an expression that has no brackets of its own."""
    if isinstance(node, cst.BooleanOperation | cst.BinaryOperation):
        left, right = (
            _parts(side) if not side.lpar and _alike(side, node) else ()
            for side in (node.left, node.right)
        )
        return (*left, _behind(node.operator), *right)
    if isinstance(node, cst.Comparison):
        return tuple(_behind(target.operator) for target in node.comparisons)
    if isinstance(node, cst.IfExp):
        return (node.whitespace_before_if, node.whitespace_before_else)
    if isinstance(node, cst.ConcatenatedString):
        last = node.right
        return (node.whitespace_between, *(_parts(last) if not last.lpar else ()))
    if isinstance(node, cst.GeneratorExp):
        return tuple(_clauses(node.for_in))
    if isinstance(node, cst.Tuple):
        return _commas(node.elements)
    return ()


def _behind(operator: cst.CSTNode) -> Gap:
    gap = getattr(operator, "whitespace_after", None)
    assert isinstance(gap, Gap)
    return gap


def _items(node: cst.BaseExpression) -> tuple[Gap, ...]:
    """The gaps between the items of a display or the clauses of a comprehension."""
    if isinstance(node, cst.BaseComp):
        return tuple(_clauses(node.for_in))
    assert isinstance(node, cst.List | cst.Set | cst.Dict)
    return _commas(node.elements)


def _commas(items: Sequence[Item]) -> tuple[Gap, ...]:
    commas = [item.comma for item in items[:-1]]
    # an implicit comma has no gap of its own
    return tuple(comma.whitespace_after for comma in commas if isinstance(comma, cst.Comma))


def _clauses(clause: cst.CompFor | None) -> Iterator[Gap]:
    while clause is not None:
        yield clause.whitespace_before
        for condition in clause.ifs:
            yield condition.whitespace_before
        clause = clause.inner_for_in


def _dots(node: cst.BaseExpression) -> Iterator[Gap]:
    """The gaps before the dots of `a.b(c).d`, left to right."""
    if isinstance(node, _Chain):
        inner = node.func if isinstance(node, cst.Call) else node.value
        if not inner.lpar:
            yield from _dots(inner)
        if isinstance(node, cst.Attribute):
            yield node.dot.whitespace_before
