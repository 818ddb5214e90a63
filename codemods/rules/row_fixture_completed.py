"""Give fixtures that stand for rows the columns that objects read.

A literal with every column that the object has read so far is a row; it gets
the columns of the fields that are added. A literal with the marks of a row,
handed out by a stub of the database, gets whatever column it lacks: None where
the field may be None, else a value of the field's type. A dict that an object
reads as JSON becomes JSON text.
"""

import ast
import functools
import json
from collections.abc import Iterator

from codemods.analysis.tree import OBJECTS, ObjectClass
from codemods.model import Evidence, Item, Step
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule, literal_key

#: Columns that together tell whose row a dict stands for.
MARKS = {
    "ComputeNode": {"service_id", "memory_mb_used", "local_gb_used", "vcpus_used"},
    "Service": {"host", "binary", "topic"},
    "Instance": {"uuid", "vm_state", "instance_type_id", "launched_on"},
    "Flavor": {"flavorid", "memory_mb", "rxtx_factor"},
}

#: What is no column although it is a field, or is joined with the row.
NOT_COLUMNS = {
    "Service": {"availability_zone", "compute_node"},
    "Flavor": {"projects"},
    "Instance": {
        "fault",
        "numa_topology",
        "pci_requests",
        "tags",
        "flavor",
        "old_flavor",
        "new_flavor",
        "vcpu_model",
        "ec2_ids",
        "migration_context",
    },
}

#: No row has fewer columns that a fixture would name.
SMALLEST = 4

#: The rules that put an object where a row was.
_OBJECT_RULES = (
    "conductor_getter_to_object_getter",
    "conductor_create_to_object_create",
    "conductor_update_to_object_save",
)

#: Columns whose value, for a row without more to it, is not None.
JOINED = {
    "extra_specs": "{}",
    "metadata": "{}",
    "system_metadata": "{}",
    "security_groups": "[]",
    "pci_devices": "[]",
}


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def read(self, context, host):
        return self.conductor_api.service_get_by_compute_host(context, host)
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
            'compute_node': None,
        }
""",
        """\
from nova.compute import reader
from nova import db
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        self.stubs.Set(db, 'service_get_by_compute_host', self._service)
        self.assertTrue(self.reader.read('context', 'host1'))

    def _service(self, context, host):
        return {
            'id': 1,
            'host': host,
            'binary': 'nova-compute',
            'topic': 'compute',
            'compute_node': [],
            'report_count': 0,
            'disabled': False,
            'disabled_reason': None,
            'created_at': None,
            'updated_at': None,
            'deleted_at': None,
            'deleted': False,
        }
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
    LeftAlone(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_read(self):
        expected = {
            'id': 1,
            'host': 'host1',
            'binary': 'nova-compute',
            'topic': 'compute',
        }
        self.assertTrue(self.reader.read('context', expected['host']))
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every literal that stands for a row."""
    for node in context.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        keys = _keys(node) if len(node.keys) >= SMALLEST else None
        if keys is None:
            continue
        for name in OBJECTS:
            found = context.tree.object(name)
            if found is None or name not in MARKS:
                continue
            if _is_whole(context, found, keys):
                yield from _new_columns(context, node, keys, name)
                break
            item = _item(context, name)
            if item is not None and _is_part(context, found, node, keys):
                yield from _completed(context, node, keys, found, item)
                break
    yield from _stored_by_stubs(context)


def _stored_by_stubs(context: FileContext) -> Iterator[Finding]:
    """`values['stats'] = {...}` in a stub whose row an object will read."""
    found = context.tree.object("ComputeNode")
    item = _item(context, "ComputeNode")
    if found is None or item is None or not context.tests_what(*_OBJECT_RULES):
        return
    functions = {
        stub.function.node: stub
        for stub in context.stubs()
        if stub.function is not None
        and stub.function.module is context.module
        and stub.name.startswith("compute_node_")
    }
    for function, stub in functions.items():
        evidence = (context.step(function, f"stands for the database's {stub.name}()"),)
        for node in ast.walk(function):
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if not isinstance(target, ast.Subscript):
                continue
            assert isinstance(node, ast.Assign)
            text = _as_json(node.value)
            if text is not None and "Dict" in found.fields.get(literal_key(target) or "", ""):
                yield context.replace(node.value, f"'{text}'", item, evidence)


def _item(context: FileContext, name: str) -> Item | None:
    """The item from which on rows of the object are read into objects; None if not yet."""
    # the nodes of a service are read as objects as soon as the service is one
    items = (Item.SERVICE, Item.COMPUTE_NODE) if name == "ComputeNode" else (context.item_of(name),)
    return next((item for item in items if item in context.converted), None)


def _keys(node: ast.Dict) -> list[str] | None:
    keys = [k.value for k in node.keys if isinstance(k, ast.Constant)]
    if len(keys) != len(node.keys) or not all(isinstance(key, str) for key in keys):
        return None
    return [str(key) for key in keys]


@functools.cache
def _columns(found: ObjectClass) -> dict[str, str]:
    left = NOT_COLUMNS.get(found.name, set())
    return {name: kind for name, kind in found.fields.items() if name not in left}


def _is_whole(context: FileContext, found: ObjectClass, keys: list[str]) -> bool:
    return set(_columns(found)) <= set(keys)


def _is_part(context: FileContext, found: ObjectClass, node: ast.Dict, keys: list[str]) -> bool:
    """Whether the literal has the marks of a row and ends up in a stub of the database."""
    if not MARKS[found.name] <= set(keys):
        return False
    if "id" not in keys or not context.is_row_source(node):
        return False
    return context.tests_what(*_OBJECT_RULES)


def _new_columns(
    context: FileContext, node: ast.Dict, keys: list[str], name: str
) -> Iterator[Finding]:
    bump = context.plan.bumps.get(name)
    if bump is None or not bump.fields or Item.OBJECT_FIELDS not in context.converted:
        return
    missing = [
        (field.name, "None") for field in bump.fields if field.is_column and field.name not in keys
    ]
    evidence = (context.step(node, f"has every column of a {name} row"),)
    yield from _added(context, node, missing, Item.OBJECT_FIELDS, evidence)


def _completed(
    context: FileContext, node: ast.Dict, keys: list[str], found: ObjectClass, item: Item
) -> Iterator[Finding]:
    evidence = (context.step(node, f"a stub of the database hands it out as a {found.name} row"),)
    columns = dict(_columns(found))
    bump = context.plan.bumps.get(found.name)
    if bump is not None and Item.OBJECT_FIELDS in context.converted:
        columns.update({field.name: field.kind for field in bump.fields if field.is_column})
    missing = [(name, sample(name, kind)) for name, kind in columns.items() if name not in keys]
    yield from _added(context, node, missing, item, evidence)
    for key, value in zip(node.keys, node.values, strict=True):
        assert isinstance(key, ast.Constant)
        kind = found.fields.get(str(key.value), "")
        if "Dict" in kind and found.name == "ComputeNode":
            text = _as_json(value)
            if text is not None:
                yield context.replace(value, f"'{text}'", item, evidence)
    if found.name == "Service":
        yield from _list_of_nodes(context, node, item, evidence)


def _as_json(value: ast.expr) -> str | None:
    """The JSON text of a literal dict, or of literal rows of keys and values."""
    if not isinstance(value, ast.Dict | ast.List):
        return None
    try:
        literal = ast.literal_eval(value)
        if isinstance(literal, list):
            literal = {row["key"]: row["value"] for row in literal}
        return json.dumps(literal)
    except (KeyError, TypeError, ValueError):
        return None


def _list_of_nodes(
    context: FileContext, node: ast.Dict, item: Item, evidence: Evidence
) -> Iterator[Finding]:
    """A service without nodes has an empty list of them, not None."""
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "compute_node":
            if isinstance(value, ast.Name):
                yield context.replace(value, f"{value.id} or []", item, evidence)
            elif isinstance(value, ast.Constant) and value.value is None:
                yield context.replace(value, "[]", item, evidence)


def sample(name: str, kind: str) -> str:
    """A value of the column for a row of which nobody cares about it."""
    if name in JOINED:
        return JOINED[name]
    if name == "deleted" or "Boolean" in kind or kind == "bool":
        return "False"
    if "null" in kind or "DateTime" in kind or "none" in kind or "Object" in kind:
        return "None"
    if "Integer" in kind or kind == "int":
        return "0"
    if "Float" in kind:
        return "0.0"
    return "''"


def _added(
    context: FileContext,
    node: ast.Dict,
    missing: list[tuple[str, str]],
    item: Item,
    evidence: tuple[Step, ...],
) -> Iterator[Finding]:
    if not missing or not node.values:
        return
    source = context.source
    key, last = node.keys[-1], node.values[-1]
    assert key is not None
    first_line = source.line_at(source.start(key))
    column = source.start(key) - source.line_start(first_line)
    quote = source.text[source.start(key) : source.start(key) + 1].decode()
    quote = quote if quote in "'\"" else "'"
    end = source.end(last)
    after = source.text[end : source.end(node)]
    comma = after.find(b",")
    entries = [f"{quote}{name}{quote}: {value}" for name, value in missing]
    joined = ("," + source.newline + " " * column).join(entries)
    if comma >= 0:
        place = end + comma + 1
        text = source.newline + " " * column + joined + ","
    else:
        place, text = end, "," + source.newline + " " * column + joined
    yield context.replace_range(place, place, text, item, evidence)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True, own_objects=True)
