# SPDX-License-Identifier: Apache-2.0
"""What names and attributes hold."""

import ast
import builtins

from codemods.analysis.api_names import api_names, is_of_api, is_super
from codemods.analysis.evaluator.base import place
from codemods.analysis.evaluator.methods import Methods
from codemods.analysis.evaluator.unit import Unit
from codemods.analysis.project import Class, Function, Module
from codemods.analysis.values import CARRYING, NONE, PLAIN, UNKNOWN, Value, Values

#: Through how many modules a name is followed.
_LONGEST_WAY = 5

_BUILTINS = frozenset(dir(builtins))
#: The kinds of values for which it matters which value a variable has where.
_TOLD_APART = CARRYING | {"handle", "method", "object", "objects"}


class Names(Methods):
    """Variables, module-level names, and attributes of what they hold."""

    def _constant(self, node: ast.Constant) -> Values:
        return {NONE if node.value is None else PLAIN: ()}

    def _name(self, node: ast.Name) -> Values:
        if node.id == "None":
            return {NONE: ()}
        if node.id in self._shadowed:
            return {UNKNOWN: ()}
        owner, names = self._class_body
        if node.id in names:
            return dict(self._read(("attr", owner, node.id))) or {UNKNOWN: ()}
        function = self.unit.function
        while function is not None and node.id not in function.global_names:
            if node.id in function.local_names:
                own = node if function is self.unit.function else None
                return self._local(function, node.id, own)
            function = function.outer
        return self._global(self.module, node.id)

    def _global(self, module: Module, name: str, seen: int = 0) -> Values:
        """What a module-level name stands for, following imports up to a limit."""
        dotted = module.own_import(name)
        if dotted is not None:
            return self._dotted(dotted, seen)
        if module.is_rebound(name):
            return {UNKNOWN: ()}
        if name in module.classes or name in module.functions:
            return self._dotted(f"{module.dotted}.{name}", seen)
        found = dict(self._read(("global", module.dotted, name)))
        if any(value.kind == "handle" for value in found) and self._settled:
            if self.inference.setters.may_set(module.dotted, name):
                found[UNKNOWN] = ()
        for start in module.star_imports if not found and name not in _BUILTINS else ():
            values = self._dotted(f"{start}.{name}", seen + 1)
            found.update((v, e) for v, e in values.items() if is_of_api(v, self.package))
        return found

    def _local(self, function: Function, name: str, use: ast.Name | None = None) -> Values:
        """What a variable of a function may hold; only what may reach `use`, if that is given."""
        dotted = function.dotted
        if function.owner is not None and function.receiver == name:
            kind = "class" if "classmethod" in function.decorators else "instance"
            return {Value(kind, function.owner.dotted): ()}  # type: ignore[arg-type]
        if name in function.local_imports:
            return self._dotted(function.local_imports[name])
        if name in function.rebound_imports:
            return {UNKNOWN: ()}
        inner = function.module.inner_function(function, name)
        if inner is not None:
            return {Value("function", inner.dotted): ()}
        stored = self._read(("local", dotted, name))
        if use is not None and any(value.kind in _TOLD_APART for value in stored):
            reaching = self.inference.reaching(function)
            stores = None if reaching.is_given_once(name) else reaching.stores(use)
            if stores is not None and (stores[0] or name in function.all_parameters):
                return self._stored(dotted, name, *stores)
        values = self._given(dotted, name) if name in function.all_parameters else {}
        for value, evidence in stored.items():
            values.setdefault(value, evidence)
        return values

    def _stored(self, dotted: str, name: str, stores: list[ast.Name], is_parameter: bool) -> Values:
        """What a variable may hold from the given stores, and from the parameter if it is one."""
        values = self._given(dotted, name) if is_parameter else {}
        for store in stores:
            for value, evidence in self._read(("at", dotted, place(store))).items():
                values.setdefault(value, evidence)
        return values

    def _given(self, dotted: str, name: str) -> Values:
        """What a parameter may be given; anything if no call of the function is known."""
        values = dict(self._read(("param", dotted, name)))
        # if the default is the API, so is whatever else may be given
        is_api = any(is_of_api(value, self.package) for value in values)
        if self._settled and not is_api and dotted not in self.inference.called:
            values[UNKNOWN] = ()
        return values

    def _dotted(self, dotted: str, seen: int = 0) -> Values:
        """What a dotted name stands for; only loads a file that may have the API under it."""
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
        """What a name of another module holds, if that is of the conductor's API."""
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
                if self.inference.setters.may_set_method(node.attr):
                    found[UNKNOWN] = ()
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
        """What a class, or one of its family, keeps in an attribute, if that is of the API."""
        owners = self.inference.attribute_owners(dotted) if self._is_loaded(dotted) else ()
        found: Values = {}
        for owner in owners:
            found.update(self._read(("attr", owner, name)))
        if any(is_of_api(value, self.package) for value in found):
            return found
        self.inference.passed_by.update(("attr", owner, name) for owner in owners)
        return {}

    def _above(self, node: ast.Attribute) -> Values:
        """What a base class keeps of the conductor's API: `super(Sub, self).api`."""
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
        """What an attribute of an object of unknown class may hold, or its method return."""
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
            is_followed = any(value.kind == "handle" or value.kind in CARRYING for value in found)
            if is_followed and self._settled and self.inference.setters.may_set(dotted, name):
                found[UNKNOWN] = ()
            if not is_own and any(value.kind in CARRYING for value in found):
                # a subclass may have a property instead
                owner_class = self.inference.project.find_class(dotted)
                anything: Values = {UNKNOWN: ()} if self._settled else {}
                for one in self._overriding(owner_class, name):
                    found.update(self._of_heir(one) or anything)
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
        # a mixin gets it from the class that mixes it in
        for one in self._overriding(owner_class, name) if not is_own else ():
            found.update(self._of_heir(one))
        return found

    def _of_heir(self, dotted: str) -> Values:
        """What a subclass's method is, or what its property returns."""
        function = self.inference.function(dotted)
        if function is not None and "property" in function.decorators:
            self.inference.wake(Unit(function.module, function))
            return self._read(("return", dotted, ""))
        return {Value("function", dotted): ()}

    def _overriding(self, owner: Class | None, name: str) -> list[str]:
        """The methods that a call of a class's method may reach in subclasses.

        A subclass may inherit it from another base.
        """
        project = self.inference.project
        heirs = project.descendants(owner) if owner is not None else []
        methods = (
            project.method(heir, name) for heir in heirs if not self.inference.is_test(heir.module)
        )
        return sorted({method.dotted for method in methods if method is not None})
