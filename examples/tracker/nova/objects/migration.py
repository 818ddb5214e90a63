"""A migration."""

from nova import db
from nova import objects
from nova.objects import base
from nova.objects import fields


@base.register
class Migration(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'instance_uuid': fields.StringField(nullable=True),
        'dest_compute': fields.StringField(nullable=True),
        'new_instance_type_id': fields.IntegerField(nullable=True),
        'status': fields.StringField(nullable=True),
        }

    @property
    def instance(self):
        # asks the database each time, and raises where the row had None
        return objects.Instance.get_by_uuid(self._context, self.instance_uuid)


@base.register
class MigrationList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'objects': fields.ListOfObjectsField('Migration'),
        }

    @base.remotable_classmethod
    def get_in_progress_by_host_and_node(cls, context, host, node):
        rows = db.migration_get_in_progress(context, host, node)
        return cls(objects=[objects.Migration()._from_db_object(row)
                            for row in rows])
