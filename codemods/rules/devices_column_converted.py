"""Convert the column of the PCI devices from and to a list object, where its field is one.

The column keeps the text that it had, the serialized list. NULL, empty text
and text of any other form, such as the pools that an older node has written,
give None; what was only read is not written back, so that text stays until the
field is set. Devices that were read count as unchanged, whatever had changed
in them when they were written.
"""

from collections.abc import Iterator

from codemods.analysis.conversions import Conversion, conversion_of
from codemods.analysis.pci_stats import NAME
from codemods.model import Evidence, Item
from codemods.rules.base import FileContext, Finding, Rule
from codemods.syntax.render import WIDTH

_FROM = """\
    @staticmethod
    def _pci_stats_from_db_format(context, pci_stats):
        # NOTE: text of another form, such as the flat list of pools that an
        # older node has written, stays in the column until the field is set
        try:
            primitive = jsonutils.loads(pci_stats) if pci_stats else None
            if (not isinstance(primitive, dict) or
                    primitive.get('nova_object.name') != 'PciDeviceList'):
                return None
            devices = {class_}.obj_from_primitive(
                primitive, context)
        except (ValueError, exception.IncompatibleObjectVersion):
            return None
        # what had changed when they were written has not changed since
        for obj in [devices] + devices.objects:
            obj.obj_reset_changes()
        return devices

"""

_TO = """\
    def _convert_pci_stats_to_db_format(self, updates):
        if updates.get('pci_stats') is not None:
            updates['pci_stats'] = jsonutils.dumps(
                updates['pci_stats'].obj_to_primitive())

"""


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of the class of the compute node."""
    if Item.OBJECT_FIELDS not in context.converted or "ComputeNode" not in context.module.classes:
        return
    if not context.path.startswith(context.tree.objects_path + "/"):
        return
    bump = context.plan.bumps.get("ComputeNode")
    added = [field for field in bump.fields if field.name == NAME] if bump is not None else []
    conversion = conversion_of(context.tree) if added and added[0].is_object else None
    if conversion is not None:
        yield from _read(context, conversion, added[0].evidence)
        yield from _stored(context, conversion, added[0].evidence)


def _read(context: FileContext, conversion: Conversion, evidence: Evidence) -> Iterator[Finding]:
    source, item = context.source, Item.OBJECT_FIELDS
    last = conversion.excluded.elts[-1]
    text = f", '{NAME}'"
    if len(source.line_text(last.lineno)) + len(text) > WIDTH:
        text = f",{source.newline}{' ' * (conversion.excluded.col_offset + 1)}'{NAME}'"
    yield context.replace_range(source.end(last), source.end(last), text, item, evidence)
    security, node, row = conversion.names
    indent = source.indent(conversion.read)
    lines = [
        f"{indent}{node}['{NAME}'] = {node}._{NAME}_from_db_format(",
        f"{indent}    {security}, {row}['{NAME}'])",
        "",
    ]
    place = source.line_start(conversion.read.lineno)
    yield _lines(context, place, lines, evidence)


def _stored(context: FileContext, conversion: Conversion, evidence: Evidence) -> Iterator[Finding]:
    source = context.source
    class_, line = _spelling(context)
    text = _FROM.format(class_=class_) + _TO
    # before the first of the methods that write, with its decorators
    place = source.line_start(source.line_at(source.start(conversion.create)))
    yield _lines(context, place, text.splitlines(), evidence)
    yield context.wants_import(line, Item.OBJECT_FIELDS)
    for statement, name in conversion.stored:
        assert statement.end_lineno is not None
        call = f"{source.indent(statement)}self._convert_{NAME}_to_db_format({name})"
        yield _lines(context, source.line_start(statement.end_lineno + 1), [call], evidence)


def _lines(context: FileContext, place: int, lines: list[str], evidence: Evidence) -> Finding:
    text = "".join(line + context.source.newline for line in lines)
    return context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)


def _spelling(context: FileContext) -> tuple[str, str]:
    """How objects name the list among themselves, and the import; that registers it, too."""
    tree = context.tree
    if tree.has_registry:
        return tree.spelling("PciDeviceList")
    found = tree.object("PciDeviceList")
    assert found is not None
    package, _, module = found.module.rpartition(".")
    return f"{module}.PciDeviceList", f"from {package} import {module}"


RULE = Rule.of(__name__, __doc__, check, (), own_objects=True, needles=(b"class ComputeNode(",))
