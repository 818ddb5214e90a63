# SPDX-License-Identifier: Apache-2.0
"""Stubs of the database that an object asks otherwise than the conductor did."""

import pathlib

import pytest
from unit_test_sources import (
    MARK,
    MIGRATIONS,
    NODES,
    NODES_WITHOUT_GETTER,
    WAIT,
    Beside,
    in_test_case,
    reader,
)
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "database_stub_for_object"

CODE = reader(NODES, MARK, MIGRATIONS, WAIT)

#: A stub is given the keywords that only objects pass.
KEYWORDS = [
    pytest.param(
        """\
def test_mark(self):
    def fake_update(context, uuid,
                    values=None):  # any
        pass  # not at all

    def other_update(context, uuid,  # which
            values):
        pass

    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
    self.stubs.Set(db, 'instance_update_and_get_original', other_update)
    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
""",
        """\
def test_mark(self):
    def fake_update(context, uuid,
                    values=None, **kwargs):  # any
        pass  # not at all

    def other_update(context, uuid,  # which
            values, **kwargs):
        pass

    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
    self.stubs.Set(db, 'instance_update_and_get_original', other_update)
    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
""",
        id="nested functions, one used twice, comments",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values, update_cells=True): pass
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values, update_cells=True, **kwargs): pass
""",
        id="method on one line that takes one of them",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)
    self.stubs.Set(db, 'instance_update_and_get_original', self._other)

def _update(self, context, uuid_of_the_changed_instances, values):
    pass

@staticmethod
def _other(context, uuid_of_the_instance_that_is_marked, values):
    pass
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)
    self.stubs.Set(db, 'instance_update_and_get_original', self._other)

def _update(self, context, uuid_of_the_changed_instances, values,
            **kwargs):
    pass

@staticmethod
def _other(context, uuid_of_the_instance_that_is_marked, values, **kwargs):
    pass
""",
        id="79 columns and beyond",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values,):
    pass
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values, **kwargs):
    pass
""",
        id="trailing comma",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values=(None)):
    pass
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, uuid, values=(None), **kwargs):
    pass
""",
        id="default in parentheses",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, *args):
    pass
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original', self._update)

def _update(self, context, *args, **kwargs):
    pass
""",
        id="parameters before *args",
    ),
    pytest.param(
        """\
def test_mark(self):
    def fake_update(*args):
        pass

    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
""",
        """\
def test_mark(self):
    def fake_update(*args, **kwargs):
        pass

    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
""",
        id="only *args",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original',
                   lambda context, uuid, values: None)
""",
        """\
def test_mark(self):
    self.stubs.Set(db, 'instance_update_and_get_original',
                   lambda context, uuid, values, **kwargs: None)
""",
        id="lambda",
    ),
    pytest.param(
        """\
@mock.patch.object(db, 'instance_update_and_get_original',
                   lambda context, uuid, values: None)
def test_mark(self):
    with mock.patch('nova.db.instance_update_and_get_original', self._update):
        self.reader.mark('context', 'uuid1', 'host1')

def _update(self, context, uuid, values):
    pass
""",
        """\
@mock.patch.object(db, 'instance_update_and_get_original',
                   lambda context, uuid, values, **kwargs: None)
def test_mark(self):
    with mock.patch('nova.db.instance_update_and_get_original', self._update):
        self.reader.mark('context', 'uuid1', 'host1')

def _update(self, context, uuid, values, **kwargs):
    pass
""",
        id="functions that patches put there",
    ),
]

#: The stub of a service gets one for the nodes.
COMPANIONS = [
    pytest.param(
        """\
def test_nodes(self):
    self.stubs.Set(db, 'service_get_by_compute_host',  # the service
                   self._service)  # of the host
    self.host = 'host1'
    self.stubs.Set(self.reader.db, 'service_get_by_compute_host',
                   self._service)

def _service(self, context, host):
    return self.services[host]
""",
        """\
def test_nodes(self):
    self.stubs.Set(db, 'service_get_by_compute_host',  # the service
                   self._service)  # of the host
    self.stubs.Set(
        db, 'service_get',
        lambda ctx, service_id, **kwargs: self._service(ctx, self.host))
    self.host = 'host1'
    self.stubs.Set(self.reader.db, 'service_get_by_compute_host',
                   self._service)
    self.stubs.Set(
        self.reader.db, 'service_get',
        lambda ctx, service_id, **kwargs: self._service(ctx, self.host))

def _service(self, context, host):
    return self.services[host]
""",
        id="comments, two stubs in a test that knows the host",
    ),
    pytest.param(
        """\
def test_nodes(self):
    def asked():
        self.stubs.Set(db, 'service_get_by_compute_host',
                       self.fake_service_of_a_host_that_is_here)
        self.stubs.Set(self.reader.database_with_the_service.db,
                       'service_get_by_compute_host', self._service)
""",
        """\
def test_nodes(self):
    def asked():
        self.stubs.Set(db, 'service_get_by_compute_host',
                       self.fake_service_of_a_host_that_is_here)
        self.stubs.Set(db, 'service_get',
                       lambda ctx, service_id, **kwargs:
                       self.fake_service_of_a_host_that_is_here(ctx, None))
        self.stubs.Set(self.reader.database_with_the_service.db,
                       'service_get_by_compute_host', self._service)
        self.stubs.Set(
            self.reader.database_with_the_service.db, 'service_get',
            lambda ctx, service_id, **kwargs: self._service(ctx, None))
""",
        id="79 columns, and an owner that is too long",
    ),
    pytest.param(
        """\
def test_nodes(self):
    def asked():
        self.stubs.Set(db, 'service_get_by_compute_host',
                       self.fake_service_of_the_host_that_is_asked)
""",
        """\
def test_nodes(self):
    def asked():
        self.stubs.Set(db, 'service_get_by_compute_host',
                       self.fake_service_of_the_host_that_is_asked)
        self.stubs.Set(
            db, 'service_get',
            lambda ctx, service_id, **kwargs:
            self.fake_service_of_the_host_that_is_asked(ctx, None))
""",
        id="80 columns",
    ),
    pytest.param(
        """\
def test_nodes(self):
    a = 1; self.stubs.Set(db, 'service_get_by_compute_host', self._get); b = a
    return b
""",
        """\
def test_nodes(self):
    a = 1; self.stubs.Set(db, 'service_get_by_compute_host', self._get); b = a
    self.stubs.Set(db, 'service_get',
                   lambda ctx, service_id, **kwargs: self._get(ctx, None))
    return b
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_nodes(self):
    if self: self.stubs.Set(db, 'service_get_by_compute_host', self._get)
    self.reader.nodes('context', 'host1')
""",
        """\
def test_nodes(self):
    if self:
        self.stubs.Set(db, 'service_get_by_compute_host', self._get)
        self.stubs.Set(
            db, 'service_get',
            lambda ctx, service_id, **kwargs: self._get(ctx, None))
    self.reader.nodes('context', 'host1')
""",
        id="on the line of an if",
    ),
    pytest.param(
        """\
def test_nodes(self):
    self.stubs.Set(db, 'service_get_by_compute_host', lambda *args: self.row)
    self.reader.nodes('context', 'host1')
""",
        """\
def test_nodes(self):
    self.stubs.Set(db, 'service_get_by_compute_host', lambda *args: self.row)
    self.stubs.Set(
        db,
        'service_get',
        lambda ctx, service_id, **kwargs: (lambda *args: self.row)(ctx,
                                                                   None))
    self.reader.nodes('context', 'host1')
""",
        id="lambda for a service",
    ),
]

#: The stub of migrations gets one for the instances, and rows with every column.
MIGRATION_ROWS = [
    pytest.param(
        """\
def test_uuids(self):
    self.stubs.Set(db, 'migration_get_in_progress_by_host_and_node',
                   self._migrations)

def _migrations(self, context, host, node):
    rows = []
    for migration in self.migrations:
        a = 1; row = base.obj_to_primitive(migration); b = a
        row['instance'] = self._instances[row['instance_uuid']]  # that one
        rows.append(row)
    if not b: rows = base.obj_to_primitive(self.migrations)
    return rows
""",
        """\
def test_uuids(self):
    self.stubs.Set(db, 'migration_get_in_progress_by_host_and_node',
                   self._migrations)
    self.stubs.Set(db, 'instance_get_by_uuid',
                   lambda ctx, uuid, **kwargs: self._instances[uuid])

def _migrations(self, context, host, node):
    rows = []
    for migration in self.migrations:
        a = 1; row = dict(test_migration.fake_db_migration(),
                          **base.obj_to_primitive(migration)); b = a
        row['instance'] = self._instances[row['instance_uuid']]  # that one
        rows.append(row)
    if not b: rows = dict(test_migration.fake_db_migration(),
                          **base.obj_to_primitive(self.migrations))
    return rows
""",
        id="on one line with others",
    ),
    pytest.param(
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    # the row
    self.row = (base.obj_to_primitive(self.migration))  # of one
    return self.row
""",
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    # the row
    self.row = dict(test_migration.fake_db_migration(),
                    **base.obj_to_primitive(self.migration))  # of one
    return self.row
""",
        id="row in an attribute, comments",
    ),
    pytest.param(
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    row = base.obj_to_primitive(  # the row
        self.migration)
    return row
""",
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    # the row
    row = dict(test_migration.fake_db_migration(),
               **base.obj_to_primitive(self.migration))
    return row
""",
        id="comment in the call",
    ),
    pytest.param(
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    self.row = row = base.obj_to_primitive(self.migration)
    return row
""",
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    self.row = row = dict(test_migration.fake_db_migration(),
                          **base.obj_to_primitive(self.migration))
    return row
""",
        id="two names",
    ),
    pytest.param(
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    return base.obj_to_primitive(self.migration)
""",
        """\
def test_uuid(self):
    self.stubs.Set(db, 'migration_get', self._migration)

def _migration(self, context, migration_id):
    return dict(test_migration.fake_db_migration(),
                **base.obj_to_primitive(self.migration))
""",
        id="row without a name",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def test_nodes(self):
    self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
    db.service_get_by_compute_host('context', 'host1').AndReturn(self.row)
    self.mox.ReplayAll()
    self.reader.nodes('context', 'host1')
""",
        id="recorded call",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.service_get_by_compute_host')
def test_nodes(self, mock_get):
    mock_get.return_value = {'id': 1, 'compute_node': [{'id': 2}]}
    self.reader.nodes('context', 'host1')
""",
        id="mock of the database",
    ),
    pytest.param(
        """\
def test_mark(self):
    self.mox.StubOutWithMock(db, 'instance_update_and_get_original')
    db.instance_update_and_get_original(
        'context', 'uuid1', {}).AndReturn((self.row, self.row))
    self.mox.ReplayAll()
""",
        id="recorded call without the keywords",
    ),
]

FAKES = """\
from nova.objects import base


def update(context, uuid, values):
    return values, values


def migrations(context, migration_id):
    row = base.obj_to_primitive(migration_id)
    return row
"""

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def test_mark(self):
    def fake_update(context, uuid, values, update_cells=True,
                    columns_to_join=None):
        pass

    def other_update(context, uuid, values, **updates):
        pass

    self.stubs.Set(db, 'instance_update_and_get_original', fake_update)
    self.stubs.Set(db, 'instance_update_and_get_original', other_update)
""",
        id="stubs that take the keywords",
    ),
    pytest.param(
        """\
def test_mark(self):
    db.instance_update_and_get_original(
        'context', 'uuid1', {}, update_cells=False,
        columns_to_join=[]).AndReturn((self.row, self.row))
""",
        id="recorded call with the keywords",
    ),
    pytest.param(
        """\
def test_mark(self):
    def fake_update(context, uuid, values):
        pass

    self.stubs.Set(db, 'instance_update', fake_update)
    self.stubs.Set(self.reader, 'instance_update_and_get_original',
                   fake_update)
    self.stubs.Set(db, self.name, fake_update)
    fake_update('context', 'uuid1', {})
""",
        id="stubs of other functions",
    ),
    pytest.param(
        """\
def test_nodes(self):
    result = self.stubs.Set(db, 'service_get_by_compute_host', self._get)
    self.stubs.Set(db, 'service_get_by_args', self._get)
    self.stubs.Set(db, 'service_get_all_by_host', self._get)
""",
        id="stubs of other services, and one with a result",
    ),
    pytest.param(
        """\
def test_nodes(self):
    self.stubs.Set(db, 'service_get', self._by_id)
    self.stubs.Set(db, 'service_get_by_compute_host', self._by_host)
""",
        id="the test has a stub for the nodes",
    ),
    pytest.param(
        """\
def setUp(self):
    super(ReaderTestCase, self).setUp()
    self.stubs.Set(db, 'service_get', self._by_id)

def test_nodes(self):
    self.stubs.Set(db, 'service_get_by_compute_host', self._by_host)
""",
        id="the class has a stub for the nodes",
    ),
    pytest.param(
        """\
def test_uuids(self):
    self.stubs.Set(db, 'migration_get_in_progress_by_host_and_node',
                   self._migrations)

def _migrations(self, context, host, node):
    migration = {'id': 1, 'instance': None}
    migration['instance'] = self._instance(1)
    return [migration]
""",
        id="instances that are made on the way",
    ),
    pytest.param(
        """\
def test_uuids(self):
    self.mox.StubOutWithMock(db, 'migration_get_in_progress_by_host_and_node')
    db.migration_get_in_progress_by_host_and_node(
        'context', 'host1', 'node1').AndReturn([])
    self.mox.ReplayAll()
""",
        id="recorded call for migrations",
    ),
    pytest.param(
        """\
def test_uuids(self):
    self.stubs.Set(db, 'instance_get', self._instance)

def _instance(self, context, uuid):
    instance = base.obj_to_primitive(self.instance)
    return instance
""",
        id="rows of instances",
    ),
]

#: Trees in which the rule has nothing to do.
OTHER_TREES = [
    pytest.param(reader(WAIT), id="code that reads no rows"),
    pytest.param({**CODE, "nova/objects/": None}, id="objects of another package"),
]


@pytest.mark.parametrize(("before", "after"), [*KEYWORDS, *COMPANIONS, *MIGRATION_ROWS])
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(before), in_test_case(after), CODE)


@pytest.mark.parametrize(("before", "after"), [KEYWORDS[0], COMPANIONS[0], MIGRATION_ROWS[0]])
def test_line_endings_are_kept(before: str, after: str, tmp_path: pathlib.Path):
    before, after = (in_test_case(text).replace("\n", "\r\n") for text in (before, after))
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(before), None, "needs-person", CODE)


def test_fakes_of_another_file_are_listed(tmp_path: pathlib.Path):
    before = in_test_case("""\
def test_mark(self):
    from nova.tests.compute import fakes
    self.stubs.Set(db, 'instance_update_and_get_original', fakes.update)
    self.stubs.Set(db, 'migration_get', fakes.migrations)
""")
    beside = {**CODE, "nova/tests/compute/fakes.py": FAKES}
    check_listed(tmp_path, RULE, before, None, "needs-person", beside)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(before), None, CODE)


def test_nothing_for_the_rule_where_nodes_are_read_by_the_same_query(tmp_path: pathlib.Path):
    before = in_test_case(COMPANIONS[0].values[0])
    beside = {**CODE, "nova/objects/compute_node.py": NODES_WITHOUT_GETTER}
    check_not_known(tmp_path, RULE, before, None, beside)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    stubbed = KEYWORDS[0].values[0] + "\n" + COMPANIONS[0].values[0]
    check_not_known(tmp_path, RULE, in_test_case(stubbed), None, beside)
