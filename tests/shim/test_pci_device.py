# SPDX-License-Identifier: Apache-2.0
"""PciDevice and PciDeviceList, three ways on three database servers."""

from typing import Any

import pytest
import samples

from shim import exception
from shim.objects import PciDevice, PciDeviceList

REPORTED = {
    "address": "0000:04:10.7",
    "vendor_id": "8086",
    "product_id": "1520",
    "dev_type": "type-VF",
    "dev_id": "pci_0000_04_10_7",
    "label": "label_8086_1520",
    "phys_function": "0000:04:00.3",
}


@pytest.fixture
def device(ctx: Any, store: Any) -> Any:
    node = samples.compute_node(ctx, samples.service(ctx).id)
    made = PciDevice.create(REPORTED)
    made.compute_node_id = node.id
    made.save(ctx)
    return made


def test_create_takes_what_the_hypervisor_reports() -> None:
    made = PciDevice.create({**REPORTED, "status": "x", "id": 7})
    assert made.status == "available"
    assert made.extra_info == {"phys_function": "0000:04:00.3"}
    assert not made.obj_attr_is_set("id")


def test_save_stores_a_new_row_then_the_same(ctx: Any, device: Any) -> None:
    assert device.id
    device.status = "allocated"
    device.instance_uuid = samples.UUID
    device.save()
    found = PciDevice.get_by_dev_addr(ctx, device.compute_node_id, "0000:04:10.7")
    assert (found.id, found.status, found.extra_info) == (
        device.id,
        "allocated",
        {"phys_function": "0000:04:00.3"},
    )
    of_instance = PciDeviceList.get_by_instance_uuid(ctx, samples.UUID)
    of_node = PciDeviceList.get_by_compute_node(ctx, device.compute_node_id)
    assert [d.id for d in of_instance] == [d.id for d in of_node] == [device.id]


def test_update_device_leaves_the_report_alone(ctx: Any, device: Any) -> None:
    report = {"label": "new", "numa": "1", "status": "x"}
    device.update_device(report)
    assert report == {"label": "new", "numa": "1", "status": "x"}
    assert device.obj_what_changed() == {"label", "extra_info"}
    device.save()
    assert PciDevice.get_by_dev_id(ctx, device.id).extra_info["numa"] == "1"


def test_removed(ctx: Any, device: Any) -> None:
    device.status = "removed"
    device.save()
    assert device.status == "deleted"
    device.save()
    with pytest.raises(exception.PciDeviceNotFoundById):
        PciDevice.get_by_dev_id(ctx, device.id)
    with pytest.raises(exception.PciDeviceNotFound):
        PciDevice.get_by_dev_addr(ctx, device.compute_node_id, device.address)
    device.status = "removed"
    with pytest.raises(exception.PciDeviceNotFound):
        device.save()
