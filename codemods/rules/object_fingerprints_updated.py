"""Bring the tables of the tree's own object test in line with the new versions.

The test compares each object's version, with a hash of its fields and its
remotable methods, with a table. The hash is computed from the source; where
that does not reproduce the hash that the table has now, nothing is changed and
the test is named as one for a person.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.fingerprints import fingerprint
from codemods.model import Item, NeedsPerson, Step
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def create(self, context, values):
        values['pci_stats'] = '[]'
        return self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
object_relationships = {
    'Service': {'ComputeNode': '1.5'},
    'Instance': {'Flavor': '1.1'},
}
""",
        """\
object_relationships = {
    'Service': {'ComputeNode': '1.6'},
    'Instance': {'Flavor': '1.1'},
}
""",
        path="nova/tests/objects/test_objects.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
object_data = {
    'ComputeNode': '1.5-0123456789abcdef0123456789abcdef',
}
""",
        because="object.test-table",
        path="nova/tests/objects/test_objects.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
object_relationships = {
    'Service': {'ComputeNode': '1.4'},
}
""",
        path="nova/tests/objects/test_objects.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of the tables, or who must mend them."""
    if Item.OBJECT_FIELDS not in context.converted:
        return
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if not isinstance(target, ast.Name) or not isinstance(node.value, ast.Dict):
            continue
        if target.id == "object_data":
            yield from _hashes(context, node.value)
        elif target.id == "object_relationships":
            yield from _relationships(context, node.value)


def _hashes(context: FileContext, table: ast.Dict) -> Iterator[Finding]:
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(value, ast.Constant):
            continue
        bump = context.plan.bumps.get(str(key.value))
        if bump is None:
            continue
        evidence = (Step(context.path, value.lineno, f"{bump.name} is at {bump.new} now"),)
        if fingerprint(context.tree, bump.name) != value.value:
            yield context.declined(value, Item.OBJECT_FIELDS, "object.test-table", evidence)
            yield NeedsPerson(
                context.path,
                value.lineno,
                "TestObjectVersions.test_versions",
                Item.OBJECT_FIELDS,
                f"the fingerprint of {bump.name} must be made with the tree's own tool",
            )
            continue
        new = fingerprint(context.tree, bump.name, bump)
        yield context.replace(value, f"'{new}'", Item.OBJECT_FIELDS, evidence)


def _relationships(context: FileContext, table: ast.Dict) -> Iterator[Finding]:
    for inner in table.values:
        if not isinstance(inner, ast.Dict):
            continue
        for key, value in zip(inner.keys, inner.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(value, ast.Constant):
                continue
            bump = context.plan.bumps.get(str(key.value))
            if bump is not None and value.value == bump.old:
                evidence = (Step(context.path, value.lineno, f"{bump.name} is {bump.new} now"),)
                yield context.replace(value, f"'{bump.new}'", Item.OBJECT_FIELDS, evidence)


RULE = Rule.of(
    __name__,
    __doc__,
    check,
    EXAMPLES,
    tests=True,
    own_objects=True,
    needles=(b"object_data", b"object_relationships"),
)
