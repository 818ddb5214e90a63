# SPDX-License-Identifier: Apache-2.0
"""Find the parts of the conductor's API that the rewritten code no longer uses."""

import dataclasses
import functools
from collections.abc import Mapping

from codemods.analysis.project import Module, Project


@dataclasses.dataclass(frozen=True)
class Gone:
    """The parts of the conductor's API that the rewritten code may no longer use.

    `methods` are the conductor's methods of which a call was rewritten, each
    with the modules of such calls; `called` are those that some code still
    calls. `handles` are the attributes that hold the API, each with the modules
    of their classes; `names` are those that each module no longer imports.
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
        """The names that some module no longer imports."""
        return frozenset(one for found in self.names.values() for one in found)


def tested_modules(module: Module, gone: Gone) -> frozenset[str]:
    """The modules with a rewritten call that a file imports or mentions."""
    imported = module.imports.values()
    return frozenset(
        name
        for name in gone.modules
        if name.encode() in module.source.text
        or any(one == name or one.startswith(f"{name}.") for one in imported)
    )
