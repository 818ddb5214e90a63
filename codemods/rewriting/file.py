# SPDX-License-Identifier: Apache-2.0
"""What a rule may ask about the file that it looks at."""

import dataclasses
from collections.abc import Collection, Mapping

import libcst as cst

from codemods.analysis.field_types import FieldType
from codemods.analysis.missing_fields import MissingField, Widened
from codemods.analysis.project import Module
from codemods.analysis.row_keys import may_be_key
from codemods.analysis.survey import Survey
from codemods.analysis.tree import Tree
from codemods.model import ITEM_OF_OBJECT, Evidence, Item
from codemods.rewriting.became import Became
from codemods.rewriting.findings import Effect


@dataclasses.dataclass(frozen=True, eq=False)
class File:
    """A read-only view of one file, its tree, and the work items that are done.

    `module` is the file as inference sees it.
    """

    module: Module
    survey: Survey
    done: frozenset[Item]

    @property
    def path(self) -> str:
        """The path in the tree, with slashes."""
        return self.module.source.path

    @property
    def tree(self) -> Tree:
        """The objects that the rewritten code will use, and what they offer."""
        return self.survey.tree

    def dotted_name(self, node: cst.BaseExpression) -> str:
        """`a.b` with its first part resolved through the imports.

        "" if it is not a dotted name, or if functions import something else by that name.
        """
        parts: list[str] = []
        while isinstance(node, cst.Attribute):
            parts.append(node.attr.value)
            node = node.value
        if not isinstance(node, cst.Name):
            return ""
        first = self.module.only_import(node.value)
        if first is None and node.value in self.module.imports:
            return ""
        return ".".join([first or f"{self.module.dotted}.{node.value}", *reversed(parts)])

    def item_of(self, name: str) -> Item:
        """The work item of the object called `name`."""
        return ITEM_OF_OBJECT[name]

    @property
    def last_item(self) -> Item:
        """The last work item that is done, whose patch takes out what is unused by now."""
        # bypass TrackedItems: this item only decides which patch carries an edit
        return max(frozenset.__iter__(self.done), key=list(Item).index)

    def may_be_key(self, name: str, key: str) -> bool:
        """Whether a row of the object may have a key."""
        return may_be_key(self.tree, name, key)

    def field_type(self, name: str, field: str) -> FieldType:
        """The type of a field, including added fields; false if there is no such field."""
        return self.survey.field_type(name, field, self.done)

    @property
    def keeps_values(self) -> bool:
        """Whether a compute node keeps the values that it is given as they are."""
        return self.survey.plan.keeps_columns

    @property
    def nodes_hold_devices(self) -> bool:
        """Whether a compute node is an object by now that holds its PCI devices as an object."""
        return self.survey.nodes_hold_devices(self.done)

    @property
    def devices_evidence(self) -> Evidence:
        """The places that show what the column of a node's PCI devices is filled with."""
        plan = self.survey.plan
        return plan.pci_stats.evidence if plan.missing else ()

    @property
    def new_fields(self) -> tuple[MissingField, ...]:
        """The fields that a compute node gets."""
        return self.survey.plan.missing

    @property
    def widened(self) -> Mapping[str, Widened]:
        """The objects that get new fields, by name."""
        return self.survey.plan.widened

    @property
    def unregistered(self) -> tuple[str, ...]:
        """The modules of objects that `register_all()` does not import yet, and will."""
        return self.survey.additions.unregistered

    @property
    def adds_nodes_getter(self) -> bool:
        """Whether the list of compute nodes is given a getter of a service's nodes."""
        return self.survey.adds_nodes_getter(self.done)

    def copies_dicts(self, name: str) -> bool:
        """Whether the fields of an object copy the dicts that they are given."""
        return self.survey.copies_dicts(name, self.done)

    def takes_context(self, name: str) -> bool:
        """Whether create(), save() and destroy() of the object take the context."""
        found = self.tree.object(name)
        return found is not None and found.takes_context


@dataclasses.dataclass(frozen=True, eq=False)
class Follower(File):
    """A file that has to follow what the code has become, mostly unit tests."""

    became: Became

    def tests_what(self, *effects: Effect) -> bool:
        """Whether the file imports a changed module that has one of the effects.

        Without effects, any changed module.
        """
        return self.imports_one(self.became.changed(*effects))

    def imports_one(self, modules: Collection[str]) -> bool:
        """Whether the file imports one of the modules."""
        return any(dotted in modules for dotted in self.module.imports.values())
