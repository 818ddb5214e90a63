# SPDX-License-Identifier: Apache-2.0
"""The long tail of the conductor's calls that update a row."""

import pathlib

import pytest
import small_tree
from sources import changed
from tables import (
    SERVICE,
    SERVICE_AFTER,
    assert_same_text,
    check_left,
    check_not_known,
    check_rewritten,
    in_method,
    method_outcome,
    outcome,
)

RULE = "conductor_update_to_object_save"

REWRITTEN = [
    pytest.param(
        """\
changes = {'topic': values}  # as told
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
# as told
service.topic = values
service.save(context)
""",
        id="comment behind a dict",
    ),
    pytest.param(
        """\
# what the tracker measured
changes = {'topic': values}
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
# what the tracker measured
service.topic = values
service.save(context)
""",
        id="comment above a dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)

# what is to be written
# from now on
changes = {}  # nothing yet

host = self.wait(context)

# the topic
changes['topic'] = host
# write it
self.conductor_api.service_update(context, service, changes)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)

host = self.wait(context)

# write it
# what is to be written
# from now on
# nothing yet
# the topic
service.topic = host
service.save(context)
""",
        id="comments above what is far from the call",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
# what is to be written
changes = {  # nothing
    # at all
}
self.conductor_api.service_update(context, service, changes)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# what is to be written
# nothing
# at all
service.save(context)
""",
        id="comments of an empty dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
changes = {
    'topic': values,
    # the rest stays
}
self.conductor_api.service_update(context, service, changes)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.topic = values
# the rest stays
service.save(context)
""",
        id="comment at the end of a dict",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
# beside
values = 3; changes = {'topic': values  # as told
                       }  # behind
self.conductor_api.service_update(context, service, changes)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# beside
values = 3  # behind
# as told
service.topic = values
service.save(context)
""",
        id="comments of a line of which something stays",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {
    'topic': 'a'  # the first
    # the second
    'b'})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.topic = ('a'  # the first
    # the second
    'b')
service.save(context)
""",
        id="comments in a text of several parts",
    ),
    pytest.param(
        """\
changes = dict(topic=values,  # as given
               # whether it works
               disabled=not host,  # it does
               # no more
               )
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
# as given
service.topic = values
# whether it works
# it does
service.disabled = not host
# no more
service.save(context)
""",
        id="dict() of keywords that is built before, with comments",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(
    context,
    host,  # which one
    vm_state='error',  # for now
    # nothing is done
    task_state=None)
""",
        """\
# which one
instance = objects.Instance(uuid=host, metadata={}, system_metadata={})
# Only identifies the row; with metadata set, save() loads it for the
# update notification.
instance.obj_reset_changes()
# for now
instance.vm_state = 'error'
# nothing is done
instance.task_state = None
instance.save(context)
""",
        id="keywords of the call, with comments",
    ),
    pytest.param(
        """\
changes = {}  # nothing yet
changes['topic'] = values  # as told
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
# nothing yet
# as told
service.topic = values
service.save(context)
""",
        id="comment behind an empty dict",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, dict(topic=values, disabled=not host))
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.topic = values
service.disabled = not host
service.save(context)
""",
        id="dict() of keywords",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, dict(
    # what it listens to
    topic=values,  # as given
    disabled=not host))
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
# what it listens to
# as given
service.topic = values
service.disabled = not host
service.save(context)
""",
        id="dict() of keywords, with comments",
    ),
    pytest.param(
        """\
changes = dict(topic=values)
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.topic = values
service.save(context)
""",
        id="dict() of keywords, built before",
    ),
    pytest.param(
        """\
changes = dict()
changes['topic'] = values
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.topic = values
service.save(context)
""",
        id="dict() of nothing, filled",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, dict(topic=values, **host))
""",
        """\
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.update(copy.deepcopy(dict(topic=values, **host)))
service.save(context)
""",
        id="dict() of keywords, with others",
    ),
    pytest.param(
        """\
from collections import OrderedDict as dict
self.conductor_api.service_update(context, {'id': host}, dict(topic=values))
""",
        """\
from collections import OrderedDict as dict
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.update(copy.deepcopy(dict(topic=values)))
service.save(context)
""",
        id="dict() that is something else",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = self.conductor_api.service_update(context, service, {'host': host})
return x['id'], service['id']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = host
service.save(context)
x = service
return x.id, service.id
""",
        id="result under another name",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service = self.conductor_api.service_update(context, service, {'host': service['topic']})
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = service.topic
service.save(context)
return service
""",
        id="values read the row",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, values)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.update(copy.deepcopy(values))
service.save(context)
""",
        id="values are not literal",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = 1
v['topic'] = 2
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = 1
service.topic = 2
service.save(context)
""",
        id="values are filled",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
if host:
    v['host'] = 1
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {}
if host:
    v['host'] = 1
service.update(copy.deepcopy(v))
service.save(context)
""",
        id="values are filled on one path",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {'host': 1, 'disabled': not host}
print service['host']
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
print service.host
service.host = 1
service.disabled = not host
service.save(context)
""",
        id="values are the same at the call",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {'host': host}
host = 'other'
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {'host': host}
host = 'other'
service.update(copy.deepcopy(v))
service.save(context)
""",
        id="values change before the call",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {'host': self.f()}
if host:
    self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {'host': self.f()}
if host:
    service.update(copy.deepcopy(v))
    service.save(context)
""",
        id="values are made by a call, condition in between",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host['a']}, {'host': host})
""",
        """\
service = objects.Service(id=host['a'])
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.host = host
service.save(context)
""",
        id="row is only an id",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host:
    service = values
x = self.conductor_api.service_update(context, service, {'topic': host})
return x['id']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host:
    service = values
service_obj = objects.Service(id=service['id'])
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.topic = host
service_obj.save(context)
x = service_obj
return x.id
""",
        id="row may be a dict",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_update(context, host, values)
""",
        """\
compute_node = objects.ComputeNode(id=host['id'])
# Only identifies the row; save() writes the fields set below.
compute_node.obj_reset_changes()
compute_node.update(copy.deepcopy(values))
compute_node.save(context)
""",
        id="row is a parameter",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, values or host, {'topic': host})
""",
        """\
service = objects.Service(id=(values or host)['id'])
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.topic = host
service.save(context)
""",
        id="row is an expression",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, self.find(), {'topic': host})
""",
        """\
service = objects.Service(id=self.find()['id'])
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.topic = host
service.save(context)
""",
        id="row is the result of a call",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service['host'] = 'pending'
self.conductor_api.service_update(context, service, {'topic': host})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = 'pending'
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.topic = host
service_obj.save(context)
""",
        id="row has changes that nobody wrote",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {'host': 1}
service = self.other()
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service = self.other()
service_obj = objects.Service(id=service['id'])
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 1
service_obj.save(context)
""",
        id="row was rebound",
    ),
    pytest.param(
        """\
node = self.conductor_api.compute_node_create(context, values)
self.conductor_api.compute_node_update(context, node, {'stats': dict(self.stats)})
""",
        """\
node = objects.ComputeNode()
node.update(copy.deepcopy(values))
node.create(context)
node.update(copy.deepcopy({'stats': dict(self.stats)}))
node.save(context)
""",
        id="dict that somebody else may have",
    ),
    pytest.param(
        """\
compute_node = 3
self.conductor_api.compute_node_update(context, {'id': host}, {'vcpus': compute_node})
""",
        """\
compute_node = 3
compute_node_obj = objects.ComputeNode(id=host)
# Only identifies the row; save() writes the fields set below.
compute_node_obj.obj_reset_changes()
compute_node_obj.vcpus = compute_node
compute_node_obj.save(context)
""",
        id="name of the object is taken",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if host: self.conductor_api.service_update(context, service, {'host': 1})
else: pass
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if host:
    service.host = 1
    service.save(context)
else: pass
""",
        id="on one line with if",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service,  # it
                                  {'host': 1})  # now
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# it
# now
service.host = 1
service.save(context)
""",
        id="comment inside and behind",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], host=host, node='n')
""",
        """\
instance = objects.Instance(uuid=host['uuid'], metadata={},
                            system_metadata={})
# Only identifies the row; with metadata set, save() loads it for the
# update notification.
instance.obj_reset_changes()
instance.host = host
instance.node = 'n'
instance.save(context)
""",
        id="named values",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], system_metadata=self.meta)
""",
        """\
instance = objects.Instance(uuid=host['uuid'], metadata={},
                            system_metadata={})
# Only identifies the row; with metadata set, save() loads it for the
# update notification.
instance.obj_reset_changes()
instance.system_metadata = copy.deepcopy(self.meta)
instance.save(context)
""",
        id="named values, a dict among them",
    ),
    pytest.param(
        """\
v = {'host': host}
self.conductor_api.instance_update(context, host['uuid'], **v)
""",
        """\
instance = objects.Instance(uuid=host['uuid'], metadata={},
                            system_metadata={})
# Only identifies the row; with metadata set, save() loads it for the
# update notification.
instance.obj_reset_changes()
instance.host = host
instance.save(context)
""",
        id="named values from a literal",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.migration_update(self.ctx or context, values, 'done')
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
migration = objects.Migration(id=values['id'])
# Only identifies the row; save() writes the fields set below.
migration.obj_reset_changes()
migration.status = 'done'
migration.save((self.ctx or context).elevated())
""",
        id="elevated",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service = self.conductor_api.service_update(context, service,
    {'disabled': not host, 'topic': service['topic'] or service['disabled']})
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
topic = service.topic or service.disabled
service.disabled = not host
service.topic = topic
service.save(context)
return service
""",
        id="values read what is set before them",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service = self.conductor_api.service_update(context, service,
    {'disabled': service['topic'] is None, 'topic': service['host']})
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.disabled = service.topic is None
service.topic = service.host
service.save(context)
return service
""",
        id="values read what is set behind them",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service,
    {'host': service['topic'], 'topic': service['host']})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
topic = service.host
service.host = service.topic
service.topic = topic
service.save(context)
""",
        id="values are exchanged",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service,
    {'host': host, 'topic': service.get('host') or 'x'})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
topic = service.host or 'x'
service.host = host
service.topic = topic
service.save(context)
""",
        id="value reads the row by get()",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service,
    {'host': self.f(), 'disabled': True, 'topic': service['host']})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
new_host = self.f()
topic = service.host
service.host = new_host
service.disabled = True
service.topic = topic
service.save(context)
""",
        id="value of a call comes before one that must come first",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
topic = 'y'
self.conductor_api.service_update(context, service, {'host': topic, 'topic': service['host']})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
topic = 'y'
new_topic = service.host
service.host = topic
service.topic = new_topic
service.save(context)
""",
        id="name of the local is taken",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'host': host, 'topic': self.f(service)})
""",
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
service_obj = objects.Service(id=service['id'])
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = host
service_obj.topic = self.f(service)
service_obj.save(context)
""",
        id="row is handed to what computes a value",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = service['topic']
v['topic'] = service['host']
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
topic = service.host
service.host = service.topic
service.topic = topic
service.save(context)
""",
        id="keys are stored one by one, values read the row",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'host': 'x'})
return service['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
return service.host
""",
        id="old row is read again",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'host': 'x'})
if service is not None:
    return service['id']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = 'x'
service.save(context)
if service is not None:
    return service.id
""",
        id="old row is asked for its id alone",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'host': 'x'})
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
return service
""",
        id="old row is returned",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
old = service
service = self.conductor_api.service_update(context, service, {'host': 'x'})
return old['host'], service['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
old = service
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
service = service_obj
return old.host, service.host
""",
        id="old row has another name",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
values.append(service)
service = self.conductor_api.service_update(context, service, {'host': 'x'})
return service
""",
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
values.append(service)
service_obj = objects.Service(id=service['id'])
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
service = service_obj
return service
""",
        id="old row is kept in a list",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.ref = service
service = self.conductor_api.service_update(context, service, {'host': 'x'})
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
self.ref = service
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
service = service_obj
return service
""",
        id="old row is kept in an attribute",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
f = lambda: service['host']
self.conductor_api.service_update(context, service, {'host': 'x'})
return f()
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
f = lambda: service.host
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
return f()
""",
        id="old row is in a closure",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
for x in values:
    print service['host']
    self.conductor_api.service_update(context, service, {'host': x})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
for x in values:
    print service.host
    service_obj = objects.Service(id=service.id)
    # Only identifies the row; save() writes the fields set below.
    service_obj.obj_reset_changes()
    service_obj.host = x
    service_obj.save(context)
""",
        id="old row is read in the next round",
    ),
    pytest.param(
        """\
for service in self.conductor_api.service_get_all(context):
    print service['host']
    self.conductor_api.service_update(context, service, {'host': 'x'})
""",
        """\
for service in objects.ServiceList.get_all(context):
    print service.host
    service.host = 'x'
    service.save(context)
""",
        id="row of each round",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services:
    self.conductor_api.service_update(context, service, {'host': 'x'})
return [s['host'] for s in services]
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services:
    service_obj = objects.Service(id=service.id)
    # Only identifies the row; save() writes the fields set below.
    service_obj.obj_reset_changes()
    service_obj.host = 'x'
    service_obj.save(context)
return [s.host for s in services]
""",
        id="row of each round, in a list that is read again",
    ),
    pytest.param(
        """\
services = self.conductor_api.service_get_all(context)
for service in services:
    self.conductor_api.service_update(context, service, {'host': 'x'})
""",
        """\
services = objects.ServiceList.get_all(context)
for service in services:
    service.host = 'x'
    service.save(context)
""",
        id="row of each round, in a list that has a name",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, {'host': 'x'})
self.conductor_api.service_update(context, service, {'topic': 'y'})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = 'x'
service.save(context)
service.topic = 'y'
service.save(context)
""",
        id="row is updated twice",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
try:
    self.conductor_api.service_update(context, service, {'host': 'x'})
except ValueError:
    pass
self.conductor_api.service_update(context, service, {'topic': 'y'})
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
try:
    service_obj = objects.Service(id=service.id)
    # Only identifies the row; save() writes the fields set below.
    service_obj.obj_reset_changes()
    service_obj.host = 'x'
    service_obj.save(context)
except ValueError:
    pass
service.topic = 'y'
service.save(context)
""",
        id="row is updated again when that has failed",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
try:
    service = self.conductor_api.service_update(context, service, {'host': 'x'})
except ValueError:
    pass
return service
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
try:
    service_obj = objects.Service(id=service.id)
    # Only identifies the row; save() writes the fields set below.
    service_obj.obj_reset_changes()
    service_obj.host = 'x'
    service_obj.save(context)
    service = service_obj
except ValueError:
    pass
return service
""",
        id="fresh row may be the old one when the call has failed",
    ),
    pytest.param(
        """\
try:
    service = self.conductor_api.service_get_by_compute_host(context, host)
    service = self.conductor_api.service_update(context, service, {'host': 'x'})
    print service['host']
except ValueError:
    pass
""",
        """\
try:
    service = objects.Service.get_by_compute_host(context, host)
    service.host = 'x'
    service.save(context)
    print service.host
except ValueError:
    pass
""",
        id="nobody looks at the row when the call has failed",
    ),
    pytest.param(
        """\
self.ref = self.conductor_api.service_get_by_compute_host(context, host)
self.ref = self.conductor_api.service_update(context, self.ref, {'host': self.ref['topic']})
""",
        """\
self.ref = objects.Service.get_by_compute_host(context, host)
service = objects.Service(id=self.ref.id)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.host = self.ref.topic
service.save(context)
self.ref = service
""",
        id="row of an attribute",
    ),
    pytest.param(
        """\
v = {}
v['host'] = 'x'
v['disabled'] = True
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
service.host = 'x'
service.disabled = True
service.save(context)
""",
        id="values are filled before there is a row",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = 'x'
if values:
    return service
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
if values:
    return service
service_obj = objects.Service(id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save(context)
""",
        id="values are filled before a return",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = self.f()
if values:
    return
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {}
v['host'] = self.f()
if values:
    return
service.update(copy.deepcopy(v))
service.save(context)
""",
        id="values are filled by a call before a return",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = 'x'
print service['host']
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
print service.host
service.host = 'x'
service.save(context)
""",
        id="values are filled, the row is read in between",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = service['topic']
service = self.conductor_api.service_get_by_compute_host(context, host)
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {}
v['host'] = service.topic
service = objects.Service.get_by_compute_host(context, host)
service.update(copy.deepcopy(v))
service.save(context)
""",
        id="values are filled from the row, which is read anew",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
v['host'] = 'x'
try:
    self.f()
    self.conductor_api.service_update(context, service, v)
except ValueError:
    return service['host']
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
v = {}
v['host'] = 'x'
try:
    self.f()
    service_obj = objects.Service(id=service.id)
    # Only identifies the row; save() writes the fields set below.
    service_obj.obj_reset_changes()
    service_obj.update(copy.deepcopy(v))
    service_obj.save(context)
except ValueError:
    return service.host
""",
        id="values are filled before a block that may fail",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
v = {}
# the first
v['host'] = 'x'  # where
v['topic'] = 'y'
self.conductor_api.service_update(context, service, v)
""",
        """\
service = objects.Service.get_by_compute_host(context, host)
# the first
# where
service.host = 'x'
service.topic = 'y'
service.save(context)
""",
        id="comments of what fills the values",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(self.ctx(), {'id': host}, {'host': self.f()})
""",
        """\
ctxt = self.ctx()
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.host = self.f()
service.save(ctxt)
""",
        id="context by a call, a value by another",
    ),
    pytest.param(
        """\
self.conductor_api.migration_update(self.ctx(), self.f(), 'done')
""",
        """\
ctxt = self.ctx()
migration = objects.Migration(id=self.f()['id'])
# Only identifies the row; save() writes the fields set below.
migration.obj_reset_changes()
migration.status = 'done'
migration.save(ctxt.elevated())
""",
        id="context by a call, the row by another",
    ),
    pytest.param(
        """\
changes = {'id': host, 'topic': values}
del changes['id']
self.conductor_api.service_update(context, {'id': host}, changes)
""",
        """\
changes = {'id': host, 'topic': values}
del changes['id']
service = objects.Service(id=host)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.update(copy.deepcopy(changes))
service.save(context)
""",
        id="id that is taken out again",
    ),
    pytest.param(
        """\
changes = {'id': host, 'topic': values}
key = changes.pop('id')
self.conductor_api.service_update(context, {'id': key}, changes)
""",
        """\
changes = {'id': host, 'topic': values}
key = changes.pop('id')
service = objects.Service(id=key)
# Only identifies the row; save() writes the fields set below.
service.obj_reset_changes()
service.update(copy.deepcopy(changes))
service.save(context)
""",
        id="id that is popped",
    ),
]

#: Known, not sure: the place stays, and is listed with the reason code.
LEFT = [
    pytest.param(
        """\
self.conductor_api.compute_node_update(context, {'id': host}, {'vcpus': 1, 'extra_resources': host})
""",
        None,
        "call.lost-column",
        id="column without a field",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_update(context, {'id': host}, dict(values, extra_resources=host))
""",
        None,
        "call.lost-column",
        id="column without a field, by keyword",
    ),
    pytest.param(
        """\
v = {}
v['extra_resources'] = host
self.conductor_api.compute_node_update(context, {'id': host}, v)
""",
        None,
        "call.lost-column",
        id="column without a field, stored",
    ),
    pytest.param(
        """\
v = {'vcpus': 1}
if host:
    v.update({'extra_resources': host})
self.conductor_api.compute_node_update(context, {'id': host}, v)
""",
        None,
        "call.lost-column",
        id="column without a field, on one path",
    ),
    pytest.param(
        """\
v = {'vcpus': 1}
v.setdefault('extra_resources', host)
self.conductor_api.compute_node_update(context, {'id': host}, v)
""",
        None,
        "call.lost-column",
        id="column without a field, by default",
    ),
    pytest.param(
        """\
more = {'extra_resources': host}
self.conductor_api.compute_node_update(context, {'id': host}, dict(more, vcpus=1))
""",
        None,
        "call.lost-column",
        id="column without a field, merged",
    ),
    pytest.param(
        """\
more = {'extra_resources': host}
v = more.copy()
self.conductor_api.compute_node_update(context, {'id': host}, v)
""",
        None,
        "call.lost-column",
        id="column without a field, in a copy",
    ),
    pytest.param(
        """\
v = {'vcpus': 1} if host else {'extra_resources': host}
self.conductor_api.compute_node_update(context, {'id': host}, v)
""",
        None,
        "call.lost-column",
        id="column without a field, one of two",
    ),
    pytest.param(
        """\
self.conductor_api.compute_node_update(context, {'id': host}, {'stats': self.stats})
""",
        None,
        "value.text",
        id="what may be text for a dict",
    ),
    pytest.param(
        """\
v = {'a': 1}
self.conductor_api.instance_update(context, host, system_metadata=v)
""",
        None,
        "value.other-type",
        id="a number among texts",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
return self.conductor_api.service_update(context, service, {'host': host})
""",
        None,
        "call.position",
        id="result is used in place",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
x = self.conductor_api.service_update(context, service, {'host': host})['id']
""",
        None,
        "call.position",
        id="result is subscripted",
    ),
    pytest.param(
        """\
x = self.conductor_api.instance_update(context, host['uuid'], host='x')
return x['host']
""",
        None,
        "call.result-used",
        id="result of named values is used",
    ),
    pytest.param(
        """\
service = self.conductor_api.service_get_by_compute_host(context, host)
if self.conductor_api.service_update(context, service, {'host': host}): pass
""",
        None,
        "call.position",
        id="condition",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], **values)
""",
        None,
        "call.arguments",
        id="open named values",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], host=1, **values)
""",
        None,
        "call.arguments",
        id="named and open values",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], host=1, expected_task_state=None)
""",
        None,
        "call.arguments",
        id="guard among the named values",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host['uuid'], nosuch=1)
""",
        None,
        "call.arguments",
        id="named value that is no field",
    ),
    pytest.param(
        """\
v = {'host': host}
self.conductor_api.instance_update(context, host['uuid'], **v)
print v
""",
        None,
        "call.arguments",
        id="literal that is read elsewhere",
    ),
    pytest.param(
        """\
v = {'host': host}
host = {}
self.conductor_api.instance_update(context, 'x', **v)
""",
        None,
        "call.arguments",
        id="literal that changes in between",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, *values)
""",
        None,
        "call.arguments",
        id="* arguments",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, service=host, values=values)
""",
        None,
        "call.arguments",
        id="unknown keyword",
    ),
    pytest.param(
        """\
self.conductor_api.instance_info_cache_update(context, host, values)
""",
        None,
        "call.other-object",
        id="other object",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host})
""",
        None,
        "call.arguments",
        id="too few arguments",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, {'topic': host}, host)
""",
        None,
        "call.arguments",
        id="too many arguments",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(**values)
""",
        None,
        "call.arguments",
        id="** arguments",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host, {'host': host})
""",
        None,
        "call.arguments",
        id="values by place",
    ),
    pytest.param(
        """\
self.conductor_api.instance_update(context, host, host=host, info_cache=values)
""",
        None,
        "call.arguments",
        id="relation among the named values",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, {'id': 3})
""",
        None,
        "value.other-type",
        id="id of the row",
    ),
    pytest.param(
        f"""\
{SERVICE}values = dict(topic=host)
values['id'] = 3
self.conductor_api.service_update(context, service, values)
""",
        None,
        "value.other-type",
        id="id of a row that was read, stored in a dict",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, {'topic': {}})
""",
        None,
        "value.other-type",
        id="dict for text",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, {'disabled': 'yes'})
""",
        None,
        "value.other-type",
        id="text for a flag",
    ),
    pytest.param(
        """\
update = lambda: self.conductor_api.service_update(context, {'id': host}, {'topic': host})
return update
""",
        None,
        "call.position",
        id="result of a lambda",
    ),
    pytest.param(
        """\
class Inner(object):
    row = self.conductor_api.service_update(context, {'id': host}, {'topic': host})
return Inner
""",
        None,
        "call.position",
        id="body of a class, whose attributes its names would be",
    ),
    pytest.param(
        """\
return [self.conductor_api.service_update(context, row, {'topic': host}) for row in values]
""",
        None,
        "call.position",
        id="result in a comprehension",
    ),
    pytest.param(
        """\
return any(self.conductor_api.service_update(context, row, {'topic': host}) for row in values)
""",
        None,
        "call.position",
        id="result in a generator expression",
    ),
    pytest.param(
        """\
host and self.conductor_api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        "call.position",
        id="update on a condition",
    ),
    pytest.param(
        """\
self.conductor_api.service_update(context, {'id': host}, {'topic': host}) if host else None
""",
        None,
        "call.position",
        id="update on a condition, with if",
    ),
    pytest.param(
        """\
yield self.conductor_api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        "call.position",
        id="result is handed out",
    ),
    pytest.param(
        """\
host.tell(self.conductor_api.service_update(context, {'id': host}, {'topic': host}))
""",
        None,
        "call.position",
        id="result is an argument",
    ),
    pytest.param(
        """\
print self.conductor_api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        "call.position",
        id="result is printed",
    ),
    pytest.param(
        """\
while self.conductor_api.service_update(context, {'id': host}, {'topic': host}):
    pass
""",
        None,
        "call.position",
        id="update in each round",
    ),
    pytest.param(
        """\
for key in self.conductor_api.service_update(context, {'id': host}, {'topic': host}):
    print key
""",
        None,
        "call.position",
        id="result is looped over",
    ),
    pytest.param(
        """\
with self.conductor_api.service_update(context, {'id': host}, {'topic': host}):
    pass
""",
        None,
        "call.position",
        id="result is a context",
    ),
    pytest.param(
        """\
host += self.conductor_api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        "call.position",
        id="result is added",
    ),
    pytest.param(
        """\
def inner(row=self.conductor_api.service_update(context, {'id': host}, {'topic': host})):
    return row
return inner
""",
        None,
        "call.position",
        id="default of a parameter",
    ),
    pytest.param(
        """\
a = b = self.conductor_api.service_update(context, {'id': host}, {'topic': host})
return a, b
""",
        None,
        "call.position",
        id="two names for the result",
    ),
    pytest.param(
        """\
a, b = self.conductor_api.service_update(context, {'id': host}, {'topic': host})
return a
""",
        None,
        "row.escapes",
        id="result is unpacked",
    ),
    pytest.param(
        """\
values[host] = self.conductor_api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        "row.escapes",
        id="result is kept in a dict",
    ),
]

#: Nothing that the rule is for.
NOT_KNOWN = [
    pytest.param(
        """\
from nova import db
db.service_update(context, host, values)
""",
        None,
        id="of the database",
    ),
    pytest.param(
        """\
self.api.service_update(context, host, 'x', values)
""",
        None,
        id="of another API",
    ),
    pytest.param(
        """\
values.instance_update(context, host, host=1)
""",
        None,
        id="a method that is only named alike",
    ),
    pytest.param(
        """\
capi = self.conductor_api
capi = values
capi.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        id="handle bound to something else",
    ),
    pytest.param(
        """\
capi = self.conductor_api
def inner(capi):
    capi.service_update(context, {'id': host}, {'topic': host})
inner(values)
""",
        None,
        id="parameter of the name of the handle",
    ),
    pytest.param(
        """\
update = lambda capi: capi.service_update(context, {'id': host}, {'topic': host})
update(values)
""",
        None,
        id="parameter of a lambda",
    ),
    pytest.param(
        """\
class API(object):
    def service_update(self, context, row, values):
        return row
API().service_update(context, {'id': host}, {'topic': host})
""",
        None,
        id="class of its own",
    ),
    pytest.param(
        """\
class conductor(object):
    API = values
conductor.API().service_update(context, {'id': host}, {'topic': host})
""",
        None,
        id="class of the name of the module",
    ),
    pytest.param(
        """\
self.conductor_api.api.service_update(context, {'id': host}, {'topic': host})
""",
        None,
        id="attribute of the handle",
    ),
    pytest.param(
        """\
self.conductor_api.service_update.delayed(context, {'id': host}, {'topic': host})
""",
        None,
        id="attribute of the method",
    ),
    pytest.param(
        """\
host.run(self.conductor_api.service_update, context, {'id': host}, {'topic': host})
""",
        None,
        id="method that is handed on",
    ),
    pytest.param(
        """\
import functools
update = functools.partial(self.conductor_api.service_update, context)
update({'id': host}, {'topic': host})
""",
        None,
        id="method with an argument bound",
    ),
    pytest.param(
        """\
@self.conductor_api.service_update
def inner(row):
    return row
""",
        None,
        id="method as a decorator",
    ),
    pytest.param(
        """\
self.conductor_api.service_update = values
""",
        None,
        id="method that is replaced",
    ),
    pytest.param(
        """\
self.conductor_api.service_updates(context, {'id': host}, {'topic': host})
self.conductor_api.update(context, {'id': host}, {'topic': host})
""",
        None,
        id="methods of names like that",
    ),
    pytest.param(
        """\
'''self.conductor_api.service_update(context, host, values)'''
# self.conductor_api.service_update(context, host, values)
""",
        None,
        id="comment and text",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str, tmp_path: pathlib.Path):
    check_rewritten(tmp_path, RULE, before, after)


@pytest.mark.parametrize(("before", "after", "because"), LEFT)
def test_left_and_listed(before: str, after: str | None, because: str, tmp_path: pathlib.Path):
    check_left(tmp_path, RULE, before, after, because)


@pytest.mark.parametrize(("before", "after"), NOT_KNOWN)
def test_nothing_for_the_rule(before: str, after: str | None, tmp_path: pathlib.Path):
    check_not_known(tmp_path, RULE, before, after)


#: Objects that carry their contexts, so save() takes none.
CARRYING = {
    "nova/objects/service.py": small_tree.SERVICE.replace("(self, context)", "(self)"),
}

#: Objects of which another field than the id can be set only once.
READ_ONLY = {
    "nova/objects/service.py": changed(
        small_tree.SERVICE,
        ("'topic': fields.StringField(", "'topic': fields.StringField(read_only=True, "),
    ),
}

UPDATE = "self.conductor_api.service_update({}, service, {{'host': 'x'}})\n"

OTHER = """\
service_obj = objects.Service({}, id=service.id)
# Only identifies the row; save() writes the fields set below.
service_obj.obj_reset_changes()
service_obj.host = 'x'
service_obj.save()
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            SERVICE + UPDATE.format("context"),
            SERVICE_AFTER + "service.host = 'x'\nservice.save()\n",
            id="the context that the row was read with",
        ),
        pytest.param(
            SERVICE + UPDATE.format("context.elevated()"),
            SERVICE_AFTER + OTHER.format("context.elevated()"),
            id="an elevated one",
        ),
        pytest.param(
            SERVICE + "admin = context.elevated()\n" + UPDATE.format("admin"),
            SERVICE_AFTER + "admin = context.elevated()\n" + OTHER.format("admin"),
            id="an elevated one that has a name",
        ),
        pytest.param(
            SERVICE + "context = context.elevated()\n" + UPDATE.format("context"),
            SERVICE_AFTER + "context = context.elevated()\n" + OTHER.format("context"),
            id="another one of the same name",
        ),
    ],
)
def test_object_that_carries_its_context_is_saved_with_that_of_the_call(
    before: str, after: str, tmp_path: pathlib.Path
):
    lines, found = method_outcome(tmp_path, before, CARRYING)
    assert found.failures == ()
    assert_same_text(lines, after)


def test_call_that_updates_a_read_only_field_stays(tmp_path: pathlib.Path):
    update = "self.conductor_api.service_update(context, {'id': host}, {'topic': 'x'})\n"
    lines, found = method_outcome(tmp_path, update, READ_ONLY)
    assert_same_text(lines, update)
    assert found.codes == {"value.other-type"}


def test_dict_is_not_handed_to_an_object_that_takes_none(tmp_path: pathlib.Path):
    base = changed(
        small_tree.BASE,
        (
            """\
    def update(self, values):
        for name in values:
            setattr(self, name, values[name])

""",
            "",
        ),
    )
    literal = SERVICE + UPDATE.format("context")
    given = "self.conductor_api.service_update(context, {'id': host}, values)\n"
    found = outcome(tmp_path, in_method(literal + given), beside={"nova/objects/base.py": base})
    assert "service.save(context)\n" in found.text
    assert found.text.endswith(given)
    assert found.codes == {"call.no-object"}
