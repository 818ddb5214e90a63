# SPDX-License-Identifier: Apache-2.0
"""The rules that add the objects and fields that the tree lacks."""

from codemods.rewriting.rule import Rule
from codemods.rules.objects.add_object_fields import AddObjectFields
from codemods.rules.objects.add_objects import AddObjects
from codemods.rules.objects.convert_devices_column import ConvertDevicesColumn
from codemods.rules.objects.keep_columns import KeepColumns
from codemods.rules.objects.read_newer_nodes import ReadNewerNodes

RULES: tuple[type[Rule], ...] = (
    AddObjectFields,
    AddObjects,
    ConvertDevicesColumn,
    KeepColumns,
    ReadNewerNodes,
)
