# SPDX-License-Identifier: Apache-2.0
"""What containers, rows and lists of rows contain."""

import ast

from codemods.analysis.evaluator.base import EvaluatorBase
from codemods.analysis.values import DICT, PLAIN, UNKNOWN, Value, Values
from codemods.mappings import relations
from codemods.model import ITEM_OF_OBJECT, Step

#: The index in slots for any element of a tuple.
_ANY = "*"


class Elements(EvaluatorBase):
    """Subscripts, container literals, comprehensions, and their elements."""

    def _subscript(self, node: ast.Subscript) -> Values:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        self.expr(node.slice)
        found: Values = {}
        for base, evidence in self.expr(node.value).items():
            if base.kind in ("row", "object") and isinstance(key, str):
                found.update(self._relation(base, evidence, node, key) or {UNKNOWN: ()})
                found.update(self._column(base, evidence, node, key))
            elif base.kind == "copied" and isinstance(key, str):
                found.update(self._columns({base: evidence}, node, key))
            elif base.kind in ("rows", "objects"):
                if isinstance(node.slice, ast.Slice):
                    found[base] = evidence
                else:
                    found.update(self._elements({base: evidence}, node))
            elif base.kind == "container":
                index = str(key) if isinstance(key, int) else ""
                found.update(self._item({base: evidence}, index))
            elif base.kind != "none":
                found[DICT if base == DICT and isinstance(key, int) else UNKNOWN] = ()
        return found

    def _relation(
        self, base: Value, evidence: tuple[Step, ...], node: ast.expr, key: str
    ) -> Values:
        relation = relations().get((base.name, key))
        if relation is None:
            return {}
        needs = base.needs
        if relation.object == "ComputeNode":
            needs = needs | {ITEM_OF_OBJECT[relation.object]}
        kind = "object" if base.kind == "object" else "rows" if relation.many else "row"
        text = f"`{key}` of a {base.name} is {'a list of' if relation.many else 'a'} "
        step = self._step(node, f"{text}{relation.object}")
        nullable = not relation.many
        return {Value(kind, relation.object, needs, nullable): (*evidence, step)}  # type: ignore[arg-type]

    def _column(self, base: Value, evidence: tuple[Step, ...], node: ast.expr, key: str) -> Values:
        if base.kind not in ("row", "copied") or not self.inference.tree.converts(base.name, key):
            return {}
        step = self._step(node, f"`{key}` of a {base.name}")
        return {Value("column", f"{base.name}.{key}", base.needs): (*evidence, step)}

    def _columns(self, copies: Values, node: ast.expr, key: str) -> Values:
        found: Values = {UNKNOWN: ()}
        for value, evidence in copies.items():
            found.update(self._column(value, evidence, node, key))
        return found

    def _item(self, values: Values, index: str) -> Values:
        found: Values = {}
        for value, evidence in values.items():
            if value.kind == "container":
                for slot in {("elem", value.name, one) for one in (index or _ANY, "")}:
                    for item, chain in self._read(slot).items():
                        found.setdefault(item, chain)
            elif value.kind in ("rows", "objects"):
                found.update(self._elements({value: evidence}, None))
            elif value.kind != "none":
                found[DICT if value == DICT else UNKNOWN] = ()
        return found

    def _elements(self, values: Values, node: ast.expr | None) -> Values:
        """What iterating over `values` yields."""
        found: Values = {}
        for value, evidence in values.items():
            if value.kind == "rows":
                found[Value("row", value.name, value.needs, joined=value.joined)] = evidence
            elif value.kind == "objects":
                found[Value("object", value.name)] = evidence
            elif value.kind == "container":
                found.update(self._item({value: evidence}, ""))
            elif value.kind != "none":
                found[DICT if value == DICT else UNKNOWN] = ()
        return found

    def _container(self, node: ast.expr) -> Value:
        place = f"{self.module.source.path}:{node.lineno}:{node.col_offset}"
        return Value("container", place)

    def _tuple(self, node: ast.Tuple | ast.List) -> Values:
        made = self._container(node)
        for index, element in enumerate(node.elts):
            inner = element.value if isinstance(element, ast.Starred) else element
            values = self.expr(inner)
            if isinstance(node, ast.Tuple):
                self.inference.write(("elem", made.name, str(index)), values)
                # for code that takes one of them without a constant index
                self.inference.write(("elem", made.name, _ANY), values)
            else:
                self.inference.write(("elem", made.name, ""), values)
        return {made: ()}

    _list = _tuple
    _set = _tuple

    def _dict(self, node: ast.Dict) -> Values:
        made = self._container(node)
        for key in node.keys:
            if key is not None:
                self.expr(key)
        for value in node.values:
            self.inference.write(("elem", made.name, ""), self.expr(value))
        self.inference.keyed.add(made.name)
        return {made: ()}

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Values:
        self._generators(node.generators)
        made = self._container(node)
        self.inference.write(("elem", made.name, ""), self.expr(node.elt))
        return {made: ()}

    _listcomp = _comprehension
    _setcomp = _comprehension
    _generatorexp = _comprehension

    def _dictcomp(self, node: ast.DictComp) -> Values:
        self._generators(node.generators)
        made = self._container(node)
        self.expr(node.key)
        self.inference.write(("elem", made.name, ""), self.expr(node.value))
        self.inference.keyed.add(made.name)
        return {made: ()}

    def _generators(self, generators: list[ast.comprehension]) -> None:
        for generator in generators:
            values = self._elements(self.expr(generator.iter), generator.iter)
            self._assign(generator.target, values, None)
            for condition in generator.ifs:
                self.expr(condition)

    def _binop(self, node: ast.BinOp) -> Values:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(node.op, ast.Add) and any(
            value.kind in ("rows", "container") for value in (*left, *right)
        ):
            return self._listed(node, left, right)
        if isinstance(node.op, ast.Mult) and any(v.kind in ("rows", "container") for v in left):
            return self._listed(node, left)
        return {PLAIN: ()}

    def _listed(self, node: ast.expr, *several: Values) -> Values:
        """A list of the elements of several values."""
        made = self._container(node)
        for values in several:
            self.inference.write(("elem", made.name, ""), self._elements(values, node))
        return {made: ()}
