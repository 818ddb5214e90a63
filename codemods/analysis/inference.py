"""Follow values from the conductor through the tree, to a fixed point.

Each function is evaluated again for as long as something that it read has
changed, so the outcome does not depend on the order of the files.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Set

from codemods.analysis.api_names import is_of_api
from codemods.analysis.assumptions import Assumption
from codemods.analysis.evaluator import Evaluator, Unit
from codemods.analysis.evaluator.calls import METHODS_OF_CONTAINERS
from codemods.analysis.holders import Holders
from codemods.analysis.inputs import Inputs, Slot
from codemods.analysis.project import Function, Module, Project
from codemods.analysis.reaching import Reaching
from codemods.analysis.seeds import HANDLE
from codemods.analysis.stays import Left
from codemods.analysis.tree import OBJECTS, SHIM, Tree, folders
from codemods.analysis.values import CARRYING, DEVICES, UNKNOWN, Value, Values
from codemods.model import Evidence, Failure, Step

LONGEST_CHAIN = 16

#: A short name that more files call than this is no hint of who calls the function.
MANY_FILES = 20

#: The expressions that stand for a value of their own, not for one that they are made of.
_HOLDING: tuple[type[ast.expr], ...] = (
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.BoolOp,
    ast.IfExp,
)

#: Where these are, everything else that may come there has to be known.
_SETTLING = ("row", "rows", "handle", "method")

#: What is worth following into code that nobody has looked at yet.
_CARRIED = ("row", "rows", "handle", "method", "json", "column", "copied")


class Inference:
    """What every expression of the loaded modules may hold.

    `holds` maps an expression to its values, for those that have to do with
    the conductor or the objects.
    """

    def __init__(self, project: Project, tree: Tree, assumptions: Iterable[Assumption]) -> None:
        self.project = project
        self.tree = tree
        self.assumptions = tuple(assumptions)
        self.slots: dict[Slot, Values] = {}
        self.holds: dict[ast.AST, Values] = {}
        self.results: dict[ast.AST, Values] = {}
        #: What is no row itself but may have to do with one, by file.
        self.containers: dict[str, dict[ast.expr, Values]] = {}
        #: What each call may reach, and which of its arguments that takes as parameters.
        self.taken: dict[tuple[ast.Call, str], frozenset[ast.expr]] = {}
        self.targets: dict[ast.Call, Values] = {}
        #: The functions that are arguments of calls, by file.
        self.handed_on: dict[str, dict[tuple[ast.Call, ast.expr], set[str]]] = {}
        self.touched: set[str] = set()
        self.skipped: set[str] = set()
        self.fixtures: set[str] = set()
        self.listed: set[str] = set()
        self.row_takers: set[str] = set()
        self.settled: set[Unit] = set()
        self.row_units: set[Unit] = set()
        self.inputs: dict[ast.AST, Inputs] = {}
        self._writers: dict[Slot, set[Unit]] = {}
        self._current: Unit | None = None
        #: Where a container is kept, and which containers hold something of interest.
        self._holders: dict[str, set[Slot]] = {}
        self._rowful: set[str] = set()
        self._readers: dict[Slot, set[Unit]] = {}
        self._dirty: dict[Unit, None] = {}
        self._awake: set[Unit] = set()
        self._needles: set[bytes] = set()
        #: The slots in which the API was looked for in vain, and whether one of them has it now.
        self.passed_by: set[Slot] = set()
        self.is_late = False
        self._known: set[str] = set()
        self._speaking: dict[str, bool] = {}
        #: The functions that take rows, and those of a short name.
        self._taking: set[str] = set()
        self._takers: dict[str, list[str]] = {}
        self._followed: set[Slot] = set()
        self._reaching: dict[Function, Reaching] = {}
        #: What a file may read of an object of which the class is not known, by path and name.
        self.by_name: dict[tuple[str, str], list[Slot]] = {}
        #: The slots whose rows somebody may read who cannot be followed, and why not.
        self.out_of_sight: dict[Slot, Left] = {}
        #: The containers that are dicts.
        self.keyed: set[str] = set()
        self.holders = Holders(project.files, tree.package)
        self._methods: dict[tuple[str, str], list[Function]] = {}
        self._called_in: dict[str, list[str]] = {}
        self._elements: dict[str, list[Slot]] | None = None
        self._carrying: dict[Value, bool] = {}
        self._row_returns: list[tuple[str, Values]] | None = None
        self._owners: dict[tuple[str, int], list[str]] = {}

    def run(self) -> None:
        """Evaluate what matters of what is loaded, and what it pulls in, to the fixed point."""
        self._elements = self._row_returns = None
        self._carrying = {}
        while True:
            self._enter_new_modules()
            if not self._dirty:
                if self._load_callers() or self._find_row_takers() or self._find_readers():
                    continue
                if self._settle():
                    continue
                return
            batch, self._dirty = sorted(self._dirty), {}
            for unit in batch:
                self._current = unit
                try:
                    Evaluator(self, unit).evaluate()
                except RecursionError:
                    self._give_up(unit.module)

    def again(self) -> "Inference":
        """The same from the start, but for knowing from the first where the API is kept.

        What was taken for anything before that was known is told from it now.
        """
        other = Inference(self.project, self.tree, self.assumptions)
        other.listed |= self.listed
        for slot, values in sorted(self.slots.items()):
            kept = {v: e for v, e in values.items() if is_of_api(v, self.tree.package)}
            if kept and not self.is_test_name(slot[1]):
                other.write(slot, kept)
        for unit in sorted(self._awake):
            other.wake(unit)
        other.run()
        return other

    def _give_up(self, module: Module) -> None:
        """Leave a file alone in which an expression nests too deep to be followed."""
        path = module.source.path
        self.skipped.add(path)
        self.project.failures[path] = Failure(
            path, "parse", "nests too deep to be followed", "leave the file out of the tree"
        )

    def wake(self, unit: Unit) -> bool:
        """Evaluate `unit`, what is around it, and what sets up its object; say if it is new."""
        if unit in self._awake or unit.module.source.path in self.skipped:
            return False
        self._awake.add(unit)
        self._dirty[unit] = None
        if unit.function is None:
            return True
        if unit.function.outer is not None:
            # a function within reads the names of the one around
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
        """Wake every loaded unit in whose text `needle` stands."""
        if needle in self._needles:
            return
        self._needles.add(needle)
        for path in sorted(self._known):
            self._wake_in(path, needle)

    def look_at(self, needle: bytes) -> bool:
        """Evaluate whatever mentions `needle` in what is loaded by now, with the next run.

        Says whether there is any that was not looked at before.
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

    def is_test(self, module: Module) -> bool:
        """Whether the module is one of unit tests, which prove nothing about the code."""
        return self.is_test_name(module.dotted)

    @staticmethod
    def is_test_name(dotted: str) -> bool:
        """Whether a dotted name lies in the unit tests."""
        # the base class of the tests is one module beside their package
        return ".tests." in f"{dotted}." or ".test." in f"{dotted}."

    def values(self, node: ast.AST) -> Values:
        """What `node` may hold; empty where nothing of interest was found."""
        return self.holds.get(node, {})

    def held_in(self, module: Module) -> Iterator[tuple[ast.expr, Values]]:
        """The expressions of a file that may hold something of interest, in no order."""
        for kind in _HOLDING:
            for node in module.all(kind):
                if node in self.holds:
                    yield node, self.holds[node]

    def contained(self, module: Module, node: ast.expr) -> Values:
        """What `node` may hold, containers too; empty where nothing of the kind was found."""
        return self.holds.get(node) or self.containers.get(module.source.path, {}).get(node, {})

    def carrying_in(self, module: Module) -> list[tuple[ast.expr, Values]]:
        """The expressions of a file that may hold what rows are or have, in their order."""
        path = module.source.path
        found = [(n, v) for n, v in self.containers.get(path, {}).items() if n not in self.holds]
        if path in self.touched:
            found += self.held_in(module)
        found = [(node, values) for node, values in found if any(map(self.is_carrying, values))]
        return sorted(found, key=lambda one: module.source.start(one[0]))

    def is_carrying(self, value: Value) -> bool:
        """Whether a value is a row, several, a column of one, or a container of such."""
        if value.kind != "container":
            return value.kind in CARRYING
        if value not in self._carrying:
            self._carrying[value] = any(True for _ in self.rows_in(value))
        return self._carrying[value]

    def is_rowful(self, value: Value) -> bool:
        """Whether something of interest was put into a container so far."""
        return value.kind == "container" and value.name in self._rowful

    def has_rowful(self, containers: Set[str]) -> bool:
        """Whether something of interest was put into one of the containers so far."""
        return not self._rowful.isdisjoint(containers)

    def rows_in(self, value: Value) -> Iterator[tuple[Value, Evidence]]:
        """The rows among the elements of a container, and of those within it."""
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
        """Whether all that a call may reach is known, and takes an argument as a parameter."""
        targets = [value for value in self.targets.get(call, {}) if value.kind != "none"]
        names = [f"{v.name}.__init__" if v.kind == "class" else v.name for v in targets] or [""]
        return all(argument in self.taken.get((call, name), ()) for name in names)

    def note_handed_on(self, module: Module, call: ast.Call, argument: ast.expr, name: str) -> None:
        """Remember that a function is an argument of a call."""
        calls = self.handed_on.setdefault(module.source.path, {})
        calls.setdefault((call, argument), set()).add(name)

    def given_away(self, module: Module) -> Iterator[tuple[ast.Call, ast.expr, Values]]:
        """The functions that a file hands to who knows whom, with the rows that they return."""
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
        """What the container made at `place` may hold."""
        if self._elements is None:
            self._elements = {}
            for slot in self.slots:
                if slot[0] == "elem":
                    self._elements.setdefault(slot[1], []).append(slot)
        return [(slot, self.slots[slot]) for slot in self._elements.get(place, ())]

    def note_reader(self, slot: Slot, unit: Unit) -> None:
        """Remember that `unit` is to be evaluated again when `slot` changes."""
        self._readers.setdefault(slot, set()).add(unit)

    def row_returns(self) -> list[tuple[str, Values]]:
        """The functions that return what may be rows, with what they return."""
        if self._row_returns is None:
            self._row_returns = [
                (owner, values)
                for (kind, owner, _), values in self.slots.items()
                if kind == "return" and any(value.kind in ("row", "rows") for value in values)
            ]
        return self._row_returns

    def module_that_speaks(self, dotted: str, name: str) -> Module | None:
        """The module of that dotted name, if it is read; one that may have the API is, for that.

        It may have it under the `name` where it says so, or has all of another.
        """
        path = self.project.path_of(dotted) if self.project.is_module(dotted) else None
        if path is None or path in self.project.modules or path in self.project.failures:
            return self.project.modules.get(path or "")
        if path not in self._speaking:
            own = folders(self.tree.package, "conductor", "db", "objects")
            data = self.project.files.get(path, b"")
            speaks = HANDLE.search(data) is not None or b"import *" in data
            self._speaking[path] = speaks and not path.startswith(own)
        if not self._speaking[path] or name.encode() not in self.project.files[path]:
            return None
        set_here = rb"(?m)^\s*%b\s*(?:=[^=]|,|\)|$)|\bimport\b.*\b%b\b|\bimport \*"
        is_set = re.search(set_here.replace(b"%b", name.encode()), self.project.files[path])
        return self.project.load(path) if is_set else None

    def readers_of(self, owner: str, name: str) -> set[str]:
        """The files that read the attribute of an instance of class `owner`."""
        return {
            unit.module.source.path
            for member in self.attribute_owners(owner)
            for unit in self._readers.get(("attr", member, name), ())
        }

    def write(self, slot: Slot, values: Values, step: Step | None = None) -> None:
        """Add `values` to `slot`, their chains longer by `step`."""
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
        """Whether it is a unit test that replaces the handle of a class of the code.

        That says nothing of what the code has there: it is the test that has to follow.
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
        """What makes a function worth a look before anything is known."""
        if self.is_test(module):
            stubs = (b"stubs.Set(", b".AndReturn(")
            return (b"onductor", *(stubs if module.source.path in self.fixtures else ()))
        names = {
            local
            for local, dotted in module.imports.items()
            if f"{dotted}.".startswith((f"{self.tree.package}.conductor.", f"{SHIM}.conductor."))
        }
        # under another name the API is made in a function that says nothing of the conductor
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
                    self.write(slot, {self._assumed(assumption.holds): (step,)})

    @staticmethod
    def _assumed(holds: str) -> Value:
        if holds in OBJECTS:
            return Value("object", holds)
        if holds == "dict":
            return Value("plain")
        return Value("instance", holds) if "." in holds else UNKNOWN

    def _load_callers(self) -> bool:
        """Load the files that may call a function which takes a row; say if any was new.

        Only where it may make a difference, and only names that tell something.
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
            # a short name that is everywhere, `get` say, tells nothing of who calls it
            if len(name.strip("_")) <= 11 and len(paths) > MANY_FILES:
                self._open(function, f"{name}() is called in {len(paths)} files")
                continue
            for path in paths:
                self.project.load(path)
        return len(self.project.modules) > before or bool(self._dirty)

    def _callers(self, name: str) -> list[str]:
        """The files of the code that may call a method of that name."""
        if name not in self._called_in:
            objects, needle = f"{self.tree.package}/objects/", f".{name}(".encode()
            self._called_in[name] = [
                path
                for path in self.holders.paths
                if needle in self.project.files[path] and not path.startswith(objects)
            ]
        return self._called_in[name]

    def _find_row_takers(self) -> bool:
        """Note the functions that take a row, and look again at who calls them.

        Only now is it known that an argument without any value came from
        nowhere that was read: over RPC, by name, or from a file left alone.
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
            for unit in self._awake:
                if needle in unit.text:
                    self._dirty[unit] = None
        return True

    def _load_overriding(self, full: str) -> None:
        """Read what may be called in the place of a method that takes or gives a row."""
        owner, _, name = full.rpartition(".")
        function = self.function(full)
        if function is None or function.owner is None:
            return
        before = len(self.project.modules)
        for path in self.holders.overriding(owner.rpartition(".")[2], name):
            self.project.load(path)
        if len(self.project.modules) > before:
            called = f"{name}(".encode()
            self._dirty.update(dict.fromkeys(u for u in self._awake if called in u.text))

    def _open_named(self, full: str) -> None:
        """Let a method that is called by its name, over RPC say, take anything."""
        name, function = full.rpartition(".")[2], self.function(full)
        if function is not None and function.owner is not None and self.holders.is_quoted(name):
            self._open(function, f"'{name}' is called by its name")

    def _open(self, function: Function, why: str) -> None:
        """Let the parameters of a function take anything."""
        step = Step(function.module.source.path, function.node.lineno, why)
        for parameter in function.parameters:
            self.write(("param", function.dotted, parameter), {UNKNOWN: ()}, step)

    def _find_readers(self) -> bool:
        """Read whatever may take the rows that methods return and attributes hold.

        Also what may stand in for such a method: one of the same name in a class
        that inherits from its. Says whether there was anything new.
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
        """Read the files that may have to do with what `owner.name` holds or gives."""
        if slot[0] == "return":
            self._load_overriding(slot[1])
            if self.holders.is_quoted(name):
                self.out_of_sight[slot] = Left("row.escapes", f"'{name}' is looked up by its name")
        words = self.holders.words(owner) | self._words_for(owner)
        for path in self.holders.naming(f".{name}".encode(), words):
            self.by_name.setdefault((path, name), []).append(slot)
            if self.project.load(path) is None:
                self.out_of_sight.setdefault(slot, Left("call.file-stays", path))
        for unit in self._awake:
            if name.encode() in unit.text:
                self._dirty[unit] = None
        self._wake_mentions(f".{name}".encode())

    def _words_for(self, owner: str) -> set[bytes]:
        """The names of what is known to hold, or give, an instance of a class."""
        names: set[bytes] = set()
        for (kind, holder, name), values in self.slots.items():
            if kind in ("attr", "return") and Value("instance", owner) in values:
                names.add((name or holder.rpartition(".")[2]).encode())
        return names - {b"__init__"}

    def _settle(self) -> bool:
        """Look again at what has to do with rows or the API; say if there was anything new.

        Nothing more is to come for it, so what has no value by now may hold
        anything, and is no longer taken for what is still to be found out. The
        fixtures of unit tests are a matter of rules.
        """
        units = set(self.row_units)
        kept: set[str] = set()
        for slot, values in self.slots.items():
            if any(value.kind in _SETTLING or value == DEVICES for value in values):
                units |= self._writers.get(slot, set())
                units |= self._alternatives(slot[1]) if slot[0] == "return" else set()
                if slot[0] == "attr" and any(value.kind == "handle" for value in values):
                    kept.add(slot[2])
        for slot in self.slots:
            # an heir may keep something else under the name
            if slot[0] == "attr" and slot[2] in kept:
                units |= self._writers.get(slot, set())
        new = {unit for unit in units - self.settled if not self.is_test(unit.module)}
        self.settled |= new
        for unit in sorted(new):
            self.wake(unit)
        self._dirty.update(dict.fromkeys(new))
        return bool(new)

    def _alternatives(self, full: str) -> set[Unit]:
        """The methods that may be called in the place of one, or it in theirs."""
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

    def methods_called(self, name: str, below: str = "") -> list[Function]:
        """The methods of that name in the code of the tree, in the files below a folder.

        The files are read for it, but for those of the conductor and the
        database. Of a name that every container has a method of, only those
        that are known to take rows.
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
                and (module := self.project.load(path)) is not None
                for function in module.all_functions
                if function.owner is not None and function.name.rpartition(".")[2] == name
            ]
        return self._methods[key]

    def reaching(self, function: Function) -> Reaching:
        """Which values of its variables may be where in a function."""
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
                else [
                    member.dotted
                    for member in (*self.project.ancestry(found), *self.project.descendants(found))
                ]
            )
        return self._owners[key]

    def function(self, dotted: str) -> Function | None:
        """The function or method of that dotted name, one within another function too."""
        found = self.project.find(dotted)
        if isinstance(found, Function):
            return found
        path = self.project.path_of(dotted)
        module = self.project.modules.get(path) if path is not None else None
        if module is None or not dotted.startswith(f"{module.dotted}."):
            return None
        return module.functions_by_name.get(dotted[len(module.dotted) + 1 :])
