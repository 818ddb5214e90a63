# SPDX-License-Identifier: Apache-2.0
"""The long tail of calls that may reach the conductor and that nobody can rewrite."""

import pathlib

import pytest
from sources import crlf
from tables import (
    PATH,
    check_file_left,
    check_file_not_known,
    check_left,
    check_not_known,
)

RULE = "conductor_call_indirect"

DRIVER_PATH = "nova/virt/example.py"

DRIVER = """\
class Driver(object):
    def __init__(self, virtapi, conductor_api):
        self.virtapi = self._virtapi = virtapi
        self.conductor_api = self._conductor_api = conductor_api

    def progress(self, context, uuid):
"""


def in_driver(line: str) -> str:
    """A module in which the line stands in a method of a virt driver."""
    return f"{DRIVER}        {line}\n"


#: A driver reaches what it is given, and nobody knows what stands behind it.
INDIRECT = [
    pytest.param(
        "self.virtapi.instance_update(context, uuid, {'progress': 50})",
        "call.indirect",
        id="the API that drivers are given",
    ),
    pytest.param(
        "return self._virtapi.instance_update(context, uuid, {})['host']",
        "call.indirect",
        id="under its other name, the row is used",
    ),
    pytest.param(
        "virtapi = self.virtapi; virtapi.instance_update(context, uuid, {})",
        "call.indirect",
        id="in a variable, statements on one line",
    ),
    pytest.param(
        "if uuid: self.virtapi.instance_update(context, uuid, {})  # tell",
        "call.indirect",
        id="block on one line, comment",
    ),
    pytest.param(
        "self.virtapi.instance_update(  # tell\n            context, uuid, {})",
        "call.indirect",
        id="comment inside",
    ),
    pytest.param(
        "(self.virtapi).instance_update(context, uuid, {})",
        "call.indirect",
        id="parenthesised",
    ),
    pytest.param(
        "print self.virtapi.instance_update(context, uuid, {})",
        "call.indirect",
        id="Python 2 syntax around",
    ),
    pytest.param(
        "context.later(self.virtapi.instance_update, uuid)",
        "call.indirect",
        id="a method that is handed on",
    ),
    pytest.param(
        "return lambda: self.virtapi.instance_update(context, uuid, {})",
        "call.indirect",
        id="in a lambda",
    ),
    pytest.param(
        "return self.conductor_api.service_get_all(context)",
        "call.unknown-handle",
        id="named like the conductor's API",
    ),
    pytest.param(
        "return [s for s in self._conductor_api.service_get_all(context)]",
        "call.unknown-handle",
        id="under its other name, in a comprehension",
    ),
    pytest.param(
        "return self.virtapi.conductor.service_get_all(context)",
        "call.unknown-handle",
        id="of something else",
    ),
]

LEFT = [
    pytest.param(
        """\
def read(conductor_api, context):
    return conductor_api.service_get_all(context)
""",
        id="a parameter that no caller fills",
    ),
    pytest.param(
        """\
def outer(conductor_api):
    @conductor_api.service_get_all('context')
    def inner():
        pass
    return inner
""",
        id="in a decorator",
    ),
    pytest.param(
        """\
def outer(conductor):
    class Inner(object):
        def read(self, context):
            return conductor.service_get_all(context)
    return Inner
""",
        id="in a class in a function",
    ),
    pytest.param(
        """\
def read(capi, context):
    return capi.service_get_all(context)
""",
        id="by its short name alone",
    ),
    pytest.param(
        """\
def read(source, context):
    return source.service_get_all(context)
""",
        id="under any name",
    ),
    pytest.param(
        """\
def read(conductor_api, context):
    return conductor_api[0].service_get_all(context)
""",
        id="one of several",
    ),
    pytest.param(
        """\
def read(run):
    return run(lambda api: api.service_get_all('context'))
""",
        id="a parameter of a lambda",
    ),
    pytest.param(
        """\
def read(source, context):
    with source.opened() as api:
        return api.service_get_all(context)
""",
        id="from a with statement",
    ),
    pytest.param(
        """\
def read(source):
    return source.service_get_all
""",
        id="looked up and not called",
    ),
    pytest.param(
        """\
def read(source, context):
    return getattr(source, 'service_get_all')(context)
""",
        id="looked up by its name",
    ),
    pytest.param(
        """\
import operator


def read(sources, context):
    return map(operator.methodcaller('service_get_all', context), sources)
""",
        id="looked up later",
    ),
    pytest.param(
        """\
def read(context):
    return __import__('nova.conductor').conductor.API().service_get_all(context)
""",
        id="of what is imported by name",
    ),
    pytest.param(
        """\
from nova.conductor import api


class Fork(api.API):
    def hosts(self, context):
        return self.service_get_all(context)
""",
        id="of a class that inherits from the API",
    ),
    pytest.param(
        """\
from nova.conductor import api


class Fork(api.API):
    pass


def hosts(context):
    return Fork().service_get_all(context)
""",
        id="of an instance of a class that inherits from the API",
    ),
    pytest.param(
        """\
from nova.conductor import rpcapi


def hosts(context):
    return rpcapi.ConductorAPI().service_get_all(context)
""",
        id="of the conductor's own proxy",
    ),
    pytest.param(
        """\
class Mixin(object):
    def hosts(self, context):
        return self.api.service_get_all(context)
""",
        id="of an attribute that nobody was seen to set",
    ),
    pytest.param(
        """\
class Holder(object):
    def __init__(self, given):
        self.api = given

    def hosts(self, context):
        return self.api.service_get_all(context)
""",
        id="of an attribute that is handed in",
    ),
]

#: What is known to be something else although it has a method of that name.
OTHERS = [
    pytest.param(
        """\
from nova import db


def hosts(context):
    return db.service_get_all(context)
""",
        id="the database",
    ),
    pytest.param(
        """\
class Holder(object):
    def hosts(self, context):
        return self.db.service_get_all(context)
""",
        id="the database of a manager",
    ),
    pytest.param(
        """\
def hosts(context):
    from nova.db import api as store
    return store.service_get_all(context)
""",
        id="the database under another name, imported in the function",
    ),
    pytest.param(
        """\
class HostAPI(object):
    def service_get_all(self, context):
        return []


class Hosts(object):
    def __init__(self):
        self.api = HostAPI()

    def hosts(self, context):
        return self.api.service_get_all(context)
""",
        id="of a class that has it",
    ),
    pytest.param(
        """\
class HostAPI(object):
    def service_get_all(self, context):
        return []

    def hosts(self, context):
        return self.service_get_all(context)


class CellsAPI(HostAPI):
    def service_get_all(self, context):
        return super(CellsAPI, self).service_get_all(context)
""",
        id="of the object itself, and of its base",
    ),
    pytest.param(
        """\
from oslo import messaging


def hosts(context):
    client = messaging.RPCClient('cells')
    return client.service_get_all(context)
""",
        id="of a class that is not the tree's",
    ),
    pytest.param(
        """\
from nova.compute import hosts


def read(context):
    return hosts.HostAPI().service_get_all(context)
""",
        id="of what another file makes",
    ),
]

#: Of a method that holds the API for certain.
NOT_IN_METHOD = [
    pytest.param(
        """\
return self.conductor_api.service_get_all(context)
""",
        """\
return objects.ServiceList.get_all(context)
""",
        id="known to be the API",
    ),
    pytest.param(
        """\
capi = self.conductor_api
capi.wait_until_ready(context)
return capi.service_get_all(context)
""",
        """\
capi = self.conductor_api
capi.wait_until_ready(context)
return objects.ServiceList.get_all(context)
""",
        id="known under a short name",
    ),
    pytest.param(
        """\
return dict(values).service_get_all(context)
""",
        None,
        id="on a dict",
    ),
    pytest.param(
        """\
return self.conductor_api.service_frob(context)
""",
        None,
        id="a method that moves no rows",
    ),
    pytest.param(
        """\
return self.conductor_api.service_get_all
""",
        None,
        id="not called",
    ),
]

NOT_KNOWN = [
    pytest.param(
        """\
from nova.virt import virtapi


def update(context, uuid):
    virtapi.instance_update(context, uuid, {})
""",
        DRIVER_PATH,
        id="the module of that name",
    ),
    pytest.param(
        """\
def update(virtapi, context):
    virtapi.provider_fw_rule_get_all(context)
""",
        DRIVER_PATH,
        id="calls of the API that move no rows",
    ),
    pytest.param(
        """\
def read(conductor_api, context):
    '''Call conductor_api.service_get_all(context).'''
    # conductor_api.service_get_all(context)
""",
        PATH,
        id="in a text and in a comment",
    ),
    pytest.param(
        """\
def read(conductor_api, context):
    return conductor_api.service_get_all(context)
""",
        "nova/tests/compute/test_example.py",
        id="in a unit test",
    ),
    pytest.param(
        """\
def read(conductor_api, context):
    return conductor_api.service_get_all(context)
""",
        "nova/conductor/example.py",
        id="in the conductor itself",
    ),
]


@pytest.mark.parametrize(("line", "because"), INDIRECT)
def test_call_of_a_driver_is_listed(line: str, because: str, tmp_path: pathlib.Path):
    check_file_left(tmp_path, RULE, in_driver(line), None, because, DRIVER_PATH)


@pytest.mark.parametrize("source", LEFT)
def test_left_and_listed(source: str, tmp_path: pathlib.Path):
    check_file_left(tmp_path, RULE, source, None, "call.unknown-handle")


@pytest.mark.parametrize("source", OTHERS)
def test_something_else_is_not_listed(source: str, tmp_path: pathlib.Path):
    beside = {
        "nova/compute/hosts.py": """\
class CellsHostAPI(object):
    def service_get_all(self, context):
        return []


def HostAPI():
    return CellsHostAPI()
"""
    }
    check_file_not_known(tmp_path, RULE, source, None, beside=beside)


def test_line_endings_stay(tmp_path: pathlib.Path):
    source = crlf(in_driver("self.virtapi.instance_update(context, uuid, {})"))
    check_file_left(tmp_path, RULE, source, None, "call.indirect", DRIVER_PATH)


def test_one_call_of_several_is_listed(tmp_path: pathlib.Path):
    before = """\
self.conductor_api.service_get_all(context)
values.conductor_api.service_get_all(context)
"""
    after = """\
objects.ServiceList.get_all(context)
values.conductor_api.service_get_all(context)
"""
    check_left(tmp_path, RULE, before, after, "call.unknown-handle")


@pytest.mark.parametrize(("before", "after"), NOT_IN_METHOD)
def test_nothing_for_the_rule_in_a_method(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("source", "path"), NOT_KNOWN)
def test_nothing_for_the_rule(source: str, path: str, tmp_path: pathlib.Path):
    check_file_not_known(tmp_path, RULE, source, None, path)
