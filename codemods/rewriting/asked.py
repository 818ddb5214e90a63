"""What the rules asked of a stage: for as long as the answers stay the same, so does their work.

Most of an island is the same in most stages. Which it depends on is not
declared anywhere, where it would be forgotten, but noted while the rules ask.
"""

import dataclasses
from collections.abc import Callable, Iterator

from codemods.model import ITEMS, Item
from codemods.rewriting.became import Became
from codemods.rewriting.file import File, Follower
from codemods.rewriting.findings import Effect

#: What was asked, of a file at whatever stage, with the answer that it got.
Answers = dict[tuple[object, ...], tuple[Callable[[File], object], object]]


class _Done(frozenset[Item]):
    """The work items that are done; notes which are asked for."""

    answers: Answers

    @classmethod
    def noting(cls, items: frozenset[Item], answers: Answers) -> "_Done":
        """The items, with the place for the notes."""
        made = cls(items)
        made.answers = answers
        return made

    def __contains__(self, item: object) -> bool:
        found = super().__contains__(item)
        self.answers["done", item] = (lambda file: item in file.done, found)
        return found

    def _all(self) -> frozenset[Item]:
        items = frozenset(one for one in ITEMS if super(_Done, self).__contains__(one))
        self.answers["all",] = (lambda file: frozenset(file.done), items)
        return items

    def __iter__(self) -> Iterator[Item]:
        return iter(self._all())

    def __ge__(self, other: object) -> bool:
        return self._all() >= other  # type: ignore[operator]

    def __le__(self, other: object) -> bool:
        return self._all() <= other  # type: ignore[operator]


@dataclasses.dataclass(frozen=True)
class _Became(Became):
    """What the code has become; notes what is asked."""

    answers: Answers = dataclasses.field(default_factory=dict, compare=False)

    def _noted(self, name: str, *args: object) -> object:
        found: object = getattr(super(), name)(*args)
        self.answers[(name, *args)] = (
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

    def has_rewritten(self, method: str) -> bool:
        return bool(self._noted("has_rewritten", method))

    def first_import(self, package: str) -> Item | None:
        return self._noted("first_import", package)  # type: ignore[return-value]


@dataclasses.dataclass(frozen=True, eq=False)
class _Follower(Follower):
    """A file that follows the code; which other files changed is not what it asks."""

    real: Follower
    answers: Answers

    def tests_what(self, *effects: Effect) -> bool:
        found = self.real.tests_what(*effects)
        self.answers[("tests_what", *effects)] = (
            lambda file: file.tests_what(*effects) if isinstance(file, Follower) else None,
            found,
        )
        return found


def noting(file: File, answers: Answers) -> File:
    """The file as the rules see it, for whom `answers` notes what they asked and were told."""
    done = _Done.noting(file.done, answers)
    if not isinstance(file, Follower):
        return File(file.module, file.survey, done)
    became = _Became(file.became.outcomes, answers)
    return _Follower(file.module, file.survey, done, became, file, answers)


def are_same(answers: Answers, file: File) -> bool:
    """Whether a file, at another stage, gives the same answers."""
    return all(question(file) == answer for question, answer in answers.values())
