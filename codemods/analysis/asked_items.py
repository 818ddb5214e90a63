# SPDX-License-Identifier: Apache-2.0
"""Which work items an answer depends on: the stages that these do not tell apart share it.

What a stage knows of a file differs in little from what the stage before knew.
Which items make a difference is not declared anywhere, where it would be
forgotten, but noted while they are asked for.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from codemods.model import ITEMS, Item

Found = TypeVar("Found")


class AskedItems(frozenset[Item]):
    """The work items that are done; `asked` are those of which somebody wanted to know it."""

    asked: set[Item]

    @classmethod
    def of(cls, done: frozenset[Item]) -> "AskedItems":
        """The items, of which nobody has asked for any yet."""
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
        return frozenset(one for one in ITEMS if super(AskedItems, self).__contains__(one))

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
    """What was found, for each of the sets of work items that it turned out to depend on."""

    def __init__(self) -> None:
        self._known: list[tuple[frozenset[Item], frozenset[Item], Found]] = []

    def get(self, done: frozenset[Item], find: Callable[[frozenset[Item]], Found]) -> Found:
        """What `find` makes of the items `done`; what it has asked for is asked of `done`."""
        for asked, were_done, found in self._known:
            if done & asked == were_done:
                return found
        asking = AskedItems.of(done)
        found = find(asking)
        asked = frozenset(asking.asked)
        self._known.append((asked, done & asked, found))
        return found
