# SPDX-License-Identifier: Apache-2.0
"""What the conductor's API is called, and what a value or a call has to do with it."""

import ast
import functools

from codemods.analysis.values import Value


@functools.cache
def api_names(package: str) -> frozenset[str]:
    """The dotted names of the classes, or makers, of the conductor's API."""
    own = {f"{package}.conductor.{name}" for name in ("API", "LocalAPI", "api.API", "api.LocalAPI")}
    return frozenset(own | {"shim.conductor.API", "shim.conductor.LocalAPI"})


def is_of_api(value: Value, package: str) -> bool:
    """Whether a value is the conductor's API, makes one, or is a method of it."""
    if value.kind == "class":
        return value.name in api_names(package)
    return value.kind in ("handle", "method")


def is_getattr(node: ast.Call) -> bool:
    """Whether a call looks an attribute up by its name."""
    return isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1


def is_super(node: ast.Call) -> bool:
    """Whether a call is one of `super`."""
    return isinstance(node.func, ast.Name) and node.func.id == "super"
