# SPDX-License-Identifier: Apache-2.0
"""The work items as codemods of libcst's own tool, one command each.

    python -m libcst.tool codemod --no-format -x codemods.commands.UseServiceObject TREE

gives the same bytes as `codemods run TREE --only service --write`, with the same
inference and the same rules, for every existing file that libcst can parse.
"""

from codemods.commands.items import (
    AddObjectFields,
    RemoveConductorHandles,
    UseComputeNodeObject,
    UseFlavorObject,
    UseInstanceObject,
    UseMigrationObject,
    UseServiceObject,
)

__all__ = [
    "AddObjectFields",
    "RemoveConductorHandles",
    "UseComputeNodeObject",
    "UseFlavorObject",
    "UseInstanceObject",
    "UseMigrationObject",
    "UseServiceObject",
]
