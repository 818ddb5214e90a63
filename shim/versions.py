# SPDX-License-Identifier: Apache-2.0
"""Which release has which version of each object: data, no logic.

``juno`` is nova 2014.2, read in its sources; ``current`` is what this package registers and is
checked against it by the tests. A pin (``[upgrade_levels]``) names a key of RELEASES.
"""

from collections.abc import Mapping

JUNO: Mapping[str, str] = {
    "ComputeNode": "1.5",
    "ComputeNodeList": "1.5",
    "Flavor": "1.1",
    "FlavorList": "1.1",
    "Instance": "1.15",
    "InstanceFault": "1.2",
    "InstanceFaultList": "1.1",
    "InstanceInfoCache": "1.5",
    "InstanceList": "1.9",
    "InstanceNUMACell": "1.0",
    "InstanceNUMATopology": "1.0",
    "InstancePCIRequest": "1.1",
    "InstancePCIRequests": "1.1",
    "Migration": "1.1",
    "MigrationList": "1.1",
    "PciDevice": "1.2",
    "PciDeviceList": "1.1",
    "SecurityGroup": "1.1",
    "SecurityGroupList": "1.0",
    "Service": "1.4",
    "ServiceList": "1.2",
}

CURRENT: Mapping[str, str] = {
    **JUNO,
    "ComputeNode": "1.10",
    "ComputeNodeList": "1.10",
    "HVSpec": "1.0",
    "Instance": "1.16",
    "InstanceList": "1.10",
    "Migration": "1.3",
    "MigrationList": "1.3",
    "PciDevicePool": "1.1",
    "PciDevicePoolList": "1.1",
    "Service": "1.9",
    "ServiceList": "1.8",
}

RELEASES: Mapping[str, Mapping[str, str]] = {
    "juno": JUNO,
    "2014.2": JUNO,
    "current": CURRENT,
}
