# SPDX-License-Identifier: Apache-2.0
"""Where a unit test replaces the conductor's instance_update(), and which calls it expects."""

import ast
import dataclasses
import itertools
from collections.abc import Iterator
from typing import Literal

from codemods.analysis.facts import Span
from codemods.analysis.free_names import first_free
from codemods.analysis.inference import Inference
from codemods.analysis.named_mocks import is_patch, mock_of
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree

_NAME = "instance_update"
_API = "rpcapi.ConductorAPI"


@dataclasses.dataclass(frozen=True)
class UpdateStub:
    """A call that has to do with a stub of the RPC method that updates an instance.

    `stubbed`: mox replaces the method; `recorded`: the call that mox is to
    expect, for which `row` is a free local name; `patched`: mock.patch replaces
    the method; `expected`: it names the arguments of an expected call of the
    mock. `left`: one of these in a form that cannot be rewritten.
    """

    kind: Literal["stubbed", "recorded", "patched", "expected", "left"]
    row: str = ""


def update_stubs(module: Module, inference: Inference, tree: Tree) -> dict[Span, UpdateStub]:
    """These calls in a unit test module, by place."""
    if _NAME.encode() not in module.source.text:
        return {}
    return dict(_Finder(module, inference, tree).find())


class _Finder:
    def __init__(self, module: Module, inference: Inference, tree: Tree) -> None:
        self.tree = tree
        self.module = module
        self.inference = inference

    def find(self) -> Iterator[tuple[Span, UpdateStub]]:
        """Each call with what it is; one `left` in a test keeps the rest of it from changing."""
        kinds = {call: kind for call in self.module.all(ast.Call) if (kind := self._kind(call))}
        left = {self._group(call) for call, kind in kinds.items() if kind == "left"}
        stubbed = {self._group(call) for call, kind in kinds.items() if kind == "stubbed"}
        for call, kind in kinds.items():
            # what is left where nothing is stubbed may belong to a stub anywhere else
            is_left = self._group(call) in left or bool(left - stubbed)
            if kind in ("stubbed", "recorded") and is_left:
                kind = "left"
            row = self._row(call) if kind == "recorded" else ""
            yield self.module.source.span(call), UpdateStub(kind, row)
            if kind == "patched":
                yield from self._expected(call)

    def _kind(self, call: ast.Call) -> Literal["stubbed", "recorded", "patched", "left"] | None:
        name = self.module.dotted_name(call.func)
        if name.endswith(f"{_API}.{_NAME}"):
            return "recorded" if _is_plain(call) and self._is_statement(call) else "left"
        if not self._is_target(call):
            return None
        if name == "mock.patch.object":
            return "patched" if is_patch(self.module, call) and not call.keywords else "left"
        is_class = self.module.dotted_name(call.args[0]).endswith(_API)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "StubOutWithMock":
            return "stubbed" if is_class else "left"
        return "left"

    def _row(self, call: ast.Call) -> str:
        return first_free(self.module, self.tree, call, "row")

    def _is_statement(self, call: ast.Call) -> bool:
        return isinstance(self.module.source.parent(call), ast.Expr)

    def _is_target(self, call: ast.Call) -> bool:
        """Whether a call names the method, by its class and name or by a dotted name."""
        first, second = (*call.args[:2], None, None)[:2]
        if isinstance(first, ast.Constant):
            return isinstance(first.value, str) and first.value.endswith(f"{_API}.{_NAME}")
        if first is None or not isinstance(second, ast.Constant) or second.value != _NAME:
            return False
        values = self.inference.values(first)
        is_handle = any(value.kind == "handle" for value in values)
        return is_handle or self.module.dotted_name(first).endswith(_API)

    def _group(self, call: ast.Call) -> ast.AST:
        """The statement of a class body or of the module that a call is in; usually a test."""
        parents = [call, *self.module.source.parents(call)]
        for inner, outer in itertools.pairwise(parents):
            if isinstance(outer, ast.ClassDef):
                return inner
        return parents[-2]

    def _expected(self, patch: ast.Call) -> Iterator[tuple[Span, UpdateStub]]:
        """The calls that a test expects the mock of a patch to have had."""
        mock = mock_of(self.module, patch)
        for node in ast.walk(mock.scope) if mock is not None else ():
            if not isinstance(node, ast.Call) or mock is None:
                continue
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr in _ASSERTIONS:
                is_its = isinstance(func.value, ast.Name) and func.value.id == mock.name
            else:
                is_its = self.module.dotted_name(func) == "mock.call" and self._speaks_of(
                    node, mock.name
                )
            if is_its:
                kind: Literal["expected", "left"] = "expected" if _is_plain(node) else "left"
                yield self.module.source.span(node), UpdateStub(kind)

    def _speaks_of(self, node: ast.Call, name: str) -> bool:
        """Whether the statement around the call names the mock."""
        statement = self.module.source.statement(node)
        return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(statement))


_ASSERTIONS = ("assert_called_once_with", "assert_called_with", "assert_any_call")


def _is_plain(call: ast.Call) -> bool:
    """Whether it has four positional arguments: context, uuid, values and the service's name."""
    return len(call.args) == 4 and not call.keywords and not _has_star(call)


def _has_star(call: ast.Call) -> bool:
    return any(isinstance(one, ast.Starred) for one in call.args)
