# SPDX-License-Identifier: Apache-2.0
"""What is known about the database stubs in one unit test module, by place."""

import ast
import dataclasses
from collections.abc import Collection, Iterator, Mapping

from codemods.analysis.facts import Span
from codemods.analysis.inference import Inference
from codemods.analysis.project import Module
from codemods.analysis.stubs import Kind, Stub, database_stubs, handed_out, row_places, rows
from codemods.mappings import conductor_calls, conductor_name, stub_keywords

_MIGRATION = "migration_get"


@dataclasses.dataclass(frozen=True)
class StubCall:
    """A call that replaces a function of the database.

    `name` is the function; `test` is the dotted name of the test or the setUp
    around the call. `others` are all functions that the class replaces;
    `keywords` the keyword arguments of a recorded call.
    `is_elsewhere` says that the fake is in another file. `instances` is the
    source of the dict from which the fake of a migration's getter takes the
    instance, "" if it does not; `host` is the source of the tests' host, or
    "None".
    """

    kind: Kind
    name: str
    test: str
    others: frozenset[str]
    keywords: frozenset[str]
    is_elsewhere: bool
    instances: str
    host: str


@dataclasses.dataclass(frozen=True)
class StubFacts:
    """The stubs of one module: the calls, the fakes, and the rows that they return.

    `fakes` maps the place of a function of this module to the names of the
    functions that it replaces; `migrations` are the rows that fakes make from
    objects; `texts` the values that they store in rows of compute nodes, with
    their keys. `rows` are the literals that stubs return, and `instances` those
    that are kept where the fake of a migration's getter takes the instance.
    """

    calls: Mapping[Span, StubCall]
    fakes: Mapping[Span, tuple[str, ...]]
    rows: Mapping[Span, bool]
    instances: Mapping[Span, bool]
    migrations: Mapping[Span, bool]
    texts: Mapping[Span, str]


def stub_facts(module: Module, inference: Inference) -> StubFacts:
    """The facts about the stubs of a unit test module for which objects make a difference."""
    stubs, span = database_stubs(module, inference), module.source.span
    names: dict[ast.AST, frozenset[str]] = {}
    for stub in stubs:
        owner = _owner(module, stub.node)
        names[owner] = names.get(owner, frozenset()) | {stub.name}
    calls: dict[Span, StubCall] = {}
    fakes: dict[Span, tuple[str, ...]] = {}
    migrations: dict[Span, bool] = {}
    texts: dict[Span, str] = {}
    for stub in stubs:
        if not _may_matter(stub.name, inference.tree.is_own):
            continue
        calls[span(stub.node)] = _call(module, stub, names[_owner(module, stub.node)])
        node = _fake(module, stub)
        if node is not None:
            fakes[span(node)] = (*fakes.get(span(node), ()), stub.name)
            if stub.name.startswith(_MIGRATION):
                migrations |= {span(made): True for made in _primitives(module, node)}
            elif stub.name.startswith("compute_node_"):
                texts |= {span(value): key for key, value in _stored(node)}
    literals = dict.fromkeys(_row_literals(module, stubs, inference), True)
    stores = {call.instances for call in calls.values() if call.instances}
    instances = {span(kept): True for kept in _kept(module, stores, inference)}
    return StubFacts(calls, fakes, literals, instances, migrations, texts)


def _may_matter(name: str, is_own: bool) -> bool:
    """Whether objects may call the function in another way than the conductor did."""
    if not is_own:
        # the shim's objects have their own database
        return conductor_name(name) in conductor_calls()
    return (
        name in stub_keywords()
        or name == "service_get_by_compute_host"
        or name.startswith((_MIGRATION, "compute_node_"))
    )


def _owner(module: Module, node: ast.AST) -> ast.AST:
    """The outermost class around a node, or the module."""
    classes = [one for one in module.source.parents(node) if isinstance(one, ast.ClassDef)]
    return classes[-1] if classes else module.source.tree


def _call(module: Module, stub: Stub, others: frozenset[str]) -> StubCall:
    function = module.function_around(stub.node)
    return StubCall(
        stub.kind,
        stub.name,
        f"{module.dotted}.{function.name}" if function is not None else module.dotted,
        others,
        _keywords(stub),
        stub.function is not None and stub.function.module is not module,
        _instances(stub),
        _host(module),
    )


def _keywords(stub: Stub) -> frozenset[str]:
    """The names of the keyword arguments of a recorded call."""
    func = stub.node.func
    recorded = func.value if isinstance(func, ast.Attribute) else None
    words = recorded.keywords if isinstance(recorded, ast.Call) else []
    return frozenset(word.arg for word in words if word.arg is not None)


def _host(module: Module) -> str:
    """The source of the attribute in which a test of the module keeps its host; or "None"."""
    return next(
        (
            module.source.of(node)
            for node in module.attributes("host")
            if isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == "self"
        ),
        "None",
    )


def _fake(module: Module, stub: Stub) -> ast.FunctionDef | ast.Lambda | None:
    """The function of this module that replaces the database's."""
    if isinstance(stub.fake, ast.Lambda):
        return stub.fake
    if stub.function is not None and stub.function.module is module:
        node = stub.function.node
        return node if isinstance(node, ast.FunctionDef) else None
    return None


def _primitives(module: Module, fake: ast.AST) -> Iterator[ast.Call]:
    """`row = obj_to_primitive(migration)`, which has only the columns that were set."""
    for node in ast.walk(fake):
        if isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.Call):
            if module.dotted_name(node.value.func).endswith(".obj_to_primitive"):
                yield node.value


def _stored(fake: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The keys and values of `row[key] = value`."""
    for node in ast.walk(fake):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            key = node.targets[0].slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, node.value


def _row_literals(module: Module, stubs: list[Stub], inference: Inference) -> Iterator[Span]:
    places = row_places(stubs, inference) if stubs else set()
    for kind in (ast.Dict, ast.Call):
        for node in module.all(kind) if places else ():
            if f"{module.source.path}:{node.lineno}:{node.col_offset}" in places:
                yield module.source.span(node)
    for owner, value in handed_out(module, stubs, inference):
        if owner is module:
            yield module.source.span(value)


def _kept(module: Module, stores: Collection[str], inference: Inference) -> Iterator[ast.expr]:
    """What the module puts in one of `stores`, followed back: `self.rows[uuid] = row`."""
    for node in module.all(ast.Assign) if stores else ():
        for target in node.targets:
            if isinstance(target, ast.Subscript) and module.source.of(target.value) in stores:
                found = rows(inference, module, node.value)
                yield from (value for owner, value in found if owner is module)


def _instances(stub: Stub) -> str:
    """The source of `store` in the fake's `row['instance'] = store[...]`; "" without one."""
    if stub.function is None or not stub.name.startswith(f"{_MIGRATION}_in_progress"):
        return ""
    found = ""
    for key, value in _stored(stub.function.node):
        if key == "instance" and isinstance(value, ast.Subscript):
            found = stub.function.module.source.of(value.value)
    return found
