"""A flavor."""

from nova import db
from nova.objects import base
from nova.objects import fields


@base.register
class Flavor(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'name': fields.StringField(nullable=True),
        'memory_mb': fields.IntegerField(),
        }

    @base.remotable_classmethod
    def get_by_id(cls, context, id):
        return cls()._from_db_object(db.flavor_get(context, id))
