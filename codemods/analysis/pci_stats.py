# SPDX-License-Identifier: Apache-2.0
"""What the tree's code puts into the column `pci_stats`, and whether an object can replace it.

The blueprint's type holds a list of devices and nothing else. It is right only
if every writer passes one and no code reads the value as something else. Text
can hold anything, so the field is text in case of doubt.
"""

import ast
import dataclasses
from collections.abc import Iterable, Iterator

from codemods.analysis.columns import WRITERS, is_writer
from codemods.analysis.conversions import conversion_of
from codemods.analysis.dict_origins import Origins
from codemods.analysis.dict_values import is_dict
from codemods.analysis.inference import Inference
from codemods.analysis.local_names import only_value
from codemods.analysis.logged import is_logger
from codemods.analysis.project import Module
from codemods.analysis.sites import bind, why_left
from codemods.analysis.values import DEVICES, DEVICES_TEXT, NONE, UNKNOWN, Value
from codemods.analysis.ways import Bound, Ways
from codemods.mappings import ConductorCall, conductor_calls
from codemods.model import Evidence, Step

NAME = "pci_stats"

#: The blueprint's type.
DEVICES_FIELD = "fields.ObjectField('PciDeviceList', nullable=True)"

#: The folders of the code below the objects, which handles the column as the database has it.
_BELOW = ("db/", "objects/", "conductor/")

#: What a value may be, each with the evidence for it.
Kinds = dict[str, Evidence]


@dataclasses.dataclass(frozen=True)
class HandedOver:
    """What the writers of the column pass: "devices", "pools" or "unsure".

    `evidence` has the places that show it; for "unsure", those that leave it in doubt.
    """

    kind: str
    evidence: Evidence


def handed_over(inference: Inference) -> HandedOver:
    """What the tree's writers of the column pass; "devices" only if an object can hold it."""
    kinds = _kinds(inference)
    evidence = tuple(step for kind in sorted(kinds) for step in kinds[kind])
    if "pools" in kinds:
        return HandedOver("pools", evidence)
    if "devices" not in kinds or "other" in kinds:
        return HandedOver("unsure", evidence)
    doubts = tuple(_doubts(inference, "empty" in kinds))
    return HandedOver("unsure", doubts) if doubts else HandedOver("devices", evidence)


def follow(inference: Inference) -> None:
    """Let the inference look at what fills the column, and at all that this may come through.

    The latter only as long as what fills it is devices.
    """
    _load(inference, [NAME], WRITERS)
    fills = _fills(inference)
    _load(inference, ["PciDeviceList"])
    inference.run()
    for needle in (NAME, *(f".{name} =" for name in sorted(Ways(fills).names))):
        inference.look_at(needle.encode())
    inference.run()
    seen = set[str]()
    while "devices" in _kinds(inference):
        names = Ways(fills, _code(inference)).names - seen
        if not names:
            # a rule has to look at the places that fill in devices
            inference.list_files(module.source.path for module, _ in fills)
            return
        seen |= names
        _load(inference, names)
        inference.run()
        for name in sorted(names):
            inference.look_at(f".{name}".encode())
        inference.run()


def _load(inference: Inference, needles: Iterable[str], inside: tuple[str, ...] = ("",)) -> None:
    """Load the files of the code that mention one of the needles."""
    words = [needle.encode() for needle in needles]
    package = inference.tree.package
    below = tuple(f"{package}/{part}" for part in (*_BELOW, "tests/"))
    within = tuple(f"{package}/{part}" for part in inside)
    for path, data in sorted(inference.project.files.items()):
        if path.startswith(within) and not path.startswith(below):
            if any(word in data for word in words):
                inference.project.load(path)


def _code(inference: Inference) -> list[Module]:
    """The loaded modules of the code, without unit tests."""
    modules = inference.project.modules
    return [modules[path] for path in sorted(modules) if not inference.is_test(modules[path])]


def _is_writer(inference: Inference, module: Module) -> bool:
    return is_writer(module.source.path, inference.tree.package)


def _fills(inference: Inference) -> list[Bound]:
    """The values that are stored under the key or in an attribute of that name."""
    found: list[Bound] = []
    for module in _code(inference):
        if not _is_writer(inference, module) or NAME.encode() not in module.source.text:
            continue
        for node in module.all(ast.Assign):
            found += [(module, node.value) for target in node.targets if _is_place(target)]
        for literal in module.all(ast.Dict):
            pairs = zip(literal.keys, literal.values, strict=True)
            found += [(module, v) for k, v in pairs if _is_name(k)]
        for word in module.all(ast.keyword):
            found += [(module, word.value)] if word.arg == NAME else []
    return found


def _is_name(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == NAME


def _is_place(target: ast.expr) -> bool:
    if isinstance(target, ast.Attribute):
        return target.attr == NAME
    return isinstance(target, ast.Subscript) and _is_name(target.slice)


def _kinds(inference: Inference) -> Kinds:
    """What the column is filled with: "devices", "pools", "none", "empty" or "other"."""
    found, waiting = Kinds(), _fills(inference)
    while waiting:
        module, node = waiting.pop()
        step = Step(module.source.path, node.lineno, f"`{NAME}` is filled here")
        if isinstance(node, ast.IfExp):
            waiting += [(module, node.body), (module, node.orelse)]
        elif isinstance(node, ast.Constant) and node.value is None:
            found.setdefault("none", (step,))
        elif isinstance(node, ast.List | ast.Tuple) and not node.elts:
            found.setdefault("empty", (step,))
        else:
            values = inference.values(node) or {UNKNOWN: ()}
            for value, evidence in values.items():
                found.setdefault(_kind(value), (*evidence, step))
    return found


def _kind(value: Value) -> str:
    if value in (DEVICES, DEVICES_TEXT):
        return "devices"
    if value.kind == "text" and value.name.endswith(".PciDeviceStats"):
        return "pools"
    if value == Value("text"):
        return "empty"
    return "none" if value == NONE else "other"


def _doubts(inference: Inference, may_be_empty: bool) -> Iterator[Step]:
    tree, ways = inference.tree, Ways(_fills(inference), _code(inference))
    yield from ways.doubts
    for path in inference.project.failures:
        data = inference.project.files[path]
        if any(name.encode() in data for name in (NAME, *ways.names)):
            yield Step(path, 1, "cannot be parsed")
    if conversion_of(tree) is None:
        found = tree.object("ComputeNode")
        yield Step(found.path if found else "", 1, "no place for the conversion")
    yield from _other_dicts(inference)
    _load(inference, [NAME])
    for module in _code(inference):
        path = module.source.path.removeprefix(f"{tree.package}/")
        if not path.startswith(_BELOW):
            yield from _other_uses(inference, module, may_be_empty)
            yield from _left_calls(inference, module)


def _other_dicts(inference: Inference) -> Iterator[Step]:
    """Where the key is stored in a dict of one's own that is not what a call writes."""
    written = {
        pair.value
        for module in _code(inference)
        for call, known in _writing_calls(module)
        if (values := (bind(call, known.parameters) or {}).get("values")) is not None
        for pair in Origins(inference, module, values).pairs
        if pair.key == NAME
    }
    for module, value in _fills(inference):
        statement, function = module.source.statement(value), module.function_around(value)
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            owner = target.value if isinstance(target, ast.Subscript) else None
            if function is not None and isinstance(owner, ast.Name) and value not in written:
                if is_dict(module, only_value(function, owner)):
                    yield Step(module.source.path, value.lineno, f"`{NAME}` of another dict")


def _writing_calls(module: Module) -> Iterator[tuple[ast.Call, ConductorCall]]:
    """The calls of what may be the conductor that write compute nodes."""
    for node in module.all(ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        call = conductor_calls().get(name)
        if call is not None and call.object == "ComputeNode" and call.kind in ("create", "update"):
            yield node, call


def _other_uses(inference: Inference, module: Module, may_be_empty: bool) -> Iterator[Step]:
    """The uses of the key that may need text."""
    for node in module.all(ast.Constant):
        if not _is_name(node) or _is_harmless(module, node):
            continue
        if _is_writer(inference, module):
            text = "" if _is_filled(module, node) else f"`{NAME}` is used in another way"
        elif b"ComputeNode" in module.source.text:
            text = "may be read from the object as text"
        else:
            text = "may take no NULL for an empty list" if may_be_empty else ""
        if text:
            yield Step(module.source.path, node.lineno, text)


def _is_filled(module: Module, node: ast.Constant) -> bool:
    parent = module.source.parent(node)
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    return isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)


def _is_harmless(module: Module, node: ast.Constant) -> bool:
    """Whether this is `'pci_stats' in x`, or `x['pci_stats']` as an argument of a logging call."""
    parent = module.source.parent(node)
    if isinstance(parent, ast.Compare):
        return parent.left is node and all(isinstance(o, ast.In | ast.NotIn) for o in parent.ops)
    call = module.source.parent(parent)
    return (
        isinstance(parent, ast.Subscript)
        and isinstance(call, ast.Call)
        and parent in call.args
        and is_logger(call.func)
    )


def _left_calls(inference: Inference, module: Module) -> Iterator[Step]:
    """The calls that still write through the conductor, which takes no object for the column."""
    for node, call in _writing_calls(module):
        values = inference.values(node.func)
        is_known = bool(values) and all(value.kind == "method" for value in values)
        if not is_known or why_left(node, call, module, inference.tree) is not None:
            yield Step(module.source.path, node.lineno, f"{call.name}() stays")
