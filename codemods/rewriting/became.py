# SPDX-License-Identifier: Apache-2.0
"""What the files of the code have become, for those that look at their unit tests."""

import dataclasses
from collections.abc import Mapping

from codemods.model import ITEMS, Edit, ImportChange, Item
from codemods.rewriting.findings import Effect


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a file of the code has become: its edits, and what it does from now on.

    `rewritten` are the conductor's methods of which a call was rewritten,
    `left` those of which a call stays.
    """

    edits: tuple[Edit, ...] = ()
    imports: tuple[ImportChange, ...] = ()
    effects: frozenset[Effect] = frozenset()
    rewritten: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Became:
    """The files of the code that were changed, by the dotted names of their modules."""

    outcomes: Mapping[str, Outcome]

    def changed(self, *effects: Effect) -> frozenset[str]:
        """The modules that have one of the effects from now on, or, without any, that changed."""
        return frozenset(
            dotted
            for dotted, outcome in self.outcomes.items()
            if outcome.edits and (not effects or outcome.effects.intersection(effects))
        )

    def has(self, effect: Effect) -> bool:
        """Whether some file has the effect from now on."""
        return any(effect in outcome.effects for outcome in self.outcomes.values())

    def calls(self, method: str) -> bool:
        """Whether some file goes on calling one of the conductor's methods."""
        return any(method in outcome.left for outcome in self.outcomes.values())

    def rewritten_in(self, method: str) -> frozenset[str]:
        """The modules that called one of the conductor's methods where they no longer do."""
        return frozenset(
            dotted for dotted, outcome in self.outcomes.items() if method in outcome.rewritten
        )

    def edit_of(self, dotted: str, effect: Effect) -> Edit | None:
        """The first edit by which a module has an effect from now on; None if it has not."""
        edits = self.outcomes[dotted].edits if dotted in self.outcomes else ()
        return next((edit for edit in edits if effect in edit.effects), None)

    def first_import(self, package: str) -> Item | None:
        """The first work item for which some file imports something of a package."""
        items = {
            one.item
            for outcome in self.outcomes.values()
            for one in outcome.imports
            if one.source.partition(".")[0] == package
        }
        return min(items, key=ITEMS.index) if items else None
