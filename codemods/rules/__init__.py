"""The rules, in the order in which they look at a file.

Rules of single expressions come first, so that rules of whole statements find
the new text of what is inside them.
"""

from codemods.rules import (
    comparison_to_primitives,
    compute_node_service_key_removed,
    conductor_alias_removed,
    conductor_call_indirect,
    conductor_create_to_object_create,
    conductor_destroy_to_object_destroy,
    conductor_getter_to_object_getter,
    conductor_handle_removed,
    conductor_rpc_stub_to_database_stub,
    conductor_stub_to_object_stub,
    conductor_update_to_object_save,
    database_stub_for_object,
    database_stub_to_person,
    dict_method_to_primitive,
    exceptions_adopted,
    fake_row_to_object,
    get_to_attribute,
    handle_mock_removed,
    handle_mock_to_object_mocks,
    handle_test_removed,
    indirection_reset,
    list_method_to_list,
    method_stub_to_object,
    migration_instance_to_get_by_uuid,
    object_fields_added,
    object_fingerprints_updated,
    objects_added,
    objects_added_tested,
    objects_registered,
    row_fixture_completed,
    service_compute_node_to_list,
    stats_expectation_to_text,
    stats_json_to_dict,
    stats_rows_compared,
    subscript_to_attribute,
    unused_context_removed,
    update_to_copied_update,
    updated_at_comparison_to_none_safe,
    version_kept,
)
from codemods.rules.base import Rule

RULES: tuple[Rule, ...] = (
    object_fields_added.RULE,
    objects_added.RULE,
    objects_added_tested.RULE,
    object_fingerprints_updated.RULE,
    stats_rows_compared.RULE,
    version_kept.RULE,
    subscript_to_attribute.RULE,
    get_to_attribute.RULE,
    conductor_getter_to_object_getter.RULE,
    conductor_call_indirect.RULE,
    list_method_to_list.RULE,
    updated_at_comparison_to_none_safe.RULE,
    update_to_copied_update.RULE,
    dict_method_to_primitive.RULE,
    comparison_to_primitives.RULE,
    service_compute_node_to_list.RULE,
    migration_instance_to_get_by_uuid.RULE,
    compute_node_service_key_removed.RULE,
    stats_json_to_dict.RULE,
    conductor_create_to_object_create.RULE,
    conductor_update_to_object_save.RULE,
    conductor_destroy_to_object_destroy.RULE,
    objects_registered.RULE,
    row_fixture_completed.RULE,
    fake_row_to_object.RULE,
    method_stub_to_object.RULE,
    database_stub_for_object.RULE,
    database_stub_to_person.RULE,
    conductor_stub_to_object_stub.RULE,
    conductor_rpc_stub_to_database_stub.RULE,
    stats_expectation_to_text.RULE,
    handle_test_removed.RULE,
    handle_mock_to_object_mocks.RULE,
    handle_mock_removed.RULE,
    indirection_reset.RULE,
    conductor_alias_removed.RULE,
    unused_context_removed.RULE,
)

#: These look at what all the others have left, in every file.
LAST_RULES: tuple[Rule, ...] = (conductor_handle_removed.RULE, exceptions_adopted.RULE)

#: These read rows within rows; where one must leave a reading, the row has to stay a dict.
RELATION_RULES = frozenset(
    (service_compute_node_to_list.RULE.name, migration_instance_to_get_by_uuid.RULE.name)
)
