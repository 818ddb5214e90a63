# SPDX-License-Identifier: Apache-2.0
"""The rows that the tree's own unit tests of objects define, for other tests to use."""

import ast

from codemods.mappings import ConductorCall

#: Where an object's row is defined, below the package of unit tests: package, module, name.
FIXTURES = {"ComputeNode": ("objects", "test_compute_node", "fake_compute_node")}


def replaces_destroy(owner: ast.expr, call: ConductorCall) -> bool:
    """Whether stubs.Set() of the method on `owner` replaces what is an object's destroy()."""
    is_destroy = call.kind == "destroy" and call.declined is None and call.object in FIXTURES
    return is_destroy and is_handle(owner)


def is_handle(owner: ast.expr) -> bool:
    """Whether an expression has the usual name of the conductor's API."""
    return isinstance(owner, ast.Attribute) and owner.attr == "conductor_api"
