# SPDX-License-Identifier: Apache-2.0
"""The objects, under nova's names: ``from shim import objects; objects.Instance.get_by_uuid(...)``.

Importing this registers them all.
"""

from shim.objects.base import NovaObject, obj_equal_prims
from shim.objects.compute_node import ComputeNode
from shim.objects.compute_node_list import ComputeNodeList
from shim.objects.flavor import Flavor, FlavorList
from shim.objects.hv_spec import HVSpec
from shim.objects.instance import Instance
from shim.objects.instance_extra import (
    InstanceNUMACell,
    InstanceNUMATopology,
    InstancePCIRequest,
    InstancePCIRequests,
)
from shim.objects.instance_list import InstanceList
from shim.objects.instance_parts import InstanceFault, InstanceFaultList, InstanceInfoCache
from shim.objects.migration import Migration, MigrationList
from shim.objects.pci_device import PciDevice, PciDeviceList
from shim.objects.pci_device_pool import PciDevicePool, PciDevicePoolList
from shim.objects.security_group import SecurityGroup, SecurityGroupList
from shim.objects.service import Service, ServiceList

__all__ = [
    "ComputeNode",
    "ComputeNodeList",
    "Flavor",
    "FlavorList",
    "HVSpec",
    "Instance",
    "InstanceFault",
    "InstanceFaultList",
    "InstanceInfoCache",
    "InstanceList",
    "InstanceNUMACell",
    "InstanceNUMATopology",
    "InstancePCIRequest",
    "InstancePCIRequests",
    "Migration",
    "MigrationList",
    "NovaObject",
    "PciDevice",
    "PciDeviceList",
    "PciDevicePool",
    "PciDevicePoolList",
    "SecurityGroup",
    "SecurityGroupList",
    "Service",
    "ServiceList",
    "obj_equal_prims",
    "register_all",
]


def register_all() -> None:
    """Nothing: importing this package registers the objects. Nova's programs call it."""
