"""An instance."""

from nova import db
from nova.objects import base
from nova.objects import fields


@base.register
class Instance(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'uuid': fields.StringField(),
        'host': fields.StringField(nullable=True),
        'node': fields.StringField(nullable=True),
        'memory_mb': fields.IntegerField(nullable=True),
        'vm_state': fields.StringField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_uuid(cls, context, uuid, expected_attrs=None):
        return cls()._from_db_object(db.instance_get_by_uuid(context, uuid))

    @base.remotable
    def save(self, context):
        self._from_db_object(db.instance_update(context, self.uuid,
                                                self.obj_get_changes()))
