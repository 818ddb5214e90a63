# SPDX-License-Identifier: Apache-2.0
"""The base class of rules: a libcst visitor that knows the facts and records what it does.

A rule has methods `leave_X(original, updated)`. It asks what is known about `original`,
and makes the new node from `updated`, whose children are already rewritten. So no rule
depends on the order of the others. To change nothing, it returns `updated`.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from typing import Any, ClassVar, TypeVar

import libcst as cst

from codemods.analysis.facts import Held, Holding, Part, Site
from codemods.analysis.readings import Reading
from codemods.analysis.survey import Survey
from codemods.mappings import reasons
from codemods.model import (
    Declined,
    Edit,
    Evidence,
    ImportChange,
    Item,
    NeedsPerson,
    NewFile,
    Step,
)
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.fact_provider import FactProvider
from codemods.rewriting.file import File, Follower
from codemods.rewriting.findings import Effects, Findings
from codemods.rewriting.island import Island
from codemods.rewriting.literals import line_in
from codemods.rewriting.metadata import (
    HoldsProvider,
    PartProvider,
    RelationProvider,
    SiteProvider,
    UnreadProvider,
)
from codemods.rewriting.parameters import with_parameters
from codemods.rewriting.statements import Statements

New = TypeVar("New", bound=cst.CSTNode | cst.FlattenSentinel[cst.CSTNode])


class Rule(cst.CSTTransformer):
    """One pattern and its replacement; the module's docstring says what it does and why it is safe.

    `METADATA_DEPENDENCIES` are the facts that it asks for: it is shown the functions that
    hold some. `NEEDLES` are bytes that make a function worth a look even without facts. A
    rule with `OWN_OBJECTS` only applies if the objects are the tree's own. A rule that
    `TIDIES` removes what is no longer used: nothing else depends on it. `INSTEAD_OF` are
    the names of rules that it overrides, without a conflict, if both would change the
    same node.
    """

    METADATA_DEPENDENCIES: ClassVar[Collection[type[FactProvider[Any]]]] = ()

    NEEDLES: ClassVar[tuple[bytes, ...]] = ()
    OWN_OBJECTS: ClassVar[bool] = False
    TIDIES: ClassVar[bool] = False
    INSTEAD_OF: ClassVar[tuple[str, ...]] = ()

    def __init__(self, file: File, island: Island, findings: Findings) -> None:
        super().__init__()
        self.file = file
        self._island = island
        self._findings = findings

    @classmethod
    def name(cls) -> str:
        """The rule's name, which is its module's."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def is_own(cls) -> bool:
        """Whether the rule comes from outside the package."""
        return not cls.__module__.startswith("codemods.")

    @classmethod
    def summary(cls) -> str:
        """What the rule does, a blank line, and why it is safe."""
        return sys.modules[cls.__module__].__doc__ or ""

    @classmethod
    def examples(cls) -> tuple[Example | LeftAlone, ...]:
        """The EXAMPLES of the rule's module."""
        found: tuple[Example | LeftAlone, ...] = ()
        return getattr(sys.modules[cls.__module__], "EXAMPLES", found)

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether the rule may have something to do in a file, before any node is visited."""
        return not cls.OWN_OBJECTS or file.tree.is_own

    @classmethod
    def created(cls, survey: Survey, done: frozenset[Item]) -> Iterator[NewFile]:
        """The files that the rule creates when the work items `done` are done."""
        yield from ()

    @property
    def is_in_class(self) -> bool:
        """Whether the island is in a class."""
        return self._island.is_in_class

    # what the rule reports

    def edited(
        self,
        original: cst.CSTNode,
        new: New,
        item: Item,
        evidence: Evidence = (),
        effects: Effects = None,
    ) -> New:
        """Record that `new` replaces `original`, and return it."""
        self._edit(original, _code(new), item, evidence, effects, new)
        return new

    def removed_with_comments(
        self,
        original: cst.BaseSmallStatement,
        item: Item,
        evidence: Evidence = (),
        effects: Effects = None,
    ) -> cst.BaseSmallStatement:
        """Record that a statement is removed with the comment right above it, which is about it."""
        self._edit(original, "", item, evidence, effects)
        return Statements(original=original, takes_comments=True)

    def removed_from_line(
        self, original: cst.BaseSmallStatement, item: Item, evidence: Evidence = ()
    ) -> cst.BaseSmallStatement:
        """Record that a statement is removed; others on its line get lines of their own."""
        self._edit(original, "", item, evidence, None)
        return Statements(())

    def removed(
        self,
        original: cst.CSTNode,
        item: Item,
        evidence: Evidence = (),
        effects: Effects = None,
    ) -> cst.RemovalSentinel:
        """Record that `original` is removed; a comment above it goes to the next statement."""
        self._edit(original, "", item, evidence, effects)
        return cst.RemovalSentinel.REMOVE

    def replaced(
        self,
        original: cst.BaseSmallStatement,
        lines: Iterable[cst.BaseStatement],
        item: Item,
        evidence: Evidence = (),
        effects: Effects = None,
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """Record that whole statements replace a simple one; without `lines` it is removed."""
        lines = tuple(lines)
        self._edit(original, _code(lines), item, evidence, effects)
        return Statements(lines, original) if lines else cst.RemovalSentinel.REMOVE

    def _edit(
        self,
        original: cst.CSTNode,
        text: str,
        item: Item,
        evidence: Evidence,
        effects: Effects,
        made: object = None,
    ) -> None:
        start, end = self._island.spans[original]
        source = self.file.module.source
        does = frozenset(effects if isinstance(effects, tuple) else filter(None, (effects,)))
        self._findings.effects |= does
        if text.encode() != source.text[start:end]:
            line = source.line_at(start)
            self._findings.edit(
                Edit(self.file.path, start, end, text, item, self.name(), line, evidence, does),
                made,
            )

    def declined(
        self,
        original: cst.CSTNode,
        item: Item,
        code: str,
        evidence: Evidence = (),
        detail: str = "",
    ) -> None:
        """Record that a place stays as it is, and why."""
        text = reasons()[code] + (f": {detail}" if detail else "")
        if item not in self.file.done:
            # a row within a row becomes an object together with the outer one
            item = self.file.last_item
        self._findings.decline(
            Declined(self.file.path, self.line(original), item, self.name(), code, text, evidence),
            self._island.spans[original],
        )

    def dropped(self, comment: cst.Comment) -> None:
        """Record that a comment is removed because it no longer applies."""
        self._findings.drop(comment)

    def moved(self, comments: Iterable[cst.Comment]) -> None:
        """Record that comments of what is removed stand with a statement that the rule makes."""
        self._findings.move(comments)

    def needs_person(self, original: cst.CSTNode, test: str, item: Item, reason: str) -> None:
        """Record that a unit test will not pass unless a person fixes it."""
        self._findings.needs_person.append(
            NeedsPerson(self.file.path, self.line(original), test, item, reason)
        )

    def wants_import(self, line: str, item: Item) -> None:
        """Record that the file needs the import `line`."""
        self._findings.imports.append(ImportChange(self.file.path, line, item, self.name()))

    def line(self, original: cst.CSTNode) -> int:
        """The line of the file, from 1, on which a node starts."""
        return self.file.module.source.line_at(self._island.spans[original][0])

    def own_line(self, original: cst.Dict | cst.List) -> cst.ParenthesizedWhitespace:
        """A line break before a new element of a literal, which aligns it with the first one."""
        source, (_, end) = self.file.module.source, self._island.spans[original]
        start = self._island.spans[original.elements[0]][0] if original.elements else end - 1
        before = source.text[source.line_start(source.line_at(start)) : start]
        return line_in(len(before.lstrip()))

    def with_parameters(
        self, original: cst.FunctionDef, updated: cst.FunctionDef, names: Iterable[str]
    ) -> cst.FunctionDef:
        """The function with more plain parameters at the end, in lines of 79 columns."""
        source, start = self.file.module.source, self._island.spans[original][0]
        line = source.line_text(source.line_at(start))
        return with_parameters(updated, names, line[: len(line) - len(line.lstrip())])

    def step(self, original: cst.CSTNode, text: str) -> Step:
        """A new link for a chain of evidence."""
        return Step(self.file.path, self.line(original), text)


class RowRule(Rule):
    """A rule that asks what is known of the rows in a file, by a node of the original tree."""

    def held(self, node: cst.CSTNode) -> Held | None:
        """Everything that an expression may hold; None if it is nothing of interest."""
        return self.get_metadata(HoldsProvider, node, None)

    def holding(self, node: cst.CSTNode) -> Holding | None:
        """The object that an expression holds if one of its values came from the conductor."""
        held = self.held(node)
        return held.object if held is not None and held.is_from_conductor else None

    def site(self, node: cst.CSTNode) -> Site | None:
        """The site, if the node is one."""
        return self.get_metadata(SiteProvider, node, None)

    def part(self, node: cst.CSTNode) -> Part | None:
        """What a statement contributes to a conductor call that writes."""
        return self.get_metadata(PartProvider, node, None)

    def reading(self, node: cst.CSTNode) -> Reading | None:
        """The reading of a row within a row, if the expression is one."""
        return self.get_metadata(RelationProvider, node, None)

    def is_unread(self, node: cst.CSTNode) -> bool:
        """Whether a statement or method keeps the conductor's API although nothing reads it."""
        return self.get_metadata(UnreadProvider, node, False)


class FollowingRule(RowRule):
    """A rule for files that are rewritten after the code, and follow what it has become."""

    def __init__(self, file: Follower, island: Island, findings: Findings) -> None:
        super().__init__(file, island, findings)
        self.file: Follower = file


def _code(new: cst.CSTNode | Iterable[cst.CSTNode]) -> str:
    nodes = [new] if isinstance(new, cst.CSTNode) else new
    return "".join(map(cst.Module([]).code_for_node, nodes))
