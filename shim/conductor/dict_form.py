# SPDX-License-Identifier: Apache-2.0
"""Rows in the form that nova's dict calls return them: JSON types, times as text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from shim.conf import CONF

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f"


def dict_form(value: Any) -> Any:
    """The value with every time as ``YYYY-MM-DDTHH:MM:SS.ffffff``."""
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc)
        return value.strftime(TIME_FORMAT)
    if isinstance(value, Mapping):
        return {key: dict_form(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [dict_form(item) for item in value]
    return value


def instance_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """An instance's row, with its ``name``, and lists where metadata was not asked for."""
    formed: dict[str, Any] = dict_form(row)
    for name in ("metadata", "system_metadata"):
        formed.setdefault(name, [])
    formed["name"] = _name(formed)
    return formed


def _name(row: Mapping[str, Any]) -> str:
    template = CONF.instance_name_template
    try:
        return str(template % row["id"])
    except TypeError:
        return str(template % row)


def migration_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """A migration's row, with its instance, None when it is gone."""
    formed: dict[str, Any] = dict_form({k: v for k, v in row.items() if k != "instance"})
    instance = row.get("instance")
    formed["instance"] = None if instance is None else instance_form(instance)
    if formed["instance"] is not None:
        formed["instance"].pop("metadata")
    return formed
