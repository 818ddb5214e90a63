# SPDX-License-Identifier: Apache-2.0
"""The rules that rewrite the program."""

from codemods.rewriting.rule import Rule
from codemods.rules.code.comparison_to_primitives import ComparisonToPrimitives
from codemods.rules.code.conductor_call_indirect import ConductorCallIndirect
from codemods.rules.code.conductor_create_to_object_create import ConductorCreateToObjectCreate
from codemods.rules.code.conductor_destroy_to_object_destroy import ConductorDestroyToObjectDestroy
from codemods.rules.code.conductor_getter_to_object_getter import ConductorGetterToObjectGetter
from codemods.rules.code.conductor_update_to_object_save import ConductorUpdateToObjectSave
from codemods.rules.code.dict_method_to_primitive import DictMethodToPrimitive
from codemods.rules.code.get_to_attribute import GetToAttribute
from codemods.rules.code.keyword_docstring_to_unused import KeywordDocstringToUnused
from codemods.rules.code.list_method_to_list import ListMethodToList
from codemods.rules.code.migration_instance_to_get_by_uuid import MigrationInstanceToGetByUuid
from codemods.rules.code.pci_stats_json_to_devices import PciStatsJsonToDevices
from codemods.rules.code.register_objects import RegisterObjects
from codemods.rules.code.remove_compute_node_service_key import RemoveComputeNodeServiceKey
from codemods.rules.code.remove_conductor_alias import RemoveConductorAlias
from codemods.rules.code.remove_conductor_handle import RemoveConductorHandle
from codemods.rules.code.remove_unused_context import RemoveUnusedContext
from codemods.rules.code.service_compute_node_to_list import ServiceComputeNodeToList
from codemods.rules.code.stats_json_to_dict import StatsJsonToDict
from codemods.rules.code.subscript_to_attribute import SubscriptToAttribute
from codemods.rules.code.update_to_copied_update import UpdateToCopiedUpdate
from codemods.rules.code.updated_at_comparison_to_none_safe import UpdatedAtComparisonToNoneSafe
from codemods.rules.code.version_text_to_number import VersionTextToNumber

RULES: tuple[type[Rule], ...] = (
    ComparisonToPrimitives,
    ConductorCallIndirect,
    ConductorCreateToObjectCreate,
    ConductorDestroyToObjectDestroy,
    ConductorGetterToObjectGetter,
    ConductorUpdateToObjectSave,
    DictMethodToPrimitive,
    GetToAttribute,
    KeywordDocstringToUnused,
    ListMethodToList,
    MigrationInstanceToGetByUuid,
    PciStatsJsonToDevices,
    RegisterObjects,
    RemoveComputeNodeServiceKey,
    RemoveConductorAlias,
    RemoveConductorHandle,
    RemoveUnusedContext,
    ServiceComputeNodeToList,
    StatsJsonToDict,
    SubscriptToAttribute,
    UpdateToCopiedUpdate,
    UpdatedAtComparisonToNoneSafe,
    VersionTextToNumber,
)
