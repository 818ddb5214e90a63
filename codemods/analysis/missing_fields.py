# SPDX-License-Identifier: Apache-2.0
"""Which columns the dict API stored for which the tree's objects have no field."""

import dataclasses
import functools

from codemods.analysis.columns import LEFT, columns_in
from codemods.analysis.inference import Inference
from codemods.analysis.kept_rows import keeps_rows
from codemods.analysis.pci_stats import DEVICES_FIELD, NAME, HandedOver, handed_over
from codemods.caches import cached_for_run
from codemods.model import Step


@dataclasses.dataclass(frozen=True)
class MissingField:
    """A column without a field; `kind` is the source of the field to add.

    `is_column` is false if the values are rows of another table.
    """

    name: str
    kind: str
    evidence: tuple[Step, ...]
    is_column: bool = True

    @property
    def is_object(self) -> bool:
        """Whether the field holds an object, of which the column holds the text."""
        return self.kind == DEVICES_FIELD


@dataclasses.dataclass(frozen=True)
class Widened:
    """A class that gets fields but keeps its version."""

    name: str
    version: str
    fields: tuple[MissingField, ...]


class FieldPlan:
    """What must be added to the tree's ComputeNode.

    Its version stays: the next version numbers mean other fields in the next
    release, and conductors are upgraded to that before all compute nodes are.
    """

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.tree = inference.tree

    @functools.cached_property
    def missing(self) -> tuple[MissingField, ...]:
        """The fields that ComputeNode gets, in the order of the columns."""
        return self._wanted if self.widened else ()

    @property
    def keeps_columns(self) -> bool:
        """Whether compute nodes keep what they are given, now or with the new fields."""
        return bool(self.missing) or keeps_rows(self.tree)

    @functools.cached_property
    def _wanted(self) -> tuple[MissingField, ...]:
        """The missing fields of ComputeNode, whether they can be added or not."""
        devices = self.lacks(NAME) and self.pci_stats.kind == "devices"
        return tuple(
            MissingField(NAME, DEVICES_FIELD, (*one.evidence, *self.pci_stats.evidence))
            if devices and one.name == NAME
            else MissingField(one.name, one.kind, one.evidence, one.is_own)
            for one in columns_in(self.tree).lacking
        )

    def lacks(self, name: str) -> bool:
        """Whether ComputeNode has no field for a column that is filled."""
        return any(one.name == name for one in columns_in(self.tree).lacking)

    @functools.cached_property
    def pci_stats(self) -> HandedOver:
        """What the code passes for the column of the PCI devices."""
        return handed_over(self.inference)

    @property
    def wordings(self) -> tuple[tuple[str, str], ...]:
        """The wording that the patches use for what differs between trees."""
        added = any(field.name == NAME for field in self.missing)
        left = {name for name, _, _ in columns_in(self.tree).all} & LEFT
        return (
            *((name, "left") for name in sorted(left)),
            *(((NAME, self.pci_stats.kind),) if added else ()),
            *(() if self.keeps_columns else (("stats", "text"),)),
        )

    @property
    def stats_are_rows(self) -> bool:
        """Whether a missing field's values (the stats) are rows of another table."""
        return any(not field.is_column for field in self.missing)

    @functools.cached_property
    def widened(self) -> dict[str, Widened]:
        """The classes that get fields, by name: ComputeNode or none."""
        node = self.tree.object("ComputeNode")
        columns = columns_in(self.tree)
        if not self._wanted or node is None or columns.barrier or columns.difference:
            return {}
        return {node.name: Widened(node.name, node.version, self._wanted)}

    @property
    def refused(self) -> frozenset[str]:
        """The classes that would have to change but are not written in the expected form."""
        node = self.tree.object("ComputeNode")
        is_refused = self._wanted and node is not None and columns_in(self.tree).misformed
        return frozenset({"ComputeNode"} if is_refused else ())


@cached_for_run
def plan_of(inference: Inference) -> FieldPlan:
    """The plan for the tree of an inference."""
    return FieldPlan(inference)
