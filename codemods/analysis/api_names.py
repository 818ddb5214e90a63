# SPDX-License-Identifier: Apache-2.0
"""Recognize the conductor's API, and calls that look attributes up in other ways."""

import ast
import functools

from codemods.analysis.values import Value


@functools.cache
def api_names(package: str) -> frozenset[str]:
    """The dotted names of the conductor API's classes and factories."""
    own = {f"{package}.conductor.{name}" for name in ("API", "LocalAPI", "api.API", "api.LocalAPI")}
    return frozenset(own | {"shim.conductor.API", "shim.conductor.LocalAPI"})


def is_of_api(value: Value, package: str) -> bool:
    """Whether a value is the conductor's API, its class or factory, or one of its methods."""
    if value.kind == "class":
        return value.name in api_names(package)
    return value.kind in ("handle", "method")


def is_getattr(node: ast.Call) -> bool:
    """Whether a call is `getattr` with a name."""
    return isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) > 1


def is_super(node: ast.Call) -> bool:
    """Whether a call is `super(...)`."""
    return isinstance(node.func, ast.Name) and node.func.id == "super"
