"""JSON."""

from json import dumps
from json import loads


def to_primitive(value):
    return loads(dumps(value))
