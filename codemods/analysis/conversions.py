"""Where the tree's ComputeNode converts columns, so that one more can be converted there."""

import ast
import dataclasses

from codemods.analysis.project import Class
from codemods.analysis.tree import Tree


@dataclasses.dataclass(frozen=True, eq=False)
class Conversion:
    """The places in the class of the compute node.

    `excluded` lists the fields that are not simply copied from the row;
    `read` is the statement before which the others are read; `names` are the
    parameters that hold the context, the object and the row; `stored` are the
    statements, with their variable, behind which the values of a new or
    changed row are converted; `create` is the method that comes first of those
    that write.
    """

    excluded: ast.List
    read: ast.stmt
    names: tuple[str, str, str]
    stored: tuple[tuple[ast.stmt, str], ...]
    create: ast.FunctionDef


def conversion_of(tree: Tree) -> Conversion | None:
    """The places; None where the class, or the tree, is of another make."""
    if not tree.typed_fields or not tree.is_own:
        return None
    fields = tree.project.files.get(f"{tree.objects_path}/fields.py", b"")
    if b"class ObjectField(" not in fields or tree.object("PciDeviceList") is None:
        return None
    found = tree.object("ComputeNode")
    module = tree.project.load(found.path) if found is not None else None
    if module is None:
        return None
    imported = {"base", "exception", "jsonutils"} <= set(module.imports)
    return _places(module.classes["ComputeNode"]) if imported else None


def _places(found: Class) -> Conversion | None:
    method = found.methods.get("_from_db_object")
    excluded, read = None, None
    if method is None or not method.is_static or len(method.parameters) != 3:
        return None
    context, node, row = method.parameters
    for statement in method.node.body if isinstance(method.node, ast.FunctionDef) else ():
        text = found.module.source.of(statement)
        if excluded is None and isinstance(statement, ast.Assign):
            excluded = _excluded(found, statement, node)
        if text == f"{node}._context = {context}":
            read = statement
    stored = [_stored(found, name) for name in ("create", "save")]
    create = found.methods["create"].node if "create" in found.methods else None
    if excluded is None or read is None or not isinstance(create, ast.FunctionDef):
        return None
    places = tuple(place for place in stored if place is not None)
    if len(places) != len(stored):
        return None
    return Conversion(excluded, read, (context, node, row), places, create)


def _excluded(found: Class, statement: ast.Assign, node: str) -> ast.List | None:
    """The list in `fields = set(compute.fields) - set(['stats'])`."""
    value = statement.value
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Sub):
        return None
    left, right = found.module.source.of(value.left), value.right
    if left != f"set({node}.fields)" or not isinstance(right, ast.Call):
        return None
    if found.module.source.of(right.func) != "set" or len(right.args) != 1:
        return None
    listed = right.args[0]
    return listed if isinstance(listed, ast.List) and listed.elts else None


def _stored(found: Class, name: str) -> tuple[ast.stmt, str] | None:
    """Behind which statement of a method its changes are whole, and their variable."""
    method = found.methods.get(name)
    body = method.node.body if method is not None else []
    assert isinstance(body, list)
    place: tuple[ast.stmt, str] | None = None
    for statement in body:
        text = found.module.source.of(statement)
        if isinstance(statement, ast.Assign) and text.endswith(" = self.obj_get_changes()"):
            place = (statement, found.module.source.of(statement.targets[0]))
        elif place is not None and text.startswith("self._convert_"):
            if text.endswith(f"_to_db_format({place[1]})"):
                place = (statement, place[1])
    return place if place is not None and place[1].isidentifier() else None
