# SPDX-License-Identifier: Apache-2.0
"""The base of the metadata providers that hand out facts.

As usual in libcst, a visitor names a provider in its METADATA_DEPENDENCIES and calls
`self.get_metadata(HoldsProvider, node, None)`. A provider finds its facts in its cache.
"""

import dataclasses
from collections.abc import Collection, Mapping
from typing import ClassVar, Generic, TypeVar

import libcst as cst
from libcst.metadata import BaseMetadataProvider, CodeSpan

from codemods.analysis.facts import Span
from codemods.rewriting.spans import SpanProvider

Fact = TypeVar("Fact")


class FactWithoutNode(Exception):
    """A fact's place holds no node of its kind: the tree is not the one that was analysed."""


@dataclasses.dataclass(frozen=True)
class Table(Generic[Fact]):
    """The facts of one kind in one file, by span."""

    path: str
    facts: Mapping[Span, Fact]


class FactProvider(BaseMetadataProvider[Fact]):
    """Attaches each fact of a `Table` to the node at its place.

    Raises `FactWithoutNode` if there is none.
    """

    METADATA_DEPENDENCIES = (SpanProvider,)

    #: The kind of fact, by its name in `Facts`.
    TABLE: ClassVar[str] = ""

    #: The kinds of node that a fact may be about; others may stand at the same place.
    KINDS: tuple[type[cst.CSTNode], ...] = ()

    def _gen_impl(self, module: cst.Module) -> None:
        table = self.cache
        if not isinstance(table, Table):
            return
        nodes: dict[Span, list[cst.CSTNode]] = {}
        for node, span in self.metadata[SpanProvider].items():
            if isinstance(span, CodeSpan):
                nodes.setdefault((span.start, span.start + span.length), []).append(node)
        for place, fact in table.facts.items():
            self.set_metadata(self.node_among(nodes.get(place, ()), table.path, place), fact)

    @classmethod
    def node_among(cls, nodes: Collection[cst.CSTNode], path: str, place: Span) -> cst.CSTNode:
        """The node at a place that a fact is about; raises `FactWithoutNode`."""
        for kind in cls.KINDS:
            for node in nodes:
                if isinstance(node, kind):
                    return node
        raise FactWithoutNode(
            f"{path}: bytes {place[0]} to {place[1]}: "
            f"{cls.__name__} knows of a node that is not there"
        )
