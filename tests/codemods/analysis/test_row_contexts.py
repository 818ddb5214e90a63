# SPDX-License-Identifier: Apache-2.0
"""The context that a row was read with, where a row within it is asked for."""

import pathlib
import re
import textwrap

import pytest
from tables import outcome

HEAD = """\
from nova import conductor
from nova import context as nova_context


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def wait(self, context):
        self.conductor_api.wait_until_ready(context)

"""

#: The methods of a class, and the context that the nodes of the service are asked for with.
NAMED = [
    pytest.param(
        """\
def nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context, host)
    return service['compute_node']
""",
        "context",
        id="the parameter",
    ),
    pytest.param(
        """\
def nodes(self, context, host):
    admin = context.elevated()
    service = self.conductor_api.service_get_by_compute_host(admin, host)
    return service['compute_node']
""",
        "admin",
        id="an elevated one that has a name",
    ),
    pytest.param(
        """\
def nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context.elevated(), host)
    return service['compute_node']
""",
        "context.elevated()",
        id="an elevated one without a name",
    ),
    pytest.param(
        """\
def nodes(self, context, host):
    context = context.elevated()
    service = self.conductor_api.service_get_by_compute_host(context, host)
    return service['compute_node']
""",
        "context",
        id="the parameter, elevated before",
    ),
    pytest.param(
        """\
def nodes(self, host):
    service = self.conductor_api.service_get_by_compute_host(
        nova_context.get_admin_context(), host)
    return service['compute_node']
""",
        "nova_context.get_admin_context()",
        id="one that is made where it is needed",
    ),
    pytest.param(
        """\
def nodes(self, req_context, host):
    service = self.conductor_api.service_get_by_compute_host(req_context, host)
    return service['compute_node']
""",
        "req_context",
        id="a parameter of another name",
    ),
    pytest.param(
        """\
def service(self, context, host):
    return self.conductor_api.service_get_by_compute_host(context, host)

def nodes(self, context, host):
    service = self.service(context, host)
    return service['compute_node']
""",
        "context",
        id="handed to who gets the row",
    ),
    pytest.param(
        """\
def service(self, context, host):
    return self.conductor_api.service_get_by_compute_host(context, host)

def nodes(self, context, host):
    admin = context.elevated()
    service = self.service(admin, host)
    return service['compute_node']
""",
        "admin",
        id="elevated and handed to who gets the row",
    ),
    pytest.param(
        """\
def service(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context, host)
    return self.nodes(context, service)

def nodes(self, ctxt, service):
    return service['compute_node']
""",
        "ctxt",
        id="handed on beside the row",
    ),
    pytest.param(
        """\
def service(self, context, host):
    admin = context.elevated()
    service = self.conductor_api.service_get_by_compute_host(admin, host)
    return self.nodes(admin, service)

def nodes(self, context, service):
    return service['compute_node']
""",
        "context",
        id="elevated and handed on beside the row",
    ),
]

#: The same where the context is lost on the way: the row stays.
LOST = [
    pytest.param(
        """\
def nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(self.admin(), host)
    return service['compute_node']
""",
        id="the result of a call",
    ),
    pytest.param(
        """\
def nodes(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context.elevated(), host)
    context = None
    return service['compute_node']
""",
        id="the name stands for something else by then",
    ),
    pytest.param(
        """\
def service(self, context, host):
    return self.conductor_api.service_get_by_compute_host(context.elevated(), host)

def nodes(self, context, host):
    service = self.service(context, host)
    return service['compute_node']
""",
        id="elevated where the row is got",
    ),
    pytest.param(
        """\
def service(self, context, host):
    service = self.conductor_api.service_get_by_compute_host(context.elevated(), host)
    return self.nodes(context, service)

def nodes(self, context, service):
    return service['compute_node']
""",
        id="another one is handed on beside the row",
    ),
    pytest.param(
        """\
def start(self, context, host):
    self.service = self.conductor_api.service_get_by_compute_host(context, host)

def nodes(self, context):
    return self.service['compute_node']
""",
        id="the row is kept from another request",
    ),
    pytest.param(
        """\
def nodes(self, context, host):
    admin = context.elevated()
    if host:
        service = self.conductor_api.service_get_by_compute_host(admin, host)
    else:
        service = self.conductor_api.service_get_by_compute_host(context, 'other')
    return service['compute_node']
""",
        id="one of two",
    ),
]


def rewritten(root: pathlib.Path, methods: str) -> str:
    found = outcome(root, HEAD + textwrap.indent(methods, "    "))
    assert found.failures == ()
    return found.text


@pytest.mark.parametrize(("methods", "context"), NAMED)
def test_nodes_are_asked_for_with_the_context_of_the_row(
    methods: str, context: str, tmp_path: pathlib.Path
):
    text = rewritten(tmp_path, methods)
    queries = re.findall(r"ComputeNodeList\.get_by_service\(\s*(.*?),\s*service\)", text, re.DOTALL)
    assert queries == [context]


@pytest.mark.parametrize("methods", LOST)
def test_row_stays_where_its_context_is_lost(methods: str, tmp_path: pathlib.Path):
    found = outcome(tmp_path, HEAD + textwrap.indent(methods, "    "))
    assert "service['compute_node']" in found.text
    assert "service_get_by_compute_host" in found.text
    assert "relation.unreadable" in found.codes


#: Beside the reader, a class with a method of the name to which the row is handed.
OTHER = """
class Other({base}):
    def nodes(self, ctxt, service):
        return []
"""
HANDED_ON = HEAD + textwrap.indent(NAMED[-2].values[0], "    ")  # type: ignore[arg-type]


def test_row_is_not_handed_to_a_method_of_another_class(tmp_path: pathlib.Path):
    found = outcome(tmp_path, HANDED_ON + OTHER.format(base="object"))
    assert "ComputeNodeList.get_by_service(ctxt, service)" in found.text


def test_row_may_be_handed_to_the_method_of_an_heir(tmp_path: pathlib.Path):
    found = outcome(tmp_path, HANDED_ON + OTHER.format(base="Reader"))
    assert "service['compute_node']" in found.text
    assert "relation.unreadable" in found.codes


def test_deleted_instances_are_told_from_those_of_others(tmp_path: pathlib.Path):
    text = rewritten(
        tmp_path,
        """\
def uuids(self, context, host, node):
    for migration in self.conductor_api.migration_get_in_progress_by_host_and_node(
            context.elevated(), host, node):
        instance = migration['instance']
        if instance is not None:
            print instance['uuid']
""",
    )
    assert "                    context.elevated(read_deleted='no'),\n" in text
