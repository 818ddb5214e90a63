"""A service."""

from nova import db
from nova.objects import base
from nova.objects import fields


@base.register
class Service(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'host': fields.StringField(nullable=True),
        'binary': fields.StringField(nullable=True),
        'topic': fields.StringField(nullable=True),
        'report_count': fields.IntegerField(),
        }

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        row = db.service_get_by_compute_host(context, host)
        return cls()._from_db_object(row)

    @base.remotable
    def create(self, context):
        self._from_db_object(db.service_create(context,
                                               self.obj_get_changes()))

    @base.remotable
    def save(self, context):
        self._from_db_object(db.service_update(context, self.id,
                                               self.obj_get_changes()))
