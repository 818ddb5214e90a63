# SPDX-License-Identifier: Apache-2.0
"""Literals in unit tests that stand for rows, and lack columns that objects read."""

import pathlib

import older_tree
import pytest
import small_tree
from unit_test_sources import (
    CREATE,
    MARK,
    MIGRATIONS,
    READ,
    WAIT,
    Beside,
    in_module,
    in_test_case,
    reader,
)
from unit_test_tables import check_listed, check_not_known, check_rewritten

RULE = "complete_row_fixture"

CODE = reader(READ, MARK, CREATE, WAIT)

#: The code fills a column for which there is no field.
FILLING = reader(
    READ,
    """\
def fill(self, context, values):
    values['pci_stats'] = '[]'
    return self.conductor_api.compute_node_create(context, values)
""",
)

OLDER: Beside = {"nova/objects/": None, **older_tree.files(), **reader(READ)}

STUBS = """\
def test_read(self):
    self.stubs.Set(db, 'service_get_by_compute_host', self._service)
    self.stubs.Set(db, 'compute_node_get', self._node)
    self.stubs.Set(db, 'flavor_get', self._flavor)

"""

#: Rows that the stubs hand out.
REWRITTEN = [
    pytest.param(
        """\
def _service(self, context, host):
    # the row
    return {
        'id': 1,
        'host': host,  # of it
        'binary': 'nova-compute',
        # where it listens
        'topic': 'compute',
    }  # all
""",
        """\
def _service(self, context, host):
    # the row
    return {
        'id': 1,
        'host': host,  # of it
        'binary': 'nova-compute',
        # where it listens
        'topic': 'compute',
        'report_count': 0,
        'disabled': False,
        'disabled_reason': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }  # all
""",
        id="comments",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    nodes = self.nodes
    row = {"compute_node": nodes,
           "binary": 'nova-compute',
           "topic": 'compute',
           "host": host,
           "disabled": True,
           "created_at": self.now,
           "id": 1}; return row
""",
        """\
def _service(self, context, host):
    nodes = self.nodes
    row = {"compute_node": nodes or [],
           "binary": 'nova-compute',
           "topic": 'compute',
           "host": host,
           "disabled": True,
           "created_at": self.now,
           "id": 1,
           "report_count": 0,
           "disabled_reason": None,
           "updated_at": None,
           "deleted_at": None,
           "deleted": False}; return row
""",
        id="other quotes, no comma, another statement behind",
    ),
    pytest.param(
        """\
def _node(self, context, node_id):
    row = {'id': node_id,
           'service_id': 1,
           'memory_mb_used': 0,
           'local_gb_used': 0,
           'vcpus_used': 1,
           'stats': {'a': 1},
           'vcpus': 2}
    row['stats'] = ({'c': '2'})  # text
    row['stats'] = [{'key': 'a', 'value': '1'}]
    row['stats'] = {'c': self.c}
    row['other'] = {'c': 1}
    return row
""",
        """\
def _node(self, context, node_id):
    row = {'id': node_id,
           'service_id': 1,
           'memory_mb_used': 0,
           'local_gb_used': 0,
           'vcpus_used': 1,
           'stats': '{"a": 1}',
           'vcpus': 2,
           'memory_mb': 0,
           'hypervisor_hostname': None,
           'cpu_info': None,
           'metrics': None,
           'created_at': None,
           'updated_at': None,
           'deleted_at': None,
           'deleted': False}
    row['stats'] = ('{"c": "2"}')  # text
    row['stats'] = '{"a": "1"}'
    row['stats'] = {'c': self.c}
    row['other'] = {'c': 1}
    return row
""",
        id="stats are JSON text",
    ),
    pytest.param(
        """\
def _flavor(self, context, flavor_id):
    return [{
        'id': 1,
        'flavorid': 'flavor1',
        'memory_mb': 1,
        'rxtx_factor': 1.0,
    }, {
        'id': 2,
        'flavorid': 'flavor2',
        'memory_mb': 2,
        'rxtx_factor': 1.0,
        'name': 'm1.tiny',
        'vcpus': 1,
        'extra_specs': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
    }]
""",
        """\
def _flavor(self, context, flavor_id):
    return [{
        'id': 1,
        'flavorid': 'flavor1',
        'memory_mb': 1,
        'rxtx_factor': 1.0,
        'name': None,
        'vcpus': 0,
        'extra_specs': {},
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }, {
        'id': 2,
        'flavorid': 'flavor2',
        'memory_mb': 2,
        'rxtx_factor': 1.0,
        'name': 'm1.tiny',
        'vcpus': 1,
        'extra_specs': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }]
""",
        id="list of rows",
    ),
    pytest.param(
        """\
def test_other(self):
    def fake_service(context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
        }

    self.stubs.Set(db, 'service_get_by_compute_host', fake_service)
""",
        """\
def test_other(self):
    def fake_service(context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
            'report_count': 0,
            'disabled': False,
            'disabled_reason': None,
            'created_at': None,
            'updated_at': None,
            'deleted_at': None,
            'deleted': False,
        }

    self.stubs.Set(db, 'service_get_by_compute_host', fake_service)
""",
        id="nested function",
    ),
    pytest.param(
        """\
def test_other(self):
    self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
    db.service_get_by_compute_host('context', 'host1').AndReturn({
        'id': 1,
        'host': 'host1',
        'binary': 'nova-compute',
        'topic': 'compute',
        'compute_node': None})
""",
        """\
def test_other(self):
    self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
    db.service_get_by_compute_host('context', 'host1').AndReturn({
        'id': 1,
        'host': 'host1',
        'binary': 'nova-compute',
        'topic': 'compute',
        'compute_node': [],
        'report_count': 0,
        'disabled': False,
        'disabled_reason': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False})
""",
        id="recorded call",
    ),
    pytest.param(
        """\
def _node(self, context, node_id):
    return {
        'id': node_id,
        'service_id': 1,
        'memory_mb_used': 0,
        'local_gb_used': 0,
        'vcpus_used': 1,
        'stats': {1, 2},
        'metrics': [1],
    }

def _flavor(self, context, flavor_id):
    return {
        'id': 1,
        'flavorid': 'flavor1',
        'memory_mb': 1,
        'rxtx_factor': 1.0,
        'vcpus': 1,
        'extra_specs': None,
        'created_at': None,
        'updated_at': None,
    }
""",
        """\
def _node(self, context, node_id):
    return {
        'id': node_id,
        'service_id': 1,
        'memory_mb_used': 0,
        'local_gb_used': 0,
        'vcpus_used': 1,
        'stats': {1, 2},
        'metrics': [1],
        'vcpus': 0,
        'memory_mb': 0,
        'hypervisor_hostname': None,
        'cpu_info': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }

def _flavor(self, context, flavor_id):
    return {
        'id': 1,
        'flavorid': 'flavor1',
        'memory_mb': 1,
        'rxtx_factor': 1.0,
        'vcpus': 1,
        'extra_specs': None,
        'created_at': None,
        'updated_at': None,
        'name': None,
        'deleted_at': None,
        'deleted': False,
    }
""",
        id="stats that are no dict, several rows",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {
        'id': 1,
        'host': host,
        'binary': 'nova-compute',
        'topic': 'compute',  # where it listens
        # and no more
    }
""",
        """\
def _service(self, context, host):
    return {
        'id': 1,
        'host': host,
        'binary': 'nova-compute',
        'topic': 'compute',  # where it listens
        'report_count': 0,
        'disabled': False,
        'disabled_reason': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
        # and no more
    }
""",
        id="comment behind the last column",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'nova-compute',
            'disabled': False, 'topic': 'compute'}
""",
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'nova-compute',
            'disabled': False, 'topic': 'compute',
            'report_count': 0,
            'disabled_reason': None,
            'created_at': None,
            'updated_at': None,
            'deleted_at': None,
            'deleted': False}
""",
        id="several columns on a line",
    ),
    pytest.param(
        """\
def _service(self, context, host): return {'id': 1, 'host': host, 'topic': 't',
                                           'binary': 'nova-compute'}
""",
        """\
def _service(self, context, host): return {'id': 1,
                                           'host': host,
                                           'topic': 't',
                                           'binary': 'nova-compute',
                                           'report_count': 0,
                                           'disabled': False,
                                           'disabled_reason': None,
                                           'created_at': None,
                                           'updated_at': None,
                                           'deleted_at': None,
                                           'deleted': False}
""",
        id="function on one line, up to 79 columns",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'b', 'topic': ('compute')}
""",
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'b', 'topic': ('compute'),
            'report_count': 0,
            'disabled': False,
            'disabled_reason': None,
            'created_at': None,
            'updated_at': None,
            'deleted_at': None,
            'deleted': False}
""",
        id="parentheses",
    ),
    pytest.param(
        """\
def _node(self, context, node_id):
    row = self.row
    row['stats'] = {'a': "it's"}
    return row
""",
        """\
def _node(self, context, node_id):
    row = self.row
    row['stats'] = '{"a": "it\\'s"}'
    return row
""",
        id="stats with an apostrophe",
    ),
    pytest.param(
        """\
@mock.patch('nova.db.service_get_by_compute_host')
@mock.patch.object(db, 'compute_node_get', return_value=None)
def test_other(self, mock_node, mock_get):
    mock_get.return_value = {'id': 1, 'host': 'host1', 'topic': 'compute',
                             'binary': 'nova-compute'}
    mock_node.return_value = {'id': 1, 'host': 'host1', 'topic': 'compute'}
""",
        """\
@mock.patch('nova.db.service_get_by_compute_host')
@mock.patch.object(db, 'compute_node_get', return_value=None)
def test_other(self, mock_node, mock_get):
    mock_get.return_value = {'id': 1, 'host': 'host1', 'topic': 'compute',
                             'binary': 'nova-compute',
                             'report_count': 0,
                             'disabled': False,
                             'disabled_reason': None,
                             'created_at': None,
                             'updated_at': None,
                             'deleted_at': None,
                             'deleted': False}
    mock_node.return_value = {'id': 1, 'host': 'host1', 'topic': 'compute'}
""",
        id="mock of the database",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {
        "id": 1, "host": host,
        "binary": 'nova-compute',
        'topic': 'compute',
    }
""",
        """\
def _service(self, context, host):
    return {
        "id": 1, "host": host,
        "binary": 'nova-compute',
        'topic': 'compute',
        'report_count': 0,
        'disabled': False,
        'disabled_reason': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }
""",
        id="quotes of both kinds",
    ),
]

#: A literal with every column gets the column of a new field, wherever it stands.
NODE = """\
NODE = {
    'id': 1,
    'service_id': 1,
    'vcpus': 1,
    'memory_mb': 1,
    'vcpus_used': 1,
    'memory_mb_used': 1,
    'hypervisor_hostname': 'node1',
    'cpu_info': '',
    'metrics': '[]',
    'stats': {},
    'created_at': None,
    'updated_at': None,
    'deleted_at': None,
    'deleted': False,
}
"""

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
def _service(self, context, host):
    row = dict(id=1, host=host, binary='nova-compute', topic='compute')
    return row
""",
        id="dict()",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'nova-compute'}

def _node(self, context, node_id):
    return {'host': 'host1', 'binary': 'nova-compute', 'topic': 'compute'}

def _flavor(self, context, flavor_id):
    return {'host': 'host1', 'binary': 'b', 'topic': 'compute', 'a': None}
""",
        id="literals without the marks of a row, or without its id",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {'id': 1, 'host': host, 'binary': 'b', 'topic': 't', self.key: 1}

def _flavor(self, context, flavor_id):
    return {'id': 1, 'flavorid': 'f', 'memory_mb': 1, 'rxtx_factor': 1.0,
            **self.more}
""",
        id="literals with columns that are not known",
    ),
    pytest.param(
        """\
def other(self):
    self.row = {
        'id': 1,
        'host': 'host1',
        'binary': 'nova-compute',
        'topic': 'compute',
    }
    return self.row
""",
        id="literal that no stub hands out",
    ),
    pytest.param(
        """\
def _service(self, context, host):
    return {
        'id': 1,
        'host': host,
        'binary': 'nova-compute',
        'topic': 'compute',
        'compute_node': [self.node],
        'report_count': 0,
        'disabled': False,
        'disabled_reason': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }
""",
        id="whole row",
    ),
]

OLDER_AFTER = """\
def _service(self, context, host):
    # the row
    return {
        'id': 1,
        'host': host,  # of it
        'binary': 'nova-compute',
        # where it listens
        'topic': 'compute',
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
    }  # all
"""

#: Trees in which the rule has nothing to do.
OTHER_TREES = [
    pytest.param(reader(WAIT), id="code that makes no objects"),
    pytest.param({**CODE, "nova/objects/": None}, id="objects of another package"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, in_test_case(STUBS + before), in_test_case(STUBS + after), CODE)


def test_new_column_of_a_whole_row(tmp_path: pathlib.Path):
    after = NODE.replace("\n}\n", "\n    'pci_stats': None,\n}\n")
    check_rewritten(tmp_path, RULE, in_module(NODE), in_module(after), FILLING)


def test_columns_of_any_type_and_of_the_new_field(tmp_path: pathlib.Path):
    rows = """\
def _node(self, context, node_id):
    return {
        'id': node_id,
        'service_id': 1,
        'memory_mb_used': 0,
        'local_gb_used': 0,
        'vcpus_used': 1,
        'stats': None,
        'metrics': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
"""
    new = """\
        'vcpus': 0,
        'memory_mb': 0,
        'hypervisor_hostname': '',
        'cpu_info': None,
        'ratio': 0.0,
        'deleted': False,
        'pci_stats': None,
"""
    node = small_tree.COMPUTE_NODE
    node = node.replace(
        "hostname': fields.StringField(nullable=True)", "hostname': fields.StringField()"
    )
    # the pools are no column of the table
    added = """\
'ratio': fields.FloatField(),
        'pci_device_pools': fields.ObjectField('PciDevicePoolList'),
        'metrics':"""
    node = node.replace("'metrics':", added)
    before, after = (in_test_case(STUBS + text + "    }\n") for text in (rows, rows + new))
    beside = {**FILLING, "nova/objects/compute_node.py": node}
    check_rewritten(tmp_path, RULE, before, after, beside)


def test_rewritten_where_fields_are_functions(tmp_path: pathlib.Path):
    before, after = REWRITTEN[0].values[0], OLDER_AFTER
    check_rewritten(
        tmp_path, RULE, in_test_case(STUBS + before), in_test_case(STUBS + after), OLDER
    )


#: A fake that makes the rows which another hands out, as the lines of a class of tests.
CREATING = """\
def test_read(self):
    self.stubs.Set(db, 'migration_get_in_progress_by_host_and_node', self._migrations)

def _migrations(self, context, host, node):
    return [self.one]

def _{name}(self, context):
    migration = {{
        'id': 1,
        'source_compute': 'host1',
        'dest_compute': 'host2',
        'old_instance_type_id': 1,
        'new_instance_type_id': 2,
        'instance_uuid': 'uuid',
{more}    }}
    self.one = migration
    return {returned}
"""

MORE = """\
        'status': None,
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,
"""


def migrations(name: str, returned: str, more: str) -> str:
    """The test case with the fake."""
    lines = CREATING.format(name=name, returned=returned, more=more)
    return in_test_case(lines)


def test_row_that_a_fake_makes_for_another(tmp_path: pathlib.Path):
    before, after = (migrations("fake_create", "migration", more) for more in ("", MORE))
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize(
    ("name", "returned"),
    [
        pytest.param("expected", "migration", id="by no fake"),
        pytest.param("fake_create", "None", id="not returned"),
    ],
)
def test_dict_like_a_row_that_no_fake_makes(name: str, returned: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, migrations(name, returned, ""), None, CODE)


#: A fake takes the instances of migrations from where the test keeps their rows.
COLUMNS = """
        'id': 1,
        'host': None,
        'node': None,
        'task_state': None,
        'system_metadata': {},
        'created_at': None,
        'updated_at': None,
        'deleted_at': None,
        'deleted': False,"""

INSTANCES = """\
def test_uuids(self):
    self.stubs.Set(db, 'migration_get_in_progress_by_host_and_node',
                   self._migrations)
    self.stubs.Set(db, 'instance_get_by_uuid', self._get_instance)

def _migrations(self, context, host, node):
    row = dict(test_migration.fake_db_migration())
    row['instance'] = self._instances[row['instance_uuid']]
    return [row]

def _instance(self, uuid):
    instance = {{
        'uuid': uuid,
        'vm_state': 'active',
        'instance_type_id': 1,
        'launched_on': None,{more}
    }}
    {kept} = instance
    return instance
"""


def test_instance_that_is_kept_for_migrations(tmp_path: pathlib.Path):
    before, after = (
        in_test_case(INSTANCES.format(kept="self._instances[uuid]", more=more))
        for more in ("", COLUMNS)
    )
    check_rewritten(tmp_path, RULE, before, after, reader(MIGRATIONS))


def test_instance_that_is_kept_elsewhere(tmp_path: pathlib.Path):
    before = in_test_case(INSTANCES.format(kept="self._others[uuid]", more=""))
    check_not_known(tmp_path, RULE, before, None, reader(MIGRATIONS))


def test_line_endings_are_kept(tmp_path: pathlib.Path):
    before, after = (
        in_test_case(STUBS + text).replace("\n", "\r\n") for text in REWRITTEN[0].values
    )
    check_rewritten(tmp_path, RULE, before, after, CODE)


@pytest.mark.parametrize("before", LEFT)
def test_left_and_listed(before: str, tmp_path: pathlib.Path):
    check_listed(tmp_path, RULE, in_test_case(STUBS + before), None, "needs-person", CODE)


@pytest.mark.parametrize("before", NOT_KNOWN)
def test_nothing_for_the_rule(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_test_case(STUBS + before), None, CODE)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(NODE.replace("    'metrics': '[]',\n", ""), id="column that is missing"),
        pytest.param(NODE.replace("'metrics'", "METRICS"), id="column that is a name"),
        pytest.param(NODE.replace("\n}", "\n    'pci_stats': '[]',\n}"), id="column of the field"),
    ],
)
def test_nothing_for_the_rule_where_a_literal_is_no_whole_row(before: str, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, in_module(before), None, FILLING)


@pytest.mark.parametrize("beside", OTHER_TREES)
def test_nothing_for_the_rule_in_other_trees(beside: Beside, tmp_path: pathlib.Path):
    before = in_test_case(STUBS + REWRITTEN[0].values[0])
    check_not_known(tmp_path, RULE, before, None, beside)
