# SPDX-License-Identifier: Apache-2.0
"""A call whose row is read where no object can answer stays, with all that it feeds."""

import pathlib

import pytest
import small_tree

from codemods.config import Config
from codemods.engine import run
from codemods.model import RunResult

SERVICE = """\
from nova import conductor


def ids(contexts, host):
    service = conductor.API().service_get_by_compute_host(contexts.pop(), host)
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
NODE = """\
from nova import conductor


def host(context, values):
    node = conductor.API().compute_node_create(context, values)
    print(node['vcpus'])
    return node.get('service')['host']
"""
TWO_CALLS = """\
from nova import conductor


def nodes(context, host, args):
    capi = conductor.API()
    service = capi.service_get_by_compute_host(context, host)
    if args:
        service = capi.service_get_by_args(context, host, 'nova-compute')
    print(service['host'])
    del service['compute_node']
"""


PATH = "nova/compute/example.py"


def outcome(root: pathlib.Path, text: str) -> RunResult:
    """What becomes of a small tree with a file of this text."""
    for name, content in {**small_tree.files(), PATH: text}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return run(Config(root))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SERVICE, id="no context is at hand for the nodes"),
        pytest.param(MIGRATION, id="the instance is read within an expression"),
        pytest.param(MIXED, id="the row is a dict on another path"),
        pytest.param(NODE, id="the row may lack the service, which the object asks for"),
        pytest.param(TWO_CALLS, id="two calls give the row"),
    ],
)
def test_the_call_stays(tmp_path, text):
    result = outcome(tmp_path, text)
    assert PATH not in {change.path for change in result.changes}
    codes = {one.code for one in result.declined if one.path == PATH}
    assert codes == {"relation.unreadable"}


PARAMETER = """\
from nova import conductor


def ids(context, objects):
    found = []
    for host in objects:
        service = conductor.API().service_get_by_compute_host(context, host)
        found.append(service['id'])
    return found


def first(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['id']
"""
AROUND = """\
from nova import conductor


def ids(context, hosts):
    objects = list(hosts)

    def one(host):
        return conductor.API().service_get_by_compute_host(context, host)

    return [one(host)['id'] for host in objects]
"""
ONE = """\
from nova import conductor


def one(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['id']
"""
STAR = """\
from nova import conductor
from nova.conductor.api import *


def one(context, host):
    service = conductor.API().service_get_by_compute_host(context, host)
    return service['id']
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(PARAMETER, 7, id="a parameter"),
        pytest.param(AROUND, 8, id="a variable of the function around"),
        pytest.param(STAR, 6, id="an import of everything"),
        pytest.param(f"{ONE}\n\nobjects = one\n", 5, id="a variable of the module"),
        pytest.param(f"{ONE}\n\ndef objects():\n    pass\n", 5, id="a function"),
        pytest.param(f"{ONE}\n\nclass objects(object):\n    pass\n", 5, id="a class"),
        pytest.param(f"from nova.compute import objects\n{ONE}", 6, id="another module"),
        pytest.param(f"if 1:\n    from nova import objects\n{ONE}", 7, id="a conditional import"),
        pytest.param(f"{ONE}\n\ndef two():\n    global objects\n", 5, id="a global variable"),
    ],
)
def test_the_call_stays_where_the_name_of_the_objects_is_taken(tmp_path, text, line):
    result = outcome(tmp_path, text)
    assert result.failures == ()
    left = [one for one in result.declined if one.path == PATH]
    assert [(one.line, one.code) for one in left] == [(line, "import.name-taken")]


def test_the_other_calls_of_the_file_do_not_stay(tmp_path):
    result = outcome(tmp_path, PARAMETER)
    [change] = [one for one in result.changes if one.path == PATH]
    assert change.after.count(b"objects.Service.get_by_compute_host(") == 1


def test_a_function_may_import_the_objects_itself(tmp_path):
    text = STAR.replace("from nova.conductor.api import *\n", "").replace(
        "    service =", "    from nova import objects\n    service ="
    )
    result = outcome(tmp_path, text)
    assert result.failures == ()
    [change] = [one for one in result.changes if one.path == PATH]
    assert b"objects.Service.get_by_compute_host(" in change.after
