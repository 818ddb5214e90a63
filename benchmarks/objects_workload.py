# SPDX-License-Identifier: Apache-2.0
"""The same work on the objects of nova 2014.2 and on the shim's; runs on Python 2.7 and 3.

``rates`` measures it with whatever ``objects`` it is given. Run as a program under Python 2.7, in
nova's tree, it measures nova's own on SQLite in memory and prints the rates as JSON.
"""

from __future__ import print_function, unicode_literals

import json
import sys
import time
import uuid

HOST, NODE = "cmp-a", "node-a"
LISTED = 300
RESOURCES = {
    "vcpus": 8,
    "memory_mb": 16384,
    "local_gb": 500,
    "vcpus_used": 1,
    "memory_mb_used": 1024,
    "local_gb_used": 20,
    "hypervisor_type": "QEMU",
    "hypervisor_version": 2001000,
    "cpu_info": "?",
    "free_ram_mb": 15360,
    "free_disk_gb": 480,
    "current_workload": 0,
    "running_vms": 1,
    "disk_available_least": 470,
    "stats": {"num_instances": "1"},
}
INSTANCE = {
    "host": HOST,
    "node": NODE,
    "vm_state": "active",
    "memory_mb": 512,
    "vcpus": 1,
    "root_gb": 1,
    "ephemeral_gb": 0,
    "project_id": "p",
    "user_id": "u",
    "display_name": "vm",
}
#: What the system metadata of each of them holds.
FLAVOR = dict(
    ("instance_type_%s" % key, "%s" % value)
    for key, value in (
        ("id", 1),
        ("name", "m1"),
        ("memory_mb", 512),
        ("vcpus", 1),
        ("root_gb", 1),
        ("ephemeral_gb", 0),
        ("flavorid", "1"),
        ("swap", 0),
        ("rxtx_factor", 1.0),
        ("vcpu_weight", 0),
    )
)


def new_uuid():
    return "%s" % uuid.uuid4()


class Workload:
    """What is measured: a method a row, each doing it ``number`` times."""

    def __init__(self, objects, context):
        self.objects = objects
        self.context = context
        self.service = self.new_service()
        self.node = objects.ComputeNode(
            context, service_id=self.service.id, hypervisor_hostname=NODE, **RESOURCES
        )
        self.node.create()
        self.instance = self.new_instance(HOST)
        for _ in range(LISTED - 1):
            self.new_instance(HOST)
        self.migration = self.new_migration()

    def new_service(self):
        service = self.objects.Service(
            self.context,
            host=new_uuid(),
            binary="nova-compute",
            topic="compute",
            report_count=0,
            disabled=False,
        )
        service.create()
        return service

    def new_instance(self, host):
        instance = self.objects.Instance(
            self.context,
            uuid=new_uuid(),
            metadata={"role": "web"},
            system_metadata=dict(FLAVOR),
            **dict(INSTANCE, host=host)
        )
        instance.create()
        return instance

    def new_migration(self):
        migration = self.objects.Migration(
            self.context,
            instance_uuid=self.instance.uuid,
            status="done",
            source_compute=HOST,
            source_node=NODE,
            dest_compute="cmp-b",
            dest_node="node-b",
        )
        migration.create()
        return migration

    def create_a_service(self, number):
        for _ in range(number):
            self.new_service()

    def save_a_service(self, number):
        for _ in range(number):
            self.service.report_count += 1
            self.service.save()

    def get_a_service(self, number):
        for _ in range(number):
            self.objects.Service.get_by_id(self.context, self.service.id)

    def save_a_compute_node(self, number):
        for _ in range(number):
            self.node.vcpus_used += 1
            self.node.save()

    def create_an_instance(self, number):
        for _ in range(number):
            self.new_instance("cmp-z")

    def save_an_instance(self, number):
        for _ in range(number):
            self.instance.display_description = new_uuid()
            self.instance.save()

    def get_an_instance(self, number):
        for _ in range(number):
            self.objects.Instance.get_by_uuid(
                self.context, self.instance.uuid, expected_attrs=["metadata", "system_metadata"]
            )

    def create_a_migration(self, number):
        for _ in range(number):
            self.new_migration()

    def save_a_migration(self, number):
        for _ in range(number):
            self.migration.status = new_uuid()
            self.migration.save()

    def list_300_instances(self, number):
        for _ in range(number):
            found = self.objects.InstanceList.get_by_host(
                self.context, HOST, expected_attrs=["metadata", "system_metadata"]
            )
            assert len(found) == LISTED
            assert found[LISTED - 1].system_metadata == FLAVOR


#: What a row is called, and how often it is done in a round.
ROWS = (
    ("create a service", 100),
    ("save a service", 100),
    ("get a service", 100),
    ("save a compute node", 50),
    ("create an instance", 50),
    ("save an instance", 50),
    ("get an instance", 50),
    ("create a migration", 100),
    ("save a migration", 100),
    ("list 300 instances", 2),
)


def rates(workload, rounds=5):
    """How often a second each row is done, in the fastest round."""
    found = {}
    for name, number in ROWS:
        work = getattr(workload, name.replace(" ", "_"), None)
        if work is None:
            continue
        times = []
        for _ in range(rounds):
            started = time.time()
            work(number)
            times.append(time.time() - started)
        found[name] = number / min(times)
    return found


def main():
    import warnings

    warnings.filterwarnings("ignore")
    from nova import config, context, objects
    from nova.db.sqlalchemy import api

    config.parse_args(["nova", "--config-file", sys.argv[1]])
    objects.register_all()
    with open(sys.argv[2]) as schema:
        api.get_engine().raw_connection().executescript(schema.read())
    print("\n" + json.dumps(rates(Workload(objects, context.get_admin_context()))))


if __name__ == "__main__":
    main()
