# SPDX-License-Identifier: Apache-2.0
"""The registry of the shim's classes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from oslo_versionedobjects import base as ovo_base

_Registry: Any = ovo_base.VersionedObjectRegistry


class NovaObjectRegistry(_Registry):
    """The shim's classes, apart from those that other libraries of the process register."""

    _own_classes: ClassVar[dict[str, list[Any]]] = defaultdict(list)

    def __new__(cls, *args: Any, **kwargs: Any) -> NovaObjectRegistry:
        self: NovaObjectRegistry = object.__new__(cls)
        self._obj_classes = cls._own_classes
        return self
