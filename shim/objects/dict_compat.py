# SPDX-License-Identifier: Apache-2.0
"""The dict style on objects, counted.

A mixin until no code subscripts an object any more: ``uses()`` tells how often it happened, on
which object, with which operation and key, and from which line, so that its end can be planned.
"""

import collections
import sys
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from shim.metrics import Counters


class Use(NamedTuple):
    """One way of using an object as a dict: ``place`` is ``file:line`` of the caller."""

    obj_name: str
    operation: str
    key: str
    place: str


_counts: collections.Counter[Use] = collections.Counter()
_lock = threading.Lock()
_NO_DEFAULT: Any = object()


def uses() -> dict[Use, int]:
    """How often each use happened in this process since ``reset_uses``."""
    with _lock:
        return dict(_counts)


def reset_uses() -> None:
    """Count from zero again."""
    with _lock:
        _counts.clear()


def _count(obj: Any, operation: str, key: str = "") -> None:
    frame = sys._getframe(2)
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    with _lock:
        _counts[Use(obj.obj_name(), operation, key, place)] += 1
    Counters.dict_use(obj.obj_name(), operation, key, place)


class DictCompat:
    """``obj['f']``, ``obj['f'] = v``, ``'f' in obj``, ``get``, ``update``, ``items``.

    They mean what they mean on nova's objects of 2014.2, which is not always what they mean on a
    dict: ``in`` asks whether the field is set, and an unknown name is an AttributeError.
    """

    def __getitem__(self, name: str) -> Any:
        _count(self, "getitem", name)
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        _count(self, "setitem", name)
        setattr(self, name, value)

    def __contains__(self, name: str) -> bool:
        _count(self, "contains", name)
        return _is_set(self, name)

    def get(self, key: str, value: Any = _NO_DEFAULT) -> Any:
        """The field; ``value`` when it is not set; without one it is loaded.

        AttributeError for a name that is no field.
        """
        _count(self, "get", key)
        if key not in self.obj_fields:  # type: ignore[attr-defined]
            raise AttributeError(f"{type(self).__name__} has no attribute {key!r}")
        if value is not _NO_DEFAULT and not _is_set(self, key):
            return value
        return getattr(self, key)

    def update(self, updates: dict[str, Any]) -> None:
        """Set each of the attributes."""
        _count(self, "update")
        for name, value in self._as_attributes(updates).items():
            setattr(self, name, value)

    def _as_attributes(self, updates: dict[str, Any]) -> dict[str, Any]:
        """The updates by attribute; a class says so where a dict's values are other than its."""
        return updates

    def items(self) -> list[tuple[str, Any]]:
        """The fields that are set, and the properties beside them, with their values."""
        _count(self, "items")
        return list(self._pairs())

    def iteritems(self) -> Iterator[tuple[str, Any]]:
        """What ``items`` gives, one at a time."""
        _count(self, "iteritems")
        return self._pairs()

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        for name in self.obj_fields:  # type: ignore[attr-defined]
            if _is_set(self, name) or name in self.obj_extra_fields:  # type: ignore[attr-defined]
                yield name, getattr(self, name)


def _is_set(obj: Any, name: str) -> bool:
    return name in obj.fields and bool(obj.obj_attr_is_set(name))
