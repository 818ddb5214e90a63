"""A service."""

from nova import db
from nova import objects
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
        'disabled': fields.BooleanField(),
        'disabled_reason': fields.StringField(nullable=True),
        }

    @base.remotable_classmethod
    def get_by_compute_host(cls, context, host):
        row = db.service_get_by_compute_host(context, host)
        return cls()._from_db_object(row)

    @base.remotable_classmethod
    def get_by_args(cls, context, host, binary):
        row = db.service_get_by_args(context, host, binary)
        return cls()._from_db_object(row)

    @base.remotable
    def create(self, context):
        self._from_db_object(db.service_create(context,
                                               self.obj_get_changes()))

    @base.remotable
    def save(self, context):
        self._from_db_object(db.service_update(context, self.id,
                                               self.obj_get_changes()))

    @base.remotable
    def destroy(self, context):
        db.service_destroy(context, self.id)


@base.register
class ServiceList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'objects': fields.ListOfObjectsField('Service'),
        }

    @base.remotable_classmethod
    def get_by_topic(cls, context, topic):
        rows = db.service_get_all_by_topic(context, topic)
        return cls(objects=[objects.Service()._from_db_object(row)
                            for row in rows])
