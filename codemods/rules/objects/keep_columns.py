# SPDX-License-Identifier: Apache-2.0
"""Let the compute node keep every value that virt drivers report, for every column.

A field coerces or rejects a value that does not fit it; another conductor's
object may lack the field, or have text where this one has numbers; and later
releases use the next version numbers for other fields. So no version is bumped:
the fields keep the values they are given, fields outside the object's version are
not sent with it, and if an object cannot carry a row, create() and save() run
locally and pass the row to the dict API, which conductors of this release and the
next have. The values sent over RPC are those that were sent before. (The example
is a whole class, hence its length.)
"""

from collections.abc import Iterator
from typing import Any

import libcst as cst
import libcst.matchers as m

from codemods.analysis.kept_rows import KEEPING, MODULE
from codemods.analysis.object_changes import ColumnsKept, ObjectChange, RowStored, RunHere
from codemods.analysis.survey import Survey
from codemods.model import Item, NewFile
from codemods.rewriting.adding import Added
from codemods.rewriting.bases import with_first_base
from codemods.rewriting.comments import Note, under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.nodes import arg, attribute, statements, string
from codemods.rules.example_sources import PCI_STATS_WRITER
from codemods.rules.objects.base import ObjectRule

_BESIDE = (("nova/compute/reader.py", PCI_STATS_WRITER),)

_BEFORE = """\
from nova import db
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        }

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        for key in compute.fields:
            compute[key] = db_compute[key]
        compute._context = context
        compute.obj_reset_changes()
        return compute

    @base.remotable
    def create(self, context):
        updates = self.obj_get_changes()
        db_compute = db.compute_node_create(context, updates)
        self._from_db_object(context, self, db_compute)

    @base.remotable
    def save(self, context):
        updates = self.obj_get_changes()
        db_compute = db.compute_node_update(context, self.id, updates)
        self._from_db_object(context, self, db_compute)
"""

EXAMPLES = (
    Example(
        _BEFORE,
        """\
from nova.objects import base
from nova.objects import compute_node_rows
from nova.objects import fields


class ComputeNode(compute_node_rows.KeptColumns,
                  base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        'pci_stats': fields.StringField(nullable=True),
        }
    # Not part of this object version, so not sent over RPC.
    unversioned = ('pci_stats',)
    fields = compute_node_rows.kept(fields)

    @staticmethod
    def _from_db_object(context, compute, db_compute):
        for key in compute.fields:
            compute[key] = db_compute[key]
        compute._context = context
        compute.obj_reset_changes()
        return compute

    @compute_node_rows.remotable
    def create(self, context):
        updates = self.obj_get_changes()
        db_compute = compute_node_rows.compute_node_create(context, updates)
        self._from_db_object(context, self, db_compute)

    @compute_node_rows.remotable
    def save(self, context):
        updates = self.obj_get_changes()
        db_compute = compute_node_rows.compute_node_update(context, self.id,
                                                           updates)
        self._from_db_object(context, self, db_compute)
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(_BEFORE, path="nova/objects/compute_node.py"),
)

REMOTABLE = m.Decorator(m.Attribute(attr=m.Name("remotable")))

_KEPT = """\
unversioned = {names}
fields = {rows}.kept(fields)
"""

_NOTE = "# Not part of this object version, so not sent over RPC."


class KeepColumns(ObjectRule):
    """See the module."""

    @classmethod
    def created(cls, survey: Survey, done: frozenset[Item]) -> Iterator[NewFile]:
        """The module that passes rows to the dict API, and its unit tests."""
        for path, data in survey.additions.files.items() if Item.OBJECT_FIELDS in done else ():
            if MODULE in path:
                yield NewFile(path, data, Item.OBJECT_FIELDS, cls.name())

    def leave_ClassDef(self, original: cst.ClassDef, updated: cst.ClassDef) -> cst.ClassDef:
        """`class ComputeNode(base.NovaPersistentObject, base.NovaObject)`."""
        for change in self.changes(original, ColumnsKept):
            new = with_first_base(updated, arg(attribute(self._rows, KEEPING)))
            updated = self.edited(original, new, Item.OBJECT_FIELDS, change.evidence)
        return updated

    def leave_FunctionDef(
        self, original: cst.FunctionDef, updated: cst.FunctionDef
    ) -> cst.FunctionDef:
        """`create()` and `save()`."""
        for change in self.changes(original, RunHere):
            remotable = attribute(self._rows, "remotable")
            decorators = [
                one.with_changes(decorator=remotable) if m.matches(one, REMOTABLE) else one
                for one in updated.decorators
            ]
            new = updated.with_changes(decorators=decorators)
            updated = self.edited(original, new, Item.OBJECT_FIELDS, change.evidence)
        return updated

    def _leave_statement(self, original: Any, updated: Any) -> Any:
        for change in self.changes(original, RowStored):
            called = m.Attribute(value=m.Name(), attr=m.Name(change.function))
            new: Any = m.replace(updated, called, attribute(self._rows, change.function))
            updated = self.edited(original, new, Item.OBJECT_FIELDS, change.evidence)
        return updated

    leave_Assign: Any = _leave_statement
    leave_Expr: Any = _leave_statement
    leave_Return: Any = _leave_statement

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The lines that make the fields keep their values."""
        if not isinstance(change, ColumnsKept) or not isinstance(original, cst.Assign):
            return None
        names = cst.Tuple([cst.Element(string(name)) for name in change.unversioned])
        lines = statements(_KEPT, names=names, rows=self._rows)
        lines[0] = under(lines[0], [Note(comment=cst.Comment(_NOTE))])
        return Added(behind=lines)

    @property
    def _rows(self) -> cst.Name:
        return self.name_of(MODULE, self.file.tree.objects_path.replace("/", "."))
