# SPDX-License-Identifier: Apache-2.0
"""What functions have answered about one tree, for as long as a run looks at that tree."""

import functools
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_forget: list[Callable[[], None]] = []


def cached_for_run(function: Callable[..., Answer]) -> "functools._lru_cache_wrapper[Answer]":
    """Let a function remember its answers until the next run begins."""
    made = functools.cache(function)
    _forget.append(made.cache_clear)
    return made


def forget() -> None:
    """Let go of what is remembered of a tree: its modules and their syntax trees take memory."""
    for clear in _forget:
        clear()
