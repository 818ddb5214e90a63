# SPDX-License-Identifier: Apache-2.0
"""What unit tests expect of the stats of a compute node."""

import pathlib

import pytest
from unit_test_sources import CREATE, READ, WAIT, Beside, in_test_case, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "stats_expectation_to_text"

CODE = reader(CREATE, READ, WAIT)

#: The code hands the stats over as the dict that it dumped before.
TOLD = reader(
    """\
def told(self, context, values):
    values['stats'] = jsonutils.dumps(values['stats'])
    self.conductor_api.compute_node_create(context, values)
    self.client.update_resource_stats(context, values)
""",
    WAIT,
)

#: It does so by a method of its own.
TOLD_BY_METHOD = reader(
    """\
def told(self, context, values):
    values['stats'] = jsonutils.dumps(values['stats'])
    self.conductor_api.compute_node_create(context, values)
    self._update_resource_stats(context, values)
""",
    """\
def _update_resource_stats(self, context, values):
    self.client.update_resource_stats(context, values)
""",
    WAIT,
)

COMPARED = [
    pytest.param(
        """\
def test_create(self):
    # the stats
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']))  # c
    self.assertEqual((jsonutils.loads(self.reader.node["stats"])), ({'b': 1}))
""",
        """\
def test_create(self):
    # the stats
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in {'a': 1}.items()),
        self.reader.node.stats)  # c
    self.assertEqual(
        (self.reader.node.stats),
        dict((k, six.text_type(v)) for k, v in {'b': 1}.items()))
""",
        id="either side, comments, parentheses",
    ),
    pytest.param(
        """\
def test_create(self):
    if self: self.assertEqual(self.a, jsonutils.loads(self.reader.node['stats']))
    a = {}; self.assertEqual(a, jsonutils.loads(self.reader.node['stats'])); b = a
    self.reader.read(b)
""",
        """\
def test_create(self):
    if self: self.assertEqual(
        dict((k, six.text_type(v)) for k, v in self.a.items()),
        self.reader.node.stats)
    a = {}; self.assertEqual(
        dict((k, six.text_type(v)) for k, v in a.items()),
        self.reader.node.stats); b = a
    self.reader.read(b)
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_create(self):
    def check(expected):
        stats = jsonutils.loads(self.reader.node['stats'])  # all
        self.assertEqual(expected, stats)

    class Inner(object):
        def check(self, test):
            test.assertIn('a', jsonutils.loads(reader.Reader().node['stats']))

    check(self.reader.node['stats'])
""",
        """\
def test_create(self):
    def check(expected):
        stats = self.reader.node.stats  # all
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in expected.items()),
            stats)

    class Inner(object):
        def check(self, test):
            test.assertIn('a', reader.Reader().node.stats)

    check(self.reader.node.stats)
""",
        id="stats under a name, nested functions and classes",
    ),
    pytest.param(
        """\
def test_create(self):
    def check():
        self.assertEqual({}, jsonutils.loads(self.reader.node['stats']))

    check()
""",
        """\
def test_create(self):
    def check():
        self.assertEqual(
            dict((k, six.text_type(v)) for k, v in {}.items()),
            self.reader.node.stats)

    check()
""",
        id="nested function in a method that does nothing else",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertNotEqual({}, jsonutils.loads(self.reader.node['stats']))
    self.assertEqual(2, len(jsonutils.loads(self.reader.node['stats'])))
    self.assertEqual(jsonutils.loads(self.reader.node['stats']),
                     jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    self.assertNotEqual({}, self.reader.node.stats)
    self.assertEqual(2, len(self.reader.node.stats))
    self.assertEqual(self.reader.node.stats,
                     self.reader.node.stats)
""",
        id="what holds of text as well",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(self.expected, jsonutils.loads(self.reader.node['stats']))
    self.assertEqual(self.expected_data,
                     jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in self.expected.items()),
        self.reader.node.stats)
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in self.expected_data.items()),
        self.reader.node.stats)
""",
        id="up to 79 columns",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(self.expected_stats,
                     jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    self.assertEqual(
        dict((k, six.text_type(v))
             for k, v in self.expected_stats.items()),
        self.reader.node.stats)
""",
        id="80 columns",
        marks=pytest.mark.xfail(strict=True, reason="layout: the line is broken within a call"),
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({'a': 1,  # one
                      'b': 2}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    # one
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in {'a': 1, 'b': 2}.items()),
        self.reader.node.stats)
""",
        id="comment in what is expected",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(self.a or {}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in (self.a or {}).items()),
        self.reader.node.stats)
""",
        id="one dict or another",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']),
                     'the stats')
""",
        """\
def test_create(self):
    self.assertEqual(
        dict((k, six.text_type(v)) for k, v in {'a': 1}.items()),
        self.reader.node.stats, 'the stats')
""",
        id="message",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(1, jsonutils.loads(self.reader.node['stats'])['a'])
""",
        """\
def test_create(self):
    self.assertEqual(six.text_type(1), self.reader.node.stats['a'])
""",
        id="value of one key",
    ),
    pytest.param(
        """\
def test_create(self):
    text = self.reader.node['stats']
    self.assertEqual({}, jsonutils.loads(text))
""",
        """\
def test_create(self):
    text = self.reader.node.stats
    self.assertEqual(dict((k, six.text_type(v)) for k, v in {}.items()),
                     text)
""",
        id="JSON under a name",
    ),
    pytest.param(
        """\
def _stats(self, name):
    return jsonutils.loads(self.reader.node['stats'])

def test_create(self):
    self.assertEqual({}, self._stats('node'))
""",
        """\
def _stats(self, name):
    return self.reader.node.stats

def test_create(self):
    self.assertEqual(dict((k, six.text_type(v)) for k, v in {}.items()),
                     self._stats('node'))
""",
        id="helper with an argument",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({}, jsonutils.loads(self.reader.node.get('stats')))
""",
        """\
def test_create(self):
    self.assertEqual(dict((k, six.text_type(v)) for k, v in {}.items()),
                     self.reader.node.stats)
""",
        id="get()",
    ),
    pytest.param(
        """\
def test_create(self):
    check = lambda: self.assertEqual(
        {}, jsonutils.loads(self.reader.node['stats']))
    check()
""",
        """\
def test_create(self):
    check = lambda: self.assertEqual(
        dict((k, six.text_type(v)) for k, v in {}.items()),
        self.reader.node.stats)
    check()
""",
        id="lambda",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual('{}', self.reader.node['stats'])
    self.assertEqual(self.reader.node['stats'], '{"a": 1, "b": null}')
""",
        """\
def test_create(self):
    self.assertEqual({}, self.reader.node.stats)
    self.assertEqual(self.reader.node.stats, {'a': '1', 'b': None})
""",
        id="JSON text itself",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual('one', jsonutils.loads(self.reader.node['stats'])['a'])
    self.assertEqual(None, jsonutils.loads(self.reader.node['stats'])['b'])
""",
        """\
def test_create(self):
    self.assertEqual('one', self.reader.node.stats['a'])
    self.assertEqual(None, self.reader.node.stats['b'])
""",
        id="text of one key, and nothing",
    ),
]

HANDED_OVER = [
    pytest.param(
        """\
def test_told(self):
    expected = {'vcpus': 1,
                'stats': '{"a": 1, "b": null}',  # as text
                'metrics': '[]'}
    a = 1; second = {"stats": ("{}")}; b = a
    other, third = {'stats': '{}'}, {'stats': '{}'}
    fourth = {'stats': 'no JSON', self.name: '{}'}
    self.reader.told('context', b)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
    self.reader.client.update_resource_stats.assert_called_with(fourth, second)
    self.assertEqual(third, other)
""",
        """\
def test_told(self):
    expected = {'vcpus': 1,
                'stats': {'a': 1, 'b': None},  # as text
                'metrics': '[]'}
    a = 1; second = {"stats": ({})}; b = a
    other, third = {'stats': '{}'}, {'stats': '{}'}
    fourth = {'stats': 'no JSON', self.name: '{}'}
    self.reader.told('context', b)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
    self.reader.client.update_resource_stats.assert_called_with(fourth, second)
    self.assertEqual(third, other)
""",
        id="several expectations",
    ),
    pytest.param(
        """\
def test_told(self):
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {'vcpus': 1, 'stats': '{}'})
""",
        """\
def test_told(self):
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {'vcpus': 1, 'stats': {}})
""",
        id="expectation without a name",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'vcpus': 1}
    expected['stats'] = '{}'
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        """\
def test_told(self):
    expected = {'vcpus': 1}
    expected['stats'] = {}
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="stats that are stored",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'stats': '{}'}
    update = self.reader.client.update_resource_stats
    self.reader.told('context', {})
    update.assert_called_once_with('context', expected)
""",
        """\
def test_told(self):
    expected = {'stats': {}}
    update = self.reader.client.update_resource_stats
    self.reader.told('context', {})
    update.assert_called_once_with('context', expected)
""",
        id="mock under a name",
    ),
    pytest.param(
        """\
def test_told(self):
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {'stats': '{"a": '  # one
                             '1}'})
""",
        """\
def test_told(self):
    self.reader.told('context', {})
    # one
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {'stats': {'a': 1}})
""",
        id="text in several parts",
    ),
]

#: Stats that are, or may be, what is parsed or compared here, in a way that is not known.
LISTED = [
    pytest.param(
        """\
def test_create(self):
    self.reader = mock.Mock(node={'stats': '{}'})
    self.assertEqual({}, jsonutils.loads(self.reader.node['stats']))
""",
        None,
        id="mock in the place of the code",
    ),
    pytest.param(
        """\
def test_create(self):
    self.reader.node = {'stats': '{}'}
    stats = jsonutils.loads(self.reader.node['stats'])
    self.assertEqual({}, stats)
    self.assertEqual(1, stats['a'])
""",
        None,
        id="dict in the place of the node",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats'], 'utf-8'))
""",
        """\
def test_create(self):
    self.assertEqual({'a': 1},
                     jsonutils.loads(self.reader.node.stats, 'utf-8'))
""",
        id="encoding",
    ),
]

#: The stats become the object's, and what they are compared with is left.
HALF = [
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(first={'a': 1},
                     second=jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    self.assertEqual(first={'a': 1},
                     second=self.reader.node.stats)
""",
        id="keywords",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual(*({}, jsonutils.loads(self.reader.node['stats'])))
""",
        """\
def test_create(self):
    self.assertEqual(*({}, self.reader.node.stats))
""",
        id="arguments in a tuple",
    ),
    pytest.param(
        """\
def test_create(self):
    stats = jsonutils.loads(self.reader.node['stats'])
    if self.ready:
        stats = {'a': 1}
    self.assertEqual({'a': 1}, stats)
""",
        """\
def test_create(self):
    stats = self.reader.node.stats
    if self.ready:
        stats = {'a': 1}
    self.assertEqual({'a': 1}, stats)
""",
        id="name for something else, too",
    ),
]

#: JSON text that may be for something else, too.
LISTED_WHERE_STATS_ARE_HANDED_OVER = [
    pytest.param(
        """\
def test_told(self):
    client = mock.Mock()
    client.update_resource_stats('context', {'stats': '{}'})
    client.update_resource_stats.assert_called_once_with(
        'context', {'stats': '{}'})
""",
        id="mock that the test calls",
    ),
    pytest.param(
        """\
def test_told(self):
    update = self.reader.client.update_resource_stats
    update('context', {'stats': '{}'})
    update.assert_called_once_with('context', {'stats': '{}'})
""",
        id="mock that the test calls by a name",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'stats': '{}'}
    self.assertEqual('{}', expected['stats'])
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="text that is compared",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'stats': '{}'}
    db.compute_node_create('context', expected)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="text for the database",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = other = {'stats': '{}'}
    db.compute_node_create('context', other)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="dict with two names",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'stats': '{}'}
    self.reader.told('context', expected)
    expected = self.expected
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', stats=expected)
""",
        id="name that is bound again",
    ),
]

#: Nothing that the rule is for, and what other rules do there.
NOT_KNOWN = [
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({}, jsonutils.loads(self.reader.node['metrics']))
    self.assertEqual(self.stats, self.reader.node['stats'])
    self.assertEqual('no JSON', self.reader.node['stats'])
    self.assertEqual('{"a": {}}', self.reader.node['stats'])
""",
        """\
def test_create(self):
    self.assertEqual({}, jsonutils.loads(self.reader.node.metrics))
    self.assertEqual(self.stats, self.reader.node.stats)
    self.assertEqual('no JSON', self.reader.node.stats)
    self.assertEqual('{"a": {}}', self.reader.node.stats)
""",
        id="other JSON, and no JSON",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.stats))
    self.assertEqual({'a': 1}, jsonutils.loads(self.row['stats']))
    self.assertEqual({'a': 1}, jsonutils.loads('{"stats": {}}')['stats'])
""",
        None,
        id="stats of something else",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'stats': '{}'}
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
    self.reader.client.update.assert_called_once_with(expected)
""",
        None,
        id="code that hands no stats over",
    ),
    pytest.param(
        """\
def test_create(self):
    jsonutils = self.codec
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
def test_create(self):
    jsonutils = self.codec
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node.stats))
""",
        id="another module of that name",
    ),
    pytest.param(
        """\
def check(self, jsonutils):
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node['stats']))
""",
        """\
def check(self, jsonutils):
    self.assertEqual({'a': 1}, jsonutils.loads(self.reader.node.stats))
""",
        id="parameter of the name of the module",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual({'a': 2}, self.loads(self.reader.node['stats']))

def loads(self, text):
    return {'a': len(text)}
""",
        """\
def test_create(self):
    self.assertEqual({'a': 2}, self.loads(self.reader.node.stats))

def loads(self, text):
    return {'a': len(text)}
""",
        id="the test's own loads()",
    ),
    pytest.param(
        """\
def test_create(self):
    reader = mock.Mock(node={'stats': '{}'})
    self.assertEqual({}, jsonutils.loads(reader.node['stats']))
    self.assertEqual('{}', reader.node['stats'])
""",
        None,
        id="mock under the name of the module",
    ),
    pytest.param(
        """\
def test_create(self):
    class Reader(object):
        node = {'stats': '{}'}

    self.assertEqual({}, jsonutils.loads(Reader().node['stats']))
    self.assertEqual('{}', Reader.node['stats'])
""",
        None,
        id="the test's own class of the name",
    ),
    pytest.param(
        """\
def test_create(self):
    node = self.reader.node
    del node
    node = self.row
    self.assertEqual('{}', node['stats'])
    self.assertEqual({'a': 1}, jsonutils.loads(node['stats']))
""",
        None,
        id="name bound to another row",
    ),
    pytest.param(
        """\
def test_create(self):
    stats = {'a': 1}

    class Inner(object):
        stats = jsonutils.loads(self.row['stats'])

        def check(self, test):
            test.assertEqual({'a': 1}, stats)
""",
        None,
        id="name of the function around a class",
    ),
    pytest.param(
        """\
def test_create(self):
    node = self.reader.node
    check = lambda node: self.assertEqual({}, jsonutils.loads(node['stats']))
    check({'stats': '{}'})
    check = lambda node: self.assertEqual('{}', node['stats'])
    check({'stats': '{}'})
""",
        None,
        id="parameter of a lambda",
    ),
    pytest.param(
        """\
def test_create(self):
    def check(node):
        self.assertEqual('{}', node['stats'])

    check({'stats': '{}'})
    check(self.reader.node)
""",
        None,
        id="parameter that may be a dict",
    ),
    pytest.param(
        """\
def test_create(self):
    for node in (self.reader.node, {'stats': '{}'}):
        self.assertEqual('{}', node['stats'])
""",
        None,
        id="loop over an object and a dict",
    ),
    pytest.param(
        """\
def test_create(self):
    try:
        node = self.reader.node
    except ValueError as node:
        self.assertEqual('{}', node['stats'])
""",
        None,
        id="exception under the name",
    ),
    pytest.param(
        """\
def test_create(self):
    self.reader.node = {'stats': '{}'}
    self.assertEqual('{}', self.reader.node['stats'])
""",
        None,
        id="attribute that may be a dict",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertEqual('[]', self.reader.node['stats'])
    self.assertEqual('null', self.reader.node['stats'])
    self.assertEqual('1', self.reader.node['stats'])
    self.assertEqual('', self.reader.node['stats'])
""",
        """\
def test_create(self):
    self.assertEqual('[]', self.reader.node.stats)
    self.assertEqual('null', self.reader.node.stats)
    self.assertEqual('1', self.reader.node.stats)
    self.assertEqual('', self.reader.node.stats)
""",
        id="JSON that is no dict",
    ),
    pytest.param(
        """\
def test_create(self):
    self.assertIn('{}', self.reader.node['stats'])
    self.assertEqual('{}', str(self.reader.node['stats']))
    self.assertEqual('{}', jsonutils.dumps(self.reader.node['stats']))
    self.assertEqual('{}')
""",
        """\
def test_create(self):
    self.assertIn('{}', self.reader.node.stats)
    self.assertEqual('{}', str(self.reader.node.stats))
    self.assertEqual('{}', jsonutils.dumps(self.reader.node.stats))
    self.assertEqual('{}')
""",
        id="no comparison of two values",
    ),
    pytest.param(
        """\
def test_read(self):
    self.assertEqual({}, jsonutils.loads(self.reader.read('c', 'h')['topic']))
    self.assertEqual('{}', self.reader.read('c', 'h')['topic'])
""",
        """\
def test_read(self):
    self.assertEqual({}, jsonutils.loads(self.reader.read('c', 'h').topic))
    self.assertEqual('{}', self.reader.read('c', 'h').topic)
""",
        id="row of another table",
    ),
    pytest.param(
        """\
def test_create(self):
    '''self.assertEqual({}, jsonutils.loads(self.reader.node['stats']))'''
    # self.assertEqual('{}', self.reader.node['stats'])
""",
        None,
        id="comment and text",
    ),
]

#: The same of code that hands the stats over.
NOT_KNOWN_WHERE_STATS_ARE_HANDED_OVER = [
    pytest.param(
        """\
def test_told(self):
    def row():
        expected = {'stats': '{}'}
        return expected

    expected = self.expected
    self.reader.told('context', row())
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="name of a function within",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'vcpus': 1, 'metrics': '{}'}
    self.expected = {'stats': '{}'}
    self.reader.told('context', self.expected)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
    self.reader.client.update_resource_stats('context', {'stats': '{}'})
""",
        id="other expectations",
    ),
    pytest.param(
        """\
def check(self, expected):
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)

def test_told(self):
    expected = {'stats': '{}'}
    self.reader.told('context', expected)
""",
        id="parameter of the same name",
    ),
    pytest.param(
        """\
def test_told(self):
    expected = {'vcpus': 1}
    other = {}
    other['stats'] = '{}'
    self.reader.told('context', other)
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="stored in another dict",
    ),
    pytest.param(
        """\
def test_told(self):
    def fill(expected):
        expected['stats'] = '{}'

    expected = {'vcpus': 1}
    fill({})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', expected)
""",
        id="stored under the same name in another function",
    ),
    pytest.param(
        """\
def test_told(self):
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {'node': {'stats': '{}'}})
""",
        id="stats of a dict within",
    ),
    pytest.param(
        """\
def test_told(self):
    update = self.reader.client.update_resource_stats
    update.return_value = {'stats': '{}'}
    update.configure_mock(stats='{}')
    self.reader.told('context', {})
    self.assertEqual({'stats': '{}'}, update.return_value)
""",
        id="what else a mock is told",
    ),
    pytest.param(
        """\
def test_told(self):
    update = self.reader.client.update
    self.reader.told('context', {})
    update.assert_called_once_with('context', {'stats': '{}'})
""",
        id="mock of another method under a name",
    ),
    pytest.param(
        """\
def test_told(self):
    stats = 'metrics'
    self.reader.told('context', {})
    self.reader.client.update_resource_stats.assert_called_once_with(
        'context', {stats: '{}', 'pci_stats': '{}', ('stats',): '{}'}, '{}')
""",
        id="keys that are not the text",
    ),
]


@pytest.mark.parametrize(("before", "after"), COMPARED)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


@pytest.mark.parametrize(("before", "after"), HANDED_OVER)
def test_rewritten_where_stats_are_handed_over(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), TOLD)


def test_rewritten_where_a_method_hands_the_stats_over(tmp_path: pathlib.Path):
    before, after = map(in_test_case, HANDED_OVER[0].values)
    check_rewritten(tmp_path, RULE, before, after, TOLD_BY_METHOD)


@pytest.mark.parametrize(
    ("before", "after", "beside"),
    [
        pytest.param(*COMPARED[0].values, CODE, id="compared"),
        pytest.param(*HANDED_OVER[0].values, TOLD, id="handed over"),
    ],
)
def test_line_endings_are_kept(before: str, after: str, beside: Beside, tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in (before, after))
    check_rewritten(tmp_path, RULE, before, after, beside)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    expected = None if after is None else in_test_case(after)
    check_not_known(tmp_path, RULE, in_test_case(before), expected, CODE)


@pytest.mark.parametrize(("before", "after"), LISTED)
def test_left_to_a_person(before: str, after: str | None, tmp_path: pathlib.Path):
    expected = None if after is None else in_test_case(after)
    check_listed(tmp_path, RULE, in_test_case(before), expected, "needs-person", CODE)


@pytest.mark.parametrize(("before", "after"), HALF)
def test_comparison_is_left_to_a_person(before: str, after: str, tmp_path: pathlib.Path):
    found = check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)
    assert "compares stats" in next(one.reason for one in found.result.needs_person)


@pytest.mark.parametrize("methods", LISTED_WHERE_STATS_ARE_HANDED_OVER)
def test_left_to_a_person_where_stats_are_handed_over(methods: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(methods), None, "needs-person", TOLD)


def test_left_to_a_person_where_other_code_hands_the_stats_over(tmp_path: pathlib.Path):
    other = TOLD["nova/compute/reader.py"]
    code = {**CODE, "nova/compute/other.py": other}
    text, _ = map(in_test_case, HANDED_OVER[1].values)
    check_listed(tmp_path, RULE, text, None, "needs-person", code)


@pytest.mark.parametrize("methods", NOT_KNOWN_WHERE_STATS_ARE_HANDED_OVER)
def test_nothing_for_the_rule_where_stats_are_handed_over(methods: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(methods), None, TOLD)


#: The code keeps a dict of its own in the place of the node, on one path.
MIXED = reader(
    """\
def create(self, context, values):
    self.node = self.conductor_api.compute_node_create(context, values)
""",
    """\
def forget(self):
    self.node = {'stats': {}}
""",
    WAIT,
)


def test_stats_of_what_may_be_a_dict_are_left(tmp_path: pathlib.Path):
    methods = """\
def _stats(self):
    return jsonutils.loads(self.reader.node['stats'])

def test_stats(self):
    self.assertEqual({'a': 1}, self._stats())
"""
    check_listed(tmp_path, RULE, in_test_case(methods), None, "needs-person", MIXED)
