# SPDX-License-Identifier: Apache-2.0
"""What is known about the expressions of a tree."""

import ast
from collections.abc import Callable, Iterable, Iterator, Set

from codemods.analysis.assumptions import Assumption
from codemods.analysis.evaluator import Unit
from codemods.analysis.holders import Holders
from codemods.analysis.inputs import Inputs, Slot
from codemods.analysis.project import Function, Module, Project
from codemods.analysis.reaching import Reaching
from codemods.analysis.replaced import may_be_replaced
from codemods.analysis.setters import Setters
from codemods.analysis.stays import Reason
from codemods.analysis.tree import Tree
from codemods.analysis.values import CARRYING, Value, Values
from codemods.model import Evidence

#: The expressions that may hold an interesting value themselves, not in their elements.
_HOLDING: tuple[type[ast.expr], ...] = (
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.BoolOp,
    ast.IfExp,
)


class State:
    """What every expression of the loaded modules may hold.

    `holds` maps an expression to its values, for those that have to do with
    the conductor or the objects.
    """

    def __init__(
        self,
        project: Project,
        tree: Tree,
        assumptions: Iterable[Assumption],
        listed: Iterable[str] = (),
        watch: Callable[[], None] | None = None,
    ) -> None:
        self.project = project
        #: Called for each unit that is evaluated.
        self.watch = watch
        self.tree = tree
        self.assumptions = tuple(assumptions)
        self.slots: dict[Slot, Values] = {}
        self.holds: dict[ast.AST, Values] = {}
        self.results: dict[ast.AST, Values] = {}
        #: What is not a row itself but may have to do with one, by file.
        self.containers: dict[str, dict[ast.expr, Values]] = {}
        #: The arguments that the target of a call takes as parameters, by call and target.
        self.taken: dict[tuple[ast.Call, str], frozenset[ast.expr]] = {}
        self.targets: dict[ast.Call, Values] = {}
        #: The functions that a call in the code is known to reach, or an assumption is about.
        self.called: set[str] = set()
        #: The functions that are arguments of calls, by file.
        self.handed_on: dict[str, dict[tuple[ast.Call, ast.expr], set[str]]] = {}
        self.touched: set[str] = set()
        self.skipped: set[str] = set()
        self.fixtures: set[str] = set()
        #: The files that rules look at whatever is found in them.
        self.listed = set(listed)
        self.row_takers: set[str] = set()
        self.settled: set[Unit] = set()
        self.row_units: set[Unit] = set()
        self.inputs: dict[ast.AST, Inputs] = {}
        self._writers: dict[Slot, set[Unit]] = {}
        self._current: Unit | None = None
        #: The slots that hold a container, and the containers that hold something of interest.
        self._holders: dict[str, set[Slot]] = {}
        self._rowful: set[str] = set()
        #: The attributes and functions that hold or return an instance of a class.
        self._instances: dict[str, set[Slot]] = {}
        self._readers: dict[Slot, set[Unit]] = {}
        self._dirty: dict[Unit, None] = {}
        self._awake: set[Unit] = set()
        self._needles: set[bytes] = set()
        #: The slots in which the API was looked for in vain, and whether one of them got it later.
        self.passed_by: set[Slot] = set()
        self.is_late = False
        self._known: set[str] = set()
        self._speaking: dict[str, bool] = {}
        self._setting: dict[tuple[str, str], bool] = {}
        #: The functions that take rows, and the same by short name.
        self._taking: set[str] = set()
        self._takers: dict[str, list[str]] = {}
        self._followed: set[Slot] = set()
        self._reaching: dict[Function, Reaching] = {}
        #: What a file may read from an object of unknown class, by path and name.
        self.by_name: dict[tuple[str, str], list[Slot]] = {}
        #: The slots whose rows may be read by code that cannot be followed, and why not.
        self.out_of_sight: dict[Slot, Reason] = {}
        #: The containers that are dicts.
        self.keyed: set[str] = set()
        self.holders = Holders(project.files, tree.package)
        self._methods: dict[tuple[str, str], list[Function]] = {}
        self._called_in: dict[str, list[str]] = {}
        self._elements: dict[str, list[Slot]] | None = None
        self._carrying: dict[Value, bool] = {}
        self._row_returns: list[tuple[str, Values]] | None = None
        self._owners: dict[tuple[str, int], list[str]] = {}
        self._replaced: dict[str, bool] = {}
        self.setters = Setters(project, self.holders, self.values)

    def list_files(self, paths: Iterable[str]) -> None:
        """Have rules look at files whatever is found in them."""
        self.listed.update(paths)

    def skip(self, path: str) -> None:
        """Evaluate nothing of a file."""
        self.skipped.add(path)

    def note_fixtures(self, path: str) -> None:
        """Look at what a file of unit tests replaces."""
        self.fixtures.add(path)

    def is_test(self, module: Module) -> bool:
        """Whether the module is one of unit tests, which prove nothing about the code."""
        return self.is_test_name(module.dotted)

    @staticmethod
    def is_test_name(dotted: str) -> bool:
        """Whether a dotted name is in the unit tests."""
        # the base class of the tests is in a module next to their package
        return ".tests." in f"{dotted}." or ".test." in f"{dotted}."

    def values(self, node: ast.AST) -> Values:
        """What `node` may hold; empty if nothing of interest was found."""
        return self.holds.get(node, {})

    def held_in(self, module: Module) -> Iterator[tuple[ast.expr, Values]]:
        """The expressions of a file that may hold something of interest, in no order."""
        for kind in _HOLDING:
            for node in module.all(kind):
                if node in self.holds:
                    yield node, self.holds[node]

    def contained(self, module: Module, node: ast.expr) -> Values:
        """What `node` may hold, containers too; empty if nothing of the kind was found."""
        return self.holds.get(node) or self.containers.get(module.source.path, {}).get(node, {})

    def carrying_in(self, module: Module) -> list[tuple[ast.expr, Values]]:
        """The expressions of a file that may hold rows or what is in them, in source order."""
        path = module.source.path
        found = [(n, v) for n, v in self.containers.get(path, {}).items() if n not in self.holds]
        if path in self.touched:
            found += self.held_in(module)
        found = [(node, values) for node, values in found if any(map(self.is_carrying, values))]
        return sorted(found, key=lambda one: module.source.start(one[0]))

    def is_carrying(self, value: Value) -> bool:
        """Whether a value is a row, a list of rows, a column or copy of one, or contains these."""
        if value.kind != "container":
            return value.kind in CARRYING
        if value not in self._carrying:
            self._carrying[value] = any(True for _ in self.rows_in(value))
        return self._carrying[value]

    def is_rowful(self, value: Value) -> bool:
        """Whether a value is a container that something of interest was put into so far."""
        return value.kind == "container" and value.name in self._rowful

    def has_rowful(self, containers: Set[str]) -> bool:
        """Whether something of interest was put into one of the containers so far."""
        return not self._rowful.isdisjoint(containers)

    def rows_in(self, value: Value) -> Iterator[tuple[Value, Evidence]]:
        """The rows, and the like, in a container and in those nested in it."""
        waiting, seen = [value], {value}
        while waiting:
            one = waiting.pop()
            for _, values in self.elements_of(one.name) if one.kind == "container" else ():
                for element, evidence in values.items():
                    if element.kind in CARRYING:
                        yield element, evidence
                    elif element.kind == "container" and element not in seen:
                        seen.add(element)
                        waiting.append(element)

    def takes(self, call: ast.Call, argument: ast.expr) -> bool:
        """Whether all targets of a call are known and take an argument as a parameter."""
        targets = [value for value in self.targets.get(call, {}) if value.kind != "none"]
        names = [f"{v.name}.__init__" if v.kind == "class" else v.name for v in targets] or [""]
        is_taken = all(argument in self.taken.get((call, name), ()) for name in names)
        return is_taken and not any(self.may_be_replaced(value.name) for value in targets)

    def may_be_replaced(self, dotted: str) -> bool:
        """Whether something else may be called by the name of a function or class."""
        if dotted not in self._replaced:
            found = (self.function(dotted) or self.project.find_class(dotted)) if dotted else None
            self._replaced[dotted] = found is not None and may_be_replaced(
                found, self.project, self.holders
            )
        return self._replaced[dotted]

    def note_handed_on(self, module: Module, call: ast.Call, argument: ast.expr, name: str) -> None:
        """Remember that a function is an argument of a call."""
        calls = self.handed_on.setdefault(module.source.path, {})
        calls.setdefault((call, argument), set()).add(name)

    def given_away(self, module: Module) -> Iterator[tuple[ast.Call, ast.expr, Values]]:
        """The functions that a file passes to unknown code, with the rows that they return."""
        for (call, argument), names in self.handed_on.get(module.source.path, {}).items():
            returned = {
                value: evidence
                for name in sorted(names)
                for value, evidence in self.slots.get(("return", name, ""), {}).items()
                if self.is_carrying(value)
            }
            if returned and not self.takes(call, argument):
                yield call, argument, returned

    def is_conductors(self, call: ast.Call) -> bool:
        """Whether a call may be one of the conductor's."""
        return any(value.kind == "method" for value in self.targets.get(call, {}))

    def elements_of(self, place: str) -> list[tuple[Slot, Values]]:
        """The slots of the container made at `place`, with what they may hold."""
        if self._elements is None:
            self._elements = {}
            for slot in self.slots:
                if slot[0] == "elem":
                    self._elements.setdefault(slot[1], []).append(slot)
        return [(slot, self.slots[slot]) for slot in self._elements.get(place, ())]

    def row_returns(self) -> list[tuple[str, Values]]:
        """The functions that return what may be rows, with what they return."""
        if self._row_returns is None:
            self._row_returns = [
                (owner, values)
                for (kind, owner, _), values in self.slots.items()
                if kind == "return" and any(value.kind in ("row", "rows") for value in values)
            ]
        return self._row_returns

    def reaching(self, function: Function) -> Reaching:
        """Which assignments to its variables may reach which places of a function."""
        if function not in self._reaching:
            self._reaching[function] = Reaching(function)
        return self._reaching[function]

    def attribute_owners(self, dotted: str) -> list[str]:
        """The classes whose attributes an instance of `dotted` may have."""
        key = (dotted, len(self.project.modules))
        if key not in self._owners:
            path = self.project.path_of(dotted)
            found = self.project.find_class(dotted) if path in self.project.modules else None
            self._owners[key] = (
                [dotted]
                if found is None
                else [member.dotted for member in self.project.family(found)]
            )
        return self._owners[key]

    def function(self, dotted: str) -> Function | None:
        """The function or method of that dotted name, nested functions included."""
        found = self.project.find(dotted)
        if isinstance(found, Function):
            return found
        path = self.project.path_of(dotted)
        module = self.project.modules.get(path) if path is not None else None
        if module is None or not dotted.startswith(f"{module.dotted}."):
            return None
        return module.functions_by_name.get(dotted[len(module.dotted) + 1 :])

    def readers_of(self, owner: str, name: str) -> set[str]:
        """The files that read the attribute of an instance of class `owner`."""
        return {
            unit.module.source.path
            for member in self.attribute_owners(owner)
            for unit in self._readers.get(("attr", member, name), ())
        }

    def is_returned_to(self, function: str) -> bool:
        """Whether code other than unit tests reads what a function returns."""
        readers = self._readers.get(("return", function, ""), ())
        return not all(self.is_test(unit.module) for unit in readers)
