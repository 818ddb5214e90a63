# SPDX-License-Identifier: Apache-2.0
"""What of the conductor's API the code has no use for any more."""

import dataclasses
import functools
from collections.abc import Mapping

from codemods.analysis.project import Module, Project


@dataclasses.dataclass(frozen=True)
class Gone:
    """What of the conductor's API the code has no use for any more.

    `methods` are the conductor's methods of which a call was rewritten, each
    with the modules in which that was; `called` those that some code goes on
    calling. `handles` are the attributes that hold the API, with the modules
    of their classes; `names` are what modules no longer import.
    """

    project: Project
    package: str
    methods: Mapping[str, frozenset[str]]
    called: frozenset[str]
    handles: Mapping[str, frozenset[str]]
    names: Mapping[str, frozenset[str]]

    @functools.cached_property
    def modules(self) -> frozenset[str]:
        """The modules in which some call was rewritten."""
        return frozenset(one for found in self.methods.values() for one in found)

    @functools.cached_property
    def names_anywhere(self) -> frozenset[str]:
        """What some module no longer imports."""
        return frozenset(one for found in self.names.values() for one in found)


def tested_modules(module: Module, gone: Gone) -> frozenset[str]:
    """The modules of which calls were rewritten that a file imports, or says the name of."""
    imported = module.imports.values()
    return frozenset(
        name
        for name in gone.modules
        if name.encode() in module.source.text
        or any(one == name or one.startswith(f"{name}.") for one in imported)
    )
