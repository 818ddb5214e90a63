# SPDX-License-Identifier: Apache-2.0
"""Record what the rules ask about a stage: while the answers stay the same, so does the result.

Most islands are the same in most stages. What an island depends on is recorded while
the rules ask, not declared, since a declaration is easily forgotten.
"""

import dataclasses
from collections.abc import Callable

from codemods.analysis.tracked_items import TrackedItems
from codemods.model import Edit, Item
from codemods.rewriting.became import Became
from codemods.rewriting.file import File, Follower
from codemods.rewriting.findings import Effect

#: The questions that were asked of a file, to ask again at another stage, and their answers.
Questions = dict[tuple[object, ...], tuple[Callable[[File], object], object]]


@dataclasses.dataclass(frozen=True)
class _Became(Became):
    """What the code has become; records what is asked."""

    questions: Questions = dataclasses.field(default_factory=dict, compare=False)

    def _noted(self, name: str, *args: object) -> object:
        found: object = getattr(super(), name)(*args)
        self.questions[(name, *args)] = (
            lambda file: getattr(file.became, name)(*args) if isinstance(file, Follower) else None,
            found,
        )
        return found

    def changed(self, *effects: Effect) -> frozenset[str]:
        return self._noted("changed", *effects)  # type: ignore[return-value]

    def has(self, effect: Effect) -> bool:
        return bool(self._noted("has", effect))

    def calls(self, method: str) -> bool:
        return bool(self._noted("calls", method))

    def rewritten_in(self, method: str) -> frozenset[str]:
        return self._noted("rewritten_in", method)  # type: ignore[return-value]

    def edit_of(self, dotted: str, effect: Effect) -> Edit | None:
        return self._noted("edit_of", dotted, effect)  # type: ignore[return-value]

    def first_import(self, package: str) -> Item | None:
        return self._noted("first_import", package)  # type: ignore[return-value]


@dataclasses.dataclass(frozen=True, eq=False)
class _Follower(Follower):
    """A file that follows the code; records what its tests depend on, not all changed files."""

    real: Follower
    questions: Questions

    def tests_what(self, *effects: Effect) -> bool:
        found = self.real.tests_what(*effects)
        self.questions[("tests_what", *effects)] = (
            lambda file: file.tests_what(*effects) if isinstance(file, Follower) else None,
            found,
        )
        return found


class Dependencies:
    """A `file` for the rules to ask, with a record of their questions and the answers."""

    def __init__(self, file: File) -> None:
        self._done = file.done
        self._items = TrackedItems.of(file.done)
        self._questions: Questions = {}
        self.file = File(file.module, file.survey, self._items)
        if isinstance(file, Follower):
            became = _Became(file.became.outcomes, self._questions)
            self.file = _Follower(
                file.module, file.survey, self._items, became, file, self._questions
            )

    def hold_for(self, file: File) -> bool:
        """Whether the file at another stage gives the same answers."""
        asked = frozenset(self._items.asked)
        return file.done & asked == self._done & asked and all(
            question(file) == answer for question, answer in self._questions.values()
        )
