# SPDX-License-Identifier: Apache-2.0
"""ComputeNodeList."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from shim.db import api as db
from shim.objects import base, fields


@base.NovaObjectRegistry.register
class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    """A list of compute nodes."""

    # Version 1.0: ComputeNode up to 1.2
    # Version 1.1: ComputeNode 1.3
    # Version 1.2: get_by_service
    # Version 1.3: ComputeNode 1.4
    # Version 1.4: ComputeNode 1.5
    # Version 1.5: use_slave in get_by_service
    # Version 1.6: ComputeNode 1.6
    # Version 1.7: ComputeNode 1.7
    # Version 1.8: ComputeNode 1.8
    # Version 1.9: ComputeNode 1.9
    # Version 1.10: ComputeNode 1.10, get_all_by_host
    VERSION = "1.10"

    fields: ClassVar[dict[str, Any]] = {"objects": fields.ListOfObjectsField("ComputeNode")}
    child_versions: ClassVar[dict[str, str]] = {
        "1.0": "1.2",
        "1.1": "1.3",
        "1.2": "1.3",
        "1.3": "1.4",
        "1.4": "1.5",
        "1.5": "1.5",
        "1.6": "1.6",
        "1.7": "1.7",
        "1.8": "1.8",
        "1.9": "1.9",
        "1.10": "1.10",
    }
    remotables_since: ClassVar[Mapping[str, str]] = {
        "_get_by_service": "1.2",
        "get_all_by_host": "1.10",
    }

    @base.remotable_classmethod
    def get_all(cls, context: Any) -> ComputeNodeList:
        """All compute nodes."""
        return cls._of(context, db.compute_node_get_all(context))

    @base.remotable_classmethod
    def get_by_hypervisor(cls, context: Any, hypervisor_match: str) -> ComputeNodeList:
        """The nodes whose name contains the text."""
        return cls._of(context, db.compute_node_search_by_hypervisor(context, hypervisor_match))

    @base.remotable_classmethod
    def _get_by_service(
        cls, context: Any, service_id: int, use_slave: bool = False
    ) -> ComputeNodeList:
        rows = db.compute_nodes_get_by_service_id(context, service_id)
        if not rows:
            db.service_get(context, service_id)
        return cls._of(context, rows)

    @classmethod
    def get_by_service(cls, context: Any, service: Any, use_slave: bool = False) -> ComputeNodeList:
        """The nodes of the service. ServiceNotFound when there is no such service."""
        found: ComputeNodeList = cls._get_by_service(context, service.id, use_slave=use_slave)
        return found

    @base.remotable_classmethod
    def get_all_by_host(cls, context: Any, host: str, use_slave: bool = False) -> ComputeNodeList:
        """The nodes of the host. ComputeHostNotFound when it has none."""
        return cls._of(context, db.compute_node_get_all_by_host(context, host))
