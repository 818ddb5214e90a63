# SPDX-License-Identifier: Apache-2.0
"""Run a function over items in processes that have what this one has.

A forked process shares the trees and what is known of them, so nothing but the
results crosses between processes. Where there is no fork, this process does it
all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Work:
    """What the forked processes find when they look."""

    function: Callable[[Any], Any]
    items: Sequence[Any] = ()


def forked_map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    done: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The results of `function` for the items, in their order; `jobs` processes at the most.

    The items at the end are begun first: put there what takes longest. `done` is
    called here when there is one more result.
    """
    if min(jobs, len(items)) < 2:
        return list(_told((function(item) for item in items), done))
    # what one job does not need costs it nothing
    import concurrent.futures
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods():
        return list(_told((function(item) for item in items), done))
    _Work.function, _Work.items = staticmethod(function), items
    try:
        context = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(min(jobs, len(items)), context) as pool:
            return list(_told(pool.map(_result, reversed(range(len(items)))), done))[::-1]
    finally:
        del _Work.function
        _Work.items = ()


def _told(results: Iterable[Result], done: Callable[[], None]) -> Iterator[Result]:
    for result in results:
        done()
        yield result


def _result(number: int) -> Any:
    return _Work.function(_Work.items[number])
