"""Evaluate one function: what do its expressions hold, and where does it go?"""

import ast
import builtins
import dataclasses
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from codemods.analysis.api_names import api_names, is_getattr, is_of_api, is_super
from codemods.analysis.dict_values import field_read
from codemods.analysis.project import Function, Module
from codemods.analysis.sites import keeps_dict, why_left
from codemods.analysis.values import (
    DEVICES,
    DEVICES_PRIMITIVE,
    DEVICES_TEXT,
    INTERESTING,
    NONE,
    PLAIN,
    UNKNOWN,
    Value,
    Values,
    called_method,
    is_interesting,
)
from codemods.mappings import conductor_calls, relations
from codemods.model import ITEM_OF_OBJECT, Item, Step
from codemods.syntax.walk import children, walk

if TYPE_CHECKING:
    from codemods.analysis.inference import Inference

#: ("local" | "param" | "return", function, name), ("attr", class, name),
#: ("global", module, name) or ("elem", place, index).
Slot = tuple[str, str, str]

#: The index of what may be any element of a tuple.
_ANY = "*"

#: How many modules a name may come through before it is looked for no further.
_LONGEST_WAY = 5

_BUILTINS = frozenset(dir(builtins))
_COPIES = {"copy.copy", "copy.deepcopy"}
_ELEMENTS = {"pop", "get", "values", "itervalues", "setdefault", "popitem", "__getitem__"}
_PAIRS = {"items", "iteritems"}
_KEPT = INTERESTING | {"instance", "text"}
_TOUCHING = frozenset(("row", "rows", "handle"))
#: What a unit test compares its expectations with.
_RESULTS = frozenset(("container", "function", "primitive"))
_ITERATION = {"list", "sorted", "reversed", "iter", "tuple", "set", "filter"}


def is_dumps(dotted: str) -> bool:
    """Whether a function of that name makes JSON text."""
    return dotted.endswith("jsonutils.dumps") or dotted == "json.dumps"


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is evaluated at a time: a function, or a module's own statements."""

    module: Module
    function: Function | None

    @property
    def name(self) -> str:
        """The dotted name of the function or module."""
        tail = f".{self.function.name}" if self.function is not None else ""
        return self.module.dotted + tail

    @functools.cached_property
    def text(self) -> bytes:
        """The source of the unit."""
        source = self.module.source
        if self.function is None:
            return source.text
        node = self.function.node
        return source.text[source.start(node) : source.end(node)]

    @property
    def order(self) -> tuple[str, int]:
        """By file, then by line."""
        return (
            self.module.source.path,
            self.function.node.lineno if self.function is not None else 0,
        )

    def __lt__(self, other: "Unit") -> bool:
        return self.order < other.order


class Evaluator:
    """One evaluation of one unit, against the slots as they are now."""

    def __init__(self, inference: "Inference", unit: Unit) -> None:
        self.inference = inference
        self.unit = unit
        self.module = unit.module
        self.package = inference.tree.package
        # code may hold objects of either package, whichever the rewrite goes to
        self._object_packages = (f"{self.package}.objects", "shim.objects")
        self._is_test = inference.is_test(unit.module)
        self._noted: set[Slot] = set()
        self._settled = unit in inference.settled
        self._shadowed: frozenset[str] = frozenset()

    def _read(self, slot: Slot) -> Values:
        """The values in `slot`; the unit is evaluated again when they change."""
        if slot not in self._noted:
            self._noted.add(slot)
            self.inference.note_reader(slot, self.unit)
        return self.inference.slots.get(slot, {})

    def evaluate(self) -> None:
        """Evaluate every statement once, in order."""
        function = self.unit.function
        body = self.module.source.tree.body if function is None else function.node.body
        if function is not None:
            self._defaults(function)
        if isinstance(body, list):
            self._statements(body, None)

    def _defaults(self, function: Function) -> None:
        args = function.node.args
        named = (*args.posonlyargs, *args.args)
        pairs = [*zip(reversed(named), reversed(args.defaults), strict=False)]
        for arg, default in (*pairs, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
            if default is not None:
                step = self._step(default, f"the default of `{arg.arg}`")
                self.inference.write(("param", function.dotted, arg.arg), self.expr(default), step)

    def _step(self, node: ast.AST, text: str) -> Step:
        return Step(self.module.source.path, getattr(node, "lineno", 0), text)

    # statements

    def _statements(self, body: list[ast.stmt], owner: str | None) -> None:
        for statement in body:
            self._statement(statement, owner)

    def _statement(self, node: ast.stmt, owner: str | None) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                self.expr(decorator)
            inner = self.module.function_of.get(node)
            if self.unit.function is not None and inner is not None:
                # it sees the names of the function around it
                self.inference.wake(Unit(self.module, inner))
        elif isinstance(node, ast.ClassDef):
            if self.unit.function is None:
                dotted = f"{owner or self.module.dotted}.{node.name}"
                self._statements(node.body, dotted)
        elif isinstance(node, ast.Assign):
            values = self.expr(node.value)
            for target in node.targets:
                self._assign(target, values, owner)
        elif isinstance(node, ast.AugAssign):
            self.expr(node.target)
            self.expr(node.value)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._assign(node.target, self.expr(node.value), owner)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                step = self._step(node, f"returned by {self._short()}")
                self.inference.write(("return", self.unit.name, ""), self.expr(node.value), step)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._assign(node.target, self._elements(self.expr(node.iter), node.iter), owner)
            self._statements(node.body + node.orelse, owner)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                values = self.expr(item.context_expr)
                if item.optional_vars is not None:
                    self._assign(item.optional_vars, values, owner)
            self._statements(node.body, owner)
        else:
            self._compound(node, owner)

    def _compound(self, node: ast.stmt, owner: str | None) -> None:
        for child in children(node):
            if isinstance(child, ast.expr):
                self.expr(child)
            elif isinstance(child, ast.stmt):
                self._statement(child, owner)
            elif isinstance(child, ast.ExceptHandler):
                if child.type is not None:
                    self.expr(child.type)
                for name in _bound_by(child) if self.unit.function is not None else ():
                    slot = ("local", self.unit.name, name)
                    self.inference.write(slot, {UNKNOWN: ()}, self._step(child, "an exception"))
                self._statements(child.body, owner)

    def _short(self) -> str:
        return self.unit.name.rpartition(".")[2] + "()"

    def _assign(self, target: ast.expr, values: Values, owner: str | None) -> None:
        if isinstance(target, ast.Name):
            step, function = self._step(target, f"assigned to `{target.id}`"), self.unit.function
            if owner is not None:
                self.inference.write(("attr", owner, target.id), values, step)
            elif function is None or target.id in function.global_names:
                self.inference.write(("global", self.module.dotted, target.id), values, step)
            else:
                self.inference.write(("local", self.unit.name, target.id), values, step)
            self._record(target, values)
        elif isinstance(target, ast.Attribute):
            for base in self.expr(target.value):
                if base.kind == "instance":
                    text = f"assigned to `{self.module.source.of(target)}`"
                    slot = ("attr", base.name, target.attr)
                    self.inference.write(slot, values, self._step(target, text))
            self._record(target, values)
        elif isinstance(target, ast.Subscript):
            for base in self.expr(target.value):
                if base.kind == "container":
                    step = self._step(target, f"stored in `{self.module.source.of(target.value)}`")
                    self.inference.write(("elem", base.name, ""), values, step)
            self.expr(target.slice)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, element in enumerate(target.elts):
                self._assign(element, self._item(values, str(index)), owner)

    # expressions

    def _record(self, node: ast.AST, values: Values) -> None:
        for value in values:
            kind = value.kind
            if kind in _KEPT:
                self.inference.holds[node] = values
                if kind in _TOUCHING:
                    self.inference.touched.add(self.module.source.path)
                    self.inference.row_units.add(self.unit)
            elif self._is_test and kind in _RESULTS:
                self.inference.results[node] = values

    def expr(self, node: ast.expr) -> Values:
        """What `node` may hold."""
        method = _METHODS[node.__class__]
        if method is None:
            for child in children(node):
                if isinstance(child, ast.expr):
                    self.expr(child)
            return {PLAIN: ()}
        values: Values = method(self, node)
        if not values and self._settled:
            values = {UNKNOWN: (self._step(node, "nothing is known of this"),)}
        self._record(node, values)
        return values

    def _constant(self, node: ast.Constant) -> Values:
        return {NONE if node.value is None else PLAIN: ()}

    def _name(self, node: ast.Name) -> Values:
        if node.id == "None":
            return {NONE: ()}
        if node.id in self._shadowed:
            return {UNKNOWN: ()}
        function = self.unit.function
        while function is not None and node.id not in function.global_names:
            if node.id in function.local_names:
                return self._local(function, node.id)
            function = function.outer
        return self._global(self.module, node.id)

    def _global(self, module: Module, name: str, seen: int = 0) -> Values:
        """What a name of a module stands for; what it has from elsewhere a few times over."""
        dotted = module.imports.get(name)
        if dotted is not None:
            return self._dotted(dotted, seen)
        if name in module.classes or name in module.functions:
            return self._dotted(f"{module.dotted}.{name}", seen)
        found = dict(self._read(("global", module.dotted, name)))
        for start in module.star_imports if not found and name not in _BUILTINS else ():
            values = self._dotted(f"{start}.{name}", seen + 1)
            found.update((v, e) for v, e in values.items() if is_of_api(v, self.package))
        return found

    def _local(self, function: Function, name: str) -> Values:
        dotted = function.dotted
        if function.owner is not None and function.receiver == name:
            kind = "class" if "classmethod" in function.decorators else "instance"
            return {Value(kind, function.owner.dotted): ()}  # type: ignore[arg-type]
        if name in function.local_imports:
            return self._dotted(function.local_imports[name])
        values = dict(self._read(("param", dotted, name)))
        values.update(self._called_by_name(function, name))
        for value, evidence in self._read(("local", dotted, name)).items():
            values.setdefault(value, evidence)
        return values

    def _called_by_name(self, function: Function, name: str) -> Values:
        short = function.name.rpartition(".")[2]
        if short not in self.inference.row_takers or name not in function.parameters:
            return {}
        index = function.parameters.index(name)
        return {
            **self._read(("called", short, str(index))),
            **self._read(("called", short, name)),
        }

    def _dotted(self, dotted: str, seen: int = 0) -> Values:
        """What a dotted name stands for; loads nothing."""
        package = self.package
        if dotted in api_names(package):
            return {Value("class", dotted): ()}
        head, _, tail = dotted.rpartition(".")
        beyond = self._of_module(head, tail, seen) if seen < _LONGEST_WAY else {}
        if beyond:
            return beyond
        if head.startswith(self._object_packages) and tail[:1].isupper():
            return {Value("class", f"{package}.objects.{tail}"): ()}
        if self.inference.project.is_module(dotted):
            return {Value("module", dotted): ()}
        if tail[:1].isupper():
            return {Value("class", dotted): ()}
        return {Value("function", dotted): ()} if head else {UNKNOWN: ()}

    def _of_module(self, head: str, name: str, seen: int) -> Values:
        """What a name of another module holds that has to do with the conductor's API."""
        module = self.inference.module_that_speaks(head, name)
        if module is None or module is self.module:
            return {}
        if name in module.classes or name in module.functions:
            return {}
        values = self._global(module, name, seen + 1)
        if any(is_of_api(value, self.package) for value in values):
            return values
        self.inference.passed_by.add(("global", module.dotted, name))
        return {}

    def _attribute(self, node: ast.Attribute) -> Values:
        found: Values = {}
        above = self._above(node)
        if above:
            return above
        bases = self.expr(node.value)
        for base, evidence in bases.items():
            if base.kind in ("module", "function"):
                found.update(self._dotted(f"{base.name}.{node.attr}"))
            elif base.kind == "class":
                kept = self._class_attribute(base.name, node.attr)
                found.update(kept or {Value("function", f"{base.name}.{node.attr}"): evidence})
            elif base.kind == "handle":
                step = self._step(node, f"`{node.attr}` of the conductor's API")
                found[Value("method", node.attr)] = (*evidence, step)
            elif base.kind == "instance":
                found.update(self._instance_attribute(base.name, node.attr))
            elif base.kind in ("row", "object"):
                found.update(self._relation(base, evidence, node, node.attr) or {UNKNOWN: ()})
            elif base.kind != "none":
                found[UNKNOWN] = ()
        return found

    def _class_attribute(self, dotted: str, name: str) -> Values:
        """What a class keeps of the conductor's API under a name, it or one of its family."""
        owners = self.inference.attribute_owners(dotted) if self._is_loaded(dotted) else ()
        found: Values = {}
        for owner in owners:
            found.update(self._read(("attr", owner, name)))
        if any(is_of_api(value, self.package) for value in found):
            return found
        self.inference.passed_by.update(("attr", owner, name) for owner in owners)
        return {}

    def _above(self, node: ast.Attribute) -> Values:
        """What a base keeps of the conductor's API: `super(Sub, self).api`."""
        call, function = node.value, self.unit.function
        if not isinstance(call, ast.Call) or not is_super(call):
            return {}
        while function is not None and function.owner is None:
            function = function.outer
        if function is None or function.owner is None:
            return {}
        found: Values = {}
        for base in self.inference.project.ancestry(function.owner)[1:]:
            found.update(self._read(("attr", base.dotted, node.attr)))
        return found if any(is_of_api(value, self.package) for value in found) else {}

    def _instance_attribute(self, dotted: str, name: str) -> Values:
        found: Values = {}
        for owner in self.inference.attribute_owners(dotted):
            if not self._is_test and self.inference.is_test_name(owner):
                continue
            found.update(self._read(("attr", owner, name)))
        if found:
            return found
        if not self._is_loaded(dotted):
            return {Value("function", f"{dotted}.{name}"): ()}
        owner_class = self.inference.project.find_class(dotted)
        if owner_class is not None and "__init__" in owner_class.methods:
            self.inference.wake(Unit(owner_class.module, owner_class.methods["__init__"]))
        method = owner_class and self.inference.project.method(owner_class, name)
        if method:
            full = f"{method.module.dotted}.{method.name}"
            if "property" in method.decorators or self._is_test:
                self.inference.wake(Unit(method.module, method))
            if "property" in method.decorators:
                return dict(self._read(("return", full, "")))
            return {Value("function", full): ()}
        return {}

    def _subscript(self, node: ast.Subscript) -> Values:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        self.expr(node.slice)
        found: Values = {}
        for base, evidence in self.expr(node.value).items():
            if base.kind in ("row", "object") and isinstance(key, str):
                found.update(self._relation(base, evidence, node, key) or {UNKNOWN: ()})
            elif base.kind in ("rows", "objects"):
                if isinstance(node.slice, ast.Slice):
                    found[base] = evidence
                else:
                    found.update(self._elements({base: evidence}, node))
            elif base.kind == "container":
                index = str(key) if isinstance(key, int) else ""
                found.update(self._item({base: evidence}, index))
            elif base.kind != "none":
                found[UNKNOWN] = ()
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
                found[UNKNOWN] = ()
        return found

    def _elements(self, values: Values, node: ast.expr | None) -> Values:
        """What iterating over `values` gives."""
        found: Values = {}
        for value, evidence in values.items():
            if value.kind == "rows":
                found[Value("row", value.name, value.needs)] = evidence
            elif value.kind == "objects":
                found[Value("object", value.name)] = evidence
            elif value.kind == "container":
                found.update(self._item({value: evidence}, ""))
            elif value.kind != "none":
                found[UNKNOWN] = ()
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
                # for whoever takes one of them, and who knows which
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
        return {made: ()}

    def _generators(self, generators: list[ast.comprehension]) -> None:
        for generator in generators:
            values = self._elements(self.expr(generator.iter), generator.iter)
            self._assign(generator.target, values, None)
            for condition in generator.ifs:
                self.expr(condition)

    def _ifexp(self, node: ast.IfExp) -> Values:
        self.expr(node.test)
        return {**self.expr(node.orelse), **self.expr(node.body)}

    def _boolop(self, node: ast.BoolOp) -> Values:
        found: Values = {}
        for value in node.values:
            found.update(self.expr(value))
        return found

    def _lambda(self, node: ast.Lambda) -> Values:
        args = node.args
        names = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        around = self._shadowed
        self._shadowed = around | {arg.arg for arg in names if arg is not None}
        self.expr(node.body)
        self._shadowed = around
        return {PLAIN: ()}

    # calls

    def _call(self, node: ast.Call) -> Values:
        positional = [
            self.expr(arg.value if isinstance(arg, ast.Starred) else arg) for arg in node.args
        ]
        named = {word.arg: self.expr(word.value) for word in node.keywords}
        for values in (*positional, *named.values()):
            self._handed_on(node, values)
        special = self._looked_up(node) or self._method_of_value(node, positional)
        if special is not None:
            return special
        found: Values = {}
        targets = self.expr(node.func)
        method = called_method(targets)
        for target, evidence in targets.items():
            if target.kind == "method" and target is not method:
                found[UNKNOWN] = ()
                continue
            found.update(self._call_target(node, target, evidence, positional, named))
        if isinstance(node.func, ast.Attribute) and (not targets or UNKNOWN in targets):
            self._call_by_name(node, node.func.attr, positional, named)
        return found

    def _looked_up(self, node: ast.Call) -> Values | None:
        """The method of the conductor's API that getattr() gives; None if it is no such call."""
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
        # without the method it gives the default
        return {**found, UNKNOWN: ()} if found and node.args[2:] else found or None

    def _handed_on(self, node: ast.Call, values: Values) -> None:
        """A function that is an argument is called by who knows whom, with who knows what."""
        for value in values:
            if value.kind == "function" and self._takes_rows(value.name):
                function = self.inference.function(value.name)
                if function is not None and not self._is_test:
                    self._bind_unknown(node, function, set())

    def _takes_rows(self, name: str) -> bool:
        return name.rpartition(".")[2] in self.inference.row_takers

    def _bind_unknown(self, node: ast.Call, function: Function, given: set[str]) -> None:
        """The parameters that are not `given` may take anything."""
        for parameter in function.parameters:
            if parameter not in given:
                step = self._step(node, f"`{parameter}` cannot be told here")
                self.inference.write(("param", function.dotted, parameter), {UNKNOWN: ()}, step)

    def _call_by_name(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> None:
        """A call on who knows what may reach every method of that name that takes a row."""
        if name not in self.inference.row_takers or self.inference.is_test(self.module):
            return
        step = self._step(node, f"passed to some {name}()")
        given = [*((str(i), v) for i, v in enumerate(positional)), *named.items()]
        for place, values in given:
            kept = {v: e for v, e in values.items() if is_interesting(v)} or {UNKNOWN: ()}
            self.inference.write(("called", name, str(place)), kept, step)

    def _method_of_value(self, node: ast.Call, positional: list[Values]) -> Values | None:
        """What a method of a container or of a row gives; None if it is no such call."""
        if isinstance(node.func, ast.Name) and node.func.id in _ITERATION and positional:
            return positional[-1]
        copied = self.module.dotted_name(node.func)
        if copied in _COPIES and positional:
            # a rule makes a dict of a row before copy.copy() has it
            is_row = any(value.kind == "row" for value in positional[0])
            return {PLAIN: ()} if is_row and copied == "copy.copy" else positional[0]
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
            return found or {UNKNOWN: ()}
        if rows and name == "pop":
            return self._elements(rows, node)
        if rows and name == "copy":
            return {PLAIN: ()}
        return None

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
        return elements

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
        if call is None or call.kind == "destroy":
            return {UNKNOWN: ()}
        if why_left(node, call, self.module, self.inference.tree) is not None:
            return {UNKNOWN: ()}
        if call.kind == "create" and keeps_dict(node, self.module.source):
            return {Value("primitive"): ()}
        needs: frozenset[Item] = frozenset({ITEM_OF_OBJECT[call.object]})
        if self.inference.tree.is_added(call.object):
            needs |= {Item.OBJECT_FIELDS}
        text = f"the conductor's {name}() gives a {call.object} row"
        step = Step(self.module.source.path, node.lineno, text, name)
        if call.kind == "list":
            return {Value("rows", call.object, needs): (*evidence, step)}
        return {Value("row", call.object, needs): (*evidence, step)}

    def _construct(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> Values:
        head, _, tail = name.rpartition(".")
        # ComputeTaskAPI, say, is in the same module and has nothing to do with rows
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
            # a dict, or list, of whatever it is given
            return {PLAIN: ()}
        if name.endswith("jsonutils.loads") or name == "json.loads":
            return self._json(node)
        if is_dumps(name) and len(positional) == 1 and not named:
            text = self._text(node, positional[0])
            if UNKNOWN not in text:
                return text
        if head.startswith(self._object_packages) and tail.startswith("get"):
            return self._object(node, head.rpartition(".")[2])
        if not self._bind(node, name, positional, named):
            return {UNKNOWN: ()}
        return dict(self._read(("return", name, "")))

    def _text(self, node: ast.Call, values: Values) -> Values:
        """The JSON text of values; unknown where it may be that of a dict or anything else."""
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
        found = field_read(self.module, node.args[0]) if node.args else None
        if found is None:
            return {UNKNOWN: ()}
        row, key = found
        for value, evidence in self.inference.values(row).items():
            if value.kind in ("row", "object"):
                return {Value("json", f"{value.name}.{key}", value.needs): evidence}
        return {UNKNOWN: ()}

    def _is_loaded(self, dotted: str) -> bool:
        path = self.inference.project.path_of(dotted)
        return path is not None and path in self.inference.project.modules

    def _may_load(self, dotted: str) -> bool:
        """Whether a row that goes into `dotted` is worth following there."""
        path = self.inference.project.path_of(dotted)
        own = tuple(f"{self.package}/{part}/" for part in ("conductor", "db", "objects"))
        return path is not None and not path.startswith(own)

    def _bind(
        self,
        node: ast.Call,
        name: str,
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> bool:
        """Hand the arguments to the parameters of `name`; say if it is known."""
        carries = any(
            any(value.kind in ("row", "rows", "handle") for value in values)
            for values in (*positional, *named.values())
        )
        may_load = carries and not self._is_test and self._may_load(name)
        if not self._is_loaded(name) and not may_load:
            return False
        function = self.inference.function(name)
        if function is None:
            return False
        if self.inference.is_test(self.module) and not self.inference.is_test(function.module):
            self._bind_test(node, function, positional, named)
            return True
        full = function.dotted
        names = function.parameters
        self.inference.wake(Unit(function.module, function))
        if self._is_unbound(node, function):
            positional = positional[1:]
        told = next(
            (n for n, arg in enumerate(node.args) if isinstance(arg, ast.Starred)), len(positional)
        )
        if told < len(positional) or None in named:
            positional = positional[:told]
            if self._takes_rows(name):
                self._bind_unknown(node, function, {*names[:told], *filter(None, named)})
        for parameter, values in [*zip(names, positional, strict=False), *named.items()]:
            if parameter in names:
                short = function.name.rpartition(".")[2]
                step = self._step(node, f"passed as `{parameter}` to {short}()")
                if not values and short in self.inference.row_takers:
                    values = {UNKNOWN: ()}
                self.inference.write(("param", full, parameter), values, step)
        return True

    def _is_unbound(self, node: ast.Call, function: Function) -> bool:
        """Whether the call names the object itself as its first argument: `Base.method(self)`."""
        if function.owner is None or not isinstance(node.func, ast.Attribute):
            return False
        if {"classmethod", "staticmethod", "remotable_classmethod"} & function.decorators:
            return False
        return any(value.kind == "class" for value in self.expr(node.func.value))

    def _bind_test(
        self,
        node: ast.Call,
        function: Function,
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> None:
        """A unit test proves nothing of the code, but a dict that it hands over is one."""
        full = f"{function.module.dotted}.{function.name}"
        step = self._step(node, "a unit test passes a dict")
        names = function.parameters
        for parameter, values in [*zip(names, positional, strict=False), *named.items()]:
            if parameter in names and any(value.kind == "container" for value in values):
                slot = ("param", full, parameter)
                self.inference.write(slot, {Value("plain", "unit test"): (step,)})


def _bound_by(handler: ast.ExceptHandler) -> Iterator[str]:
    """The names that a handler binds: in Python 2, `except E, (a, b)` has several."""
    if handler.name:
        yield handler.name
    elif isinstance(handler.type, ast.Tuple):
        for node in walk(handler.type):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


class _Methods(dict[type[ast.AST], "Callable[[Evaluator, ast.AST], Values] | None"]):
    """What evaluates each class of expressions, looked up by its name."""

    def __missing__(self, kind: type[ast.AST]) -> "Callable[[Evaluator, ast.AST], Values] | None":
        self[kind] = found = getattr(Evaluator, f"_{kind.__name__.lower()}", None)
        return found


_METHODS = _Methods()
