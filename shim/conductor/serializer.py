# SPDX-License-Identifier: Apache-2.0
"""Objects in and out of messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import oslo_messaging
from oslo_utils import versionutils
from oslo_versionedobjects import exception as ovo_exception

from shim import exception, pins
from shim.conductor.dict_form import dict_form
from shim.context import RequestContext
from shim.objects import NovaObject
from shim.objects.remoting import indirection_of

#: How deep a message may nest; objects of nova's need nine levels.
MAX_DEPTH = 64
_NAME = "nova_object.name"


def _walk(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """``value`` with ``leaf`` applied to whatever is no plain list, tuple, set or dict."""
    if isinstance(value, dict) and _NAME not in value:
        return {key: _walk(item, leaf) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_walk(item, leaf) for item in value]
    return leaf(value)


def dehydrated(value: Any) -> Any:
    """``value`` with its objects as primitives, no newer than the pin allows."""
    return _walk(value, _primitive)


def _primitive(value: Any) -> Any:
    if not isinstance(value, NovaObject):
        # A primitive holds nothing that has to be made fit.
        return value if isinstance(value, dict) else dict_form(value)
    versions = pins.versions_of("conductor")
    name = value.obj_name()
    as_version = versionutils.convert_version_to_tuple
    if name not in versions or as_version(versions[name]) >= as_version(value.VERSION):
        return value.obj_to_primitive()
    return value.obj_to_primitive(target_version=versions[name], version_manifest=dict(versions))


def hydrated(context: RequestContext, value: Any) -> Any:
    """``value`` with its primitives as objects.

    An object that is newer than the class here is asked back from the conductor as an older one,
    where there is an indirection; otherwise IncompatibleObjectVersion. MalformedMessage for what
    is no object although it says so; ValueError for a field that does not fit.
    """
    return _walk(value, lambda item: _object(context, item))


def _object(context: RequestContext, value: Any) -> Any:
    if not isinstance(value, dict) or _NAME not in value:
        return value
    try:
        return NovaObject.obj_from_primitive(value, context=context)
    except ovo_exception.IncompatibleObjectVersion:
        api = indirection_of(NovaObject)
        if api is None:
            raise
        cls = NovaObject.obj_class_from_name(value[_NAME], "1.0")
        older = api.object_backport_versions(context, value, cls.obj_version_tree())
        return older if isinstance(older, NovaObject) else NovaObject.obj_from_primitive(older)
    except (KeyError, TypeError, AttributeError) as error:
        raise exception.MalformedMessage(reason=f"{type(error).__name__}: {error}") from error


def refuse_oversized(value: Any, limit: int) -> None:
    """Raise MessageTooLarge or MalformedMessage for what is too large or too deep.

    The size is that of the text, with eight bytes for everything else.
    """
    size = 0
    pending = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise exception.MalformedMessage(reason=f"it nests deeper than {MAX_DEPTH}")
        size += len(item) if isinstance(item, str) else 8
        if size > limit:
            raise exception.MessageTooLarge(limit=limit)
        if isinstance(item, dict):
            pending.extend((key, depth + 1) for key in item)
            pending.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list | tuple):
            pending.extend((inner, depth + 1) for inner in item)


class ContextSerializer(oslo_messaging.NoOpSerializer):
    """The request context as nova's dict; the server reads objects itself."""

    def serialize_context(self, context: Any) -> Any:
        return context.to_dict()

    def deserialize_context(self, context: Any) -> RequestContext:
        return RequestContext.from_dict(context)


class ObjectSerializer(ContextSerializer):
    """What a client uses: objects out, objects in."""

    def serialize_entity(self, context: Any, entity: Any) -> Any:
        return dehydrated(entity)

    def deserialize_entity(self, context: Any, entity: Any) -> Any:
        return hydrated(context, entity)
