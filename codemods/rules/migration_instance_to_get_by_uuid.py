"""Replace `instance = migration['instance']` by a query for the instance.

The row holds the instance, or None when it is deleted. `Migration.instance`
asks the database at each access and raises InstanceNotFound, so the instance
is fetched once, with the system metadata that the row came with, and None
stands in for a deleted one. Where the same function reads the relation again
in a later loop, the first loop keeps what it found.
"""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.model import Item
from codemods.rules.base import (
    Example,
    FileContext,
    Finding,
    Holding,
    LeftAlone,
    Rule,
    literal_key,
)
from codemods.rules.writing import free_name

EXAMPLES = (
    Example(
        """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def uuids(self, context, host, node):
        capi = self.conductor_api
        migrations = capi.migration_get_in_progress_by_host_and_node(context,
                host, node)
        uuids = []
        for migration in migrations:
            instance = migration['instance']
            if not instance:
                continue
            uuids.append(instance['uuid'])
        return uuids
""",
        """\
from nova import exception
from nova import objects


class Reader(object):

    def uuids(self, context, host, node):
        migrations = objects.MigrationList.get_in_progress_by_host_and_node(
            context, host, node)
        uuids = []
        for migration in migrations:
            try:
                instance = objects.Instance.get_by_uuid(
                    context, migration.instance_uuid,
                    expected_attrs=['system_metadata'])
            except exception.InstanceNotFound:
                instance = None
            if not instance:
                continue
            uuids.append(instance.uuid)
        return uuids
""",
    ),
    LeftAlone(
        """\
def uuid(context, migration):
    instance = migration['instance']
    return instance['uuid']
""",
    ),
)


@dataclasses.dataclass(frozen=True)
class Reading:
    """A place that reads the relation, and the migration that it reads it of."""

    node: ast.Subscript | ast.Call
    owner: ast.expr


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits for every function that reads the relation, or why it stays."""
    if Item.MIGRATION not in context.converted:
        return
    readings: dict[ast.AST, list[tuple[Reading, Holding]]] = {}
    for node in _readings(context):
        holding = context.holding(node.owner)
        if holding is None or holding.name != "Migration":
            continue
        function = context.function(node.node)
        if isinstance(node.node, ast.Subscript) and not isinstance(node.node.ctx, ast.Load):
            yield context.declined(node.node, Item.MIGRATION, "value.dict-only", holding.evidence)
            continue
        if not holding.sure or function is None:
            yield context.declined(node.node, Item.MIGRATION, "value.mixed", holding.evidence)
            continue
        if not context.tree.is_own:
            # the shim's property is None for a deleted instance and costs no query
            text = f"{context.text(node.owner)}.instance"
            yield context.replace(node.node, text, Item.MIGRATION, holding.evidence)
            continue
        readings.setdefault(function.node, []).append((node, holding))
    for found in readings.values():
        yield from _function(context, found)


def _readings(context: FileContext) -> Iterator[Reading]:
    subscripts = [node for node in context.subscripts() if literal_key(node) == "instance"]
    found = [Reading(node, node.value) for node in subscripts]
    for call in context.calls():
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "get" and call.args:
            if isinstance(call.args[0], ast.Constant) and call.args[0].value == "instance":
                found.append(Reading(call, func.value))
    found = [one for one in found if context.comes_from_conductor(one.owner)]
    yield from sorted(found, key=lambda one: context.source.start(one.node))


def _function(context: FileContext, readings: list[tuple[Reading, Holding]]) -> Iterator[Finding]:
    first, holding = readings[0]
    function = context.function(first.node)
    statement = context.source.statement(first.node)
    security = next(
        (name for name in (function.parameters if function else []) if name in ("context", "ctxt")),
        None,
    )
    if security is None or not _is_assignment(statement, first.node):
        yield context.declined(first.node, Item.MIGRATION, "call.position", holding.evidence)
        return
    later = [reading for reading, _ in readings[1:]]
    loop = context.source.parent(statement)
    if later and not (isinstance(loop, ast.For) and loop.body[0] is statement):
        yield context.declined(later[0].node, Item.MIGRATION, "relation.order", holding.evidence)
        return
    assert isinstance(statement, ast.Assign)
    cache = free_name(context, statement, "Instances") if later else ""
    lines = _query(context, statement, first, security, cache)
    yield context.replace_statement(statement, lines, Item.MIGRATION, holding.evidence)
    if later:
        assert isinstance(loop, ast.For)
        yield from _later(context, loop, later, holding, cache)
    _, line = context.tree.spelling("Instance")
    yield context.wants_import(line, Item.MIGRATION)
    yield context.wants_import(f"from {context.tree.package} import exception", Item.MIGRATION)


def _is_assignment(statement: ast.stmt, node: ast.expr) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and statement.value is node
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
    )


def _query(
    context: FileContext, statement: ast.Assign, node: Reading, security: str, cache: str
) -> list[str]:
    indent = context.source.indent(statement)
    target = context.text(statement.targets[0])
    migration = context.text(node.owner)
    spelled, _ = context.tree.spelling("Instance")
    lines = [
        f"{indent}try:",
        f"{indent}    {target} = {spelled}.get_by_uuid(",
        f"{indent}        {security}, {migration}.instance_uuid,",
        f"{indent}        expected_attrs=['system_metadata'])",
        f"{indent}except exception.InstanceNotFound:",
        f"{indent}    {target} = None",
    ]
    if cache:
        lines.append(f"{indent}{cache}[{migration}.instance_uuid] = {target}")
    return lines


def _later(
    context: FileContext, loop: ast.For, later: list[Reading], holding: Holding, cache: str
) -> Iterator[Finding]:
    """The first loop sees every migration first, so its findings serve the later ones."""
    indent = context.source.indent(loop)
    start = context.source.line_start(_line_for(context, loop))
    text = f"{indent}{cache} = {{}}{context.source.newline}"
    yield context.replace_range(start, start, text, Item.MIGRATION, holding.evidence)
    for node in later:
        migration = context.text(node.owner)
        text = f"{cache}[{migration}.instance_uuid]"
        yield context.replace(node.node, text, Item.MIGRATION, holding.evidence)


def _line_for(context: FileContext, loop: ast.For) -> int:
    """Behind the assignment before the loop, else above the loop's comment."""
    block = context.source.block(loop)
    position = block.index(loop)
    if position and isinstance(block[position - 1], ast.Assign):
        last = block[position - 1].end_lineno
        assert last is not None
        return last + 1
    line = loop.lineno
    while line > 1 and context.source.line_text(line - 1).lstrip().startswith("#"):
        line -= 1
    return line


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, needles=(b"'instance'", b'"instance"'))
