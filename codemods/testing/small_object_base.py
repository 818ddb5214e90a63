# SPDX-License-Identifier: Apache-2.0
"""What the objects of the small tree share: their registry, base class and types of fields."""

OBJECTS = '''\
"""The objects; they are attributes of this package once they are registered."""


def register_all():
    __import__('nova.objects.compute_node')
    __import__('nova.objects.flavor')
    __import__('nova.objects.instance')
    __import__('nova.objects.migration')
    __import__('nova.objects.service')
'''

BASE = '''\
"""What the objects have in common."""

from nova import objects


class NovaObjectMetaclass(type):
    def __init__(cls, names, bases, dict_):
        setattr(objects, cls.__name__, cls)


class NovaObject(object):
    VERSION = '1.0'
    fields = {}

    def __init__(self, context=None, **kwargs):
        self._context = context
        for key in kwargs:
            setattr(self, key, kwargs[key])

    def obj_reset_changes(self, fields=None):
        pass

    def __getitem__(self, name):
        return getattr(self, name)

    def __setitem__(self, name, value):
        setattr(self, name, value)

    def __contains__(self, name):
        return hasattr(self, name)

    def iteritems(self):
        for name in self.fields:
            yield name, getattr(self, name)

    items = lambda self: list(self.iteritems())

    def get(self, name, default=None):
        return getattr(self, name, default)

    def update(self, values):
        for name in values:
            setattr(self, name, values[name])


class NovaPersistentObject(object):
    pass


class ObjectListBase(object):
    pass


def remotable(function):
    return function


def remotable_classmethod(function):
    return classmethod(function)


def obj_make_list(context, list_obj, item_cls, db_list):
    return list_obj


def obj_to_primitive(obj):
    return obj
'''

FIELDS = '''\
"""The types of the fields."""


class Field(object):
    def __init__(self, nullable=False, default=None):
        self.nullable = nullable


class IntegerField(Field):
    pass


class BooleanField(Field):
    pass


class FloatField(Field):
    pass


class StringField(Field):
    pass


class UUIDField(Field):
    pass


class DateTimeField(Field):
    pass


class DictOfNullableStringsField(Field):
    pass


class DictOfStringsField(Field):
    pass


class ObjectField(Field):
    def __init__(self, name, **kwargs):
        super(ObjectField, self).__init__(**kwargs)


class ListOfObjectsField(Field):
    def __init__(self, name, **kwargs):
        super(ListOfObjectsField, self).__init__(**kwargs)
'''
