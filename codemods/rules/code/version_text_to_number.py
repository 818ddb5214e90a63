# SPDX-License-Identifier: Apache-2.0
"""Convert a version that a virt driver reports as text to a number.

Drivers of older releases report a version as text ('5.1.0'), which the dict API
passed on to the database unchanged. A typed field takes only numbers, so the
first audit would fail, unless the compute node keeps what it is given. So the
literal becomes the number that the other drivers report for such a version. Text
that does not contain a version stays, and is listed.
"""

from typing import Any

import libcst as cst

from codemods.model import Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.metadata import VersionTextProvider
from codemods.rewriting.nodes import passed_to
from codemods.rules.code.base import CodeRule
from codemods.rules.example_sources import NODE_WRITER

_UTILS = """\
def convert_version_to_int(version):
    major, minor, patch = version.split('.')
    return int(major) * 1000000 + int(minor) * 1000 + int(patch)
"""

_BESIDE = (("nova/compute/reader.py", NODE_WRITER), ("nova/utils.py", _UTILS))

EXAMPLES = (
    Example(
        """\
def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': '5.1.0',
    }
""",
        """\
from nova import utils


def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': utils.convert_version_to_int('5.1.0'),
    }
""",
        path="nova/virt/example.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': 5001000,
    }
""",
        path="nova/virt/example.py",
        beside=_BESIDE,
    ),
)


class VersionTextToNumber(CodeRule):
    """See the module."""

    METADATA_DEPENDENCIES = (VersionTextProvider,)

    def leave_SimpleString(self, original_node: Any, updated_node: Any) -> Any:
        """`'5.1.0'` as `utils.convert_version_to_int('5.1.0')`, or as 5001000."""
        found = self.get_metadata(VersionTextProvider, original_node, None)
        if found is None:
            return updated_node
        evidence = (self.step(original_node, "the object's field takes a number"),)
        if found.number is None:
            self.declined(original_node, Item.OBJECT_FIELDS, "value.text", evidence)
            return updated_node
        new: cst.BaseExpression = cst.Integer(str(found.number))
        if found.has_converter:
            self.wants_import(f"from {self.file.tree.package} import utils", Item.OBJECT_FIELDS)
            new = passed_to("utils.convert_version_to_int", updated_node)
        return self.edited(original_node, new, Item.OBJECT_FIELDS, evidence)

    leave_ConcatenatedString = leave_SimpleString
