"""Add the fields that the dict API stored and that the tree's ComputeNode lacks.

An object drops what it has no field for without a word, so the columns that
the tracker fills must have fields before it uses objects. A field is text like
the column: the tracker hands over JSON text, and the text reaches the column
as it is. The version goes up, older versions are made without the fields, and
every object and list that holds a compute node follows.
"""

import re
from typing import Any

import libcst as cst

from codemods.analysis.object_changes import (
    Change,
    Entered,
    Lacking,
    Raised,
    Related,
    StatsRead,
    StatsSkipped,
    Unchanged,
)
from codemods.model import Item
from codemods.rewriting.adding import Added, set_off
from codemods.rewriting.comments import Note, under
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.literals import with_element
from codemods.rewriting.nodes import (
    expression,
    literal_text,
    respelled,
    statements,
    string,
)
from codemods.rewriting.older_versions import method_for_older_versions, older_versions
from codemods.rules.example_sources import PCI_STATS_WRITER
from codemods.rules.objects.base import ObjectRule

_BESIDE = (("nova/compute/reader.py", PCI_STATS_WRITER),)

EXAMPLES = (
    Example(
        """\
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        }
""",
        """\
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    # Version 1.2: Added pci_stats field
    VERSION = '1.2'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        'pci_stats': fields.StringField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 2):
            primitive.pop('pci_stats', None)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    # Version 1.2: ComputeNode version 1.2
    VERSION = '1.2'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        '1.2': '1.2',
        }
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'pci_stats': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        }
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
)


_HISTORY = re.compile(r"#\s*Version\s+[\d.]+(:?)")

_SKIPPED = """\
if {key} == 'stats':
    continue
"""

_READ = """\
stats = dict({row}.iteritems()).get('stats')
if stats is not None:
    {node}.stats = dict((stat['key'], stat['value']) for stat in stats)
"""


class ObjectFieldsAdded(ObjectRule):
    """See the module."""

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.Assign:
        """`VERSION = '1.0'`, `fields = {...}` or `child_versions = {...}`."""
        for raised in self.changes(original, Raised):
            new = updated.with_changes(value=respelled(updated.value, raised.version))
            updated = self.edited(original, new, Item.OBJECT_FIELDS, raised.evidence)
        for entered in self.changes(original, Entered):
            literal = cst.ensure_type(updated.value, cst.Dict)
            for needed in entered.lines:
                self.wants_import(needed, Item.OBJECT_FIELDS)
            name = cst.ensure_type(original.targets[0].target, cst.Name).value
            for key, source in entered.entries:
                pair = cst.DictElement(string(key), expression(source))
                literal = with_element(literal, pair, len(f"{name} = {{"))
            new = updated.with_changes(value=literal)
            updated = self.edited(original, new, Item.OBJECT_FIELDS, entered.evidence)
        for related in self.changes(original, Related):
            new = updated.with_changes(value=_related(updated.value, related))
            updated = self.edited(original, new, Item.OBJECT_FIELDS, related.evidence)
        return updated

    def leave_SimpleStatementLine(self, original: Any, updated: Any) -> Any:
        """A line, below one more line of the history where it has the version."""
        for node in original.body:
            for raised in self.changes(node, Raised):
                head = f"Version {raised.version}{_colon(original)} "
                comment = cst.Comment(f"# {head}{raised.history}")
                updated = under(updated, [Note(comment=comment, hanging=len(head))])
        return super().leave_SimpleStatementLine(original, updated)

    def added(self, original: cst.CSTNode, change: Change) -> Added | None:
        """The lines that make older versions, or read the stats."""
        if isinstance(change, Unchanged):
            self.declined(original, Item.OBJECT_FIELDS, "object.form", change.evidence)
        if isinstance(change, Lacking):
            return self._older(change)
        if isinstance(change, StatsSkipped):
            return Added(before=statements(_SKIPPED, key=cst.Name(change.key)))
        if isinstance(change, StatsRead):
            lines = statements(_READ, node=cst.Name(change.node), row=cst.Name(change.row))
            text = "# the stats are rows of their own, which are not always read as well"
            lines[0] = under(lines[0], [Note(comment=cst.Comment(text))])
            return Added(behind=lines)
        return None

    def _older(self, change: Lacking) -> Added:
        if not change.conversion:
            return Added(behind=older_versions(change))
        if change.conversion != "tuple":
            self.wants_import(f"from {self.file.tree.package} import utils", Item.OBJECT_FIELDS)
        return Added(behind=set_off([method_for_older_versions(change)]))


def _related(value: cst.BaseExpression, change: Related) -> cst.Dict:
    """The dict with the pair of versions at the end of the lists that it belongs to."""
    table = cst.ensure_type(value, cst.Dict)
    pair = cst.Tuple([cst.Element(string(one)) for one in change.versions])
    elements = []
    for one in table.elements:
        if isinstance(one, cst.DictElement) and literal_text(one.key) in change.fields:
            listed = with_element(cst.ensure_type(one.value, cst.List), cst.Element(pair))
            one = one.with_changes(value=listed)
        elements.append(one)
    return table.with_changes(elements=elements)


def _colon(line: cst.SimpleStatementLine) -> str:
    """What the history above a version puts behind the number."""
    comments = [one.comment.value for one in line.leading_lines if one.comment is not None]
    found = [match[1] for comment in comments if (match := _HISTORY.match(comment))]
    return found[-1] if found else ":"
