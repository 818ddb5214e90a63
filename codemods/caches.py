# SPDX-License-Identifier: Apache-2.0
"""What functions have answered about one tree, for as long as a run looks at that tree."""

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_forget: list[Callable[[], None]] = []


def cached_for_run(function: Callable[..., Answer]) -> "functools._lru_cache_wrapper[Answer]":
    """Let a function remember its answers until the next run begins."""
    made = functools.cache(function)
    _forget.append(made.cache_clear)
    return made


def cached_while_alive(function: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Let a function of one thing remember what it answered for as long as there is that thing.

    The texts in the making are many, and each is gone when its file is written.
    """
    answers = weakref.WeakKeyDictionary[Asked, Answer]()

    @functools.wraps(function)
    def answer(asked: Asked) -> Answer:
        found = answers.get(asked)
        if found is None:
            found = answers[asked] = function(asked)
        return found

    return answer


def forget() -> None:
    """Let go of what is remembered of a tree: its modules and their syntax trees take memory."""
    for clear in _forget:
        clear()
