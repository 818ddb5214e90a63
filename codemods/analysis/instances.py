# SPDX-License-Identifier: Apache-2.0
"""Find the classes of an instance where inference does not know them: in unit tests."""

import ast
import re

from codemods.analysis.inference import Inference
from codemods.analysis.kept_values import assigned, kept_in
from codemods.analysis.local_names import bindings
from codemods.analysis.project import Class, Module, Project

_MADE_BY_NAME = ("import_object", "import_class")

#: How many steps an instance is followed back.
_LONGEST_WAY = 5


class Instances:
    """Finds the classes of instances; files that it parses are added to `project` alone."""

    def __init__(self, inference: Inference, project: Project) -> None:
        self._inference = inference
        self._project = project
        self._options: dict[str, str] = {}
        self._on_the_way: set[ast.AST] = set()
        self._known: dict[ast.AST, set[str] | None] = {}

    def classes(self, node: ast.expr, module: Module, way: int = 0) -> set[str] | None:
        """The dotted names of all classes that an expression may be an instance of.

        None if they are not known.
        """
        if not way and node in self._known:
            return self._known[node]
        if way > _LONGEST_WAY:
            return None
        if node in self._on_the_way:
            # a cycle adds no class of its own
            return set()
        self._on_the_way.add(node)
        found = self._found(node, module, way)
        self._on_the_way.discard(node)
        if not way:
            self._known[node] = found
        return found

    def _found(self, node: ast.expr, module: Module, way: int) -> set[str] | None:
        values = [v for v in self._inference.values(node) if v.kind != "none"]
        if values and all(value.kind == "instance" for value in values):
            names = {value.name for value in values}
            if not any(self._hands_on(name) for name in names):
                return names
        if isinstance(node, ast.Name):
            return self._named(node, module, way + 1)
        if isinstance(node, ast.Attribute):
            return self._all(list(kept_in(node, module, self._project)), way + 1)
        return self._made(node, module, way + 1) if isinstance(node, ast.Call) else None

    def _all(self, kept: list[tuple[ast.expr, Module]], way: int) -> set[str] | None:
        found: set[str] = set()
        for value, module in kept:
            classes = self.classes(value, module, way)
            if classes is None:
                return None
            found |= classes
        return found if kept else None

    def _named(self, node: ast.Name, module: Module, way: int) -> set[str] | None:
        function = module.function_around(node)
        while function is not None and node.id not in function.local_names:
            function = function.outer
        if function is not None and function.receiver == node.id and function.owner is not None:
            return {function.owner.dotted}
        root = function.node if function is not None else module.source.tree
        values = assigned(bindings(root, node.id), module)
        return self._all([(value, module) for value in values or ()], way)

    def _made(self, call: ast.Call, module: Module, way: int) -> set[str] | None:
        """The class that is called; if it is a proxy, the classes of its arguments."""
        func = call.func
        if isinstance(func, ast.Call) and self._is_by_name(func):
            call = func
        if self._is_by_name(call) and call.args:
            dotted = self._named_class(call.args[0])
        else:
            dotted = module.dotted_name(func)
        found = self._project.find(dotted) if dotted else None
        if not isinstance(found, Class):
            is_other = bool(dotted) and not dotted.startswith(f"{self._inference.tree.package}.")
            return {dotted} if is_other else None
        if not self._hands_on(found.dotted):
            return {found.dotted}
        return self._all([(one, module) for one in call.args], way)

    @staticmethod
    def _is_by_name(call: ast.Call) -> bool:
        func = call.func
        return isinstance(func, ast.Attribute) and func.attr in _MADE_BY_NAME

    def _named_class(self, node: ast.expr) -> str:
        """The class that a string, or the default of an option, names; "" if none does."""
        if isinstance(node, ast.Constant):
            return str(node.value)
        if not isinstance(node, ast.Attribute):
            return ""
        if node.attr not in self._options:
            option = rb"StrOpt\(\s*['\"]%b['\"],\s*default=\s*['\"]([\w.]+)['\"]"
            pattern = re.compile(option % node.attr.encode())
            defaults = {
                match[1].decode()
                for data in self._project.files.values()
                for match in pattern.finditer(data)
            }
            self._options[node.attr] = min(defaults) if len(defaults) == 1 else ""
        return self._options[node.attr]

    def _hands_on(self, dotted: str) -> bool:
        """Whether instances of a class may be proxies: they have a __getattr__."""
        found = self._project.find_class(dotted)
        lines = self._project.ancestry(found) if found is not None else ()
        return any("__getattr__" in one.methods for one in lines)
