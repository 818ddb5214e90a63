# SPDX-License-Identifier: Apache-2.0
"""HVSpec: what a hypervisor can run, as Kilo has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from shim.objects import base, fields
from shim.objects.dict_compat import DictCompat


@base.NovaObjectRegistry.register
class HVSpec(DictCompat, base.NovaObject):
    """An architecture, a hypervisor and a way of running guests that go together."""

    # Version 1.0: the first
    VERSION = "1.0"

    fields: ClassVar[dict[str, Any]] = {
        "arch": fields.StringField(nullable=True),
        "hv_type": fields.StringField(nullable=True),
        "vm_mode": fields.StringField(nullable=True),
    }

    @classmethod
    def from_list(cls, data: Sequence[str | None]) -> HVSpec:
        """What the three texts of ``supported_instances`` say."""
        arch, hv_type, vm_mode = data
        return cls(arch=arch, hv_type=hv_type, vm_mode=vm_mode)

    def to_list(self) -> list[str | None]:
        """The three texts, as ``supported_instances`` holds them."""
        return [self.arch, self.hv_type, self.vm_mode]
