"""Which columns the dict API stored that the tree's objects have no field for."""

import dataclasses
import functools

from codemods.analysis.columns import LEFT, class_of, columns_in
from codemods.analysis.declarations import (
    dict_statement,
    held_in,
    may_hold,
    relations_statement,
    version_statement,
)
from codemods.analysis.inference import Inference
from codemods.analysis.pci_stats import DEVICES_FIELD, NAME, HandedOver, handed_over
from codemods.analysis.tree import ObjectClass
from codemods.caches import cached_for_run
from codemods.model import Step


@dataclasses.dataclass(frozen=True)
class MissingField:
    """A column without a field; `kind` is the source of the field to add.

    `is_column` is false where the values are rows of a table of their own.
    """

    name: str
    kind: str
    evidence: tuple[Step, ...]
    is_column: bool = True

    @property
    def is_object(self) -> bool:
        """Whether an object is in the field, and its text in the column."""
        return self.kind == DEVICES_FIELD


@dataclasses.dataclass(frozen=True)
class Bump:
    """A class whose version goes up, and the classes it holds that did."""

    name: str
    old: str
    new: str
    fields: tuple[MissingField, ...] = ()
    child: str = ""
    child_old: str = ""
    child_new: str = ""


class Plan:
    """What must be added to the tree's ComputeNode, and whose versions follow."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.tree = inference.tree

    @functools.cached_property
    def missing(self) -> tuple[MissingField, ...]:
        """The fields that ComputeNode is given, in the order of the columns."""
        return self._wanted if self.bumps else ()

    @functools.cached_property
    def _wanted(self) -> tuple[MissingField, ...]:
        """The missing fields of ComputeNode, whether it can be given them or not."""
        devices = self.lacks(NAME) and self.pci_stats.kind == "devices"
        return tuple(
            MissingField(NAME, DEVICES_FIELD, (*one.evidence, *self.pci_stats.evidence))
            if devices and one.name == NAME
            else MissingField(one.name, one.kind, one.evidence, one.is_own)
            for one in columns_in(self.tree).lacking
        )

    def lacks(self, name: str) -> bool:
        """Whether a column is filled that ComputeNode has no field for."""
        return any(one.name == name for one in columns_in(self.tree).lacking)

    @functools.cached_property
    def pci_stats(self) -> HandedOver:
        """What the code hands over for the column of the PCI devices."""
        return handed_over(self.inference)

    @property
    def wordings(self) -> tuple[tuple[str, str], ...]:
        """How the patches speak of what not every tree hands over alike."""
        added = any(field.name == NAME for field in self.missing)
        left = {name for name, _, _ in columns_in(self.tree).all} & LEFT
        return (
            *((name, "left") for name in sorted(left)),
            *(((NAME, self.pci_stats.kind),) if added else ()),
        )

    @property
    def stats_are_rows(self) -> bool:
        """Whether the stats, for which there was no field, are rows of their own table."""
        return any(not field.is_column for field in self.missing)

    @functools.cached_property
    def makes_compatible(self) -> bool:
        """Whether objects are made compatible with older versions at all."""
        return any(
            path.startswith(self.tree.objects_path + "/") and b"def obj_make_compatible" in data
            for path, data in self.tree.project.files.items()
        )

    @property
    def bumps(self) -> dict[str, Bump]:
        """The classes whose version goes up, by name."""
        return self._followed[0]

    @property
    def refused(self) -> frozenset[str]:
        """The classes that would have to change and are written in a way that cannot be followed.

        What holds one of them stays as well.
        """
        return self._followed[1]

    @functools.cached_property
    def _followed(self) -> tuple[dict[str, Bump], frozenset[str]]:
        node = self.tree.object("ComputeNode")
        if not self._wanted or node is None:
            return {}, frozenset()
        columns = columns_in(self.tree)
        if columns.barrier:
            return {}, frozenset({node.name} if columns.misformed else ())
        found = {node.name: Bump(node.name, node.version, up(node.version), self._wanted)}
        waiting, refused = [found[node.name]], set[str]()
        while waiting:
            child = waiting.pop(0)
            for holder in self._holders(child.name):
                if holder.name in found or holder.name in refused:
                    continue
                if self._is_free(holder, child.name):
                    continue
                if not self._follows(holder, child.name):
                    refused.add(holder.name)
                    continue
                new = up(holder.version)
                follower = Bump(
                    holder.name, holder.version, new, (), child.name, child.old, child.new
                )
                found[holder.name] = follower
                waiting.append(follower)
        return found, frozenset(refused)

    def _is_free(self, holder: ObjectClass, child: str) -> bool:
        """Whether a list need not follow, as lists of this tree say nothing of what they hold."""
        held = [held_in(kind) for kind in holder.fields.values()]
        paths = (f"{self.tree.objects_path}/base.py", holder.path)
        texts = [self.tree.project.files.get(path, b"") for path in paths]
        return (child, True) in held and not any(b"child_versions" in text for text in texts)

    def _follows(self, holder: ObjectClass, child: str) -> bool:
        """Whether the version of a class that holds another can go up with that one's."""
        found = class_of(self.tree, holder)
        if found is None or version_statement(found) is None:
            return False
        held = [held_in(kind) for kind in holder.fields.values()]
        if (child, True) in held:
            return dict_statement(found, "child_versions") is not None
        if dict_statement(found, "fields") is None:
            return False
        if not self.base_relates or "obj_make_compatible" in found.methods:
            return True
        fields = [name for name, kind in holder.fields.items() if held_in(kind) == (child, False)]
        return relations_statement(found, fields) is not None

    @functools.cached_property
    def base_relates(self) -> bool:
        """Whether the base class makes older versions of what an object holds."""
        base = self.tree.project.files.get(f"{self.tree.objects_path}/base.py", b"")
        return b"obj_relationships" in base

    def _holders(self, name: str) -> list[ObjectClass]:
        holders = []
        for path in sorted(self.tree.project.files):
            if not path.startswith(self.tree.objects_path + "/"):
                continue
            if not may_hold(self.tree.project.files[path], name):
                continue
            module = self.tree.project.load(path)
            for candidate in module.classes if module is not None else ():
                found = self.tree.object(candidate)
                held = [held_in(kind) for kind in found.fields.values()] if found else []
                if found is not None and any(one and one[0] == name for one in held):
                    holders.append(found)
        return holders


@cached_for_run
def plan_of(inference: Inference) -> Plan:
    """The plan for the tree of an inference, made once."""
    return Plan(inference)


def up(version: str) -> str:
    """The next minor version."""
    major, minor = version.split(".")[:2]
    return f"{major}.{int(minor) + 1}"
