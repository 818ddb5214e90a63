"""Let the compute node's field of the version take text, where fields are plain functions.

Drivers hand over a version as text ('5.1.0'), which the dict API passed on to
the database as it was; the field makes a number of what it is given, and the
first audit would fail. What is a number goes on being one, and text that is
none is kept as it was kept before.
"""

import itertools

import libcst as cst

from codemods.model import Evidence, Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import VersionFieldProvider
from codemods.rewriting.rule import Rule

_DRIVER = """\
def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': '5.1.0',
    }
"""

_UTILS = """\
def str_value(val):
    if val is None:
        raise ValueError
    return unicode(val)


def str_or_none(val):
    return None if val is None else str_value(val)
"""

_BEFORE = """\
from nova.objects import base
from nova.objects import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    fields = {
        'id': int,
        'hypervisor_version': int,
        'hypervisor_hostname': utils.str_or_none,
        }

    @base.remotable
    def create(self, context):
        pass
"""

_BESIDE = (
    ("nova/objects/fields.py", None),
    ("nova/objects/utils.py", _UTILS),
    ("nova/virt/example.py", _DRIVER),
)

EXAMPLES = (
    Example(
        _BEFORE,
        '''\
from nova.objects import base
from nova.objects import utils


def version_value(val):
    """Keep a version that is no number as the text that a driver gave."""
    try:
        return int(val)
    except ValueError:
        return utils.str_value(val)


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    fields = {
        'id': int,
        'hypervisor_version': version_value,
        'hypervisor_hostname': utils.str_or_none,
        }

    @base.remotable
    def create(self, context):
        pass
''',
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(_BEFORE, path="nova/objects/compute_node.py", beside=_BESIDE[:2]),
)

_FUNCTION = '''\
def version_value(val):
    """Keep a version that is no number as the text that a driver gave."""
    try:
        return int(val)
    except ValueError:
        return utils.str_value(val)
'''

BLANK = cst.EmptyLine(indent=False)


class VersionTextKept(Rule):
    """See the module."""

    METADATA_DEPENDENCIES = (VersionFieldProvider,)
    OWN_OBJECTS = True

    def leave_ClassDef(
        self, original: cst.ClassDef, updated: cst.ClassDef
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        """The class, below the function that its field is from now on."""
        if not self.get_metadata(VersionFieldProvider, original, False):
            return updated
        package = self.file.tree.objects_path.replace("/", ".")
        self.wants_import(f"from {package} import utils", Item.OBJECT_FIELDS)
        function = cst.ensure_type(cst.parse_statement(_FUNCTION), cst.FunctionDef)
        above = updated.leading_lines
        blank = list(itertools.takewhile(lambda one: one.comment is None, above))
        new = cst.FlattenSentinel(
            [
                function.with_changes(leading_lines=blank),
                updated.with_changes(leading_lines=[BLANK, BLANK, *above[len(blank) :]]),
            ]
        )
        return self.edited(original, new, Item.OBJECT_FIELDS, self._evidence(original))

    def _evidence(self, original: cst.CSTNode) -> Evidence:
        return (self.step(original, "drivers hand over text as well"),)

    def leave_Name(self, original: cst.Name, updated: cst.Name) -> cst.Name:
        """`int` as `version_value`."""
        if not self.get_metadata(VersionFieldProvider, original, False):
            return updated
        new = updated.with_changes(value="version_value")
        return self.edited(original, new, Item.OBJECT_FIELDS, self._evidence(original))
