# SPDX-License-Identifier: Apache-2.0
"""Map a function over items in forked processes.

A forked process shares the trees and what is known of them, so only the results have
to be sent back. Without fork, this process does all the work.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Work:
    """What the forked processes inherit."""

    function: Callable[[Any], Any]
    items: Sequence[Any] = ()


def forked_map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    done: Callable[[], None] = lambda: None,
) -> list[Result]:
    """The results of `function` for the items, in order, from at most `jobs` processes.

    The last items are started first: put those that take longest at the end. `done` is
    called in this process for each result.
    """
    if min(jobs, len(items)) < 2:
        return list(_told((function(item) for item in items), done))
    # a run with one job does not pay for these imports
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
