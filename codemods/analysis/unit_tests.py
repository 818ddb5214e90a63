# SPDX-License-Identifier: Apache-2.0
"""The unit tests that a run looks at: those of changing code, and those with row fixtures."""

import ast
import re
from collections.abc import Iterable

from codemods.analysis.facts import ALL_ITEMS
from codemods.analysis.file_facts import changing_places
from codemods.analysis.inference import Inference
from codemods.analysis.survey import Survey
from codemods.discovery import mentions
from codemods.mappings import conductor_calls, new_tests
from codemods.model import Item


def load_tests(survey: Survey) -> None:
    """Load the unit tests of code that will be rewritten, and those with row fixtures.

    The latter are only looked at for their literals, so they are not evaluated.
    """
    inference, tree, project = survey.inference, survey.tree, survey.inference.project
    code = changed_code(survey)
    changed = {project.modules[path].dotted: names for path, names in code.items()}
    # plain byte searches rule out most files before any pattern is tried
    traces = Traces(changed)
    stub = _stub_pattern(inference, code)
    columns, gets_fields = _columns(survey), bool(survey.plan.missing)
    behind = _with_new_tests(survey, changed)
    adds_getter = survey.adds_nodes_getter(ALL_ITEMS)
    for path, data in project.files.items():
        if not is_unit_test(path, tree.package) or path in project.modules:
            continue
        if traces.are_in(data) and _uses(data, changed):
            inference.note_fixtures(path)
            project.load(path, "tests code that has to do with rows")
        elif "/conductor/" not in path and b"onductor" in data and stub.search(data):
            project.load(path, "stubs the conductor")
        elif (
            _is_looked_at(data, columns)
            or (gets_fields and b"fake_compute_node" in data)
            or (adds_getter and b"class _TestComputeNodeObject(" in data)
        ):
            inference.skip(path)
            project.load(path, "has rows, or remote objects, in its fixtures")
        elif path in behind:
            inference.skip(path)
            project.load(path, "has a test behind which others may stand")
    for path in _object_files(survey):
        inference.skip(path)


class Traces:
    """The traces of modules in files: imports in nova's style, and dotted names in a module."""

    def __init__(self, modules: Iterable[str]) -> None:
        # by name, because there may be many modules: only files with a name are searched further
        self._of_name: dict[bytes, list[bytes]] = {}
        for dotted in modules:
            package, _, name = dotted.rpartition(".")
            imported = f"from {package} import {name}" if package else f"import {name}"
            found = self._of_name.setdefault(name.encode(), [])
            found += [imported.encode(), f"{dotted}.".encode()]

    def are_in(self, data: bytes) -> bool:
        """Whether there is a trace in the bytes."""
        return any(
            name in data and mentions(data, traces) for name, traces in self._of_name.items()
        )


def is_unit_test(path: str, package: str) -> bool:
    """Whether a file has unit tests, of the package or of code outside of it."""
    if path.startswith(f"{package}/"):
        return path.startswith(f"{package}/tests/")
    return "tests" in path.split("/")[:-1]


def changed_code(survey: Survey) -> dict[str, frozenset[str]]:
    """The files of the code, without unit tests, that hold rows or call the conductor for them.

    Each with its top-level classes and functions that do; empty if one of the
    places is outside of all of these.
    """
    found, done = {}, frozenset(Item)
    for module in survey.code():
        places = changing_places(module, survey, done)
        functions = [module.function_at(place) for place in places]
        names = frozenset(f.name.partition(".")[0] for f in functions if f is not None)
        if places:
            found[module.source.path] = names if None not in functions else frozenset()
    return found


_IMPORT = re.compile(rb"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\w+)", re.M)
_QUOTED = re.compile(rb"['\"]([a-z]\w*(?:\.\w+)+)")


def _uses(data: bytes, changed: dict[str, frozenset[str]]) -> bool:
    """Whether a unit test imports or names one of the modules, and names what changes in it.

    A test that only imports an option from a module has nothing to do with its rows.
    """
    named = {f"{head.decode()}.{tail.decode()}" for head, tail in _IMPORT.findall(data)}
    for quoted in _QUOTED.findall(data):
        name = quoted.decode()
        while name := name.rpartition(".")[0]:
            named.add(name)
    return any(
        not changed[dotted]
        or re.search(rf"\b(?:{'|'.join(sorted(changed[dotted]))})\b".encode(), data)
        for dotted in sorted(named & changed.keys())
    )


def _with_new_tests(survey: Survey, changed: Iterable[str]) -> set[str]:
    """The unit test modules that may get new tests for changing code."""
    tree, code = survey.tree, frozenset(changed)
    return {
        f"{tree.tests}.{new.file}".replace(".", "/") + ".py"
        for new in new_tests()
        if f"{tree.package}.{new.code}" in code
    }


def _stub_pattern(inference: Inference, code: Iterable[str]) -> "re.Pattern[bytes]":
    """How a unit test replaces one of the conductor's methods that the code calls."""
    called = {
        value.name
        for path in code
        for node in inference.project.modules[path].nodes.get(ast.Attribute, [])
        for value in inference.values(node)
        if value.kind == "method"
    }
    names = "|".join(sorted(called & set(conductor_calls()))) or "$^"
    pattern = rf"(?:LocalAPI|ConductorAPI|conductor_api)[.,]\s*'?(?:{names})\b"
    return re.compile(pattern.encode())


def _columns(survey: Survey) -> tuple[tuple[bytes, bytes], ...]:
    """The fields that a compute node has so far, as quoted strings."""
    found = survey.tree.object("ComputeNode")
    if found is None or not survey.plan.widened:
        return ()
    return tuple((f"'{name}'".encode(), f'"{name}"'.encode()) for name in sorted(found.fields))


def _is_looked_at(data: bytes, columns: tuple[tuple[bytes, bytes], ...]) -> bool:
    """Whether a unit test module matters for its literals or for remote objects."""
    if b".indirection_api = " in data and b".start_service(" in data:
        return True
    if columns and (b"object_relationships =" in data or b"object_data =" in data):
        return True
    return bool(columns) and all(one in data or other in data for one, other in columns)


def _object_files(survey: Survey) -> list[str]:
    """The files of the objects package to which something may be added."""
    tree, additions, paths = survey.tree, survey.additions, list[str]()
    names = [*survey.plan.widened, *sorted(survey.plan.refused)]
    if additions.lacks_nodes_getter:
        names.append("ComputeNodeList")
    if survey.reads_newer_nodes:
        names.append("Service")
    if additions.unregistered:
        paths.append(f"{tree.objects_path}/__init__.py")
    found = (tree.object(name) for name in names)
    paths += [one.path for one in found if one is not None]
    return [path for path in dict.fromkeys(paths) if tree.project.load(path) is not None]
