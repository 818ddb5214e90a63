# SPDX-License-Identifier: Apache-2.0
"""Which files to load for what is known so far."""

import ast
import re

from codemods.analysis.evaluator.calls import METHODS_OF_CONTAINERS
from codemods.analysis.inference.waking import Waking
from codemods.analysis.inputs import Slot
from codemods.analysis.local_names import is_load
from codemods.analysis.named_attributes import place_of, reading_by_made_name, reading_by_name
from codemods.analysis.project import Function
from codemods.analysis.stays import Reason
from codemods.analysis.values import CARRYING, UNKNOWN
from codemods.model import Step

#: If more files call a short name than this, it does not show who calls the function.
MANY_FILES = 20


class Following(Waking):
    """The callers, subclasses and readers of what takes, returns or keeps rows."""

    def _load_callers(self) -> bool:
        """Load the files that may call a function which takes a row; True if any is new.

        Only if that may make a difference, and only for names that are telling enough.
        """
        takers = {
            slot[1]
            for slot, values in self.slots.items()
            if slot[0] == "param"
            and any(value.kind in ("row", "rows") for value in values)
            and all(value.kind in ("row", "rows", "object", "objects", "none") for value in values)
        }
        before = len(self.project.modules)
        for full in sorted(takers):
            name, function = full.rpartition(".")[2], self.function(full)
            if name == "__init__" or function is None:
                continue
            paths = self._callers(name)
            # a short name that is everywhere, `get` say, does not show who calls it
            if len(name.strip("_")) <= 11 and len(paths) > MANY_FILES:
                self._open(function, f"{name}() is called in {len(paths)} files")
                continue
            place = self._handed_on(function) or self._named_elsewhere(function)
            if place:
                self._open(function, f"{name}() is handed on: {place}")
                continue
            for path in paths:
                self.project.load(path, f"may call {name}(), which takes rows")
        return len(self.project.modules) > before or bool(self._dirty)

    def _callers(self, name: str) -> list[str]:
        """The files of the code that may call a function or a method of that name."""
        if name not in self._called_in:
            objects, word = f"{self.tree.package}/objects/", name.encode()
            imported = re.compile(rb"\bimport\b(?:[^\n]*|\s*\([^)]*)(?:\b%b\b|\*)" % word)
            self._called_in[name] = [
                path
                for path in self.holders.paths
                if b"%b(" % word in (data := self.project.files[path])
                and (b".%b(" % word in data or imported.search(data))
                and not path.startswith(objects)
            ]
        return self._called_in[name]

    def _handed_on(self, function: Function) -> str:
        """The place where its own file refers to a function without calling it; "" if none."""
        module, name = function.module, function.name.rpartition(".")[2]
        nodes: list[ast.Attribute | ast.Name] = [*module.attributes(name)]
        if function.owner is None:
            nodes += [one for one in module.names(name) if is_load(one)]
        for node in nodes:
            parent = module.source.parent(node)
            is_called = isinstance(parent, ast.Call) and parent.func is node
            if is_load(node) and not is_called and self._may_be(node, function):
                return f"{module.source.path}:{node.lineno}"
        return ""

    def _may_be(self, node: ast.Attribute | ast.Name, function: Function) -> bool:
        """Whether a name or an attribute with the function's name may be the function."""
        if isinstance(node, ast.Name):
            around = function.module.function_around(node)
            return around is None or node.id not in around.local_names
        values = self.values(node.value)
        return not values or any(value.kind in ("instance", "class") for value in values)

    def _named_elsewhere(self, function: Function) -> str:
        """The place where another file refers to a function without calling it; "" if none."""
        full, own = function.dotted, function.module.source.path
        word = full.rpartition(".")[2].encode()
        said = re.compile(
            # a dotted name in an import is a module; the second part is for names from one
            rb"^(?![ \t]*(?:import|from)\b[^;\n]*$)[^\n]*\.%b\b(?!\s*\()"
            rb"|\bfrom\b[^\n]*\bimport\b(?:[^\n]*|\s*\([^)]*)(?:\b%b\s+as\b|\*)" % (word, word),
            re.M,
        )
        for path in self.holders.naming(word, self.holders.words(full.rpartition(".")[0])):
            position = self.holders.first_in(path, said) if path != own else None
            if position is not None:
                return place_of(path, self.project.files[path], position)
        return ""

    def _find_row_takers(self) -> bool:
        """Record the functions that take a row, and evaluate their callers again.

        Only now is it known that an argument without any value did not come from
        loaded code: but over RPC, by name, or from a file that was not loaded.
        """
        takers = {
            slot[1]
            for slot, values in self.slots.items()
            if slot[0] == "param" and any(value.kind in ("row", "rows") for value in values)
        } - self._taking
        names = {full.rpartition(".")[2] for full in takers} - {"__init__"}
        self._taking |= takers
        for full in sorted(takers):
            self._takers.setdefault(full.rpartition(".")[2], []).append(full)
            self._open_named(full)
            self._load_overriding(full)
        new = names - self.row_takers
        if not new:
            return bool(takers)
        self.row_takers |= new
        for name in sorted(new):
            needle = name.encode()
            self._needles.discard(needle)
            self._wake_mentions(needle)
            self._dirty.update(dict.fromkeys(self._saying(needle)))
        return True

    def _load_overriding(self, full: str) -> None:
        """Load the files that may override a method which takes or returns a row."""
        owner, _, name = full.rpartition(".")
        function = self.function(full)
        if function is None or function.owner is None:
            return
        before = len(self.project.modules)
        for path in self.holders.overriding(owner.rpartition(".")[2], name):
            self.project.load(path, f"may override {full}(), which takes or gives rows")
        if len(self.project.modules) > before:
            called = f"{name}(".encode()
            self._dirty.update(dict.fromkeys(self._saying(called)))

    def _load_family(self, owner: str) -> None:
        """Load what may set an attribute of a class: its subclasses, and their bases."""
        for path, heir in self.holders.heirs(owner.rpartition(".")[2]):
            self.project.load(path, f"has {heir}, which inherits from a class that keeps rows")
        self.attribute_owners(owner)

    def _open_named(self, full: str) -> None:
        """Treat the parameters of a method called by name (over RPC, say) as unknown."""
        name, function = full.rpartition(".")[2], self.function(full)
        if function is not None and function.owner is not None and self.holders.is_quoted(name):
            self._open(function, f"'{name}' is called by its name")

    def _open(self, function: Function, why: str) -> None:
        """Treat the parameters of a function as unknown."""
        step = Step(function.module.source.path, function.node.lineno, why)
        for parameter in function.parameters:
            self.write(("param", function.dotted, parameter), {UNKNOWN: ()}, step)

    def _find_readers(self) -> bool:
        """Load the files that may use the rows that methods return and attributes hold.

        Also those that may override such a method in a subclass. Returns whether
        there was anything new.
        """
        new = [
            slot
            for slot, values in self.slots.items()
            if slot[0] in ("attr", "return")
            and slot not in self._followed
            and not self.is_test_name(slot[1])
            and any(value.kind in CARRYING or self.is_rowful(value) for value in values)
        ]
        for slot in sorted(new):
            self._followed.add(slot)
            kind, owner, name = slot
            if kind == "return":
                owner, _, name = owner.rpartition(".")
            self._follow(slot, owner, name)
        return bool(new)

    def _follow(self, slot: Slot, owner: str, name: str) -> None:
        """Load the files that may use what `owner.name` holds or returns."""
        if slot[0] == "return":
            self._load_overriding(slot[1])
            if self.holders.is_quoted(name):
                self.out_of_sight[slot] = Reason(
                    "row.escapes", f"'{name}' is looked up by its name"
                )
            elif place := reading_by_made_name(self.project, self.holders, owner, name):
                self.out_of_sight[slot] = Reason("row.escapes", f"{place}: '{name}' by its name")
            elif self.may_be_replaced(slot[1]):
                # whatever is put there may call it, or return a dict in its place
                reason = f"something else may be put in the place of {name}()"
                self.out_of_sight[slot] = Reason("row.escapes", reason)
        words = self.holders.words(owner) | self._words_for(owner)
        if slot[0] == "attr":
            self._load_family(owner)
            place = reading_by_name(self.project, self.holders, owner, name, words)
            if place:
                self.out_of_sight[slot] = Reason("row.escapes", f"{place}: '{name}' by its name")
        for path in self.holders.naming(f".{name}".encode(), words):
            self.by_name.setdefault((path, name), []).append(slot)
            if self.project.load(path, f"may read .{name}, which has to do with rows") is None:
                self.out_of_sight.setdefault(slot, Reason("call.file-stays", path))
        self._dirty.update(dict.fromkeys(self._saying(name.encode())))
        self._wake_mentions(f".{name}".encode())

    def _words_for(self, owner: str) -> set[bytes]:
        """The names of the attributes and functions known to hold or return an instance."""
        holders = self._instances.get(owner, ())
        names = {(name or holder.rpartition(".")[2]).encode() for _, holder, name in holders}
        return names - {b"__init__"}

    def methods_called(self, name: str, below: str = "") -> list[Function]:
        """The methods of that name in the code of the tree, in the files below a folder.

        This loads the files, except for those of the conductor and the database.
        For the name of a container method, only the methods that are known to take
        rows.
        """
        if name in METHODS_OF_CONTAINERS:
            found = (self.function(full) for full in sorted(self._takers.get(name, ())))
            return [one for one in found if one is not None]
        key = (name, below)
        if key not in self._methods:
            needle = f"def {name}(".encode()
            self._methods[key] = [
                function
                for path in self.holders.paths
                if path.startswith(below)
                and needle in self.project.files[path]
                and (module := self.project.load(path, f"has a method {name}()")) is not None
                for function in module.all_functions
                if function.owner is not None and function.name.rpartition(".")[2] == name
            ]
        return self._methods[key]
