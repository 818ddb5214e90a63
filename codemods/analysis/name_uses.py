# SPDX-License-Identifier: Apache-2.0
"""Which files of the tree may use a name of a module, unit tests and unparsed files included."""

import ast
import re

from codemods.analysis.project import Module, Project


class NameUses:
    """Looks for other files that use a module's names, without loading them into `project`."""

    def __init__(self, project: Project) -> None:
        self._project = project.aside()
        self._known: dict[tuple[str, str], bool] = {}

    def is_known_elsewhere(self, module: Module, name: str) -> bool:
        """Whether another file may use the name: import it, look it up or replace it."""
        key = (module.dotted, name)
        if key not in self._known:
            word, files = re.compile(rb"\b%b\b" % name.encode()), self._project.files
            self._known[key] = any(
                path != module.source.path and word.search(data) and self._uses(path, key)
                for path, data in files.items()
                if name.encode() in data
            )
        return self._known[key]

    def _uses(self, path: str, key: tuple[str, str]) -> bool:
        """Whether a file may use the name of a module; True if it cannot be parsed."""
        module, (owner, name) = self._project.load(path), key
        if module is None:
            return True
        imported = [*module.imports.values()]
        imported += [d for one in module.all_functions for d in one.local_imports.values()]
        if f"{owner}.{name}" in imported or f"{owner}.*" in imported:
            return True
        if self._is_named(module, owner, name):
            return True
        tail = owner.rpartition(".")[2].encode()
        return any(
            self._may_be(node.value, module, owner, tail) for node in module.attributes(name)
        )

    @staticmethod
    def _is_named(module: Module, owner: str, name: str) -> bool:
        """Whether a string has its dotted name, or its name where an attribute is looked up."""
        for node in module.all(ast.Constant):
            if node.value == f"{owner}.{name}":
                return True
            call = module.source.parent(node)
            if node.value == name and isinstance(call, ast.Call) and call.args[1:2] == [node]:
                return True
        return False

    def _may_be(self, node: ast.expr, module: Module, owner: str, tail: bytes) -> bool:
        """Whether an expression may be the module `owner`; an imported module is known."""
        dotted = module.dotted_name(node)
        if self._project.is_module(dotted):
            return dotted == owner
        function = module.function_around(node)
        if isinstance(node, ast.Name) and function is not None and node.id == function.receiver:
            return False
        return tail in module.source.text
