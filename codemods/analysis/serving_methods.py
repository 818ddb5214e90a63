# SPDX-License-Identifier: Apache-2.0
"""Which methods of the conductor's manager serve several of its API, under a name of their own."""

import re
from collections.abc import Mapping

from codemods.analysis.tree import Tree
from codemods.mappings import conductor_calls

_METHOD = re.compile(rb"^    def (\w+)\(.*?(?=^    def |^\S|\Z)", re.M | re.S)
_SERVED = re.compile(rb"\b_manager\.(\w+)\(")


def serving_methods(tree: Tree) -> Mapping[str, frozenset[str]]:
    """The manager's methods that have another name than what they serve, with what they serve.

    What they serve are those of the API's methods that move rows.
    """
    found: dict[str, set[str]] = {}
    data = tree.project.files.get(f"{tree.package}/conductor/api.py", b"")
    for method in _METHOD.finditer(data):
        name = method[1].decode()
        for served in _SERVED.findall(method[0]) if name in conductor_calls() else ():
            serving = served.decode()
            if serving not in conductor_calls():
                found.setdefault(serving, set()).add(name)
    return {name: frozenset(served) for name, served in found.items()}
