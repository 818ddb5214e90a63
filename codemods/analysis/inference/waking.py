# SPDX-License-Identifier: Apache-2.0
"""Which functions have to be evaluated when something becomes known."""

import re

from codemods.analysis.api_names import is_of_api
from codemods.analysis.evaluator import Unit
from codemods.analysis.inference.state import State
from codemods.analysis.inputs import Slot
from codemods.analysis.project import Module
from codemods.analysis.seeds import HANDLE
from codemods.analysis.tree import OBJECTS, SHIM, folders
from codemods.analysis.values import UNKNOWN, Value, Values
from codemods.model import Step

#: How many steps of evidence are kept for a value.
LONGEST_CHAIN = 16

#: The kinds of values that are worth following into code that was not evaluated yet.
_CARRIED = ("row", "rows", "handle", "method", "json", "column", "copied")


class Waking(State):
    """Writes values into slots, and notes what has to be evaluated for them."""

    def wake(self, unit: Unit) -> bool:
        """Have `unit` evaluated, with what is around it and sets up its object; True if new."""
        if unit in self._awake or unit.module.source.path in self.skipped:
            return False
        self._awake.add(unit)
        self._dirty[unit] = None
        if unit.function is None:
            return True
        if unit.function.outer is not None:
            # a nested function reads the names of the one around it
            self.wake(Unit(unit.module, unit.function.outer))
        owner = unit.function.owner
        if owner is not None:
            for relative in self.project.ancestry(owner):
                for name in ("__init__", "setUp"):
                    if name in relative.methods:
                        method = relative.methods[name]
                        if method.module.source.path in self._known:
                            self.wake(Unit(method.module, method))
        return True

    def _wake_mentions(self, needle: bytes) -> None:
        """Wake every loaded unit whose source contains `needle`."""
        if needle in self._needles:
            return
        self._needles.add(needle)
        for path in sorted(self._known):
            self._wake_in(path, needle)

    def look_at(self, needle: bytes) -> bool:
        """Have the next run evaluate whatever contains `needle` in the modules loaded so far.

        Returns whether there is anything that was not evaluated before.
        """
        before = len(self._awake)
        for path in sorted(self._known):
            self._wake_in(path, needle)
        return len(self._awake) > before

    def _wake_in(self, path: str, needle: bytes) -> None:
        module = self.project.modules[path]
        position = module.source.text.find(needle)
        while position >= 0:
            self.wake(Unit(module, module.function_at(position)))
            position = module.source.text.find(needle, position + 1)

    def _saying(self, needle: bytes) -> list[Unit]:
        """The units that are evaluated and contain `needle`, in no order."""
        modules = {unit.module for unit in self._awake}
        modules = {module for module in modules if needle in module.source.text}
        return [unit for unit in self._awake if unit.module in modules and unit.says(needle)]

    def note_reader(self, slot: Slot, unit: Unit) -> None:
        """Record that `unit` has to be evaluated again when `slot` changes."""
        readers = self._readers.get(slot)
        if readers is None:
            self._readers[slot] = {unit}
        else:
            readers.add(unit)

    def write(self, slot: Slot, values: Values, step: Step | None = None) -> None:
        """Add `values` to `slot`, with `step` appended to their evidence."""
        if self._current is not None:
            self._writers.setdefault(slot, set()).add(self._current)
        known = self.slots.setdefault(slot, {})
        if slot[0] == "attr" and self._is_fake(slot[1], known):
            return
        changed = interesting = False
        for value, evidence in values.items():
            if value in known:
                continue
            chain = (
                evidence if step is None or len(evidence) >= LONGEST_CHAIN else (*evidence, step)
            )
            known[value] = chain
            changed = True
            interesting = interesting or value.kind in _CARRIED
            if value.kind == "instance" and slot[0] in ("attr", "return"):
                self._instances.setdefault(value.name, set()).add(slot)
            if is_of_api(value, self.tree.package):
                interesting = True
                self.is_late = self.is_late or slot in self.passed_by
            if value.kind == "container" and slot[0] != "local":
                self._holders.setdefault(value.name, set()).add(slot)
                interesting = interesting or value.name in self._rowful
        if changed:
            for unit in self._readers.get(slot, ()):
                self._dirty[unit] = None
        if interesting:
            self._wake_readers(slot)

    def _is_fake(self, owner: str, known: Values) -> bool:
        """Whether this is a unit test that replaces the handle of a class of the code.

        That says nothing about the code; it is the test that has to be carried over.
        """
        if self._current is None or not any(value.kind == "handle" for value in known):
            return False
        return self.is_test(self._current.module) and not self.is_test_name(owner)

    def _wake_readers(self, slot: Slot) -> None:
        """Wake the units that may read a slot which now holds something of interest."""
        kind, owner, name = slot
        if kind in ("attr", "put"):
            self._wake_mentions(f".{name}".encode())
        elif kind == "return":
            function = self.function(owner)
            is_property = function is not None and "property" in function.decorators
            short = owner.rpartition(".")[2]
            self._wake_mentions((f".{short}" if is_property else f"{short}(").encode())
        elif kind == "elem" and owner not in self._rowful:
            self._rowful.add(owner)
            for holder in tuple(self._holders.get(owner, ())):
                self._wake_readers(holder)
        elif kind == "global":
            self._wake_mentions(name.encode())
        elif kind in ("param", "local"):
            function = self.function(owner)
            if function is not None and function.module.source.path in self._known:
                self.wake(Unit(function.module, function))

    def _enter_new_modules(self) -> None:
        for path in sorted(set(self.project.modules) - self._known - self.skipped):
            self._known.add(path)
            module = self.project.modules[path]
            self.wake(Unit(module, None))
            for needle in (*self._starting_points(module), *sorted(self._needles)):
                self._wake_in(path, needle)
            self._assume(module)

    def _starting_points(self, module: Module) -> tuple[bytes, ...]:
        """The byte strings that make a function worth evaluating before anything is known."""
        if self.is_test(module):
            stubs = (b"stubs.Set(", b".AndReturn(")
            return (b"onductor", *(stubs if module.source.path in self.fixtures else ()))
        names = {
            local
            for local, dotted in module.imports.items()
            if f"{dotted}.".startswith((f"{self.tree.package}.conductor.", f"{SHIM}.conductor."))
        }
        # if the API is imported under another name, a function that makes it may not contain
        # "conductor"
        others = {name for name in names if "conductor" not in name}
        if any(one.startswith(f"{self.tree.package}.conductor") for one in module.star_imports):
            others |= {"API", "LocalAPI"}
        return (b"conductor", *(f"{name}{end}".encode() for name in sorted(others) for end in ".("))

    def _assume(self, module: Module) -> None:
        for assumption in self.assumptions:
            for function in module.all_functions:
                if f"{module.dotted}.{function.name}" == assumption.function:
                    step = Step(assumption.source, assumption.line, f"assumed: {assumption.why}")
                    slot = ("param", assumption.function, assumption.parameter)
                    self.called.add(assumption.function)
                    self.write(slot, {self._assumed(assumption.holds): (step,)})

    @staticmethod
    def _assumed(holds: str) -> Value:
        if holds in OBJECTS:
            return Value("object", holds)
        if holds == "dict":
            return Value("plain")
        return Value("instance", holds) if "." in holds else UNKNOWN

    def module_that_speaks(self, dotted: str, name: str) -> Module | None:
        """The module of that dotted name, if it is loaded or may hold the API as `name`.

        In the latter case, this loads it.
        """
        path = self.project.path_of(dotted) if self.project.is_module(dotted) else None
        if path is None or path in self.project.modules or path in self.project.failures:
            return self.project.modules.get(path or "")
        if path not in self._speaking:
            own = folders(self.tree.package, "conductor", "db", "objects")
            data = self.project.files.get(path, b"")
            speaks = HANDLE.search(data) is not None or b"import *" in data
            self._speaking[path] = speaks and not path.startswith(own)
        if not self._speaking[path] or not self._may_set(path, name):
            return None
        return self.project.load(path, f"may keep the conductor as {name}")

    def _may_set(self, path: str, name: str) -> bool:
        """Whether a file that is not loaded may bind a name, judging by its bytes."""
        if (path, name) not in self._setting:
            data, word = self.project.files[path], name.encode()
            pattern = rb"(?m)^\s*%b\s*(?:=[^=]|,|\)|$)|\bimport\b.*\b%b\b|\bimport \*"
            is_set = word in data and re.search(pattern.replace(b"%b", word), data) is not None
            self._setting[path, name] = is_set
        return self._setting[path, name]
