"""The types of the fields."""


class Field(object):
    def __init__(self, *args, **kwargs):
        self.args = args


class IntegerField(Field):
    pass


class StringField(Field):
    pass


class BooleanField(Field):
    pass


class DateTimeField(Field):
    pass


class DictOfNullableStringsField(Field):
    pass


class ListOfObjectsField(Field):
    pass
