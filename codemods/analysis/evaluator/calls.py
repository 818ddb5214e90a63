# SPDX-License-Identifier: Apache-2.0
"""What calls return."""

import ast
from typing import Literal

from codemods.analysis.api_names import api_names, is_getattr, is_super
from codemods.analysis.dict_values import field_read
from codemods.analysis.evaluator.arguments import Arguments
from codemods.analysis.json_texts import is_dumps, is_loads
from codemods.analysis.project import Function
from codemods.analysis.sites import keeps_dict, why_left
from codemods.analysis.values import (
    CARRYING,
    DEVICES_PRIMITIVE,
    DEVICES_TEXT,
    DICT,
    NONE,
    PLAIN,
    UNKNOWN,
    Value,
    Values,
    called_method,
)
from codemods.mappings import conductor_calls, joined_keys
from codemods.model import ITEM_OF_OBJECT, Item, Step

#: The methods of containers; a call of one by name does not tell the class.
METHODS_OF_CONTAINERS = frozenset(dir(dict) + dir(list) + dir(set)) | {"has_key"}


class Calls(Arguments):
    """Calls of functions and methods, the conductor's among them."""

    def _call(self, node: ast.Call) -> Values:
        if is_super(node):
            return self._super()
        positional = [
            self.expr(arg.value if isinstance(arg, ast.Starred) else arg) for arg in node.args
        ]
        named = {word.arg: self.expr(word.value) for word in node.keywords}
        for argument, values in zip(node.args, positional, strict=True):
            self._handed_on(node, argument, values)
        for word in node.keywords:
            self._handed_on(node, word.value, named[word.arg])
        self._set_by_name(node, positional)
        special = self._looked_up(node) or self._method_of_value(node, positional)
        if special is not None:
            return special
        found: Values = {}
        targets = self.expr(node.func)
        method = called_method(targets)
        self.inference.targets[node] = targets
        for target, evidence in targets.items():
            if target.kind == "method" and target is not method:
                found[UNKNOWN] = ()
                continue
            found.update(self._call_target(node, target, evidence, positional, named))
        if isinstance(node.func, ast.Attribute) and (not targets or UNKNOWN in targets):
            self._call_by_name(node, node.func.attr, positional, named)
            found.update(self._by_name(node.func.attr, "return"))
        return found

    def _super(self) -> Values:
        """What `super()` is in a method: an instance of the base classes."""
        function = self.unit.function
        while function is not None and function.owner is None:
            function = function.outer
        bases = function.owner.bases if function is not None and function.owner else ()
        classes = [self.inference.project.find_class(base) for base in bases]
        found: Values = {Value("instance", one.dotted): () for one in classes if one is not None}
        return found if found and None not in classes else {**found, UNKNOWN: ()}

    def _set_by_name(self, node: ast.Call, positional: list[Values]) -> None:
        """Write the value of setattr() into the attribute."""
        if getattr(node.func, "id", "") != "setattr" or len(node.args) != 3:
            return
        name = node.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            text = f"{self.module.source.of(node.args[0])}.{name.value}"
            self._keep(positional[0], name.value, positional[2], node, text)

    def _looked_up(self, node: ast.Call) -> Values | None:
        """The method of the conductor's API that getattr() returns; None for any other call."""
        if not is_getattr(node):
            return None
        key, found = node.args[1], Values()
        for base, evidence in self.expr(node.args[0]).items():
            if base.kind == "handle" and isinstance(key, ast.Constant):
                name = str(key.value)
                step = self._step(node, f"`{name}` of the conductor's API")
                found[Value("method", name)] = (*evidence, step)
            elif base.kind != "none":
                found[UNKNOWN] = ()
        # without the method it returns the default
        return {**found, UNKNOWN: ()} if found and node.args[2:] else found or None

    def _call_by_name(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> None:
        """A call on an unknown object may reach every method of that name that it fits.

        That only matters if it passes a row, or if other calls pass one to the methods.
        """
        carries = self._carries((*positional, *named.values()))
        if self._is_test or not (carries or self._takes_rows(name)):
            return
        below, given = "", node.args
        if name == "map_method" and given and isinstance(given[0], ast.Constant):
            # stevedore calls the method of each plug-in; the tree's are next to the caller
            name, below = str(given[0].value), self.module.source.path.rpartition("/")[0]
            positional, given = positional[1:], given[1:]
        if name in METHODS_OF_CONTAINERS:
            # which methods take rows may be found out later
            self._inputs.is_complete = False
        methods = self._fitting(self.inference.methods_called(name, below), given, named)
        # other callers of such a method, and their arguments, are not known
        positional = [_or_anything(values) for values in positional]
        named = {word: _or_anything(values) for word, values in named.items()}
        for method in methods:
            self._give(node, method, positional, given, named)
        if methods and name not in METHODS_OF_CONTAINERS:
            taken = [self.inference.taken.get((node, one.dotted), frozenset()) for one in methods]
            self.inference.taken[node, ""] = frozenset.intersection(*taken)

    def _fitting(
        self, methods: list[Function], given: list[ast.expr], named: dict[str | None, Values]
    ) -> list[Function]:
        """The methods that a call with these arguments may reach."""
        if None in named or any(isinstance(arg, ast.Starred) for arg in given):
            return methods
        words = [word for word in named if word is not None]
        return [one for one in methods if one.may_be_called_with(len(given), words)]

    def _call_target(
        self,
        node: ast.Call,
        target: Value,
        evidence: tuple[Step, ...],
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> Values:
        if target.kind == "method":
            return self._conductor_call(node, target.name, evidence)
        if target.kind == "class":
            return self._construct(node, target.name, positional, named)
        if target.kind == "function":
            return self._call_function(node, target.name, positional, named)
        return {UNKNOWN: ()}

    def _conductor_call(self, node: ast.Call, name: str, evidence: tuple[Step, ...]) -> Values:
        call = conductor_calls().get(name)
        if call is None:
            return {UNKNOWN: ()}
        if why_left(node, call, self.module, self.inference.tree) is not None:
            return {UNKNOWN: (), DICT: ()}
        # rules handle the arguments of the calls that they rewrite
        given = (*node.args, *(word.value for word in node.keywords))
        self.inference.taken[node, name] = frozenset(given)
        if call.kind == "destroy":
            return {UNKNOWN: ()}
        if call.kind == "create" and keeps_dict(node, self.module.source):
            return {Value("primitive"): ()}
        needs: frozenset[Item] = frozenset({ITEM_OF_OBJECT[call.object]})
        if self.inference.tree.is_added(call.object):
            needs |= {Item.OBJECT_FIELDS}
        text = f"the conductor's {name}() gives a {call.object} row"
        step = Step(self.module.source.path, node.lineno, text, name)
        kind: Literal["row", "rows"] = "rows" if call.kind == "list" else "row"
        joined = joined_keys().get(name, frozenset())
        return {Value(kind, call.object, needs, joined=joined): (*evidence, step)}

    def _construct(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> Values:
        head, _, tail = name.rpartition(".")
        # other classes of the module, ComputeTaskAPI say, have nothing to do with rows
        if name in api_names(self.package):
            return {Value("handle"): (self._step(node, "the conductor's API"),)}
        if head == f"{self.package}.objects":
            return self._object(node, tail)
        self._bind(node, f"{name}.__init__", positional, named)
        return {Value("instance", name): ()}

    def _object(self, node: ast.Call, name: str) -> Values:
        if name.endswith("List"):
            return {Value("objects", name[:-4]): (self._step(node, f"a {name} object"),)}
        return {Value("object", name): (self._step(node, f"a {name} object"),)}

    def _call_function(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> Values:
        head, _, tail = name.rpartition(".")
        if name.endswith(".obj_to_primitive"):
            return {Value("primitive"): ()}
        if name.endswith(".jsonutils.to_primitive"):
            # a dict or a list, whatever it is given
            return {PLAIN: ()}
        if is_loads(name):
            return self._json(node)
        if is_dumps(name):
            # its result is known, even if its file is loaded
            is_plain = len(positional) == 1 and not named
            text: Values = self._text(node, positional[0]) if is_plain else {UNKNOWN: ()}
            return text if UNKNOWN not in text else {UNKNOWN: ()}
        if head.startswith(self._object_packages) and tail.startswith("get"):
            self._bind_in_object(node, name, positional, named)
            return self._object(node, head.rpartition(".")[2])
        if not self._bind(node, name, positional, named):
            return {UNKNOWN: ()}
        return dict(self._read(("return", name, "")))

    def _text(self, node: ast.Call, values: Values) -> Values:
        """The JSON text of values; unknown for a dict or anything else."""
        if isinstance(node.args[0], ast.List | ast.Tuple) and not node.args[0].elts:
            values = {NONE: ()}
        found: Values = {}
        for value, evidence in values.items():
            if value == DEVICES_PRIMITIVE:
                found[DEVICES_TEXT] = evidence
            elif value.kind in ("instance", "none"):
                step = self._step(node, f"the text of {value.name or 'nothing'}")
                found[Value("text", value.name)] = (*evidence, step)
            else:
                found[UNKNOWN] = ()
        return found or {UNKNOWN: ()}

    def _json(self, node: ast.Call) -> Values:
        read = field_read(self.module, node.args[0]) if node.args else None
        if read is None:
            return {UNKNOWN: ()}
        row, key = read
        self._inputs.is_complete = False
        held = {v: e for v, e in self.inference.values(row).items() if v.kind != "none"}
        rows = [value for value in held if value.kind in ("row", "object")]
        if not rows:
            return {UNKNOWN: ()}
        first = rows[0]
        found: Values = {Value("json", f"{first.name}.{key}", first.needs): held[first]}
        is_plain = len(node.args) == 1 and not node.keywords
        if not is_plain or len(rows) < len(held) or any(v.name != first.name for v in rows):
            # what else is parsed, or how, is not known
            found[UNKNOWN] = ()
        return found


def _or_anything(values: Values) -> Values:
    """The values, with an unknown one added if a row is among them."""
    return {**values, UNKNOWN: ()} if any(v.kind in CARRYING for v in values) else values
