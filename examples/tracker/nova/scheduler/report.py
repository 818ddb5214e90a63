"""Tell the scheduler what a node has left."""

from nova import conductor


class ReportClient(object):

    def __init__(self):
        self.conductor_api = conductor.API()

    def update_resource_stats(self, context, stats):
        updates = stats.copy()
        node_id = updates.pop('id')
        self.conductor_api.compute_node_update(context, {'id': node_id},
                                               updates)
