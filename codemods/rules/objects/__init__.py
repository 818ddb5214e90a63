# SPDX-License-Identifier: Apache-2.0
"""The rules that give the tree the objects and fields that it lacks."""

from codemods.rewriting.rule import Rule
from codemods.rules.objects.columns_kept import ColumnsKept
from codemods.rules.objects.devices_column_converted import DevicesColumnConverted
from codemods.rules.objects.newer_nodes_read import NewerNodesRead
from codemods.rules.objects.object_fields_added import ObjectFieldsAdded
from codemods.rules.objects.objects_added import ObjectsAdded

RULES: tuple[type[Rule], ...] = (
    ColumnsKept,
    DevicesColumnConverted,
    NewerNodesRead,
    ObjectFieldsAdded,
    ObjectsAdded,
)
