# SPDX-License-Identifier: Apache-2.0
"""What happens to the program of examples/without_objects, once; prints the rows it leaves.

Run with the program's directory as the first argument and the database's URL
as the second, in a process of its own: before and after the rewrite.
"""

import json
import sys
import uuid

sys.path.insert(0, sys.argv[1])

import sqlalchemy
from nova import context as nova_context
from nova import service as nova_service
from nova.compute import resource_tracker

from shim import objects
from shim.db import session

TABLES = ("services", "compute_nodes", "instances", "migrations")
TIMES = ("created_at", "updated_at", "deleted_at", "launched_at", "scheduled_at", "terminated_at")


def driver():
    return {
        "vcpus": 8,
        "vcpus_used": 0,
        "memory_mb": 4096,
        "local_gb": 100,
        "local_gb_used": 0,
        "hypervisor_type": "fake",
        "hypervisor_version": 1,
        "cpu_info": "{}",
        "host_ip": "192.0.2.1",
        "supported_instances": '[["x86_64", "fake", "hvm"]]',
    }


def instance_of(context, number, **values):
    made = objects.Instance(context)
    made.uuid = str(uuid.UUID(int=number))
    made.project_id = made.user_id = "somebody"
    made.memory_mb = 512
    for name, value in values.items():
        setattr(made, name, value)
    made.create()
    return made


def migration_of(context, instance):
    made = objects.Migration(context)
    made.instance_uuid = instance.uuid
    made.source_compute, made.source_node = "elsewhere", "node9"
    made.dest_compute, made.dest_node = "host1", "node1"
    made.status = "migrating"
    made.create()


def run(context):
    """The events, and what the program says of them."""
    said = []
    tracker = resource_tracker.ResourceTracker("host1", "node1", driver)
    said.append(tracker.audit(context))  # there is no service yet
    service = nova_service.Service("host1", "nova-compute", "compute")
    service.start(context)
    service.report_state(context)
    said.append(tracker.audit(context))
    moving, gone = instance_of(context, 1), instance_of(context, 2)
    migration_of(context, moving)
    migration_of(context, gone)
    gone.destroy()
    said.append(tracker.audit(context))
    said.append(tracker.audit(context))
    tracker.claim(context, instance_of(context, 3, display_name="claimed").uuid, 256)
    again = resource_tracker.ResourceTracker("host1", "node1", driver)
    said.append(again.audit(context))
    nova_service.Service("host1", "nova-compute", "compute").start(context)
    other = nova_service.Service("host2", "nova-compute", "compute")
    other.start(context)
    said.append(other.kill(context))
    said.append(other.kill(context))
    return said


def rows(engine):
    """Every table's rows in order, without the times; JSON text as what it stands for."""
    with engine.connect() as connection:
        return {
            table: [
                {k: _value(k, v) for k, v in row._mapping.items() if k not in TIMES}
                for row in connection.execute(sqlalchemy.text(f"SELECT * FROM {table} ORDER BY id"))
            ]
            for table in TABLES
        }


def _value(name, value):
    if name == "stats" and value:
        # an object's stats are text, a dict's may be numbers: every reader takes both
        return {key: str(one) for key, one in json.loads(value).items()}
    return json.loads(value) if name == "pci_stats" and value else value


def main():
    database = session.configure(sys.argv[2])
    said = run(nova_context.get_admin_context())
    print(json.dumps({"said": said, "rows": rows(database.engine)}, sort_keys=True))


if __name__ == "__main__":
    main()
