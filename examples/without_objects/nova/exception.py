"""The program's own exceptions."""


class NovaException(Exception):
    pass


class NotFound(NovaException):
    pass


class ServiceNotFound(NotFound):
    pass


class ComputeHostNotFound(NotFound):
    pass


class HostBinaryNotFound(NotFound):
    pass


class InstanceNotFound(NotFound):
    pass
