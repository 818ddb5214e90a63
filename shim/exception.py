# SPDX-License-Identifier: Apache-2.0
"""The exceptions of the database functions and of the conductor, with nova's names.

Each carries ``kwargs``, the values its message was made of, because nova's RPC layer rebuilds an
exception from its class name, its message and these values. What the object layer itself refuses
(ObjectActionError, OrphanedObjectError, ReadOnlyFieldError, ...) is oslo.versionedobjects' own.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from oslo_versionedobjects import exception as ovo_exception

IncompatibleObjectVersion = ovo_exception.IncompatibleObjectVersion
ObjectActionError = ovo_exception.ObjectActionError
OrphanedObjectError = ovo_exception.OrphanedObjectError
ReadOnlyFieldError = ovo_exception.ReadOnlyFieldError
UnsupportedObjectError = ovo_exception.UnsupportedObjectError


#: What a program that catches exceptions of its own calls them, by name.
_adopted: dict[str, type[Exception]] = {}
#: The classes that are made, by the exception of this module that they stand for.
_classes: dict[type[Exception], type[Exception]] = {}
#: What an exception was called in the releases before it had the name that it has here.
_EARLIER_NAMES = {"FlavorNotFound": "InstanceTypeNotFound", "Forbidden": "NotAuthorized"}


def adopt(namespace: Mapping[str, Any]) -> None:
    """Raise exceptions that are also those of ``namespace``, a program's own module of exceptions.

    From now on each exception of this module is an instance of the class of the same name in
    ``namespace`` too, or of its nearest base that is there: code that catches its own
    ``exception.NotFound`` catches what the objects raise.
    """
    for name, value in namespace.items():
        if isinstance(value, type) and issubclass(value, Exception):
            _adopted[name] = value
    _classes.clear()


def _as_adopted(cls: Any) -> Any:
    """The class that is both ``cls`` and what was adopted for it; ``cls`` if nothing was."""
    if cls not in _classes:
        _classes[cls] = _combined(cls)
    return _classes[cls]


def _combined(cls: Any) -> Any:
    for base in cls.__mro__:
        theirs = _adopted.get(base.__name__) or _adopted.get(_EARLIER_NAMES.get(base.__name__, ""))
        if theirs is not None and base.__module__ == __name__ and not issubclass(cls, theirs):
            return type(cls.__name__, (cls, theirs), {"__module__": cls.__module__})
    return cls


class NovaException(Exception):
    """The base of all: ``code`` is the HTTP status that nova gives the class."""

    msg_fmt: ClassVar[str] = "The operation failed."
    code: ClassVar[int] = 500

    def __new__(cls, *args: Any, **kwargs: Any) -> "NovaException":
        made: Any = Exception.__new__(_as_adopted(cls), *args)
        return cast("NovaException", made)

    def __init__(self, message: str | None = None, **kwargs: Any) -> None:
        self.kwargs = {**kwargs, "code": kwargs.get("code", self.code)}
        # not super(): an adopted class makes a message of its own
        Exception.__init__(self, self.msg_fmt % kwargs if message is None else message)

    def format_message(self) -> str:
        """The message alone, as text."""
        return str(self)


class Invalid(NovaException):
    msg_fmt = "The request cannot be served as it is."
    code = 400


class InvalidUUID(Invalid):
    msg_fmt = "%(uuid)s is not a UUID."


class InvalidID(Invalid):
    msg_fmt = "%(id)s is not an id."


class InvalidInput(Invalid):
    msg_fmt = "The request cannot be served: %(reason)s"


class InvalidSortKey(Invalid):
    msg_fmt = "There is no such sort key."


class InvalidParameterValue(Invalid):
    msg_fmt = "%(err)s"


class MessageTooLarge(Invalid):
    msg_fmt = "The message is larger than the %(limit)d bytes that this conductor accepts."


class MalformedMessage(Invalid):
    msg_fmt = "The message cannot be read: %(reason)s"


class RemoteMethodForbidden(Invalid):
    msg_fmt = "%(objname)s.%(objmethod)s may not be called from another process."


class SecurityGroupExists(Invalid):
    msg_fmt = "Project %(project_id)s has a security group %(security_group_name)s already."


class PciStatsConflict(Invalid):
    msg_fmt = "pci_stats and pci_device_pools are one column: set one of them in a save, not both."


class Forbidden(NovaException):
    msg_fmt = "The context is neither a user's nor an administrator's."
    code = 403


class AdminRequired(Forbidden):
    msg_fmt = "Only an administrator may do this."


class ConstraintNotMet(NovaException):
    msg_fmt = "The row is not in the required state."
    code = 412


class NotFound(NovaException):
    msg_fmt = "There is no such resource."
    code = 404


class ServiceNotFound(NotFound):
    msg_fmt = "There is no service %(service_id)s."


class HostNotFound(NotFound):
    msg_fmt = "There is no host %(host)s."


class ComputeHostNotFound(HostNotFound):
    msg_fmt = "There is no compute host %(host)s."


class HostBinaryNotFound(NotFound):
    msg_fmt = "Host %(host)s runs no %(binary)s."


class MigrationNotFound(NotFound):
    msg_fmt = "There is no migration %(migration_id)s."


class MigrationNotFoundByStatus(MigrationNotFound):
    msg_fmt = "Instance %(instance_id)s has no migration in status %(status)s."


class FlavorNotFound(NotFound):
    msg_fmt = "There is no flavor %(flavor_id)s."


class FlavorNotFoundByName(FlavorNotFound):
    msg_fmt = "There is no flavor named %(flavor_name)s."


class FlavorAccessNotFound(NotFound):
    msg_fmt = "Project %(project_id)s has no access to flavor %(flavor_id)s."


class FlavorExtraSpecsNotFound(NotFound):
    msg_fmt = "Flavor %(flavor_id)s has no extra spec %(extra_specs_key)s."


class InstanceNotFound(NotFound):
    msg_fmt = "There is no instance %(instance_id)s."


class InstanceInfoCacheNotFound(NotFound):
    msg_fmt = "Instance %(instance_uuid)s has no network information cache."


class InstanceMetadataNotFound(NotFound):
    msg_fmt = "Instance %(instance_uuid)s has no metadata %(metadata_key)s."


class NumaTopologyNotFound(NotFound):
    msg_fmt = "Instance %(instance_uuid)s has no NUMA topology."


class MarkerNotFound(NotFound):
    msg_fmt = "The marker %(marker)s does not exist."


class SecurityGroupNotFound(NotFound):
    msg_fmt = "There is no security group %(security_group_id)s."


class SecurityGroupNotFoundForProject(SecurityGroupNotFound):
    msg_fmt = "Project %(project_id)s has no security group %(security_group_id)s."


class PciDeviceNotFoundById(NotFound):
    msg_fmt = "There is no PCI device %(id)s."


class PciDeviceNotFound(NovaException):
    msg_fmt = "Compute node %(node_id)s has no PCI device %(address)s."


class ServiceBinaryExists(NovaException):
    msg_fmt = "Host %(host)s has a %(binary)s already."


class ServiceTopicExists(NovaException):
    msg_fmt = "Host %(host)s has a service on topic %(topic)s already."


class FlavorExists(NovaException):
    msg_fmt = "A flavor named %(name)s exists already."
    code = 409


class FlavorIdExists(NovaException):
    msg_fmt = "A flavor with id %(flavor_id)s exists already."
    code = 409


class FlavorAccessExists(NovaException):
    msg_fmt = "Project %(project_id)s has access to flavor %(flavor_id)s already."
    code = 409


class UnexpectedVMStateError(NovaException):
    msg_fmt = "The VM state is %(actual)s, expected %(expected)s."


class UnexpectedTaskStateError(NovaException):
    msg_fmt = "The task state is %(actual)s, expected %(expected)s."


class UnexpectedDeletingTaskStateError(UnexpectedTaskStateError):
    pass


class DatabaseUnavailable(NovaException):
    msg_fmt = "The database does not serve: %(reason)s"
    code = 503


class WriteOutcomeUnknown(DatabaseUnavailable):
    msg_fmt = "The connection broke in the middle of a commit, so it may be done or not: %(reason)s"


class DatabaseUnusable(NovaException):
    msg_fmt = "The database at %(url)s cannot be used: %(reason)s"
