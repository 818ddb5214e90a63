# SPDX-License-Identifier: Apache-2.0
"""What methods are called on, if it matters whether that may be the conductor's API.

Inference follows what comes from the conductor. This is the reverse: is what it
did not follow known to be something else?
"""

import ast

from codemods.analysis.api_names import api_names, is_of_api, is_super
from codemods.analysis.inference import Inference
from codemods.analysis.kept_values import assigned, class_around, kept_in, returned
from codemods.analysis.local_names import bindings
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.seeds import HANDLE

#: The names of the database module in the code.
DATABASE = ("db", "_db", "db_api")

#: Builtins whose results have no method with the name of a conductor method.
_PLAIN = ("dict", "list", "set", "str", "tuple", "unicode")

#: How many steps back a value is followed.
_LONGEST_WAY = 6


class Receivers:
    """Tells what is certainly not the conductor's API, without loading files into the run."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._package = inference.tree.package
        self.project = inference.project.aside()
        #: The names of the attributes and parameters that may hold the API.
        self.handles = {
            name
            for (_, _, name), values in inference.slots.items()
            if any(value.kind == "handle" for value in values)
        }

    def module(self, path: str) -> Module | None:
        """The file, parsed; None if it cannot be."""
        read = self._inference.project
        found = read.modules.get(path) or self.project.load(path)
        # a file that cannot be parsed has to be recorded as a failure of the run
        return found or read.load(path)

    def is_followed(self, node: ast.expr, base: ast.expr | None) -> bool:
        """Whether inference knows that a lookup is, or may be, a method of the API."""
        values = self._inference.values(node)
        return any(value.kind == "method" for value in values)

    def is_api(self, node: ast.expr) -> bool:
        """Whether an expression may be the API, according to inference."""
        return any(value.kind == "handle" for value in self._inference.values(node))

    def may_set(self, path: str, data: bytes, names: set[str], classes: set[str]) -> bool:
        """Whether a file may set attributes with those names on instances of the classes.

        It has a subclass of one of them, or sets such an attribute on something
        other than `self`; only a file that names one of the classes can.
        """
        named = {one for one in classes if one.rpartition(".")[2].encode() in data}
        module = self.module(path) if named else None
        if module is None:
            return False
        lines = (self.project.ancestry(one)[1:] for one in module.classes.values())
        if any(base.dotted in named for line in lines for base in line):
            return True
        return any(
            isinstance(node.ctx, ast.Store)
            and node.attr in names
            and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
            for node in module.all(ast.Attribute)
        )

    def is_other(self, node: ast.expr, name: str, module: Module, way: int = 0) -> bool:
        """Whether `node.name` is certainly not part of the conductor's API."""
        values = [v for v in self._inference.values(node) if v.kind != "none"]
        if any(is_of_api(value, self._package) for value in values) or way > _LONGEST_WAY:
            return False
        if values and all(value.kind == "instance" for value in values):
            return all(self._is_other_class(value.name, name) for value in values)
        if isinstance(node, ast.Name):
            return self._name(node, name, module, way + 1)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, name, module, way + 1)
        if isinstance(node, ast.Call):
            return self._call(node, name, module, way + 1)
        if isinstance(node, ast.BoolOp):
            return all(self.is_other(one, name, module, way + 1) for one in node.values)
        if isinstance(node, ast.IfExp):
            both = (node.body, node.orelse)
            return all(self.is_other(one, name, module, way + 1) for one in both)
        return isinstance(node, ast.Constant | ast.Dict | ast.List | ast.Tuple | ast.JoinedStr)

    def _name(self, node: ast.Name, name: str, module: Module, way: int) -> bool:
        for parent in module.source.parents(node):
            if isinstance(parent, ast.Lambda) and any(
                arg.arg == node.id for arg in ast.walk(parent.args) if isinstance(arg, ast.arg)
            ):
                return False
        function = module.function_around(node)
        while function is not None and node.id not in function.global_names:
            if node.id in function.local_names:
                return self._local(function, node.id, name, way)
            function = function.outer
        return self._global(module, node.id, name, way)

    def _local(self, function: Function, local: str, name: str, way: int) -> bool:
        if function.receiver == local and function.owner is not None:
            return self._is_other_class(function.owner.dotted, name)
        if local in function.local_imports:
            return self._is_other_dotted(function.local_imports[local], name, way)
        values = assigned(bindings(function.node, local), function.module)
        if values is None:
            return local in DATABASE and local not in self.handles
        return all(self.is_other(value, name, function.module, way) for value in values)

    def _global(self, module: Module, word: str, name: str, way: int) -> bool:
        if word in module.imports:
            return self._is_other_dotted(module.imports[word], name, way)
        if word in module.classes:
            return self._is_other_class(f"{module.dotted}.{word}", name)
        if word in module.functions:
            return True
        values = assigned(bindings(module.source.tree, word), module)
        return bool(values) and all(
            self.is_other(value, name, module, way) for value in values or ()
        )

    def _is_other_dotted(self, dotted: str, name: str, way: int) -> bool:
        """Whether what a dotted name stands for is certainly not the API."""
        if dotted.startswith((f"{self._package}.conductor", "shim.conductor")):
            return False
        if not dotted.startswith(f"{self._package}.") or self.project.is_module(dotted):
            return True
        found = self.project.find(dotted)
        if isinstance(found, Class):
            return self._is_other_class(found.dotted, name)
        head, _, tail = dotted.rpartition(".")
        module = self.project.module(head) if found is None else None
        if module is None or not self._is_bound(module, tail):
            # what the tree does not have is not the conductor's either
            return module is None or not any(map(self._has_api, module.star_imports))
        return way <= _LONGEST_WAY and self._global(module, tail, name, way + 1)

    def _has_api(self, dotted: str) -> bool:
        """Whether a module may have a name that holds the API."""
        module = self.project.module(dotted)
        is_own = f"{dotted}.".startswith((f"{self._package}.conductor.", "shim.conductor."))
        return is_own or (module is not None and HANDLE.search(module.source.text) is not None)

    @staticmethod
    def _is_bound(module: Module, name: str) -> bool:
        return name in module.imports or bool(bindings(module.source.tree, name))

    def _is_other_class(self, dotted: str, name: str) -> bool:
        """Whether the method `name` of a class is certainly not the conductor's."""
        found = self.project.find_class(dotted)
        if found is None:
            return not dotted.startswith(f"{self._package}.")
        for one in self.project.ancestry(found):
            if name in one.methods:
                return not one.dotted.startswith(f"{self._package}.conductor.")
        return False

    def _attribute(self, node: ast.Attribute, name: str, module: Module, way: int) -> bool:
        values = list(kept_in(node, module, self.project))
        if values:
            return all(self.is_other(value, name, one, way) for value, one in values)
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        dotted = module.dotted_name(node)
        if isinstance(root, ast.Name) and root.id in module.imports and dotted:
            return self._is_other_dotted(dotted, name, way)
        return node.attr in DATABASE and node.attr not in self.handles

    def _call(self, node: ast.Call, name: str, module: Module, way: int) -> bool:
        """Whether the result of a call is not the API; the call may return its arguments."""
        given = [*node.args, *(word.value for word in node.keywords)]
        for one in given:
            values = self._inference.values(one)
            if any(is_of_api(value, self._package) for value in values):
                return False
            if "onductor" in module.source.of(one):
                return False
        if is_super(node):
            return self._super(node, name, module)
        if isinstance(node.func, ast.Call):
            return self._call(node.func, name, module, way + 1) if way <= _LONGEST_WAY else False
        dotted = self._called(node.func, module)
        if dotted.startswith((f"{self._package}.conductor", "shim.conductor")):
            return False
        found = self.project.find(dotted) if dotted.startswith(f"{self._package}.") else None
        if isinstance(found, Function):
            return self._is_made_elsewhere(found, name, way)
        if isinstance(found, Class):
            return self._is_other_class(found.dotted, name)
        if isinstance(node.func, ast.Name) and node.func.id in _PLAIN:
            return dotted == f"{module.dotted}.{node.func.id}"
        return bool(dotted) and not dotted.startswith((f"{self._package}.", "shim."))

    def _called(self, func: ast.expr, module: Module) -> str:
        """The dotted name of what is called; "" if it is not known."""
        function = module.function_around(func)
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            owner = function.owner if function is not None else None
            if function is not None and owner is not None and func.value.id == function.receiver:
                method = self.project.method(owner, func.attr)
                return method.dotted if method is not None else ""
        root = func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return ""
        is_local = function is not None and root.id in function.local_names
        if function is not None and root.id in function.local_imports:
            tail = module.source.of(func).removeprefix(root.id)
            return function.local_imports[root.id] + tail
        return "" if is_local else module.dotted_name(func)

    def _is_made_elsewhere(self, function: Function, name: str, way: int) -> bool:
        """Whether what a function returns is certainly not the API."""
        if b"onductor" not in function.module.source.text:
            return True
        values = list(returned(function))
        return bool(values) and all(
            self.is_other(value, name, function.module, way) for value in values
        )

    def _super(self, node: ast.Call, name: str, module: Module) -> bool:
        around = class_around(node, module)
        if around is None:
            return False
        above = self.project.ancestry(around[0])[1:]
        own = api_names(self._package)
        if any(base in own for one in (around[0], *above) for base in one.bases):
            return False
        return any(name in one.methods for one in above)
