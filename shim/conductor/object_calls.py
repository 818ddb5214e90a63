# SPDX-License-Identifier: Apache-2.0
"""Object methods that others ask to be run where the database is.

What arrives is data: the class is looked up in the registry, the method must be remotable, and
every value goes through its field before anything is run.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from shim import exception, refusals
from shim.conductor import serializer
from shim.context import RequestContext
from shim.db.session import atomically
from shim.objects import NovaObject
from shim.objects.remoting import on_the_database


class ObjectCalls:
    """What the objects of another process ask of a conductor."""

    def object_class_action(
        self,
        context: RequestContext,
        objname: str,
        objmethod: str,
        objver: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """The result of the class method, an object as ``objver`` has it.

        UnsupportedObjectError, IncompatibleObjectVersion, RemoteMethodForbidden, TypeError for
        arguments that do not fit, and what the method raises.
        """
        result = _call_class(context, objname, objmethod, objver, args, kwargs)
        if isinstance(result, NovaObject):
            return result.obj_to_primitive(target_version=objver)
        return result

    def object_class_action_versions(
        self,
        context: RequestContext,
        objname: str,
        objmethod: str,
        object_versions: Mapping[str, str],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """As ``object_class_action``; the versions are those of the whole tree of objects."""
        versions = _manifest(object_versions)
        if objname not in versions:
            raise exception.MalformedMessage(reason=f"no version of {objname} is asked for")
        result = _call_class(context, objname, objmethod, versions[objname], args, kwargs)
        if isinstance(result, NovaObject):
            return result.obj_to_primitive(
                target_version=versions.get(result.obj_name()), version_manifest=versions
            )
        return result

    def object_action(
        self,
        context: RequestContext,
        objinst: Any,
        objmethod: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> tuple[dict[str, Any], Any]:
        """Run the method on the object: what became of it, and the result.

        The fields that differ are primitives; ``obj_what_changed`` lists what is still unsaved,
        ``obj_unset``, where it is not empty, the fields that are no longer set.
        """
        obj = _object(context, objinst)
        before = obj.obj_clone()
        with on_the_database():
            result = _run(obj, objmethod, context, args, kwargs)
        if isinstance(result, NovaObject):
            result = result.obj_to_primitive()
        return _updates(before, obj), result

    def object_actions(
        self, context: RequestContext, objinst: Any, actions: Sequence[Sequence[Any]]
    ) -> dict[str, Any]:
        """Run the methods, each with its arguments, on the object: all that they store is stored
        together, or nothing. What became of the object, as from ``object_action``.
        """
        before = _object(context, objinst)
        if not isinstance(actions, list) or not all(
            isinstance(action, list | tuple) and len(action) == 2 for action in actions
        ):
            raise exception.MalformedMessage(reason="the actions are no list of pairs")

        def run() -> Any:
            # Another for each attempt: the methods change it.
            obj = before.obj_clone()
            for name, args in actions:
                _run(obj, name, context, args, {})
            return obj

        with on_the_database():
            return _updates(before, atomically(run))

    def object_backport(
        self, context: RequestContext, objinst: Any, target_version: str
    ) -> dict[str, Any]:
        """The object as ``target_version`` has it."""
        primitive: dict[str, Any] = _object(context, objinst).obj_to_primitive(
            target_version=target_version
        )
        return primitive

    def object_backport_versions(
        self, context: RequestContext, objinst: Any, object_versions: Mapping[str, str]
    ) -> dict[str, Any]:
        """The object, and those within it, as the versions have them."""
        versions = _manifest(object_versions)
        obj = _object(context, objinst)
        if obj.obj_name() not in versions:
            raise exception.MalformedMessage(reason=f"no version of {obj.obj_name()} is asked for")
        primitive: dict[str, Any] = obj.obj_to_primitive(
            target_version=versions[obj.obj_name()], version_manifest=versions
        )
        return primitive


def _manifest(object_versions: Any) -> dict[str, str]:
    if not isinstance(object_versions, Mapping) or not all(
        isinstance(name, str) and isinstance(version, str)
        for name, version in object_versions.items()
    ):
        raise exception.MalformedMessage(reason="the versions are no table of names and versions")
    return dict(object_versions)


def _object(context: RequestContext, objinst: Any) -> Any:
    obj = serializer.hydrated(context, objinst)
    if not isinstance(obj, NovaObject):
        raise exception.MalformedMessage(reason="there is no object where one is expected")
    return obj


def _call_class(
    context: RequestContext, objname: Any, objmethod: Any, objver: str, args: Any, kwargs: Any
) -> Any:
    cls = NovaObject.obj_class_from_name(objname, objver)
    if not inspect.ismethod(getattr(cls, str(objmethod), None)):
        raise exception.RemoteMethodForbidden(objname=objname, objmethod=objmethod)
    with on_the_database():
        return _run(cls, objmethod, context, args, kwargs)


def _run(target: Any, name: Any, context: RequestContext, args: Any, kwargs: Any) -> Any:
    method = getattr(type(target) if isinstance(target, NovaObject) else target, str(name), None)
    if not getattr(method, "remotable", False) or not isinstance(name, str):
        raise exception.RemoteMethodForbidden(objname=target.obj_name(), objmethod=name)
    if not isinstance(args, list | tuple) or not isinstance(kwargs, Mapping):
        raise exception.MalformedMessage(reason="the arguments are no list and no table")
    if "context" in kwargs:
        raise exception.MalformedMessage(reason="the context is no argument")
    args = [serializer.hydrated(context, arg) for arg in args]
    kwargs = {str(key): serializer.hydrated(context, value) for key, value in kwargs.items()}
    try:
        inspect.signature(method.original_fn).bind(target, context, *args, **kwargs)  # type: ignore[union-attr]
    except TypeError as error:
        raise refusals.ArgumentRefused(str(error)) from error
    return getattr(target, name)(context, *args, **kwargs)


def _updates(before: Any, after: Any) -> dict[str, Any]:
    data = after.obj_to_primitive()["nova_object.data"]
    updates = {name: value for name, value in data.items() if _differs(before, after, name)}
    updates["obj_what_changed"] = sorted(after.obj_what_changed())
    unset = [
        name
        for name in after.fields
        if before.obj_attr_is_set(name) and not after.obj_attr_is_set(name)
    ]
    if unset:
        updates["obj_unset"] = unset
    return updates


def _differs(before: Any, after: Any, name: str) -> bool:
    if not before.obj_attr_is_set(name):
        return True
    old, new = getattr(before, name), getattr(after, name)
    if isinstance(old, NovaObject) and isinstance(new, NovaObject):
        return bool(old.obj_to_primitive() != new.obj_to_primitive())
    return bool(old != new)
