"""The types of the fields."""


class Field(object):
    lazy = False

    def __init__(self, nullable=False):
        self.nullable = nullable

    def coerce(self, name, value):
        if value is None and not self.nullable:
            raise ValueError('%s cannot be None' % name)
        return value


class IntegerField(Field):
    def coerce(self, name, value):
        value = Field.coerce(self, name, value)
        return value if value is None else int(value)


class StringField(Field):
    pass


class BooleanField(Field):
    pass


class DateTimeField(Field):
    pass


class DictOfNullableStringsField(Field):
    """The values become text in place, as nova's do."""

    def coerce(self, name, value):
        value = Field.coerce(self, name, value)
        if value is not None and not isinstance(value, dict):
            raise ValueError('%s: a dict is required here' % name)
        for key in value or ():
            value[key] = None if value[key] is None else str(value[key])
        return value


class ObjectField(Field):
    lazy = True

    def __init__(self, name, **kwargs):
        super(ObjectField, self).__init__(**kwargs)


class ListOfObjectsField(Field):
    def __init__(self, name, **kwargs):
        super(ListOfObjectsField, self).__init__(**kwargs)
