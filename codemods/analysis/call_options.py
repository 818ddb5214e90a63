# SPDX-License-Identifier: Apache-2.0
"""The RPC options that a conductor call has and the object's call does not."""

import ast

from codemods.analysis.conductor_methods import conductor_methods
from codemods.analysis.tree import Tree
from codemods.caches import cached_for_run
from codemods.mappings import ConductorCall

#: The arguments of `prepare()` that change how a call behaves.
OPTIONS = ("timeout", "retry", "fanout")

#: The conductor method that an object's method calls, by kind of call.
_OBJECT_CALLS = {"get": "object_class_action", "list": "object_class_action"}


@cached_for_run
def lost_option(call: ConductorCall, tree: Tree) -> str:
    """The RPC option that the object's call would lose, in words; "" if there is none."""
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
