"""The attributes of test cases that hold a mock of the whole conductor."""

import ast
import dataclasses
from collections.abc import Iterator

from codemods.analysis.facts import Span
from codemods.analysis.inference import Inference
from codemods.analysis.local_names import only_assignment, readings
from codemods.analysis.patches import Patch, is_mock_name, patch_of
from codemods.analysis.project import Module


@dataclasses.dataclass(frozen=True, eq=False)
class HeldMock:
    """`self.cond_api_mock = self.rt.conductor_api`, where the conductor's API is a mock.

    `name` is the attribute's, `value` what it is set to: the handle of the code
    under test. `readings` are the places of the file that read the attribute.
    `beside` are the patch that puts the mock in the place of the API, where it
    is one of several, and the statement that makes the mock for it. Without
    `is_alone` the statement does more, or other files know the attribute.
    """

    name: str
    statement: ast.Assign
    value: ast.Attribute
    readings: tuple[ast.Attribute, ...]
    beside: tuple[Span, ...]
    is_alone: bool


def held_mocks(module: Module, inference: Inference) -> list[HeldMock]:
    """The attributes of a file of unit tests that hold the mocked conductor."""
    patches = list(_patches(module, inference.tree.package))
    if not patches:
        return []
    beside = tuple(span for node, patch in patches for span in _beside(node, patch, module))
    found = []
    for node in module.all(ast.Assign):
        if not _holds_handle(node, inference):
            continue
        assert isinstance(node.value, ast.Attribute)
        for target in node.targets:
            if isinstance(target, ast.Attribute) and _is_held(module, target.attr, inference):
                read = tuple(_readings(module, target.attr))
                is_known_elsewhere = _is_known_elsewhere(module, target.attr, inference)
                is_alone = len(node.targets) == 1 and not is_known_elsewhere
                found.append(HeldMock(target.attr, node, node.value, read, beside, is_alone))
    return found


def _patches(module: Module, package: str) -> Iterator[tuple[ast.Call, Patch]]:
    """The patches that put a mock in the place of the conductor's API."""
    if not all(one in module.source.text for one in (b"conductor", b"API", b"return_value")):
        return
    for node in module.all(ast.Call):
        patch = patch_of(node, module)
        if patch is not None and (patch.owner, patch.name) == (f"{package}.conductor", "API"):
            if "return_value" in patch.keywords:
                yield node, patch


def _holds_handle(node: ast.stmt, inference: Inference) -> bool:
    """Whether a statement gives something the handle of the code under test."""
    value = node.value if isinstance(node, ast.Assign) else None
    if not isinstance(value, ast.Attribute):
        return False
    held = inference.values(value)
    return value.attr == "conductor_api" or any(one.kind == "handle" for one in held)


def _is_held(module: Module, name: str, inference: Inference) -> bool:
    """Whether nothing else is ever put in an attribute of that name."""
    return all(
        _holds_handle(module.source.statement(node), inference)
        for node in module.all(ast.Attribute)
        if node.attr == name and not isinstance(node.ctx, ast.Load)
    )


def _readings(module: Module, name: str) -> Iterator[ast.Attribute]:
    for node in module.all(ast.Attribute):
        if node.attr == name and isinstance(node.ctx, ast.Load):
            yield node


def _is_known_elsewhere(module: Module, name: str, inference: Inference) -> bool:
    """Whether another file of unit tests may read the attribute."""
    tests, needle = f"{inference.tree.package}/tests/", f".{name}".encode()
    return any(
        needle in data
        for path, data in inference.project.files.items()
        if path != module.source.path and path.startswith(tests)
    )


def _beside(node: ast.Call, patch: Patch, module: Module) -> Iterator[Span]:
    """The patch as one of several, and the statement that makes its mock."""
    source = module.source
    outer = source.parent(node)
    if patch.is_given or len(patch.keywords) != 1:
        return
    if not isinstance(outer, ast.Call) or node not in outer.args[:-1]:
        return
    item = source.parent(outer)
    if not isinstance(item, ast.withitem) or item.optional_vars is not None:
        # under a name the mocks are told apart by their numbers
        return
    yield source.span(node)
    given, function = patch.keywords["return_value"], module.function_around(node)
    if not isinstance(given, ast.Name) or function is None:
        return
    made = only_assignment(function, given.id)
    is_used = readings(function.node, given.id) != [given]
    if made is not None and not is_used and isinstance(made.value, ast.Call):
        if is_mock_name(module.dotted_name(made.value.func)) and len(made.targets) == 1:
            yield source.span(made)
