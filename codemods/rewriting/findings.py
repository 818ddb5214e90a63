# SPDX-License-Identifier: Apache-2.0
"""What the rules found in one file: edits, imports, places that stay, tests for a person."""

import copy
import dataclasses
import enum
from collections.abc import Collection, Iterable

import libcst as cst

from codemods.analysis.facts import Span
from codemods.choice import Refusal
from codemods.model import (
    Conflict,
    Declined,
    Edit,
    ImportChange,
    LeftFunction,
    NeedsPerson,
    Refused,
)


class Effect(enum.Enum):
    """What rewritten code does that its unit tests have to know about."""

    READS_OBJECT = "reads an object where it read a row from the conductor"
    CREATES_OBJECT = "creates an object where it had the conductor create a row"
    SAVES_OBJECT = "saves an object, no Instance, where it had the conductor update a row"
    SAVES_INSTANCE = "saves an Instance of its own"
    SAVES_WHAT_CHANGED = "saves what was set on an object that is given as its own values"
    DESTROYS_SERVICE = "destroys a Service"
    READS_NODES = "reads the nodes of a service by a query of their own"
    READS_INSTANCE = "reads the instance of a migration by a query of its own"
    GETS_NODES = "has a getter for the nodes of a service"
    HANDS_OVER_STATS = "hands the stats of a compute node over as a dict"
    FILLS_STATS = "fills the stats of a compute node with a dict of its own"
    SETS_STATS = "sets the stats of a compute node to a dict, and not to its text"
    STORES_STATS = "stores stats in a compute node, which keeps a copy of its own"
    READS_STATS = "reads the stats of a compute node from the rows that they are in"
    COPIES_VALUES = "gives an object copies of the values that it is updated with"
    COPIES_ROW = "makes a dict of its own of what may be an object or a dict"
    COMPARES_CONTENTS = "compares what objects hold, as dicts that it makes of them"
    COMPARES_TIMES = "compares times of which one may be None"
    CATCHES_NO_SERVICE = "goes on without a service that is gone when its nodes are read"
    CATCHES_NO_INSTANCE = "goes on without the instance of a migration that is gone"
    READS_INSTANCE_ONCE = "reads the instance that several migrations have once"
    IMPORTS_OBJECTS = "imports more modules of objects where all are registered"
    REGISTERS_OBJECTS = "registers the objects as soon as main() has read the options"
    LEAVES_NODE_OUT = "reads a service without a compute node of a later version"


#: The effects of an edit, if any matter to unit tests.
Effects = Effect | tuple[Effect, ...] | None


@dataclasses.dataclass(frozen=True)
class Mark:
    """How much of each kind had been found at some point."""

    edits: int
    imports: int
    comments: int
    effects: frozenset[Effect]


NOTHING = Mark(0, 0, 0, frozenset())


@dataclasses.dataclass
class Findings:
    """What the rules have found in one file so far."""

    edits: list[Edit] = dataclasses.field(default_factory=list)
    imports: list[ImportChange] = dataclasses.field(default_factory=list)
    declined: list[Declined] = dataclasses.field(default_factory=list)
    #: The span of each of the declined places.
    _places: list[Span] = dataclasses.field(default_factory=list)
    needs_person: list[NeedsPerson] = dataclasses.field(default_factory=list)
    effects: set[Effect] = dataclasses.field(default_factory=set)
    left_functions: list[LeftFunction] = dataclasses.field(default_factory=list)
    #: The edits that are not made: the user asked for it, or a name is taken.
    refused: list[Refused] = dataclasses.field(default_factory=list)
    conflicts: list[Conflict] = dataclasses.field(default_factory=list)
    #: The expressions that edits made, with the number of the edit, until they get parentheses.
    _made: dict[cst.CSTNode, int] = dataclasses.field(default_factory=dict)
    #: The comments that went on purpose, mostly with their statements.
    dropped_comments: list[str] = dataclasses.field(default_factory=list)
    #: Those among them that a rule dropped from a statement that stays.
    _dropped: set[cst.Comment] = dataclasses.field(default_factory=set)
    #: The comments of what goes that stand with a new statement.
    _moved: set[cst.Comment] = dataclasses.field(default_factory=set)

    def edit(self, one: Edit, made: object = None) -> None:
        """Add an edit, with the node that it made."""
        if isinstance(made, cst.BaseExpression):
            self._made[made] = len(self.edits)
        self.edits.append(one)

    def drop_edits(self, numbers: Collection[int]) -> None:
        """Remove edits by number."""
        if numbers:
            kept = [number for number in range(len(self.edits)) if number not in numbers]
            new = {number: place for place, number in enumerate(kept)}
            self.edits = [self.edits[number] for number in kept]
            self._made = {node: new[old] for node, old in self._made.items() if old in new}

    def enclose(self, made: cst.BaseExpression, new: cst.BaseExpression) -> None:
        """Record that an expression was put in parentheses."""
        number = self._made.pop(made, None)
        if number is not None:
            text = cst.Module([]).code_for_node(new)
            self.edits[number] = dataclasses.replace(self.edits[number], text=text)

    def snapshot(self) -> "Findings":
        """A copy of what was found so far, for `restore`."""
        return dataclasses.replace(
            self, **{name: copy.copy(value) for name, value in vars(self).items()}
        )

    def restore(self, found: "Findings") -> None:
        """Go back to a snapshot."""
        vars(self).update(vars(found))

    def decline(self, one: Declined, place: Span) -> None:
        """Add a place that stays as it is."""
        self.declined.append(one)
        self._places.append(place)

    def forget_imports(self, lines: Collection[str]) -> None:
        """Remove these import lines."""
        self.imports = [one for one in self.imports if one.line not in lines]

    def drop_gone(self) -> None:
        """Remove declined places within statements that are gone."""
        gone = [(edit.start, edit.end) for edit in self.edits if not edit.text]
        kept = [
            (one, place)
            for one, place in zip(self.declined, self._places, strict=True)
            if not any(start <= place[0] and place[1] <= end for start, end in gone)
        ]
        self.declined = [one for one, _ in kept]
        self._places = [place for _, place in kept]

    def drop(self, comment: cst.Comment) -> None:
        """Drop a comment of a statement that stays."""
        self._dropped.add(comment)
        self.dropped_comments.append(comment.value.strip())

    def move(self, comments: Iterable[cst.Comment]) -> None:
        """Let comments stand with a statement other than their own."""
        self._moved.update(comments)

    def has_left(self, comment: cst.Comment) -> bool:
        """Whether a rule dropped a comment or let it stand elsewhere."""
        return comment in self._dropped or comment in self._moved

    def mark(self) -> "Mark":
        """Mark the current state, for `refuse` to go back to."""
        return Mark(
            len(self.edits), len(self.imports), len(self.dropped_comments), frozenset(self.effects)
        )

    def refuse(self, mark: "Mark", refusal: Refusal, is_needed: bool) -> None:
        """Take back what was found since `mark`; its edits become refused ones."""
        self.refused += [
            Refused(edit, refusal.why, refusal.is_listed, is_needed)
            for edit in self.take_back(mark)
        ]

    def refuse_all(self) -> None:
        """Refuse all edits, for the reason of the first one that was refused."""
        self.refuse(NOTHING, Refusal(self.refused[0].why), True)

    def take_back(self, mark: "Mark" = NOTHING) -> list[Edit]:
        """Take back what was found since `mark`, and return its edits."""
        edits = self.edits[mark.edits :]
        self.drop_edits(range(mark.edits, len(self.edits)))
        del self.imports[mark.imports :]
        del self.dropped_comments[mark.comments :]
        self.effects = set(mark.effects)
        return edits

    def add(self, other: "Findings") -> None:
        """Add what was found in a part of the file."""
        self.edits += other.edits
        self.imports += other.imports
        self.declined += other.declined
        self._places += other._places
        self.needs_person += other.needs_person
        self.effects |= other.effects
        self.left_functions += other.left_functions
        self.refused += other.refused
        self.conflicts += other.conflicts
        self.dropped_comments += other.dropped_comments
