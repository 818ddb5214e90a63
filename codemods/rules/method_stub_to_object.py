"""Let a unit test's stub of a method return the objects that the method now returns.

Where a method of the code returned rows that have become objects, a stub of it
that hands out dicts hands out objects which are made of the same values and,
for what they lack, of the row that the tests of the objects use. A stub of the
conductor's method that destroys a row becomes one of the object's destroy().
"""

import ast
from collections.abc import Iterator

from codemods.mappings import conductor_calls
from codemods.model import Item
from codemods.rules.base import Example, FileContext, Finding, LeftAlone, Rule
from codemods.syntax.render import call_lines

#: The object, and the fixture of its row: module and name, below the package of unit tests.
_FIXTURES = {"ComputeNode": ("objects", "test_compute_node", "fake_compute_node")}

#: What a method returns: its object, whether there are several, and how many arguments it takes.
Returned = tuple[str, bool, int]


_READER = """\
from nova import conductor


class Reader(object):
    def __init__(self):
        self.conductor_api = conductor.API()

    def _node(self, context, values):
        return self.conductor_api.compute_node_create(context, values)

    def node_id(self, context, values):
        return self._node(context, values)['id']
"""

_BESIDE = (("nova/compute/reader.py", _READER),)

EXAMPLES = (
    Example(
        """\
from nova.compute import reader
from nova import test


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_node_id(self):
        def fake_node(context, values):
            return {'id': 1}

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertEqual(1, self.reader.node_id(None, {}))
""",
        """\
from nova.compute import reader
from nova import objects
from nova import test
from nova.tests.objects import test_compute_node


class ReaderTestCase(test.NoDBTestCase):
    def setUp(self):
        super(ReaderTestCase, self).setUp()
        self.reader = reader.Reader()

    def test_node_id(self):
        def fake_node(context, values):
            row = dict(test_compute_node.fake_compute_node, id=1)
            return objects.ComputeNode._from_db_object(context,
                                                       objects.ComputeNode(),
                                                       row)

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertEqual(1, self.reader.node_id(None, {}))
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

    def test_node_id(self):
        def fake_node():
            return {'id': 1}

        self.stubs.Set(self.reader, '_node', fake_node)
        self.assertRaises(TypeError, self.reader.node_id, None, {})
""",
        path="nova/tests/compute/test_reader.py",
        beside=_BESIDE,
    ),
)


def check(context: FileContext) -> Iterator[Finding]:
    """Yield the edits of every such stub."""
    if Item.COMPUTE_NODE not in context.converted:
        return
    stubs = [node for node in context.calls() if _may_be_stub(node)]
    known = _methods(context) if stubs else {}
    for node in stubs:
        assert isinstance(node.func, ast.Attribute)
        if node.func.attr == "Set":
            yield from _set(context, node, known)
        elif isinstance(node.func.value, ast.Call):
            yield from _recorded(context, node, node.func.value, known)


def _may_be_stub(node: ast.Call) -> bool:
    """Whether the call replaces a method with a private name, or one of the conductor's."""
    func = node.func
    if not isinstance(func, ast.Attribute):
        return False
    if func.attr == "Set" and len(node.args) == 3:
        owner, name = node.args[0], node.args[1]
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return False
        is_handle = isinstance(owner, ast.Attribute) and owner.attr == "conductor_api"
        return name.value.startswith("_") or is_handle
    if func.attr != "AndReturn" or len(node.args) != 1 or not isinstance(func.value, ast.Call):
        return False
    recorded = func.value.func
    return isinstance(recorded, ast.Attribute) and recorded.attr.startswith("_")


def _methods(context: FileContext) -> dict[str, Returned]:
    """The methods of the code that return rows which are objects by now, by name."""
    found: dict[str, Returned] = {}
    inference = context.inference
    for full, values in inference.row_returns():
        name = full.rpartition(".")[2]
        if not name.startswith("_") or inference.is_test_name(full):
            continue
        rows = {v for v in values if v.kind in ("row", "rows") and v.needs <= context.converted}
        names = {v.name for v in rows}
        function = inference.function(full) if len(names) == 1 and names <= set(_FIXTURES) else None
        if function is not None:
            many = any(v.kind == "rows" for v in rows)
            found[name] = (names.pop(), many, len(function.parameters))
    return found


def _set(context: FileContext, node: ast.Call, known: dict[str, Returned]) -> Iterator[Finding]:
    owner, name, fake = node.args
    function = _function(context, fake)
    if not isinstance(name, ast.Constant) or function is None:
        return
    call = conductor_calls().get(str(name.value))
    if isinstance(owner, ast.Attribute) and owner.attr == "conductor_api" and call is not None:
        if call.kind == "destroy" and call.declined is None and call.object in _FIXTURES:
            yield from _destroy(context, node, function, call.object)
        return
    returned = known.get(str(name.value))
    parameters = [arg.arg for arg in function.args.args if arg.arg != "self"]
    if returned is None or len(parameters) != returned[2]:
        return
    kinds = (ast.Dict, ast.List, ast.Name)
    for inner in ast.walk(function):
        if isinstance(inner, ast.Return) and isinstance(inner.value, kinds):
            yield from _returned(context, inner, inner.value, parameters[0], returned)


def _function(context: FileContext, fake: ast.expr) -> ast.FunctionDef | None:
    """The function of this file that the name stands for where it is handed over."""
    if not isinstance(fake, ast.Name):
        return None
    around = context.function(fake)
    for node in ast.walk(around.node) if around is not None else ():
        if isinstance(node, ast.FunctionDef) and node.name == fake.id:
            return node
    return None


def _destroy(
    context: FileContext, node: ast.Call, function: ast.FunctionDef, name: str
) -> Iterator[Finding]:
    item, evidence = context.item_of(name), (context.step(node, "stubs the conductor's method"),)
    arguments = function.args.args
    if len(arguments) != 2 or function.args.defaults:
        yield context.declined(node, item, "test.stub", evidence)
        return
    spelled, line = context.tree.spelling(name)
    first, second = (context.text(one) for one in arguments)
    yield context.replace(arguments[0], second, item, evidence)
    yield context.replace(arguments[1], first, item, evidence)
    yield context.replace(node.args[0], spelled, item, evidence)
    yield context.replace(node.args[1], "'destroy'", item, evidence)
    yield context.wants_import(line, item)


def _recorded(
    context: FileContext, node: ast.Call, call: ast.Call, known: dict[str, Returned]
) -> Iterator[Finding]:
    """`self.compute._get_it(...).AndReturn(row)`, where `row` is a literal of this function."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    returned = known.get(name)
    if returned is None or len(call.args) + len(call.keywords) != returned[2]:
        return
    value = node.args[0]
    statement = context.source.statement(node)
    if isinstance(value, ast.Name):
        statement = _only_binding(context, node, value) or statement
        literal = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(literal, ast.Dict):
            yield from _bound(context, statement, value.id, literal, returned[0])
    elif isinstance(value, ast.Dict):
        item = context.item_of(returned[0])
        yield context.declined(node, item, "test.stub", (context.step(node, name),))


def _only_binding(context: FileContext, node: ast.Call, name: ast.Name) -> ast.stmt | None:
    """The statement that binds the name, if the name is bound and used once."""
    around = context.function(node)
    uses = [
        one
        for one in ast.walk(around.node if around is not None else context.source.tree)
        if isinstance(one, ast.Name) and one.id == name.id
    ]
    bound = [one for one in uses if isinstance(one.ctx, ast.Store)]
    return context.source.statement(bound[0]) if len(uses) == 2 and len(bound) == 1 else None


def _bound(
    context: FileContext, statement: ast.stmt, target: str, literal: ast.Dict, name: str
) -> Iterator[Finding]:
    indent, item = context.source.indent(statement), context.item_of(name)
    evidence = (context.step(statement, f"the method returns a {name}"),)
    lines = _made(context, indent, f"{target} = ", literal, "self.context", name)
    yield context.replace_statement(statement, lines, item, evidence)
    yield from _imports(context, name, item)


def _made(
    context: FileContext, indent: str, head: str, value: ast.expr, security: str, name: str
) -> list[str]:
    """The lines that make one object of a row, from the fixture and what the test gave."""
    spelled, _ = context.tree.spelling(name)
    pairs = [f"**{context.text(value)}"]
    if isinstance(value, ast.Dict) and all(map(_is_word, value.keys)):
        pairs = [
            f"{key.value!s}={context.text(one)}"
            for key, one in zip(value.keys, value.values, strict=True)
            if isinstance(key, ast.Constant)
        ]
    fixture = ".".join(_FIXTURES[name][1:])
    call = f"{indent}{head}{spelled}._from_db_object"
    return [
        *call_lines(f"{indent}row = dict", [fixture, *pairs], "", indent),
        *call_lines(call, [security, f"{spelled}()", "row"], "", indent),
    ]


def _returned(
    context: FileContext,
    statement: ast.Return,
    value: ast.expr,
    security: str,
    returned: Returned,
) -> Iterator[Finding]:
    name, many, _ = returned
    item, indent = context.item_of(name), context.source.indent(statement)
    evidence = (context.step(statement, f"the method returns {'a list of ' * many}{name}"),)
    spelled, _ = context.tree.spelling(name)
    fixture = ".".join(_FIXTURES[name][1:])
    head = f"{spelled}._from_db_object"
    if many:
        made = [security, f"{spelled}()", f"dict({fixture}, **row)"]
        inner = f"{indent}    "
        lines = [
            f"{indent}return [",
            *call_lines(f"{inner}{head}", made, "", inner),
            f"{inner}for row in {context.text(value)}]",
        ]
    else:
        lines = _made(context, indent, "return ", value, security, name)
    yield context.replace_statement(statement, lines, item, evidence)
    yield from _imports(context, name, item)


def _is_word(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and str(key.value).isidentifier()


def _imports(context: FileContext, name: str, item: Item) -> Iterator[Finding]:
    package, module, _ = _FIXTURES[name]
    yield context.wants_import(context.tree.spelling(name)[1], item)
    yield context.wants_import(f"from {context.tree.tests}.{package} import {module}", item)


RULE = Rule.of(__name__, __doc__, check, EXAMPLES, tests=True)
