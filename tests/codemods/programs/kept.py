# SPDX-License-Identifier: Apache-2.0
"""The smallest programs of each kind that a rewrite changed, or might.

A row of KEPT is a name, what is still wrong with it ("" when nothing is), and the lines of a
method; `{service}` in them reads the first service, `{node}` its node. After a line `@class` follow
more methods of the class, after `@override` those of a subclass in another file, after `@functions`
those of a module that is imported as `functions`, after `@file NAME` another module of the package.
"""

import re
import textwrap
from collections.abc import Iterator

from running import Program

ONE = "nova.compute.one"

_HEAD = """\
import contextlib
import copy
import json
import pickle

from nova import conductor
from nova import exception


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def run(self, context, said):
"""
_FILLED = {
    "{service}": "self.conductor_api.service_get_by_args(context, 'host1', 'nova-compute')",
    "{services}": "self.conductor_api.service_get_all_by_topic(context, 'compute')",
    "{migrations}": (
        "self.conductor_api.migration_get_in_progress_by_host_and_node(\n"
        "    context, 'host1', 'node1')"
    ),
    "{node}": (
        "self.conductor_api.service_get_by_compute_host(\n    context, 'host1')['compute_node'][0]"
    ),
}
_PLACE = re.compile(r"^@(class|override|functions|file \w+)\n", re.MULTILINE)


def program(lines: str) -> Program:
    """The program of a row of the table."""
    for name, text in _FILLED.items():
        lines = lines.replace(name, text)
    main, *rest = _PLACE.split(lines.strip("\n") + "\n")
    one = _HEAD + textwrap.indent(main, " " * 8)
    files = {}
    calls = [(ONE, "Reader", "run")]
    for place, text in zip(rest[::2], rest[1::2], strict=True):
        if place == "class":
            one += "\n" + textwrap.indent(text, "    ")
        elif place == "override":
            head = "from nova.compute import one\n\n\nclass Special(one.Reader):\n"
            files["nova/compute/two.py"] = head + textwrap.indent(text, "    ")
            calls.append(("nova.compute.two", "Special", "run"))
        else:
            name = place.removeprefix("file ")
            one = f"from nova.compute import {name}\n" + one
            files[f"nova/compute/{name}.py"] = text
    return Program({"nova/compute/one.py": one, **files}, tuple(calls))


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, what is wrong with it, and the lines."""
    for name, (wrong, lines) in KEPT.items():
        yield name, wrong, lines


_STALE = ""
_HANDLE = ""

KEPT: dict[str, tuple[str, str]] = {
    "a stored row is read again": (
        _STALE,
        """
service = {service}
self.conductor_api.service_update(context, service, {'report_count': 7})
said.append(service['report_count'])
""",
    ),
    "a row is stored in a loop from its own count": (
        _STALE,
        """
service = {service}
for number in range(2):
    self.conductor_api.service_update(
        context, service, {'report_count': service['report_count'] + 1})
""",
    ),
    "a row is stored under a second name": (
        _STALE,
        """
old = service = {service}
service = self.conductor_api.service_update(context, service, {'topic': 'new'})
said.append((old['topic'], service['topic']))
""",
    ),
    "a stored row is read in the next line only": (
        "",
        """
service = {service}
said.append(service['report_count'])
service = self.conductor_api.service_update(context, service, {'report_count': 7})
said.append(service['report_count'])
""",
    ),
    "two columns are computed from each other": (
        "",
        """
service = {service}
self.conductor_api.service_update(
    context, service, {'topic': service['binary'], 'binary': service['topic']})
""",
    ),
    "values are built key by key from the row": (
        "",
        """
service = {service}
values = {}
values['topic'] = 'moved'
values['binary'] = service['topic']
self.conductor_api.service_update(context, service, values)
""",
    ),
    "one column is computed from itself": (
        "",
        """
service = {service}
self.conductor_api.service_update(
    context, service, {'report_count': service['report_count'] + 1})
""",
    ),
    "values are filled before the row is read": (
        "",
        """
values = {}
values['disabled'] = True
service = {service}
self.conductor_api.service_update(context, service, values)
""",
    ),
    "values are filled before a return": (
        "",
        """
self.service = {service}
self.disable(context, False)
self.service = self.conductor_api.service_update(context, self.service, {'report_count': 3})
@class
def disable(self, context, is_allowed):
    values = {}
    values['disabled'] = True
    if not is_allowed:
        return
    self.service = self.conductor_api.service_update(context, self.service, values)
""",
    ),
    "a copy of the row is what is stored": (
        "",
        """
service = self.conductor_api.service_get_by_compute_host(context, 'host1')
values = dict(service, disabled=True)
self.conductor_api.service_update(context, service, values)
""",
    ),
    "what a call that stays is given is read from a row": (
        "",
        """
said.append(self.conductor_api.service_update(context, {service}, {'topic': 'new'})['topic'])
""",
    ),
    "a call stays beside one that is rewritten": (
        _HANDLE,
        """
instance = (self.conductor_api.instance_get_all_by_host(context, 'host1')[0]
            if said == [] else {migrations}[0]['instance'])
said.append(instance['uuid'])
""",
    ),
    "a call stays in a statement of its own": (
        "",
        """
instances = self.conductor_api.instance_get_all_by_host(context, 'host1')
said.append(len(instances))
said.append({service}['host'])
""",
    ),
    "a state is expected": (
        _HANDLE,
        """
instance = {migrations}[0]['instance']
self.conductor_api.instance_update(context, instance['uuid'], task_state='a')
self.conductor_api.instance_update(
    context, {migrations}[0]['instance']['uuid'], task_state=None, expected_task_state='a')
""",
    ),
    "a row without nodes is asked for them, and a caller catches the error": (
        "",
        """
try:
    said.append(len(self.nodes(context)))
except KeyError:
    said.append('no nodes')
said.append({service}['host'])
@class
def nodes(self, context):
    service = {service}
    return service['compute_node']
""",
    ),
    "a row with nodes may be one without": (
        "",
        """
for host in ('host1', 'host2'):
    try:
        service = self.conductor_api.service_get_by_compute_host(context, host)
    except exception.NotFound:
        service = {service}
    try:
        said.append(len(service['compute_node']))
    except KeyError:
        said.append('no nodes')
""",
    ),
    "a row with nodes is compared with one without": (
        "",
        """
service = self.conductor_api.service_get_by_compute_host(context, 'host1')
self.conductor_api.compute_node_delete(context, {node})
said.append(service == {service})
said.append({service} == {service})
""",
    ),
    "a column is refused": (
        "instance_update() refuses columns that save() stores",
        """
instance = {migrations}[0]['instance']
try:
    self.conductor_api.instance_update(context, instance['uuid'], display_name='x')
except KeyError:
    said.append('refused')
""",
    ),
    "a key that is no column": (
        "",
        """
try:
    said.append({service}['nothing'])
except KeyError:
    said.append('nothing')
""",
    ),
    "a key that is no column, with a default": (
        "",
        """
said.append({service}.get('nothing', 'nothing'))
""",
    ),
    "nodes that were not asked for": (
        "",
        """
try:
    said.append(len({service}['compute_node']))
except KeyError:
    said.append('no nodes')
""",
    ),
    "nodes that were stored meanwhile": (
        "",
        """
service = self.conductor_api.service_get_by_compute_host(context, 'host1')
self.conductor_api.compute_node_update(context, service['compute_node'][0], {'vcpus': 77})
said.append(service['compute_node'][0]['vcpus'])
""",
    ),
    "a time popped off a copy": (
        "",
        """
copied = dict({service})
said.append(copied.pop('created_at')[:4])
""",
    ),
    "a flag that is returned under a name of many": (
        "",
        """
said.append(repr(self.get(context)))
@class
def get(self, context):
    return {service}['deleted']
""",
    ),
    "a row that is entered": (
        "",
        """
with guard.Guard({service}) as service:
    said.append(len(dict(service)))
@file guard
class Guard(object):
    def __init__(self, row):
        self.row = row

    def __enter__(self):
        return self.row

    def __exit__(self, *args):
        return False
""",
    ),
    "a row in a list": (
        "",
        """
said.append({service} in {services})
""",
    ),
    "the place of a row in a list": (
        "",
        """
said.append({services}.index({service}))
""",
    ),
    "a row that is new": (
        "",
        """
seen = []
for service in {services}:
    if service not in seen:
        seen.append(service)
said.append(len(seen))
""",
    ),
    "pairs of a row and something else": (
        "",
        """
said.append(({service}, 1) == ({service}, 1))
""",
    ),
    "dicts of rows": (
        "",
        """
said.append({'a': {service}} == {'a': {service}})
""",
    ),
    "two rows": (
        "",
        """
said.append({service} == {service})
""",
    ),
    "a list of rows is changed": (
        "",
        """
services = {services}
services.append({service})
said.append(len(services))
""",
    ),
    "a list of rows is turned around": (
        "",
        """
services = {services}
services.reverse()
said.append(services[0]['host'])
""",
    ),
    "a key of a row goes": (
        "",
        """
service = {service}
said.append(service.pop('topic'))
said.append('topic' in service)
""",
    ),
    "a row gets a key of the program's own": (
        "",
        """
service = {service}
service['zone'] = 'zone'
said.append(service['zone'])
""",
    ),
    "a dict takes over a row": (
        "",
        """
view = {'zone': 'zone'}
view.update({service})
said.append(view['host'])
""",
    ),
    "a row is merged into a literal": (
        "",
        """
said.append({**{service}, 'zone': 'zone'}['host'])
""",
    ),
    "a row is merged into a literal of which nothing is read": (
        "",
        """
merged = {**{service}, 'host': 'merged'}
said.append('merged')
""",
    ),
    "a row is updated by keywords": (
        "",
        """
service = {service}
service.update(topic='changed')
said.append(service['topic'])
""",
    ),
    "a row is iterated over": (
        "",
        """
service = {service}
for key in service:
    if key == 'host':
        said.append(service[key])
service = {'topic': 'dict'}
said.append(service['topic'])
""",
    ),
    "a row is written as JSON": (
        "",
        """
said.append(json.loads(json.dumps({service}))['host'])
""",
    ),
    "rows in a dict are written as JSON": (
        "",
        """
said.append(len(json.loads(json.dumps({'services': {services}}))['services']))
""",
    ),
    "a row is pickled": (
        "",
        """
service = pickle.loads(pickle.dumps({service}))
said.append(dict(service)['host'])
""",
    ),
    "a row is said as text": (
        "",
        """
said.append("'host': 'host1'" in '%s' % {service})
""",
    ),
    "all of a row": (
        "",
        """
said.append(dict({service}))
""",
    ),
    "a time is cut": (
        "",
        """
said.append({service}['created_at'][:10])
""",
    ),
    "a time is part of a text": (
        "",
        """
said.append('at %s' % {service}['created_at'])
""",
    ),
    "a time comes out of the items of a row": (
        "",
        """
view = {key: value for key, value in {service}.items()}
said.append('at ' + view['created_at'])
""",
    ),
    "the latest of some times": (
        "",
        """
said.append(max(service['created_at'] for service in {services}) > '2014')
""",
    ),
    "a time that is there": (
        "",
        """
said.append({service}['updated_at'] is None)
""",
    ),
    "deleted is a number": (
        "",
        """
said.append({service}['deleted'])
""",
    ),
    "an address is text": (
        "",
        """
said.append({node}['host_ip'] == '192.0.2.1')
""",
    ),
    "stats are text": (
        "",
        """
said.append(json.loads({node}['stats'] or '{}'))
""",
    ),
    "stats are changed": (
        "",
        """
node = {node}
stats = json.loads(node['stats'])
stats['more'] = '2'
self.conductor_api.compute_node_update(context, node, {'stats': json.dumps(stats)})
""",
    ),
    "a row is yielded": (
        "",
        """
said.append([dict(service)['host'] for service in self.services(context)])
@class
def services(self, context):
    yield {service}
""",
    ),
    "a row comes out of a context manager": (
        "",
        """
with self.held(context) as service:
    said.append(dict(service)['host'])
@class
@contextlib.contextmanager
def held(self, context):
    yield {service}
""",
    ),
    "a row is counted": (
        "",
        """
for number, service in enumerate({services}):
    said.append((number, dict(service)['host']))
""",
    ),
    "a row is spread over keywords": (
        "",
        """
said.append(self.host(**{service}))
@class
def host(self, host, **others):
    return host
""",
    ),
    "a row goes to a class of another file": (
        "",
        """
said.append(functions.View({service}).host())
@file functions
class View(object):
    def __init__(self, row):
        self.row = row

    def host(self):
        return self.row['host'], dict(self.row)['topic']
""",
    ),
    "a nested function gives the name a dict": (
        "",
        """
service = {service}
def forget():
    nonlocal service
    service = {'host': 'nowhere'}
forget()
said.append(service['host'])
""",
    ),
    "a decorator gives a dict": (
        "",
        """
said.append(self.service(context)['host'])
@class
@functions.as_dict
def service(self, context):
    return {service}
@file functions
def as_dict(function):
    def inner(*args):
        return dict(function(*args), host='decorated')
    return inner
""",
    ),
    "an override gives a dict": (
        "",
        """
said.append(self.service(context)['host'])
@class
def service(self, context):
    return {service}
@override
def service(self, context):
    return {'host': 'overridden'}
""",
    ),
    "an override takes a dict": (
        "",
        """
said.append(self.view({service}))
@class
def view(self, service):
    return service['host']
@override
def view(self, service):
    return sorted(service.keys())[0]
""",
    ),
    "an override reads the attribute as a dict": (
        "",
        """
self.service = {service}
said.append(self.view())
@class
def view(self):
    return self.service['host']
@override
def view(self):
    return dict(self.service)['host']
""",
    ),
    "a subclass elsewhere reads the attribute as a dict": (
        "",
        """
self.service = {service}
@override
def run(self, context, said):
    super(Special, self).run(context, said)
    said.append(sorted(self.service.keys())[0])
""",
    ),
    "an override keeps a dict": (
        "",
        """
self.keep(context)
said.append(self.service['host'])
@class
def keep(self, context):
    self.service = {service}
@override
def keep(self, context):
    self.service = {'host': 'overridden'}
""",
    ),
    "a method is called by its name": (
        "",
        """
said.append(self.host(context, {service}))
said.append(functions.call(self, context, 'host'))
@class
def host(self, context, service):
    return service['host']
@file functions
def call(endpoint, context, name):
    return getattr(endpoint, name)(context, {'host': 'sent'})
""",
    ),
    "a parameter is read before it is bound again": (
        "",
        """
said.append(self.hosts(context, {'host': 'dict'}))
@class
def hosts(self, context, service):
    host = service['host']
    service = {service}
    return host, service['host']
""",
    ),
    "a parameter is stored and bound again": (
        "",
        """
said.append(self.stored(context, {'id': 2}))
@class
def stored(self, context, record):
    record = self.conductor_api.service_update(context, record, {'report_count': 3})
    return record['report_count']
""",
    ),
    "a name is a host and then its service": (
        "",
        """
service = {service}['host']
said.append(service.upper())
service = self.conductor_api.service_get_by_args(context, service, 'nova-compute')
said.append(service['topic'])
""",
    ),
    "one of two methods is called": (
        "",
        """
find = (self.conductor_api.service_get_by_args
        if said else self.conductor_api.service_get_by_host_and_topic)
said.append(find(context, 'host1', 'nova-compute') is None)
""",
    ),
    "nobody is found": (
        "",
        """
try:
    self.conductor_api.service_get_by_args(context, 'nowhere', 'nova-compute')
except exception.NotFound:
    said.append('not found')
""",
    ),
    "a row that stays is compared with another": (
        "",
        """
one = {service}
one.pop('nothing', None)
said.append(one == {service})
""",
    ),
    "a row is compared with what is kept by its name": (
        "",
        """
setattr(self, 'kept_c', {service})
said.append({service} == self.kept_c)
@class
kept_c = None
""",
    ),
    "a name of all keywords is bound again": (
        "",
        """
said.append(self.read(context, host='x'))
@class
def read(self, context, **service):
    host = service['host']
    service = {service}
    return host, service['host']
""",
    ),
    "rows are unpacked behind a star": (
        "",
        """
first, *others = {services}
said.append([one.pop('host') for one in others])
""",
    ),
    "a method is looked up by its name": (
        "",
        """
said.append(getattr(self, 'find')(context).pop('host'))
@class
def find(self, context):
    return {service}
""",
    ),
    "numbers are held against the texts of the metadata": (
        "",
        """
for service in {services}:
    values = {'key': 1}
    self.conductor_api.instance_update(
        context, {migrations}[0]['instance']['uuid'], system_metadata=values)
""",
    ),
    "a row that was its own values is asked when it was written": (
        "",
        """
service = {service}
service['report_count'] = 7
self.conductor_api.service_update(context, service, service)
said.append(service['updated_at'] is None)
said.append({service} == service)
""",
    ),
    "an attribute is read by its name, and its row is used as a dict": (
        "",
        """
self.kept_a = {service}
said.append(getattr(self, 'kept_a').pop('host'))
""",
    ),
    "an attribute is got from the dict of its object": (
        "",
        """
self.kept_b = {service}
said.append(self.__dict__['kept_b'].pop('host'))
said.append(vars(self).get('kept_b').get('host'))
""",
    ),
    "all attributes of an object are gone through": (
        "",
        """
self.kept_c = {service}
said.append([one.pop('host') for one in vars(self).values() if hasattr(one, 'pop')])
""",
    ),
    "a method is called by a name made at run time": (
        "",
        """
for name in ('service', 'nothing'):
    row = getattr(self, 'get_' + name)(context)
    said.append(row and row.pop('host'))
@class
def get_service(self, context):
    return {service}

def get_nothing(self, context):
    return None
""",
    ),
    "a number is given as text": (
        "",
        """
row = self.conductor_api.service_update(context, {service}, {'report_count': '12'})
said.append(row['report_count'])
""",
    ),
    "a row that is compared is copied for another use": (
        "",
        """
service = copy.deepcopy({service})
said.append(service == service)
other = copy.deepcopy(service)
other['topic'] = 'copied'
said.append(other['topic'])
""",
    ),
}
