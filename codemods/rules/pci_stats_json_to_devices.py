"""Hand the list of PCI devices over as the object that it is, where its field takes one.

The column holds the serialized list, and the dict API wanted that text ready
made. The object takes the list and writes the same text itself, and refuses
text. An empty list that was handed over as text becomes None, which every
reader of the column takes for the same; were one of them to take it for
anything else, the field would be text.
"""

import ast
from collections.abc import Iterator

from codemods.analysis.device_lists import is_dumps, serialized_object
from codemods.analysis.pci_stats import NAME, WRITERS
from codemods.model import Item, NeedsPerson
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key
from codemods.syntax.render import assignment_lines

_NODE = """\
from nova.objects import base
from nova.objects import fields


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    VERSION = '1.0'

    fields = {
        'id': fields.IntegerField(),
        'pci_stats': fields.ObjectField('PciDeviceList', nullable=True),
        }

    @base.remotable
    def create(self, context):
        pass
"""

_BESIDE = (("nova/objects/compute_node.py", _NODE),)

EXAMPLES = (
    Example(
        """\
from nova import conductor
from nova.openstack.common import jsonutils


class Writer(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def write(self, context, devices, values):
        if devices is not None:
            values['pci_stats'] = jsonutils.dumps(
                devices.obj_to_primitive())
        else:
            values['pci_stats'] = jsonutils.dumps([])
        self.conductor_api.compute_node_create(context, values)
""",
        """\
import copy

from nova import objects


class Writer(object):

    def write(self, context, devices, values):
        if devices is not None:
            values['pci_stats'] = devices
        else:
            values['pci_stats'] = None
        compute_node = objects.ComputeNode()
        compute_node.update(copy.deepcopy(values))
        compute_node.create(context)
""",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def fill(values, devices):
    values['pci_stats'] = jsonutils.dumps(devices.obj_to_primitive())
""",
    ),
    LeftAlone(
        """\
from nova.openstack.common import jsonutils


def fill(values, devices):
    values['devices'] = jsonutils.dumps(devices.obj_to_primitive())
    values['pci_stats'] = devices
""",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of what is handed over, and the unit tests that read it as text."""
    if not context.nodes_hold_devices:
        return
    if context.inference.is_test(context.module):
        yield from _read_as_text(context)
    elif context.path.removeprefix(f"{context.tree.package}/").startswith(WRITERS):
        for value in _filled(context):
            yield from _handed_over(context, value)


def _filled(context: FileContext) -> Iterator[ast.expr]:
    for node in context.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            named = isinstance(target, ast.Subscript) and literal_key(target) == NAME
            if named or (isinstance(target, ast.Attribute) and target.attr == NAME):
                yield node.value
    for node in context.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == NAME:
                yield value
    for node in context.nodes.get(ast.keyword, []):
        assert isinstance(node, ast.keyword)
        if node.arg == NAME:
            yield node.value


def _handed_over(context: FileContext, value: ast.expr) -> Iterator[Finding]:
    if isinstance(value, ast.IfExp):
        yield from _handed_over(context, value.body)
        yield from _handed_over(context, value.orelse)
        return
    text = _object_text(context, value)
    if text is None:
        return
    evidence = (
        *(context.plan.pci_stats.evidence if context.plan.missing else ()),
        context.step(value, "the object takes the list itself"),
    )
    statement = context.source.statement(value)
    if isinstance(statement, ast.Assign) and statement.value is value:
        target = ", ".join(context.text(one) for one in statement.targets[:1])
        if len(statement.targets) == 1:
            lines = assignment_lines(context.source.indent(statement), target, text)
            yield context.replace_statement(statement, lines, Item.COMPUTE_NODE, evidence)
            return
    yield context.replace(value, text, Item.COMPUTE_NODE, evidence)


def _object_text(context: FileContext, value: ast.expr) -> str | None:
    """The source of the object whose text `value` is; None where it is no text of one."""
    if isinstance(value, ast.List | ast.Tuple) and not value.elts:
        return "None"
    if not isinstance(value, ast.Call) or len(value.args) != 1 or value.keywords:
        return None
    if not is_dumps(context.module.dotted_name(value.func)):
        return None
    argument = value.args[0]
    serialized = serialized_object(argument)
    if serialized is not None:
        return context.text(serialized)
    is_none = isinstance(argument, ast.Constant) and argument.value is None
    is_empty = isinstance(argument, ast.List | ast.Tuple) and not argument.elts
    return "None" if is_none or is_empty else None


def _read_as_text(context: FileContext) -> Iterator[Finding]:
    for node in context.calls():
        read = node.args[0] if len(node.args) == 1 else None
        if not isinstance(read, ast.Subscript) or literal_key(read) != NAME:
            continue
        holding = context.holding(read.value)
        loads = context.source.of(node.func).endswith("loads")
        if not loads or holding is None or holding.name != "ComputeNode":
            continue
        function = context.function(node)
        yield NeedsPerson(
            context.path,
            node.lineno,
            function.name if function is not None else "",
            Item.COMPUTE_NODE,
            f"reads {NAME} as text; the compute node holds a PciDeviceList",
        )


RULE = Rule.of(
    __name__, __doc__, check, EXAMPLES, tests=True, own_objects=True, needles=(NAME.encode(),)
)
