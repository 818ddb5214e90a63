# SPDX-License-Identifier: Apache-2.0
"""Methods that run where the database is.

A process that has set ``NovaObject.indirection_api`` sends these calls to a conductor; any other
runs them itself. Both of nova's call styles work, ``obj.save(context)`` and ``obj.save()``: a
context that is given is kept by the object.
"""

import contextlib
import contextvars
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from oslo_context import context as oslo_context
from oslo_versionedobjects import base as ovo_base
from oslo_versionedobjects import exception as ovo_exception

from shim.db.session import atomically

R = TypeVar("R")

_direct: contextvars.ContextVar[bool] = contextvars.ContextVar("direct", default=False)


@contextlib.contextmanager
def on_the_database() -> Iterator[None]:
    """Run what is inside in this process, whatever the indirection says: what a conductor does."""
    token = _direct.set(True)
    try:
        yield
    finally:
        _direct.reset(token)


def indirection_of(target: Any) -> Any:
    """Where calls on the class or object go: an indirection API, or None for this process."""
    return None if _direct.get() else target.indirection_api


def _take_context(
    obj: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, tuple[Any, ...]]:
    if args and isinstance(args[0], oslo_context.RequestContext):
        obj._context, args = args[0], args[1:]
    elif isinstance(kwargs.get("context"), oslo_context.RequestContext):
        obj._context = kwargs.pop("context")
    if obj._context is None:
        raise ovo_exception.OrphanedObjectError(method=name, objtype=obj.obj_name())
    return obj._context, args


def remotable(fn: Callable[..., R]) -> Callable[..., R]:
    """An instance method ``fn(self, context, ...)``, callable with and without the context.

    OrphanedObjectError when neither the call nor the object has one.
    """

    @functools.wraps(fn)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> R:
        context, args = _take_context(self, fn.__name__, args, kwargs)
        api = indirection_of(self)
        if api is None:
            return fn(self, context, *args, **kwargs)
        updates, result = api.object_action(context, self, fn.__name__, args, kwargs)
        apply_updates(self, updates)
        returned: R = result
        return returned

    wrapper.remotable = True  # type: ignore[attr-defined]
    wrapper.original_fn = fn  # type: ignore[attr-defined]
    return wrapper


def run_together(obj: Any, actions: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Run remotable methods of the object, each with its arguments: all store, or none does.

    They may store and reset changes, nothing else; after an error the object is what it was.
    OrphanedObjectError, and what the methods raise. A conductor of 2014.2 stores each by itself.
    """
    if len(actions) < 2:
        for name, args in actions:
            getattr(obj, name)(*args)
        return
    context, _ = _take_context(obj, actions[0][0], (), {})
    api = indirection_of(obj)
    if api is not None:
        apply_updates(obj, api.object_actions(context, obj, actions))
        return
    changed, originals = set(obj._changed_fields), dict(obj._originals)

    def run() -> None:
        for name, args in actions:
            getattr(obj, name)(*args)

    try:
        atomically(run)
    except BaseException:
        obj._changed_fields, obj._originals = changed, originals
        raise


def apply_updates(obj: Any, updates: dict[str, Any]) -> None:
    """Make the object what the conductor's copy of it became."""
    for name, value in updates.items():
        if name in obj.fields:
            if not isinstance(value, ovo_base.VersionedObject):
                value = obj.fields[name].from_primitive(obj, name, value)
            _replace(obj, name, value)
    for name in updates.get("obj_unset", ()):
        if name in obj.fields and obj.obj_attr_is_set(name):
            delattr(obj, name)
    obj.obj_reset_changes()
    obj._changed_fields = {n for n in updates.get("obj_what_changed", ()) if n in obj.fields}


def _replace(obj: Any, name: str, value: Any) -> None:
    field = obj.fields[name]
    if field.read_only and obj.obj_attr_is_set(name) and getattr(obj, name) != value:
        delattr(obj, name)
    obj._take(name, value)


def remotable_classmethod(fn: Callable[..., Any]) -> Any:
    """A class method ``fn(cls, context, ...)``; an object it gives back keeps the context."""

    @functools.wraps(fn)
    def wrapper(cls: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        api = indirection_of(cls)
        if api is None:
            result = fn(cls, context, *args, **kwargs)
        else:
            result = api.object_class_action_versions(
                context, cls.obj_name(), fn.__name__, cls.obj_version_tree(), args, kwargs
            )
        if isinstance(result, ovo_base.VersionedObject):
            result._context = context
        return result

    wrapper.remotable = True  # type: ignore[attr-defined]
    wrapper.original_fn = fn  # type: ignore[attr-defined]
    return classmethod(wrapper)
