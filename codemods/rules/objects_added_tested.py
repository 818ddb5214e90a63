"""Give the getter that is added to the list of compute nodes its unit tests.

They stand behind those of the list's other getters, in the same mixin, so
that they run locally and over RPC.
"""

from collections.abc import Iterator

from codemods.model import Edit, Item
from codemods.rules.base import FileContext, Finding, Rule

_TESTS = """
    def test_get_by_service(self):
        self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
        db.service_get_by_compute_host(self.context, 'fake-host').AndReturn(
            {'compute_node': [fake_compute_node]})
        self.mox.ReplayAll()
        fake_service = service.Service()
        fake_service.host = 'fake-host'
        computes = compute_node.ComputeNodeList.get_by_service(self.context,
                                                               fake_service)
        self.assertEqual(1, len(computes))
        self.assertEqual(fake_compute_node['id'], computes[0].id)

    def test_get_by_service_not_found(self):
        self.mox.StubOutWithMock(db, 'service_get_by_compute_host')
        db.service_get_by_compute_host(self.context, 'fake-host').AndRaise(
            exception.ComputeHostNotFound(host='fake-host'))
        self.mox.ReplayAll()
        fake_service = service.Service()
        fake_service.host = 'fake-host'
        computes = compute_node.ComputeNodeList.get_by_service(self.context,
                                                               fake_service)
        self.assertEqual(0, len(computes))
"""


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edit that adds the tests to the file that has the list's."""
    found = context.module.classes.get("_TestComputeNodeObject")
    if found is None or "test_get_by_hypervisor" not in found.methods or not _is_added(context):
        return
    assert found.node.end_lineno is not None
    place = context.source.line_start(found.node.end_lineno + 1)
    evidence = (context.step(found.node, "the getters of the list are tested here"),)
    text = _TESTS.replace("\n", context.source.newline)
    yield context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)
    package = context.tree.package
    yield context.wants_import(f"from {package} import exception", Item.OBJECT_FIELDS)


def _is_added(context: FileContext) -> bool:
    return any(
        isinstance(finding, Edit) and finding.rule == "objects_added"
        for other in context.all_contexts()
        for finding in other.findings
        if "ComputeNodeList" in other.module.classes
    )


RULE = Rule.of(__name__, __doc__, check, (), tests=True)
