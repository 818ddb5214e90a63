# SPDX-License-Identifier: Apache-2.0
"""Which functions of the database a unit test replaces, and with what."""

import ast
import dataclasses
from collections.abc import Iterator
from typing import Literal

from codemods.analysis.dict_origins import Place, before
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.inference import Inference
from codemods.analysis.named_mocks import is_patch, mock_of
from codemods.analysis.project import Function, Module
from codemods.analysis.values import Values

Kind = Literal["set", "patched", "recorded"]

_ENDS = ("AndReturn", "AndRaise")
#: What else replaces something by its dotted name, besides mock.patch().
_BY_DOTTED_NAME = ("fixtures.MonkeyPatch", "self.stub_out")
#: How many steps back rows are followed.
_DEEPEST = 8


@dataclasses.dataclass(frozen=True)
class Stub:
    """One replacement of a function of the database: `stubs.Set(db, 'service_get', fake)`, say.

    `set`: `fake` replaces the function called `name`; `patched`: a mock does,
    or what mock.patch is given; `recorded`: mox is told what a call returns.
    `fake` is None if there are only return values; `returned` is what these
    may be.
    """

    kind: Kind
    name: str
    node: ast.Call
    fake: ast.expr | None
    function: Function | None
    returned: Values


def database_stubs(module: Module, inference: Inference) -> list[Stub]:
    """The replacements of functions of the database API in a unit test module."""
    return list(_Finder(module, inference).find())


class _Finder:
    def __init__(self, module: Module, inference: Inference) -> None:
        self.module = module
        self.inference = inference
        package = inference.tree.package
        self.databases = tuple(f"{package}.db{name}" for name in ("", ".api", ".sqlalchemy.api"))

    def find(self) -> Iterator[Stub]:
        """Each replacement, in source order."""
        for node in self.module.all(ast.Call):
            func = node.func
            if not isinstance(func, ast.Attribute):
                continue
            if func.attr == "Set" and len(node.args) == 3:
                name = node.args[1]
                if self._is_database(node.args[0]) and isinstance(name, ast.Constant):
                    yield self._by_function("set", str(name.value), node, node.args[2])
            elif func.attr in _ENDS and isinstance(func.value, ast.Call):
                recorded = func.value.func
                if isinstance(recorded, ast.Attribute) and self._is_database(recorded.value):
                    values = self._returned(node) if func.attr == "AndReturn" else {}
                    yield Stub("recorded", recorded.attr, node, None, None, values)
            else:
                yield from self._patched(node)

    def _is_database(self, node: ast.expr) -> bool:
        if self.module.dotted_name(node) in self.databases:
            return True
        # a manager's `db` attribute is the module
        return isinstance(node, ast.Attribute) and node.attr == "db"

    def _returned(self, node: ast.Call) -> Values:
        return self.inference.results.get(node.args[0], {}) if len(node.args) == 1 else {}

    def _patched(self, node: ast.Call) -> Iterator[Stub]:
        """`mock.patch('nova.db.service_get')` and `mock.patch.object(db, 'service_get')`."""
        patch, name, others = self.module.dotted_name(node.func), "", node.args
        if (patch == "mock.patch" or patch.endswith(_BY_DOTTED_NAME)) and node.args:
            first, others = node.args[0], node.args[1:]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                owner, _, name = first.value.rpartition(".")
                name = name if owner in self.databases else ""
        elif patch == "mock.patch.object" and len(node.args) > 1:
            second, others = node.args[1], node.args[2:]
            if self._is_database(node.args[0]) and isinstance(second, ast.Constant):
                name = str(second.value)
        if name and others:
            yield self._by_function("patched", name, node, others[0])
        elif name:
            yield Stub("patched", name, node, None, None, {})

    def _by_function(self, kind: Kind, name: str, node: ast.Call, fake: ast.expr) -> Stub:
        function: Function | None = None
        returned: Values = {}
        for value in self.inference.results.get(fake, {}):
            if value.kind == "function":
                function = self.inference.function(value.name)
                if function is not None:
                    returned = self.inference.slots.get(("return", function.dotted, ""), {})
        function = function or self._nested(fake) or self._method(fake)
        return Stub(kind, name, node, fake, function, returned)

    def _nested(self, fake: ast.expr) -> Function | None:
        """The function, nested in the test itself, that is passed by name."""
        if not isinstance(fake, ast.Name):
            return None
        around = self.module.function_at(self.module.source.start(fake))
        found = [
            function
            for function in self.module.all_functions
            if function.outer is around and getattr(function.node, "name", "") == fake.id
        ]
        return found[0] if around is not None and len(found) == 1 else None

    def _method(self, fake: ast.expr) -> Function | None:
        """The method of the test's own class that is passed."""
        around = self.module.function_around(fake)
        while around is not None and around.owner is None:
            around = around.outer
        if around is None or around.owner is None or not isinstance(fake, ast.Attribute):
            return None
        if not isinstance(fake.value, ast.Name) or fake.value.id != around.receiver:
            return None
        return self.inference.project.method(around.owner, fake.attr)


def row_places(stubs: list[Stub], inference: Inference) -> set[str]:
    """The places of the literals that the stubs return, nested ones included."""
    places: set[str] = set()
    waiting = [value for stub in stubs for value in stub.returned]
    while waiting:
        value = waiting.pop()
        if value.kind != "container" or value.name in places:
            continue
        places.add(value.name)
        for _, values in inference.elements_of(value.name):
            waiting.extend(values)
    return places


def handed_out(module: Module, stubs: list[Stub], inference: Inference) -> Iterator[Place]:
    """What the module's fakes and mocks return, followed back to where it comes from."""
    for stub in stubs:
        for value in _given(module, stub):
            yield from rows(inference, module, value)


def _given(module: Module, stub: Stub) -> Iterator[ast.expr]:
    """The expressions that one stub returns."""
    if stub.function is not None and stub.function.module is module:
        for node in ast.walk(stub.function.node):
            if isinstance(node, ast.Return) and node.value is not None:
                yield node.value
    elif isinstance(stub.fake, ast.Lambda):
        yield stub.fake.body
    elif stub.kind == "recorded" and getattr(stub.node.func, "attr", "") == "AndReturn":
        yield from stub.node.args
    elif stub.kind == "patched":
        yield from _told(module, stub.node)


def _told(module: Module, patch: ast.Call) -> Iterator[ast.expr]:
    """What a patch replaces the function with, or tells its mock to return."""
    for word in patch.keywords:
        if word.arg in ("new", "return_value", "side_effect"):
            yield word.value
    mock = mock_of(module, patch) if is_patch(module, patch) else None
    for node in ast.walk(mock.scope) if mock is not None else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            target = node.targets[0]
            if target.attr == "return_value" and isinstance(target.value, ast.Name):
                if mock is not None and target.value.id == mock.name:
                    yield node.value


def rows(inference: Inference, module: Module, value: ast.expr) -> Iterator[Place]:
    """A value, its elements, and all expressions that it may come from.

    Only in unit tests: what the code makes is the code's own row.
    """
    waiting, seen = [(module, value, 0)], set[ast.expr]()
    while waiting:
        owner, node, depth = waiting.pop()
        if node in seen or depth > _DEEPEST or not inference.is_test(owner):
            continue
        seen.add(node)
        yield owner, node
        found = [(owner, one) for one in _parts(owner, node)] or before(inference, owner, node)[0]
        waiting += [(*place, depth + 1) for place in found]


def _parts(module: Module, value: ast.expr) -> list[ast.expr]:
    """The elements of a list, what a lambda returns, or the row that `dict(row, id=2)` copies."""
    if isinstance(value, ast.List | ast.Tuple):
        return value.elts
    if isinstance(value, ast.ListComp):
        return [value.elt]
    if isinstance(value, ast.Lambda):
        return [value.body]
    return value.args if is_made_dict(value, module) else []
