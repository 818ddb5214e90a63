# SPDX-License-Identifier: Apache-2.0
"""What a unit test expects of a new row, and then of the new object."""

import pathlib
import textwrap

import pytest
from unit_test_sources import READ, WAIT, Beside, in_mocked_case, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "create_expectation_to_object"

MOCKS = "handle_mock_to_object_mocks"

#: The node is kept by a method that another one calls, in an attribute of its own name.
INIT = """\
def init(self, context, values):
    return self._make(context, values)
"""

MAKE = """\
def _make(self, context, values):
    self.node = self.conductor_api.compute_node_create(context, values)
"""

OTHER = """\
def other(self, context, values):
    self.second = self.conductor_api.compute_node_create(context, values)
"""

NUMBERED = """\
def number(self, context, values):
    self._make(context, values)
    return self.node['id']
"""

CODE: Beside = reader(READ, INIT, MAKE, OTHER, NUMBERED, WAIT)

REWRITTEN = [
    pytest.param(
        """\
def test_init(self):
    create_mock = self.cond_api_mock.compute_node_create
    values = {'vcpus': 1, 'memory_mb': 2}
    self.rt.init('context', values)
    create_mock.assert_called_once_with('context', values)
""",
        """\
@mock.patch('nova.objects.ComputeNode.create')
def test_init(self, create_mock):
    values = {'vcpus': 1, 'memory_mb': 2}
    self.rt.init('context', values)
    create_mock.assert_called_once_with('context')
    self.assertEqual(values,
                     dict((key, self.rt.node[key]) for key in values))
""",
        id="node that a method of the method keeps",
    ),
    pytest.param(
        """\
def test_init(self):
    def fake(ctx, values):
        made = copy.copy(values)
        made.update(id=1)
        return made

    create_mock = self.cond_api_mock.compute_node_create
    create_mock.side_effect = fake
    values = {'vcpus': 1}
    expected = dict(values)
    expected['stats'] = '{}'
    self.rt.init('context', values)
    create_mock.assert_called_once_with('context', expected)
""",
        """\
@mock.patch('nova.objects.ComputeNode.create')
def test_init(self, create_mock):
    values = {'vcpus': 1}
    expected = dict(values)
    expected['stats'] = {}
    self.rt.init('context', values)
    create_mock.assert_called_once_with('context')
    self.assertEqual(expected,
                     dict((key, self.rt.node[key]) for key in expected))
""",
        id="fake with values of its own name, copy",
    ),
    *(
        pytest.param(
            f"""\
def test_number(self):
    def fake(ctx, values):
        # the new row
{textwrap.indent(fake, " " * 8)}
    create_mock = self.cond_api_mock.compute_node_create
    create_mock.side_effect = fake
    values = {{'vcpus': 1}}
    self.rt.number('context', values)
    create_mock.assert_called_once_with('context', values)
""",
            """\
@mock.patch('nova.objects.ComputeNode.create', autospec=True)
def test_number(self, create_mock):
    def fake(compute_node, ctx):
        # the new row
        compute_node.id = 7

    create_mock.side_effect = fake
    values = {'vcpus': 1}
    self.rt.number('context', values)
    create_mock.assert_called_once_with(self.rt.node, 'context')
    self.assertEqual(values,
                     dict((key, self.rt.node[key]) for key in values))
""",
            id=f"fake that gives an id, {name}",
        )
        for name, fake in (
            ("by keyword", "return dict(values, id=7)\n"),
            ("in a literal", "row = {'id': 7}\nrow.update(values)\nreturn row\n"),
            ("by key", "row = dict(values)\nrow['id'] = 7\nreturn row\n"),
        )
    ),
]

#: Known to the rule of the mocks, which says so; this one has nothing to follow.
LEFT = [
    pytest.param(
        f"""\
def test_init(self):
    {before}
    create_mock = self.cond_api_mock.compute_node_create
    {told}
    values = {{'vcpus': 1{more}}}
    self.rt.{method}('context', values)
    {after}
    create_mock.assert_called_once_with('context', values)
""",
        id=name,
    )
    for name, before, told, more, method, after in (
        ("no method that keeps it", "pass", "pass", "", "read", "pass"),
        ("two that do", "pass", "pass", "", "init", "self.rt.other(1, {})"),
        ("stats as text", "pass", "pass", ", 'stats': '{\"a\": 1}'", "init", "pass"),
        ("stats set to text", "pass", "pass", "", "init", "values['stats'] = '[]'"),
        (
            "fake with an id that is no literal",
            "def fake(_, values): return dict(values, id=ID)",
            "create_mock.side_effect = fake",
            "",
            "number",
            "pass",
        ),
        (
            "fake without an id",
            "def fake(_, values): return values",
            "create_mock.side_effect = fake",
            "",
            "number",
            "pass",
        ),
        ("mock handed on", "pass", "pass", "", "init", "self.check(create_mock)"),
        ("no fake", "pass", "create_mock.side_effect = ValueError", "", "init", "pass"),
        (
            "fake that asks",
            "def fake(_, values): self.check(values); return {}",
            "create_mock.side_effect = fake",
            "",
            "init",
            "pass",
        ),
        (
            "fake that keeps",
            "def fake(_, values): self.values = values; return {}",
            "create_mock.side_effect = fake",
            "",
            "init",
            "pass",
        ),
        (
            "fake that fails",
            "def fake(_, values): raise ValueError",
            "create_mock.side_effect = fake",
            "",
            "init",
            "pass",
        ),
        (
            "fake that is used elsewhere",
            "def fake(_, values): return {}",
            "create_mock.side_effect = fake",
            "",
            "init",
            "fake(1, {})",
        ),
    )
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_mocked_case(before), in_mocked_case(after), CODE)


ON_ONE_LINE = """\
def test_number(self):
    def fake(ctx, values): return dict(values, id=7)  # it
    create_mock = self.cond_api_mock.compute_node_create
    create_mock.side_effect = fake
    self.rt.number('context', {})
"""
ON_TWO_LINES = """\
@mock.patch('nova.objects.ComputeNode.create', autospec=True)
def test_number(self, create_mock):
    def fake(compute_node, ctx):
        # it
        compute_node.id = 7
    create_mock.side_effect = fake
    self.rt.number('context', {})
"""


def test_fake_on_one_line_gets_a_block(tmp_path: pathlib.Path):
    before, after = in_mocked_case(ON_ONE_LINE), in_mocked_case(ON_TWO_LINES)
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed_by_the_rule_of_the_mocks(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, MOCKS, in_mocked_case(before), None, "needs-person", CODE)
    check_not_known(tmp_path / "again", RULE, in_mocked_case(before), None, CODE)
