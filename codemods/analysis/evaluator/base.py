# SPDX-License-Identifier: Apache-2.0
"""What an evaluation reads and records."""

import abc
import ast
from collections.abc import Collection
from typing import TYPE_CHECKING

from codemods.analysis.evaluator.unit import Unit
from codemods.analysis.inputs import Inputs, Slot
from codemods.analysis.values import DICT, INTERESTING, UNKNOWN, Values
from codemods.model import Step

if TYPE_CHECKING:
    from codemods.analysis.inference import Inference


_KEPT = INTERESTING | {"instance", "text"}
#: The kinds of values that are the conductor's rows or its API.
TOUCHING = frozenset(("row", "rows", "handle"))
#: The kinds of values that are recorded in unit tests.
_RESULTS = frozenset(("container", "function", "primitive"))


class EvaluatorBase(abc.ABC):
    """One evaluation of one unit, against the slots as they are now."""

    def __init__(self, inference: "Inference", unit: Unit) -> None:
        self.inference = inference
        self.unit = unit
        self.module = unit.module
        self.package = inference.tree.package
        # code may hold objects of either package, whichever the rewrite uses
        self._object_packages = (f"{self.package}.objects", "shim.objects")
        self._is_test = inference.is_test(unit.module)
        self._noted: set[Slot] = set()
        self._settled = unit in inference.settled
        self._contained = inference.containers.setdefault(unit.module.source.path, {})
        self._shadowed: frozenset[str] = frozenset()
        #: The class within a function whose body is being evaluated, and the names bound in it.
        self._class_body: tuple[str, Collection[str]] = ("", ())
        self._inputs = Inputs(self._settled)
        #: What the expressions of the current statement hold; some are asked for more than once.
        self._found: dict[ast.expr, Values] = {}

    def _read(self, slot: Slot) -> Values:
        """The values in `slot`; the unit is evaluated again when they change."""
        if slot not in self._noted:
            self._noted.add(slot)
            self.inference.note_reader(slot, self.unit)
        found = self.inference.slots.get(slot, {})
        self._inputs.slots.setdefault(slot, len(found))
        return found

    def _is_as_before(self, node: ast.AST) -> bool:
        """Whether a statement, or its header, was evaluated with what is known now.

        If not, start to record what its evaluation depends on.
        """
        before = self.inference.inputs.get(node)
        if before is not None and before.are_same(self.inference, self._settled):
            return True
        self._inputs = self.inference.inputs[node] = Inputs(self._settled)
        self._found = {}
        return False

    def _step(self, node: ast.AST, text: str) -> Step:
        return Step(self.module.source.path, getattr(node, "lineno", 0), text)

    def _record(self, node: ast.AST, values: Values) -> None:
        for value in values:
            kind = value.kind
            if kind in _KEPT:
                self.inference.holds[node] = values
                if kind in TOUCHING:
                    self.inference.touched.add(self.module.source.path)
                    self.inference.row_units.add(self.unit)
            elif self._is_test:
                if kind in _RESULTS:
                    self.inference.results[node] = values
            elif kind in ("container", "column", "copied", "dict"):
                self._contained[node] = values  # type: ignore[index]

    def _keep(self, owners: Values, name: str, values: Values, node: ast.expr, text: str) -> None:
        """Write values into an attribute of instances or classes among the owners."""
        for base in owners:
            if base.kind == "instance":
                # what a unit test puts there says nothing about the code
                is_put = self._is_test and not self.inference.is_test_name(base.name)
                slot = ("put" if is_put else "attr", base.name, name)
                self.inference.write(slot, values, self._step(node, f"assigned to `{text}`"))
            elif base.kind == "class" and not self._is_test:
                # instances without their own read it; a row in a class attribute is not followed
                others = {value: values[value] for value in (UNKNOWN, DICT) if value in values}
                slot = ("attr", base.name, name)
                self.inference.write(slot, others, self._step(node, f"assigned to `{text}`"))

    @abc.abstractmethod
    def expr(self, node: ast.expr) -> Values:
        """What `node` may hold."""

    @abc.abstractmethod
    def _assign(self, target: ast.expr, values: Values, owner: str | None) -> None:
        """Write the values into a target, in the body of the class `owner` if there is one."""

    @abc.abstractmethod
    def _short(self) -> str:
        """The last part of the unit's name, as a call."""

    def _is_loaded(self, dotted: str) -> bool:
        path = self.inference.project.path_of(dotted)
        if path is None or path in self.inference.project.modules:
            return path is not None
        self._inputs.note_path(path)
        return False


def place(node: ast.expr) -> str:
    """The line and column of an expression."""
    return f"{node.lineno}:{node.col_offset}"
