"""The errors."""


class NotFound(Exception):
    pass


class ComputeHostNotFound(NotFound):
    pass


class InstanceNotFound(NotFound):
    pass


class ServiceNotFound(NotFound):
    pass
