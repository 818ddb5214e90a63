"""The errors."""


class NotFound(Exception):
    pass


class ComputeHostNotFound(NotFound):
    pass


class FlavorNotFound(NotFound):
    pass


class HostBinaryNotFound(NotFound):
    pass


class InstanceNotFound(NotFound):
    pass


class ServiceNotFound(NotFound):
    pass


class ComputeResourcesUnavailable(Exception):
    pass
