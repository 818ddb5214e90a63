# SPDX-License-Identifier: Apache-2.0
"""Caches of functions that answer questions about a tree, cleared when the next run begins."""

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")

_forget: list[Callable[[], None]] = []


def cached_for_run(function: Callable[..., Answer]) -> "functools._lru_cache_wrapper[Answer]":
    """Cache a function's results until the next run begins."""
    made = functools.cache(function)
    _forget.append(made.cache_clear)
    return made


def cached_while_alive(function: Callable[[Argument], Answer]) -> Callable[[Argument], Answer]:
    """Cache a function's result for its one argument for as long as the argument is alive.

    Many intermediate texts are made, and each is dropped when its file is done.
    """
    answers = weakref.WeakKeyDictionary[Argument, Answer]()

    @functools.wraps(function)
    def answer(argument: Argument) -> Answer:
        found = answers.get(argument)
        if found is None:
            found = answers[argument] = function(argument)
        return found

    return answer


def forget() -> None:
    """Clear the caches of the last tree: its modules and their syntax trees take memory."""
    for clear in _forget:
        clear()
