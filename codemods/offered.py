# SPDX-License-Identifier: Apache-2.0
"""What installed packages offer through entry points; none of them is imported here."""

import functools
import importlib.metadata

RULES = "codemods.rules"
MAPPINGS = "codemods.mappings"


@functools.cache
def offered(group: str) -> tuple[importlib.metadata.EntryPoint, ...]:
    """The entry points of a group, without duplicates, sorted by name."""
    found = importlib.metadata.entry_points(group=group)
    return tuple(sorted(set(found), key=lambda one: (one.name, one.value)))
