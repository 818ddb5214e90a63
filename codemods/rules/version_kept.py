"""Keep the version that virt drivers hand over when the compute node is an object.

Drivers of older releases hand over a version as text ('5.1.0'), which the dict
API passed on to the database as it was; the object's field takes numbers only,
and the first audit would fail. Where the fields are plain functions, the one
of the version lets text that is no number through. Where they are typed, the
driver's literal becomes the number that the other drivers hand over.
"""

import ast
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule

_FUNCTION = '''def version_value(val):
    """Keep a version that is no number as the text that a driver gave."""
    try:
        return int(val)
    except ValueError:
        return utils.str_value(val)


'''


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
def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': '5.1.0',
    }
""",
        """\
from nova import utils


def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': utils.convert_version_to_int('5.1.0'),
    }
""",
        path="nova/virt/example.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
def host_status():
    return {
        'hypervisor_type': 'example',
        'hypervisor_version': 5001000,
    }
""",
        path="nova/virt/example.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of the object's field, or of a driver's literal."""
    if Item.OBJECT_FIELDS not in context.converted or not context.additions.text_versions:
        return
    if context.tree.typed_fields:
        if context.path in context.additions.text_versions:
            yield from _as_number(context)
        return
    found = context.module.classes.get("ComputeNode")
    if found is None or not context.path.startswith(context.tree.objects_path + "/"):
        return
    for node in context.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if _is_version(key) and context.source.of(value) == "int":
                evidence = (context.step(value, "drivers hand over text as well"),)
                place = context.source.start(found.node)
                text = _FUNCTION.replace("\n", context.source.newline)
                yield context.replace(value, "version_value", Item.OBJECT_FIELDS, evidence)
                yield context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)


def _is_version(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "hypervisor_version"


def _as_number(context: FileContext) -> Iterator[Finding]:
    package = context.tree.package
    for node in context.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if not _is_version(key) or not isinstance(value, ast.Constant):
                continue
            if isinstance(value.value, str) and not value.value.isdigit():
                text = f"utils.convert_version_to_int({context.text(value)})"
                evidence = (context.step(value, "the object's field takes a number"),)
                yield context.replace(value, text, Item.OBJECT_FIELDS, evidence)
                yield context.wants_import(f"from {package} import utils", Item.OBJECT_FIELDS)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES)
