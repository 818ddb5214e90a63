# SPDX-License-Identifier: Apache-2.0
"""Evaluate until nothing new is found."""

from codemods.analysis.api_names import is_of_api
from codemods.analysis.evaluator import Evaluator, Unit
from codemods.analysis.evaluator.calls import METHODS_OF_CONTAINERS
from codemods.analysis.inference.following import Following
from codemods.analysis.project import Module
from codemods.analysis.values import DEVICES
from codemods.model import Failure

#: If a slot may hold one of these, everything else that it may hold has to be known.
_SETTLING = ("row", "rows", "handle", "method")


class Inference(Following):
    """What every expression of the loaded modules may hold, once `run` has been called."""

    def run(self) -> None:
        """Evaluate what matters in the loaded modules, and in those it loads, to a fixed point."""
        self._elements = self._row_returns = None
        self._carrying = {}
        while True:
            self._enter_new_modules()
            if not self._dirty:
                if self._load_callers() or self._find_row_takers() or self._find_readers():
                    continue
                if self._take_for_unknown():
                    continue
                return
            batch, self._dirty = sorted(self._dirty, key=Unit.order), {}
            for unit in batch:
                self._current = unit
                if self.watch is not None:
                    self.watch()
                try:
                    Evaluator(self, unit).evaluate()
                except RecursionError:
                    self._give_up(unit.module)

    def again(self) -> "Inference":
        """A new inference that knows from the start where the API is kept.

        This one may have taken some of the places for unknown before it knew.
        """
        other = Inference(self.project, self.tree, self.assumptions, self.listed, self.watch)
        for slot, values in sorted(self.slots.items()):
            kept = {v: e for v, e in values.items() if is_of_api(v, self.tree.package)}
            if kept and not self.is_test_name(slot[1]):
                other.write(slot, kept)
        for unit in sorted(self._awake, key=Unit.order):
            other.wake(unit)
        other.run()
        return other

    def close(self) -> None:
        """Free what only another run would need, which is a lot of memory."""
        self.inputs.clear()
        self._writers.clear()
        asked = ("attr", "return")
        self._readers = {slot: units for slot, units in self._readers.items() if slot[0] in asked}

    def _give_up(self, module: Module) -> None:
        """Skip a file with an expression that is nested too deep to be followed."""
        path = module.source.path
        self.skip(path)
        self.project.failures[path] = Failure(
            path, "parse", "nests too deep to be followed", "leave the file out of the tree"
        )

    def _take_for_unknown(self) -> bool:
        """Evaluate again what has to do with rows or the API; True if anything is new.

        Nothing more will be found for it, so what has no value by now may hold
        anything, and no longer counts as yet to be found out. This leaves out unit
        tests, whose fixtures rules handle.
        """
        units = set(self.row_units)
        kept: set[str] = set()
        for slot, values in self.slots.items():
            if any(
                value.kind in _SETTLING or value == DEVICES or self.is_rowful(value)
                for value in values
            ):
                units |= self._writers.get(slot, set())
                units |= self._alternatives(slot[1]) if slot[0] == "return" else set()
                if slot[0] == "attr":
                    kept.add(slot[2])
        for slot in self.slots:
            # a subclass or a base may keep something else under the name
            if slot[0] == "attr" and slot[2] in kept:
                units |= self._writers.get(slot, set())
        new = {unit for unit in units - self.settled if not self.is_test(unit.module)}
        if self._look_for_calls(new):
            return True
        self.settled |= new
        for unit in sorted(new, key=Unit.order):
            self.wake(unit)
        self._dirty.update(dict.fromkeys(new))
        return bool(new)

    def _look_for_calls(self, units: set[Unit]) -> bool:
        """Evaluate what may call functions of which no call is known; True if any is new.

        Only for functions with defaults.
        """
        for unit in sorted(units, key=Unit.order):
            function = unit.function
            if function is None or not function.node.args.defaults:
                continue
            short = function.name.rpartition(".")[2]
            if function.dotted not in self.called and short not in METHODS_OF_CONTAINERS:
                self._wake_mentions(f"{short}(".encode())
        return bool(self._dirty)

    def _alternatives(self, full: str) -> set[Unit]:
        """The methods that override a method, or that it overrides, and the method itself."""
        function = self.function(full)
        if function is None or function.owner is None:
            return set()
        name = full.rpartition(".")[2]
        relatives = (
            *self.project.ancestry(function.owner),
            *self.project.descendants(function.owner),
        )
        methods = [one.methods[name] for one in relatives if name in one.methods]
        return {Unit(one.module, one) for one in methods if one.module.source.path in self._known}
