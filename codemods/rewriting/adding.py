# SPDX-License-Identifier: Apache-2.0
"""Add whole statements around another one: the base of the rules that only add to a file."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import libcst as cst

from codemods.analysis.object_changes import ObjectChange
from codemods.model import Item
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import ChangesProvider
from codemods.rewriting.nodes import line
from codemods.rewriting.rule import Rule
from codemods.rewriting.statements import Statements

Kind = TypeVar("Kind", bound=ObjectChange)

BLANK = cst.EmptyLine(indent=False)


def set_off(statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The definitions with a blank line above each."""
    return [one.with_changes(leading_lines=[BLANK]) for one in statements]


@dataclasses.dataclass(frozen=True)
class Added:
    """What is put before a statement and after it.

    `sets_off` asks for a blank line before the statement. `at_once` says that `behind`
    has to come right after the statement, even if others share its line. `effect` is
    what the rewritten code does.
    """

    before: Sequence[cst.BaseStatement] = ()
    behind: Sequence[cst.BaseStatement] = ()
    sets_off: bool = False
    at_once: bool = False
    effect: Effect | None = None


class AddingRule(Rule):
    """A rule that adds statements where an `ObjectChange` asks for them."""

    METADATA_DEPENDENCIES = (ChangesProvider,)

    def changes(self, node: cst.CSTNode, kind: type[Kind]) -> Iterator[Kind]:
        """The changes of one kind to a statement."""
        for change in self.get_metadata(ChangesProvider, node, ()):
            if isinstance(change, kind):
                yield change

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """What to add around a statement for a change; None if the rule has nothing to add.

        It is called once for each place.
        """
        raise NotImplementedError

    def name_of(self, module: str, inside: str) -> cst.Name:
        """The file's name for a module; asks for the import if the file lacks it."""
        for local, dotted in self.file.module.imports.items():
            if dotted == f"{inside}.{module}":
                return cst.Name(local)
        self.wants_import(f"from {inside} import {module}", Item.OBJECT_FIELDS)
        return cst.Name(module)

    def leave_SimpleStatementLine(self, original: Any, updated: Any) -> Any:
        """Add statements around a line."""
        found = [(node, self._added(node)) for node in original.body]
        if any(one is not None and one.at_once for _, one in found[:-1]):
            return updated.with_changes(body=_apart(updated, [one for _, one in found]))
        return _around(updated, [one for _, one in found])

    def leave_SimpleStatementSuite(self, original: Any, updated: Any) -> Any:
        """`class X: pass`: give the added statements and those that are there their own lines."""
        found = [self._added(node) for node in original.body]
        return updated.with_changes(body=_apart(updated, found)) if any(found) else updated

    def _leave_compound(self, original: Any, updated: Any) -> Any:
        return _around(updated, [self._added(original)])

    leave_FunctionDef: Any = _leave_compound
    leave_ClassDef: Any = _leave_compound
    leave_For: Any = _leave_compound
    leave_If: Any = _leave_compound
    leave_Try: Any = _leave_compound
    leave_With: Any = _leave_compound

    def _added(self, node: cst.CSTNode) -> Added | None:
        """Everything to add around a statement."""
        found = []
        for change in self.changes(node, ObjectChange):
            added = self.added(node, change)
            if added is not None:
                new = cst.FlattenSentinel([*added.before, *added.behind])
                self.edited(node, new, Item.OBJECT_FIELDS, change.evidence, added.effect)
                found.append(added)
        return _together(found) if found else None


def _together(found: Sequence[Added]) -> Added:
    return Added(
        [new for one in found for new in one.before],
        [new for one in found for new in one.behind],
        any(one.sets_off for one in found),
        any(one.at_once for one in found),
    )


def _around(updated: Any, found: Sequence[Added | None]) -> Any:
    """A statement with what is put before and after it; what stands above it stays above it."""
    every = _together([one for one in found if one is not None])
    if not every.before:
        return cst.FlattenSentinel([updated, *every.behind]) if every.behind else updated
    above = updated.leading_lines
    blank = list(itertools.takewhile(lambda one: one.comment is None, above))
    first, *others = every.before
    own = [*([BLANK] if every.sets_off else []), *above[len(blank) :]]
    return cst.FlattenSentinel(
        [
            first.with_changes(leading_lines=[*blank, *_above(first)]),
            *others,
            updated.with_changes(leading_lines=own),
            *every.behind,
        ]
    )


def _above(statement: Any) -> Sequence[cst.EmptyLine]:
    lines: Sequence[cst.EmptyLine] = statement.leading_lines
    return lines


def _apart(
    updated: cst.SimpleStatementLine | cst.SimpleStatementSuite, found: Sequence[Added | None]
) -> list[cst.BaseSmallStatement]:
    """The statements of a line, those that get others around them as whole statements."""
    return [
        new if one is None else Statements([*one.before, line(new), *one.behind])
        for new, one in zip(updated.body, found, strict=True)
    ]
