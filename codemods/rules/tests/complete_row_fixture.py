# SPDX-License-Identifier: Apache-2.0
"""Add the columns that objects read to fixtures that stand for rows.

A literal with every column that the object has read so far is a row; it gets the
columns of the added fields. A literal with the typical columns of a row, returned
by a stub of the database, gets every column that it lacks: None if the field may be
None, else a value of the field's type. So does a dict that is kept where the stub
of a separate query finds a migration's instance. A dict that an object reads as
JSON becomes JSON text.
"""

import ast
import json
from collections.abc import Iterator

import libcst as cst

from codemods.analysis.field_types import FieldType
from codemods.analysis.row_fixtures import columns_of
from codemods.model import Evidence, Item
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.findings import Effect
from codemods.rewriting.literals import with_element
from codemods.rewriting.metadata import RowFixtureProvider, RowTextProvider
from codemods.rewriting.nodes import expression, literal_text, string
from codemods.rules.example_sources import READER
from codemods.rules.tests.base import TestRule
from codemods.rules.tests.rows import sample

_BESIDE = (("nova/compute/reader.py", READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
            'compute_node': None,
        }
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
            'compute_node': [],
            'report_count': 0,
            'disabled': False,
            'disabled_reason': None,
            'created_at': None,
            'updated_at': None,
            'deleted_at': None,
            'deleted': False,
        }
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        expected = {
            'id': 1,
            'host': 'host1',
            'binary': 'nova-compute',
            'topic': 'compute',
        }
        self.assertTrue(self.reader.read('context', expected['host']))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


Pairs = list[tuple[str, str]]


class CompleteRowFixture(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (RowFixtureProvider, RowTextProvider)
    OWN_OBJECTS = True

    def leave_List(self, original: cst.List, updated: cst.List) -> cst.BaseExpression:
        """`values['stats'] = [{'key': 'a', 'value': '1'}]` in a row that an object will read."""
        return self._as_stored(original, updated)

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """`dict(id=1)`, to which a person has to add the columns."""
        row = self.get_metadata(RowFixtureProvider, original, None)
        item = self._item(row.object) if row is not None else None
        if row is not None and item is not None and self._reads_objects():
            reason = f"hands out a row of which a {row.object} object reads more columns"
            self.left_to_person(original, item, reason)
        return updated

    def leave_Dict(self, original: cst.Dict, updated: cst.Dict) -> cst.BaseExpression:
        """A literal row with the columns that it lacks, or a dict that is stored in one."""
        row = self.get_metadata(RowFixtureProvider, original, None)
        if row is None:
            return self._as_stored(original, updated)
        if row.kind == "whole":
            return self._with_new_columns(original, updated, row.object)
        if row.kind == "kept":
            return self._as_instance(original, updated)
        item = self._item(row.object)
        if item is None or not self._reads_objects():
            return updated
        evidence = (
            self.step(original, f"a stub of the database hands it out as a {row.object} row"),
        )
        return self._completed(original, updated, row.object, item, evidence)

    def _as_instance(self, original: cst.Dict, updated: cst.Dict) -> cst.Dict:
        """The row of an instance, which has a query of its own once migrations are objects."""
        if Item.MIGRATION not in self.file.done or not self.file.tests_what(Effect.READS_INSTANCE):
            return updated
        evidence = (self.step(original, "is kept where a migration's instance is read"),)
        return self._completed(original, updated, "Instance", Item.MIGRATION, evidence)

    def _as_stored(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        """A dict that is stored in a row, as the column's text."""
        key, item = self.get_metadata(RowTextProvider, original, None), self._item("ComputeNode")
        if key is None or item is None:
            return updated
        text = _as_json(updated)
        if (
            text is None
            or not self.file.tree.field_type("ComputeNode", key).is_dict
            or not self._reads_objects()
        ):
            return updated
        evidence = (self.step(original, "is stored in a ComputeNode row"),)
        new = string(text).with_changes(lpar=updated.lpar, rpar=updated.rpar)
        return self.edited(original, new, item, evidence)

    def _reads_objects(self) -> bool:
        return self.file.tests_what(
            Effect.READS_OBJECT, Effect.CREATES_OBJECT, Effect.SAVES_OBJECT, Effect.SAVES_INSTANCE
        )

    def _item(self, name: str) -> Item | None:
        """The work item since which the object is made from its rows; None if not yet."""
        # the nodes of a service become objects together with the service
        items = (
            (Item.SERVICE, Item.COMPUTE_NODE)
            if name == "ComputeNode"
            else (self.file.item_of(name),)
        )
        return next((item for item in items if item in self.file.done), None)

    def _with_new_columns(self, original: cst.Dict, updated: cst.Dict, name: str) -> cst.Dict:
        """The row of an object that gets new fields."""
        missing = [(column, "None") for column in self._new_columns(name)]
        evidence = (self.step(original, f"has every column of a {name} row"),)
        return self._with_pairs(original, updated, missing, Item.OBJECT_FIELDS, evidence)

    def _new_columns(self, name: str) -> Iterator[str]:
        widened = self.file.widened.get(name)
        if widened is not None and Item.OBJECT_FIELDS in self.file.done:
            yield from (field.name for field in widened.fields if field.is_column)

    def _completed(
        self,
        original: cst.Dict,
        updated: cst.Dict,
        name: str,
        item: Item,
        evidence: Evidence,
    ) -> cst.Dict:
        found = self.file.tree.object(name)
        assert found is not None
        columns = {name: FieldType(source) for name, source in columns_of(found).items()}
        for column in self._new_columns(name):
            columns[column] = self.file.field_type(name, column)
        missing = [(column, sample(column, field)) for column, field in columns.items()]
        new = updated.with_changes(
            elements=[self._as_column(one, name, item, evidence) for one in updated.elements]
        )
        return self._with_pairs(original, new, missing, item, evidence)

    def _as_column(
        self, element: cst.BaseDictElement, name: str, item: Item, evidence: Evidence
    ) -> cst.BaseDictElement:
        """A key's value as the database would return it."""
        if not isinstance(element, cst.DictElement):
            return element
        key, value = literal_text(element.key) or "", element.value
        if name == "ComputeNode" and self.file.tree.field_type(name, key).is_dict:
            text = _as_json(value)
            if text is not None:
                return element.with_changes(value=string(text))
        if name == "Service" and key == "compute_node":
            # a service without nodes has an empty list of them, not None
            if isinstance(value, cst.Name):
                none = value.value == "None"
                new = expression("[]") if none else _or_empty(value)
                return element.with_changes(value=new)
        return element

    def _with_pairs(
        self,
        original: cst.Dict,
        updated: cst.Dict,
        pairs: Pairs,
        item: Item,
        evidence: Evidence,
    ) -> cst.Dict:
        """The dict, with the pairs that it lacks added at its end."""
        last = original.elements[-1]
        assert isinstance(last, cst.DictElement)
        keys = {literal_text(e.key) for e in original.elements if isinstance(e, cst.DictElement)}
        new = updated
        for key, value in pairs:
            if key not in keys:
                quoted = _quoted_like(last.key, key)
                element = cst.DictElement(quoted, expression(value))
                new = with_element(new, element, self.own_line(original))
        if new.deep_equals(updated) and updated.deep_equals(original):
            return updated
        return self.edited(original, new, item, evidence)


def _or_empty(value: cst.Name) -> cst.BooleanOperation:
    return cst.BooleanOperation(value, cst.Or(), cst.List([]))


def _quoted_like(other: cst.BaseExpression, text: str) -> cst.SimpleString:
    """The text in the same quotes as another key."""
    quote = other.quote if isinstance(other, cst.SimpleString) else "'"
    return cst.SimpleString(f"{quote}{text}{quote}")


def _as_json(node: cst.BaseExpression) -> str | None:
    """The JSON text of a literal dict, or of literal rows of keys and values."""
    if not isinstance(node, cst.Dict | cst.List):
        return None
    try:
        literal = ast.literal_eval(cst.Module([]).code_for_node(node).strip())
        if isinstance(literal, list):
            literal = {row["key"]: row["value"] for row in literal}
        return json.dumps(literal)
    except (KeyError, TypeError, ValueError, SyntaxError):
        return None
