"""The types of the fields."""


class Object(object):
    pass


class Dict(object):
    pass


class Field(object):
    lazy = False
    AUTO_TYPE = None

    def __init__(self, nullable=False):
        self.nullable = nullable
        self._type = self.AUTO_TYPE

    def coerce(self, obj, attr, value):
        if value is None and not self.nullable:
            raise ValueError('%s cannot be None' % attr)
        return value

    def to_primitive(self, obj, attr, value):
        return value


class IntegerField(Field):
    def coerce(self, obj, attr, value):
        value = Field.coerce(self, obj, attr, value)
        return value if value is None else int(value)


class StringField(Field):
    pass


class BooleanField(Field):
    pass


class DateTimeField(Field):
    pass


class DictOfNullableStringsField(Field):
    """The values become text in place, as nova's do."""

    AUTO_TYPE = Dict()

    def coerce(self, obj, attr, value):
        value = Field.coerce(self, obj, attr, value)
        if value is not None and not isinstance(value, dict):
            raise ValueError('%s: a dict is required here' % attr)
        for key in value or ():
            value[key] = None if value[key] is None else str(value[key])
        return value


class ObjectField(Field):
    lazy = True
    AUTO_TYPE = Object()

    def __init__(self, name, **kwargs):
        super(ObjectField, self).__init__(**kwargs)


class ListOfObjectsField(Field):
    def __init__(self, name, **kwargs):
        super(ListOfObjectsField, self).__init__(**kwargs)
