# SPDX-License-Identifier: Apache-2.0
"""The long tail of `row['host']`: where it becomes an attribute, and where it must not."""

import pathlib

import pytest
from sources import ROW_KEEPER
from tables import SERVICE, SERVICE_AFTER, assert_same_text, method_outcome, outcome

from codemods.rewriting.findings import Effect

REWRITTEN = [
    pytest.param("service['host'] = host", "service.host = host", id="store"),
    pytest.param("service['report_count'] += 1", "service.report_count += 1", id="augmented"),
    pytest.param("return (service)['host']", "return (service).host", id="parenthesised"),
    pytest.param("return ((service) )[ 'host' ]", "return ((service) ).host", id="spaces"),
    pytest.param("return service['ho' 'st']", "return service.host", id="implicit concatenation"),
    pytest.param("return service[u'host'], 10L", "return service.host, 10L", id="Python 2 only"),
    pytest.param("return service \\\n    ['host']", "return service \\\n    .host", id="continued"),
    pytest.param(
        "x = (service  # the [one]\n     ['host'])",
        "x = (service  # the [one]\n     .host)",
        id="comment before the bracket",
    ),
    pytest.param(
        "x = service['host']; return x, -service['id'] ** 2",
        "x = service.host; return x, -service.id ** 2",
        id="semicolon and precedence",
    ),
    pytest.param("a = b = service\nb['host'] = a['id']", "a = b = service\nb.host = a.id", id="="),
    pytest.param("d = {'a': service}\nd['a']['id']", "d = {'a': service}\nd['a'].id", id="dict"),
    pytest.param(
        "t = (service, {})\nreturn t[0]['host'], t[1]['host']",
        "t = (service, {})\nreturn t[0].host, t[1]['host']",
        id="tuple by place",
    ),
    pytest.param(
        "if service['host'] < service['topic'] < host:\n    print service['id']",
        "if service.host < service.topic < host:\n    print service.id",
        id="chained comparison, only statement of a block",
    ),
    pytest.param(
        "def inner():\n    return service['host']\nreturn inner",
        "def inner():\n    return service.host\nreturn inner",
        id="closure",
    ),
    pytest.param(
        "return lambda x: service['host']", "return lambda x: service.host", id="lambda's free name"
    ),
    pytest.param(
        "try:\n    pass\nexcept Exception, e:\n    raise ValueError, service['host']",
        "try:\n    pass\nexcept Exception, e:\n    raise ValueError, service.host",
        id="Python 2 raise",
    ),
    pytest.param(
        "if host:\n    service = None\nreturn service and service['host']",
        "if host:\n    service = None\nreturn service and service.host",
        id="None is no dict",
    ),
    pytest.param("x = service['host'],", "x = service.host,", id="trailing comma"),
    pytest.param("return u'\u00e9\u20ac', service['host']", "return u'\u00e9\u20ac', service.host",
                 id="non-ASCII before it"),
    pytest.param(
        "return service[  # which\n    'host']",
        "# which\nreturn service.host",
        id="comment inside",
    ),
    pytest.param(
        "return service['host'  # which\n    ]",
        "# which\nreturn service.host",
        id="comment behind",
    ),
]  # fmt: skip

#: Rows that are something else on some path, or keys that are no fields.
LEFT = [
    pytest.param("if host:\n    service = values\nservice['host']", "value.mixed", id="unknown"),
    pytest.param(
        "if host:\n    service = dict(values)\nservice['host']", "value.mixed", id="builtin call"
    ),
    pytest.param(
        "try:\n    pass\nexcept Exception as service:\n    service['host']",
        "value.mixed",
        id="exception",
    ),
    pytest.param(
        "try:\n    service = values\nexcept Exception, e:\n    pass\nservice['host']",
        "value.mixed",
        id="conditional in try",
    ),
    pytest.param(
        "x = [service['host'] for service in values]\nreturn x", "value.mixed", id="comprehension"
    ),
    pytest.param("service = values or service\nservice['host']", "value.mixed", id="or"),
    pytest.param("x = service if host else values\nx['host']", "value.mixed", id="if expression"),
    pytest.param("x = [service, {}]\nx[0]['host']", "value.mixed", id="list of both"),
    pytest.param("x = {'a': service, 'b': {}}\nx['a']['id']", "value.mixed", id="dict of both"),
    pytest.param("x = [service]\nx.append({})\nx[0]['id']", "value.mixed", id="appended"),
    pytest.param("self.it = service\nself.it = {}\nself.it['id']", "value.mixed", id="attribute"),
]

#: Where nothing says that it is a row at all: silence is right.
NOT_ROWS = [
    pytest.param("service = {'a': 1}\nservice['host']", id="rebound to a dict"),
    pytest.param("for service in values:\n    service['host']", id="loop variable"),
    pytest.param("for x, service in values:\n    service['host']", id="loop tuple"),
    pytest.param("with values as service:\n    service['host']", id="with"),
    pytest.param("service, x = values\nreturn service['host']", id="unpacked"),
    pytest.param("def inner(service):\n    return service['host']\ninner({})", id="shadowed"),
    pytest.param("f = lambda service: service['host']\nf({})", id="shadowed by a lambda"),
    pytest.param("class Inner(object):\n    service = {}\n    x = service['host']", id="class"),
    pytest.param("d = {'service': 1}\nreturn d['service'], values['host']", id="other dicts"),
    pytest.param("'''service['host']'''  # service['host']", id="text"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    lines, found = method_outcome(tmp_path, SERVICE + before)
    assert_same_text(lines, SERVICE_AFTER + after + "\n")
    assert "subscript_to_attribute" in found.rules


@pytest.mark.parametrize(("before", "because"), LEFT)
def test_left_alone_and_listed(before: str, because: str, tmp_path: pathlib.Path):
    lines, found = method_outcome(tmp_path, SERVICE + before)
    assert_same_text(lines, SERVICE_AFTER + before + "\n")
    assert because in found.codes


@pytest.mark.parametrize("before", NOT_ROWS)
def test_not_a_row(before: str, tmp_path: pathlib.Path):
    lines, found = method_outcome(tmp_path, SERVICE + before)
    assert_same_text(lines, SERVICE_AFTER + before + "\n")
    assert "subscript_to_attribute" not in found.rules


PARAMETER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        service = self.conductor_api.service_get_by_compute_host(context, host)
        return self.named(service)

    def named(self, service{default}):
        return service['host']
{more}"""

OTHER = """
    def other(self, {parameters}):
        return {call}
"""


def other(call: str, parameters: str = "row=None") -> str:
    """Another method of the class that makes a call."""
    return OTHER.format(call=call, parameters=parameters)


@pytest.mark.parametrize(
    ("default", "more"),
    [
        pytest.param("={}", "", id="its default is a dict"),
        pytest.param("", other("self.named(row)", "row"), id="unseen"),
        pytest.param("", other("self.named({})"), id="dict"),
        pytest.param("", other("self.named(service={})"), id="dict by name"),
        pytest.param("", other("self.named(**{})"), id="**"),
        pytest.param("", other("self.named(*a)", "*a"), id="*"),
        pytest.param("", other("map(self.named, [{}])"), id="map"),
        pytest.param("", other("spawn(f=self.named, a=1)"), id="f="),
        pytest.param("", other("Reader.named(row, {})"), id="unbound"),
        pytest.param("", other("row.named({})"), id="of who knows what"),
        pytest.param("", "\n\nclass Other(Reader):" + other("self.named({})"), id="subclass"),
    ],
)
def test_a_parameter_that_may_be_a_dict_is_left(default: str, more: str, tmp_path: pathlib.Path):
    text = PARAMETER.format(default=default, more=more)
    found = outcome(tmp_path, text)
    assert "        return service['host']\n" in found.text
    assert "value.mixed" in found.codes


def test_a_parameter_that_only_takes_rows_is_rewritten(tmp_path: pathlib.Path):
    found = outcome(tmp_path, PARAMETER.format(default="=None", more=""))
    assert "        return service.host\n" in found.text


def test_an_attribute_that_a_subclass_sets_to_a_dict_is_left(tmp_path: pathlib.Path):
    other = """\
from nova.compute import example


class Other(example.Reader):
    def set(self):
        self.row = {'host': None}
"""
    found = outcome(tmp_path, ROW_KEEPER + other.partition("\n\n")[2].replace("example.", ""))
    assert "        return self.row['host']\n" in found.text
    assert "value.mixed" in found.codes


STATS = """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()
        self.stats = {}

    def write(self, context, values):
        values['pci_stats'] = None
        self.node = self.conductor_api.compute_node_create(context, values)
        self.node['stats'] = jsonutils.dumps(self.stats)
        self.node['vcpus'] = 4
        self.node.update(values)
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(STATS, [13], id="a node that keeps a copy"),
        pytest.param(STATS.replace("        values['pci_stats'] = None\n", ""), [], id="none kept"),
        pytest.param(STATS.replace("node['stats'] =", "stats ="), [], id="nothing stored"),
    ],
)
def test_stats_that_are_stored_are_told(tmp_path: pathlib.Path, text: str, lines: list[int]):
    found = outcome(tmp_path, text)
    assert found.failures == ()
    stored = [edit.line for edit in found.edits if Effect.STORES_STATS in edit.effects]
    assert stored == lines
