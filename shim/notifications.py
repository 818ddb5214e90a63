# SPDX-License-Identifier: Apache-2.0
"""``compute.instance.update``: what nova 2014.2 tells others of an instance that was stored.

Off until ``notify_on_state_change`` says of what to tell. Sent by the process that has the
database, to where ``[oslo_messaging_notifications]`` says. One that cannot be sent is logged and is
no error of the call: what it tells of has been stored.
"""

from __future__ import annotations

import datetime
import functools
import json
import logging
from collections.abc import Mapping
from typing import Any

import oslo_messaging
from oslo_config import cfg
from oslo_utils import netutils, timeutils

from shim.conf import CONF
from shim.context import get_admin_context
from shim.db import api as db
from shim.objects.foreign_rows import pairs_of

LOG = logging.getLogger(__name__)

EVENT = "compute.instance.update"
VM_STATE, BOTH_STATES = "vm_state", "vm_and_task_state"

CONF.register_opts(
    [
        cfg.StrOpt(
            "notify_on_state_change",
            choices=[VM_STATE, BOTH_STATES],
            help="Send a notification when an instance is stored, and name the old and the new "
            "state of those changes.",
        ),
        cfg.StrOpt(
            "instance_usage_audit_period",
            default="month",
            help="The period that a notification is about: hour, day, month or year, with an "
            "offset after @.",
        ),
    ]
)
CONF.register_opts(
    [
        cfg.StrOpt("host", default=netutils.get_my_ipv4(), help="The host of the image service."),
        cfg.PortOpt("port", default=9292, help="The port of the image service."),
        cfg.StrOpt("protocol", default="http", help="http or https."),
    ],
    group="glance",
)

#: What of a notification is a column of the instance.
COLUMNS = {
    "tenant_id": "project_id",
    "instance_id": "uuid",
    "state": "vm_state",
    **{
        name: name
        for name in (
            *("user_id", "display_name", "reservation_id", "hostname", "instance_type_id"),
            *("architecture", "memory_mb", "vcpus", "root_gb", "ephemeral_gb", "host", "node"),
            *("availability_zone", "os_type", "kernel_id", "ramdisk_id", "access_ip_v4"),
            "access_ip_v6",
        )
    },
}


class _ContextSerializer(oslo_messaging.NoOpSerializer):
    def serialize_context(self, context: Any) -> Any:
        return context.to_dict()


@functools.cache
def notifier() -> Any:
    """What sends them, made when the first is sent."""
    transport = oslo_messaging.get_notification_transport(CONF)
    return oslo_messaging.Notifier(transport, serializer=_ContextSerializer())


def send_update(
    context: Any, before: Mapping[str, Any], after: Mapping[str, Any], service: str | None = None
) -> None:
    """Tell of an instance: the row as it was and as it is, with its system metadata.

    ``service`` is what is said to have sent it.
    """
    if not CONF.notify_on_state_change:
        return
    try:
        prepared = notifier().prepare(publisher_id=f"{service}.{CONF.host}")
        prepared.info(context, EVENT, payload_of(before, after))
    except Exception:
        LOG.exception("a notification of instance %s could not be sent", after.get("uuid"))


def payload_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification says: JSON values under nova's names."""
    payload = {name: after[column] for name, column in COLUMNS.items()}
    kept = {pair["key"]: pair["value"] for pair in pairs_of(after.get("system_metadata"))}
    payload.update(_of_flavor_and_image(after, kept))
    payload.update(_of_times(after))
    payload.update(
        disk_gb=(after["root_gb"] or 0) + (after["ephemeral_gb"] or 0),
        cell_name=after["cell_name"] or "",
        state_description=after["task_state"] or "",
        progress=int(after["progress"]) if after["progress"] else "",
        metadata={pair["key"]: pair["value"] for pair in pairs_of(after.get("metadata"))},
        **_states(before, after),
    )
    renamed = before["display_name"] and before["display_name"] != after["display_name"]
    if renamed and not _states_changed(before, after):
        payload["old_display_name"] = before["display_name"]
    now = timeutils.utcnow()
    start = period_start(CONF.instance_usage_audit_period, now)
    payload.update(audit_period_beginning=_text(start), audit_period_ending=_text(now))
    payload["bandwidth"] = _bandwidth(after, start)
    return payload


def _of_flavor_and_image(row: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    images = f"{CONF.glance.protocol}://{netutils.escape_ipv6(CONF.glance.host)}:{CONF.glance.port}"
    prefix = "image_"
    return {
        "instance_type": kept.get("instance_type_name", ""),
        "instance_flavor_id": kept.get("instance_type_flavorid", ""),
        "image_ref_url": f"{images}/images/{row['image_ref']}",
        "image_meta": {k.removeprefix(prefix): v for k, v in kept.items() if k.startswith(prefix)},
    }


def _of_times(row: Mapping[str, Any]) -> dict[str, str]:
    times = {n: _text(row.get(n)) for n in ("terminated_at", "deleted_at", "launched_at")}
    return {"created_at": str(row["created_at"]), **times}


def _text(when: datetime.datetime | None) -> str:
    return "" if when is None else when.strftime("%Y-%m-%dT%H:%M:%S.%f")


def _states_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    watched = ["vm_state"]
    if CONF.notify_on_state_change == BOTH_STATES:
        watched.append("task_state")
    return any(before[name] != after[name] for name in watched)


def _states(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The states, as nova tells them: one that was none is told as the one that it is now."""
    told = before if _states_changed(before, after) else after
    old = {n: after[n] if told[n] is None else told[n] for n in ("vm_state", "task_state")}
    return {
        "old_state": old["vm_state"],
        "state": after["vm_state"],
        "old_task_state": old["task_state"],
        "new_task_state": after["task_state"],
    }


def period_start(unit: str, now: datetime.datetime) -> datetime.datetime:
    """When the period that ``now`` is in began. ValueError for another unit."""
    name, _, text = unit.partition("@")
    offset = int(text or 0)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if name == "hour":
        start = now.replace(minute=offset, second=0, microsecond=0)
        return start if start < now else start - datetime.timedelta(hours=1)
    if name == "day":
        start = midnight.replace(hour=offset)
        return start if start < now else start - datetime.timedelta(days=1)
    if name == "month":
        start = midnight.replace(day=offset or 1)
        return start if start < now else _month_before(start)
    if name == "year":
        start = midnight.replace(month=offset or 1, day=1)
        return start if start < now else start.replace(year=start.year - 1)
    raise ValueError(f"instance_usage_audit_period = {unit}: it is hour, day, month or year")


def _month_before(start: datetime.datetime) -> datetime.datetime:
    if start.month == 1:
        return start.replace(year=start.year - 1, month=12)
    return start.replace(month=start.month - 1)


def _bandwidth(row: Mapping[str, Any], start: datetime.datetime) -> dict[str, Any]:
    """What each network of the instance carried since then, by its label."""
    admin = get_admin_context(read_deleted="yes")
    cache = row.get("info_cache") or db.instance_info_cache_get(admin, row["uuid"]) or {}
    text = cache.get("network_info")
    vifs = json.loads(text) if isinstance(text, str) else list(text or ())
    labels = {vif["address"]: vif["network"]["label"] for vif in vifs}
    return {
        labels[usage["mac"]]: {"bw_in": usage["bw_in"], "bw_out": usage["bw_out"]}
        for usage in db.bw_usage_get_by_uuids(admin, [row["uuid"]], start)
        if usage["mac"] in labels
    }
