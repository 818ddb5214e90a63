# SPDX-License-Identifier: Apache-2.0
"""What is known about the whole tree, for the code that looks at one file of it."""

import ast
import dataclasses
import functools
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from codemods.analysis.additions import Additions, additions_of
from codemods.analysis.conductor_mocks import ConductorMocks, conductor_mocks
from codemods.analysis.facts import ALL_ITEMS, Held, Span
from codemods.analysis.field_types import FieldType
from codemods.analysis.inference import Inference
from codemods.analysis.missing_fields import FieldPlan, plan_of
from codemods.analysis.mocked_methods import MockedConductors, mocked_conductors
from codemods.analysis.name_uses import NameUses
from codemods.analysis.project import Module
from codemods.analysis.receivers import Receivers
from codemods.analysis.relation_accesses import accesses
from codemods.analysis.relations import NODES
from codemods.analysis.row_fixtures import RowFixture, row_fixtures
from codemods.analysis.stub_facts import StubFacts, stub_facts
from codemods.analysis.suspects import Suspect, suspects_in
from codemods.analysis.tracked_items import ForItems
from codemods.analysis.tree import Tree
from codemods.analysis.update_stubs import UpdateStub, update_stubs
from codemods.analysis.values import Values
from codemods.model import ITEM_OF_OBJECT, ITEMS, Item

_INTERESTING = frozenset(("row", "rows", "object", "objects", "handle", "method", "json"))

_NO_ITEMS = frozenset[Item]()

Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True, eq=False)
class _Expression:
    """What an expression may hold; `needs` are the items that turn its rows into objects."""

    values: Values
    needs: frozenset[frozenset[Item]]
    _held: dict[frozenset[Item], Held] = dataclasses.field(default_factory=dict)

    def held(self, done: frozenset[Item]) -> Held:
        """What it holds once the items are done; the same record for the same outcome."""
        known = _NO_ITEMS.union(*(one for one in self.needs if one <= done))
        if known not in self._held:
            self._held[known] = Held(self.values, known)
        return self._held[known]


class Survey:
    """The answers for which every file must be looked at; each is computed once.

    `modules` are the files in which a rule may have something to do, by path.
    """

    def __init__(self, modules: Mapping[str, Module], inference: Inference, tree: Tree) -> None:
        self.modules = modules
        self.inference = inference
        self.tree = tree
        self._stubs: dict[str, StubFacts] = {}
        self._row_fixtures: dict[str, Mapping[Span, RowFixture]] = {}
        self._conductor_mocks: dict[str, ConductorMocks] = {}
        self._mocked_conductors: dict[str, MockedConductors] = {}
        self._update_stubs: dict[str, Mapping[Span, UpdateStub]] = {}
        self._suspects: dict[str, Mapping[Span, Suspect]] = {}
        self._expressions: dict[str, Mapping[Span, _Expression]] = {}
        self._found: dict[tuple[Hashable, ...], ForItems[Any]] = {}

    def found(
        self,
        key: tuple[Hashable, ...],
        done: frozenset[Item],
        find: Callable[[frozenset[Item]], Found],
    ) -> Found:
        """The result of `find` for the work items `done`, computed once per distinct outcome.

        `key` says what is looked for.
        """
        known: ForItems[Found] = self._found.setdefault(key, ForItems())
        return known.get(done, find)

    @property
    def plan(self) -> FieldPlan:
        """What must be added to the tree's objects."""
        return plan_of(self.inference)

    @property
    def additions(self) -> Additions:
        """What must be added to the tree's package of objects as a whole."""
        return additions_of(self.tree)

    def is_test(self, path: str) -> bool:
        """Whether the file has unit tests."""
        return self.inference.is_test(self.modules[path])

    def code(self) -> Iterator[Module]:
        """The files of the code, without unit tests, by path."""
        for path in sorted(self.modules):
            if not self.is_test(path):
                yield self.modules[path]

    def followed(self) -> Iterator[Module]:
        """The files that rows may reach, without unit tests but including the objects' files."""
        project = self.inference.project
        for path in sorted(project.modules.keys() - project.failures.keys()):
            if not self.inference.is_test(project.modules[path]):
                yield project.modules[path]

    def stubs(self, path: str) -> StubFacts:
        """The facts about the stubs of a unit test module."""
        if path not in self._stubs:
            self._stubs[path] = stub_facts(self.modules[path], self.inference)
        return self._stubs[path]

    def row_fixtures(self, path: str) -> Mapping[Span, RowFixture]:
        """The rows among the literal dicts of a unit test module, by place."""
        if path not in self._row_fixtures:
            stubs = self.stubs(path)
            found = row_fixtures(self.modules[path], self.tree, stubs.rows, stubs.instances)
            self._row_fixtures[path] = found
        return self._row_fixtures[path]

    def conductor_mocks(self, path: str) -> ConductorMocks:
        """The mocks of the conductor's methods in a unit test module."""
        if path not in self._conductor_mocks:
            found = conductor_mocks(self.modules[path], self.inference)
            self._conductor_mocks[path] = found
        return self._conductor_mocks[path]

    def mocked_conductors(self, path: str) -> MockedConductors:
        """The mocks of the whole conductor in a unit test module."""
        if path not in self._mocked_conductors:
            found = mocked_conductors(self.modules[path], self.inference)
            self._mocked_conductors[path] = found
        return self._mocked_conductors[path]

    def update_stubs(self, path: str) -> Mapping[Span, UpdateStub]:
        """The stubs of the conductor's instance_update() in a unit test module, by place."""
        if path not in self._update_stubs:
            found = update_stubs(self.modules[path], self.inference, self.tree)
            self._update_stubs[path] = found
        return self._update_stubs[path]

    def suspects(self, module: Module) -> Mapping[Span, Suspect]:
        """What may reach the conductor in a file but cannot be rewritten, by place."""
        path = module.source.path
        if path not in self._suspects:
            self._suspects[path] = suspects_in(module, self._receivers)
        return self._suspects[path]

    @functools.cached_property
    def name_uses(self) -> NameUses:
        """Which files may use the names of modules."""
        return NameUses(self.inference.project)

    @functools.cached_property
    def _receivers(self) -> Receivers:
        return Receivers(self.inference)

    def holds(self, module: Module, done: frozenset[Item]) -> Mapping[Span, Held]:
        """What the expressions of a file that matter to rules may hold, by place."""
        path = module.source.path
        if path not in self._expressions:
            self._expressions[path] = {
                module.source.span(node): _Expression(values, frozenset(v.needs for v in values))
                for node, values in self.inference.held_in(module)
                if any(value.kind in _INTERESTING for value in values)
            }
        expressions = self._expressions[path]
        needs = _NO_ITEMS.union(*(few for one in expressions.values() for few in one.needs))

        def find(done: frozenset[Item]) -> Mapping[Span, Held]:
            known = done & needs
            return {span: one.held(known) for span, one in expressions.items()}

        return self.found(("holds", path), done, find)

    @functools.cached_property
    def pending_objects(self) -> frozenset[str]:
        """The objects for which some code sets fields of a row in place.

        save() would write these as well; the conductor's call wrote only what it
        was given.
        """
        found = set()
        for module in self.code():
            for target in _changed_in_place(module):
                for value in self.inference.values(target):
                    if value.kind == "row":
                        found.add(value.name)
        return frozenset(found)

    @functools.cached_property
    def needing_fields(self) -> frozenset[Item]:
        """The work items that use something that only the missing fields' item adds."""
        found = set[Item]()
        if self.plan.widened or self.additions.text_versions:
            found.add(Item.COMPUTE_NODE)
        if self.adds_nodes_getter(frozenset(Item)):
            found.add(Item.SERVICE)
        for name, item in ITEM_OF_OBJECT.items():
            one = self.tree.object(name)
            is_new = self.tree.is_added(name)
            if is_new or (one is not None and one.module in self.additions.unregistered):
                found.add(item)
        return frozenset(found)

    def with_needed(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The work items and those that they need, in the order of the series."""
        needed = {Item.OBJECT_FIELDS} if self.needing_fields.intersection(items) else set[Item]()
        return tuple(item for item in ITEMS if item in needed or item in items)

    @functools.cached_property
    def reads_newer_nodes(self) -> bool:
        """Whether reading a service must be made to work with a compute node of a later release.

        Such conductors put their own version of it in a service of any version asked for.
        """
        tree, found = self.tree, self.tree.object("Service")
        if not tree.is_own or found is None or "compute_node" not in found.fields:
            return False
        base = tree.project.files.get(f"{tree.objects_path}/base.py", b"")
        if {"obj_make_compatible", "_obj_from_primitive"} & set(found.methods):
            return False
        return b"def _obj_from_primitive" in base or not tree.typed_fields

    def adds_nodes_getter(self, done: frozenset[Item]) -> bool:
        """Whether the list of nodes gets the getter that reads the nodes of a service."""
        return (
            Item.OBJECT_FIELDS in done
            and self.additions.lacks_nodes_getter
            and self._reads_nodes_of_services
        )

    @functools.cached_property
    def _reads_nodes_of_services(self) -> bool:
        return any(True for module in self.code() for _ in self.node_lists(module))

    def node_lists(self, module: Module) -> Iterator[ast.Subscript | ast.Call]:
        """Where a file reads the list of nodes of a service's row."""
        for access in accesses(module, self.inference):
            if access.relation.names == NODES:
                yield access.node

    def field_type(self, name: str, field: str, done: frozenset[Item]) -> FieldType:
        """The type of a field, added fields included; false if there is no such field."""
        widened = self.plan.widened.get(name) if Item.OBJECT_FIELDS in done else None
        added = {one.name: one.kind for one in widened.fields} if widened is not None else {}
        return FieldType(added[field]) if field in added else self.tree.field_type(name, field)

    def copies_dicts(self, name: str, done: frozenset[Item]) -> bool:
        """Whether the fields of an object copy the dicts that they are given.

        Those of compute nodes that keep their values do; but if they hold objects, the
        caller has to copy the whole value.
        """
        is_kept = name == "ComputeNode" and self.plan.keeps_columns
        return is_kept and not self.nodes_hold_devices(done)

    def will_have(self, name: str, field: str) -> bool:
        """Whether an object has a field once all work items are done."""
        return bool(self.field_type(name, field, ALL_ITEMS))

    def nodes_hold_devices(self, done: frozenset[Item]) -> bool:
        """Whether a compute node is an object by now that holds its PCI devices as an object.

        Only the tree's own does; the shim's also takes the text of the column.
        """
        if Item.COMPUTE_NODE not in done or not self.tree.is_own:
            return False
        return "PciDeviceList" in self.field_type("ComputeNode", "pci_stats", done).source


def _changed_in_place(module: Module) -> Iterator[ast.expr]:
    """The expressions that have a key set, or whose update() is called."""
    for node in module.all(ast.Subscript):
        if isinstance(node.ctx, ast.Store):
            yield node.value
    for call in module.all(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
            yield call.func.value
