# SPDX-License-Identifier: Apache-2.0
"""The expressions that stand in statements, and what the rows of each kind have."""

#: What stands where an expression of a kind is wanted: (feature, text), the simplest first.
EXPRESSIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "service": (
        ("get", "<api>.service_get_by_args(<context>, 'host1', 'nova-compute')"),
        ("get", "<api>.service_get_by_compute_host(<context>, 'host1')"),
        ("get", "<api>.service_get_all(<context>)[0]"),
        ("get", "<api>.service_get_by_args(<context>, 'host1', 'nova-network')"),
    ),
    "services": (
        ("get", "<api>.service_get_all_by_topic(<context>, 'compute')"),
        ("get", "<api>.service_get_all(<context>)"),
        ("get", "<api>.service_get_all_by_host(<context>, 'host1')"),
        ("result_shape", "<api>.service_get_by_host_and_topic(<context>, 'host1', 'compute')"),
    ),
    "node": (("get", "<api>.service_get_by_compute_host(<context>, 'host1')['compute_node'][0]"),),
    "nodes": (("get", "<api>.service_get_by_compute_host(<context>, 'host1')['compute_node']"),),
    "migrations": (
        (
            "get",
            "<api>.migration_get_in_progress_by_host_and_node(<context>, 'host1', 'node1')",
        ),
    ),
    "migration": (("get", "<fresh migrations>[0]"),),
    "instance": (
        ("get", "<fresh migrations>[0]['instance']"),
        ("result_shape", "<api>.instance_get_all_by_host(<context>, 'host1')[0]"),
    ),
    "values": (
        ("update", "{'report_count': <number>}"),
        ("update", "{'topic': <text>}"),
        ("update", "{'disabled': <flag>, 'report_count': <number>}"),
        ("update", "dict(report_count=<number>)"),
    ),
    "number": (
        ("get", "7"),
        ("get", "<service>['report_count']"),
        ("values_read", "<service>['report_count'] + 1"),
        ("get", "<node>['vcpus']"),
        ("get", "len(<services>)"),
    ),
    "text": (
        ("get", "'text'"),
        ("get", "<service>['host']"),
        ("get", "<service>['topic']"),
        ("get", "<migration>['status']"),
    ),
    "flag": (
        ("get", "True"),
        ("get", "False"),
        ("get", "<service>['disabled']"),
        ("values_read", "not <service>['disabled']"),
        ("get", "<service>['host'] == 'host1'"),
    ),
}

#: The keys of a row of each kind.
KEYS = {
    "service": ("host", "report_count", "topic", "disabled", "binary", "id"),
    "node": ("memory_mb_used", "hypervisor_hostname", "vcpus", "free_ram_mb", "id"),
    "migration": ("status", "dest_compute", "source_node", "id", "instance_uuid"),
    "instance": ("host", "memory_mb", "uuid", "vm_state"),
}

#: Those of the keys whose values are text.
WORDS = {
    "service": ("topic", "host", "binary"),
    "node": ("hypervisor_hostname",),
    "migration": ("status", "dest_compute", "source_node"),
    "instance": ("vm_state", "host"),
}

#: A dict in a row's place.
DICTS = {
    "service": (
        "{'id': 2, 'host': 'dict', 'topic': 'd', 'binary': 'b', 'report_count': 5,"
        " 'disabled': False}"
    ),
    "node": (
        "{'id': 2, 'memory_mb_used': 5, 'hypervisor_hostname': 'dict', 'vcpus': 1,"
        " 'free_ram_mb': 6, 'memory_mb': 11}"
    ),
    "migration": (
        "{'id': 2, 'status': 'dict', 'dest_compute': 'c', 'source_node': 'n',"
        " 'instance_uuid': 'u', 'instance': None}"
    ),
    "instance": (
        "{'host': 'dict', 'memory_mb': 3, 'vm_state': 'v',"
        " 'uuid': '00000000-0000-0000-0000-000000000003'}"
    ),
}
