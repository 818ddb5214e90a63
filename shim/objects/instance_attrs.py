# SPDX-License-Identifier: Apache-2.0
"""What an instance may be asked to be loaded with: its ``expected_attrs``."""

from __future__ import annotations

from collections.abc import Iterable

#: Loaded with the row when they are asked for, or later when they are read.
JOINED = ("metadata", "system_metadata", "info_cache", "security_groups", "pci_devices")
#: Those that are dicts: of their rows the objects need key and value alone.
PAIRS = JOINED[:2]
OPTIONAL = (*JOINED, "fault", "numa_topology", "pci_requests")
#: What Kilo's code may ask to be loaded, and where it stands here.
FLAVORS = ("flavor", "old_flavor", "new_flavor")
DEFAULT_ATTRS = ("info_cache", "security_groups")


def here(attrs: Iterable[str]) -> list[str]:
    """The attributes to load, where Kilo's code asks for flavors: the system metadata has them."""
    wanted = list(attrs)
    if any(name in FLAVORS for name in wanted) and "system_metadata" not in wanted:
        wanted.append("system_metadata")
    return wanted


def joins_of(attrs: Iterable[str]) -> list[str]:
    """What the database function has to join for the attributes."""
    return [f"{n}_pairs" if n in PAIRS else n for n in attrs if n in JOINED]
