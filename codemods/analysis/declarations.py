"""How a versioned object declares itself, as far as more can be declared in the same way."""

import ast
import re

from codemods.analysis.project import Class, Function

#: The source of a field that holds another object, or a list of such; the name is the object's.
_HOLDING = r"\b(ObjectField|ListOfObjectsField)\(\s*['\"]({})['\"]"


def statement(found: Class, name: str) -> ast.Assign | None:
    """The one statement `name = ...` of a class; None where there is none, or more than one."""
    given = [
        node
        for node in found.node.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    return given[0] if len(given) == 1 and len(given[0].targets) == 1 else None


def version_statement(found: Class) -> ast.Assign | None:
    """`VERSION = '1.0'`."""
    given = statement(found, "VERSION")
    value = given.value if given is not None else None
    text = value.value if isinstance(value, ast.Constant) else None
    return given if isinstance(text, str) and re.fullmatch(r"\d+\.\d+", text) else None


def dict_statement(found: Class, name: str) -> ast.Assign | None:
    """`name = {...}`."""
    given = statement(found, name)
    return given if given is not None and isinstance(given.value, ast.Dict) else None


def held_in(kind: str) -> tuple[str, bool] | None:
    """The object that a field holds, and whether it holds many; from the source of its type."""
    match = re.search(_HOLDING.format(r"\w+"), kind)
    return (match[2], match[1] == "ListOfObjectsField") if match is not None else None


def may_hold(data: bytes, name: str) -> bool:
    """Whether some class of a file may hold the object called `name`; from the file's bytes."""
    return re.search(_HOLDING.format(name).encode(), data) is not None


def is_nullable(kind: str) -> bool:
    """Whether a field may hold None; from the source of its type."""
    return re.search(r"\bnullable\s*=\s*True\b", kind) is not None


def constants(found: Class) -> frozenset[str]:
    """The texts that a class names."""
    return frozenset(
        node.value
        for node in ast.walk(found.node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def conversion(method: Function) -> tuple[ast.Assign, str] | None:
    """Where a method makes a tuple of the version that it is given, and the tuple's name."""
    if len(method.parameters) < 2 or not isinstance(method.node.body, list):
        return None
    given = method.parameters[1]
    for node in method.node.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and _makes_tuple(node.value, given):
            return node, target.id
    return None


def _makes_tuple(node: ast.expr, given: str) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    name = getattr(func, "attr", getattr(func, "id", ""))
    named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    if name != "convert_version_to_tuple":
        # of numbers: a text is never below one
        is_tuple = name == "tuple" or isinstance(node, ast.Tuple)
        return is_tuple and {"int", given} <= named
    return given in named


def copying_loop(method: Function | None) -> ast.For | None:
    """The loop with which `_from_db_object` copies every field of a row; None for any other way.

    That is `for key in node.fields: node[key] = row[key]`, with the method's
    parameters for the names.
    """
    if method is None or not method.is_static or len(method.parameters) != 3:
        return None
    loops = [node for node in ast.walk(method.node) if isinstance(node, ast.For)]
    _, node, row = method.parameters
    if len(loops) != 1 or len(loops[0].body) != 1 or not isinstance(loops[0].target, ast.Name):
        return None
    key = loops[0].target.id
    iterated, copied = f"{node}.fields", f"{node}[{key}] = {row}[{key}]"
    same = ast.unparse(loops[0].iter) == iterated and ast.unparse(loops[0].body[0]) == copied
    return loops[0] if same else None


def copies_fields(method: Function | None) -> bool:
    """Whether `_from_db_object` goes by the fields that the class declares; so does none at all."""
    if method is None:
        return True
    return any(
        isinstance(one, ast.Attribute)
        and one.attr == "fields"
        and isinstance(one.value, ast.Name)
        and one.value.id in method.parameters
        for one in ast.walk(method.node)
    )
