"""What the objects have in common."""

from nova import objects
from nova.objects import fields

PERSISTENT = {
    'created_at': fields.DateTimeField(nullable=True),
    'updated_at': fields.DateTimeField(nullable=True),
    'deleted_at': fields.DateTimeField(nullable=True),
    'deleted': fields.BooleanField(),
    }


def register(cls):
    if issubclass(cls, NovaPersistentObject):
        cls.fields = dict(PERSISTENT, **cls.fields)
    setattr(objects, cls.__name__, cls)
    return cls


class NovaObject(object):
    VERSION = '1.0'
    fields = {}
    # What a compute process asks instead of the database.
    indirection_api = None

    def __init__(self, context=None, **kwargs):
        self._context = context
        self._changed = set()
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __setattr__(self, name, value):
        if name in self.fields:
            value = self.fields[name].coerce(self, name, value)
            self._changed.add(name)
        object.__setattr__(self, name, value)

    def __getitem__(self, name):
        return getattr(self, name)

    def __setitem__(self, name, value):
        setattr(self, name, value)

    def __contains__(self, name):
        return name in self.fields and name in self.__dict__

    def get(self, name, default=None):
        if name not in self.fields:
            raise AttributeError(name)
        return getattr(self, name, default)

    def items(self):
        return [(k, getattr(self, k)) for k in self.fields if k in self]

    def update(self, values):
        for key, value in values.items():
            setattr(self, key, value)

    def obj_reset_changes(self, fields=None):
        self._changed.clear()

    def obj_attr_is_set(self, name):
        return name in self

    def obj_what_changed(self):
        return set(self._changed)

    def obj_get_changes(self):
        return dict((key, getattr(self, key)) for key in self._changed)

    def _from_db_object(self, row):
        for key in self.fields:
            if key in row or not self.fields[key].lazy:
                setattr(self, key, row[key])
        self.obj_reset_changes()
        return self


class NovaPersistentObject(object):
    pass


class ObjectListBase(object):
    def __iter__(self):
        return iter(self.objects)

    def __len__(self):
        return len(self.objects)

    def __getitem__(self, index):
        return self.objects[index]


def remotable(function):
    return function


def remotable_classmethod(function):
    return classmethod(function)


def obj_to_primitive(obj):
    if isinstance(obj, ObjectListBase):
        return [obj_to_primitive(one) for one in obj]
    if isinstance(obj, NovaObject):
        return dict(obj.items())
    return obj
