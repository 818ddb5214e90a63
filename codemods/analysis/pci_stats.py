"""What the tree's code puts into the column `pci_stats`, and whether an object can stand for it.

The blueprint's type holds a list of devices and nothing else. It is right only
where every writer hands one over and nobody reads the value as something else;
text holds whatever there is, so it is the answer wherever there is doubt.
"""

import ast
import dataclasses

from codemods.analysis.code import Code
from codemods.analysis.conversions import conversion_of
from codemods.analysis.device_lists import DeviceLists, Kinds
from codemods.analysis.project import Module
from codemods.analysis.sites import why_left
from codemods.analysis.tree import Tree
from codemods.mappings import conductor_calls
from codemods.model import Step

NAME = "pci_stats"

#: The blueprint's type.
DEVICES_FIELD = "fields.ObjectField('PciDeviceList', nullable=True)"

#: Where code that fills a row lives; what it never names it never stores.
WRITERS = ("compute/", "virt/", "scheduler/client/")

#: Who has the column, or the row as the database gives it.
_BELOW = ("db/", "objects/", "conductor/")


@dataclasses.dataclass(frozen=True)
class HandedOver:
    """What the writers of the column hand over: "devices", "pools" or "unsure".

    `evidence` shows it place by place; of "unsure" it shows the doubt.
    """

    kind: str
    evidence: tuple[Step, ...]


def handed_over(tree: Tree) -> HandedOver:
    """What the tree's writers of the column hand over; "devices" only if an object can be that."""
    code = Code(tree)
    kinds, doubts = _filled(tree, code)
    evidence = tuple(kinds[kind] for kind in sorted(kinds))
    if "pools" in kinds:
        return HandedOver("pools", evidence)
    if "devices" not in kinds or "other" in kinds:
        return HandedOver("unsure", evidence)
    doubts = doubts or _doubts(tree, code, "empty" in kinds)
    return HandedOver("unsure", doubts) if doubts else HandedOver("devices", evidence)


def _is_writer(tree: Tree, module: Module) -> bool:
    return module.source.path.removeprefix(f"{tree.package}/").startswith(WRITERS)


def _filled(tree: Tree, code: Code) -> tuple[Kinds, tuple[Step, ...]]:
    """What the writers fill the key with, and the places that do something else with it."""
    lists, kinds, doubts = DeviceLists(code), Kinds(), list[Step]()
    for module in code.mentioning(NAME.encode()):
        if not _is_writer(tree, module):
            continue
        for value in _fills(module):
            kinds.update(lists.kinds((module, value)))
        doubts += [
            Step(module.source.path, node.lineno, f"`{NAME}` is used in another way")
            for node in _named(module)
            if not (_is_fill(module, node) or _is_harmless(module, node))
        ]
    doubts += [Step(path, 1, "cannot be parsed") for path in code.unread]
    return kinds, tuple(doubts)


def _named(module: Module) -> list[ast.Constant]:
    return [
        node
        for node in module.nodes.get(ast.Constant, [])
        if isinstance(node, ast.Constant) and node.value == NAME
    ]


def _fills(module: Module) -> list[ast.expr]:
    """The values that are put under the key, or into an attribute of that name."""
    values: list[ast.expr] = []
    for node in module.nodes.get(ast.Assign, []):
        assert isinstance(node, ast.Assign)
        values += [node.value for target in node.targets if _is_place(target)]
    for node in module.nodes.get(ast.Dict, []):
        assert isinstance(node, ast.Dict)
        pairs = zip(node.keys, node.values, strict=True)
        values += [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == NAME]
    for node in module.nodes.get(ast.keyword, []):
        assert isinstance(node, ast.keyword)
        values += [node.value] if node.arg == NAME else []
    return values


def _is_place(target: ast.expr) -> bool:
    if isinstance(target, ast.Attribute):
        return target.attr == NAME
    key = target.slice if isinstance(target, ast.Subscript) else None
    return isinstance(key, ast.Constant) and key.value == NAME


def _is_fill(module: Module, node: ast.Constant) -> bool:
    parent = module.source.parent(node)
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    statement = module.source.parent(parent)
    return isinstance(parent, ast.Subscript) and (
        isinstance(statement, ast.Assign) and parent in statement.targets
    )


def _is_harmless(module: Module, node: ast.Constant) -> bool:
    """`'pci_stats' in x`, or `x['pci_stats']` as what a line of the log shows."""
    parent = module.source.parent(node)
    if isinstance(parent, ast.Compare):
        return parent.left is node and all(isinstance(o, ast.In | ast.NotIn) for o in parent.ops)
    call = module.source.parent(parent)
    return (
        isinstance(parent, ast.Subscript)
        and isinstance(call, ast.Call)
        and parent in call.args
        and module.source.of(call.func).startswith("LOG.")
    )


def _doubts(tree: Tree, code: Code, may_be_empty: bool) -> tuple[Step, ...]:
    """Why an object cannot stand for the list although every writer hands one over."""
    doubts = []
    conversion = conversion_of(tree)
    if conversion is None:
        found = tree.object("ComputeNode")
        doubts.append(Step(found.path if found else "", 1, "no place for the conversion"))
    for module in code.mentioning(NAME.encode()):
        path = module.source.path.removeprefix(f"{tree.package}/")
        if path.startswith((*_BELOW, *WRITERS)):
            continue
        for node in _named(module):
            if _is_harmless(module, node):
                continue
            if b"ComputeNode" in module.source.text:
                text = "may be read from the object as text"
            elif may_be_empty and not _takes_none(module, code, node):
                text = "takes no NULL for an empty list"
            else:
                continue
            doubts.append(Step(module.source.path, node.lineno, text))
    return (*doubts, *_left_calls(tree, code))


def _left_calls(tree: Tree, code: Code) -> list[Step]:
    """The writing calls that stay with the conductor: a row that they are given has no object."""
    found = []
    for name, call in conductor_calls().items():
        if call.object != "ComputeNode" or call.kind not in ("create", "update"):
            continue
        for module in code.mentioning(name.encode()):
            path = module.source.path.removeprefix(f"{tree.package}/")
            if path.startswith(_BELOW) or b"conductor" not in module.source.text:
                continue
            for node in module.nodes.get(ast.Call, []):
                assert isinstance(node, ast.Call)
                if not isinstance(node.func, ast.Attribute) or node.func.attr != name:
                    continue
                if why_left(node, call, module, tree) is not None:
                    found.append(Step(module.source.path, node.lineno, f"{name}() stays"))
    return found


def _takes_none(module: Module, code: Code, node: ast.Constant) -> bool:
    """Whether the reading that names the key does with None what it does with an empty list."""
    read = module.source.parent(node)
    if isinstance(read, ast.Call):
        # x.get('pci_stats'), where nothing else is the default
        is_get = isinstance(read.func, ast.Attribute) and read.func.attr == "get"
        if not is_get or read.args != [node]:
            return False
    elif not isinstance(read, ast.Subscript):
        return False
    if _is_guarded(module, read):
        return True
    call = module.source.parent(read)
    if not isinstance(call, ast.Call) or read not in call.args:
        return False
    found = code.find_class(module.dotted_name(call.func))
    init = found.methods.get("__init__") if found is not None else None
    if init is None or len(init.parameters) <= call.args.index(read):
        return False
    name = init.parameters[call.args.index(read)]
    uses = [n for n in ast.walk(init.node) if isinstance(n, ast.Name) and n.id == name]
    return bool(uses) and all(_is_guarded(init.module, use) for use in uses)


def _is_guarded(module: Module, node: ast.expr) -> bool:
    """Whether the value is only asked for its truth, or used where it is true."""
    text = module.source.of(node)
    below: ast.AST = node
    for parent in module.source.parents(node):
        if isinstance(parent, ast.IfExp | ast.If) and module.source.of(parent.test) == text:
            inside = parent.body if isinstance(parent.body, list) else [parent.body]
            if below is parent.test or below in inside:
                return True
        if isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.Or):
            if below is node and parent.values[0] is node:
                return True
        below = parent
    return False
