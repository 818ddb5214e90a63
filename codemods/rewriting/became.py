# SPDX-License-Identifier: Apache-2.0
"""What the code has become, for the rules that look at its unit tests."""

import dataclasses
from collections.abc import Mapping

from codemods.model import ITEMS, Edit, ImportChange, Item
from codemods.rewriting.findings import Effect


@dataclasses.dataclass(frozen=True)
class FileOutcome:
    """What a file of code has become: its edits, imports and effects.

    `rewritten` are the conductor's methods with a call that was rewritten, `left` those
    with a call that stays.
    """

    edits: tuple[Edit, ...] = ()
    imports: tuple[ImportChange, ...] = ()
    effects: frozenset[Effect] = frozenset()
    rewritten: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Became:
    """The outcomes of the files of code, by the dotted names of their modules."""

    outcomes: Mapping[str, FileOutcome]

    def changed(self, *effects: Effect) -> frozenset[str]:
        """The changed modules that have one of the effects; all of them if none is given."""
        return frozenset(
            dotted
            for dotted, outcome in self.outcomes.items()
            if outcome.edits and (not effects or outcome.effects.intersection(effects))
        )

    def has(self, effect: Effect) -> bool:
        """Whether some file has the effect."""
        return any(effect in outcome.effects for outcome in self.outcomes.values())

    def calls(self, method: str) -> bool:
        """Whether some file still calls one of the conductor's methods."""
        return any(method in outcome.left for outcome in self.outcomes.values())

    def rewritten_in(self, method: str) -> frozenset[str]:
        """The modules in which a call of one of the conductor's methods was rewritten."""
        return frozenset(
            dotted for dotted, outcome in self.outcomes.items() if method in outcome.rewritten
        )

    def edit_of(self, dotted: str, effect: Effect) -> Edit | None:
        """The first edit that gives a module an effect; None if it does not have it."""
        edits = self.outcomes[dotted].edits if dotted in self.outcomes else ()
        return next((edit for edit in edits if effect in edit.effects), None)

    def first_import(self, package: str) -> Item | None:
        """The first work item for which some file imports something from a package."""
        items = {
            one.item
            for outcome in self.outcomes.values()
            for one in outcome.imports
            if one.source.partition(".")[0] == package
        }
        return min(items, key=ITEMS.index) if items else None
