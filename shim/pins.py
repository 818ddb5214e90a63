# SPDX-License-Identifier: Apache-2.0
"""The oldest release that a deployment still has: what may be sent and stored until it is gone.

``[upgrade_levels] compute`` is about what compute nodes and schedulers read: the form of a column.
``[upgrade_levels] conductor`` is about the conductors: what their callers send and ask for.
"""

from collections.abc import Mapping

from oslo_utils import versionutils

from shim import conf
from shim.conf import CONF
from shim.versions import CURRENT, RELEASES


def versions_of(service: str) -> Mapping[str, str]:
    """The version of each object in the release that ``[upgrade_levels]`` names for the service
    (``compute`` or ``conductor``).

    The current ones without a pin; ValueError for a release that nobody knows.
    """
    conf.use()
    release = CONF.upgrade_levels[service]
    if release is None:
        return CURRENT
    if release not in RELEASES:
        known = ", ".join(sorted(RELEASES))
        raise ValueError(f"[upgrade_levels] {service} = {release}: the releases are {known}")
    return RELEASES[release]


def computes_are_below(objname: str, version: str) -> bool:
    """Whether the compute nodes are pinned to a release whose object is older than that."""
    as_version = versionutils.convert_version_to_tuple
    return bool(as_version(versions_of("compute").get(objname, "0.0")) < as_version(version))
