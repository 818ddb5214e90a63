"""Claim what an instance is going to use."""

from nova import exception


class Claim(object):
    """The resources are the driver's dict, or the tracker's compute node."""

    def __init__(self, instance, resources):
        self.instance = instance
        self._test(resources)

    def _test(self, resources):
        free = resources['memory_mb'] - resources['memory_mb_used']
        if self.instance['memory_mb'] > free:
            raise exception.ComputeResourcesUnavailable(
                '%(memory_mb)s wanted' % self.instance)
