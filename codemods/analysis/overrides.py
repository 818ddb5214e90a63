# SPDX-License-Identifier: Apache-2.0
"""Where a unit test's subclass overrides methods that handle rows which become objects."""

import ast
import dataclasses
from collections.abc import Iterator
from typing import Literal, TypeGuard, TypeVar

from codemods.analysis.dict_values import is_dict, literal_keys
from codemods.analysis.facts import Span
from codemods.analysis.free_names import free_name
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.survey import Survey
from codemods.analysis.values import becomes_object
from codemods.model import Item
from codemods.syntax.names import names_of

Node = TypeVar("Node", ast.Return, ast.Assign)


@dataclasses.dataclass(frozen=True)
class Override:
    """A statement that uses a dict where the overridden code has an object.

    `returned`: it returns a literal row, where the method `known` returns an object.
    `kept`: it keeps the dict that it is given in an `attribute`, in which the
    class `known` keeps the object. `left`: a dict that is made in any other
    way, or perhaps of another class. `receiver` is the name of the method's `self`,
    "" in a static method; `variable` is a free local name for the row's object.
    """

    kind: Literal["returned", "kept", "left"]
    object: str
    known: str
    receiver: str
    attribute: str = ""
    variable: str = ""


def overrides(module: Module, survey: Survey, done: frozenset[Item]) -> dict[Span, Override]:
    """The overriding statements of a unit test module, by place."""
    found: dict[Span, Override] = {}
    for owner in module.classes.values():
        has_doubts = _has_doubts(owner, survey)
        for method in owner.methods.values():
            for base, original in _overridden(owner, method, survey):
                finder = _Finder(module, survey, done, method)
                for node, override in (*finder.returned(original), *finder.kept(base)):
                    if has_doubts:
                        override = dataclasses.replace(override, kind="left")
                    found.setdefault(module.source.span(node), override)
        for node, override in _lambdas(owner, survey, done):
            found.setdefault(module.source.span(node), override)
    return found


def _lambdas(
    owner: Class, survey: Survey, done: frozenset[Item]
) -> Iterator[tuple[ast.stmt, Override]]:
    """The methods of a test's class that are lambdas which return a dict for an object."""
    for node in owner.node.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Lambda):
            continue
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        for base in survey.inference.project.ancestry(owner)[1:]:
            for name in sorted(names & base.methods.keys()):
                known = _object_returned(base.methods[name], survey, done)
                if known and is_dict(owner.module, node.value.body):
                    yield node, Override("left", known, base.methods[name].dotted, "")


def _object_returned(original: Function, survey: Survey, done: frozenset[Item]) -> str:
    """The object that a method of the code returns, on some path at least; "" if there is none."""
    values = survey.inference.slots.get(("return", original.dotted, ""), {})
    names = {v.name for v in values if v.kind == "row" and becomes_object(v, done)}
    return names.pop() if len(names) == 1 else ""


def _has_doubts(owner: Class, survey: Survey) -> bool:
    """Whether a base of a test's class may be another one: its name is not only imported."""
    return any(
        name.id in one.module.imports and name.id in names_of(one.module.source).rebound
        for one in survey.inference.project.ancestry(owner)
        if survey.inference.is_test(one.module)
        for base in one.node.bases
        for name in ast.walk(base)
        if isinstance(name, ast.Name)
    )


def _overridden(owner: Class, method: Function, survey: Survey) -> Iterator[tuple[Class, Function]]:
    """The methods of the code that a test's method overrides, with their classes."""
    name = method.name.rpartition(".")[2]
    for base in survey.inference.project.ancestry(owner)[1:]:
        if name in base.methods and not survey.inference.is_test(base.module):
            yield base, base.methods[name]


class _Finder:
    """Looks through one method."""

    def __init__(
        self, module: Module, survey: Survey, done: frozenset[Item], method: Function
    ) -> None:
        self.module = module
        self.survey = survey
        self.done = done
        self.method = method

    def returned(self, original: Function) -> Iterator[tuple[ast.stmt, Override]]:
        """The statements that return a dict where the overridden method returns an object."""
        name = _object_returned(original, self.survey, self.done)
        known, receiver = original.dotted, self.method.receiver
        for node in self._own(ast.Return) if name else ():
            if isinstance(node.value, ast.Dict) and literal_keys(node.value) is not None:
                variable = free_name(self.module, self.survey.tree, node, name)
                yield node, Override("returned", name, known, receiver, variable=variable)
            elif node.value is not None and is_dict(self.module, node.value):
                yield node, Override("left", name, known, receiver)

    def kept(self, base: Class) -> Iterator[tuple[ast.stmt, Override]]:
        """The statements that keep a dict in an attribute that holds an object in the code."""
        receiver = self.method.receiver
        for node in self._own(ast.Assign):
            names = {attr: self._object_in(base, attr) for attr in self._attributes(node)}
            found = {attr: name for attr, name in names.items() if name}
            for attr, name in found.items():
                is_given = isinstance(node.value, ast.Name) and self._is_given(node.value)
                if is_given and len(found) == 1:
                    yield node, Override("kept", name, base.name, receiver, attr)
                elif is_given or is_dict(self.module, node.value):
                    yield node, Override("left", name, base.name, receiver, attr)
            for attr, value in self._unpacked(node):
                name = self._object_in(base, attr)
                is_given = isinstance(value, ast.Name) and self._is_given(value)
                if name and (is_given or is_dict(self.module, value)):
                    yield node, Override("left", name, base.name, receiver, attr)

    def _own(self, kind: type[Node]) -> Iterator[Node]:
        for node in ast.walk(self.method.node):
            if isinstance(node, kind) and self.module.function_around(node) is self.method:
                yield node

    def _attributes(self, node: ast.Assign) -> Iterator[str]:
        """The attributes of `self` that a statement sets."""
        return (target.attr for target in node.targets if self._is_own_attribute(target))

    def _unpacked(self, node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
        """The attributes of `self` that a statement sets together with others, and their values."""
        for target in node.targets:
            if isinstance(target, ast.Tuple | ast.List):
                values = node.value.elts if isinstance(node.value, ast.Tuple | ast.List) else ()
                for one, value in zip(target.elts, values, strict=False):
                    if self._is_own_attribute(one):
                        yield one.attr, value

    def _is_own_attribute(self, node: ast.expr) -> TypeGuard[ast.Attribute]:
        owner = node.value if isinstance(node, ast.Attribute) else None
        return isinstance(owner, ast.Name) and owner.id == self.method.receiver

    def _is_given(self, name: ast.Name) -> bool:
        return name.id in self.method.parameters

    def _object_in(self, base: Class, attribute: str) -> str:
        """The object that an attribute always holds in the code; "" if there is none."""
        slot = ("attr", base.dotted, attribute)
        held = [v for v in self.survey.inference.slots.get(slot, {}) if v.kind != "none"]
        names = {v.name for v in held if becomes_object(v, self.done)}
        is_sure = bool(held) and all(becomes_object(v, self.done) for v in held)
        return names.pop() if is_sure and len(names) == 1 else ""
