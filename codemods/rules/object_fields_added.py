"""Add the fields that the dict API stored and that the tree's ComputeNode lacks.

An object drops what it has no field for without a word, so the columns that
the tracker fills must have fields before it uses objects. A field is text like
the column: the tracker hands over JSON text, and the text reaches the column
as it is. The version goes up, older versions are made without the fields, and
every object and list that holds a compute node follows.
"""

import ast
import textwrap
from collections.abc import Iterator

from codemods.analysis.missing_fields import Bump, Plan
from codemods.analysis.project import Class
from codemods.model import Evidence, Item, Step
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
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        }
""",
        """\
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    # Version 1.2: Added pci_stats field
    VERSION = '1.2'

    fields = {
        'id': fields.IntegerField(),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        'pci_stats': fields.StringField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 2):
            primitive.pop('pci_stats', None)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    # Version 1.2: ComputeNode version 1.2
    VERSION = '1.2'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        '1.2': '1.2',
        }
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.objects import base
from nova.objects import fields
from nova import utils


class ComputeNode(base.NovaPersistentObject, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: Added stats field
    VERSION = '1.1'

    fields = {
        'id': fields.IntegerField(),
        'pci_stats': fields.StringField(nullable=True),
        'stats': fields.DictOfNullableStringsField(nullable=True),
        }

    def obj_make_compatible(self, primitive, target_version):
        target_version = utils.convert_version_to_tuple(target_version)
        if target_version < (1, 1):
            primitive.pop('stats', None)

    @base.remotable
    def create(self, context):
        pass


class ComputeNodeList(base.ObjectListBase, base.NovaObject):
    # Version 1.0: Initial version
    # Version 1.1: ComputeNode version 1.1
    VERSION = '1.1'

    fields = {
        'objects': fields.ListOfObjectsField('ComputeNode'),
        }
    child_versions = {
        '1.0': '1.0',
        '1.1': '1.1',
        }
""",
        path="nova/objects/compute_node.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of the object classes that this file defines."""
    if Item.OBJECT_FIELDS not in context.converted:
        return
    if not context.path.startswith(context.tree.objects_path + "/"):
        return
    plan = context.plan
    for name in sorted(set(context.module.classes) & set(plan.bumps)):
        bump, found = plan.bumps[name], context.module.classes[name]
        evidence = _evidence(plan, bump)
        yield from _version(context, found, bump, evidence)
        if bump.fields:
            yield from _fields(context, found, bump, evidence)
            if plan.makes_compatible:
                yield from _without_fields(context, found, bump, evidence)
            if plan.stats_are_rows:
                yield from _rows_read(context, found, evidence)
        elif _child_versions(found) is not None:
            yield from _list(context, found, bump, evidence)
        else:
            yield from _child(context, found, bump, evidence)


def _evidence(plan: Plan, bump: Bump) -> Evidence:
    return tuple(step for field in plan.missing for step in field.evidence) or (
        Step("", 0, f"holds {bump.child}"),
    )


def _assignment(found: Class, name: str) -> ast.Assign | None:
    for statement in found.node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            if statement.targets[0].id == name:
                return statement
    return None


def _child_versions(found: Class) -> ast.Dict | None:
    statement = _assignment(found, "child_versions")
    value = statement.value if statement is not None else None
    return value if isinstance(value, ast.Dict) else None


def _version(
    context: FileContext, found: Class, bump: Bump, evidence: Evidence
) -> Iterator[Finding]:
    statement = _assignment(found, "VERSION")
    source = context.source
    if bump.fields:
        names = [field.name for field in bump.fields]
        listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
        text = f"Added {listed} field{'s' if len(names) > 1 else ''}"
    else:
        text = f"{bump.child} version {bump.child_new}"
        if found.name == "ComputeNodeList" and context.adds_nodes_getter():
            text += ", added get_by_service()"
    if statement is None:
        return
    indent = source.indent(statement)
    colon = ":" if _history_has_colon(context, statement) else ""
    start = source.line_start(statement.lineno)
    head = f"{indent}# Version {bump.new}{colon} "
    lines = textwrap.wrap(
        text,
        width=79,
        initial_indent=head,
        subsequent_indent=f"{indent}#{' ' * (len(head) - len(indent) - 1)}",
        break_long_words=False,
    )
    comment = "".join(line + source.newline for line in lines)
    yield context.replace_range(start, start, comment, Item.OBJECT_FIELDS, evidence)
    yield context.replace(statement.value, f"'{bump.new}'", Item.OBJECT_FIELDS, evidence)


def _history_has_colon(context: FileContext, statement: ast.Assign) -> bool:
    line = context.source.line_text(statement.lineno - 1)
    words = line.split("Version", 1)
    return len(words) < 2 or ":" in words[1].split()[0] if len(words) > 1 else True


def _entry(context: FileContext, value: ast.Dict, text: str) -> tuple[int, str]:
    """Where and how a new last entry of a dict literal is written."""
    last = value.values[-1]
    source = context.source
    key = value.keys[-1]
    assert key is not None
    end = source.end(last)
    column = source.start(key) - source.line_start(source.line_at(source.start(key)))
    after = source.text[end : source.end(value)]
    comma = after.find(b",")
    newline = source.newline + " " * column
    if comma >= 0 and b"\n" not in after[:comma]:
        return end + comma + 1, newline + text + ","
    return end, "," + newline + text


def _fields(
    context: FileContext, found: Class, bump: Bump, evidence: Evidence
) -> Iterator[Finding]:
    statement = _assignment(found, "fields")
    if statement is None or not isinstance(statement.value, ast.Dict):
        return
    column = "\n" + " " * (
        context.source.start(statement.value.keys[-1])  # type: ignore[arg-type]
        - context.source.line_start(statement.value.keys[-1].lineno)  # type: ignore[union-attr]
    )
    entries = [f"'{field.name}': {field.kind}" for field in bump.fields]
    text = ("," + column).join(entries).replace("\n", context.source.newline)
    place, new = _entry(context, statement.value, text)
    yield context.replace_range(place, place, new, Item.OBJECT_FIELDS, evidence)


def _rows_read(context: FileContext, found: Class, evidence: Evidence) -> Iterator[Finding]:
    """Let the object take its stats from their rows, which are not always read with it."""
    method = found.methods.get("_from_db_object")
    loops = [n for n in ast.walk(method.node) if isinstance(n, ast.For)] if method else []
    if len(loops) != 1 or method is None or len(loops[0].body) != 1:
        yield context.declined(found.node, Item.OBJECT_FIELDS, "call.position", evidence)
        return
    loop, (_, node, row) = loops[0], [arg.arg for arg in method.node.args.args]
    assert loop.end_lineno is not None
    key, newline = context.source.of(loop.target), context.source.newline
    inside = [f"            if {key} == 'stats':", "                continue"]
    after = [
        "        # the stats are rows of their own, which are not always read as well",
        f"        stats = dict({row}.iteritems()).get('stats')",
        "        if stats is not None:",
        f"            {node}.stats = dict((stat['key'], stat['value'])",
        f"            {' ' * len(node)}              for stat in stats)",
    ]
    for line, lines in ((loop.body[0].lineno, inside), (loop.end_lineno + 1, after)):
        place = context.source.line_start(line)
        text = "".join(one + newline for one in lines)
        yield context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)


def _compatible(found: Class) -> ast.FunctionDef | None:
    method = found.methods.get("obj_make_compatible")
    node = method.node if method is not None else None
    return node if isinstance(node, ast.FunctionDef) else None


def _converted_at(context: FileContext, node: ast.FunctionDef) -> int | None:
    """Behind the statement that makes a tuple of the target version."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and "target_version" in context.source.of(statement):
            assert statement.end_lineno is not None
            return context.source.line_start(statement.end_lineno + 1)
    return None


def _without_fields(
    context: FileContext, found: Class, bump: Bump, evidence: Evidence
) -> Iterator[Finding]:
    limit = tuple(int(part) for part in bump.new.split("."))
    names = [field.name for field in bump.fields]
    body = [f"        if target_version < {limit}:"]
    if len(names) == 1:
        body.append(f"            primitive.pop('{names[0]}', None)")
    else:
        listed = ", ".join(f"'{name}'" for name in names)
        body += [
            f"            for field in ({listed}):",
            "                primitive.pop(field, None)",
        ]
    yield from _compatible_lines(context, found, body, evidence)


def _child(context: FileContext, found: Class, bump: Bump, evidence: Evidence) -> Iterator[Finding]:
    limit = tuple(int(part) for part in bump.new.split("."))
    field = next(
        (
            name
            for name, kind in context.tree.object(found.name).fields.items()  # type: ignore[union-attr]
            if f"Field('{bump.child}'" in kind
        ),
        "",
    )
    body = [
        f"        if target_version < {limit} and '{field}' in primitive:",
        f"            self.{field}.obj_make_compatible(",
        f"                    primitive['{field}']['nova_object.data'], '{bump.child_old}')",
        f"            primitive['{field}']['nova_object.version'] = '{bump.child_old}'",
    ]
    yield from _compatible_lines(context, found, body, evidence)


def _compatible_lines(
    context: FileContext, found: Class, body: list[str], evidence: Evidence
) -> Iterator[Finding]:
    newline, item = context.source.newline, Item.OBJECT_FIELDS
    node = _compatible(found)
    place = _converted_at(context, node) if node is not None else None
    if place is not None:
        text = "".join(line + newline for line in body)
        yield context.replace_range(place, place, text, item, evidence)
        return
    if node is not None:
        yield context.declined(node, item, "call.position", evidence)
        return
    package = context.tree.package
    ours = context.module.imports.get("utils", f"{package}.utils") == f"{package}.utils"
    convert = "utils.convert_version_to_tuple(target_version)"
    if not ours:
        convert = "tuple(int(part) for part in target_version.split('.'))"
    lines = [
        "",
        "    def obj_make_compatible(self, primitive, target_version):",
        f"        target_version = {convert}",
        *body,
    ]
    statement = _assignment(found, "fields")
    if statement is None:
        return
    assert statement.end_lineno is not None
    place = context.source.line_start(statement.end_lineno + 1)
    text = "".join(line + newline for line in lines)
    yield context.replace_range(place, place, text, item, evidence)
    if ours:
        yield context.wants_import(f"from {package} import utils", item)


def _list(context: FileContext, found: Class, bump: Bump, evidence: Evidence) -> Iterator[Finding]:
    value = _child_versions(found)
    assert value is not None
    place, text = _entry(context, value, f"'{bump.new}': '{bump.child_new}'")
    yield context.replace_range(place, place, text, Item.OBJECT_FIELDS, evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, own_objects=True)
