# SPDX-License-Identifier: Apache-2.0
"""What the methods of containers, and the builtins that take these, return."""

import ast

from codemods.analysis.builtin_names import is_builtin
from codemods.analysis.dict_values import is_made_dict
from codemods.analysis.evaluator.elements import Elements
from codemods.analysis.values import DEVICES, DEVICES_PRIMITIVE, NONE, PLAIN, UNKNOWN, Value, Values

_COPIES = {"copy.copy", "copy.deepcopy"}
_ELEMENTS = {"pop", "get", "values", "itervalues", "setdefault", "popitem", "__getitem__"}
_PAIRS = {"items", "iteritems"}
#: The methods that return the value under a key of a dict.
_VALUES = {"get", "pop", "setdefault"}
_ITERATION = {"list", "sorted", "reversed", "iter", "tuple", "set", "filter"}
_CHOICE = {"max", "min", "next"}


class Methods(Elements):
    """Calls on containers and rows: `rows.pop()`, `dict(row)`, `enumerate(rows)`."""

    def _method_of_value(self, node: ast.Call, positional: list[Values]) -> Values | None:
        """What a method of a container or a row returns; None if it is not such a call."""
        if is_made_dict(node, self.module):
            starred = [self.expr(word.value) for word in node.keywords if word.arg is None]
            if positional or starred:
                return self._copied((positional or starred)[0])
        if isinstance(node.func, ast.Name) and is_builtin(self.module, node.func):
            iterated = self._iterated(node, node.func.id, positional)
            if iterated is not None:
                return iterated
        copied = self._copying(node.func)
        if copied and positional:
            # a rule makes a dict of a row before copy.copy() gets it
            is_row = any(value.kind == "row" for value in positional[0])
            if is_row and copied == "copy.copy":
                return self._copied(positional[0])
            return positional[0]
        if not isinstance(node.func, ast.Attribute):
            return None
        name, base_values = node.func.attr, self.expr(node.func.value)
        containers = {
            value: evidence for value, evidence in base_values.items() if value.kind == "container"
        }
        if containers and name in _ELEMENTS | _PAIRS | {"append", "add", "insert", "extend"}:
            return self._method_of_container(node, name, containers, positional)
        if name == "obj_to_primitive" and DEVICES in base_values:
            others = {UNKNOWN: ()} if base_values.keys() - {DEVICES, NONE} else {}
            return {DEVICES_PRIMITIVE: base_values[DEVICES], **others}
        rows = {v: e for v, e in base_values.items() if v.kind in ("row", "rows", "objects")}
        if rows and name == "get" and node.args and isinstance(node.args[0], ast.Constant):
            found: Values = {}
            for row, evidence in rows.items():
                found.update(self._relation(row, evidence, node, str(node.args[0].value)))
                found.update(self._column(row, evidence, node, str(node.args[0].value)))
            return found or {UNKNOWN: ()}
        if rows and name == "pop":
            return self._elements(rows, node)
        if rows and name == "copy":
            return self._copied(base_values)
        copies = {v: e for v, e in base_values.items() if v.kind == "copied"}
        if name in _PAIRS and (copies or any(v.kind == "row" for v in rows)):
            return self._pairs_of_rows(node, {**rows, **copies})
        is_value = copies and name in _VALUES and node.args
        if is_value and isinstance(node.args[0], ast.Constant):
            return self._columns(copies, node, str(node.args[0].value))
        return None

    def _copying(self, node: ast.expr) -> str:
        """The function of the `copy` module that an expression names; "" for anything else."""
        if isinstance(node, ast.Attribute) and node.attr not in ("copy", "deepcopy"):
            return ""
        dotted = self.module.dotted_name(node)
        return dotted if dotted in _COPIES else ""

    def _method_of_container(
        self, node: ast.Call, name: str, containers: Values, positional: list[Values]
    ) -> Values:
        if name in ("append", "add", "insert") and positional:
            for made in containers:
                step = self._step(node, f"put into `{self.module.source.of(node.func)}`")
                self.inference.write(("elem", made.name, ""), positional[-1], step)
            return {NONE: ()}
        if name == "extend" and positional:
            for made in containers:
                self.inference.write(("elem", made.name, ""), self._elements(positional[0], node))
            return {NONE: ()}
        elements = self._item(containers, "")
        if name in _PAIRS or name == "popitem":
            pair = self._container(node)
            self.inference.write(("elem", pair.name, "1"), elements)
            outer = Value("container", pair.name + ":pairs")
            self.inference.write(("elem", outer.name, ""), {pair: ()})
            return {pair: ()} if name == "popitem" else {outer: ()}
        if name in ("values", "itervalues"):
            return containers
        if len(positional) > 1:
            elements = {**elements, **positional[1]}
            for made in containers if name == "setdefault" else ():
                self.inference.write(("elem", made.name, ""), positional[1])
        return elements

    def _copied(self, values: Values) -> Values:
        """A dict of what rows hold."""
        found: Values = {PLAIN: ()}
        for value, evidence in values.items():
            if value.kind in ("row", "copied"):
                found[Value("copied", value.name, value.needs)] = evidence
        return found

    def _pairs_of_rows(self, node: ast.Call, rows: Values) -> Values:
        """Pairs of the keys and values of rows; a value may be a time."""
        made, pair = self._container(node), Value("container", self._container(node).name + ":pair")
        values: Values = {UNKNOWN: ()}
        for row, evidence in rows.items():
            values.update(self._column(row, evidence, node, "updated_at"))
        self.inference.write(("elem", pair.name, "1"), values)
        self.inference.write(("elem", made.name, ""), {pair: ()})
        return {made: ()}

    def _iterated(self, node: ast.Call, name: str, positional: list[Values]) -> Values | None:
        """What a builtin makes of its arguments' elements; None if it is not such a builtin."""
        if name in _ITERATION and positional:
            values = positional[-1]
            return self._listed(node, values) if self._has_rows(values) else values
        if name in _CHOICE and len(positional) == 1:
            return self._elements(positional[0], node)
        if name not in ("enumerate", "zip"):
            return None
        made, pair = self._container(node), Value("container", self._container(node).name + ":pair")
        for number, values in enumerate(positional if name == "zip" else positional[:1]):
            place = str(number if name == "zip" else 1)
            self.inference.write(("elem", pair.name, place), self._elements(values, node))
        self.inference.write(("elem", made.name, ""), {pair: ()})
        return {made: ()}

    def _has_rows(self, values: Values) -> bool:
        return any(value.kind == "rows" for value in values)
