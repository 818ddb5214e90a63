# SPDX-License-Identifier: Apache-2.0
"""Update the tables of the tree's own object test for the new fields.

The test compares each object's version, and a hash of its fields and its remotable
methods, with a table. The version is not bumped because what goes over RPC does not
change. The hash is computed from the source; if that does not reproduce the
table's present hash, nothing is changed and the test is listed for a person.
"""

from typing import Any

import libcst as cst

from codemods.analysis.fingerprints import widened_fingerprint
from codemods.analysis.missing_fields import Widened
from codemods.model import Evidence, Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.literals import with_element, with_element_before
from codemods.rewriting.nodes import literal_text, respelled, string
from codemods.rules.example_sources import PCI_STATS_WRITER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/compute/reader.py", PCI_STATS_WRITER),)

_FIELDS = "\n\n".join(
    f"class {name}(object):\n    pass\n\n\nclass {name}Field(Field):\n    AUTO_TYPE = {name}()\n"
    for name in ("Boolean", "DateTime", "Integer", "String")
)

_NODE = """\
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        }
"""

EXAMPLES = (
    Example(
        """\
object_data = {
    'ComputeNode': '1.5-f081a7e52b554d6bc6a7a7ad453e9050',
}
""",
        """\
object_data = {
    'ComputeNode': '1.5-57431e632d795170c25cfc57a652ffb8',
}
""",
        path="nova/tests/objects/test_objects.py",
        beside=(
            *_BESIDE,
            ("nova/objects/fields.py", _FIELDS),
            ("nova/objects/compute_node.py", _NODE),
        ),
    ),
    LeftAlone(
        """\
object_data = {
    'ComputeNode': '1.5-0123456789abcdef0123456789abcdef',
}
""",
        because="object.test-table",
        path="nova/tests/objects/test_objects.py",
        beside=(*_BESIDE, ("nova/objects/compute_node.py", _NODE)),
    ),
    LeftAlone(
        """\
object_relationships = {
    'Service': {'ComputeNode': '1.5'},
}
""",
        path="nova/tests/objects/test_objects.py",
        beside=(*_BESIDE, ("nova/objects/compute_node.py", _NODE)),
    ),
)


class UpdateObjectFingerprints(TestRule):
    """See the module."""

    NEEDLES = (b"object_data =", b"object_relationships =")
    OWN_OBJECTS = True

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether an object gets new fields."""
        return super().applies(file) and Item.OBJECT_FIELDS in file.done and bool(file.widened)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._hashes: set[cst.BaseDictElement] = set()

    def visit_Assign(self, node: cst.Assign) -> None:
        """Find the entries of the table of hashes."""
        name, table = _table(node)
        if name == "object_data":
            self._hashes.update(table.elements)

    def leave_DictElement(
        self, original: cst.DictElement, updated: cst.DictElement
    ) -> cst.DictElement:
        """The entry of an object."""
        widened = self.file.widened.get(literal_text(original.key) or "")
        known = literal_text(original.value)
        if widened is None or known is None:
            return updated
        version = None
        if original in self._hashes:
            evidence = (self.step(original.value, f"{widened.name} has more fields now"),)
            version = self._hash(original, widened, known, evidence)
        if version is None or version == known:
            return updated
        new = respelled(original.value, version)
        value = self.edited(original.value, new, Item.OBJECT_FIELDS, evidence)
        return updated.with_changes(value=value)

    def _hash(
        self, original: cst.DictElement, widened: Widened, known: str, evidence: Evidence
    ) -> str | None:
        """The new fingerprint; None if even the present one cannot be reproduced."""
        found = widened_fingerprint(self.file.tree, widened, known)
        if found is not None:
            return found
        self.declined(original.value, Item.OBJECT_FIELDS, "object.test-table", evidence)
        self.needs_person(
            original.value,
            f"{self.file.module.dotted}.TestObjectVersions.test_versions",
            Item.OBJECT_FIELDS,
            f"the fingerprint of {widened.name} must be made with the tree's own tool",
        )
        return None

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> cst.Assign:
        """`object_relationships = {...}`, if a compute node now contains a list of devices."""
        name, table = _table(updated)
        widened = self.file.widened.get("ComputeNode")
        objects = (
            [field for field in widened.fields if field.is_object] if widened is not None else []
        )
        held = self.file.tree.object("PciDeviceList") if objects else None
        if name != "object_relationships" or held is None:
            return updated
        evidence = objects[0].evidence
        own_line = self.own_line(cst.ensure_type(original.value, cst.Dict))
        new = _with_pair(table, "ComputeNode", held.name, held.version, own_line)
        if new is None:
            self.declined(original, Item.OBJECT_FIELDS, "object.test-table", evidence)
            return updated
        assign = updated.with_changes(value=new)
        return self.edited(original, assign, Item.OBJECT_FIELDS, evidence)


def _with_pair(
    table: cst.Dict,
    name: str,
    held: str,
    version: str,
    own_line: cst.ParenthesizedWhitespace,
) -> cst.Dict | None:
    """The table, with `held` as contained in the object `name`; None if keys are not literal."""
    entry = cst.DictElement(string(held), string(version))
    elements = list(table.elements)
    for number, element in enumerate(elements):
        if isinstance(element, cst.DictElement) and literal_text(element.key) == name:
            inner = element.value
            new = _sorted_in(inner, held, entry, None) if isinstance(inner, cst.Dict) else None
            if new is None:
                return None
            elements[number] = element.with_changes(value=new)
            return table.with_changes(elements=elements)
    return _sorted_in(table, name, cst.DictElement(string(name), cst.Dict([entry])), own_line)


def _sorted_in(
    table: cst.Dict,
    name: str,
    element: cst.DictElement,
    own_line: cst.ParenthesizedWhitespace | None,
) -> cst.Dict | None:
    """The dict with one more element, sorted by name; None if some keys are not literal."""
    keys = [
        literal_text(one.key) if isinstance(one, cst.DictElement) else None
        for one in table.elements
    ]
    if None in keys:
        return None
    number = next((n for n, key in enumerate(keys) if str(key) > name), len(keys))
    if number == len(keys):
        return with_element(table, element, own_line)
    return with_element_before(table, number, element, own_line)


def _table(node: cst.Assign) -> tuple[str, cst.Dict]:
    """The name and the literal of `name = {...}`; no name for any other statement."""
    target = node.targets[0].target
    if isinstance(target, cst.Name) and isinstance(node.value, cst.Dict):
        return target.value, node.value
    return "", cst.Dict([])
