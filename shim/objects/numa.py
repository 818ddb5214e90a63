# SPDX-License-Identifier: Apache-2.0
"""A guest's NUMA topology as plain values, under the names of nova's ``virt.hardware``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection


@dataclasses.dataclass
class VirtNUMATopologyCell:
    """CPUs and memory of one cell."""

    id: int
    cpuset: Collection[int]
    memory: int


@dataclasses.dataclass
class VirtNUMAInstanceTopology:
    """The cells of a guest; without any it counts as false."""

    cells: list[VirtNUMATopologyCell] = dataclasses.field(default_factory=list)

    def __len__(self) -> int:
        return len(self.cells)

    def to_json(self) -> str:
        """The text that ``instance_extra`` holds."""
        cells = [
            {
                "id": cell.id,
                "cpus": ",".join(str(cpu) for cpu in sorted(cell.cpuset)),
                "mem": {"total": cell.memory},
            }
            for cell in self.cells
        ]
        return json.dumps({"cells": cells})

    @classmethod
    def from_json(cls, text: str) -> VirtNUMAInstanceTopology:
        """The topology that the text holds. ValueError, TypeError or KeyError for other text."""
        return cls(
            [
                VirtNUMATopologyCell(
                    id=cell["id"],
                    cpuset=_cpus(cell.get("cpus") or ""),
                    memory=(cell.get("mem") or {}).get("total") or 0,
                )
                for cell in json.loads(text).get("cells", [])
            ]
        )


def _cpus(text: str) -> set[int]:
    """The CPUs that a list such as ``0,2-4,^3`` names."""
    wanted: set[int] = set()
    unwanted: set[int] = set()
    for rule in filter(None, (part.strip() for part in text.split(","))):
        target = unwanted if rule.startswith("^") else wanted
        first, _, last = rule.lstrip("^").partition("-")
        target.update(range(int(first), int(last or first) + 1))
    return wanted - unwanted
