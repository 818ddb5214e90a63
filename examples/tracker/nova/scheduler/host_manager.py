"""What the scheduler reads: the columns themselves, as older ones go on doing."""

import json

from nova import db


def pools(context):
    return [json.loads(compute['pci_stats'])
            for compute in db.compute_node_get_all(context)
            if compute['pci_stats']]
