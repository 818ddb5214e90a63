# SPDX-License-Identifier: Apache-2.0
"""The attributes of test cases that hold a mock of the whole conductor."""

import ast
import dataclasses
import re
from collections.abc import Iterator

from codemods.analysis.facts import Span
from codemods.analysis.inference import Inference
from codemods.analysis.local_names import only_assignment, readings
from codemods.analysis.named_attributes import reads_by_made_name
from codemods.analysis.patches import MockPatch, is_mock_name, patch_of
from codemods.analysis.project import Module


@dataclasses.dataclass(frozen=True, eq=False)
class HeldMock:
    """`self.cond_api_mock = self.rt.conductor_api`, where the conductor's API is a mock.

    `name` is the attribute's. `handle` is what it is set to, the handle of the
    code under test; None if it is set to a new mock, which then replaces the
    API. `holder` is the object under test; None if it is not known. `readings`
    are the places of the file that read the attribute, except for the patch
    itself. `beside` are the patch that replaces the API with the mock, if it is
    one of several, and the statement that makes the mock for it. If not
    `is_alone`, the statement does more, other files know the attribute, or it may
    be read by its name.
    `contexts` are the sentinels that the object under test gets as contexts,
    such as `mock.sentinel.ctx`, sorted by name.
    """

    name: str
    statement: ast.Assign
    handle: ast.Attribute | None
    holder: ast.expr | None
    readings: tuple[ast.Attribute, ...]
    beside: tuple[Span, ...]
    is_alone: bool
    contexts: tuple[str, ...] = ()


def held_mocks(module: Module, inference: Inference) -> list[HeldMock]:
    """The attributes of a file of unit tests that hold the mocked conductor."""
    patches = list(_patches(module, inference.tree.package))
    return list(_Finder(module, inference, patches).found()) if patches else []


def _patches(module: Module, package: str) -> Iterator[tuple[ast.Call, MockPatch]]:
    """The patches that replace the conductor's API with a mock."""
    if not all(one in module.source.text for one in (b"conductor", b"API", b"return_value")):
        return
    for node in module.all(ast.Call):
        patch = patch_of(node, module)
        if patch is not None and (patch.owner, patch.name) == (f"{package}.conductor", "API"):
            if "return_value" in patch.keywords:
                yield node, patch


class _Finder:
    def __init__(
        self, module: Module, inference: Inference, patches: list[tuple[ast.Call, MockPatch]]
    ) -> None:
        self.module = module
        self.inference = inference
        self.patches = patches

    def found(self) -> Iterator[HeldMock]:
        """The attributes, in the order in which they are set."""
        for node in self.module.all(ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and self._is_set_to_mock(node, target.attr):
                    if self._is_held(target.attr):
                        yield self._held(node, target.attr)

    def _held(self, node: ast.Assign, name: str) -> HeldMock:
        handle = node.value if isinstance(node.value, ast.Attribute) else None
        holder = handle.value if handle is not None else self._made_under_patch(name)
        given = [patch.keywords["return_value"] for _, patch in self.patches]
        read = self.module.attributes(name)
        return HeldMock(
            name,
            node,
            handle,
            holder,
            tuple(one for one in read if isinstance(one.ctx, ast.Load) and one not in given),
            tuple(self._beside(name if handle is None else "")),
            len(node.targets) == 1 and not self._is_known_by_name(name),
            tuple(sorted(self._sentinels(holder))) if holder is not None else (),
        )

    def _sentinels(self, holder: ast.expr) -> set[str]:
        """The sentinels that are passed as contexts to methods of the object under test."""
        tested = ast.unparse(holder)
        found = set()
        for node in self.module.all(ast.Call):
            first = node.args[0] if node.args else None
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == tested:
                name = self.module.dotted_name(first) if first is not None else ""
                if name.startswith("mock.sentinel.") and isinstance(first, ast.Attribute):
                    found.add(self.module.source.of(first))
        return found

    def _is_set_to_mock(self, node: ast.stmt, name: str) -> bool:
        """Whether a statement assigns the handle of the code under test, or a mock for it."""
        value = node.value if isinstance(node, ast.Assign) else None
        if isinstance(value, ast.Attribute):
            held = self.inference.values(value)
            return value.attr == "conductor_api" or any(one.kind == "handle" for one in held)
        if not isinstance(value, ast.Call) or value.args or value.keywords:
            return False
        is_mock = is_mock_name(self.module.dotted_name(value.func))
        return is_mock and any(_gives(patch, name) for _, patch in self.patches)

    def _is_held(self, name: str) -> bool:
        """Whether an attribute of that name is never set to anything else in the file."""
        return all(
            self._is_set_to_mock(self.module.source.statement(node), name)
            for node in self.module.attributes(name)
            if not isinstance(node.ctx, ast.Load)
        )

    def _made_under_patch(self, name: str) -> ast.expr | None:
        """What the test calls the object that is made while the mock replaces the API."""
        found = []
        for node, patch in self.patches:
            if _gives(patch, name):
                statement = self.module.source.statement(node)
                body = statement.body if isinstance(statement, ast.With) else []
                found += [one.targets[0] for one in body if isinstance(one, ast.Assign)]
        return found[0] if len(found) == 1 else None

    def _is_known_by_name(self, name: str) -> bool:
        """Whether there is more to the attribute than what the file's dotted expressions show.

        It is a property, say, is read by its name, or in another file of unit tests.
        """
        text, word = self.module.source.text, re.escape(name).encode()
        if re.search(rb"['\"]%b['\"]|\bdef\s+%b\b|^\s*%b\s*=" % (word, word, word), text, re.M):
            return True
        if b"__setattr__" in text or reads_by_made_name(text):
            return True
        tests, known = f"{self.inference.tree.package}/tests/", re.compile(rb"\b%b\b" % word)
        return any(
            known.search(data)
            for path, data in self.inference.project.files.items()
            if path != self.module.source.path and path.startswith(tests)
        )

    def _beside(self, name: str) -> Iterator[Span]:
        """The patches that are one of several, and the statements that make their mocks.

        With a `name`, only the patches that use the attribute of that name.
        """
        source = self.module.source
        for node, patch in self.patches:
            outer = source.parent(node)
            if patch.is_given or len(patch.keywords) != 1 or (name and not _gives(patch, name)):
                continue
            if not isinstance(outer, ast.Call) or node not in outer.args[:-1]:
                continue
            item = source.parent(outer)
            if not isinstance(item, ast.withitem) or item.optional_vars is not None:
                # mocks that are bound with `as` are told apart by their index
                continue
            if not self._is_for_one(source.parent(item)):
                continue
            yield source.span(node)
            if not name:
                yield from self._made(patch.keywords["return_value"], node)

    def _is_for_one(self, statement: ast.AST) -> bool:
        """Whether nothing but the making of one object, the one under test, is patched here."""
        if not isinstance(statement, ast.With) or len(statement.items) > 1:
            return False
        inside = [node for one in statement.body for node in ast.walk(one)]
        called = {
            self.module.dotted_name(node.func) for node in inside if isinstance(node, ast.Call)
        }
        return len([name for name in called if not is_mock_name(name)]) < 2 and not any(
            self._is_conductor(node) for node in inside
        )

    def _is_conductor(self, node: ast.AST) -> bool:
        """Whether a test itself names the conductor's package, or something in it."""
        conductor = f"{self.inference.tree.package}.conductor"
        return isinstance(node, ast.Name) and f"{self.module.dotted_name(node)}.".startswith(
            f"{conductor}."
        )

    def _made(self, given: ast.expr, node: ast.Call) -> Iterator[Span]:
        """The statement that assigns the mock to a local name that only the patch reads."""
        function = self.module.function_around(node)
        if not isinstance(given, ast.Name) or function is None:
            return
        made = only_assignment(function, given.id)
        is_used = readings(function.node, given.id) != [given]
        if made is not None and not is_used and isinstance(made.value, ast.Call):
            if is_mock_name(self.module.dotted_name(made.value.func)) and len(made.targets) == 1:
                yield self.module.source.span(made)


def _gives(patch: MockPatch, name: str) -> bool:
    """Whether a patch replaces the API with what an attribute called `name` holds."""
    given = patch.keywords["return_value"]
    return isinstance(given, ast.Attribute) and given.attr == name
