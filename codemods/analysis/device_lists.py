"""What an expression of the code holds: a list of PCI devices, pools of them, or neither.

A name or an attribute is what it is ever given, anywhere in the code; what
cannot be followed is neither.
"""

import ast
from collections.abc import Sequence

from codemods.analysis.code import Code
from codemods.analysis.project import Class, Function, Module
from codemods.model import Step
from codemods.syntax.walk import walk

#: What a value may be: "devices", "pools", "none", "empty" or "other"; each with one place.
Kinds = dict[str, Step]

#: An expression, and the module in which it stands.
Bound = tuple[Module, ast.expr]

#: What was asked on the way here, and of which expression: a question that leads to itself.
Seen = frozenset[tuple[str, str, int, int]]

_NOTHING: Seen = frozenset()

_SHOWN = {
    "devices": "a PciDeviceList",
    "pools": "pools of devices",
    "none": "None",
    "empty": "an empty list",
    "other": "not known to be a PciDeviceList",
}


class DeviceLists:
    """What the expressions of the code hold, as far as PCI devices go."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._known: dict[tuple[str, str], list[Bound] | None] = {}

    def kinds(self, bound: Bound, seen: Seen = _NOTHING) -> Kinds:
        """What the expression may be, on all the paths together."""
        module, node = bound
        place = _asked("kinds", bound)
        if place in seen:
            return {}
        seen |= {place}
        if isinstance(node, ast.IfExp):
            branches = [self.kinds((module, one), seen) for one in (node.body, node.orelse)]
            return {**branches[0], **branches[1]}
        if isinstance(node, ast.Name | ast.Attribute):
            values = self._values(bound, seen)
            if not values:
                return self._kind("other", bound)
            return {k: s for value in values for k, s in self.kinds(value, seen).items()}
        if isinstance(node, ast.Call):
            return self._call(module, node, seen)
        if isinstance(node, ast.Constant) and node.value is None:
            return self._kind("none", bound)
        is_empty = isinstance(node, ast.List | ast.Tuple) and not node.elts
        return self._kind("empty" if is_empty else "other", bound)

    def _kind(self, kind: str, bound: Bound) -> Kinds:
        return {kind: Step(bound[0].source.path, bound[1].lineno, _SHOWN[kind])}

    def _call(self, module: Module, node: ast.Call, seen: Seen) -> Kinds:
        dotted = self._dotted(module, node.func)
        if is_dumps(dotted):
            return self._dumped(module, node, seen)
        if self._makes_devices(dotted):
            return self._kind("devices", (module, node))
        is_pools = dotted.rpartition(".")[2] == "PciDeviceStats"
        return self._kind("pools" if is_pools else "other", (module, node))

    def _dumped(self, module: Module, node: ast.Call, seen: Seen) -> Kinds:
        if len(node.args) != 1 or node.keywords:
            return self._kind("other", (module, node))
        serialized = serialized_object(node.args[0])
        allowed = {"devices"} if serialized is not None else {"empty", "none", "pools"}
        inner = self.kinds((module, serialized or node.args[0]), seen)
        # the text of None is no NULL: its readers are those of an empty list
        named = {kind: kind if kind in allowed else "other" for kind in inner} | {"none": "empty"}
        return {named[kind]: step for kind, step in inner.items()}

    def _makes_devices(self, dotted: str) -> bool:
        """Whether a function of that name is the class of the list, or one of its getters."""
        found = self.code.device_list
        if found is None:
            return False
        spellings = (found.dotted, f"{self.code.tree.target}.objects.PciDeviceList")
        head, _, last = dotted.rpartition(".")
        return dotted in spellings or (
            head in spellings and last.startswith("get_") and last in found.methods
        )

    # names and attributes

    def _dotted(self, module: Module, node: ast.expr) -> str:
        """The dotted name behind `a.b`, "" where `a` may be bound to something of its own."""
        first = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if not isinstance(first, ast.Name):
            return ""
        name, scope = first.id, module.function_at(module.source.start(first))
        while scope is not None:
            if name in scope.local_imports and not _stores(scope.node, name):
                rest = module.source.of(node)[len(name) :]
                return scope.local_imports[name] + rest
            if name in scope.local_names:
                return ""
            scope = scope.outer
        rebound = any(
            module.function_at(module.source.start(store)) is None
            for store in _stores(module.source.tree, name)
        )
        return "" if rebound else module.dotted_name(node)

    def _values(self, bound: Bound, seen: Seen) -> list[Bound] | None:
        """Every value that a name or attribute is ever given; None where that cannot be told."""
        module, node = bound
        if isinstance(node, ast.Name):
            return self._values_of_name(module, node)
        assert isinstance(node, ast.Attribute)
        owner = self._class_of((module, node.value), seen)
        if owner is None:
            return None
        asked = (owner.dotted, node.attr)
        if asked not in self._known:
            self._known[asked] = self._values_of_attribute(owner, node.attr)
        return self._known[asked]

    def _values_of_name(self, module: Module, node: ast.Name) -> list[Bound] | None:
        function = module.function_at(module.source.start(node))
        if function is None or node.id not in function.local_names:
            return None
        args = function.node.args
        arguments = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
        if any(arg is not None and arg.arg == node.id for arg in arguments):
            return None
        for other in walk(function.node):
            names = getattr(other, "names", ())
            declared = isinstance(other, ast.Global | ast.Nonlocal) and node.id in names
            if declared or getattr(other, "name", None) == node.id:
                return None
            if isinstance(other, ast.alias) and (other.asname or other.name) == node.id:
                return None
        return _assigned(module, _stores(function.node, node.id))

    def _values_of_attribute(self, owner: Class, name: str) -> list[Bound] | None:
        kin, found = self.code.kin(owner.name), list[Bound]()
        for module in self.code.setting(name, kin):
            if any(name in one.methods for one in module.classes.values() if one.name in kin):
                return None
            stores = [
                node
                for node in module.nodes.get(ast.Attribute, [])
                if isinstance(node, ast.Attribute)
                and node.attr == name
                and not isinstance(node.ctx, ast.Load)
                and self._may_be(module, node.value, kin)
            ]
            values = _assigned(module, stores)
            in_class = self._class_values(module, name, kin)
            if values is None or in_class is None or _is_set_by_name(module, name):
                return None
            found += [*values, *in_class]
        return found if not self.code.unread else None

    def _class_values(self, module: Module, name: str, kin: set[str]) -> list[Bound] | None:
        """The values that classes of those names give the attribute in their own bodies."""
        stores = [
            store
            for one in module.classes.values()
            if one.name in kin
            for statement in one.node.body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
            for store in _stores(statement, name)
        ]
        return _assigned(module, stores)

    def _may_be(self, module: Module, node: ast.expr, kin: set[str]) -> bool:
        """Whether `node` may be an instance of one of the classes: `self` tells, all else may."""
        found = self._receiver(module, node)
        return found is None or found.name in kin

    def _receiver(self, module: Module, node: ast.expr) -> Class | None:
        if not isinstance(node, ast.Name):
            return None
        function: Function | None = module.function_at(module.source.start(node))
        while function is not None:
            if function.owner is not None and function.receiver == node.id:
                return None if _stores(function.node, node.id) else function.owner
            if node.id in function.local_names:
                return None
            function = function.outer
        return None

    def _class_of(self, bound: Bound, seen: Seen) -> Class | None:
        """The class whose instance the expression is, None aside."""
        module, node = bound
        place = _asked("class", bound)
        if place in seen:
            return None
        receiver = self._receiver(module, node)
        if receiver is not None:
            return receiver
        if isinstance(node, ast.Call):
            return self.code.find_class(self._dotted(module, node.func))
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        values = [
            value
            for value in self._values(bound, seen | {place}) or ()
            if not (isinstance(value[1], ast.Constant) and value[1].value is None)
        ]
        found = {self._class_of(value, seen | {place}) for value in values}
        return found.pop() if len(found) == 1 else None


def _asked(what: str, bound: Bound) -> tuple[str, str, int, int]:
    source = bound[0].source
    return what, source.path, source.start(bound[1]), source.end(bound[1])


def is_dumps(dotted: str) -> bool:
    """Whether a function of that name makes JSON text."""
    return dotted.endswith("jsonutils.dumps") or dotted == "json.dumps"


def serialized_object(node: ast.expr) -> ast.expr | None:
    """X in `X.obj_to_primitive()`; None where the expression is anything else."""
    if not isinstance(node, ast.Call) or node.args or node.keywords:
        return None
    func = node.func
    is_method = isinstance(func, ast.Attribute) and func.attr == "obj_to_primitive"
    return func.value if isinstance(func, ast.Attribute) and is_method else None


def _stores(tree: ast.AST, name: str) -> list[ast.Name]:
    """Where the name is bound or deleted below `tree`."""
    return [
        node
        for node in walk(tree)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]


def _assigned(module: Module, stores: Sequence[ast.expr]) -> list[Bound] | None:
    """The values of plain assignments; None where one of the places is anything else."""
    found = []
    for node in stores:
        parent = module.source.parent(node)
        if not isinstance(parent, ast.Assign) or node not in parent.targets:
            return None
        found.append((module, parent.value))
    return found


def _is_set_by_name(module: Module, name: str) -> bool:
    """Whether the module calls setattr() with the attribute's name."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "setattr"
        and any(isinstance(a, ast.Constant) and a.value == name for a in node.args)
        for node in module.nodes.get(ast.Call, [])
    )
