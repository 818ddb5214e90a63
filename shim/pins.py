"""The oldest release that a deployment still has: what may be sent and stored until it is gone."""

from collections.abc import Mapping

from oslo_utils import versionutils

from shim.conf import CONF
from shim.versions import CURRENT, RELEASES


def pinned_versions() -> Mapping[str, str]:
    """The version of each object in the release that ``[upgrade_levels] compute`` names.

    The current ones without a pin; ValueError for a release that nobody knows.
    """
    release = CONF.upgrade_levels.compute
    if release is None:
        return CURRENT
    if release not in RELEASES:
        known = ", ".join(sorted(RELEASES))
        raise ValueError(f"[upgrade_levels] compute = {release}: the releases are {known}")
    return RELEASES[release]


def is_pinned_below(objname: str, version: str) -> bool:
    """Whether the pin is to a release whose object is older than the version."""
    as_version = versionutils.convert_version_to_tuple
    pinned = as_version(pinned_versions().get(objname, "0.0"))
    return bool(pinned < as_version(version))
