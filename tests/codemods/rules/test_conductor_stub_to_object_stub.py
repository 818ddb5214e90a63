# SPDX-License-Identifier: Apache-2.0
"""Mocks of the conductor's calls: getters, updates and creates."""

import pathlib

import older_tree
import pytest
import small_tree
from unit_test_sources import (
    CREATE,
    KILL,
    READ,
    READ_ALL,
    REPORT,
    TELL,
    WAIT,
    Beside,
    in_module,
    in_test_case,
    reader,
)
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "conductor_stub_to_object_stub"

FLAVOR = """\
def flavor(self, context, flavor_id):
    return self.conductor_api.instance_type_get(context, flavor_id)
"""

CODE = reader(READ, READ_ALL, TELL, REPORT, CREATE, KILL, WAIT, FLAVOR)

#: Objects whose save(), create() and destroy() take no context.
WITHOUT_CONTEXT: Beside = {
    **CODE,
    "nova/objects/compute_node.py": small_tree.COMPUTE_NODE.replace("(self, context", "(self"),
}

#: Objects without a registry, made without any values.
OLDER: Beside = {"nova/objects/": None, **older_tree.files(), **reader(READ, REPORT)}

GETTERS = [
    pytest.param(
        """\
def test_read(self):
    with mock.patch('nova.conductor.api.LocalAPI.'
                    'service_get_by_compute_host') as mock_get:
        mock_get.return_value = {'id': 1}
        self.reader.read('context', 'host1')
""",
        """\
def test_read(self):
    with mock.patch(
            'nova.objects.Service.get_by_compute_host') as mock_get:
        mock_get.return_value = objects.Service(id=1)
        self.reader.read('context', 'host1')
""",
        id="with statement",
    ),
    pytest.param(
        """\
def test_read(self):
    with mock.patch.object(self.reader.conductor_api,
                           'service_get_by_compute_host',
                           return_value={'id': 1}):
        self.assertEqual(1, self.reader.read('context', 'host1')['id'])
""",
        """\
def test_read(self):
    with mock.patch('nova.objects.Service.get_by_compute_host',
                    return_value=objects.Service(id=1)):
        self.assertEqual(1, self.reader.read('context', 'host1').id)
""",
        id="handle of an instance, without a name",
    ),
    pytest.param(
        """\
def test_read(self):
    with contextlib.nested(
        mock.patch.object(conductor_api.LocalAPI, 'service_get_all_by_topic'),
        mock.patch('nova.compute.reader.LOG')
    ) as (mock_list, mock_log):
        mock_list.return_value = [{'id': 1}]
        self.reader.read_all('context', 'compute')
    mock_list.assert_called_once_with('context', 'compute')
""",
        """\
def test_read(self):
    with contextlib.nested(
        mock.patch('nova.objects.ServiceList.get_by_topic'),
        mock.patch('nova.compute.reader.LOG')
    ) as (mock_list, mock_log):
        mock_list.return_value = [objects.Service(id=1)]
        self.reader.read_all('context', 'compute')
    mock_list.assert_called_once_with('context', 'compute')
""",
        id="one of several in a with statement",
    ),
    pytest.param(
        """\
def test_read(self):
    patcher = mock.patch('nova.conductor.api.LocalAPI.'
                         'service_get_by_compute_host')
    mock_get = patcher.start()
    self.addCleanup(patcher.stop)
    mock_get.return_value = {'id': 1}
    self.reader.read('context', 'host1')
""",
        """\
def test_read(self):
    patcher = mock.patch('nova.objects.Service.get_by_compute_host')
    mock_get = patcher.start()
    self.addCleanup(patcher.stop)
    mock_get.return_value = objects.Service(id=1)
    self.reader.read('context', 'host1')
""",
        id="patch that is started",
    ),
    pytest.param(
        """\
def test_read(self):
    mock.patch.object(conductor_api.LocalAPI, 'service_get_by_compute_host',
                      return_value={'id': 1}).start()
    self.addCleanup(mock.patch.stopall)
    self.reader.read('context', 'host1')
""",
        """\
def test_read(self):
    mock.patch('nova.objects.Service.get_by_compute_host',
               return_value=objects.Service(id=1)).start()
    self.addCleanup(mock.patch.stopall)
    self.reader.read('context', 'host1')
""",
        id="patch that is started at once",
    ),
    pytest.param(
        """\
@mock.patch('nova.compute.reader.LOG')
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
@mock.patch.object(reader.Reader, 'wait')
def test_read(self, mock_wait, mock_get, mock_log):
    mock_wait.return_value = {'id': 2}
    mock_get.return_value = {'id': 1, 'host': 'host1'}
    self.reader.read('context', 'host1')
    mock_get.assert_called_once_with('context', 'host1')
""",
        """\
@mock.patch('nova.compute.reader.LOG')
@mock.patch('nova.objects.Service.get_by_compute_host')
@mock.patch.object(reader.Reader, 'wait')
def test_read(self, mock_wait, mock_get, mock_log):
    mock_wait.return_value = {'id': 2}
    mock_get.return_value = objects.Service(id=1, host='host1')
    self.reader.read('context', 'host1')
    mock_get.assert_called_once_with('context', 'host1')
""",
        id="other mocks among the decorators",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
@mock.patch('nova.compute.reader.LIMIT', 3)
@mock.patch.dict('nova.compute.reader.LIMITS', {})
def test_read(self, mock_get):
    mock_get.return_value = {'id': 1}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
@mock.patch('nova.compute.reader.LIMIT', 3)
@mock.patch.dict('nova.compute.reader.LIMITS', {})
def test_read(self, mock_get):
    mock_get.return_value = objects.Service(id=1)
    self.reader.read('context', 'host1')
""",
        id="patches that hand over no mock among the decorators",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
@mock.patch('nova.compute.reader.LIMIT', new=3)
def test_read(self, mock_get):
    mock_get.return_value = {'id': 1}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
@mock.patch('nova.compute.reader.LIMIT', new=3)
def test_read(self, mock_get):
    mock_get.return_value = objects.Service(id=1)
    self.reader.read('context', 'host1')
""",
        id="new by keyword among the decorators",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_api.LocalAPI, 'service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = {'id': 1}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = objects.Service(id=1)
    self.reader.read('context', 'host1')
""",
        id="patch.object",
    ),
    pytest.param(
        """\
@mock.patch.object(reader.Reader, 'wait')
@mock.patch.object(conductor_api.LocalAPI, 'service_get_by_compute_host',
                   return_value={'id': 1})
@mock.patch.object(reader.Reader, 'limit', 3)
@mock.patch.object(reader.Reader, 'read_all')
def test_read(self, mock_read_all, mock_get, mock_wait):
    mock_wait.return_value = {'id': 2}
    mock_read_all.return_value = {'id': 3}
    self.reader.read('context', 'host1')
    self.assertEqual(1, mock_get.call_count)
""",
        """\
@mock.patch.object(reader.Reader, 'wait')
@mock.patch('nova.objects.Service.get_by_compute_host',
            return_value=objects.Service(id=1))
@mock.patch.object(reader.Reader, 'limit', 3)
@mock.patch.object(reader.Reader, 'read_all')
def test_read(self, mock_read_all, mock_get, mock_wait):
    mock_wait.return_value = {'id': 2}
    mock_read_all.return_value = {'id': 3}
    self.reader.read('context', 'host1')
    self.assertEqual(1, mock_get.call_count)
""",
        id="patch.object among others of its kind",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.'
            'service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.side_effect = exception.ServiceNotFound
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_get):
    mock_get.side_effect = exception.ServiceNotFound
    self.reader.read('context', 'host1')
""",
        id="name in two parts, an exception",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.API.service_get_all_by_topic')
def test_read_all(self, mock_get):
    rows = [{'host': 'host1'},  # the first
            {'host': 'host2', 'topic': 'compute'}]
    mock_get.return_value = rows
    self.reader.read_all('context', 'compute')
    self.assertEqual(2, len(rows))
""",
        """\
@mock.patch('nova.objects.ServiceList.get_by_topic')
def test_read_all(self, mock_get):
    rows = [objects.Service(host='host1'),  # the first
            objects.Service(host='host2', topic='compute')]
    mock_get.return_value = rows
    self.reader.read_all('context', 'compute')
    self.assertEqual(2, len(rows))
""",
        id="list of rows under a name",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, get):
    get.return_value = {'id': 'id1', 'nosuch': 1, 'compute_node': None}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, get):
    get.return_value = mock.Mock(id='id1', nosuch=1)
    self.reader.read('context', 'host1')
""",
        id="values that the object refuses, and a relation",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, get):
    get.return_value = ({'id': 1}); self.reader.read(1, 2)  # c
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, get):
    get.return_value = (objects.Service(id=1)); self.reader.read(1, 2)  # c
""",
        id="parentheses, and another statement on the line",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, get): get.return_value = {'id': 1}
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, get): get.return_value = objects.Service(id=1)
""",
        id="test on one line",
    ),
    pytest.param(
        """\
def test_read(self):
    @mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
    def asked(mock_get):
        mock_get.return_value = {'id': 1}
        return self.reader.read('context', 'host1')

    class Inner(object):
        @mock.patch('nova.conductor.api.LocalAPI.service_get_all_by_topic')
        def asked(self, mock_get):
            mock_get.return_value = [{'id': 1}]

    asked()
""",
        """\
def test_read(self):
    @mock.patch('nova.objects.Service.get_by_compute_host')
    def asked(mock_get):
        mock_get.return_value = objects.Service(id=1)
        return self.reader.read('context', 'host1')

    class Inner(object):
        @mock.patch('nova.objects.ServiceList.get_by_topic')
        def asked(self, mock_get):
            mock_get.return_value = [objects.Service(id=1)]

    asked()
""",
        id="nested functions and classes",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    for host in ('a', 'b'):
        mock_get.return_value = {'id': 1, 'host': host}
        self.reader.read('context', host)
    mock_get.return_value = other = {'id': 2}
    self.assertEqual(other, self.reader.read('context', 'c'))
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_get):
    for host in ('a', 'b'):
        mock_get.return_value = objects.Service(id=1, host=host)
        self.reader.read('context', host)
    mock_get.return_value = other = objects.Service(id=2)
    self.assertEqual(other, self.reader.read('context', 'c'))
""",
        id="several values, one with another name",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_service):
    mock_service.return_value = {'id': 1, 'topic': 't', 'host': 'ho'}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_service):
    mock_service.return_value = objects.Service(id=1, topic='t', host='ho')
    self.reader.read('context', 'host1')
""",
        id="79 columns",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_service):
    mock_service.return_value = {'id': 1, 'topic': 't', 'host': 'hos'}
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_service):
    mock_service.return_value = objects.Service(id=1, topic='t',
                                                host='hos')
    self.reader.read('context', 'host1')
""",
        id="80 columns",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    # the row
    mock_get.return_value = {
        # which one
        'id': 1,
        'host': 'host1',  # where
    }
    self.reader.read('context', 'host1')  # asks
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host')
def test_read(self, mock_get):
    # the row
    # which one
    # where
    mock_get.return_value = objects.Service(id=1, host='host1')
    self.reader.read('context', 'host1')  # asks
""",
        id="comments in the row",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host',
            return_value={'id': 1})
def test_read(self, mock_get):
    self.reader.read('context', 'host1')
""",
        """\
@mock.patch('nova.objects.Service.get_by_compute_host',
            return_value=objects.Service(id=1))
def test_read(self, mock_get):
    self.reader.read('context', 'host1')
""",
        id="row in the decorator",
    ),
]

UPDATES = [
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_update')
def test_report(self, mock_update):
    service = {'id': 1, 'host': 'host1'}  # the row
    self.reader.report('context', service)
    # only the count
    mock_update.assert_called_once_with('context', service,
                                        dict(report_count=1))  # one
""",
        """\
@mock.patch.object(objects.Service, 'save', autospec=True)
def test_report(self, mock_update):
    service = objects.Service(id=1, host='host1')  # the row
    self.reader.report('context', service)
    # only the count
    # one
    mock_update.assert_called_once_with(service, 'context')
    self.assertEqual(1, service.report_count)
""",
        id="row under a name, comments, dict()",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_api.LocalAPI, 'compute_node_update')
@mock.patch('nova.compute.reader.LOG')
def test_tell(self, mock_log, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', {'id': 1}, {
        # two
        'vcpus': (2)})
    mock_update.reset_mock()
    self.reader.tell('context', 3, {})
    mock_update.assert_called_once_with('context', ({'id': 3}), {})
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
@mock.patch('nova.compute.reader.LOG')
def test_tell(self, mock_log, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    # two
    mock_update.assert_called_once_with(mock.ANY, 'context')
    compute_node = mock_update.call_args[0][0]
    self.assertEqual(1, compute_node.id)
    self.assertEqual({'vcpus': 2}, compute_node.obj_get_changes())
    mock_update.reset_mock()
    self.reader.tell('context', 3, {})
    mock_update.assert_called_once_with(mock.ANY, 'context')
    compute_node = mock_update.call_args[0][0]
    self.assertEqual(3, compute_node.id)
    self.assertEqual({}, compute_node.obj_get_changes())
""",
        id="patch.object, two expectations",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    self.assertTrue(mock_update.called)
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    self.assertTrue(mock_update.called)
""",
        id="asks only whether it was called",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, update):
    if self.reader: update.assert_called_once_with(1, {'id': 2}, {})
    a = 1; update.assert_called_once_with(1, {'id': 3}, {}); b = a
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, update):
    if self.reader:
        update.assert_called_once_with(mock.ANY, 1)
        compute_node = update.call_args[0][0]
        self.assertEqual(2, compute_node.id)
        self.assertEqual({}, compute_node.obj_get_changes())
    a = 1
    update.assert_called_once_with(mock.ANY, 1)
    compute_node = update.call_args[0][0]
    self.assertEqual(3, compute_node.id)
    self.assertEqual({}, compute_node.obj_get_changes())
    b = a
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update_of_node):
    self.reader.tell('context', 1, {})
    mock_update_of_node.assert_called_once_with(
        'context', {'id': self.reader.the_first_node_of_a_host},
        {'vcpus': self.reader.the_first_node_of_the_host})
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, mock_update_of_node):
    self.reader.tell('context', 1, {})
    mock_update_of_node.assert_called_once_with(mock.ANY, 'context')
    compute_node = mock_update_of_node.call_args[0][0]
    self.assertEqual(self.reader.the_first_node_of_a_host, compute_node.id)
    self.assertEqual({'vcpus': self.reader.the_first_node_of_the_host},
                     compute_node.obj_get_changes())
""",
        id="lines up to 79 columns and beyond",
    ),
    pytest.param(
        """\
@mock.patch(  # the row
    'nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
""",
        """\
# the row
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
""",
        id="comment in the decorator",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    compute_node = self.reader
    compute_node.tell('context', 1, {})
    mock_update.assert_called_once_with('context', {'id': 1}, {})
    compute_node.wait('context')
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, mock_update):
    compute_node = self.reader
    compute_node.tell('context', 1, {})
    mock_update.assert_called_once_with(mock.ANY, 'context')
    compute_node_obj = mock_update.call_args[0][0]
    self.assertEqual(1, compute_node_obj.id)
    self.assertEqual({}, compute_node_obj.obj_get_changes())
    compute_node.wait('context')
""",
        id="name of the object is taken",
    ),
]

CREATES = [
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)

    # the new row
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=1))
    self.reader.create('context', {})
""",
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)

    # the new row
    def fake_compute_node_create(compute_node, context=None):
        compute_node.update(dict(id=1))

    self.stubs.Set(objects.ComputeNode, 'create', fake_compute_node_create)
    self.reader.create('context', {})
""",
        id="comment above",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)

    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=self.row)
    self.reader.create('context', {})
""",
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)

    def fake_compute_node_create(compute_node, context=None):
        compute_node.update(self.row)

    self.stubs.Set(objects.ComputeNode, 'create', fake_compute_node_create)
    self.reader.create('context', {})
""",
        id="row that is no literal, behind a blank line",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value={"id": 1})
    self.reader.create('context', {})
""",
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)

    def fake_compute_node_create(compute_node, context=None):
        compute_node.update({"id": 1})

    self.stubs.Set(objects.ComputeNode, 'create', fake_compute_node_create)
    self.reader.create('context', {})
""",
        id="row in other quotes",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    a = 1; self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=a)); b = 1
    self.reader.create('context', {'vcpus': b})
""",
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    a = 1

    def fake_compute_node_create(compute_node, context=None):
        compute_node.update(dict(id=a))

    self.stubs.Set(objects.ComputeNode, 'create', fake_compute_node_create)
    b = 1
    self.reader.create('context', {'vcpus': b})
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    if self.reader: self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=1))
""",
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    if self.reader:
        def fake_compute_node_create(compute_node, context=None):
            compute_node.update(dict(id=1))

        self.stubs.Set(objects.ComputeNode, 'create',
                       fake_compute_node_create)
""",
        id="on the line of an if",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_create')
def test_create(self, mock_create):
    self.reader.create('context', {})
""",
        id="create in a decorator",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_destroy')
def test_destroy(self, mock_destroy):
    self.reader.kill('context', 1)
""",
        id="destroy in a decorator",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', {'id': 1}, {}, False)
""",
        id="update with more arguments",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', mock.ANY, {'vcpus': 2})
""",
        id="update of any row",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', {'id': 1}, {NAME: 2})
""",
        id="update of a column that is a name",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    values = {'vcpus': 2}
    self.reader.tell('context', 1, values)
    mock_update.assert_called_once_with('context', {'id': 1}, values)
""",
        id="update of columns that have a name",
    ),
    pytest.param(
        """\
def test_create(self):
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=1))
""",
        id="create where nothing is stubbed out",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=1), side_effect=None)
""",
        id="create with a side effect",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.service_get_by_compute_host = mock.Mock(
        return_value={'id': 1})
""",
        id="getter in an assignment",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = {NAME: 1, 'id': 1}
    self.reader.read('context', 'host1')
""",
        id="row with a key that is a name",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.return_value = self._row()
    self.reader.read('context', 'host1')
""",
        id="row that a method makes",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    mock_get.side_effect = [{'id': 1}, {'id': 2}]
    self.reader.read('context', 'host1')
""",
        id="rows one after the other",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_with('context', {'id': 1}, {'vcpus': 2})
""",
        id="another expectation of an update",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    self.assertEqual({'vcpus': 2}, mock_update.call_args[0][2])
""",
        id="arguments of an update",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', {'id': 1}, {'vcpus': 2},
                                        prune_stats=True)
""",
        id="update with a keyword",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update',
            side_effect=exception.NovaException)
def test_tell(self, mock_update):
    self.assertRaises(exception.NovaException, self.reader.tell, 'context', 1,
                      {'vcpus': 2})
""",
        id="update that fails",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_update')
def test_report(self, mock_update):
    service = {'id': 1, 'nosuch': 1}
    self.reader.report('context', service)
    mock_update.assert_called_once_with('context', service, {})
""",
        id="update of a row that no object can be",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=None)
    self.reader.create('context', {})
""",
        id="create that returns nothing",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value=dict(id=1))
    self.reader.create('context', {})
    self.assertTrue(self.reader.conductor_api.compute_node_create.called)
""",
        id="create that is looked at later",
    ),
    pytest.param(
        """\
def test_read(self):
    patcher = mock.patch('nova.conductor.api.LocalAPI.service_update')
    self.mock_get = patcher.start()
    self.reader.report('context', {'id': 1})
""",
        id="mock in an attribute",
    ),
    pytest.param(
        """\
def test_read(self):
    self.stubs.Set(conductor_api.LocalAPI, 'service_get_by_compute_host',
                   lambda *args: {'id': 1})
    self.reader.read('context', 'host1')
""",
        id="stub of the class",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, *mocks):
    mocks[0].return_value = {'id': 1}
    self.reader.read('context', 'host1')
""",
        id="mocks in a tuple",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host',
            lambda *args: {'id': 1})
def test_read(self):
    self.reader.read('context', 'host1')
""",
        id="patch with a function of its own",
    ),
]

# the same place in other spellings, and what is done with a row on its way
LEFT += [
    pytest.param(
        f"""\
def test_read(self):
    {replaced}
    self.reader.read('context', 'host1')
""",
        id=replaced,
    )
    for replaced in (
        "patcher = mock.patch.object(conductor_api.LocalAPI, 'service_update')",
        "patcher = mock.patch.object(self.reader.conductor_api, 'service_update')",
        "self.stubs.Set(self.reader.conductor_api, 'service_update', None)",
        "self.mox.StubOutWithMock(conductor_api.API, 'service_update')",
        "self.mox.StubOutWithMock(self.reader.conductor_api, 'service_update')",
    )
]
LEFT += [
    pytest.param(
        f"""\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
def test_read(self, mock_get):
    row = {{'id': 1}}
    mock_get.return_value = row
    self.reader.read('context', 'host1')
    {done}
""",
        id=done,
    )
    for done in (
        "self.assertEqual(1, row['id'])",
        "self.assertEqual({}, dict(row))",
        "self.assertIn('id', row)",
        "self.assertTrue('id' in row)",
        "row.update(host='host1')",
        "row = copy.copy(row)",
        "self.other.return_value = row",
        "for mock_get in (): pass",
        "self.check(mock_get)",
        "mock_get.return_value['id'] = 2",
        "mock_get.return_value = self.row",
    )
]
LEFT += [
    pytest.param(
        """\
@mock.patch.object(conductor_api.LocalAPI, 'service_get_by_compute_host',
                   lambda *args: {'id': 1})
def test_read(self):
    self.reader.read('context', 'host1')
""",
        id="patch.object with a function of its own",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host',
            autospec=True)
def test_read(self, mock_get):
    self.reader.read('context', 'host1')
""",
        id="mock that sees the conductor itself",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.instance_type_get')
def test_flavor(self, mock_get):
    mock_get.return_value = {'id': 'id1', 'name': 'm1'}
    self.reader.flavor('context', 1)
""",
        id="columns that are keywords of a Mock",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    node = {'id': 1}
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', node, {'vcpus': 2})
""",
        id="row that the code never sees",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
@mock.patch('nova.compute.reader.LOG')
def test_read(self, flag, mock_log, mock_get):
    self.reader.read('context', 'host1')
""",
        id="argument that is no mock",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.instance_get')
@mock.patch('nova.conductor.api.LocalAPI.migration_create')
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_host_and_topic')
def test_other(self, mock_topic, mock_migration, mock_instance):
    mock_topic.return_value = {'id': 1}
""",
        id="calls that the code never made",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_host_and_topic')
def test_topic(self, mock_topic):
    mock_topic.return_value = {'id': 1}
""",
        id="call that the code goes on making",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.wait_until_ready')
@mock.patch('nova.conductor.manager.ConductorManager.service_update')
@mock.patch('nova.db.service_get_by_compute_host')
@mock.patch(reader.NAME)
def test_wait(self, mock_named, mock_get, mock_update, mock_wait):
    mock_get.return_value = {'id': 1}
    self.reader.wait('context')
""",
        id="other functions",
    ),
    pytest.param(
        """\
def test_create(self):
    self.stubs.Set(db, 'network_get', None)
    self.reader.conductor_api.wait_until_ready = mock.Mock(return_value=1)
    self.reader.client.compute_node_create = mock.Mock(return_value={})
    self.compute_node_create = mock.Mock(return_value={})
""",
        id="other attributes",
    ),
]

DECORATED_CLASS = in_module("""\
@mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
class ReaderTestCase(test.NoDBTestCase):
    def test_read(self, mock_get):
        mock_get.return_value = {'id': 1}
        reader.Reader().read('context', 'host1')
""")

OTHER_TREES = [
    pytest.param(
        """\
@mock.patch('nova.conductor.api.LocalAPI.compute_node_update')
def test_tell(self, mock_update):
    self.stubs.Set(db, 'network_get', None)

    self.reader.conductor_api.compute_node_create = mock.Mock(
        return_value={'id': 1})
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with('context', {'id': 1}, {'vcpus': 2})
""",
        """\
@mock.patch.object(objects.ComputeNode, 'save', autospec=True)
def test_tell(self, mock_update):
    self.stubs.Set(db, 'network_get', None)

    def fake_compute_node_create(compute_node):
        compute_node.update({'id': 1})

    self.stubs.Set(objects.ComputeNode, 'create', fake_compute_node_create)
    self.reader.tell('context', 1, {'vcpus': 2})
    mock_update.assert_called_once_with(mock.ANY)
    compute_node = mock_update.call_args[0][0]
    self.assertEqual(1, compute_node.id)
    self.assertEqual({'vcpus': 2}, compute_node.obj_get_changes())
""",
        WITHOUT_CONTEXT,
        id="objects that keep the context",
    ),
]

OLDER_BEFORE = """\
import mock

from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    @mock.patch('nova.conductor.api.LocalAPI.service_get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = {'id': 1}
        reader.Reader().read('context', 'host1')

    @mock.patch('nova.conductor.api.LocalAPI.service_update')
    def test_report(self, mock_update):
        reader.Reader().report('context', {'id': 1})
        mock_update.assert_called_once_with('context', {'id': 1},
                                            {'report_count': 1})
"""

OLDER_AFTER = """\
import mock

from nova.compute import reader
from nova.objects import service as service_obj
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    @mock.patch('nova.objects.service.Service.get_by_compute_host')
    def test_read(self, mock_get):
        mock_get.return_value = mock.Mock(id=1)
        reader.Reader().read('context', 'host1')

    @mock.patch.object(service_obj.Service, 'save', autospec=True)
    def test_report(self, mock_update):
        reader.Reader().report('context', {'id': 1})
        mock_update.assert_called_once_with(mock.ANY, 'context')
        service = mock_update.call_args[0][0]
        self.assertEqual(1, service.id)
        self.assertEqual(1, service.report_count)
"""


@pytest.mark.parametrize(("before", "after"), [*GETTERS, *UPDATES, *CREATES])
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


@pytest.mark.parametrize(("before", "after", "beside"), OTHER_TREES)
def test_rewritten_in_other_trees(before: str, after: str, beside: Beside, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), beside)


def test_rewritten_where_objects_have_no_registry(tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, OLDER_BEFORE, OLDER_AFTER, OLDER)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = GETTERS[0].values
    check_rewritten(
        tmp_path,
        RULE,
        in_test_case(before).replace("\n", "\r\n"),
        in_test_case(after).replace("\n", "\r\n"),
        CODE,
    )


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(before), None, "needs-person", CODE)


def test_decorated_class_is_left_and_listed(tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, DECORATED_CLASS, None, "needs-person", CODE)


def test_left_where_only_some_of_the_code_is_converted(tmp_path: pathlib.Path):
    kept = """\
def tell_twice(self, context, values):
    return [self.conductor_api.compute_node_update(context, {'id': 1}, values)]
"""
    before = in_test_case(UPDATES[2].values[0])
    check_listed(tmp_path, RULE, before, None, "needs-person", reader(READ, TELL, kept))


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)
