# SPDX-License-Identifier: Apache-2.0
"""What the rules found in one file: edits, imports, places that stay, tests for a person."""

import dataclasses
import enum

import libcst as cst

from codemods.analysis.facts import Span
from codemods.model import Declined, Edit, ImportChange, LeftFunction, NeedsPerson


class Effect(enum.Enum):
    """What rewritten code does that its unit tests have to know of."""

    READS_OBJECT = "reads an object where it read a row from the conductor"
    CREATES_OBJECT = "creates an object where it had the conductor create a row"
    SAVES_OBJECT = "saves an object, no Instance, where it had the conductor update a row"
    SAVES_INSTANCE = "saves an Instance of its own"
    DESTROYS_SERVICE = "destroys a Service"
    READS_NODES = "reads the nodes of a service by a query of their own"
    READS_INSTANCE = "reads the instance of a migration by a query of its own"
    GETS_NODES = "has a getter for the nodes of a service"
    HANDS_OVER_STATS = "hands the stats of a compute node over as a dict"


@dataclasses.dataclass
class Findings:
    """Filled while the rules look at one file."""

    edits: list[Edit] = dataclasses.field(default_factory=list)
    imports: list[ImportChange] = dataclasses.field(default_factory=list)
    declined: list[Declined] = dataclasses.field(default_factory=list)
    #: Where each of those places stands.
    _places: list[Span] = dataclasses.field(default_factory=list)
    needs_person: list[NeedsPerson] = dataclasses.field(default_factory=list)
    effects: set[Effect] = dataclasses.field(default_factory=set)
    left_functions: list[LeftFunction] = dataclasses.field(default_factory=list)
    #: The comments of statements that are gone, which nobody misses.
    dropped_comments: list[str] = dataclasses.field(default_factory=list)
    #: Those among them that a rule dropped from a statement which stays.
    _dropped: set[cst.Comment] = dataclasses.field(default_factory=set)

    def decline(self, one: Declined, place: Span) -> None:
        """Note a place that stays as it is."""
        self.declined.append(one)
        self._places.append(place)

    def drop_gone(self) -> None:
        """Say nothing of places within statements that are gone."""
        gone = [(edit.start, edit.end) for edit in self.edits if not edit.text]
        kept = [
            (one, place)
            for one, place in zip(self.declined, self._places, strict=True)
            if not any(start <= place[0] and place[1] <= end for start, end in gone)
        ]
        self.declined = [one for one, _ in kept]
        self._places = [place for _, place in kept]

    def drop(self, comment: cst.Comment) -> None:
        """Let a comment of a statement that stays be gone."""
        self._dropped.add(comment)
        self.dropped_comments.append(comment.value.strip())

    def is_dropped(self, comment: cst.Comment) -> bool:
        """Whether a rule dropped a comment."""
        return comment in self._dropped

    def add(self, other: "Findings") -> None:
        """Take over what was found in a part of the file."""
        self.edits += other.edits
        self.imports += other.imports
        self.declined += other.declined
        self._places += other._places
        self.needs_person += other.needs_person
        self.effects |= other.effects
        self.left_functions += other.left_functions
        self.dropped_comments += other.dropped_comments
