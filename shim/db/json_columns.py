# SPDX-License-Identifier: Apache-2.0
"""The columns whose text is JSON that the objects read.

What cannot be read is not written: ValueRefused. What is there and cannot be read all the same is
taken for NULL, and the log says of which row and which column: one broken row must not take a
whole list with it, and an instance that a list leaves out would be resources that look free.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from shim.refusals import ValueRefused

LOG = logging.getLogger(__name__)

#: Table and column, and what the JSON must be.
COLUMNS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "compute_nodes": {"stats": (dict,), "pci_stats": (dict, list, type(None))},
    "instance_extra": {"numa_topology": (dict,), "pci_requests": (list,)},
    "instance_info_caches": {"network_info": (list,)},
    "pci_devices": {"extra_info": (dict,)},
}
#: How deep it may nest; nova's own nests a dozen levels.
MAX_DEPTH = 100

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
#: What the log has told of already: a row that is read every minute need not fill it.
_told: dict[tuple[str, Any, str], int] = {}
_told_lock = threading.Lock()
_TOLD_LIMIT = 10_000


def refuse_unreadable(table: str, values: Mapping[str, Any]) -> None:
    """Raise ValueRefused for a value among those of the row that could not be read again."""
    for column, types in COLUMNS.get(table, {}).items():
        text = values.get(column)
        if text is not None and not isinstance(text, str):
            raise ValueRefused(f"{table}.{column}: no text, but {type(text).__name__}")
        if text:
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise ValueRefused(f"{table}.{column}: no JSON: {error}") from error
            if not isinstance(found, types) or _depth_of(text) > MAX_DEPTH:
                raise ValueRefused(f"{table}.{column}: not the JSON that is read from there")


def _depth_of(text: str) -> int:
    """How deep the JSON nests, or more: brackets within strings count too."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def read(table: str, row: Mapping[str, Any], column: str, convert: Callable[[Any], Any]) -> Any:
    """What ``convert`` makes of the column's JSON; None for no text, and for what is broken."""
    text = row[column]
    if not text:
        return None
    try:
        return convert(json.loads(text))
    except _UNREADABLE as error:
        tell(table, row, column, error)
        return None


def tell(table: str, row: Mapping[str, Any], column: str, error: Exception) -> None:
    """Log, once while it stays as it is, that the value of the row cannot be read."""
    place, value = (table, row.get("id"), column), hash(str(row.get(column)))
    with _told_lock:
        if _told.get(place) == value:
            return
        if len(_told) >= _TOLD_LIMIT:
            _told.clear()
        _told[place] = value
    why = str(error) if isinstance(error, json.JSONDecodeError) else type(error).__name__
    LOG.error("%s, row %s: %s cannot be read, and is taken for empty: %s", *place, why)
