# SPDX-License-Identifier: Apache-2.0
"""What changed of an object since it was loaded or stored, dicts and lists changed in place too."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, ClassVar

from shim.objects.backports import BackportedObject


class ChangedObject(BackportedObject):
    """An object that notices what changes of it."""

    #: Dict and list fields whose changes in place are noticed.
    noticed_in_place: ClassVar[tuple[str, ...]] = ()
    #: Fields whose object stays the same one when it is read again, because others hold it.
    kept_in_place: ClassVar[tuple[str, ...]] = ()

    def __init__(self, context: Any = None, **kwargs: Any) -> None:
        self._originals: dict[str, Any] = {}
        super().__init__(context, **kwargs)

    def _take(self, name: str, value: Any) -> None:
        """Set the field to what was read again."""
        there = getattr(self, name) if self.obj_attr_is_set(name) else None
        if name in self.kept_in_place and there is not None and value is not None:
            for inner in there.fields:
                if value.obj_attr_is_set(inner):
                    setattr(there, inner, getattr(value, inner))
            there.obj_reset_changes()
            value = there
        setattr(self, name, value)

    def obj_reset_changes(self, fields: Any = None, recursive: bool = False) -> None:
        """Forget the changes of all fields, or of those named."""
        super().obj_reset_changes(fields, recursive)
        self._note_originals(fields)

    def _note_originals(self, fields: Iterable[str] | None = None) -> None:
        for name in self.noticed_in_place:
            if fields is None or name in fields:
                value = getattr(self, f"_obj_{name}", None)
                self._originals[name] = None if value is None else _plain(value)

    def obj_what_changed(self) -> set[str]:
        """The fields that changed since they were loaded, stored or reset."""
        changes = {name for name in self._changed_fields if name in self.fields}
        for attribute, value in self.__dict__.items():
            # Most values are plain: to ask each field for its value takes ten times as long.
            if isinstance(value, ChangedObject) and attribute.startswith("_obj_"):
                if value.obj_what_changed():
                    changes.add(attribute[len("_obj_") :])
        for name in self.noticed_in_place:
            if name not in changes:
                value = getattr(self, f"_obj_{name}", None)
                if value is not None and self._originals.get(name) != _plain(value):
                    changes.add(name)
        return changes

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        clone: Any = super().__deepcopy__(memo)
        clone.VERSION = self.VERSION
        clone._originals = copy.deepcopy(self._originals)
        return clone


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else list(value)
