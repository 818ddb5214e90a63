# SPDX-License-Identifier: Apache-2.0
"""Errors on their way over the bus, and back.

A node of 2014.2 rebuilds what it finds in ``nova.exception`` and what Python 2 calls
``exceptions``; so every error travels under one of these names, and this side looks the class up
by its name among those below, never by importing a module that a message names.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import oslo_messaging
from oslo_db import exception as db_exc
from oslo_versionedobjects import exception as ovo_exception

from shim import exception

NOVA = "nova.exception"
BUILTINS = "exceptions"
#: Python's own errors that a call may end with; any other travels as RuntimeError.
_BUILTIN = (
    *(ValueError, TypeError, KeyError, NotImplementedError, AttributeError),
    *(OverflowError, RuntimeError),
)


def _classes_of(*modules: Any) -> dict[str, type[Exception]]:
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }


#: By name: what an error from the bus can become here.
KNOWN = _classes_of(db_exc, ovo_exception, exception)


_twins: dict[str, Any] = {}


def _twin_of_builtin(cls: type[Exception]) -> type[Exception]:
    return type(cls.__name__, (cls,), {"__module__": BUILTINS})


def _twin(cls: type[Exception]) -> Any:
    return _twins.setdefault(cls.__name__, type(cls.__name__, (cls,), {"__module__": NOVA}))


def as_sent(error: Exception) -> Exception:
    """The error as it goes on the bus: the same message, under a name that nova knows."""
    for cls in type(error).__mro__:
        if KNOWN.get(cls.__name__) is cls:
            return _made(_twin(cls), error, _json_only(getattr(error, "kwargs", {})))
    for builtin in _BUILTIN:
        if isinstance(error, builtin):
            text = str(error.args[0]) if error.args else str(error)
            twin: Exception = _twin_of_builtin(builtin)(text)
            return twin
    other: Exception = _twin_of_builtin(RuntimeError)(f"{type(error).__name__}: {error}")
    return other


def _made(cls: Any, message: Any, kwargs: dict[str, Any]) -> Exception:
    """An error of the class with the message; its own constructor might want more than that."""
    error: Exception = cls.__new__(cls)
    Exception.__init__(error, str(message))
    vars(error).update(kwargs=kwargs)
    if issubclass(cls, db_exc.DBError):
        vars(error).update(cause=None, inner_exception=None, columns=[])
    return error


def _json_only(values: dict[str, Any]) -> dict[str, Any]:
    simple = (str, int, float, bool, type(None))
    return {k: v if isinstance(v, simple) else str(v) for k, v in values.items() if k != "inner"}


def as_received(error: oslo_messaging.RemoteError) -> Exception:
    """What the error of that name is here; the error itself for a name that is not known."""
    cls = KNOWN.get(error.exc_type)
    if cls is None:
        unknown: Exception = error
        return unknown
    return _made(cls, error.value, {})


def expected(fn: Callable[..., Any], report: Callable[[Any, Exception], None]) -> Any:
    """Let a method of the server end with an error that the caller can rebuild.

    ``report`` is given the request's context and each error.
    """

    @functools.wraps(fn)
    def wrapper(context: Any, **arguments: Any) -> Any:
        try:
            return fn(context, **arguments)
        except Exception as error:
            report(context, error)
            sent = as_sent(error).with_traceback(error.__traceback__)
        raise answer(sent)

    return wrapper


def answer(error: Exception) -> oslo_messaging.ExpectedException:
    """What a server raises so that the error goes to the caller, and into no log."""
    try:
        raise error
    except Exception:
        # It takes the error that is being handled when it is made.
        return oslo_messaging.ExpectedException()
