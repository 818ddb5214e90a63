# SPDX-License-Identifier: Apache-2.0
"""Expect of the compute node's stats what the object makes of them.

The row contained JSON text; the object has a dict, whose values are text unless its
fields keep what they are given. So `jsonutils.loads(node['stats'])` becomes the dict
itself, and what it is compared with is converted in the same way. JSON text expected
of the stats that the scheduler's client gets becomes the dict that it now gets.
"""

import json
from collections.abc import Callable
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.helpers import parse_template_expression

from codemods.model import Item
from codemods.rewriting.comments import uncommented
from codemods.rewriting.examples import Example, LeftAlone
from codemods.rewriting.file import File
from codemods.rewriting.findings import Effect
from codemods.rewriting.metadata import (
    ExpectedStatsProvider,
    HoldsProvider,
    ParsedFieldProvider,
)
from codemods.rewriting.nodes import (
    argument,
    attribute,
    call,
    expression,
    literal_key,
    literal_text,
    operand,
)
from codemods.rules.example_sources import NODE_KEEPER, STATS_TELLER
from codemods.rules.tests.base import TestRule

_BESIDE = (("nova/compute/reader.py", NODE_KEEPER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
import six

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in {'a': 1}.items()),
            self.reader.node.stats)
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    Example(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_told(self):
        expected = {'vcpus': 1, 'stats': '{}'}
        self.reader.create('context', {'vcpus': 1, 'stats': {}})
        self.reader.client.update_resource_stats.assert_called_once_with(
            'context', expected)
""",
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_told(self):
        expected = {'vcpus': 1, 'stats': {}}
        self.reader.create('context', {'vcpus': 1, 'stats': {}})
        self.reader.client.update_resource_stats.assert_called_once_with(
            'context', expected)
""",
        path="nova/tests/compute/test_reader.py",
        beside=(("nova/compute/reader.py", STATS_TELLER),),
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova.openstack.common import jsonutils
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_create(self):
        self.reader.create('context', {})
        self.assertEqual({'a': 1}, jsonutils.loads(self.reader.metrics))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


EQUALITY = m.Attribute(
    attr=m.Name("assertEqual") | m.Name("assertEquals") | m.Name("assertDictEqual")
)
_PLACED = m.Arg(keyword=None, star="")
GOT = m.Call(m.Attribute(attr=m.Name("get")), [m.Arg(m.SimpleString(), keyword=None, star="")])
AS_TEXT = "dict((k, six.text_type(v)) for k, v in {expected}.items())"


class StatsExpectationToText(TestRule):
    """See the module."""

    METADATA_DEPENDENCIES = (HoldsProvider, ExpectedStatsProvider, ParsedFieldProvider)

    @classmethod
    def applies(cls, file: File) -> bool:
        """Whether compute nodes are objects so far."""
        return Item.COMPUTE_NODE in file.done

    def leave_Call(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        """`jsonutils.loads(node['stats'])` as `node.stats`, or an assertion on it."""
        if self.get_metadata(ParsedFieldProvider, original, False):
            if self._is_loaded(original):
                evidence = (self.step(original, "the object's field is the dict already"),)
                new = operand(argument(_as_field(updated.args[0].value)))
                lpar, rpar = [*updated.lpar, *new.lpar], [*new.rpar, *updated.rpar]
                new = new.with_changes(lpar=lpar, rpar=rpar)
                return self.edited(original, new, Item.COMPUTE_NODE, evidence)
            if self._may_be_loaded(original):
                reason = "parses what may be the stats of a ComputeNode object, a dict by now"
                self.left_to_person(original, Item.COMPUTE_NODE, reason)
        return self._compared(original, updated) if m.matches(original.func, EQUALITY) else updated

    def leave_SimpleString(
        self, original: cst.SimpleString, updated: cst.SimpleString
    ) -> cst.BaseExpression:
        """`'{}'`, expected where the stats were passed as text."""
        return self._handed_over(original, updated)

    def leave_ConcatenatedString(
        self, original: cst.ConcatenatedString, updated: cst.ConcatenatedString
    ) -> cst.BaseExpression:
        """JSON text in several parts."""
        return self._handed_over(original, updated)

    def _handed_over(
        self, original: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        is_sure = self.get_metadata(ExpectedStatsProvider, original, None)
        if is_sure is None or not self.file.became.has(Effect.HANDS_OVER_STATS):
            return updated
        if not is_sure or not self.file.tests_what(Effect.HANDS_OVER_STATS):
            reason = "expects text of stats that may be handed over as a dict"
            self.left_to_person(original, Item.COMPUTE_NODE, reason)
            return updated
        loaded = expression(repr(json.loads(literal_text(original) or "")))
        new = loaded.with_changes(lpar=updated.lpar, rpar=updated.rpar)
        evidence = (self.step(original, "the stats are handed over as a dict"),)
        return self.edited(original, new, Item.COMPUTE_NODE, evidence)

    def _compared(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        """The assertion, with what is expected of the stats, or of one, as the object has it."""
        values = [one.value for one in original.args[:2] if m.matches(one, _PLACED)]
        if len(values) < 2 or any(map(self._is_doubtful, values)):
            if not self.file.keeps_values and m.findall(original, m.MatchIfTrue(self._may_be_text)):
                reason = "compares stats, whose values are text in a ComputeNode object"
                self.left_to_person(original, Item.COMPUTE_NODE, reason)
            return updated
        for number, actual in enumerate(values):
            expected = values[1 - number]
            new = self._expected(actual, expected, updated.args[1 - number].value)
            if new is not None:
                args = list(updated.args)
                args[1 - number] = args[1 - number].with_changes(value=new)
                evidence = (self.step(original, "the object's values are text"),)
                return self.edited(
                    original, updated.with_changes(args=args), Item.COMPUTE_NODE, evidence
                )
        return updated

    def _expected(
        self, actual: cst.BaseExpression, expected: cst.BaseExpression, updated: cst.BaseExpression
    ) -> cst.BaseExpression | None:
        """What is expected of the object's field; None if that does not change."""
        if self._is_loaded(actual):
            if self._is_loaded(expected):
                return None
            return self._as_text(operand(argument(uncommented(updated))))
        if not isinstance(actual, cst.Subscript):
            return None
        if self._is_loaded(actual.value):
            if literal_text(expected) is not None or m.matches(expected, m.Name("None")):
                return None
            if self.file.keeps_values:
                return None
            self.wants_import("import six", Item.COMPUTE_NODE)
            return call("six.text_type", argument(updated))
        row = self.holding(actual.value)
        if row is None or not row.sure or not self._is_dict(row.name, literal_key(actual) or ""):
            return None
        return _loaded(literal_text(expected), None if self.file.keeps_values else str)

    def _as_text(self, stats: cst.BaseExpression) -> cst.BaseExpression:
        """The dict of the stats as the object's field has it."""
        if self.file.keeps_values:
            return stats
        self.wants_import("import six", Item.COMPUTE_NODE)
        return parse_template_expression(AS_TEXT, expected=stats)

    def _is_doubtful(self, node: cst.BaseExpression) -> bool:
        """Whether an expression, or what it is a value of, may be the loaded JSON or not."""
        stats = node.value if isinstance(node, cst.Subscript) else node
        return self._may_be_loaded(stats) and not self._is_loaded(stats)

    def _may_be_text(self, node: cst.CSTNode) -> bool:
        """Whether an expression may be stats with text for values; not if it stays `loads()`."""
        is_call = self.get_metadata(ParsedFieldProvider, node, False)
        return self._is_loaded(node) if is_call else self._may_be_loaded(node)

    def _is_loaded(self, node: cst.CSTNode) -> bool:
        """Whether an expression certainly is the loaded JSON of a field that is now a dict."""
        held = self.held(node)
        return (
            held is not None
            and all(value.kind == "json" for value in held.values)
            and self._may_be_loaded(node)
        )

    def _may_be_loaded(self, node: cst.CSTNode) -> bool:
        """Whether an expression may be the loaded JSON of a field that is now a dict."""
        held = self.held(node)
        found = held.kind("json") if held is not None else ()
        return any(self._is_dict(*value.name.split(".", 1)) for value, _ in found)

    def _is_dict(self, name: str, field: str) -> bool:
        return self.file.tree.field_type(name, field).is_dict


def _as_field(value: cst.BaseExpression) -> cst.BaseExpression:
    """`node.get('stats')` as `node.stats`; anything else unchanged."""
    if m.matches(value, GOT):
        got = cst.ensure_type(value, cst.Call)
        return attribute(
            cst.ensure_type(got.func, cst.Attribute).value, literal_text(got.args[0].value) or ""
        )
    return value


def _loaded(text: str | None, value_of: Callable[[Any], Any] | None) -> cst.BaseExpression | None:
    """The dict that JSON text contains, with `value_of` applied to its values.

    None for other text, and for nested values that `value_of` would have to convert.
    """
    try:
        loaded: Any = json.loads(text or "")
    except ValueError:
        return None
    if not isinstance(loaded, dict):
        return None
    if value_of is not None:
        if any(isinstance(value, dict | list) for value in loaded.values()):
            return None
        loaded = {k: value if value is None else value_of(value) for k, value in loaded.items()}
    return expression(repr(loaded))
