# SPDX-License-Identifier: Apache-2.0
"""The order in which a call evaluates its arguments, and which of them must come early."""

import ast

from codemods.analysis.evaluation import Kind, early, kind_of
from codemods.analysis.facts import Early
from codemods.analysis.free_names import first_free
from codemods.analysis.project import Module
from codemods.analysis.row_values import LiteralValues
from codemods.analysis.tree import Tree

#: An argument by its parameter, or a value of the row by its index.
Place = str | int

#: The local name for an argument that is evaluated early, if not that of its parameter.
_NAMES = {"context": "ctxt", "id": "row_id", "**": "values"}


class CallOrder:
    """The expressions of one call, in the order in which it evaluates them."""

    def __init__(
        self, module: Module, tree: Tree, node: ast.Call, arguments: dict[str, ast.expr]
    ) -> None:
        self._module = module
        self._tree = tree
        self._node = node
        self._arguments = arguments
        self._function = module.function_around(node)

    def places(self, literal: LiteralValues | None) -> list[Place]:
        """What is evaluated to fill the object."""
        if literal is not None:
            return [*range(len(pairs_of(literal)))]
        return ["values"] if "values" in self._arguments else []

    def pruning(self) -> list[Place]:
        """The argument that says whether to prune stale stats, if there is one."""
        return ["prune_stats"] if "prune_stats" in self._arguments else []

    def early(
        self,
        literal: LiteralValues | None,
        after: list[Place],
        needed: tuple[Place, ...] = (),
    ) -> tuple[Early, ...]:
        """What has to be evaluated before its turn."""
        pairs = pairs_of(literal) if literal is not None else []

        def kind(place: Place) -> Kind:
            node = pairs[place][1] if isinstance(place, int) else self._arguments[place]
            return kind_of(node, self._function)

        before = [place for place in self._before(literal) if place in after]
        return tuple(
            Early(place, self._name_for(pairs[place][0] if isinstance(place, int) else place))
            for place in early(before, after, kind, needed)
        )

    def _before(self, literal: LiteralValues | None) -> list[Place]:
        """The old order of evaluation, including the statements that build the row."""
        places = self.places(literal) if literal is not None else []
        arguments = sorted(
            self._arguments, key=lambda name: self._module.source.start(self._arguments[name])
        )
        found: list[Place] = []
        if literal is not None and literal.statements:
            found += places
        for name in arguments:
            if literal is None or name in ("context", "row", "uuid", "prune_stats"):
                found.append(name)
            elif not literal.statements:
                found += [place for place in places if place not in found]
        return found

    def _name_for(self, name: str) -> str:
        """A free local name for a value."""
        name = _NAMES.get(name, name)
        found = first_free(self._module, self._tree, self._node, name)
        if found == name:
            return found
        return first_free(self._module, self._tree, self._node, f"new_{name}")

    def reads_of_what_is_set(
        self, row: ast.expr, literal: LiteralValues | None
    ) -> tuple[Place, ...]:
        """The values that may read a field of the row after it has been set."""
        found: list[Place] = []
        changed: set[str] = set()
        for place, (key, value) in enumerate(pairs_of(literal) if literal is not None else ()):
            if changed and self._reads(value, row, changed):
                found.append(place)
            changed.add(key)
        return tuple(found)

    def _reads(self, value: ast.expr, row: ast.expr, changed: set[str]) -> bool:
        """Whether a value reads, or may read, one of the `changed` fields of the row."""
        source = self._module.source
        for node in ast.walk(value):
            if isinstance(node, ast.Name | ast.Attribute) and source.of(node) == source.of(row):
                parent = source.parent(node)
                key = parent.slice if isinstance(parent, ast.Subscript) else None
                if not isinstance(key, ast.Constant) or key.value in changed:
                    return True
        return False


def pairs_of(literal: LiteralValues) -> list[tuple[str, ast.expr]]:
    """The keys and values, in the order in which the values are evaluated."""
    return [*literal.pairs, *((key, value) for _, key, value in literal.stores)]
