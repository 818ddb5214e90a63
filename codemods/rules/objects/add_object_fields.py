# SPDX-License-Identifier: Apache-2.0
"""Add the fields for columns that the dict API stored and that the tree's ComputeNode lacks.

An object silently drops values that it has no field for, so the columns that the
tracker fills need fields before it uses objects. Apart from stats, and a list of
PCI devices, each field has the type of its column: the tracker's JSON text reaches
the column unchanged. The version is not bumped: the next release uses the next
numbers for other fields, and its conductors run before the last compute node is
upgraded. The fields are not sent with the object, so its other readers see what
they saw before.
"""

import libcst as cst

from codemods.analysis.object_changes import (
    Entered,
    ObjectChange,
    StatsRead,
    StatsSkipped,
    Unchanged,
)
from codemods.model import Item
from codemods.rewriting.adding import Added
from codemods.rewriting.comments import Note, under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.literals import with_element
from codemods.rewriting.nodes import expression, statements, string
from codemods.rules.example_sources import PCI_STATS_WRITER
from codemods.rules.objects.base import ObjectRule

_BESIDE = (("nova/compute/reader.py", PCI_STATS_WRITER),)

_BEFORE = """\
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        }


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
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
        'pci_stats': fields.StringField(nullable=True),
        }
    # Not part of this object version, so not sent over RPC.
    unversioned = ('pci_stats',)
    fields = compute_node_rows.kept(fields)


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        _BEFORE.replace(
            "IntegerField(),\n", "IntegerField(),\n        'pci_stats': fields.StringField(),\n"
        ),
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
)


_SKIPPED = """\
if {key} == 'stats':
    continue
"""

_READ = """\
stats = dict({row}.iteritems()).get('stats')
if isinstance(stats, list):
    {node}.stats = dict((stat['key'], stat['value']) for stat in stats)
"""


class AddObjectFields(ObjectRule):
    """See the module."""

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.Assign:
        """`fields = {...}`."""
        for entered in self.changes(original, Entered):
            literal = cst.ensure_type(updated.value, cst.Dict)
            for needed in entered.lines:
                self.wants_import(needed, Item.OBJECT_FIELDS)
            declared = cst.ensure_type(original.value, cst.Dict)
            for key, source in entered.entries:
                pair = cst.DictElement(string(key), expression(source))
                literal = with_element(literal, pair, self.own_line(declared))
            new = updated.with_changes(value=literal)
            updated = self.edited(original, new, Item.OBJECT_FIELDS, entered.evidence)
        return updated

    def added(self, original: cst.CSTNode, change: ObjectChange) -> Added | None:
        """The lines that read the stats."""
        if isinstance(change, Unchanged):
            self.declined(original, Item.OBJECT_FIELDS, "object.form", change.evidence)
        if isinstance(change, StatsSkipped):
            return Added(before=statements(_SKIPPED, key=cst.Name(change.key)))
        if isinstance(change, StatsRead):
            lines = statements(_READ, node=cst.Name(change.node), row=cst.Name(change.row))
            text = "# Stats are rows of their own table and are not always joined."
            lines[0] = under(lines[0], [Note(comment=cst.Comment(text))])
            return Added(behind=lines, effect=Effect.READS_STATS)
        return None
