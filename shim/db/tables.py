# SPDX-License-Identifier: Apache-2.0
"""The tables that the objects live in, for queries: columns, no constraints."""

from typing import Any

from sqlalchemy import MetaData

from shim.db.schema_tables import table_of

SCHEMA_VERSION = 254

metadata = MetaData()

migrate_version = table_of("migrate_version", metadata)
services = table_of("services", metadata)
compute_nodes = table_of("compute_nodes", metadata)
instances = table_of("instances", metadata)
migrations = table_of("migrations", metadata)
instance_types = table_of("instance_types", metadata)
instance_type_extra_specs = table_of("instance_type_extra_specs", metadata)
instance_type_projects = table_of("instance_type_projects", metadata)
instance_metadata = table_of("instance_metadata", metadata)
instance_system_metadata = table_of("instance_system_metadata", metadata)
instance_extra = table_of("instance_extra", metadata)
instance_info_caches = table_of("instance_info_caches", metadata)
instance_faults = table_of("instance_faults", metadata)
instance_id_mappings = table_of("instance_id_mappings", metadata)
bw_usage_cache = table_of("bw_usage_cache", metadata)
pci_devices = table_of("pci_devices", metadata)
security_groups = table_of("security_groups", metadata)
security_group_instance_association = table_of("security_group_instance_association", metadata)
security_group_rules = table_of("security_group_rules", metadata)

#: Values that a new row gets for columns that the caller did not name, as nova's models do.
INSERT_DEFAULTS: dict[str, dict[str, Any]] = {
    "services": {"report_count": 0, "disabled": False},
    "compute_nodes": {"stats": "{}"},
    "instances": {"shutdown_terminate": False, "disable_terminate": False, "cleaned": 0},
    "instance_types": {"swap": 0, "rxtx_factor": 1.0, "disabled": False, "is_public": True},
}
