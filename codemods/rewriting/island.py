# SPDX-License-Identifier: Apache-2.0
"""The parts of a file that become trees; the bytes around them are copied.

libcst needs a second for a whole file of nova's, and only a tenth of a changed file
is in functions with something to rewrite.
"""

import bisect
import dataclasses
import functools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper

from codemods.analysis.facts import Facts, Span
from codemods.analysis.project import Module
from codemods.rewriting.children import children
from codemods.rewriting.code import code_of
from codemods.rewriting.fact_provider import FactProvider
from codemods.rewriting.python2 import parse_module
from codemods.rewriting.spans import spans_of
from codemods.syntax.source import Unparsed

#: The line put before an island, so that the tree has the comments above its statement in the
#: statement, not in the module's header, and so that the body of a class may be indented.
_TOP = b"0"
_IN_CLASS = b"if 1:"

#: What there is up to the first line that ends as those of old Macs do.
_OLD_LINE = re.compile(rb".*?\S[^\S\r\n]*\r(?!\n)", re.S)


@dataclasses.dataclass(frozen=True, eq=False)
class Island:
    """A statement at the top level of a file or a class, as a tree.

    It spans `start` to `end` of the file, whole lines with the comments and blank lines
    above it. `is_alone` says that its block holds nothing else.
    """

    path: str
    start: int
    end: int
    text: bytes
    head: bytes
    is_alone: bool
    indent_unit: str

    @functools.cached_property
    def module(self) -> cst.Module:
        """The tree; raises `Unparsed` if it cannot be parsed."""
        text = self.head + self.text
        try:
            return parse_module(text, self.indent_unit)
        except Unparsed:
            old = _OLD_LINE.match(text)
            if old is None:
                raise
            line = len(old.group().splitlines())
            raise Unparsed(f"line {line}: it ends with a carriage return alone") from None

    @property
    def is_in_class(self) -> bool:
        """Whether the statement is in a class."""
        return self.head.rstrip() == _IN_CLASS

    @functools.cached_property
    def spans(self) -> Mapping[cst.CSTNode, Span]:
        """The spans of the tree's nodes in the file."""
        return spans_of(self.module, self.start - len(self.head))

    @functools.cached_property
    def nodes_at(self) -> Mapping[Span, tuple[cst.CSTNode, ...]]:
        """The nodes at each place in the file, the innermost first."""
        found: dict[Span, tuple[cst.CSTNode, ...]] = {}
        for node, span in self.spans.items():
            found[span] = (*found[span], node) if span in found else (node,)
        return found

    def extent(self, node: cst.CSTNode) -> Span:
        """The span of a statement, including its decorators."""
        start, end = self.spans[node]
        decorators = getattr(node, "decorators", ())
        return (self.spans[decorators[0]][0] if decorators else start), end

    def at(self, places: Iterable[Span]) -> dict[Span, cst.CSTNode]:
        """The expressions at places in the file, for those that are in the island."""
        return {
            place: node
            for place in places
            for node in self.nodes_at.get(place, ())
            if isinstance(node, cst.BaseExpression)
        }

    def gone(self, new: cst.Module, watched: Iterable[Span]) -> frozenset[Span]:
        """The watched places whose expressions are no longer in the island's `new` tree."""
        there = self.at(watched) if new is not self.module else {}
        left = list(_nodes_below(new)) if there else []
        kept = set(left)
        # where lines are broken anew, expressions are copied
        copied = {name for node in left if node not in self.spans and (name := _named(node))}
        return frozenset(
            place
            for place, node in there.items()
            if node not in kept and _named(node) not in copied
        )

    def printed(self, module: cst.Module) -> bytes:
        """The bytes that replace the island when its tree has become `module`."""
        if module is self.module:
            return self.text
        code = code_of(module)[len(self.head) :].encode("utf-8")
        block = module.body[0]
        if isinstance(block, cst.If) and isinstance(block.body, cst.IndentedBlock):
            if not block.body.body and not self.is_alone:
                # libcst fills the empty block with a `pass`
                return code.partition(b"pass" + module.default_newline.encode())[2]
        return code


def _named(node: cst.CSTNode) -> str:
    """The name of a name or attribute; "" for any other node."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _nodes_below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in children(node):
        yield from _nodes_below(child)


class IslandWrapper(MetadataWrapper):
    """An island's tree with the facts of one stage, as metadata for the rules."""

    def __init__(self, island: Island, facts: Facts) -> None:
        super().__init__(island.module, unsafe_skip_copy=True)
        self._island = island
        self._placed = facts.between(island.start, island.end)
        self._tables: dict[Any, Mapping[cst.CSTNode, Any]] = {}

    def resolve_many(self, providers: Collection[Any]) -> Mapping[Any, Mapping[cst.CSTNode, Any]]:
        """The tables of `providers`; libcst resolves those that are not fact providers."""
        others = []
        for one in providers:
            if one not in self._tables:
                if issubclass(one, FactProvider):
                    self._tables[one] = self._by_node(one)
                else:
                    others.append(one)
        found = super().resolve_many(others) if others else {}
        return {**found, **{one: self._tables[one] for one in providers if one in self._tables}}

    def _by_node(self, provider: type[FactProvider[Any]]) -> Mapping[cst.CSTNode, Any]:
        path, nodes_at = self._island.path, self._island.nodes_at
        return {
            provider.node_among(nodes_at.get(span, ()), path, span): fact
            for span, kind, fact in self._placed
            if kind == provider.TABLE
        }


def islands(module: Module, places: Iterable[int]) -> list[Island]:
    """The islands around `places`, offsets in the file, in order."""
    found: dict[Span, bool] = {}
    for place in sorted(places):
        if found and place < max(found)[1]:
            continue
        span, is_alone = module.definition_at(place)
        found[span] = is_alone
    return [_island(module, start, end, alone) for (start, end), alone in found.items()]


def _island(module: Module, start: int, end: int, is_alone: bool) -> Island:
    source = module.source
    text = source.text[start:end]
    lines = (line for line in text.split(b"\n") if line.strip()[:1] not in (b"", b"#"))
    head = _IN_CLASS if next(lines, b"")[:1] in (b" ", b"\t") else _TOP
    # libcst takes the first line ending for the default
    head += source.newline.encode()
    return Island(source.path, start, end, text, head, is_alone, source.indent_unit)


def inside(places: tuple[int, ...], start: int, end: int) -> bool:
    """Whether one of the sorted `places` lies between two offsets."""
    number = bisect.bisect_left(places, start)
    return number < len(places) and places[number] < end
