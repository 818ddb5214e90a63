"""The tables of nova 2014.2 (schema 254) that the objects live in: data, no logic.

Column order, types, nullability, indexes and constraints are those of a migrated database; where
the migrations leave something out on SQLite (most foreign keys, one unique constraint), it is
left out here too.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Constraint,
    DateTime,
    Enum,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from shim.db.types import IPAddress, medium_text

SCHEMA_VERSION = 254

#: Engines on which the migrations create every foreign key.
SERVERS: Any = ("mysql", "mariadb", "postgresql")

#: Engines on which they create an index with every foreign key.
MYSQL: Any = ("mysql", "mariadb")

metadata = MetaData()


def _times() -> list[Column[Any]]:
    return [Column(name, DateTime) for name in ("created_at", "updated_at", "deleted_at")]


def _id() -> Column[Any]:
    return Column("id", Integer, primary_key=True, nullable=False)


def _deleted() -> Column[Any]:
    return Column("deleted", Integer)


def _strings(*names: str, length: int = 255) -> list[Column[Any]]:
    return [Column(name, String(length)) for name in names]


def _integers(*names: str, nullable: bool = True) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=nullable) for name in names]


def _reference(column: str, target: str, *, name: str | None = None) -> Constraint:
    key = ForeignKeyConstraint([column], [target], name=name)
    return key.ddl_if(dialect=SERVERS)


def _reference_everywhere(column: str, target: str) -> Constraint:
    return ForeignKeyConstraint([column], [target])


migrate_version = Table(
    "migrate_version",
    metadata,
    Column("repository_id", String(250), primary_key=True),
    Column("repository_path", Text),
    Column("version", Integer),
)

services = Table(
    "services",
    metadata,
    *_times(),
    _id(),
    *_strings("host", "binary", "topic"),
    Column("report_count", Integer, nullable=False),
    Column("disabled", Boolean),
    _deleted(),
    Column("disabled_reason", String(255)),
    UniqueConstraint("host", "topic", "deleted", name="uniq_services0host0topic0deleted"),
    UniqueConstraint("host", "binary", "deleted", name="uniq_services0host0binary0deleted"),
)

compute_nodes = Table(
    "compute_nodes",
    metadata,
    *_times(),
    _id(),
    *_integers("service_id", "vcpus", "memory_mb", "local_gb", nullable=False),
    *_integers("vcpus_used", "memory_mb_used", "local_gb_used", nullable=False),
    Column("hypervisor_type", medium_text(), nullable=False),
    Column("hypervisor_version", Integer, nullable=False),
    Column("cpu_info", medium_text(), nullable=False),
    *_integers("disk_available_least", "free_ram_mb", "free_disk_gb", "current_workload"),
    Column("running_vms", Integer),
    Column("hypervisor_hostname", String(255)),
    _deleted(),
    Column("host_ip", IPAddress),
    *(Column(name, Text) for name in ("supported_instances", "pci_stats", "metrics")),
    *(Column(name, Text) for name in ("extra_resources", "stats", "numa_topology")),
    _reference("service_id", "services.id", name="fk_compute_nodes_service_id"),
)

instances = Table(
    "instances",
    metadata,
    *_times(),
    _id(),
    Column("internal_id", Integer),
    *_strings("user_id", "project_id", "image_ref", "kernel_id", "ramdisk_id"),
    Column("launch_index", Integer),
    Column("key_name", String(255)),
    Column("key_data", medium_text()),
    Column("power_state", Integer),
    Column("vm_state", String(255)),
    *_integers("memory_mb", "vcpus"),
    *_strings("hostname", "host"),
    Column("user_data", medium_text()),
    Column("reservation_id", String(255)),
    *(Column(name, DateTime) for name in ("scheduled_at", "launched_at", "terminated_at")),
    *_strings("display_name", "display_description", "availability_zone"),
    Column("locked", Boolean),
    Column("os_type", String(255)),
    Column("launched_on", medium_text()),
    Column("instance_type_id", Integer),
    Column("vm_mode", String(255)),
    Column("uuid", String(36)),
    *_strings("architecture", "root_device_name"),
    Column("access_ip_v4", IPAddress),
    Column("access_ip_v6", IPAddress),
    *_strings("config_drive", "task_state", "default_ephemeral_device", "default_swap_device"),
    Column("progress", Integer),
    *(Column(n, Boolean) for n in ("auto_disk_config", "shutdown_terminate", "disable_terminate")),
    *_integers("root_gb", "ephemeral_gb"),
    *_strings("cell_name", "node"),
    _deleted(),
    Column("locked_by", Enum("owner", "admin", name="instances0locked_by", create_constraint=True)),
    Column("cleaned", Integer),
    Column("ephemeral_key_uuid", String(36)),
    Index("uuid", "uuid", unique=True),
    Index("instances_host_deleted_cleaned_idx", "host", "deleted", "cleaned"),
    Index("instances_host_deleted_idx", "host", "deleted"),
    Index("instances_host_node_deleted_idx", "host", "node", "deleted"),
    Index("instances_reservation_id_idx", "reservation_id"),
    Index("instances_task_state_updated_at_idx", "task_state", "updated_at"),
    Index("instances_terminated_at_launched_at_idx", "terminated_at", "launched_at"),
    Index("instances_uuid_deleted_idx", "uuid", "deleted"),
    Index("project_id", "project_id"),
)

migrations = Table(
    "migrations",
    metadata,
    *_times(),
    _id(),
    *_strings("source_compute", "dest_compute", "dest_host", "status"),
    Column("instance_uuid", String(36)),
    *_integers("old_instance_type_id", "new_instance_type_id"),
    *_strings("source_node", "dest_node"),
    _deleted(),
    _reference("instance_uuid", "instances.uuid", name="fk_migrations_instance_uuid"),
    Index(
        "migrations_by_host_nodes_and_status_idx",
        *("deleted", "source_compute", "dest_compute", "source_node", "dest_node", "status"),
        mysql_length=dict.fromkeys(
            ("source_compute", "dest_compute", "source_node", "dest_node", "status"), 100
        ),
        mariadb_length=dict.fromkeys(
            ("source_compute", "dest_compute", "source_node", "dest_node", "status"), 100
        ),
    ),
    Index("migrations_instance_uuid_and_status_idx", "deleted", "instance_uuid", "status"),
)

instance_types = Table(
    "instance_types",
    metadata,
    *_times(),
    Column("name", String(255)),
    _id(),
    *_integers("memory_mb", "vcpus", "swap", nullable=False),
    Column("vcpu_weight", Integer),
    Column("flavorid", String(255)),
    Column("rxtx_factor", Float),
    *_integers("root_gb", "ephemeral_gb"),
    *(Column(name, Boolean) for name in ("disabled", "is_public")),
    _deleted(),
    UniqueConstraint("name", "deleted", name="uniq_instance_types0name0deleted"),
    UniqueConstraint("flavorid", "deleted", name="uniq_instance_types0flavorid0deleted"),
)

instance_type_extra_specs = Table(
    "instance_type_extra_specs",
    metadata,
    *_times(),
    _id(),
    Column("instance_type_id", Integer, nullable=False),
    *_strings("key", "value"),
    _deleted(),
    _reference_everywhere("instance_type_id", "instance_types.id"),
    UniqueConstraint(
        *("instance_type_id", "key", "deleted"),
        name="uniq_instance_type_extra_specs0instance_type_id0key0deleted",
    ),
    Index("instance_type_extra_specs_instance_type_id_key_idx", "instance_type_id", "key"),
)

instance_type_projects = Table(
    "instance_type_projects",
    metadata,
    *_times(),
    _id(),
    Column("instance_type_id", Integer, nullable=False),
    Column("project_id", String(255)),
    _deleted(),
    _reference("instance_type_id", "instance_types.id", name="instance_type_projects_ibfk_1"),
    UniqueConstraint(
        *("instance_type_id", "project_id", "deleted"),
        name="uniq_instance_type_projects0instance_type_id0project_id0deleted",
    ),
    Index("instance_type_id", "instance_type_id").ddl_if(dialect=MYSQL),
)

instance_metadata = Table(
    "instance_metadata",
    metadata,
    *_times(),
    _id(),
    *_strings("key", "value"),
    Column("instance_uuid", String(36)),
    _deleted(),
    _reference("instance_uuid", "instances.uuid"),
    Index("instance_metadata_instance_uuid_idx", "instance_uuid"),
)

instance_system_metadata = Table(
    "instance_system_metadata",
    metadata,
    *_times(),
    _id(),
    Column("instance_uuid", String(36), nullable=False),
    Column("key", String(255), nullable=False),
    Column("value", String(255)),
    _deleted(),
    _reference("instance_uuid", "instances.uuid"),
    Index("instance_uuid", "instance_uuid").ddl_if(dialect=MYSQL),
)

instance_extra = Table(
    "instance_extra",
    metadata,
    *_times(),
    _deleted(),
    _id(),
    Column("instance_uuid", String(36), nullable=False),
    *(Column(name, Text) for name in ("numa_topology", "pci_requests")),
    _reference_everywhere("instance_uuid", "instances.uuid"),
    Index("instance_extra_idx", "instance_uuid"),
)

instance_info_caches = Table(
    "instance_info_caches",
    metadata,
    *_times(),
    _id(),
    Column("network_info", medium_text()),
    Column("instance_uuid", String(36), nullable=False),
    _deleted(),
    _reference("instance_uuid", "instances.uuid"),
    UniqueConstraint("instance_uuid", name="uniq_instance_info_caches0instance_uuid"),
)

instance_faults = Table(
    "instance_faults",
    metadata,
    *_times(),
    _id(),
    Column("instance_uuid", String(36)),
    Column("code", Integer, nullable=False),
    Column("message", String(255)),
    Column("details", medium_text()),
    Column("host", String(255)),
    _deleted(),
    _reference("instance_uuid", "instances.uuid", name="fk_instance_faults_instance_uuid"),
    Index("instance_faults_host_idx", "host"),
    Index(
        "instance_faults_instance_uuid_deleted_created_at_idx",
        *("instance_uuid", "deleted", "created_at"),
    ),
)

instance_id_mappings = Table(
    "instance_id_mappings",
    metadata,
    *_times(),
    _id(),
    Column("uuid", String(36), nullable=False),
    _deleted(),
    Index("ix_instance_id_mappings_uuid", "uuid"),
)

pci_devices = Table(
    "pci_devices",
    metadata,
    *_times(),
    Column("deleted", Integer),
    _id(),
    Column("compute_node_id", Integer, nullable=False),
    Column("address", String(12), nullable=False),
    *(Column(name, String(4), nullable=False) for name in ("vendor_id", "product_id")),
    Column("dev_type", String(8), nullable=False),
    Column("dev_id", String(255)),
    Column("label", String(255), nullable=False),
    Column("status", String(36), nullable=False),
    Column("extra_info", Text),
    *_strings("instance_uuid", "request_id", length=36),
    _reference_everywhere("compute_node_id", "compute_nodes.id"),
    UniqueConstraint(
        *("compute_node_id", "address", "deleted"),
        name="uniq_pci_devices0compute_node_id0address0deleted",
    ).ddl_if(dialect=SERVERS),
    Index("ix_pci_devices_compute_node_id_deleted", "compute_node_id", "deleted"),
    Index("ix_pci_devices_instance_uuid_deleted", "instance_uuid", "deleted"),
)

security_groups = Table(
    "security_groups",
    metadata,
    *_times(),
    _id(),
    *_strings("name", "description", "user_id", "project_id"),
    _deleted(),
    UniqueConstraint(
        *("project_id", "name", "deleted"), name="uniq_security_groups0project_id0name0deleted"
    ),
)

security_group_instance_association = Table(
    "security_group_instance_association",
    metadata,
    *_times(),
    _id(),
    Column("security_group_id", Integer),
    Column("instance_uuid", String(36)),
    _deleted(),
    _reference("security_group_id", "security_groups.id"),
    _reference("instance_uuid", "instances.uuid"),
    Index("security_group_instance_association_instance_uuid_idx", "instance_uuid"),
)

security_group_rules = Table(
    "security_group_rules",
    metadata,
    *_times(),
    _id(),
    Column("parent_group_id", Integer),
    Column("protocol", String(255)),
    *_integers("from_port", "to_port"),
    Column("cidr", String(43)),
    Column("group_id", Integer),
    _deleted(),
    _reference_everywhere("parent_group_id", "security_groups.id"),
    _reference_everywhere("group_id", "security_groups.id"),
)

#: Values that a new row gets for columns that the caller did not name, as nova's models do.
INSERT_DEFAULTS: dict[str, dict[str, Any]] = {
    "services": {"report_count": 0, "disabled": False},
    "compute_nodes": {"stats": "{}"},
    "instances": {"shutdown_terminate": False, "disable_terminate": False, "cleaned": 0},
    "instance_types": {"swap": 0, "rxtx_factor": 1.0, "disabled": False, "is_public": True},
}

for _table in metadata.tables.values():
    for _server in ("mysql", "mariadb"):
        _table.dialect_options[_server]["engine"] = "InnoDB"
        _table.dialect_options[_server]["charset"] = "utf8"
