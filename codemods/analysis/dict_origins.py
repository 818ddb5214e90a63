# SPDX-License-Identifier: Apache-2.0
"""Find which keys a dict may have been given on its way to an expression, and where.

Names are followed to what they are bound to, parameters to what callers pass,
calls to what the function returns.
"""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.analysis.copy_calls import is_copy
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.failing import loops
from codemods.analysis.inference import Inference
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.sites import bind
from codemods.analysis.values import DICT
from codemods.syntax.walk import walk

#: A module, and an expression in it.
Place = tuple[Module, ast.expr]

_COMPREHENSIONS = (ast.DictComp, ast.GeneratorExp, ast.ListComp)
_DEEPEST = 8


@dataclasses.dataclass(frozen=True)
class Pair:
    """A key that a dict may have, and the value that it is given."""

    key: str
    module: Module
    value: ast.expr


class Origins:
    """The keys that dicts may have; `is_open` says that there may be others."""

    def __init__(self, inference: Inference, module: Module, node: ast.expr) -> None:
        self.pairs: list[Pair] = []
        self.is_open = False
        self._inference = inference
        self._module = module
        self._node = node
        self._seen: dict[ast.expr, Module] = {}
        self._follow(module, node, 0)

    def _follow(self, module: Module, node: ast.expr, depth: int) -> None:
        if node in self._seen:
            return
        self._seen[node] = module
        if depth > _DEEPEST:
            self.is_open = True
        elif isinstance(node, ast.Dict):
            self._add_dict(module, node, depth)
        elif isinstance(node, ast.Name):
            self._add_mutations(module, node, depth)
            self._follow_before(module, node, depth)
        elif is_made_dict(node, module):
            self._add_arguments(module, node, depth)
        elif isinstance(node, _COMPREHENSIONS):
            self.is_open = True
            for one in node.generators:
                self._follow(module, one.iter, depth + 1)
        elif isinstance(node, ast.Call) and (owner := _whose_items(node)) is not None:
            self._follow(module, owner, depth + 1)
        else:
            self._follow_before(module, node, depth)

    @property
    def may_be_row(self) -> bool:
        """Whether the dict may be a row of the conductor, or contain everything in one."""
        around = self._module.function_around(self._node)
        # inference has brought what callers pass and functions return to the names here
        return any(
            DICT in self._inference.contained(module, node)
            for node, module in self._seen.items()
            if module.function_around(node) is around
        )

    def _follow_before(self, module: Module, node: ast.expr, depth: int) -> None:
        known, is_open = before(self._inference, module, node)
        self.is_open = self.is_open or is_open
        for place in known:
            self._follow(*place, depth + 1)

    def _add_dict(self, module: Module, node: ast.Dict, depth: int) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self._follow(module, value, depth + 1)
            else:
                self._add(module, key, value)

    def _add(self, module: Module, key: ast.expr, value: ast.expr) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            self.pairs.append(Pair(key.value, module, value))
        else:
            self.is_open = True

    def _add_arguments(self, module: Module, node: ast.Call, depth: int) -> None:
        """Add what `dict(...)` and `values.update(...)` are given."""
        for one in node.args:
            self._follow(module, one, depth + 1)
        for word in node.keywords:
            if word.arg is None:
                self._follow(module, word.value, depth + 1)
            else:
                self.pairs.append(Pair(word.arg, module, word.value))

    def _add_mutations(self, module: Module, name: ast.Name, depth: int) -> None:
        """Add what the enclosing function puts into the dict under a name."""
        function = module.function_around(name)
        for use in walk(function.node) if function is not None else ():
            if not isinstance(use, ast.Name) or use.id != name.id:
                continue
            if not _may_come_before(module, use, name):
                continue
            parent = module.source.parent(use)
            above = module.source.parent(parent)
            if isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store):
                self._add_store(module, parent, above)
            elif isinstance(parent, ast.Attribute) and isinstance(above, ast.Call):
                if parent.attr == "update":
                    self._add_arguments(module, above, depth)
                elif parent.attr == "setdefault" and len(above.args) == 2:
                    self._add(module, *above.args)
            elif isinstance(parent, ast.Call | ast.keyword) and use is not name:
                # a function that is passed the dict may add to it
                self.is_open = True

    def _add_store(self, module: Module, target: ast.Subscript, statement: ast.AST) -> None:
        if isinstance(statement, ast.Assign) and target in statement.targets:
            self._add(module, target.slice, statement.value)
        else:
            self.is_open = True


def _whose_items(call: ast.Call) -> ast.expr | None:
    """The dict whose items a call returns; None if it returns something else."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr in ("items", "iteritems"):
        return func.value
    return None


def _may_come_before(module: Module, one: ast.Name, other: ast.Name) -> bool:
    """Whether a place in a function may be reached before another one in it."""
    if module.source.start(one) <= module.source.start(other):
        return True
    return bool(loops(module, one) & loops(module, other))


def before(inference: Inference, module: Module, node: ast.expr) -> tuple[list[Place], bool]:
    """Where an expression gets its value; the second item says that there may be more."""
    if isinstance(node, ast.IfExp):
        return [(module, node.body), (module, node.orelse)], False
    if isinstance(node, ast.BoolOp):
        return [(module, one) for one in node.values], False
    if isinstance(node, ast.Name):
        return _bound_to(inference, module, node)
    if isinstance(node, ast.Attribute):
        return _kept(module, node), True
    if isinstance(node, ast.Call):
        return _given_by(inference, module, node)
    return [], True


def _bound_to(inference: Inference, module: Module, name: ast.Name) -> tuple[list[Place], bool]:
    """What a name is bound to in the function that it is local to, or in the module."""
    function = module.function_around(name)
    while function is not None and name.id not in function.local_names:
        function = function.outer
    found: list[Place] = []
    is_open = False
    for use in module.names(name.id):
        if not isinstance(use.ctx, ast.Store) or module.function_around(use) is not function:
            continue
        parent = module.source.parent(use)
        if isinstance(parent, ast.Assign) and use in parent.targets:
            found.append((module, parent.value))
        else:
            is_open = True
    if function is None:
        return found, is_open or not found
    if name.id in function.parameters:
        return [*found, *_from_callers(inference, function, name.id)], True
    return found, is_open or not found


def _from_callers(inference: Inference, function: Function, parameter: str) -> Iterator[Place]:
    """What the callers in files that were read pass for a parameter."""
    if inference.is_test(function.module):
        # the code never calls its tests
        return
    for module, call in inference.project.calls_of(function.name.rpartition(".")[2]):
        if not inference.is_test(module):
            given = (bind(call, tuple(function.parameters)) or {}).get(parameter)
            if given is not None:
                yield module, given


def _kept(module: Module, node: ast.Attribute) -> list[Place]:
    """What the file assigns to an attribute of the same spelling."""
    text = module.source.of(node)
    return [
        (module, one.value)
        for one in module.all(ast.Assign)
        if any(
            isinstance(target, ast.Attribute) and module.source.of(target) == text
            for target in one.targets
        )
    ]


def _given_by(inference: Inference, module: Module, node: ast.Call) -> tuple[list[Place], bool]:
    """What a call results in: a copy of its argument, or what the function returns."""
    if is_copy(module, node) and len(node.args) == 1:
        return [(module, node.args[0])], False
    if isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
        return [(module, node.func.value)], False
    function = called(inference, module, node)
    if function is None or isinstance(function.node, ast.Lambda):
        return [], True
    returned = [
        one.value
        for one in walk(function.node)
        if isinstance(one, ast.Return) and one.value is not None
    ]
    return [(function.module, one) for one in returned], not returned


def called(inference: Inference, module: Module, node: ast.Call) -> Function | None:
    """The function of the tree that a call by name, or on `self`, calls; None if unknown."""
    func, around = node.func, module.function_around(node)
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        if around is not None and around.owner is not None and func.value.id == around.receiver:
            owner: Class = around.owner
            return inference.project.method(owner, func.attr)
    dotted = module.dotted_name(func)
    found = inference.project.find(dotted) if dotted else None
    return found if isinstance(found, Function) else None
