# SPDX-License-Identifier: Apache-2.0
"""How a value gets to an expression, and where another value may come in.

The inference follows the code that it has loaded. If a value must be certain,
each name on its way may only be bound in plain sight: by an assignment to a
local name, or to an attribute of `self`.
"""

import ast
from collections.abc import Iterable, Iterator

from codemods.analysis.json_texts import is_dumps
from codemods.analysis.project import Function, Module
from codemods.model import Step
from codemods.syntax.walk import walk

#: An expression, and the module that it is in.
Bound = tuple[Module, ast.expr]


class Ways:
    """The ways to some expressions, as far as `modules` set the attributes on them.

    `names` are the attributes on the ways, `doubts` the places where another
    value may come in.
    """

    def __init__(self, expressions: Iterable[Bound], modules: Iterable[Module] = ()) -> None:
        self.names: set[str] = set()
        self.doubts: list[Step] = []
        self._modules = tuple(modules)
        waiting, seen = list(expressions), set[ast.expr]()
        while waiting:
            module, node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += self._before(module, node)

    def _before(self, module: Module, node: ast.expr) -> Iterator[Bound]:
        """The expressions that this one gets its value from."""
        if isinstance(node, ast.IfExp):
            yield from ((module, node.body), (module, node.orelse))
        elif isinstance(node, ast.Name):
            yield from self._bindings(module, node)
        elif isinstance(node, ast.Attribute):
            yield module, node.value
            if node.attr not in self.names:
                self.names.add(node.attr)
                yield from self._settings(node.attr)
        elif isinstance(node, ast.Call) and (inner := _handed_through(module, node)) is not None:
            yield module, inner
        elif not isinstance(node, ast.Constant) and getattr(node, "elts", None) != []:
            self._doubt(module, node, "cannot be followed")

    def _doubt(self, module: Module, node: ast.AST, text: str) -> None:
        self.doubts.append(Step(module.source.path, getattr(node, "lineno", 0), text))

    def _bindings(self, module: Module, node: ast.Name) -> Iterator[Bound]:
        """The values assigned to a name; none if it is `self`, an import or a class."""
        function = module.function_at(module.source.start(node))
        while function is not None and node.id not in function.local_names:
            function = function.outer
        if function is None:
            stores = _stores(module.source.tree, node.id)
            fixed: Iterable[str] = (*module.imports, *module.classes)
        else:
            stores = _stores(function.node, node.id)
            fixed = (function.receiver, *function.local_imports)
        if node.id in fixed and not stores:
            return
        if function is None or not stores or _is_open(function, node.id):
            self._doubt(module, node, "may be anything")
        else:
            yield from self._assigned(module, stores)

    def _settings(self, name: str) -> Iterator[Bound]:
        """The values assigned to an attribute of that name, whatever the object."""
        for module in self._modules:
            if name.encode() not in module.source.text:
                continue
            for owner in module.classes.values():
                if any(_binds(statement, name) for statement in owner.node.body):
                    self._doubt(module, owner.node, f"`{name}` is the class's own")
            for node in module.attributes(name):
                if not isinstance(node.ctx, ast.Load):
                    if _is_receiver(module, node.value):
                        yield from self._assigned(module, [node])
                    else:
                        self._doubt(module, node, f"`{name}` is set from outside")
            for call in module.all(ast.Call):
                if module.source.of(call.func) == "setattr" and name in map(_text, call.args):
                    self._doubt(module, call, f"`{name}` is set by its name")

    def _assigned(self, module: Module, stores: Iterable[ast.expr]) -> Iterator[Bound]:
        for store in stores:
            parent = module.source.parent(store)
            if isinstance(parent, ast.Assign) and store in parent.targets:
                yield module, parent.value
            else:
                self._doubt(module, store, "is bound in another way")


def _handed_through(module: Module, node: ast.Call) -> ast.expr | None:
    """What a call that serializes, or makes an object of a class, gets its value from."""
    func = node.func
    if is_dumps(module.dotted_name(func)) and len(node.args) == 1:
        return node.args[0]
    if isinstance(func, ast.Attribute) and func.attr == "obj_to_primitive":
        return func.value
    owner, _, name = module.source.of(func).rpartition(".")
    if name[:1].isupper() or (name[:3] == "get" and owner.rpartition(".")[2][:1].isupper()):
        while isinstance(func, ast.Attribute):
            func = func.value
        return func
    return None


def _stores(tree: ast.AST, name: str) -> list[ast.expr]:
    """Where the name is bound or deleted in `tree`."""
    return [
        node
        for node in walk(tree)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]


def _is_open(function: Function, name: str) -> bool:
    """Whether a local name may be bound by other than assignments: it is a parameter, say."""
    return any(
        name in getattr(node, "names", ())
        or name in (getattr(node, "name", ""), getattr(node, "arg", ""))
        for node in walk(function.node)
        if node is not function.node
    )


def _binds(statement: ast.stmt, name: str) -> bool:
    """Whether a statement of a class body binds that name."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name == name
    return bool(_stores(statement, name))


def _is_receiver(module: Module, node: ast.expr) -> bool:
    """Whether an expression is the `self` of the method around it."""
    function = module.function_at(module.source.start(node))
    if not isinstance(node, ast.Name) or function is None:
        return False
    return function.receiver == node.id and not _stores(function.node, node.id)


def _text(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None
