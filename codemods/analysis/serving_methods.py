# SPDX-License-Identifier: Apache-2.0
"""Which methods of the conductor's manager serve methods of the API that have other names."""

import ast
from collections.abc import Mapping

from codemods.analysis.conductor_methods import conductor_methods
from codemods.analysis.tree import Tree
from codemods.mappings import conductor_calls


def serving_methods(tree: Tree) -> Mapping[str, frozenset[str]]:
    """The manager's methods whose name is not one of the API's, with the methods they serve.

    Only for the API's methods that move rows.
    """
    known, found = conductor_calls().keys(), dict[str, set[str]]()
    methods = conductor_methods(tree, "api", "LocalAPI")
    for name in methods.keys() & known:
        for node in ast.walk(methods[name]):
            owner = node.value if isinstance(node, ast.Attribute) else None
            if isinstance(node, ast.Attribute) and getattr(owner, "attr", "") == "_manager":
                if node.attr not in known:
                    found.setdefault(node.attr, set()).add(name)
    return {name: frozenset(served) for name, served in found.items()}
