"""Evaluate one function: what do its expressions hold, and where does it go?"""

import ast
import builtins
import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from codemods.analysis.api_names import api_names, is_getattr, is_of_api, is_super
from codemods.analysis.dict_values import field_read
from codemods.analysis.inputs import Inputs, Slot
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.sites import keeps_dict, why_left
from codemods.analysis.tree import folders
from codemods.analysis.values import (
    CARRYING,
    DEVICES,
    DEVICES_PRIMITIVE,
    DEVICES_TEXT,
    DICT,
    INTERESTING,
    NONE,
    PLAIN,
    UNKNOWN,
    Value,
    Values,
    called_method,
)
from codemods.mappings import conductor_calls, passing_decorators, relations
from codemods.model import ITEM_OF_OBJECT, Item, Step
from codemods.syntax.walk import children, walk

if TYPE_CHECKING:
    from codemods.analysis.inference import Inference

#: What a container is asked or given; a method of that name tells nothing.
METHODS_OF_CONTAINERS = frozenset(dir(dict) + dir(list) + dir(set)) | {"has_key"}

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
_HANDED_ON = _TOUCHING | {"copied"}
#: What makes it worth to know which of its values a variable has where.
_TOLD_APART = CARRYING | {"handle", "method", "object", "objects"}
#: What a unit test compares its expectations with.
_RESULTS = frozenset(("container", "function", "primitive"))
_ITERATION = {"list", "sorted", "reversed", "iter", "tuple", "set", "filter"}
_CHOICE = {"max", "min", "next"}


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


_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return)


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
        self._contained = inference.containers.setdefault(unit.module.source.path, {})
        self._shadowed: frozenset[str] = frozenset()
        self._inputs = Inputs(self._settled)

    def _read(self, slot: Slot) -> Values:
        """The values in `slot`; the unit is evaluated again when they change."""
        if slot not in self._noted:
            self._noted.add(slot)
            self.inference.note_reader(slot, self.unit)
        found = self.inference.slots.get(slot, {})
        self._inputs.slots.setdefault(slot, len(found))
        return found

    def _is_as_before(self, node: ast.AST) -> bool:
        """Whether a statement, or what heads it, was evaluated with what is known now.

        If not, it is to be evaluated, and what that depends on is noted.
        """
        before = self.inference.inputs.get(node)
        if before is not None and before.are_same(self.inference, self._settled):
            return True
        self._inputs = self.inference.inputs[node] = Inputs(self._settled)
        return False

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
                self._alone(decorator)
            inner = self.module.function_of.get(node)
            if self.unit.function is not None and inner is not None:
                # it sees the names of the function around it
                self.inference.wake(Unit(self.module, inner))
        elif isinstance(node, ast.ClassDef):
            if self.unit.function is None:
                dotted = f"{owner or self.module.dotted}.{node.name}"
                self._statements(node.body, dotted)
        elif isinstance(node, _SIMPLE):
            if not self._is_as_before(node):
                self._simple(node, owner)
        elif isinstance(node, ast.For | ast.AsyncFor):
            if not self._is_as_before(node):
                self._assign(node.target, self._elements(self.expr(node.iter), node.iter), owner)
            self._statements(node.body + node.orelse, owner)
        elif isinstance(node, ast.With | ast.AsyncWith):
            if not self._is_as_before(node):
                self._items(node, owner)
            self._statements(node.body, owner)
        else:
            self._compound(node, owner)

    def _simple(
        self, node: ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return, owner: str | None
    ) -> None:
        if isinstance(node, ast.Assign):
            values = self.expr(node.value)
            for target in node.targets:
                self._assign(target, values, owner)
        elif isinstance(node, ast.AugAssign):
            held, added = self.expr(node.target), self.expr(node.value)
            for made in held:
                if made.kind == "container" and isinstance(node.op, ast.Add):
                    elements = self._elements(added, node.value)
                    self.inference.write(("elem", made.name, ""), elements)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._assign(node.target, self.expr(node.value), owner)
        elif node.value is not None:
            step = self._step(node, f"returned by {self._short()}")
            self.inference.write(("return", self.unit.name, ""), self.expr(node.value), step)

    def _items(self, node: ast.With | ast.AsyncWith, owner: str | None) -> None:
        for item in node.items:
            values = self.expr(item.context_expr)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, values, owner)

    def _alone(self, node: ast.expr) -> None:
        """Evaluate an expression that is no part of another, nor of an assignment."""
        if not self._is_as_before(node):
            self.expr(node)

    def _compound(self, node: ast.stmt, owner: str | None) -> None:
        for child in children(node):
            if isinstance(child, ast.expr):
                self._alone(child)
            elif isinstance(child, ast.stmt):
                self._statement(child, owner)
            elif isinstance(child, ast.ExceptHandler):
                if child.type is not None:
                    self._alone(child.type)
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
                self.inference.write(("at", self.unit.name, _place(target)), values, step)
            self._record(target, values)
        elif isinstance(target, ast.Attribute):
            for base in self.expr(target.value):
                if base.kind == "instance":
                    text = f"assigned to `{self.module.source.of(target)}`"
                    # what a unit test puts there says nothing of the code
                    is_put = self._is_test and not self.inference.is_test_name(base.name)
                    slot = ("put" if is_put else "attr", base.name, target.attr)
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
            elif self._is_test:
                if kind in _RESULTS:
                    self.inference.results[node] = values
            elif kind in ("container", "column", "copied"):
                self._contained[node] = values  # type: ignore[index]

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
                own = node if function is self.unit.function else None
                return self._local(function, node.id, own)
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

    def _local(self, function: Function, name: str, use: ast.Name | None = None) -> Values:
        """What a variable of a function may hold; at a place of its own, if `use` is one."""
        dotted = function.dotted
        if function.owner is not None and function.receiver == name:
            kind = "class" if "classmethod" in function.decorators else "instance"
            return {Value(kind, function.owner.dotted): ()}  # type: ignore[arg-type]
        if name in function.local_imports:
            return self._dotted(function.local_imports[name])
        inner = function.module.inner_function(function, name)
        if inner is not None:
            return {Value("function", inner.dotted): ()}
        stored = self._read(("local", dotted, name))
        if use is not None and any(value.kind in _TOLD_APART for value in stored):
            reaching = self.inference.reaching(function)
            stores = None if reaching.is_given_once(name) else reaching.stores(use)
            if stores is not None and (stores[0] or name in function.all_parameters):
                return self._stored(dotted, name, *stores)
        values = dict(self._read(("param", dotted, name)))
        for value, evidence in stored.items():
            values.setdefault(value, evidence)
        return values

    def _stored(self, dotted: str, name: str, stores: list[ast.Name], is_parameter: bool) -> Values:
        """What a variable holds of what is stored in it at some places, or of the parameter."""
        given = self._read(("param", dotted, name)) if is_parameter else {}
        values = dict(given)
        if is_parameter and not given and self._settled:
            values[UNKNOWN] = ()
        for store in stores:
            for value, evidence in self._read(("at", dotted, _place(store))).items():
                values.setdefault(value, evidence)
        return values

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
                is_own = isinstance(node.value, ast.Call) and is_super(node.value)
                found.update(self._instance_attribute(base.name, node.attr, is_own))
            elif base.kind in ("row", "object"):
                found.update(self._relation(base, evidence, node, node.attr) or {UNKNOWN: ()})
            elif base.kind != "none":
                found[UNKNOWN] = ()
        if not bases or UNKNOWN in bases:
            found.update(self._by_name(node.attr, "attr"))
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

    def _by_name(self, name: str, kind: str) -> Values:
        """What may be read under a name of an object whose class is not known."""
        found: Values = {}
        key = (self.module.source.path, name)
        slots = self.inference.by_name.get(key, ())
        self._inputs.note_name(key, len(slots))
        for slot in slots:
            if slot[0] == kind:
                found.update(self._read(slot))
        return {**found, UNKNOWN: ()} if found else {}

    def _instance_attribute(self, dotted: str, name: str, is_own: bool = False) -> Values:
        found: Values = {}
        owners = self.inference.attribute_owners(dotted)
        self._inputs.note_owners(dotted, len(owners))
        for owner in owners:
            if not self._is_test and self.inference.is_test_name(owner):
                continue
            found.update(self._read(("attr", owner, name)))
            if self._is_test:
                found.update(self._read(("put", owner, name)))
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
            others = self._overriding(owner_class, name) if not is_own else ()
            return {Value("function", one): () for one in (full, *others)}
        return {}

    def _overriding(self, owner: Class | None, name: str) -> list[str]:
        """The methods that may be called in the place of one of a class's."""
        heirs = self.inference.project.descendants(owner) if owner is not None else []
        return [
            heir.methods[name].dotted
            for heir in heirs
            if name in heir.methods and not self.inference.is_test(heir.module)
        ]

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

    def _compare(self, node: ast.Compare) -> Values:
        operands = [node.left, *node.comparators]
        several = [self.expr(one) for one in operands]
        kinds = {value.kind for values in several for value in values}
        if not self._is_test and not kinds.isdisjoint(CARRYING):
            # what a row is compared with has to be known even where it is nothing of interest
            self._contained.update(zip(operands, several, strict=True))
        return {PLAIN: ()}

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

    def _super(self) -> Values:
        """What `super()` is within a method: an instance of the base classes."""
        function = self.unit.function
        while function is not None and function.owner is None:
            function = function.outer
        bases = function.owner.bases if function is not None and function.owner else ()
        classes = [self.inference.project.find_class(base) for base in bases]
        found: Values = {Value("instance", one.dotted): () for one in classes if one is not None}
        return found if found and None not in classes else {**found, UNKNOWN: ()}

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

    def _carries(self, given: Iterable[Values]) -> bool:
        """Whether something that is given has to do with rows."""
        several = [value for values in given for value in values]
        if any(value.kind in _HANDED_ON or self.inference.is_rowful(value) for value in several):
            return True
        for value in several:
            if value.kind == "container":
                self._inputs.note_container(value.name)
        return False

    def _handed_on(self, node: ast.Call, argument: ast.expr, values: Values) -> None:
        """A function that is an argument is called by who knows whom, with who knows what."""
        for value in values:
            if value.kind == "function" and not self._is_test:
                self.inference.note_handed_on(self.module, node, argument, value.name)
                if self._takes_rows(value.name):
                    function = self.inference.function(value.name)
                    if function is not None:
                        self._bind_unknown(node, function, set())

    def _takes_rows(self, name: str) -> bool:
        short = name.rpartition(".")[2]
        if short in self.inference.row_takers:
            return True
        self._inputs.note_other(short)
        return False

    def _bind_unknown(self, node: ast.Call, function: Function, given: set[str]) -> None:
        """The parameters that are not `given` may take anything."""
        for parameter in function.parameters:
            if parameter not in given:
                step = self._step(node, f"`{parameter}` cannot be told here")
                self.inference.write(("param", function.dotted, parameter), {UNKNOWN: ()}, step)

    def _call_by_name(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> None:
        """A call on who knows what may reach every method of that name that it fits.

        That matters where it hands over a row, or the methods take one from others.
        """
        carries = self._carries((*positional, *named.values()))
        if self._is_test or not (carries or self._takes_rows(name)):
            return
        below, given = "", node.args
        if name == "map_method" and given and isinstance(given[0], ast.Constant):
            # stevedore calls the method of each plug-in, and those of the tree lie beside
            name, below = str(given[0].value), self.module.source.path.rpartition("/")[0]
            positional, given = positional[1:], given[1:]
        if name in METHODS_OF_CONTAINERS:
            # which methods take rows may be found out later
            self._inputs.is_complete = False
        methods = self._fitting(self.inference.methods_called(name, below), given, named)
        # who else calls such a method, and with what, nobody knows
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
        """Those of the methods that a call with such arguments may reach."""
        if None in named or any(isinstance(arg, ast.Starred) for arg in given):
            return methods
        words = [word for word in named if word is not None]
        return [one for one in methods if one.may_be_called_with(len(given), words)]

    def _method_of_value(self, node: ast.Call, positional: list[Values]) -> Values | None:
        """What a method of a container or of a row gives; None if it is no such call."""
        if isinstance(node.func, ast.Name) and node.func.id == "dict":
            starred = [self.expr(word.value) for word in node.keywords if word.arg is None]
            if positional or starred:
                return self._copied((positional or starred)[0])
        if isinstance(node.func, ast.Name) and node.func.id not in self.module.functions:
            iterated = self._iterated(node, node.func.id, positional)
            if iterated is not None:
                return iterated
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
                found.update(self._column(row, evidence, node, str(node.args[0].value)))
            return found or {UNKNOWN: ()}
        if rows and name == "pop":
            return self._elements(rows, node)
        if rows and name == "copy":
            return self._copied(base_values)
        copies = {v: e for v, e in base_values.items() if v.kind == "copied"}
        if name in _PAIRS and (copies or any(v.kind == "row" for v in rows)):
            return self._pairs_of_rows(node, {**rows, **copies})
        if copies and name == "get" and node.args and isinstance(node.args[0], ast.Constant):
            return self._columns(copies, node, str(node.args[0].value))
        return None

    def _copied(self, values: Values) -> Values:
        """A dict of what rows hold."""
        found: Values = {PLAIN: ()}
        for value, evidence in values.items():
            if value.kind in ("row", "copied"):
                found[Value("copied", value.name, value.needs)] = evidence
        return found

    def _pairs_of_rows(self, node: ast.Call, rows: Values) -> Values:
        """The keys of rows with their values, times among them."""
        made, pair = self._container(node), Value("container", self._container(node).name + ":pair")
        values: Values = {UNKNOWN: ()}
        for row, evidence in rows.items():
            values.update(self._column(row, evidence, node, "updated_at"))
        self.inference.write(("elem", pair.name, "1"), values)
        self.inference.write(("elem", made.name, ""), {pair: ()})
        return {made: ()}

    def _columns(self, copies: Values, node: ast.expr, key: str) -> Values:
        found: Values = {UNKNOWN: ()}
        for value, evidence in copies.items():
            found.update(self._column(value, evidence, node, key))
        return found

    def _iterated(self, node: ast.Call, name: str, positional: list[Values]) -> Values | None:
        """What a builtin makes of the elements of its arguments; None if it is no such builtin."""
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

    def _listed(self, node: ast.expr, *several: Values) -> Values:
        """A list of the elements of several values."""
        made = self._container(node)
        for values in several:
            self.inference.write(("elem", made.name, ""), self._elements(values, node))
        return {made: ()}

    def _binop(self, node: ast.BinOp) -> Values:
        left, right = self.expr(node.left), self.expr(node.right)
        if isinstance(node.op, ast.Add) and any(
            value.kind in ("rows", "container") for value in (*left, *right)
        ):
            return self._listed(node, left, right)
        if isinstance(node.op, ast.Mult) and any(v.kind in ("rows", "container") for v in left):
            return self._listed(node, left)
        return {PLAIN: ()}

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
        # rules see to what a call is given that they rewrite
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
            self._bind_in_object(node, name, positional, named)
            return self._object(node, head.rpartition(".")[2])
        if not self._bind(node, name, positional, named):
            return {UNKNOWN: ()}
        return dict(self._read(("return", name, "")))

    def _bind_in_object(
        self, node: ast.Call, name: str, positional: list[Values], named: dict[str | None, Values]
    ) -> None:
        """Hand the arguments to a method of an object, whatever name its class goes by."""
        head, _, method = name.rpartition(".")
        found = self.inference.tree.object(head.rpartition(".")[2])
        if found is not None and method in found.methods:
            full = f"{found.module}.{found.name}.{method}"
            self._bind(node, full, positional, named)
            taken = self.inference.taken.pop((node, full), frozenset())
            self.inference.taken[node, name] = taken

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
        self._inputs.is_complete = False
        for value, evidence in self.inference.values(row).items():
            if value.kind in ("row", "object"):
                return {Value("json", f"{value.name}.{key}", value.needs): evidence}
        return {UNKNOWN: ()}

    def _is_loaded(self, dotted: str) -> bool:
        path = self.inference.project.path_of(dotted)
        if path is None or path in self.inference.project.modules:
            return path is not None
        self._inputs.note_path(path)
        return False

    def _may_load(self, dotted: str) -> bool:
        """Whether a row that goes into `dotted` is worth following there."""
        path = self.inference.project.path_of(dotted)
        own = folders(self.package, "conductor", "db")
        return path is not None and not path.startswith(own)

    def _bind(
        self,
        node: ast.Call,
        name: str,
        positional: list[Values],
        named: dict[str | None, Values],
    ) -> bool:
        """Hand the arguments to the parameters of `name`; say if it is known."""
        carries = self._carries((*positional, *named.values()))
        may_load = carries and not self._is_test and self._may_load(name)
        if not self._is_loaded(name) and not may_load:
            return False
        function = self.inference.function(name)
        if function is None:
            return False
        if self.inference.is_test(self.module) and not self.inference.is_test(function.module):
            self._bind_test(node, function, positional, named)
            return True
        given = node.args
        if self._is_unbound(node, function):
            positional, given = positional[1:], given[1:]
        self._give(node, function, positional, given, named)
        if (node, function.dotted) in self.inference.taken:
            self.inference.taken[node, name] = self.inference.taken[node, function.dotted]
        return True

    def _give(
        self,
        node: ast.Call,
        function: Function,
        positional: list[Values],
        given: list[ast.expr],
        named: dict[str | None, Values],
    ) -> None:
        """Hand the values of the arguments `given` to the parameters of a function."""
        full, names = function.dotted, function.parameters
        self.inference.wake(Unit(function.module, function))
        told = next((n for n, arg in enumerate(given) if isinstance(arg, ast.Starred)), None)
        if told is not None or None in named:
            positional, given = positional[:told], given[:told]
            if self._takes_rows(full):
                known = {*names[: len(positional)], *filter(None, named)}
                self._bind_unknown(node, function, known)
        short = function.name.rpartition(".")[2]
        for parameter, values in [*zip(names, positional, strict=False), *named.items()]:
            if parameter in names:
                step = self._step(node, f"passed as `{parameter}` to {short}()")
                if not values and self._takes_rows(short):
                    values = {UNKNOWN: ()}
                self.inference.write(("param", full, parameter), values, step)
        if function.decorators <= passing_decorators():
            words = [word.value for word in node.keywords if word.arg in names]
            self.inference.taken[node, full] = frozenset((*given[: len(names)], *words))

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


def _or_anything(values: Values) -> Values:
    """The values, and whatever else there may be where a row is among them."""
    return {**values, UNKNOWN: ()} if any(v.kind in CARRYING for v in values) else values


def _place(node: ast.expr) -> str:
    return f"{node.lineno}:{node.col_offset}"


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
