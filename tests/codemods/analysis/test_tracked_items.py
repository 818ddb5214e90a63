# SPDX-License-Identifier: Apache-2.0
"""What is found for some work items is found once for all the sets that it is the same for."""

from collections.abc import Callable

import pytest

from codemods.analysis.tracked_items import ForItems, TrackedItems
from codemods.model import ITEMS, Item

BOTH = frozenset({Item.SERVICE, Item.MIGRATION})

QUESTIONS: dict[str, tuple[Callable[[frozenset[Item]], object], frozenset[Item]]] = {
    "one item": (lambda done: Item.SERVICE in done, frozenset({Item.SERVICE})),
    "an item that is not done": (lambda done: Item.FLAVOR in done, frozenset({Item.FLAVOR})),
    "whether all of some are done": (lambda done: done >= BOTH, BOTH),
    "which of some are done": (lambda done: done & BOTH, BOTH),
    "which of some are done, by these": (lambda done: BOTH & done, BOTH),
    "every one": (lambda done: sorted(one.value for one in done), frozenset(ITEMS)),
    "how many": (lambda done: len(done), frozenset(ITEMS)),
    "whether there are others": (lambda done: done <= BOTH, frozenset(ITEMS)),
    "whether they are these": (lambda done: done == BOTH, frozenset(ITEMS)),
    "something else altogether": (lambda done: "service" in done, frozenset()),
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("done", [frozenset(), BOTH, frozenset(ITEMS)], ids=["none", "two", "all"])
def test_answer_is_that_of_the_set_and_the_items_are_noted(name: str, done: frozenset[Item]):
    question, asked = QUESTIONS[name]
    asking = TrackedItems.of(done)
    assert question(asking) == question(done)
    assert asking.asked == asked


def test_found_once_for_all_that_it_is_the_same_for():
    calls = []

    def find(done: frozenset[Item]) -> bool:
        calls.append(done)
        return Item.SERVICE in done and Item.MIGRATION in done

    known = ForItems[bool]()
    stages = [frozenset(ITEMS[: number + 1]) for number in range(len(ITEMS))]
    assert [known.get(done, find) for done in stages] == [find(done) for done in stages]
    # without the service nobody asks for the migration
    assert len(calls) - len(stages) == 3


def test_what_is_asked_of_one_answer_is_asked_of_what_is_made_of_it():
    inner, outer = ForItems[bool](), ForItems[str]()

    def find(done: frozenset[Item]) -> str:
        return str(inner.get(done, lambda items: Item.SERVICE in items))

    assert outer.get(frozenset(), find) == "False"
    assert outer.get(frozenset({Item.FLAVOR}), find) == "False"
    assert outer.get(frozenset({Item.SERVICE}), find) == "True"
