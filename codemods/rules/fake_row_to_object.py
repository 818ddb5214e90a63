"""Let a unit test's subclass deal in the objects that the class under test deals in.

Where a method of the code under test returns a row that becomes an object, an
override that returns a dict literal returns the same object, without the keys
that are relations. Where an attribute holds an object on every path of the
code, an override that puts a dict there makes the object of it.
"""

import ast
from collections.abc import Iterator, Sequence

from codemods.analysis.project import Class, Function
from codemods.analysis.values import becomes_object
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.rules.rows_in_tests import object_for, own_pairs
from codemods.rules.writing import (
    attribute_lines,
    constructor,
    free_name,
    imports,
    update_lines,
)

_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)

    def create(self, context, values):
        self.node = self.conductor_api.compute_node_create(context, values)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return {'id': 1, 'compute_node': None}

    def create(self, context, values):
        self.node = values
        self.node['id'] = 1
""",
        """\
import copy

from nova.compute import reader
from nova import objects


class FakeReader(reader.Reader):
    def read(self, context, host):
        return objects.Service(id=1)

    def create(self, context, values):
        self.node = objects.ComputeNode()
        self.node.update(copy.deepcopy(values))
        self.node.id = 1
""",
        path="nova/tests/compute/fake_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader


class FakeReader(reader.Reader):
    def read(self, context, host):
        return None

    def capabilities(self):
        return {'id': 1, 'compute_node': None}
""",
        path="nova/tests/compute/fake_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield an edit for every such override."""
    project = context.inference.project
    for found in context.module.classes.values():
        for name, method in found.methods.items():
            for base in project.ancestry(found)[1:]:
                if name not in base.methods or context.inference.is_test(base.module):
                    continue
                original = base.methods[name]
                full = f"{original.module.dotted}.{original.name}"
                yield from _override(context, method.node, full)
                yield from _attributes(context, method, base)


def _override(context: FileContext, node: ast.AST, original: str) -> Iterator[Finding]:
    returned = context.inference.slots.get(("return", original, ""), {})
    names = {v.name for v in returned if v.kind == "row" and becomes_object(v, context.converted)}
    if len(names) != 1:
        return
    name = names.pop()
    item = context.item_of(name)
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Return) or not isinstance(inner.value, ast.Dict):
            continue
        evidence = (context.step(inner, f"{original}() returns a {name}"),)
        if not context.tree.constructor_takes_fields:
            yield context.replace_statement(
                inner, _filled(context, inner, name, inner.value), item, evidence
            )
            yield from imports(context, name, item, False)
            continue
        text, line = object_for(context, name, inner.value)
        if _lacks_host(context, name, own_pairs(name, inner.value)):
            text = f"{text[:-1]}, host=self.host)"
        yield context.replace(inner.value, text, item, evidence)
        yield context.wants_import(line, item)


def _filled(context: FileContext, statement: ast.Return, name: str, literal: ast.Dict) -> list[str]:
    """The lines that make an object, fill it and return it."""
    indent, variable = context.source.indent(statement), free_name(context, statement, name)
    pairs = tuple(own_pairs(name, literal))
    lines = [
        f"{indent}{variable} = {constructor(context, name, None)}",
        *attribute_lines(context, indent, variable, pairs, name),
    ]
    if _lacks_host(context, name, pairs):
        # the nodes of the service are found by its host
        lines.append(f"{indent}{variable}.host = self.host")
    return [*lines, f"{indent}return {variable}"]


def _lacks_host(context: FileContext, name: str, pairs: Sequence[tuple[str, ast.expr]]) -> bool:
    """Whether a service needs a host which the row in the test did not have."""
    return name == "Service" and "host" not in dict(pairs) and context.adds_nodes_getter()


def _attributes(context: FileContext, method: Function, base: Class) -> Iterator[Finding]:
    """`self.compute_node = values`, where `values` is the dict that the method is given."""
    for inner in ast.walk(method.node):
        if not isinstance(inner, ast.Assign) or not isinstance(inner.value, ast.Name):
            continue
        target = inner.targets[0]
        if not isinstance(target, ast.Attribute) or inner.value.id not in method.parameters:
            continue
        slot = ("attr", base.dotted, target.attr)
        held = [v for v in context.inference.slots.get(slot, {}) if v.kind != "none"]
        if not held or not all(becomes_object(v, context.converted) for v in held):
            continue
        name, item = held[0].name, context.item_of(held[0].name)
        spelled, _ = context.tree.spelling(name)
        indent, text = context.source.indent(inner), context.text(target)
        lines = [
            f"{indent}{text} = {spelled}()",
            *update_lines(context, indent, text, inner.value.id, True),
        ]
        evidence = (context.step(inner, f"`{text}` is a {name} in {base.name}"),)
        yield context.replace_statement(inner, lines, item, evidence)
        yield from imports(context, name, item, True)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True)
