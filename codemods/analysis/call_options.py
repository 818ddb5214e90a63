# SPDX-License-Identifier: Apache-2.0
"""What a call of the conductor carries over RPC beside its arguments, and an object's does not."""

import ast

from codemods.analysis.conductor_methods import conductor_methods
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.mappings import ConductorCall

#: What a call may be prepared with that changes what comes of it.
OPTIONS = ("timeout", "retry", "fanout")

#: What an object's method asks the conductor for, by kind of call.
_OBJECT_CALLS = {"get": "object_class_action", "list": "object_class_action"}


@cached_for_run
def lost_option(call: ConductorCall, tree: Tree) -> str:
    """The option of the conductor's call that the object's does not have; "" if there is none."""
    if not tree.is_own:
        return ""
    own = options_of(tree, call.name)
    found = options_of(tree, _OBJECT_CALLS.get(call.kind, "object_action"))
    for option in sorted(own - found):
        return f"the {option} that ConductorAPI.{call.name}() gives its call"
    return ""


def options_of(tree: Tree, method: str) -> frozenset[str]:
    """The options with which a method of the conductor's RPC API prepares its call."""
    methods = conductor_methods(tree, "rpcapi", "ConductorAPI")
    return frozenset(
        word.arg
        for node in ast.walk(methods.get(method, ast.Pass()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "prepare"
        for word in node.keywords
        if word.arg in OPTIONS
    )
