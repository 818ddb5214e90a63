"""A call whose row is read where no object can answer stays, with all that it feeds."""

import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run

SERVICE = """\
from nova import conductor
from nova import context


def ids(host):
    admin = context.get_admin_context()
    service = conductor.API().service_get_by_compute_host(admin, host)
    print(service['host'])
    return [node['id'] for node in service['compute_node']]
"""
MIGRATION = """\
from nova import conductor


def uuids(context, host, node):
    capi = conductor.API()
    migrations = capi.migration_get_in_progress_by_host_and_node(
        context, host, node)
    return [m['instance']['uuid'] for m in migrations if m['status'] != 'x']
"""
MIXED = """\
from nova import conductor


def nodes(context, host, row=None):
    service = row or conductor.API().service_get_by_compute_host(context, host)
    return service['compute_node']


def of_dict(context):
    return nodes(context, 'host', {'compute_node': []})
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SERVICE, id="no context is at hand for the nodes"),
        pytest.param(MIGRATION, id="the instance is read within an expression"),
        pytest.param(MIXED, id="the row is a dict on another path"),
    ],
)
def test_the_call_stays(tmp_path, text):
    for name, content in {**small_tree.files(), "nova/compute/example.py": text}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    result = run(Config(tmp_path))
    assert "nova/compute/example.py" not in {change.path for change in result.changes}
    codes = {d.code for d in result.declined if d.path == "nova/compute/example.py"}
    assert codes == {"relation.unreadable"}
