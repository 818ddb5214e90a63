"""A compute node."""

import json

from nova import db
from nova import objects
from nova.objects import base
from nova.objects import fields
from nova import utils


@base.register
class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'service_id': fields.IntegerField(),
        'vcpus': fields.IntegerField(),
        'memory_mb': fields.IntegerField(),
        'memory_mb_used': fields.IntegerField(),
        'hypervisor_hostname': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1) and 'stats' in primitive:
            del primitive['stats']

    def _from_db_object(self, row):
        row['stats'] = json.loads(row['stats'])
        return base.NovaObject._from_db_object(self, row)

    def _values(self):
        values = self.obj_get_changes()
        values.pop('id', None)
        if 'stats' in values:
            values['stats'] = json.dumps(values['stats'], sort_keys=True)
        return values

    @base.remotable
    def create(self, context):
        self._from_db_object(db.compute_node_create(context, self._values()))

    @base.remotable
    def save(self, context):
        self._from_db_object(db.compute_node_update(context, self.id,
                                                    self._values()))

    @base.remotable
    def destroy(self, context):
        db.compute_node_delete(context, self.id)


@base.register
class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        }

    @classmethod
    def get_by_service(cls, context, service):
        rows = db.service_get(context, service.id)['compute_node']
        return cls(objects=[objects.ComputeNode()._from_db_object(row)
                            for row in rows])
