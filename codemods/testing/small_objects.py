# SPDX-License-Identifier: Apache-2.0
"""The objects of the small tree: their versions, fields and remotable methods."""

_OBJECT_HEAD = '''\
"""{doc}"""

from nova.objects import base
from nova.objects import fields


'''

_WRITING = """\

    @base.remotable
    def create(self, context):
        pass

    @base.remotable
    def save(self, context, prune_stats=False):
        pass

    @base.remotable
    def destroy(self, context):
        pass
"""

COMPUTE_NODE = (
    _OBJECT_HEAD.format(doc="A compute node.").replace(
        "from nova.objects import base\n", "from nova import db\nfrom nova.objects import base\n"
    )
    + """\
class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'id': fields.IntegerField(),
        'service_id': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        'vcpus_used': fields.IntegerField(),
        'memory_mb_used': fields.IntegerField(),
        'hypervisor_hostname': fields.StringField(nullable=True),
        'cpu_info': fields.StringField(nullable=True),
        'metrics': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, compute_id):
        pass

    @base.remotable_classmethod
    def get_by_service_id(cls, context, service_id):
        pass
"""
    + _WRITING.replace(
        "create(self, context):\n        pass\n",
        "create(self, context):\n        db.compute_node_create(context, self.obj_get_changes())\n",
    ).replace(
        "prune_stats=False):\n        pass\n",
        "prune_stats=False):\n"
        "        db.compute_node_update(context, self.id, self.obj_get_changes())\n",
    )
    + """\

    @property
    def service(self):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.5'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_all(cls, context):
        pass

    @base.remotable_classmethod
    def get_by_service(cls, context, service):
        pass
"""
)

SERVICE = (
    _OBJECT_HEAD.format(doc="A service.")
    + """\
class Service(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.4'

    fields = {
        'id': fields.IntegerField(),
        'host': fields.StringField(nullable=True),
        'binary': fields.StringField(nullable=True),
        'topic': fields.StringField(nullable=True),
        'report_count': fields.IntegerField(),
        'disabled': fields.BooleanField(),
        'disabled_reason': fields.StringField(nullable=True),
        'compute_node': fields.ObjectField('ComputeNode'),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, service_id):
        pass

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        pass

    @base.remotable_classmethod
    def get_by_args(cls, context, host, binary):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
    + """\


class ServiceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.2'

    fields = {
        'objects': fields.ListOfObjectsField('Service'),
        }

    @base.remotable_classmethod
    def get_all(cls, context, disabled=None):
        pass

    @base.remotable_classmethod
    def get_by_host(cls, context, host):
        pass

    @base.remotable_classmethod
    def get_by_topic(cls, context, topic):
        pass
"""
)

MIGRATION = (
    _OBJECT_HEAD.format(doc="A migration.")
    + """\
class Migration(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'source_compute': fields.StringField(nullable=True),
        'dest_compute': fields.StringField(nullable=True),
        'old_instance_type_id': fields.IntegerField(nullable=True),
        'new_instance_type_id': fields.IntegerField(nullable=True),
        'instance_uuid': fields.StringField(nullable=True),
        'status': fields.StringField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, migration_id):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
    + """\

    @property
    def instance(self):
        pass


class MigrationList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('Migration'),
        }

    @base.remotable_classmethod
    def get_unconfirmed_by_dest_compute(cls, context, confirm_window, dest_compute):
        pass

    @base.remotable_classmethod
    def get_in_progress_by_host_and_node(cls, context, host, node):
        pass
"""
)

INSTANCE = (
    _OBJECT_HEAD.format(doc="An instance.")
    + """\
class Instance(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.16'

    fields = {
        'id': fields.IntegerField(),
        'uuid': fields.UUIDField(),
        'host': fields.StringField(nullable=True),
        'node': fields.StringField(nullable=True),
        'vm_state': fields.StringField(nullable=True),
        'task_state': fields.StringField(nullable=True),
        'instance_type_id': fields.IntegerField(nullable=True),
        'launched_on': fields.StringField(nullable=True),
        'system_metadata': fields.DictOfNullableStringsField(),
        }

    @base.remotable_classmethod
    def get_by_uuid(cls, context, uuid, expected_attrs=None):
        pass

    @base.remotable
    def create(self, context):
        pass

    @base.remotable
    def save(self, context, expected_vm_state=None, expected_task_state=None):
        pass

    @base.remotable
    def destroy(self, context):
        pass


class InstanceList(base.ObjectListBase, base.NovaObject):
    VERSION = '1.10'

    fields = {
        'objects': fields.ListOfObjectsField('Instance'),
        }

    @base.remotable_classmethod
    def get_by_host(cls, context, host, expected_attrs=None):
        pass
"""
)

FLAVOR = (
    _OBJECT_HEAD.format(doc="A flavor.")
    + """\
class Flavor(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'name': fields.StringField(nullable=True),
        'memory_mb': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'flavorid': fields.StringField(),
        'extra_specs': fields.DictOfStringsField(),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, id):
        pass
"""
    + _WRITING.replace(", prune_stats=False", "")
)
