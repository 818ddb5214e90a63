# SPDX-License-Identifier: Apache-2.0
"""A compute process of the upgrade test: claims, aborts, resizes and audits for one host.

Run as a program with a JSON file of parameters. It drives each instance of its share to the end
that the instance's number prescribes, from wherever it finds it, so that a process that is killed
can be replaced by another. A line of its journal is a step that was done. When a write gets no
answer, because its conductor was killed, it reads what came of it and goes on from there, as
whoever calls the library has to.
"""

# The shim chooses real threads, which it can only do before oslo.messaging is imported.
import shim  # noqa: F401, I001

import json
import pathlib
import signal
import sys
from collections.abc import Callable
from typing import Any

import oslo_messaging

from shim import conductor, context, exception, objects
from shim.conf import CONF
from shim.db import session

ENDS = ("claimed", "aborted", "resized")
FLAVOR = {"memory_mb": 512, "vcpus": 1, "root_gb": 10, "ephemeral_gb": 0}
BIGGER = {"memory_mb": 1024, "vcpus": 2, "root_gb": 20, "ephemeral_gb": 0}

#: Seconds after which a call counts as lost with its conductor.
RESPONSE_TIMEOUT = 15


class UnansweredWrite(Exception):
    """Nobody can say whether the call was done."""


def uuid_of(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def host_of(number: int, hosts: int) -> str:
    return f"cmp-{number % hosts}"


class ComputeProcess:
    def __init__(self, parameters: dict[str, Any]) -> None:
        self.host: str = parameters["host"]
        self.node = f"node-{self.host}"
        self.hosts: int = parameters["hosts"]
        self.instances: int = parameters["instances"]
        self.is_juno: bool = parameters["release"] == "juno"
        self.ctx = context.get_admin_context()
        self.journal = pathlib.Path(parameters["journal"])
        self.asked_to_stop = False
        self.unanswered = 0
        signal.signal(signal.SIGTERM, self._stop)
        pathlib.Path(parameters["ready"]).touch()

    def _stop(self, *_: Any) -> None:
        self.asked_to_stop = True

    def done(self, step: str, number: int) -> None:
        with self.journal.open("a") as journal:
            journal.write(f"{step} {number}\n")

    def run(self) -> None:
        for number in range(self.instances):
            if host_of(number, self.hosts) == self.host:
                while not self.asked_to_stop and self.answered(self.advance, number):
                    self.answered(self.audit)
            if self.asked_to_stop:
                return
        self.answered(self.audit)
        self.done("finished", -1)

    def answered(self, do: Callable[..., Any], *args: Any) -> Any:
        """What ``do`` comes to; again from the start when a write of it was not answered."""
        while True:
            try:
                return do(*args)
            except UnansweredWrite:
                self.unanswered += 1

    def advance(self, number: int) -> bool:
        """Do the next step of the instance; False when there is none left."""
        instance = objects.Instance.get_by_uuid(
            self.ctx, uuid_of(number), expected_attrs=["system_metadata", "metadata"]
        )
        state = (instance.vm_state, instance.task_state)
        end = ENDS[number % len(ENDS)]
        if state == ("building", "scheduling"):
            self.claim(instance)
        elif state == ("building", "spawning"):
            self.finish_build(instance, abort=end == "aborted")
        elif state == ("active", None) and end == "resized" and "resized" not in instance.metadata:
            self.start_resize(instance)
        elif state == ("active", "resize_prep"):
            self.move(instance, number)
        elif state == ("resized", None):
            self.confirm(instance)
        else:
            return False
        self.done(f"{state[0]}/{state[1]}", number)
        return True

    def claim(self, instance: Any) -> None:
        instance.host, instance.node = self.host, self.node
        instance.task_state = "spawning"
        instance.update(FLAVOR)
        instance.save(expected_task_state="scheduling")

    def finish_build(self, instance: Any, abort: bool) -> None:
        if abort:
            instance.host = instance.node = None
        instance.vm_state = "error" if abort else "active"
        instance.task_state = None
        if self.is_juno:
            instance.save(self.ctx, expected_task_state=["spawning"])
        else:
            instance.save(expected_task_state=["spawning"])

    def start_resize(self, instance: Any) -> None:
        instance.task_state = "resize_prep"
        instance.save(expected_task_state=[None])

    def move(self, instance: Any, number: int) -> None:
        migration = self._migration_of(instance.uuid, number)
        for status in ("migrating", "post-migrating"):
            migration.status = status
            migration.save()
        target = host_of(number + 1, self.hosts)
        instance.host, instance.node = target, f"node-{target}"
        instance.update(BIGGER)
        instance.vm_state, instance.task_state = "resized", None
        instance.save(expected_task_state=["resize_prep"], expected_vm_state=["active"])
        migration.status = "finished"
        migration.save()

    def _migration_of(self, uuid: str, number: int) -> Any:
        """The move of the instance, begun by this process or by one before it."""
        for found in objects.MigrationList.get_in_progress_by_host_and_node(
            self.ctx, self.host, self.node
        ):
            if found.instance_uuid == uuid:
                return found
        target = host_of(number + 1, self.hosts)
        migration = objects.Migration(
            self.ctx,
            instance_uuid=uuid,
            source_compute=self.host,
            source_node=self.node,
            dest_compute=target,
            dest_node=f"node-{target}",
            status="pre-migrating",
        )
        migration.create()
        return migration

    def confirm(self, instance: Any) -> None:
        for found in objects.MigrationList.get_in_progress_by_host_and_node(
            self.ctx, self.host, self.node
        ):
            if found.instance_uuid == instance.uuid:
                assert found.instance is not None
                found.status = "confirmed"
                found.save()
        instance.vm_state = "active"
        instance.metadata["resized"] = "yes"
        instance.save(expected_vm_state=["resized"])

    def _node(self) -> Any:
        service = objects.Service.get_by_compute_host(self.ctx, self.host)
        if self.is_juno:
            return service.compute_node
        return objects.ComputeNode.get_by_host_and_nodename(self.ctx, self.host, self.node)

    def audit(self) -> None:
        """Count what the instances of the node use, and store it."""
        node = self._node()
        found = objects.InstanceList.get_by_host_and_node(
            self.ctx, self.host, self.node, expected_attrs=["system_metadata"]
        )
        node.vcpus_used = sum(instance.vcpus for instance in found)
        node.memory_mb_used = sum(instance.memory_mb for instance in found)
        node.running_vms = len(found)
        node.stats = {"num_instances": len(found)}
        if not self.is_juno:
            node.pci_device_pools = objects.PciDevicePoolList.from_dicts(
                [{"count": 2, "vendor_id": "8086", "product_id": "1520"}]
            )
        node.save()


def configure(parameters: dict[str, Any]) -> Any:
    """The database, the bus and the pin, as the parameters have them; a conductor if it is ours."""
    if parameters["pinned"]:
        CONF.set_override("compute", "juno", group="upgrade_levels")
    if parameters["release"] == "juno":
        CONF.set_override("conductor", "juno", group="upgrade_levels")
    CONF.set_override("topic", parameters["topic"], group="conductor")
    if parameters["broker"]:
        conductor.use_indirection(oslo_messaging.get_rpc_transport(CONF, url=parameters["broker"]))
        CONF.set_override("rpc_response_timeout", RESPONSE_TIMEOUT)
        return None
    from shim.conductor import server

    session.configure(parameters["database"])
    own = server.Conductor()
    own.start()
    conductor.use_indirection(own.transport)
    return own


def count_calls() -> list[int]:
    """A list whose only item is how many remote calls this process made."""
    count = [0]
    api = objects.NovaObject.indirection_api
    call = api._call

    def counted(ctx: Any, method: str, **kwargs: Any) -> Any:
        count[0] += 1
        try:
            return call(ctx, method, **kwargs)
        except oslo_messaging.MessagingTimeout as error:
            if method != "object_action":
                raise
            raise UnansweredWrite from error

    api._call = counted
    return count


def main() -> None:
    parameters = json.loads(pathlib.Path(sys.argv[1]).read_text())
    own = configure(parameters)
    calls = count_calls()
    process = ComputeProcess(parameters)
    try:
        process.run()
    except (exception.NovaException, oslo_messaging.MessagingException) as error:
        process.done(f"error {type(error).__name__}: {error}", -1)
        raise
    finally:
        with process.journal.with_suffix(".calls").open("a") as file:
            file.write(f"{calls[0]} {process.unanswered}\n")
        if own is not None:
            own.stop()
        # The interpreter's end takes the handler away, and then SIGTERM would be the end.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


if __name__ == "__main__":
    main()
