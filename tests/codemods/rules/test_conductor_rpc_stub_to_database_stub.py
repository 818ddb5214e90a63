# SPDX-License-Identifier: Apache-2.0
"""Stubs of the conductor's RPC method that updates an instance."""

import pathlib

import pytest
from unit_test_sources import MARK, READ, WAIT, Beside, in_test_case, reader
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "conductor_rpc_stub_to_database_stub"

CODE = reader(READ, MARK, WAIT)

REWRITTEN = [
    pytest.param(
        """\
def test_mark(self):
    # out
    self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI,
                             'instance_update')  # of the way
    # the host
    conductor_rpcapi.ConductorAPI.instance_update(
        'context', self.uuid, mox.IgnoreArg(),  # any
        'conductor')
    self.mox.ReplayAll()
""",
        """\
def test_mark(self):
    # out
    self.mox.StubOutWithMock(
        db, 'instance_update_and_get_original')  # of the way
    # the host
    # any
    row = fake_instance.fake_db_instance(uuid=self.uuid)
    db.instance_update_and_get_original(
        'context', self.uuid, mox.IgnoreArg(), update_cells=False,
        columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
    self.mox.ReplayAll()
""",
        id="comments",
    ),
    pytest.param(
        """\
def test_mark(self):
    if self: conductor_rpcapi.ConductorAPI.instance_update(1, 2, {}, 'a')
    a = 1; conductor_rpcapi.ConductorAPI.instance_update(1, a, {}, 'a'); b = 2
    self.mox.ReplayAll(b)
""",
        """\
def test_mark(self):
    if self:
        row = fake_instance.fake_db_instance(uuid=2)
        db.instance_update_and_get_original(
            1, 2, {}, update_cells=False,
            columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
    a = 1
    row = fake_instance.fake_db_instance(uuid=a)
    db.instance_update_and_get_original(
        1, a, {}, update_cells=False,
        columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
    b = 2
    self.mox.ReplayAll(b)
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_mark(self):
    def recorded(uuid):
        (conductor_rpcapi.ConductorAPI.instance_update(
            'context', (uuid), mox.IgnoreArg(), ('conductor')))

    class Inner(object):
        def recorded(self):
            conductor_rpcapi.ConductorAPI.instance_update(
                self.context, self.instance.uuid_of_it, mox.IgnoreArg(),
                'conductor')
""",
        """\
def test_mark(self):
    def recorded(uuid):
        row = fake_instance.fake_db_instance(uuid=uuid)
        db.instance_update_and_get_original(
            'context', uuid, mox.IgnoreArg(), update_cells=False,
            columns_to_join=mox.IgnoreArg()).AndReturn((row, row))

    class Inner(object):
        def recorded(self):
            row = fake_instance.fake_db_instance(
                uuid=self.instance.uuid_of_it)
            db.instance_update_and_get_original(
                self.context, self.instance.uuid_of_it, mox.IgnoreArg(),
                update_cells=False,
                columns_to_join=mox.IgnoreArg()).AndReturn((row, row))
""",
        id="nested, parentheses, 79 columns and beyond",
    ),
    pytest.param(
        """\
@mock.patch('nova.compute.reader.LOG')
@mock.patch.object(conductor_rpcapi.ConductorAPI, 'instance_update')
@mock.patch.object(reader.Reader, 'wait')
def test_mark(self, mock_wait, mock_update, mock_log):
    self.reader.mark('context', 'uuid1', 'host1')
    self.assertTrue(mock_update.called)
""",
        """\
@mock.patch('nova.compute.reader.LOG')
@mock.patch.object(db, 'instance_update_and_get_original',
                   return_value=[fake_instance.fake_db_instance()] * 2)
@mock.patch.object(reader.Reader, 'wait')
def test_mark(self, mock_wait, mock_update, mock_log):
    self.reader.mark('context', 'uuid1', 'host1')
    self.assertTrue(mock_update.called)
""",
        id="other mocks among the decorators",
    ),
    pytest.param(
        """\
def test_mark(self):
    with mock.patch.object(conductor_rpcapi.ConductorAPI,
                           'instance_update') as upd:
        self.reader.mark('context', 'uuid1', 'host1')
        upd.assert_has_calls([mock.call('context', 'uuid1', mock.ANY,
                                        'conductor')])
""",
        """\
def test_mark(self):
    with mock.patch.object(
            db, 'instance_update_and_get_original',
            return_value=[fake_instance.fake_db_instance()] * 2) as upd:
        self.reader.mark('context', 'uuid1', 'host1')
        upd.assert_has_calls([mock.call('context', 'uuid1', mock.ANY,
                                        update_cells=False,
                                        columns_to_join=mock.ANY)])
""",
        id="with statement, expected calls",
    ),
    pytest.param(
        """\
def test_mark(self):
    patcher = mock.patch.object(conductor_rpcapi.ConductorAPI,
                                'instance_update')
    patcher.start()
    self.addCleanup(patcher.stop)
""",
        """\
def test_mark(self):
    patcher = mock.patch.object(
        db, 'instance_update_and_get_original',
        return_value=[fake_instance.fake_db_instance()] * 2)
    patcher.start()
    self.addCleanup(patcher.stop)
""",
        id="patcher under a name",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_rpcapi.ConductorAPI,
                   # of all rows
                   'instance_update')
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
""",
        """\
# of all rows
@mock.patch.object(db, 'instance_update_and_get_original',
                   return_value=[fake_instance.fake_db_instance()] * 2)
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
""",
        id="comment in the decorator",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_rpcapi.ConductorAPI, 'instance_update')
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
    mock_update.assert_called_once_with('context', 'uuid1', mock.ANY,
                                        'conductor')
""",
        """\
@mock.patch.object(db, 'instance_update_and_get_original',
                   return_value=[fake_instance.fake_db_instance()] * 2)
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
    mock_update.assert_called_once_with('context', 'uuid1', mock.ANY,
                                        update_cells=False,
                                        columns_to_join=mock.ANY)
""",
        id="expectation of one call",
    ),
    pytest.param(
        """\
def test_mark(self):
    row = {'host': 'host1'}
    conductor_rpcapi.ConductorAPI.instance_update(1, 2, {}, 'conductor')
    self.mox.ReplayAll()
    self.reader.mark(1, 2, row['host'])
""",
        """\
def test_mark(self):
    row = {'host': 'host1'}
    row_2 = fake_instance.fake_db_instance(uuid=2)
    db.instance_update_and_get_original(
        1, 2, {}, update_cells=False,
        columns_to_join=mox.IgnoreArg()).AndReturn((row_2, row_2))
    self.mox.ReplayAll()
    self.reader.mark(1, 2, row['host'])
""",
        id="name of the row is taken",
    ),
    pytest.param(
        """\
def test_mark(self):
    with contextlib.nested(
            mock.patch.object(reader.Reader, 'wait'),
            mock.patch.object(conductor_rpcapi.ConductorAPI,
                              'instance_update')
    ) as (wait, update):
        self.reader.mark('context', 'uuid1', 'host1')
        update.assert_called_once_with(1, 2, {}, 'conductor')
        wait.assert_called_once_with(1, 2, {}, 'conductor')
    patcher = mock.patch.object(conductor_rpcapi.ConductorAPI,
                                'instance_update')
    again = patcher.start()
    self.assertEqual([mock.call(1, 2, {}, 'conductor')], again.mock_calls)
""",
        """\
def test_mark(self):
    with contextlib.nested(
            mock.patch.object(reader.Reader, 'wait'),
            mock.patch.object(
                db, 'instance_update_and_get_original',
                return_value=[fake_instance.fake_db_instance()] * 2)
    ) as (wait, update):
        self.reader.mark('context', 'uuid1', 'host1')
        update.assert_called_once_with(1, 2, {}, update_cells=False,
                                       columns_to_join=mock.ANY)
        wait.assert_called_once_with(1, 2, {}, 'conductor')
    patcher = mock.patch.object(
        db, 'instance_update_and_get_original',
        return_value=[fake_instance.fake_db_instance()] * 2)
    again = patcher.start()
    self.assertEqual(
        [mock.call(1, 2, {}, update_cells=False,
                   columns_to_join=mock.ANY)],
        again.mock_calls)
""",
        id="mocks in a tuple, and of a patcher",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def test_mark(self):
    conductor_rpcapi.ConductorAPI.instance_update(
        1, 2, {}, 'conductor').AndRaise(exception.InstanceNotFound())
""",
        id="call that raises",
    ),
    pytest.param(
        """\
def test_mark(self):
    update = conductor_rpcapi.ConductorAPI.instance_update(1, 2, {}, 'a')
""",
        id="result has a name",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI,
                             'instance_update')
    conductor_rpcapi.ConductorAPI.instance_update(
        1, 2, {}, 'conductor').AndReturn({'uuid': 2})
""",
        id="stub whose call is left",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_rpcapi.ConductorAPI, 'service_update')
def test_mark(self, mock_update):
    mock_update.assert_called_once_with(1, 2, {}, service='a')
    conductor_rpcapi.ConductorAPI.instance_update(*self.expected)
""",
        id="call with arguments of any number",
    ),
    pytest.param(
        """\
def test_mark(self):
    conductor_rpcapi.ConductorAPI.instance_update(1, 2, {}, service='a')
""",
        id="call with a keyword",
    ),
    pytest.param(
        """\
@mock.patch.object(conductor_rpcapi.ConductorAPI, 'instance_update',
                   side_effect=exception.NovaException)
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
""",
        id="update that fails",
    ),
    pytest.param(
        """\
@mock.patch('nova.conductor.rpcapi.ConductorAPI.instance_update')
def test_mark(self, mock_update):
    self.reader.mark('context', 'uuid1', 'host1')
""",
        id="patch by name",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(conductor_rpcapi.ConductorAPI, 'instance_update',
                   lambda *args: None)
    self.reader.mark('context', 'uuid1', 'host1')
""",
        id="stub with a function of its own",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.mox.StubOutWithMock(self.reader.conductor_api, 'instance_update')
    self.reader.conductor_api.instance_update('context', 'uuid1', host='a')
    self.mox.ReplayAll()
""",
        id="stub of the handle",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_mark(self):
    self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI, 'service_update')
    self.mox.StubOutWithMock(db, 'instance_update')
    db.instance_update('context', 'uuid1', {}, 'conductor')
    self.mox.ReplayAll()
""",
        id="other functions",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI, self.name)
    mock.patch.object(conductor_rpcapi, 'ConductorAPI')
""",
        id="names of other things",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.driver.assert_has_calls([mock.call(1, 2, 3, conductor_rpcapi),
                                  mock.call('conductor'), mock.call()])
""",
        id="other calls",
    ),
    pytest.param(
        """\
def test_mark(self):
    api = conductor_rpcapi.ConductorAPI
    self.driver.start.assert_has_calls([mock.call(1, 2, 3, 'conductor')])
""",
        id="call of another mock with the same end",
    ),
]

IN_OTHER_TESTS = """\
def setUp(self):
    super(ReaderTestCase, self).setUp()
    self.mox.StubOutWithMock(conductor_rpcapi.ConductorAPI,
                             'instance_update')

def test_mark(self):
    conductor_rpcapi.ConductorAPI.instance_update(1, 2, {}, 'conductor')

def test_mark_fails(self):
    conductor_rpcapi.ConductorAPI.instance_update(
        1, 2, {}, 'conductor').AndRaise(exception.InstanceNotFound())
"""

STUBBED = REWRITTEN[0].values[0]

#: Trees in which the rule has nothing to do: no instance is saved, or not into that database.
OTHER_TREES = [
    pytest.param(reader(READ, WAIT), id="code that saves no instance"),
    pytest.param({**CODE, "nova/objects/": None}, id="objects of another package"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in REWRITTEN[0].values)
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(before), None, "needs-person", CODE)


def test_all_is_left_where_a_stub_is_for_calls_that_are(tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(IN_OTHER_TESTS), None, "needs-person", CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(STUBBED), None, beside)
