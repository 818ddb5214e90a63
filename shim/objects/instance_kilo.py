# SPDX-License-Identifier: Apache-2.0
"""What Kilo's instances have and the schema of 2014.2 has no place for."""

from __future__ import annotations

from typing import Any

from shim import exception


class KiloInstance:
    """The attributes that Kilo's code reads, as they are where there are none."""

    @property
    def tags(self) -> list[Any]:
        """None: 2014.2's schema has no place for them. Setting them is an ObjectActionError."""
        return []

    @tags.setter
    def tags(self, tags: Any) -> None:
        _refuse("tags", tags)

    @property
    def vcpu_model(self) -> None:
        """None: 2014.2's schema has no place for it. Setting one is an ObjectActionError."""
        return None

    @vcpu_model.setter
    def vcpu_model(self, model: Any) -> None:
        _refuse("vcpu_model", model)


def _refuse(name: str, value: Any) -> None:
    if value:
        raise exception.ObjectActionError(
            action=name, reason="there is no place for it in the schema"
        )
