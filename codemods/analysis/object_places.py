"""Where the tree's objects, and their unit tests, have to change for the fields that they lack."""

import ast
import dataclasses
import re
from collections.abc import Iterator, Mapping

from codemods.analysis.conversions import conversion_of
from codemods.analysis.declarations import (
    conversion,
    copying_loop,
    dict_statement,
    held_in,
    is_nullable,
    relations_statement,
    version_statement,
)
from codemods.analysis.facts import Span
from codemods.analysis.missing_fields import Bump
from codemods.analysis.object_changes import (
    Change,
    DevicesConverted,
    DevicesNotCopied,
    DevicesRead,
    DevicesStored,
    Entered,
    GetterAdded,
    GetterTested,
    HoldingOlder,
    Lacking,
    Raised,
    Registered,
    Related,
    StatsRead,
    StatsSkipped,
    Unchanged,
)
from codemods.analysis.project import Class, Module
from codemods.analysis.survey import Survey
from codemods.model import Evidence, Item, Step

_GETTER_TESTS = {"test_get_by_service", "test_get_by_service_not_found"}

Found = Iterator[tuple[ast.stmt, Change]]


def changes_in(
    module: Module, survey: Survey, done: frozenset[Item]
) -> Mapping[Span, tuple[Change, ...]]:
    """What is to become of the statements of a file of objects, or of their unit tests."""
    if Item.OBJECT_FIELDS not in done or not survey.tree.is_own:
        return {}
    path, objects = module.source.path, f"{survey.tree.objects_path}/"
    found: dict[Span, tuple[Change, ...]] = {}
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
    """Behind the last import of `register_all()` the others."""
    missing, text = survey.additions.unregistered, "the objects that RPC knows are imported here"
    for function in module.all_functions if missing else ():
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
    """Behind the tests of another getter of the list those of the new one."""
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
    """Finds the places in one file of objects."""

    def __init__(self, module: Module, survey: Survey, done: frozenset[Item]) -> None:
        self.module = module
        self.tree = survey.tree
        self.plan = survey.plan
        self.survey = survey
        self.adds_getter = survey.adds_nodes_getter(done)

    def changes(self) -> Found:
        """The places, each with what is to become of it."""
        for name, found in sorted(self._own.items()):
            if name in self.plan.bumps:
                yield from self._raised(found, self.plan.bumps[name])
            elif name in self.plan.refused:
                step = _step(self.module, found.node, f"the version of {name} had to go up")
                yield found.node.body[0], Unchanged((step,))
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
        """The classes of the file by which the objects of their names are known."""
        found = {name: self.tree.object(name) for name in self.module.classes}
        path = self.module.source.path
        return {n: self.module.classes[n] for n, one in found.items() if one and one.path == path}

    def _evidence(self, bump: Bump) -> Evidence:
        return tuple(step for field in self.plan.missing for step in field.evidence) or (
            Step("", 0, f"holds {bump.child}"),
        )

    def _raised(self, found: Class, bump: Bump) -> Found:
        evidence = self._evidence(bump)
        version = version_statement(found)
        assert version is not None
        yield version, Raised(evidence, bump.new, self._history(bump))
        if not bump.fields:
            yield from self._holder(found, bump, evidence)
            return
        fields = dict_statement(found, "fields")
        assert fields is not None
        entries = tuple((one.name, self._spelled(one.kind)) for one in bump.fields)
        yield fields, Entered(evidence, entries, self._lines(bump))
        if self.plan.makes_compatible:
            names = tuple(field.name for field in bump.fields)
            yield self._compatible(found, Lacking(evidence, _numbers(bump.new), names))
        if self.plan.stats_are_rows:
            yield from _stats(found, evidence)
        if any(field.is_object for field in bump.fields):
            yield from self._devices(evidence)

    def _spelled(self, kind: str) -> str:
        """The source of a field's type, by the name that the file has for its module."""
        module = f"{self.tree.objects_path.replace('/', '.')}.{kind.partition('.')[0]}"
        for local, dotted in self.module.imports.items():
            if dotted == module:
                return f"{local}.{kind.partition('.')[2]}"
        return kind

    def _lines(self, bump: Bump) -> tuple[str, ...]:
        """The imports of the modules of the fields' types that the file has under no name."""
        package = self.tree.objects_path.replace("/", ".")
        modules = {one.kind.partition(".")[0] for one in bump.fields if "." in one.kind}
        there = set(self.module.imports.values())
        return tuple(
            f"from {package} import {one}"
            for one in sorted(modules)
            if f"{package}.{one}" not in there
        )

    def _history(self, bump: Bump) -> str:
        if bump.fields:
            names = [field.name for field in bump.fields]
            listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
            return f"Added {listed} field{'s' if len(names) > 1 else ''}"
        text = f"{bump.child} version {bump.child_new}"
        adds = self.adds_getter and bump.name == "ComputeNodeList"
        return text + (", added get_by_service()" if adds else "")

    def _holder(self, found: Class, bump: Bump, evidence: Evidence) -> Found:
        """What becomes of a class that holds one whose version went up, or of a list of such."""
        held = self.tree.object(bump.name)
        kinds = held.fields if held is not None else {}
        if any(held_in(kind) == (bump.child, True) for kind in kinds.values()):
            versions = dict_statement(found, "child_versions")
            assert versions is not None
            yield versions, Entered(evidence, ((bump.new, f"'{bump.child_new}'"),))
            return
        fields = {k: kind for k, kind in kinds.items() if held_in(kind) == (bump.child, False)}
        relations = relations_statement(found, fields)
        if relations is not None:
            yield relations, Related(evidence, tuple(fields), (bump.new, bump.child_new))
            return
        nullable = tuple(name for name, kind in fields.items() if is_nullable(kind))
        limit = _numbers(bump.new)
        older = HoldingOlder(evidence, limit, tuple(fields), held=bump.child_old, nullable=nullable)
        yield self._compatible(found, older)

    def _compatible(self, found: Class, change: Lacking) -> tuple[ast.stmt, Change]:
        """Where older versions of a class are made."""
        method = found.methods.get("obj_make_compatible")
        if method is not None:
            place = conversion(method)
            if place is None:
                assert isinstance(method.node, ast.stmt)
                return method.node, Unchanged(change.evidence)
            statement, version = place
            primitive = method.parameters[0]
            return statement, dataclasses.replace(change, primitive=primitive, version=version)
        fields = dict_statement(found, "fields")
        assert fields is not None
        owner = found.name if self.plan.base_relates else ""
        return fields, dataclasses.replace(change, conversion=self._conversion(), owner=owner)

    def _conversion(self) -> str:
        """What makes a tuple of a version's text."""
        utils = f"{self.tree.package}.utils"
        is_free = self.module.imports.get("utils", utils) == utils
        text = self.tree.project.files.get(f"{self.tree.package}/utils.py", b"")
        if is_free and re.search(rb"^def convert_version_to_tuple\(", text, re.M):
            return "utils.convert_version_to_tuple"
        return "tuple"

    def _devices(self, evidence: Evidence) -> Found:
        """What becomes of a compute node that holds a list of PCI devices."""
        places, devices = conversion_of(self.tree), self.tree.object("PciDeviceList")
        assert places is not None
        assert devices is not None
        yield places.excluded, DevicesNotCopied(evidence)
        yield places.read, DevicesRead(evidence, *places.names)
        spelled, line = self.tree.spelling("PciDeviceList")
        if not self.tree.has_registry:
            # objects name each other by their modules, and the import registers the list
            package, _, module = devices.module.rpartition(".")
            spelled, line = f"{module}.PciDeviceList", f"from {package} import {module}"
        yield places.create, DevicesConverted(evidence, spelled, line)
        for statement, updates in places.stored:
            yield statement, DevicesStored(evidence, updates)


def _stats(found: Class, evidence: Evidence) -> Found:
    """What becomes of a compute node whose stats are rows of their own."""
    method = found.methods["_from_db_object"]
    loop = copying_loop(method)
    assert loop is not None
    assert isinstance(loop.target, ast.Name)
    _, node, row = method.parameters
    yield loop.body[0], StatsSkipped(evidence, loop.target.id)
    yield loop, StatsRead(evidence, node, row)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
