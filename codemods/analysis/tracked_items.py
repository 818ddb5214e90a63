# SPDX-License-Identifier: Apache-2.0
"""Track which work items an answer depends on: stages that agree on these share the answer.

What we know of a file changes little from one stage to the next. The items that
make a difference are recorded as they are looked up: a declaration of them would
soon be out of date.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from codemods.model import ITEMS, Item

Found = TypeVar("Found")


class TrackedItems(frozenset[Item]):
    """The work items that are done; `asked` are those that were looked up, done or not."""

    asked: set[Item]

    @classmethod
    def of(cls, done: frozenset[Item]) -> "TrackedItems":
        """The items, with none looked up so far."""
        made = cls(done)
        made.asked = set()
        return made

    def __contains__(self, item: object) -> bool:
        if isinstance(item, Item):
            self.asked.add(item)
        return super().__contains__(item)

    def __ge__(self, other: object) -> bool:
        return super().__ge__(self._noted(other))

    def __and__(self, other: object) -> frozenset[Item]:
        return super().__and__(self._noted(other))

    __rand__ = __and__

    def _noted(self, other: object) -> frozenset[Item]:
        assert isinstance(other, frozenset)
        self.asked.update(other)
        return other

    def _all(self) -> frozenset[Item]:
        self.asked.update(ITEMS)
        return frozenset(one for one in ITEMS if super(TrackedItems, self).__contains__(one))

    def __iter__(self) -> Iterator[Item]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __le__(self, other: object) -> bool:
        return self._all() <= other  # type: ignore[operator]

    def __eq__(self, other: object) -> bool:
        return self._all() == other

    def __hash__(self) -> int:
        return hash(self._all())


class ForItems(Generic[Found]):
    """Answers, cached by the work items that each turned out to depend on."""

    def __init__(self) -> None:
        self._known: list[tuple[frozenset[Item], frozenset[Item], Found]] = []

    def get(self, done: frozenset[Item], find: Callable[[frozenset[Item]], Found]) -> Found:
        """The answer of `find` for the items `done`; its lookups count as lookups in `done`."""
        for asked, were_done, found in self._known:
            if done & asked == were_done:
                return found
        asking = TrackedItems.of(done)
        found = find(asking)
        asked = frozenset(asking.asked)
        self._known.append((asked, done & asked, found))
        return found
