# SPDX-License-Identifier: Apache-2.0
"""The columns of compute nodes that the code fills and the tree's object has no field for.

All of this is read from the tree's own files, so it is known before inference starts.
"""

import ast
import dataclasses
import functools
import re
from collections.abc import Iterator

from codemods.analysis.declarations import (
    class_of,
    constants,
    copies_fields,
    copying_loop,
    dict_statement,
)
from codemods.analysis.kept_rows import rows_barrier, writers_barrier
from codemods.analysis.named import exists
from codemods.analysis.object_class import ObjectClass
from codemods.analysis.project import Module
from codemods.analysis.tree import Tree
from codemods.analysis.versions import takes_text, text_versions
from codemods.caches import cached_for_run
from codemods.model import Step
from codemods.syntax.names import names_of

#: Where the code that fills rows lives; it never stores a column that it never names.
WRITERS = ("compute/", "virt/", "scheduler/client/")

#: The blueprint leaves this column to future users.
LEFT = {"extra_resources"}

#: Columns whose field has another name, and holds objects instead of the column's text.
OTHER_NAMES = {"supported_instances": "supported_hv_specs"}

#: The types of a dict field, best first.
_DICTS = ("DictOfNullableStringsField", "DictOfStringsField")

_NODE = "ComputeNode"


@dataclasses.dataclass(frozen=True)
class Column:
    """A column that has no field; `kind` is the source of a field that can hold its values.

    `is_own` is false if the values are rows of a table of their own.
    """

    name: str
    kind: str
    evidence: tuple[Step, ...]
    is_own: bool = True


class Columns:
    """The columns of the tree's ComputeNode."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    @functools.cached_property
    def lacking(self) -> tuple[Column, ...]:
        """The columns that the code fills and that have no field, in the model's order."""
        node, found = self.tree.object(_NODE), class_of(self.tree, self.tree.object(_NODE))
        if node is None or found is None or not self.tree.is_own:
            return ()
        known = {*node.fields, *LEFT, *constants(found)}
        return (
            *(
                Column(name, self._kind(kind), (step, writer))
                for name, kind, step in self.all
                if name not in known and (writer := self._writer(name)) is not None
            ),
            *self._stats(node),
        )

    @functools.cached_property
    def all(self) -> list[tuple[str, str, Step]]:
        """The columns of the model, each with its name, kind of field and place."""
        return columns_of(self.tree, _NODE)

    @functools.cached_property
    def barrier(self) -> str:
        """What the tree lacks for the object to hold what the code fills in; "" if nothing.

        Values without a field would be dropped by the object.
        """
        node = self.tree.object(_NODE)
        if node is None or not self.tree.is_own:
            return ""
        for why in self._barriers(node):
            return why
        return ""

    @functools.cached_property
    def difference(self) -> str:
        """A field of the object that does not take what the code fills in; "" if all do."""
        node = self.tree.object(_NODE)
        if node is None or not self.tree.is_own or self.lacking:
            return ""
        if text_versions(self.tree) and not takes_text(self.tree):
            return f"{_NODE}.hypervisor_version does not take text"
        for name, other in OTHER_NAMES.items():
            if other in node.fields and self._writer(name) is not None:
                return f"{_NODE}.{other} does not take whatever is written as {name}"
        return ""

    @functools.cached_property
    def misformed(self) -> str:
        """What the class itself lacks for fields to be added to it; "" if nothing."""
        found = class_of(self.tree, self.tree.object(_NODE))
        if found is None or dict_statement(found, "fields") is None:
            return f"a literal dict of the fields of {_NODE}"
        reads = found.methods.get("_from_db_object")
        if not copies_fields(reads):
            return f"{_NODE}._from_db_object() that goes by the fields"
        if not all(column.is_own for column in self.lacking) and copying_loop(reads) is None:
            return f"{_NODE}._from_db_object() that copies all fields in one loop"
        return writers_barrier(self.tree)

    def _barriers(self, node: ObjectClass) -> Iterator[str]:
        has_texts = bool(text_versions(self.tree))
        if (barred := self.tree.stays.bars("nodes")) and (self.lacking or has_texts):
            name = self.lacking[0].name if self.lacking else "hypervisor_version"
            yield f"a field {_NODE}.{name} for what is filled in, and to have it {barred}"
        if self.lacking and (why := self.misformed or rows_barrier(self.tree)):
            yield f"a field {_NODE}.{self.lacking[0].name}, and to add it {why}"
        found = class_of(self.tree, node)
        for column in self.lacking if found is not None else ():
            module, _, name = column.kind.partition("(")[0].rpartition(".")
            dotted = f"{self.tree.objects_path.replace('/', '.')}.{module}"
            field = f"a field {_NODE}.{column.name}, and to add it"
            if module and not exists(self.tree, dotted, name):
                yield f"{field} {dotted}.{name}"
            elif module and found is not None and not _has_or_takes(found.module, dotted):
                yield f"{field} a name for {dotted} that is free"

    def _kind(self, column: str) -> str:
        if not self.tree.typed_fields:
            return "utils.str_or_none" if column == "String" else "utils.int_or_none"
        return f"fields.{column}Field(nullable=True)"

    def _stats(self, node: ObjectClass) -> Iterator[Column]:
        """The stats, if they are rows of another table and the node has no field for them."""
        found, writer = _relation(self.tree, _NODE, "stats"), self._writer("stats")
        is_known = "stats" in node.fields or any(name == "stats" for name, _, _ in self.all)
        if not is_known and found is not None and writer is not None:
            yield Column("stats", self._dict_kind(), (found, writer), False)

    def _dict_kind(self) -> str:
        if not self.tree.typed_fields:
            return "dict"
        module = f"{self.tree.objects_path.replace('/', '.')}.fields"
        kinds = [one for one in _DICTS if exists(self.tree, module, one)]
        return f"fields.{(*kinds, *_DICTS)[0]}(nullable=True)"

    def _writer(self, name: str) -> Step | None:
        """The first place that names the column in code that may fill rows."""
        package = self.tree.package
        for quote in ("'", '"'):
            needle = f"{quote}{name}{quote}".encode()
            for path in sorted(self.tree.project.files):
                data = self.tree.project.files[path]
                if needle in data and is_writer(path, package):
                    line = data[: data.index(needle)].count(b"\n") + 1
                    return Step(path, line, f"the row's `{name}` is filled")
        return None


@cached_for_run
def columns_in(tree: Tree) -> Columns:
    """The columns of a tree's ComputeNode; created once per run."""
    return Columns(tree)


def is_writer(path: str, package: str) -> bool:
    """Whether a file may fill a row: one in WRITERS, or one outside the package and its tests."""
    if not path.startswith(f"{package}/"):
        return "tests" not in path.split("/")
    return path.removeprefix(f"{package}/").startswith(WRITERS)


def _has_or_takes(module: Module, dotted: str) -> bool:
    """Whether a file imports a module, or has its name free."""
    name = dotted.rpartition(".")[2]
    return dotted in module.imports.values() or name not in names_of(module.source).bound


def _relation(tree: Tree, name: str, key: str) -> Step | None:
    """Where the models relate rows of another table to those of `name` under `key`."""
    path = f"{tree.package}/db/sqlalchemy/models.py"
    data = tree.project.files.get(path, b"")
    pattern = rf"relationship\(\s*[\"']?{name}[\"']?,\s*backref=(?:backref\()?[\"']{key}[\"']"
    found = re.search(pattern.encode(), data)
    if found is None:
        return None
    return Step(path, data[: found.start()].count(b"\n") + 1, f"the rows under `{key}`")


def columns_of(tree: Tree, name: str) -> list[tuple[str, str, Step]]:
    """The columns of a model, each with its name, kind of field and place."""
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
        if not isinstance(target, ast.Name) or not call.args:
            continue
        if "Column" not in (getattr(call.func, "id", ""), getattr(call.func, "attr", "")):
            continue
        assert module is not None
        kind = module.source.of(call.args[0]).partition("(")[0].rpartition(".")[2]
        field = {"Integer": "Integer", "Boolean": "Boolean", "Float": "Float"}.get(kind, "String")
        step = Step(path, statement.lineno, f"the column `{target.id}`")
        found.append((target.id, field, step))
    return found
