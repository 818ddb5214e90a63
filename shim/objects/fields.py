# SPDX-License-Identifier: Apache-2.0
"""The field types of the objects: oslo.versionedobjects' own, with three differences.

A value that is refused is a ValueError that names the object and the field; text that no encoding
can carry is refused; a time of another zone becomes UTC, because its primitive has no other.
"""

import datetime
from typing import Any

import netaddr
from oslo_versionedobjects import fields as ovo_fields

from shim.objects.network_info import NetworkInfo
from shim.refusals import ValueRefused

_REFUSALS = (
    *(ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError),
    *(netaddr.AddrFormatError, RecursionError),
)


class _NamesItself:
    """Turns every refusal of a value into a ValueError with the name of the field."""

    def coerce(self, obj: Any, attr: str, value: Any) -> Any:
        try:
            return super().coerce(obj, attr, value)  # type: ignore[misc]
        except _REFUSALS as error:
            raise _refusal(obj, attr, error) from error

    def from_primitive(self, obj: Any, attr: str, value: Any) -> Any:
        try:
            return super().from_primitive(obj, attr, value)  # type: ignore[misc]
        except _REFUSALS as error:
            raise _refusal(obj, attr, error) from error


class FieldRefused(ValueRefused):
    """A value that a field does not take; the text begins with ``Object.field``."""


def _refusal(obj: Any, attr: str, error: Exception) -> FieldRefused:
    if isinstance(error, FieldRefused):
        return error
    name = obj.obj_name() if hasattr(obj, "obj_name") else "?"
    return FieldRefused(f"{name}.{attr}: {error}")


class String(ovo_fields.String):
    """Text; numbers and times are turned into it."""

    def coerce(self, obj: Any, attr: str, value: Any) -> str:
        text = _text_of(obj, attr, value)
        if not text.isascii():
            text.encode("utf-8")
        return str(text)


_TEXT = String()
_text_of = ovo_fields.String().coerce


class UUID(ovo_fields.FieldType):
    """Text that should be a UUID; nova stores whatever it is given, and so does this."""

    def coerce(self, obj: Any, attr: str, value: Any) -> str:
        return _TEXT.coerce(obj, attr, value)


class DateTime(ovo_fields.DateTime):
    """A time with its zone, always UTC; one without a zone is taken to be UTC."""

    def coerce(self, obj: Any, attr: str, value: Any) -> datetime.datetime:
        when: datetime.datetime = super().coerce(obj, attr, value)
        return when.astimezone(datetime.timezone.utc)


class NetworkModel(ovo_fields.FieldType):
    """An instance's network information: a NetworkInfo, JSON text as a primitive."""

    def coerce(self, obj: Any, attr: str, value: Any) -> NetworkInfo:
        if isinstance(value, NetworkInfo):
            return value
        if isinstance(value, str):
            return NetworkInfo.hydrate(value)
        if isinstance(value, list):
            return NetworkInfo(value)
        raise ValueError(f"a list of VIFs is required, not a {type(value).__name__}")

    def to_primitive(self, obj: Any, attr: str, value: NetworkInfo) -> str:
        return value.json()

    def from_primitive(self, obj: Any, attr: str, value: Any) -> NetworkInfo:
        return self.coerce(obj, attr, value)

    def stringify(self, value: NetworkInfo) -> str:
        return f"NetworkModel({[vif.get('id') for vif in value]})"


class IntegerField(_NamesItself, ovo_fields.IntegerField):
    pass


class FloatField(_NamesItself, ovo_fields.FloatField):
    pass


class BooleanField(_NamesItself, ovo_fields.BooleanField):
    pass


class StringField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = String()


class UUIDField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = UUID()


class DateTimeField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = DateTime()


class NetworkModelField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = NetworkModel()


class IPAddressField(_NamesItself, ovo_fields.IPAddressField):
    pass


class IPV4AddressField(_NamesItself, ovo_fields.IPV4AddressField):
    pass


class IPV6AddressField(_NamesItself, ovo_fields.IPV6AddressField):
    pass


class DictOfStringsField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = ovo_fields.Dict(String())


class DictOfNullableStringsField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = ovo_fields.Dict(String(), nullable=True)


class ListOfStringsField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = ovo_fields.List(String())


class ListOfDictOfNullableStringsField(_NamesItself, ovo_fields.AutoTypedField):
    AUTO_TYPE = ovo_fields.List(ovo_fields.Dict(String(), nullable=True))


class SetOfIntegersField(_NamesItself, ovo_fields.SetOfIntegersField):
    pass


class ObjectField(_NamesItself, ovo_fields.ObjectField):
    pass


class ListOfObjectsField(_NamesItself, ovo_fields.ListOfObjectsField):
    pass
