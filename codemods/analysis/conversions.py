# SPDX-License-Identifier: Apache-2.0
"""Find where the tree's ComputeNode converts columns, so that one more can be converted there."""

import ast
import dataclasses
import re

from codemods.analysis.declarations import class_of
from codemods.analysis.named import exists
from codemods.analysis.project import Class, Function
from codemods.analysis.tree import Tree

#: The methods that are added, which must not hide others.
_ADDED = {"_pci_stats_from_db_format", "_convert_pci_stats_to_db_format"}


@dataclasses.dataclass(frozen=True, eq=False)
class Conversion:
    """The places in the class of the compute node.

    `excluded` is the statement that lists the fields that are not simply copied
    from the row; `read` is the statement before which those are read; `names` are
    the parameters that hold the context, the object and the row; `stored` are the
    statements, with their variable, after which the values of a new or changed row
    are converted; `create` is the first of the methods that write.
    """

    excluded: ast.Assign
    read: ast.stmt
    names: tuple[str, str, str]
    stored: tuple[tuple[ast.stmt, str], ...]
    create: ast.FunctionDef


def conversion_of(tree: Tree) -> Conversion | None:
    """The places; None if the class, or the tree, looks different."""
    if not tree.typed_fields or not tree.is_own:
        return None
    fields = tree.project.files.get(f"{tree.objects_path}/fields.py", b"")
    if b"class ObjectField(" not in fields:
        return None
    devices = class_of(tree, tree.object("PciDeviceList"))
    if devices is None or not _is_versioned(tree, devices) or tree.offers("ComputeNode") & _ADDED:
        return None
    if not exists(tree, f"{tree.package}.exception", "IncompatibleObjectVersion"):
        return None
    found = tree.object("ComputeNode")
    module = tree.project.load(found.path) if found is not None else None
    if module is None:
        return None
    imported = {"base", "exception", "jsonutils"} <= set(module.imports)
    return _places(module.classes["ComputeNode"]) if imported else None


def _is_versioned(tree: Tree, found: Class) -> bool:
    """Whether a class is one of versioned objects, which are made from their primitives."""
    bases = (base for one in tree.project.ancestry(found) for base in one.bases)
    return any(base.rpartition(".")[2] == "NovaObject" for base in bases)


def _places(found: Class) -> Conversion | None:
    method, create = found.methods.get("_from_db_object"), found.methods.get("create")
    if method is None or not method.is_static or len(method.parameters) != 3:
        return None
    context, node, row = method.parameters
    excluded = _statement(method, rf"\w+ = set\({node}\.fields\) - set\(\['\w+'(?:, '\w+')*\]\)")
    read = _statement(method, rf"{node}\._context = {context}")
    stored = [_stored(found.methods.get(name)) for name in ("create", "save")]
    places = tuple(place for place in stored if place is not None)
    if create is None or read is None or len(places) != len(stored):
        return None
    if not isinstance(create.node, ast.FunctionDef) or not isinstance(excluded, ast.Assign):
        return None
    return Conversion(excluded, read, (context, node, row), places, create.node)


def _statement(method: Function, pattern: str) -> ast.stmt | None:
    """The first statement of a method's own body that matches a pattern."""
    body = method.node.body if isinstance(method.node.body, list) else []
    found = [node for node in body if re.fullmatch(pattern, ast.unparse(node))]
    return found[0] if found else None


def _stored(method: Function | None) -> tuple[ast.stmt, str] | None:
    """The statement after which a method has all its changes, and their variable."""
    body = method.node.body if method is not None else []
    place: tuple[ast.stmt, str] | None = None
    for node in body if isinstance(body, list) else ():
        text = ast.unparse(node)
        got = re.fullmatch(r"(\w+) = self\.obj_get_changes\(\)", text)
        if got is not None:
            place = (node, got[1])
        elif place is not None and re.fullmatch(
            rf"self\._convert_\w+_to_db_format\({place[1]}\)", text
        ):
            place = (node, place[1])
    return place
