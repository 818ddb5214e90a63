"""Which columns the dict API stored that the tree's objects have no field for."""

import ast
import dataclasses
import functools

from codemods.analysis.declarations import (
    constants,
    copying_loop,
    dict_statement,
    held_in,
    may_hold,
    version_statement,
)
from codemods.analysis.inference import Inference
from codemods.analysis.pci_stats import DEVICES_FIELD, NAME, WRITERS, HandedOver, handed_over
from codemods.analysis.project import Class, Module
from codemods.analysis.tree import ObjectClass, Tree
from codemods.model import Step
from codemods.syntax.names import names_of

#: The blueprint leaves this column to those who may use it one day.
_LEFT = {"extra_resources"}


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
        fields = (self._field(*column) for column in self._lacking)
        return (*fields, *self._stats())

    def lacks(self, name: str) -> bool:
        """Whether a column is filled that ComputeNode has no field for."""
        return any(column == name for column, _, _ in self._lacking)

    @functools.cached_property
    def _lacking(self) -> list[tuple[str, str, tuple[Step, ...]]]:
        """The columns that are filled and have no field, each with its type and why."""
        node = self.tree.object("ComputeNode")
        found = _object_class(self.tree, node)
        if node is None or found is None:
            return []
        known = {*node.fields, *_LEFT, *constants(found)}
        return [
            (name, kind, (step, writer))
            for name, kind, step in _columns(self.tree, "ComputeNode")
            if name not in known and (writer := self._writer(name)) is not None
        ]

    def _field(self, name: str, column: str, evidence: tuple[Step, ...]) -> MissingField:
        if name == NAME and self.pci_stats.kind == "devices":
            return MissingField(name, DEVICES_FIELD, (*evidence, *self.pci_stats.evidence))
        return MissingField(name, self._kind(column), evidence)

    @functools.cached_property
    def pci_stats(self) -> HandedOver:
        """What the code hands over for the column of the PCI devices."""
        return handed_over(self.inference)

    @property
    def wordings(self) -> tuple[tuple[str, str], ...]:
        """How the patches speak of what not every tree hands over alike."""
        added = any(field.name == NAME for field in self.missing)
        left = {name for name, _, _ in _columns(self.tree, "ComputeNode")} & _LEFT
        return (
            *((name, "left") for name in sorted(left)),
            *(((NAME, self.pci_stats.kind),) if added else ()),
        )

    @property
    def stats_are_rows(self) -> bool:
        """Whether the stats, for which there was no field, are rows of their own table."""
        return any(not field.is_column for field in self.missing)

    def _stats(self) -> list[MissingField]:
        """The stats, where the node has neither a column nor a field for them."""
        node = self.tree.object("ComputeNode")
        found = _relation(self.tree, "ComputeNode", "stats")
        writer = self._writer("stats")
        if node is None or "stats" in node.fields or found is None or writer is None:
            return []
        return [MissingField("stats", "dict", (found, writer), False)]

    @functools.cached_property
    def makes_compatible(self) -> bool:
        """Whether objects are made compatible with older versions at all."""
        return any(
            path.startswith(self.tree.objects_path + "/") and b"def obj_make_compatible" in data
            for path, data in self.tree.project.files.items()
        )

    def _writer(self, name: str) -> Step | None:
        """A place outside the database code that names the column in a row."""
        package = self.tree.package
        for quote in ("'", '"'):
            needle = f"{quote}{name}{quote}".encode()
            for path in sorted(self.tree.project.files):
                inside = path.removeprefix(f"{package}/")
                if inside.startswith(WRITERS) and needle in self.tree.project.files[path]:
                    data = self.tree.project.files[path]
                    line = data[: data.index(needle)].count(b"\n") + 1
                    return Step(path, line, f"the row's `{name}` is filled")
        return None

    def _kind(self, column: str) -> str:
        if not self.tree.typed_fields:
            return "utils.str_or_none" if column == "String" else "utils.int_or_none"
        return f"fields.{column}Field(nullable=True)"

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
        if not self._takes_fields(node):
            return {}, frozenset({node.name})
        found = {node.name: Bump(node.name, node.version, up(node.version), self._wanted)}
        waiting, refused = [found[node.name]], set[str]()
        while waiting:
            child = waiting.pop(0)
            for holder in self._holders(child.name):
                if holder.name in found or holder.name in refused:
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

    def _takes_fields(self, node: ObjectClass) -> bool:
        found = _object_class(self.tree, node)
        if found is None or version_statement(found) is None:
            return False
        if dict_statement(found, "fields") is None:
            return False
        modules = {field.kind.partition(".")[0] for field in self._wanted if "." in field.kind}
        if not all(self._has_or_takes(found.module, one) for one in modules):
            return False
        if all(field.is_column for field in self._wanted):
            return True
        return copying_loop(found.methods.get("_from_db_object")) is not None

    def _has_or_takes(self, module: Module, name: str) -> bool:
        """Whether a file imports a module of the objects' package, or binds nothing of its name."""
        dotted = f"{self.tree.objects_path.replace('/', '.')}.{name}"
        if dotted in module.imports.values():
            return True
        return name not in names_of(module.source).bound and self.tree.project.is_module(dotted)

    def _follows(self, holder: ObjectClass, child: str) -> bool:
        """Whether the version of a class that holds another can go up with that one's."""
        found = _object_class(self.tree, holder)
        if found is None or version_statement(found) is None:
            return False
        held = [held_in(kind) for kind in holder.fields.values()]
        if (child, True) in held:
            return dict_statement(found, "child_versions") is not None
        return dict_statement(found, "fields") is not None

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


@functools.lru_cache(maxsize=4)
def plan_of(inference: Inference) -> Plan:
    """The plan for the tree of an inference, made once."""
    return Plan(inference)


def up(version: str) -> str:
    """The next minor version."""
    major, minor = version.split(".")[:2]
    return f"{major}.{int(minor) + 1}"


def _object_class(tree: Tree, found: ObjectClass | None) -> Class | None:
    module = tree.project.load(found.path) if found is not None else None
    return module.classes.get(found.name) if module is not None and found is not None else None


def _relation(tree: Tree, name: str, key: str) -> Step | None:
    """Where rows of another table are related to those of `name` under `key`."""
    path = f"{tree.package}/db/sqlalchemy/models.py"
    needle = f'relationship("{name}", backref="{key}"'.encode()
    data = tree.project.files.get(path, b"")
    if needle not in data:
        return None
    return Step(path, data[: data.index(needle)].count(b"\n") + 1, f"the rows under `{key}`")


def _columns(tree: Tree, name: str) -> list[tuple[str, str, Step]]:
    """The columns of the model: name, the field type that holds it, and where it is."""
    path = f"{tree.package}/db/sqlalchemy/models.py"
    needle = f"class {name}(".encode()
    if needle not in tree.project.files.get(path, b""):
        return []
    module = tree.project.load(path)
    model = module.classes.get(name) if module is not None else None
    found = []
    for statement in model.node.body if model is not None else ():
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        target, call = statement.targets[0], statement.value
        if not isinstance(target, ast.Name) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id != "Column" or not call.args:
            continue
        assert module is not None
        kind = module.source.of(call.args[0]).partition("(")[0].rpartition(".")[2]
        field = {"Integer": "Integer", "Boolean": "Boolean", "Float": "Float"}.get(kind, "String")
        step = Step(path, statement.lineno, f"the column `{target.id}`")
        found.append((target.id, field, step))
    return found
