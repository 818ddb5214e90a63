# SPDX-License-Identifier: Apache-2.0
"""Where the tree's objects and their unit tests have to change for what the objects lack."""

import ast
from collections.abc import Iterator, Mapping

from codemods.analysis.conversions import conversion_of
from codemods.analysis.declarations import copying_loop, dict_statement
from codemods.analysis.facts import Span
from codemods.analysis.kept_rows import WRITTEN, calling
from codemods.analysis.missing_fields import Widened
from codemods.analysis.object_changes import (
    ColumnsKept,
    DevicesConverted,
    DevicesNotCopied,
    DevicesRead,
    DevicesStored,
    Entered,
    GetterAdded,
    GetterTested,
    NewerLeftOut,
    NewerRead,
    ObjectChange,
    Registered,
    RowStored,
    RunHere,
    StatsRead,
    StatsSkipped,
    Unchanged,
)
from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey
from codemods.model import Evidence, Item, Step

_GETTER_TESTS = {"test_get_by_service", "test_get_by_service_not_found"}

Found = Iterator[tuple[ast.stmt, ObjectChange]]


def changes_in(
    module: Module, survey: Survey, done: frozenset[Item]
) -> Mapping[Span, tuple[ObjectChange, ...]]:
    """The changes to the statements of a module of objects, or of their unit tests."""
    if Item.OBJECT_FIELDS not in done or not survey.tree.is_own:
        return {}
    path, objects = module.source.path, f"{survey.tree.objects_path}/"
    found: dict[Span, tuple[ObjectChange, ...]] = {}
    if path == f"{objects}__init__.py":
        changes = _registered(module, survey)
    elif path.startswith(objects):
        changes = _Objects(module, survey, done).changes()
    elif survey.inference.is_test(module):
        changes = _tests(module, survey, done)
    else:
        return {}
    for statement, change in changes:
        span = module.source.span(statement)
        found[span] = (*found.get(span, ()), change)
    return found


def _registered(module: Module, survey: Survey) -> Found:
    """The missing imports go after the last one of `register_all()`."""
    missing, text = survey.additions.unregistered, "the objects that RPC knows are imported here"
    for function in module.all_functions if missing and survey.additions.imports_by_name else ():
        body = function.node.body if isinstance(function.node.body, list) else []
        imports = [node for node in body if _is_import(node)]
        if function.name.rpartition(".")[2] == "register_all" and imports:
            yield imports[-1], Registered((_step(module, imports[-1], text),), missing)


def _is_import(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "__import__"
    )


def _tests(module: Module, survey: Survey, done: frozenset[Item]) -> Found:
    """The tests of the new getter go after those of the list's other getters."""
    found = module.classes.get("_TestComputeNodeObject")
    methods = set(found.methods) if found is not None else set()
    if found is None or "test_get_by_hypervisor" not in methods or methods & _GETTER_TESTS:
        return
    has_row = any(
        isinstance(target, ast.Name) and target.id == "fake_compute_node"
        for node in module.all(ast.Assign)
        for target in node.targets
    )
    if has_row and survey.adds_nodes_getter(done):
        text = "the getters of the list are tested here"
        yield found.node.body[-1], GetterTested((_step(module, found.node, text),))


def _step(module: Module, node: ast.stmt | ast.expr, text: str) -> Step:
    return Step(module.source.path, node.lineno, text)


class _Objects:
    """Finds the changes in one module of objects."""

    def __init__(self, module: Module, survey: Survey, done: frozenset[Item]) -> None:
        self.module = module
        self.tree = survey.tree
        self.plan = survey.plan
        self.survey = survey
        self.adds_getter = survey.adds_nodes_getter(done)

    def changes(self) -> Found:
        """The statements, each with its change."""
        for name, found in sorted(self._own.items()):
            if name in self.plan.widened:
                yield from self._widened(found, self.plan.widened[name])
            elif name in self.plan.refused:
                step = _step(self.module, found.node, f"{name} had to get fields")
                yield found.node.body[0], Unchanged((step,))
        service = self._own.get("Service")
        if service is not None and self.survey.reads_newer_nodes:
            yield from self._reading_newer(service)
        nodes = self._own.get("ComputeNodeList")
        if nodes is not None and self.adds_getter:
            readers = tuple(
                _step(module, node, "the nodes of one service are read")
                for module in self.survey.code()
                for node in self.survey.node_lists(module)
            )
            yield nodes.node.body[-1], GetterAdded(readers)

    @property
    def _own(self) -> dict[str, Class]:
        """The classes of the file that define the tree's objects with their names."""
        found = {name: self.tree.object(name) for name in self.module.classes}
        path = self.module.source.path
        return {n: self.module.classes[n] for n, one in found.items() if one and one.path == path}

    def _widened(self, found: Class, widened: Widened) -> Found:
        evidence = tuple(step for field in widened.fields for step in field.evidence)
        fields = dict_statement(found, "fields")
        assert fields is not None
        entries = tuple((one.name, self._spelled(one.kind)) for one in widened.fields)
        yield fields, Entered(evidence, entries, self._lines(widened))
        kept = ColumnsKept(evidence, tuple(field.name for field in widened.fields))
        assert isinstance(found.node, ast.stmt)
        yield found.node, kept
        yield fields, kept
        for name, function in WRITTEN.items():
            method = found.methods.get(name)
            if method is None:
                continue
            assert isinstance(method.node, ast.stmt)
            yield method.node, RunHere(evidence)
            for statement in calling(method, function):
                yield statement, RowStored(evidence, function)
        if self.plan.stats_are_rows:
            yield from _stats(found, evidence)
        if any(field.is_object for field in widened.fields):
            yield from self._devices(evidence)

    def _reading_newer(self, found: Class) -> Found:
        """How a service reads a compute node that a conductor of the next release puts in it."""
        evidence = (_step(self.module, found.node, "its versions do not tell what it holds"),)
        fields = dict_statement(found, "fields")
        if self.tree.typed_fields and fields is not None:
            yield fields, NewerLeftOut(evidence, found.name)
        reader = found.methods.get("_attr_compute_node_from_primitive")
        for node in ast.walk(reader.node) if reader is not None else ():
            if isinstance(node, ast.Return):
                yield node, NewerRead(evidence)

    def _spelled(self, kind: str) -> str:
        """The source of a field's type, with the file's own name for the module."""
        module = f"{self.tree.objects_path.replace('/', '.')}.{kind.partition('.')[0]}"
        for local, dotted in self.module.imports.items():
            if dotted == module:
                return f"{local}.{kind.partition('.')[2]}"
        return kind

    def _lines(self, widened: Widened) -> tuple[str, ...]:
        """The imports that the fields' types need and the file does not have."""
        package = self.tree.objects_path.replace("/", ".")
        modules = {one.kind.partition(".")[0] for one in widened.fields if "." in one.kind}
        there = set(self.module.imports.values())
        return tuple(
            f"from {package} import {one}"
            for one in sorted(modules)
            if f"{package}.{one}" not in there
        )

    def _devices(self, evidence: Evidence) -> Found:
        """The changes to a compute node that holds a list of PCI devices."""
        places, devices = conversion_of(self.tree), self.tree.object("PciDeviceList")
        assert places is not None
        assert devices is not None
        yield places.excluded, DevicesNotCopied(evidence)
        yield places.read, DevicesRead(evidence, *places.names)
        spelled, line = self.tree.spelling("PciDeviceList")
        if not self.tree.has_registry:
            # objects refer to each other by module, and the import registers the list
            package, _, module = devices.module.rpartition(".")
            spelled, line = f"{module}.PciDeviceList", f"from {package} import {module}"
        yield places.create, DevicesConverted(evidence, spelled, line)
        for statement, updates in places.stored:
            yield statement, DevicesStored(evidence, updates)


def _stats(found: Class, evidence: Evidence) -> Found:
    """The changes to a compute node whose stats are rows of another table."""
    method = found.methods["_from_db_object"]
    loop = copying_loop(method)
    assert loop is not None
    assert isinstance(loop.target, ast.Name)
    _, node, row = method.parameters
    yield loop.body[0], StatsSkipped(evidence, loop.target.id)
    yield loop, StatsRead(evidence, node, row)
