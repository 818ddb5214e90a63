# SPDX-License-Identifier: Apache-2.0
"""Columns that an object would lose, in trees whose tables have more than the objects know."""

import pathlib
import textwrap

import pytest
import small_tree
from sources import changed
from tables import in_method, outcome

#: A tree whose services have a column of its own.
MODELS = (
    changed(
        small_tree.MODELS,
        ("Column, Integer, Text", "Column, Integer, Text\nimport sqlalchemy as sa"),
    )
    + """\


class Service(object):
    id = Column(Integer)
    host = Column(Text)
    topic = Column(Text)
    zone_name = sa.Column(Text)
"""
)

OPEN = "self.conductor_api.service_update(context, {'id': host}, values)\n"

#: What another file does with the column, and whether it may fill it.
ELSEWHERE = [
    pytest.param("values['zone_name'] = 'z'\n", True, id="stored"),
    pytest.param("values = {'zone_name': 'z'}\n", True, id="in a literal"),
    pytest.param("values.update(zone_name='z')\n", True, id="by keyword"),
    pytest.param("KEY = 'zone_name'\n", True, id="by a name"),
    pytest.param("values.setdefault('zone_name', 'z')\n", True, id="by default"),
    pytest.param("NAMES = ('host', 'zone_name')\n", True, id="in a list of names"),
    pytest.param("print(values['zone_name'])\n", False, id="read"),
    pytest.param("print(values.get('zone_name'))\n", False, id="read by get()"),
    pytest.param("print('zone_name' in values)\n", False, id="asked for"),
    pytest.param("print('%(zone_name)s' % {'zone_name': values})\n", False, id="shown"),
    pytest.param("LOG.info('%(zone_name)s', {'zone_name': values})\n", False, id="logged"),
    pytest.param("find(zone_name='z')\n", False, id="a keyword of something else"),
    pytest.param("zone_name = 'z'\n", False, id="a name of its own"),
]


@pytest.mark.parametrize(("elsewhere", "fills"), ELSEWHERE)
def test_open_values_stay_where_a_file_may_fill_the_column(
    elsewhere: str, fills: bool, tmp_path: pathlib.Path
):
    beside = {"nova/db/sqlalchemy/models.py": MODELS, "nova/virt/other.py": elsewhere}
    found = outcome(tmp_path, in_method(OPEN), beside=beside)
    assert found.failures == ()
    assert ("call.lost-column" in found.codes) == fills
    assert ("service.save(context)" in found.text) != fills
    reasons = [one.reason for one in found.declined if one.code == "call.lost-column"]
    assert all("zone_name, which nova/virt/other.py:1 may fill" in one for one in reasons)


def test_unit_tests_and_the_database_fill_nothing(tmp_path: pathlib.Path):
    fill = "values = {'zone_name': 'z'}\n"
    beside = {"nova/db/sqlalchemy/models.py": MODELS, "nova/tests/test_other.py": fill}
    found = outcome(tmp_path, in_method(OPEN), beside={**beside, "nova/db/other.py": fill})
    assert found.codes == set()


#: Values whose keys are made somewhere else, and the place where the column is among them.
FOLLOWED = [
    pytest.param(
        """\
    def method(self, context, host, values):
        values = self.values(host)
        self.conductor_api.service_update(context, {'id': host}, values)

    def values(self, zone):
        return {'zone_name': zone}
""",
        id="returned by a method",
    ),
    pytest.param(
        """\
    def method(self, context, host, values):
        self.conductor_api.service_update(context, {'id': host}, made(host))


def made(zone):
    found = dict(host='x')
    found['zone_name'] = zone
    return found
""",
        id="returned by a function",
    ),
    pytest.param(
        """\
    def method(self, context, host, values):
        self.write(context, host, {'zone_name': values})

    def write(self, context, host, values):
        self.conductor_api.service_update(context, {'id': host}, values)
""",
        id="given by a caller",
    ),
    pytest.param(
        """\
    def method(self, context, host, values):
        self.found = {'zone_name': host}
        self.conductor_api.service_update(context, {'id': host}, self.found)
""",
        id="kept in an attribute",
    ),
]


@pytest.mark.parametrize("methods", FOLLOWED)
def test_followed_values_name_the_place(methods: str, tmp_path: pathlib.Path):
    head = in_method("pass\n").partition("    def method")[0]
    beside = {"nova/db/sqlalchemy/models.py": MODELS}
    found = outcome(tmp_path, head + methods, beside=beside)
    assert found.failures == ()
    assert found.text == head + methods
    reasons = [one.reason for one in found.declined]
    assert len(reasons) == 1
    assert "zone_name, at nova/compute/example.py:" in reasons[0]


def test_result_of_a_call_that_stays_is_a_dict(tmp_path: pathlib.Path):
    source = in_method(
        """\
service = self.conductor_api.service_update(context, {'id': host}, {'zone_name': host})
return service['host']
"""
    )
    found = outcome(tmp_path, source, beside={"nova/db/sqlalchemy/models.py": MODELS})
    assert found.text == source
    assert found.codes == {"call.lost-column"}


#: What an update is given, and whether a field makes something else of it.
LITERALS = [
    pytest.param("{'report_count': '12'}", True, id="text for a number"),
    pytest.param("{'disabled': 1}", True, id="a number for a truth value"),
    pytest.param("{'topic': 3}", True, id="a number for text"),
    pytest.param("{'report_count': 12}", False, id="a number"),
    pytest.param("{'disabled': True, 'topic': 'x'}", False, id="as the columns are"),
    pytest.param("{'topic': None}", False, id="nothing"),
    pytest.param("{'topic': host}", False, id="not known"),
]


@pytest.mark.parametrize(("values", "is_other"), LITERALS)
@pytest.mark.parametrize("is_used", [True, False])
def test_a_literal_of_another_type_keeps_the_call_whose_row_is_used(
    values: str, is_other: bool, is_used: bool, tmp_path: pathlib.Path
):
    call = f"self.conductor_api.service_update(context, {{'id': host}}, {values})\n"
    found = outcome(tmp_path, in_method(f"row = {call}" if is_used else call))
    assert found.failures == ()
    assert ("value.other-type" in found.codes) == (is_other and is_used)
    assert ("service.save(context)" in found.text or "row.save(context)" in found.text) != (
        is_other and is_used
    )


#: How a row that stays a dict comes into the values of another, and whether it is all of it.
WHOLE = [
    pytest.param("values = found", True, id="as it is"),
    pytest.param("values = found or {}", True, id="or nothing"),
    pytest.param("values = found.copy()", True, id="copied"),
    pytest.param("values = dict(found, host=host)", True, id="copied with a key"),
    pytest.param("values = {'host': host}\nvalues.update(found)", True, id="put into a dict"),
    pytest.param("values = dict(found.items())", True, id="as its items"),
    pytest.param("values = {k: v for k, v in found.iteritems() if v}", True, id="comprehended"),
    pytest.param("values = dict((k, found[k]) for k in found)", True, id="key by key"),
    pytest.param("values = self.given(context, host)", True, id="returned"),
    pytest.param("for values in [found]:\n    pass", True, id="from a loop"),
    pytest.param("values = {'host': found['host']}", False, id="a column"),
    pytest.param("values = dict(host=found['host'])", False, id="a column by keyword"),
    pytest.param("values = {}\nvalues['host'] = found['host']", False, id="a column stored"),
    pytest.param("values = {'host': host}", False, id="another dict"),
]


@pytest.mark.parametrize(("given", "is_whole"), WHOLE)
def test_a_row_that_stays_is_not_given_to_an_object(
    given: str, is_whole: bool, tmp_path: pathlib.Path
):
    head = in_method("pass\n").partition("    def method")[0]
    get = "self.conductor_api.service_get_by_compute_host(context, host)"
    source = f"""\
{head}    def method(self, context, host, values):
        found = {get}
        host.keep(found)
{textwrap.indent(given, " " * 8)}
        self.conductor_api.service_update(context, {{'id': host}}, values)

    def given(self, context, host):
        found = {get}
        host.keep(found)
        return found
"""
    found = outcome(tmp_path, source)
    assert found.failures == ()
    assert ("value.other-type" in found.codes) == is_whole
    assert ("service.save(context)" in found.text) != is_whole


#: What an update is given that the field refuses, or would store as something else.
REFUSED = [
    pytest.param("{'disabled': None}", True, id="nothing for a truth value"),
    pytest.param("{'report_count': None if host else 3}", True, id="nothing, maybe"),
    pytest.param("{'report_count': 10 / 4.0}", True, id="a fraction"),
    pytest.param("{'topic': [host]}", True, id="a list"),
    pytest.param("{'topic': True}", True, id="a truth value for text"),
    pytest.param("{'topic': host or None}", False, id="nothing for text"),
    pytest.param("{'report_count': len(host) + 1}", False, id="a number that is counted"),
    pytest.param("{'disabled': not host}", False, id="a truth value"),
    pytest.param("{'topic': '%s-x' % host}", False, id="text that is made"),
    pytest.param("{'updated_at': '2014-10-16T12:00:00.000000'}", True, id="a time as text"),
    pytest.param("{'updated_at': host.now()}", True, id="what may be a time"),
    pytest.param("{'deleted_at': None}", False, id="no time"),
]


@pytest.mark.parametrize(("values", "is_refused"), REFUSED)
def test_a_value_that_would_not_be_stored_keeps_the_call(
    values: str, is_refused: bool, tmp_path: pathlib.Path
):
    call = f"self.conductor_api.service_update(context, {{'id': host}}, {values})\n"
    found = outcome(tmp_path, in_method(call))
    assert found.failures == ()
    assert ("value.other-type" in found.codes) == is_refused
    assert ("service.save(context)" in found.text) != is_refused


#: The stats of a compute node, and whether a dict of texts makes other text of them.
STATS = [
    pytest.param("json.dumps({'a': '1', 'b': None})", False, id="texts"),
    pytest.param("json.dumps(host)", False, id="not known"),
    pytest.param("json.dumps(dict(a=host))", False, id="values that are not known"),
    pytest.param("json.dumps({'a': 1})", True, id="a number"),
    pytest.param("json.dumps(dict(a=True))", True, id="a truth value"),
    pytest.param("json.dumps({'a': {'b': 'c'}})", True, id="a dict within"),
    pytest.param("json.dumps([host])", True, id="a list"),
    pytest.param("json.dumps(host, indent=1)", True, id="of another form"),
    pytest.param("json.dumps(host, sort_keys=True)", False, id="in an order of its own"),
    pytest.param("'{}'", False, id="an empty dict"),
]


@pytest.mark.parametrize(("stats", "is_other"), STATS)
def test_stats_that_would_be_another_text_keep_the_call(
    stats: str, is_other: bool, tmp_path: pathlib.Path
):
    call = "self.conductor_api.compute_node_update(context, {'id': host}, {'stats': STATS})\n"
    found = outcome(tmp_path, f"import json\n{in_method(call.replace('STATS', stats))}")
    assert found.failures == ()
    assert ("value.other-type" in found.codes) == is_other
    assert ("compute_node.save(context)" in found.text) != is_other


CONTEXT = """\
class RequestContext(object):
    def __init__(self, user_id, project_id):
        self.user_id = user_id
"""

#: What is given for the values, of which the conductor says that they are no dict.
INSTANCES = [
    pytest.param("values = context.RequestContext(host, host)", True, id="instance"),
    pytest.param("if host:\n    values = context.RequestContext(host, host)", True, id="or one"),
    pytest.param("values = others.Context(host)", True, id="of a class of another project"),
    pytest.param("values = collections.OrderedDict(topic=host)", False, id="a dict in order"),
    pytest.param("values['host'] = str(context.RequestContext(host, host))", False, id="a value"),
]


@pytest.mark.parametrize(("given", "is_instance"), INSTANCES)
def test_an_instance_is_not_given_to_an_object(
    given: str, is_instance: bool, tmp_path: pathlib.Path
):
    source = f"""\
import collections

from nova import conductor
from nova import context
from other import context as others


class Holder(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def method(self, ctxt, host):
        values = {{'topic': host}}
{textwrap.indent(given, " " * 8)}
        self.conductor_api.service_update(ctxt, {{'id': host}}, values)
"""
    found = outcome(tmp_path, source, beside={"nova/context.py": CONTEXT})
    assert found.failures == ()
    assert ("value.other-type" in found.codes) == is_instance
    assert (".save(ctxt)" in found.text) != is_instance
